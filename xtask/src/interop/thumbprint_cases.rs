//! RFC 7638 thumbprints and RFC 9278 URIs are equal on both sides.

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::case::Cases;
use super::keyring::Keyring;
use super::party::{Party, same};
use crate::Failure;

pub(super) fn run(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for hash in ["sha256", "sha384", "sha512"] {
        cases.check(&format!("{}::thumbprint::{hash}", row.name), || {
            for key in [keys.of(them, row)?, keys.of(us, row)?] {
                let question = json!({ "key": key.public, "hash": hash });
                let theirs = them.ask("thumbprint", question.clone())?;
                let ours = us.ask("thumbprint", question)?;
                same("thumbprint", &Value::Object(ours), &Value::Object(theirs))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
