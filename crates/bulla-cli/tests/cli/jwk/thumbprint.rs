use crate::desk::Desk;

/// RFC 7638 §3.1
const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

#[test]
fn of_rfc_7638() {
    let desk = Desk::new();
    desk.write("key.jwk", RSA);
    let thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    assert_eq!(desk.run("jwk thumbprint key.jwk").line(), thumbprint);
    assert_eq!(
        desk.run("jwk thumbprint key.jwk --uri").line(),
        format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{thumbprint}")
    );
    let json = desk.run("jwk thumbprint key.jwk --json").json();
    assert_eq!(json["thumbprint"], thumbprint);
    assert_eq!(json["hash"], "sha256");
}

#[test]
fn both_halves_have_the_same_with_every_hash() {
    let desk = Desk::with_keys();
    for (hash, length) in [("sha256", 43), ("sha384", 64), ("sha512", 86)] {
        let one = desk
            .run(&format!("jwk thumbprint key.jwk --hash {hash}"))
            .line();
        let other = desk
            .run(&format!("jwk thumbprint public.jwk --hash {hash}"))
            .line();
        assert_eq!(one, other);
        assert_eq!(one.len(), length);
    }
    desk.run("jwk thumbprint key.jwk --hash md5")
        .fails(2, "cli.usage");
}
