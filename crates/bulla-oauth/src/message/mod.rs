//! The messages of the token endpoint and of protected resources, as types: RFC 6749 §4.4 and §5, RFC 6750, RFC 7521
//! §4, RFC 7523 §2, RFC 8707 §2, RFC 9449 §5 and §7.
//!
//! | who | sends | reads |
//! |---|---|---|
//! | client | [`TokenRequest`] | [`TokenResponse`], [`ErrorResponse`], [`Challenges`] |
//! | authorization server | [`TokenResponse`], [`ErrorResponse`] | [`ReceivedTokenRequest`] |
//! | protected resource | [`Challenge`] | [`PresentedToken`] |
//!
//! What a server sends becomes an [`http::Response`] with its exact status and headers, which axum and hyper take as it
//! is; what a client sends becomes an [`http::Request`], which reqwest takes.

mod authorization;
mod challenge;
mod challenges;
mod error_code;
mod error_response;
mod form;
mod grant;
mod header;
mod outcome;
mod presented;
mod request;
mod request_error;
mod response;
mod token_request;

pub use authorization::{AuthorizationError, PresentedToken, TokenScheme};
pub use challenge::Challenge;
pub use challenges::{ChallengeError, Challenges, ReceivedChallenge};
pub use error_code::ErrorCode;
pub use error_response::ErrorResponse;
pub use form::{Form, FormError};
pub use grant::{CLIENT_ASSERTION_TYPE, Grant, GrantType, JWT_BEARER};
#[cfg(feature = "axum")]
pub(crate) use header::DPOP_NONCE;
pub(crate) use header::json as json_response;
pub use header::single_dpop;
#[cfg(feature = "client")]
pub(crate) use header::{DPOP, nonce as nonce_of};
pub use outcome::{ResponseError, TokenOutcome};
pub use presented::PresentedClient;
pub use request::ReceivedTokenRequest;
pub use request_error::TokenRequestError;
pub use response::{TokenResponse, TokenType};
pub use token_request::TokenRequest;
