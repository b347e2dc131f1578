//! KEYREF: the one grammar in which every flag names a key.

use std::path::{Path, PathBuf};

use bulla::kms::KeyUri;

use crate::error::Failure;
use crate::input;
use crate::remote::RemoteArgs;

/// Where a key is, and which of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRef {
    /// The octets are a symmetric key as they are (`oct:`), and not a JWK, PEM or DER.
    pub(crate) raw: bool,
    /// The octets are a key store (`pkcs12:`, `jks:`).
    pub(crate) store: Option<Store>,
    pub(crate) source: Source,
    /// The key of a set that `#KID` names.
    pub(crate) kid: Option<String>,
    /// How to fetch what is at a URL: where keys are to verify with, and nowhere else.
    remote: Option<RemoteArgs>,
    /// As it was written, for messages.
    text: String,
}

/// What stands for `-` before a `#KID`, because `-#KID` looks like flags: the arguments are changed to it as they come
/// in ([`crate::usage`]).
pub(crate) const STDIN: &str = "stdin:";

/// A key store, and which of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    pub(crate) kind: StoreKind,
    /// The entry that `?alias=` names.
    pub(crate) alias: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    Jks,
    Pkcs12,
}

/// Where octets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Env(String),
    Stdin,
    /// A JWK Set, `https:`.
    Url(String),
    /// A key in a vault, by its URI; its octets are not to be had.
    Vault(String),
}

impl KeyRef {
    /// Reads a key reference as an argument gives it.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if looks_like_a_key(text) {
            return Err(Failure::usage(
                "a key was given where a key reference belongs",
                "keep keys out of arguments: name a file, env:NAME, or - for standard input",
            ));
        }
        for (scheme, what) in NOT_BUILT_IN {
            if has_scheme(text, scheme) {
                return Err(Failure::not_built_in(format_args!("{scheme} ({what})")));
            }
        }
        if let Some((scheme, what, is_built_in)) =
            VAULTS.iter().find(|(scheme, ..)| has_scheme(text, scheme))
        {
            if !is_built_in {
                return Err(
                    Failure::not_built_in(format_args!("{scheme} ({what})")).help(
                        "build it with `cargo build --release --features vaults`, or take a released binary",
                    ),
                );
            }
            KeyUri::parse(text)
                .map_err(|error| Failure::new(error.code(), error.fault(), &error).about(text))?;
            return Ok(Self {
                raw: false,
                store: None,
                source: Source::Vault(text.to_owned()),
                kid: None,
                remote: None,
                text: text.to_owned(),
            });
        }
        if has_scheme(text, "http:") {
            return Err(Failure::usage(
                "plain http is refused for keys",
                "use https://",
            ));
        }
        if let Some(rest) = strip_scheme(text, "oct:") {
            // The octets of a secret have no members, so `#` is part of the name.
            let source = Source::parse_local(rest, text)?;
            return Ok(Self {
                raw: true,
                store: None,
                source,
                kid: None,
                remote: None,
                text: text.to_owned(),
            });
        }
        for (scheme, kind) in STORES {
            if let Some(rest) = strip_scheme(text, scheme) {
                return Self::store(*kind, rest, text);
            }
        }
        let (rest, kid) = split_kid(text);
        if kid == Some("") {
            return Err(Failure::usage(
                format_args!("{text}: no kid after the #"),
                "write PATH#KID, or leave out the #",
            ));
        }
        Ok(Self {
            raw: false,
            store: None,
            source: Source::parse(rest, text)?,
            kid: kid.map(str::to_owned),
            remote: None,
            text: text.to_owned(),
        })
    }

    /// Allows a URL, since the keys are to verify with.
    pub(crate) fn for_verifying(mut self, remote: &RemoteArgs) -> Self {
        self.remote = Some(remote.clone());
        self
    }

    /// Whether the keys are published: then private and symmetric ones have no place among them.
    pub(crate) const fn is_published(&self) -> bool {
        matches!(self.source, Source::Url(_))
    }

    /// `PATH?alias=A`. A `#` is part of the path or of the alias.
    fn store(kind: StoreKind, rest: &str, text: &str) -> Result<Self, Failure> {
        let (path, alias) = match rest.split_once('?') {
            Some((path, query)) if !Path::new(rest).exists() => (path, Some(query)),
            _ => (rest, None),
        };
        let alias = alias
            .map(|query| {
                query
                    .strip_prefix("alias=")
                    .filter(|alias| !alias.is_empty())
                    .ok_or_else(|| {
                        Failure::usage(
                            format_args!("{text}: {query:?} names no alias"),
                            "write PATH?alias=NAME, or leave out the ? where the store has one key",
                        )
                    })
            })
            .transpose()?;
        Ok(Self {
            raw: false,
            store: Some(Store {
                kind,
                alias: alias.map(str::to_owned),
            }),
            source: Source::parse_local(path, text)?,
            kid: None,
            remote: None,
            text: text.to_owned(),
        })
    }

    /// The URI of a key in a vault.
    pub(crate) fn vault(&self) -> Option<&str> {
        match &self.source {
            Source::Vault(uri) => Some(uri),
            _ => None,
        }
    }

    /// Whether reading it reads standard input.
    pub(crate) fn is_stdin(&self) -> bool {
        self.source == Source::Stdin
    }

    /// The octets. More than a key set may have is refused.
    pub(crate) fn read(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, Failure> {
        let limit = bulla::Limits::DEFAULT.jwk_set;
        let octets = match &self.source {
            Source::File(path) => input::read_file(path, limit)?,
            Source::Env(name) => input::read_env(name)?,
            Source::Stdin => input::read_stdin(limit)?,
            Source::Vault(_) => {
                return Err(Failure::bug(
                    "the octets of a key in a vault were asked for",
                ));
            }
            Source::Url(url) => match &self.remote {
                Some(remote) => remote.fetch(url)?.into(),
                None => {
                    return Err(Failure::usage(
                        format_args!("{self}: keys at a URL are to verify with, and nothing else"),
                        "fetch the set with `bulla jwks fetch URL --json`, look at it, and name the file",
                    ));
                }
            },
        };
        if octets.len() > limit {
            return Err(Failure::new(
                "jwk.limit-exceeded",
                bulla::Fault::Key,
                format_args!("{self}: longer than {limit} octets"),
            ));
        }
        Ok(octets)
    }
}

