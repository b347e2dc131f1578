//! A client's side of the token endpoint without the sending: what to send, and what an answer means.
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

mod error;
mod token_client;

pub use error::ClientError;
pub use token_client::TokenClient;
