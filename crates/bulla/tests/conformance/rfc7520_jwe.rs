//! RFC 7520 §5 and §6, from the cookbook files. Where the RFC fixes the randomness, the same octets are made.

use std::sync::Arc;

use bulla::base64url::decode;
use bulla::jwa::ContentEncryptionAlg;
use bulla::jwe::{Builder, DecryptError, Jwe, RecipientHeader, Zip};
use bulla::jws::Jws;
use bulla::jwt::Expectations;
use bulla::key::{Backend, Decrypter, Encrypter};
use bulla_testkit::{FixedRandom, vectors};
use serde_json::Value;

use crate::jwe_support::{alg, decrypt, decrypter, encrypter_with, fixed};
use crate::support::{private, verifier};

#[test]
fn section_5_1_rsa1_5_and_a128cbc_hs256() {
    let Some(vector) = opened("5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json") else {
        return;
    };
    content_made(&vector);
}

#[test]
fn section_5_2_rsa_oaep_and_a256gcm() {
    let Some(vector) = opened("5_2.key_encryption_using_rsa-oaep_with_aes-gcm.json") else {
        return;
    };
    content_made(&vector);
}

#[test]
fn section_5_3_pbes2_hs512_a256kw_and_a128cbc_hs256() {
    let file = "5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2.json";
    let Some(vector) = vector(file) else { return };
    let password = text(&vector["input"]["pwd"]).as_bytes();
    let key = Decrypter::password(&bulla::backend(), password, alg("PBES2-HS512+A256KW")).unwrap();
    opened_by(&vector, &key);
    let salt = &vector["encrypting_key"]["salt"];
    let backend = fixed(&[&cek(&vector), &iv(&vector), &octets(salt)]);
    let key =
        Encrypter::password_with(&backend, password, alg("PBES2-HS512+A256KW"), 8192).unwrap();
    made(&vector, || builder(&vector).cty("jwk-set+json"), &key);
}

#[test]
fn section_5_4_ecdh_es_a128kw_and_a128gcm() {
    let file =
        "5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm.json";
    let Some(vector) = opened(file) else { return };
    let backend = agreeing(&vector, &[&cek(&vector), &iv(&vector)]);
    made(
        &vector,
        || builder(&vector),
        &own_encrypter(&backend, &vector),
    );
}

#[test]
fn section_5_5_ecdh_es_and_a128cbc_hs256() {
    let file = "5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2.json";
    let Some(vector) = opened(file) else { return };
    let backend = agreeing(&vector, &[&iv(&vector)]);
    made(
        &vector,
        || builder(&vector),
        &own_encrypter(&backend, &vector),
    );
}

#[test]
fn section_5_6_dir_and_a128gcm() {
    let Some(vector) = opened("5_6.direct_encryption_using_aes-gcm.json") else {
        return;
    };
    let backend = fixed(&[&iv(&vector)]);
    made(
        &vector,
        || builder(&vector),
        &own_encrypter(&backend, &vector),
    );
}

#[test]
fn section_5_7_a256gcmkw_and_a128cbc_hs256() {
    let file = "5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2.json";
    let Some(vector) = opened(file) else { return };
    let own_iv = octets(&vector["encrypting_key"]["iv"]);
    let backend = fixed(&[&cek(&vector), &iv(&vector), &own_iv]);
    made(
        &vector,
        || builder(&vector),
        &own_encrypter(&backend, &vector),
    );
}

#[test]
fn section_5_8_a128kw_and_a128gcm() {
    let Some(vector) = opened("5_8.key_wrap_using_aes-keywrap_with_aes-gcm.json") else {
        return;
    };
    let backend = fixed(&[&cek(&vector), &iv(&vector)]);
    made(
        &vector,
        || builder(&vector),
        &own_encrypter(&backend, &vector),
    );
}

/// DEFLATE may be done in many ways: the published one comes from the vector, inflating it is ours.
#[test]
fn section_5_9_compressed_content() {
    #[derive(Debug)]
    struct Published(Vec<u8>);
    impl Zip for Published {
        fn name(&self) -> &str {
            "DEF"
        }
        fn deflate(&self, _: &[u8]) -> Option<Vec<u8>> {
            Some(self.0.clone())
        }
        fn inflate(&self, _: &[u8], _: usize) -> Result<Vec<u8>, DecryptError> {
            unreachable!("only for encrypting")
        }
    }
    let Some(vector) = opened("5_9.compressed_content.json") else {
        return;
    };
    let backend = fixed(&[&cek(&vector), &iv(&vector)]);
    let published = octets(&vector["generated"]["plaintext_c"]);
    let builder = || builder(&vector).zip(Published(published.clone()));
    made(&vector, builder, &own_encrypter(&backend, &vector));
}

