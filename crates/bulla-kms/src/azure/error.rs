//! What the SDK says when a vault does not do it.

use core::time::Duration;
use std::error::Error as _;

use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::{HeaderName, RETRY_AFTER, RETRY_AFTER_MS, X_MS_RETRY_AFTER_MS};
use azure_core::http::policies::get_retry_after;
use azure_core::http::{RawResponse, StatusCode};
use azure_core::time::OffsetDateTime;
use azure_security_keyvault_keys::models::KeyVaultError;

use crate::VaultError;

/// Where a vault may say when to come back: in milliseconds, or as RFC 9110 §10.2.3 has it.
const RETRY_HEADERS: [HeaderName; 3] = [X_MS_RETRY_AFTER_MS, RETRY_AFTER_MS, RETRY_AFTER];

/// What an operation failed with.
pub(super) fn vault_error(error: &Error) -> VaultError {
    match error.kind() {
        ErrorKind::HttpResponse {
            status,
            raw_response,
            ..
        } => answered(*status, raw_response.as_deref(), error),
        ErrorKind::Connection | ErrorKind::Io => VaultError::unavailable(chain(error)),
        ErrorKind::Credential => no_token(error),
        ErrorKind::DataConversion if is_challenge(error) => denied(chain(error)),
        ErrorKind::DataConversion => VaultError::Integrity {
            what: "the answer cannot be read",
        },
        // Here the SDK says that the vault wants a token of another domain.
        _ => denied(chain(error)),
    }
}

/// As [`vault_error`], where octets that came from elsewhere were to be decrypted. What is wrong with them has no detail.
pub(super) fn unwrap_error(error: &Error) -> VaultError {
    match error.http_status() {
        Some(StatusCode::BadRequest | StatusCode::UnprocessableEntity) => VaultError::Refused,
        _ => vault_error(error),
    }
}

fn answered(status: StatusCode, response: Option<&RawResponse>, error: &Error) -> VaultError {
    let said = response.and_then(|response| response.body().json::<KeyVaultError>().ok());
    let said = said.and_then(|body| body.error);
    let inner = said.as_ref().and_then(|error| error.inner_error.as_ref());
    let inner = inner.and_then(|inner| inner.code.as_deref());
    let message = said.as_ref().and_then(|error| error.message.clone());
    let detail = message.unwrap_or_else(|| error.to_string());
    match u16::from(status) {
        400 | 405 | 413 | 415 | 422 => VaultError::unsupported(detail),
        401 => denied(format!("the token is not accepted: {detail}")),
        403 if is_off(inner, &detail) => VaultError::Disabled {
            detail: detail.into(),
        },
        403 if inner == Some("KeyOperationForbidden") => VaultError::unsupported(detail),
        403 => denied(detail),
        404 => VaultError::NotFound {
            detail: detail.into(),
        },
        // About to be deleted, or being brought back.
        409 => VaultError::Disabled {
            detail: detail.into(),
        },
        429 => VaultError::Throttled {
            retry_after: response.and_then(retry_after),
        },
        // One that says when to come back is waited for.
        503 => match response.and_then(retry_after) {
            None => VaultError::unavailable(detail),
            after => VaultError::Throttled { retry_after: after },
        },
        408 | 500..=599 => VaultError::unavailable(detail),
        _ => VaultError::Integrity {
            what: "an answer with a status that no vault has",
        },
    }
}

/// Disabled, not valid yet, or expired. The vendor documents the messages, and the inner codes only in part.
fn is_off(inner: Option<&str>, message: &str) -> bool {
    matches!(inner, Some("KeyDisabled" | "KeyExpired" | "KeyNotYetValid"))
        || ["disabled key", "expired key", "not yet valid key"]
            .iter()
            .any(|words| message.contains(words))
}

fn retry_after(response: &RawResponse) -> Option<Duration> {
    let after = get_retry_after(response.headers(), OffsetDateTime::now_utc, &RETRY_HEADERS)?;
    // A time that is past is now.
    Some(Duration::try_from(after).unwrap_or_default())
}

/// No token was had. That nobody answered, or not now, may pass; that the credentials are refused does not.
fn no_token(error: &Error) -> VaultError {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<Error>() {
            match cause.kind() {
                ErrorKind::Connection | ErrorKind::Io => {
                    return VaultError::unavailable(chain(error));
                }
                ErrorKind::HttpResponse {
                    status,
                    raw_response,
                    ..
                } => match u16::from(*status) {
                    429 => {
                        let after = raw_response.as_deref().and_then(retry_after);
                        return VaultError::Throttled { retry_after: after };
                    }
                    408 | 500..=599 => return VaultError::unavailable(chain(error)),
                    _ => {}
                },
                _ => {}
            }
        }
        source = cause.source();
    }
    denied(chain(error))
}

/// The SDK reads a challenge only where it names a resource or a scope; one that asks for claims does not.
fn is_challenge(error: &Error) -> bool {
    error.to_string().contains("authentication challenge")
}

fn denied(detail: impl AsRef<str>) -> VaultError {
    VaultError::Denied {
        detail: detail.into(),
    }
}

/// What happened and why, in one line: a refused certificate stands three causes down.
fn chain(error: &Error) -> String {
    let mut text = first_line(&error.to_string());
    let mut source = error.source();
    while let Some(cause) = source {
        let line = first_line(&cause.to_string());
        if !line.is_empty() && !text.contains(&line) {
            text.push_str(": ");
            text.push_str(&line);
        }
        source = cause.source();
    }
    text
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().to_owned()
}
