use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{OkpCurve, PublicKey};
use bulla_core::key::BoxFuture;
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;
use tokio::sync::Semaphore;

use super::error::Failed;
use super::mechanism;
use super::operation::{self, AesKeyWrap};
use super::sessions::Sessions;
use crate::{ToSign, VaultError, VaultKey};

/// A key on a token. Each operation blocks a thread of its own meanwhile.
pub(super) struct Pkcs11Key {
    sessions: Arc<Sessions>,
    /// Threads that wait for the token. Nobody can interrupt a module, so a caller that gave up leaves its thread behind;
    /// there are never more of them than calls are allowed.
    threads: Arc<Semaphore>,
    curve: Option<OkpCurve>,
    aes: Option<AesKeyWrap>,
}

impl Pkcs11Key {
    pub(super) fn new(
        sessions: Sessions,
        threads: usize,
        curve: Option<OkpCurve>,
        aes: Option<AesKeyWrap>,
    ) -> Self {
        Self {
            sessions: Arc::new(sessions),
            threads: Arc::new(Semaphore::new(threads.min(Semaphore::MAX_PERMITS))),
            curve,
            aes,
        }
    }

    fn call<'a, T: Send + 'static>(
        &'a self,
        work: impl Fn(&Session, ObjectHandle) -> Result<T, Failed> + Send + 'static,
    ) -> BoxFuture<'a, Result<T, VaultError>> {
        let sessions = Arc::clone(&self.sessions);
        let threads = Arc::clone(&self.threads);
        Box::pin(async move {
            let thread = threads.acquire_owned().await;
            let thread = thread.map_err(|_| VaultError::unavailable("shut down"))?;
            blocking(move || {
                let result = sessions.with(work);
                drop(thread);
                result
            })
            .await
        })
    }
}

/// Does what blocks where it may.
pub(super) async fn blocking<T: Send + 'static, E: From<VaultError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(VaultError::unavailable("the call was broken off").into()),
    }
}

impl VaultKey for Pkcs11Key {
    fn sign<'a>(
        &'a self,
        alg: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let (octets, curve) = (message.octets().to_vec(), self.curve);
        self.call(move |session, key| operation::sign(session, key, alg, curve, &octets))
    }

    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let octets = message.octets().to_vec();
        self.call(move |session, key| {
            let mechanism =
                mechanism::mac(alg).ok_or_else(|| VaultError::unsupported(alg.name().as_str()))?;
            Ok(session.sign(&mechanism, key, &octets)?)
        })
    }

    fn wrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let (cek, aes) = (cek.clone(), self.aes);
        self.call(move |session, key| {
            let how = aes.ok_or_else(|| VaultError::unsupported(alg.name().as_str()))?;
            operation::wrap(session, key, how, &cek)
        })
    }

    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let (octets, aes) = (encrypted_key.to_vec(), self.aes);
        self.call(move |session, key| operation::unwrap(session, key, alg, aes, &octets))
    }

    fn agree<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let ephemeral = ephemeral.clone();
        self.call(move |session, key| operation::agree(session, key, &ephemeral))
    }
}
