//! Keys in vaults: awaited on a thread of their own, so that whoever signs or decrypts need not know where the key is.

use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::{io, thread};

use bulla::SecretBytes;
use bulla::jwa::{AlgName, KeyManagementAlg, KeyManagementScheme, SignatureAlg};
use bulla::jwk::{Jwk, PublicKey};
use bulla::key::{
    Agree, AgreeAsync, Bindable as _, Decrypter, Mac, MacAsync, Sign, SignAsync, SignError,
    Signature, Signer, SigningInput, Unwrap, UnwrapAsync, UnwrapError, WrappedKey,
};
use bulla::kms::{KeyHandle, OpenError, Opener, VaultError};
use tokio::runtime::{Builder, Runtime};

use crate::algorithm::{Algorithm, KeyManagement, LegacyArgs};
use crate::error::Failure;
use crate::keyref::KeyRef;
use crate::progress;

/// Opens a key for what one command does with it: its first signature is verified anyway, so it is not tried before.
pub(super) fn open(uri: &str, keyref: &KeyRef) -> Result<KeyHandle, Failure> {
    let opener = Opener::new().probe(false);
    wait(opener.open(uri))
        .map_err(Failure::bug)?
        .map_err(|error| Failure::from(error).about(keyref))
}

/// The public half, for whoever verifies or encrypts.
pub(super) fn public(uri: &str, keyref: &KeyRef) -> Result<Jwk, Failure> {
    let handle = open(uri, keyref)?;
    let public = handle.public().cloned().map(Jwk::Public);
    public.ok_or_else(|| {
        let error = VaultError::unsupported("a symmetric key has no public half");
        Failure::from(OpenError::Vault(error)).about(keyref)
    })
}

/// A key that signs, bound to the algorithm that is named or that it fixes.
pub(super) fn signer(
    uri: &str,
    keyref: &KeyRef,
    alg: Option<Algorithm>,
) -> Result<Signer, Failure> {
    let handle = open(uri, keyref)?;
    let alg = match alg {
        Some(alg) => alg,
        None => signature_of(&handle, keyref)?,
    };
    let kid = handle.kid().map(str::to_owned);
    let bound = match alg {
        Algorithm::Signature(alg) => handle
            .sign(alg)
            .map(|sign| Signer::new(Arc::new(Waiting(sign)), kid)),
        Algorithm::Mac(alg) => handle
            .mac(alg)
            .map(|mac| Signer::from_mac(Arc::new(Waiting(mac)), kid)),
    };
    bound.map_err(|error| Failure::from(OpenError::Vault(error)).about(keyref))
}

/// The one that the public key fixes (its type and curve), or the only one that the vault permits.
pub(crate) fn own_alg(handle: &KeyHandle) -> Option<SignatureAlg> {
    let permitted = &handle.permitted().signatures;
    if let [only] = permitted.as_slice() {
        return Some(*only);
    }
    let own = handle.public()?.own_alg().ok()?;
    permitted.contains(&own).then_some(own)
}

fn signature_of(handle: &KeyHandle, keyref: &KeyRef) -> Result<Algorithm, Failure> {
    if let Some(own) = own_alg(handle) {
        return Ok(Algorithm::Signature(own));
    }
    let permitted = handle.permitted();
    let signatures = permitted.signatures.iter().copied();
    let macs = permitted.macs.iter().copied();
    let all: Vec<Algorithm> = signatures
        .map(Algorithm::Signature)
        .chain(macs.map(Algorithm::Mac))
        .collect();
    one_of(&all, |alg| Algorithm::name(*alg), keyref)
}

/// A key that decrypts, bound to those of the algorithms that the vault permits, or to the only one that it does.
pub(super) fn decrypters(
    uri: &str,
    keyref: &KeyRef,
    algs: &[KeyManagement],
    legacy: &LegacyArgs,
) -> Result<Vec<Decrypter>, Failure> {
    let handle = open(uri, keyref)?;
    let algs: Vec<KeyManagementAlg> = match algs {
        [] => {
            let permitted = &handle.permitted().key_management;
            let only = one_of(permitted, |alg| alg.name().as_str(), keyref)?;
            legacy.check(only)?;
            vec![only]
        }
        some => some.iter().map(|alg| alg.0).collect(),
    };
    let bound: Vec<_> = algs.into_iter().map(|alg| bind(&handle, alg)).collect();
    let (bound, mut errors): (Vec<_>, Vec<_>) = bound.into_iter().partition(Result::is_ok);
    match (bound.is_empty(), errors.pop()) {
        (true, Some(Err(error))) => Err(error.about(keyref)),
        _ => Ok(bound.into_iter().filter_map(Result::ok).collect()),
    }
}

