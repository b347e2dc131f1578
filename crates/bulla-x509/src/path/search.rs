//! From the leaf to an anchor.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, RevocationOptionsBuilder,
    VerifiedPath,
};

use super::validate::{check_dates, check_extensions};
use super::{PathError, PathPolicy, Position};
use crate::anchors::may_issue;
use crate::certificate::ALGORITHMS;
use crate::{Certificate, CertificateError};

/// What vouches for the leaf.
pub(super) struct Found {
    /// The certificates of the chain that the path needs, nearest to the leaf first.
    pub(super) authorities: Vec<Certificate>,
    pub(super) anchor: Certificate,
    /// How many certificates of the chain, from the leaf on, were seen to be signed by the one after them.
    pub(super) verified: usize,
}

pub(super) fn search(
    policy: &PathPolicy,
    chain: &[Certificate],
    now: SystemTime,
) -> Result<Found, PathError> {
    let candidates = Candidates::new(policy, chain, now)?;
    let ders: Vec<_> = chain
        .iter()
        .map(|certificate| CertificateDer::from(certificate.as_der()))
        .collect();
    let Some((leaf, above)) = ders.split_first() else {
        return Err(PathError::Empty);
    };
    let explain = |error| explain(error, chain, now);
    let leaf = EndEntityCert::try_from(leaf).map_err(explain)?;
    let lists = policy
        .revocation
        .as_ref()
        .map(|lists| (lists, lists.lists()));
    let revocation = lists.as_ref().and_then(|(policy, lists)| {
        // Fails for no lists alone, which cannot be made.
        let options = RevocationOptionsBuilder::new(lists).ok()?;
        let options = options.with_depth(policy.depth());
        let options = options.with_status_policy(policy.unknown());
        Some(options.with_expiration_policy(policy.outdated()).build())
    });
    let path = leaf
        .verify_for_usage(
            ALGORITHMS,
            &candidates.anchors,
            above,
            UnixTime::since_unix_epoch(now.duration_since(UNIX_EPOCH).unwrap_or_default()),
            AnyPurpose,
            revocation,
            Some(&|path| candidates.check_path_length(path)),
        )
        .map_err(explain)?;
    let anchor = candidates
        .certificate(&path)
        .ok_or(PathError::UntrustedIssuer)?;
    let authorities: Vec<_> = path
        .intermediate_certificates()
        .filter_map(|used| {
            let used = used.der();
            chain
                .iter()
                .find(|certificate| certificate.as_der() == &*used)
        })
        .cloned()
        .collect();
    check_authorities(policy, chain, &authorities, anchor)?;
    Ok(Found {
        verified: verified(chain, &authorities, anchor),
        authorities,
        anchor: anchor.clone(),
    })
}

/// The search may have left certificates out, where keys are certified twice; then nothing is said to be verified.
fn verified(chain: &[Certificate], authorities: &[Certificate], anchor: &Certificate) -> usize {
    let above = chain.get(1..).unwrap_or_default();
    match above.strip_prefix(authorities) {
        Some([next, ..]) if next == anchor => authorities.len() + 1,
        Some(_) => authorities.len(),
        None => 0,
    }
}

/// The anchors that may end the path: authorities that some certificate of the chain names as its issuer, and that are
/// valid now.
struct Candidates<'a> {
    certificates: Vec<&'a Certificate>,
    anchors: Vec<TrustAnchor<'static>>,
}

impl<'a> Candidates<'a> {
    fn new(
        policy: &'a PathPolicy,
        chain: &[Certificate],
        now: SystemTime,
    ) -> Result<Self, PathError> {
        let issuers: HashSet<_> = chain.iter().map(Certificate::issuer).collect();
        let mut candidates = Self {
            certificates: Vec::new(),
            anchors: Vec::new(),
        };
        let mut outdated = None;
        for (certificate, anchor) in issuers
            .into_iter()
            .flat_map(|issuer| policy.anchors.authorities(issuer))
        {
            match check_dates(certificate, Position::Anchor, now) {
                Ok(()) => {
                    candidates.certificates.push(certificate);
                    candidates.anchors.push(anchor.clone());
                }
                Err(error) => outdated = Some(error),
            }
        }
        match outdated {
            Some(error) if candidates.anchors.is_empty() => Err(error),
            _ => Ok(candidates),
        }
    }

