use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme};
use bulla_core::jwe::{self, DecryptError, Jwe};
use bulla_core::key::Encrypter;
use bulla_kms::KeyHandle;

use super::Peers;

const PLAINTEXT: &[u8] = b"for the vault alone";

/// Opens, with each algorithm of RSA that the key is permitted, what Bulla and the peers encrypt for its public half.
pub async fn opens(handle: &KeyHandle, peers: &mut Peers) -> usize {
    let is_rsa = |scheme| matches!(scheme, KeyManagementScheme::RsaOaep(_));
    each(handle, is_rsa, peers).await
}

/// The same with the algorithms of ECDH-ES.
pub async fn agrees(handle: &KeyHandle, peers: &mut Peers) -> usize {
    let agrees = |scheme| matches!(scheme, KeyManagementScheme::EcdhEs { .. });
    each(handle, agrees, peers).await
}

async fn each(
    handle: &KeyHandle,
    wanted: impl Fn(KeyManagementScheme) -> bool,
    peers: &mut Peers,
) -> usize {
    let algs = handle.permitted().key_management.iter().copied();
    let algs: Vec<_> = algs.filter(|alg| wanted(alg.facts().scheme)).collect();
    assert!(!algs.is_empty(), "{handle:?} opens nothing of the kind");
    for alg in &algs {
        for enc in [
            ContentEncryptionAlg::A128CbcHs256,
            ContentEncryptionAlg::A256Gcm,
        ] {
            let public = handle.public().expect("a public key");
            let (alg_name, enc_name) = (alg.name().as_str(), enc.name().as_str());
            let mut tokens = vec![encrypted(handle, *alg, enc)];
            // What the peers do not have of these algorithms, no vault has.
            tokens.extend(peers.encrypt(alg_name, enc_name, public, PLAINTEXT));
            for token in tokens {
                let opened = open(handle, *alg, &token).await;
                let opened = opened.unwrap_or_else(|error| panic!("{alg:?} {enc:?}: {error}"));
                assert_eq!(opened, PLAINTEXT);
            }
        }
    }
    algs.len()
}

/// Whatever is wrong with the octets is the same error: another encrypted key, one that is cut, another tag.
pub async fn refuses_alike(handle: &KeyHandle, alg: KeyManagementAlg) {
    let token = encrypted(handle, alg, ContentEncryptionAlg::A128Gcm);
    assert_eq!(open(handle, alg, &token).await.unwrap(), PLAINTEXT);
    let part = |index: usize| token.split('.').nth(index).unwrap();
    let key = bulla_core::base64url::decode(part(1)).unwrap();
    let mut flipped = key.clone();
    flipped[key.len() / 2] ^= 1;
    let cut = &key[..key.len() - 1];
    let mut tag = bulla_core::base64url::decode(part(4)).unwrap();
    tag[0] ^= 1;
    let other_key = |key: &[u8]| replaced(&token, 1, key);
    let wrong = [
        other_key(&flipped),
        other_key(cut),
        other_key(&[0]),
        other_key(&[0xff; 600]),
        replaced(&token, 4, &tag),
    ];
    for token in wrong {
        let error = open(handle, alg, &token).await.unwrap_err();
        assert_eq!(error.code(), "jwe.decryption-failed", "{error:?}");
        assert!(matches!(error, DecryptError::DecryptionFailed));
    }
}

pub fn encrypted(handle: &KeyHandle, alg: KeyManagementAlg, enc: ContentEncryptionAlg) -> String {
    let public = handle.public().expect("a public key");
    let encrypter = Encrypter::bind_to(&bulla_aws_lc::backend(), public, alg).unwrap();
    jwe::Builder::new(PLAINTEXT, enc)
        .encrypt_compact(&encrypter)
        .unwrap()
}

pub async fn open(
    handle: &KeyHandle,
    alg: KeyManagementAlg,
    token: &str,
) -> Result<Vec<u8>, DecryptError> {
    let decrypter = handle.decrypter(alg).unwrap();
    let opened = Jwe::parse_compact(token)?.decrypt_async(&decrypter).await?;
    Ok(opened.into_plaintext())
}

fn replaced(token: &str, index: usize, octets: &[u8]) -> String {
    let encoded = bulla_core::base64url::encode(octets);
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = &encoded;
    parts.join(".")
}