impl std::fmt::Display for KeyRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.text == "-" {
            "standard input"
        } else {
            &self.text
        })
    }
}

impl Source {
    /// What holds secrets is on this machine: anybody could fetch it from a URL, and a URL has JWK Sets.
    fn parse_local(text: &str, whole: &str) -> Result<Self, Failure> {
        if has_scheme(text, "https:") || has_scheme(text, "http:") {
            return Err(Failure::usage(
                format_args!("{whole:?}: only a JWK Set may be at a URL"),
                "name a file, env:NAME, or - for standard input",
            ));
        }
        Self::parse(text, whole)
    }

    fn parse(text: &str, whole: &str) -> Result<Self, Failure> {
        let empty = |what: &str| {
            Failure::usage(
                format_args!("{whole:?}: {what}"),
                "name a file, env:NAME, or - for standard input",
            )
        };
        match strip_scheme(text, "env:") {
            Some("") => return Err(empty("no name after env:")),
            Some(name) => return Ok(Self::Env(name.to_owned())),
            None => {}
        }
        if has_scheme(text, "https:") {
            return Ok(Self::Url(text.to_owned()));
        }
        match strip_scheme(text, "file:").unwrap_or(text) {
            "" => Err(empty("an empty key reference")),
            "-" | STDIN if !has_scheme(text, "file:") => Ok(Self::Stdin),
            path => Ok(Self::File(path.into())),
        }
    }
}

/// Splits `PATH#KID`. A file whose own name has a `#` is found first.
fn split_kid(text: &str) -> (&str, Option<&str>) {
    let path = |text| Path::new(strip_scheme(text, "file:").unwrap_or(text)).exists();
    if !text.contains('#') || path(text) {
        return (text, None);
    }
    let splits = || {
        text.match_indices('#')
            .filter_map(|(at, _)| text.split_at_checked(at))
    };
    let (rest, kid) = splits()
        .find(|(rest, _)| path(rest))
        .or_else(|| splits().next())
        .unwrap_or((text, ""));
    (rest, Some(kid.strip_prefix('#').unwrap_or(kid)))
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    // Schemes are compared without regard to case, as RFC 3986 §3.1 has it.
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    strip_scheme(text, scheme).is_some()
}

/// Whether an argument is the key itself: then it is in the shell's history already, and nothing repeats it.
pub(crate) fn looks_like_a_key(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') || text.contains("-----BEGIN")
}

