use std::time::Instant;

use bulla_x509::{Certificate, PathError, TrustAnchors};

use crate::support::{chain, der, file, policy, validate};

#[test]
fn a_thousand_certificates_are_refused_before_they_are_parsed() {
    let begun = Instant::now();
    let many = vec![der("leaf"); 1_000];
    let error = policy(&["root"]).validate(&many).unwrap_err();
    assert_eq!(
        error,
        PathError::LimitExceeded("the number of certificates")
    );
    assert_eq!(error.code(), "x509.limit-exceeded");
    // What is no certificate at all gives the same answer: nothing was parsed.
    let garbage = vec![b"garbage".to_vec(); 1_000];
    let unparsed = policy(&["root"]).validate(&garbage).unwrap_err();
    assert_eq!(unparsed, error);
    // Allowed by a careless caller, they end at the second, which does not certify the first.
    let error = policy(&["root"]).max_chain(10_000).validate(&many);
    assert_eq!(error.unwrap_err(), PathError::ChainOrder(1));
    assert!(begun.elapsed().as_secs() < 2);
}

/// A self-issued certificate certifies itself, so any number of copies is in order.
#[test]
fn a_thousand_copies_of_a_root_cost_little() {
    let begun = Instant::now();
    let mut many = chain(&["leaf", "intermediate"]);
    many.extend(vec![der("root"); 1_000]);
    assert!(policy(&["root"]).max_chain(10_000).validate(&many).is_ok());
    let error = policy(&["other-root"]).max_chain(10_000).validate(&many);
    assert_eq!(error.unwrap_err(), PathError::UntrustedIssuer);
    assert!(begun.elapsed().as_secs() < 20);
}

#[test]
fn eight_certificates_are_allowed_and_nine_are_not() {
    let deep = [
        "deep-leaf-6",
        "deep-6",
        "deep-5",
        "deep-4",
        "deep-3",
        "deep-2",
        "deep-1",
        "root",
    ];
    assert_eq!(deep.len(), 8);
    assert_eq!(validate(&deep).unwrap().authorities().len(), 6);
    let deeper = [
        "deep-leaf-7",
        "deep-7",
        "deep-6",
        "deep-5",
        "deep-4",
        "deep-3",
        "deep-2",
        "deep-1",
    ];
    let error = validate(&deeper).unwrap_err();
    assert_eq!(error.code(), "x509.limit-exceeded");
    let nine = [&deeper[..], &["root"]].concat();
    let error = validate(&nine).unwrap_err();
    assert_eq!(error.code(), "x509.limit-exceeded");
    let error = policy(&["root"])
        .max_chain(1)
        .validate(&chain(&["leaf", "intermediate"]));
    assert_eq!(error.unwrap_err().code(), "x509.limit-exceeded");
}

#[test]
fn long_certificates_are_refused_before_they_are_parsed() {
    let long = vec![0x30; Certificate::GREATEST_LEN + 1];
    let error = policy(&["root"]).validate(&[long]).unwrap_err();
    assert_eq!(
        error,
        PathError::LimitExceeded("the length of a certificate")
    );
}

#[test]
fn what_is_no_certificate_is_refused_with_its_position() {
    for garbage in [&b""[..], b"garbage", &[0x30, 0], &file("leaf.key.pem")] {
        let chain = [der("leaf"), garbage.to_vec()];
        let error = policy(&["root"]).validate(&chain).unwrap_err();
        assert!(matches!(error, PathError::Malformed { certificate: 1, .. }));
        assert_eq!(error.code(), "x509.malformed");
    }
    let mut longer = chain(&["leaf", "intermediate"]);
    longer[0].push(0);
    let error = policy(&["root"]).validate(&longer).unwrap_err();
    assert!(matches!(error, PathError::Malformed { certificate: 0, .. }));
}

#[test]
fn anchors_are_bounded_and_never_none() {
    assert_eq!(TrustAnchors::new([]).unwrap_err().code(), "x509.file-empty");
    assert_eq!(
        TrustAnchors::read(b"").unwrap_err().code(),
        "x509.file-empty"
    );
    let key = TrustAnchors::read(&file("leaf.key.pem")).unwrap_err();
    assert_eq!(key.code(), "x509.file-empty");
    let many = file("root.pem").repeat(2_001);
    let error = TrustAnchors::read(&many).unwrap_err();
    assert_eq!(error.code(), "x509.file-limit-exceeded");
}
