//! The keys that access tokens are signed with: kept in the store, encrypted, and rotated there.
//!
//! A key is *pending* (published, and does not sign), then *active* (the one that signs), then *retired* (published for
//! what it signed) and then removed. Ages are by the store's clock. Nodes that rotate at the same time compare the
//! generation of what they read: one wins, and the others read again.

mod change;
mod error;
mod keys;
mod refresh;
mod schedule;
mod seal;
mod snapshot;
mod stored;
#[cfg(test)]
mod tests;

pub use error::SigningKeysError;
pub use keys::SigningKeys;
pub use schedule::RotationSchedule;
pub use seal::KeyEncryption;
pub use snapshot::SigningSnapshot;
