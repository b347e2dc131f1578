use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::json_form::{self, RecipientForm};
use super::parameters::KeyParameters;
use super::{DecryptError, Policy};
use crate::header::{self, Header, Kind, Place};
use crate::jwa::{KeyManagementAlg, KeyManagementScheme};
use crate::jws::Serialization;
use crate::key::KeyInfo;

/// A JSON Web Encryption in one of two states.
///
/// `Jwe<Encrypted>` has headers; only decryption makes the `Jwe<Decrypted>` that has content:
///
/// ```compile_fail,E0599
/// # fn f(token: &str) -> Result<(), bulla_core::jwe::DecryptError> {
/// use bulla_core::jwe::Jwe;
/// let jwe = Jwe::parse_compact(token)?;
/// jwe.plaintext(); // no such method before `decrypt`
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Jwe<'t, S = Encrypted> {
    pub(super) serialization: Serialization,
    /// The protected header as it came; the received text is what is authenticated.
    pub(super) segment: Cow<'t, str>,
    pub(super) protected: Arc<Header>,
    pub(super) recipients: SmallVec<[Recipient<'t>; 1]>,
    pub(super) iv: Cow<'t, str>,
    pub(super) ciphertext: Cow<'t, str>,
    pub(super) tag: Cow<'t, str>,
    pub(super) aad: Option<Cow<'t, str>>,
    pub(super) state: S,
}

/// The state of a JWE that nobody has decrypted.
#[derive(Clone, Debug)]
pub struct Encrypted {
    pub(super) policy: Policy,
}

/// The state of a JWE that was decrypted, and so is what its sender made.
pub struct Decrypted {
    pub(super) plaintext: Vec<u8>,
    pub(super) recipient: usize,
    pub(super) key: Arc<KeyInfo>,
    pub(super) failures: Vec<(usize, DecryptError)>,
}

/// One recipient of a JWE.
#[derive(Debug)]
pub struct Recipient<'t> {
    /// The union of the protected, the shared and the recipient's own header; where there is but the protected
    /// one, that itself.
    pub(super) header: Arc<Header>,
    /// Most algorithms make none.
    pub(super) parameters: Option<Box<KeyParameters>>,
    pub(super) encrypted_key: Cow<'t, str>,
}

impl<'t> Jwe<'t, Encrypted> {
    /// Reads the compact serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// [`DecryptError::Malformed`], [`DecryptError::LimitExceeded`] and [`DecryptError::CriticalUnknown`].
    ///
    /// ```
    /// use bulla_core::jwe::Jwe;
    /// assert_eq!(Jwe::parse_compact("a.b.c").unwrap_err().code(), "jwe.malformed");
    /// ```
    pub fn parse_compact(token: &'t str) -> Result<Self, DecryptError> {
        Self::parse_compact_with(token, Policy::new())
    }

    /// Reads the compact serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_compact_with(token: &'t str, policy: Policy) -> Result<Self, DecryptError> {
        if token.len() > policy.bounds().token {
            return Err(DecryptError::limit("the token"));
        }
        let Some([segment, encrypted_key, iv, ciphertext, tag]) = five_parts(token) else {
            return Err(DecryptError::malformed(
                "compact token",
                "does not have five parts",
            ));
        };
        let protected = Header::parse_segment(segment, Kind::Jwe, policy.bounds())?;
        let protected = Arc::new(protected);
        let recipient = Recipient {
            parameters: KeyParameters::of(&protected).map_err(DecryptError::Malformed)?,
            header: Arc::clone(&protected),
            encrypted_key: Cow::Borrowed(encrypted_key),
        };
        policy.admit(&recipient.header)?;
        Ok(Self {
            serialization: Serialization::Compact,
            segment: Cow::Borrowed(segment),
            protected,
            recipients: [recipient].into_iter().collect(),
            iv: Cow::Borrowed(iv),
            ciphertext: Cow::Borrowed(ciphertext),
            tag: Cow::Borrowed(tag),
            aad: None,
            state: Encrypted { policy },
        })
    }

    /// Reads the flattened JSON serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    ///
    /// ```
    /// use bulla_core::jwe::Jwe;
    /// let both = br#"{"ciphertext":"","encrypted_key":"","recipients":[{}]}"#;
    /// assert_eq!(Jwe::parse_flattened(both).unwrap_err().code(), "jwe.malformed");
    /// ```
    pub fn parse_flattened(json: &'t [u8]) -> Result<Self, DecryptError> {
        Self::parse_flattened_with(json, Policy::new())
    }

    /// Reads the flattened JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_flattened_with(json: &'t [u8], policy: Policy) -> Result<Self, DecryptError> {
        let mut form = json_form::parse(json, policy.bounds())?;
        let recipients = form.flattened()?;
        Self::from_json(Serialization::Flattened, form, recipients, policy)
    }

    /// Reads the general JSON serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    ///
    /// ```
    /// use bulla_core::jwe::Jwe;
    /// let nobody = br#"{"ciphertext":"","recipients":[]}"#;
    /// assert_eq!(Jwe::parse_general(nobody).unwrap_err().code(), "jwe.malformed");
    /// ```
    pub fn parse_general(json: &'t [u8]) -> Result<Self, DecryptError> {
        Self::parse_general_with(json, Policy::new())
    }

    /// Reads the general JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_general_with(json: &'t [u8], policy: Policy) -> Result<Self, DecryptError> {
        let mut form = json_form::parse(json, policy.bounds())?;
        let recipients = form.general(policy.bounds())?;
        Self::from_json(Serialization::General, form, recipients, policy)
    }

    fn from_json(
        serialization: Serialization,
        form: json_form::JsonForm<'t>,
        recipients: Vec<RecipientForm<'t>>,
        policy: Policy,
    ) -> Result<Self, DecryptError> {
        let (segment, protected) = match form.protected {
            Some(segment) => {
                let header = Header::parse_segment(&segment, Kind::Jwe, policy.bounds())?;
                (segment, Arc::new(header))
            }
            None => (Cow::Borrowed(""), Arc::default()),
        };
        let most = policy.bounds().header;
        let unprotected = |parameters| {
            if header::written_len(&parameters) > most {
                return Err(DecryptError::limit("the unprotected header"));
            }
            Header::from_parameters(parameters, Kind::Jwe, Place::Unprotected)
                .map_err(DecryptError::Malformed)
        };
        let with = |header: &Header, parameters| {
            Header::union(header.clone(), unprotected(parameters)?)
                .map(Arc::new)
                .map_err(DecryptError::Malformed)
        };
        let shared = match form.unprotected {
            Some(parameters) => with(&protected, parameters)?,
            None => Arc::clone(&protected),
        };
        let recipients = recipients
            .into_iter()
            .map(|recipient| {
                let header = match recipient.header {
                    Some(parameters) => with(&shared, parameters)?,
                    None => Arc::clone(&shared),
                };
                policy.admit(&header)?;
                Ok(Recipient {
                    parameters: KeyParameters::of(&header).map_err(DecryptError::Malformed)?,
                    header,
                    encrypted_key: recipient.encrypted_key.unwrap_or_default(),
                })
            })
            .collect::<Result<SmallVec<[Recipient<'t>; 1]>, DecryptError>>()?;
        check_company(&recipients)?;
        let ciphertext = form.ciphertext.ok_or(DecryptError::malformed(
            "JSON serialization",
            "has no ciphertext",
        ))?;
        Ok(Self {
            serialization,
            segment,
            protected,
            recipients,
            iv: form.iv.unwrap_or_default(),
            ciphertext,
            tag: form.tag.unwrap_or_default(),
            aad: form.aad,
            state: Encrypted { policy },
        })
    }
}

