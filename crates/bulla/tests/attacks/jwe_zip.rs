//! Compressed content: bombs (CVE-2024-28180, CVE-2024-28176, CVE-2024-28102), streams that are broken or longer than
//! they say.

use bulla::Limits;
use bulla::jwe::{DecryptError, Decrypted, Deflate, Jwe, Policy, Zip};
use serde_json::json;

use crate::jwe_forge::{KEY, dir, refused_dir, soon};
use crate::jwe_support::{decrypt, decrypt_flattened, decrypter};

fn zipped(stream: &[u8]) -> String {
    dir(r#","zip":"DEF""#, stream).compact()
}

fn under(token: &str, policy: Policy) -> Result<Jwe<'_, Decrypted>, DecryptError> {
    soon(|| Jwe::parse_compact_with(token, policy)?.decrypt(&decrypter(KEY, "dir")))
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    for size in [250 * 1024 + 1, 1 << 20, 64 << 20] {
        let bomb = Deflate.deflate(&vec![0; size]).unwrap();
        assert!(bomb.len() < 100 * 1024);
        assert_eq!(refused_dir(&zipped(&bomb)), "jwe.limit-exceeded", "{size}");
    }
    let fits = Deflate.deflate(&vec![7; 250 * 1024]).unwrap();
    let opened = decrypt(&zipped(&fits), &decrypter(KEY, "dir")).unwrap();
    assert_eq!(opened.len(), 250 * 1024);
}

#[test]
fn the_limit_is_the_applications() {
    let token = zipped(&Deflate.deflate(&vec![7; 1_000_000]).unwrap());
    let limit = |inflated| {
        Policy::new().limits(Limits {
            inflated,
            ..Limits::DEFAULT
        })
    };
    assert_eq!(
        under(&token, limit(1_000_000)).unwrap().plaintext().len(),
        1_000_000
    );
    assert_eq!(
        under(&token, limit(usize::MAX)).unwrap().plaintext().len(),
        1_000_000
    );
    for inflated in [0, 1, 999_999] {
        let error = under(&token, limit(inflated)).unwrap_err();
        assert_eq!(error.code(), "jwe.limit-exceeded");
    }
    let nothing = zipped(&Deflate.deflate(b"").unwrap());
    assert_eq!(under(&nothing, limit(0)).unwrap().plaintext(), b"");
}

/// Blocks without content cost time and give nothing: their number is bounded by the token's length.
#[test]
fn empty_blocks_end_soon() {
    let mut stream = [0, 0, 0, 0xff, 0xff].repeat(130_000);
    stream.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    let opened = soon(|| decrypt(&zipped(&stream), &decrypter(KEY, "dir"))).unwrap();
    assert_eq!(opened, b"");
    stream.truncate(stream.len() - 5);
    assert_eq!(refused_dir(&zipped(&stream)), "jwe.zip-malformed");
}

#[test]
fn a_stream_must_be_whole_and_end_where_the_content_ends() {
    for content in [
        b"".as_slice(),
        b"x",
        &[7; 5_000],
        &(0..=255).cycle().take(70_000).collect::<Vec<u8>>(),
    ] {
        let stream = Deflate.deflate(content).unwrap();
        assert_eq!(
            decrypt(&zipped(&stream), &decrypter(KEY, "dir")).unwrap(),
            content
        );
        for cut in [0, 1, stream.len() / 2, stream.len() - 1] {
            assert_eq!(
                refused_dir(&zipped(&stream[..cut])),
                "jwe.zip-malformed",
                "{cut}"
            );
        }
        for trailing in [[0].as_slice(), &[3, 0], &stream, &[0xff; 100]] {
            let longer = [&stream, trailing].concat();
            assert_eq!(refused_dir(&zipped(&longer)), "jwe.zip-malformed");
        }
    }
}

#[test]
fn what_is_not_deflate_is_refused() {
    let zlib = [
        0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0x02, 0x4d, 0x01, 0x27,
    ];
    let gzip = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c, 0x4a, 6, 0, 0xc2, 0x41, 0x24, 0x35, 3, 0,
        0, 0,
    ];
    let reserved = [7, 0, 0];
    let length = [1, 5, 0, 0, 0];
    let distance = [0x4b, 0x04, 0xa1];
    for stream in [
        zlib.as_slice(),
        &gzip,
        &reserved,
        &length,
        &distance,
        b"plain text",
        &[0xff; 64],
    ] {
        assert_eq!(
            refused_dir(&zipped(stream)),
            "jwe.zip-malformed",
            "{stream:?}"
        );
    }
}

#[test]
fn an_unknown_zip_is_refused_before_anything_is_decrypted() {
    for zip in ["def", "DEFLATE", "GZ", "", "zstd", "DEF "] {
        let mut token = dir(&format!(r#","zip":"{zip}""#), b"x");
        token.tag[0] ^= 1;
        assert_eq!(
            refused_dir(&token.compact()),
            "jwe.zip-unsupported",
            "{zip}"
        );
    }
    let token = zipped(&Deflate.deflate(b"x").unwrap());
    let error = under(&token, Policy::new().without_zip()).unwrap_err();
    assert_eq!(error.code(), "jwe.zip-unsupported");
}

#[test]
fn a_zip_of_another_type_is_refused() {
    for zip in ["null", "true", "1", "[]", r#"["DEF"]"#, "{}"] {
        let token = dir(&format!(r#","zip":{zip}"#), b"x").compact();
        assert_eq!(
            Jwe::parse_compact(&token).unwrap_err().code(),
            "jwe.malformed",
            "{zip}"
        );
    }
}

#[test]
fn a_zip_that_nothing_protects_is_refused() {
    let stream = Deflate.deflate(b"x").unwrap();
    for place in ["unprotected", "header"] {
        let mut members = dir("", &stream).flattened();
        members.insert(place.into(), json!({"zip": "DEF"}));
        let json = serde_json::Value::Object(members).to_string();
        let error = decrypt_flattened(&json, &decrypter(KEY, "dir")).unwrap_err();
        assert_eq!(error.code(), "jwe.malformed");
    }
}

/// A tag that does not hold is told before a stream that does not.
#[test]
fn nothing_is_inflated_that_is_not_authentic() {
    let mut token = dir(r#","zip":"DEF""#, &[0xff; 64]);
    token.tag[0] ^= 1;
    assert_eq!(refused_dir(&token.compact()), "jwe.decryption-failed");
}
