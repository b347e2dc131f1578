//! `cargo bench`: Bulla beside the bare primitives and beside its peers, in one run. See README.md.

mod contestant;
mod rows;

use bulla_bench_harness::{Options, Report};

fn main() {
    if rows::stream::is_child() {
        return rows::stream::child();
    }
    let options = Options::from_args();
    let mut report = Report::default();
    rows::jws::run(&options, &mut report);
    rows::jwe::run(&options, &mut report);
    rows::keys::run(&options, &mut report);
    rows::cache::run(&options, &mut report);
    rows::bulk::run(&options, &mut report);
    rows::jwe_bulk::run(&options, &mut report);
    rows::scaling::run(&options, &mut report);
    rows::stream::run(&options, &mut report);
    report.print(options.json);
    rows::oracle::run(&options);
}
