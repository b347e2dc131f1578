//! Thumbprints (RFC 7638, RFC 9278): the digest of the members a key cannot be without, in one canonical text.
//!
//! The text goes into the hash piece by piece; nothing is allocated, and a key is hashed about as fast as its octets.

use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};
use zeroize::Zeroize as _;

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
    digest(
        hash,
        &[
            Text("{\"k\":\""),
            Octets(k.expose()),
            Text("\",\"kty\":\"oct\"}"),
        ],
    )
}

enum Piece<'a> {
    Text(&'a str),
    Octets(&'a [u8]),
}
use Piece::{Octets, Text};

/// A multiple of three, so that the encodings of the chunks join to the encoding of the whole.
const CHUNK: usize = 192;

fn digest(hash: HashAlg, pieces: &[Piece<'_>]) -> Digest {
    let mut hasher = hash.hasher();
    let mut buffer = [0; CHUNK / 3 * 4];
    for piece in pieces {
        match piece {
            Text(text) => hasher.update(text.as_bytes()),
            Octets(octets) => update_encoded(&mut hasher, octets, &mut buffer),
        }
    }
    buffer.zeroize();
    hasher.finish()
}

fn update_encoded(hasher: &mut Hasher, octets: &[u8], buffer: &mut [u8; CHUNK / 3 * 4]) {
    for chunk in octets.chunks(CHUNK) {
        hasher.update(URL_SAFE_NO_PAD.encode(chunk, buffer.as_mut_slice().as_out()));
    }
}
