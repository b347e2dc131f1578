//! A vault's JWK as JOSE has it.

use azure_security_keyvault_keys::models::{CurveName, JsonWebKey, KeyType};
use bulla_core::jwa::{
    KeyManagementAlg, KeyManagementScheme, MacAlg, SignatureAlg, SignatureScheme,
};
use bulla_core::jwk::{EcCurve, EcPublicKey, PublicJwk, PublicKey, RsaPublicKey};

use crate::{OpenError, Permitted, VaultError};

/// What a vault's JWK says: the public half without the vault's own words, and what the key may do.
#[derive(Debug)]
pub(super) struct Normalized {
    /// None for a symmetric key.
    pub(super) public: Option<PublicJwk>,
    pub(super) permitted: Permitted,
    /// Whether keys are unwrapped by `unwrapkey`, or else by `decrypt`, which is the same with RSA.
    pub(super) unwraps: bool,
    /// Whether it wraps keys, so that its length can be found out.
    pub(super) wraps: bool,
}

/// `EC-HSM` is EC and `P-256K` secp256k1; octets of zero before `n`, and missing ones before coordinates, are put right;
/// `kid` and `key_ops`, which are words of the vault, are left out.
///
/// # Errors
///
/// [`OpenError::Key`] for a public key that is none; [`VaultError::Unsupported`] for another type or curve.
pub(super) fn normalize(jwk: &JsonWebKey) -> Result<Normalized, OpenError> {
    let operations = jwk.key_ops.as_deref().unwrap_or_default();
    // A vault that says nothing about operations allows those of the type.
    let may = |name: &str| operations.is_empty() || operations.iter().any(|one| one == name);
    let (signs, unwraps, decrypts) = (may("sign"), may("unwrapKey"), may("decrypt"));
    let wraps = may("wrapKey");
    let (public, permitted) = match &jwk.kty {
        Some(KeyType::Ec | KeyType::EcHsm) => ec(jwk, signs)?,
        Some(KeyType::Rsa | KeyType::RsaHsm) => rsa(jwk, signs, unwraps || decrypts)?,
        Some(KeyType::Oct | KeyType::OctHsm) => (None, oct(signs, unwraps)),
        other => {
            let name = other
                .as_ref()
                .map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(VaultError::unsupported(format!("the key type {name}")).into());
        }
    };
    Ok(Normalized {
        public: public.map(PublicJwk::new),
        permitted,
        unwraps,
        wraps,
    })
}

type Parts = (Option<PublicKey>, Permitted);

fn ec(jwk: &JsonWebKey, signs: bool) -> Result<Parts, OpenError> {
    let curve = match &jwk.crv {
        Some(CurveName::P256) => EcCurve::P256,
        Some(CurveName::P256K) => EcCurve::Secp256k1,
        Some(CurveName::P384) => EcCurve::P384,
        Some(CurveName::P521) => EcCurve::P521,
        // What JOSE calls it, from a vault that says so.
        Some(CurveName::UnknownValue(name)) if name == "secp256k1" => EcCurve::Secp256k1,
        other => {
            let name = other
                .as_ref()
                .map_or_else(|| "none".to_owned(), ToString::to_string);
            return Err(VaultError::unsupported(format!("the curve {name}")).into());
        }
    };
    let coordinate = |octets: &Option<Vec<u8>>| fitted(octets.as_deref(), curve.field_len());
    let key = EcPublicKey::new(curve, coordinate(&jwk.x), coordinate(&jwk.y))?;
    let permitted = Permitted {
        signatures: signatures(
            signs,
            |scheme| matches!(scheme, SignatureScheme::Ecdsa(of, _) if of == curve),
        ),
        ..Permitted::default()
    };
    Ok((Some(PublicKey::Ec(key)), permitted))
}

fn rsa(jwk: &JsonWebKey, signs: bool, decrypts: bool) -> Result<Parts, OpenError> {
    let number = |octets: &Option<Vec<u8>>| octets.clone().unwrap_or_default();
    // Leading zero octets are dropped there.
    let key = RsaPublicKey::new(number(&jwk.n), number(&jwk.e))?;
    let key_management = if decrypts {
        vec![KeyManagementAlg::RsaOaep256, KeyManagementAlg::RsaOaep]
    } else {
        Vec::new()
    };
    let permitted = Permitted {
        signatures: signatures(signs, |scheme| {
            matches!(
                scheme,
                SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_)
            )
        }),
        key_management,
        ..Permitted::default()
    };
    Ok((Some(PublicKey::Rsa(key)), permitted))
}

/// Its length stands nowhere. An HSM has 256 bits at most, which is too few for HS384 and HS512 (RFC 7518 §3.2).
fn oct(signs: bool, unwraps: bool) -> Permitted {
    let key_management = KeyManagementAlg::table()
        .iter()
        .filter(|row| unwraps && matches!(row.scheme, KeyManagementScheme::AesKw { .. }))
        .map(|row| row.alg);
    Permitted {
        macs: signs.then_some(MacAlg::Hs256).into_iter().collect(),
        key_management: key_management.collect(),
        ..Permitted::default()
    }
}

