//! The key store in memory: by every name, replaced, removed, bounded.

use std::sync::Arc;

use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, PrivateJwk, certificate_sha256, thumbprint};
use bulla::trust::{InMemoryKeyStore, KeyName, KeyStore, Trust};
use bulla::{Trusted, Untrusted};

fn key(kid: &str) -> PrivateJwk {
    let mut key = bulla::generate(SignatureAlg::Es256).unwrap();
    key.members_mut().kid = Some(kid.to_owned());
    key
}

fn trusted(key: &PrivateJwk) -> Trusted<Jwk> {
    Trusted::new(Jwk::Private(key.clone()), Trust::Caller)
}

fn found(store: &dyn KeyStore, name: KeyName<'_>) -> Vec<Jwk> {
    let keys = store.get(name);
    keys.iter().map(|key| Jwk::clone(key)).collect()
}

#[test]
fn a_key_is_found_by_every_name_it_has() {
    let store = InMemoryKeyStore::new(&bulla::backend());
    let mut named = key("a");
    named.members_mut().x5t = Some([1; 20]);
    named.members_mut().x5t_s256 = Some([2; 32]);
    store.insert(trusted(&named)).unwrap();
    store.insert(trusted(&key("b"))).unwrap();
    let own = Jwk::Private(named);
    let thumbprint = thumbprint::sha256(&own);
    for name in [
        KeyName::Kid("a"),
        KeyName::CertificateSha1(&[1; 20]),
        KeyName::CertificateSha256(&[2; 32]),
        KeyName::Thumbprint(&thumbprint),
    ] {
        assert_eq!(found(&store, name), core::slice::from_ref(&own), "{name}");
    }
    for name in [
        KeyName::Kid("A"),
        KeyName::Kid("a "),
        KeyName::Kid(""),
        KeyName::CertificateSha1(&[2; 20]),
        KeyName::CertificateSha256(&thumbprint),
        KeyName::Thumbprint(&[2; 32]),
    ] {
        assert!(found(&store, name).is_empty(), "{name}");
    }
}

/// Both halves of a pair have one thumbprint, and may have one `kid`; so may keys that are alternatives.
#[test]
fn several_keys_may_have_one_name() {
    let store = InMemoryKeyStore::new(&bulla::backend());
    let (one, other) = (key("same"), key("same"));
    store.insert(trusted(&one)).unwrap();
    store
        .insert(Untrusted::new(Jwk::Public(one.public())).trust())
        .unwrap();
    store.insert(trusted(&other)).unwrap();
    assert_eq!(
        found(&store, KeyName::Kid("same")),
        [
            Jwk::Private(one.clone()),
            Jwk::Public(one.public()),
            Jwk::Private(other)
        ],
        "in the order in which they went in"
    );
    let thumbprint = thumbprint::sha256(&Jwk::Private(one));
    assert_eq!(store.get(KeyName::Thumbprint(&thumbprint)).len(), 2);
}

/// Else what was allowed with a key could never be taken back.
#[test]
fn a_key_that_is_put_in_again_is_replaced() {
    let store = InMemoryKeyStore::new(&bulla::backend());
    let mut again = key("a");
    again.members_mut().x5t = Some([1; 20]);
    store.insert(trusted(&again)).unwrap();
    again.members_mut().x5t = None;
    again.members_mut().alg = Some(SignatureAlg::Es256.name().clone());
    store.insert(trusted(&again)).unwrap();
    assert_eq!(store.len(), 1);
    assert_eq!(found(&store, KeyName::Kid("a")), [Jwk::Private(again)]);
    assert!(
        found(&store, KeyName::CertificateSha1(&[1; 20])).is_empty(),
        "the names it had before are gone"
    );
}

#[test]
fn removing_takes_out_every_key_of_the_name_and_all_its_names() {
    let store = InMemoryKeyStore::new(&bulla::backend());
    let (one, other, third) = (key("same"), key("same"), key("third"));
    for key in [&one, &other, &third] {
        store.insert(trusted(key)).unwrap();
    }
    assert_eq!(store.remove(KeyName::Kid("same")), 2);
    assert_eq!(store.remove(KeyName::Kid("same")), 0);
    let thumbprint = thumbprint::sha256(&Jwk::Private(one));
    assert!(found(&store, KeyName::Thumbprint(&thumbprint)).is_empty());
    assert_eq!(store.get(KeyName::Kid("third")).len(), 1);
    assert_eq!(store.len(), 1);
}

#[test]
fn a_full_store_takes_no_more_but_replaces() {
    let store = InMemoryKeyStore::with_capacity(&bulla::backend(), 2);
    let (one, other) = (key("one"), key("other"));
    store.insert(trusted(&one)).unwrap();
    store.insert(trusted(&other)).unwrap();
    let error = store.insert(trusted(&key("third"))).unwrap_err();
    assert_eq!(error.code(), "jwk.limit-exceeded");
    store.insert(trusted(&one)).unwrap();
    assert_eq!(store.len(), 2);
    store.remove(KeyName::Kid("one"));
    store.insert(trusted(&key("third"))).unwrap();
}

/// A digest of another certificate would let the key answer to a name that is not its own.
#[test]
fn a_key_that_disagrees_with_its_certificate_does_not_go_in() {
    let certificate = include_bytes!("../support/certificates/leaf.der").to_vec();
    let owner = bulla::jwk::PublicJwk::from_certificate(&certificate).unwrap();
    let store = InMemoryKeyStore::new(&bulla::backend());
    let mut good = owner.clone();
    good.members_mut().x5c = Some(vec![certificate.clone()]);
    let put = |key: &bulla::jwk::PublicJwk| {
        store.insert(Trusted::new(Jwk::Public(key.clone()), Trust::Caller))
    };
    put(&good).unwrap();
    let sha256 = certificate_sha256(&certificate);
    assert_eq!(store.get(KeyName::CertificateSha256(&sha256)).len(), 1);
    let sha1 = bulla::backend().certificate_sha1(&certificate);
    assert_eq!(store.get(KeyName::CertificateSha1(&sha1)).len(), 1);

    let mut wrong_digest = good.clone();
    wrong_digest.members_mut().x5t = Some([7; 20]);
    let mut wrong_key = key("other").public();
    wrong_key.members_mut().x5c = Some(vec![certificate]);
    for wrong in [wrong_digest, wrong_key] {
        assert_eq!(put(&wrong).unwrap_err().code(), "jwk.malformed");
    }
    assert_eq!(store.len(), 1);
}

#[test]
fn threads_share_a_store() {
    let store: Arc<dyn KeyStore> = Arc::new(InMemoryKeyStore::new(&bulla::backend()));
    let keys: Vec<PrivateJwk> = (0..4).map(|index| key(&index.to_string())).collect();
    std::thread::scope(|scope| {
        for key in &keys {
            scope.spawn(|| {
                for _ in 0..50 {
                    store.insert(trusted(key)).unwrap();
                    let kid = key.members().kid.as_deref().unwrap();
                    assert_eq!(store.get(KeyName::Kid(kid)).len(), 1);
                    assert_eq!(store.remove(KeyName::Kid(kid)), 1);
                }
            });
        }
    });
}
