//! Name constraints (RFC 5280 §4.2.1.10).

use bulla_x509::PathError;

use crate::support::{chain, policy, validate};

#[test]
fn names_that_the_authority_may_vouch_for_are_accepted() {
    for names in [
        ["dns-inside", "dns-ca"],
        ["dns-none", "dns-ca"],
        ["email-none", "email-ca"],
    ] {
        assert!(validate(&names).is_ok(), "{names:?}");
    }
}

#[test]
fn names_beyond_the_constraints_are_refused() {
    for names in [["dns-outside", "dns-ca"], ["dns-excluded", "dns-ca"]] {
        let error = validate(&names).unwrap_err();
        assert_eq!(error, PathError::NameConstraint, "{names:?}");
        assert_eq!(error.code(), "x509.name-constraint");
    }
}

#[test]
fn an_anchor_s_constraints_hold() {
    let error = policy(&["dns-root"])
        .validate(&chain(&["dns-root-outside"]))
        .unwrap_err();
    assert_eq!(error, PathError::NameConstraint);
}

/// Constraints on kinds of names that are not compared refuse every name of the kind, fitting ones too: an
/// authority that is limited is not taken for one that is not.
#[test]
fn what_cannot_be_compared_is_refused() {
    for names in [
        ["uri-inside", "uri-ca"],
        ["directory-inside", "directory-ca"],
        ["email-subject", "email-ca"],
    ] {
        let error = validate(&names).unwrap_err();
        assert_eq!(error, PathError::NameConstraint, "{names:?}");
    }
}
