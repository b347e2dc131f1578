//! Assertions as grants, [RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1): an issuer that the server
//! trusts says for whom a token is asked.
//!
//! ```
//! use bulla_core::jwk::{EcCurve, PrivateJwk};
//! use bulla_core::key::{KeySpec, Signer, Verifier};
//! use bulla_oauth::grant::{GrantAssertion, GrantPolicy};
//! use bulla_oauth::{Issuer, Recorded};
//! # let backend = bulla_aws_lc::backend();
//! let server = Issuer::parse("https://auth.example.com")?;
//! let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
//! let grant = GrantAssertion::new("https://idp.example.net", "alice", &server, &backend);
//! let token = grant.sign(&Signer::bind(&backend, &key)?)?;
//!
//! let policy = GrantPolicy::new(&server);
//! let received = policy.read(&token)?;
//! assert_eq!(received.issuer().peek(), "https://idp.example.net");
//! // The issuer is one that the server trusts, and these are its keys.
//! let keys = Verifier::bind(&backend, &key.public())?;
//! let principal = received.verify("https://idp.example.net", &keys)?.admit(Recorded::New)?;
//! assert_eq!(principal.subject(), "alice");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod make;
mod policy;
mod verified;

pub use error::{GrantError, GrantRefusal};
pub use make::GrantAssertion;
pub use policy::{GrantPolicy, ReceivedGrant};
pub use verified::{Principal, VerifiedGrant};
