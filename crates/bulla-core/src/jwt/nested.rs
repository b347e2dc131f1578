//! Tokens that are encrypted: the claims themselves, or a token within a token (RFC 7519 §5.2, §5.3).

use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::claims::RegisteredClaims;
use super::error::{ClaimError, VerifyError};
use super::expect::Expectations;
use super::judge;
use super::origin::{Layer, Layers, Origin};
use super::registered::Registered;
use super::token::Jwt;
use super::valid::Valid;
use crate::base64url;
use crate::header::Header;
use crate::jwe::{Decrypted, Jwe};
use crate::jws;
use crate::key::{DecryptionKeys, Keys};
use crate::payload::media_type;

impl Expectations {
    /// Decrypts a compact token whose content is the claims set itself, and judges the claims.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Jwe`] where it does not decrypt; [`VerifyError::Claim`] where the claims are not as expected,
    /// the content is a token itself (see [`decrypt_verify`](Self::decrypt_verify)), or the header repeats a
    /// claim with another value (RFC 7519 §5.3).
    ///
    /// # Security
    ///
    /// Anybody who has a *public* encryption key can make such a token: with RSA and ECDH-ES it proves nothing
    /// about who wrote the claims. Where that matters, expect a token that is signed as well.
    pub fn decrypt<T: DeserializeOwned>(
        &self,
        token: &str,
        keys: &(impl DecryptionKeys + ?Sized),
    ) -> Result<Valid<'static, T>, VerifyError> {
        self.decrypted(self.open(token, keys)?)
    }

    /// Decrypts a compact token that holds a signed one, verifies that, and judges its claims. Signed first and
    /// encrypted then is the order that RFC 7519 §11.2 recommends.
    ///
    /// # Errors
    ///
    /// As for [`decrypt`](Self::decrypt) and [`verify`](Self::verify); [`VerifyError::Claim`] of
    /// [`ClaimError::ContentTypeMismatch`] where the outer header does not say `cty: JWT`.
    ///
    /// ```
    /// # fn f(token: &str, mine: &bulla_core::key::Decrypter, theirs: &bulla_core::key::Verifier) {
    /// use bulla_core::jwt::Expectations;
    /// let expect = Expectations::new("https://issuer.example", "api");
    /// match expect.decrypt_verify::<()>(token, mine, theirs) {
    ///     Ok(valid) => println!("{:?} {:?}", valid.header().alg(), valid.outer_header().and_then(|outer| outer.enc())),
    ///     Err(error) => println!("error[{}]: {error}", error.code()),
    /// }
    /// # }
    /// ```
    pub fn decrypt_verify<T: DeserializeOwned>(
        &self,
        token: &str,
        decryption_keys: &(impl DecryptionKeys + ?Sized),
        keys: &(impl Keys + ?Sized),
    ) -> Result<Valid<'static, T>, VerifyError> {
        let (outer, inner) = Self::inner_token(self.open(token, decryption_keys)?)?;
        let valid = Jwt::verify_compact(&inner, keys, &self.policy)?.validate(self)?;
        Self::with_outer(outer, valid)
    }

    /// Verifies a compact token that holds an encrypted one, decrypts that, and judges its claims.
    ///
    /// # Errors
    ///
    /// As for [`decrypt_verify`](Self::decrypt_verify).
    ///
    /// # Security
    ///
    /// The signature covers the ciphertext, not the claims, and can be taken off and replaced by somebody else's
    /// (RFC 7519 §11.2). Use this order only where a peer leaves no choice.
    pub fn verify_decrypt<T: DeserializeOwned>(
        &self,
        token: &str,
        keys: &(impl Keys + ?Sized),
        decryption_keys: &(impl DecryptionKeys + ?Sized),
    ) -> Result<Valid<'static, T>, VerifyError> {
        let signed = jws::verify_compact(token, keys, &self.policy)?;
        if !signed.seen.header().b64() {
            return Err(ClaimError::Unencoded.into());
        }
        expect_content(signed.seen.header(), true)?;
        let payload = base64url::decode(signed.payload).map_err(|_| {
            jws::VerifyError::malformed("payload", "is not base64url without padding")
        })?;
        let inner = text(payload)?;
        let jwe = self.open(&inner, decryption_keys)?;
        expect_content(jwe.header(), false)?;
        let layers = Layers {
            inner: Layer::of(&jwe),
            outer: Some(Layer::Signed(signed.seen)),
        };
        let valid = self.valid(jwe.into_plaintext(), layers)?;
        check_repeated(valid.header(), &valid.registered())?;
        Ok(valid)
    }

    /// Judges the claims that are the content of a token.
    pub(super) fn decrypted<T: DeserializeOwned>(
        &self,
        jwe: Jwe<'_, Decrypted>,
    ) -> Result<Valid<'static, T>, VerifyError> {
        expect_content(jwe.header(), false)?;
        let layer = Layer::of(&jwe);
        let valid = self.valid(
            jwe.into_plaintext(),
            Layers {
                inner: layer,
                outer: None,
            },
        )?;
        check_repeated(valid.header(), &valid.registered())?;
        Ok(valid)
    }

    /// The token that is the content of a token.
    pub(super) fn inner_token(jwe: Jwe<'_, Decrypted>) -> Result<(Layer, String), VerifyError> {
        expect_content(jwe.header(), true)?;
        let outer = Layer::of(&jwe);
        Ok((outer, text(jwe.into_plaintext())?))
    }

    /// Puts the outer layer around what was found valid within it.
    pub(super) fn with_outer<T>(
        outer: Layer,
        mut valid: Valid<'static, T>,
    ) -> Result<Valid<'static, T>, VerifyError> {
        check_repeated(outer.header(), &valid.registered())?;
        if let Origin::Signed(seen) = valid.origin {
            let layers = Layers {
                inner: Layer::Signed(seen),
                outer: Some(outer),
            };
            valid.origin = Origin::Encrypted(Arc::new(layers));
        }
        Ok(valid)
    }

    fn open<'t>(
        &self,
        token: &'t str,
        keys: &(impl DecryptionKeys + ?Sized),
    ) -> Result<Jwe<'t, Decrypted>, VerifyError> {
        let policy = self.encryption.as_deref().cloned().unwrap_or_default();
        Ok(Jwe::parse_compact_with(token, policy)?.decrypt(keys)?)
    }

    fn valid<T: DeserializeOwned>(
        &self,
        payload: Vec<u8>,
        layers: Layers,
    ) -> Result<Valid<'static, T>, VerifyError> {
        let payload = text(payload)?;
        let mut registered = Registered::default();
        let typ = || layers.inner.header().typ();
        let (claims, checked) = self.judge(&payload, typ, &mut registered)?;
        let origin = Origin::Encrypted(Arc::new(layers));
        Ok(Valid {
            payload: Cow::Owned(payload),
            registered,
            claims,
            checked,
            origin,
        })
    }
}

