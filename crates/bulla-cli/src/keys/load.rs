use bulla::Fault;
use bulla::jwk::{Jwk, JwkSet, KeyError, SecretJwk, pem};
use bulla::x509::key_store::Rejected;

use super::{Password, store, vault};
use crate::error::Failure;
use crate::keyref::KeyRef;
use crate::output;

/// What a key reference leads to.
#[derive(Debug)]
pub(crate) enum Loaded {
    Key(Box<Jwk>),
    Set(JwkSet),
}

/// Reads the key or the set that a reference leads to; `#KID` has been followed. Of a key in a vault, the public half. Warns of the entries of a key store that
/// are left out.
pub(crate) fn load(keyref: &KeyRef, password: Option<&Password>) -> Result<Loaded, Failure> {
    let (loaded, rejected) = load_quietly(keyref, password)?;
    for rejected in rejected {
        output::warn(&format!(
            "{:?} is left out: {}",
            rejected.name, rejected.error
        ));
    }
    Ok(loaded)
}

fn load_quietly(
    keyref: &KeyRef,
    password: Option<&Password>,
) -> Result<(Loaded, Vec<Rejected>), Failure> {
    if let Some(uri) = keyref.vault() {
        let public = vault::public(uri, keyref)?;
        return Ok((Loaded::Key(Box::new(public)), Vec::new()));
    }
    let octets = keyref.read()?;
    if let Some(store) = &keyref.store {
        return store::load(store, &octets, password).map_err(|failure| failure.about(keyref));
    }
    let loaded = if keyref.raw {
        raw_secret(&octets).map(|key| Loaded::Key(Box::new(key)))
    } else {
        sniff(&octets, password)
    };
    let mut loaded = loaded.map_err(|failure| failure.about(keyref))?;
    if keyref.is_published() {
        loaded = Loaded::Set(published(loaded));
    }
    let loaded = match &keyref.kid {
        None => loaded,
        Some(kid) => pick(loaded, kid)
            .map(|key| Loaded::Key(Box::new(key)))
            .map_err(|failure| failure.about(keyref))?,
    };
    Ok((loaded, Vec::new()))
}

/// What may be taken from a set that somebody published: no private and no symmetric keys, which were then everybody's.
fn published(loaded: Loaded) -> JwkSet {
    let set = match loaded {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    let keys = set.into_keys().into_iter();
    JwkSet::new(keys.filter(|key| matches!(key, Jwk::Public(_))))
}

/// Reads the one key that a reference leads to. Of a set that has several, the reference must name one.
pub(crate) fn load_one(keyref: &KeyRef, password: Option<&Password>) -> Result<Jwk, Failure> {
    match load_quietly(keyref, password)?.0 {
        Loaded::Key(key) => Ok(*key),
        Loaded::Set(set) => only(set, keyref).map_err(|failure| failure.about(keyref)),
    }
}

/// Tells a JWK Set, a JWK, PEM and DER by their content.
fn sniff(octets: &[u8], password: Option<&Password>) -> Result<Loaded, Failure> {
    let text = octets.trim_ascii_start();
    if text.starts_with(b"{") {
        return match is_set(text) {
            true => Ok(Loaded::Set(JwkSet::parse(octets)?)),
            false => Ok(Loaded::Key(Box::new(Jwk::parse(octets)?))),
        };
    }
    match bulla::import(octets, password.map(|password| password.as_slice())) {
        Ok(key) => Ok(Loaded::Key(Box::new(key))),
        Err(KeyError::Malformed(_)) if !pem::is_key_file(octets) => Err(Failure::new(
            "jwk.malformed",
            Fault::Key,
            format_args!(
                "expected a JWK, JWK Set, PEM, DER or certificate, found {}",
                content(text)
            ),
        )
        .help("name the file that holds the key; a symmetric key as it is takes oct:PATH")),
        Err(error) => Err(error.into()),
    }
}

/// What was given in place of a key, for people.
fn content(text: &[u8]) -> &'static str {
    match text {
        [] => "nothing",
        [0xef, 0xbb, 0xbf, ..] => "text with a byte order mark, which no key begins with",
        [b'[', ..] => "a JSON array",
        [b'"', ..] => "a quoted string",
        [b'e', b'y' | b'w', ..] if text.contains(&b'.') => "a token",
        _ if std::str::from_utf8(text).is_ok() => "other text",
        [0x30, ..] => "octets that begin as DER does and are cut or something else",
        _ => "other octets",
    }
}

