//! PKCS#11: keys on SoftHSM and on Kryoptic, their tokens shown to other implementations; a token that is taken out and
//! fails; and the command line with keys on a token.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Stop, cargo_test};
use crate::interop::{install, pkcs11};
use crate::log::Log;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let softhsm = pkcs11::softhsm(workspace, log)?;
    let kryoptic = pkcs11::kryoptic(workspace, log)?;
    let faults = pkcs11::faults(workspace, log)?;
    let python = install::python(workspace, log)?;
    let node = install::node(workspace, log)?.join("driver.mjs");

    let home = workspace.scratch("kms/pkcs11")?;
    let mut tally = Tally::default();
    // Of the whole workspace, as the suite `cargo-test` has built it: `bulla-cli` switches the feature on.
    let backend = |test: &str| {
        let mut command = workspace.cargo(&["test", "--workspace", "--locked"]);
        command.args(["--test", test, "--", "--include-ignored"]);
        command
            .env("BULLA_INTEROP_PYTHON", &python)
            .env("BULLA_INTEROP_NODE", &node);
        command
    };

    let mut tests = backend("pkcs11");
    with_softhsm(&mut tests, &home.join("softhsm"))?;
    tests.env("BULLA_TEST_PKCS11_MODULE", &softhsm);
    tally += cargo_test::of_command(&mut tests, log)?;

    let mut tests = backend("pkcs11");
    with_kryoptic(&mut tests, &home.join("kryoptic"))?;
    tests.env("BULLA_TEST_PKCS11_MODULE", &kryoptic);
    tally += cargo_test::of_command(&mut tests, log)?;

    let mut tests = backend("pkcs11_away");
    let folder = home.join("faults");
    with_softhsm(&mut tests, &folder)?;
    tests
        .env("BULLA_TEST_PKCS11_MODULE", &faults)
        .env("BULLA_FAULTS_MODULE", &softhsm)
        .env("BULLA_FAULTS_CONTROL", folder.join("control"))
        .env("BULLA_FAULTS_LOG", folder.join("log"));
    tally += cargo_test::of_command(&mut tests, log)?;

    let mut tests = workspace.cargo(&["test", "--workspace", "--locked"]);
    tests.args(["--test", "cli", "vault::token", "--", "--include-ignored"]);
    tests.env("TEST_SOFTHSM_MODULE", &softhsm);
    tally += cargo_test::of_command(&mut tests, log)?;
    Ok(tally)
}

/// SoftHSM without any token.
fn with_softhsm(command: &mut Command, folder: &Path) -> Result<(), Stop> {
    let folder = emptied(folder)?;
    let tokens = folder.join("tokens");
    fs::create_dir(&tokens)?;
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    );
    let configuration = folder.join("softhsm2.conf");
    fs::write(&configuration, text)?;
    command.env("SOFTHSM2_CONF", configuration);
    Ok(())
}

/// Kryoptic with one slot, whose token is not initialised.
fn with_kryoptic(command: &mut Command, folder: &Path) -> Result<(), Stop> {
    let folder = emptied(folder)?;
    let text = format!(
        "[[slots]]\nslot = 0\ndbtype = \"sqlite\"\ndbargs = \"{}\"\n",
        folder.join("token.sql").display()
    );
    let configuration = folder.join("kryoptic.conf");
    fs::write(&configuration, text)?;
    command.env("KRYOPTIC_CONF", configuration);
    Ok(())
}

fn emptied(folder: &Path) -> Result<PathBuf, Stop> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}
