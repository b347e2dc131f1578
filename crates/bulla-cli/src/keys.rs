//! Keys read, chosen and bound to algorithms: all of it before a token is looked at.

use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use bulla::Fault;
use bulla::jwk::{Jwk, JwkSet, KeyError, UsageMismatch};
use bulla::jws::VerifyError;
use bulla::key::{
    Bindable as _, Candidates, HeaderCache, KeyHint, KeySet, KeySetPolicy, Keys, SelectError,
    Signer, Verifier,
};

use crate::algorithm::Algorithm;
use crate::error::Failure;
use crate::input;
use crate::keyref::KeyRef;

/// A password on its way to an encrypted key.
pub(crate) type Password = Zeroizing<Vec<u8>>;

/// What a key reference leads to.
#[derive(Debug)]
pub(crate) enum Loaded {
    Key(Box<Jwk>),
    Set(JwkSet),
}

/// Where the password of an encrypted key is.
#[derive(Args, Clone, Debug)]
pub(crate) struct PasswordArgs {
    /// The password of an encrypted key, else BULLA_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

impl PasswordArgs {
    /// For [`input::stdin_once`].
    pub(crate) fn stdin(&self) -> (&'static str, bool) {
        (
            "--password-file",
            self.password_file.as_deref() == Some(Path::new("-")),
        )
    }

    pub(crate) fn read(&self) -> Result<Option<Password>, Failure> {
        match &self.password_file {
            Some(path) => input::read_password(path).map(Some),
            None => Ok(from_environment()),
        }
    }
}

/// `BULLA_PASSWORD`, unless it is empty.
pub(crate) fn from_environment() -> Option<Password> {
    let password = std::env::var("BULLA_PASSWORD")
        .ok()
        .filter(|password| !password.is_empty())?;
    Some(Zeroizing::new(password.into_bytes()))
}

/// Reads the key or the set that a reference leads to; `#KID` has been followed.
pub(crate) fn load(keyref: &KeyRef, password: Option<&Password>) -> Result<Loaded, Failure> {
    let octets = keyref.read()?;
    let loaded = if keyref.raw {
        raw_secret(&octets).map(|key| Loaded::Key(Box::new(key)))
    } else {
        sniff(&octets, password)
    };
    let loaded = loaded.map_err(|failure| failure.about(keyref))?;
    match &keyref.kid {
        None => Ok(loaded),
        Some(kid) => pick(loaded, kid)
            .map(|key| Loaded::Key(Box::new(key)))
            .map_err(|failure| failure.about(keyref)),
    }
}

/// Reads the one key that a reference leads to. Of a set that has several, the reference must name one.
pub(crate) fn load_one(keyref: &KeyRef, password: Option<&Password>) -> Result<Jwk, Failure> {
    match load(keyref, password)? {
        Loaded::Key(key) => Ok(*key),
        Loaded::Set(set) => only(set, keyref).map_err(|failure| failure.about(keyref)),
    }
}

/// Reads a key and binds it for signing.
pub(crate) fn signer(
    keyref: &KeyRef,
    password: Option<&Password>,
    alg: Option<Algorithm>,
) -> Result<Signer, Failure> {
    let key = load_one(keyref, password)?;
    let bound = match (&key, alg) {
        (Jwk::Private(key), None) => bulla::signer(key),
        (Jwk::Private(key), Some(Algorithm::Signature(alg))) => bulla::signer_for(key, alg),
        (Jwk::Secret(key), None) => bulla::signer(key),
        (Jwk::Secret(key), Some(Algorithm::Mac(alg))) => bulla::signer_for(key, alg),
        (Jwk::Public(_), _) => {
            return Err(Failure::new(
                "jwk.usage-mismatch",
                Fault::Key,
                format_args!("{keyref}: a public key cannot sign"),
            )
            .help("sign with the private key; `bulla jwk inspect` tells which one a file holds"));
        }
        (_, Some(alg)) => Err(kind_mismatch(&key, alg)),
        (_, None) => Err(KeyError::Unsupported("this kind of key")),
    };
    bound.map_err(|error| unbound(error, &key, keyref))
}

/// The keys that a token may be verified with.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeyArgs {
    /// A key to verify with, whatever `kid` the token names; again for more
    #[arg(
        long,
        value_name = "KEYREF",
        required_unless_present = "jwks",
        conflicts_with = "jwks"
    )]
    key: Vec<String>,
    /// A set of keys to choose from by the token's `kid`
    #[arg(long, value_name = "REF")]
    jwks: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
    /// An algorithm that is allowed, where the keys do not fix it; again for more
    #[arg(long)]
    alg: Vec<Algorithm>,
}

