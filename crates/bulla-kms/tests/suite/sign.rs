use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::{self, Jws};
use bulla_core::key::Verifier;
use bulla_kms::KeyHandle;

use super::Peers;

/// A payload that is in no token but these, to be searched for on the wire.
pub const PAYLOAD: &[u8] = br#"{"sub":"alice","secret":"kurzgesagt, ein Geheimnis"}"#;

/// A token with each algorithm that the key is permitted, verified here and by the peers. Gives how many there were.
pub async fn signs(handle: &KeyHandle, peers: &mut Peers) -> usize {
    let algs = &handle.permitted().signatures;
    assert!(!algs.is_empty(), "{handle:?} signs nothing");
    for alg in algs {
        let token = token(handle, *alg, PAYLOAD).await;
        check(handle, *alg, &token, PAYLOAD, peers);
    }
    algs.len()
}

/// A token of 20 KiB, more than vaults take: it can only be signed by its digest.
pub async fn long_token(handle: &KeyHandle, alg: SignatureAlg, peers: &mut Peers) {
    let payload = long_payload();
    let token = token(handle, alg, &payload).await;
    assert!(token.len() > 20 * 1024);
    check(handle, alg, &token, &payload, peers);
}

pub fn long_payload() -> Vec<u8> {
    format!(r#"{{"groups":"{}"}}"#, "all of them, ".repeat(1_600)).into_bytes()
}

/// ECDSA until an R and an S have begun with a zero octet, which is where encodings go wrong. Each signature has the
/// length of two fields and is verified here; the peers verify those that begin with zeros.
pub async fn until_leading_zeros(handle: &KeyHandle, alg: SignatureAlg, peers: &mut Peers) {
    let length = match alg {
        SignatureAlg::Es384 => 96,
        SignatureAlg::Es512 => 132,
        _ => 64,
    };
    let (mut in_r, mut in_s) = (false, false);
    // Each octet is zero once in 256: none of 8,000 is a defect and no bad luck.
    for turn in 0..8_000_u32 {
        let payload = turn.to_be_bytes();
        let token = token(handle, alg, &payload).await;
        let encoded = token.rsplit('.').next().unwrap();
        let signature = bulla_core::base64url::decode(encoded).unwrap();
        assert_eq!(signature.len(), length, "{alg:?}");
        let (r, s) = signature.split_at(length / 2);
        // The first octet of P-521 has a single bit: zero there says little, zero in the second one does.
        let zeros = |half: &[u8]| half[usize::from(alg == SignatureAlg::Es512)] == 0;
        if (zeros(r) && !in_r) || (zeros(s) && !in_s) {
            check(handle, alg, &token, &payload, peers);
        }
        in_r |= zeros(r);
        in_s |= zeros(s);
        if in_r && in_s {
            return;
        }
    }
    panic!("no leading zeros: R {in_r}, S {in_s}");
}

pub async fn token(handle: &KeyHandle, alg: SignatureAlg, payload: &[u8]) -> String {
    let signer = handle
        .signer(alg)
        .unwrap_or_else(|error| panic!("{alg:?}: {error}"));
    jws::Builder::new(payload)
        .sign_compact_async(&signer)
        .await
        .unwrap_or_else(|error| panic!("{alg:?}: {error}"))
}

fn check(handle: &KeyHandle, alg: SignatureAlg, token: &str, payload: &[u8], peers: &mut Peers) {
    let public = handle.public().expect("a public key");
    let verifier = Verifier::bind_to(&bulla_aws_lc::backend(), public, alg).unwrap();
    let verified = Jws::parse_compact(token).unwrap().verify(&verifier);
    let verified = verified.unwrap_or_else(|error| panic!("{alg:?}: {error}"));
    assert_eq!(verified.payload(), payload);
    assert_eq!(verified.verified()[0].header().kid(), handle.kid());
    peers.verify(alg.name().as_str(), public, token, payload);
}
