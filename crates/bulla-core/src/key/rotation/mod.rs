//! Signing keys that follow one another: announced before they sign, published for as long as what they signed is valid.

mod error;
mod key;
mod policy;
mod ring;
mod state;
#[cfg(test)]
mod tests;

pub use error::RotationError;
pub use key::RotationKey;
pub use policy::RotationPolicy;
pub use ring::{KeyPhase, KeyRotation, KeyStatus};
