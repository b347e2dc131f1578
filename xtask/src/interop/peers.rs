//! The peers, one row each, with what they lack.

use std::fs::File;
use std::process::Command;

use super::algorithm;
use super::bulla::Bulla;
use super::case::Cases;
use super::driver::Driver;
use super::keyring::Keyring;
use super::{
    edges, encryption_cases, install, pem_cases, signature_cases, tamper_cases, thumbprint_cases,
    token_cases,
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
    /// Rows of [`algorithm::ALL`] and of `encryption::ALL` it does not know; a case proves that it still refuses each.
    lacks: &'static [&'static str],
}

#[derive(Debug)]
enum Runtime {
    /// A driver of `interop/python/`.
    Python(&'static str),
    /// The driver of `interop/node/`.
    Node,
}

#[derive(Debug, PartialEq, Eq)]
enum Scope {
    /// Keys, every serialization, and tokens.
    All,
    /// Tokens only.
    Tokens,
}

pub(super) const JOSERFC: Peer = Peer {
    name: "joserfc",
    runtime: Runtime::Python("joserfc_driver.py"),
    scope: Scope::All,
    lacks: &[
        "ML-DSA-44",
        "ML-DSA-65",
        "ML-DSA-87",
        "RSA-OAEP-384",
        "RSA-OAEP-512",
    ],
};

pub(super) const JWCRYPTO: Peer = Peer {
    name: "jwcrypto",
    runtime: Runtime::Python("jwcrypto_driver.py"),
    scope: Scope::All,
    lacks: &["RSA-OAEP-384", "RSA-OAEP-512"],
};

pub(super) const PYJWT: Peer = Peer {
    name: "pyjwt",
    runtime: Runtime::Python("pyjwt_driver.py"),
    scope: Scope::Tokens,
    lacks: &["Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"],
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
        "ECDH-ES-X448",
        "ECDH-ES+A128KW-X448",
        "ECDH-ES+A192KW-X448",
        "ECDH-ES+A256KW-X448",
        "RSA1_5",
    ],
};

impl Peer {
    /// Installs it, starts it, runs its cases, stops it.
    pub(super) fn run(&self, workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
        let mut driver = self.start(workspace, log)?;
        let mut bulla = Bulla::build(workspace, self.name, log)?;
        let mut keys = Keyring::default();
        let mut cases = Cases::new(self.name, log);
        for row in algorithm::ALL {
            if self.lacks.contains(&row.name) {
                token_cases::unsupported(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
                continue;
            }
            if self.scope == Scope::All {
                signature_cases::run(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
                tamper_cases::run(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
                thumbprint_cases::run(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
                if !row.is_mac() {
                    pem_cases::run(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
                }
            }
            token_cases::run(row, &mut driver, &mut bulla, &mut keys, &mut cases)?;
        }
        if self.scope == Scope::All {
            signature_cases::many(&mut driver, &mut bulla, &mut keys, &mut cases)?;
            edges::run(&mut driver, &mut bulla, &mut keys, &mut cases)?;
            encryption_cases::run(self.lacks, &mut driver, &mut bulla, &mut cases)?;
        }
        Ok(cases.tally())
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
        };
        let stderr = workspace
            .scratch("xtask")?
            .join(format!("{}.stderr", self.name));
        let stderr = File::create(&stderr).map_err(|e| -> Failure { e.into() })?;
        Ok(Driver::start(self.name, &mut command, stderr)?)
    }
}