fn signatures(signs: bool, fits: impl Fn(SignatureScheme) -> bool) -> Vec<SignatureAlg> {
    let rows = SignatureAlg::table().iter();
    rows.filter(|row| signs && fits(row.scheme))
        .map(|row| row.alg)
        .collect()
}

/// A coordinate as long as the field: some writers drop leading zeros, others put one there.
fn fitted(octets: Option<&[u8]>, len: usize) -> Vec<u8> {
    let octets = octets.unwrap_or_default();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let number = octets.get(zeros..).unwrap_or_default();
    // One that is too long stays so, and is refused as a coordinate.
    let mut fitted = vec![0; len.saturating_sub(number.len())];
    fitted.extend_from_slice(number);
    fitted
}

#[cfg(test)]
mod tests {
    use azure_security_keyvault_keys::models::{CurveName, JsonWebKey, KeyType};
    use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
    use bulla_core::jwk::{PublicJwk, PublicKey};

    use super::normalize;

    fn ops(names: &[&str]) -> Option<Vec<String>> {
        Some(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn words_of_the_vault_become_those_of_jose() {
        let jwk = JsonWebKey {
            kty: Some(KeyType::EcHsm),
            crv: Some(CurveName::P256K),
            kid: Some("https://v/keys/n/1".into()),
            key_ops: ops(&["sign", "verify"]),
            // One zero too few, one too many.
            x: Some(vec![7; 31]),
            y: Some([&[0][..], &[9; 32]].concat()),
            ..JsonWebKey::default()
        };
        let key = normalize(&jwk).expect("a key");
        assert_eq!(key.permitted.signatures, [SignatureAlg::Es256k]);
        let public = key.public.expect("a public half");
        assert_eq!(
            (&public.members().kid, &public.members().key_ops),
            (&None, &None)
        );
        let PublicKey::Ec(point) = public.key() else {
            panic!("EC")
        };
        assert_eq!(public.key().describe(), "EC secp256k1");
        assert_eq!(point.x(), [&[0][..], &[7; 31]].concat());
        assert_eq!(point.y(), [9; 32]);
    }

    #[test]
    fn a_zero_before_the_modulus_changes_neither_key_nor_thumbprint() {
        let rsa = |n: Vec<u8>| -> PublicJwk {
            let jwk = JsonWebKey {
                kty: Some(KeyType::RsaHsm),
                n: Some(n),
                e: Some(vec![1, 0, 1]),
                ..JsonWebKey::default()
            };
            normalize(&jwk)
                .expect("a key")
                .public
                .expect("a public half")
        };
        let plain = vec![0xc1; 256];
        assert_eq!(rsa([&[0][..], &plain].concat()), rsa(plain));
    }

    #[test]
    fn operations_of_the_key_decide() {
        let rsa = |names: &[&str]| {
            let jwk = JsonWebKey {
                kty: Some(KeyType::Rsa),
                n: Some(vec![0xc1; 256]),
                e: Some(vec![1, 0, 1]),
                key_ops: ops(names),
                ..JsonWebKey::default()
            };
            normalize(&jwk).expect("a key")
        };
        let signing = rsa(&["sign"]);
        assert_eq!(signing.permitted.signatures.len(), 6);
        assert!(signing.permitted.key_management.is_empty());
        let decrypting = rsa(&["decrypt"]);
        assert!(decrypting.permitted.signatures.is_empty() && !decrypting.unwraps);
        assert_eq!(
            decrypting.permitted.key_management,
            [KeyManagementAlg::RsaOaep256, KeyManagementAlg::RsaOaep]
        );
        assert!(rsa(&["unwrapKey"]).unwraps);
        assert_eq!(
            rsa(&["verify", "encrypt"]).permitted,
            super::Permitted::default()
        );
    }

    #[test]
    fn a_symmetric_key_has_no_public_half() {
        let jwk = JsonWebKey {
            kty: Some(KeyType::OctHsm),
            key_ops: ops(&["sign", "wrapKey", "unwrapKey"]),
            ..JsonWebKey::default()
        };
        let key = normalize(&jwk).expect("a key");
        assert!(key.public.is_none());
        assert_eq!(key.permitted.macs, [MacAlg::Hs256]);
        assert_eq!(key.permitted.key_management.len(), 3);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let of = |kty: KeyType| JsonWebKey {
            kty: Some(kty),
            ..JsonWebKey::default()
        };
        let mut curve = of(KeyType::Ec);
        curve.crv = Some(CurveName::UnknownValue("P-192".into()));
        let mut long = of(KeyType::Ec);
        long.crv = Some(CurveName::P256);
        (long.x, long.y) = (Some(vec![1; 33]), Some(vec![1; 32]));
        let cases = [
            (JsonWebKey::default(), "remote.unsupported"),
            (
                of(KeyType::UnknownValue("OKP".into())),
                "remote.unsupported",
            ),
            (curve, "remote.unsupported"),
            (long, "jwk.malformed"),
            (of(KeyType::Rsa), "jwk.malformed"),
        ];
        for (jwk, code) in cases {
            let error = normalize(&jwk).expect_err("no key");
            assert_eq!(error.code(), code, "{jwk:?}");
        }
    }
}
