//! A leaf that is its own anchor.

use bulla_x509::PathError;

use crate::support::{at, certificate, chain, policy, validate};

#[test]
fn a_self_signed_leaf_is_not_trusted() {
    let error = validate(&["self-signed"]).unwrap_err();
    assert_eq!(error, PathError::UntrustedIssuer);
}

#[test]
fn being_listed_is_not_enough_without_a_word() {
    for name in ["self-signed", "self-signed-ca"] {
        let error = policy(&[name]).validate(&chain(&[name])).unwrap_err();
        assert_eq!(error, PathError::AnchoredLeaf, "{name}");
        assert_eq!(error.code(), "x509.anchored-leaf");
    }
}

#[test]
fn being_listed_is_enough_where_the_policy_says_so() {
    for name in ["self-signed", "self-signed-ca", "leaf"] {
        let policy = policy(&[name]).accept_anchored_leaf();
        let path = policy.validate(&chain(&[name])).unwrap();
        assert_eq!(path.anchor(), &certificate(name));
        assert_eq!(path.anchor(), path.leaf());
        assert!(path.authorities().is_empty());
        assert_eq!(path.not_after(), certificate(name).not_after());
        // Nothing else is trusted by it.
        assert!(
            policy
                .validate(&chain(&["revoked", "intermediate"]))
                .is_err()
        );
    }
}

#[test]
fn the_very_certificate_must_be_listed() {
    // The same subject, the same key, other octets.
    let policy = policy(&["lapsed-root"])
        .at(at(1_775_000_000))
        .accept_anchored_leaf();
    let listed = policy.validate(&chain(&["lapsed-root"])).unwrap_err();
    assert_eq!(
        listed.code(),
        "x509.key-usage",
        "it signs certificates alone"
    );
    let other = policy.validate(&chain(&["renewed-root"])).unwrap_err();
    assert_eq!(other, PathError::AuthorityAsLeaf);
    let mut changed = chain(&["self-signed"]);
    *changed[0].last_mut().unwrap() ^= 1;
    let policy = crate::support::policy(&["self-signed"]).accept_anchored_leaf();
    assert_eq!(
        policy.validate(&changed).unwrap_err(),
        PathError::UntrustedIssuer
    );
}

#[test]
fn what_counts_for_any_leaf_counts_for_this_one() {
    for (name, code) in [
        ("expired", "x509.expired"),
        ("future", "x509.not-yet-valid"),
        ("unknown-critical", "x509.critical-extension"),
        ("cert-sign-only", "x509.key-usage"),
        ("server-auth", "x509.extended-key-usage"),
    ] {
        let policy = policy(&[name]).accept_anchored_leaf();
        assert_eq!(policy.validate(&chain(&[name])).unwrap_err().code(), code);
    }
}

#[test]
fn what_follows_it_must_still_be_in_order() {
    let policy = policy(&["leaf"]).accept_anchored_leaf();
    assert!(policy.validate(&chain(&["leaf", "intermediate"])).is_ok());
    for names in [["leaf", "root"], ["leaf", "false-intermediate"]] {
        let error = policy.validate(&chain(&names)).unwrap_err();
        assert_eq!(error, PathError::ChainOrder(1), "{names:?}");
    }
}