#[test]
fn section_5_10_additional_authenticated_data() {
    let Some(vector) = opened("5_10.including_additional_authentication_data.json") else {
        return;
    };
    let backend = fixed(&[&cek(&vector), &iv(&vector)]);
    let builder = || builder(&vector).aad(text(&vector["input"]["aad"]));
    made(&vector, builder, &own_encrypter(&backend, &vector));
}

/// Read, not written: encrypting to one recipient always protects `alg`.
#[test]
fn section_5_11_protecting_specific_header_fields() {
    let Some(vector) = opened("5_11.protecting_specific_header_fields.json") else {
        return;
    };
    content_and_key_made(&vector);
}

/// Read, not written: `enc` is always protected.
#[test]
fn section_5_12_protecting_content_only() {
    let Some(vector) = opened("5_12.protecting_content_only.json") else {
        return;
    };
    content_and_key_made(&vector);
}

#[test]
fn section_5_13_multiple_recipients() {
    let Some(vector) = vector("5_13.encrypting_to_multiple_recipients.json") else {
        return;
    };
    let (keys, algs) = (&vector["input"]["key"], &vector["input"]["alg"]);
    let json = vector["output"]["json"].to_string();
    for index in 0..3 {
        let key = decrypter(&keys[index].to_string(), text(&algs[index]));
        let jwe = Jwe::parse_general(json.as_bytes())
            .unwrap()
            .decrypt(&key)
            .unwrap();
        assert_eq!(jwe.plaintext(), plaintext(&vector));
        assert_eq!(jwe.recipient(), index);
        assert_eq!(jwe.header().cty(), Some("text/plain"));
    }
    // Two of the three encrypted keys, and the content, are made byte for byte.
    let own_iv = octets(&vector["encrypting_key"][2]["iv"]);
    let ephemeral = private(&vector["encrypting_key"][1]["epk"].to_string());
    let backend = FixedRandom::new(
        bulla::backend(),
        [cek(&vector), iv(&vector), own_iv].concat(),
    );
    let backend: Arc<dyn Backend> = Arc::new(backend.with_ephemeral(ephemeral.key().clone()));
    let encrypters: Vec<_> = (0..3)
        .map(|index| encrypter_with(&backend, &keys[index].to_string(), text(&algs[index])))
        .collect();
    let recipients: Vec<_> = encrypters
        .iter()
        .map(|encrypter| (encrypter, RecipientHeader::new()))
        .collect();
    let made = Builder::new(plaintext(&vector), ContentEncryptionAlg::A128CbcHs256)
        .unprotected("cty", "text/plain")
        .encrypt_general(&recipients)
        .unwrap();
    let (mut made, mut published) = (parsed(&made), vector["output"]["json"].clone());
    for json in [&mut made, &mut published] {
        assert!(json["recipients"][0]["encrypted_key"].take().is_string());
    }
    assert_eq!(made, published);
}

#[test]
fn section_6_nesting_signatures_and_encryption() {
    let Some(vector) = vectors::json::<Value>("cookbook/6.nesting_signatures_and_encryption.json")
    else {
        return;
    };
    let (sign, encrypt) = (&vector["sign"], &vector["encrypt"]);
    let decrypter = decrypter(&encrypt["input"]["key"].to_string(), "RSA-OAEP");
    let verifier = verifier(&sign["input"]["key"].to_string(), "PS256");
    opened_by(encrypt, &decrypter);
    let token = text(&encrypt["output"]["compact"]);
    let inner = String::from_utf8(decrypt(token, &decrypter).unwrap()).unwrap();
    assert_eq!(inner, text(&sign["output"]["compact"]));
    let jws = Jws::parse_compact(&inner)
        .unwrap()
        .verify(&verifier)
        .unwrap();
    let claims = text(&sign["input"]["payload"]);
    assert_eq!(jws.payload(), claims.as_bytes());

    let second_before_it_expires =
        std::time::UNIX_EPOCH + core::time::Duration::from_secs(1_300_819_379);
    let expect = Expectations::new("hobbiton.example", "nobody")
        .any_audience()
        .at(second_before_it_expires);
    let valid = expect
        .decrypt_verify::<Value>(token, &decrypter, &verifier)
        .unwrap();
    assert_eq!(valid.claims()["http://example.com/is_root"], true);
    assert_eq!(valid.payload(), claims.as_bytes());
    let late = expect.at(second_before_it_expires + core::time::Duration::from_secs(121));
    let error = late
        .decrypt_verify::<Value>(token, &decrypter, &verifier)
        .unwrap_err();
    assert_eq!(error.code(), "jwt.expired");

    // The recipient's kid is not in the published header.
    let mut key = encrypt["input"]["key"].clone();
    key.as_object_mut().unwrap().remove("kid");
    let backend = fixed(&[&cek(encrypt), &iv(encrypt)]);
    let encrypter = encrypter_with(&backend, &key.to_string(), "RSA-OAEP");
    let made = builder(encrypt)
        .cty("JWT")
        .encrypt_compact(&encrypter)
        .unwrap();
    same_but_the_encrypted_key(&made, token);
}