impl KeyArgs {
    /// Reads the references, and no key yet.
    pub(crate) fn parse(&self) -> Result<KeyRefs<'_>, Failure> {
        Ok(KeyRefs {
            keys: self
                .key
                .iter()
                .map(|text| KeyRef::parse(text))
                .collect::<Result<_, _>>()?,
            set: self.jwks.as_deref().map(KeyRef::parse).transpose()?,
            args: self,
        })
    }
}

/// [`KeyArgs`] whose references are understood.
#[derive(Debug)]
pub(crate) struct KeyRefs<'a> {
    keys: Vec<KeyRef>,
    set: Option<KeyRef>,
    args: &'a KeyArgs,
}

impl KeyRefs<'_> {
    /// For [`input::stdin_once`].
    pub(crate) fn stdin(&self) -> Vec<(&'static str, bool)> {
        let keys = self.keys.iter().map(|keyref| ("--key", keyref.is_stdin()));
        let set = self.set.iter().map(|keyref| ("--jwks", keyref.is_stdin()));
        keys.chain(set)
            .chain([self.args.password.stdin()])
            .collect()
    }

    /// Reads the keys and binds them.
    pub(crate) fn bind(&self) -> Result<VerifyKeys, Failure> {
        let password = self.args.password.read()?;
        if let Some(keyref) = &self.set {
            return compile(keyref, password.as_ref(), &self.args.alg);
        }
        let mut verifiers = Vec::new();
        for keyref in &self.keys {
            let key = load_one(keyref, password.as_ref())?;
            let bound = bind_chosen(&key, &self.args.alg);
            verifiers.extend(bound.map_err(|error| unbound(error, &key, keyref))?);
        }
        Ok(VerifyKeys {
            keys: Bound::Chosen(verifiers),
            left_out: LeftOut::default(),
        })
    }
}

/// Keys bound for verifying.
#[derive(Debug)]
pub(crate) struct VerifyKeys {
    keys: Bound,
    left_out: LeftOut,
}

#[derive(Debug)]
enum Bound {
    /// Chosen by the caller: the token's `kid` does not matter.
    Chosen(Vec<Verifier>),
    Set(KeySet),
}

/// What of a set cannot verify, to be mentioned when a token finds no key.
#[derive(Debug, Default)]
struct LeftOut {
    without_alg: usize,
    rejected: Vec<String>,
}

impl VerifyKeys {
    /// A refusal, with what is known about the keys that were not there to prevent it.
    pub(crate) fn refused(&self, error: &VerifyError) -> Failure {
        let failure = Failure::new(error.code(), error.fault(), error);
        match error {
            // Whether a payload is in a token is written in the token.
            VerifyError::Payload { attached: true } => {
                Failure::new(error.code(), Fault::Token, error)
                    .help("leave out --payload, or verify the detached token")
            }
            VerifyError::Payload { attached: false } => {
                Failure::new(error.code(), Fault::Token, error)
                    .help("supply it with --payload FILE")
            }
            _ => self.with_left_out(failure),
        }
    }

    /// Adds to the help of "no such key" why a key of the set does not count.
    pub(crate) fn with_left_out(&self, failure: Failure) -> Failure {
        if !matches!(
            failure.code(),
            "jwk.not-found" | "jws.algorithm-not-allowed"
        ) {
            return failure;
        }
        if self.left_out.without_alg > 0 {
            let count = self.left_out.without_alg;
            return failure.help(format!(
                "{count} key(s) of the set fix no algorithm and were left out: name it with --alg"
            ));
        }
        match self.left_out.rejected.as_slice() {
            [] => failure,
            [first, ..] => failure.help(format!("a key of the set cannot be used: {first}")),
        }
    }
}

