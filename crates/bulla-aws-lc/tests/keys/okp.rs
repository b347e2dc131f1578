use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{OkpCurve, OkpPrivateKey, OkpPublicKey, PrivateKey, PublicKey};
use bulla_core::key::{KeySpec, PartialPrivateKey, SigningInput};
use ed448_goldilocks_plus::{CompressedEdwardsY, EdwardsPoint};

use super::{MALFORMED, UNSUPPORTED, code, hex, signer_refusal, verifier_refusal};

const SIGNING: [(OkpCurve, SignatureAlg); 2] = [
    (OkpCurve::Ed25519, SignatureAlg::Ed25519),
    (OkpCurve::Ed448, SignatureAlg::Ed448),
];

fn generate(curve: OkpCurve) -> OkpPrivateKey {
    match bulla_aws_lc::backend().generate(KeySpec::Okp(curve)) {
        Ok(PrivateKey::Okp(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn complete(curve: OkpCurve, d: &[u8]) -> OkpPrivateKey {
    let partial = PartialPrivateKey::Okp {
        curve,
        d: d.into(),
        public: None,
    };
    match bulla_aws_lc::backend().complete(partial) {
        Ok(PrivateKey::Okp(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn refusal(curve: OkpCurve, x: &[u8]) -> Option<&'static str> {
    let alg = SIGNING.iter().find(|row| row.0 == curve).unwrap().1;
    verifier_refusal(&PublicKey::Okp(OkpPublicKey::new(curve, x).unwrap()), alg)
}

#[test]
fn a_seed_beside_the_public_key_of_another_is_refused() {
    for (curve, alg) in SIGNING {
        let (key, other) = (generate(curve), generate(curve));
        let mixed = OkpPrivateKey::new(other.public().clone(), key.d().clone()).unwrap();
        assert_eq!(
            signer_refusal(&PrivateKey::Okp(mixed), alg),
            MALFORMED,
            "{alg}"
        );
        assert_eq!(signer_refusal(&PrivateKey::Okp(key), alg), None, "{alg}");
    }
}

#[test]
fn the_public_half_is_computed_on_every_curve_and_another_is_refused() {
    let backend = bulla_aws_lc::backend();
    for curve in OkpCurve::ALL {
        let (key, other) = (generate(*curve), generate(*curve));
        assert_eq!(key.public().x().len(), curve.key_len());
        assert_eq!(key.d().len(), curve.key_len());
        let partial = |public: Option<&OkpPublicKey>| PartialPrivateKey::Okp {
            curve: *curve,
            d: key.d().clone(),
            public: public.map(|public| public.x().to_vec()),
        };
        for public in [None, Some(key.public())] {
            let completed = backend.complete(partial(public)).unwrap();
            assert_eq!(completed, PrivateKey::Okp(key.clone()), "{curve}");
        }
        assert_eq!(
            code(backend.complete(partial(Some(other.public())))),
            MALFORMED
        );
        let short = PartialPrivateKey::Okp {
            curve: *curve,
            d: key.d().expose()[1..].into(),
            public: None,
        };
        assert_eq!(code(backend.complete(short)), MALFORMED, "{curve}");
    }
}

#[test]
fn keys_for_agreement_do_not_sign() {
    for curve in [OkpCurve::X25519, OkpCurve::X448] {
        let key = PrivateKey::Okp(generate(curve));
        assert_eq!(signer_refusal(&key, SignatureAlg::EdDsa), UNSUPPORTED);
        assert_eq!(
            verifier_refusal(&key.public(), SignatureAlg::EdDsa),
            UNSUPPORTED
        );
    }
}

/// RFC 7748 §6.1 and §6.2, Alice's keys.
#[test]
fn x25519_and_x448_public_keys_are_those_of_rfc_7748() {
    let vectors = [
        (
            OkpCurve::X25519,
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        ),
        (
            OkpCurve::X448,
            "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
            "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
        ),
    ];
    for (curve, scalar, public) in vectors {
        assert_eq!(complete(curve, &hex(scalar)).public().x(), hex(public));
    }
}

/// RFC 8032 §7.4, "1 octet", and §7.1, "TEST 2".
#[test]
fn ed448_and_ed25519_sign_as_rfc_8032_does() {
    let vectors = [
        (
            OkpCurve::Ed448,
            SignatureAlg::Ed448,
            "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
            "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
            "03",
            "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
        ),
        (
            OkpCurve::Ed25519,
            SignatureAlg::Ed25519,
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ];
    for (curve, alg, seed, public, message, signature) in vectors {
        let key = complete(curve, &hex(seed));
        assert_eq!(key.public().x(), hex(public), "{alg}");
        let signer = bulla_aws_lc::backend()
            .signer(&PrivateKey::Okp(key), alg)
            .unwrap();
        let message = hex(message);
        let made = signer.sign(&SigningInput::for_tests(&message)).unwrap();
        assert_eq!(made.as_ref(), hex(signature), "{alg}");
    }
}

/// The neutral element, the point of order two, the points of order four.
#[test]
fn ed448_public_keys_of_small_order_are_refused() {
    let mut one = [0; 57];
    one[0] = 1;
    // 2⁴⁴⁸ - 2²²⁴ - 2
    let mut minus_one = [0xff; 57];
    (minus_one[0], minus_one[28], minus_one[56]) = (0xfe, 0xfe, 0);
    for mut encoded in [[0; 57], one, minus_one] {
        let point = CompressedEdwardsY(encoded).decompress_unchecked();
        let point = Option::<EdwardsPoint>::from(point).expect("on the curve");
        assert_eq!(point.double().double(), EdwardsPoint::IDENTITY);
        assert_eq!(refusal(OkpCurve::Ed448, &encoded), MALFORMED);
        encoded[56] |= 0x80;
        assert_eq!(refusal(OkpCurve::Ed448, &encoded), MALFORMED);
    }
}

/// A key plus a point of small order verifies what the key signed, now and then; RFC 8032 makes no such key.
#[test]
fn ed448_public_keys_outside_the_prime_order_group_are_refused() {
    let order_four = CompressedEdwardsY([0; 57]).decompress_unchecked();
    let order_four = Option::<EdwardsPoint>::from(order_four).unwrap();
    for _ in 0..5 {
        let key = generate(OkpCurve::Ed448);
        let point = CompressedEdwardsY(key.public().x().try_into().unwrap()).decompress();
        let point = Option::<EdwardsPoint>::from(point).unwrap();
        assert_eq!(refusal(OkpCurve::Ed448, key.public().x()), None);
        let mixed = (point + order_four).compress();
        assert_eq!(refusal(OkpCurve::Ed448, mixed.as_bytes()), MALFORMED);
    }
}

#[test]
fn ed448_public_keys_have_one_encoding() {
    let key = generate(OkpCurve::Ed448);
    for bit in 0..7 {
        let mut x = key.public().x().to_vec();
        x[56] ^= 1 << bit;
        assert_eq!(refusal(OkpCurve::Ed448, &x), MALFORMED, "bit {bit}");
    }
    // A point of prime order whose y is so small that y plus the prime still fits.
    let mut small = [0; 57];
    let y = (2..=255_u8).find(|y| {
        small[0] = *y;
        refusal(OkpCurve::Ed448, &small).is_none()
    });
    let y = y.expect("a small y");
    // 2⁴⁴⁸ - 2²²⁴ - 1 + y
    let mut above = [0xff; 57];
    (above[28], above[56]) = (0xfe, 0);
    above[0] = y - 1;
    above[1..28].fill(0);
    above[28] = 0xff;
    assert_eq!(
        Option::<EdwardsPoint>::from(CompressedEdwardsY(above).decompress()),
        Option::<EdwardsPoint>::from(CompressedEdwardsY(small).decompress()),
        "the library takes both for one point"
    );
    assert_eq!(refusal(OkpCurve::Ed448, &above), MALFORMED);
}

#[test]
fn numbers_that_are_no_point_are_refused() {
    for (curve, _) in SIGNING {
        let mut x = vec![0; curve.key_len()];
        let refused = (2..=201_u8)
            .filter(|y| {
                x[0] = *y;
                refusal(curve, &x) == MALFORMED
            })
            .count();
        // Half of all numbers are no y; of the points, three of four are not of prime order on Ed448.
        let expected = if curve == OkpCurve::Ed448 {
            140..200
        } else {
            70..130
        };
        assert!(expected.contains(&refused), "{curve}: {refused}");
    }
}