fn vector(file: &str) -> Option<Value> {
    vectors::json(&format!("cookbook/jwe/{file}"))
}

/// Decrypts every serialization of the file with its key.
fn opened(file: &str) -> Option<Value> {
    let vector = vector(file)?;
    let input = &vector["input"];
    opened_by(
        &vector,
        &decrypter(&input["key"].to_string(), text(&input["alg"])),
    );
    Some(vector)
}

fn opened_by(vector: &Value, key: &Decrypter) {
    let output = &vector["output"];
    let mut forms = 0;
    if let Some(compact) = output["compact"].as_str() {
        assert_eq!(decrypt(compact, key).unwrap(), plaintext(vector));
        forms += 1;
    }
    for json in ["json", "json_flat"] {
        let text = output[json].to_string();
        // The direct modes have no recipients to speak of, and so the one JSON form is the other.
        let jwe = if output[json]["recipients"].is_array() {
            Jwe::parse_general(text.as_bytes())
        } else {
            Jwe::parse_flattened(text.as_bytes())
        };
        assert_eq!(
            jwe.unwrap().decrypt(key).unwrap().plaintext(),
            plaintext(vector)
        );
        forms += 1;
    }
    assert!(forms >= 2);
}

/// Encrypts to the same octets, in every serialization that the file has.
fn made<'a>(vector: &'a Value, builder: impl Fn() -> Builder<'a>, key: &Encrypter) {
    let output = &vector["output"];
    let header = octets(&vector["encrypting_content"]["protected_b64u"]);
    // One backend, one supply of randomness: each form needs its own, so only the first is made with it.
    let Some(compact) = output["compact"].as_str() else {
        let made = builder()
            .protected_octets(header)
            .encrypt_flattened(key)
            .unwrap();
        assert_eq!(parsed(&made), output["json_flat"]);
        return;
    };
    let made = builder()
        .protected_octets(header)
        .encrypt_compact(key)
        .unwrap();
    assert_eq!(made, compact);
}

/// RSA has randomness of its own: the rest is made octet for octet.
fn content_made(vector: &Value) {
    let backend = fixed(&[&cek(vector), &iv(vector)]);
    let made = builder(vector)
        .protected_octets(octets(&vector["encrypting_content"]["protected_b64u"]))
        .encrypt_compact(&own_encrypter(&backend, vector))
        .unwrap();
    same_but_the_encrypted_key(&made, text(&vector["output"]["compact"]));
}

fn same_but_the_encrypted_key(made: &str, published: &str) {
    let parts = |token: &str| -> Vec<String> { token.split('.').map(str::to_owned).collect() };
    let (made, published) = (parts(made), parts(published));
    for index in [2, 3, 4] {
        assert_eq!(made[index], published[index]);
    }
    assert_eq!(
        parsed(str::from_utf8(&decode(&made[0]).unwrap()).unwrap()),
        parsed(str::from_utf8(&decode(&published[0]).unwrap()).unwrap())
    );
}

/// With everything protected the tag is another; the key and the content are not.
fn content_and_key_made(vector: &Value) {
    let backend = fixed(&[&cek(vector), &iv(vector)]);
    let made = Builder::new(plaintext(vector), ContentEncryptionAlg::A128Gcm)
        .encrypt_flattened(&own_encrypter(&backend, vector))
        .unwrap();
    let made = parsed(&made);
    for member in ["encrypted_key", "iv", "ciphertext"] {
        assert_eq!(made[member], vector["output"]["json_flat"][member]);
    }
}

fn builder(vector: &Value) -> Builder<'_> {
    let enc = text(&vector["input"]["enc"]);
    Builder::new(
        plaintext(vector),
        ContentEncryptionAlg::from_name(enc).unwrap(),
    )
}

fn own_encrypter(backend: &Arc<dyn Backend>, vector: &Value) -> Encrypter {
    let input = &vector["input"];
    encrypter_with(backend, &input["key"].to_string(), text(&input["alg"]))
}

fn agreeing(vector: &Value, random: &[&[u8]]) -> Arc<dyn Backend> {
    let ephemeral = private(&vector["encrypting_key"]["epk"].to_string());
    let backend = FixedRandom::new(bulla::backend(), random.concat());
    Arc::new(backend.with_ephemeral(ephemeral.key().clone()))
}

fn plaintext(vector: &Value) -> &[u8] {
    text(&vector["input"]["plaintext"]).as_bytes()
}

fn cek(vector: &Value) -> Vec<u8> {
    octets(&vector["generated"]["cek"])
}

fn iv(vector: &Value) -> Vec<u8> {
    octets(&vector["generated"]["iv"])
}

fn octets(value: &Value) -> Vec<u8> {
    decode(text(value)).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}
