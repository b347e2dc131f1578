use bulla_core::jwk::Jwk;
use bulla_x509::key_store::{KeyStoreError, Passwords};
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy};

use crate::support::{chain_len, check_pair, octets, read, read_with, rejections, summary};

#[test]
fn every_key_of_keytool() {
    let store = read("every.p12");
    assert_eq!(
        summary(&store),
        [
            ("Partner", "public", "EC P-256"),
            ("aes", "secret", "oct"),
            ("ed25519", "private", "OKP Ed25519"),
            ("hs256", "secret", "oct"),
            ("hs512", "secret", "oct"),
            ("p256", "private", "EC P-256"),
            ("p384", "private", "EC P-384"),
            ("p521", "private", "EC P-521"),
            ("rsa", "private", "RSA"),
        ]
    );
    assert_eq!(
        rejections(&store),
        [
            ("dsa", "jwk.unsupported"),
            ("password", "keystore.unsupported")
        ]
    );
    for alias in ["ed25519", "p256", "p384", "p521", "rsa"] {
        check_pair(store.named(alias).expect(alias));
    }
    for (alias, alg, len) in [
        ("aes", None, 32),
        ("hs256", Some("HS256"), 32),
        ("hs512", Some("HS512"), 64),
    ] {
        let Jwk::Secret(key) = store.named(alias).expect(alias).key() else {
            panic!("{alias} is no secret");
        };
        let found = key.members().alg.as_ref().map(|alg| alg.as_str());
        assert_eq!((found, key.k().len()), (alg, len), "{alias}");
    }
    // The partner's certificate is that of p256, and trusted: the same key twice, once without its private half.
    let partner = store.named("PARTNER").expect("the alias");
    assert_eq!(
        partner.thumbprint(),
        store.named("p256").expect("p256").thumbprint()
    );
    assert!(partner.created().is_none());
    assert!(store.named("rsa").expect("rsa").created().is_some());
}

/// Another reader finds the same keys, to the octet.
#[test]
fn the_keys_that_another_reader_finds() {
    let mut compared = 0;
    for name in [
        "every.p12",
        "every-from-jks.p12",
        "chain.p12",
        "legacy.p12",
        "openssl.p12",
        "openssl-legacy.p12",
        "openssl-aes128.p12",
    ] {
        let ours = read(name);
        let theirs = KeyStore::from_pkcs12(&octets(name), "changeit", Pkcs12ImportPolicy::Strict)
            .expect(name);
        for (alias, entry) in theirs.entries() {
            let Ok(found) = ours.named(alias) else {
                assert!(matches!(&**alias, "dsa" | "password"), "{name}: {alias}");
                continue;
            };
            match (entry, found.key()) {
                (KeyStoreEntry::Secret(theirs), Jwk::Secret(ours)) => {
                    assert_eq!(theirs.key(), ours.k().expose());
                }
                (KeyStoreEntry::Certificate(theirs), Jwk::Public(ours)) => {
                    assert_eq!(ours.members().x5c, Some(vec![theirs.as_der().to_vec()]));
                }
                (KeyStoreEntry::PrivateKeyChain(theirs), Jwk::Private(ours)) => {
                    let chain: Vec<_> = theirs
                        .certs()
                        .iter()
                        .map(|certificate| certificate.as_der().to_vec())
                        .collect();
                    assert_eq!(ours.members().x5c, Some(chain), "{name}: {alias}");
                    let key = bulla_core::jwk::pem::read(
                        theirs.key().as_der(),
                        None,
                        crate::support::backend().as_ref(),
                    );
                    let Ok(Jwk::Private(key)) = key else {
                        panic!("{name}: {alias}")
                    };
                    assert_eq!(key.key(), ours.key(), "{name}: {alias}");
                }
                other => panic!("{name}: {alias}: {other:?}"),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 9 + 7 + 3 + 2 + 3);
}

#[test]
fn older_stores() {
    let store = read("legacy.p12");
    assert_eq!(
        summary(&store),
        [("p256", "private", "EC P-256"), ("rsa", "private", "RSA")]
    );
    for entry in store.entries() {
        check_pair(entry);
    }
}

#[test]
fn stores_of_openssl() {
    for (name, alias) in [
        ("openssl.p12", "server"),
        ("openssl-legacy.p12", "server"),
        ("openssl-aes128.p12", "server"),
        ("openssl-plain.p12", "server"),
        ("openssl-nameless.p12", "1"),
    ] {
        let store = read(name);
        assert_eq!(summary(&store), [(alias, "private", "EC P-256")], "{name}");
        assert!(store.rejected().is_empty(), "{name}");
        check_pair(store.named(alias).expect(alias));
    }
    let alone = read("openssl-no-certificate.p12");
    assert_eq!(chain_len(alone.named("alone").expect("the alias")), 0);
}

#[test]
fn chains_are_found_in_the_heap() {
    let store = read("chain.p12");
    let lengths =
        ["leaf", "middle", "root"].map(|alias| chain_len(store.named(alias).expect(alias)));
    assert_eq!(lengths, [3, 2, 1]);
    assert!(store.rejected().is_empty());
}

/// A certificate that nobody marked as trusted is not: whoever made the store may have put it there for a chain.
#[test]
fn a_certificate_alone_is_not_trusted() {
    let store = read("openssl-certificates.p12");
    assert!(store.entries().is_empty());
    assert_eq!(
        rejections(&store),
        [("", "keystore.certificate-not-trusted")]
    );
}

#[test]
fn a_store_without_a_mac_is_refused() {
    assert_eq!(
        read_with("openssl-no-mac.p12", &Passwords::new("changeit")).err(),
        Some(KeyStoreError::Unauthenticated)
    );
}

#[test]
fn other_algorithms_are_named() {
    let camellia = read("openssl-camellia.p12");
    let error = camellia.named("server").expect_err("Camellia");
    assert_eq!(error.code(), "keystore.unsupported");
    assert!(error.to_string().contains("1.2.392.200011.61.1.1.1.4"));
    let error = read_with("openssl-mac-sha3.p12", &Passwords::new("changeit")).expect_err("SHA-3");
    assert!(error.to_string().contains("2.16.840.1.101.3.4.2.8"));
}

#[test]
fn passwords_and_aliases_beyond_ascii() {
    let store = read_with("unicode.p12", &Passwords::new("pässwörd€")).expect("a store");
    check_pair(store.named("SCHLÜSSEL").expect("the alias"));
}

#[test]
fn wrong_passwords() {
    for name in ["every.p12", "legacy.p12", "openssl.p12", "small.p12"] {
        for password in ["", "Changeit", "changeit ", "changei"] {
            assert_eq!(
                read_with(name, &Passwords::new(password)).err(),
                Some(KeyStoreError::PasswordWrong),
                "{name}: {password:?}"
            );
        }
        assert_eq!(
            read_with(name, &Passwords::none()).err(),
            Some(KeyStoreError::PasswordMissing)
        );
    }
}
