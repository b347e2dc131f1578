//! The configuration: a TOML file, environment variables that override it, and flags that override both.
//!
//! Reading it is pure and finds every mistake at once, each with where it stands and what to do. Nothing is taken for
//! granted that a mistake could have made: an unknown name is an error, and so is a value that would be weaker than it
//! looks.
//!
//! ```
//! use bulla_server::config::{Config, Overrides};
//! let text = r#"
//!     issuer = "https://auth.example.com"
//!     profil = "bis"
//! "#;
//! let problems = Config::read("bulla.toml".as_ref(), text, &Overrides::default()).unwrap_err();
//! assert_eq!(problems[0].to_string(), r#"bulla.toml:3:5: there is no setting "profil" here"#);
//! assert_eq!(problems[0].fix(), r#"write "profile", or remove it"#);
//! ```

mod client;
mod document;
mod duration;
mod encryption_key;
mod inspect;
mod issuer;
mod key_refs;
mod keys;
mod load;
#[cfg(test)]
mod mistakes;
mod open;
mod open_error;
mod overrides;
mod place;
mod private_file;
mod problem;
mod rules;
mod section;
mod settings;
#[cfg(test)]
mod tests;
mod tls;

pub use key_refs::{KeyRefError, KeyRefs};
pub use open_error::OpenError;
pub use overrides::Overrides;
pub use place::{Given, Place};
pub use private_file::check_private;
pub use problem::Problem;
pub use settings::{ClientSettings, Config, IssuerSettings, Jwks, Signing, StoreLocation, Tls};
pub(crate) use tls::read as read_tls;