/// A key that decrypts whatever the vault permits it.
pub(super) fn every_decrypter(uri: &str, keyref: &KeyRef) -> Result<Vec<Decrypter>, Failure> {
    let handle = open(uri, keyref)?;
    let permitted = handle.permitted().key_management.iter();
    let bound = permitted.map(|alg| bind(&handle, *alg));
    let bound: Vec<Decrypter> = bound
        .collect::<Result<_, _>>()
        .map_err(|failure| failure.about(keyref))?;
    if bound.is_empty() {
        let error = VaultError::unsupported("the key does not decrypt");
        return Err(Failure::from(OpenError::Vault(error)).about(keyref));
    }
    Ok(bound)
}

fn bind(handle: &KeyHandle, alg: KeyManagementAlg) -> Result<Decrypter, Failure> {
    let backend = bulla::backend();
    let failed = |error| Failure::from(OpenError::Vault(error));
    match (alg.facts().scheme, handle.public()) {
        (KeyManagementScheme::EcdhEs { .. }, Some(public)) => {
            let agree = handle.agree(alg).map_err(failed)?;
            let bound = Decrypter::from_agree(&backend, Arc::new(Waiting(agree)), public, alg);
            Ok(bound?)
        }
        _ => {
            let unwrap = handle.unwrap(alg).map_err(failed)?;
            let kid = handle.kid().map(str::to_owned);
            Ok(Decrypter::from_unwrap(
                &backend,
                Arc::new(Waiting(unwrap)),
                kid,
            ))
        }
    }
}

/// The only one, or what to name.
fn one_of<T: Copy>(
    all: &[T],
    name: impl Fn(&T) -> &'static str,
    keyref: &KeyRef,
) -> Result<T, Failure> {
    match all {
        [only] => Ok(*only),
        [] => {
            let error = VaultError::unsupported("the key is not for this");
            Err(Failure::from(OpenError::Vault(error)).about(keyref))
        }
        several => {
            let names: Vec<&str> = several.iter().map(name).collect();
            Err(Failure::usage(
                format_args!("{keyref}: the key does not fix an algorithm"),
                format!("name it with --alg: one of {}", names.join(", ")),
            ))
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(error.code(), error.fault(), &error)
    }
}

/// A key far away that is waited for.
struct Waiting<K: ?Sized>(Arc<K>);

impl Sign for Waiting<dyn SignAsync> {
    fn alg(&self) -> &AlgName {
        self.0.alg()
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        wait(self.0.sign_async(input)).unwrap_or_else(|error| {
            Err(SignError::Remote {
                code: "remote.unavailable",
                source: Box::new(error),
            })
        })
    }
}

impl Mac for Waiting<dyn MacAsync> {
    fn alg(&self) -> &AlgName {
        self.0.alg()
    }

    fn mac(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        wait(self.0.mac_async(input)).unwrap_or_else(|error| {
            Err(SignError::Remote {
                code: "remote.unavailable",
                source: Box::new(error),
            })
        })
    }
}

impl Unwrap for Waiting<dyn UnwrapAsync> {
    fn alg(&self) -> &AlgName {
        self.0.alg()
    }

    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError> {
        wait(self.0.unwrap_key_async(wrapped)).unwrap_or_else(|error| Err(not_asked(error)))
    }
}

impl Agree for Waiting<dyn AgreeAsync> {
    fn agree(&self, ephemeral: &PublicKey) -> Result<SecretBytes, UnwrapError> {
        wait(self.0.agree_async(ephemeral)).unwrap_or_else(|error| Err(not_asked(error)))
    }
}

/// No word about the token: the vault was not asked.
fn not_asked(error: io::Error) -> UnwrapError {
    UnwrapError::Remote {
        code: "remote.unavailable",
        source: Box::new(error),
    }
}

/// Waits for a vault, and says so where it takes long. The runtime lasts as long as the process, since clients keep their
/// connections there; and it is awaited on another thread, since this one may be running another.
fn wait<T: Send>(future: impl Future<Output = T> + Send) -> io::Result<T> {
    static RUNTIME: LazyLock<io::Result<Runtime>> =
        LazyLock::new(|| Builder::new_current_thread().enable_all().build());
    let runtime = match &*RUNTIME {
        Ok(runtime) => runtime,
        Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
    };
    progress::while_doing("asking the vault", || {
        thread::scope(|scope| {
            let thread = scope.spawn(|| runtime.block_on(future));
            thread.join().map_err(|_| io::Error::other("a panic"))
        })
    })
}
