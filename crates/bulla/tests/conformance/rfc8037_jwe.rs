//! RFC 8037, appendices A.6 and A.7.

use std::sync::Arc;

use bulla::jwa::ContentEncryptionAlg::{A128Gcm, A256Gcm};
use bulla::jwe::{Builder, Jwe};
use bulla::key::Backend;
use bulla_testkit::FixedRandom;

use crate::jwe_support::{decrypter, encrypter, encrypter_with};
use crate::support::{private, public};

#[test]
fn appendix_a6_ecdh_es_with_x25519() {
    agreed(BOB, EPHEMERAL_X25519, &hex(Z_X25519));
    let (token, epk) = token(BOB, EPHEMERAL_X25519, "ECDH-ES+A128KW", A128Gcm);
    assert_eq!(
        epk,
        serde_json::json!({"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"})
    );
    opened(&token, BOB, "ECDH-ES+A128KW");
}

#[test]
fn appendix_a7_ecdh_es_with_x448() {
    agreed(DAVE, EPHEMERAL_X448, &hex(Z_X448));
    let (token, epk) = token(DAVE, EPHEMERAL_X448, "ECDH-ES+A256KW", A256Gcm);
    assert_eq!(
        epk,
        serde_json::json!({"kty": "OKP", "crv": "X448",
            "x": "mwj3zDG34-Z9ItWuoSEHSic70rg94Jxj-qc9LCLF2bvINmRyQdlT1AxbEtqIEg1TF3-A5TLEH6A"})
    );
    opened(&token, DAVE, "ECDH-ES+A256KW");
}

/// §3.2.1: an ephemeral key serves one token.
#[test]
fn section_3_2_1_every_token_has_an_ephemeral_key_of_its_own() {
    for key in [BOB, DAVE] {
        let encrypter = encrypter(&public(key).to_json(), "ECDH-ES");
        let [one, other] = [(); 2].map(|()| {
            Builder::new("content", A128Gcm)
                .encrypt_compact(&encrypter)
                .unwrap()
        });
        let epk = |token: &str| {
            let jwe = Jwe::parse_compact(token).unwrap();
            jwe.protected().get("epk").unwrap().clone()
        };
        assert_ne!(epk(&one), epk(&other));
        opened(&one, key, "ECDH-ES");
        opened(&other, key, "ECDH-ES");
    }
}

/// Both halves agree on the published Z.
fn agreed(recipient: &str, ephemeral: &str, z: &[u8]) {
    let backend = bulla::backend();
    let (recipient, ephemeral) = (private(recipient), private(ephemeral));
    for (own, peer) in [(&recipient, &ephemeral), (&ephemeral, &recipient)] {
        let agree = backend.agree(own.key()).unwrap();
        assert_eq!(agree.agree(&peer.key().public()).unwrap().expose(), z);
    }
}

fn token(
    recipient: &str,
    ephemeral: &str,
    alg: &str,
    enc: bulla::jwa::ContentEncryptionAlg,
) -> (String, serde_json::Value) {
    let octets = vec![9; enc.facts().key_len + enc.facts().iv_len];
    let backend =
        FixedRandom::new(bulla::backend(), octets).with_ephemeral(private(ephemeral).key().clone());
    let backend: Arc<dyn Backend> = Arc::new(backend);
    let recipient = public(recipient).to_json();
    let token = Builder::new("content", enc)
        .encrypt_compact(&encrypter_with(&backend, &recipient, alg))
        .unwrap();
    let epk = Jwe::parse_compact(&token)
        .unwrap()
        .protected()
        .get("epk")
        .unwrap()
        .clone();
    (token, epk)
}

fn opened(token: &str, recipient: &str, alg: &str) {
    let jwe = Jwe::parse_compact(token).unwrap();
    let jwe = jwe.decrypt(&decrypter(recipient, alg)).unwrap();
    assert_eq!(jwe.plaintext(), b"content");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// RFC 7748 §6.1 prints the private half.
const BOB: &str = concat!(
    r#"{"kty":"OKP","crv":"X25519","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","#,
    r#""d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}"#
);
const EPHEMERAL_X25519: &str = concat!(
    r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","#,
    r#""d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#
);
const Z_X25519: &str = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
/// RFC 7748 §6.2 prints the private half.
const DAVE: &str = concat!(
    r#"{"kty":"OKP","crv":"X448","kid":"Dave","#,
    r#""x":"PreoKbDNIPW8_AtZm2_sz22kYnEHvbDU80W0MCfYuXL8PjT7QjKhPKcG3LV67D2uB73BxnvzNgk","#,
    r#""d":"HDBqesKg4uCZCylEcMujOeZFN3KwdYEdj60NHWknwSC7XuiXKw0-ITdMnJIbCdGwNm8QtlFzmS0"}"#
);
const EPHEMERAL_X448: &str = concat!(
    r#"{"kty":"OKP","crv":"X448","#,
    r#""x":"mwj3zDG34-Z9ItWuoSEHSic70rg94Jxj-qc9LCLF2bvINmRyQdlT1AxbEtqIEg1TF3-A5TLEH6A","#,
    r#""d":"mo9JJdFRn1d1z0awS1gA1O6e6LrovFVl1JjCjdnJuvV0qUGXRIlzkQBjgqbxJ6sdmsLYwKWYcms"}"#
);
const Z_X448: &str = "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d";
