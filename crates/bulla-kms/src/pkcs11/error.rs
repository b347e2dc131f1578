//! What a module's return codes mean for whoever asked.

use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::session::Session;

use crate::{Detail, OpenError, VaultError};

/// Why a call did not succeed.
#[derive(Debug)]
pub(super) enum Failed {
    /// The session, the login or the token itself is gone: everything that was opened is to be opened anew.
    Lost(Error),
    /// The token is there, and this is its answer.
    Answered(VaultError),
}

impl Failed {
    /// What the caller is told.
    pub(super) fn into_vault(self) -> VaultError {
        match self {
            Self::Lost(error) => VaultError::unavailable(describe(&error)),
            Self::Answered(error) => error,
        }
    }
}

impl From<Failed> for OpenError {
    fn from(failed: Failed) -> Self {
        Self::Vault(failed.into_vault())
    }
}

impl From<VaultError> for Failed {
    fn from(error: VaultError) -> Self {
        Self::Answered(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let Error::Pkcs11(code, function) = &error else {
            return Self::Answered(VaultError::unavailable(describe(&error)));
        };
        if is_lost(*code) {
            return Self::Lost(error);
        }
        let detail = Detail::from(describe(&error));
        Self::Answered(match code {
            RvError::SessionCount | RvError::HostMemory | RvError::DeviceMemory => {
                VaultError::Throttled { retry_after: None }
            }
            RvError::PinIncorrect
            | RvError::PinInvalid
            | RvError::PinLenRange
            | RvError::PinExpired
            | RvError::PinLocked
            | RvError::UserPinNotInitialized
            | RvError::UserTypeInvalid
            | RvError::UserAnotherAlreadyLoggedIn
            | RvError::UserTooManyTypes
            | RvError::ActionProhibited => VaultError::Denied { detail },
            RvError::KeyFunctionNotPermitted
            | RvError::MechanismInvalid
            | RvError::MechanismParamInvalid
            | RvError::FunctionNotSupported
            | RvError::KeySizeRange
            | RvError::KeyTypeInconsistent
            | RvError::KeyUnextractable
            | RvError::CurveNotSupported
            | RvError::DomainParamsInvalid
            | RvError::AttributeSensitive
            | RvError::TemplateInconsistent
            | RvError::ArgumentsBad => VaultError::Unsupported { what: detail },
            _ if is_about_data(*function) => VaultError::Refused,
            _ => VaultError::Unavailable { detail },
        })
    }
}

/// Why octets of a token were not taken. Some modules say "general error" of octets that are wrong, and say it as well when
/// the device is gone: then the session knows.
pub(super) fn of_data(session: &Session, error: Error) -> Failed {
    match error {
        Error::Pkcs11(
            RvError::GeneralError | RvError::FunctionFailed | RvError::DeviceError,
            function,
        ) if is_about_data(function) => match session.get_session_info() {
            Ok(info) if info.device_error() == 0 => Failed::Answered(VaultError::Refused),
            _ => Failed::Lost(error),
        },
        Error::Pkcs11(RvError::ArgumentsBad, function) if is_about_data(function) => {
            Failed::Answered(VaultError::Refused)
        }
        error => error.into(),
    }
}

/// Whether what is opened may work no longer, and opening it anew may help.
const fn is_lost(code: RvError) -> bool {
    matches!(
        code,
        RvError::CryptokiNotInitialized
            | RvError::DeviceError
            | RvError::DeviceRemoved
            | RvError::FunctionFailed
            | RvError::GeneralError
            | RvError::KeyHandleInvalid
            | RvError::ObjectHandleInvalid
            | RvError::OperationActive
            | RvError::SessionClosed
            | RvError::SessionHandleInvalid
            | RvError::SlotIdInvalid
            | RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::UnwrappingKeyHandleInvalid
            | RvError::UserNotLoggedIn
            | RvError::WrappingKeyHandleInvalid
    )
}

/// Whether the function fails for what stands in a token, once its session is sound.
const fn is_about_data(function: Function) -> bool {
    matches!(
        function,
        Function::Decrypt | Function::DeriveKey | Function::UnwrapKey
    )
}

/// The function and the name of the code, `C_Sign: CKR_DEVICE_ERROR` as the vendor's manual has it.
pub(super) fn describe(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => {
            let name = format!("{code:?}");
            let name = name.split('(').next().unwrap_or_default();
            let mut text = format!("C_{function:?}: CKR");
            for character in name.chars() {
                if character.is_ascii_uppercase() {
                    text.push('_');
                }
                text.push(character.to_ascii_uppercase());
            }
            if let RvError::VendorDefined(code) = code {
                text.push_str(&format!(" {code:#x}"));
            }
            text
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: RvError, function: Function) -> VaultError {
        Failed::from(Error::Pkcs11(code, function)).into_vault()
    }

    #[test]
    fn codes_are_named_as_manuals_name_them() {
        let text = describe(&Error::Pkcs11(RvError::SlotIdInvalid, Function::Sign));
        assert_eq!(text, "C_Sign: CKR_SLOT_ID_INVALID");
        let text = describe(&Error::Pkcs11(
            RvError::VendorDefined(0x8000_0001),
            Function::Login,
        ));
        assert_eq!(text, "C_Login: CKR_VENDOR_DEFINED 0x80000001");
    }

    #[test]
    fn what_a_code_means() {
        for (code, function, expected) in [
            (RvError::DeviceRemoved, Function::Sign, "remote.unavailable"),
            (
                RvError::DeviceRemoved,
                Function::Decrypt,
                "remote.unavailable",
            ),
            (
                RvError::SessionCount,
                Function::OpenSession,
                "remote.throttled",
            ),
            (RvError::PinIncorrect, Function::Login, "remote.denied"),
            (RvError::PinLocked, Function::Login, "remote.denied"),
            (
                RvError::MechanismInvalid,
                Function::SignInit,
                "remote.unsupported",
            ),
            (RvError::GeneralError, Function::Sign, "remote.unavailable"),
            (
                RvError::EncryptedDataInvalid,
                Function::Decrypt,
                "remote.refused",
            ),
            (RvError::DataLenRange, Function::Decrypt, "remote.refused"),
            (
                RvError::WrappedKeyInvalid,
                Function::UnwrapKey,
                "remote.refused",
            ),
        ] {
            assert_eq!(of(code, function).code(), expected, "{code:?} {function:?}");
        }
    }
}
