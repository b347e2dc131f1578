//! npm `openid-client` and `oauth4webapi` as clients of a running `bulla serve`, and npm `jose` as the API that verifies
//! what they are given.

mod cases;
mod clients;
mod server;

use std::fs::File;
use std::process::Command;

use super::bulla::Bulla;
use super::case::Cases;
use super::driver::Driver;
use super::install;
use crate::Failure;
use crate::log::Log;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let node = install::node(workspace, log)?;
    let bulla = Bulla::build(workspace, "oauth-node-clients", log)?;
    let scratch = workspace.scratch("xtask")?;
    let stderr = |name: &str| -> Result<File, Failure> {
        Ok(File::create(scratch.join(format!("{name}.stderr")))?)
    };
    let mut driver = Driver::start(
        "oauth_clients.mjs",
        Command::new("node").arg(node.join("oauth_clients.mjs")),
        stderr("oauth-node-clients")?,
    )?;
    let clients = clients::make(&mut driver)?;
    let server = server::start(&bulla, &clients, stderr("oauth-node-clients-serve")?)?;
    let mut cases = Cases::new("oauth_node_clients", log);
    cases::run(&server, &clients, &mut driver, &mut cases)?;
    Ok(cases.tally())
}