    fn certificate(&self, path: &VerifiedPath<'_>) -> Option<&'a Certificate> {
        let at = self
            .anchors
            .iter()
            .position(|anchor| core::ptr::eq(anchor, path.anchor()))?;
        self.certificates.get(at).copied()
    }

    /// RFC 5280 takes of an anchor but its name and key. Its `pathLenConstraint` is there to be held, all the same.
    fn check_path_length(&self, path: &VerifiedPath<'_>) -> Result<(), Error> {
        let anchor = self.certificate(path).ok_or(Error::UnknownIssuer)?;
        let authorities = path
            .intermediate_certificates()
            .filter(|authority| authority.issuer() != authority.subject())
            .count();
        match anchor.path_len() {
            Some(greatest) if authorities > usize::from(greatest) => {
                Err(Error::PathLenConstraintViolated)
            }
            _ => Ok(()),
        }
    }
}

/// What the library leaves to its caller: `keyUsage`, purposes (whose numbers it decodes wrongly), and constraints on the
/// mail addresses that stand in subjects.
fn check_authorities(
    policy: &PathPolicy,
    chain: &[Certificate],
    authorities: &[Certificate],
    anchor: &Certificate,
) -> Result<(), PathError> {
    let position = |authority| {
        let at = chain
            .iter()
            .position(|certificate| certificate == authority);
        at.map_or(Position::Anchor, Position::Chain)
    };
    // RFC 5280 §4.2.1.10 has constraints on mail addresses hold for `emailAddress` too. As all constraints that are
    // not compared, they refuse whatever they might speak of.
    let mut has_email = chain.first().is_some_and(Certificate::has_email_in_subject);
    for authority in authorities {
        if !may_issue(authority) {
            return Err(PathError::KeyUsage {
                position: position(authority),
                asked: None,
            });
        }
        policy
            .purpose
            .check_authority(authority, position(authority))?;
        if has_email && authority.constrains_email() {
            return Err(PathError::NameConstraint);
        }
        has_email |= authority.has_email_in_subject();
    }
    if has_email && anchor.constrains_email() {
        return Err(PathError::NameConstraint);
    }
    check_extensions(anchor, Position::Anchor)?;
    policy.purpose.check_authority(anchor, Position::Anchor)
}

/// Purposes are compared afterwards.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// The library does not say which certificate it speaks of; that is looked for.
fn explain(error: Error, chain: &[Certificate], now: SystemTime) -> PathError {
    let dates = || {
        chain
            .iter()
            .enumerate()
            .find_map(|(at, certificate)| check_dates(certificate, Position::Chain(at), now).err())
    };
    match error {
        Error::CaUsedAsEndEntity => PathError::AuthorityAsLeaf,
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => {
            dates().unwrap_or(PathError::UntrustedIssuer)
        }
        Error::CertRevoked => PathError::Revoked,
        Error::CrlExpired { .. } => PathError::RevocationListOutdated,
        Error::EndEntityUsedAsCa => PathError::NotAnAuthority,
        Error::InvalidCrlSignatureForPublicKey
        | Error::IssuerNotCrlSigner
        | Error::UnsupportedCrlSignatureAlgorithmContext(_)
        | Error::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => {
            PathError::RevocationListInvalid
        }
        Error::InvalidNetworkMaskConstraint
        | Error::MalformedNameConstraint
        | Error::MaximumNameConstraintComparisonsExceeded
        | Error::NameConstraintViolation => PathError::NameConstraint,
        Error::InvalidSignatureForPublicKey => PathError::SignatureInvalid,
        Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded => {
            PathError::LimitExceeded("the number of authorities in a path")
        }
        Error::PathLenConstraintViolated => PathError::PathLength,
        Error::UnknownIssuer => PathError::UntrustedIssuer,
        Error::UnknownRevocationStatus => PathError::RevocationUnknown,
        Error::UnsupportedCriticalExtension => unknown_extension(chain),
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            PathError::SignatureUnsupported
        }
        _ => malformed(chain),
    }
}

fn unknown_extension(chain: &[Certificate]) -> PathError {
    let found = chain
        .iter()
        .enumerate()
        .find_map(|(at, certificate)| check_extensions(certificate, Position::Chain(at)).err());
    found.unwrap_or_else(|| malformed(chain))
}

/// A form that we can show and the library does not accept in a path, such as version 1.
fn malformed(chain: &[Certificate]) -> PathError {
    let is_refused = |certificate: &Certificate| {
        let der = CertificateDer::from(certificate.as_der());
        EndEntityCert::try_from(&der).is_err()
    };
    PathError::Malformed {
        certificate: chain.iter().position(is_refused).unwrap_or_default(),
        error: CertificateError::malformed(
            "certificate",
            "is not of version 3, or not within the profile of RFC 5280",
        ),
    }
}
