use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use super::{Calls, Rules};
use crate::VaultError;

const SECOND: Duration = Duration::from_secs(1);

fn calls(rules: Rules) -> Calls {
    Calls::new("test", rules)
}

/// Fails as told, one after the other, and then succeeds.
struct Vault {
    failures: Vec<VaultError>,
    asked: AtomicUsize,
}

impl Vault {
    fn new(failures: impl Into<Vec<VaultError>>) -> Self {
        Self {
            failures: failures.into(),
            asked: AtomicUsize::new(0),
        }
    }

    async fn ask(&self) -> Result<(), VaultError> {
        let index = self.asked.fetch_add(1, Ordering::SeqCst);
        self.failures.get(index).cloned().map_or(Ok(()), Err)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn throttled(after: Option<Duration>) -> VaultError {
    VaultError::Throttled { retry_after: after }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again() {
    let vault = Vault::new([VaultError::unavailable("reset"), throttled(None)]);
    let result = calls(Rules::new()).run("sign", || vault.ask()).await;
    assert_eq!((result, vault.asked()), (Ok(()), 3));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_told_at_once() {
    let denied = VaultError::Denied {
        detail: "no".into(),
    };
    let integrity = VaultError::Integrity { what: "wrong" };
    for error in [denied, integrity, VaultError::Refused] {
        let vault = Vault::new([error.clone()]);
        let result = calls(Rules::new()).run("sign", || vault.ask()).await;
        assert_eq!((result, vault.asked()), (Err(error), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn three_tries_and_the_last_error() {
    let vault = Vault::new(vec![VaultError::unavailable("down"); 9]);
    let start = Instant::now();
    let result = calls(Rules::new()).run("sign", || vault.ask()).await;
    assert_eq!(result, Err(VaultError::unavailable("down")));
    assert_eq!(vault.asked(), 3);
    assert!(
        start.elapsed() <= Duration::from_millis(150),
        "jitter is at most 50 and 100 ms"
    );
}

#[tokio::test(start_paused = true)]
async fn it_comes_back_when_the_vault_asks_for_it_and_not_earlier() {
    let vault = Vault::new([throttled(Some(SECOND))]);
    let start = Instant::now();
    let result = calls(Rules::new()).run("sign", || vault.ask()).await;
    assert_eq!(result, Ok(()));
    assert!(start.elapsed() >= SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let vault = Vault::new([throttled(Some(SECOND * 60))]);
    let start = Instant::now();
    let result = calls(Rules::new()).run("sign", || vault.ask()).await;
    assert_eq!(result, Err(throttled(Some(SECOND * 60))));
    assert_eq!((start.elapsed(), vault.asked()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_does_not_answer_is_given_up() {
    let start = Instant::now();
    let never = || core::future::pending::<Result<(), VaultError>>();
    let error = calls(Rules::new()).run("sign", never).await.unwrap_err();
    assert_eq!(error.code(), "remote.unavailable");
    assert_eq!(start.elapsed(), SECOND * 3);
}

#[tokio::test(start_paused = true)]
async fn so_many_at_a_time() {
    let calls = calls(Rules::new().in_flight(2).deadline(SECOND * 60));
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let slow = || async {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(SECOND).await;
        now.fetch_sub(1, Ordering::SeqCst);
        Ok::<(), VaultError>(())
    };
    let start = Instant::now();
    let results = tokio::join!(
        calls.run("sign", slow),
        calls.run("sign", slow),
        calls.run("sign", slow),
        calls.run("sign", slow),
    );
    assert_eq!(results, (Ok(()), Ok(()), Ok(()), Ok(())));
    assert_eq!((most.into_inner(), start.elapsed()), (2, SECOND * 2));
}

#[tokio::test(start_paused = true)]
async fn a_vault_that_asks_to_come_back_at_the_end_of_time() {
    for rules in [Rules::new(), Rules::new().deadline(Duration::MAX).tries(1)] {
        let error = throttled(Some(Duration::MAX));
        let vault = Vault::new([error.clone()]);
        let result = calls(rules).run("sign", || vault.ask()).await;
        assert_eq!((result, vault.asked()), (Err(error), 1));
    }
}
