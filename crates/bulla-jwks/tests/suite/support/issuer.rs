use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bulla_core::jwk::{Jwk, JwkSet};
use bulla_core::key::BoxFuture;
use bulla_jwks::Freshness;
use bulla_jwks::http::{Document, Fetch, FetchError, Request, Response, Unreachable};
use tokio::time::{Instant, sleep};

/// An issuer that does what a test tells it, and writes down what it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Issuer(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    answers: Answers,
    freshness: Freshness,
    latency: Duration,
    etag: Option<u64>,
    asked: Vec<(Instant, Request)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Answers {
    /// This body, whatever it is.
    Body(Vec<u8>),
    Fails(FetchError),
    /// Never.
    Hangs,
}

impl Issuer {
    pub(crate) fn new(keys: &[&super::Key]) -> Self {
        let issuer = Self(Arc::new(Mutex::new(State {
            answers: Answers::Hangs,
            freshness: Freshness::Unstated,
            latency: Duration::from_millis(50),
            etag: None,
            asked: Vec::new(),
        })));
        issuer.publish(keys);
        issuer
    }

    pub(crate) fn publish(&self, keys: &[&super::Key]) {
        let keys = keys.iter().map(|key| Jwk::Public(key.public()));
        self.publish_text(JwkSet::new(keys).to_json().as_str());
    }

    pub(crate) fn publish_text(&self, body: &str) {
        let mut state = self.state();
        state.answers = Answers::Body(body.into());
        if let Some(etag) = &mut state.etag {
            *etag += 1;
        }
    }

    pub(crate) fn fail(&self) {
        self.answer(Answers::Fails(FetchError::Unavailable {
            why: Unreachable::Status { status: 500 },
            retry_after: None,
        }));
    }

    pub(crate) fn answer(&self, answers: Answers) {
        self.state().answers = answers;
    }

    pub(crate) fn freshness(&self, freshness: Freshness) {
        self.state().freshness = freshness;
    }

    /// From now on documents have an `ETag`, which changes with them.
    pub(crate) fn with_etag(&self) {
        self.state().etag = Some(1);
    }

    pub(crate) fn asked(&self) -> usize {
        self.state().asked.len()
    }

    pub(crate) fn last_request(&self) -> Request {
        self.state().asked.last().expect("was asked").1.clone()
    }

    /// How many requests there were in the busiest stretch of so many seconds.
    pub(crate) fn most_within(&self, seconds: u64) -> usize {
        let state = self.state();
        let times = || state.asked.iter().map(|(at, _)| *at);
        let within = |from: Instant| {
            times()
                .filter(|at| *at >= from && *at < from + Duration::from_secs(seconds))
                .count()
        };
        times().map(within).max().unwrap_or(0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics here")
    }
}

impl Fetch for Issuer {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, FetchError>> {
        Box::pin(async move {
            let latency = {
                let mut state = self.state();
                state.asked.push((Instant::now(), request.clone()));
                state.latency
            };
            sleep(latency).await;
            let hangs = matches!(self.state().answers, Answers::Hangs);
            if hangs {
                std::future::pending::<()>().await;
            }
            let state = self.state();
            let etag = state.etag.map(|etag| format!("\"{etag}\""));
            match &state.answers {
                Answers::Body(_) if etag.is_some() && etag == request.etag => {
                    Ok(Response::NotModified(state.freshness))
                }
                Answers::Body(body) => {
                    let mut document = Document::new(body.clone());
                    document.freshness = state.freshness;
                    document.etag = etag;
                    Ok(Response::Document(document))
                }
                Answers::Fails(error) => Err(error.clone()),
                Answers::Hangs => unreachable!("handled above"),
            }
        })
    }
}
