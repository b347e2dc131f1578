use std::time::SystemTime;

use clap::Args;

use bulla::Fault;
use bulla::jwk::{Jwk, JwkSet, KeyError};
use bulla::jws::{self, Jws, VerifyError};
use bulla::jwt::{self, Jwt};
use bulla::key::{
    Candidates, HeaderCache, KeyHint, KeySet, KeySetPolicy, Keys, SelectError, Verifier,
};

use bulla::trust::{HeaderKeys, ResolveError, ResolvedKeys, Trust, Trusted};

use super::anchors::{AnchorArgs, Anchors};
use super::load::not_found;
use super::mismatch::{kind_mismatch, own_alg, unbound};
use super::{Loaded, Password, PasswordArgs, load, load_one};
use crate::algorithm::Algorithm;
use crate::error::Failure;
use crate::keyref::KeyRef;
use crate::remote::RemoteArgs;
use crate::runtime;

/// The keys that a token may be verified with.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeyArgs {
    /// A key to verify with, whatever `kid` the token names; again for more
    ///
    /// PATH, PATH#KID of a set, - for standard input, env:NAME; oct:PATH or oct:env:NAME for the octets of
    /// a symmetric key; pkcs11:.., awskms:.. or azurekv:.. for a key in a vault. A private key serves by its public half.
    #[arg(
        long,
        value_name = "KEYREF",
        required_unless_present_any = ["jwks", "trust_anchors"],
        conflicts_with = "jwks"
    )]
    key: Vec<String>,
    /// A set of keys to choose from by the token's `kid`
    ///
    /// A JWK Set, named as a key is, or where it is published: https://... A token without `kid` is tried with every fitting key, four at most.
    #[arg(long, value_name = "REF")]
    jwks: Option<String>,
    #[command(flatten)]
    anchors: AnchorArgs,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    /// An algorithm that is allowed, where the keys do not fix it; again for more
    #[arg(long)]
    alg: Vec<Algorithm>,
}

impl KeyArgs {
    /// The password of encrypted keys.
    pub(crate) fn password(&self) -> Result<Option<Password>, Failure> {
        self.password.read()
    }

    fn keyref(&self, text: &str) -> Result<KeyRef, Failure> {
        Ok(KeyRef::parse(text)?.for_verifying(&self.remote))
    }

