//! Signatures that encoders get wrong: leading zero octets in R or S, and RSA keys of other sizes.

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::bulla::Bulla;
use super::case::Cases;
use super::keyring::Keyring;
use super::party::{Form, Party, from_base64url, member, sign, verify};
use crate::Failure;

/// Tries until a leading zero turns up; one in 128 has it, so that 4,096 tries fail one time in 10^14.
const TRIES: usize = 4096;

pub(super) fn run(
    them: &mut dyn Party,
    us: &mut Bulla,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for name in ["ES256", "ES384"] {
        let row = Algorithm::named(name).ok_or("no such row")?;
        cases.check(&format!("{name}::leading_zero::theirs_to_ours"), || {
            let key = keys.of(them, row)?;
            let (token, payload) = until_leading_zero(row, &key.private, them)?;
            verify(us, row, Form::Compact, &key.public, &token, &payload)
        })?;
        cases.check(&format!("{name}::leading_zero::ours_to_theirs"), || {
            let key = keys.of(us, row)?;
            let (token, payload) = until_leading_zero(row, &key.private, us)?;
            verify(them, row, Form::Compact, &key.public, &token, &payload)
        })?;
    }
    for size in ["3072", "4096"] {
        for name in ["RS256", "PS256"] {
            let row = Algorithm::named(name).ok_or("no such row")?;
            cases.check(&format!("{name}::rsa_{size}"), || {
                let made = us.text(&["jwk", "generate", "--kty", "RSA", "--size", size], b"")?;
                let key: Value = serde_json::from_str(&made)?;
                let public = member(us.ask("public", json!({ "key": key }))?, "key")?;
                let token = sign(us, row, Form::Compact, &key, b"ours")?;
                verify(them, row, Form::Compact, &public, &token, b"ours")?;
                let token = sign(them, row, Form::Compact, &key, b"theirs")?;
                verify(us, row, Form::Compact, &public, &token, b"theirs")
            })?;
        }
    }
    Ok(())
}

/// Signs one payload after another until R or S begins with a zero octet.
fn until_leading_zero(
    row: &Algorithm,
    key: &Value,
    signer: &mut dyn Party,
) -> Result<(Value, Vec<u8>), Failure> {
    for number in 0..TRIES {
        let payload = number.to_string().into_bytes();
        let token = sign(signer, row, Form::Compact, key, &payload)?;
        let signature = token.as_str().and_then(|token| token.rsplit('.').next());
        let octets = from_base64url(signature.ok_or("not compact")?)?;
        if octets.first() == Some(&0) || octets.get(octets.len() / 2) == Some(&0) {
            return Ok((token, payload));
        }
    }
    Err(format!("no leading zero in {TRIES} signatures").into())
}
