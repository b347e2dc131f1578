//! Key stores against Java's `keytool`, in both directions, and against `openssl pkcs12`.

mod reading;
mod tool;
mod writing;

use super::bulla::Bulla;
use super::case::Cases;
use super::install;
use crate::log::Log;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    install::need("keytool", "openjdk-17-jre-headless", workspace, log)?;
    install::need("openssl", "openssl", workspace, log)?;
    let bulla = Bulla::build(workspace, "keytool", log)?;
    bulla.write("password", tool::PASSWORD)?;
    bulla.write("wrong", "not-changeit")?;
    let mut cases = Cases::new("keytool", log);
    reading::run(&bulla, &mut cases)?;
    writing::run(&bulla, &mut cases)?;
    Ok(cases.tally())
}
