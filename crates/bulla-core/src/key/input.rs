use core::fmt;
use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use crate::base64url;
use crate::fault::Fault;
use crate::jwa::{Digest, HashAlg};

/// The JWS Signing Input (RFC 7515 §5.1 step 5): what a signature is computed over.
///
/// The core makes it, from a token or from octets that are none ([`octets`](Self::octets)), so an adapter cannot be
/// made to sign a token that nobody built. It is pulled, not
/// pushed: an implementation of [`Sign`](super::Sign) or [`Verify`](super::Verify) asks for the whole
/// ([`contiguous`](Self::contiguous)), for a digest ([`digest`](Self::digest)) or for the pieces
/// ([`for_each`](Self::for_each)), whichever its primitive wants. A detached payload that is streamed is
/// read once, in constant memory.
pub struct SigningInput<'a>(Inner<'a>);

enum Inner<'a> {
    /// In memory already, as one slice.
    Whole(&'a [u8]),
    /// The header segment with its dot, then the payload as it is.
    Split(&'a [u8], &'a [u8]),
    /// The header segment with its dot, then a payload that arrives piece by piece.
    Stream(&'a [u8], Mutex<Stream<'a>>),
}

struct Stream<'a> {
    state: StreamState<'a>,
    /// Whether the payload is base64url-encoded on its way (RFC 7515 §5.1), or stands as it is (RFC 7797).
    encode: bool,
    /// Octets that an algorithm which needs the whole may collect.
    limit: usize,
}

enum StreamState<'a> {
    Unread(&'a mut (dyn Read + Send)),
    /// Read once; what was computed on the way can be asked for again.
    Digested(HashAlg, Digest),
    Spent,
}

/// Pieces are read in this size: a multiple of three, so that base64url needs no padding between them.
const PIECE: usize = 48 * 1024;

impl<'a> SigningInput<'a> {
    pub(crate) const fn whole(input: &'a [u8]) -> Self {
        Self(Inner::Whole(input))
    }

    /// `header` ends with the dot.
    pub(crate) const fn split(header: &'a [u8], payload: &'a [u8]) -> Self {
        Self(Inner::Split(header, payload))
    }

    /// `header` ends with the dot.
    pub(crate) const fn stream(
        header: &'a [u8],
        payload: &'a mut (dyn Read + Send),
        encode: bool,
        limit: usize,
    ) -> Self {
        let state = StreamState::Unread(payload);
        Self(Inner::Stream(
            header,
            Mutex::new(Stream {
                state,
                encode,
                limit,
            }),
        ))
    }

    /// Octets of the caller's own, for a protocol that is not JOSE: what [`Sign`](super::Sign), [`Mac`](super::Mac) and
    /// [`Verify`](super::Verify) take beside tokens. [`Signer::sign_octets`](super::Signer::sign_octets) and
    /// [`Verifier::verify_octets`](super::Verifier::verify_octets) call it.
    ///
    /// # Errors
    ///
    /// [`InputError::Token`] for octets that are the signing input of a token, or that a lenient reader would take for one.
    ///
    /// # Security
    ///
    /// Whoever gets such octets signed has a token of the key. All others are safe from being taken for one, but not from
    /// being taken for the message of another protocol that uses the same key: begin them with its name, or better use
    /// a key of its own.
    ///
    /// ```
    /// use bulla_core::key::SigningInput;
    /// assert!(SigningInput::octets(b"a message of a protocol of ours").is_ok());
    /// let error = SigningInput::octets(b"eyJhbGciOiJFUzI1NiJ9.e30").unwrap_err();
    /// assert_eq!(error.code(), "jws.input-is-token");
    /// ```
    pub fn octets(octets: &'a [u8]) -> Result<Self, InputError> {
        if super::token_like::is_token_like(octets) {
            return Err(InputError::Token);
        }
        Ok(Self::whole(octets))
    }

