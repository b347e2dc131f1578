use std::time::{Duration, SystemTime};

use bulla_x509::key_store::{KeyStoreError, Passwords};

use crate::support::{chain_len, check_pair, octets, read, read_with, rejections, summary};

#[test]
fn every_key_of_keytool() {
    let passwords = Passwords::new("changeit").with_entry("OWN", "another");
    let store = read_with("every.jks", &passwords).expect("a store");
    assert_eq!(
        summary(&store),
        [
            ("ed25519", "private", "OKP Ed25519"),
            ("own", "private", "EC P-256"),
            ("p256", "private", "EC P-256"),
            ("p384", "private", "EC P-384"),
            ("p521", "private", "EC P-521"),
            ("partner", "public", "EC P-256"),
            ("rsa", "private", "RSA"),
        ]
    );
    assert_eq!(rejections(&store), [("dsa", "jwk.unsupported")]);
    for alias in ["ed25519", "own", "p256", "p384", "p521", "rsa"] {
        check_pair(store.named(alias).expect(alias));
    }
    let year_2025 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600);
    for entry in store.entries() {
        assert!(entry.created().is_some_and(|created| created > year_2025));
        assert_eq!(entry.key().members().kid.as_deref(), Some(entry.alias()));
        assert_eq!(chain_len(entry), 1);
    }
}

/// The same keys as Java itself finds in the file.
#[test]
fn the_keys_that_java_finds() {
    let passwords = Passwords::new("changeit").with_entry("own", "another");
    let ours = read_with("every.jks", &passwords).expect("a store");
    let javas = read("every-from-jks.p12");
    assert_eq!(ours.entries().len(), javas.entries().len());
    for entry in javas.entries() {
        let found = ours.named(entry.alias()).expect("the same alias");
        assert_eq!(found.key(), entry.key(), "{}", entry.alias());
    }
}

#[test]
fn a_key_with_a_password_of_its_own_is_rejected_alone() {
    let store = read("every.jks");
    assert_eq!(
        rejections(&store),
        [("dsa", "jwk.unsupported"), ("own", "jwk.password-wrong")]
    );
    assert_eq!(store.named("Own"), Err(KeyStoreError::PasswordWrong));
    assert_eq!(store.named("nobody"), Err(KeyStoreError::NotFound));
    assert!(store.named("RSA").is_ok());
}

#[test]
fn chains_come_in_order() {
    let store = read("chain.jks");
    let lengths =
        ["leaf", "middle", "root"].map(|alias| chain_len(store.named(alias).expect(alias)));
    assert_eq!(lengths, [3, 2, 1]);
    check_pair(store.named("leaf").expect("leaf"));
    let pkcs12 = read("chain.p12");
    for entry in store.entries() {
        assert_eq!(
            pkcs12.named(entry.alias()).expect("the alias").key(),
            entry.key()
        );
    }
}

#[test]
fn passwords_and_aliases_beyond_ascii() {
    let store = read_with("unicode.jks", &Passwords::new("pässwörd€")).expect("a store");
    check_pair(store.named("SCHLÜSSEL").expect("the alias"));
}

#[test]
fn wrong_passwords() {
    for password in ["", "Changeit", "changeit ", "another", "changei"] {
        assert_eq!(
            read_with("every.jks", &Passwords::new(password)).err(),
            Some(KeyStoreError::PasswordWrong),
            "{password:?}"
        );
    }
    assert_eq!(
        read_with("every.jks", &Passwords::none()).err(),
        Some(KeyStoreError::PasswordMissing)
    );
}

#[test]
fn jceks_is_refused_with_advice() {
    let error = read_with("store.jceks", &Passwords::new("changeit")).expect_err("JCEKS");
    assert_eq!(error, KeyStoreError::Jceks);
    assert_eq!(error.code(), "keystore.unsupported");
    assert!(error.to_string().contains("keytool -importkeystore"));
}

#[test]
fn cut_files() {
    let whole = octets("small.jks");
    for len in 0..whole.len() {
        let error = bulla_x509::key_store::jks::read(
            &whole[..len],
            &Passwords::new("changeit"),
            crate::support::backend().as_ref(),
        )
        .expect_err("a cut file");
        let expected = if len < 20 {
            "keystore.malformed"
        } else {
            "jwk.password-wrong"
        };
        assert_eq!(error.code(), expected, "{len}");
    }
}
