use bulla_core::trust::{FoundBy, KeyName, ResolveKey as _, Trust};
use bulla_x509::key_store::KeyStoreResolver;
use core::task::{Context, Poll, Waker};

use crate::support::read;

/// Inverno's resolver takes the thumbprint itself for an alias. Here it is looked for.
#[test]
fn keys_are_found_by_every_name() {
    for name in ["every.p12", "chain.jks"] {
        let store = read(name);
        for entry in store.entries() {
            let members = entry.key().members();
            let has = |found: Option<&bulla_x509::key_store::Entry>| {
                assert_eq!(
                    found.expect("a key").thumbprint(),
                    entry.thumbprint(),
                    "{name}: {}",
                    entry.alias()
                );
            };
            has(store.find(KeyName::Kid(entry.alias())));
            has(store.find(KeyName::Kid(&entry.alias().to_uppercase())));
            has(store.find(KeyName::Thumbprint(entry.thumbprint())));
            if let (Some(x5t), Some(x5t_s256)) = (&members.x5t, &members.x5t_s256) {
                has(store.find(KeyName::CertificateSha1(x5t)));
                has(store.find(KeyName::CertificateSha256(x5t_s256)));
            }
        }
        assert!(store.find(KeyName::CertificateSha1(&[0; 20])).is_none());
        assert!(store.find(KeyName::CertificateSha256(&[0; 32])).is_none());
        assert!(store.find(KeyName::Kid("nobody")).is_none());
    }
}

#[test]
fn the_first_store_that_has_a_key_answers() {
    let (small, chain) = (read("small.jks"), read("small.p12"));
    let both = read("small.jks").join(read("small.p12"));
    assert_eq!(both.entries().len(), 2);
    assert_eq!(both.named("A"), small.named("a"));
    assert_ne!(both.named("a"), chain.named("a"));
    let other = chain.named("a").expect("a");
    assert_eq!(
        both.find(KeyName::Thumbprint(other.thumbprint())),
        Some(other)
    );
    assert_eq!(both.find_all(KeyName::Kid("a")).count(), 2);
}

#[test]
fn a_resolver_says_why_it_trusts() {
    let resolver = KeyStoreResolver::new("partners", read("small.p12"));
    let x5t = resolver.keys().entries()[0]
        .key()
        .members()
        .x5t
        .expect("x5t");
    for (name, found_by) in [
        (KeyName::Kid("A"), FoundBy::Kid),
        (KeyName::CertificateSha1(&x5t), FoundBy::CertificateSha1),
    ] {
        let mut future = resolver.resolve(name);
        let Poll::Ready(found) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("it waits");
        };
        let found = found.expect("keys");
        assert_eq!(found.len(), 1);
        let why = Trust::Resolver {
            name: "partners".into(),
            found_by,
        };
        assert_eq!(found[0].why(), &why);
    }
}
