//! `extKeyUsage`.

use bulla_x509::{Oid, PathError, PathPolicy, Position};

use crate::support::{chain, policy, validate};

fn outcome(policy: &PathPolicy, leaf: &str, issuer: &str) -> Result<(), &'static str> {
    match policy.validate(&chain(&[leaf, issuer])) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.code()),
    }
}

const REFUSED: Result<(), &str> = Err("x509.extended-key-usage");

#[test]
fn without_a_word_only_unrestricted_certificates_are_accepted() {
    let policy = policy(&["root"]);
    for (leaf, expected) in [
        ("leaf", Ok(())),
        ("any-purpose", Ok(())),
        ("server-auth", REFUSED),
        ("custom-purpose", REFUSED),
        ("jwt-purpose", REFUSED),
    ] {
        assert_eq!(outcome(&policy, leaf, "intermediate"), expected, "{leaf}");
    }
    assert_eq!(outcome(&policy, "server-ca-leaf", "server-ca"), REFUSED);
}

#[test]
fn a_purpose_that_was_asked_for_must_be_listed() {
    let custom: Oid = "1.3.6.1.4.1.99999.311".parse().unwrap();
    let policy = policy(&["root"]).extended_key_usage(custom);
    for (leaf, expected) in [
        ("custom-purpose", Ok(())),
        ("leaf", REFUSED),
        ("any-purpose", REFUSED),
        ("server-auth", REFUSED),
        ("jwt-purpose", REFUSED),
    ] {
        assert_eq!(outcome(&policy, leaf, "intermediate"), expected, "{leaf}");
    }
    let either = policy.extended_key_usage(Oid::jwt());
    for leaf in ["custom-purpose", "jwt-purpose"] {
        assert_eq!(outcome(&either, leaf, "intermediate"), Ok(()), "{leaf}");
    }
}

/// The library that validates paths decodes 1.3.6.1.4.1.99999.311 as 1.3.6.1.4.1.396575.567.
#[test]
fn numbers_above_127_are_compared_as_they_are_encoded() {
    let misread: Oid = "1.3.6.1.4.1.396575.567".parse().unwrap();
    let policy_of_misread = policy(&["root"]).extended_key_usage(misread);
    let error = policy_of_misread
        .validate(&chain(&["custom-purpose", "intermediate"]))
        .unwrap_err();
    assert_eq!(
        error,
        PathError::ExtendedKeyUsage {
            position: Position::Chain(0),
            found: vec!["1.3.6.1.4.1.99999.311".parse().unwrap()],
        }
    );
    assert!(
        error
            .to_string()
            .ends_with("it lists 1.3.6.1.4.1.99999.311")
    );
    let large: Oid = "2.25.1329227995784915872903807060280344575"
        .parse()
        .unwrap();
    let policy = policy(&["root"]).extended_key_usage(large);
    assert_eq!(outcome(&policy, "large-purpose", "intermediate"), Ok(()));
}

#[test]
fn an_authority_vouches_for_the_purposes_that_it_is_restricted_to() {
    let jwt = policy(&["root"]).extended_key_usage(Oid::jwt());
    let error = jwt
        .validate(&chain(&["server-ca-jwt", "server-ca"]))
        .unwrap_err();
    assert!(
        matches!(error, PathError::ExtendedKeyUsage { position, .. } if position == Position::Chain(1))
    );
    let server = policy(&["root"]).extended_key_usage("1.3.6.1.5.5.7.3.1".parse().unwrap());
    assert_eq!(outcome(&server, "server-auth", "intermediate"), Ok(()));
    assert_eq!(outcome(&server, "server-ca-leaf", "server-ca"), REFUSED);
}

#[test]
fn an_anchor_that_is_restricted_is_held_to_it() {
    let restricted = chain(&["server-root-leaf"]);
    let error = policy(&["server-root"]).validate(&restricted).unwrap_err();
    assert!(
        matches!(error, PathError::ExtendedKeyUsage { position, .. } if position == Position::Anchor)
    );
    let any = policy(&["server-root"]).any_extended_key_usage();
    assert!(any.validate(&restricted).is_ok());
}

#[test]
fn any_purpose_does_where_the_policy_says_so() {
    let any = policy(&["root"]).any_extended_key_usage();
    for leaf in [
        "leaf",
        "any-purpose",
        "server-auth",
        "custom-purpose",
        "large-purpose",
    ] {
        assert_eq!(outcome(&any, leaf, "intermediate"), Ok(()), "{leaf}");
    }
    assert_eq!(outcome(&any, "server-ca-leaf", "server-ca"), Ok(()));
    assert!(validate(&["server-auth", "intermediate"]).is_err());
}
