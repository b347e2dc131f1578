//! The keys that access tokens are signed with.

mod keys;
mod snapshot;

pub use keys::SigningKeys;
pub use snapshot::SigningSnapshot;
