//! The measuring loop: one process, interleaved batches, the median of ratios taken round by round.
//!
//! Absolute times wander with the machine's other work; two batches that run within milliseconds of each
//! other see the same machine. So each round runs one batch of every contender, and what is reported is the
//! median over the rounds of (time of contender / time of the first contender, the floor).

use std::hint::black_box;
use std::time::Duration;

use crate::allocations;
use crate::clock::Stopwatch;

/// One measured batch.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Time that the thread spent on it.
    pub elapsed: Duration,
    /// Heap allocations of the whole batch.
    pub allocations: Option<u64>,
}

/// Runs `once` so many times.
pub fn time<T>(calls: u32, mut once: impl FnMut() -> T) -> Sample {
    let before = allocations::count();
    let start = Stopwatch::start();
    for _ in 0..calls {
        black_box(once());
    }
    let elapsed = start.elapsed();
    let allocations = allocations::count()
        .zip(before)
        .map(|(after, before)| after - before);
    Sample {
        elapsed,
        allocations,
    }
}

/// Something that can be repeated.
pub trait Case {
    fn batch(&mut self, calls: u32) -> Sample;
}

impl<F: FnMut(u32) -> Sample> Case for F {
    fn batch(&mut self, calls: u32) -> Sample {
        self(calls)
    }
}

/// A case with the name of who runs it.
pub struct Contender<'a> {
    pub name: &'static str,
    pub case: Box<dyn Case + 'a>,
}

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub rounds: usize,
    /// What one batch should take.
    pub batch: Duration,
}

/// What was measured of one contender.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Median nanoseconds of one call.
    pub nanos: f64,
    /// Median over the rounds of the ratio to the first contender.
    pub ratio: f64,
    /// Heap allocations of one call.
    pub allocations: Option<f64>,
}

/// Measures contenders against the first of them.
pub fn race(effort: Effort, contenders: &mut [Contender<'_>]) -> Vec<Timing> {
    let calls: Vec<u32> = contenders
        .iter_mut()
        .map(|contender| calibrate(effort.batch, contender.case.as_mut()))
        .collect();
    let mut nanos = vec![Vec::with_capacity(effort.rounds); contenders.len()];
    let mut allocations = vec![None; contenders.len()];
    for round in 0..effort.rounds {
        for step in 0..contenders.len() {
            // Who runs first changes from round to round, so that nobody always follows the same neighbour.
            let who = (round + step) % contenders.len();
            let sample = contenders[who].case.batch(calls[who]);
            nanos[who].push(sample.elapsed.as_nanos() as f64 / f64::from(calls[who]));
            allocations[who] = sample
                .allocations
                .map(|count| count as f64 / f64::from(calls[who]));
        }
    }
    (0..contenders.len())
        .map(|who| Timing {
            nanos: median(nanos[who].clone()),
            ratio: median(
                nanos[who]
                    .iter()
                    .zip(&nanos[0])
                    .map(|(a, b)| a / b)
                    .collect(),
            ),
            allocations: allocations[who],
        })
        .collect()
}

/// How many calls fill a batch. Warms up on the way.
fn calibrate(target: Duration, case: &mut dyn Case) -> u32 {
    let mut calls = 1_u32;
    loop {
        let elapsed = case.batch(calls).elapsed;
        if elapsed * 4 >= target || calls >= 1 << 24 {
            let each = elapsed.as_secs_f64() / f64::from(calls);
            return ((target.as_secs_f64() / each) as u32).max(1);
        }
        calls *= 2;
    }
}

/// The middle value; zero of nothing.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_of_odd_even_and_none() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(vec![]), 0.0);
    }

    #[test]
    fn the_floor_is_its_own_ratio_and_slower_work_has_a_larger_one() {
        let spin = |turns: u32| move |calls| time(calls, || (0..turns).map(black_box).sum::<u32>());
        let mut contenders = [
            Contender {
                name: "floor",
                case: Box::new(spin(1_000)),
            },
            Contender {
                name: "slow",
                case: Box::new(spin(4_000)),
            },
        ];
        let effort = Effort {
            rounds: 9,
            batch: Duration::from_millis(1),
        };
        let timings = race(effort, &mut contenders);
        assert_eq!(timings[0].ratio, 1.0);
        assert!(timings[1].ratio > 2.0, "{timings:?}");
    }

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn allocations_are_counted() {
        assert_eq!(time(10, || vec![0_u8; 100]).allocations, Some(10));
        assert_eq!(time(10, || [0_u8; 100]).allocations, Some(0));
    }
}
