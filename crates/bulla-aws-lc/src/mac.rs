//! HMAC (RFC 7518 §3.2).

use std::sync::Arc;

use aws_lc_rs::hmac;
use bulla_core::SecretBytes;
use bulla_core::jwa::{AlgName, HashAlg, MacAlg};
use bulla_core::jwk::KeyError;
use bulla_core::key::{Mac, SignError, Signature, SigningInput};

pub(crate) fn mac(secret: &SecretBytes, alg: MacAlg) -> Result<Arc<dyn Mac>, KeyError> {
    let facts = alg.facts();
    let algorithm = match facts.hash {
        HashAlg::Sha256 => hmac::HMAC_SHA256,
        HashAlg::Sha384 => hmac::HMAC_SHA384,
        HashAlg::Sha512 => hmac::HMAC_SHA512,
        _ => return Err(KeyError::Unsupported("the hash of the algorithm")),
    };
    if secret.len() < facts.hash.len() {
        return Err(KeyError::TooWeak {
            bits: secret.len() * 8,
            required: facts.hash.len() * 8,
        });
    }
    Ok(Arc::new(Hmac {
        alg: &facts.name,
        key: hmac::Key::new(algorithm, secret.expose()),
    }))
}

struct Hmac {
    alg: &'static AlgName,
    /// Holds the hash states of both pads, so that a code costs no key set-up.
    key: hmac::Key,
}

impl Mac for Hmac {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn mac(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        if let Some(whole) = input.as_slice() {
            let mut code = Signature::zeroed(self.key.algorithm().tag_len());
            hmac::sign_to_buffer(&self.key, whole, code.as_mut()).map_err(|_| SignError::Failed)?;
            return Ok(code);
        }
        let mut context = hmac::Context::with_key(&self.key);
        input.for_each(&mut |piece| context.update(piece))?;
        Ok(context.sign().as_ref().into())
    }
}
