//! RSAES-OAEP (RFC 7518 §4.3) and RSAES-PKCS1-v1_5 (RFC 7518 §4.2).

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use bulla_core::SecretBytes;
use bulla_core::jwa::{AlgName, HashAlg, KeyManagementAlg, KeyManagementScheme};
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};
use bulla_core::key::{Unwrap, UnwrapError, Wrap, WrapError, WrappedKey};
use zeroize::Zeroizing;

use crate::signature::rsa::{check_size, key_pair};

/// The core has compared key and algorithm before; a caller of the trait may not have.
const MISFIT: KeyError = KeyError::Unsupported("a key of this type with this algorithm");

pub(crate) fn wrap(key: &PublicKey, alg: KeyManagementAlg) -> Result<Arc<dyn Wrap>, KeyError> {
    let PublicKey::Rsa(key) = key else {
        return Err(MISFIT);
    };
    check_size(key)?;
    let components = RsaPublicKeyComponents {
        n: key.n(),
        e: key.e(),
    };
    let malformed = KeyError::malformed("n, e", "are not an RSA public key");
    let key: PublicEncryptingKey = components.try_into().map_err(|_| malformed)?;
    let kind = match alg.facts().scheme {
        KeyManagementScheme::RsaOaep(hash) => {
            let key = OaepPublicEncryptingKey::new(key).map_err(|_| KeyError::Backend)?;
            Encrypting::Oaep(key, oaep(hash)?)
        }
        KeyManagementScheme::RsaPkcs1 => {
            Encrypting::Pkcs1(Pkcs1PublicEncryptingKey::new(key).map_err(|_| KeyError::Backend)?)
        }
        _ => return Err(MISFIT),
    };
    Ok(Arc::new(RsaWrap {
        alg: alg.name(),
        kind,
    }))
}

pub(crate) fn unwrap(key: &PrivateKey, alg: KeyManagementAlg) -> Result<Arc<dyn Unwrap>, KeyError> {
    let PrivateKey::Rsa(key) = key else {
        return Err(MISFIT);
    };
    let pkcs8 = key_pair(key)?.as_der().map_err(|_| KeyError::Backend)?;
    let key = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).map_err(|_| KeyError::Backend)?;
    let kind = match alg.facts().scheme {
        KeyManagementScheme::RsaOaep(hash) => {
            let key = OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::Backend)?;
            Decrypting::Oaep(key, oaep(hash)?)
        }
        KeyManagementScheme::RsaPkcs1 => {
            Decrypting::Pkcs1(Pkcs1PrivateDecryptingKey::new(key).map_err(|_| KeyError::Backend)?)
        }
        _ => return Err(MISFIT),
    };
    Ok(Arc::new(RsaUnwrap {
        alg: alg.name(),
        kind,
    }))
}

fn oaep(hash: Option<HashAlg>) -> Result<&'static OaepAlgorithm, KeyError> {
    match hash {
        None => Ok(&OAEP_SHA1_MGF1SHA1),
        Some(HashAlg::Sha256) => Ok(&OAEP_SHA256_MGF1SHA256),
        Some(HashAlg::Sha384) => Ok(&OAEP_SHA384_MGF1SHA384),
        Some(HashAlg::Sha512) => Ok(&OAEP_SHA512_MGF1SHA512),
        _ => Err(KeyError::Unsupported("RSAES-OAEP with this hash")),
    }
}

struct RsaWrap {
    alg: &'static AlgName,
    kind: Encrypting,
}

enum Encrypting {
    Oaep(OaepPublicEncryptingKey, &'static OaepAlgorithm),
    Pkcs1(Pkcs1PublicEncryptingKey),
}

impl Wrap for RsaWrap {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn wrap(&self, cek: &SecretBytes) -> Result<WrappedKey, WrapError> {
        let cek = cek.expose();
        let mut encrypted;
        let length = match &self.kind {
            Encrypting::Oaep(key, algorithm) => {
                encrypted = vec![0; key.ciphertext_size()];
                key.encrypt(algorithm, cek, &mut encrypted, None)
                    .map(|octets| octets.len())
            }
            Encrypting::Pkcs1(key) => {
                encrypted = vec![0; key.ciphertext_size()];
                key.encrypt(cek, &mut encrypted).map(|octets| octets.len())
            }
        };
        encrypted.truncate(length.map_err(|_| WrapError::Failed)?);
        Ok(WrappedKey::new(encrypted))
    }
}

struct RsaUnwrap {
    alg: &'static AlgName,
    kind: Decrypting,
}

enum Decrypting {
    Oaep(OaepPrivateDecryptingKey, &'static OaepAlgorithm),
    Pkcs1(Pkcs1PrivateDecryptingKey),
}

impl Unwrap for RsaUnwrap {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError> {
        let encrypted = &wrapped.encrypted_key;
        let mut cek;
        let length = match &self.kind {
            Decrypting::Oaep(key, algorithm) => {
                cek = Zeroizing::new(vec![0; key.min_output_size()]);
                key.decrypt(algorithm, encrypted, &mut cek, None)
                    .map(|octets| octets.len())
            }
            Decrypting::Pkcs1(key) => {
                cek = Zeroizing::new(vec![0; key.min_output_size()]);
                key.decrypt(encrypted, &mut cek).map(|octets| octets.len())
            }
        };
        let length = length.map_err(|_| UnwrapError::Failed)?;
        cek.get(..length)
            .map(SecretBytes::from)
            .ok_or(UnwrapError::Failed)
    }
}
