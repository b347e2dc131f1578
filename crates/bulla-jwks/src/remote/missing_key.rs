use bulla_core::{jws, jwt};

/// Says whether an operation failed because a key is not in the set, which a refresh may change.
///
/// Nothing else may: a token with a wrong signature, or with an algorithm that no key is for, must not make anybody ask
/// the issuer.
pub trait MissingKey {
    /// `Some` where the key is missing, with the `kid` that the token names if it names one.
    fn missing_key(&self) -> Option<Option<&str>>;
}

impl MissingKey for jws::VerifyError {
    fn missing_key(&self) -> Option<Option<&str>> {
        match self {
            Self::KeyNotFound { kid } => Some(kid.as_deref()),
            // Signatures of a general JWS: only where not one of them has its key.
            Self::Several(errors) => {
                let all = errors.iter().all(|error| error.missing_key().is_some());
                all.then(|| errors.first().and_then(Self::missing_key))
                    .flatten()
            }
            _ => None,
        }
    }
}

impl MissingKey for jwt::VerifyError {
    fn missing_key(&self) -> Option<Option<&str>> {
        match self {
            Self::Jws(error) => error.missing_key(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_key_is_one() {
        let missing = || jws::VerifyError::KeyNotFound {
            kid: Some("a".into()),
        };
        assert_eq!(missing().missing_key(), Some(Some("a")));
        assert_eq!(
            jws::VerifyError::KeyNotFound { kid: None }.missing_key(),
            Some(None)
        );
        assert_eq!(jws::VerifyError::SignatureInvalid.missing_key(), None);
        let several = |errors| jwt::VerifyError::Jws(jws::VerifyError::Several(errors));
        assert_eq!(
            several(vec![missing(), missing()]).missing_key(),
            Some(Some("a"))
        );
        assert_eq!(
            several(vec![missing(), jws::VerifyError::SignatureInvalid]).missing_key(),
            None
        );
        let claim = jwt::VerifyError::Claim(jwt::ClaimError::IssuerMismatch);
        assert_eq!(claim.missing_key(), None);
    }
}
