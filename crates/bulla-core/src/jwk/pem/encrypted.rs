//! Password-protected PKCS#8 (RFC 5958 §3) under PBES2 (RFC 8018 §6.2): PBKDF2 and AES-CBC, which is what `openssl pkcs8
//! -topk8` writes. Only the structure is ours; the backend derives and deciphers.

use core::fmt::Write as _;

use ::spki::AlgorithmIdentifierRef;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, Sequence};
use zeroize::Zeroizing;

use super::super::{KeyError, PrivateJwk, PrivateKey};
use super::spki::too_long;
use super::{Encoded, pkcs8};
use crate::jwa::HashAlg;
use crate::key::{Backend, BackendError};

/// Writes `EncryptedPrivateKeyInfo`, the `ENCRYPTED PRIVATE KEY` of PEM: PBKDF2 with HMAC-SHA-256 in 600,000 iterations
/// over a salt of 16 octets, and AES-256-CBC. OpenSSL reads it.
///
/// # Security
///
/// The password is all that stands between the file and the key; and AES-CBC does not tell a changed file from a wrong
/// password.
///
/// # Errors
///
/// As [`write_pkcs8`](super::write_pkcs8); [`KeyError::Backend`] where there are no random octets.
pub fn write_pkcs8_encrypted(
    key: &PrivateKey,
    password: &[u8],
    backend: &dyn Backend,
) -> Result<Encoded, KeyError> {
    let failed = |BackendError| KeyError::Backend;
    let plain = pkcs8::write_pkcs8(key)?;
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    backend.random(&mut salt).map_err(failed)?;
    backend.random(&mut iv).map_err(failed)?;
    let mut derived = Zeroizing::new([0; 32]);
    backend
        .pbkdf2(
            HashAlg::Sha256,
            password,
            &salt,
            ITERATIONS,
            derived.as_mut(),
        )
        .map_err(failed)?;
    let data = backend
        .aes_cbc_encrypt(derived.as_ref(), &iv, plain.as_der())
        .map_err(failed)?;

    let kdf = Pbkdf2Params {
        salt: AnyRef::new(der::Tag::OctetString, &salt).map_err(too_long)?,
        iteration_count: ITERATIONS.into(),
        key_length: None,
        prf: Some(AlgorithmIdentifierRef {
            oid: HMAC_SHA256,
            parameters: Some(AnyRef::NULL),
        }),
    }
    .to_der()
    .map_err(too_long)?;
    let pbes2 = Pbes2Params {
        key_derivation: AlgorithmIdentifierRef {
            oid: PBKDF2,
            parameters: Some(AnyRef::from_der(&kdf).map_err(too_long)?),
        },
        encryption_scheme: AlgorithmIdentifierRef {
            oid: AES_256_CBC,
            parameters: Some(AnyRef::new(der::Tag::OctetString, &iv).map_err(too_long)?),
        },
    }
    .to_der()
    .map_err(too_long)?;
    let info = EncryptedPrivateKeyInfo {
        encryption_algorithm: AlgorithmIdentifierRef {
            oid: PBES2,
            parameters: Some(AnyRef::from_der(&pbes2).map_err(too_long)?),
        },
        encrypted_data: OctetStringRef::new(&data).map_err(too_long)?,
    };
    Ok(Encoded::new(
        "ENCRYPTED PRIVATE KEY",
        info.to_der().map_err(too_long)?,
    ))
}

pub(super) fn read(
    der: &[u8],
    password: Option<&[u8]>,
    backend: &dyn Backend,
) -> Result<PrivateJwk, KeyError> {
    let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| {
        KeyError::malformed(
            "EncryptedPrivateKeyInfo",
            "is not what RFC 5958 §3 describes",
        )
    })?;
    // What cannot be opened anyway is told before a password is asked for.
    let scheme = Scheme::read(info.encryption_algorithm)?;
    let password = password.ok_or(KeyError::PasswordMissing)?;
    let mut derived = Zeroizing::new(vec![0; scheme.key_len]);
    backend
        .pbkdf2(
            scheme.hash,
            password,
            scheme.salt,
            scheme.iterations,
            &mut derived,
        )
        .map_err(|BackendError| KeyError::Backend)?;
    // Neither padding nor what lies under it may tell more than that the password does not open it.
    let plain = backend
        .aes_cbc_decrypt(&derived, &scheme.iv, info.encrypted_data.as_bytes())
        .map_err(|BackendError| KeyError::PasswordWrong)?;
    if ::pkcs8::PrivateKeyInfoRef::from_der(plain.expose()).is_err() {
        return Err(KeyError::PasswordWrong);
    }
    pkcs8::read(plain.expose(), backend)
}

/// What OWASP advises for PBKDF2 with HMAC-SHA-256, and what a reader bears in well under two seconds.
const ITERATIONS: u32 = 600_000;
const MOST_ITERATIONS: u64 = 1_000_000;

/// PBES2 as far as we implement it.
struct Scheme<'a> {
    hash: HashAlg,
    salt: &'a [u8],
    iterations: u32,
    key_len: usize,
    iv: [u8; 16],
}

