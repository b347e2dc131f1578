use bulla::jwks::MissingKey;
use bulla::key::SelectError;

/// A refusal, and why there was no key for the token, where nobody's was tried instead.
#[derive(Debug)]
pub(crate) struct Missed<E> {
    pub(crate) refusal: E,
    pub(crate) missed: Option<SelectError>,
}

impl<E> Missed<E> {
    /// The code for the audit log: the sender is told nothing of keys.
    pub(crate) fn code(&self, of: impl FnOnce(&E) -> &'static str) -> &'static str {
        match &self.missed {
            Some(missed) => missed.code(),
            None => of(&self.refusal),
        }
    }
}

/// What failed for want of a key may succeed once its owner has published it.
impl<E> MissingKey for Missed<E> {
    fn missing_key(&self) -> Option<Option<&str>> {
        match &self.missed {
            Some(SelectError::NotFound { kid }) => Some(kid.as_deref()),
            _ => None,
        }
    }
}
