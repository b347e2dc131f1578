use std::sync::OnceLock;

use bulla_core::SecretBytes;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{
    KeyError, PrivateKey, PublicKey, RsaCrt, RsaOtherPrime, RsaPrivateKey, RsaPublicKey,
};
use bulla_core::key::{KeySpec, PartialPrivateKey, SigningInput};
use crypto_bigint::{BoxedUint, ConcatenatingMul as _, Gcd as _, NonZero};

use super::{MALFORMED, TOO_WEAK, UNSUPPORTED, code, signer_refusal, verifier_refusal};

const ALG: SignatureAlg = SignatureAlg::Rs256;

fn generate(bits: usize) -> RsaPrivateKey {
    match bulla_aws_lc::backend().generate(KeySpec::Rsa { bits }) {
        Ok(PrivateKey::Rsa(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| generate(2048))
}

fn complete(key: RsaPrivateKey) -> Result<RsaPrivateKey, KeyError> {
    let completed = bulla_aws_lc::backend().complete(PartialPrivateKey::Rsa(key))?;
    match completed {
        PrivateKey::Rsa(key) => Ok(key),
        other => panic!("{other:?}"),
    }
}

fn without_primes(key: &RsaPrivateKey, d: &[u8]) -> RsaPrivateKey {
    RsaPrivateKey::new(key.public().clone(), d, None).unwrap()
}

fn number(octets: &SecretBytes) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(octets.expose())
}

fn octets(number: &BoxedUint) -> SecretBytes {
    number.to_be_bytes().into_vec().into()
}

fn modulus(number: BoxedUint) -> NonZero<BoxedUint> {
    NonZero::new(number).into_option().unwrap()
}

#[test]
fn generated_keys_have_all_members_and_the_length_asked_for() {
    for bits in [2048, 3072, 4096] {
        let key = generate(bits);
        assert_eq!(key.public().bits(), bits);
        assert_eq!(key.public().e(), [1, 0, 1]);
        assert!(key.crt().is_some() && key.other_primes().is_empty());
        assert_eq!(signer_refusal(&PrivateKey::Rsa(key), ALG), None);
    }
    for bits in [0, 1024, 2047, 2049, 16384] {
        let generated = bulla_aws_lc::backend().generate(KeySpec::Rsa { bits });
        assert_eq!(code(generated), UNSUPPORTED, "{bits}");
    }
}

/// It takes up to a minute.
#[test]
#[ignore = "slow: run with --ignored"]
fn keys_of_8192_bits_are_generated_and_sign() {
    let key = generate(8192);
    assert_eq!(key.public().bits(), 8192);
    assert_eq!(
        complete(without_primes(&key, key.d().expose())).unwrap(),
        key
    );
    assert_eq!(signer_refusal(&PrivateKey::Rsa(key), ALG), None);
}

#[test]
fn primes_are_recovered_from_n_e_d() {
    for key in [key(), &generate(3072)] {
        let bare = without_primes(key, key.d().expose());
        let recovered = complete(bare.clone()).unwrap();
        assert_eq!(recovered.crt(), key.crt(), "the larger prime comes first");

        let backend = bulla_aws_lc::backend();
        let input = SigningInput::for_tests(b"message");
        let [ours, theirs] = [bare, key.clone()].map(|key| {
            let signer = backend.signer(&PrivateKey::Rsa(key), ALG).unwrap();
            signer.sign(&input).unwrap()
        });
        assert_eq!(ours, theirs, "PKCS #1 signatures are deterministic");
    }
}

/// (p-1)(q-1) and its quotient by the greatest common divisor of the two factors.
fn orders() -> (BoxedUint, BoxedUint) {
    let crt = key().crt().unwrap();
    let [p, q] = [crt.p(), crt.q()].map(|prime| number(prime).wrapping_sub(BoxedUint::one()));
    let phi = p.concatenating_mul(&q);
    let lambda = phi.div_rem(&modulus(p.gcd(&q))).0;
    (phi, lambda)
}

/// d may be an inverse of e modulo (p-1)(q-1) as well as modulo the least common multiple (RFC 8017 §3.2).
#[test]
fn primes_are_recovered_from_either_private_exponent() {
    let (phi, lambda) = orders();
    let other = number(key().d())
        .rem(&modulus(lambda.clone()))
        .concatenating_add(&lambda);
    assert_ne!(other, number(key().d()));
    assert!(other < phi);
    let other = without_primes(key(), octets(&other).expose());
    let recovered = complete(other.clone()).unwrap();
    assert_eq!(recovered.crt(), key().crt());
    assert_eq!(signer_refusal(&PrivateKey::Rsa(other), ALG), None);
    assert_eq!(signer_refusal(&PrivateKey::Rsa(recovered), ALG), None);
}

/// RFC 8017 §3.2 wants d below n; an endless one would only cost time. What is longer than n is refused when the key
/// is made, what is merely above it when it is bound.
#[test]
fn a_private_exponent_above_the_modulus_is_refused() {
    let (_, lambda) = orders();
    let n = key().public().n();
    let mut d = number(key().d());
    while d <= BoxedUint::from_be_slice_vartime(n) {
        d = d.concatenating_add(&lambda);
    }
    let many = lambda.concatenating_mul(&BoxedUint::from(1_u64 << 40));
    for above in [octets(&d), octets(&d.concatenating_add(&many))] {
        for crt in [None, key().crt().cloned()] {
            match RsaPrivateKey::new(key().public().clone(), above.clone(), crt) {
                Ok(key) => {
                    assert_eq!(code(complete(key.clone())), MALFORMED);
                    assert_eq!(signer_refusal(&PrivateKey::Rsa(key), ALG), MALFORMED);
                }
                Err(error) => assert_eq!(Some(error.code()), MALFORMED),
            }
        }
    }
}

/// d that inverts e modulo one prime only, with dp and dq to match.
#[test]
fn a_private_exponent_for_one_of_the_primes_is_refused() {
    let crt = key().crt().unwrap();
    let orders = [crt.p(), crt.q()].map(|prime| number(prime).wrapping_sub(BoxedUint::one()));
    for order in &orders {
        let d = number(key().d()).concatenating_add(order);
        let [dp, dq] =
            [&orders[0], &orders[1]].map(|order| octets(&d.rem(&modulus(order.clone()))));
        let other = RsaCrt::new(crt.p().clone(), crt.q().clone(), dp, dq, crt.qi().clone());
        let other = other.unwrap();
        assert!((other.dp() == crt.dp()) != (other.dq() == crt.dq()));
        let public = key().public().clone();
        let wrong = RsaPrivateKey::new(public, octets(&d), Some(other)).unwrap();
        assert_eq!(code(complete(wrong.clone())), MALFORMED);
        assert_eq!(signer_refusal(&PrivateKey::Rsa(wrong), ALG), MALFORMED);
    }
}

#[test]
fn a_private_exponent_that_is_not_the_keys_own_is_refused() {
    let d = key().d().expose();
    let changed = |index: usize| {
        let mut d = d.to_vec();
        d[index] ^= 2;
        d
    };
    let other = generate(2048);
    let longer = vec![1; key().public().n().len() + 1];
    assert!(RsaPrivateKey::new(key().public().clone(), longer, None).is_err());
    for d in [
        vec![1],
        vec![2],
        vec![1, 0, 1],
        changed(d.len() - 1),
        changed(d.len() / 2),
        key().public().n().to_vec(),
        other.d().expose().to_vec(),
    ] {
        let key = without_primes(key(), &d);
        assert_eq!(code(complete(key.clone())), MALFORMED);
        assert_eq!(signer_refusal(&PrivateKey::Rsa(key), ALG), MALFORMED);
    }
}

#[test]
fn a_key_of_which_one_member_is_wrong_is_refused() {
    let crt = key().crt().unwrap();
    let members = [
        key().public().n(),
        key().public().e(),
        key().d().expose(),
        crt.p().expose(),
        crt.q().expose(),
        crt.dp().expose(),
        crt.dq().expose(),
        crt.qi().expose(),
    ];
    let build = |members: &[Vec<u8>]| {
        let [n, e, d, p, q, dp, dq, qi] = members else {
            panic!("eight members");
        };
        let of = |octets: &[u8]| SecretBytes::from(octets);
        let crt = RsaCrt::new(of(p), of(q), of(dp), of(dq), of(qi)).unwrap();
        let public = RsaPublicKey::new(n.as_slice(), e.as_slice()).unwrap();
        RsaPrivateKey::new(public, of(d), Some(crt)).unwrap()
    };
    let right = members.map(<[u8]>::to_vec);
    assert_eq!(signer_refusal(&PrivateKey::Rsa(build(&right)), ALG), None);
    assert_eq!(complete(build(&right)).unwrap(), *key());
    for index in 0..right.len() {
        let mut wrong = right.clone();
        // Odd stays odd: parity is refused for itself.
        let last = wrong[index].len() - 1;
        wrong[index][last] ^= 2;
        let wrong = build(&wrong);
        assert_eq!(code(complete(wrong.clone())), MALFORMED, "member {index}");
        assert_eq!(
            signer_refusal(&PrivateKey::Rsa(wrong), ALG),
            MALFORMED,
            "member {index}"
        );
    }
}

#[test]
fn the_smaller_prime_may_come_first() {
    let crt = key().crt().unwrap();
    let (p, q) = (number(crt.q()), number(crt.p()));
    let qi = q.invert_mod(&modulus(p.clone())).into_option().unwrap();
    let swapped = RsaCrt::new(
        octets(&p),
        octets(&q),
        crt.dq().clone(),
        crt.dp().clone(),
        octets(&qi),
    );
    let swapped = RsaPrivateKey::new(
        key().public().clone(),
        key().d().clone(),
        Some(swapped.unwrap()),
    );
    let swapped = swapped.unwrap();
    assert_eq!(complete(swapped.clone()).unwrap(), swapped);
    assert_eq!(signer_refusal(&PrivateKey::Rsa(swapped), ALG), None);
}

#[test]
fn a_key_of_more_than_two_primes_is_kept_but_does_not_sign() {
    let other = RsaOtherPrime::new(vec![7], vec![5], vec![3]).unwrap();
    let multi = key().clone().with_other_primes(vec![other]).unwrap();
    assert_eq!(complete(multi.clone()).unwrap(), multi);
    assert_eq!(signer_refusal(&PrivateKey::Rsa(multi), ALG), UNSUPPORTED);
}

/// A key too short to sign can still be converted: all that is asked is that its members agree.
#[test]
fn a_short_key_is_completed_but_does_not_sign() {
    // 2¹²⁷ - 1 and 2⁵²¹ - 1, of which the product has 648 bits.
    let p = BoxedUint::from_be_slice_vartime(&[&[0x7f][..], &[0xff; 15]].concat());
    let q = BoxedUint::from_be_slice_vartime(&[&[0x01][..], &[0xff; 65]].concat());
    let n = p.concatenating_mul(&q);
    let order = |prime: &BoxedUint| prime.wrapping_sub(BoxedUint::one());
    let phi = order(&p).concatenating_mul(&order(&q));
    let e = BoxedUint::from(65537_u32);
    let e = crypto_bigint::Resize::resize(e, phi.bits_precision());
    let d = e.invert_mod(&modulus(phi)).into_option().unwrap();
    let public = RsaPublicKey::new(n.to_be_bytes(), vec![1, 0, 1]).unwrap();
    let short = RsaPrivateKey::new(public, octets(&d), None).unwrap();
    let completed = complete(short).unwrap();
    assert_eq!(
        number(completed.crt().unwrap().p()).cmp_vartime(&q),
        core::cmp::Ordering::Equal
    );
    assert_eq!(complete(completed.clone()).unwrap(), completed);
    let completed = PrivateKey::Rsa(completed);
    assert_eq!(signer_refusal(&completed, ALG), TOO_WEAK);
    assert_eq!(verifier_refusal(&completed.public(), ALG), TOO_WEAK);
}

/// RFC 7518 §3.5: the salt is as long as the digest. Some libraries fill the room there is.
#[test]
fn a_pss_signature_with_another_salt_does_not_verify() {
    use aws_lc_rs::rsa::KeyPairComponents;
    use aws_lc_rs::signature::{
        RSA_PSS_SHA256, RsaKeyPair, RsaPssSaltLength, RsaPublicKeyComponents, RsaSignatureEncoding,
    };
    static MAXIMAL: RsaSignatureEncoding =
        RSA_PSS_SHA256.with_pss_salt_length(RsaPssSaltLength::Max);
    static NONE: RsaSignatureEncoding =
        RSA_PSS_SHA256.with_pss_salt_length(RsaPssSaltLength::Custom(0));
    let crt = key().crt().unwrap();
    let pair = RsaKeyPair::from_components(&KeyPairComponents {
        public_key: RsaPublicKeyComponents {
            n: key().public().n(),
            e: key().public().e(),
        },
        d: key().d().expose(),
        p: crt.p().expose(),
        q: crt.q().expose(),
        dP: crt.dp().expose(),
        dQ: crt.dq().expose(),
        qInv: crt.qi().expose(),
    });
    let pair = pair.unwrap();
    let public = PublicKey::Rsa(key().public().clone());
    let verify = bulla_aws_lc::backend()
        .verifier(&public, SignatureAlg::Ps256)
        .unwrap();
    for (encoding, verifies) in [(&RSA_PSS_SHA256, true), (&MAXIMAL, false), (&NONE, false)] {
        let mut signature = [0; 256];
        let random = aws_lc_rs::rand::SystemRandom::new();
        pair.sign(encoding, &random, b"message", &mut signature)
            .unwrap();
        let outcome = verify.verify(&SigningInput::for_tests(b"message"), &signature);
        assert_eq!(outcome.is_ok(), verifies, "{encoding:?}");
    }
}

#[test]
fn public_keys_out_of_range_are_refused() {
    let refusal = |n: &[u8], e: &[u8]| {
        let key = RsaPublicKey::new(n, e).unwrap();
        verifier_refusal(&PublicKey::Rsa(key), ALG)
    };
    let n = key().public().n();
    assert_eq!(refusal(n, &[1, 0, 1]), None);
    assert_eq!(refusal(n, &[3]), None);
    let mut even = n.to_vec();
    *even.last_mut().unwrap() &= 0xfe;
    assert_eq!(refusal(&even, &[1, 0, 1]), MALFORMED);
    for e in [&[1][..], &[2], &[1, 0, 0]] {
        assert_eq!(refusal(n, e), MALFORMED, "{e:?}");
    }
    assert!(refusal(n, &[1, 0, 0, 0, 1]).is_none());
    assert!(refusal(n, &[3, 0, 0, 0, 1]).is_some());
    assert!(refusal(n, &[1, 0, 0, 0, 0, 1]).is_some());
    assert!(refusal(n, n).is_some());
    // 2047 and 8200 bits, both odd.
    let mut short = n.to_vec();
    short[0] = 0x7f;
    assert_eq!(refusal(&short, &[1, 0, 1]), TOO_WEAK);
    assert_eq!(refusal(&[0xff; 1025], &[1, 0, 1]), UNSUPPORTED);
}
