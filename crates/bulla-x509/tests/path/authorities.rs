//! Who may issue certificates, and how far down.

use bulla_x509::{PathError, Position};

use crate::support::{certificate, chain, policy, validate};

#[test]
fn an_authority_s_certificate_is_no_leaf() {
    for names in [&["intermediate"][..], &["intermediate", "root"]] {
        let error = validate(names).unwrap_err();
        assert_eq!(error, PathError::AuthorityAsLeaf);
        assert_eq!(error.code(), "x509.authority-as-leaf");
    }
}

#[test]
fn a_leaf_issues_nothing() {
    let error = validate(&["usurper", "leaf", "intermediate"]).unwrap_err();
    assert_eq!(error, PathError::NotAnAuthority);
    assert_eq!(error.code(), "x509.not-an-authority");
    let error = validate(&["no-constraints-leaf", "no-constraints-ca"]).unwrap_err();
    assert_eq!(error, PathError::NotAnAuthority);
}

/// Whoever trusts somebody's certificate does not let them vouch for others. The library below takes any anchor for an
/// authority.
#[test]
fn a_leaf_among_the_anchors_issues_nothing() {
    for accepts in [false, true] {
        for (anchor, leaf) in [
            ("leaf", "usurper"),
            ("self-signed", "below-self-signed"),
            ("no-constraints-ca", "no-constraints-leaf"),
            ("no-sign-ca", "no-sign-leaf"),
        ] {
            let mut policy = policy(&[anchor]);
            if accepts {
                policy = policy.accept_anchored_leaf();
            }
            for names in [&[leaf][..], &[leaf, anchor]] {
                let error = policy.validate(&chain(names)).unwrap_err();
                let expected = ["x509.untrusted-issuer", "x509.not-an-authority"];
                assert!(expected.contains(&error.code()), "{anchor}: {error}");
            }
        }
    }
}

/// The library below does not look at `keyUsage`.
#[test]
fn an_authority_that_may_not_sign_certificates_issues_nothing() {
    let error = validate(&["no-sign-leaf", "no-sign-ca"]).unwrap_err();
    let position = Position::Chain(1);
    assert_eq!(
        error,
        PathError::KeyUsage {
            position,
            asked: None
        }
    );
    assert_eq!(error.code(), "x509.key-usage");
}

#[test]
fn a_path_is_not_longer_than_an_authority_allows() {
    assert!(validate(&["narrow-leaf", "narrow-ca"]).is_ok());
    let error = validate(&["below-narrow-leaf", "below-narrow-ca", "narrow-ca"]).unwrap_err();
    assert_eq!(error, PathError::PathLength);
    assert_eq!(error.code(), "x509.path-length");
}

#[test]
fn a_path_is_not_longer_than_its_anchor_allows() {
    let policy = policy(&["narrow-root"]);
    assert!(policy.validate(&chain(&["narrow-root-leaf"])).is_ok());
    let error = policy
        .validate(&chain(&["below-narrow-root-leaf", "below-narrow-root"]))
        .unwrap_err();
    assert_eq!(error, PathError::PathLength);
}

#[test]
fn a_root_of_version_1_is_an_authority_and_an_intermediate_is_not() {
    let leaf = chain(&["old-root-leaf"]);
    let path = policy(&["old-root"]).validate(&leaf).unwrap();
    assert_eq!(path.anchor(), &certificate("old-root"));
    let with_root = chain(&["old-root-leaf", "old-root"]);
    assert!(policy(&["old-root"]).validate(&with_root).is_ok());
    let error = policy(&["root"]).validate(&with_root).unwrap_err();
    assert_eq!(error.code(), "x509.malformed", "{error}");
    let error = policy(&["root"])
        .validate(&chain(&["old-root"]))
        .unwrap_err();
    assert_eq!(error.code(), "x509.malformed", "{error}");
}

#[test]
fn critical_extensions_that_nobody_understands_are_refused() {
    for (names, at, extension) in [
        (
            &["unknown-critical", "intermediate"][..],
            0,
            "1.3.6.1.4.1.99999.1",
        ),
        (
            &["unknown-critical-ca-leaf", "unknown-critical-ca"],
            1,
            "1.3.6.1.4.1.99999.1",
        ),
        (&["policy-leaf", "policy-ca"], 1, "2.5.29.36"),
    ] {
        let error = validate(names).unwrap_err();
        assert_eq!(
            error,
            PathError::UnknownCriticalExtension {
                position: Position::Chain(at),
                extension: extension.parse().unwrap(),
            }
        );
        assert_eq!(error.code(), "x509.critical-extension");
    }
    assert!(validate(&["unknown-harmless", "intermediate"]).is_ok());
    let error = policy(&["unknown-critical-root"])
        .validate(&chain(&["unknown-critical-root-leaf"]))
        .unwrap_err();
    assert!(
        matches!(error, PathError::UnknownCriticalExtension { position, .. } if position == Position::Anchor)
    );
}
