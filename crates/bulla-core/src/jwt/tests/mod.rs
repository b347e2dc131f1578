//! With a "signature" that is a bare digest: what is tested here begins where signatures end.

mod expect;
mod issue;
mod read;
mod times;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::base64url;
use crate::jwa::{AlgName, HashAlg};
use crate::key::{Mac, SignError, Signature, Signer, SigningInput, Verifier};

struct Stamp(AlgName);

impl Mac for Stamp {
    fn alg(&self) -> &AlgName {
        &self.0
    }

    fn mac(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let digest = input.digest(HashAlg::Sha256).map_err(SignError::Input)?;
        Ok(digest.as_ref().into())
    }
}

fn stamp() -> Arc<Stamp> {
    Arc::new(Stamp(AlgName::from_static("STAMP")))
}

fn signer() -> Signer {
    Signer::from_mac(stamp(), Some("k1".into()))
}

fn verifier() -> Verifier {
    Verifier::from_mac(stamp(), Some("k1".into()))
}

/// A token of this payload, whatever it is, with a header.
fn token_with(header: &str, payload: impl AsRef<[u8]>) -> String {
    let input = format!(
        "{}.{}",
        base64url::encode(header),
        base64url::encode(payload)
    );
    let digest = HashAlg::Sha256.digest(input.as_bytes());
    format!("{input}.{}", base64url::encode(&digest))
}

fn token(payload: impl AsRef<[u8]>) -> String {
    token_with(r#"{"alg":"STAMP"}"#, payload)
}

const NOW: i64 = 1_700_000_000;

fn time(seconds: i64) -> SystemTime {
    NumericDate::from_seconds(seconds).to_system_time()
}

fn anything() -> Expectations {
    Expectations::any_issuer_any_audience().at(time(NOW))
}

/// The code with which a payload is refused, or "ok".
fn verdict(expect: &Expectations, payload: impl AsRef<[u8]>) -> &'static str {
    let token = token(payload);
    let mut scratch = Scratch::new();
    let borrowed = expect
        .verify_in::<()>(&mut scratch, &token, &verifier())
        .err();
    let owned = expect
        .verify::<serde_json::Value>(&token, &verifier())
        .err();
    let code = |error: Option<VerifyError>| match error {
        None => "ok",
        Some(VerifyError::Claim(error)) => error.code(),
        Some(error) => panic!("{error}"),
    };
    let (borrowed, owned) = (code(borrowed), code(owned));
    assert_eq!(borrowed, owned, "both ways");
    borrowed
}
