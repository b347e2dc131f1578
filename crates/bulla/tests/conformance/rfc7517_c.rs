//! RFC 7517, appendix C: a private key under a password.

use bulla::base64url::decode;
use bulla::jwa::ContentEncryptionAlg::A128CbcHs256;
use bulla::jwa::HashAlg;
use bulla::jwe::{Builder, Jwe};
use bulla::jwk::Jwk;
use bulla::key::{Decrypter, Encrypter};

use crate::jwe_support::{alg, fixed};

/// The tag covers every octet of header, vector and ciphertext: where it is the published one, so are they.
#[test]
fn appendix_c_encrypted_key_is_made_byte_for_byte() {
    let backend = fixed(&[&CEK, &decode(IV).unwrap(), &decode(P2S).unwrap()]);
    let encrypter =
        Encrypter::password_with(&backend, PASSPHRASE, alg("PBES2-HS256+A128KW"), 4096).unwrap();
    let token = Builder::new(PLAINTEXT, A128CbcHs256)
        .cty("jwk+json")
        .protected_octets(HEADER)
        .encrypt_compact(&encrypter)
        .unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts[0], SEGMENT);
    assert_eq!(parts[1], ENCRYPTED_KEY);
    assert_eq!(parts[2], IV);
    assert!(parts[3].starts_with(CIPHERTEXT_START));
    assert_eq!(parts[4], TAG);

    let decrypter =
        Decrypter::password(&bulla::backend(), PASSPHRASE, alg("PBES2-HS256+A128KW")).unwrap();
    let jwe = Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&decrypter)
        .unwrap();
    assert_eq!(jwe.header().cty(), Some("jwk+json"));
    assert_eq!(jwe.plaintext(), PLAINTEXT.as_bytes());
    let Jwk::Private(key) = Jwk::parse(jwe.plaintext()).unwrap() else {
        panic!("not a private key");
    };
    assert_eq!(key.members().kid.as_deref(), Some("juliet@capulet.lit"));
}

#[test]
fn appendix_c4_key_derivation() {
    let salt = [b"PBES2-HS256+A128KW\0".as_slice(), &decode(P2S).unwrap()].concat();
    let mut derived = [0; 16];
    bulla::backend()
        .pbkdf2(HashAlg::Sha256, PASSPHRASE, &salt, 4096, &mut derived)
        .unwrap();
    let published = [
        110, 171, 169, 92, 129, 92, 109, 117, 233, 242, 116, 233, 170, 14, 24, 75,
    ];
    assert_eq!(derived, published);
}

const PASSPHRASE: &[u8] = b"Thus from my lips, by yours, my sin is purged.";
const HEADER: &str = r#"{"alg":"PBES2-HS256+A128KW","p2s":"2WCTcJZ1Rvd_CJuJripQ1w","p2c":4096,"enc":"A128CBC-HS256","cty":"jwk+json"}"#;
const SEGMENT: &str = concat!(
    "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJwMnMiOiIyV0NUY0paMVJ2ZF9DSnVKcmlwUTF3IiwicDJjIjo0MDk2LCJl",
    "bmMiOiJBMTI4Q0JDLUhTMjU2IiwiY3R5IjoiandrK2pzb24ifQ"
);
const P2S: &str = "2WCTcJZ1Rvd_CJuJripQ1w";
const ENCRYPTED_KEY: &str = "TrqXOwuNUfDV9VPTNbyGvEJ9JMjefAVn-TR1uIxR9p6hsRQh9Tk7BA";
const IV: &str = "Ye9j1qs22DmRSAddIh-VnA";
const CIPHERTEXT_START: &str = "AwhB8lxrlKjFn02LGWEqg27H4Tg9fyZAbFv3p5ZicHpj64QyHC44qqlZ3JEmnZTgQo";
const TAG: &str = "0HFmhOzsQ98nNWJjIHkR7A";
const CEK: [u8; 32] = [
    111, 27, 25, 52, 66, 29, 20, 78, 92, 176, 56, 240, 65, 208, 82, 112, 161, 131, 36, 55, 202,
    236, 185, 172, 129, 23, 153, 194, 195, 48, 253, 182,
];

