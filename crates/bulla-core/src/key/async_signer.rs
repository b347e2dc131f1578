use core::fmt;
use std::sync::Arc;

use super::{
    BoxFuture, CheckError, MacAsync, SignAsync, SignError, Signature, Signer, SigningInput,
    Verifier,
};
use crate::jwa::AlgName;

/// A key bound to one algorithm that may live far away.
///
/// A local [`Signer`] becomes one by `From`, so that both stand side by side. The signature of a remote key
/// is verified with the public key before it is used: that is how a wrong key version or a wrong encoding
/// is found by us and not by whoever receives the token.
#[derive(Clone)]
pub struct AsyncSigner {
    sign: Arc<dyn SignAsync>,
    kid: Option<Arc<str>>,
    check: Option<Verifier>,
}

impl AsyncSigner {
    /// A signer whose every signature is verified with `check`, the public half.
    #[must_use]
    pub fn new(sign: Arc<dyn SignAsync>, kid: Option<String>, check: Verifier) -> Self {
        Self {
            sign,
            kid: kid.map(Into::into),
            check: Some(check),
        }
    }

    /// A signer whose signatures are believed: for remote MAC keys, which nothing local can verify.
    #[must_use]
    pub fn unchecked(sign: Arc<dyn SignAsync>, kid: Option<String>) -> Self {
        Self {
            sign,
            kid: kid.map(Into::into),
            check: None,
        }
    }

    /// A signer that asks a remote key for authentication codes.
    #[must_use]
    pub fn from_mac(mac: Arc<dyn MacAsync>, kid: Option<String>) -> Self {
        Self::unchecked(Arc::new(MacSignAsync(mac)), kid)
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        self.sign.alg()
    }

    /// The `kid` that headers made with this signer carry, unless they set their own.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The same key under another `kid`.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<Arc<str>>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    pub(crate) async fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let signature = self.sign.sign_async(input).await?;
        if let Some(check) = &self.check {
            check
                .check(input, signature.as_ref())
                .map_err(|error| match error {
                    CheckError::SignatureInvalid => SignError::RemoteSignatureInvalid,
                    CheckError::Input(error) => SignError::Input(error),
                })?;
        }
        Ok(signature)
    }
}

impl From<Signer> for AsyncSigner {
    fn from(signer: Signer) -> Self {
        let kid = signer.kid().map(str::to_owned);
        Self::unchecked(Arc::new(Local(signer)), kid)
    }
}

impl fmt::Debug for AsyncSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncSigner")
            .field("alg", self.alg())
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// `Arc<dyn Sign>` cannot become `Arc<dyn SignAsync>` by itself; a struct that holds it can.
struct Local(Signer);

impl super::Sign for Local {
    fn alg(&self) -> &AlgName {
        self.0.alg()
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        self.0.sign(input)
    }
}

struct MacSignAsync(Arc<dyn MacAsync>);

impl SignAsync for MacSignAsync {
    fn alg(&self) -> &AlgName {
        self.0.alg()
    }

    fn sign_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        self.0.mac_async(input)
    }
}
