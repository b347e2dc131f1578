//! RFC 7518, appendices B and C.

use bulla::SecretBytes;
use bulla::jwa::ContentEncryptionAlg::{self, A128CbcHs256, A128Gcm, A192CbcHs384, A256CbcHs512};
use bulla::jwe::{Builder, Jwe};
use bulla_testkit::FixedRandom;

use crate::jwe_support::{decrypter, encrypter_with};
use crate::support::private;

#[test]
fn appendix_b1_a128cbc_hs256() {
    content(A128CbcHs256, E1, "652c3fa36b0a7c5b3219fab3a30bc1c4");
}

#[test]
fn appendix_b2_a192cbc_hs384() {
    let tag = "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7";
    content(A192CbcHs384, E2, tag);
}

#[test]
fn appendix_b3_a256cbc_hs512() {
    let tag = "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5";
    content(A256CbcHs512, E3, tag);
}

#[test]
fn appendix_c_agreement_and_key_derivation() {
    let backend = bulla::backend();
    let bob = private(BOB);
    let z = backend
        .agree(bob.key())
        .unwrap()
        .agree(&private(ALICE_EPHEMERAL).key().public())
        .unwrap();
    assert_eq!(z.expose(), Z);
    let mut derived = [0; 16];
    backend.concat_kdf(&z, &OTHER_INFO, &mut derived).unwrap();
    assert_eq!(derived, DERIVED);
}

/// The same through a token: whoever has the published derived key reads it.
#[test]
fn appendix_c_token() {
    let iv = [7; 12];
    let backend = FixedRandom::new(bulla::backend(), iv)
        .with_ephemeral(private(ALICE_EPHEMERAL).key().clone());
    let backend: std::sync::Arc<dyn bulla::key::Backend> = std::sync::Arc::new(backend);
    let token = Builder::new("content", A128Gcm)
        .apu("Alice")
        .apv("Bob")
        .protected_octets(HEADER)
        .encrypt_compact(&encrypter_with(&backend, BOB, "ECDH-ES"))
        .unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, "", iv, ciphertext, tag] = parts[..] else {
        panic!("{token}");
    };
    let decode = |text| bulla::base64url::decode(text).unwrap();
    assert_eq!(decode(header), HEADER.as_bytes());
    let mut content = decode(ciphertext);
    bulla::backend()
        .content_key(&SecretBytes::from(DERIVED.as_slice()), A128Gcm)
        .unwrap()
        .decrypt(&decode(iv), header.as_bytes(), &mut content, &decode(tag))
        .unwrap();
    assert_eq!(content, b"content");
    let jwe = Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&decrypter(BOB, "ECDH-ES"))
        .unwrap();
    assert_eq!(jwe.plaintext(), b"content");
}

fn content(enc: ContentEncryptionAlg, ciphertext: &str, tag: &str) {
    let key: Vec<u8> = (0..).take(enc.facts().key_len).collect();
    let key = bulla::backend()
        .content_key(&SecretBytes::from(key), enc)
        .unwrap();
    let mut content = P.to_vec();
    let made = key.encrypt(&IV, A, &mut content).unwrap();
    assert_eq!(content, hex(ciphertext));
    assert_eq!(made.as_ref(), hex(tag));
    key.decrypt(&IV, A, &mut content, made.as_ref()).unwrap();
    assert_eq!(content, P);
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

const P: &[u8] =
    b"A cipher system must not be required to be secret, and it must be able to fall into the \
hands of the enemy without inconvenience";
const A: &[u8] = b"The second principle of Auguste Kerckhoffs";
const IV: [u8; 16] = [
    0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9, 0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09, 0x23, 0x41, 0xbc, 0x04,
];
const ALICE_EPHEMERAL: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","#,
    r#""y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","#,
    r#""d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#
);
const BOB: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","#,
    r#""y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","#,
    r#""d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#
);
const HEADER: &str = concat!(
    r#"{"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256","#,
    r#""x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","#,
    r#""y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}"#
);
const Z: [u8; 32] = [
    158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163,
    218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
];
const OTHER_INFO: [u8; 31] = [
    0, 0, 0, 7, 65, 49, 50, 56, 71, 67, 77, 0, 0, 0, 5, 65, 108, 105, 99, 101, 0, 0, 0, 3, 66, 111,
    98, 0, 0, 0, 128,
];
const DERIVED: [u8; 16] = [
    86, 170, 141, 234, 248, 35, 109, 32, 92, 34, 40, 205, 113, 167, 16, 26,
];

const E1: &str = concat!(
    "c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9a94ac9b47ad2655c5f10f9aef71427e2",
    "fc6f9b3f399a221489f16362c703233609d45ac69864e3321cf82935ac4096c86e133314c54019e8ca7980dfa4b9cf1b",
    "384c486f3a54c51078158ee5d79de59fbd34d848b3d69550a67646344427ade54b8851ffb598f7f80074b9473c82e2db",
);
const E2: &str = concat!(
    "ea65da6b59e61edb419be62d19712ae5d303eeb50052d0dfd6697f77224c8edb000d279bdc14c1072654bd30944230c6",
    "57bed4ca0c9f4a8466f22b226d1746214bf8cfc2400add9f5126e479663fc90b3bed787a2f0ffcbf3904be2a641d5c21",
    "05bfe591bae23b1d7449e532eef60a9ac8bb6c6b01d35d49787bcd57ef484927f280adc91ac0c4e79c7b11efc60054e3",
);
const E3: &str = concat!(
    "4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd822c301dd67c373bccb584ad3e9279c2",
    "e6d12a1374b77f077553df829410446b36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3",
    "a3b75e662a2594410ae496b2e2e6609e31e6e02cc837f053d21f37ff4f51950bbe2638d09dd7a4930930806d0703b1f6",
);
