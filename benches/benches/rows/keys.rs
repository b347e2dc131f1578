//! JWK Sets, thumbprints, and the first verification with a key that was a PEM file a moment ago.

use std::collections::HashMap;
use std::hint::black_box;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bulla_bench_harness::{
    Alg, Cell, Contender, Contestant as _, Key, KeyPair, Options, Report, Row, Target, Unit, race,
    time,
};
use serde::Deserialize;

use crate::contestant;
use crate::contestant::floor::{Floor, split};

const GROUP: &str = "Keys";
const KEYS: usize = 100;

/// What a library does with keys; prepared where it can be, and returning what shows that it was done.
pub(crate) trait KeyWork {
    fn name(&self) -> &'static str;

    /// Parses a set; says how many keys it found.
    fn parse_set(&self, json: &'static str) -> Option<Box<dyn FnMut() -> usize>>;

    /// Finds a key of a parsed set.
    fn find(&self, json: &'static str, kid: &'static str) -> Option<Box<dyn FnMut() -> bool>>;

    /// The RFC 7638 thumbprint of a parsed key.
    fn thumbprint(&self, jwk: &str) -> Option<Box<dyn FnMut() -> String>>;

    /// Reads a public key from PEM and verifies one RS256 token with it.
    fn cold(&self, pem: &str, token: &str) -> Option<Box<dyn FnMut() -> bool>>;
}

pub(crate) fn run(options: &Options, report: &mut Report) {
    let set: &'static str = key_set().leak();
    let last: &'static str = kid(KEYS - 1).leak();

    let name = "parse a JWKS of 100 keys";
    if options.wants(name) {
        let row = row(
            options,
            name,
            Some(Target::Within(40_000.0)),
            floor_parse(set),
            |work| {
                work.parse_set(set)
                    .map(|mut parse| (parse() == KEYS, case(parse)))
            },
        );
        report.push(row);
    }
    let name = "find a kid among 100";
    if options.wants(name) {
        let row = row(
            options,
            name,
            Some(Target::Within(35.0)),
            floor_find(set, last),
            |work| work.find(set, last).map(|mut find| (find(), case(find))),
        );
        report.push(row);
    }
    for (name, jwk, canonical) in [
        ("thumbprint RSA", rsa_jwk(0), rsa_canonical()),
        ("thumbprint EC", ec_jwk(&ec_key(), 0), String::new()),
    ] {
        if options.wants(name) {
            let canonical = if canonical.is_empty() {
                canonical_ec(&jwk)
            } else {
                canonical
            };
            let expected = digest_text(&canonical);
            let row = row(options, name, None, floor_thumbprint(canonical), |work| {
                work.thumbprint(&jwk)
                    .map(|mut print| (print() == expected, case(print)))
            });
            report.push(row);
        }
    }
    let name = "PEM to first RS256 verification";
    if options.wants(name) {
        let key = Key::generate(Alg::Rs256);
        let signer = Floor.signer(Alg::Rs256, &key);
        let token = signer.expect("the floor signs").sign();
        let pem = key.pair().expect("a key pair").public_pem();
        let row = row(
            options,
            name,
            Some(Target::AtMost(1.05)),
            floor_cold(&pem, &token),
            |work| work.cold(&pem, &token).map(|mut cold| (cold(), case(cold))),
        );
        report.push(row);
    }
}

type BoxedCase = Box<dyn bulla_bench_harness::Case>;

fn case<T: 'static>(mut once: impl FnMut() -> T + 'static) -> BoxedCase {
    Box::new(move |calls| time(calls, &mut once))
}

fn row(
    options: &Options,
    name: &str,
    target: Option<Target>,
    floor: BoxedCase,
    prepare: impl Fn(&dyn KeyWork) -> Option<(bool, BoxedCase)>,
) -> Row {
    let mut contenders = vec![Contender {
        name: "floor",
        case: floor,
    }];
    let mut invalid = Vec::new();
    for work in contestant::key_work() {
        if !options.includes(work.name()) {
            continue;
        }
        match prepare(work.as_ref()) {
            Some((true, case)) => contenders.push(Contender {
                name: work.name(),
                case,
            }),
            Some((false, _)) => invalid.push(Cell::invalid(work.name(), "another result".into())),
            None => {}
        }
    }
    let timings = race(options.effort(), &mut contenders);
    let mut cells: Vec<Cell> = contenders
        .iter()
        .zip(timings)
        .map(|(contender, timing)| Cell::new(contender.name, timing))
        .collect();
    cells.extend(invalid);
    Row {
        group: GROUP,
        name: name.into(),
        unit: Unit::Time,
        target,
        cells,
    }
}

