//! One content for several recipients, each with an algorithm of its own.

use serde_json::{Value, json};

use super::token::{self, Kind};
use super::{Bench, Direction};
use crate::Failure;
use crate::interop::party::{Party, base64url, member, same};

/// Algorithms that may share a content key, one of each scheme.
const RECIPIENTS: &[(&str, Option<&str>)] = &[
    ("RSA-OAEP-256", None),
    ("A128KW", None),
    ("A256GCMKW", None),
    ("ECDH-ES+A192KW", Some("P-521")),
    ("ECDH-ES+A256KW", Some("X25519")),
];

pub(super) fn run(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    for (enc, aad) in [("A256CBC-HS512", None), ("A192GCM", Some("dołączone"))] {
        for &(alg, curve) in RECIPIENTS {
            let with = if aad.is_some() { "_aad" } else { "" };
            let opener = Kind::named(alg, curve, enc)?;
            let name = format!("several_recipients{with}::opened_by_{}", opener.row);
            bench.both(&name, |bench, direction| {
                let token = sealed(enc, aad, bench, direction)?;
                let key = bench.key(&opener, direction)?.private;
                let reader: &mut dyn Party = match direction {
                    Direction::TheirsToOurs => bench.us,
                    Direction::OursToTheirs => bench.them,
                };
                opener.decrypt(reader, &key, &token, token::CONTENT)
            })?;
        }
    }
    Ok(())
}

/// A token for all of them, whose keys the reader has.
fn sealed(
    enc: &str,
    aad: Option<&str>,
    bench: &mut Bench<'_, '_>,
    direction: Direction,
) -> Result<Value, Failure> {
    let mut recipients = Vec::new();
    for &(alg, curve) in RECIPIENTS {
        let key = bench.key(&Kind::named(alg, curve, enc)?, direction)?;
        recipients.push(json!({ "alg": alg, "key": key.public }));
    }
    let mut question = json!({
        "recipients": recipients, "enc": enc, "plaintext": base64url(token::CONTENT),
    });
    if let (Some(aad), Some(members)) = (aad, question.as_object_mut()) {
        members.insert("aad".to_owned(), json!(base64url(aad.as_bytes())));
    }
    let writer: &mut dyn Party = match direction {
        Direction::TheirsToOurs => bench.them,
        Direction::OursToTheirs => bench.us,
    };
    let token = member(writer.ask("encrypt_many", question)?, "token")?;
    let count = token
        .get("recipients")
        .and_then(Value::as_array)
        .map(Vec::len);
    same("recipients", &json!(count), &json!(RECIPIENTS.len()))?;
    Ok(token)
}
