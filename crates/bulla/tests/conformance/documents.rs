//! What the repository's documents say is so.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_rust_of_the_readme_is_the_compiled_example() {
    let (readme, example) = (read("README.md"), read("crates/bulla/examples/readme.rs"));
    let fenced = readme
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let program = example
        .lines()
        .filter(|line| !line.starts_with("//!"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(fenced.trim(), program.trim());
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for document in [
        "README.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/coming-from-inverno.md",
        "docs/errors.md",
    ] {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if !target.starts_with("https://") {
                assert!(folder.join(target).exists(), "{document} links to {target}");
            }
        }
    }
}

/// A code is whatever the library's `code()` methods return: a literal behind `=>`.
#[test]
fn every_error_code_is_listed() {
    let listed = read("docs/errors.md");
    let mut codes = Vec::new();
    for source in [
        "crates/bulla-core/src",
        "crates/bulla-jwks/src",
        "crates/bulla-oauth/src",
        "crates/bulla-x509/src",
    ] {
        collect(&root().join(source), &mut codes);
    }
    assert!(codes.len() > 20, "{codes:?}");
    for code in codes {
        assert!(
            listed.contains(&format!("`{code}`")),
            "docs/errors.md does not list {code}"
        );
    }
}

fn collect(folder: &Path, codes: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let literals = text
                .split("=> \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            codes.extend(
                literals
                    .filter(|literal| is_code(literal))
                    .map(str::to_owned),
            );
        }
    }
}

fn is_code(text: &str) -> bool {
    [
        "jwt.",
        "jws.",
        "jwe.",
        "jwk.",
        "jwks.",
        "x509.",
        "keystore.",
        "oauth.",
        "io.",
        "remote.",
    ]
    .iter()
    .any(|noun| text.starts_with(noun))
        && text
            .bytes()
            .all(|octet| matches!(octet, b'a'..=b'z' | b'.' | b'-'))
}

/// The README groups names that differ in a number.
#[test]
fn the_readme_names_every_algorithm() {
    use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, MacAlg, SignatureAlg};
    let readme = read("README.md");
    let signatures = SignatureAlg::table().iter().map(|row| row.name.as_str());
    let macs = MacAlg::table().iter().map(|row| row.name.as_str());
    let managing = KeyManagementAlg::table()
        .iter()
        .map(|row| row.name.as_str());
    let content = ContentEncryptionAlg::table()
        .iter()
        .map(|row| row.name.as_str());
    for name in signatures.chain(macs).chain(managing).chain(content) {
        let grouped = GROUPS
            .iter()
            .any(|(shown, names)| names.contains(&name) && readme.contains(shown));
        assert!(
            grouped || readme.contains(name),
            "README.md does not name {name}"
        );
    }
}

const GROUPS: [(&str, &[&str]); 10] = [
    ("HS256/384/512", &["HS256", "HS384", "HS512"]),
    ("RS256/384/512", &["RS256", "RS384", "RS512"]),
    ("PS256/384/512", &["PS256", "PS384", "PS512"]),
    ("ES256/384/512", &["ES256", "ES384", "ES512"]),
    ("A128/192/256KW", &["A128KW", "A192KW", "A256KW"]),
    (
        "A128/192/256GCMKW",
        &["A128GCMKW", "A192GCMKW", "A256GCMKW"],
    ),
    ("A128/192/256GCM", &["A128GCM", "A192GCM", "A256GCM"]),
    (
        "ECDH-ES (+A128/192/256KW)",
        &["ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"],
    ),
    (
        "RSA-OAEP (-256/384/512)",
        &["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
    ),
    (
        "PBES2",
        &[
            "PBES2-HS256+A128KW",
            "PBES2-HS384+A192KW",
            "PBES2-HS512+A256KW",
        ],
    ),
];