/// `cty` says `JWT` where a token is inside (RFC 7519 §5.2), and only there.
fn expect_content(header: &Header, token: bool) -> Result<(), ClaimError> {
    if header.cty().is_some_and(|cty| media_type::same(cty, "JWT")) == token {
        return Ok(());
    }
    Err(ClaimError::ContentTypeMismatch {
        found: header.cty().map(str::to_owned),
    })
}

/// Claims that the header of a JWE repeats must be equal (RFC 7519 §5.3).
fn check_repeated(header: &Header, claims: &RegisteredClaims<'_>) -> Result<(), ClaimError> {
    let text = |name: &'static str, claim: Option<&str>| match header.get(name) {
        Some(value) if value.as_str() != claim || claim.is_none() => {
            Err(ClaimError::Repeated { claim: name })
        }
        _ => Ok(()),
    };
    text("iss", claims.issuer())?;
    text("sub", claims.subject())?;
    let equal = match header.get("aud") {
        None => true,
        Some(Value::String(one)) => claims.audience().eq([one.as_str()]),
        Some(Value::Array(several)) => claims
            .audience()
            .map(Some)
            .eq(several.iter().map(Value::as_str)),
        Some(_) => false,
    };
    if equal {
        Ok(())
    } else {
        Err(ClaimError::Repeated { claim: "aud" })
    }
}

fn text(octets: Vec<u8>) -> Result<String, VerifyError> {
    String::from_utf8(octets).map_err(|error| match judge::text_of(error.as_bytes()) {
        Err(error) => error.into(),
        Ok(_) => ClaimError::ContentTypeMismatch { found: None }.into(),
    })
}
