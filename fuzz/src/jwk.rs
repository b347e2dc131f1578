//! Keys and key sets.

use bulla_core::jwk::{Jwk, JwkSet};

/// A key that was read can be written and read again, and is the same.
pub fn jwk(octets: &[u8]) {
    let Ok(key) = Jwk::parse(octets) else { return };
    let printed = key.to_json();
    assert_eq!(Jwk::parse(&*printed).as_ref(), Ok(&key));
    if let Jwk::Private(key) = key {
        let public = key.public();
        let printed = public.to_json();
        assert!(
            !printed.contains("\"d\":"),
            "a public key shows its private half"
        );
        assert_eq!(Jwk::parse(printed), Ok(Jwk::Public(public)));
    }
}

/// A set keeps every key it can read, and its public half has no private member.
pub fn jwk_set(octets: &[u8]) {
    let Ok(set) = JwkSet::parse(octets) else {
        return;
    };
    let printed = set.to_json();
    let again = JwkSet::parse(&*printed).expect("a set that was read cannot be read again");
    assert_eq!(again.keys(), set.keys());
    assert!(again.rejected().is_empty());
    let public = set.public();
    assert!(
        public
            .keys()
            .iter()
            .all(|key| matches!(key, Jwk::Public(_)))
    );
}
