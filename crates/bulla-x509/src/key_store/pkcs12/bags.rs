//! What the safes of a store hold (RFC 7292 §4.2), decrypted.

use bulla_core::jwa::{AlgName, MacAlg};
use bulla_core::jwk::{PrivateJwk, SecretJwk};
use bulla_core::{Limits, SecretBytes};
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, Tag, Tagged as _};

use super::super::{KeyStoreError, Passwords, certified};
use super::attributes::Attributes;
use super::encryption::Opener;
use super::structure::{
    CertBag, EncryptedPrivateKeyInfo, SafeBag, SecretBag, SecretKeyInfo, for_each, malformed, oid,
    sequence_of,
};

/// Every bag of a store, in order.
#[derive(Debug)]
pub(super) struct Bags<'p, 'b> {
    passwords: &'p Passwords,
    pub(super) opener: Opener<'b>,
    /// How many entries had no name so far.
    nameless: u32,
    pub(super) found: Vec<Bag>,
}

#[derive(Debug)]
pub(super) struct Bag {
    /// The name, or what Java would call it; empty for a certificate that is not trusted.
    pub(super) alias: String,
    pub(super) attributes: Attributes,
    pub(super) content: Result<Content, KeyStoreError>,
}

#[derive(Debug)]
pub(super) enum Content {
    Certificate(Vec<u8>),
    Private(Box<PrivateJwk>),
    Secret(Box<SecretJwk>),
}

impl<'p, 'b> Bags<'p, 'b> {
    pub(super) const fn new(passwords: &'p Passwords, opener: Opener<'b>) -> Self {
        Self {
            passwords,
            opener,
            nameless: 0,
            found: Vec::new(),
        }
    }

    /// Adds what `SafeContents` holds.
    pub(super) fn add(&mut self, safe_contents: &[u8]) -> Result<(), KeyStoreError> {
        let bags = sequence_of(safe_contents, "SafeContents")?;
        for_each(bags, "SafeContents", |bag: SafeBag<'_>| self.add_bag(&bag))
    }

    fn add_bag(&mut self, bag: &SafeBag<'_>) -> Result<(), KeyStoreError> {
        if self.found.len() >= MOST {
            return Err(KeyStoreError::LimitExceeded("the number of entries"));
        }
        let attributes = Attributes::read(bag.attributes)?;
        let alias = self.alias(bag.id, &attributes);
        let content = if alias.len() > Limits::DEFAULT.kid {
            Err(KeyStoreError::LimitExceeded("the length of the alias"))
        } else {
            self.content(bag, &alias)
        };
        self.found.push(Bag {
            alias,
            attributes,
            content,
        });
        Ok(())
    }

    fn alias(&mut self, bag: ObjectIdentifier, attributes: &Attributes) -> String {
        if let Some(name) = &attributes.friendly_name {
            return name.clone();
        }
        if bag == CERT_BAG && !attributes.is_trusted {
            return String::new();
        }
        self.nameless += 1;
        self.nameless.to_string()
    }

    fn content(&mut self, bag: &SafeBag<'_>, alias: &str) -> Result<Content, KeyStoreError> {
        match bag.id {
            KEY_BAG => {
                let der = bag.value.to_der().map_err(|_| malformed("KeyBag"))?;
                self.private(SecretBytes::from(der).expose())
            }
            SHROUDED_KEY_BAG => {
                let plain = self.open(bag.value, alias)?;
                self.private(plain.expose())
            }
            CERT_BAG => certificate(bag.value).map(|der| Content::Certificate(der.to_vec())),
            SECRET_BAG => self.secret(bag.value, alias),
            CRL_BAG => Err(KeyStoreError::Unsupported("a revocation list")),
            SAFE_CONTENTS_BAG => Err(KeyStoreError::Unsupported("a safe within a safe")),
            _ => Err(KeyStoreError::Unsupported("an entry of an unknown kind")),
        }
    }

    fn private(&self, der: &[u8]) -> Result<Content, KeyStoreError> {
        let key = certified::private(der, self.opener.backend)?;
        Ok(Content::Private(Box::new(key)))
    }

    /// `keytool -genseckey`: a protected key within a bag for anything, whose algorithm is that of the secret.
    fn secret(&mut self, value: AnyRef<'_>, alias: &str) -> Result<Content, KeyStoreError> {
        let bag: SecretBag<'_> = value.decode_as().map_err(|_| malformed("SecretBag"))?;
        if bag.id != SHROUDED_KEY_BAG {
            return Err(KeyStoreError::Unsupported("a secret that is no key"));
        }
        let protected = bag
            .value
            .decode_as::<&OctetStringRef>()
            .ok()
            .and_then(|octets| AnyRef::from_der(octets.as_bytes()).ok())
            .ok_or_else(|| malformed("SecretBag"))?;
        let plain = self.open(protected, alias)?;
        let info =
            SecretKeyInfo::from_der(plain.expose()).map_err(|_| malformed("PrivateKeyInfo"))?;
        let octets = info.key.as_bytes();
        if octets.is_empty() {
            return Err(KeyStoreError::malformed("the secret key", "is empty"));
        }
        if info.algorithm.oid.to_string().starts_with(PASSWORD_BASED) {
            return Err(KeyStoreError::Unsupported("a password in place of a key"));
        }
        let mut key = SecretJwk::new(octets);
        key.members_mut().alg = hmac_alg(info.algorithm.oid);
        Ok(Content::Secret(Box::new(key)))
    }

    fn open(&mut self, value: AnyRef<'_>, alias: &str) -> Result<SecretBytes, KeyStoreError> {
        let info: EncryptedPrivateKeyInfo<'_> = value
            .decode_as()
            .map_err(|_| malformed("EncryptedPrivateKeyInfo"))?;
        let password = self
            .passwords
            .entry(alias)
            .ok_or(KeyStoreError::PasswordMissing)?;
        let plain = self
            .opener
            .open(info.algorithm, info.data.as_bytes(), password)?;
        // One in 256 wrong passwords leaves padding that looks right.
        match AnyRef::from_der(plain.expose()) {
            Ok(any) if any.tag() == Tag::Sequence => Ok(plain),
            _ => Err(KeyStoreError::PasswordWrong),
        }
    }
}

fn certificate(value: AnyRef<'_>) -> Result<&[u8], KeyStoreError> {
    let bag: CertBag<'_> = value.decode_as().map_err(|_| malformed("CertBag"))?;
    if bag.id != X509_CERTIFICATE {
        return Err(KeyStoreError::Unsupported(
            "a certificate that is not X.509",
        ));
    }
    Ok(bag.value.as_bytes())
}

/// A key that Java made for one HMAC is for the same in JOSE.
pub(super) fn hmac_alg(algorithm: ObjectIdentifier) -> Option<AlgName> {
    HMACS
        .iter()
        .find(|row| row.0 == algorithm)
        .map(|row| row.1.name().clone())
}

/// A thousand keys, each with a chain.
const MOST: usize = Limits::DEFAULT.keys * (1 + Limits::DEFAULT.x5c);

pub(super) const HMACS: [(ObjectIdentifier, MacAlg); 3] = [
    (oid("1.2.840.113549.2.9"), MacAlg::Hs256),
    (oid("1.2.840.113549.2.10"), MacAlg::Hs384),
    (oid("1.2.840.113549.2.11"), MacAlg::Hs512),
];

/// PKCS#5: what `keytool -importpass` says that a password is for.
const PASSWORD_BASED: &str = "1.2.840.113549.1.5.";

const KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.3");
const CRL_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.4");
const SECRET_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.5");
const SAFE_CONTENTS_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.6");
const X509_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.22.1");
