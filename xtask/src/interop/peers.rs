//! The peers, one row each, with what they lack.

use std::fs::File;
use std::process::Command;

use super::algorithm;
use super::bulla::Bulla;
use super::case::Cases;
use super::driver::Driver;
use super::encryption::{self, Quirk, Reach};
use super::keyring::Keyring;
use super::{
    edges, install, pem_cases, signature_cases, tamper_cases, thumbprint_cases, token_cases,
};
use crate::Failure;
use crate::log::Log;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

/// One implementation that `bulla` is run against.
#[derive(Debug)]
pub(super) struct Peer {
    name: &'static str,
    runtime: Runtime,
    scope: Scope,
    /// Rows of [`algorithm::ALL`] it does not know; a case proves that it still refuses each.
    lacks: &'static [&'static str],
    /// What it can do of encryption, if it does.
    encryption: Option<&'static Reach>,
}

#[derive(Debug)]
enum Runtime {
    /// A driver of `interop/python/`.
    Python(&'static str),
    /// The driver of `interop/node/`.
    Node,
    /// The driver of `interop/josekit/`.
    Josekit,
}

#[derive(Debug, PartialEq, Eq)]
enum Scope {
    /// Keys, every serialization, and tokens.
    All,
    /// Tokens only.
    Tokens,
    /// Encryption only.
    Encryption,
}

pub(super) const JOSERFC: Peer = Peer {
    name: "joserfc",
    runtime: Runtime::Python("joserfc_driver.py"),
    scope: Scope::All,
    lacks: &["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
    encryption: Some(&Reach {
        lacks: &["RSA-OAEP-384", "RSA-OAEP-512"],
        most_iterations: 300_000,
        quirks: &[Quirk::FixedIterations],
    }),
};

pub(super) const JWCRYPTO: Peer = Peer {
    name: "jwcrypto",
    runtime: Runtime::Python("jwcrypto_driver.py"),
    scope: Scope::All,
    lacks: &[],
    encryption: Some(&Reach {
        lacks: &["RSA-OAEP-384", "RSA-OAEP-512"],
        most_iterations: 16_384,
        quirks: &[Quirk::NoEmptyPlaintext],
    }),
};

pub(super) const PYJWT: Peer = Peer {
    name: "pyjwt",
    runtime: Runtime::Python("pyjwt_driver.py"),
    scope: Scope::Tokens,
    lacks: &["Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
    encryption: None,
};

/// ML-DSA is in jose, but not in Node 20 below it.
pub(super) const JOSE: Peer = Peer {
    name: "jose",
    runtime: Runtime::Node,
    scope: Scope::All,
    lacks: &[
        "ES256K",
        "EdDSA-Ed448",
        "Ed448",
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
    ],
    encryption: Some(&Reach {
        lacks: &["RSA1_5", "X448"],
        most_iterations: 10_000,
        quirks: &[],
    }),
};

/// Its signatures rest on the OpenSSL that `interop-openssl` is about.
pub(super) const JOSEKIT: Peer = Peer {
    name: "josekit",
    runtime: Runtime::Josekit,
    scope: Scope::Encryption,
    lacks: &[],
    encryption: Some(&Reach {
        lacks: &[],
        most_iterations: 1_000_000,
        quirks: &[
            Quirk::FixedIterations,
            Quirk::ShortTags,
            Quirk::NoSignatures,
        ],
    }),
};

impl Peer {
    /// Installs it, starts it, runs its cases, stops it.
    pub(super) fn run(&self, workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
        let mut driver = self.start(workspace, log)?;
        let mut bulla = Bulla::build(workspace, self.name, log)?;
        let mut cases = Cases::new(self.name, log);
        if self.scope != Scope::Encryption {
            self.signatures(&mut driver, &mut bulla, &mut cases)?;
        }
        if let Some(reach) = self.encryption {
            encryption::run(reach, &mut driver, &mut bulla, &mut cases)?;
        }
        Ok(cases.tally())
    }

    fn signatures(
        &self,
        driver: &mut Driver,
        bulla: &mut Bulla,
        cases: &mut Cases<'_>,
    ) -> Result<(), Failure> {
        let mut keys = Keyring::default();
        for row in algorithm::ALL {
            if self.lacks.contains(&row.name) {
                token_cases::unsupported(row, driver, bulla, &mut keys, cases)?;
                continue;
            }
            if self.scope == Scope::All {
                signature_cases::run(row, driver, bulla, &mut keys, cases)?;
                tamper_cases::run(row, driver, bulla, &mut keys, cases)?;
                thumbprint_cases::run(row, driver, bulla, &mut keys, cases)?;
                if !row.is_mac() {
                    pem_cases::run(row, driver, bulla, &mut keys, cases)?;
                }
            }
            token_cases::run(row, driver, bulla, &mut keys, cases)?;
        }
        if self.scope == Scope::All {
            signature_cases::many(driver, bulla, &mut keys, cases)?;
            edges::run(driver, bulla, &mut keys, cases)?;
        }
        Ok(())
    }

    fn start(&self, workspace: &Workspace, log: &mut Log) -> Result<Driver, Stop> {
        let mut command = match self.runtime {
            Runtime::Python(script) => {
                let mut command = Command::new(install::python(workspace, log)?);
                // No compiled files beside the sources.
                command
                    .arg("-B")
                    .arg(workspace.path("interop/python").join(script));
                command
            }
            Runtime::Node => {
                let mut command = Command::new("node");
                command.arg(install::node(workspace, log)?.join("driver.mjs"));
                command
            }
            Runtime::Josekit => Command::new(install::josekit(workspace, log)?),
        };
        let stderr = workspace
            .scratch("xtask")?
            .join(format!("{}.stderr", self.name));
        let stderr = File::create(&stderr).map_err(|e| -> Failure { e.into() })?;
        Ok(Driver::start(self.name, &mut command, stderr)?)
    }
}
