use std::time::SystemTime;

use azure_security_keyvault_keys::models::KeyAttributes;

use crate::VaultError;

/// Whether a key may be used now, as its attributes say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Validity {
    /// Yes.
    Valid,
    /// It decrypts and does not sign: the vault refuses to make what is new with a key that is not valid yet or any more, and
    /// still opens what is old.
    DecryptsOnly(VaultError),
    /// Switched off.
    Disabled(VaultError),
}

impl Validity {
    pub(super) fn of(attributes: Option<&KeyAttributes>, now: SystemTime) -> Self {
        let disabled = |detail: &str| VaultError::Disabled {
            detail: detail.into(),
        };
        let Some(attributes) = attributes else {
            return Self::Valid;
        };
        if attributes.enabled == Some(false) {
            return Self::Disabled(disabled("the version is not enabled"));
        }
        if let Some(start) = attributes.not_before
            && now < SystemTime::from(start)
        {
            return Self::DecryptsOnly(disabled("the version is not valid yet (nbf)"));
        }
        if let Some(end) = attributes.expires
            && now >= SystemTime::from(end)
        {
            return Self::DecryptsOnly(disabled("the version has expired (exp)"));
        }
        Self::Valid
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::time::{SystemTime, UNIX_EPOCH};

    use azure_security_keyvault_keys::models::KeyAttributes;

    use super::Validity;

    const NOON: u64 = 1_800_000_000;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn from_not_before_until_expiry() {
        let attributes = KeyAttributes {
            enabled: Some(true),
            not_before: Some(at(NOON).into()),
            expires: Some(at(NOON + 60).into()),
            ..KeyAttributes::default()
        };
        let of = |seconds| Validity::of(Some(&attributes), at(seconds));
        assert_eq!(of(NOON), Validity::Valid);
        assert_eq!(of(NOON + 59), Validity::Valid);
        assert!(matches!(of(NOON - 1), Validity::DecryptsOnly(_)));
        assert!(matches!(of(NOON + 60), Validity::DecryptsOnly(_)));
    }

    #[test]
    fn switched_off_is_switched_off() {
        let attributes = KeyAttributes {
            enabled: Some(false),
            ..KeyAttributes::default()
        };
        let validity = Validity::of(Some(&attributes), at(NOON));
        assert!(matches!(validity, Validity::Disabled(_)));
        assert_eq!(Validity::of(None, at(NOON)), Validity::Valid);
    }
}
