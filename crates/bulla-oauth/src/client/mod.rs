//! A client's side of the token endpoint.
//!
//! | To | use |
//! |---|---|
//! | have a token at hand, always | `connect`, then `OAuthClient::tokens`: a `TokenSource` |
//! | call an API with it, bound to a key or not | `TokenSource::authorize`, `TokenSource::call` |
//! | ask once | `OAuthClient::request` |
//! | send requests in your own way, without I/O here | [`TokenClient`] |
//!
//! All but the last need the feature `client`. It keeps tokens and asks for the next one ahead, once for however many
//! wait; finds the endpoint by the server's metadata; makes a new assertion and a new proof for whatever is sent again;
//! takes what signs from a [`KeyRotation`](bulla_core::key::KeyRotation) as it stands at that moment; and tells operators
//! by the metrics `bulla_oauth_client_*` and by `tracing`.
//!
//! # Numbers
//!
//! | What | |
//! |---|---|
//! | the next token is asked for | at 0.8 of a token's life, more or less by a twentieth |
//! | a token is handed out | until 10 seconds before its end, or a tenth of its life where that is less |
//! | a token of which the server does not say | lives 5 minutes |
//! | one request is tried | 3 times within 15 seconds, with pauses that double, or as `Retry-After` says |
//! | after a failure nothing is asked | for a second, then twice as long each time, up to a minute; or as `Retry-After` says, up to 10 minutes |
//! | a token that an API refused is replaced | at once, and no other within 30 seconds |
//! | metadata is read again | after a day; where the endpoint failed, after 5 minutes |
//! | an assertion is valid | for 60 seconds |
//!
//! # What operators see
//!
//! | Metric | | Labels |
//! |---|---|---|
//! | `bulla_oauth_client_requests_total` | counter | `issuer`, `client`, `grant`, `outcome`: `granted`, or the code of an error |
//! | `bulla_oauth_client_request_seconds` | histogram | `issuer` |
//! | `bulla_oauth_client_tokens_total` | counter | `issuer`, `how`: `kept`, `stale` (the next one could not be had), `awaited`, `failed` |
//! | `bulla_oauth_client_rotations_total` | counter, with the feature `axum` | `how`: `announced`, `replaced` |
//!
//! Wake somebody for `how="failed"`; tell somebody of `how="stale"`. The log (`tracing`, target `bulla_oauth`) has each
//! failure with its code as a warning. Neither has a token, an assertion or a proof in it.
//!
//! # Without I/O
//!
//! ```
//! use bulla_core::jwa::SignatureAlg;
//! use bulla_core::jwk::{EcCurve, PrivateJwk};
//! use bulla_core::key::{KeySpec, Signer};
//! use bulla_oauth::assertion::ClientAssertion;
//! use bulla_oauth::client::TokenClient;
//! use bulla_oauth::dpop::DpopKey;
//! use bulla_oauth::message::{ErrorResponse, TokenOutcome, TokenRequest};
//! use bulla_oauth::Issuer;
//! # let backend = bulla_aws_lc::backend();
//! # let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
//! # let run = async {
//! let issuer = Issuer::parse("https://auth.example.com")?;
//! let assertion = ClientAssertion::new("billing", &issuer, &backend);
//! let client = TokenClient::new("https://auth.example.com/token", assertion, Signer::bind(&backend, &key)?)?
//!     .dpop(DpopKey::generate(&backend, SignatureAlg::Es256)?);
//!
//! let first = client.prepare(&TokenRequest::client_credentials(), None).await?;
//! // .. send it; the server wants a nonce ..
//! # let answer = ErrorResponse::use_dpop_nonce("n-1").to_http();
//! if let TokenOutcome::NonceNeeded { nonce } = client.read(&answer)? {
//!     let second = client.prepare(&TokenRequest::client_credentials(), Some(&nonce)).await?;
//!     assert_ne!(first.body(), second.body()); // a new assertion, too
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(()) };
//! # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
//! # let Poll::Ready(done) = pin!(run).poll(&mut Context::from_waker(Waker::noop())) else { unreachable!() };
//! # done?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "client")]
mod answer;
#[cfg(feature = "client")]
mod api;
#[cfg(feature = "client")]
mod connect;
mod error;
#[cfg(feature = "client")]
mod events;
#[cfg(feature = "client")]
mod held_nonces;
#[cfg(feature = "client")]
mod oauth_client;
#[cfg(feature = "client")]
mod server;
mod signing;
#[cfg(feature = "client")]
mod source;
#[cfg(feature = "client")]
mod token_answer;
mod token_client;
#[cfg(feature = "client")]
mod token_error;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "client")]
mod wanted;

#[cfg(feature = "client")]
pub use api::{Advice, Credentials};
#[cfg(feature = "client")]
pub use connect::{ConnectError, connect, connect_with};
pub use error::ClientError;
#[cfg(feature = "client")]
pub use oauth_client::OAuthClient;
#[cfg(feature = "client")]
pub use server::AuthorizationServer;
pub use signing::CurrentSigner;
#[cfg(feature = "client")]
pub use source::{AccessToken, TokenSource, TokenSourceBuilder};
#[cfg(feature = "client")]
pub use token_answer::TokenAnswer;
pub use token_client::TokenClient;
#[cfg(feature = "client")]
pub use token_error::TokenError;
#[cfg(feature = "client")]
pub use transport::Transport;
