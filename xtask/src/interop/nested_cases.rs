//! JWTs that are signed and then encrypted (RFC 7519 §5.2, `cty` JWT).

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::case::Cases;
use super::encryption::{self, CONTENTS, Content, Encryption};
use super::encryption_cases::Keys;
use super::keyring::Keyring;
use super::party::{Party, base64url, from_base64url, member, same};
use super::token_cases::{ISSUER, claims, claims_of, expect_code, issue, validate};
use crate::Failure;

/// A signature inside and an encryption outside.
const PAIRS: &[(&str, &str)] = &[
    ("ES256", "ECDH-ES+A128KW-P-256"),
    ("HS512", "dir"),
    ("PS256", "RSA-OAEP-256"),
];

pub(super) fn run(
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keys,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    let mut signing = Keyring::default();
    let content = CONTENTS.first().ok_or("no content encryption")?;
    for (inner, outer) in PAIRS {
        let row = Algorithm::named(inner).ok_or("no such row")?;
        let outer = encryption::ALL
            .iter()
            .find(|row| row.name == *outer)
            .ok_or("no such row")?;
        cases.check(
            &format!("nested::{inner}_in_{}::theirs_to_ours", outer.name),
            || {
                let (signer, recipient) = (signing.of(them, row)?, keys.of(us, outer, content)?);
                for (seconds, expected) in [(300, None), (-300, Some("jwt.expired"))] {
                    let inner = issue(them, row, &signer.private, &claims(seconds)?)?;
                    let token = wrap(&inner, outer, content, &recipient.public, them)?;
                    let seen = us.ask("validate", json!({
                    "alg": row.alg, "key": signer.public, "token": token, "issuer": ISSUER,
                    "audience": "api", "recipient": { "alg": outer.alg, "key": recipient.private },
                }));
                    let seen = seen.and_then(|answer| member(answer, "claims"));
                    match expected {
                        None => same("claims", &seen?, &claims_of(&inner)?)?,
                        Some(code) => expect_code(seen, code)?,
                    }
                }
                Ok(())
            },
        )?;
        cases.check(
            &format!("nested::{inner}_in_{}::ours_to_theirs", outer.name),
            || {
                let (signer, recipient) = (signing.of(us, row)?, keys.of(us, outer, content)?);
                let sent = claims(300)?;
                let token = member(us.ask("issue", json!({
                "alg": row.alg, "key": signer.private, "claims": sent,
                "recipient": { "alg": outer.alg, "enc": content.enc, "key": recipient.public },
            }))?, "token")?;
                let inner = unwrap(&token, outer, content, &recipient.private, them)?;
                same(
                    "claims",
                    &validate(them, row, &signer.public, &inner)?,
                    &sent,
                )
            },
        )?;
    }
    Ok(())
}

fn wrap(
    inner: &Value,
    row: &Encryption,
    content: &Content,
    key: &Value,
    party: &mut dyn Party,
) -> Result<Value, Failure> {
    let inner = inner.as_str().ok_or("not compact")?;
    let question = json!({
        "alg": row.alg, "enc": content.enc, "form": "compact", "zip": false, "cty": "JWT",
        "key": key, "payload": base64url(inner.as_bytes()),
    });
    member(party.ask("encrypt", question)?, "token")
}

fn unwrap(
    token: &Value,
    row: &Encryption,
    content: &Content,
    key: &Value,
    party: &mut dyn Party,
) -> Result<Value, Failure> {
    let question = json!({ "alg": row.alg, "enc": content.enc, "key": key, "token": token });
    let payload = member(party.ask("decrypt", question)?, "payload")?;
    let inner = from_base64url(payload.as_str().ok_or("no payload")?)?;
    Ok(json!(String::from_utf8(inner)?))
}
