//! What it costs that the key is one of a cache of published keys: against the same verification with the key in hand.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, JwkSet};
use bulla::jwks::RemoteKeys;
use bulla::jwks::source::FixedSet;
use bulla::jwt::{Expectations, Scratch, issue};
use bulla::key::Verifier;
use bulla_bench_harness::{
    AUDIENCE, Alg, Cell, Claims, ClaimsRef, Contender, ISSUER, Options, Report, Row, Sample,
    Target, Unit, race, time,
};
use tokio::runtime::Runtime;

const GROUP: &str = "Verify with a key of a cache of published keys (ratio to the key in hand)";

/// Published keys are never symmetric, so that the fastest verification is RSA's.
const ALGS: [(Alg, SignatureAlg); 2] = [
    (Alg::Es256, SignatureAlg::Es256),
    (Alg::Rs256, SignatureAlg::Rs256),
];

pub(crate) fn run(options: &Options, report: &mut Report) {
    for (alg, signature) in ALGS {
        for way in [Way::Cache, Way::Snapshot] {
            for threads in [1, 2] {
                let name = match threads {
                    1 => format!("{} {}", way.name(), alg.name()),
                    _ => format!("{} {}, {threads} threads", way.name(), alg.name()),
                };
                if options.wants(&name) {
                    let work = Work::new(signature);
                    report.push(work.row(options, name, way, threads));
                }
            }
        }
    }
}

/// How a verification comes by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    InHand,
    Cache,
    Snapshot,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::InHand => "key in hand",
            Self::Cache => "through the cache",
            Self::Snapshot => "through a snapshot",
        }
    }
}

/// A token, its key, and the cache that has it.
struct Work {
    token: String,
    in_hand: Verifier,
    keys: RemoteKeys,
    expect: Expectations,
    /// The cache's task runs on it.
    _runtime: Runtime,
}

impl Work {
    fn new(alg: SignatureAlg) -> Self {
        let mut key = bulla::generate(alg).expect("a key");
        key.members_mut().kid = Some("2026-01".into());
        let signer = bulla::signer(&key).expect("a signer");
        let claims = Claims::workload();
        let token = issue(&claims.iss)
            .subject(&claims.sub)
            .audience(&claims.aud)
            .expires_at(UNIX_EPOCH + Duration::from_secs(claims.exp))
            .not_before(UNIX_EPOCH + Duration::from_secs(claims.nbf))
            .issued_at(UNIX_EPOCH + Duration::from_secs(claims.iat))
            .jwt_id(&claims.jti)
            .claims(&claims.custom())
            .sign(&signer)
            .expect("it signs");
        let runtime = Runtime::new().expect("a runtime");
        let public = key.public();
        let set = JwkSet::new([Jwk::Public(public.clone())]);
        let keys = runtime.block_on(async {
            let keys = RemoteKeys::from_source(FixedSet::new(set)).start();
            let keys = keys.expect("a cache");
            keys.ready().await.expect("keys");
            keys
        });
        Self {
            token,
            in_hand: bulla::verifier(&public).expect("a verifier"),
            keys,
            expect: Expectations::new(ISSUER, AUDIENCE),
            _runtime: runtime,
        }
    }

    fn row(&self, options: &Options, name: String, way: Way, threads: usize) -> Row {
        let ways = [Way::InHand, way];
        for way in ways {
            assert!(self.accepts_only(way), "{way:?} accepts or refuses wrongly");
        }
        let mut contenders = ways.map(|way| Contender {
            name: if way == Way::InHand {
                way.name()
            } else {
                "bulla"
            },
            case: Box::new(move |calls| self.batch(way, threads, calls)),
        });
        let timings = race(options.effort(), &mut contenders);
        let cells = contenders.iter().zip(timings);
        Row {
            group: GROUP,
            name,
            unit: Unit::Time,
            target: Some(Target::AtMost(1.05)),
            cells: cells
                .map(|(who, timing)| Cell::new(who.name, timing))
                .collect(),
        }
    }

    fn accepts_only(&self, way: Way) -> bool {
        let (input, signature) = self.token.rsplit_once('.').expect("a compact token");
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{input}.{first}{}", &signature[1..]);
        let scratch = &mut Scratch::new();
        let weight = Claims::workload().weight();
        self.verify(way, scratch, &self.token) == Some(weight)
            && self.verify(way, scratch, &forged).is_none()
    }

    /// The time of one thread, the mean of several.
    fn batch(&self, way: Way, threads: usize, calls: u32) -> Sample {
        let once = || {
            let mut scratch = Scratch::new();
            time(calls, || self.verify(way, &mut scratch, &self.token))
        };
        if threads == 1 {
            return once();
        }
        let samples: Vec<Sample> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(once)).collect();
            let joined = threads.into_iter().map(|thread| thread.join());
            joined.map(|sample| sample.expect("no panic")).collect()
        });
        let sum: Duration = samples.iter().map(|sample| sample.elapsed).sum();
        Sample {
            elapsed: sum / u32::try_from(threads).expect("few"),
            allocations: None,
        }
    }

    /// The weight of the claims; none where the token is refused.
    fn verify(&self, way: Way, scratch: &mut Scratch, token: &str) -> Option<usize> {
        let expect = &self.expect;
        match way {
            Way::InHand => {
                let valid = expect.verify_in::<ClaimsRef<'_>>(scratch, token, &self.in_hand);
                Some(valid.ok()?.claims().weight())
            }
            Way::Snapshot => {
                let keys = self.keys.snapshot().ok()?;
                let valid = expect.verify_in::<ClaimsRef<'_>>(scratch, token, &*keys);
                Some(valid.ok()?.claims().weight())
            }
            Way::Cache => {
                let verified = pin!(self.keys.verify(|keys| {
                    let valid = expect.verify_in::<ClaimsRef<'_>>(scratch, token, keys)?;
                    Ok::<_, bulla::jwt::VerifyError>(valid.claims().weight())
                }));
                // Where the key is known nothing is waited for.
                match verified.poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(weight) => weight.ok(),
                    Poll::Pending => None,
                }
            }
        }
    }
}
