//! Sign and verify, every algorithm.

use bulla_bench_harness::{
    Alg, Cell, Claims, ClaimsType, Contender, Contestant, Effort, Family, Key, Options,
    PAYLOAD_LEN, Report, Row, Signs, Target, Unit, Verifies, race,
};

use crate::contestant;

const VERIFY: &str =
    "Verify a token, decode its 402 octets of claims into a struct, check iss, aud, exp and nbf";
const BORROWED: &str = "The same into borrowed claims";
const SIGN: &str = "Sign claims given as a struct";

pub(crate) fn run(options: &Options, report: &mut Report) {
    let payload = serde_json::to_vec(&Claims::workload()).expect("claims are JSON");
    assert_eq!(payload.len(), PAYLOAD_LEN, "the workload has changed");

    let contestants = contestant::all(options);
    let wanted = |name: String| options.wants(&name);
    for alg in Alg::ALL {
        let name = alg.name();
        let verify = wanted(format!("verify {name}"));
        let borrowed = wanted(format!("verify borrowed {name}"));
        let sign = wanted(format!("sign {name}"));
        if !(verify || borrowed || sign) {
            continue;
        }
        let contest = Contest {
            alg,
            key: Key::generate(alg),
            effort: options.effort(),
            contestants: &contestants,
        };
        if verify {
            report.push(contest.verify(ClaimsType::Owned));
        }
        if borrowed {
            report.push(contest.verify(ClaimsType::Borrowed));
        }
        if sign {
            report.push(contest.sign());
        }
    }
}

struct Contest<'a> {
    alg: Alg,
    key: Key,
    effort: Effort,
    contestants: &'a [Box<dyn Contestant>],
}

impl Contest<'_> {
    fn verify(&self, claims: ClaimsType) -> Row {
        let token = contestant::floor::Floor
            .signer(self.alg, &self.key)
            .expect("the floor signs")
            .sign();
        let mut invalid = Vec::new();
        let mut contenders = Vec::new();
        for contestant in self.contestants {
            let Some(mut verifier) = contestant.verifier(self.alg, &self.key, claims) else {
                continue;
            };
            match self.accepts_only(verifier.as_mut(), &token) {
                Ok(()) => {
                    let token = token.clone();
                    contenders.push(Contender {
                        name: contestant.name(),
                        case: Box::new(move |calls| verifier.batch(&token, calls)),
                    });
                }
                Err(why) => invalid.push(Cell::invalid(contestant.name(), why)),
            }
        }
        let (group, name, target) = match claims {
            ClaimsType::Owned => (VERIFY, "verify", verify_target(self.alg, 1.60)),
            ClaimsType::Borrowed => (BORROWED, "verify borrowed", verify_target(self.alg, 1.45)),
        };
        self.row(group, name, target, contenders, invalid)
    }

    fn sign(&self) -> Row {
        let mut invalid = Vec::new();
        let mut contenders = Vec::new();
        for contestant in self.contestants {
            let Some(mut signer) = contestant.signer(self.alg, &self.key) else {
                continue;
            };
            match self.is_right(contestant.name(), signer.as_mut()) {
                Ok(()) => contenders.push(Contender {
                    name: contestant.name(),
                    case: Box::new(move |calls| signer.batch(calls)),
                }),
                Err(why) => invalid.push(Cell::invalid(contestant.name(), why)),
            }
        }
        let target = match self.alg.family() {
            Family::Hmac => Target::AtMost(1.30),
            _ => Target::AtMost(1.05),
        };
        self.row(SIGN, "sign", target, contenders, invalid)
    }

    /// A verifier must accept the token, decode all of it, and refuse it with one bit of the signature flipped.
    fn accepts_only(&self, verifier: &mut dyn Verifies, token: &str) -> Result<(), String> {
        match verifier.verify(token) {
            Some(weight) if weight == Claims::workload().weight() => {}
            Some(_) => return Err("decoded other claims".into()),
            None => return Err("refuses a valid token".into()),
        }
        let (input, signature) = token.rsplit_once('.').expect("a compact token");
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{input}.{first}{}", &signature[1..]);
        match verifier.verify(&forged) {
            None => Ok(()),
            Some(_) => Err("accepts a forged signature".into()),
        }
    }

    /// A signature must satisfy every referee that knows the algorithm, none of which made it.
    fn is_right(&self, name: &str, signer: &mut dyn Signs) -> Result<(), String> {
        let token = signer.sign();
        for referee in contestant::referees() {
            if referee.name() == name {
                continue;
            }
            let verifier = referee.verifier(self.alg, &self.key, ClaimsType::Owned);
            let Some(mut verifier) = verifier else {
                continue;
            };
            let library = match referee.name() {
                "floor" => "aws-lc-rs",
                other => other,
            };
            if verifier.verify(&token) != Some(Claims::workload().weight()) {
                return Err(format!("{library} refuses its signature"));
            }
        }
        Ok(())
    }

    fn row(
        &self,
        group: &'static str,
        name: &str,
        target: Target,
        mut contenders: Vec<Contender<'_>>,
        invalid: Vec<Cell>,
    ) -> Row {
        let timings = race(self.effort, &mut contenders);
        let names = contenders.iter().map(|contender| contender.name);
        let mut cells: Vec<Cell> = names
            .zip(timings)
            .map(|(name, timing)| Cell::new(name, timing))
            .collect();
        cells.extend(invalid);
        Row {
            group,
            name: format!("{name} {}", self.alg.name()),
            unit: Unit::Time,
            target: Some(target),
            cells,
        }
    }
}

/// For a MAC, JSON costs as much as the primitive; beside a public key it vanishes.
fn verify_target(alg: Alg, mac: f64) -> Target {
    match alg.family() {
        Family::Hmac => Target::AtMost(mac),
        _ => Target::AtMost(1.05),
    }
}
