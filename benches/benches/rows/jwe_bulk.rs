//! Large contents: 16 MiB in one encrypted token.

use std::rc::Rc;

use bulla_bench_harness::{Cell, Contender, Options, Report, Row, Target, Unit, race, time};

use super::jwe::{KeyKind, Suite, check_opened};
use crate::contestant::jwe::{Floor, JweKey, all};

const GROUP: &str = "Bulk: a content of 16 MiB, dir (MB of content a second)";
const LEN: usize = 16 << 20;

/// The ratios of the rates we aim at: GCM 3,148 to 1,700 and 2,768 to 1,200 MB/s, CBC 254 to 236 and 316 to 254.
const SUITES: [Suite; 2] = [
    Suite::new("dir", "A256GCM", KeyKind::Secret(32), 1.85, 2.31),
    Suite::new("dir", "A128CBC-HS256", KeyKind::Secret(32), 1.08, 1.24),
];

pub(crate) fn run(options: &Options, report: &mut Report) {
    for suite in &SUITES {
        let (encrypt, decrypt) = (
            format!("bulk encrypt {}", suite.enc),
            format!("bulk decrypt {}", suite.enc),
        );
        if !(options.wants(&encrypt) || options.wants(&decrypt)) {
            continue;
        }
        let key = JweKey::generate(suite.key);
        let content: Rc<[u8]> = (0..LEN).map(|index| (index % 251) as u8).collect();
        if options.wants(&encrypt) {
            let contenders = encrypting(suite, &key, &content);
            report.push(row(options, encrypt, suite.encrypt, contenders));
        }
        if options.wants(&decrypt) {
            let contenders = decrypting(suite, &key, &content);
            report.push(row(options, decrypt, suite.decrypt, contenders));
        }
    }
}

fn encrypting<'a>(suite: &Suite, key: &JweKey, content: &'a [u8]) -> Vec<Contender<'a>> {
    let mut floor = Floor::sealing(suite, key);
    let mut contenders: Vec<Contender<'a>> = vec![Contender {
        name: "floor",
        case: Box::new(move |calls| time(calls, || floor.seal(content))),
    }];
    let workers = all();
    for worker in &workers {
        let mut seal = worker.sealing(suite, key);
        check_opened(suite, key, worker.name(), &seal(content), content, &workers);
        contenders.push(Contender {
            name: worker.name(),
            case: Box::new(move |calls| time(calls, || seal(content))),
        });
    }
    contenders
}

fn decrypting<'a>(suite: &Suite, key: &JweKey, content: &[u8]) -> Vec<Contender<'a>> {
    let workers = all();
    let ours = workers.first().expect("somebody seals");
    let token: Rc<str> = ours.sealing(suite, key)(content).into();
    let mut floor = Floor::opening(suite, key, &token);
    floor.check(content);
    let mut contenders: Vec<Contender<'a>> = vec![Contender {
        name: "floor",
        case: Box::new(move |calls| time(calls, || floor.open())),
    }];
    for worker in &workers {
        let mut open = worker.opening(suite, key);
        let mut right = false;
        assert!(open(&token, &mut |plain| right = plain == content) && right);
        let token = Rc::clone(&token);
        contenders.push(Contender {
            name: worker.name(),
            case: Box::new(move |calls| time(calls, || assert!(open(&token, &mut |_| {})))),
        });
    }
    contenders
}

fn row(options: &Options, name: String, most: f64, mut contenders: Vec<Contender<'_>>) -> Row {
    let timings = race(options.effort_bulk(), &mut contenders);
    Row {
        group: GROUP,
        name,
        unit: Unit::Rate(LEN as u64),
        target: Some(Target::AtMost(most)),
        cells: contenders
            .iter()
            .zip(timings)
            .map(|(contender, timing)| Cell::new(contender.name, timing))
            .collect(),
    }
}
