//! A thousand token requests, and a new key in the middle of them.
//!
//! The server keeps a client's keys for a minute at least, and takes an assertion by a key that it has not seen for an
//! attempt at fraud. So the new key must be public for longer than that, and the requests must go on for longer still:
//! the clocks of both sides run [`PACE`] times as fast as the machine's.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{AsyncSigner, KeyPhase, KeyRotation, RotationPolicy};
use bulla_oauth::client::{CurrentSigner, Transport as _};
use http::Request;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::party::{Party, wanted};
use crate::peer::{Peer, http};
use crate::{Outcome, Report, ensure};

const PACE: u32 = 10;
const REQUESTS: u32 = 1_000;

/// One request begins so long after the other.
const EVERY: Duration = Duration::from_millis(14);

/// The rotation begins with this request.
const ROTATED: u32 = 150;

/// 80 seconds are 8 of the machine's, or 570 requests.
const ANNOUNCED: Duration = Duration::from_secs(80);

pub(crate) async fn run(home: &OsStr, report: &mut Report) {
    let since = SystemTime::now();
    let millis = since
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis()
        .to_string();
    let peer = Peer::start(home, &[("PACE", &PACE.to_string()), ("SINCE", &millis)]);
    let since = UNIX_EPOCH + Duration::from_millis(millis.parse().unwrap());
    report.tell(
        "a-key-rotated-within-1000-requests",
        rotate(&peer, Arc::new(Hurried(since))).await,
    );
}

async fn rotate(peer: &Peer, clock: Arc<dyn Clock>) -> Outcome {
    let policy = RotationPolicy::new().announce(ANNOUNCED).retain(ANNOUNCED);
    let party = Party::with(
        peer,
        "rotating",
        SignatureAlg::Es256,
        policy,
        Arc::clone(&clock),
    )
    .await;
    let signed = Signed::of(party.endpoints.keys().clone());
    let client = signed.client(&party, &clock);
    let start = Instant::now();
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        sleep_until(start + EVERY * number).await;
        if number == ROTATED {
            let request = Request::post(format!("{}/rotate", party.base)).body(Vec::new())?;
            let answer = http().send(request).await?;
            ensure(
                answer.status() == 200,
                format_args!("/rotate: {}", answer.status()),
            )?;
        }
        let client = client.clone();
        requests.spawn(async move {
            let result = client.request(&wanted()).await;
            result
                .map(drop)
                .map_err(|error| format!("request {number}: {error}"))
        });
    }
    let mut failed: Vec<String> = requests
        .join_all()
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect();
    failed.sort();
    ensure(
        failed.is_empty(),
        format_args!("{} failed: {:?}", failed.len(), failed.first()),
    )?;
    signed.by_both_keys()?;
    let phases: Vec<_> = party
        .endpoints
        .keys()
        .keys()
        .into_iter()
        .map(|key| key.phase)
        .collect();
    ensure(
        phases == [KeyPhase::Active, KeyPhase::Retired],
        format_args!("{phases:?}"),
    )
}

/// A clock that hurries from a moment on.
#[derive(Debug)]
struct Hurried(SystemTime);

impl Clock for Hurried {
    fn now(&self) -> SystemTime {
        let real = self.0.elapsed().unwrap_or_default();
        self.0 + real * PACE
    }
}

/// Counts what each key signs.
#[derive(Clone, Debug)]
struct Signed {
    keys: KeyRotation,
    counts: Arc<Mutex<HashMap<String, u32>>>,
}

impl Signed {
    fn of(keys: KeyRotation) -> Self {
        Self {
            keys,
            counts: Arc::default(),
        }
    }

    fn client(&self, party: &Party, clock: &Arc<dyn Clock>) -> bulla_oauth::client::OAuthClient {
        let server = party.client.server().clone();
        let backend = bulla_aws_lc::backend();
        let assertion =
            bulla_oauth::assertion::ClientAssertion::new("rotating", server.issuer(), &backend);
        bulla_oauth::client::OAuthClient::new(server, assertion, self.clone())
            .clock(Arc::clone(clock))
            .attempts(1)
    }

    fn by_both_keys(&self) -> Outcome {
        let counts = self.counts.lock().unwrap();
        let counts: Vec<u32> = counts.values().copied().collect();
        let all: u32 = counts.iter().sum();
        ensure(
            all == REQUESTS && counts.len() == 2 && counts.iter().all(|count| *count >= 100),
            format_args!("signed by each key: {counts:?}"),
        )
    }
}

impl CurrentSigner for Signed {
    fn current(&self) -> AsyncSigner {
        let signer = self.keys.signer();
        let kid = signer.kid().expect("a kid").to_owned();
        *self.counts.lock().unwrap().entry(kid).or_default() += 1;
        signer
    }
}
