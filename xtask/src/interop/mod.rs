//! Bulla's command line against other implementations, in both directions.
//!
//! Read [`party`] first: a peer and `bulla` answer the same questions, so a case is written once
//! and run with the roles exchanged. [`algorithm`], [`encryption`] and [`peers`]
//! are the tables of what is tried.

mod algorithm;
mod bulla;
mod case;
mod driver;
mod edges;
mod encryption;
pub(crate) mod install;
mod keyring;
mod keytool;
mod oauth_clients;
mod oidc_provider;
mod openssl;
mod party;
mod peers;
mod pem_cases;
pub(crate) mod pkcs11;
mod signature_cases;
mod tamper_cases;
mod thumbprint_cases;
mod token_cases;

use crate::log::Log;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(crate) use bulla::Bulla;
pub(crate) use keytool::run as with_keytool;
pub(crate) use oauth_clients::run as with_oauth_clients;
pub(crate) use oidc_provider::run as with_oidc_provider;
pub(crate) use openssl::run as with_openssl;

pub(crate) fn with_joserfc(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    peers::JOSERFC.run(workspace, log)
}

pub(crate) fn with_jwcrypto(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    peers::JWCRYPTO.run(workspace, log)
}

pub(crate) fn with_pyjwt(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    peers::PYJWT.run(workspace, log)
}

pub(crate) fn with_jose(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    peers::JOSE.run(workspace, log)
}

pub(crate) fn with_josekit(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    peers::JOSEKIT.run(workspace, log)
}
