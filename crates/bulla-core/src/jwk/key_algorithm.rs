//! The algorithm identifiers of X.509 and PKCS#8, and the key types they stand for.

use core::fmt::Write as _;

use der::asn1::{AnyRef, ObjectIdentifier};
use pkcs1::RsaPssParamsOwned;
use spki::AlgorithmIdentifierRef;

use super::{EcCurve, KeyError, OkpCurve};
use crate::jwa::{AlgName, HashAlg, MlDsaParameters, SignatureAlg, SignatureScheme};

/// What kind of key an `AlgorithmIdentifier` announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyAlgorithm {
    Ec(EcCurve),
    MlDsa(MlDsaParameters),
    Okp(OkpCurve),
    Rsa {
        /// Where an RSASSA-PSS key is restricted to one hash, the `alg` that it comes to.
        alg: Option<&'static AlgName>,
    },
}

impl KeyAlgorithm {
    pub(super) fn read(identifier: AlgorithmIdentifierRef<'_>) -> Result<Self, KeyError> {
        let oid = identifier.oid;
        if oid == EC_PUBLIC_KEY {
            return ec_curve(identifier.parameters).map(Self::Ec);
        }
        if oid == RSA_ENCRYPTION {
            return match identifier.parameters {
                None => Ok(Self::Rsa { alg: None }),
                Some(parameters) if parameters.is_null() => Ok(Self::Rsa { alg: None }),
                Some(_) => Err(KeyError::malformed(
                    "rsaEncryption",
                    "has parameters that are not NULL (RFC 8017 appendix A.1)",
                )),
            };
        }
        if oid == RSASSA_PSS {
            return pss_restriction(identifier.parameters).map(|alg| Self::Rsa { alg });
        }
        let found = OKP
            .iter()
            .find(|row| row.0 == oid)
            .map(|row| Self::Okp(row.1))
            .or_else(|| {
                ML_DSA
                    .iter()
                    .find(|row| row.0 == oid)
                    .map(|row| Self::MlDsa(row.1))
            });
        match found {
            Some(_) if identifier.parameters.is_some() => Err(KeyError::malformed(
                "AlgorithmIdentifier",
                "has parameters where there must be none (RFC 8410 §3, RFC 9881 §2)",
            )),
            Some(found) => Ok(found),
            None => Err(KeyError::unsupported_value("key algorithm", &name_of(oid))),
        }
    }
}

/// What a file calls a curve.
pub(super) fn ec_curve(parameters: Option<AnyRef<'_>>) -> Result<EcCurve, KeyError> {
    let parameters = parameters.ok_or(KeyError::malformed(
        "EC parameters",
        "are missing: which curve?",
    ))?;
    let Ok(oid) = parameters.decode_as::<ObjectIdentifier>() else {
        return Err(KeyError::Unsupported(
            "a curve given by its numbers and not by its name (`openssl ec -param_enc named_curve` converts it)",
        ));
    };
    EC_CURVES
        .iter()
        .find(|row| row.0 == oid)
        .map(|row| row.1)
        .ok_or_else(|| KeyError::unsupported_value("curve", &name_of(oid)))
}

