//! Revocation lists that the caller gives.

use bulla_x509::{PathError, PathPolicy, RevocationLists};

use crate::support::{at, chain, file, policy};

fn lists(names: &[&str]) -> RevocationLists {
    let files = names.iter().map(|name| file(&format!("{name}.crl.der")));
    RevocationLists::read(files).unwrap()
}

fn outcome(policy: &PathPolicy, names: &[&str]) -> Result<(), PathError> {
    policy.validate(&chain(names)).map(drop)
}

const GOOD: [&str; 2] = ["leaf", "intermediate"];

#[test]
fn what_is_not_revoked_is_accepted_and_what_is_is_not() {
    let policy = policy(&["root"]).revocation(lists(&["intermediate", "root"]));
    assert_eq!(outcome(&policy, &GOOD), Ok(()));
    let error = outcome(&policy, &["revoked", "intermediate"]).unwrap_err();
    assert_eq!(error, PathError::Revoked);
    assert_eq!(error.code(), "x509.revoked");
}

#[test]
fn a_revoked_authority_vouches_for_nobody() {
    let all = lists(&["intermediate", "root"]).accept_unknown();
    let policy = policy(&["root"]).revocation(all);
    let names = ["revoked-ca-leaf", "revoked-ca"];
    assert_eq!(outcome(&policy, &names), Err(PathError::Revoked));
    let leaf_only = policy.revocation(
        lists(&["intermediate", "root"])
            .accept_unknown()
            .leaf_only(),
    );
    assert_eq!(outcome(&leaf_only, &names), Ok(()));
}

#[test]
fn without_lists_nothing_is_asked() {
    assert_eq!(
        outcome(&policy(&["root"]), &["revoked", "intermediate"]),
        Ok(())
    );
}

#[test]
fn what_no_list_speaks_of_is_refused_unless_the_policy_says_otherwise() {
    let only_leaves = policy(&["root"]).revocation(lists(&["intermediate"]));
    let error = outcome(&only_leaves, &GOOD).unwrap_err();
    assert_eq!(error, PathError::RevocationUnknown);
    assert_eq!(error.code(), "x509.revocation-unknown");
    let leaf_only = policy(&["root"]).revocation(lists(&["intermediate"]).leaf_only());
    assert_eq!(outcome(&leaf_only, &GOOD), Ok(()));
    let unknown = policy(&["root"]).revocation(lists(&["intermediate"]).accept_unknown());
    assert_eq!(outcome(&unknown, &GOOD), Ok(()));
    assert_eq!(
        outcome(&unknown, &["revoked", "intermediate"]),
        Err(PathError::Revoked)
    );
    let of_another = policy(&["root"]).revocation(lists(&["other-root"]));
    assert_eq!(
        outcome(&of_another, &GOOD),
        Err(PathError::RevocationUnknown)
    );
}

#[test]
fn a_list_that_is_out_of_date_is_not_believed_unless_the_policy_says_so() {
    let outdated = lists(&["outdated"]).leaf_only();
    let strict = policy(&["root"]).revocation(outdated.clone());
    let error = outcome(&strict, &GOOD).unwrap_err();
    assert_eq!(error, PathError::RevocationListOutdated);
    assert_eq!(error.code(), "x509.revocation-list-outdated");
    let february_2026 = at(1_771_000_000);
    assert_eq!(outcome(&strict.at(february_2026), &GOOD), Ok(()));
    let lenient = policy(&["root"]).revocation(outdated.accept_outdated());
    assert_eq!(outcome(&lenient, &GOOD), Ok(()));
}

#[test]
fn the_newest_list_of_an_issuer_is_asked_in_whatever_order_they_come() {
    for names in [["outdated", "intermediate"], ["intermediate", "outdated"]] {
        let policy = policy(&["root"]).revocation(lists(&names).leaf_only());
        assert_eq!(outcome(&policy, &GOOD), Ok(()));
        let error = outcome(&policy, &["revoked", "intermediate"]);
        assert_eq!(error, Err(PathError::Revoked));
    }
}

/// Somebody else's list under the issuer's name clears nobody.
#[test]
fn a_list_that_its_issuer_did_not_sign_is_refused() {
    let policy = policy(&["root"]).revocation(lists(&["false-intermediate"]).leaf_only());
    for names in [GOOD, ["revoked", "intermediate"]] {
        let error = outcome(&policy, &names).unwrap_err();
        assert_eq!(error, PathError::RevocationListInvalid);
        assert_eq!(error.code(), "x509.revocation-list-invalid");
    }
}

#[test]
fn a_list_whose_issuer_may_not_sign_lists_is_refused() {
    let policy = policy(&["root"]).revocation(lists(&["no-lists"]).leaf_only());
    let error = outcome(&policy, &["no-lists-leaf", "no-lists-ca"]);
    assert_eq!(error, Err(PathError::RevocationListInvalid));
}

#[test]
fn lists_come_in_pem_and_der() {
    let pem = RevocationLists::read([file("intermediate.crl.pem")]).unwrap();
    let policy = policy(&["root"]).revocation(pem.leaf_only());
    assert_eq!(
        outcome(&policy, &["revoked", "intermediate"]),
        Err(PathError::Revoked)
    );
}

/// Somebody who splits their lists says in each for which place it is, and in the certificate where to look.
#[test]
fn a_list_for_another_place_does_not_speak_of_a_certificate() {
    let names = ["point-a", "intermediate"];
    for (list, expected) in [
        ("point-a", Ok(())),
        ("point-b", Err(PathError::RevocationUnknown)),
    ] {
        let policy = policy(&["root"]).revocation(lists(&[list]).leaf_only());
        assert_eq!(outcome(&policy, &names), expected, "{list}");
    }
}

#[test]
fn what_is_no_list_is_refused() {
    let read = |octets: &[u8]| RevocationLists::read([octets]).unwrap_err();
    assert_eq!(
        RevocationLists::read([] as [&[u8]; 0]).unwrap_err().code(),
        "x509.file-empty"
    );
    assert_eq!(read(b"").code(), "x509.file-malformed");
    assert_eq!(read(&file("leaf.der")).code(), "x509.file-malformed");
    assert_eq!(read(&file("root.pem")).code(), "x509.file-empty");
    assert_eq!(
        read(&file("version-1.crl.der")).code(),
        "x509.file-malformed"
    );
    assert_eq!(
        read(&vec![0; 16 * 1024 * 1024 + 1]).code(),
        "x509.file-limit-exceeded"
    );
}
