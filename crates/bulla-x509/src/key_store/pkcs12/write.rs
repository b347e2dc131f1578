use core::fmt;
use std::collections::HashSet;

use bulla_core::Limits;
use bulla_core::jwa::{HashAlg, MacAlg};
use bulla_core::jwk::{Jwk, KeyError, Members, PrivateJwk, PublicJwk, SecretJwk, pem, thumbprint};
use bulla_core::key::{Backend, BackendError};
use p12_keystore::secret::{Secret, SecretKeyType};
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};

use super::super::{KeyStoreError, certified};
use super::structure::oid;

/// Writes a PKCS#12 store: PBES2 with AES-256-CBC and PBKDF2 (HMAC-SHA-256), and a MAC with SHA-256.
///
/// Both with 600,000 iterations; in a store of many keys with fewer, since each key is protected on its own, but never fewer than
/// the 10,000 of Java.
///
/// ```
/// # fn f(key: &bulla_core::jwk::Jwk, backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::pkcs12;
///
/// let octets = pkcs12::Builder::new(backend).key("signing", key)?.write("changeit")?;
/// # Ok(()) }
/// ```
pub struct Builder<'b> {
    backend: &'b dyn Backend,
    store: KeyStore,
    aliases: HashSet<String>,
}

impl<'b> Builder<'b> {
    /// A store without keys.
    #[must_use]
    pub fn new(backend: &'b dyn Backend) -> Self {
        Self {
            backend,
            store: KeyStore::new(),
            aliases: HashSet::new(),
        }
    }

    /// Adds a key under a name.
    ///
    /// A private key brings the certificates of its `x5c`. One without is stored alone, which OpenSSL reads and Java
    /// reads [in part](super).
    /// A public key needs an `x5c`, whose first certificate is stored as a trusted one. Members such as `kid` and
    /// `use` have no place in PKCS#12; the `alg` of an HMAC key does.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::AliasUnfit`]; [`KeyStoreError::AliasTaken`], whatever its case;
    /// [`KeyStoreError::CertificateMissing`] for a public key without `x5c`; [`KeyStoreError::Malformed`] where
    /// the first certificate is of another key; [`KeyStoreError::Key`]; [`KeyStoreError::LimitExceeded`] for more than 1,000 keys.
    pub fn key(mut self, alias: &str, key: &Jwk) -> Result<Self, KeyStoreError> {
        if alias.is_empty() || alias.len() > Limits::DEFAULT.kid || !is_bmp(alias) {
            return Err(KeyStoreError::AliasUnfit);
        }
        if self.aliases.len() >= Limits::DEFAULT.keys {
            return Err(KeyStoreError::LimitExceeded("the number of keys"));
        }
        let entry = match key {
            Jwk::Private(key) => KeyStoreEntry::PrivateKeyChain(self.private(key)?),
            Jwk::Public(key) => KeyStoreEntry::Certificate(trusted(key)?),
            Jwk::Secret(key) => KeyStoreEntry::Secret(self.secret(key)?),
            _ => return Err(KeyStoreError::Unsupported("a key of this kind in PKCS#12")),
        };
        if !self.aliases.insert(alias.to_lowercase()) {
            return Err(KeyStoreError::AliasTaken);
        }
        self.store.add_entry(alias, entry);
        Ok(self)
    }

    /// The file. Whoever has the password has the keys.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::PasswordMissing`] for an empty password; [`KeyStoreError::Unsupported`] for one with characters beyond
    /// U+FFFF, which programs derive different keys from. Java opens no store whose password is not ASCII.
    pub fn write(self, password: &str) -> Result<Vec<u8>, KeyStoreError> {
        if password.is_empty() {
            return Err(KeyStoreError::PasswordMissing);
        }
        if !is_bmp(password) {
            return Err(KeyStoreError::Unsupported(
                "a password with characters beyond U+FFFF",
            ));
        }
        let derivations = u32::try_from(self.aliases.len())
            .unwrap_or(u32::MAX)
            .saturating_add(2);
        let iterations = (ALL_ITERATIONS / derivations).clamp(LEAST_ITERATIONS, ITERATIONS);
        self.store
            .writer(password)
            .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
            .encryption_iterations(iterations)
            .mac_algorithm(MacAlgorithm::HmacSha256)
            .mac_iterations(iterations)
            .write()
            .map_err(|_| UNWRITABLE)
    }

