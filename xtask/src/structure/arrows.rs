//! Dependencies point down, as in the picture of ARCHITECTURE.md.

use crate::Failure;
use crate::metadata::{Metadata, Package};
use crate::workspace::Workspace;

/// Each published crate and what of ours it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("bulla-core", &[]),
    ("bulla-aws-lc", &["bulla-core"]),
    ("bulla-x509", &["bulla-core", "bulla-aws-lc"]),
    ("bulla-jwks", &["bulla-core", "bulla-aws-lc"]),
    ("bulla-kms", &["bulla-core", "bulla-aws-lc"]),
    ("bulla-oauth", &["bulla-core", "bulla-aws-lc", "bulla-jwks"]),
    (
        "bulla",
        &[
            "bulla-core",
            "bulla-aws-lc",
            "bulla-x509",
            "bulla-jwks",
            "bulla-kms",
            "bulla-oauth",
        ],
    ),
    ("bulla-server", &["bulla"]),
    ("bulla-cli", &["bulla", "bulla-server"]),
];

/// What would bring a cipher or I/O into the core.
const NOT_IN_CORE: &[&str] = &[
    "aes",
    "aws-lc-rs",
    "aws-lc-sys",
    "curve25519-dalek",
    "ecdsa",
    "ed25519-dalek",
    "ed448-goldilocks-plus",
    "hmac",
    "hyper",
    "k256",
    "mio",
    "openssl",
    "openssl-sys",
    "p256",
    "reqwest",
    "ring",
    "rsa",
    "rustls",
    "socket2",
    "tokio",
    "ureq",
];

/// No arrow between our crates points up or sideways, and no published crate needs an unpublished one.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let metadata = Metadata::read(workspace)?;
    let mut problems = Vec::new();
    for package in metadata.members().filter(|package| package.published) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            problems.push(format!(
                "{} has no row in xtask/src/structure/arrows.rs",
                package.name
            ));
            continue;
        };
        for needed in metadata.member_needs(package) {
            if !allowed.contains(&needed.name.as_str()) {
                problems.push(format!(
                    "{} must not depend on {}",
                    package.name, needed.name
                ));
            }
        }
    }
    Ok(problems)
}

/// The core has formats, types and traits: no cipher and no I/O, at any depth.
pub(super) fn check_core(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let metadata = Metadata::read(workspace)?;
    let core = metadata
        .members()
        .find(|package| package.name == "bulla-core");
    let core: &Package = core.ok_or("bulla-core is not a member of the workspace")?;
    let found = metadata.all_needs(core).into_iter();
    Ok(found
        .filter(|needed| NOT_IN_CORE.contains(&needed.name.as_str()))
        .map(|needed| format!("bulla-core needs {}", needed.name))
        .collect())
}
