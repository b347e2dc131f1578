use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::{Tls, read_tls};
use crate::server::Server;
use crate::store::Store;

/// What goes on beside the requests, until the server ends.
pub(super) struct Tasks(Vec<JoinHandle<()>>);

impl Tasks {
    /// The signing keys are kept current, and what has expired is swept out of the store.
    pub(super) fn start(server: &Server) -> Self {
        let signing = server.signing().clone();
        let store = Arc::clone(server.store());
        Self(vec![
            tokio::spawn(async move { signing.keep_current().await }),
            tokio::spawn(sweep(store)),
        ])
    }

    /// A certificate that was renewed is used without a restart.
    pub(super) fn watch(&mut self, tls: Tls, config: RustlsConfig) {
        self.0.push(tokio::spawn(reload(tls, config)));
    }

    pub(super) fn end(&self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

async fn sweep(store: Arc<dyn Store>) {
    const PERIOD: Duration = Duration::from_secs(30);
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Batch after batch, so that requests come between.
        loop {
            match store.sweep().await {
                Ok(0) => break,
                Ok(removed) => tracing::debug!(removed, "what has expired is forgotten"),
                Err(error) => {
                    tracing::warn!(code = error.code(), "nothing is swept: {error}");
                    break;
                }
            }
        }
    }
}

async fn reload(tls: Tls, config: RustlsConfig) {
    const PERIOD: Duration = Duration::from_secs(30);
    let mut known = changed(&tls);
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = changed(&tls);
        if now == known {
            continue;
        }
        match read_tls(&tls) {
            Ok(fresh) => {
                config.reload_from_config(fresh);
                known = now;
                tracing::info!("the certificate was renewed");
            }
            // Half of the pair may be there; the old one serves until both are.
            Err(problem) => tracing::warn!("the certificate stays as it is: {problem}"),
        }
    }
}

fn changed(tls: &Tls) -> [Option<SystemTime>; 2] {
    [&tls.cert, &tls.key].map(|file| std::fs::metadata(&file.value).ok()?.modified().ok())
}
