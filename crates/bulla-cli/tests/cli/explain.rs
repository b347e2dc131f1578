use std::collections::BTreeSet;
use std::path::Path;

use crate::desk::Desk;

/// The codes that CLI.md names, parts that are not here yet included.
const CONTRACT: &[&str] = &[
    "jwt.expired",
    "jwt.not-yet-valid",
    "jwt.issuer-mismatch",
    "jwt.audience-mismatch",
    "jwt.subject-mismatch",
    "jwt.claim-missing",
    "jwt.claim-invalid",
    "jwt.type-mismatch",
    "jwt.too-old",
    "jws.malformed",
    "jws.signature-invalid",
    "jws.algorithm-not-allowed",
    "jws.critical-unknown",
    "jws.not-streamable",
    "jwe.malformed",
    "jwe.decryption-failed",
    "jwe.algorithm-not-allowed",
    "jwe.critical-unknown",
    "jwk.malformed",
    "jwk.unsupported",
    "jwk.too-weak",
    "jwk.usage-mismatch",
    "jwk.not-found",
    "jwk.ambiguous",
    "jwk.untrusted",
    "jws.limit-exceeded",
    "jwe.limit-exceeded",
    "jwk.limit-exceeded",
    "jwt.limit-exceeded",
    "remote.unavailable",
    "remote.throttled",
    "remote.denied",
    "io.not-found",
    "io.read",
    "io.write",
    "cli.usage",
    "cli.not-built-in",
];

#[test]
fn every_code_of_the_contract_is_explained() {
    let desk = Desk::new();
    for code in CONTRACT {
        let text = desk.run(&format!("explain {code}")).text();
        assert!(text.starts_with(&format!("{code} (exit ")), "{text}");
        assert!(text.contains("What to do: "), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
}

#[test]
fn every_code_in_the_source_is_explained() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut codes = BTreeSet::new();
    for name in [
        "bulla-core",
        "bulla-aws-lc",
        "bulla-oauth",
        "bulla-server",
        "bulla",
        "bulla-cli",
    ] {
        collect(&crates.join(name).join("src"), &mut codes);
    }
    assert!(codes.len() > 40, "{codes:?}");
    let desk = Desk::new();
    for code in codes {
        desk.run(&format!("explain {code}")).ok();
    }
}

/// String literals of the form `noun.kebab-case` with a noun that codes have.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            codes.extend(
                text.split('"')
                    .filter(|text| is_code(text))
                    .map(str::to_owned),
            );
        }
    }
}

fn is_code(text: &str) -> bool {
    const NOUNS: [&str; 12] = [
        "jwt", "jws", "jwe", "jwk", "oauth", "payload", "remote", "io", "cli", "config", "store",
        "rotation",
    ];
    // Names of files in examples are no codes.
    const FILES: [&str; 4] = ["jwk", "jwks", "jws", "jwt"];
    text.split_once('.').is_some_and(|(noun, name)| {
        NOUNS.contains(&noun)
            && !FILES.contains(&name)
            && name.len() > 2
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    })
}

#[test]
fn forms() {
    let desk = Desk::new();
    let json = desk.run("explain jwt.expired --json").json();
    assert_eq!(
        (&json["code"], &json["exit"]),
        (&"jwt.expired".into(), &1.into())
    );
    // Copied from an error with what is around it.
    assert_eq!(
        desk.run("explain error[jwt.expired]:").ok(),
        desk.run("explain jwt.expired").ok()
    );
    let list = desk.run("explain").text();
    assert!(CONTRACT.iter().all(|code| list.contains(code)));
    assert!(
        desk.run("explain --json").json()["codes"]
            .as_array()
            .unwrap()
            .len()
            >= CONTRACT.len()
    );
    desk.run("explain jwt.nonsense").fails(2, "cli.usage");
}
