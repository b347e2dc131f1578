//! The reasons that only logs have: those of the authorization server from its audit log, those of the API as it tells
//! them.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry;

/// The last reason. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Overheard(Arc<Mutex<Option<String>>>);

impl Overheard {
    /// Listens to the audit log of this process, from now on.
    pub(super) fn listen() -> Self {
        let overheard = Self::default();
        let log = registry().with(overheard.clone());
        // Whoever set another before has the events, and the demonstration does without the reasons of the server.
        let _ = tracing::subscriber::set_global_default(log);
        overheard
    }

    pub(super) fn tell(&self, code: &str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(code.to_owned());
    }

    /// What was told since it was last asked.
    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<S: Subscriber> Layer<S> for Overheard {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == bulla_server::audit::TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut outcome = Outcome::default();
        event.record(&mut outcome);
        if outcome.is_refused {
            self.tell(&outcome.code);
        }
    }
}

#[derive(Default)]
struct Outcome {
    is_refused: bool,
    code: String,
}

impl Visit for Outcome {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "code" => value.clone_into(&mut self.code),
            "outcome" => self.is_refused = value == "refused",
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
