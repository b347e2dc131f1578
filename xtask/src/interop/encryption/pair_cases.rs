//! Every algorithm with every content encryption, compact.

use super::Bench;
use super::algorithm::{CONTENT, ContentEncryption, KeyManagement};
use super::token::{self, Kind};
use crate::Failure;
use crate::interop::case::refused;

pub(super) fn run(row: &'static KeyManagement, bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    for enc in CONTENT {
        let kind = Kind::compact(row, enc);
        bench.both(&kind.name(), |bench, direction| {
            bench.carry(&kind, direction, token::CONTENT)
        })?;
    }
    Ok(())
}

/// A peer that lacks an algorithm or a curve still refuses it; if not, the table is out of date.
pub(super) fn unsupported(
    row: &'static KeyManagement,
    bench: &mut Bench<'_, '_>,
) -> Result<(), Failure> {
    for enc in CONTENT {
        unsupported_pair(row, enc, bench)?;
    }
    Ok(())
}

fn unsupported_pair(
    row: &'static KeyManagement,
    enc: &'static ContentEncryption,
    bench: &mut Bench<'_, '_>,
) -> Result<(), Failure> {
    let kind = Kind::compact(row, enc);
    bench.check(&format!("{}::unsupported_by_peer", kind.name()), |bench| {
        let key = bench.keys.of(bench.us, row, enc)?;
        let token = kind.encrypt(bench.us, &key.public, token::CONTENT)?;
        kind.decrypt(bench.us, &key.private, &token, token::CONTENT)?;
        refused(
            kind.decrypt(bench.them, &key.private, &token, token::CONTENT),
            "what the table says it lacks",
        )
        .map(drop)
    })
}
