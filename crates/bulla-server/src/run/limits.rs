use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use bulla::oauth::message::ErrorResponse;
use http::Response;
use metrics::counter;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// What a request may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(super) body: usize,
    pub(super) time: Duration,
    pub(super) requests: usize,
    pub(super) headers_in: Duration,
    pub(super) drain: Duration,
}

impl Limits {
    /// 64 KiB of body, 15 seconds, 1,024 requests at once; headers within 10 seconds; 10 seconds to end what is under way.
    pub const fn new() -> Self {
        Self {
            body: 64 * 1024,
            time: Duration::from_secs(15),
            requests: 1024,
            headers_in: Duration::from_secs(10),
            drain: Duration::from_secs(10),
        }
    }

    /// Bodies of so many octets.
    pub const fn body(mut self, octets: usize) -> Self {
        self.body = octets;
        self
    }

    /// A request may take so long; later it is answered with 503.
    pub const fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// So many requests at once; who comes then is answered with 503.
    pub const fn requests(mut self, requests: usize) -> Self {
        self.requests = requests;
        self
    }

    /// The headers of a request must be there in so long.
    pub const fn headers_in(mut self, time: Duration) -> Self {
        self.headers_in = time;
        self
    }

    /// How long what is under way may go on when the server is told to stop.
    pub const fn drain(mut self, time: Duration) -> Self {
        self.drain = time;
        self
    }

    pub(super) fn around(self, router: Router) -> Router {
        let gate = Arc::new(Gate {
            places: Semaphore::new(self.requests),
            time: self.time,
        });
        router
            .layer(DefaultBodyLimit::max(self.body))
            .layer(middleware::from_fn_with_state(gate, pass))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

struct Gate {
    places: Semaphore,
    time: Duration,
}

async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response<Body> {
    let refused = |why: &'static str| {
        counter!("bulla_server_refused_total", "reason" => why).increment(1);
        tracing::warn!(reason = why, "a request is answered with 503");
        ErrorResponse::unavailable().to_http().map(Body::from)
    };
    let Ok(_place) = gate.places.try_acquire() else {
        return refused("too-many-requests");
    };
    match timeout(gate.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => refused("too-slow"),
    }
}