/// RFC 4055 §3.1: absent parameters restrict nothing; present ones fix hash, mask and the least length of the salt.
fn pss_restriction(parameters: Option<AnyRef<'_>>) -> Result<Option<&'static AlgName>, KeyError> {
    let parameters = match parameters {
        None => return Ok(None),
        // Some writers put NULL, as for rsaEncryption, and mean nothing by it.
        Some(parameters) if parameters.is_null() => return Ok(None),
        Some(parameters) => parameters,
    };
    let parameters: RsaPssParamsOwned = parameters.decode_as().map_err(|_| {
        KeyError::malformed(
            "RSASSA-PSS-params",
            "are not what RFC 8017 appendix A.2.3 describes",
        )
    })?;
    let mask_hash = parameters.mask_gen.parameters.as_ref().map(|mask| mask.oid);
    HASHES
        .iter()
        .find(|(oid, hash)| {
            *oid == parameters.hash.oid
                && parameters.mask_gen.oid == MGF1
                && mask_hash == Some(*oid)
                && usize::from(parameters.salt_len) <= hash.len()
        })
        .and_then(|(_, hash)| {
            SignatureAlg::table()
                .iter()
                .find(|row| row.scheme == SignatureScheme::RsaPss(*hash))
        })
        .map(|row| Some(&row.name))
        .ok_or(KeyError::Unsupported(
            "an RSASSA-PSS key restricted to something else than PS256, PS384 or PS512",
        ))
}

/// The name of an algorithm or curve that others use, else its number.
fn name_of(oid: ObjectIdentifier) -> String {
    let known = OTHERS.iter().find(|row| row.0 == oid);
    let mut name = String::new();
    let _ = match known {
        Some((_, known)) => write!(name, "{known} ({oid})"),
        None => write!(name, "{oid}"),
    };
    name
}

#[cfg(feature = "pem")]
pub(super) fn ec_oid(curve: EcCurve) -> ObjectIdentifier {
    let row = EC_CURVES.iter().find(|row| row.1 == curve);
    row.map_or(EC_PUBLIC_KEY, |row| row.0)
}

#[cfg(feature = "pem")]
pub(super) fn okp_oid(curve: OkpCurve) -> ObjectIdentifier {
    let row = OKP.iter().find(|row| row.1 == curve);
    row.map_or(EC_PUBLIC_KEY, |row| row.0)
}

#[cfg(feature = "pem")]
pub(super) fn ml_dsa_oid(parameters: MlDsaParameters) -> ObjectIdentifier {
    let row = ML_DSA.iter().find(|row| row.1 == parameters);
    row.map_or(EC_PUBLIC_KEY, |row| row.0)
}

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// [RFC 5480 §2.1.1](https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1).
pub(super) const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");
/// [RFC 8017 appendix A.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// [RFC 4055 §3.1](https://www.rfc-editor.org/rfc/rfc4055#section-3.1).
const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");

/// By number, never by size of the field: two curves have 256 bits.
const EC_CURVES: [(ObjectIdentifier, EcCurve); 4] = [
    (oid("1.2.840.10045.3.1.7"), EcCurve::P256),
    (oid("1.3.132.0.34"), EcCurve::P384),
    (oid("1.3.132.0.35"), EcCurve::P521),
    (oid("1.3.132.0.10"), EcCurve::Secp256k1),
];

/// [RFC 8410 §3](https://www.rfc-editor.org/rfc/rfc8410#section-3).
const OKP: [(ObjectIdentifier, OkpCurve); 4] = [
    (oid("1.3.101.110"), OkpCurve::X25519),
    (oid("1.3.101.111"), OkpCurve::X448),
    (oid("1.3.101.112"), OkpCurve::Ed25519),
    (oid("1.3.101.113"), OkpCurve::Ed448),
];

/// [RFC 9881 §2](https://www.rfc-editor.org/rfc/rfc9881#section-2).
const ML_DSA: [(ObjectIdentifier, MlDsaParameters); 3] = [
    (oid("2.16.840.1.101.3.4.3.17"), MlDsaParameters::MlDsa44),
    (oid("2.16.840.1.101.3.4.3.18"), MlDsaParameters::MlDsa65),
    (oid("2.16.840.1.101.3.4.3.19"), MlDsaParameters::MlDsa87),
];

const HASHES: [(ObjectIdentifier, HashAlg); 3] = [
    (oid("2.16.840.1.101.3.4.2.1"), HashAlg::Sha256),
    (oid("2.16.840.1.101.3.4.2.2"), HashAlg::Sha384),
    (oid("2.16.840.1.101.3.4.2.3"), HashAlg::Sha512),
];

/// What people do bring, so that an error can name it.
const OTHERS: [(ObjectIdentifier, &str); 9] = [
    (oid("1.2.840.10040.4.1"), "DSA"),
    (oid("1.2.840.10046.2.1"), "Diffie-Hellman"),
    (oid("1.2.840.113549.1.3.1"), "Diffie-Hellman"),
    (oid("1.2.840.113549.1.1.7"), "RSAES-OAEP"),
    (oid("1.2.840.10045.3.1.1"), "P-192"),
    (oid("1.3.132.0.33"), "P-224"),
    (oid("1.3.36.3.3.2.8.1.1.7"), "brainpoolP256r1"),
    (oid("1.3.36.3.3.2.8.1.1.11"), "brainpoolP384r1"),
    (oid("1.2.156.10197.1.301"), "SM2"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_and_parameter_set_has_its_number() {
        for curve in EcCurve::ALL {
            assert!(EC_CURVES.iter().any(|row| row.1 == *curve));
        }
        for curve in OkpCurve::ALL {
            assert!(OKP.iter().any(|row| row.1 == *curve));
        }
        for row in SignatureAlg::table() {
            if let SignatureScheme::MlDsa(parameters) = row.scheme {
                assert!(ML_DSA.iter().any(|row| row.1 == parameters));
            }
        }
    }
}
