use std::sync::Arc;

use super::{DecryptError, Deflate, Zip};
use crate::header::{Header, Kind, check_understood};
use crate::jwa::{AlgName, ContentEncryptionAlg};
use crate::limits::Limits;

/// What the receiving application allows, beyond the keys: content encryptions, limits, compressions, and the
/// critical parameters it understands.
///
/// ```
/// use bulla_core::{jwa::ContentEncryptionAlg, jwe::Policy};
/// let policy = Policy::new().content_encryptions([ContentEncryptionAlg::A256Gcm]).without_zip();
/// # let _ = policy;
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    limits: Limits,
    understood: Vec<String>,
    /// Empty: every one.
    encs: Vec<ContentEncryptionAlg>,
    /// The caller's own compressions, the last one first.
    zips: Vec<Arc<dyn Zip>>,
    inflates: bool,
}

impl Policy {
    /// Every registered content encryption, the default limits, `DEF` inflated within them, and no critical
    /// parameter understood.
    #[must_use]
    pub fn new() -> Self {
        Self {
            limits: Limits::DEFAULT,
            understood: Vec::new(),
            encs: Vec::new(),
            zips: Vec::new(),
            inflates: true,
        }
    }

    /// Only these content encryptions.
    #[must_use]
    pub fn content_encryptions(
        mut self,
        encs: impl IntoIterator<Item = ContentEncryptionAlg>,
    ) -> Self {
        self.encs = encs.into_iter().collect();
        self
    }

    /// Says that the application understands *and processes* a parameter that `crit` may name.
    #[must_use]
    pub fn understood(mut self, name: impl Into<String>) -> Self {
        self.understood.push(name.into());
        self
    }

    /// Other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Another compression, besides `DEF`; one of the same name goes first.
    #[must_use]
    pub fn zip(mut self, zip: Arc<dyn Zip>) -> Self {
        self.zips.insert(0, zip);
        self
    }

    /// Refuses compressed content.
    #[must_use]
    pub fn without_zip(mut self) -> Self {
        self.zips.clear();
        self.inflates = false;
        self
    }

    pub(crate) const fn bounds(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn admit(&self, header: &Header) -> Result<(), DecryptError> {
        if header.kid().is_some_and(|kid| kid.len() > self.limits.kid) {
            return Err(DecryptError::limit("the kid"));
        }
        if header.x5c_len() > self.limits.x5c {
            return Err(DecryptError::limit("the x5c chain"));
        }
        Ok(check_understood(header, Kind::Jwe, &self.understood)?)
    }

    pub(crate) fn admit_enc(&self, name: &AlgName) -> Result<ContentEncryptionAlg, DecryptError> {
        ContentEncryptionAlg::from_name(name.as_str())
            .filter(|enc| self.encs.is_empty() || self.encs.contains(enc))
            .ok_or_else(|| DecryptError::ContentEncryptionNotAllowed { enc: name.clone() })
    }

    pub(crate) fn find_zip(&self, name: &str) -> Result<&dyn Zip, DecryptError> {
        let own = self.zips.iter().map(AsRef::as_ref);
        let deflate: Option<&dyn Zip> = if self.inflates { Some(&Deflate) } else { None };
        own.chain(deflate)
            .find(|zip| zip.name() == name)
            .ok_or(DecryptError::ZipUnsupported)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::new()
    }
}
