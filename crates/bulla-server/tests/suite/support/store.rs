//! A store in memory that can be made to fail.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use bulla::key::BoxFuture;
use bulla_server::store::{FirstUse, KeyRecord, Store, StoreError, StoredKeys, Swap};

use super::tokens::now;

#[derive(Debug, Default)]
pub(crate) struct TestStore {
    pub(crate) down: AtomicBool,
    used: Mutex<HashSet<[u8; 32]>>,
    shared: Mutex<HashMap<String, String>>,
}

impl TestStore {
    fn answer<T: Send + 'static>(&self, value: T) -> BoxFuture<'_, Result<T, StoreError>> {
        let down = self.down.load(Ordering::SeqCst);
        Box::pin(async move {
            if down {
                return Err(StoreError::Unavailable("as the test wants it".to_owned()));
            }
            Ok(value)
        })
    }
}

impl Store for TestStore {
    fn now(&self) -> BoxFuture<'_, Result<SystemTime, StoreError>> {
        self.answer(now())
    }

    fn use_once(
        &self,
        key: [u8; 32],
        until: SystemTime,
    ) -> BoxFuture<'_, Result<FirstUse, StoreError>> {
        assert!(until > now(), "what is too old is refused before");
        let is_down = self.down.load(Ordering::SeqCst);
        let first = !is_down && self.used.lock().unwrap().insert(key);
        self.answer(if first { FirstUse::Yes } else { FirstUse::No })
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, StoreError>> {
        self.answer(0)
    }

    fn signing_keys<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<StoredKeys, StoreError>> {
        self.answer(StoredKeys::new(0, Vec::new()))
    }

    fn replace_signing_keys<'a>(
        &'a self,
        _: &'a str,
        _: u64,
        _: Vec<KeyRecord>,
    ) -> BoxFuture<'a, Result<Swap, StoreError>> {
        self.answer(Swap::Lost)
    }

    fn share<'a>(
        &'a self,
        realm: &'a str,
        name: &'a str,
        proposed: &'a str,
    ) -> BoxFuture<'a, Result<String, StoreError>> {
        let mut shared = self.shared.lock().unwrap();
        let value = shared
            .entry(format!("{realm} {name}"))
            .or_insert_with(|| proposed.to_owned());
        let value = value.clone();
        drop(shared);
        self.answer(value)
    }

    fn healthy(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.answer(())
    }
}
