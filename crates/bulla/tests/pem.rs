//! Key files of every kind, as OpenSSL 3.0 and OpenSSH wrote them. `keys/` was made for these tests and protects nothing;
//! the password of what is encrypted there is `secret`.
#![cfg(all(feature = "aws-lc", feature = "pem"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

use std::sync::Arc;

use bulla_core::jwa::{HashAlg, MlDsaParameters, SignatureAlg};
use bulla_core::jwk::pem::{self, Encoded, read};
use bulla_core::jwk::{
    EcCurve, Jwk, KeyError, OkpCurve, PrivateJwk, PrivateKey, PublicJwk, PublicKey, RsaPrivateKey,
};
use bulla_core::key::{Backend, KeySpec, Signer, Verifier};
use proptest::prelude::*;

macro_rules! key_file {
    ($name:literal) => {
        include_bytes!(concat!("keys/", $name)).as_slice()
    };
}

fn backend() -> Arc<dyn Backend> {
    bulla_aws_lc::backend()
}

fn parse(octets: &[u8]) -> Result<Jwk, KeyError> {
    read(octets, None, backend().as_ref())
}

#[track_caller]
fn private(octets: &[u8]) -> PrivateJwk {
    parse(octets).unwrap().try_into().unwrap()
}

#[track_caller]
fn public(octets: &[u8]) -> PublicJwk {
    parse(octets).unwrap().try_into().unwrap()
}

fn text(octets: &[u8]) -> &str {
    core::str::from_utf8(octets).unwrap()
}

