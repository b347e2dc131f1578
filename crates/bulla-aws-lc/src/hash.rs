//! Hashes of signing inputs, by aws-lc.

use aws_lc_rs::digest::{self, Digest};
use bulla_core::jwa::HashAlg;
use bulla_core::jwk::KeyError;
use bulla_core::key::{InputError, SigningInput};

/// The hash of a signature scheme, found once when a key is bound.
#[derive(Clone, Copy)]
pub(crate) struct InputHash {
    name: HashAlg,
    algorithm: &'static digest::Algorithm,
}

impl InputHash {
    pub(crate) fn new(hash: HashAlg) -> Result<Self, KeyError> {
        let algorithm = match hash {
            HashAlg::Sha256 => &digest::SHA256,
            HashAlg::Sha384 => &digest::SHA384,
            HashAlg::Sha512 => &digest::SHA512,
            _ => return Err(KeyError::Unsupported("the hash of the algorithm")),
        };
        Ok(Self {
            name: hash,
            algorithm,
        })
    }

    /// The digest of the input; a stream's is left behind for whoever asks next.
    pub(crate) fn digest(&self, input: &SigningInput<'_>) -> Result<Digest, InputError> {
        if let Some(whole) = input.as_slice() {
            return Ok(digest::digest(self.algorithm, whole));
        }
        if let Some(known) = input.known_digest(self.name)
            && let Ok(digest) = Digest::import_less_safe(known.as_ref(), self.algorithm)
        {
            return Ok(digest);
        }
        let mut context = digest::Context::new(self.algorithm);
        input.for_each(&mut |piece| context.update(piece))?;
        let digest = context.finish();
        input.remember_digest(self.name, &digest.as_ref().into());
        Ok(digest)
    }
}

/// SHA-1, which a certificate's `x5t` is defined by and nothing else here uses.
pub(crate) fn sha1(data: &[u8]) -> [u8; 20] {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data);
    let mut octets = [0; 20];
    octets
        .iter_mut()
        .zip(digest.as_ref())
        .for_each(|(to, from)| *to = *from);
    octets
}