/// A set is the object with `keys`. What is no JSON is refused by either parser in its own words.
fn is_set(text: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Form<'a> {
        #[serde(borrow)]
        keys: Option<&'a serde_json::value::RawValue>,
    }
    serde_json::from_slice::<Form<'_>>(text).is_ok_and(|form| form.keys.is_some())
}

/// The octets as they are, unless they are plainly something else: a public key that everybody has must never
/// become a secret by being named wrongly.
fn raw_secret(octets: &[u8]) -> Result<Jwk, Failure> {
    let text = octets.trim_ascii_start();
    let found = if pem::is_key_file(octets) {
        "a key file or certificate"
    } else if text.starts_with(b"{") && (is_set(text) || Jwk::parse(text).is_ok()) {
        "a JWK or JWK Set"
    } else {
        return Ok(Jwk::Secret(SecretJwk::new(octets)));
    };
    Err(Failure::new(
        "jwk.usage-mismatch",
        Fault::Key,
        format_args!("{found} is not a symmetric key's octets"),
    )
    .help("leave out `oct:` to read the key as what it is"))
}

/// The key of this `kid`.
fn pick(loaded: Loaded, kid: &str) -> Result<Jwk, Failure> {
    let set = match loaded {
        Loaded::Key(key) if key.members().kid.as_deref() == Some(kid) => return Ok(*key),
        Loaded::Key(_) => return Err(not_found(format_args!("the key's kid is not {kid:?}"))),
        Loaded::Set(set) => set,
    };
    if let Some(rejected) = set
        .rejected()
        .iter()
        .find(|rejected| rejected.kid.as_deref() == Some(kid))
    {
        return Err(rejected.error.clone().into());
    }
    let mut found = set.find(kid);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only.clone()),
        (Some(_), Some(_)) => Err(Failure::new(
            "jwk.ambiguous",
            Fault::Key,
            format_args!("several keys of the set have the kid {kid:?}"),
        )
        .help("give the keys different kids, or put the one you mean into a file of its own")),
        (None, _) => Err(
            not_found(format_args!("no key of the set has the kid {kid:?}"))
                .help(format!("the set has {}", kids(&set))),
        ),
    }
}

/// The only key of a set.
fn only(set: JwkSet, keyref: &KeyRef) -> Result<Jwk, Failure> {
    let kids = kids(&set);
    if let ([], Some(rejected)) = (set.keys(), set.rejected().first()) {
        return Err(rejected.error.clone().into());
    }
    let count = set.keys().len() + set.rejected().len();
    let mut keys = set.into_keys().into_iter();
    match keys.next() {
        Some(only) if count == 1 => Ok(only),
        Some(_) => Err(Failure::new(
            "jwk.ambiguous",
            Fault::Key,
            format_args!("the set holds {count} keys"),
        )
        .help(format!(
            "name one as {keyref}{}; the set has {kids}",
            if keyref.store.is_some() {
                "?alias=ALIAS"
            } else {
                "#KID"
            }
        ))),
        None => Err(not_found(format_args!("the set holds no keys"))),
    }
}

/// The first few kids of a set, for people.
fn kids(set: &JwkSet) -> String {
    const SHOWN: usize = 8;
    let all: Vec<&str> = set
        .keys()
        .iter()
        .filter_map(|key| key.members().kid.as_deref())
        .collect();
    let shown: Vec<String> = all
        .iter()
        .take(SHOWN)
        .map(|kid| format!("{kid:?}"))
        .collect();
    match (shown.is_empty(), all.len() > SHOWN) {
        (true, _) => "no kids".to_owned(),
        (false, true) => format!("the kids {}, ...", shown.join(", ")),
        (false, false) => format!("the kids {}", shown.join(", ")),
    }
}

pub(super) fn not_found(what: std::fmt::Arguments<'_>) -> Failure {
    Failure::new("jwk.not-found", Fault::Key, what)
}
