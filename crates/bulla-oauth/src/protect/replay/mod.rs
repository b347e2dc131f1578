//! Where used proofs are remembered.

mod memory;

use core::fmt;

use bulla_core::key::BoxFuture;

use crate::single_use::{Recorded, SingleUse};

pub use memory::MemoryReplay;

/// Remembers what may be used once. One process does with [`MemoryReplay`]; several nodes of one API share a store: a
/// table with a unique column, or `SET .. NX PX` of Redis.
///
/// ```
/// use bulla_core::key::BoxFuture;
/// use bulla_oauth::protect::ReplayStore;
/// use bulla_oauth::{Recorded, SingleUse};
///
/// #[derive(Debug)]
/// struct Shared { /* a pool of connections */ }
///
/// impl ReplayStore for Shared {
///     fn use_once<'a>(&'a self, used: &'a SingleUse) -> BoxFuture<'a, Recorded> {
///         Box::pin(async move {
///             // INSERT .. ON CONFLICT DO NOTHING, with `used.key()` and `used.until()`: one row is new, none is old.
///             match insert(&used.key()).await {
///                 Ok(1) => Recorded::New,
///                 Ok(_) => Recorded::Before,
///                 Err(_) => Recorded::Unavailable,
///             }
///         })
///     }
/// }
/// # async fn insert(_: &[u8; 32]) -> Result<u64, ()> { Ok(1) }
/// ```
pub trait ReplayStore: fmt::Debug + Send + Sync {
    /// Inserts [`SingleUse::key`] if it is absent, in one atomic step, and keeps it until [`SingleUse::until`].
    fn use_once<'a>(&'a self, used: &'a SingleUse) -> BoxFuture<'a, Recorded>;
}
