//! PBES2 iterations: what each side takes, and where it stops.

use serde_json::json;

use super::token::{self, Kind};
use super::{Bench, Direction, Quirk};
use crate::Failure;
use crate::interop::case::refused;
use crate::interop::party::{base64url, same};

/// What `bulla` takes at most, and asks for unless told otherwise.
const OURS: u32 = 600_000;

pub(super) fn run(bench: &mut Bench<'_, '_>) -> Result<(), Failure> {
    let kind = Kind::named("PBES2-HS256+A128KW", None, "A128GCM")?;
    let most = bench.reach.most_iterations.min(OURS);
    bench.check(&format!("p2c::{most}::ours_to_theirs"), |bench| {
        let kind = kind.clone().with("p2c", most);
        bench.carry(&kind, Direction::OursToTheirs, token::CONTENT)
    })?;
    bench.check(&format!("p2c::{most}::theirs_to_ours"), |bench| {
        let kind = kind.clone().with("p2c", most);
        bench.carry(&kind, Direction::TheirsToOurs, token::CONTENT)
    })?;
    if bench.reach.most_iterations < OURS {
        let above = bench.reach.most_iterations + 1;
        bench.check(&format!("p2c::{above}::above_their_limit"), |bench| {
            let kind = kind.clone().with("p2c", above);
            let key = bench.key(&kind, Direction::OursToTheirs)?;
            let token = kind.encrypt(bench.us, &key.public, token::CONTENT)?;
            let read = kind.decrypt(bench.them, &key.private, &token, token::CONTENT);
            refused(read, "what the table says is too much")?;
            if bench.reach.has(Quirk::FixedIterations) {
                return Ok(());
            }
            let raised = json!({ "most_p2c": above });
            let seen = kind.opened(bench.them, &key.private, &token, &raised)?;
            same("plaintext", &seen, &json!(base64url(token::CONTENT)))
        })?;
        return Ok(());
    }
    bench.check("p2c::1000000::above_our_limit", |bench| {
        let kind = kind.clone().with("p2c", 1_000_000);
        let key = bench.key(&kind, Direction::TheirsToOurs)?;
        let token = kind.encrypt(bench.them, &key.public, token::CONTENT)?;
        let read = kind.decrypt(bench.us, &key.private, &token, token::CONTENT);
        let refusal = refused(read, "more iterations than we take")?;
        if refusal
            .to_string()
            .contains("exit 1: error[jwe.limit-exceeded]")
        {
            return Ok(());
        }
        Err(refusal)
    })
}
