//! Client assertions: `private_key_jwt`, [RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2) and
//! OpenID Connect Core 1.0 §9.
//!
//! A client makes them with [`ClientAssertion`], a fresh one for each request. A server checks them in three steps, so
//! that it may look up the client, its keys and the used `jti` wherever they are:
//!
//! ```
//! use bulla_core::key::{Backend, KeySet, KeySpec, Signer};
//! use bulla_core::jwk::{EcCurve, JwkSet, PrivateJwk};
//! use bulla_oauth::assertion::{AssertionPolicy, ClientAssertion, Profile, RegisteredClient};
//! use bulla_oauth::{Issuer, Recorded};
//! # let backend = bulla_aws_lc::backend();
//! let issuer = Issuer::parse("https://auth.example.com")?;
//!
//! // The client.
//! let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
//! let assertion = ClientAssertion::new("billing", &issuer, &backend);
//! let token = assertion.sign(&Signer::bind(&backend, &key)?)?;
//!
//! // The server: who says it is that?
//! let policy = AssertionPolicy::new(Profile::Bis, &issuer);
//! let received = policy.read(&token, None)?;
//! assert_eq!(received.client_id().peek(), "billing");
//! // Its record and its keys.
//! let client = RegisteredClient::new("billing");
//! let keys = KeySet::compile(&JwkSet::new([key.public()]), &backend, &policy.keys());
//! let verified = received.verify(Some(&client), &keys)?;
//! // The `jti`, which the store inserts if it is absent.
//! let stored = verified.single_use().key();
//! let client = verified.admit(Recorded::New)?;
//! assert_eq!(client.client_id(), "billing");
//! # let _ = stored;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authenticated;
mod client;
mod error;
mod make;
mod policy;
mod profile;
mod received;
mod verified;

pub use authenticated::AuthenticatedClient;
pub use client::{ClientAuthMethod, RegisteredClient};
pub use error::{AssertionError, AssertionRefusal};
pub use make::ClientAssertion;
pub use policy::AssertionPolicy;
pub use profile::{Profile, UnknownProfile};
pub use received::ReceivedAssertion;
pub use verified::VerifiedAssertion;
