//! The suites of `cargo xtask test`: one line each, and one closing line for all.

mod cargo_test;
mod corpus;
mod format;
mod kms_aws;
mod kms_azure;
mod kms_pkcs11;
mod lint;
mod msrv;
mod readme;
mod rustdoc;
mod structure;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Instant;

use crate::log::Log;
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{Failure, interop};

/// A suite: a name, what it is for, and how it runs.
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    run: fn(&Workspace, &mut Log) -> Result<Tally, Stop>,
}

/// Every suite in the order it runs: what fails fastest comes first.
pub(crate) const ALL: &[Suite] = &[
    Suite {
        name: "fmt",
        about: "formatting",
        run: format::run,
    },
    Suite {
        name: "structure",
        about: "what the repository promises of itself",
        run: structure::run,
    },
    Suite {
        name: "msrv",
        about: "dependencies against rust-version",
        run: msrv::run,
    },
    Suite {
        name: "clippy",
        about: "lints, all targets, warnings denied",
        run: lint::run,
    },
    Suite {
        name: "cargo-test",
        about: "unit, integration and doc tests",
        run: cargo_test::run,
    },
    Suite {
        name: "rustdoc",
        about: "documentation, warnings denied",
        run: rustdoc::run,
    },
    Suite {
        name: "fuzz-corpus",
        about: "every parser over its fuzz corpus",
        run: corpus::run,
    },
    Suite {
        name: "readme",
        about: "the README's commands, run as they stand",
        run: readme::run,
    },
    Suite {
        name: "interop-openssl",
        about: "PEM, certificates, raw signatures",
        run: interop::with_openssl,
    },
    Suite {
        name: "interop-keytool",
        about: "JKS and PKCS#12 stores, both directions",
        run: interop::with_keytool,
    },
    Suite {
        name: "interop-joserfc",
        about: "PyPI joserfc, both directions",
        run: interop::with_joserfc,
    },
    Suite {
        name: "interop-jwcrypto",
        about: "PyPI jwcrypto, both directions",
        run: interop::with_jwcrypto,
    },
    Suite {
        name: "interop-pyjwt",
        about: "PyPI PyJWT, tokens in both directions",
        run: interop::with_pyjwt,
    },
    Suite {
        name: "interop-jose",
        about: "npm jose, both directions",
        run: interop::with_jose,
    },
    Suite {
        name: "interop-josekit",
        about: "josekit on OpenSSL, encryption in both directions",
        run: interop::with_josekit,
    },
    Suite {
        name: "oauth-node-clients",
        about: "npm openid-client and oauth4webapi against `bulla serve`",
        run: interop::with_oauth_clients,
    },
    Suite {
        name: "kms-aws",
        about: "AWS KMS against moto, corrected; tokens verified by others",
        run: kms_aws::run,
    },
    Suite {
        name: "kms-azure",
        about: "Azure Key Vault: a double that Microsoft's SDK takes for one, and keys in it",
        run: kms_azure::run,
    },
    Suite {
        name: "kms-pkcs11",
        about: "PKCS#11: keys on SoftHSM and Kryoptic, a token that is taken out, the command line",
        run: kms_pkcs11::run,
    },
    Suite {
        name: "oauth-oidc-provider",
        about: "npm oidc-provider gives our client tokens",
        run: interop::with_oidc_provider,
    },
];

/// Problems shown under a suite's line; its log has all.
const SHOWN: usize = 40;

/// Why a suite has no counts.
pub(crate) enum Stop {
    /// Something it needs is not here.
    NotRun(String),
    /// It started and could not finish.
    Broken(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(failure: E) -> Self {
        Self::Broken(failure.into())
    }
}

/// Which suites to run, and how.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) allow_missing: bool,
    pub(crate) verbose: bool,
    /// How the names of the wanted suites begin; empty for all.
    pub(crate) names: Vec<String>,
}

impl Plan {
    /// These suites and no others.
    pub(crate) fn of(names: &[&str]) -> Self {
        Self {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            ..Self::default()
        }
    }

    fn wants(&self, suite: &Suite) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| is_named(suite, name))
    }
}

/// A name means the suite of that name or, where there is none, all that begin with it.
fn is_named(suite: &Suite, name: &str) -> bool {
    let exact = ALL.iter().any(|suite| suite.name == name);
    if exact {
        suite.name == name
    } else {
        suite.name.starts_with(name)
    }
}

/// Runs what the plan wants and closes with `N passed, N failed, N skipped`.
pub(crate) fn run(workspace: &Workspace, plan: &Plan) -> Result<ExitCode, Failure> {
    for name in &plan.names {
        if !ALL.iter().any(|suite| suite.name.starts_with(name)) {
            return Err(
                format!("no suite begins with `{name}`; `cargo xtask help` lists them").into(),
            );
        }
    }
    let mut total = Tally::default();
    for suite in ALL.iter().filter(|suite| plan.wants(suite)) {
        total += run_one(suite, workspace, plan)?;
    }
    println!("{total}");
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_one(suite: &Suite, workspace: &Workspace, plan: &Plan) -> Result<Tally, Failure> {
    let mut log = Log::create(workspace, suite.name, plan.verbose)?;
    let path = log.path().to_owned();
    let waiting = std::io::stderr().is_terminal() && !plan.verbose;
    if waiting {
        eprint!("{:<18} ...\r", suite.name);
        std::io::stderr().flush()?;
    }
    let start = Instant::now();
    let result = (suite.run)(workspace, &mut log);
    let seconds = start.elapsed().as_secs_f64();
    let (tally, said) = match result {
        Ok(tally) => (tally, tally.to_string()),
        Err(Stop::NotRun(why)) if plan.allow_missing => {
            (Tally::skipped(1), format!("NOT RUN: {why}"))
        }
        Err(Stop::NotRun(why)) => (Tally::failed(1), format!("NOT RUN: {why}")),
        Err(Stop::Broken(why)) => (Tally::failed(1), format!("BROKEN: {why}")),
    };
    println!("{:<18} {said} ({seconds:.1} s)", suite.name);
    let problems = log.close()?;
    for problem in problems.iter().take(SHOWN) {
        println!("    {problem}");
    }
    if let Some(more @ 1..) = problems.len().checked_sub(SHOWN) {
        println!("    and {more} more");
    }
    if tally.failed > 0 {
        println!("    log: {}", path.display());
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::{ALL, is_named};

    #[test]
    fn a_full_name_means_one_suite() {
        let named = |name| ALL.iter().filter(|suite| is_named(suite, name)).count();
        assert_eq!(named("interop-jose"), 1);
        assert!(named("interop") > 1);
        assert_eq!(named("nothing"), 0);
    }
}