/// Several recipients share one content: its encryption is the same for all (RFC 7516 §7.2.1), and none of them
/// has a key of its own for it, as the direct modes do.
fn check_company(recipients: &[Recipient<'_>]) -> Result<(), DecryptError> {
    let [first, others @ ..] = recipients else {
        return Ok(());
    };
    if others
        .iter()
        .any(|other| other.header.enc() != first.header.enc())
    {
        return Err(DecryptError::malformed(
            "enc",
            "is not the same for all recipients",
        ));
    }
    let is_direct = |recipient: &Recipient<'_>| {
        recipient
            .header
            .alg()
            .and_then(|alg| KeyManagementAlg::from_name(alg.as_str()))
            .is_some_and(|alg| {
                matches!(
                    alg.facts().scheme,
                    KeyManagementScheme::Direct | KeyManagementScheme::EcdhEs { wrap_len: None }
                )
            })
    };
    if !others.is_empty() && recipients.iter().any(is_direct) {
        return Err(DecryptError::malformed("alg", "admits one recipient only"));
    }
    Ok(())
}

impl<'t, S> Jwe<'t, S> {
    /// The serialization it was read from.
    #[must_use]
    pub const fn serialization(&self) -> Serialization {
        self.serialization
    }

    /// The header that the tag covers.
    #[must_use]
    pub fn protected(&self) -> &Header {
        &self.protected
    }

    /// The recipients with their headers, in the order of the token; at least one.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient<'t>] {
        &self.recipients
    }
}

impl Recipient<'_> {
    /// The JOSE Header: what the protected, the shared and the recipient's own header say together.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn parameters(&self) -> &KeyParameters {
        static NONE: KeyParameters = KeyParameters::NONE;
        self.parameters.as_deref().unwrap_or(&NONE)
    }
}

impl Jwe<'_, Decrypted> {
    /// The content.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.state.plaintext
    }

    /// The content, without a copy.
    #[must_use]
    pub fn into_plaintext(self) -> Vec<u8> {
        self.state.plaintext
    }

    /// The position of the recipient that the key is, from 0.
    #[must_use]
    pub const fn recipient(&self) -> usize {
        self.state.recipient
    }

    /// The JOSE Header of that recipient.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.recipients
            .get(self.state.recipient)
            .map_or(&self.protected, Recipient::header)
    }

    /// What was tried before in vain, in order: the position of the recipient, and why one of its keys did not
    /// decrypt, or that it has none here.
    #[must_use]
    pub fn failures(&self) -> &[(usize, DecryptError)] {
        &self.state.failures
    }

    pub(crate) fn shared_key(&self) -> Arc<KeyInfo> {
        Arc::clone(&self.state.key)
    }

    /// The key that decrypted it.
    #[must_use]
    pub fn key(&self) -> &KeyInfo {
        &self.state.key
    }
}

fn five_parts(token: &str) -> Option<[&str; 5]> {
    let mut parts = [""; 5];
    let [first @ .., last] = &mut parts;
    let mut rest = token;
    for part in first {
        let dot = memchr::memchr(b'.', rest.as_bytes())?;
        (*part, rest) = rest.split_at_checked(dot)?;
        rest = rest.strip_prefix('.')?;
    }
    *last = rest;
    // However many dots there are, one is enough to know.
    memchr::memchr(b'.', rest.as_bytes())
        .is_none()
        .then_some(parts)
}

impl core::fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decrypted")
            .field("recipient", &self.recipient)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
