//! What the repository's documents say is so.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
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
    collect(&root().join("crates/bulla-core/src"), &mut codes);
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
    ["jwt.", "jws.", "jwe.", "jwk.", "io.", "remote."]
        .iter()
        .any(|noun| text.starts_with(noun))
        && text
            .bytes()
            .all(|octet| matches!(octet, b'a'..=b'z' | b'.' | b'-'))
}

/// The tables of the manual name every algorithm and no other; the facts are in one table of the code.
#[test]
fn the_readme_names_every_algorithm() {
    let readme = read("README.md");
    for row in bulla::jwa::SignatureAlg::table() {
        let name = row.name.as_str();
        let family = name.get(..2).unwrap();
        let grouped = format!("{family}256/384/512");
        let is_grouped = name.len() == 5
            && ["384", "512", "256"]
                .iter()
                .any(|bits| name.ends_with(bits));
        assert!(
            readme.contains(name) || is_grouped && readme.contains(&grouped),
            "{name}"
        );
    }
    for alg in bulla::jwa::MacAlg::ALL {
        assert!(readme.contains("HS256/384/512"), "{alg}");
    }
}
