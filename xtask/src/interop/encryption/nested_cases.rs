//! A signed token within an encrypted one (RFC 7519 §5.2, Appendix A.2).

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::token::Kind;
use super::{Bench, Direction, Quirk};
use crate::Failure;
use crate::interop::algorithm::Algorithm;
use crate::interop::case::refused;
use crate::interop::party::{Party, from_base64url, generate, member, public, same};

const ISSUER: &str = "https://issuer.example";

/// The outer layers; the inner one is ES256.
const OUTER: &[(&str, Option<&str>, &str)] = &[
    ("RSA-OAEP-256", None, "A256GCM"),
    ("ECDH-ES", Some("P-256"), "A256CBC-HS512"),
    ("ECDH-ES+A128KW", Some("X25519"), "A128CBC-HS256"),
    ("A256GCMKW", None, "A128GCM"),
];

pub(super) fn run(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    let row = Algorithm::named("ES256").ok_or("no such row")?;
    let signing = generate(bench.us, row)?;
    let verifying = public(bench.us, row, &signing)?;
    for &(alg, curve, enc) in OUTER {
        let kind = Kind::named(alg, curve, enc)?;
        let name = format!("nested_jwt::{}", kind.name());
        bench.both(&name, |bench, direction| match direction {
            Direction::TheirsToOurs => theirs(&kind, &signing, &verifying, bench),
            Direction::OursToTheirs => ours(&kind, &signing, &verifying, bench),
        })?;
    }
    Ok(())
}

fn theirs(
    kind: &Kind,
    signing: &Value,
    verifying: &Value,
    bench: &mut Bench<'_, '_>,
) -> Result<(), Failure> {
    let key = bench.key(kind, Direction::TheirsToOurs)?;
    let outer = kind.clone().with("cty", "JWT");
    let sent = claims(300)?;
    let inner = issue(signing, &sent, bench)?;
    let token = outer.encrypt(bench.them, &key.public, inner.as_bytes())?;
    let seen = bench
        .us
        .validate_nested(&question(kind, &key.private, verifying, &token))?;
    same("claims", &seen, &sent)?;
    let inner = issue(signing, &claims(-300)?, bench)?;
    let token = outer.encrypt(bench.them, &key.public, inner.as_bytes())?;
    expect(
        bench,
        &question(kind, &key.private, verifying, &token),
        "jwt.expired",
    )?;
    // Encryption to a public key proves nothing of who sent it.
    let stranger = generate(bench.us, Algorithm::named("ES256").ok_or("no such row")?)?;
    let inner = issue(&stranger, &sent, bench)?;
    let token = outer.encrypt(bench.them, &key.public, inner.as_bytes())?;
    expect(
        bench,
        &question(kind, &key.private, verifying, &token),
        "jws.signature-invalid",
    )
}

fn ours(
    kind: &Kind,
    signing: &Value,
    verifying: &Value,
    bench: &mut Bench<'_, '_>,
) -> Result<(), Failure> {
    let key = bench.key(kind, Direction::OursToTheirs)?;
    let sent = claims(300)?;
    let token = bench.us.issue_nested(&json!({
        "key": signing, "claims": sent, "encrypt_key": key.public,
        "encrypt_alg": kind.row.alg, "enc": kind.enc.enc,
    }))?;
    let inner = kind.opened(bench.them, &key.private, &token, &json!({}))?;
    let inner = String::from_utf8(from_base64url(inner.as_str().ok_or("no plaintext")?)?)?;
    let validator: &mut dyn Party = if bench.reach.has(Quirk::NoSignatures) {
        bench.us
    } else {
        bench.them
    };
    let question = json!({
        "alg": "ES256", "key": verifying, "token": inner, "issuer": ISSUER, "audience": "api",
    });
    same(
        "claims",
        &member(validator.ask("validate", question)?, "claims")?,
        &sent,
    )
}

/// The inner token, by the peer if it signs.
fn issue(signing: &Value, claims: &Value, bench: &mut Bench<'_, '_>) -> Result<String, Failure> {
    let issuer: &mut dyn Party = if bench.reach.has(Quirk::NoSignatures) {
        bench.us
    } else {
        bench.them
    };
    let question = json!({ "alg": "ES256", "key": signing, "claims": claims });
    let token = member(issuer.ask("issue", question)?, "token")?;
    Ok(token.as_str().ok_or("not compact")?.to_owned())
}

fn question(kind: &Kind, decrypting: &Value, verifying: &Value, token: &Value) -> Value {
    json!({
        "alg": "ES256", "key": verifying, "token": token, "issuer": ISSUER, "audience": "api",
        "decrypt_key": decrypting, "decrypt_alg": kind.row.alg,
    })
}

fn expect(bench: &Bench<'_, '_>, question: &Value, code: &str) -> Result<(), Failure> {
    let refusal = refused(bench.us.validate_nested(question), code)?.to_string();
    if refusal.contains(&format!("exit 1: error[{code}]")) {
        return Ok(());
    }
    Err(format!("{code} was expected, not: {refusal}").into())
}

fn claims(seconds_from_now: i64) -> Result<Value, Failure> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    Ok(json!({
        "iss": ISSUER,
        "aud": "api",
        "sub": "użytkownik 😀",
        "exp": now + seconds_from_now,
        "iat": now - 600,
    }))
}
