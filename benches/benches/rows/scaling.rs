//! Whether two threads that share a key are twice as fast as one: a lock on the way would show.

use std::time::{Duration, Instant};

use bulla_bench_harness::{
    Alg, Cell, Contestant as _, Key, Options, Report, Row, Target, Timing, Unit, median,
};

use crate::contestant;
use crate::contestant::floor::Floor;

const GROUP: &str = "Two threads that share one key (how many times as fast as one)";

/// A verification that threads may share.
pub(crate) type Shared = Box<dyn Fn(&str) -> bool + Send + Sync>;

pub(crate) trait SharedWork {
    fn name(&self) -> &'static str;

    fn shared(&self, alg: Alg, key: &Key) -> Option<Shared>;
}

pub(crate) fn run(options: &Options, report: &mut Report) {
    for alg in [Alg::Hs256, Alg::Es256] {
        let name = format!("two threads {}", alg.name());
        if !options.wants(&name) {
            continue;
        }
        let key = Key::generate(alg);
        let signer = Floor.signer(alg, &key);
        let token = signer.expect("the floor signs").sign();
        let verifiers: Vec<(&'static str, Shared)> = contestant::shared_work()
            .iter()
            .filter(|work| options.includes(work.name()))
            .filter_map(|work| Some((work.name(), work.shared(alg, &key)?)))
            .collect();
        for (name, verify) in &verifiers {
            assert!(verify(&token), "{name} refuses a valid token");
        }
        let speedups = race(options, &verifiers, &token);
        let floor = speedups[0];
        let cells = verifiers.iter().zip(&speedups).map(|((name, _), speedup)| {
            let timing = Timing {
                nanos: *speedup,
                ratio: speedup / floor,
                allocations: None,
            };
            Cell::new(name, timing)
        });
        report.push(Row {
            group: GROUP,
            name,
            unit: Unit::Speedup,
            target: Some(Target::AtLeast(0.95)),
            cells: cells.collect(),
        });
    }
}

/// The median speed-up of each, rounds interleaved.
fn race(options: &Options, verifiers: &[(&'static str, Shared)], token: &str) -> Vec<f64> {
    let rounds = if options.quick { 5 } else { 15 };
    let target = Duration::from_millis(if options.quick { 5 } else { 20 });
    let calls: Vec<u32> = verifiers
        .iter()
        .map(|(_, verify)| {
            let each = work(verify, token, 32) / 32;
            u32::try_from(target.as_nanos() / each.as_nanos().max(1))
                .map_or(1, |calls| calls.max(1))
        })
        .collect();
    let mut speedups = vec![Vec::new(); verifiers.len()];
    for _ in 0..rounds {
        for (who, (_, verify)) in verifiers.iter().enumerate() {
            let one = work(verify, token, calls[who]);
            let start = Instant::now();
            std::thread::scope(|scope| {
                scope.spawn(|| work(verify, token, calls[who]));
                work(verify, token, calls[who]);
            });
            let two = start.elapsed();
            speedups[who].push(2.0 * one.as_secs_f64() / two.as_secs_f64());
        }
    }
    speedups.into_iter().map(median).collect()
}

fn work(verify: &Shared, token: &str, calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        assert!(verify(std::hint::black_box(token)));
    }
    start.elapsed()
}
