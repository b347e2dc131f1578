//! What a key on a token may be used for: asked of the token, and then tried.

use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, KeyManagementScheme, MacAlg, SignatureAlg};
use bulla_core::jwk::{EcCurve, OkpCurve, PublicKey};
use bulla_core::key::Backend;
use cryptoki::context::Pkcs11;
use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::mechanism::{Mechanism, MechanismInfo, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;

use super::error::Failed;
use super::object::{attribute, is_set};
use super::operation::{self, AesKeyWrap};
use super::{mechanism, public_key};
use crate::{Permitted, VaultError};

/// Everything that the questions are about.
pub(super) struct Inquiry<'a> {
    module: &'a Pkcs11,
    slot: Slot,
    key: ObjectHandle,
    session: &'a Session,
    backend: &'a dyn Backend,
    mechanisms: Vec<MechanismType>,
    /// `CKA_ALLOWED_MECHANISMS`, if the key has it.
    allowed: Option<Vec<MechanismType>>,
    /// Whether keys are encrypted here and decrypted there, to see it done.
    try_decryption: bool,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        module: &'a Pkcs11,
        slot: Slot,
        session: &'a Session,
        key: ObjectHandle,
        backend: &'a dyn Backend,
        try_decryption: bool,
    ) -> Result<Self, Failed> {
        if is_set(session, key, AttributeType::AlwaysAuthenticate)? {
            return Err(Failed::from(VaultError::unsupported(
                "a key that asks for the PIN before each use (CKA_ALWAYS_AUTHENTICATE)",
            )));
        }
        let allowed = match attribute(session, key, AttributeType::AllowedMechanisms)? {
            Some(Attribute::AllowedMechanisms(allowed)) if !allowed.is_empty() => Some(allowed),
            _ => None,
        };
        Ok(Self {
            module,
            slot,
            key,
            session,
            backend,
            mechanisms: module.get_mechanism_list(slot)?,
            allowed,
            try_decryption,
        })
    }

    /// For a key pair.
    pub(super) fn of_key_pair(&self, public: &PublicKey) -> Result<Permitted, Failed> {
        let mut permitted = Permitted::default();
        let curve = edwards(public);
        if self.may(AttributeType::Sign)? {
            for row in SignatureAlg::table() {
                if self.backend.verifier(public, row.alg).is_ok()
                    && let Some(mechanism) = mechanism::signature(row.alg, curve)
                    && self.offers(&mechanism, bits(public), MechanismInfo::sign)?
                    && self.begins(|session, key| session.sign_init(&mechanism, key))?
                {
                    permitted.signatures.push(row.alg);
                }
            }
        }
        if self.may(AttributeType::Decrypt)? {
            for row in KeyManagementAlg::table() {
                if let KeyManagementScheme::RsaOaep(_) = row.scheme
                    && let Ok(wrap) = self.backend.rsa_wrap(public, row.alg)
                    && let Some(mechanism) = mechanism::decryption(row.alg)
                    && self.offers(&mechanism, bits(public), MechanismInfo::decrypt)?
                    && self.begins(|session, key| session.decrypt_init(&mechanism, key))?
                {
                    let secret = self.secret()?;
                    let wrapped = wrap.wrap(&secret);
                    let wrapped = wrapped.map_err(|_| VaultError::unsupported("this key"))?;
                    let unwrap = |session: &Session, key| {
                        operation::unwrap(session, key, row.alg, None, &wrapped.encrypted_key)
                    };
                    if self.gives(&secret, unwrap)? {
                        permitted.key_management.push(row.alg);
                    }
                }
            }
        }
        if self.may(AttributeType::Derive)? && self.agrees(public)? {
            let rows = KeyManagementAlg::table().iter();
            let agreeing =
                rows.filter(|row| matches!(row.scheme, KeyManagementScheme::EcdhEs { .. }));
            permitted.key_management.extend(agreeing.map(|row| row.alg));
        }
        Ok(permitted)
    }

    /// For a secret key: and how it wraps, if it does.
    pub(super) fn of_secret(&self) -> Result<(Permitted, Option<AesKeyWrap>), Failed> {
        let mut permitted = Permitted::default();
        let len = match attribute(self.session, self.key, AttributeType::ValueLen)? {
            Some(Attribute::ValueLen(len)) => usize::try_from(*len).unwrap_or_default(),
            _ => 0,
        };
        if public_key::key_type(self.session, self.key)? == KeyType::AES {
            let how = self.wraps()?;
            if how.is_some() {
                let fits = |scheme| matches!(scheme, KeyManagementScheme::AesKw { key_len } if key_len == len);
                let rows = KeyManagementAlg::table().iter();
                let fitting = rows.filter(|row| fits(row.scheme));
                permitted.key_management.extend(fitting.map(|row| row.alg));
            }
            return Ok((permitted, how));
        }
        if self.may(AttributeType::Sign)? {
            for row in MacAlg::table() {
                // A key shorter than the hash is too weak (RFC 7518 §3.2).
                if len >= row.hash.len()
                    && let Some(mechanism) = mechanism::mac(row.alg)
                    && self.offers(&mechanism, None, MechanismInfo::sign)?
                    && self.begins(|session, key| session.sign_init(&mechanism, key))?
                {
                    permitted.macs.push(row.alg);
                }
            }
        }
        Ok((permitted, None))
    }

    fn wraps(&self) -> Result<Option<AesKeyWrap>, Failed> {
        let both = |info: &MechanismInfo| info.encrypt() && info.decrypt();
        if self.offers(&Mechanism::AesKeyWrap, None, both)?
            && self.may(AttributeType::Decrypt)?
            && self.begins(|session, key| session.decrypt_init(&Mechanism::AesKeyWrap, key))?
        {
            return Ok(Some(AesKeyWrap::Cipher));
        }
        let both = |info: &MechanismInfo| info.wrap() && info.unwrap();
        let may = self.may(AttributeType::Unwrap)?;
        let offered = may && self.offers(&Mechanism::AesKeyWrap, None, both)?;
        Ok(offered.then_some(AesKeyWrap::Object))
    }

    fn agrees(&self, public: &PublicKey) -> Result<bool, Failed> {
        let Ok((ephemeral, secret)) = self.backend.ephemeral(public) else {
            return Ok(false);
        };
        let derive = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), &[]));
        Ok(self.offers(&derive, bits(public), MechanismInfo::derive)?
            && self.gives(&secret, |session, key| {
                operation::agree(session, key, &ephemeral)
            })?)
    }

    /// Whether an operation with the key gives what it should; taken for granted where nothing is to be tried.
    fn gives(
        &self,
        expected: &SecretBytes,
        operation: impl Fn(&Session, ObjectHandle) -> Result<SecretBytes, Failed>,
    ) -> Result<bool, Failed> {
        if !self.try_decryption {
            return Ok(true);
        }
        let session = self.module.open_ro_session(self.slot)?;
        match operation(&session, self.key) {
            Ok(got) if got == *expected => Ok(true),
            Ok(_) => Err(Failed::from(VaultError::Integrity {
                what: "what it decrypts is not what was encrypted for its public key",
            })),
            Err(failed) => self.refused(&session, failed),
        }
    }

    /// Whether the token begins an operation with the key; it is broken off by closing its session.
    fn begins(
        &self,
        init: impl Fn(&Session, ObjectHandle) -> cryptoki::error::Result<()>,
    ) -> Result<bool, Failed> {
        let session = self.module.open_ro_session(self.slot)?;
        match init(&session, self.key) {
            Ok(()) => Ok(true),
            Err(error) => self.refused(&session, error.into()),
        }
    }

    /// False, unless it failed because the token is gone.
    fn refused(&self, session: &Session, failed: Failed) -> Result<bool, Failed> {
        match session.get_session_info() {
            Ok(_) => {
                let why = failed.into_vault();
                tracing::debug!(target: "bulla::kms", provider = super::PROVIDER, %why, "not offered");
                Ok(false)
            }
            Err(_) => Err(failed),
        }
    }

    /// Whether the token has the mechanism, for this use, for keys of this size, and the key is allowed it.
    fn offers(
        &self,
        mechanism: &Mechanism<'_>,
        bits: Option<usize>,
        does: impl Fn(&MechanismInfo) -> bool,
    ) -> Result<bool, Failed> {
        let kind = mechanism.mechanism_type();
        let allowed = self.allowed.as_ref();
        if !self.mechanisms.contains(&kind)
            || allowed.is_some_and(|allowed| !allowed.contains(&kind))
        {
            return Ok(false);
        }
        let info = self.module.get_mechanism_info(self.slot, kind)?;
        // Both are zero where a token does not care to say.
        let fits = bits.is_none_or(|bits| {
            info.max_key_size() == 0 || (info.min_key_size()..=info.max_key_size()).contains(&bits)
        });
        Ok(fits && does(&info))
    }

    /// Whether a use of the key is switched on.
    fn may(&self, what: AttributeType) -> Result<bool, Failed> {
        is_set(self.session, self.key, what)
    }

    fn secret(&self) -> Result<SecretBytes, Failed> {
        let mut secret = vec![0; 32];
        self.backend
            .random(&mut secret)
            .map_err(|_| VaultError::unavailable("no random numbers"))?;
        Ok(SecretBytes::from(secret))
    }
}

/// The Edwards curve of a key that is on one.
pub(super) const fn edwards(public: &PublicKey) -> Option<OkpCurve> {
    match public {
        PublicKey::Okp(key) => Some(key.curve()),
        _ => None,
    }
}

/// As `CK_MECHANISM_INFO` counts; tokens do not agree on how long a key on an Edwards or Montgomery curve is.
fn bits(public: &PublicKey) -> Option<usize> {
    match public {
        PublicKey::Rsa(key) => Some(key.bits()),
        PublicKey::Ec(key) => Some(match key.curve() {
            EcCurve::P521 => 521,
            curve => curve.field_len() * 8,
        }),
        _ => None,
    }
}
