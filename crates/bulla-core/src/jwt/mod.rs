//! JSON Web Tokens (RFC 7519): claims that are signed, encrypted, or both.
//!
//! [`issue`] makes a token, [`Expectations`] judge one. What is expected is said once, when the program starts;
//! what is expected is required. Claims are reachable only through [`Valid`], after signature, times, issuer and
//! audience held:
//!
//! ```
//! use std::time::Duration;
//! use bulla_core::jwt::{self, Expectations};
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Me {
//!     role: String,
//! }
//!
//! # fn f(signer: bulla_core::key::Signer, verifier: bulla_core::key::Verifier) -> Result<(), Box<dyn std::error::Error>> {
//! let me = Me { role: "admin".into() };
//! let token = jwt::issue("https://issuer.example")
//!     .audience("api")
//!     .expires_in(Duration::from_secs(300))
//!     .claims(&me)
//!     .sign(&signer)?;
//!
//! let expect = Expectations::new("https://issuer.example", "api");
//! let valid = expect.verify::<Me>(&token, &verifier)?;
//! assert_eq!(valid.claims().role, "admin");
//!
//! let wrong = Expectations::new("https://issuer.example", "another-api");
//! assert_eq!(wrong.verify::<Me>(&token, &verifier).unwrap_err().code(), "jwt.audience-mismatch");
//! # Ok(()) }
//! ```

mod checked;
mod claims;
mod claims_set;
mod error;
mod expect;
mod issue;
mod issue_encrypted;
mod judge;
mod nested;
mod numeric_date;
mod origin;
mod registered;
mod resolved;
mod scratch;
mod token;
mod valid;
mod write;

pub use claims::RegisteredClaims;
pub use error::{ClaimError, IssueError, VerifyError};
pub use expect::Expectations;
pub use issue::{Issue, issue};
pub use numeric_date::NumericDate;
pub use scratch::Scratch;
pub use token::{Jwt, Unverified, Verified};
pub use valid::Valid;

#[cfg(test)]
mod tests;
