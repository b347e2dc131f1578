use super::*;
use crate::jwa::HashAlg;

/// RFC 7638 §3: the text is canonical; whatever else the key carries changes nothing. Independent of the piecewise
/// hashing: here the text is put together by a JSON library that sorts.
#[test]
fn thumbprints_are_of_the_canonical_text() {
    for (key, members) in [
        (value(EC), &["crv", "kty", "x", "y"][..]),
        (value(OKP), &["crv", "kty", "x"]),
        (value(OCT), &["k", "kty"]),
        (rsa(), &["e", "kty", "n"]),
        (akp(), &["alg", "kty", "pub"]),
    ] {
        let canonical: serde_json::Map<_, _> = members
            .iter()
            .map(|member| ((*member).to_owned(), key[member].clone()))
            .collect();
        let text = Value::Object(canonical).to_string();
        let parsed = parse(&with(with(key, "kid", "x"), "use", "sig")).unwrap();
        for hash in [HashAlg::Sha256, HashAlg::Sha384, HashAlg::Sha512] {
            let expected = base64url::encode(hash.digest(text.as_bytes()));
            assert_eq!(parsed.thumbprint(hash), expected);
            assert_eq!(
                parsed.thumbprint_uri(hash),
                format!(
                    "urn:ietf:params:oauth:jwk-thumbprint:{}:{expected}",
                    hash.name()
                )
            );
            if let Jwk::Private(key) = &parsed {
                assert_eq!(key.public().thumbprint(hash), expected);
            }
        }
    }
}

/// RFC 7638 §3.1.
#[test]
fn rfc7638_section_3_1() {
    let key = PublicJwk::parse(
        r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#,
    )
    .unwrap();
    assert_eq!(
        key.thumbprint(HashAlg::Sha256),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

/// RFC 8037 appendix A.3.
#[test]
fn rfc8037_appendix_a_3() {
    let key = PrivateJwk::parse(OKP).unwrap();
    assert_eq!(
        key.thumbprint(HashAlg::Sha256),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}