/// Appendix C.1.
const PLAINTEXT: &str = concat!(
    r#"{"kty":"RSA","kid":"juliet@capulet.lit","use":"enc","n":"t6Q8PWSi1dkJj9hTP8hNYFlvadM7DflW9mWepOJ"#,
    "hJ66w7nyoK1gPNqFMSQRyO125Gp-TEkodhWr0iujjHVx7BcV0llS4w5ACGgPrcAd6ZcSR0-Iqom-QFcNP8Sjg086MwoqQU_L",
    "YywlAGZ21WSdS_PERyGFiNnj3QQlO8Yns5jCtLCRwLHL0Pb1fEv45AuRIuUfVcPySBWYnDyGxvjYGDSM-AqWS9zIQ2ZilgT-",
    "GqUmipg0XOC0Cc20rgLe2ymLHjpHciCKVAbY5-L32-lSeZO-Os6U15_aXrk9Gw8cPUaX1_I8sLGuSiVdt3C_Fn2PZ3Z8i744",
    r#"FPFGGcG1qs2Wz-Q","e":"AQAB","d":"GRtbIQmhOZtyszfgKdg4u_N-R_mZGU_9k7JQ_jn1DnfTuMdSNprTeaSTyWfSNku"#,
    "aAwnOEbIQVy1IQbWVV25NY3ybc_IhUJtfri7bAXYEReWaCl3hdlPKXy9UvqPYGR0kIXTQRqns-dVJ7jahlI7LyckrpTmrM8d",
    "WBo4_PMaenNnPiQgO0xnuToxutRZJfJvG4Ox4ka3GORQd9CsCZ2vsUDmsXOfUENOyMqADC6p1M3h33tsurY15k9qMSpG9OX_",
    r#"IJAXmxzAh_tWiZOwk2K4yxH9tS3Lq1yX8C1EWmeRDkK2ahecG85-oLKQt5VEpWHKmjOi_gJSdSgqcN96X52esAQ","p":"2r"#,
    "nSOV4hKSN8sS4CgcQHFbs08XboFDqKum3sc4h3GRxrTmQdl1ZK9uw-PIHfQP0FkxXVrx-WE-ZEbrqivH_2iCLUS7wAl6XvAR",
    r#"t1KkIaUxPPSYB9yk31s0Q8UK96E3_OrADAYtAJs-M3JxCLfNgqh56HDnETTQhH3rCT5T3yJws","q":"1u_RiFDP7LBYh3N4"#,
    "GXLT9OpSKYP0uQZyiaZwBtOCBNJgQxaj10RWjsZu0c6Iedis4S7B_coSKB0Kj9PaPaBzg-IySRvvcQuPamQu66riMhjVtG6T",
    r#"lV8CLCYKrYl52ziqK0E_ym2QnkwsUX7eYTB7LbAHRK9GqocDE5B0f808I4s","dp":"KkMTWqBUefVwZ2_Dbj1pPQqyHSHjj"#,
    "90L5x_MOzqYAJMcLMZtbUtwKqvVDq3tbEo3ZIcohbDtt6SbfmWzggabpQxNxuBpoOOf_a_HgMXK_lhqigI4y_kqS1wY52Iwj",
    r#"Un5rgRrJ-yYo1h41KR-vz2pYhEAeYrhttWtxVqLCRViD6c","dq":"AvfS0-gRxvn0bwJoMSnFxYcK1WnuEjQFluMGfwGitQ"#,
    "BWtfZ1Er7t1xDkbN9GQTB9yqpDoYaN06H7CFtrkxhJIBQaj6nkF5KKS3TQtQ5qCzkOkmxIe3KRbBymXxkb5qwUpX5ELD5xFc",
    r#"6FeiafWYY63TmmEAu_lRFCOJ3xDea-ots","qi":"lSQi-w9CpyUReMErP1RsBLk7wNtOvs5EQpPqmuMvqW57NBUczScEoPw"#,
    "mUqqabu9V0-Py4dQ57_bapoKRu1R90bvuFnU63SHWEFglZQvJDMeAvmj4sm-Fp0oYu_neotgQ0hzbI5gry7ajdYy9-2lNx_7",
    r#"6aBZoOUu9HCJ-UsfSOI8"}"#,
);
