use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bulla::jwa::SignatureAlg;
use bulla::oauth::Issuer;
use bulla::oauth::assertion::Profile;

use super::document::Document;
use super::section::{Section, unknown_variable};
use super::{
    Config, Given, Overrides, Place, Problem, Signing, StoreLocation, Tls, client, issuer, rules,
};
use crate::rotation::RotationSchedule;

impl Config {
    /// Reads the text of a file. `path` is for messages, and what relative paths in the file are relative to.
    ///
    /// # Errors
    ///
    /// Every mistake, in the order in which they stand. There is at least one.
    pub fn read(path: &Path, text: &str, overrides: &Overrides) -> Result<Self, Vec<Problem>> {
        read(path, text, overrides, true)
    }

    /// The configuration without a file: the defaults, and what overrides them. There are no clients.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn without_file(overrides: &Overrides) -> Result<Self, Vec<Problem>> {
        read(Path::new(""), "", overrides, false)
    }
}

fn read(
    path: &Path,
    text: &str,
    overrides: &Overrides,
    has_file: bool,
) -> Result<Config, Vec<Problem>> {
    let document = Document::new(path, text);
    let mut problems = Vec::new();
    let table = document.parse(&mut problems);
    let top = if has_file {
        document.place(0)
    } else {
        Place::Default
    };
    let mut section = Section::named("", Some(&table), top.clone(), &document, overrides);
    let mut settings = Vec::new();

    let issuer = section.parsed("issuer", &mut problems, issuer_of);
    let listen = section.parsed("listen", &mut problems, listen_of);
    let store = store(&mut section, &mut problems);
    let profile = section.parsed("profile", &mut problems, profile_of);
    let lifetime = section.duration("access_token_lifetime", &mut problems);
    let signing_alg = section.parsed("signing_alg", &mut problems, rules::signature_alg);
    let signing_key = section.text("signing_key", &mut problems);
    let key_encryption_key = section.text("key_encryption_key", &mut problems);
    let old_key_encryption_key = section.text("old_key_encryption_key", &mut problems);
    let dpop_nonce = section.switch("dpop_nonce", &mut problems);
    let profile = profile.map_or(Profile::default(), |given| given.value);

    let found = section.table("tls", &mut problems);
    let tls = tls(found, &document, overrides, &mut problems, &mut settings);
    let found = section.table("rotation", &mut problems);
    let times = times(found, &document, overrides, &mut problems, &mut settings);
    let clients = section.tables("client", &mut problems);
    let clients = client::read_all(clients, &document, overrides, profile, &mut problems);
    let issuers = section.tables("trusted_issuer", &mut problems);
    let trusted_issuers = issuer::read_all(issuers, &document, overrides, &mut problems);
    settings.extend(section.finish(&mut problems));
    for name in overrides.strangers(&settings) {
        let place = Place::Variable(name.to_owned());
        let fix = unknown_variable(name, &settings);
        problems.push(Problem::new(&place, "there is no such setting", fix));
    }

    if has_file
        && issuer.is_none()
        && !problems
            .iter()
            .any(|found| found.what().starts_with("issuer"))
    {
        problems.push(Problem::new(
            &top,
            "the issuer is missing",
            "write issuer = \"https://..\": the identifier that stands in every token",
        ));
    }
    let listen = listen.unwrap_or_else(|| {
        Given::new(
            SocketAddr::from((Ipv4Addr::LOCALHOST, 9000)),
            Place::Default,
        )
    });
    let lifetime = lifetime.unwrap_or_else(|| Given::new(Duration::from_secs(600), Place::Default));
    rules::lifetimes(&times, &lifetime, &mut problems);
    rules::transport(issuer.as_ref(), &listen, tls.as_ref(), &mut problems);
    if let Some(alg) = &signing_alg {
        rules::signing(alg, profile, &mut problems);
    }
    rules::grants(&clients, &trusted_issuers, &mut problems);
    if !problems.is_empty() {
        problems.sort_by_key(order);
        return Err(problems);
    }
    Ok(Config {
        issuer,
        listen,
        store: store.unwrap_or_else(|| {
            Given::new(
                StoreLocation::Sqlite(PathBuf::from("bulla.db")),
                Place::Default,
            )
        }),
        profile,
        access_token_lifetime: lifetime.value,
        signing: match (signing_key, signing_alg.map(|given| given.value)) {
            (Some(keyref), alg) => Signing::Key { keyref, alg },
            (None, alg) => Signing::Stored(alg.unwrap_or(SignatureAlg::Es256)),
        },
        key_encryption_key,
        old_key_encryption_key,
        rotation: times.schedule(),
        dpop_nonce: dpop_nonce.is_none_or(|given| given.value),
        tls,
        clients,
        trusted_issuers,
    })
}

