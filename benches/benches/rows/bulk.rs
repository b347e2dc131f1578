//! Large payloads: 16 MiB in one compact token.

use std::rc::Rc;

use bulla_bench_harness::{
    Alg, Cell, Contender, Contestant as _, Key, Options, Report, Row, Target, Unit, race, time,
};

use crate::contestant;
use crate::contestant::floor::{Floor, sign_raw};

const GROUP: &str = "Bulk: a payload of 16 MiB, HS256 (MB of payload a second)";
const LEN: usize = 16 << 20;

/// Compact tokens around a payload that is not JSON.
pub(crate) trait BulkWork {
    fn name(&self) -> &'static str;

    fn sign(&self, key: &Key, payload: Rc<[u8]>) -> Option<Box<dyn FnMut() -> String>>;

    /// The length of the payload of a token that holds.
    fn verify(&self, key: &Key, token: Rc<str>) -> Option<Box<dyn FnMut() -> Option<usize>>>;
}

pub(crate) fn run(options: &Options, report: &mut Report) {
    let (sign, verify) = ("sign 16 MiB HS256", "verify 16 MiB HS256");
    if !(options.wants(sign) || options.wants(verify)) {
        return;
    }
    let key = Key::generate(Alg::Hs256);
    let payload: Rc<[u8]> = (0..LEN).map(|index| (index % 251) as u8).collect();
    let input = bulla_bench_harness::signing_input(Alg::Hs256, &payload);
    let token: Rc<str> = {
        let mut signature = Vec::new();
        sign_raw(Alg::Hs256, &key)(input.as_bytes(), &mut signature);
        let mut token = format!("{input}.");
        base64_simd::URL_SAFE_NO_PAD.encode_append(&signature, &mut token);
        token.into()
    };
    if options.wants(sign) {
        let mut raw = sign_raw(Alg::Hs256, &key);
        let mut signature = Vec::new();
        let input = input.clone();
        let mut contenders = vec![Contender {
            name: "floor",
            case: Box::new(move |calls| time(calls, || raw(input.as_bytes(), &mut signature))),
        }];
        for work in contestant::bulk_work() {
            if !options.includes(work.name()) {
                continue;
            }
            let Some(mut once) = work.sign(&key, Rc::clone(&payload)) else {
                continue;
            };
            let (input, signature) = crate::contestant::floor::split_owned(&once());
            let mut right = crate::contestant::floor::verify_raw(Alg::Hs256, &key);
            assert!(right(input.as_bytes(), &signature), "{}", work.name());
            contenders.push(Contender {
                name: work.name(),
                case: Box::new(move |calls| time(calls, &mut once)),
            });
        }
        report.push(row(options, sign, contenders));
    }
    if options.wants(verify) {
        let floor_token = Rc::clone(&token);
        let mut floor = Floor
            .verifier(Alg::Hs256, &key, bulla_bench_harness::ClaimsType::Owned)
            .expect("the floor verifies");
        let mut contenders = vec![Contender {
            name: "floor",
            case: Box::new(move |calls| floor.batch(&floor_token, calls)),
        }];
        for work in contestant::bulk_work() {
            if !options.includes(work.name()) {
                continue;
            }
            let Some(mut once) = work.verify(&key, Rc::clone(&token)) else {
                continue;
            };
            assert_eq!(once(), Some(LEN), "{}", work.name());
            contenders.push(Contender {
                name: work.name(),
                case: Box::new(move |calls| time(calls, &mut once)),
            });
        }
        report.push(row(options, verify, contenders));
    }
}

fn row(options: &Options, name: &str, mut contenders: Vec<Contender<'_>>) -> Row {
    let timings = race(options.effort_bulk(), &mut contenders);
    Row {
        group: GROUP,
        name: name.into(),
        unit: Unit::Rate(LEN as u64),
        target: Some(Target::AtMost(1.10)),
        cells: contenders
            .iter()
            .zip(timings)
            .map(|(contender, timing)| Cell::new(contender.name, timing))
            .collect(),
    }
}
