//! Whatever comes in, nothing panics; and what was written is read as it was meant.

use bulla::jwa::ContentEncryptionAlg;
use bulla::jwe::{Builder, Deflate, Jwe, RecipientHeader, Zip};
use proptest::prelude::*;
use serde_json::Value;

use crate::jwe_forge::{KEY, dir};
use crate::jwe_support::{decrypter, encrypter};

/// Text near a token: pieces of one, and what spoils them.
fn compact() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(dir("", b"x").compact()),
        Just(".".to_owned()),
        Just("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0".to_owned()),
        "[A-Za-z0-9_-]{0,12}",
        ".{0,4}",
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// JSON near a serialization: its members with values of every kind.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[A-Za-z0-9_-]{0,12}".prop_map(Value::from),
        Just(Value::from("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0")),
        Just(Value::from("A256KW")),
        Just(Value::from("PBES2-HS256+A128KW")),
    ];
    let name = || {
        prop::sample::select(vec![
            "protected",
            "unprotected",
            "header",
            "encrypted_key",
            "aad",
            "iv",
            "ciphertext",
            "tag",
            "recipients",
            "payload",
            "alg",
            "enc",
            "epk",
            "zip",
            "crit",
            "p2c",
            "p2s",
            "kid",
            "x5c",
            "jwk",
            "kty",
            "crv",
            "x",
            "n",
        ])
    };
    let value = leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    });
    prop::collection::vec((name(), value), 0..9).prop_map(|members| {
        let members: serde_json::Map<String, Value> = members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Value::Object(members).to_string()
    })
}

/// Reads in every way, and decrypts where it reads. What comes out is nobody's business but that it comes.
fn open(octets: &[u8]) {
    let keys: Vec<_> = ["dir", "A256KW", "A256GCMKW"]
        .map(|alg| decrypter(KEY, alg))
        .into();
    let text = str::from_utf8(octets).unwrap_or_default();
    for jwe in [
        Jwe::parse_compact(text),
        Jwe::parse_flattened(octets),
        Jwe::parse_general(octets),
    ] {
        match jwe {
            Ok(jwe) => {
                assert!(!jwe.recipients().is_empty());
                if let Err(error) = jwe.decrypt(&keys) {
                    assert!(!error.code().is_empty() && !error.to_string().is_empty());
                }
            }
            Err(error) => assert!(matches!(
                error.code(),
                "jwe.malformed" | "jwe.limit-exceeded" | "jwe.critical-unknown"
            )),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_octets_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        open(&octets);
    }

    #[test]
    fn no_text_near_a_token_panics(text in compact()) {
        open(text.as_bytes());
    }

    #[test]
    fn no_json_near_a_serialization_panics(text in json()) {
        open(text.as_bytes());
    }

    #[test]
    fn no_stream_panics_or_exceeds_its_limit(stream in prop::collection::vec(any::<u8>(), 0..400), limit in 0..5_000_usize) {
        if let Ok(inflated) = Deflate.inflate(&stream, limit) {
            prop_assert!(inflated.len() <= limit);
        }
    }

    #[test]
    fn what_is_deflated_is_inflated(pieces in prop::collection::vec((any::<u8>(), 0..20_000_usize), 0..8)) {
        let content: Vec<u8> = pieces.iter().flat_map(|(octet, count)| vec![*octet; *count]).collect();
        let stream = Deflate.deflate(&content).unwrap();
        prop_assert_eq!(&Deflate.inflate(&stream, content.len()).unwrap(), &content);
        if let Some(less) = content.len().checked_sub(1) {
            prop_assert_eq!(Deflate.inflate(&stream, less).unwrap_err().code(), "jwe.limit-exceeded");
        }
        prop_assert!(Deflate.inflate(&stream[..stream.len() - 1], content.len()).is_err());
    }

    #[test]
    fn what_is_written_is_read(
        content in prop::collection::vec(any::<u8>(), 0..300),
        aad in prop::collection::vec(any::<u8>(), 0..40),
        name in "[a-z]{9}",
        text in ".{0,20}",
        enc in 0..6_usize,
        compress: bool,
    ) {
        let enc = ContentEncryptionAlg::table()[enc].alg;
        let builder = || {
            let builder = Builder::new(&content, enc).header(name.clone(), text.clone());
            if compress { builder.zip(Deflate) } else { builder }
        };
        let to = encrypter(KEY, "A256KW");
        let key = decrypter(KEY, "A256KW");
        let compact = builder().encrypt_compact(&to).unwrap();
        let flattened = builder().aad(aad.clone()).encrypt_flattened(&to).unwrap();
        let general = builder().aad(aad).unprotected("shared", 1)
            .encrypt_general(&[(&to, RecipientHeader::new()), (&to, RecipientHeader::new().kid("k"))])
            .unwrap();
        for jwe in [
            Jwe::parse_compact(&compact),
            Jwe::parse_flattened(flattened.as_bytes()),
            Jwe::parse_general(general.as_bytes()),
        ] {
            let jwe = jwe.unwrap().decrypt(&key).unwrap();
            prop_assert_eq!(jwe.plaintext(), &content);
            prop_assert_eq!(jwe.header().get(&name).and_then(Value::as_str), Some(text.as_str()));
        }
    }
}
