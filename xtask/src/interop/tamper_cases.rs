//! A token changed on its way is refused by whoever reads it.

use serde_json::json;

use super::algorithm::Algorithm;
use super::case::{Cases, refused};
use super::keyring::Keyring;
use super::party::{Form, Party, base64url, from_base64url, sign, verify};
use crate::Failure;

pub(super) fn run(
    row: &'static Algorithm,
    them: &mut dyn Party,
    us: &mut dyn Party,
    keys: &mut Keyring,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    cases.check(&format!("{}::tampered::theirs_to_ours", row.name), || {
        let key = keys.of(them, row)?;
        let token = sign(them, row, Form::Compact, &key.private, b"payload")?;
        for (what, forged) in forgeries(token.as_str().ok_or("not compact")?)? {
            let read = verify(
                us,
                row,
                Form::Compact,
                &key.public,
                &json!(forged),
                b"payload",
            );
            let refusal = refused(read, what)?.to_string();
            // The token's fault and nothing on standard output, whatever was changed.
            if !refusal.contains("exit 1: error[jws.") {
                return Err(format!("{what}: {refusal}").into());
            }
        }
        Ok(())
    })?;
    cases.check(&format!("{}::tampered::ours_to_theirs", row.name), || {
        let key = keys.of(us, row)?;
        let token = sign(us, row, Form::Compact, &key.private, b"payload")?;
        for (what, forged) in forgeries(token.as_str().ok_or("not compact")?)? {
            refused(
                verify(
                    them,
                    row,
                    Form::Compact,
                    &key.public,
                    &json!(forged),
                    b"payload",
                ),
                what,
            )?;
        }
        Ok(())
    })
}

/// Each part changed in turn; the result is a well-formed token but for the last two.
fn forgeries(token: &str) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut parts = token.split('.');
    let mut part = || parts.next().ok_or("fewer than three parts");
    let (header, payload, signature) = (part()?, part()?, part()?);
    let octets = from_base64url(signature)?;
    let flipped = |index: usize| {
        let mut octets = octets.clone();
        if let Some(octet) = octets.get_mut(index) {
            *octet ^= 1;
        }
        base64url(&octets)
    };
    // At its end: peers that cut ECDSA signatures into halves do not miss an octet of R that is zero.
    let shorter = base64url(octets.split_last().map_or(&[][..], |(_, rest)| rest));
    let none = base64url(br#"{"alg":"none"}"#);
    let other_payload = base64url(b"payloae");
    Ok(vec![
        (
            "another payload",
            format!("{header}.{other_payload}.{signature}"),
        ),
        (
            "a flipped first bit of the signature",
            format!("{header}.{payload}.{}", flipped(0)),
        ),
        (
            "a flipped last bit of the signature",
            format!(
                "{header}.{payload}.{}",
                flipped(octets.len().saturating_sub(1))
            ),
        ),
        (
            "a shorter signature",
            format!("{header}.{payload}.{shorter}"),
        ),
        ("no signature", format!("{header}.{payload}.")),
        ("alg none", format!("{none}.{payload}.")),
        ("a missing part", format!("{header}.{payload}")),
        ("a fourth part", format!("{token}.")),
    ])
}
