use bulla_core::jwa::MacAlg;
use bulla_core::jwk::SecretJwk;
use bulla_core::jws::{self, Jws};
use bulla_core::key::Verifier;
use bulla_kms::KeyHandle;

use super::{Peers, sign::PAYLOAD};

/// A token with each algorithm of an HMAC key, verified with the secret here and by the peers. Where nobody has the
/// secret, `None`: then the codes are at least the same for the same input, and others for another.
pub async fn authenticates(handle: &KeyHandle, secret: Option<&[u8]>, peers: &mut Peers) {
    let algs = &handle.permitted().macs;
    assert!(!algs.is_empty(), "{handle:?} authenticates nothing");
    for alg in algs {
        let token = token(handle, *alg, PAYLOAD).await;
        if let Some(secret) = secret {
            let key = SecretJwk::new(secret.to_vec());
            let verifier = Verifier::bind_to(&bulla_aws_lc::backend(), &key, *alg).unwrap();
            let verified = Jws::parse_compact(&token).unwrap().verify(&verifier);
            assert_eq!(verified.unwrap().payload(), PAYLOAD);
            peers.verify_secret(alg.name().as_str(), secret, &token, PAYLOAD);
        }
        assert_eq!(token, self::token(handle, *alg, PAYLOAD).await);
        assert_ne!(token, self::token(handle, *alg, b"another").await);
    }
}

async fn token(handle: &KeyHandle, alg: MacAlg, payload: &[u8]) -> String {
    let signer = handle.mac_signer(alg).unwrap();
    let token = jws::Builder::new(payload).sign_compact_async(&signer).await;
    token.unwrap_or_else(|error| panic!("{alg:?}: {error}"))
}
