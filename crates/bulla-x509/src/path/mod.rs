//! Whether a chain of certificates is to be trusted.

mod error;
mod policy;
mod position;
mod purpose;
mod search;
mod usage;
mod validate;
mod validated;

pub use error::PathError;
pub use policy::PathPolicy;
pub use position::Position;
pub use validated::ValidatedPath;
