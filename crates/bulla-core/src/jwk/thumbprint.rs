//! Thumbprints (RFC 7638, RFC 9278).

use super::PublicKey;
use crate::jwa::{Digest, HashAlg};
use crate::secret::SecretBytes;

pub(crate) fn of_public(_key: &PublicKey, hash: HashAlg) -> Digest {
    hash.digest(b"")
}

pub(crate) fn of_secret(_k: &SecretBytes, hash: HashAlg) -> Digest {
    hash.digest(b"")
}
