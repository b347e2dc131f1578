//! SEC 1 (RFC 5915): `ECPrivateKey`, alone in a file or inside PKCS#8.

use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode as _, Encode as _, Sequence};

use super::super::{
    EcCurve, EcPrivateKey, KeyError, PrivateJwk, PrivateKey, PublicKey, key_algorithm,
};
use super::Encoded;
use super::spki::too_long;
use crate::key::{Backend, PartialPrivateKey};
use crate::secret::SecretBytes;

/// Writes `ECPrivateKey` with its curve and its public point, the `EC PRIVATE KEY` of PEM.
///
/// # Errors
///
/// [`KeyError::WrongKind`] for a key that is not `kty: EC`.
pub fn write_sec1(key: &PrivateKey) -> Result<Encoded, KeyError> {
    match key {
        PrivateKey::Ec(key) => {
            let curve = key_algorithm::ec_oid(key.public().curve());
            let der = private_der(key, Some(AnyRef::from(&curve)))?;
            Ok(Encoded::new("EC PRIVATE KEY", der))
        }
        other => Err(KeyError::WrongKind {
            found: other.describe(),
            expected: "EC, the only kind that SEC 1 knows (PKCS#8 holds every kind)",
        }),
    }
}

pub(super) fn read(der: &[u8], backend: &dyn Backend) -> Result<PrivateJwk, KeyError> {
    read_within(der, None, backend).map(PrivateJwk::new)
}

/// `outer` is the curve that the structure around it names.
pub(super) fn read_within(
    der: &[u8],
    outer: Option<EcCurve>,
    backend: &dyn Backend,
) -> Result<PrivateKey, KeyError> {
    let key = EcPrivateKeyDer::from_der(der)
        .ok()
        .filter(|key| key.version == 1)
        .ok_or(KeyError::malformed(
            "ECPrivateKey",
            "is not what RFC 5915 §3 describes",
        ))?;
    let inner = key
        .parameters
        .map(|parameters| key_algorithm::ec_curve(Some(parameters)))
        .transpose()?;
    let curve = match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => {
            return Err(KeyError::malformed(
                "ECPrivateKey",
                "names another curve than the PKCS#8 structure around it",
            ));
        }
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => {
            return Err(KeyError::malformed(
                "ECPrivateKey",
                "does not name its curve",
            ));
        }
    };
    let point = key
        .public_key
        .map(|point| {
            point.as_bytes().ok_or(KeyError::malformed(
                "ECPrivateKey",
                "has a public key that is not a whole number of octets",
            ))
        })
        .transpose()?;
    let uncompressed = point.filter(|point| point.first() == Some(&4));
    let complete = backend.complete(PartialPrivateKey::Ec {
        curve,
        d: scalar(curve, key.private_key.as_bytes())?,
        public: uncompressed.map(<[u8]>::to_vec),
    })?;
    match point {
        Some(point) if uncompressed.is_none() && !is_compressed_form(point, &complete) => {
            Err(KeyError::malformed(
                "ECPrivateKey",
                "has a public key that is not that of its private key",
            ))
        }
        _ => Ok(complete),
    }
}

pub(super) fn private_der(
    key: &EcPrivateKey,
    parameters: Option<AnyRef<'_>>,
) -> Result<Vec<u8>, KeyError> {
    let point = key.public().to_uncompressed();
    EcPrivateKeyDer {
        version: 1,
        private_key: OctetStringRef::new(key.d().expose()).map_err(too_long)?,
        parameters,
        public_key: Some(BitStringRef::from_bytes(&point).map_err(too_long)?),
    }
    .to_der()
    .map_err(too_long)
}

/// ```text
/// ECPrivateKey ::= SEQUENCE {
///   version        INTEGER { ecPrivkeyVer1(1) },
///   privateKey     OCTET STRING,
///   parameters [0] ECParameters {{ NamedCurve }} OPTIONAL,
///   publicKey  [1] BIT STRING OPTIONAL }
/// ```
#[derive(Sequence)]
struct EcPrivateKeyDer<'a> {
    version: u8,
    private_key: &'a OctetStringRef,
    /// Not an OID yet: what else it may be is worth an error of its own.
    #[asn1(context_specific = "0", optional = "true")]
    parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", optional = "true")]
    public_key: Option<BitStringRef<'a>>,
}

/// As long as the field (RFC 5915 §3). Some writers leave leading zeros out, and some put one too many.
fn scalar(curve: EcCurve, octets: &[u8]) -> Result<SecretBytes, KeyError> {
    let len = curve.field_len();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    if significant.len() > len {
        return Err(KeyError::malformed(
            "ECPrivateKey",
            "has a scalar longer than the field of its curve",
        ));
    }
    let mut padded = vec![0; len - significant.len()];
    padded.reserve_exact(significant.len());
    padded.extend_from_slice(significant);
    Ok(padded.into())
}

/// SEC 1 §2.3.3: the parity of y, then x.
fn is_compressed_form(point: &[u8], key: &PrivateKey) -> bool {
    let PublicKey::Ec(public) = key.public() else {
        return false;
    };
    let parity = public.y().last().map_or(0, |octet| octet & 1);
    point.split_first() == Some((&(2 + parity), public.x()))
}
