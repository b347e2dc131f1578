//! Key files that are wrong, too costly, or not what their label says.

use std::time::{Duration, Instant};

use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, KeyError, PublicKey, pem};

use crate::support::{keys, private, public};

fn read(octets: impl AsRef<[u8]>) -> Result<Jwk, KeyError> {
    read_with(octets, None)
}

fn read_with(octets: impl AsRef<[u8]>, password: Option<&[u8]>) -> Result<Jwk, KeyError> {
    pem::read(octets.as_ref(), password, bulla::backend().as_ref())
}

/// One file of every structure, DER.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let (rsa, ec) = (private(keys::RSA), private(keys::P256));
    let okp = bulla::generate(SignatureAlg::Ed25519).unwrap();
    let akp = bulla::generate(SignatureAlg::MlDsa44).unwrap();
    let der = |encoded: Result<pem::Encoded, KeyError>| encoded.unwrap().as_der().to_vec();
    vec![
        ("PKCS#8 RSA", der(pem::write_pkcs8(rsa.key()))),
        ("PKCS#8 EC", der(pem::write_pkcs8(ec.key()))),
        ("PKCS#8 OKP", der(pem::write_pkcs8(okp.key()))),
        ("PKCS#8 AKP", der(pem::write_pkcs8(akp.key()))),
        ("PKCS#1", der(pem::write_pkcs1(rsa.key()))),
        ("SEC 1", der(pem::write_sec1(ec.key()))),
        ("SPKI RSA", der(pem::write_spki(&rsa.key().public()))),
        ("SPKI EC", der(pem::write_spki(&ec.key().public()))),
        (
            "PKCS#1 public",
            der(pem::write_pkcs1_public(&rsa.key().public())),
        ),
    ]
}

#[test]
fn the_control_is_read() {
    for (what, der) in files() {
        read(&der).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
}

#[test]
fn truncated_der_of_every_structure_is_refused_and_nothing_panics() {
    for (what, der) in files() {
        for end in 0..der.len() {
            assert!(read(&der[..end]).is_err(), "{what} cut at {end}");
        }
    }
}

#[test]
fn octets_behind_the_key_are_refused() {
    for (what, der) in files() {
        for tail in [&[0][..], &[5, 0], &der] {
            assert!(read([&der[..], tail].concat()).is_err(), "{what}");
        }
    }
}

/// BER allows many lengths for one value; DER allows one.
#[test]
fn lengths_that_are_not_minimal_are_refused() {
    for (what, der) in files() {
        let content = match der[1] {
            len @ ..=0x7f => (2, usize::from(len)),
            0x81 => (3, usize::from(der[2])),
            _ => (4, usize::from(u16::from_be_bytes([der[2], der[3]]))),
        };
        let (start, len) = content;
        assert_eq!(der.len(), start + len, "{what}");
        let long = [&[0x30, 0x83, 0, (len >> 8) as u8, len as u8], &der[start..]].concat();
        assert!(read(long).is_err(), "{what}");
        let indefinite = [&[0x30, 0x80], &der[start..], &[0, 0]].concat();
        assert!(read(indefinite).is_err(), "{what}");
    }
}

#[test]
fn a_changed_octet_panics_nowhere_and_never_makes_another_private_key_of_the_same_public_one() {
    for (what, der) in files() {
        let original = read(&der).unwrap();
        // Every octet of the structure, and some of the long numbers in it.
        for at in (0..der.len()).filter(|at| *at < 64 || at % 37 == 0) {
            let mut changed = der.clone();
            changed[at] ^= 0x41;
            if let (Ok(Jwk::Private(read)), Jwk::Private(original)) = (read(&changed), &original) {
                let same_public = read.key().public() == original.key().public();
                assert!(
                    !same_public || read.key() == original.key(),
                    "{what} at {at}"
                );
            }
        }
    }
}

#[test]
fn lengths_of_gigabytes_cost_nothing() {
    let started = Instant::now();
    for der in [
        &[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff][..],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01],
        &[0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x30, 0x06, 0x02, 0x84, 0x7f, 0xff, 0xff, 0xff],
    ] {
        assert!(read(der).is_err());
    }
    let many = RSA_SPKI.repeat(20_000);
    assert!(read(&many).is_err());
    assert!(read(vec![b'-'; 50_000_000]).is_err());
    assert!(read("-----BEGIN ".repeat(180_000)).is_err());
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "took {:?}",
        started.elapsed()
    );
}

