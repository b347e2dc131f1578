//! Tokens of Microsoft Entra ID (Azure AD): versions 1 and 2, one tenant or many.
//!
//! What is special about them, and done here:
//!
//! * The issuer of a multi-tenant application is a template; the token's `tid` fills it, must be a GUID, and the *key*
//!   must be one for that issuer as well.
//! * Version 1 and version 2 have different issuers and different metadata. The version is the API's choice
//!   (`accessTokenAcceptedVersion` of its manifest), not that of the endpoint the client called.
//! * The keys have no `alg`; it is RS256. Certificates in `x5c` belong to the key, and are not validated as a chain: the
//!   trust is in TLS and the metadata.
//! * Applications with keys of their own (claims mapping) have metadata of their own, with `appid` in the query.
//! * A token for Microsoft Graph cannot be verified by anybody but Microsoft: its header has a `nonce` that is hashed
//!   before it is signed. That is told by an error of its own.

mod builder;
mod error;
mod issuer;
mod judge;

pub use builder::{Entra, EntraBuilder, entra};
pub use error::EntraError;

/// Which of the two forms of token an API accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Version {
    /// `ver` 1.0, issued by `https://sts.windows.net/{tenantid}/`.
    V1,
    /// `ver` 2.0, issued by `https://login.microsoftonline.com/{tenantid}/v2.0`.
    #[default]
    V2,
}
