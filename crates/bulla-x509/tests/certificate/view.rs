use std::net::IpAddr;

use bulla_x509::{AlternativeName, Certificate, Oid, SignatureMismatch, certifiers};

use crate::support::{at, certificate, der, file};

#[test]
fn everything_that_a_certificate_says() {
    let leaf = certificate("leaf");
    assert_eq!(leaf.as_der(), der("leaf"));
    assert_eq!(leaf.subject().to_string(), "CN=leaf,O=Bulla");
    assert_eq!(leaf.issuer().to_string(), "CN=intermediate,O=Bulla");
    assert_eq!(leaf.issuer(), certificate("intermediate").subject());
    // 2026-01-01 and 2036-01-01, 00:00:00 UTC.
    assert_eq!(leaf.not_before(), at(1_767_225_600));
    assert_eq!(leaf.not_after(), at(2_082_758_400));
    assert!(!leaf.is_ca());
    assert_eq!(leaf.path_len(), None);
    assert_eq!(leaf.key_usage().unwrap().to_string(), "digitalSignature");
    assert_eq!(leaf.extended_key_usage(), None);
    assert!(leaf.subject_alt_names().is_empty());
    assert_eq!(leaf.unknown_critical_extension(), None);
    assert!(!leaf.is_self_signed());
    assert_eq!(leaf.key().unwrap().peek().key().describe(), "EC P-256");
    let shown = format!("{leaf:?}");
    assert!(
        shown.starts_with("Certificate { subject: \"CN=leaf,O=Bulla\""),
        "{shown}"
    );

    let authority = certificate("narrow-ca");
    assert!(authority.is_ca());
    assert_eq!(authority.path_len(), Some(0));
    assert_eq!(
        authority.key_usage().unwrap().to_string(),
        "keyCertSign, cRLSign"
    );
}

/// As `openssl x509 -fingerprint` has them, which `make.sh` writes down.
#[test]
fn thumbprints_are_those_of_openssl() {
    let fingerprint = |name: &str| {
        let text = String::from_utf8(file(name)).unwrap();
        let hex = text.trim().rsplit('=').next().unwrap().to_owned();
        hex.split(':')
            .map(|octet| u8::from_str_radix(octet, 16).unwrap())
            .collect::<Vec<_>>()
    };
    let leaf = certificate("leaf");
    assert_eq!(leaf.x5t().to_vec(), fingerprint("leaf.sha1"));
    assert_eq!(leaf.x5t_s256().to_vec(), fingerprint("leaf.sha256"));
}

#[test]
fn alternative_names_of_every_kind() {
    let names = certificate("names");
    let [dns, email, uri, ip4, ip6, other, directory] = names.subject_alt_names() else {
        panic!("{:?}", names.subject_alt_names())
    };
    assert_eq!(*dns, AlternativeName::Dns("a.example".into()));
    assert_eq!(*email, AlternativeName::Email("b@example".into()));
    assert_eq!(*uri, AlternativeName::Uri("https://c.example/".into()));
    assert_eq!(*ip4, AlternativeName::Ip(IpAddr::from([192, 0, 2, 1])));
    assert_eq!(ip6.to_string(), "IP:2001:db8::1");
    assert_eq!(*other, AlternativeName::Other(8, Box::from([0x2a, 3])));
    assert_eq!(directory.to_string(), "directory:CN=within");
    assert_eq!(dns.to_string(), "DNS:a.example");
}

#[test]
fn what_is_shown_of_a_hostile_name_does_nothing_to_a_terminal() {
    let name = certificate("hostile").subject().to_string();
    assert_eq!(name, "CN=a\\u{202e}b,O=\\1b[2J\\,\\+\\\"");
    assert!(name.chars().all(|character| matches!(character, ' '..='~')));
}

#[test]
fn purposes_are_the_numbers_that_openssl_wrote() {
    let purposes = |name: &str| certificate(name).extended_key_usage().unwrap().to_vec();
    assert_eq!(
        purposes("custom-purpose")[0].to_string(),
        "1.3.6.1.4.1.99999.311"
    );
    assert_eq!(purposes("jwt-purpose"), [Oid::jwt()]);
    assert_eq!(
        purposes("large-purpose")[0].to_string(),
        "2.25.1329227995784915872903807060280344575"
    );
    assert_eq!(purposes("server-auth").len(), 2);
}

#[test]
fn who_signed_whom() {
    let [leaf, intermediate, root] = ["leaf", "intermediate", "root"].map(certificate);
    assert_eq!(leaf.check_signed_by(&intermediate), Ok(()));
    assert_eq!(intermediate.check_signed_by(&root), Ok(()));
    assert!(root.is_self_signed());
    assert_eq!(leaf.check_signed_by(&root), Err(SignatureMismatch::Name));
    let false_root = certificate("false-root");
    assert_eq!(
        intermediate.check_signed_by(&false_root),
        Err(SignatureMismatch::Signature)
    );
    let ed448 = certificate("ed448-root");
    assert_eq!(
        ed448.check_signed_by(&ed448),
        Err(SignatureMismatch::Unsupported)
    );
    for name in [
        "rsa-root",
        "secp256k1-root",
        "ed25519-root",
        "old-root",
        "self-signed",
    ] {
        assert!(certificate(name).is_self_signed(), "{name}");
    }
}

#[test]
fn who_signed_what_is_found_in_any_order() {
    let names = [
        "false-root",
        "leaf",
        "other-root",
        "root",
        "intermediate",
        "ed448-root",
    ];
    let heap = names.map(certificate);
    let expected = [Some(0), Some(4), Some(2), Some(3), Some(3), None];
    assert_eq!(certifiers(&heap).unwrap(), expected);
    let shuffled = Certificate::read_all(&file("shuffled.pem"), 8).unwrap();
    assert_eq!(certifiers(&shuffled).unwrap(), [Some(1), Some(1), Some(0)]);
    let many = vec![certificate("leaf"); 33];
    let error = certifiers(&many).unwrap_err();
    assert_eq!(error.code(), "x509.file-limit-exceeded");
}

/// What two parsers could read differently is refused (RFC 5280 §4.2).
#[test]
fn an_extension_that_stands_there_twice_is_refused() {
    let mut twice = der("names");
    // `subjectAltName`, 2.5.29.17, becomes a second `keyUsage`, 2.5.29.15.
    let at = position(&twice, &[0x55, 0x1d, 17]);
    twice[at + 2] = 15;
    let error = Certificate::from_der(&twice).unwrap_err();
    assert_eq!(error.code(), "x509.file-malformed");
    assert!(error.to_string().contains("one extension twice"), "{error}");
}

/// The algorithm stands in a certificate twice, and only one of them is signed (RFC 5280 §4.1.1.2).
#[test]
fn a_signature_whose_two_algorithms_differ_counts_for_nothing() {
    let mut changed = der("leaf");
    // ecdsa-with-SHA256, the second time; ecdsa-with-SHA384 in its place.
    let oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let first = position(&changed, &oid);
    let at = first + 1 + position(&changed[first + 1..], &oid);
    changed[at + 7] = 3;
    let leaf = Certificate::from_der(&changed).unwrap();
    assert_eq!(
        leaf.check_signed_by(&certificate("intermediate")),
        Err(SignatureMismatch::Unsupported)
    );
}

fn position(octets: &[u8], wanted: &[u8]) -> usize {
    let mut windows = octets.windows(wanted.len());
    windows.position(|window| window == wanted).unwrap()
}