    fn private(&self, key: &PrivateJwk) -> Result<PrivateKeyChain, KeyStoreError> {
        let chain = key.members().x5c.clone().unwrap_or_default();
        let checked = certified::with_chain(key.clone(), chain)?;
        // An RSA key may lack its primes, which PKCS#8 needs.
        let whole = key.key().complete(self.backend)?;
        let pkcs8 = pem::write_pkcs8(&whole)?;
        let id = thumbprint::of_public(&whole.public(), HashAlg::Sha256);
        Ok(PrivateKeyChain::new(
            id.as_ref(),
            PrivateKey::from_der(pkcs8.as_der()).map_err(|_| UNWRITABLE)?,
            certificates(checked.members())?,
        ))
    }

    fn secret(&self, key: &SecretJwk) -> Result<Secret, KeyStoreError> {
        let octets = key.k().expose();
        let kind = hmac_of(key).unwrap_or(match octets.len() {
            16 | 24 | 32 => SecretKeyType::Aes,
            // Data, of which nothing more is said.
            _ => SecretKeyType::Unknown(oid("1.2.840.113549.1.7.1")),
        });
        // It is stored unencrypted, so it must not depend on the secret.
        let mut id = [0; 16];
        self.backend
            .random(&mut id)
            .map_err(|BackendError| KeyError::Backend)?;
        Secret::builder(kind)
            .with_key(octets.to_vec())
            .with_local_key_id(&id[..])
            .build()
            .map_err(|_| UNWRITABLE)
    }
}

impl fmt::Debug for Builder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("aliases", &self.aliases)
            .finish_non_exhaustive()
    }
}

fn certificates(members: &Members) -> Result<Vec<Certificate>, KeyStoreError> {
    let chain = members.x5c.as_deref().unwrap_or_default();
    chain
        .iter()
        .map(|der| {
            Certificate::from_der(der).map_err(|_| {
                KeyStoreError::malformed("a certificate of `x5c`", "is not X.509 in DER")
            })
        })
        .collect()
}

fn trusted(key: &PublicJwk) -> Result<Certificate, KeyStoreError> {
    let first = certificates(key.members())?
        .into_iter()
        .next()
        .ok_or(KeyStoreError::CertificateMissing)?;
    if PublicJwk::from_certificate(first.as_der())?.key() != key.key() {
        return Err(KeyStoreError::malformed(
            "the certificate chain",
            "begins with the certificate of another key",
        ));
    }
    Ok(first)
}

fn hmac_of(key: &SecretJwk) -> Option<SecretKeyType> {
    match MacAlg::from_name(key.members().alg.as_ref()?.as_str())? {
        MacAlg::Hs256 => Some(SecretKeyType::HmacSha256),
        MacAlg::Hs384 => Some(SecretKeyType::HmacSha384),
        MacAlg::Hs512 => Some(SecretKeyType::HmacSha512),
        _ => None,
    }
}

fn is_bmp(text: &str) -> bool {
    text.chars().all(|character| u32::from(character) <= 0xffff)
}

const ITERATIONS: u32 = 600_000;
const LEAST_ITERATIONS: u32 = 10_000;
/// For all keys, certificates and the MAC: half of what a reader of ours bears.
const ALL_ITERATIONS: u32 = 6_000_000;

const UNWRITABLE: KeyStoreError = KeyStoreError::Malformed {
    what: "the key",
    why: "does not fit into PKCS#12",
};