    /// Reads the references, and no key yet.
    pub(crate) fn parse(&self) -> Result<KeyRefs<'_>, Failure> {
        Ok(KeyRefs {
            keys: self
                .key
                .iter()
                .map(|text| self.keyref(text))
                .collect::<Result<_, _>>()?,
            set: self
                .jwks
                .as_deref()
                .map(|text| self.keyref(text))
                .transpose()?,
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
    /// For [`stdin_once`](crate::input::stdin_once).
    pub(crate) fn stdin(&self) -> Vec<(&'static str, bool)> {
        let keys = self.keys.iter().map(|keyref| ("--key", keyref.is_stdin()));
        let set = self.set.iter().map(|keyref| ("--jwks", keyref.is_stdin()));
        keys.chain(set)
            .chain([self.args.password.stdin()])
            .chain(self.args.anchors.stdin())
            .collect()
    }

    /// Reads the keys and binds them. Certificates are judged at this time, or now.
    pub(crate) fn bind(&self, at: Option<SystemTime>) -> Result<VerifyKeys, Failure> {
        let password = self.args.password.read()?;
        let algs = &self.args.alg;
        let anchors = self.args.anchors.read(at)?;
        if let Some(keyref) = &self.set {
            return compile(keyref, password.as_ref(), algs, anchors.as_ref());
        }
        if let (Some(anchors), []) = (anchors.as_ref(), self.keys.as_slice()) {
            let header_keys = anchors.header_keys().policy(policy(algs));
            return Ok(VerifyKeys {
                keys: Bound::Certificates(Box::new(header_keys)),
                left_out: LeftOut::default(),
            });
        }
        let mut verifiers = Vec::new();
        for keyref in &self.keys {
            let key = load_one(keyref, password.as_ref())?;
            let key = match &anchors {
                Some(anchors) => anchors
                    .vouch(&key)
                    .map_err(|failure| failure.about(keyref))?,
                None => Trusted::new(key, Trust::Caller),
            };
            let bound = bind_chosen(&key, algs);
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
    /// To be found in the token, once there is one.
    Certificates(Box<HeaderKeys>),
    /// Found there.
    Resolved(ResolvedKeys),
}

/// What of a set cannot verify, to be mentioned when a token finds no key.
#[derive(Debug, Default)]
struct LeftOut {
    without_alg: usize,
    rejected: Vec<String>,
}

impl VerifyKeys {
    /// The keys for a token: those that it brings along are looked for now.
    pub(crate) fn of_jws(self, jws: &Jws<'_, jws::Unverified>) -> Result<Self, Failure> {
        match &self.keys {
            Bound::Certificates(header_keys) => {
                let found = runtime::block_on(header_keys.keys_for(jws))?;
                self.resolved(found)
            }
            _ => Ok(self),
        }
    }

    /// The same for a JWT.
    pub(crate) fn of_jwt(self, jwt: &Jwt<'_, jwt::Unverified<'_>>) -> Result<Self, Failure> {
        match &self.keys {
            Bound::Certificates(header_keys) => {
                let found = runtime::block_on(header_keys.keys_for_jwt(jwt))?;
                self.resolved(found)
            }
            _ => Ok(self),
        }
    }

    /// Whether the keys are still to be found in a token.
    pub(crate) const fn is_in_the_token(&self) -> bool {
        matches!(self.keys, Bound::Certificates(_))
    }

    fn resolved(self, found: Result<ResolvedKeys, ResolveError>) -> Result<Self, Failure> {
        let keys = found.map_err(|error| Failure::new(error.code(), error.fault(), &error))?;
        Ok(Self {
            keys: Bound::Resolved(keys),
            ..self
        })
    }

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
            Bound::Resolved(keys) => keys.select(hint),
            Bound::Certificates(_) => Err(SelectError::NotFound {
                kid: hint.kid.map(str::to_owned),
            }),
        }
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        None
    }
}

/// Binds a key that the caller chose to those of the algorithms allowed that it fits.
fn bind_chosen(key: &Trusted<Jwk>, algs: &[Algorithm]) -> Result<Vec<Verifier>, KeyError> {
    let public = match &**key {
        Jwk::Public(public) => Some(public.clone()),
        Jwk::Private(private) => Some(private.public()),
        _ => None,
    };
    let public = public.map(|public| Trusted::new(public, key.why().clone()));
    let bind = |alg: Option<Algorithm>| match (&**key, alg) {
        (Jwk::Public(_) | Jwk::Private(_), None | Some(Algorithm::Signature(_))) => {
            let public = public.as_ref().ok_or(KeyError::NotFound)?;
            match alg {
                Some(Algorithm::Signature(alg)) => bulla::verifier_for(public, alg),
                _ => bulla::verifier(public),
            }
        }
        (Jwk::Secret(key), None) => bulla::verifier(key),
        (Jwk::Secret(key), Some(Algorithm::Mac(alg))) => bulla::verifier_for(key, alg),
        (_, Some(alg)) => Err(kind_mismatch(key, alg)),
        (_, None) => Err(KeyError::Unsupported("this kind of key")),
    };
    if algs.is_empty() {
        return bind(None).map(|verifier| vec![verifier]);
    }
    let (verifiers, errors): (Vec<_>, Vec<_>) = algs
        .iter()
        .map(|alg| bind(Some(*alg)))
        .partition(Result::is_ok);
    // What is wrong with a key says more than that it is for something else.
    let error = errors
        .into_iter()
        .filter_map(Result::err)
        .min_by_key(|error| matches!(error, KeyError::UsageMismatch(_)));
    match error {
        Some(error) if verifiers.is_empty() => Err(error),
        _ => verifiers.into_iter().collect(),
    }
}

/// Binds a set. Keys that fix no algorithm need `--alg`; if there are no others, its absence is a usage error.
fn compile(
    keyref: &KeyRef,
    password: Option<&Password>,
    algs: &[Algorithm],
    anchors: Option<&Anchors>,
) -> Result<VerifyKeys, Failure> {
    let set = match load(keyref, password)? {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    let fixes_alg = |key: &&Jwk| !algs.is_empty() || own_alg(key) != Err(KeyError::Ambiguous);
    let (fixed, without_alg): (Vec<&Jwk>, Vec<&Jwk>) = set.keys().iter().partition(fixes_alg);
    let (vouched, refused) = vouched(fixed, anchors);
    let compiled = KeySet::compile_trusted(&vouched, &bulla::backend(), &policy(algs));
    let unreadable = set.rejected().iter().map(|key| (&key.kid, &key.error));
    let unusable = compiled.rejected().iter().map(|key| (&key.kid, &key.error));
    if compiled.verifiers().len() == 0 {
        if let Some((_, failure)) = refused.into_iter().next() {
            return Err(failure.about(keyref));
        }
        if !algs.is_empty() && !set.keys().is_empty() {
            return Err(Failure::new(
                "jwk.usage-mismatch",
                Fault::Key,
                format_args!("{keyref}: no key of the set fits an algorithm named with --alg"),
            ));
        }
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
    let named = |kid: Option<&str>, error: &dyn std::fmt::Display| match kid {
        Some(kid) => format!("{kid:?}: {error}"),
        None => error.to_string(),
    };
    let rejected = unreadable
        .chain(unusable)
        .map(|(kid, error)| named(kid.as_deref(), error))
        .chain(
            refused
                .iter()
                .map(|(kid, failure)| named(kid.as_deref(), failure)),
        )
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

/// The `kid` of a key, and why nothing vouches for it.
type Refused = (Option<String>, Failure);

/// The keys with the reason to trust them, and those for which there is none.
fn vouched(keys: Vec<&Jwk>, anchors: Option<&Anchors>) -> (Vec<Trusted<Jwk>>, Vec<Refused>) {
    let Some(anchors) = anchors else {
        let by_caller = |key: &Jwk| Trusted::new(key.clone(), Trust::Caller);
        return (keys.into_iter().map(by_caller).collect(), Vec::new());
    };
    let (mut vouched, mut refused) = (Vec::new(), Vec::new());
    for key in keys {
        match anchors.vouch(key) {
            Ok(key) => vouched.push(key),
            Err(failure) => refused.push((key.members().kid.clone(), failure)),
        }
    }
    (vouched, refused)
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