#[test]
fn a_password_of_too_many_iterations_is_refused_before_it_is_tried() {
    let key = private(keys::P256);
    let file = pem::write_pkcs8_encrypted(key.key(), b"secret", bulla::backend().as_ref()).unwrap();
    let der = file.as_der().to_vec();
    // 600,000 as an ASN.1 INTEGER, made 8,388,607 of the same length.
    let at = der
        .windows(5)
        .position(|window| window == [2, 3, 0x09, 0x27, 0xc0])
        .unwrap();
    let mut costly = der.clone();
    costly[at + 2..at + 5].copy_from_slice(&[0x7f, 0xff, 0xff]);
    let started = Instant::now();
    let error = read_with(&costly, Some(b"secret")).unwrap_err();
    assert_eq!(error.code(), "jwk.limit-exceeded");
    assert!(started.elapsed() < Duration::from_millis(500));
    let mut none = der.clone();
    none[at + 2..at + 5].copy_from_slice(&[0, 0, 0]);
    assert!(read_with(&none, Some(b"secret")).is_err());
}

#[test]
fn a_wrong_password_and_a_changed_file_are_one_error() {
    let key = private(keys::P256);
    let file = pem::write_pkcs8_encrypted(key.key(), b"secret", bulla::backend().as_ref()).unwrap();
    let der = file.as_der().to_vec();
    assert!(
        matches!(read_with(&der, Some(b"secret")), Ok(Jwk::Private(read)) if read.key() == key.key())
    );
    let wrong = read_with(&der, Some(b"Secret")).unwrap_err();
    let mut changed = der.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(
        read_with(&changed, Some(b"secret")).unwrap_err().code(),
        wrong.code()
    );
    assert!(read_with(&der, Some(b"")).is_err());
    assert!(read_with(&der, None).is_err());
}

/// RFC 4055: a key for PSS alone, with parameters of its own. JOSE has no place for them.
#[test]
fn an_rsa_key_for_pss_alone_is_told_and_never_used_for_pkcs1() {
    match read(RSA_PSS_SPKI) {
        Err(error) => assert!(matches!(error.code(), "jwk.unsupported"), "{error}"),
        Ok(Jwk::Public(key)) => {
            assert!(bulla::verifier_for(&key, SignatureAlg::Rs256).is_err());
        }
        Ok(_) => panic!("a private key out of a public one"),
    }
}

#[test]
fn a_private_key_whose_public_half_is_another() {
    let (one, other) = (
        private(keys::P256),
        bulla::generate(SignatureAlg::Es256).unwrap(),
    );
    let mut der = pem::write_sec1(one.key()).unwrap().as_der().to_vec();
    let point = |key: &bulla::jwk::PrivateJwk| match key.key().public() {
        PublicKey::Ec(key) => key.to_uncompressed(),
        _ => panic!("an EC key"),
    };
    let (from, to) = (point(&one), point(&other));
    let at = der
        .windows(from.len())
        .position(|window| window == from)
        .unwrap();
    der[at..at + to.len()].copy_from_slice(&to);
    assert_eq!(read(&der).unwrap_err().code(), "jwk.malformed");
}

#[test]
fn the_content_counts_and_not_the_label() {
    let relabelled = RSA_SPKI.replace("PUBLIC KEY", "CERTIFICATE");
    // Read as what it is, or refused; never as a certificate.
    if let Ok(key) = read(relabelled) {
        assert!(matches!(&key, Jwk::Public(key) if key.members().x5c.is_none()));
    }
    let private_label = RSA_SPKI.replace("PUBLIC KEY", "PRIVATE KEY");
    assert!(!matches!(read(private_label), Ok(Jwk::Private(_))));
}