impl Keys for VerifyKeys {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        match &self.keys {
            Bound::Chosen(verifiers) => verifiers.select(hint),
            Bound::Set(set) => set.select(hint),
        }
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        None
    }
}

/// Tells a JWK Set, a JWK, PEM and DER by their content.
fn sniff(octets: &[u8], password: Option<&Password>) -> Result<Loaded, Failure> {
    let text = octets.trim_ascii_start();
    match text.first() {
        None => Err(KeyError::malformed("the key", "is empty").into()),
        Some(b'{') if is_set(text) => Ok(Loaded::Set(JwkSet::parse(octets)?)),
        Some(b'{') => Ok(Loaded::Key(Box::new(Jwk::parse(octets)?))),
        Some(_) => {
            let key = bulla::import(octets, password.map(|password| password.as_slice()))?;
            Ok(Loaded::Key(Box::new(key)))
        }
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
    const OPENSSH: [&[u8]; 4] = [b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"];
    let text = octets.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let found = if contains(octets, b"-----BEGIN") {
        "PEM"
    } else if OPENSSH.iter().any(|start| text.starts_with(start)) {
        "an OpenSSH public key"
    } else if text.starts_with(b"{") && (is_set(text) || Jwk::parse(text).is_ok()) {
        "a JWK or JWK Set"
    } else if text.starts_with(b"\x30") && bulla::import(octets, None).is_ok() {
        "a DER key or certificate"
    } else {
        return Ok(Jwk::Secret(bulla::jwk::SecretJwk::new(octets)));
    };
    Err(Failure::new(
        "jwk.usage-mismatch",
        Fault::Key,
        format_args!("{found} is not the octets of a symmetric key"),
    )
    .help("leave out `oct:` to read the key as what it is"))
}

fn contains(octets: &[u8], needle: &[u8]) -> bool {
    octets.windows(needle.len()).any(|window| window == needle)
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
        .help(format!("name one as {keyref}#KID; the set has {kids}"))),
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

fn not_found(what: std::fmt::Arguments<'_>) -> Failure {
    Failure::new("jwk.not-found", Fault::Key, what)
}

/// Binds a key that the caller chose to those of the algorithms allowed that it fits.
fn bind_chosen(key: &Jwk, algs: &[Algorithm]) -> Result<Vec<Verifier>, KeyError> {
    let bind = |alg: Option<Algorithm>| match (key, alg) {
        (Jwk::Public(key), None) => bulla::verifier(key),
        (Jwk::Public(key), Some(Algorithm::Signature(alg))) => bulla::verifier_for(key, alg),
        (Jwk::Private(key), None) => bulla::verifier(&key.public()),
        (Jwk::Private(key), Some(Algorithm::Signature(alg))) => {
            bulla::verifier_for(&key.public(), alg)
        }
        (Jwk::Secret(key), None) => bulla::verifier(key),
        (Jwk::Secret(key), Some(Algorithm::Mac(alg))) => bulla::verifier_for(key, alg),
        (_, Some(alg)) => Err(kind_mismatch(key, alg)),
        (_, None) => Err(KeyError::Unsupported("this kind of key")),
    };
    if algs.is_empty() {
        return bind(None).map(|verifier| vec![verifier]);
    }
    let mut verifiers = Vec::new();
    let mut errors = Vec::new();
    for alg in algs {
        match bind(Some(*alg)) {
            Ok(verifier) => verifiers.push(verifier),
            Err(error) => errors.push(error),
        }
    }
    // A key that is wrong in itself is wrong whatever else it fits; one that fits none of the algorithms is unfit.
    let fatal = errors
        .iter()
        .position(|error| !matches!(error, KeyError::UsageMismatch(_)));
    match (fatal, verifiers.is_empty()) {
        (None, false) => Ok(verifiers),
        (fatal, _) => Err(errors.swap_remove(fatal.unwrap_or(0))),
    }
}

/// Binds a set. Keys that fix no algorithm need `--alg`; if there are no others, its absence is a usage error.
fn compile(
    keyref: &KeyRef,
    password: Option<&Password>,
    algs: &[Algorithm],
) -> Result<VerifyKeys, Failure> {
    let set = match load(keyref, password)? {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    let fixes_alg = |key: &&Jwk| !algs.is_empty() || own_alg(key) != Err(KeyError::Ambiguous);
    let (fixed, without_alg): (Vec<&Jwk>, Vec<&Jwk>) = set.keys().iter().partition(fixes_alg);
    let compiled = KeySet::compile_keys(fixed, &bulla::backend(), &policy(algs));
    let unreadable = set.rejected().iter().map(|key| (&key.kid, &key.error));
    let unusable = compiled.rejected().iter().map(|key| (&key.kid, &key.error));
    if compiled.verifiers().len() == 0 {
        let first = unusable
            .chain(unreadable)
            .next()
            .map(|(_, error)| error.clone());
        return Err(match (without_alg.first(), first) {
            (Some(key), _) => unbound(KeyError::Ambiguous, key, keyref),
            (None, Some(error)) => Failure::from(error).about(keyref),
            (None, None) => not_found(format_args!("{keyref}: the set holds no keys")),
        });
    }
    let rejected = unreadable
        .chain(unusable)
        .map(|(kid, error)| match kid {
            Some(kid) => format!("{kid:?}: {error}"),
            None => error.to_string(),
        })
        .collect();
    let left_out = LeftOut {
        without_alg: without_alg.len(),
        rejected,
    };
    Ok(VerifyKeys {
        keys: Bound::Set(compiled),
        left_out,
    })
}

fn policy(algs: &[Algorithm]) -> KeySetPolicy {
    if algs.is_empty() {
        return KeySetPolicy::default();
    }
    let signatures = algs.iter().filter_map(|alg| match alg {
        Algorithm::Signature(alg) => Some(*alg),
        Algorithm::Mac(_) => None,
    });
    let macs = algs.iter().filter_map(|alg| match alg {
        Algorithm::Mac(alg) => Some(*alg),
        Algorithm::Signature(_) => None,
    });
    KeySetPolicy::signatures(signatures).and(KeySetPolicy::macs(macs))
}

/// Whether the key itself fixes an algorithm.
fn own_alg(key: &Jwk) -> Result<(), KeyError> {
    match key {
        Jwk::Public(key) => key.own_alg().map(drop),
        Jwk::Private(key) => key.own_alg().map(drop),
        Jwk::Secret(key) => key.own_alg().map(drop),
        _ => Ok(()),
    }
}

/// A key that cannot be bound; where it only does not say to what, the command line must.
fn unbound(error: KeyError, key: &Jwk, keyref: &KeyRef) -> Failure {
    if error == KeyError::Ambiguous {
        let fitting: Vec<&str> = Algorithm::all()
            .filter(|alg| match (key, alg) {
                (Jwk::Secret(key), Algorithm::Mac(alg)) => key.k().len() >= alg.facts().hash.len(),
                (Jwk::Public(key), Algorithm::Signature(alg)) => {
                    bulla::verifier_for(key, *alg).is_ok()
                }
                (Jwk::Private(key), Algorithm::Signature(alg)) => {
                    bulla::verifier_for(&key.public(), *alg).is_ok()
                }
                _ => false,
            })
            .map(Algorithm::name)
            .collect();
        if !fitting.is_empty() {
            return Failure::usage(
                format_args!("{keyref}: the key does not fix an algorithm"),
                format!("name it with --alg: one of {}", fitting.join(", ")),
            );
        }
        if let Jwk::Secret(key) = key {
            let error = KeyError::TooWeak {
                bits: key.k().len() * 8,
                required: 256,
            };
            return Failure::from(error).about(keyref);
        }
    }
    Failure::from(error).about(keyref)
}

/// A key pair where a secret is needed, or the other way round.
fn kind_mismatch(key: &Jwk, alg: Algorithm) -> KeyError {
    let found = describe(key);
    let expected = match alg {
        Algorithm::Mac(_) => "oct (a symmetric key)",
        Algorithm::Signature(_) => "a key pair",
    };
    KeyError::UsageMismatch(UsageMismatch::Type { found, expected })
}

/// Type and curve: `EC P-256`.
pub(crate) fn describe(key: &Jwk) -> &'static str {
    match key {
        Jwk::Public(key) => key.key().describe(),
        Jwk::Private(key) => key.key().describe(),
        Jwk::Secret(_) => "oct (a symmetric key)",
        _ => "a key",
    }
}
