//! Encrypted keys (RFC 7517 §7): a JWK or a set of them as content.

use serde_json::{Value, json};

use super::token::Kind;
use super::{Bench, Direction, Quirk};
use crate::Failure;
use crate::interop::case::refused;
use crate::interop::party::{from_base64url, same};

/// How the key is encrypted.
const TRIED: &[(&str, Option<&str>, &str)] = &[
    ("ECDH-ES+A256KW", Some("P-256"), "A256GCM"),
    ("RSA-OAEP-256", None, "A128CBC-HS256"),
    ("A256KW", None, "A192GCM"),
    ("PBES2-HS512+A256KW", None, "A256GCM"),
];

pub(super) fn run(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    for &(alg, curve, enc) in TRIED {
        let kind = Kind::named(alg, curve, enc)?;
        for set in [false, true] {
            let what = if set { "jwk_set" } else { "jwk" };
            bench.both(
                &format!("encrypted_{what}::{}", kind.row),
                |bench, direction| {
                    let content = content(set, bench)?;
                    match direction {
                        Direction::TheirsToOurs => theirs(&kind, &content, set, bench),
                        Direction::OursToTheirs => ours(&kind, &content, bench),
                    }
                },
            )?;
        }
    }
    Ok(())
}

/// A private key, or a set of one.
fn content(set: bool, bench: &mut Bench<'_, '_>) -> Result<Value, Failure> {
    let kind = Kind::named("ECDH-ES", Some("P-384"), "A128GCM")?;
    let key = bench.key(&kind, Direction::TheirsToOurs)?.private;
    Ok(if set { json!({ "keys": [key] }) } else { key })
}

fn theirs(
    kind: &Kind,
    content: &Value,
    set: bool,
    bench: &mut Bench<'_, '_>,
) -> Result<(), Failure> {
    let key = bench.key(kind, Direction::TheirsToOurs)?;
    let cty = if set { "jwk-set+json" } else { "jwk+json" };
    let sealing = kind.clone().with("cty", cty);
    let token = sealing.encrypt(bench.them, &key.public, content.to_string().as_bytes())?;
    let seen = bench.us.decrypt_key(kind.row.alg, &key.private, &token)?;
    same("key", &seen, content)
}

fn ours(kind: &Kind, content: &Value, bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    let key = bench.key(kind, Direction::OursToTheirs)?;
    let token = bench
        .us
        .encrypt_key(kind.row.alg, kind.enc.enc, &key.public, content)?;
    let mut more = json!({});
    // With a password there is no asking for fewer iterations than our default.
    if kind.row.alg.starts_with("PBES2") && bench.reach.most_iterations < DEFAULT {
        let read = kind.opened(bench.them, &key.private, &token, &more);
        refused(read, "more iterations than the table says it takes")?;
        if bench.reach.has(Quirk::FixedIterations) {
            return Ok(());
        }
        more = json!({ "most_p2c": DEFAULT });
    }
    let seen = kind.opened(bench.them, &key.private, &token, &more)?;
    let seen = from_base64url(seen.as_str().ok_or("no plaintext")?)?;
    same("key", &serde_json::from_slice(&seen)?, content)
}

/// The iterations of `bulla jwk encrypt`.
const DEFAULT: u32 = 600_000;
