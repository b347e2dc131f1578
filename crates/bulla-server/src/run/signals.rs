use core::future::pending;

/// Waits until the process is told to stop: Ctrl-C, and SIGTERM where there is such a thing. The signals are caught from
/// the call on, whenever the future is awaited.
#[cfg(unix)]
pub fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    // Without a handler the signal ends the process by itself.
    let caught = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
    async move {
        let [interrupted, terminated] = caught.map(|caught| async move {
            match caught {
                Some(mut signals) => {
                    signals.recv().await;
                }
                None => pending().await,
            }
        });
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
}

/// Waits until the process is told to stop: Ctrl-C.
#[cfg(not(unix))]
pub async fn told_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        pending::<()>().await;
    }
}
