//! Demonstrating Proof of Possession, [RFC 9449](https://www.rfc-editor.org/rfc/rfc9449): tokens that are bound to a key,
//! and a proof of that key with each request.
//!
//! ```
//! use bulla_core::jwa::SignatureAlg;
//! use bulla_oauth::dpop::{DpopKey, DpopPolicy, DpopProof, DpopRequest, TargetUri};
//! use bulla_oauth::Recorded;
//! # let backend = bulla_aws_lc::backend();
//! // The client.
//! let key = DpopKey::generate(&backend, SignatureAlg::Es256)?;
//! let url = TargetUri::parse("https://api.example.com/invoices")?;
//! let proof = DpopProof::new("GET", &url).access_token("eyJ.e30.c2ln").sign(&key)?;
//!
//! // The API, which knows from the token's `cnf.jkt` which key it has to be.
//! let policy = DpopPolicy::new(&backend);
//! let request = DpopRequest::new("GET", &url).access_token("eyJ.e30.c2ln").bound_to(key.thumbprint());
//! let verified = policy.verify(&proof, &request)?;
//! // The `jti`, which the store inserts if it is absent.
//! let stored = verified.single_use().key();
//! let proved = verified.admit(Recorded::New)?;
//! assert_eq!(proved.thumbprint(), key.thumbprint());
//! # let _ = stored;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checks;
mod error;
mod key;
mod make;
mod nonce;
mod policy;
mod proved;
mod request;
mod target;
mod thumbprint;

pub use error::{DpopCheckError, DpopError};
pub use key::DpopKey;
pub use make::DpopProof;
pub use nonce::{NonceKeyError, Nonces};
pub use policy::DpopPolicy;
pub use proved::{ProvedKey, VerifiedProof};
pub use request::DpopRequest;
pub use target::TargetUri;
pub use thumbprint::Thumbprint;
