//! Where an application's own code stands in the middle: sources of keys, streams, secrets in logs.

use std::io::{self, Read};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bulla::base64url::encode;
use bulla::jwa::{AlgName, ContentEncryptionAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla::jwe::{self, Jwe};
use bulla::jwk::{Jwk, SecretJwk};
use bulla::jws::{BuildError, Builder, Jws};
use bulla::key::{
    AsyncSigner, BoxFuture, Candidates, Decrypter, DecryptionKeys, Encrypter, KeyHint, Keys, Mac,
    SelectError, SignAsync, SignError, Signature, SigningInput, Verifier,
};

use crate::forge::{SECRET, hmac, key, token};
use crate::support::{keys, private, signer, verifier};

/// A source of keys that looks at `kid` alone, as many a first version does.
struct Careless(Verifier);

impl Keys for Careless {
    fn select(&self, _: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        Ok([&self.0].into_iter().collect())
    }
}

#[test]
fn a_careless_source_of_keys_does_not_let_the_header_lie() {
    let keys = Careless(key());
    Jws::parse_compact(&token(r#"{"alg":"HS256"}"#, "x"))
        .unwrap()
        .verify(&keys)
        .unwrap();
    for alg in ["none", "HS512", "RS256", "hs256", "made up"] {
        let token = token(&format!(r#"{{"alg":"{alg}"}}"#), "x");
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&keys)
            .unwrap_err();
        assert_eq!(error.code(), "jws.algorithm-not-allowed", "{alg}");
    }
}

/// One that finds nothing and does not say so.
struct Empty;

impl Keys for Empty {
    fn select(&self, _: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        Ok([].into_iter().collect())
    }
}

#[test]
fn no_keys_verify_nothing() {
    let token = token(r#"{"alg":"HS256"}"#, "x");
    assert!(Jws::parse_compact(&token).unwrap().verify(&Empty).is_err());
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify_all(&Empty)
            .is_err()
    );
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&Vec::<Verifier>::new())
            .is_err()
    );
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

/// A failing disk is not a forgery, whether or not the header was seen before.
#[test]
fn a_stream_that_breaks_is_told_from_a_bad_signature() {
    for (key, alg) in [(keys::P256, "ES256"), (keys::RSA, "RS256"), (MAC, "HS256")] {
        let detached = Builder::new("x")
            .detached()
            .sign_compact(&signer(key, alg))
            .unwrap();
        let verifier = verifier(key, alg);
        for _ in 0..2 {
            let error = Jws::parse_compact(&detached)
                .unwrap()
                .verify_stream(&mut Broken, &verifier)
                .unwrap_err();
            assert_eq!(error.code(), "io.read", "{alg}");
            Jws::parse_compact(&detached)
                .unwrap()
                .verify_stream(&mut &b"x"[..], &verifier)
                .unwrap();
        }
        assert!(
            Builder::new("")
                .sign_compact_stream(&mut Broken, &signer(key, alg))
                .is_err()
        );
    }
}

/// Claims to have read more than there was room for.
struct Boaster;

impl Read for Boaster {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(buffer.len() + 1)
    }
}

#[test]
fn a_stream_that_claims_too_much_is_an_error_and_not_an_empty_payload() {
    for (key, alg) in [(keys::P256, "ES256"), (MAC, "HS256")] {
        let made = Builder::new("").sign_compact_stream(&mut Boaster, &signer(key, alg));
        assert_eq!(made.unwrap_err().code(), "io.read", "{alg}");
    }
}

/// Reads in pieces of odd sizes, with interruptions.
struct Dribble<'a>(&'a [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 += 1;
        if self.1.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = buffer.len().min(self.1 * 7 % 1000 + 1).min(self.0.len());
        let (now, later) = self.0.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

#[test]
fn how_a_stream_arrives_changes_nothing() {
    let payload: Vec<u8> = (0..150_000_u32).map(|octet| octet as u8).collect();
    for (key, alg) in [(keys::P256, "ES256"), (keys::RSA, "PS256"), (MAC, "HS256")] {
        let whole = Builder::new(&payload)
            .detached()
            .sign_compact(&signer(key, alg))
            .unwrap();
        let streamed = Builder::new("")
            .sign_compact_stream(&mut Dribble(&payload, 0), &signer(key, alg))
            .unwrap();
        for token in [whole, streamed] {
            let mut stream = Dribble(&payload, 5);
            Jws::parse_compact(&token)
                .unwrap()
                .verify_stream(&mut stream, &verifier(key, alg))
                .unwrap();
            let mut short = Dribble(&payload[..payload.len() - 1], 5);
            let error = Jws::parse_compact(&token)
                .unwrap()
                .verify_stream(&mut short, &verifier(key, alg));
            assert_eq!(error.unwrap_err().code(), "jws.signature-invalid");
        }
    }
}

/// The second key of a `kid` still gets its turn after the first has read the stream.
#[test]
fn a_stream_read_by_the_wrong_key_first() {
    let right = keys::P256;
    let wrong = bulla::generate(bulla::jwa::SignatureAlg::Es256).unwrap();
    let detached = Builder::new("x")
        .detached()
        .sign_compact(&signer(right, "ES256"))
        .unwrap();
    let keys = vec![
        bulla::verifier(&wrong.public()).unwrap(),
        verifier(right, "ES256"),
    ];
    Jws::parse_compact(&detached)
        .unwrap()
        .verify_stream(&mut &b"x"[..], &keys)
        .unwrap();
}

#[test]
fn secrets_do_not_stand_in_logs() {
    let secret = SecretJwk::new(vec![0xa5; 64]);
    let ec = private(keys::P256);
    let rsa = private(keys::RSA);
    let signer = bulla::signer_for(&secret, MacAlg::Hs256).unwrap();
    let verifier = bulla::verifier_for(&secret, MacAlg::Hs256).unwrap();
    let logged = format!(
        "{secret:?} {ec:?} {rsa:?} {signer:?} {verifier:?} {:?}",
        Jwk::from(secret.clone())
    );
    for leak in [
        "165, 165",
        "a5a5",
        "A5A5",
        "paWlpaWl", // the secret as numbers, hex and base64url
        "jpsQnnGQmL",
        "142, 155, 16",
        "8e9b10", // the private scalar
        "Eq5xpGnNCi",
        "18, 174, 113",
        "12ae71", // the private exponent
        "4BzEEOtIpm",
        "224, 28, 196", // a prime
    ] {
        assert!(!logged.contains(leak), "{leak}");
    }
}

#[test]
fn a_public_half_carries_nothing_private() {
    for json in [keys::P256, keys::RSA] {
        let with_more = json.replacen('{', r#"{"password":"hunter2","priv":"AAAA","k":"BBBB","#, 1);
        let printed = private(&with_more).public().to_json();
        let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
        for member in [
            "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "password",
        ] {
            assert!(value.get(member).is_none(), "{member}");
        }
    }
}

/// Primes without `d` are still the private key.
#[test]
fn primes_beside_a_public_modulus_are_not_published() {
    let mut value: serde_json::Value = serde_json::from_str(keys::RSA).unwrap();
    value.as_object_mut().unwrap().remove("d");
    match Jwk::parse(value.to_string()) {
        Err(error) => assert_eq!(error.code(), "jwk.malformed"),
        Ok(key) => assert!(!key.to_json().contains(value["p"].as_str().unwrap())),
    }
}

#[test]
fn errors_do_not_quote_secrets() {
    let k = encode([0xa5; 20]);
    for json in [
        format!(r#"{{"kty":"oct","k":"{k}="}}"#),
        format!(r#"{{"kty":"oct","k":"{k}","alg":1}}"#),
        format!(r#"{{"kty":"oct","k":"{k}","k":"{k}"}}"#),
        format!(r#"{{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"{k}"}}"#),
        format!(r#"{{"kty":"oct","k":["{k}"]}}"#),
        format!(r#"{{"kty":"oct","k":"{k}"#),
    ] {
        let error = Jwk::parse(&json).unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!told.contains(&k[..8]), "{told}");
    }
    let short = bulla::signer_for(&SecretJwk::new(vec![0xa5; 20]), MacAlg::Hs256).unwrap_err();
    assert!(!format!("{short} {short:?}").contains("165"));
}

/// [`SECRET`] as a JWK.
const MAC: &str = r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#;

#[test]
fn the_key_written_here_is_the_one_that_forges() {
    let token = Builder::new("x")
        .sign_compact(&signer(MAC, "HS256"))
        .unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    assert_eq!(signature, encode(hmac(&SECRET, input.as_bytes())));
}

/// A Mac of the application's own that answers with nothing.
struct Mute(AlgName);

impl Mac for Mute {
    fn alg(&self) -> &AlgName {
        &self.0
    }

    fn mac(&self, _: &SigningInput<'_>) -> Result<Signature, SignError> {
        Ok(Signature::zeroed(0))
    }
}

#[test]
fn a_mac_of_no_octets_does_not_make_a_missing_signature_good() {
    let verifier = Verifier::from_mac(Arc::new(Mute(AlgName::new("own"))), None);
    let token = format!("{}.{}.", encode(br#"{"alg":"own"}"#), encode(b"x"));
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier)
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

/// A vault: it answers, and not always with what was asked for.
struct Vault(Vec<u8>);

impl SignAsync for Vault {
    fn alg(&self) -> &AlgName {
        SignatureAlg::Es256.name()
    }

    fn sign_async<'a>(
        &'a self,
        _: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        Box::pin(async { Ok(Signature::from(&self.0[..])) })
    }
}

/// Nothing here waits, so one poll is enough.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the future waits for something"),
    }
}

#[test]
fn a_vault_that_signs_with_another_key_or_in_another_form_is_found_out_before_the_token_leaves() {
    let other = bulla::generate(SignatureAlg::Es256).unwrap();
    let elsewhere = Builder::new("x")
        .sign_compact(&bulla::signer(&other).unwrap())
        .unwrap();
    let by_another = bulla::base64url::decode(elsewhere.rsplit('.').next().unwrap()).unwrap();
    let der = [&[0x30, 0x44, 2, 32][..], &[1; 32], &[2, 32], &[1; 32]].concat();
    for answer in [by_another, der, Vec::new(), vec![0; 64]] {
        let remote = AsyncSigner::new(Arc::new(Vault(answer)), None, verifier(keys::P256, "ES256"));
        for made in [
            now(Builder::new("x").sign_compact_async(&remote)),
            now(Builder::new("x").sign_flattened_async(&remote)),
        ] {
            let error = made.unwrap_err();
            assert!(matches!(
                error,
                BuildError::Sign(SignError::RemoteSignatureInvalid)
            ));
            assert_eq!(error.code(), "remote.integrity");
            assert_eq!(error.fault(), bulla::Fault::Remote);
        }
    }
}

#[test]
fn a_local_key_stands_in_for_a_remote_one() {
    let local = AsyncSigner::from(signer(keys::P256, "ES256"));
    let token = now(Builder::new("x").sign_compact_async(&local)).unwrap();
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(keys::P256, "ES256"))
        .unwrap();
}

/// The same for decryption.
struct CarelessDecrypter(Decrypter);

impl DecryptionKeys for CarelessDecrypter {
    fn select(&self, _: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        Ok([&self.0].into_iter().collect())
    }
}

#[test]
fn a_careless_source_of_decryption_keys_does_not_let_the_header_lie() {
    let key = SecretJwk::new(vec![7; 32]);
    let alg = KeyManagementAlg::A256Kw;
    let encrypter = Encrypter::bind_to(&bulla::backend(), &key, alg).unwrap();
    let keys = CarelessDecrypter(Decrypter::bind_to(&bulla::backend(), &key, alg).unwrap());
    let token = jwe::Builder::new("x", ContentEncryptionAlg::A256Gcm)
        .encrypt_compact(&encrypter)
        .unwrap();
    assert_eq!(
        Jwe::parse_compact(&token)
            .unwrap()
            .decrypt(&keys)
            .unwrap()
            .plaintext(),
        b"x"
    );
    let (_, rest) = token.split_once('.').unwrap();
    for alg in ["none", "A128KW", "RSA1_5"] {
        let header = encode(format!(r#"{{"alg":"{alg}","enc":"A256GCM"}}"#).as_bytes());
        let lying = format!("{header}.{rest}");
        let error = Jwe::parse_compact(&lying)
            .unwrap()
            .decrypt(&keys)
            .unwrap_err();
        assert_eq!(error.code(), "jwe.algorithm-not-allowed", "{alg}");
    }
}

#[test]
fn an_unprotected_header_of_a_jwe_over_sixteen_kibibytes() {
    let key = SecretJwk::new(vec![7; 32]);
    let alg = KeyManagementAlg::A256Kw;
    let encrypter = Encrypter::bind_to(&bulla::backend(), &key, alg).unwrap();
    let decrypter = Decrypter::bind_to(&bulla::backend(), &key, alg).unwrap();
    let json = jwe::Builder::new("x", ContentEncryptionAlg::A256Gcm)
        .encrypt_flattened(&encrypter)
        .unwrap();
    for member in ["unprotected", "header"] {
        let with = |len: usize| {
            let header = format!(r#"{{"x":"{}"}}"#, "y".repeat(len - 8));
            json.replacen('{', &format!(r#"{{"{member}":{header},"#), 1)
        };
        let fits = with(16 * 1024);
        Jwe::parse_flattened(fits.as_bytes())
            .unwrap()
            .decrypt(&decrypter)
            .unwrap();
        let error = Jwe::parse_flattened(with(16 * 1024 + 1).as_bytes()).unwrap_err();
        assert_eq!(error.code(), "jwe.limit-exceeded", "{member}");
    }
}
