//! What an attacker of JWE has: a text editor, and content encryption under keys of their own.
//!
//! Most tokens here are sealed rightly under the key the victim would find, so that what refuses them is the rule
//! under test.

use std::time::{Duration, Instant};

use bulla::SecretBytes;
use bulla::base64url::encode;
use bulla::jwa::ContentEncryptionAlg;
use bulla::jwe::DecryptError;
use bulla::key::Decrypter;
use serde_json::{Map, Value};

use crate::jwe_support::{decrypt, decrypter};

pub(crate) const CEK: [u8; 32] = [0x42; 32];
/// A key for `dir` with A128CBC-HS256 and A256GCM, for A256KW and A256GCMKW.
pub(crate) const KEY: &str = r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#;
pub(crate) const X25519: &str = concat!(
    r#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","#,
    r#""d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}"#
);
pub(crate) const X448: &str = concat!(
    r#"{"kty":"OKP","crv":"X448","#,
    r#""x":"PreoKbDNIPW8_AtZm2_sz22kYnEHvbDU80W0MCfYuXL8PjT7QjKhPKcG3LV67D2uB73BxnvzNgk","#,
    r#""d":"HDBqesKg4uCZCylEcMujOeZFN3KwdYEdj60NHWknwSC7XuiXKw0-ITdMnJIbCdGwNm8QtlFzmS0"}"#
);

/// The parts of a token, to be changed at will.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: String,
    pub(crate) key: Vec<u8>,
    pub(crate) iv: Vec<u8>,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

/// Seals `content` under `cek`, with the `enc` of the header.
pub(crate) fn seal(header: &str, key: impl Into<Vec<u8>>, cek: &[u8], content: &[u8]) -> Token {
    seal_with(header, enc_of(header), key, cek, content)
}

pub(crate) fn seal_with(
    header: &str,
    enc: ContentEncryptionAlg,
    key: impl Into<Vec<u8>>,
    cek: &[u8],
    content: &[u8],
) -> Token {
    let iv = vec![7; enc.facts().iv_len];
    let mut ciphertext = content.to_vec();
    let tag = bulla::backend()
        .content_key(&SecretBytes::from(cek), enc)
        .unwrap()
        .encrypt(&iv, encode(header.as_bytes()).as_bytes(), &mut ciphertext)
        .unwrap()
        .as_ref()
        .to_vec();
    Token {
        header: header.to_owned(),
        key: key.into(),
        iv,
        ciphertext,
        tag,
    }
}

/// A token for [`KEY`] as the content key.
pub(crate) fn dir(rest: &str, content: &[u8]) -> Token {
    let header = format!(r#"{{"alg":"dir","enc":"A256GCM"{rest}}}"#);
    seal(&header, [], &CEK, content)
}

fn enc_of(header: &str) -> ContentEncryptionAlg {
    let name = header.split(r#""enc":""#).nth(1).unwrap();
    ContentEncryptionAlg::from_name(name.split('"').next().unwrap()).unwrap()
}

impl Token {
    pub(crate) fn compact(&self) -> String {
        let header = encode(self.header.as_bytes());
        let [key, iv, ciphertext, tag] =
            [&self.key, &self.iv, &self.ciphertext, &self.tag].map(encode);
        format!("{header}.{key}.{iv}.{ciphertext}.{tag}")
    }

    /// The members that every JSON form has.
    pub(crate) fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut insert = |name: &str, octets: &[u8]| {
            members.insert(name.to_owned(), encode(octets).into());
        };
        insert("protected", self.header.as_bytes());
        insert("iv", &self.iv);
        insert("ciphertext", &self.ciphertext);
        insert("tag", &self.tag);
        members
    }

    pub(crate) fn flattened(&self) -> Map<String, Value> {
        let mut members = self.members();
        if !self.key.is_empty() {
            members.insert("encrypted_key".to_owned(), encode(&self.key).into());
        }
        members
    }

    pub(crate) fn general(&self, recipients: Value) -> String {
        let mut members = self.members();
        members.insert("recipients".to_owned(), recipients);
        Value::Object(members).to_string()
    }
}

/// The code with which the token is refused, soon.
#[track_caller]
pub(crate) fn refused(token: &str, key: &Decrypter) -> &'static str {
    soon(|| decrypt(token, key)).expect_err("accepted").code()
}

/// Under the shared key.
#[track_caller]
pub(crate) fn refused_dir(token: &str) -> &'static str {
    refused(token, &decrypter(KEY, "dir"))
}

/// Refusing takes well under two seconds, even in a test build on a busy machine.
#[track_caller]
pub(crate) fn soon<T>(what: impl FnOnce() -> Result<T, DecryptError>) -> Result<T, DecryptError> {
    let start = Instant::now();
    let outcome = what();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "took {took:?}");
    outcome
}

/// Without this every other test here could pass because nothing ever decrypts.
#[test]
fn the_control_is_accepted() {
    let key = decrypter(KEY, "dir");
    assert_eq!(decrypt(&dir("", b"x").compact(), &key).unwrap(), b"x");
    let json = Value::Object(dir("", b"x").flattened()).to_string();
    let plain = crate::jwe_support::decrypt_flattened(&json, &key).unwrap();
    assert_eq!(plain, b"x");
    let json = dir("", b"x").general(serde_json::json!([{}]));
    let plain = crate::jwe_support::decrypt_general(&json, &key).unwrap();
    assert_eq!(plain, b"x");
}
