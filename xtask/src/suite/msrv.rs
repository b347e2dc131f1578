//! No dependency asks for a newer compiler than the crate that uses it.
//!
//! One toolchain is installed, so this reads what every package declares; what the standard
//! library itself adds is watched by `clippy::incompatible_msrv`, which the workspace denies.

use super::Stop;
use crate::log::Log;
use crate::metadata::Metadata;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let metadata = Metadata::read(workspace)?;
    let mut tally = Tally::default();
    for member in metadata.members() {
        let Some(promised) = member.rust_version.as_deref().and_then(version) else {
            log.problem(&format!("{} declares no rust-version", member.name))?;
            tally.count(false);
            continue;
        };
        let mut holds = true;
        for needed in metadata.all_needs(member) {
            if needed
                .rust_version
                .as_deref()
                .and_then(version)
                .is_some_and(|asks| asks > promised)
            {
                holds = false;
                log.problem(&format!(
                    "{} needs {} {}, which asks for Rust {}",
                    member.name,
                    needed.name,
                    needed.version,
                    needed.rust_version.as_deref().unwrap_or_default(),
                ))?;
            }
        }
        tally.count(holds);
    }
    Ok(tally)
}

/// `1.88` and `1.88.0` are the same version.
fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((
        parts.next()??,
        parts.next().unwrap_or(Some(0))?,
        parts.next().unwrap_or(Some(0))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(version("1.88"), version("1.88.0"));
        assert!(version("1.100") > version("1.88.2"));
        assert_eq!(version("new"), None);
    }
}