    /// The whole input as one slice, borrowed where it is one already.
    ///
    /// For primitives that cannot be computed piece by piece: EdDSA, ML-DSA.
    ///
    /// # Errors
    ///
    /// [`InputError::NotStreamable`] where a streamed payload is longer than
    /// [`Limits::unstreamed`](crate::Limits::unstreamed), [`InputError::Io`] where it cannot be read.
    pub fn contiguous(&self) -> Result<Cow<'_, [u8]>, InputError> {
        match &self.0 {
            Inner::Whole(input) => Ok(Cow::Borrowed(input)),
            Inner::Split(header, payload) => Ok(Cow::Owned([*header, *payload].concat())),
            Inner::Stream(_, stream) => {
                let limit = stream.lock().unwrap_or_else(PoisonError::into_inner).limit;
                let mut whole = Vec::new();
                self.try_for_each(&mut |piece| {
                    whole.extend_from_slice(piece);
                    if whole.len() > limit {
                        Err(InputError::NotStreamable { limit })
                    } else {
                        Ok(())
                    }
                })?;
                Ok(Cow::Owned(whole))
            }
        }
    }

    /// The whole input as one slice, if it is one already.
    #[must_use]
    pub const fn as_slice(&self) -> Option<&[u8]> {
        match &self.0 {
            Inner::Whole(input) => Some(input),
            _ => None,
        }
    }

    /// Hands the input over piece by piece, in order.
    ///
    /// # Errors
    ///
    /// [`InputError::Io`] where a streamed payload cannot be read, [`InputError::Spent`] where it was read before.
    pub fn for_each(&self, each: &mut dyn FnMut(&[u8])) -> Result<(), InputError> {
        self.try_for_each(&mut |piece| {
            each(piece);
            Ok(())
        })
    }

    /// The digest of the input.
    ///
    /// A stream is read by the first call; a second call for the same hash answers from memory, so that a
    /// remote signature can be verified locally afterwards.
    ///
    /// # Errors
    ///
    /// As for [`for_each`](Self::for_each).
    pub fn digest(&self, hash: HashAlg) -> Result<Digest, InputError> {
        if let Some(known) = self.known_digest(hash) {
            return Ok(known);
        }
        let mut hasher = hash.hasher();
        self.for_each(&mut |piece| hasher.update(piece))?;
        let digest = hasher.finish();
        self.remember_digest(hash, &digest);
        Ok(digest)
    }

    /// The digest, if a stream was hashed with the same function before.
    #[must_use]
    pub fn known_digest(&self, hash: HashAlg) -> Option<Digest> {
        let Inner::Stream(_, stream) = &self.0 else {
            return None;
        };
        match &stream.lock().unwrap_or_else(PoisonError::into_inner).state {
            StreamState::Digested(known, digest) if *known == hash => Some(digest.clone()),
            _ => None,
        }
    }

    /// Lets a backend that hashed the pieces with its own code leave the digest of a stream for a later call.
    pub fn remember_digest(&self, hash: HashAlg, digest: &Digest) {
        if let Inner::Stream(_, stream) = &self.0 {
            let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
            stream.state = StreamState::Digested(hash, digest.clone());
        }
    }

    fn try_for_each(
        &self,
        each: &mut dyn FnMut(&[u8]) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        match &self.0 {
            Inner::Whole(input) => each(input),
            Inner::Split(header, payload) => {
                each(header)?;
                each(payload)
            }
            Inner::Stream(header, stream) => {
                let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                let encode = stream.encode;
                let StreamState::Unread(reader) =
                    core::mem::replace(&mut stream.state, StreamState::Spent)
                else {
                    return Err(InputError::Spent);
                };
                each(header)?;
                let mut piece = vec![0; PIECE];
                let mut text = String::new();
                loop {
                    let filled = fill(reader, &mut piece)?;
                    let octets = piece.get(..filled).unwrap_or_default();
                    if encode {
                        text.clear();
                        base64url::encode_into(octets, &mut text);
                        each(text.as_bytes())?;
                    } else {
                        each(octets)?;
                    }
                    if filled < PIECE {
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// Reads until `buffer` is full or the stream ends; says how much was read.
fn fill(reader: &mut (dyn Read + Send), buffer: &mut [u8]) -> Result<usize, InputError> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            // Nothing stops a faulty reader from claiming more than it had room for; what it left out would be signed
            // for as if it had been read.
            Ok(count) if count > rest.len() => {
                return Err(InputError::Io(io::Error::other(
                    "the reader claims more octets than there was room for",
                )));
            }
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(InputError::Io(error)),
        }
    }
    Ok(filled)
}

impl fmt::Debug for SigningInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Inner::Whole(_) | Inner::Split(..) => "SigningInput(in memory)",
            Inner::Stream(..) => "SigningInput(streamed)",
        })
    }
}

/// Why the input of a signature could not be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputError {
    /// Reading the payload failed.
    Io(io::Error),
    /// The algorithm needs the whole payload at once, and it is longer than the limit.
    NotStreamable {
        /// The limit in octets.
        limit: usize,
    },
    /// A streamed payload can be read only once.
    Spent,
    /// Octets were to be signed that are the signing input of a token.
    Token,
}

impl InputError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io.read",
            Self::NotStreamable { .. } => "jws.not-streamable",
            Self::Spent => "jws.payload-spent",
            Self::Token => "jws.input-is-token",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Io(_) => Fault::Remote,
            Self::NotStreamable { .. } | Self::Spent | Self::Token => Fault::Caller,
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the payload could not be read: {error}"),
            Self::NotStreamable { limit } => write!(
                f,
                "the algorithm needs the whole payload at once, and it is longer than {limit} octets"
            ),
            Self::Spent => f.write_str("a streamed payload can be read only once"),
            Self::Token => {
                f.write_str("the octets are the signing input of a token; build the token instead")
            }
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}
