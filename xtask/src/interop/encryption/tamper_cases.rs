//! A token changed on its way is refused by whoever reads it.

use serde_json::json;

use super::token::{self, Kind};
use super::{Bench, Direction, Quirk};
use crate::Failure;
use crate::interop::case::refused;
use crate::interop::party::{base64url, from_base64url};

/// One of each scheme, with either family of content encryption.
const TRIED: &[(&str, Option<&str>, &str)] = &[
    ("dir", None, "A128CBC-HS256"),
    ("A128KW", None, "A256GCM"),
    ("A256GCMKW", None, "A192CBC-HS384"),
    ("RSA-OAEP", None, "A256CBC-HS512"),
    ("RSA-OAEP-256", None, "A128GCM"),
    ("ECDH-ES", Some("P-256"), "A256GCM"),
    ("ECDH-ES+A256KW", Some("X25519"), "A128CBC-HS256"),
    ("PBES2-HS256+A128KW", None, "A192GCM"),
];

const CUT_TAG: &str = "a tag cut to four octets";

pub(super) fn run(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    for &(alg, curve, enc) in TRIED {
        let kind = Kind::named(alg, curve, enc)?;
        bench.both(&format!("{}::tampered", kind.name()), |bench, direction| {
            tampered(&kind, bench, direction)
        })?;
    }
    Ok(())
}

fn tampered(kind: &Kind, bench: &mut Bench<'_, '_>, direction: Direction) -> Result<(), Failure> {
    let key = bench.key(kind, direction)?;
    let token = match direction {
        Direction::TheirsToOurs => kind.encrypt(bench.them, &key.public, token::CONTENT)?,
        Direction::OursToTheirs => kind.encrypt(bench.us, &key.public, token::CONTENT)?,
    };
    for (what, forged) in forgeries(token.as_str().ok_or("not compact")?)? {
        let forged = json!(forged);
        if direction == Direction::OursToTheirs {
            let read = kind.decrypt(bench.them, &key.private, &forged, token::CONTENT);
            if bench.reach.has(Quirk::ShortTags) && what == CUT_TAG && kind.enc.enc.ends_with("GCM")
            {
                // If not, the table is out of date.
                read?;
            } else {
                refused(read, what)?;
            }
            continue;
        }
        let read = kind.decrypt(bench.us, &key.private, &forged, token::CONTENT);
        let refusal = refused(read, what)?.to_string();
        // The token's fault and nothing on standard output, whatever was changed.
        if !refusal.contains("exit 1: error[jwe.") {
            return Err(format!("{what}: {refusal}").into());
        }
    }
    Ok(())
}

/// Each part changed in turn.
fn forgeries(token: &str) -> Result<Vec<(&'static str, String)>, Failure> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, key, iv, ciphertext, tag] = parts.as_slice() else {
        return Err("not five parts".into());
    };
    let mut forged = vec![
        (
            "a header with a space",
            format!("{}.{key}.{iv}.{ciphertext}.{tag}", spaced(header)?),
        ),
        (
            "a changed IV",
            format!("{header}.{key}.{}.{ciphertext}.{tag}", flipped(iv)?),
        ),
        (
            "a changed ciphertext",
            format!("{header}.{key}.{iv}.{}.{tag}", flipped(ciphertext)?),
        ),
        (
            "a changed tag",
            format!("{header}.{key}.{iv}.{ciphertext}.{}", flipped(tag)?),
        ),
        (
            CUT_TAG,
            format!("{header}.{key}.{iv}.{ciphertext}.{}", cut(tag)?),
        ),
        ("no tag", format!("{header}.{key}.{iv}.{ciphertext}.")),
        (
            "a missing part",
            format!("{header}.{key}.{iv}.{ciphertext}"),
        ),
        ("a sixth part", format!("{token}.")),
    ];
    if key.is_empty() {
        let surplus = base64url(&[0; 24]);
        forged.push((
            "an encrypted key where there is none",
            format!("{header}.{surplus}.{iv}.{ciphertext}.{tag}"),
        ));
    } else {
        let changed = flipped(key)?;
        forged.push((
            "a changed encrypted key",
            format!("{header}.{changed}.{iv}.{ciphertext}.{tag}"),
        ));
        forged.push((
            "no encrypted key",
            format!("{header}..{iv}.{ciphertext}.{tag}"),
        ));
    }
    Ok(forged)
}

/// The same header, written otherwise: it is authenticated as it was sent.
fn spaced(header: &str) -> Result<String, Failure> {
    let mut octets = from_base64url(header)?;
    octets.insert(1, b' ');
    Ok(base64url(&octets))
}

fn flipped(part: &str) -> Result<String, Failure> {
    let mut octets = from_base64url(part)?;
    *octets.last_mut().ok_or("an empty part")? ^= 1;
    Ok(base64url(&octets))
}

fn cut(part: &str) -> Result<String, Failure> {
    let octets = from_base64url(part)?;
    Ok(base64url(octets.get(..4).ok_or("a short part")?))
}