/// A set parsed with serde_json into borrowed text, base64url decoded, and nothing checked.
fn floor_parse(json: &'static str) -> BoxedCase {
    case(move || {
        let set: FloorSet<'_> = serde_json::from_str(json).expect("a set");
        let decoded: Vec<[Vec<u8>; 2]> = set
            .keys
            .iter()
            .map(|key| {
                let [first, second] = [key.n.or(key.x), key.e.or(key.y)].map(|member| {
                    let member = member.expect("RSA or EC");
                    base64_simd::URL_SAFE_NO_PAD
                        .decode_to_vec(member)
                        .expect("base64url")
                });
                [first, second]
            })
            .collect();
        (set, decoded)
    })
}

#[derive(Deserialize)]
struct FloorSet<'a> {
    #[serde(borrow)]
    keys: Vec<FloorKey<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only that it is read is measured")]
struct FloorKey<'a> {
    kty: &'a str,
    kid: &'a str,
    alg: &'a str,
    n: Option<&'a str>,
    e: Option<&'a str>,
    crv: Option<&'a str>,
    x: Option<&'a str>,
    y: Option<&'a str>,
}

/// A lookup in the standard library's map.
fn floor_find(json: &'static str, kid: &'static str) -> BoxedCase {
    let set: FloorSet<'static> = serde_json::from_str(json).expect("a set");
    let map: HashMap<&str, FloorKey<'_>> = set.keys.into_iter().map(|key| (key.kid, key)).collect();
    case(move || black_box(&map).get(black_box(kid)).is_some())
}

/// The hash of the canonical text, with the text at hand.
fn floor_thumbprint(canonical: String) -> BoxedCase {
    case(move || digest::digest(&digest::SHA256, black_box(canonical.as_bytes())))
}

/// Decode the PEM, parse the key, verify.
fn floor_cold(pem: &str, token: &str) -> BoxedCase {
    let pem = pem.to_owned();
    let (input, signature) = split(token).expect("a compact token");
    let input = input.to_owned();
    case(move || {
        let mut text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        text.truncate(text.trim_end().len());
        let spki = STANDARD.decode(text).expect("base64");
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &spki).expect("a key");
        key.verify_sig(input.as_bytes(), &signature).expect("valid");
    })
}

/// Half RSA, half P-256, as an identity provider in the middle of a migration would publish them.
fn key_set() -> String {
    let keys: Vec<String> = (0..KEYS)
        .map(|index| match index % 2 {
            0 => rsa_jwk(index),
            _ => ec_jwk(&ec_key(), index),
        })
        .collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn kid(index: usize) -> String {
    format!("2026-11-{index:03}-{:08x}", index * 2_654_435_761)
}

fn rsa_jwk(index: usize) -> String {
    let n = modulus(index);
    let kid = kid(index);
    format!(r#"{{"kty":"RSA","kid":"{kid}","use":"sig","alg":"RS256","n":"{n}","e":"AQAB"}}"#)
}

fn rsa_canonical() -> String {
    format!(r#"{{"e":"AQAB","kty":"RSA","n":"{}"}}"#, modulus(0))
}

/// A real modulus takes a tenth of a second to make; to a parser 2048 odd bits look the same.
fn modulus(index: usize) -> String {
    let mut octets = [0_u8; 256];
    let mut state = index as u64 + 1;
    for octet in &mut octets {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *octet = (state >> 56) as u8;
    }
    octets[0] |= 0x80;
    octets[255] |= 1;
    URL_SAFE_NO_PAD.encode(octets)
}

fn ec_key() -> KeyPair {
    match Key::generate(Alg::Es256) {
        Key::Pair(pair) => pair,
        Key::Secret(_) => unreachable!("ES256 takes a key pair"),
    }
}

fn ec_jwk(pair: &KeyPair, index: usize) -> String {
    let [x, y] = [&pair.public[1..33], &pair.public[33..65]].map(|c| URL_SAFE_NO_PAD.encode(c));
    let kid = kid(index);
    format!(
        r#"{{"kty":"EC","kid":"{kid}","use":"sig","alg":"ES256","crv":"P-256","x":"{x}","y":"{y}"}}"#
    )
}

fn canonical_ec(jwk: &str) -> String {
    let key: FloorKey<'_> = serde_json::from_str(jwk).expect("a key");
    let (x, y) = (key.x.expect("EC"), key.y.expect("EC"));
    format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
}

fn digest_text(canonical: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}
