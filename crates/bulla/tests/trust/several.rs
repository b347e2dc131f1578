//! A token of several signatures: what one of them says finds no key for another.

use bulla::jws::{General, Headers, Jws};
use bulla::trust::HeaderKeys;
use serde_json::json;

use crate::support::{another, leaf, now, public_value, signer, store, stranger, with_kid};

/// More of them than keys are tried for one, and nothing but their `jwk` tells them apart.
#[test]
fn each_signature_is_tried_with_the_keys_that_it_names_itself() {
    let signers: Vec<_> = (0..6).map(|_| another()).collect();
    let keys = HeaderKeys::new(&bulla::backend())
        .store(store(signers.clone()))
        .header_jwk();
    let mut general = General::new("payload");
    for key in &signers {
        let headers = Headers::new().protected("jwk", public_value(key));
        general = general.sign(&headers, &signer(key)).unwrap();
    }
    let json = general.finish().unwrap();
    let jws = Jws::parse_general(json.as_bytes()).unwrap();
    let resolved = now(keys.keys_for(&jws)).unwrap();
    let verified = jws.verify_all(&resolved).unwrap();
    for (signature, key) in verified.verified().iter().zip(&signers) {
        let own = signature.key().thumbprint().unwrap();
        let thumbprint = key.thumbprint(bulla::jwa::HashAlg::Sha256);
        assert_eq!(bulla::base64url::encode(own), thumbprint);
        assert!(signature.failures().is_empty());
    }
}

/// The key of the second would verify the first, which says that it was made with another.
#[test]
fn a_contradiction_is_not_healed_by_the_signature_beside_it() {
    let key = with_kid(leaf(), "a");
    let contradicts = Headers::new()
        .kid("a")
        .protected("jwk", public_value(&stranger()));
    let general = General::new("payload")
        .sign(&contradicts, &signer(&key))
        .and_then(|general| general.sign(&Headers::new().kid("a"), &signer(&key)))
        .and_then(General::finish)
        .unwrap();
    let keys = HeaderKeys::new(&bulla::backend()).store(store([key]));
    let jws = Jws::parse_general(general.as_bytes()).unwrap();
    let resolved = now(keys.keys_for(&jws)).unwrap();
    let verified = jws.verify(&resolved).unwrap();
    let held: Vec<_> = verified
        .verified()
        .iter()
        .map(|held| held.index())
        .collect();
    assert_eq!(held, [1]);
    let (index, error) = &verified.failures()[0];
    assert_eq!((*index, error.code()), (0, "jwk.disagrees"));
}

/// Where a parameter stands decides what it earns, and not what it says.
#[test]
fn the_same_words_find_the_same_keys_wherever_they_stand() {
    let keys = HeaderKeys::new(&bulla::backend())
        .store(store([leaf()]))
        .header_jwk();
    let jwk = public_value(&leaf());
    let general = General::new("payload")
        .sign(
            &Headers::new().unprotected("jwk", jwk.clone()),
            &signer(&leaf()),
        )
        .and_then(|general| general.sign(&Headers::new().protected("jwk", jwk), &signer(&leaf())))
        .and_then(General::finish)
        .unwrap();
    let jws = Jws::parse_general(general.as_bytes()).unwrap();
    let verified = now(keys.verify_jws(jws)).unwrap();
    assert!(verified.verified().iter().any(|held| held.index() == 1));
    // A snapshot serves what names its key alike, and nothing that says more.
    let mine = json!({"jwk": public_value(&leaf())});
    let token = crate::support::token(&leaf(), mine);
    let resolved = now(keys.keys_for(&Jws::parse_compact(&token).unwrap())).unwrap();
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&resolved)
        .unwrap();
    let bare = crate::support::token(&leaf(), json!({}));
    let error = Jws::parse_compact(&bare).unwrap().verify(&resolved);
    assert_eq!(error.unwrap_err().code(), "jwk.not-found");
}
