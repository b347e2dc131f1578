use std::fs;
use std::path::{Path, PathBuf};

use bulla_core::jwk::{Jwk, SecretJwk, pem};
use bulla_core::trust::KeyName;
use bulla_x509::key_store::{DirectoryOfKeys, KeyStoreError, Passwords};

use crate::support::{backend, path, read, rejections, summary};

/// A directory of its own for a test, anew at each start.
fn fresh(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).expect("a directory");
    directory
}

fn private(alias: &str) -> bulla_core::jwk::PrivateJwk {
    match read("every.p12").named(alias).expect(alias).key() {
        Jwk::Private(key) => key.clone(),
        other => panic!("{}", other.kind()),
    }
}

fn read_directory(directory: &Path) -> DirectoryOfKeys {
    DirectoryOfKeys::read(
        directory,
        &Passwords::new("changeit").with_entry("locked", "sesame"),
        backend().as_ref(),
    )
    .expect("a directory of keys")
}

#[test]
fn every_kind_of_file() {
    let directory = fresh("kinds");
    let write = |name: &str, octets: &[u8]| fs::write(directory.join(name), octets).expect(name);
    let p256 = private("p256");
    write(
        "one.json",
        br#"{"kty":"oct","kid":"hmac","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
    );
    write(
        "set",
        br#" {"keys":[{"kty":"oct","kid":"x","k":"AAAA"},{"kty":"oct","k":"AAEC"},{"kty":"new","kid":"y"}]}"#,
    );
    write(
        "public.pem",
        pem::write_spki(p256.public().key())
            .expect("SPKI")
            .to_pem()
            .as_bytes(),
    );
    let private_pem = pem::write_pkcs8(private("ed25519").key()).expect("PKCS#8");
    write("private.txt", private_pem.as_der());
    let locked = pem::write_pkcs8_encrypted(private("p384").key(), b"sesame", backend().as_ref());
    write("locked.key", locked.expect("PKCS#8").to_pem().as_bytes());
    let certificate = &p256.members().x5c.as_ref().expect("a chain")[0];
    write("partner.jwk", certificate);
    fs::copy(path("chain.jks"), directory.join("store.dat")).expect("JKS");
    fs::copy(path("small.p12"), directory.join("z.jks")).expect("PKCS#12");
    write("README", b"what these keys are for");
    write("broken.json", b"{\"kty\":");
    write("empty.pem", b"");
    write(".hidden.pem", private_pem.to_pem().as_bytes());
    write("foreign.jceks", &crate::support::octets("store.jceks"));
    fs::create_dir(directory.join("deeper")).expect("a directory");
    write("long", &vec![b' '; 2 * 1024 * 1024 + 1]);

    let found = read_directory(&directory);
    assert_eq!(
        summary(found.keys()),
        [
            ("a", "private", "EC P-256"),
            ("hmac", "secret", "oct"),
            ("leaf", "private", "EC P-256"),
            ("locked", "private", "EC P-384"),
            ("middle", "private", "EC P-384"),
            ("partner", "public", "EC P-256"),
            ("private", "private", "OKP Ed25519"),
            ("public", "public", "EC P-256"),
            ("root", "private", "RSA"),
            ("set", "secret", "oct"),
            ("x", "secret", "oct"),
        ]
    );
    assert_eq!(
        rejections(found.keys()),
        [
            ("README", "keystore.malformed"),
            ("broken.json", "jwk.malformed"),
            ("deeper", "keystore.unsupported"),
            ("empty.pem", "keystore.malformed"),
            ("foreign.jceks", "keystore.unsupported"),
            ("long", "keystore.limit-exceeded"),
            ("set#y", "jwk.unsupported"),
        ]
    );
    let x5t = private("p256").members().x5t.expect("x5t");
    let partner = found.keys().find(KeyName::CertificateSha1(&x5t));
    assert_eq!(partner.map(|entry| entry.alias()), Some("partner"));
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    use std::os::unix::fs::symlink;
    let directory = fresh("links");
    let outside = fresh("outside");
    let secret = Jwk::Secret(SecretJwk::new(vec![1; 32])).to_json();
    fs::write(outside.join("key"), secret.as_bytes()).expect("a key");
    // As Kubernetes mounts secrets.
    fs::create_dir(directory.join("..2026")).expect("a directory");
    fs::write(directory.join("..2026/key.jwk"), secret.as_bytes()).expect("a key");
    symlink("..2026", directory.join("..data")).expect("a link");
    symlink("..data/key.jwk", directory.join("key.jwk")).expect("a link");
    symlink(outside.join("key"), directory.join("outside.jwk")).expect("a link");
    symlink("loop", directory.join("loop")).expect("a link");
    symlink("nowhere", directory.join("missing")).expect("a link");
    // A pipe that nobody writes to would be waited for.
    let made = std::process::Command::new("mkfifo")
        .arg(directory.join("pipe"))
        .status();
    let has_pipe = made.is_ok_and(|status| status.success());

    let found = read_directory(&directory);
    assert_eq!(summary(found.keys()), [("key", "secret", "oct")]);
    let mut expected = vec![
        ("loop", "io.read"),
        ("missing", "io.not-found"),
        ("outside.jwk", "keystore.unsupported"),
    ];
    if has_pipe {
        expected.push(("pipe", "keystore.unsupported"));
    }
    assert_eq!(rejections(found.keys()), expected);
}

#[cfg(unix)]
#[test]
fn private_files_that_others_read_are_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = fresh("modes");
    let secret = Jwk::Secret(SecretJwk::new(vec![1; 32])).to_json();
    let public = private("p256").public().to_json();
    for (name, mode, text) in [
        ("a", 0o600, secret.as_str()),
        ("b", 0o640, secret.as_str()),
        ("c", 0o604, secret.as_str()),
        ("d", 0o644, public.as_str()),
        ("e", 0o400, secret.as_str()),
    ] {
        let file = directory.join(name);
        fs::write(&file, text.as_bytes()).expect(name);
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect(name);
    }
    let found = read_directory(&directory);
    assert_eq!(found.keys().entries().len(), 5);
    let exposed: Vec<_> = found
        .exposed()
        .iter()
        .filter_map(|path| path.file_name())
        .collect();
    assert_eq!(exposed, ["b", "c"]);
}

#[test]
fn limits() {
    let error = DirectoryOfKeys::read("no-such-place", &Passwords::none(), backend().as_ref());
    assert_eq!(error.err().map(|error| error.code()), Some("io.not-found"));

    let directory = fresh("many");
    for number in 0..=1000 {
        fs::write(directory.join(number.to_string()), b"").expect("a file");
    }
    let error = DirectoryOfKeys::read(&directory, &Passwords::none(), backend().as_ref());
    assert_eq!(
        error.err(),
        Some(KeyStoreError::LimitExceeded("the number of files"))
    );
}
