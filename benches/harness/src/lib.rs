//! How Bulla and its peers are measured: the workload, the keys, the measuring loop and the report.
//!
//! No peer is named here. Each is a contestant of the bench `bulla` (`benches/contestant/`), or of a program
//! of its own under `src/bin/` where its C library cannot share a process with another's.

mod alg;
mod allocations;
mod clock;
mod contest;
mod key;
mod measure;
mod options;
pub mod remote;
mod report;
mod statistics;
mod workload;

pub use alg::{Alg, Family};
pub use contest::{ClaimsType, Contestant, Signs, Verifies};
pub use key::{Key, KeyPair};
pub use measure::{Case, Contender, Effort, Sample, Timing, median, race, time};
pub use options::Options;
pub use report::{Cell, Report, Row, Target, Unit};
pub use statistics::Comparison;
pub use workload::{
    AUDIENCE, Claims, ClaimsRef, Custom, ISSUER, PAYLOAD_LEN, check_registered, now, signing_input,
};
