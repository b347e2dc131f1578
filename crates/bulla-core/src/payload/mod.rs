//! Typed payloads: what a token carries, by media type.
//!
//! A token says in `cty` what its payload is (RFC 7515 §4.1.10, RFC 7516 §4.1.12). Here are the readers and writers of
//! the media types that JOSE registers, and of plain octets, text and JSON; others implement [`Decode`] and [`Encode`].
//!
//! | codec | media type | writes | reads |
//! |---|---|---|---|
//! | [`Bytes`] | `application/octet-stream` | octets | `Vec<u8>` |
//! | [`Text`] | `text/plain` | text | `String` |
//! | [`Json`] | `application/json` | any serde type | the same, strictly |
//! | [`JwkJson`] | `application/jwk+json` | a JWK | an [`Untrusted`](crate::Untrusted) one |
//! | [`JwkSetJson`] | `application/jwk-set+json` | a JWK Set | an [`Untrusted`](crate::Untrusted) one |
//! | [`Jose`] | `application/jose` | a compact token | a verified [`Jws`](crate::jws::Jws), a decrypted [`Jwe`](crate::jwe::Jwe) |
//! | [`JoseJson`] | `application/jose+json` | a JSON token | the same |
//! | [`Jwt`] | `application/jwt` | a compact JWT | [`Valid`](crate::jwt::Valid) claims |
//! | [`Renamed`] | any | as another codec | as another codec |
//!
//! # Reading
//!
//! The methods are those of a verified JWS and of a decrypted JWE, so no decoder ever sees what nobody signed:
//!
//! | method | who says what the payload is |
//! |---|---|
//! | [`decode`](crate::jws::Jws::decode) | the caller, by a decoder |
//! | [`decode_stated`](crate::jws::Jws::decode_stated) | the caller, by a decoder that must read what the token states |
//! | [`decode_as`](crate::jws::Jws::decode_as) | the caller, by a content type |
//! | [`decode_by_type`](crate::jws::Jws::decode_by_type) | the token, among the [`Decoders`] that the caller gives |
//!
//! ```
//! use bulla_core::jws::{Builder, Jws};
//! use bulla_core::payload::{Decoders, Json, Payload};
//!
//! #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
//! struct Message {
//!     author: String,
//!     message: String,
//! }
//!
//! # fn f(signer: &bulla_core::key::Signer, verifier: &bulla_core::key::Verifier) -> Result<(), Box<dyn std::error::Error>> {
//! let json = Json::<Message>::new();
//! let sent = Message { author: "Bill".into(), message: "Hey!".into() };
//! let token = Builder::typed(&json, &sent)?.sign_compact(signer)?; // says `cty: json`
//!
//! let verified = Jws::parse_compact(&token)?.verify(verifier)?;
//! assert_eq!(verified.decode(&json)?, sent);
//! match verified.decode_by_type(&Decoders::plain())? {
//!     Payload::Json(value) => assert_eq!(value["author"], "Bill"),
//!     other => println!("{other:?}"),
//! }
//! # Ok(()) }
//! ```
//!
//! # Tokens within tokens
//!
//! A token inside is opened when it is decoded, under keys and a policy of its own that the caller gave beforehand. One
//! call opens one layer, and the caller states which kind of token it expects there: nothing is sniffed, nothing nests
//! deeper than the program that reads it. A token inside that is unsecured, or whose key is another, is refused as it
//! would be outside.
//!
//! # Rules on media types
//!
//! Case does not matter. `application/` may be left out where there is no other slash, in a parameter neither. Unknown
//! parameters are ignored, except that one named twice refuses the whole. Text and JSON are UTF-8: a `charset` that is
//! neither `utf-8` nor `us-ascii` is not read. Only a protected `cty` chooses a decoder.

mod any;
mod bytes;
mod codec;
mod decode;
mod decoders;
mod encoded;
mod error;
mod inner_jwe;
mod inner_jws;
mod jose;
mod json;
mod jwk;
mod jwt;
pub(crate) mod media_type;
mod renamed;
mod text;

pub use any::Payload;
pub use bytes::Bytes;
pub use codec::{Codec, Decode, Encode};
pub use decoders::Decoders;
pub use encoded::Encoded;
pub use error::{PayloadError, TypeSource};
pub use inner_jwe::InnerJwe;
pub use inner_jws::InnerJws;
pub use jose::{Jose, JoseJson};
pub use json::Json;
pub use jwk::{JwkJson, JwkSetJson};
pub use jwt::{InnerJwt, Jwt};
pub use media_type::MediaType;
pub use renamed::Renamed;
pub use text::Text;
