//! The client against npm `oidc-provider`: `cargo xtask test oauth-oidc-provider` installs it, and names its folder in
//! `BULLA_OIDC_PROVIDER`. Without that nothing is tried, and it says so.
//!
//! It prints `ok NAME` or `FAILED NAME: WHY` for each case.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
mod grants;
mod party;
mod peer;
mod refusals;
mod rotation;

use std::process::ExitCode;

/// What a case came to.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let Some(home) = std::env::var_os("BULLA_OIDC_PROVIDER") else {
        println!(
            "NOT RUN: `cargo xtask test oauth-oidc-provider` installs the peer and starts this"
        );
        return ExitCode::SUCCESS;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let failed = runtime.block_on(async {
        let plain = peer::Peer::start(&home, &[("AT_ALG", "ES256")]);
        let strict = peer::Peer::start(&home, &[("AT_ALG", "PS256"), ("NONCE", "1")]);
        let edwards = peer::Peer::start(&home, &[("AT_ALG", "Ed25519")]);
        let mut report = Report::default();
        grants::run(
            &[
                ("nonces-not-asked-for", &plain),
                ("nonces-required", &strict),
            ],
            &mut report,
        )
        .await;
        api::run(
            &[("ES256", &plain), ("PS256", &strict), ("Ed25519", &edwards)],
            &mut report,
        )
        .await;
        refusals::run(&plain, &mut report).await;
        drop((plain, strict, edwards));
        rotation::run(&home, &mut report).await;
        report.failed
    });
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Tells each case as it ends.
#[derive(Debug, Default)]
pub(crate) struct Report {
    failed: usize,
}

impl Report {
    pub(crate) fn tell(&mut self, name: &str, outcome: Outcome) {
        match outcome {
            Ok(()) => println!("ok {name}"),
            Err(error) => {
                self.failed += 1;
                println!("FAILED {name}: {error}");
            }
        }
    }
}

/// A condition of a case.
pub(crate) fn ensure(holds: bool, what: impl std::fmt::Display) -> Outcome {
    if holds {
        Ok(())
    } else {
        Err(what.to_string().into())
    }
}