/// Those of the file come as they stand in it.
fn order(problem: &Problem) -> (usize, usize) {
    match problem.place() {
        Place::File { line, column, .. } => (*line, *column),
        _ => (0, 0),
    }
}

/// Relative paths in a file are relative to its folder; elsewhere they are to where the program was started.
pub(super) fn path_of(given: &Given<String>) -> PathBuf {
    given.folder().join(&given.value)
}

fn issuer_of(text: &str) -> Result<Issuer, (String, String)> {
    Issuer::parse(text).map_err(|error| {
        (
            format!("{text:?}: {error}"),
            "write an https URL without query and fragment; http is for loopback alone".to_owned(),
        )
    })
}

fn listen_of(text: &str) -> Result<SocketAddr, (String, String)> {
    text.parse().map_err(|_| {
        (
            format!("{text:?} is no address with a port"),
            "write \"127.0.0.1:9000\" or \"[::1]:9000\"; port 0 takes any that is free".to_owned(),
        )
    })
}

fn profile_of(text: &str) -> Result<Profile, (String, String)> {
    text.parse().map_err(|_| {
        (
            format!("there is no profile {text:?}"),
            "write \"bis\", \"fapi2\" or \"legacy\"".to_owned(),
        )
    })
}

fn store(section: &mut Section<'_>, problems: &mut Vec<Problem>) -> Option<Given<StoreLocation>> {
    let given = section.text("store", problems)?;
    let fix = "write \"sqlite:bulla.db\": the path of a file";
    let refused = match given.value.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => {
            let path = path_of(&Given::new(path.to_owned(), given.place.clone()));
            return Some(Given::new(StoreLocation::Sqlite(path), given.place));
        }
        Some(("postgres" | "postgresql", _)) => "store: PostgreSQL is not built in".to_owned(),
        _ => format!("store: {:?} names no store", given.value),
    };
    problems.push(Problem::new(&given.place, refused, fix));
    None
}

fn tls<'a>(
    found: Option<(&'a toml::de::DeTable<'a>, Place)>,
    document: &'a Document<'a>,
    overrides: &'a Overrides,
    problems: &mut Vec<Problem>,
    settings: &mut Vec<String>,
) -> Option<Tls> {
    let (table, place) = found.map_or((None, Place::Default), |(table, place)| {
        (Some(table), place)
    });
    let mut section = Section::named("tls.", table, place, document, overrides);
    let path = |given: Given<String>| Given::new(path_of(&given), given.place);
    let before = problems.len();
    let cert = section.text("cert", problems).map(path);
    let key = section.text("key", problems).map(path);
    let is_there = section.is_there() || cert.is_some() || key.is_some();
    let place = section.place().clone();
    settings.extend(section.finish(problems));
    match (cert, key) {
        (Some(cert), Some(key)) => Some(Tls { cert, key }),
        (cert, key) => {
            if is_there && problems.len() == before {
                let missing = if cert.is_none() { "cert" } else { "key" };
                let place = cert.or(key).map_or(place, |given| given.place);
                problems.push(Problem::new(
                    &place,
                    format!("tls: {missing} is missing"),
                    "name both files, cert and key, or remove [tls]",
                ));
            }
            None
        }
    }
}

fn times<'a>(
    found: Option<(&'a toml::de::DeTable<'a>, Place)>,
    document: &'a Document<'a>,
    overrides: &'a Overrides,
    problems: &mut Vec<Problem>,
    settings: &mut Vec<String>,
) -> rules::Times {
    let (table, place) = found.map_or((None, Place::Default), |(table, place)| {
        (Some(table), place)
    });
    let mut section = Section::named("rotation.", table, place, document, overrides);
    let default = rules::Times::default();
    let times = rules::Times {
        pending: section
            .duration("pending", problems)
            .unwrap_or(default.pending),
        active: section
            .duration("active", problems)
            .unwrap_or(default.active),
        retired: section
            .duration("retired", problems)
            .unwrap_or(default.retired),
    };
    settings.extend(section.finish(problems));
    times
}

impl rules::Times {
    fn schedule(&self) -> RotationSchedule {
        RotationSchedule::new()
            .pending(self.pending.value)
            .active(self.active.value)
            .retired(self.retired.value)
    }
}
