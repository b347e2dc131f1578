//! The key management algorithms by name: josekit has a type for each family.

use josekit::jwe::alg::aesgcmkw::AesgcmkwJweAlgorithm;
use josekit::jwe::alg::aeskw::AeskwJweAlgorithm;
use josekit::jwe::alg::direct::DirectJweAlgorithm;
use josekit::jwe::alg::ecdh_es::EcdhEsJweAlgorithm;
use josekit::jwe::alg::pbes2_hmac_aeskw::Pbes2HmacAeskwJweAlgorithm;
use josekit::jwe::alg::rsaes::RsaesJweAlgorithm;
use josekit::jwe::{self, JweDecrypter, JweEncrypter};
use josekit::jwk::Jwk;

use crate::Refusal;

/// An algorithm of one of josekit's families.
pub(crate) enum Algorithm {
    Direct(DirectJweAlgorithm),
    Agreed(EcdhEsJweAlgorithm),
    Wrapped(AeskwJweAlgorithm),
    GcmWrapped(AesgcmkwJweAlgorithm),
    Password(Pbes2HmacAeskwJweAlgorithm),
    Rsa(RsaesJweAlgorithm),
}

impl Algorithm {
    /// The algorithm of an `alg` value.
    // josekit deprecates RSA1_5, which is what is to be tried.
    #[allow(deprecated)]
    pub(crate) fn named(alg: &str) -> Result<Self, Refusal> {
        Ok(match alg {
            "dir" => Self::Direct(jwe::Dir),
            "ECDH-ES" => Self::Agreed(jwe::ECDH_ES),
            "ECDH-ES+A128KW" => Self::Agreed(jwe::ECDH_ES_A128KW),
            "ECDH-ES+A192KW" => Self::Agreed(jwe::ECDH_ES_A192KW),
            "ECDH-ES+A256KW" => Self::Agreed(jwe::ECDH_ES_A256KW),
            "A128KW" => Self::Wrapped(jwe::A128KW),
            "A192KW" => Self::Wrapped(jwe::A192KW),
            "A256KW" => Self::Wrapped(jwe::A256KW),
            "A128GCMKW" => Self::GcmWrapped(jwe::A128GCMKW),
            "A192GCMKW" => Self::GcmWrapped(jwe::A192GCMKW),
            "A256GCMKW" => Self::GcmWrapped(jwe::A256GCMKW),
            "PBES2-HS256+A128KW" => Self::Password(jwe::PBES2_HS256_A128KW),
            "PBES2-HS384+A192KW" => Self::Password(jwe::PBES2_HS384_A192KW),
            "PBES2-HS512+A256KW" => Self::Password(jwe::PBES2_HS512_A256KW),
            "RSA1_5" => Self::Rsa(jwe::RSA1_5),
            "RSA-OAEP" => Self::Rsa(jwe::RSA_OAEP),
            "RSA-OAEP-256" => Self::Rsa(jwe::RSA_OAEP_256),
            "RSA-OAEP-384" => Self::Rsa(jwe::RSA_OAEP_384),
            "RSA-OAEP-512" => Self::Rsa(jwe::RSA_OAEP_512),
            other => return Err(format!("no algorithm `{other}`").into()),
        })
    }

    pub(crate) fn encrypter(&self, key: &Jwk) -> Result<Box<dyn JweEncrypter>, Refusal> {
        Ok(match self {
            Self::Direct(alg) => Box::new(alg.encrypter_from_jwk(key)?),
            Self::Agreed(alg) => Box::new(alg.encrypter_from_jwk(key)?),
            Self::Wrapped(alg) => Box::new(alg.encrypter_from_jwk(key)?),
            Self::GcmWrapped(alg) => Box::new(alg.encrypter_from_jwk(key)?),
            Self::Password(alg) => Box::new(alg.encrypter_from_jwk(key)?),
            Self::Rsa(alg) => Box::new(alg.encrypter_from_jwk(key)?),
        })
    }

    pub(crate) fn decrypter(&self, key: &Jwk) -> Result<Box<dyn JweDecrypter>, Refusal> {
        Ok(match self {
            Self::Direct(alg) => Box::new(alg.decrypter_from_jwk(key)?),
            Self::Agreed(alg) => Box::new(alg.decrypter_from_jwk(key)?),
            Self::Wrapped(alg) => Box::new(alg.decrypter_from_jwk(key)?),
            Self::GcmWrapped(alg) => Box::new(alg.decrypter_from_jwk(key)?),
            Self::Password(alg) => Box::new(alg.decrypter_from_jwk(key)?),
            Self::Rsa(alg) => Box::new(alg.decrypter_from_jwk(key)?),
        })
    }
}
