use core::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bulla::jwa::SignatureAlg;
use bulla::jwk::JwkSet;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::message::GrantType;
use bulla::oauth::{Issuer, Resource, Scopes};

use super::Given;
use crate::rotation::RotationSchedule;
use crate::server::DpopUse;

/// Everything that a server is configured with, as values that fit together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Who issues the tokens. Without one, and without a file, it is `http://` and the address that is listened on.
    pub issuer: Option<Given<Issuer>>,
    /// Where to listen.
    pub listen: Given<SocketAddr>,
    /// Where the store is.
    pub store: Given<StoreLocation>,
    /// The rules for client assertions.
    pub profile: Profile,
    /// How long access tokens are valid.
    pub access_token_lifetime: Duration,
    /// What signs them.
    pub signing: Signing,
    /// A KEYREF to the key that private keys in the store are encrypted with. Without one it is a file beside the store.
    pub key_encryption_key: Option<Given<String>>,
    /// A KEYREF to the key that they were encrypted with before.
    pub old_key_encryption_key: Option<Given<String>>,
    /// When signing keys follow one another.
    pub rotation: RotationSchedule,
    /// Whether DPoP proofs must carry a nonce.
    pub dpop_nonce: bool,
    /// The certificate. Without one the server speaks plain HTTP.
    pub tls: Option<Tls>,
    /// The clients.
    pub clients: Vec<ClientSettings>,
    /// The issuers whose assertions are accepted as grants.
    pub trusted_issuers: Vec<IssuerSettings>,
}

/// Where the store is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreLocation {
    /// A file of SQLite.
    Sqlite(PathBuf),
}

/// What signs access tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signing {
    /// Keys of the store, which are made for this algorithm and rotated.
    Stored(SignatureAlg),
    /// A key that is held elsewhere, and not rotated here.
    Key {
        /// Where it is.
        keyref: Given<String>,
        /// What it signs with, where it does not fix that itself.
        alg: Option<SignatureAlg>,
    },
}

/// The certificate of the server and its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tls {
    /// The certificate, and those between it and the root.
    pub cert: Given<PathBuf>,
    /// The private key.
    pub key: Given<PathBuf>,
}

/// A client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientSettings {
    /// Who it is, and what its assertions may be signed with.
    pub registered: RegisteredClient,
    /// Where its keys are.
    pub jwks: Given<Jwks>,
    /// What its assertions may be signed with; empty where the profile alone says.
    pub algorithms: Vec<SignatureAlg>,
    /// What it may ask for.
    pub scopes: Scopes,
    /// What its tokens may be for.
    pub resources: Vec<Resource>,
    /// Whether its tokens are bound to keys of its own.
    pub dpop: DpopUse,
    /// By what it may ask.
    pub grants: Vec<GrantType>,
    /// Whether its `jwks_uri` may lead to this machine.
    pub allow_loopback_jwks: bool,
}

/// An issuer whose assertions are accepted as grants.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuerSettings {
    /// Its identifier.
    pub issuer: Given<Issuer>,
    /// Where its keys are.
    pub jwks: Given<Jwks>,
    /// What goes before its subjects in our tokens.
    pub subject_prefix: String,
    /// The clients that may present its assertions; none named is all.
    pub clients: Option<Vec<Given<String>>>,
    /// Whether its keys may be fetched from this machine.
    pub allow_loopback_jwks: bool,
}

/// Where public keys are.
#[derive(Clone)]
#[non_exhaustive]
pub enum Jwks {
    /// In the configuration.
    Inline(JwkSet),
    /// In a file, which is watched.
    File(PathBuf),
    /// At a URL.
    Url(String),
    /// Where the issuer's metadata says.
    Discovered,
}

/// Without the keys of a set.
impl fmt::Debug for Jwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(set) => write!(f, "Inline({} keys)", set.keys().len()),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            Self::Discovered => f.write_str("Discovered"),
        }
    }
}
