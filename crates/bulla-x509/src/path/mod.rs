//! Whether a chain of certificates is to be trusted.

mod certify;
mod error;
mod order;
mod policy;
mod position;
mod purpose;
mod search;
mod trust;
mod usage;
mod validate;
mod validated;

pub use certify::certify;
pub use error::PathError;
pub use policy::PathPolicy;
pub use position::Position;
pub use validated::ValidatedPath;
