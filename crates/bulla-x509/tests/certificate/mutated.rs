//! Fixtures with one octet changed: no panic, and no chain is trusted that was not signed so.

use bulla_x509::{Certificate, RevocationLists, certifiers};

use crate::support::{chain, der, file, policy};

const VALUES: [u8; 4] = [0x01, 0x80, 0xff, 0x20];

/// Every octet, in four ways, and every prefix.
fn each_mutation(octets: &[u8], mut run: impl FnMut(&[u8])) {
    for at in 0..octets.len() {
        run(&octets[..at]);
        for value in VALUES {
            let mut changed = octets.to_vec();
            changed[at] ^= value;
            run(&changed);
        }
    }
}

/// Everything that can be asked of a certificate.
fn look(octets: &[u8]) {
    let Ok(certificate) = Certificate::from_der(octets) else {
        return;
    };
    assert_eq!(certificate.as_der(), octets);
    let names = certificate.subject_alt_names();
    let purposes = certificate.extended_key_usage().unwrap_or_default();
    let shown = format!(
        "{certificate:?} {} {} {:?} {:?} {}",
        certificate.subject(),
        certificate.issuer(),
        certificate.key_usage(),
        names.iter().map(ToString::to_string).collect::<Vec<_>>(),
        purposes.iter().map(ToString::to_string).collect::<String>(),
    );
    assert!(!shown.contains(|character: char| character.is_control()));
    let _ = (certificate.not_before(), certificate.not_after());
    let _ = certificate.key();
    let _ = certificates_of(&certificate);
}

fn certificates_of(certificate: &Certificate) -> Option<usize> {
    *certifiers(std::slice::from_ref(certificate))
        .unwrap()
        .first()?
}

#[test]
fn no_certificate_makes_looking_at_it_panic() {
    for name in [
        "names",
        "hostile",
        "dns-ca",
        "custom-purpose",
        "ed448",
        "rsa-pss",
        "old-root",
        "point-a",
    ] {
        each_mutation(&der(name), look);
    }
}

/// Every octet of a certificate is signed, is the signature, or is what says where these begin.
#[test]
fn a_chain_with_one_octet_changed_is_not_trusted() {
    let policy = policy(&["root"]);
    for at in [0, 1] {
        let chain = chain(&["names", "intermediate"]);
        assert!(policy.validate(&chain).is_ok());
        each_mutation(&chain[at], |changed| {
            let mut chain = chain.clone();
            chain[at] = changed.to_vec();
            assert!(policy.validate(&chain).is_err());
        });
    }
}

#[test]
fn a_revocation_list_with_one_octet_changed_clears_nobody() {
    let policy = policy(&["root"]);
    let revoked = chain(&["revoked", "intermediate"]);
    each_mutation(&file("intermediate.crl.der"), |changed| {
        if let Ok(lists) = RevocationLists::read([changed]) {
            let policy = policy.clone().revocation(lists.leaf_only());
            assert!(policy.validate(&revoked).is_err());
        }
    });
}
