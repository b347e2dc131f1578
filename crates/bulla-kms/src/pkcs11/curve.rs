//! Curves and points as tokens have them.

use bulla_core::jwk::{EcCurve, EcPublicKey, KeyError, OkpCurve, OkpPublicKey, PublicKey};
use cryptoki::object::KeyType;
use der::Decode as _;
use der::asn1::{ObjectIdentifier, OctetStringRef, PrintableStringRef};

/// A curve that JOSE has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    Ec(EcCurve),
    Okp(OkpCurve),
}

impl Curve {
    /// `CKA_EC_PARAMS`: an object identifier or, for Edwards and Montgomery curves, a name.
    pub(super) fn read(parameters: &[u8], kind: KeyType) -> Result<Self, KeyError> {
        let found = if let Ok(oid) = ObjectIdentifier::from_der(parameters) {
            BY_OID
                .iter()
                .find(|(known, _)| *known == oid)
                .map(|row| row.1)
        } else if let Ok(name) = PrintableStringRef::from_der(parameters) {
            let named = |row: &&(&str, Self)| row.0 == name.as_str();
            BY_NAME.iter().find(named).map(|row| row.1)
        } else {
            None
        };
        let found = found.ok_or(KeyError::Unsupported("this curve"))?;
        let is_ec = matches!(found, Self::Ec(_));
        if is_ec == (kind == KeyType::EC) {
            Ok(found)
        } else {
            Err(KeyError::malformed(
                "CKA_EC_PARAMS",
                "is not of the key's type",
            ))
        }
    }

    /// `CKA_EC_POINT`: in an OCTET STRING, as PKCS#11 2.40 has it, or as it is.
    pub(super) fn key(self, point: &[u8]) -> Result<PublicKey, KeyError> {
        let plain = match <&OctetStringRef>::from_der(point) {
            // An uncompressed point may look like an OCTET STRING, for both begin with 04; then it is as long as a point.
            Ok(inner) if point.len() != self.point_len() => inner.as_bytes(),
            _ => point,
        };
        Ok(match self {
            Self::Ec(curve) => PublicKey::Ec(EcPublicKey::from_uncompressed(curve, plain)?),
            Self::Okp(curve) => PublicKey::Okp(OkpPublicKey::new(curve, plain)?),
        })
    }

    const fn point_len(self) -> usize {
        match self {
            Self::Ec(curve) => 2 * curve.field_len() + 1,
            Self::Okp(curve) => curve.key_len(),
        }
    }
}

const BY_OID: &[(ObjectIdentifier, Curve)] = &[
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        Curve::Ec(EcCurve::P256),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        Curve::Ec(EcCurve::P384),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        Curve::Ec(EcCurve::P521),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.132.0.10"),
        Curve::Ec(EcCurve::Secp256k1),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.101.110"),
        Curve::Okp(OkpCurve::X25519),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.101.111"),
        Curve::Okp(OkpCurve::X448),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.101.112"),
        Curve::Okp(OkpCurve::Ed25519),
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.101.113"),
        Curve::Okp(OkpCurve::Ed448),
    ),
];

/// PKCS#11 3.0 §2.3.10 and §2.3.11.
const BY_NAME: &[(&str, Curve)] = &[
    ("edwards25519", Curve::Okp(OkpCurve::Ed25519)),
    ("edwards448", Curve::Okp(OkpCurve::Ed448)),
    ("curve25519", Curve::Okp(OkpCurve::X25519)),
    ("curve448", Curve::Okp(OkpCurve::X448)),
];

#[cfg(test)]
mod tests {
    use super::*;

    const P256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

    #[test]
    fn names_and_identifiers() {
        assert_eq!(
            Curve::read(&P256, KeyType::EC).expect("P-256"),
            Curve::Ec(EcCurve::P256)
        );
        let ed25519 = [6, 3, 0x2b, 0x65, 0x70];
        let named = b"\x13\x0cedwards25519";
        for parameters in [&ed25519[..], named] {
            let curve = Curve::read(parameters, KeyType::EC_EDWARDS).expect("Ed25519");
            assert_eq!(curve, Curve::Okp(OkpCurve::Ed25519));
            assert!(Curve::read(parameters, KeyType::EC).is_err());
        }
        assert!(Curve::read(&[6, 1, 0x2a], KeyType::EC).is_err());
        assert!(Curve::read(&[], KeyType::EC).is_err());
    }

    #[test]
    fn points_with_and_without_their_wrapping() {
        // A point whose x begins as the length of an OCTET STRING would: 04 3f.
        let mut plain = vec![4, 0x3f];
        plain.extend_from_slice(&[7; 63]);
        let mut wrapped = vec![4, 65];
        wrapped.extend_from_slice(&plain);
        let curve = Curve::Ec(EcCurve::P256);
        let key = curve.key(&plain).expect("plain");
        assert_eq!(curve.key(&wrapped).expect("wrapped"), key);
        assert!(curve.key(&plain[..64]).is_err());

        let curve = Curve::Okp(OkpCurve::Ed25519);
        let plain = [[4, 30].as_slice(), &[9; 30]].concat();
        let wrapped = [&[4, 32], plain.as_slice()].concat();
        assert_eq!(
            curve.key(&wrapped).expect("wrapped"),
            curve.key(&plain).expect("plain")
        );
    }
}
