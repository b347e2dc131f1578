//! The cache itself: a task that keeps a set current, and the handle that reads it.

mod builder;
mod clock;
mod compile;
mod error;
mod handle;
mod missing_key;
mod resolve;
mod shared;
mod snapshot;
mod task;

pub use builder::{RemoteBuilder, discover, https};
pub use error::{Coded, KeysUnavailable, RemoteError, StartError};
pub use handle::RemoteKeys;
pub use missing_key::MissingKey;
pub use snapshot::{Rejected, Snapshot};