/// The octets between the lines of a PEM text that holds one block.
fn der(pem: &[u8]) -> Vec<u8> {
    let body: String = text(pem)
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    // Any reader of standard base64 will do: this one is `x5c`'s.
    let key = format!(r#"{{"kty":"oct","k":"AA","x5c":["{body}"]}}"#);
    let key = Jwk::parse(key).unwrap();
    key.members().x5c.as_ref().unwrap()[0].clone()
}

#[track_caller]
fn says(result: Result<Jwk, KeyError>, code: &str, words: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[track_caller]
fn same_text(written: Result<Encoded, KeyError>, openssl: &[u8]) {
    let written = written.unwrap();
    assert_eq!(written.to_pem().as_str(), text(openssl));
    assert_eq!(written.as_der(), der(openssl));
}

#[test]
fn elliptic_curve_keys_in_every_structure() {
    for (curve, pkcs8, sec1, spki) in [
        (
            EcCurve::P256,
            key_file!("p256.pkcs8.pem"),
            key_file!("p256.sec1.pem"),
            key_file!("p256.spki.pem"),
        ),
        (
            EcCurve::P384,
            key_file!("p384.pkcs8.pem"),
            key_file!("p384.sec1.pem"),
            key_file!("p384.spki.pem"),
        ),
        (
            EcCurve::P521,
            key_file!("p521.pkcs8.pem"),
            key_file!("p521.sec1.pem"),
            key_file!("p521.spki.pem"),
        ),
        (
            EcCurve::Secp256k1,
            key_file!("secp256k1.pkcs8.pem"),
            key_file!("secp256k1.sec1.pem"),
            key_file!("secp256k1.spki.pem"),
        ),
    ] {
        let key = private(pkcs8);
        let PrivateKey::Ec(ec) = key.key() else {
            panic!("EC")
        };
        assert_eq!(ec.public().curve(), curve);
        assert_eq!(private(sec1), key);
        assert_eq!(public(spki), key.public());
        for pem in [pkcs8, sec1] {
            assert_eq!(private(&der(pem)), key, "DER as well");
        }
        assert_eq!(public(&der(spki)), key.public());

        same_text(pem::write_pkcs8(key.key()), pkcs8);
        same_text(pem::write_sec1(key.key()), sec1);
        same_text(pem::write_spki(&key.key().public()), spki);
    }
}

#[test]
fn edwards_and_montgomery_keys() {
    for (curve, pkcs8, spki) in [
        (
            OkpCurve::Ed25519,
            key_file!("ed25519.pkcs8.pem"),
            key_file!("ed25519.spki.pem"),
        ),
        (
            OkpCurve::Ed448,
            key_file!("ed448.pkcs8.pem"),
            key_file!("ed448.spki.pem"),
        ),
        (
            OkpCurve::X25519,
            key_file!("x25519.pkcs8.pem"),
            key_file!("x25519.spki.pem"),
        ),
        (
            OkpCurve::X448,
            key_file!("x448.pkcs8.pem"),
            key_file!("x448.spki.pem"),
        ),
    ] {
        let key = private(pkcs8);
        let PrivateKey::Okp(okp) = key.key() else {
            panic!("OKP")
        };
        assert_eq!(okp.public().curve(), curve);
        assert_eq!(public(spki), key.public());
        assert_eq!(private(&der(pkcs8)), key);
        same_text(pem::write_pkcs8(key.key()), pkcs8);
        same_text(pem::write_spki(&key.key().public()), spki);
    }
}

#[test]
fn rsa_keys_in_every_structure() {
    let key = private(key_file!("rsa.pkcs8.pem"));
    assert_eq!(private(key_file!("rsa.pkcs1.pem")), key);
    assert_eq!(public(key_file!("rsa.spki.pem")), key.public());
    assert_eq!(public(key_file!("rsa.pkcs1-public.pem")), key.public());
    assert_eq!(private(&der(key_file!("rsa.pkcs1.pem"))), key);
    assert_eq!(
        public(&der(key_file!("rsa.pkcs1-public.pem"))),
        key.public()
    );

    same_text(pem::write_pkcs8(key.key()), key_file!("rsa.pkcs8.pem"));
    same_text(pem::write_pkcs1(key.key()), key_file!("rsa.pkcs1.pem"));
    let half = key.key().public();
    same_text(pem::write_spki(&half), key_file!("rsa.spki.pem"));
    same_text(
        pem::write_pkcs1_public(&half),
        key_file!("rsa.pkcs1-public.pem"),
    );
}

#[test]
fn an_rsa_key_without_primes_is_written_once_it_is_complete() {
    let whole = private(key_file!("rsa.pkcs8.pem"));
    let PrivateKey::Rsa(rsa) = whole.key() else {
        panic!("RSA")
    };
    let bare = RsaPrivateKey::new(rsa.public().clone(), rsa.d().clone(), None).unwrap();
    let bare = PrivateKey::Rsa(bare);
    let error = pem::write_pkcs8(&bare).unwrap_err();
    assert_eq!(error.code(), "jwk.malformed");
    let complete = bare.complete(backend().as_ref()).unwrap();
    let written = pem::write_pkcs1(&complete).unwrap();
    assert_eq!(private(written.as_der()).public(), whole.public());
}

#[test]
fn rsa_keys_of_three_primes_are_kept() {
    let key = private(key_file!("rsa-three-primes.pkcs1.pem"));
    let PrivateKey::Rsa(rsa) = key.key() else {
        panic!("RSA")
    };
    assert_eq!(rsa.other_primes().len(), 1);
    same_text(
        pem::write_pkcs1(key.key()),
        key_file!("rsa-three-primes.pkcs1.pem"),
    );
    assert_eq!(PrivateJwk::parse(key.to_json().as_str()).unwrap(), key);
}

#[test]
fn the_restriction_of_a_pss_key_becomes_its_alg() {
    assert_eq!(private(key_file!("rsa-pss.pkcs8.pem")).members().alg, None);
    for pem in [
        key_file!("rsa-pss-sha256.pkcs8.pem"),
        key_file!("rsa-pss-sha256.spki.pem"),
    ] {
        let key = parse(pem).unwrap();
        assert_eq!(key.members().alg.as_ref(), Some(SignatureAlg::Ps256.name()));
    }
    says(
        parse(key_file!("rsa-pss-sha1.pkcs8.pem")),
        "jwk.unsupported",
        "PS256",
    );
}

/// RFC 9881 appendix C.1: the seed 00 01 02 … 1f.
#[test]
fn ml_dsa_keys_are_their_seed() {
    let pem = "-----BEGIN PRIVATE KEY-----\n\
        MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ\n\
        GhscHR4f\n\
        -----END PRIVATE KEY-----\n";
    let key = private(pem.as_bytes());
    let PrivateKey::Akp(akp) = key.key() else {
        panic!("AKP")
    };
    assert_eq!(akp.public().parameters(), MlDsaParameters::MlDsa44);
    assert_eq!(
        key.members().alg.as_ref(),
        Some(SignatureAlg::MlDsa44.name())
    );
    let seed: Vec<u8> = (0..32).collect();
    assert_eq!(akp.seed().expose(), seed);
    same_text(pem::write_pkcs8(key.key()), pem.as_bytes());

    let spki = pem::write_spki(&key.key().public()).unwrap();
    assert_eq!(public(spki.as_der()), key.public());

    // The form with both: the same seed, and an expanded key that begins with ρ as the public key does.
    let both = |rho: &[u8]| {
        let expanded = [rho, &[0; 2560 - 32]].concat();
        let mut inner = vec![0x30, 0x82, 0x0a, 0x26, 0x04, 0x20];
        inner.extend(&seed);
        inner.extend([0x04, 0x82, 0x0a, 0x00]);
        inner.extend(&expanded);
        let mut der = vec![0x30, 0x82, 0x0a, 0x3e, 0x02, 0x01, 0x00];
        der.extend(hex("300b0609608648016503040311"));
        der.extend([0x04, 0x82, 0x0a, 0x2a]);
        der.extend(inner);
        der
    };
    assert_eq!(private(&both(&akp.public().public()[..32])), key);
    says(parse(&both(&[7; 32])), "jwk.malformed", "expanded");

    let mut expanded_alone = vec![0x30, 0x82, 0x0a, 0x18, 0x02, 0x01, 0x00];
    expanded_alone.extend(hex("300b0609608648016503040311"));
    expanded_alone.extend([0x04, 0x82, 0x0a, 0x04, 0x04, 0x82, 0x0a, 0x00]);
    expanded_alone.extend([0; 2560]);
    says(parse(&expanded_alone), "jwk.unsupported", "seed");
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn other_shapes_of_the_same_key() {
    let key = private(key_file!("p256.pkcs8.pem"));
    assert_eq!(
        private(key_file!("p256.sec1-with-parameters.pem")),
        key,
        "EC PARAMETERS first"
    );
    assert_eq!(private(key_file!("p256.sec1-no-public.pem")), key);
    assert_eq!(private(key_file!("p256.sec1-compressed.pem")), key);

    let pem = text(key_file!("p256.pkcs8.pem"));
    let crlf = pem.replace('\n', "\r\n");
    assert_eq!(private(crlf.as_bytes()), key);
    let explained = format!("Bag Attributes\n  friendlyName: mine\n\n  {pem}\n\ntrailing words\n");
    assert_eq!(private(explained.as_bytes()), key);
    let mislabelled = pem.replace("PRIVATE KEY", "EC PRIVATE KEY");
    assert_eq!(
        private(mislabelled.as_bytes()),
        key,
        "content counts, not the label"
    );
    let both = [key_file!("p256.pkcs8.pem"), key_file!("p256.spki.pem")].concat();
    assert_eq!(private(&both), key);
}

#[test]
fn a_public_point_of_another_key_is_refused() {
    let mut der = der(key_file!("p256.sec1.pem"));
    let other = private(key_file!("p256.sec1.pem"));
    let PrivateKey::Ec(ec) = other.key() else {
        panic!("EC")
    };
    // Another point of the same curve: that of another key.
    let spec = KeySpec::Ec(EcCurve::P256);
    let PrivateKey::Ec(stranger) = backend().generate(spec).unwrap() else {
        panic!("EC")
    };
    let point = ec.public().to_uncompressed();
    let at = der
        .windows(point.len())
        .position(|window| window == point)
        .unwrap();
    der[at..at + point.len()].copy_from_slice(&stranger.public().to_uncompressed());
    assert_eq!(parse(&der).unwrap_err().code(), "jwk.malformed");
}

#[test]
fn password_protected_keys() {
    let key = private(key_file!("p256.pkcs8.pem"));
    let backend = backend();
    for file in [
        key_file!("p256.pkcs8-aes-128-cbc-hmacWithSHA256.pem"),
        key_file!("p256.pkcs8-aes-192-cbc-hmacWithSHA384.pem"),
        key_file!("p256.pkcs8-aes-256-cbc-hmacWithSHA512.pem"),
    ] {
        let opened = read(file, Some(b"secret"), backend.as_ref()).unwrap();
        assert_eq!(opened, Jwk::Private(key.clone()));
        assert_eq!(parse(file), Err(KeyError::PasswordMissing));
        for wrong in [&b"Secret"[..], b"", b"secret\n"] {
            assert_eq!(
                read(file, Some(wrong), backend.as_ref()),
                Err(KeyError::PasswordWrong)
            );
        }
    }
}

#[test]
fn what_we_encrypt_we_decrypt() {
    let backend = backend();
    let key = private(key_file!("ed25519.pkcs8.pem"));
    let write = || pem::write_pkcs8_encrypted(key.key(), b"secret", backend.as_ref()).unwrap();
    let written = write();
    assert_eq!(written.label(), "ENCRYPTED PRIVATE KEY");
    assert_ne!(
        written.as_der(),
        write().as_der(),
        "fresh salt and initialization vector"
    );
    let opened = read(
        written.to_pem().as_bytes(),
        Some(b"secret"),
        backend.as_ref(),
    );
    assert_eq!(opened, Ok(Jwk::Private(key)));
}

/// Each error names what was found, and the way out.
#[test]
fn what_cannot_be_read_is_named() {
    for (file, words) in [
        (
            key_file!("p256.pkcs8-aes-256-cbc-hmacWithSHA1.pem"),
            "HMAC-SHA-1",
        ),
        (key_file!("p256.pkcs8-des3-hmacWithSHA256.pem"), "3DES"),
        (key_file!("p256.pkcs8-scrypt.pem"), "scrypt"),
        (key_file!("p256.pkcs8-pbe-sha1-3des.pem"), "PKCS#12 PBE"),
    ] {
        let result = read(file, Some(b"secret"), backend().as_ref());
        says(result.clone(), "jwk.unsupported", words);
        says(result, "jwk.unsupported", "openssl pkcs8");
        // And before anyone is asked for the password.
        says(parse(file), "jwk.unsupported", words);
    }
    for (file, words) in [
        (
            key_file!("p256.sec1-traditionally-encrypted.pem"),
            "openssl pkcs8 -topk8",
        ),
        (
            key_file!("p256.sec1-explicit.pem"),
            "-param_enc named_curve",
        ),
        (key_file!("p256.spki-compressed.pem"), "compressed"),
        (key_file!("p224.pkcs8.pem"), "P-224"),
        (key_file!("dsa.pkcs8.pem"), "DSA"),
        (key_file!("ed25519.openssh.pem"), "ssh-keygen -p -m PKCS8"),
        (key_file!("ed25519.openssh.pub"), "ssh-keygen -e -m PKCS8"),
        (key_file!("p256.request.pem"), "certificate request"),
        (key_file!("p256.p12"), "PKCS#12"),
    ] {
        says(parse(file), "jwk.unsupported", words);
    }
    for (file, words) in [
        (&b""[..], "empty"),
        (b"   \n", "empty"),
        (br#"{"kty":"oct"}"#, "JSON"),
        (b"secret", "neither PEM nor a complete DER sequence"),
        (b"-----BEGIN PRIVATE KEY-----\nMC4=\n", "END line"),
        (
            b"-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PUBLIC KEY-----\n",
            "label",
        ),
        (
            b"-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n",
            "base64",
        ),
        (b"\x30\x00", "none of"),
        (
            b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
            "no block",
        ),
    ] {
        says(parse(file), "jwk.malformed", words);
    }
    let two = [key_file!("p256.pkcs8.pem"), key_file!("p384.pkcs8.pem")].concat();
    assert_eq!(parse(&two), Err(KeyError::Ambiguous));
    let strangers = [key_file!("p256.pkcs8.pem"), key_file!("p384.spki.pem")].concat();
    assert_eq!(parse(&strangers), Err(KeyError::Ambiguous));
}

#[test]
fn the_number_of_iterations_is_bounded() {
    let mut der = der(key_file!("p256.pkcs8-aes-256-cbc-hmacWithSHA512.pem"));
    // OpenSSL writes 2048 iterations, INTEGER 02 02 08 00.
    let at = der
        .windows(4)
        .position(|window| window == [2, 2, 8, 0])
        .unwrap();
    der[at + 2] = 0;
    der[at + 3] = 0;
    let open = |der: &[u8]| read(der, Some(b"secret"), backend().as_ref());
    // 00 00 is not DER; whatever is said, no work is done.
    assert_eq!(open(&der).unwrap_err().code(), "jwk.malformed");
    for (count, code) in [
        (&[0x00][..], "jwk.limit-exceeded"),
        (&[0x0f, 0x42, 0x41], "jwk.limit-exceeded"), // 1,000,001
        (&[0x7f, 0xff, 0xff, 0xff], "jwk.limit-exceeded"),
        (&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff], "jwk.limit-exceeded"),
        (&[0xff], "jwk.malformed"), // −1
    ] {
        let error = open(&with_iterations(count)).unwrap_err();
        assert_eq!(error.code(), code, "{count:?}: {error}");
    }
    assert_eq!(
        open(&with_iterations(&[0x08, 0x01])),
        Err(KeyError::PasswordWrong)
    );
}

/// `EncryptedPrivateKeyInfo` with this INTEGER, PBKDF2 with HMAC-SHA-256 and AES-256-CBC.
fn with_iterations(count: &[u8]) -> Vec<u8> {
    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let value = parts.concat();
        [&[tag, u8::try_from(value.len()).unwrap()], value.as_slice()].concat()
    }
    let prf = hex("300c06082a864886f70d02090500");
    let kdf = tlv(0x30, &[&tlv(4, &[&[1; 8]]), &tlv(2, &[count]), &prf]);
    let kdf = tlv(0x30, &[&hex("06092a864886f70d01050c"), &kdf]);
    let cipher = tlv(
        0x30,
        &[&hex("060960864801650304012a"), &tlv(4, &[&[2; 16]])],
    );
    let pbes2 = tlv(0x30, &[&kdf, &cipher]);
    let pbes2 = tlv(0x30, &[&hex("06092a864886f70d01050d"), &pbes2]);
    tlv(0x30, &[&pbes2, &tlv(4, &[&[3; 32]])])
}

#[test]
fn certificates_give_their_public_key() {
    for (certificate, spki, what) in [
        (
            key_file!("p256.certificate.pem"),
            key_file!("p256.spki.pem"),
            "EC P-256",
        ),
        (
            key_file!("rsa.certificate.pem"),
            key_file!("rsa.spki.pem"),
            "RSA",
        ),
        (
            key_file!("ed25519.certificate.pem"),
            key_file!("ed25519.spki.pem"),
            "OKP Ed25519",
        ),
        (
            key_file!("secp256k1.certificate.pem"),
            key_file!("secp256k1.spki.pem"),
            "EC secp256k1", // not P-256, though as long
        ),
    ] {
        let key = public(certificate);
        assert_eq!(key.key(), public(spki).key());
        assert_eq!(key.key().describe(), what);
        assert_eq!(key.members().x5c, Some(vec![der(certificate)]));
        assert_eq!(public(&der(certificate)), key);
    }
    let with_key = [
        key_file!("p256.pkcs8.pem"),
        key_file!("p256.certificate.pem"),
    ]
    .concat();
    assert!(private(&with_key).members().x5c.is_some());
    let of_another = [
        key_file!("p256.pkcs8.pem"),
        key_file!("rsa.certificate.pem"),
    ]
    .concat();
    says(parse(&of_another), "jwk.malformed", "another key");
    let chain = key_file!("p256.certificate.pem").repeat(9);
    says(parse(&chain), "jwk.limit-exceeded", "certificates");
    assert!(parse(&key_file!("p256.certificate.pem").repeat(8)).is_ok());
}

/// DESIGN of `x5c`: a key is bound only where its certificate members speak of it (RFC 7517 §4.7 to §4.9).
#[test]
fn certificate_members_that_disagree_are_refused_when_a_key_is_bound() {
    let backend = backend();
    let bind = |key: &PublicJwk| {
        Verifier::bind_to(&backend, key, SignatureAlg::Es256).map_err(|error| error.to_string())
    };
    let good = public(key_file!("p256.certificate.pem"));
    let leaf = der(key_file!("p256.certificate.pem"));
    assert!(bind(&good).is_ok());

    let mut digests = good.clone();
    digests.members_mut().x5t = Some(backend.certificate_sha1(&leaf));
    let sha256 = HashAlg::Sha256.digest(&leaf);
    digests.members_mut().x5t_s256 = Some(sha256.as_ref().try_into().unwrap());
    assert!(bind(&digests).is_ok());

    let mut wrong = digests.clone();
    wrong.members_mut().x5t = Some([0; 20]);
    assert!(bind(&wrong).unwrap_err().contains("x5t: "));
    let mut wrong = digests.clone();
    wrong.members_mut().x5t_s256 = Some([0; 32]);
    assert!(bind(&wrong).unwrap_err().contains("x5t#S256"));
    let mut wrong = good.clone();
    wrong.members_mut().x5c = Some(vec![der(key_file!("rsa.certificate.pem")), leaf.clone()]);
    assert!(bind(&wrong).unwrap_err().contains("another key"));
    let mut wrong = good;
    wrong.members_mut().x5c = Some(vec![leaf[1..].to_vec()]);
    assert!(bind(&wrong).unwrap_err().contains("not an X.509"));

    // The private half is held to the same.
    let mut private = private(key_file!("p256.pkcs8.pem"));
    private.members_mut().x5c = Some(vec![der(key_file!("rsa.certificate.pem"))]);
    assert!(Signer::bind_to(&backend, &private, SignatureAlg::Es256).is_err());
    // Without `x5c` there is nothing to compare with.
    digests.members_mut().x5c = None;
    digests.members_mut().x5t = Some([0; 20]);
    assert!(bind(&digests).is_ok());
}

#[test]
fn structures_that_cannot_hold_a_key_say_so() {
    let ed25519 = private(key_file!("ed25519.pkcs8.pem"));
    for error in [
        pem::write_pkcs1(ed25519.key()).unwrap_err(),
        pem::write_pkcs1_public(&ed25519.key().public()).unwrap_err(),
        pem::write_sec1(ed25519.key()).unwrap_err(),
    ] {
        assert_eq!(error.code(), "jwk.usage-mismatch");
        assert!(error.to_string().contains("found OKP Ed25519"), "{error}");
    }
}

#[test]
fn key_files_are_never_taken_for_secrets() {
    for file in [
        key_file!("rsa.spki.pem"),
        key_file!("rsa.pkcs1-public.pem"),
        key_file!("p256.certificate.pem"),
        key_file!("ed25519.openssh.pub"),
        key_file!("p256.p12"),
    ] {
        assert!(pem::is_key_file(file));
        assert!(pem::is_key_file(&[b" \r\n\t", file].concat()) || file[0] == 0x30);
    }
    assert!(pem::is_key_file(&der(key_file!("rsa.spki.pem"))));
    for secret in [&b"hunter2"[..], b"", b"{\"kty\":\"oct\"}", &[0x30; 32]] {
        assert!(!pem::is_key_file(secret));
    }
}

/// Every file of `keys/` that can be read without a password, as DER.
fn structures() -> Vec<Vec<u8>> {
    [
        key_file!("p256.pkcs8.pem"),
        key_file!("p521.sec1.pem"),
        key_file!("p256.spki.pem"),
        key_file!("ed25519.pkcs8.pem"),
        key_file!("x448.spki.pem"),
        key_file!("rsa.pkcs1.pem"),
        key_file!("rsa.pkcs1-public.pem"),
        key_file!("rsa-pss-sha256.spki.pem"),
        key_file!("rsa.certificate.pem"),
        key_file!("p256.pkcs8-aes-128-cbc-hmacWithSHA256.pem"),
    ]
    .map(der)
    .into()
}

#[test]
fn no_truncated_file_is_a_key() {
    for structure in structures() {
        for len in 0..structure.len() {
            assert!(parse(&structure[..len]).is_err());
        }
        let longer = [structure.as_slice(), &[0]].concat();
        assert!(parse(&longer).is_err(), "nothing may follow");
    }
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&octets);
        let _ = pem::is_key_file(&octets);
        let text = [&b"-----BEGIN PRIVATE KEY-----\n"[..], &octets, b"-----END PRIVATE KEY-----\n"].concat();
        let _ = parse(&text);
    }

    #[test]
    fn no_change_to_a_file_makes_it_panic(
        structure in prop::sample::select(structures()),
        at in any::<prop::sample::Index>(),
        to in any::<u8>(),
    ) {
        let mut changed = structure;
        let at = at.index(changed.len());
        changed[at] = to;
        let _ = read(&changed, Some(b"secret"), backend().as_ref());
    }

    #[test]
    fn what_is_written_is_read_again(which in 0..7_usize) {
        let backend = backend();
        let spec = match which {
            0 => KeySpec::Ec(EcCurve::P256),
            1 => KeySpec::Ec(EcCurve::P384),
            2 => KeySpec::Ec(EcCurve::P521),
            3 => KeySpec::Ec(EcCurve::Secp256k1),
            4 => KeySpec::Okp(OkpCurve::Ed448),
            5 => KeySpec::Okp(OkpCurve::X25519),
            _ => KeySpec::MlDsa(MlDsaParameters::MlDsa65),
        };
        let key = PrivateJwk::new(backend.generate(spec).unwrap());
        let written = pem::write_pkcs8(key.key()).unwrap();
        prop_assert_eq!(private(written.as_der()), key.clone());
        prop_assert_eq!(private(written.to_pem().as_bytes()), key.clone());
        let spki = pem::write_spki(&key.key().public()).unwrap();
        prop_assert_eq!(public(spki.as_der()), key.public());
        if let PublicKey::Ec(_) = key.key().public() {
            let sec1 = pem::write_sec1(key.key()).unwrap();
            prop_assert_eq!(private(sec1.as_der()), key);
        }
    }
}
