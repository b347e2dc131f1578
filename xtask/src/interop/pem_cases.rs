//! Keys travel as PEM: PKCS#8 for the private half, SPKI for the public one.

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::case::Cases;
use super::keyring::Keyring;
use super::party::{Party, member, same};
use crate::Failure;

/// Members that say which key it is; the rest (`kid`, `alg`, `use`) is not in a PEM.
const MATERIAL: &[&str] = &[
    "kty", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "pub", "priv",
];

pub(super) fn run(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for (half, private) in [("pkcs8", true), ("spki", false)] {
        cases.check(&format!("{}::{half}::theirs_to_ours", row.name), || {
            let key = keys.of(them, row)?.private;
            carried(row, private, &key, them, us)
        })?;
        cases.check(&format!("{}::{half}::ours_to_theirs", row.name), || {
            let key = keys.of(us, row)?.private;
            carried(row, private, &key, us, them)
        })?;
    }
    Ok(())
}

fn carried(
    row: &Algorithm,
    private: bool,
    key: &Value,
    writer: &mut dyn Party,
    reader: &mut dyn Party,
) -> Result<(), Failure> {
    let question = json!({ "key": key, "alg": row.alg, "private": private });
    let pem = member(writer.ask("to_pem", question)?, "pem")?;
    let read = member(
        reader.ask("from_pem", json!({ "pem": pem, "alg": row.alg }))?,
        "key",
    )?;
    let sent = if private {
        key.clone()
    } else {
        member(writer.ask("public", json!({ "key": key }))?, "key")?
    };
    same("key", &material(&read), &material(&sent))
}

fn material(key: &Value) -> Value {
    MATERIAL
        .iter()
        .filter_map(|&name| Some((name.to_owned(), key.get(name)?.clone())))
        .collect()
}
