use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bulla::Fault;
use bulla::jwk::{Jwk, KeyError, PublicKeyUse};
use bulla::trust::{HeaderKeys, Trust, Trusted};
use bulla::x509::{CertificateError, PathPolicy, RevocationLists, TrustAnchors};
use clap::Args;

use crate::error::Failure;
use crate::input;

/// Whose certificates vouch for keys.
#[derive(Args, Clone, Debug)]
pub(crate) struct AnchorArgs {
    /// Certificates to trust: PEM, or one in DER. Keys count only with a certificate that leads to one of them
    ///
    /// Without --key and --jwks this means --x5c.
    #[arg(long, value_name = "FILE")]
    pub(super) trust_anchors: Option<PathBuf>,
    /// Verify with the key of the certificates in the token's `x5c`, if they lead to a trust anchor
    #[arg(long, requires = "trust_anchors", conflicts_with_all = ["key", "jwks"])]
    x5c: bool,
    /// A revocation list, PEM or DER; again for more. With any, every certificate needs one that speaks of it, but those in --trust-anchors
    #[arg(long, value_name = "FILE", requires = "trust_anchors")]
    crl: Vec<PathBuf>,
    /// Take certificates that are restricted to other purposes, such as those of web sites
    #[arg(long, requires = "trust_anchors")]
    any_purpose: bool,
}

impl AnchorArgs {
    /// For [`stdin_once`](crate::input::stdin_once).
    pub(super) fn stdin(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let is_stdin = |path: &PathBuf| path == Path::new("-");
        let anchors = self
            .trust_anchors
            .iter()
            .map(move |path| ("--trust-anchors", is_stdin(path)));
        let lists = self.crl.iter().map(move |path| ("--crl", is_stdin(path)));
        anchors.chain(lists)
    }

    /// What the flags ask for, if anything; `at` is the time to judge at, instead of now.
    pub(super) fn read(&self, at: Option<SystemTime>) -> Result<Option<Anchors>, Failure> {
        let Some(path) = &self.trust_anchors else {
            return Ok(None);
        };
        let anchors = TrustAnchors::read(&input::Input::path(path).read()?)
            .map_err(|error| unreadable(&error, "--trust-anchors", path))?;
        // A certificate that is named here is meant, even where no other vouches for it.
        let mut policy = PathPolicy::new(anchors)
            .key_use(PublicKeyUse::Signature)
            .accept_anchored_leaf();
        if let Some(at) = at {
            policy = policy.at(at);
        }
        if self.any_purpose {
            policy = policy.any_extended_key_usage();
        }
        if let Some(first) = self.crl.first() {
            let lists = self
                .crl
                .iter()
                .map(|path| input::Input::path(path).read())
                .collect::<Result<Vec<_>, _>>()?;
            let lists = RevocationLists::read(&lists)
                .map_err(|error| unreadable(&error, "--crl", first))?;
            policy = policy.revocation(lists);
        }
        Ok(Some(Anchors(policy)))
    }
}

/// The condition under which a key counts.
#[derive(Debug)]
pub(super) struct Anchors(PathPolicy);

impl Anchors {
    /// Finds keys in the tokens themselves.
    pub(super) fn header_keys(&self) -> HeaderKeys {
        HeaderKeys::new(&bulla::backend()).certificates(Arc::new(self.0.clone()))
    }

    /// The key with the reason to trust it: its own certificates, which lead to an anchor.
    pub(super) fn vouch(&self, key: &Jwk) -> Result<Trusted<Jwk>, Failure> {
        let Some(chain) = &key.members().x5c else {
            return Err(Failure::new(
                "jwk.untrusted",
                Fault::Key,
                "the key has no certificate that could lead to a trust anchor",
            )
            .help("give a certificate or a JWK with `x5c`, or leave out --trust-anchors"));
        };
        let path = self
            .0
            .validate(chain)
            .map_err(|error| Failure::new(error.code(), Fault::Key, &error))?;
        if key.public_key().as_ref() != Some(path.jwk().key()) {
            return Err(
                KeyError::malformed("x5c", "its first certificate is of another key").into(),
            );
        }
        let anchor = path.anchor_subject().to_string();
        Ok(Trusted::new(key.clone(), Trust::CertificatePath { anchor }))
    }
}

fn unreadable(error: &CertificateError, flag: &str, path: &Path) -> Failure {
    Failure::new(error.code(), Fault::Key, error).about(format_args!("{flag} {}", path.display()))
}
