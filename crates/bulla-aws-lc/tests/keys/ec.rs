use bulla_core::jwa::{SignatureAlg, SignatureScheme};
use bulla_core::jwk::{EcCurve, EcPrivateKey, EcPublicKey, PrivateKey, PublicKey};
use bulla_core::key::{CheckError, KeySpec, PartialPrivateKey, SigningInput};

use super::{MALFORMED, code, hex, signer_refusal, successor, verifier_refusal};

/// Each curve with its algorithm, the order of its base point, and its prime (SEC 2, FIPS 186-4).
fn curves() -> Vec<(SignatureAlg, EcCurve, Vec<u8>, Vec<u8>)> {
    let numbers = |curve| {
        match curve {
        EcCurve::P256 => (
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551".to_owned(),
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff".to_owned(),
        ),
        EcCurve::P384 => (
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
                .to_owned(),
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"
                .to_owned(),
        ),
        EcCurve::P521 => (
            format!(
                "01{}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
                "ff".repeat(32)
            ),
            format!("01{}", "ff".repeat(65)),
        ),
        EcCurve::Secp256k1 => (
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".to_owned(),
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f".to_owned(),
        ),
        other => panic!("{other} has no test"),
    }
    };
    let mut curves = Vec::new();
    for facts in SignatureAlg::table() {
        if let SignatureScheme::Ecdsa(curve, _) = facts.scheme {
            let (order, prime) = numbers(curve);
            assert_eq!(order.len(), 2 * curve.field_len());
            assert_eq!(prime.len(), 2 * curve.field_len());
            curves.push((facts.alg, curve, hex(&order), hex(&prime)));
        }
    }
    assert_eq!(curves.len(), EcCurve::ALL.len());
    curves
}

fn generate(curve: EcCurve) -> EcPrivateKey {
    match bulla_aws_lc::backend().generate(KeySpec::Ec(curve)) {
        Ok(PrivateKey::Ec(key)) => key,
        other => panic!("{other:?}"),
    }
}

