//! RFC 9964: ML-DSA for JOSE, from the vector files published with it.

use bulla::jwa::HashAlg;
use bulla::jws::{Builder, Jws};

use crate::support::{private, public};
use bulla_testkit::vectors;
use serde_json::Value;

#[test]
fn ml_dsa_44() {
    file("ML_DSA_44", "ML-DSA-44", 1312, 2420);
}

#[test]
fn ml_dsa_65() {
    file("ML_DSA_65", "ML-DSA-65", 1952, 3309);
}

#[test]
fn ml_dsa_87() {
    file("ML_DSA_87", "ML-DSA-87", 2592, 4627);
}

/// The lengths are those of FIPS 204, table 2.
fn file(file: &str, alg: &str, public_key_len: usize, signature_len: usize) {
    let Some(vector) = vectors::json::<Value>(&format!("ml-dsa-jose/{file}.jose.json")) else {
        return;
    };
    let json = vector["jwk"].to_string();
    let key = private(&json);
    assert_eq!(key.members().alg.as_ref().unwrap().as_str(), alg);
    assert_eq!(
        public(&json).thumbprint(HashAlg::Sha256),
        vector["jwk"]["kid"].as_str().unwrap()
    );

    let verifier = bulla::verifier(&key.public()).unwrap();
    let published = vector["jws"].as_str().unwrap();
    let jws = Jws::parse_compact(published)
        .unwrap()
        .verify(&verifier)
        .unwrap();
    assert_eq!(jws.verified()[0].header().alg().unwrap().as_str(), alg);

    // Binding the private key proves that `pub` is the public half of the seed.
    let token = Builder::new("made here")
        .sign_compact(&bulla::signer(&key).unwrap())
        .unwrap();
    let signature = token.rsplit('.').next().unwrap();
    assert_eq!(
        bulla::base64url::decode(signature).unwrap().len(),
        signature_len
    );
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier)
        .unwrap();

    let bulla::jwk::PublicKey::Akp(akp) = key.public().key().clone() else {
        panic!("not an AKP key")
    };
    assert_eq!(akp.public().len(), public_key_len);
}

#[test]
fn a_seed_with_the_public_key_of_another_is_refused() {
    let Some(vector) = vectors::json::<Value>("ml-dsa-jose/ML_DSA_44.jose.json") else {
        return;
    };
    let mut jwk = vector["jwk"].clone();
    jwk["priv"] = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".into();
    let error = bulla::signer(&private(&jwk.to_string())).unwrap_err();
    assert_eq!(error.code(), "jwk.malformed");
}