const STORES: &[(&str, StoreKind)] = &[("jks:", StoreKind::Jks), ("pkcs12:", StoreKind::Pkcs12)];

/// Vaults, and whether this build speaks to them.
const VAULTS: &[(&str, &str, bool)] = &[
    ("awskms:", "AWS KMS", cfg!(feature = "vaults")),
    ("azurekv:", "Azure Key Vault", cfg!(feature = "vaults")),
    ("pkcs11:", "a PKCS#11 token", true),
];

/// What the contract names and no build has yet.
const NOT_BUILT_IN: &[(&str, &str)] = &[
    ("gcpkms:", "Google Cloud KMS"),
    ("vault:", "HashiCorp Vault"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (PathBuf, Option<String>) {
        let keyref = KeyRef::parse(text).expect("a key reference");
        match keyref.source {
            Source::File(path) => (path, keyref.kid),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sources() {
        assert_eq!(file("a.jwk"), ("a.jwk".into(), None));
        assert_eq!(file("file:a.jwk"), ("a.jwk".into(), None));
        assert_eq!(file("file:-"), ("-".into(), None));
        assert_eq!(
            file("a.jwks#2026-01"),
            ("a.jwks".into(), Some("2026-01".into()))
        );
        assert_eq!(file("a.jwks#x#y"), ("a.jwks".into(), Some("x#y".into())));
        assert_eq!(file("other:thing"), ("other:thing".into(), None));
        assert_eq!(KeyRef::parse("-").expect("stdin").source, Source::Stdin);
        let keyref = KeyRef::parse("HTTPS://a.example/jwks#x").expect("a URL");
        assert_eq!(
            (keyref.source, keyref.kid),
            (
                Source::Url("HTTPS://a.example/jwks".into()),
                Some("x".into())
            )
        );
        let keyref = KeyRef::parse("env:KEYS#a").expect("env");
        assert_eq!(
            (keyref.source, keyref.kid),
            (Source::Env("KEYS".into()), Some("a".into()))
        );
        let keyref = KeyRef::parse("oct:env:SECRET").expect("oct");
        assert_eq!(
            (keyref.raw, keyref.source),
            (true, Source::Env("SECRET".into()))
        );
        let keyref = KeyRef::parse("oct:a#b").expect("oct");
        assert_eq!(
            (keyref.raw, keyref.source),
            (true, Source::File("a#b".into()))
        );
    }

    #[test]
    fn stores() {
        let parse = |text| {
            let keyref = KeyRef::parse(text).expect("a key reference");
            let store = keyref.store.expect("a store");
            (store.kind, keyref.source, store.alias)
        };
        assert_eq!(
            parse("pkcs12:a.p12?alias=x y#z"),
            (
                StoreKind::Pkcs12,
                Source::File("a.p12".into()),
                Some("x y#z".into())
            )
        );
        assert_eq!(
            parse("JKS:dir/a#b.jks"),
            (StoreKind::Jks, Source::File("dir/a#b.jks".into()), None)
        );
        assert_eq!(parse("jks:-?alias=a").1, Source::Stdin);
    }

    #[test]
    fn refusals() {
        for (text, code) in [
            ("pkcs12:", "cli.usage"),
            ("pkcs12:?alias=a", "cli.usage"),
            ("jks:a.jks?alias=", "cli.usage"),
            ("jks:a.jks?name=a", "cli.usage"),
            ("", "cli.usage"),
            ("env:", "cli.usage"),
            ("file:", "cli.usage"),
            ("oct:", "cli.usage"),
            ("a.jwks#", "cli.usage"),
            ("{\"kty\":\"oct\"}", "cli.usage"),
            ("http://a.example/jwks", "cli.usage"),
            ("oct:https://a.example/secret", "cli.usage"),
            ("oct:HTTPS:secret", "cli.usage"),
            ("oct:http://a.example/secret", "cli.usage"),
            ("pkcs12:https://a.example/store?alias=a", "cli.usage"),
            ("jks:https://a.example/store", "cli.usage"),
            ("pkcs11:token=a", "remote.uri-malformed"),
            ("pkcs11:object=a?pin-value=1234", "remote.uri-malformed"),
            ("gcpkms:projects/p", "cli.not-built-in"),
            ("vault:transit/k", "cli.not-built-in"),
        ] {
            assert_eq!(KeyRef::parse(text).expect_err(text).code(), code, "{text}");
        }
    }
}