/// The scalar one, whose point is the base point.
fn one(curve: EcCurve) -> (Vec<u8>, EcPublicKey) {
    let mut d = vec![0; curve.field_len()];
    *d.last_mut().unwrap() = 1;
    let partial = PartialPrivateKey::Ec {
        curve,
        d: d.as_slice().into(),
        public: None,
    };
    match bulla_aws_lc::backend().complete(partial) {
        Ok(PrivateKey::Ec(key)) => (d, key.public().clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_point_off_the_curve_is_refused() {
    for (alg, curve, _, _) in curves() {
        let key = generate(curve);
        let mut y = key.public().y().to_vec();
        *y.last_mut().unwrap() ^= 1;
        let len = curve.field_len();
        let points = [
            (key.public().x().to_vec(), y),
            (key.public().y().to_vec(), key.public().x().to_vec()),
            (vec![0; len], vec![0; len]),
            (vec![0xff; len], vec![0xff; len]),
        ];
        for (x, y) in points {
            let public = EcPublicKey::new(curve, x, y).unwrap();
            let private = EcPrivateKey::new(public.clone(), key.d().clone()).unwrap();
            assert_eq!(
                verifier_refusal(&PublicKey::Ec(public), alg),
                MALFORMED,
                "{alg}"
            );
            assert_eq!(
                signer_refusal(&PrivateKey::Ec(private), alg),
                MALFORMED,
                "{alg}"
            );
        }
    }
}

/// A coordinate has one representation. Where the field leaves room above the prime, the sum does not pass.
#[test]
fn a_coordinate_not_below_the_prime_is_refused() {
    for (alg, curve, _, prime) in curves() {
        let (_, base) = one(curve);
        let public = EcPublicKey::new(curve, base.x(), prime.clone()).unwrap();
        assert_eq!(
            verifier_refusal(&PublicKey::Ec(public), alg),
            MALFORMED,
            "{alg}"
        );
    }
    // On P-256 the point whose x is 5 is as good as the one whose x is the prime plus 5.
    let (alg, curve, _, prime) = curves().swap_remove(0);
    let y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
    let mut x = vec![0; 32];
    x[31] = 5;
    let public = EcPublicKey::new(curve, x, hex(y)).unwrap();
    assert_eq!(verifier_refusal(&PublicKey::Ec(public), alg), None);
    let mut x = prime;
    (0..5).for_each(|_| x = successor(&x));
    let public = EcPublicKey::new(curve, x, hex(y)).unwrap();
    assert_eq!(verifier_refusal(&PublicKey::Ec(public), alg), MALFORMED);
}

#[test]
fn a_scalar_that_is_zero_or_not_below_the_order_is_refused() {
    for (alg, curve, order, _) in curves() {
        let (one, base) = one(curve);
        let key = |d: &[u8]| PrivateKey::Ec(EcPrivateKey::new(base.clone(), d).unwrap());
        assert_eq!(signer_refusal(&key(&one), alg), None, "{alg}");
        // The order plus one has the same point as one.
        for d in [vec![0; curve.field_len()], order.clone(), successor(&order)] {
            assert_eq!(signer_refusal(&key(&d), alg), MALFORMED, "{alg}");
            let completed = bulla_aws_lc::backend().complete(PartialPrivateKey::Ec {
                curve,
                d: d.into(),
                public: None,
            });
            assert_eq!(code(completed), MALFORMED, "{alg}");
        }
    }
}

#[test]
fn a_scalar_beside_the_point_of_another_is_refused() {
    let backend = bulla_aws_lc::backend();
    for (alg, curve, _, _) in curves() {
        let (key, other) = (generate(curve), generate(curve));
        let mixed = EcPrivateKey::new(other.public().clone(), key.d().clone()).unwrap();
        assert_eq!(
            signer_refusal(&PrivateKey::Ec(mixed), alg),
            MALFORMED,
            "{alg}"
        );

        let partial = |public: Option<&EcPublicKey>| PartialPrivateKey::Ec {
            curve,
            d: key.d().clone(),
            public: public.map(EcPublicKey::to_uncompressed),
        };
        for public in [None, Some(key.public())] {
            let completed = backend.complete(partial(public)).unwrap();
            assert_eq!(completed, PrivateKey::Ec(key.clone()), "{alg}");
        }
        let mixed = backend.complete(partial(Some(other.public())));
        assert_eq!(code(mixed), MALFORMED, "{alg}");
    }
}

/// CVE-2022-21449, and its relatives: no choice of R and S out of range verifies.
#[test]
fn numbers_out_of_range_are_no_signature() {
    let backend = bulla_aws_lc::backend();
    for (alg, curve, order, prime) in curves() {
        let key = PrivateKey::Ec(generate(curve));
        let sign = backend.signer(&key, alg).unwrap();
        let verify = backend.verifier(&key.public(), alg).unwrap();
        let input = SigningInput::for_tests(b"message");
        let signature = sign.sign(&input).unwrap();
        let (r, s) = signature.as_ref().split_at(curve.field_len());
        let zero = vec![0; curve.field_len()];
        let high = vec![0xff; curve.field_len()];
        let (one, _) = one(curve);
        let numbers = [&zero, &one, &order, &successor(&order), &prime, &high];
        let mut pairs = Vec::new();
        for number in numbers {
            pairs.extend(numbers.map(|other| [number.as_slice(), other].concat()));
            pairs.push([number, s].concat());
            pairs.push([r, number].concat());
        }
        for pair in pairs {
            assert!(
                matches!(
                    verify.verify(&input, &pair),
                    Err(CheckError::SignatureInvalid)
                ),
                "{alg} {pair:02x?}"
            );
        }
        verify.verify(&input, signature.as_ref()).unwrap();
    }
}

/// RFC 7518 §3.4 wants R‖S. X.509 and most libraries write the same numbers as DER.
#[test]
fn a_signature_in_der_does_not_verify() {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair,
    };
    let key = generate(EcCurve::P256);
    let verify = bulla_aws_lc::backend()
        .verifier(&PublicKey::Ec(key.public().clone()), SignatureAlg::Es256)
        .unwrap();
    for (algorithm, verifies) in [
        (&ECDSA_P256_SHA256_FIXED_SIGNING, true),
        (&ECDSA_P256_SHA256_ASN1_SIGNING, false),
    ] {
        let point = key.public().to_uncompressed();
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(algorithm, key.d().expose(), &point);
        let random = aws_lc_rs::rand::SystemRandom::new();
        let signature = pair.unwrap().sign(&random, b"message").unwrap();
        let outcome = verify.verify(&SigningInput::for_tests(b"message"), signature.as_ref());
        assert_eq!(outcome.is_ok(), verifies);
    }
}

/// RFC 7518 §6.2.2.1: `d` is as long as the field.
#[test]
fn generated_scalars_keep_their_leading_zeros() {
    let backend = bulla_aws_lc::backend();
    for (alg, curve, _, _) in curves() {
        let mut found = false;
        for _ in 0..5000 {
            let key = generate(curve);
            assert_eq!(key.d().len(), curve.field_len(), "{alg}");
            if key.d().expose()[0] == 0 {
                let partial = PartialPrivateKey::Ec {
                    curve,
                    d: key.d().clone(),
                    public: None,
                };
                assert_eq!(
                    backend.complete(partial).unwrap(),
                    PrivateKey::Ec(key.clone())
                );
                assert_eq!(signer_refusal(&PrivateKey::Ec(key), alg), None, "{alg}");
                found = true;
                break;
            }
        }
        assert!(found, "{alg}: no leading zero found");
    }
}
