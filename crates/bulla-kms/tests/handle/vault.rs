//! A vault in this process, which can be made to misbehave. It speaks no protocol: that is the business of each backend.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{EcCurve, PrivateJwk, PrivateKey, PublicKey};
use bulla_core::key::{BoxFuture, KeySpec, SigningInput, WrappedKey};
use bulla_kms::{
    Description, KeyHandle, OpenError, Opener, Permitted, ToSign, VaultError, VaultKey,
};
use k256::ecdsa::signature::hazmat::PrehashSigner as _;

/// How it misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Answers with the signature of another key, as a vault does whose newest version is not the pinned one.
    OtherVersion,
    /// Answers in DER.
    Der,
    Empty,
    /// Agrees on zeros.
    ZeroSecret,
    Error(VaultError),
}

pub(crate) struct Vault {
    key: PrivateJwk,
    other: PrivateJwk,
    fault: Mutex<Fault>,
    calls: AtomicUsize,
    /// What was sent to it.
    sent: Mutex<Vec<Vec<u8>>>,
}

impl Vault {
    pub(crate) fn new(spec: KeySpec) -> Arc<Self> {
        let backend = bulla_aws_lc::backend();
        let make = || PrivateJwk::new(backend.generate(spec).expect("a key"));
        Arc::new(Self {
            key: make(),
            other: make(),
            fault: Mutex::new(Fault::None),
            calls: AtomicUsize::new(0),
            sent: Mutex::default(),
        })
    }

    /// On the curve that this vault can sign digests on.
    pub(crate) fn es256k() -> Arc<Self> {
        Self::new(KeySpec::Ec(EcCurve::Secp256k1))
    }

    pub(crate) fn misbehave(&self, fault: Fault) {
        *self.fault.lock().expect("a fault") = fault;
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn sent(&self) -> Vec<Vec<u8>> {
        self.sent.lock().expect("the log").clone()
    }

    pub(crate) async fn open(
        self: &Arc<Self>,
        permitted: Permitted,
    ) -> Result<KeyHandle, OpenError> {
        self.open_with(permitted, &Opener::new()).await
    }

    pub(crate) async fn open_with(
        self: &Arc<Self>,
        permitted: Permitted,
        opener: &Opener,
    ) -> Result<KeyHandle, OpenError> {
        let description = Description {
            provider: "test",
            name: "key".into(),
            version: "1".into(),
            public: Some(self.key.public()),
            permitted,
        };
        KeyHandle::open(description, Arc::clone(self) as _, opener).await
    }

    /// As a key that has no public half.
    pub(crate) async fn open_secret(self: &Arc<Self>, permitted: Permitted) -> KeyHandle {
        let description = Description {
            provider: "test",
            name: "secret".into(),
            version: "1".into(),
            public: None,
            permitted,
        };
        let opener = Opener::new().kid("s");
        let opened = KeyHandle::open(description, Arc::clone(self) as _, &opener);
        opened.await.expect("a handle")
    }

    fn take(&self, sent: &[u8]) -> Result<Fault, VaultError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.sent.lock().expect("the log").push(sent.to_vec());
        match self.fault.lock().expect("a fault").clone() {
            Fault::Error(error) => Err(error),
            fault => Ok(fault),
        }
    }
}

pub(crate) fn signing(alg: SignatureAlg) -> Permitted {
    Permitted {
        signatures: vec![alg],
        ..Permitted::default()
    }
}

pub(crate) fn unwrapping(alg: KeyManagementAlg) -> Permitted {
    Permitted {
        key_management: vec![alg],
        ..Permitted::default()
    }
}

impl VaultKey for Vault {
    fn sign<'a>(
        &'a self,
        _: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(async move {
            let fault = self.take(message.octets())?;
            // Others get their turn between the question and the answer, as they do with a vault.
            tokio::task::yield_now().await;
            let ToSign::Digest(digest) = message else {
                panic!("an algorithm with a digest sends the digest")
            };
            let key = match fault {
                Fault::OtherVersion => &self.other,
                _ => &self.key,
            };
            let PrivateKey::Ec(key) = key.key() else {
                panic!("an EC key")
            };
            let key = k256::ecdsa::SigningKey::from_slice(key.d().expose()).expect("a key");
            let signature: k256::ecdsa::Signature =
                key.sign_prehash(digest.as_ref()).expect("a signature");
            Ok(match fault {
                Fault::Empty => Vec::new(),
                Fault::Der => signature.to_der().as_bytes().to_vec(),
                _ => signature.to_bytes().to_vec(),
            })
        })
    }

    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(async move {
            let fault = self.take(message.octets())?;
            let secret = SecretBytes::from(vec![7; 32]);
            let mac = bulla_aws_lc::backend().mac(&secret, alg).expect("a key");
            let input = SigningInput::for_tests(message.octets());
            let code = mac.mac(&input).expect("a code").as_ref().to_vec();
            Ok(if fault == Fault::Empty {
                Vec::new()
            } else {
                code
            })
        })
    }

    fn wrap<'a>(
        &'a self,
        _: KeyManagementAlg,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(async move {
            self.take(&[])?;
            let key = bulla_aws_lc::backend().aes_key_wrap(&SecretBytes::from(vec![7; 32]));
            Ok(key.expect("a key").wrap(cek).expect("wrapped"))
        })
    }

    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        Box::pin(async move {
            self.take(encrypted_key)?;
            let backend = bulla_aws_lc::backend();
            if alg == KeyManagementAlg::A256Kw {
                let key = backend.aes_key_wrap(&SecretBytes::from(vec![7; 32]));
                return key
                    .expect("a key")
                    .unwrap_key(encrypted_key)
                    .map_err(|_| VaultError::Refused);
            }
            let key = backend.rsa_unwrap(self.key.key(), alg).expect("a key");
            key.unwrap_key(&WrappedKey::new(encrypted_key.to_vec()))
                .map_err(|_| VaultError::Refused)
        })
    }

    fn agree<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        Box::pin(async move {
            if self.take(&[])? == Fault::ZeroSecret {
                return Ok(SecretBytes::from(vec![0; 32]));
            }
            let key = bulla_aws_lc::backend()
                .agree(self.key.key())
                .expect("a key");
            key.agree(ephemeral).map_err(|_| VaultError::Refused)
        })
    }
}