impl<'a> Scheme<'a> {
    fn read(identifier: AlgorithmIdentifierRef<'a>) -> Result<Self, KeyError> {
        if identifier.oid != PBES2 {
            return Err(unsupported("encryption of the PKCS#8 file", identifier.oid));
        }
        let pbes2: Pbes2Params<'a> = decode(identifier, "PBES2-params")?;
        let kdf = pbes2.key_derivation;
        if kdf.oid != PBKDF2 {
            return Err(unsupported("key derivation of the PKCS#8 file", kdf.oid));
        }
        let kdf: Pbkdf2Params<'a> = decode(kdf, "PBKDF2-params")?;
        let prf = kdf.prf.map_or(HMAC_SHA1, |prf| prf.oid);
        let hash = HASHES
            .iter()
            .find(|row| row.0 == prf)
            .map(|row| row.1)
            .ok_or_else(|| unsupported("key derivation of the PKCS#8 file", prf))?;
        let iterations = u32::try_from(kdf.iteration_count)
            .ok()
            .filter(|count| (1..=MOST_ITERATIONS).contains(&u64::from(*count)))
            .ok_or(KeyError::LimitExceeded(
                "the number of PBKDF2 iterations (1 to 1,000,000)",
            ))?;
        let salt = kdf.salt.decode_as::<&OctetStringRef>().map_err(|_| {
            KeyError::malformed("PBKDF2-params", "has a salt that is not an OCTET STRING")
        })?;
        let cipher = pbes2.encryption_scheme;
        let key_len = CIPHERS
            .iter()
            .find(|row| row.0 == cipher.oid)
            .map(|row| row.1)
            .ok_or_else(|| unsupported("cipher of the PKCS#8 file", cipher.oid))?;
        if kdf
            .key_length
            .is_some_and(|len| usize::from(len) != key_len)
        {
            return Err(KeyError::malformed(
                "PBKDF2-params",
                "has a key length that is not its cipher's",
            ));
        }
        let iv = cipher
            .parameters
            .and_then(|iv| iv.decode_as::<&OctetStringRef>().ok())
            .and_then(|iv| iv.as_bytes().try_into().ok())
            .ok_or(KeyError::malformed(
                "AES-CBC parameters",
                "are not an initialization vector of 16 octets",
            ))?;
        Ok(Self {
            hash,
            salt: salt.as_bytes(),
            iterations,
            key_len,
            iv,
        })
    }
}

fn decode<'a, T: der::DecodeValue<'a> + der::FixedTag + 'a>(
    identifier: AlgorithmIdentifierRef<'a>,
    what: &'static str,
) -> Result<T, KeyError> {
    identifier
        .parameters
        .and_then(|parameters| parameters.decode_as().ok())
        .ok_or(KeyError::malformed(
            what,
            "are not what RFC 8018 appendix A describes",
        ))
}

fn unsupported(what: &'static str, oid: ObjectIdentifier) -> KeyError {
    let name = OTHERS
        .iter()
        .find(|row| row.0 == oid)
        .map_or("an unknown algorithm", |row| row.1);
    let mut value = String::new();
    let _ = write!(value, "{name} ({oid})");
    KeyError::Reencrypt {
        what,
        value: value.into(),
    }
}

#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    encryption_algorithm: AlgorithmIdentifierRef<'a>,
    encrypted_data: &'a OctetStringRef,
}

/// RFC 8018 appendix A.4.
#[derive(Sequence)]
struct Pbes2Params<'a> {
    key_derivation: AlgorithmIdentifierRef<'a>,
    encryption_scheme: AlgorithmIdentifierRef<'a>,
}

/// RFC 8018 appendix A.2.
#[derive(Sequence)]
struct Pbkdf2Params<'a> {
    salt: AnyRef<'a>,
    iteration_count: u64,
    #[asn1(optional = "true")]
    key_length: Option<u16>,
    #[asn1(optional = "true")]
    prf: Option<AlgorithmIdentifierRef<'a>>,
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
const HMAC_SHA1: ObjectIdentifier = oid("1.2.840.113549.2.7");
const HMAC_SHA256: ObjectIdentifier = oid("1.2.840.113549.2.9");
const AES_256_CBC: ObjectIdentifier = oid("2.16.840.1.101.3.4.1.42");

const HASHES: [(ObjectIdentifier, HashAlg); 3] = [
    (HMAC_SHA256, HashAlg::Sha256),
    (oid("1.2.840.113549.2.10"), HashAlg::Sha384),
    (oid("1.2.840.113549.2.11"), HashAlg::Sha512),
];

/// With the length of their key in octets.
const CIPHERS: [(ObjectIdentifier, usize); 3] = [
    (oid("2.16.840.1.101.3.4.1.2"), 16),
    (oid("2.16.840.1.101.3.4.1.22"), 24),
    (AES_256_CBC, 32),
];

/// What older programs wrote, so that an error can name it.
const OTHERS: [(ObjectIdentifier, &str); 10] = [
    (HMAC_SHA1, "PBKDF2 with HMAC-SHA-1"),
    (oid("1.2.840.113549.2.8"), "PBKDF2 with HMAC-SHA-224"),
    (oid("1.3.6.1.4.1.11591.4.11"), "scrypt"),
    (oid("1.2.840.113549.3.7"), "3DES-CBC"),
    (oid("1.3.14.3.2.7"), "DES-CBC"),
    (oid("1.2.840.113549.1.5.3"), "PBES1 with MD5 and DES"),
    (oid("1.2.840.113549.1.5.10"), "PBES1 with SHA-1 and DES"),
    (
        oid("1.2.840.113549.1.12.1.3"),
        "PKCS#12 PBE with SHA-1 and 3DES",
    ),
    (
        oid("1.2.840.113549.1.12.1.6"),
        "PKCS#12 PBE with SHA-1 and RC2",
    ),
    (oid("2.16.840.1.101.3.4.1.46"), "AES-256-GCM"),
];
