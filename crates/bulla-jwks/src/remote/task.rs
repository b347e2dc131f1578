use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep_until, timeout};

use super::shared::{Accepted, Shared};
use crate::machine::Next;
use crate::persist::Store;
use crate::source::{Loaded, Source, SourceError, Wish};

/// Keeps a set current until it is aborted or shut down. The one place where a source is asked.
pub(super) async fn run(
    shared: Arc<Shared>,
    source: Arc<dyn Source>,
    store: Option<Store>,
    done: watch::Sender<u64>,
) {
    loop {
        match shared.next() {
            Next::Never => return,
            Next::At(reading) => {
                tokio::select! {
                    () = sleep_until(shared.clocks.instant(reading)) => {}
                    () = shared.wake.notified() => {}
                }
            }
            Next::Fetch(fetch) => {
                let wish = shared.wish(fetch.forced, fetch.conditional);
                shared.events.asked(fetch.forced);
                let loaded = tokio::select! {
                    loaded = load(source.as_ref(), &wish) => loaded,
                    // Whoever waits is told now, and not when the source comes to its end.
                    () = shared.stopped.notified() => continue,
                };
                let accepted = shared.take(loaded);
                done.send_replace(shared.machine().done());
                if let (Some(accepted), Some(store)) = (accepted, &store) {
                    save(&shared, store, &accepted).await;
                }
            }
        }
    }
}

/// What a source gives. One that hangs or panics fails as any other does, and is asked again: the keys must not end
/// with it.
async fn load(source: &dyn Source, wish: &Wish) -> Result<Loaded, SourceError> {
    let mut loading = pin!(async { timeout(LONGEST, source.load(wish)).await });
    let loaded = poll_fn(|context| {
        // Nothing of the future is looked at after it panicked.
        let polled = AssertUnwindSafe(|| loading.as_mut().poll(context));
        catch_unwind(polled).unwrap_or(Poll::Ready(Ok(Err(SourceError::Overdue))))
    });
    loaded.await.unwrap_or(Err(SourceError::Overdue))
}

async fn save(shared: &Shared, store: &Store, accepted: &Accepted) {
    let now = shared.clocks.wall().now();
    let saved = store.save(&accepted.set, accepted.version.as_ref(), accepted.ttl, now);
    // A disk that hangs must not hold up the next refresh.
    let saved = timeout(LONGEST, saved).await;
    if let Err(error) = saved.unwrap_or(Err(io::ErrorKind::TimedOut.into())) {
        shared.events.not_saved(&error);
    }
}

/// How long a source may take. Ours are done much sooner; one of somebody else's may hang, and must not hold up all.
const LONGEST: Duration = Duration::from_secs(30);
