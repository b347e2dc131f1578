//! Encrypt and decrypt, every kind of key management.

use bulla_bench_harness::{
    Cell, Contender, Options, PAYLOAD_LEN, Report, Row, Target, Unit, race, time,
};

use crate::contestant::jwe::{Floor, FloorOneDraw, JweKey, JweWork, all};

const ENCRYPT: &str = "Encrypt 402 octets into a compact token";
const DECRYPT: &str = "Decrypt a compact token of 402 octets";

/// A key management algorithm with a content encryption, and what we aim at.
#[derive(Clone, Copy)]
pub(crate) struct Suite {
    pub(crate) alg: &'static str,
    pub(crate) enc: &'static str,
    pub(crate) key: KeyKind,
    /// Ratios to the floor.
    pub(crate) encrypt: f64,
    pub(crate) decrypt: f64,
}

/// What kind of key the suite takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Secret(usize),
    Rsa,
    P256,
    X25519,
    Password,
}

const SUITES: [Suite; 8] = [
    Suite::new("dir", "A256GCM", KeyKind::Secret(32), 1.35, 3.16),
    Suite::new("A256KW", "A256GCM", KeyKind::Secret(32), 1.16, 1.63),
    Suite::new("RSA-OAEP-256", "A256GCM", KeyKind::Rsa, 1.03, 1.00),
    Suite::new("ECDH-ES", "A256GCM", KeyKind::P256, 1.01, 1.02),
    Suite::new("ECDH-ES+A256KW", "A256GCM", KeyKind::X25519, 1.00, 1.04),
    Suite::new(
        "PBES2-HS256+A128KW",
        "A256GCM",
        KeyKind::Password,
        0.99,
        0.98,
    ),
    Suite::new("dir", "A128CBC-HS256", KeyKind::Secret(32), 1.16, 1.34),
    Suite::new("A256KW", "A128CBC-HS256", KeyKind::Secret(32), 1.09, 1.24),
];

/// Ratios repeat within this much.
const REPEATS_WITHIN: f64 = 0.03;

impl Suite {
    pub(crate) const fn new(
        alg: &'static str,
        enc: &'static str,
        key: KeyKind,
        encrypt: f64,
        decrypt: f64,
    ) -> Self {
        Self {
            alg,
            enc,
            key,
            encrypt,
            decrypt,
        }
    }

    pub(crate) fn is_direct(&self) -> bool {
        self.alg == "dir" || self.alg == "ECDH-ES"
    }

    fn name(&self) -> String {
        match self.key {
            KeyKind::P256 => format!("{} P-256 {}", self.alg, self.enc),
            KeyKind::X25519 => format!("{} X25519 {}", self.alg, self.enc),
            _ => format!("{} {}", self.alg, self.enc),
        }
    }
}

pub(crate) fn run(options: &Options, report: &mut Report) {
    let content: Vec<u8> = (0..PAYLOAD_LEN).map(|index| (index % 251) as u8).collect();
    for suite in &SUITES {
        let (encrypt, decrypt) = (
            format!("encrypt {}", suite.name()),
            format!("decrypt {}", suite.name()),
        );
        if !(options.wants(&encrypt) || options.wants(&decrypt)) {
            continue;
        }
        let key = JweKey::generate(suite.key);
        let workers = all();
        if options.wants(&encrypt) {
            let contenders = encrypting(suite, &key, &content, &workers);
            let target = Target::AtMost(suite.encrypt + REPEATS_WITHIN);
            report.push(row(options, ENCRYPT, encrypt, target, contenders));
        }
        if options.wants(&decrypt) {
            let contenders = decrypting(suite, &key, &content, &workers);
            let target = Target::AtMost(suite.decrypt + REPEATS_WITHIN);
            report.push(row(options, DECRYPT, decrypt, target, contenders));
        }
    }
}

/// Everybody's token must be opened by everybody else.
fn encrypting<'a>(
    suite: &Suite,
    key: &JweKey,
    content: &'a [u8],
    workers: &[Box<dyn JweWork>],
) -> Vec<Contender<'a>> {
    let mut floor = Floor::sealing(suite, key);
    let mut contenders: Vec<Contender<'a>> = vec![Contender {
        name: "floor",
        case: Box::new(move |calls| time(calls, || floor.seal(content))),
    }];
    for worker in workers {
        let mut seal = worker.sealing(suite, key);
        check_opened(suite, key, worker.name(), &seal(content), content, workers);
        contenders.push(Contender {
            name: worker.name(),
            case: Box::new(move |calls| time(calls, || seal(content))),
        });
    }
    if let Some(mut floor) = FloorOneDraw::sealing(suite, key) {
        contenders.push(Contender {
            name: "floor (one draw)",
            case: Box::new(move |calls| time(calls, || floor.seal(content))),
        });
    }
    contenders
}

pub(crate) fn check_opened(
    suite: &Suite,
    key: &JweKey,
    sealed_by: &str,
    token: &str,
    content: &[u8],
    workers: &[Box<dyn JweWork>],
) {
    for worker in workers {
        let mut right = false;
        let opened = worker.opening(suite, key)(token, &mut |plain| right = plain == content);
        assert!(
            opened && right,
            "{} does not open what {sealed_by} sealed ({} {})",
            worker.name(),
            suite.alg,
            suite.enc
        );
    }
    Floor::opening(suite, key, token).check(content);
}

/// Everybody opens the same token, and refuses it with one bit of the tag flipped.
fn decrypting<'a>(
    suite: &Suite,
    key: &JweKey,
    content: &[u8],
    workers: &[Box<dyn JweWork>],
) -> Vec<Contender<'a>> {
    let token = workers
        .first()
        .map(|ours| ours.sealing(suite, key)(content))
        .expect("somebody seals");
    let (rest, tag) = token.rsplit_once('.').expect("five parts");
    let first = if tag.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{rest}.{first}{}", &tag[1..]);
    let mut floor = Floor::opening(suite, key, &token);
    floor.check(content);
    let mut contenders: Vec<Contender<'a>> = vec![Contender {
        name: "floor",
        case: Box::new(move |calls| time(calls, || floor.open())),
    }];
    for worker in workers {
        let mut open = worker.opening(suite, key);
        let mut right = false;
        assert!(open(&token, &mut |plain| right = plain == content) && right);
        assert!(!open(&forged, &mut |_| {}), "{}: a forgery", worker.name());
        let token = token.clone();
        contenders.push(Contender {
            name: worker.name(),
            case: Box::new(move |calls| {
                time(calls, || {
                    let mut len = 0;
                    assert!(open(&token, &mut |plain| len = plain.len()));
                    len
                })
            }),
        });
    }
    contenders
}

fn row(
    options: &Options,
    group: &'static str,
    name: String,
    target: Target,
    mut contenders: Vec<Contender<'_>>,
) -> Row {
    let timings = race(options.effort(), &mut contenders);
    Row {
        group,
        name,
        unit: Unit::Time,
        target: Some(target),
        cells: contenders
            .iter()
            .zip(timings)
            .map(|(contender, timing)| Cell::new(contender.name, timing))
            .collect(),
    }
}
