//! Decoding what was verified or decrypted, and nothing else: no other state of a token has these methods.

use super::media_type::same;
use super::{Decode, Decoders, MediaType, Payload, PayloadError, TypeSource};
use crate::jwe::{Decrypted, Jwe};
use crate::jws::{Jws, Verified};

impl Jws<'_, Verified> {
    /// Reads the payload with a decoder that the caller chose. What the token states its content type to be does not
    /// matter: see [`decode_stated`](Self::decode_stated).
    ///
    /// There is no such method before the signature was verified:
    ///
    /// ```compile_fail,E0599
    /// # fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jws::Jws, payload::Text};
    /// Jws::parse_compact(token)?.decode(&Text)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`PayloadError`], those of the decoder.
    ///
    /// ```
    /// # fn f(token: &str, verifier: &bulla_core::key::Verifier) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jws::Jws, payload::Text};
    /// println!("{}", Jws::parse_compact(token)?.verify(verifier)?.decode(&Text)?);
    /// # Ok(()) }
    /// ```
    pub fn decode<D: Decode + ?Sized>(&self, decoder: &D) -> Result<D::Value, PayloadError> {
        decoder.decode(self.payload())
    }

    /// Reads the payload with a decoder that the caller chose, if the token states a content type that it reads.
    ///
    /// # Errors
    ///
    /// As for [`decode`](Self::decode) and [`content_type`](Self::content_type); [`PayloadError::TypeUnsupported`].
    pub fn decode_stated<D: Decode + ?Sized>(&self, decoder: &D) -> Result<D::Value, PayloadError> {
        stated(self.content_type()?, decoder, self.payload())
    }

    /// Reads the payload as the content type that the caller gives, whatever the token states.
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMalformed`], [`PayloadError::TypeUnsupported`], and those of the decoder.
    pub fn decode_as(
        &self,
        content_type: &str,
        decoders: &Decoders,
    ) -> Result<Payload, PayloadError> {
        let media_type = MediaType::parse(content_type)?;
        decoders.decode(&media_type, TypeSource::Caller, self.payload())
    }

    /// Reads the payload as the content type that the token states.
    ///
    /// # Errors
    ///
    /// As for [`content_type`](Self::content_type); [`PayloadError::TypeUnsupported`], and those of the decoder.
    pub fn decode_by_type(&self, decoders: &Decoders) -> Result<Payload, PayloadError> {
        decoders.decode(&self.content_type()?, TypeSource::Token, self.payload())
    }

    /// The content type (`cty`) that the signatures cover. Of several signatures only those that held are asked, and those
    /// that state one must agree.
    ///
    /// A `cty` that is not protected is nobody's statement: whoever passed the token on could have chosen how its payload
    /// is read. Where that does not matter, give it to [`decode_as`](Self::decode_as).
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMissing`], [`PayloadError::TypeAmbiguous`] or [`PayloadError::TypeMalformed`].
    pub fn content_type(&self) -> Result<MediaType<'_>, PayloadError> {
        let held = || {
            let signatures = self.signatures();
            self.verified()
                .iter()
                .filter_map(move |verified| signatures.get(verified.index()))
        };
        let mut types = held().filter_map(|signature| signature.protected().cty());
        let Some(first) = types.next() else {
            let unprotected = held().any(|signature| signature.header().cty().is_some());
            return Err(PayloadError::TypeMissing { unprotected });
        };
        if !types.all(|other| same(first, other)) {
            return Err(PayloadError::TypeAmbiguous);
        }
        parse(first)
    }
}

impl Jwe<'_, Decrypted> {
    /// Reads the content with a decoder that the caller chose. What the token states its content type to be does not
    /// matter: see [`decode_stated`](Self::decode_stated).
    ///
    /// There is no such method before it was decrypted:
    ///
    /// ```compile_fail,E0599
    /// # fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jwe::Jwe, payload::Text};
    /// Jwe::parse_compact(token)?.decode(&Text)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`PayloadError`], those of the decoder.
    ///
    /// ```
    /// # fn f(token: &str, decrypter: &bulla_core::key::Decrypter) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jwe::Jwe, payload::Text};
    /// println!("{}", Jwe::parse_compact(token)?.decrypt(decrypter)?.decode(&Text)?);
    /// # Ok(()) }
    /// ```
    pub fn decode<D: Decode + ?Sized>(&self, decoder: &D) -> Result<D::Value, PayloadError> {
        decoder.decode(self.plaintext())
    }

    /// Reads the content with a decoder that the caller chose, if the token states a content type that it reads.
    ///
    /// # Errors
    ///
    /// As for [`decode`](Self::decode) and [`content_type`](Self::content_type); [`PayloadError::TypeUnsupported`].
    pub fn decode_stated<D: Decode + ?Sized>(&self, decoder: &D) -> Result<D::Value, PayloadError> {
        stated(self.content_type()?, decoder, self.plaintext())
    }

    /// Reads the content as the content type that the caller gives, whatever the token states.
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMalformed`], [`PayloadError::TypeUnsupported`], and those of the decoder.
    pub fn decode_as(
        &self,
        content_type: &str,
        decoders: &Decoders,
    ) -> Result<Payload, PayloadError> {
        let media_type = MediaType::parse(content_type)?;
        decoders.decode(&media_type, TypeSource::Caller, self.plaintext())
    }

    /// Reads the content as the content type that the token states.
    ///
    /// # Errors
    ///
    /// As for [`content_type`](Self::content_type); [`PayloadError::TypeUnsupported`], and those of the decoder.
    pub fn decode_by_type(&self, decoders: &Decoders) -> Result<Payload, PayloadError> {
        decoders.decode(&self.content_type()?, TypeSource::Token, self.plaintext())
    }

    /// The content type (`cty`) that the tag covers. One that is not protected is nobody's statement, as
    /// [`Jws::content_type`] has it.
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMissing`] or [`PayloadError::TypeMalformed`].
    pub fn content_type(&self) -> Result<MediaType<'_>, PayloadError> {
        match self.protected().cty() {
            Some(cty) => parse(cty),
            None => Err(PayloadError::TypeMissing {
                unprotected: self.header().cty().is_some(),
            }),
        }
    }
}

fn parse(cty: &str) -> Result<MediaType<'_>, PayloadError> {
    MediaType::read(cty).ok_or_else(|| PayloadError::type_malformed(cty, TypeSource::Token))
}

fn stated<D: Decode + ?Sized>(
    media_type: MediaType<'_>,
    decoder: &D,
    octets: &[u8],
) -> Result<D::Value, PayloadError> {
    if decoder.reads(&media_type) {
        return decoder.decode(octets);
    }
    let found = media_type.to_string();
    Err(PayloadError::type_unsupported(&found, TypeSource::Token))
}
