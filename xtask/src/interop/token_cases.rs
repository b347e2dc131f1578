//! JWTs with claims, both directions, and the refusals a reader of claims owes.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::case::{Cases, refused};
use super::keyring::Keyring;
use super::party::{Form, Party, from_base64url, member, same, sign, verify};
use crate::Failure;

const ISSUER: &str = "https://issuer.example";

/// The cases of one algorithm.
pub(super) fn run(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    cases.check(&format!("{}::jwt::theirs_to_ours", row.name), || {
        // Not every peer makes keys; a key made by us serves for the token as well.
        let key = keys.of(us, row)?;
        let token = issue(them, row, &key.private, &claims(300)?)?;
        same(
            "claims",
            &validate(us, row, &key.public, &token)?,
            &claims_of(&token)?,
        )?;
        let expired = issue(them, row, &key.private, &claims(-300)?)?;
        expect_code(validate(us, row, &key.public, &expired), "jwt.expired")?;
        let strange = claims_with("iss", json!("https://other.example"))?;
        let strange = issue(them, row, &key.private, &strange)?;
        expect_code(
            validate(us, row, &key.public, &strange),
            "jwt.issuer-mismatch",
        )?;
        let strange = claims_with("aud", json!(["somebody", "else"]))?;
        let strange = issue(them, row, &key.private, &strange)?;
        expect_code(
            validate(us, row, &key.public, &strange),
            "jwt.audience-mismatch",
        )
    })?;
    cases.check(&format!("{}::jwt::ours_to_theirs", row.name), || {
        let key = keys.of(us, row)?;
        let sent = claims(300)?;
        let token = issue(us, row, &key.private, &sent)?;
        same("claims", &validate(them, row, &key.public, &token)?, &sent)?;
        let expired = issue(us, row, &key.private, &claims(-300)?)?;
        refused(
            validate(them, row, &key.public, &expired),
            "an expired token",
        )
        .map(drop)
    })
}

/// A peer that lacks an algorithm still refuses it; if not, the table is out of date.
pub(super) fn unsupported(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    cases.check(&format!("{}::unsupported_by_peer", row.name), || {
        let key = keys.of(us, row)?;
        let token = sign(us, row, Form::Compact, &key.private, b"payload")?;
        verify(us, row, Form::Compact, &key.public, &token, b"payload")?;
        let token = issue(us, row, &key.private, &claims(300)?)?;
        refused(
            validate(them, row, &key.public, &token),
            "what the table says it lacks",
        )
        .map(drop)
    })
}

fn claims(seconds_from_now: i64) -> Result<Value, Failure> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    Ok(json!({
        "iss": ISSUER,
        "aud": "api",
        "sub": "użytkownik 😀",
        "exp": now + seconds_from_now,
        "iat": now - 600,
        "jti": "7f8b1c",
        "role": ["admin", { "of": "billing", "level": 3 }],
    }))
}

/// The claims with one of them replaced.
fn claims_with(name: &str, value: Value) -> Result<Value, Failure> {
    let mut claims = claims(300)?;
    if let Some(members) = claims.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
    Ok(claims)
}

fn issue(
    party: &mut dyn Party,
    row: &Algorithm,
    key: &Value,
    claims: &Value,
) -> Result<Value, Failure> {
    let question = json!({ "alg": row.alg, "key": key, "claims": claims });
    member(party.ask("issue", question)?, "token")
}

fn validate(
    party: &mut dyn Party,
    row: &Algorithm,
    key: &Value,
    token: &Value,
) -> Result<Value, Failure> {
    let question = json!({
        "alg": row.alg, "key": key, "token": token, "issuer": ISSUER, "audience": "api",
    });
    member(party.ask("validate", question)?, "claims")
}

/// The claims as they stand in the token.
fn claims_of(token: &Value) -> Result<Value, Failure> {
    let payload = token
        .as_str()
        .and_then(|token| token.split('.').nth(1))
        .ok_or("not compact")?;
    Ok(serde_json::from_slice(&from_base64url(payload)?)?)
}

fn expect_code(result: Result<Value, Failure>, code: &str) -> Result<(), Failure> {
    let refusal = refused(result, code)?.to_string();
    if refusal.contains(&format!("exit 1: error[{code}]")) {
        return Ok(());
    }
    Err(format!("{code} was expected, not: {refusal}").into())
}
