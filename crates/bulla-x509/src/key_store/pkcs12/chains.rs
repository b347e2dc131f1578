//! Which certificates belong to which private key: PKCS#12 keeps them in one heap.

use std::collections::{HashMap, HashSet};

use bulla_core::Limits;
use bulla_core::jwa::HashAlg;
use bulla_core::jwk::{PrivateJwk, PublicJwk};
use der::{Decode as _, Encode as _};
use x509_cert::certificate::{CertificateInner, Raw};

use super::super::KeyStoreError;
use super::bags::{Bag, Content};

/// The certificates of a store, to be found by key and by subject.
#[derive(Debug, Default)]
pub(super) struct Certificates<'a> {
    all: Vec<Certificate<'a>>,
    by_key: HashMap<String, Vec<usize>>,
    by_subject: HashMap<Vec<u8>, usize>,
    used: HashSet<&'a [u8]>,
    copied: usize,
}

#[derive(Debug)]
struct Certificate<'a> {
    der: &'a [u8],
    local_key_id: Option<&'a [u8]>,
    subject: Vec<u8>,
    issuer: Vec<u8>,
}

impl<'a> Certificates<'a> {
    /// What is no certificate is left for the reader to reject.
    pub(super) fn of(bags: &'a [Bag]) -> Self {
        let mut certificates = Self::default();
        for bag in bags {
            if let Ok(Content::Certificate(der)) = &bag.content {
                certificates.add(der, bag.attributes.local_key_id.as_deref());
            }
        }
        certificates
    }

    fn add(&mut self, der: &'a [u8], local_key_id: Option<&'a [u8]>) {
        let Some((subject, issuer)) = names(der) else {
            return;
        };
        let at = self.all.len();
        if let Ok(key) = PublicJwk::from_certificate(der) {
            let thumbprint = key.thumbprint(HashAlg::Sha256);
            self.by_key.entry(thumbprint).or_default().push(at);
        }
        self.by_subject.entry(subject.clone()).or_insert(at);
        self.all.push(Certificate {
            der,
            local_key_id,
            subject,
            issuer,
        });
    }

    /// The chain of a key: the certificate of this very key, of several the one with the key's local id, and then
    /// issuer after issuer. Empty where the store has no certificate of it. An error where its local id leads to the
    /// certificate of another key: one of them was changed.
    pub(super) fn chain_of(
        &mut self,
        key: &PrivateJwk,
        local_key_id: Option<&[u8]>,
    ) -> Result<Vec<Vec<u8>>, KeyStoreError> {
        let mut chain = Vec::new();
        let mut next = self.first_of(key, local_key_id);
        let is_linked = |certificate: &Certificate<'_>| certificate.local_key_id == local_key_id;
        if next.is_none() && local_key_id.is_some() && self.all.iter().any(is_linked) {
            return Err(KeyStoreError::malformed(
                "the certificate of the key",
                "is of another key",
            ));
        }
        while let Some(certificate) = next.and_then(|at| self.all.get(at)) {
            if chain.contains(&certificate.der) {
                break;
            }
            if chain.len() == Limits::DEFAULT.x5c {
                return Err(KeyStoreError::LimitExceeded("the length of the chain"));
            }
            chain.push(certificate.der);
            self.copied += certificate.der.len();
            if self.copied > MOST_COPIED {
                return Err(KeyStoreError::LimitExceeded("the length of all chains"));
            }
            next = match certificate.issuer == certificate.subject {
                true => None,
                false => self.by_subject.get(&certificate.issuer).copied(),
            };
        }
        self.used.extend(&chain);
        Ok(chain.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// Whether a certificate stands in a chain that was asked for.
    pub(super) fn is_used(&self, der: &[u8]) -> bool {
        self.used.contains(der)
    }

    fn first_of(&self, key: &PrivateJwk, local_key_id: Option<&[u8]>) -> Option<usize> {
        let of_key = self.by_key.get(&key.thumbprint(HashAlg::Sha256))?;
        let is_linked = |at: &&usize| {
            self.all
                .get(**at)
                .is_some_and(|certificate| certificate.local_key_id == local_key_id)
        };
        of_key
            .iter()
            .find(is_linked)
            .or_else(|| of_key.first())
            .copied()
    }
}

/// Subject and issuer.
fn names(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let certificate = CertificateInner::<Raw>::from_der(der).ok()?;
    let tbs = certificate.tbs_certificate();
    Some((tbs.subject().to_der().ok()?, tbs.issuer().to_der().ok()?))
}

/// Every key has a copy of its chain. One certificate that issued a thousand others is not to be copied without end.
const MOST_COPIED: usize = 4 * Limits::DEFAULT.jwk_set;
