//! Certificates, chains of them and revocation lists.

use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use bulla_x509::{Certificate, PathPolicy, RevocationLists, TrustAnchors, certifiers};

/// Whatever stands in a certificate can be looked at and shown, and nothing that a terminal acts upon is shown.
pub fn certificate(octets: &[u8]) {
    let Ok(certificates) = Certificate::read_all(octets, 8) else {
        return;
    };
    for certificate in &certificates {
        let names = certificate.subject_alt_names().iter();
        let purposes = certificate.extended_key_usage().unwrap_or_default().iter();
        let shown = format!(
            "{certificate:?} {} {} {} {}",
            certificate.subject(),
            certificate.issuer(),
            names.map(ToString::to_string).collect::<String>(),
            purposes.map(ToString::to_string).collect::<String>(),
        );
        assert!(!shown.contains(|character: char| character.is_control()));
        let _ = (
            certificate.key(),
            certificate.key_usage(),
            certificate.serial_number(),
        );
        let again =
            Certificate::from_der(certificate.as_der()).expect("what was read is unreadable");
        assert_eq!(again, *certificate);
    }
    assert_eq!(
        certifiers(&certificates).expect("not many").len(),
        certificates.len()
    );
}

/// Certificates one after the other, each after its length in two octets. What is trusted is given as it came.
pub fn certificate_chain(mut octets: &[u8]) {
    let mut chain = Vec::new();
    while let [first, second, rest @ ..] = octets {
        let len = usize::from(u16::from_be_bytes([*first, *second])).min(rest.len());
        let (certificate, after) = rest.split_at(len);
        chain.push(certificate.to_vec());
        octets = after;
    }
    if let Ok(path) = POLICY.validate(&chain) {
        assert_eq!(path.jwk().members().x5c.as_deref(), Some(&*chain));
        assert!(path.authorities().iter().all(Certificate::is_ca));
        assert!(path.not_after() >= UNIX_EPOCH + NOW);
    }
}

/// A list is read or refused.
pub fn revocation_list(octets: &[u8]) {
    if let Ok(lists) = RevocationLists::read([octets]) {
        let policy = POLICY.clone().revocation(lists);
        let _ = policy.validate(&[LEAF, INTERMEDIATE]);
    }
}

static POLICY: LazyLock<PathPolicy> = LazyLock::new(|| {
    let anchors = TrustAnchors::read(ROOT).expect("the fixture is an anchor");
    PathPolicy::new(anchors).at(UNIX_EPOCH + NOW)
});

const NOW: Duration = Duration::from_secs(1_800_000_000);

const ROOT: &[u8] = include_bytes!("../../crates/bulla-x509/tests/fixtures/root.der");
const INTERMEDIATE: &[u8] =
    include_bytes!("../../crates/bulla-x509/tests/fixtures/intermediate.der");
const LEAF: &[u8] = include_bytes!("../../crates/bulla-x509/tests/fixtures/leaf.der");
