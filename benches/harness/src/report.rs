//! The figures: as a table for a person, as JSON for a program.

mod json;
mod table;

use std::io::Write as _;

use crate::Timing;

/// The contestant whose figures are judged.
const OURS: &str = "bulla";

/// What "tied" means: within this much of the best peer.
const TIE: f64 = 1.03;

/// All rows measured so far.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    pub group: &'static str,
    pub name: String,
    pub unit: Unit,
    pub target: Option<Target>,
    /// The floor first.
    pub cells: Vec<Cell>,
}

/// What the floor's absolute figure is given in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Time of one call.
    Time,
    /// So many octets a call.
    Rate(u64),
    /// How much faster two threads are than one: the larger the better.
    Speedup,
}

/// What we aim at.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A ratio to the floor.
    AtMost(f64),
    /// A ratio to the floor, where more is better.
    AtLeast(f64),
    /// Nanoseconds of a call, on a machine like that of the reference figures.
    Within(f64),
}

/// One contestant's figures in a row.
#[derive(Clone, Debug)]
pub struct Cell {
    pub contestant: &'static str,
    /// Nanoseconds of a call; the speed-up itself for [`Unit::Speedup`].
    pub value: f64,
    pub ratio: f64,
    pub allocations: Option<f64>,
    /// Peak resident memory of the process in octets, where that was measured.
    pub peak: Option<u64>,
    /// Why the figure does not count, as where a foreign verifier refuses the signature.
    pub invalid: Option<String>,
}

impl Cell {
    pub fn new(contestant: &'static str, timing: Timing) -> Self {
        Self {
            contestant,
            value: timing.nanos,
            ratio: timing.ratio,
            allocations: timing.allocations,
            peak: None,
            invalid: None,
        }
    }

    pub fn invalid(contestant: &'static str, why: String) -> Self {
        Self {
            contestant,
            value: 0.0,
            ratio: 0.0,
            allocations: None,
            peak: None,
            invalid: Some(why),
        }
    }
}

impl Row {
    fn ours(&self) -> Option<&Cell> {
        self.valid().find(|cell| cell.contestant == OURS)
    }

    /// The best of the peers: neither a floor nor ours.
    fn best_peer(&self) -> Option<&Cell> {
        self.valid()
            .skip(1)
            .filter(|cell| cell.contestant != OURS && !cell.contestant.starts_with("floor"))
            .min_by(|a, b| self.slowness(a).total_cmp(&self.slowness(b)))
    }

    fn valid(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.invalid.is_none())
    }

    fn slowness(&self, cell: &Cell) -> f64 {
        match self.unit {
            Unit::Time | Unit::Rate(_) => cell.ratio,
            Unit::Speedup => 1.0 / cell.ratio,
        }
    }

    /// Whether our figure meets the target; none without either.
    fn met(&self) -> Option<bool> {
        let ratio = self.ours()?.ratio;
        // As it is printed: a third decimal is beyond what the method resolves.
        let ratio = (ratio * 100.0).round() / 100.0;
        Some(match self.target? {
            Target::AtMost(most) => ratio <= most,
            Target::AtLeast(least) => ratio >= least,
            Target::Within(nanos) => self.ours()?.value <= nanos,
        })
    }

    /// How we stand against the best peer: how many times as slow we are as it.
    fn against_best(&self) -> Option<(f64, &Cell)> {
        let (ours, best) = (self.ours()?, self.best_peer()?);
        Some((self.slowness(ours) / self.slowness(best), best))
    }
}

impl Report {
    /// Adds a row and says on stderr that it is done.
    pub fn push(&mut self, row: Row) {
        eprintln!("measured {}", table::progress(&row));
        self.rows.push(row);
    }

    /// Prints everything.
    pub fn print(&self, json: bool) {
        let text = if json {
            json::render(self)
        } else {
            table::render(self)
        };
        let mut out = std::io::stdout().lock();
        // A reader that closes the pipe, as `head` does, is no error.
        let _ = out.write_all(text.as_bytes());
    }
}
