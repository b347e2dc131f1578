//! The algorithms on octets of your own, without tokens: signer, cipher and key manager.
//!
//! A token is made of three kinds of key operation, and each is a small trait in [`bulla::key`]. They are reachable by
//! themselves, for a protocol that wants the algorithms of JOSE and not its formats.
#![allow(
    clippy::unwrap_used,
    reason = "an example that fails should fail loudly"
)]

use bulla::SecretBytes;
use bulla::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla::jwk::SecretJwk;
use bulla::key::SigningInput;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    sign()?;
    encrypt()?;
    wrap()?;
    agree()
}

/// Bound keys sign octets as they sign tokens: what `alg`, `use` and `key_ops` say of the key holds.
fn sign() -> Result<(), Box<dyn std::error::Error>> {
    let key = bulla::generate(SignatureAlg::Es256)?;
    let (signer, verifier) = (bulla::signer(&key)?, bulla::verifier(&key.public())?);
    let message = b"example.com/our-protocol/1\0 a message";
    let signature = signer.sign_octets(message)?;
    assert_eq!(signature.as_ref().len(), 64); // R and S, as JOSE writes them
    verifier.verify_octets(message, signature.as_ref())?;
    assert!(
        verifier
            .verify_octets(b"another message", signature.as_ref())
            .is_err()
    );

    // What could be taken for a token is not signed this way: whoever chose the octets would have one.
    let refused = signer
        .sign_octets(b"eyJhbGciOiJFUzI1NiJ9.eyJhZG1pbiI6dHJ1ZX0")
        .unwrap_err();
    assert_eq!(refused.code(), "jws.input-is-token");

    // The traits below them: what the software backend makes of bare key material.
    let backend = bulla::backend();
    let secret = SecretBytes::from(vec![7; 32]);
    let mac = backend.mac(&secret, MacAlg::Hs256)?;
    let code = mac.mac(&SigningInput::octets(message)?)?;
    let checked = bulla::verifier_for(&SecretJwk::new(secret), MacAlg::Hs256)?;
    checked.verify_octets(message, code.as_ref())?; // in constant time
    Ok(())
}

/// The cipher: authenticated encryption under a content encryption key, in place.
fn encrypt() -> Result<(), Box<dyn std::error::Error>> {
    let backend = bulla::backend();
    let enc = ContentEncryptionAlg::A256Gcm;
    let mut key = vec![0; enc.facts().key_len];
    backend.random(&mut key)?;
    let cipher = backend.content_key(&SecretBytes::from(key), enc)?;

    // A new one for each message: the same twice under one key gives it away (RFC 7518 §8.4).
    let mut iv = vec![0; enc.facts().iv_len];
    backend.random(&mut iv)?;
    let mut content = b"secret".to_vec();
    let tag = cipher.encrypt(&iv, b"what is not secret", &mut content)?;
    cipher.decrypt(&iv, b"what is not secret", &mut content, tag.as_ref())?;
    assert_eq!(content, b"secret");
    Ok(())
}

/// The key manager that wraps: a key encrypted under another.
fn wrap() -> Result<(), Box<dyn std::error::Error>> {
    let backend = bulla::backend();
    let cek = SecretBytes::from(vec![0x42; 32]);

    let kek = backend.aes_key_wrap(&SecretBytes::from(vec![1; 16]))?; // A128KW
    let wrapped = kek.wrap(&cek)?;
    assert_eq!(kek.unwrap_key(&wrapped)?, cek);

    let rsa = backend.generate(bulla::key::KeySpec::Rsa { bits: 2048 })?;
    let alg = KeyManagementAlg::RsaOaep256;
    let wrapped = backend.rsa_wrap(&rsa.public(), alg)?.wrap(&cek)?;
    assert_eq!(backend.rsa_unwrap(&rsa, alg)?.unwrap_key(&wrapped)?, cek);
    Ok(())
}

/// The key manager that agrees: both sides compute one secret, and derive a key from it.
fn agree() -> Result<(), Box<dyn std::error::Error>> {
    let backend = bulla::backend();
    let recipient = backend.generate(bulla::key::KeySpec::Okp(bulla::jwk::OkpCurve::X25519))?;
    let (ephemeral, ours) = backend.ephemeral(&recipient.public())?;
    let theirs = backend.agree(&recipient)?.agree(&ephemeral)?;
    assert_eq!(ours, theirs);

    // Never used as it is: a key is derived, for one purpose.
    let mut key = [0; 32];
    backend.concat_kdf(&ours, b"example.com/our-protocol/1", &mut key)?;
    let mut password = [0; 32];
    backend.pbkdf2(
        HashAlg::Sha512,
        b"correct horse",
        b"a salt of 16 oct",
        600_000,
        &mut password,
    )?;
    assert_ne!(key, password);
    Ok(())
}
