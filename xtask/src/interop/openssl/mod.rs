//! Keys, certificates and raw signatures against the command `openssl`.

mod certificates;
mod keys;
mod kind;
mod signatures;
mod tool;

use super::bulla::Bulla;
use super::case::Cases;
use super::install;
use crate::log::Log;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    install::need("openssl", "openssl", workspace, log)?;
    let bulla = Bulla::build(workspace, "openssl", log)?;
    let mut cases = Cases::new("openssl", log);
    for kind in kind::ALL {
        keys::run(kind, &bulla, &mut cases)?;
        certificates::run(kind, &bulla, &mut cases)?;
    }
    signatures::run(&bulla, &mut cases)?;
    Ok(cases.tally())
}
