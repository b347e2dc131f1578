use bulla::oauth::Issuer;
use bulla::oauth::assertion::Profile;
use toml::de::DeTable;

use super::document::Document;
use super::section::Section;
use super::{Given, IssuerSettings, Jwks, Overrides, Place, Problem, keys};

/// Reads every `[[trusted_issuer]]`.
pub(super) fn read_all<'a>(
    tables: Vec<(&'a DeTable<'a>, Place)>,
    document: &'a Document<'a>,
    overrides: &'a Overrides,
    problems: &mut Vec<Problem>,
) -> Vec<IssuerSettings> {
    let mut issuers = Vec::new();
    for (table, place) in tables {
        let section = Section::one_of(table, place, document, overrides);
        issuers.extend(read(section, problems));
    }
    issuers
}

fn read(mut section: Section<'_>, problems: &mut Vec<Problem>) -> Option<IssuerSettings> {
    let before = problems.len();
    let issuer = section.parsed("issuer", problems, |text| {
        Issuer::parse(text).map_err(|error| {
            let fix = "write its identifier as its tokens have it in iss".to_owned();
            (format!("{text:?}: {error}"), fix)
        })
    });
    if issuer.is_none() && problems.len() == before {
        problems.push(Problem::new(
            section.place(),
            "the trusted issuer has no issuer",
            "write issuer = \"https://..\": iss of its assertions",
        ));
    }
    let subject_prefix = section.text("subject_prefix", problems);
    let clients = section.list("clients", problems).map(|list| list.value);
    let allow = section.switch("allow_loopback_jwks", problems);
    let allow_loopback_jwks = allow.is_some_and(|given| given.value);
    // Whoever issues grants is no client of ours, and signs as it does for all.
    let used = Profile::Legacy.algorithms();
    let before = problems.len();
    let mut jwks = keys::read(&mut section, allow_loopback_jwks, used, problems);
    if jwks.is_empty() && problems.len() == before {
        jwks.extend(discovered(issuer.as_ref(), allow_loopback_jwks, problems));
    }
    let jwks = keys::exactly_one(jwks, section.place(), problems);
    section.finish(problems);
    Some(IssuerSettings {
        issuer: issuer?,
        jwks: jwks?,
        subject_prefix: subject_prefix.map(|given| given.value).unwrap_or_default(),
        clients,
        allow_loopback_jwks,
    })
}

/// Without keys of its own they are where the issuer's metadata says.
fn discovered(
    issuer: Option<&Given<Issuer>>,
    allow_loopback: bool,
    problems: &mut Vec<Problem>,
) -> Option<Given<Jwks>> {
    let issuer = issuer?;
    if issuer.value.as_str().starts_with("http:") && !allow_loopback {
        problems.push(Problem::new(
            &issuer.place,
            "issuer: its keys would be fetched over plain http",
            "write allow_loopback_jwks = true, for development, or name jwks_uri",
        ));
        return None;
    }
    Some(Given::new(Jwks::Discovered, issuer.place.clone()))
}
