//! What `cargo metadata` says of the crates and what they depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;

use serde_json::Value;

use crate::Failure;
use crate::workspace::Workspace;

/// One package of the resolved graph.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rust_version: Option<String>,
    /// `false` where `publish = false`.
    pub(crate) published: bool,
    /// Packages it needs to be built (normal and build dependencies), by id.
    pub(crate) needs: Vec<String>,
}

/// The resolved graph of the workspace.
#[derive(Debug)]
pub(crate) struct Metadata {
    packages: BTreeMap<String, Package>,
    members: BTreeSet<String>,
}

impl Metadata {
    pub(crate) fn read(workspace: &Workspace) -> Result<Self, Failure> {
        let output = workspace
            .cargo(&[
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--all-features",
            ])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|e| format!("cargo metadata: {e}"))?;
        if !output.status.success() {
            return Err("`cargo metadata --locked` failed".into());
        }
        Self::parse(&serde_json::from_slice(&output.stdout)?)
            .ok_or_else(|| "`cargo metadata` has another shape than expected".into())
    }

    fn parse(value: &Value) -> Option<Self> {
        let mut needs = BTreeMap::new();
        for node in value.pointer("/resolve/nodes")?.as_array()? {
            needs.insert(node["id"].as_str()?.to_owned(), needed(node)?);
        }
        let mut packages = BTreeMap::new();
        for package in value["packages"].as_array()? {
            let id = package["id"].as_str()?.to_owned();
            let found = Package {
                name: package["name"].as_str()?.to_owned(),
                version: package["version"].as_str()?.to_owned(),
                rust_version: package["rust_version"].as_str().map(ToOwned::to_owned),
                published: package["publish"]
                    .as_array()
                    .is_none_or(|places| !places.is_empty()),
                needs: needs.remove(&id).unwrap_or_default(),
            };
            packages.insert(id, found);
        }
        let members = value["workspace_members"].as_array()?;
        let members = members
            .iter()
            .filter_map(|id| Some(id.as_str()?.to_owned()))
            .collect();
        Some(Self { packages, members })
    }

    /// The workspace's own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    /// The workspace's own packages that `package` names in its manifest.
    pub(crate) fn member_needs<'m>(&'m self, package: &'m Package) -> Vec<&'m Package> {
        let own = package.needs.iter().filter(|id| self.members.contains(*id));
        own.filter_map(|id| self.packages.get(id)).collect()
    }

    /// Everything `package` needs to be built, at any depth, itself left out.
    pub(crate) fn all_needs<'m>(&'m self, package: &'m Package) -> Vec<&'m Package> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = package.needs.iter().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.packages.get(id).map_or(&[][..], |found| &found.needs));
            }
        }
        seen.into_iter()
            .filter_map(|id| self.packages.get(id))
            .collect()
    }
}

/// The ids a node of the graph needs other than for its tests.
fn needed(node: &Value) -> Option<Vec<String>> {
    let mut needs = Vec::new();
    for dependency in node["deps"].as_array()? {
        let kinds = dependency["dep_kinds"].as_array()?;
        if kinds
            .iter()
            .any(|kind| kind["kind"].as_str() != Some("dev"))
        {
            needs.push(dependency["pkg"].as_str()?.to_owned());
        }
    }
    Some(needs)
}
