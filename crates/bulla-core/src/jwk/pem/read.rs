use super::super::{Jwk, KeyError, PrivateJwk, PublicJwk};
use super::armor;
use super::kind::{Kind, contains};
use super::{encrypted, pkcs1, pkcs8, sec1, spki};
use crate::key::Backend;
use crate::limits::Limits;

/// Reads a key file: PEM with any label, or DER, told apart by their content.
///
/// A private key comes with its public half, which the backend computes where the file has none, and an RSA key
/// with its primes. Certificates give a public key; they become its `x5c`, in the order of the file. Certificates
/// beside a private key become its `x5c` where the first is of that key. Other text in a PEM file is skipped, and so is
/// the block `EC PARAMETERS` that `openssl ecparam` puts before a key.
///
/// `password` opens password-protected PKCS#8 (PBES2 with PBKDF2 and AES-CBC) and is not looked at otherwise.
///
/// # Errors
///
/// [`KeyError::PasswordMissing`] and [`KeyError::PasswordWrong`]; [`KeyError::Ambiguous`] where the file holds several
/// keys; [`KeyError::Unsupported`] and [`KeyError::UnsupportedValue`], which name what was found;
/// [`KeyError::Malformed`]; [`KeyError::LimitExceeded`] for more than 2 MiB, eight certificates or a million
/// iterations of PBKDF2.
pub fn read(
    octets: &[u8],
    password: Option<&[u8]>,
    backend: &dyn Backend,
) -> Result<Jwk, KeyError> {
    if octets.len() > Limits::DEFAULT.jwk_set {
        return Err(KeyError::LimitExceeded("the length of a key file"));
    }
    let mut found = Found::default();
    // DER first: a text cannot be a complete DER sequence, but DER may hold any octets.
    if Kind::of(octets).is_ok() || !contains(octets, armor::BEGIN) {
        refuse_other_formats(octets)?;
        found.add(octets, password, backend)?;
    } else {
        for block in armor::blocks(octets)? {
            if block.label != EC_PARAMETERS {
                found.add(&block.der, password, backend)?;
            }
        }
    }
    found.into_key()
}

const EC_PARAMETERS: &str = "EC PARAMETERS";

/// Everything that one file holds.
#[derive(Default)]
struct Found {
    private: Option<PrivateJwk>,
    public: Option<PublicJwk>,
    certificates: Vec<Vec<u8>>,
}

impl Found {
    fn add(
        &mut self,
        der: &[u8],
        password: Option<&[u8]>,
        backend: &dyn Backend,
    ) -> Result<(), KeyError> {
        match Kind::of(der)? {
            Kind::Certificate => {
                self.certificates.push(der.to_vec());
                Ok(())
            }
            Kind::EncryptedPkcs8 => self.add_private(encrypted::read(der, password, backend)?),
            Kind::Pkcs1 => self.add_private(pkcs1::read(der, backend)?),
            Kind::Pkcs8 => self.add_private(pkcs8::read(der, backend)?),
            Kind::Sec1 => self.add_private(sec1::read(der, backend)?),
            Kind::Pkcs1Public => self.add_public(pkcs1::read_public(der)?),
            Kind::Spki => self.add_public(spki::read(der)?),
        }
    }

    fn add_private(&mut self, key: PrivateJwk) -> Result<(), KeyError> {
        one(self.private.replace(key))
    }

    fn add_public(&mut self, key: PublicJwk) -> Result<(), KeyError> {
        one(self.public.replace(key))
    }

    fn into_key(self) -> Result<Jwk, KeyError> {
        if self.certificates.len() > Limits::DEFAULT.x5c {
            return Err(KeyError::LimitExceeded(
                "the number of certificates in a key file",
            ));
        }
        let certified = match self.certificates.first() {
            Some(first) => Some(PublicJwk::from_certificate(first)?),
            None => None,
        };
        let mut key = match (self.private, self.public, &certified) {
            (Some(private), None, _) => Jwk::Private(private),
            (Some(private), Some(public), _) if *public.key() == private.key().public() => {
                Jwk::Private(private)
            }
            (Some(_), Some(_), _) => return Err(KeyError::Ambiguous),
            (None, Some(public), _) => Jwk::Public(public),
            (None, None, Some(certified)) => Jwk::Public(certified.clone()),
            (None, None, None) => {
                return Err(KeyError::malformed("PEM", "has no block that holds a key"));
            }
        };
        if let Some(certified) = certified {
            let belongs = match &key {
                Jwk::Private(key) => key.key().public() == *certified.key(),
                Jwk::Public(key) => key.key() == certified.key(),
                Jwk::Secret(_) => false,
            };
            if !belongs {
                return Err(KeyError::malformed(
                    "certificate",
                    "is of another key than the one it stands beside",
                ));
            }
            key.members_mut().x5c = Some(self.certificates);
        }
        Ok(key)
    }
}

fn one<T>(before: Option<T>) -> Result<(), KeyError> {
    before.map_or(Ok(()), |_| Err(KeyError::Ambiguous))
}

/// Names what is commonly mistaken for a key file.
fn refuse_other_formats(octets: &[u8]) -> Result<(), KeyError> {
    let text = octets.trim_ascii_start();
    if text.is_empty() {
        return Err(KeyError::malformed("key file", "is empty"));
    }
    if text.starts_with(b"{") {
        return Err(KeyError::malformed(
            "key file",
            "is JSON, not PEM or DER; a JWK perhaps",
        ));
    }
    if text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-sha2-") {
        return Err(KeyError::Unsupported(
            "an OpenSSH public key (`ssh-keygen -e -m PKCS8 -f FILE` converts it)",
        ));
    }
    if octets.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) || octets.starts_with(&[0xce; 4]) {
        return Err(KeyError::Unsupported(
            "a Java key store in place of a key file",
        ));
    }
    Ok(())
}
