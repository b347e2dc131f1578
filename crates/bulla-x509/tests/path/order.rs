//! RFC 7515 §4.1.6: each certificate certifies the one before it. The library that validates paths would sort them.

use bulla_x509::PathError;

use crate::support::{certificate, chain, policy, validate};

#[test]
fn the_order_of_the_rfc_is_accepted_with_the_root_or_without() {
    for names in [
        &["leaf", "intermediate"][..],
        &["leaf", "intermediate", "root"],
    ] {
        let path = validate(names).unwrap();
        assert_eq!(path.leaf(), &certificate("leaf"));
        assert_eq!(path.authorities(), [certificate("intermediate")]);
        assert_eq!(path.anchor(), &certificate("root"));
        assert_eq!(path.jwk().members().x5c, Some(chain(names)));
    }
}

#[test]
fn a_chain_beyond_its_anchor_is_accepted_where_its_order_holds() {
    let path = policy(&["intermediate"])
        .validate(&chain(&["leaf", "intermediate", "root"]))
        .unwrap();
    assert!(path.authorities().is_empty());
    assert_eq!(path.anchor(), &certificate("intermediate"));
    // The root's key again, certified by another: whichever of the two is trusted.
    let crossed = chain(&["leaf", "intermediate", "cross-root"]);
    for (anchor, authorities) in [("root", 1), ("other-root", 2)] {
        let path = policy(&[anchor]).validate(&crossed).unwrap();
        assert_eq!(path.authorities().len(), authorities);
    }
}

#[test]
fn shuffled_chains_are_refused() {
    for (names, at) in [
        (&["leaf", "root", "intermediate"][..], 1),
        (&["root", "intermediate", "leaf"], 1),
        (&["intermediate", "leaf"], 1),
        (&["leaf", "intermediate", "leaf"], 2),
        (&["leaf", "leaf", "intermediate"], 1),
        (&["leaf", "intermediate", "intermediate"], 2),
    ] {
        let error = validate(names).unwrap_err();
        assert_eq!(error, PathError::ChainOrder(at), "{names:?}");
        assert_eq!(error.code(), "x509.chain-order");
    }
}

#[test]
fn a_certificate_that_does_not_belong_is_refused_wherever_it_stands() {
    for (names, at) in [
        (&["leaf", "intermediate", "other-root"][..], 2),
        (&["leaf", "intermediate", "root", "other-root"], 3),
        (&["leaf", "other-root", "intermediate"], 1),
        (&["leaf", "revoked", "intermediate"], 1),
    ] {
        assert_eq!(
            validate(names).unwrap_err(),
            PathError::ChainOrder(at),
            "{names:?}"
        );
    }
}

#[test]
fn a_certificate_of_the_right_name_and_another_key_is_refused() {
    // Beyond the anchor, where the search for a path does not look.
    let error = policy(&["intermediate"])
        .validate(&chain(&["leaf", "intermediate", "false-root"]))
        .unwrap_err();
    assert_eq!(error, PathError::ChainOrder(2));
    let error = validate(&["leaf", "intermediate", "false-root"]).unwrap_err();
    assert_eq!(error, PathError::ChainOrder(2));
    // The search for a path leaves the second out, and finds one.
    let error = validate(&["leaf", "false-intermediate", "intermediate"]).unwrap_err();
    assert_eq!(error, PathError::ChainOrder(1));
    let error = validate(&["leaf", "false-intermediate"]).unwrap_err();
    assert_eq!(error.code(), "x509.untrusted-issuer");
}

#[test]
fn a_missing_intermediate_is_not_looked_for() {
    let error = validate(&["leaf"]).unwrap_err();
    assert_eq!(error, PathError::UntrustedIssuer);
    assert_eq!(error.code(), "x509.untrusted-issuer");
    let error = validate(&["leaf", "root"]).unwrap_err();
    assert_eq!(error, PathError::ChainOrder(1));
    assert_eq!(validate(&[]).unwrap_err(), PathError::Empty);
}

#[test]
fn another_root_is_not_trusted() {
    for names in [
        &["leaf", "intermediate"][..],
        &["leaf", "intermediate", "root"],
    ] {
        let error = policy(&["other-root"]).validate(&chain(names)).unwrap_err();
        assert_eq!(error, PathError::UntrustedIssuer);
    }
}

#[test]
fn a_root_of_the_same_name_is_another_root() {
    for names in [
        &["false-root-leaf"][..],
        &["false-root-leaf", "false-root"],
        &["false-root-leaf", "root"],
    ] {
        let error = validate(names).unwrap_err();
        assert_eq!(error, PathError::SignatureInvalid, "{names:?}");
        assert_eq!(error.code(), "x509.signature-invalid");
    }
    // Both of one name among the anchors: each vouches for its own.
    let both = policy(&["root", "false-root"]);
    assert!(both.validate(&chain(&["false-root-leaf"])).is_ok());
    assert!(both.validate(&chain(&["leaf", "intermediate"])).is_ok());
}

#[test]
fn a_changed_certificate_is_refused() {
    let mut changed = chain(&["leaf", "intermediate"]);
    // The last octet is of the signature.
    *changed[0].last_mut().unwrap() ^= 1;
    let error = policy(&["root"]).validate(&changed).unwrap_err();
    assert_eq!(error, PathError::SignatureInvalid);
}