#[test]
fn what_is_no_key_file() {
    for text in [
        "",
        " ",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "ssh-rsa AAAAB3NzaC1yc2E",
        "{\"kty\":\"oct\"}",
        "-----BEGIN PUBLIC KEY-----\n****\n-----END PUBLIC KEY-----\n",
        "\0\0\0\0",
        "0\u{80}",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n",
    ] {
        assert!(read(text).is_err(), "{text:?}");
    }
}

#[test]
fn two_keys_in_one_file_are_not_guessed_between() {
    let other = bulla::generate(SignatureAlg::Es256).unwrap();
    let both = format!(
        "{}{}",
        RSA_SPKI,
        pem::write_spki(&other.key().public())
            .unwrap()
            .to_pem()
            .as_str()
    );
    assert_eq!(read(both).unwrap_err().code(), "jwk.ambiguous");
}

#[test]
fn weak_keys_are_read_and_not_bound() {
    let mut n = match public(keys::RSA).key() {
        PublicKey::Rsa(key) => key.n()[..128].to_vec(),
        _ => panic!("an RSA key"),
    };
    *n.last_mut().unwrap() |= 1;
    let weak = public(&format!(
        r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#,
        bulla::base64url::encode(&n)
    ));
    let der = pem::write_spki(weak.key()).unwrap().as_der().to_vec();
    let Ok(Jwk::Public(key)) = read(&der) else {
        panic!("a public key")
    };
    assert_eq!(
        bulla::verifier_for(&key, SignatureAlg::Rs256)
            .unwrap_err()
            .code(),
        "jwk.too-weak"
    );
}

/// Printed by `openssl genpkey -algorithm RSA-PSS`, the public half, with SHA-256 and a salt of 32 octets.
const RSA_PSS_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MIIBVjBBBgkqhkiG9w0BAQowNKAPMA0GCWCGSAFlAwQCAQUAoRwwGgYJKoZIhvcN\n\
AQEIMA0GCWCGSAFlAwQCAQUAogMCASADggEPADCCAQoCggEBAMJj6G6X1n1Iq/3N\n\
XswfUIhRTnfPOO66uhuqAMs4OG4DqRPUQUdPz2jwl+f1+/37q2MmemIKISHvsxOb\n\
RSY4kh+mbux7AgP90FakGYW0trA+/u6pN0evsRJB8sm0Q3rlGw02WZIOzFTh6kH8\n\
n5pwkX0pZlxfQinSqrsSNet7DWQNL2TO01Pe1H5/xQtSzoqaGGX/VT1HX0aSvJD8\n\
oaACKJ/CwVb6LSy7YZ3XygLV6wSJT3rodND/ObXWAhsZ5KqI2TUSHHY4WWROErGg\n\
JyB4A+NE5IzAeKDJXFqVuHNZIqd9nGouDcu/eNHWsIniRIz52Sh0Y+DeapZ58mQP\n\
yF1UJNUCAwEAAQ==\n\
-----END PUBLIC KEY-----\n";

/// The public half of [`keys::RSA`] as SPKI, printed by openssl.
pub(crate) const RSA_SPKI: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj\n\
NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz\n\
P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo\n\
9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB\n\
EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX\n\
FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\n\
oQIDAQAB\n\
-----END PUBLIC KEY-----\n";

/// The public half of [`keys::RSA`] as PKCS#1, printed by openssl.
pub(crate) const RSA_PKCS1: &str = "\
-----BEGIN RSA PUBLIC KEY-----\n\
MIIBCgKCAQEAofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd/wWJcyQoTbji9k0l8W2\n\
6mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMs\n\
D1W/YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5\n\
z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxv\n\
b3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxXFvUK+DWNmoudF8NAco9/h9iaGNj8q2et\n\
hFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQIDAQAB\n\
-----END RSA PUBLIC KEY-----\n";
