//! `jwks`, `jwks_uri` and `jwks_file`: where the keys of a client or of an issuer are.

use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, JwkSet};
use bulla::key::{KeySet, KeySetPolicy};
use url::{Host, Url};

use super::load::path_of;
use super::section::Section;
use super::{Given, Jwks, Place, Problem};

/// Those of the three that are there. `used` is what the keys are to verify.
pub(super) fn read(
    section: &mut Section<'_>,
    allow_loopback: bool,
    used: &[SignatureAlg],
    problems: &mut Vec<Problem>,
) -> Vec<Given<Jwks>> {
    let mut found = Vec::new();
    if let Some(given) = section.text("jwks", problems) {
        match set(given.value.as_bytes(), used) {
            Ok(set) => found.push(Given::new(Jwks::Inline(set), given.place)),
            Err((what, fix)) => {
                problems.push(Problem::new(&given.place, format!("jwks: {what}"), fix));
            }
        }
    }
    let uri = section.parsed("jwks_uri", problems, |text| {
        check_url(text, allow_loopback).map(|()| Jwks::Url(text.to_owned()))
    });
    found.extend(uri);
    if let Some(given) = section.text("jwks_file", problems) {
        let path = path_of(&given);
        found.push(Given::new(Jwks::File(path), given.place));
    }
    found
}

/// RFC 7591 §2: `jwks` and `jwks_uri` are not there both.
pub(super) fn exactly_one(
    mut found: Vec<Given<Jwks>>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Given<Jwks>> {
    if let [first, second, ..] = found.as_slice() {
        problems.push(Problem::new(
            &second.place,
            format!(
                "the keys are named twice; the first time at {}",
                first.place
            ),
            "keep one of jwks, jwks_uri and jwks_file",
        ));
    }
    if found.is_empty() && !problems.iter().any(|problem| is_about_keys(problem, place)) {
        problems.push(Problem::new(
            place,
            "no keys are named",
            "write jwks_uri = \"https://..\", jwks_file = \"..\" or jwks = '{\"keys\":[..]}'",
        ));
    }
    (found.len() == 1).then(|| found.remove(0))
}

/// Whether a problem with the keys of this very table has been told.
fn is_about_keys(problem: &Problem, table: &Place) -> bool {
    let line = |place: &Place| match place {
        Place::File { line, .. } => *line,
        _ => 0,
    };
    problem.what().starts_with("jwks") && line(problem.place()) >= line(table)
        || problem.what().starts_with("issuer: its keys")
}

/// A set that can verify something and hides nothing.
pub(super) fn set(octets: &[u8], used: &[SignatureAlg]) -> Result<JwkSet, (String, String)> {
    let set = JwkSet::parse(octets).map_err(|error| {
        (
            format!("it is no JWK Set: {error}"),
            "write {\"keys\":[..]} with public keys".to_owned(),
        )
    })?;
    for (index, key) in set.keys().iter().enumerate() {
        let kind = match key {
            Jwk::Private(_) => "a private key, which the client alone may have",
            Jwk::Secret(_) => "a symmetric key",
            _ => continue,
        };
        return Err((
            format!("key {} of the set is {kind}", index + 1),
            "register the public half: bulla jwk public KEYREF".to_owned(),
        ));
    }
    let policy = KeySetPolicy::signatures(used.iter().copied());
    let compiled = KeySet::compile(&set, &bulla::backend(), &policy);
    if compiled.verifiers().len() == 0 {
        let parsed = set.rejected().iter().map(|key| key.error.to_string());
        let bound = compiled.rejected().iter().map(|row| row.error.to_string());
        let reasons: Vec<String> = parsed.chain(bound).collect();
        let why = match reasons.as_slice() {
            [] => "it is empty".to_owned(),
            reasons => reasons.join("; "),
        };
        return Err((
            format!("no key of the set can be used: {why}"),
            format!("use keys for one of {}", super::rules::names(used)),
        ));
    }
    Ok(set)
}

fn check_url(text: &str, allow_loopback: bool) -> Result<(), (String, String)> {
    let https = || "write an https URL".to_owned();
    let url = Url::parse(text).map_err(|_| (format!("{text:?} is no URL"), https()))?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err((format!("{text:?} names no host"), https())),
    };
    let development = || "write allow_loopback_jwks = true, for development alone".to_owned();
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err((
            "it has a user, a password or a fragment".to_owned(),
            "write it without".to_owned(),
        ));
    }
    match url.scheme() {
        "https" if !is_loopback || allow_loopback => Ok(()),
        "https" => Err(("it leads to this machine".to_owned(), development())),
        "http" if is_loopback && allow_loopback => Ok(()),
        "http" if is_loopback => {
            Err(("it is plain http to this machine".to_owned(), development()))
        }
        scheme => Err((format!("{scheme}: is not https:"), https())),
    }
}
