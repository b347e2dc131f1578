use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep_until, timeout};

use super::shared::{Accepted, Shared};
use crate::machine::Next;
use crate::persist::Store;
use crate::source::{Source, SourceError};

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
                let loaded = timeout(LONGEST, source.load(&wish)).await;
                let accepted = shared.take(loaded.unwrap_or(Err(SourceError::Overdue)));
                done.send_replace(shared.machine().done());
                if let (Some(accepted), Some(store)) = (accepted, &store) {
                    save(&shared, store, &accepted).await;
                }
            }
        }
    }
}

async fn save(shared: &Shared, store: &Store, accepted: &Accepted) {
    let now = shared.clocks.wall().now();
    let saved = store.save(&accepted.set, accepted.version.as_ref(), accepted.ttl, now);
    if let Err(error) = saved.await {
        shared.events.not_saved(&error);
    }
}

/// How long a source may take. Ours are done much sooner; one of somebody else's may hang, and must not hold up all.
const LONGEST: Duration = Duration::from_secs(30);
