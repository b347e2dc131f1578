/// Waits until the process is told to stop: Ctrl-C, and SIGTERM where there is such a thing.
pub async fn told_to_stop() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
}

async fn interrupted() {
    // Without a handler Ctrl-C ends the process by itself.
    if tokio::signal::ctrl_c().await.is_err() {
        core::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => core::future::pending::<()>().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    core::future::pending::<()>().await;
}
