use crate::desk::Desk;

/// RFC 7518, 8037, 8812, 9864 and 9964.
const NAMES: &[&str] = &[
    "HS256",
    "HS384",
    "HS512",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "EdDSA",
    "Ed25519",
    "Ed448",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
    "dir",
    "A128KW",
    "A256GCMKW",
    "ECDH-ES",
    "ECDH-ES+A256KW",
    "PBES2-HS512+A256KW",
    "RSA-OAEP",
    "RSA-OAEP-512",
    "RSA1_5",
    "A128CBC-HS256",
    "A256GCM",
];

#[test]
fn every_algorithm_is_listed_with_its_facts() {
    let desk = Desk::new();
    let json = desk.run("alg --json").json();
    let rows = json["algorithms"].as_array().unwrap();
    for name in NAMES {
        let row = rows.iter().find(|row| row["name"] == *name).unwrap();
        assert!(
            matches!(
                row["kind"].as_str(),
                Some("signature" | "mac" | "key" | "content")
            ),
            "{row}"
        );
        assert!(
            row["key_types"]
                .as_array()
                .is_some_and(|types| !types.is_empty()),
            "{row}"
        );
        assert!(
            row["rfc"]
                .as_str()
                .is_some_and(|rfc| rfc.starts_with("RFC ") || rfc.starts_with("IANA ")),
            "{row}"
        );
        assert!(
            matches!(
                row["status"].as_str(),
                Some("recommended" | "allowed" | "legacy")
            ),
            "{row}"
        );
    }
    assert!(rows.iter().all(|row| row["name"] != "none"));
    let text = desk.run("alg").text();
    assert!(NAMES.iter().all(|name| text.contains(name)));
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}
