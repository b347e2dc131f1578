//! Signatures: every serialization, both directions, and each side with the other's key.

use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::case::Cases;
use super::keyring::{KeyPair, Keyring};
use super::party::{Form, Party, base64url, member, same, side, sign, verify};
use crate::Failure;

/// The cases of one algorithm.
pub(super) fn run(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for form in Form::ALL {
        let name = |direction: &str| format!("{}::{}::{direction}", row.name, form.name());
        cases.check(&name("theirs_to_ours"), || {
            let key = keys.of(them, row)?;
            there_and_back(row, form, &key, them, us)
        })?;
        cases.check(&name("ours_to_theirs"), || {
            let key = keys.of(us, row)?;
            there_and_back(row, form, &key, us, them)
        })?;
    }
    cases.check(&format!("{}::our_signature_by_their_key", row.name), || {
        let key = keys.of(them, row)?;
        there_and_back(row, Form::Compact, &key, us, them)
    })?;
    cases.check(&format!("{}::their_signature_by_our_key", row.name), || {
        let key = keys.of(us, row)?;
        there_and_back(row, Form::Compact, &key, them, us)
    })?;
    cases.check(&format!("{}::empty_payload", row.name), || {
        let key = keys.of(us, row)?;
        for (signer, verifier) in [(true, false), (false, true)] {
            let token = sign(
                side(signer, us, them),
                row,
                Form::Flattened,
                &key.private,
                b"",
            )?;
            verify(
                side(verifier, us, them),
                row,
                Form::Flattened,
                &key.public,
                &token,
                b"",
            )?;
        }
        Ok(())
    })
}

/// One payload signed by three keys of different kinds.
pub(super) fn many(
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    for (name, ours_first) in [("theirs_to_ours", false), ("ours_to_theirs", true)] {
        cases.check(&format!("many_signatures::{name}"), || {
            let (mut private, mut public) = (Vec::new(), Vec::new());
            for row in ["ES256", "PS384", "HS512"] {
                let row = Algorithm::named(row).ok_or("no such row")?;
                let key = keys.of(side(ours_first, us, them), row)?;
                private.push(json!({ "alg": row.alg, "key": key.private }));
                public.push(json!({ "alg": row.alg, "key": key.public }));
            }
            let payload = base64url(b"one payload, three signatures");
            let question = json!({ "signers": private, "payload": payload });
            let token = member(
                side(ours_first, us, them).ask("sign_many", question)?,
                "token",
            )?;
            let signatures = token
                .get("signatures")
                .and_then(Value::as_array)
                .map(Vec::len);
            same("signatures", &json!(signatures), &json!(3))?;
            let question = json!({ "keys": public, "token": token });
            let seen = side(!ours_first, us, them).ask("verify_many", question)?;
            same("payload", &member(seen, "payload")?, &json!(payload))
        })?;
    }
    Ok(())
}

fn there_and_back(
    row: &Algorithm,
    form: Form,
    key: &KeyPair,
    signer: &mut dyn Party,
    verifier: &mut dyn Party,
) -> Result<(), Failure> {
    let token = sign(signer, row, form, &key.private, form.payload())?;
    verify(verifier, row, form, &key.public, &token, form.payload())
}
