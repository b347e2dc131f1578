//! Every signature and MAC algorithm of the table: round trips, and what must never verify.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

use std::io::Cursor;
use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{MacAlg, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{OkpCurve, PrivateKey};
use bulla_core::key::{
    Backend, CheckError, InputError, KeySpec, Sign, SignError, SigningInput, Verify,
};

const MESSAGE: &[u8] = b"eyJhbGciOiJub25lIn0.the payload of the token";
const LIMIT: usize = 1 << 20;

/// One algorithm with each kind of key that it takes.
fn specs(alg: SignatureAlg) -> Vec<KeySpec> {
    match alg.facts().scheme {
        SignatureScheme::Ecdsa(curve, _) => vec![KeySpec::Ec(curve)],
        SignatureScheme::EdDsa(curves) => curves.iter().copied().map(KeySpec::Okp).collect(),
        SignatureScheme::MlDsa(parameters) => vec![KeySpec::MlDsa(parameters)],
        SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => {
            vec![KeySpec::Rsa { bits: 2048 }]
        }
        other => panic!("{other:?} has no test"),
    }
}

struct Bound {
    name: String,
    key: PrivateKey,
    sign: Arc<dyn Sign>,
    verify: Arc<dyn Verify>,
}

fn bind(backend: &dyn Backend, alg: SignatureAlg, key: PrivateKey) -> Bound {
    Bound {
        name: format!("{alg} with {}", key.public().describe()),
        sign: backend.signer(&key, alg).unwrap(),
        verify: backend.verifier(&key.public(), alg).unwrap(),
        key,
    }
}

/// Every algorithm with every kind of key; one RSA key serves all, since making one takes long.
fn all() -> Vec<Bound> {
    let backend = bulla_aws_lc::backend();
    let rsa = backend.generate(KeySpec::Rsa { bits: 2048 }).unwrap();
    let mut all = Vec::new();
    for facts in SignatureAlg::table() {
        for spec in specs(facts.alg) {
            let key = match spec {
                KeySpec::Rsa { .. } => rsa.clone(),
                spec => backend.generate(spec).unwrap(),
            };
            all.push(bind(backend.as_ref(), facts.alg, key));
        }
    }
    assert_eq!(
        all.len(),
        SignatureAlg::table().len() + 1,
        "EdDSA has two curves"
    );
    all
}

fn signature_of(sign: &dyn Sign, input: &SigningInput<'_>) -> Vec<u8> {
    sign.sign(input).unwrap().as_ref().to_vec()
}

fn streamed(message: &[u8], limit: usize, run: &mut dyn FnMut(&SigningInput<'_>)) {
    let (header, payload) = message.split_at(20);
    let mut payload = Cursor::new(payload);
    run(&SigningInput::for_tests_stream(header, &mut payload, limit));
}

#[test]
fn what_was_signed_whole_split_or_streamed_verifies_whole_split_and_streamed() {
    for Bound {
        name, sign, verify, ..
    } in all()
    {
        assert_eq!(sign.alg(), verify.alg(), "{name}");
        let split = SigningInput::for_tests_split(&MESSAGE[..20], &MESSAGE[20..]);
        let mut signatures = vec![
            signature_of(sign.as_ref(), &SigningInput::for_tests(MESSAGE)),
            signature_of(sign.as_ref(), &split),
        ];
        streamed(MESSAGE, LIMIT, &mut |input| {
            signatures.push(signature_of(sign.as_ref(), input));
        });
        for signature in &signatures {
            verify
                .verify(&SigningInput::for_tests(MESSAGE), signature)
                .expect(&name);
            verify.verify(&split, signature).expect(&name);
            streamed(MESSAGE, LIMIT, &mut |input| {
                verify.verify(input, signature).expect(&name);
            });
        }
    }
}

#[test]
fn a_payload_longer_than_one_piece_streams_like_it_stands_in_memory() {
    let message: Vec<u8> = (0..200_000_u32).map(|octet| (octet % 251) as u8).collect();
    for Bound {
        name, sign, verify, ..
    } in all()
    {
        streamed(&message, LIMIT, &mut |input| {
            let signature = signature_of(sign.as_ref(), input);
            verify
                .verify(&SigningInput::for_tests(&message), &signature)
                .expect(&name);
        });
    }
}

#[test]
fn a_signature_over_a_digest_can_be_verified_over_the_stream_that_was_read_for_it() {
    for Bound {
        name,
        sign,
        verify,
        key,
    } in all()
    {
        streamed(MESSAGE, LIMIT, &mut |input| {
            let signature = signature_of(sign.as_ref(), input);
            let again = verify.verify(input, &signature);
            match key {
                PrivateKey::Ec(_) | PrivateKey::Rsa(_) => again.expect(&name),
                _ => assert!(
                    matches!(again, Err(CheckError::Input(InputError::Spent))),
                    "{name}"
                ),
            }
        });
    }
}

#[test]
fn what_needs_the_whole_input_reads_a_stream_up_to_the_limit() {
    for Bound {
        name,
        sign,
        verify,
        key,
    } in all()
    {
        streamed(MESSAGE, MESSAGE.len() - 1, &mut |input| {
            let signed = sign.sign(input);
            match key {
                PrivateKey::Ec(_) | PrivateKey::Rsa(_) => assert!(signed.is_ok(), "{name}"),
                _ => assert!(
                    matches!(
                        signed,
                        Err(SignError::Input(InputError::NotStreamable { .. }))
                    ),
                    "{name}"
                ),
            }
        });
        let signature = signature_of(sign.as_ref(), &SigningInput::for_tests(MESSAGE));
        if !matches!(key, PrivateKey::Ec(_) | PrivateKey::Rsa(_)) {
            streamed(MESSAGE, MESSAGE.len() - 1, &mut |input| {
                assert!(
                    matches!(
                        verify.verify(input, &signature),
                        Err(CheckError::Input(InputError::NotStreamable { .. }))
                    ),
                    "{name}"
                );
            });
        }
    }
}

#[test]
fn a_signature_of_another_length_does_not_verify() {
    for Bound {
        name, sign, verify, ..
    } in all()
    {
        let input = SigningInput::for_tests(MESSAGE);
        let signature = signature_of(sign.as_ref(), &input);
        let mut wrong = vec![
            Vec::new(),
            vec![0],
            signature[1..].to_vec(),
            signature[..signature.len() - 1].to_vec(),
            signature[..signature.len() / 2].to_vec(),
            [&signature[..], &[0]].concat(),
            [&[0], &signature[..]].concat(),
            [&signature[..], &signature[..]].concat(),
        ];
        wrong.push(vec![0; signature.len()]);
        wrong.push(vec![0xff; signature.len()]);
        for wrong in wrong {
            assert!(
                matches!(
                    verify.verify(&input, &wrong),
                    Err(CheckError::SignatureInvalid)
                ),
                "{name}, {} octets",
                wrong.len()
            );
        }
    }
}

#[test]
fn a_flipped_bit_never_verifies() {
    for Bound {
        name, sign, verify, ..
    } in all()
    {
        let input = SigningInput::for_tests(MESSAGE);
        let signature = signature_of(sign.as_ref(), &input);
        // Every octet of what is short, every so many of what is long.
        let step = (signature.len() / 64).max(1);
        for index in (0..signature.len()).step_by(step) {
            let mut wrong = signature.clone();
            wrong[index] ^= 1 << (index % 8);
            assert!(
                matches!(
                    verify.verify(&input, &wrong),
                    Err(CheckError::SignatureInvalid)
                ),
                "{name}, octet {index} of the signature"
            );
        }
        for index in 0..MESSAGE.len() {
            let mut other = MESSAGE.to_vec();
            other[index] ^= 1 << (index % 8);
            assert!(
                matches!(
                    verify.verify(&SigningInput::for_tests(&other), &signature),
                    Err(CheckError::SignatureInvalid)
                ),
                "{name}, octet {index} of the input"
            );
        }
    }
}

#[test]
fn another_key_of_the_same_kind_does_not_verify() {
    let backend = bulla_aws_lc::backend();
    for facts in SignatureAlg::table() {
        for spec in specs(facts.alg) {
            if matches!(spec, KeySpec::Rsa { .. }) && facts.alg != SignatureAlg::Ps256 {
                continue;
            }
            let [signing, other] = [(); 2]
                .map(|()| bind(backend.as_ref(), facts.alg, backend.generate(spec).unwrap()));
            let input = SigningInput::for_tests(MESSAGE);
            let signature = signature_of(signing.sign.as_ref(), &input);
            assert!(
                matches!(
                    other.verify.verify(&input, &signature),
                    Err(CheckError::SignatureInvalid)
                ),
                "{}",
                signing.name
            );
        }
    }
}

/// RFC 7518 §3.4: R and S keep their leading zeros. Signs until both have had one.
#[test]
fn r_and_s_with_leading_zeros_keep_their_length_and_verify() {
    let backend = bulla_aws_lc::backend();
    for facts in SignatureAlg::table() {
        let SignatureScheme::Ecdsa(curve, _) = facts.scheme else {
            continue;
        };
        let Bound {
            name, sign, verify, ..
        } = bind(
            backend.as_ref(),
            facts.alg,
            backend.generate(KeySpec::Ec(curve)).unwrap(),
        );
        let len = curve.field_len();
        let (mut zero_r, mut zero_s) = (false, false);
        for counter in 0..20_000_u32 {
            let message = counter.to_be_bytes();
            let input = SigningInput::for_tests(&message);
            let signature = signature_of(sign.as_ref(), &input);
            assert_eq!(signature.len(), 2 * len, "{name}");
            // On P-521 the topmost octet is 0 or 1, so the next one has to be zero as well.
            let zeros = if len == 66 { 2 } else { 1 };
            let leads = |half: &[u8]| half[..zeros].iter().all(|octet| *octet == 0);
            let (r, s) = signature.split_at(len);
            if leads(r) || leads(s) {
                verify.verify(&input, &signature).expect(&name);
                zero_r |= leads(r);
                zero_s |= leads(s);
            }
            if zero_r && zero_s {
                break;
            }
        }
        assert!(zero_r && zero_s, "{name}: no leading zeros found");
    }
}

/// RFC 8812 asks for no low S: one of either kind verifies. What we make is low.
#[test]
fn es256k_makes_the_low_s_and_takes_both() {
    use k256::ecdsa::Signature;
    let backend = bulla_aws_lc::backend();
    let key = backend
        .generate(KeySpec::Ec(bulla_core::jwk::EcCurve::Secp256k1))
        .unwrap();
    let Bound { sign, verify, .. } = bind(backend.as_ref(), SignatureAlg::Es256k, key);
    for counter in 0..20_u8 {
        let message = [counter];
        let input = SigningInput::for_tests(&message);
        let low = Signature::from_slice(&signature_of(sign.as_ref(), &input)).unwrap();
        assert_eq!(low, low.normalize_s());
        let high = Signature::from_scalars(*low.r(), -*low.s()).unwrap();
        assert_ne!(high, high.normalize_s());
        verify.verify(&input, &low.to_bytes()).unwrap();
        verify.verify(&input, &high.to_bytes()).unwrap();
    }
}

/// aws-lc ties RSA-3072 to SHA-384 in one of its parameter sets; JOSE does not.
#[test]
fn rsa_3072_signs_with_every_hash() {
    let backend = bulla_aws_lc::backend();
    let key = backend.generate(KeySpec::Rsa { bits: 3072 }).unwrap();
    for facts in SignatureAlg::table() {
        if specs(facts.alg) != [KeySpec::Rsa { bits: 2048 }] {
            continue;
        }
        let Bound {
            name, sign, verify, ..
        } = bind(backend.as_ref(), facts.alg, key.clone());
        let input = SigningInput::for_tests(MESSAGE);
        let signature = signature_of(sign.as_ref(), &input);
        assert_eq!(signature.len(), 384, "{name}");
        verify.verify(&input, &signature).expect(&name);
    }
}

#[test]
fn ed25519_and_ed448_sign_alike_under_both_names() {
    let backend = bulla_aws_lc::backend();
    for (curve, name) in [
        (OkpCurve::Ed25519, SignatureAlg::Ed25519),
        (OkpCurve::Ed448, SignatureAlg::Ed448),
    ] {
        let key = backend.generate(KeySpec::Okp(curve)).unwrap();
        let input = SigningInput::for_tests(MESSAGE);
        let old = signature_of(
            backend.signer(&key, SignatureAlg::EdDsa).unwrap().as_ref(),
            &input,
        );
        let new = signature_of(backend.signer(&key, name).unwrap().as_ref(), &input);
        assert_eq!(old, new);
    }
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let backend = bulla_aws_lc::backend();
    for Bound { name, key, .. } in all() {
        for facts in SignatureAlg::table() {
            let fits = specs(facts.alg).iter().any(|spec| match (spec, &key) {
                (KeySpec::Ec(curve), PrivateKey::Ec(key)) => key.public().curve() == *curve,
                (KeySpec::Okp(curve), PrivateKey::Okp(key)) => key.public().curve() == *curve,
                (KeySpec::MlDsa(set), PrivateKey::Akp(key)) => key.public().parameters() == *set,
                (KeySpec::Rsa { .. }, PrivateKey::Rsa(_)) => true,
                _ => false,
            });
            assert_eq!(backend.signer(&key, facts.alg).is_ok(), fits, "{name}");
            assert_eq!(
                backend.verifier(&key.public(), facts.alg).is_ok(),
                fits,
                "{name}"
            );
        }
    }
}

#[test]
fn authentication_codes_are_the_same_whole_split_and_streamed() {
    let backend = bulla_aws_lc::backend();
    for alg in MacAlg::table().iter().map(|row| row.alg) {
        let secret = SecretBytes::from(vec![0x5a; alg.facts().hash.len()]);
        let mac = backend.mac(&secret, alg).unwrap();
        assert_eq!(mac.alg(), alg.name());
        let whole = mac.mac(&SigningInput::for_tests(MESSAGE)).unwrap();
        assert_eq!(whole.as_ref().len(), alg.facts().hash.len());
        let split = SigningInput::for_tests_split(&MESSAGE[..20], &MESSAGE[20..]);
        assert_eq!(mac.mac(&split).unwrap(), whole);
        streamed(MESSAGE, 0, &mut |input| {
            assert_eq!(mac.mac(input).unwrap(), whole);
        });
    }
}

#[test]
fn a_secret_shorter_than_the_hash_is_refused() {
    let backend = bulla_aws_lc::backend();
    for alg in MacAlg::table().iter().map(|row| row.alg) {
        for len in [0, 1, alg.facts().hash.len() - 1] {
            let secret = SecretBytes::from(vec![0x5a; len]);
            let Err(error) = backend.mac(&secret, alg) else {
                panic!("{alg} takes {len} octets");
            };
            assert_eq!(error.code(), "jwk.too-weak");
        }
    }
}
