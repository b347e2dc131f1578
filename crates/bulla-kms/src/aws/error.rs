//! What the SDK says went wrong, as what a caller can do about it.

use core::error::Error;
use core::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_kms::config::http::HttpResponse;
use aws_sdk_kms::error::{ConnectorError, DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::VaultError;

pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> VaultError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    if let Some(credentials) = credentials(error) {
        return credentials;
    }
    match error {
        SdkError::ServiceError(service) => {
            let (answer, response) = (service.err(), service.raw());
            if response.status().is_success() {
                // It is whole, since its length was right, and no answer of KMS.
                return VaultError::Integrity {
                    what: "it is not what KMS answers",
                };
            }
            from_service(answer, response)
        }
        SdkError::TimeoutError(_) => VaultError::unavailable("no answer in time"),
        // The connection failed, or broke in the middle of the answer.
        other => VaultError::unavailable(DisplayErrorContext(other).to_string()),
    }
}

/// Without credentials nothing is sent, and the SDK tells it as a failure to send.
fn credentials(error: &(dyn Error + 'static)) -> Option<VaultError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<CredentialsError>() {
            let detail = format!("no AWS credentials: {}", DisplayErrorContext(found));
            return Some(match found {
                CredentialsError::ProviderTimedOut(_) => VaultError::unavailable(detail),
                // Who gives them was not reached, which is no refusal.
                _ if is_out_of_reach(found) => VaultError::unavailable(detail),
                _ => VaultError::Denied {
                    detail: detail.into(),
                },
            });
        }
        cause = error.source();
    }
    None
}

fn is_out_of_reach(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<ConnectorError>() {
            return found.is_io() || found.is_timeout();
        }
        cause = error.source();
    }
    false
}

fn from_service(answer: &impl ProvideErrorMetadata, response: &HttpResponse) -> VaultError {
    let code = answer.code().unwrap_or_default();
    let status = response.status().as_u16();
    let detail = || match (code, answer.message()) {
        ("", None) => format!("HTTP status {status}").into(),
        (code, None) => code.into(),
        (code, Some(message)) => format!("{code}: {message}").into(),
    };
    match code {
        "InvalidCiphertextException" | "IncorrectKeyException" => VaultError::Refused,
        "DisabledException" | "KMSInvalidStateException" => {
            VaultError::Disabled { detail: detail() }
        }
        "NotFoundException" | "InvalidArnException" => VaultError::NotFound { detail: detail() },
        "InvalidKeyUsageException" | "UnsupportedOperationException" | "ValidationException" => {
            VaultError::Unsupported { what: detail() }
        }
        _ if is_throttling(code) || status == 429 => VaultError::Throttled {
            retry_after: retry_after(response),
        },
        _ if is_denial(code) || matches!(status, 401 | 403) => {
            VaultError::Denied { detail: detail() }
        }
        // `DependencyTimeoutException`, `KeyUnavailableException` and `KMSInternalException` have such a status.
        _ if status >= 500 => VaultError::Unavailable { detail: detail() },
        _ if is_passing(code) => VaultError::Unavailable { detail: detail() },
        _ => VaultError::Unsupported { what: detail() },
    }
}

/// Any of AWS's names for it; KMS says `ThrottlingException`, with the HTTP status 400.
fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "BandwidthLimitExceeded"
            | "EC2ThrottledException"
            | "LimitExceededException"
            | "PriorRequestNotComplete"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "SlowDown"
            | "ThrottledException"
            | "Throttling"
            | "ThrottlingException"
            | "TooManyRequestsException"
            | "TransactionInProgressException"
    )
}

fn is_denial(code: &str) -> bool {
    matches!(
        code,
        "AccessDenied"
            | "AccessDeniedException"
            | "ExpiredToken"
            | "ExpiredTokenException"
            | "IncompleteSignature"
            | "IncompleteSignatureException"
            | "InvalidClientTokenId"
            | "InvalidClientTokenIdException"
            | "InvalidGrantTokenException"
            | "InvalidSignatureException"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "NotAuthorized"
            | "OptInRequired"
            | "RequestExpired"
            | "RequestExpiredException"
            | "SignatureDoesNotMatch"
            | "UnrecognizedClientException"
    )
}

fn is_passing(code: &str) -> bool {
    matches!(
        code,
        "DependencyTimeoutException"
            | "InternalFailure"
            | "KMSInternalException"
            | "KeyUnavailableException"
            | "RequestTimeout"
            | "RequestTimeoutException"
            | "ServiceUnavailable"
            | "ServiceUnavailableException"
    )
}

/// Seconds; KMS sends none today, proxies before it do.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let seconds = response.headers().get("retry-after")?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}
