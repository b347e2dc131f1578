//! jwt-simple as a contestant, in a process of its own: see `bulla_bench_harness::remote`.

mod jwt_simple;

fn main() {
    bulla_bench_harness::remote::serve(&jwt_simple::JwtSimple);
}
