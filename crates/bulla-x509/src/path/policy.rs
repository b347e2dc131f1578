use std::sync::Arc;
use std::time::SystemTime;

use bulla_core::jwk::PublicKeyUse;
use bulla_core::{Clock, Limits, SystemClock};

use super::purpose::Purpose;
use super::{PathError, ValidatedPath};
use crate::{Oid, RevocationLists, TrustAnchors};

/// Under which conditions a chain of certificates is trusted. Made once, used for many chains.
///
/// ```
/// use bulla_x509::{Oid, PathPolicy, RevocationLists, TrustAnchors};
/// # let bundle = include_bytes!("../../tests/fixtures/root.pem");
/// # let list = include_bytes!("../../tests/fixtures/intermediate.crl.der");
/// let policy = PathPolicy::new(TrustAnchors::read(bundle)?)
///     .extended_key_usage(Oid::jwt())
///     .revocation(RevocationLists::read([list])?.leaf_only())
///     .max_chain(3);
/// # Ok::<(), bulla_x509::CertificateError>(())
/// ```
///
/// # Rules
///
/// 1. The chain has one certificate at least, [`max_chain`](Self::max_chain) at most, none over 64 KiB. This is looked at
///    before anything is parsed.
/// 2. Each certificate certifies the one before it: the names are the same octets, and the signature holds. So the
///    order is that of RFC 7515 §4.1.6, nothing is missing between, and nothing stands there that does not belong. The
///    anchor itself may be the last certificate, or be left out.
/// 3. A path leads from the leaf to an anchor of an authority, at the time of the [`clock`](Self::clock), with dates (the
///    anchor's too), basic constraints, path lengths (the anchor's too) and name constraints as RFC 5280 §6.1 has them.
/// 4. Authorities have `basicConstraints` and may sign certificates by their `keyUsage`, where they have one.
/// 5. The leaf is not of an authority, and its `keyUsage`, where it has one, leaves a use to its key.
/// 6. Every critical extension is understood (the anchor's too).
/// 7. Nothing in the path is revoked, where [`revocation`](Self::revocation) lists are given.
///
/// # Extended key usage
///
/// Without a word from the caller a chain is accepted whose certificates are restricted to no purpose: the extension
/// is absent, or lists `anyExtendedKeyUsage`. So the certificate of a web site, which anybody can have from a public
/// authority, signs no token; RFC 5280 §4.2.1.12 asks for that. [`extended_key_usage`](Self::extended_key_usage) asks
/// for a purpose, and [`any_extended_key_usage`](Self::any_extended_key_usage) does not look.
///
/// # A leaf that is its own anchor
///
/// A self-signed certificate that is listed among the anchors is refused like any other that no authority vouches for,
/// unless [`accept_anchored_leaf`](Self::accept_anchored_leaf) was called.
#[derive(Clone, Debug)]
pub struct PathPolicy {
    pub(super) anchors: Arc<TrustAnchors>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) purpose: Purpose,
    pub(super) key_use: Option<PublicKeyUse>,
    pub(super) revocation: Option<RevocationLists>,
    pub(super) max_chain: usize,
    pub(super) accepts_anchored_leaf: bool,
}

impl PathPolicy {
    /// Trusts what these anchors vouch for, by the system's clock, for purposes that are not restricted.
    #[must_use]
    pub fn new(anchors: impl Into<Arc<TrustAnchors>>) -> Self {
        Self {
            anchors: anchors.into(),
            clock: Arc::new(SystemClock),
            purpose: Purpose::default(),
            key_use: None,
            revocation: None,
            max_chain: Limits::DEFAULT.x5c,
            accepts_anchored_leaf: false,
        }
    }

    /// Judges by this clock. The time never comes from a token.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Judges as of this time.
    #[must_use]
    pub fn at(self, time: SystemTime) -> Self {
        self.clock(Arc::new(time))
    }

    /// Asks that the leaf list this purpose, and no authority of the path be restricted to others. Called again, it
    /// names another purpose that will do as well.
    #[must_use]
    pub fn extended_key_usage(mut self, purpose: Oid) -> Self {
        match &mut self.purpose {
            Purpose::Named(named) => named.push(purpose),
            _ => self.purpose = Purpose::Named(vec![purpose]),
        }
        self
    }

    /// Accepts certificates whatever purposes they are restricted to.
    ///
    /// # Security
    ///
    /// With public authorities among the anchors, whoever has a web site then has a certificate that you accept.
    #[must_use]
    pub fn any_extended_key_usage(mut self) -> Self {
        self.purpose = Purpose::Any;
        self
    }

    /// Asks that the key be for this use: of a certificate with `keyUsage` that it allow it, of any other that the type
    /// of its key can do it. [`ValidatedPath::jwk`] then carries this `use`.
    ///
    /// `digitalSignature` and `contentCommitment` allow `sig`; `keyEncipherment` (RSA) and `keyAgreement` (ECDH) allow
    /// `enc`. [`PublicKeyUse::Other`] refuses everything.
    #[must_use]
    pub fn key_use(mut self, key_use: PublicKeyUse) -> Self {
        self.key_use = Some(key_use);
        self
    }

    /// Refuses what these lists revoke. Without lists nothing is known of revocation, and nothing is asked.
    #[must_use]
    pub fn revocation(mut self, lists: RevocationLists) -> Self {
        self.revocation = Some(lists);
        self
    }

    /// The greatest number of certificates in a chain: 8. More than 8 are never in a path.
    #[must_use]
    pub const fn max_chain(mut self, max_chain: usize) -> Self {
        self.max_chain = max_chain;
        self
    }

    /// Trusts a certificate that is itself listed among the anchors, octet by octet, without an authority: a
    /// self-signed one of a partner, for example, even where it says that it is of an authority, as `openssl req -x509`
    /// writes it.
    ///
    /// Dates, critical extensions, key usage and extended key usage count as for any leaf. Revocation lists are not
    /// asked; take the certificate off the anchors instead.
    #[must_use]
    pub const fn accept_anchored_leaf(mut self) -> Self {
        self.accepts_anchored_leaf = true;
        self
    }

    /// Judges a chain of certificates in DER, the leaf first, as in `x5c`
    /// ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)).
    ///
    /// # Errors
    ///
    /// [`PathError`], which names the rule, and the certificate where it is known.
    pub fn validate(&self, chain: &[impl AsRef<[u8]>]) -> Result<ValidatedPath, PathError> {
        super::validate::validate(self, chain)
    }
}
