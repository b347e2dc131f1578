//! What must outlive the process, behind one trait: used `jti`, signing keys, and secrets that the nodes of a server share.

mod error;
mod record;
mod sqlite;

use core::fmt;
use std::time::SystemTime;

use bulla::key::BoxFuture;

pub use error::StoreError;
pub use record::{KeyRecord, StoredKeys};
pub use sqlite::SqliteStore;

/// What the nodes of a server have in common. Every operation is one atomic step of the store, whoever else does what
/// at the same time, and is durable when its future is ready.
///
/// A `realm` is an issuer identifier: one store may serve several.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// The time by the store's clock. All ages are measured by it, so that nodes with different clocks agree.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    fn now(&self) -> BoxFuture<'_, Result<SystemTime, StoreError>>;

    /// Inserts a key that is used once, if it is absent: [`FirstUse::Yes`] for one caller and nobody else.
    ///
    /// The key is kept until `until` by the store's clock and for a while longer, because clocks differ.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it is not known. Nothing may be accepted then.
    fn use_once(
        &self,
        key: [u8; 32],
        until: SystemTime,
    ) -> BoxFuture<'_, Result<FirstUse, StoreError>>;

    /// Removes a batch of keys that were used and are kept no longer. How many it removed; none means that there are
    /// none left. Never waited for by a request.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    fn sweep(&self) -> BoxFuture<'_, Result<usize, StoreError>>;

    /// The signing keys of a realm; none and generation 0 where there never were any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    fn signing_keys<'a>(&'a self, realm: &'a str) -> BoxFuture<'a, Result<StoredKeys, StoreError>>;

    /// Puts these keys in the place of all of a realm, if its generation still is `expected`; the generation becomes the
    /// next. Of two that read the same generation, one gets [`Swap::Done`].
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it is not known whether they were stored. Read again.
    fn replace_signing_keys<'a>(
        &'a self,
        realm: &'a str,
        expected: u64,
        keys: Vec<KeyRecord>,
    ) -> BoxFuture<'a, Result<Swap, StoreError>>;

    /// The value of a name in a realm, for all nodes the same: `proposed` where there was none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    fn share<'a>(
        &'a self,
        realm: &'a str,
        name: &'a str,
        proposed: &'a str,
    ) -> BoxFuture<'a, Result<String, StoreError>>;

    /// Whether the store would answer now, by asking it something.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it does not.
    fn healthy(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

/// Whether a key was inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no third answer")]
pub enum FirstUse {
    /// It was not there and is now.
    Yes,
    /// It was there already.
    No,
}

/// Whether the keys were replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no third answer")]
#[must_use]
pub enum Swap {
    /// They were.
    Done,
    /// Somebody else was quicker. Read again.
    Lost,
}
