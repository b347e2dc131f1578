//! The JSON forms with `aad`, the parties of ECDH-ES, compression, and content of no octets.

use super::algorithm::{CONTENT, ContentEncryption, KeyManagement};
use super::token::{self, Kind};
use super::{Bench, Direction, Quirk};
use crate::Failure;
use crate::interop::case::refused;
use crate::interop::party::base64url;

/// The cases of one algorithm.
pub(super) fn run(row: &'static KeyManagement, bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    let gcm = ContentEncryption::named("A256GCM").ok_or("no such row")?;
    let cbc = ContentEncryption::named("A128CBC-HS256").ok_or("no such row")?;
    let aad = base64url("dołączone".as_bytes());
    for (form, enc) in [("flattened", gcm), ("general", cbc)] {
        let kind = Kind::compact(row, enc).form(form).with("aad", aad.as_str());
        bench.both(&format!("{row}::{form}_aad"), |bench, direction| {
            bench.carry(&kind, direction, token::CONTENT)
        })?;
    }
    if row.names_parties() {
        let kind = Kind::compact(row, cbc)
            .with("apu", "Alicja")
            .with("apv", "Bob ☃");
        bench.both(&format!("{row}::parties"), |bench, direction| {
            bench.carry(&kind, direction, token::CONTENT)
        })?;
    }
    Ok(())
}

/// `zip` with every content encryption, and in JSON.
pub(super) fn compressed(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    let plaintext = "to be or not to be\n".repeat(500);
    let row = KeyManagement::named("A256KW", None).ok_or("no such row")?;
    for enc in CONTENT {
        for form in ["compact", "flattened"] {
            let kind = Kind::compact(row, enc).form(form).with("zip", "DEF");
            let name = format!("{}::{form}_zip", kind.name());
            bench.both(&name, |bench, direction| {
                bench.carry(&kind, direction, plaintext.as_bytes())
            })?;
        }
    }
    Ok(())
}

/// An empty plaintext: a block of padding only, or no ciphertext at all.
pub(super) fn empty(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    for enc in CONTENT {
        let kind = Kind::named("A128KW", None, enc.enc)?;
        let name = format!("{}::empty_plaintext", kind.name());
        bench.both(&name, |bench, direction| {
            let result = bench.carry(&kind, direction, b"");
            if !bench.reach.has(Quirk::NoEmptyPlaintext) || direction == Direction::TheirsToOurs {
                return result;
            }
            refused(result, "an empty plaintext, which the table says it lacks").map(drop)
        })?;
    }
    Ok(())
}
