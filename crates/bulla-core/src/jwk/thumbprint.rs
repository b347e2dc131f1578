//! Thumbprints (RFC 7638, RFC 9278): the digest of the members a key cannot be without, in one canonical text.
//!
//! Nothing is allocated, and a key is hashed about as fast as its octets.

use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::{Jwk, PrivateJwk, PrivateKey, PublicJwk, PublicKey, SecretJwk, akp};
use crate::base64url;
use crate::jwa::{Digest, HashAlg, Hasher};
use crate::secret::SecretBytes;

/// The two forms that every JWK type offers.
macro_rules! thumbprints {
    ($type:ident, $key:ident => $digest:expr) => {
        impl $type {
            /// The thumbprint of [RFC 7638](https://www.rfc-editor.org/rfc/rfc7638), base64url. It depends on the key
            /// alone, not on `kid`, `use` and the like; the two halves of a pair have the same.
            #[must_use]
            pub fn thumbprint(&self, hash: HashAlg) -> String {
                let $key = self;
                base64url::encode($digest(hash))
            }

            /// The thumbprint as a URI ([RFC 9278](https://www.rfc-editor.org/rfc/rfc9278)):
            /// `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…`.
            #[must_use]
            pub fn thumbprint_uri(&self, hash: HashAlg) -> String {
                let mut uri = String::from("urn:ietf:params:oauth:jwk-thumbprint:");
                uri.push_str(hash.name());
                uri.push(':');
                uri.push_str(&self.thumbprint(hash));
                uri
            }
        }
    };
}

thumbprints!(PublicJwk, key => |hash| of_public(key.key(), hash));
thumbprints!(PrivateJwk, key => |hash| of_private(key.key(), hash));
thumbprints!(SecretJwk, key => |hash| of_secret(key.k(), hash));
thumbprints!(Jwk, key => |hash| match key {
    Jwk::Public(key) => of_public(key.key(), hash),
    Jwk::Private(key) => of_private(key.key(), hash),
    Jwk::Secret(key) => of_secret(key.k(), hash),
});

/// The thumbprint of a public key, before it is encoded.
#[must_use]
pub fn of_public(key: &PublicKey, hash: HashAlg) -> Digest {
    match key {
        PublicKey::Akp(key) => digest(
            hash,
            &[
                Text("{\"alg\":\""),
                Text(akp::alg_name(key.parameters()).as_str()),
                Text("\",\"kty\":\"AKP\",\"pub\":\""),
                Octets(key.public()),
                Text("\"}"),
            ],
        ),
        PublicKey::Ec(key) => digest(
            hash,
            &[
                Text("{\"crv\":\""),
                Text(key.curve().name()),
                Text("\",\"kty\":\"EC\",\"x\":\""),
                Octets(key.x()),
                Text("\",\"y\":\""),
                Octets(key.y()),
                Text("\"}"),
            ],
        ),
        PublicKey::Okp(key) => digest(
            hash,
            &[
                Text("{\"crv\":\""),
                Text(key.curve().name()),
                Text("\",\"kty\":\"OKP\",\"x\":\""),
                Octets(key.x()),
                Text("\"}"),
            ],
        ),
        PublicKey::Rsa(key) => digest(
            hash,
            &[
                Text("{\"e\":\""),
                Octets(key.e()),
                Text("\",\"kty\":\"RSA\",\"n\":\""),
                Octets(key.n()),
                Text("\"}"),
            ],
        ),
    }
}

fn of_private(key: &PrivateKey, hash: HashAlg) -> Digest {
    of_public(&key.public(), hash)
}

/// The thumbprint of a symmetric key, before it is encoded.
///
/// # Security
///
/// It is a digest of the secret: whoever can guess the secret can confirm the guess (RFC 7638 §7). Publish it only
/// for keys with full entropy, never for passwords.
#[must_use]
pub fn of_secret(k: &SecretBytes, hash: HashAlg) -> Digest {
    let pieces = [
        Text("{\"k\":\""),
        Octets(k.expose()),
        Text("\",\"kty\":\"oct\"}"),
    ];
    Canonical::new(hash, &mut Zeroizing::new([0; ROOM])).digest(&pieces)
}

/// The RFC 7638 thumbprint of any key with SHA-256, before it is encoded.
///
/// ```
/// use bulla_core::{base64url, jwa::HashAlg, jwk::{Jwk, thumbprint}};
/// let key = Jwk::parse(br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
/// assert_eq!(base64url::encode(thumbprint::sha256(&key)), key.thumbprint(HashAlg::Sha256));
/// # Ok::<(), bulla_core::jwk::KeyError>(())
/// ```
#[must_use]
pub fn sha256(key: &Jwk) -> [u8; 32] {
    octets(&match key {
        Jwk::Public(key) => of_public(key.key(), HashAlg::Sha256),
        Jwk::Private(key) => of_private(key.key(), HashAlg::Sha256),
        Jwk::Secret(key) => of_secret(key.k(), HashAlg::Sha256),
    })
}

/// A digest of SHA-256 as the octets it has.
pub(crate) fn octets(digest: &Digest) -> [u8; 32] {
    let mut octets = [0; 32];
    let each = octets.iter_mut().zip(digest.as_ref());
    each.for_each(|(to, from)| *to = *from);
    octets
}

enum Piece<'a> {
    Text(&'a str),
    Octets(&'a [u8]),
}
use Piece::{Octets, Text};

fn digest(hash: HashAlg, pieces: &[Piece<'_>]) -> Digest {
    Canonical::new(hash, &mut [0; ROOM]).digest(pieces)
}

/// Gathers the text on the stack, since a hash prefers few long pieces, and hands it on when there is no more room.
struct Canonical<'b> {
    hasher: Hasher,
    buffer: &'b mut [u8; ROOM],
    used: usize,
}

/// The whole text of an elliptic curve key.
const ROOM: usize = 512;
/// A multiple of three, so that the encodings of the chunks join to the encoding of the whole.
const CHUNK: usize = 192;
const ENCODED_CHUNK: usize = CHUNK / 3 * 4;

impl<'b> Canonical<'b> {
    fn new(hash: HashAlg, buffer: &'b mut [u8; ROOM]) -> Self {
        Self {
            hasher: hash.hasher(),
            buffer,
            used: 0,
        }
    }

    fn digest(mut self, pieces: &[Piece<'_>]) -> Digest {
        for piece in pieces {
            match piece {
                Text(text) => self.push(text.as_bytes()),
                Octets(octets) => self.push_encoded(octets),
            }
        }
        self.flush();
        self.hasher.finish()
    }

    fn push(&mut self, text: &[u8]) {
        if self.buffer.len() - self.used < text.len() {
            self.flush();
        }
        match self.buffer.get_mut(self.used..self.used + text.len()) {
            Some(room) => {
                room.copy_from_slice(text);
                self.used += text.len();
            }
            None => self.hasher.update(text),
        }
    }

    fn push_encoded(&mut self, octets: &[u8]) {
        for chunk in octets.chunks(CHUNK) {
            if self.buffer.len() - self.used < ENCODED_CHUNK {
                self.flush();
            }
            if let Some(room) = self.buffer.get_mut(self.used..) {
                self.used += URL_SAFE_NO_PAD.encode(chunk, room.as_out()).len();
            }
        }
    }

    fn flush(&mut self) {
        self.hasher
            .update(self.buffer.get(..self.used).unwrap_or_default());
        self.used = 0;
    }
}
