use bulla_core::jwa::{SignatureAlg, SignatureScheme};
use bulla_core::jwk::{AkpPrivateKey, PrivateKey};
use bulla_core::key::{KeySpec, PartialPrivateKey};

use super::{MALFORMED, code, signer_refusal};

#[test]
fn a_seed_beside_the_public_key_of_another_is_refused() {
    let backend = bulla_aws_lc::backend();
    let mut sets = 0;
    for facts in SignatureAlg::table() {
        let SignatureScheme::MlDsa(parameters) = facts.scheme else {
            continue;
        };
        sets += 1;
        let [key, other] = [(); 2].map(|()| match backend.generate(KeySpec::MlDsa(parameters)) {
            Ok(PrivateKey::Akp(key)) => key,
            other => panic!("{other:?}"),
        });
        assert_eq!(key.public().public().len(), parameters.public_key_len());
        assert_eq!(
            signer_refusal(&PrivateKey::Akp(key.clone()), facts.alg),
            None
        );
        let mixed = AkpPrivateKey::new(other.public().clone(), key.seed().clone()).unwrap();
        assert_eq!(
            signer_refusal(&PrivateKey::Akp(mixed), facts.alg),
            MALFORMED
        );

        let partial = |public: Option<&AkpPrivateKey>| PartialPrivateKey::MlDsa {
            parameters,
            seed: key.seed().clone(),
            public: public.map(|key| key.public().public().to_vec()),
        };
        for public in [None, Some(&key)] {
            let completed = backend.complete(partial(public)).unwrap();
            assert_eq!(completed, PrivateKey::Akp(key.clone()));
        }
        assert_eq!(code(backend.complete(partial(Some(&other)))), MALFORMED);
    }
    assert_eq!(sets, 3);
}
