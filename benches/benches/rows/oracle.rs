//! Whether time tells a wrong padding from a wrong tag: printed, not asserted, since a clock is no test.
//!
//! What is asserted is that both fail with the same code.

use std::fmt::Write as _;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla::jwe::{Builder, Jwe};
use bulla::jwk::SecretJwk;
use bulla::key::{Decrypter, Encrypter, KeySpec};
use bulla_bench_harness::{Comparison, Options, median, time};

/// Tries of each kind.
const TRIES: usize = 10_000;
const QUICK_TRIES: usize = 1_000;

/// Tokens that the tries start from, so that neither kind runs on octets seen a moment ago.
const TOKENS: usize = 64;

pub(crate) fn run(options: &Options) {
    let tries = if options.quick { QUICK_TRIES } else { TRIES };
    let mut text = String::new();
    if options.wants("oracle RSA1_5") {
        let key = bulla::generate_spec(KeySpec::Rsa { bits: 2048 }).expect("a key");
        let alg = KeyManagementAlg::Rsa1_5;
        let oracle = Oracle {
            name: "RSA1_5",
            kinds: ["a wrong PKCS#1 padding", "a wrong tag"],
            encrypter: bulla::encrypter_for(&key.public(), alg).expect("it binds"),
            decrypter: bulla::decrypter_for(&key, alg).expect("it binds"),
            spoil: |parts| {
                // Random octets have a right padding once in 2^16 or more; larger than the modulus they must not be.
                random(&mut parts[0], 1);
                parts[0][0] >>= 1;
            },
        };
        oracle.report(tries, &mut text);
    }
    if options.wants("oracle CBC") {
        let mut octets = vec![0; 32];
        rand::fill(&mut octets).expect("entropy");
        let key = SecretJwk::new(octets);
        let alg = KeyManagementAlg::Dir;
        let oracle = Oracle {
            name: "A128CBC-HS256",
            kinds: ["a wrong last block", "a wrong tag"],
            encrypter: bulla::encrypter_for(&key, alg).expect("it binds"),
            decrypter: bulla::decrypter_for(&key, alg).expect("it binds"),
            spoil: |parts| {
                let last = parts[2].len() - 16;
                random(&mut parts[2], last);
            },
        };
        oracle.report(tries, &mut text);
    }
    if options.json {
        eprint!("{text}");
    } else {
        print!("{text}");
    }
}

struct Oracle {
    name: &'static str,
    kinds: [&'static str; 2],
    encrypter: Encrypter,
    decrypter: Decrypter,
    /// Spoils the padding: encrypted key, initialization vector, ciphertext, tag.
    spoil: fn(&mut [Vec<u8>; 4]),
}

impl Oracle {
    fn report(&self, tries: usize, out: &mut String) {
        let [padding, tag] = self.samples(tries);
        let comparison = Comparison::of(&padding, &tag);
        let verdict = if comparison.alike() {
            "not told apart"
        } else {
            "TOLD APART"
        };
        let [first, second] = self.kinds;
        let _ = writeln!(
            out,
            "\nOracle {}, {tries} tries each: {first} {:.0} ns, {second} {:.0} ns (medians): {verdict}\n  \
             Welch t {:+.2}, Mann-Whitney p {:.3}, Kolmogorov-Smirnov p {:.3}",
            self.name,
            median(padding),
            median(tag),
            comparison.t,
            comparison.mann_whitney,
            comparison.kolmogorov_smirnov,
        );
    }

    /// Nanoseconds of each refusal, in an order that chance decides.
    fn samples(&self, tries: usize) -> [Vec<f64>; 2] {
        let tokens: Vec<String> = (0..TOKENS).map(|_| self.token()).collect();
        let mut samples = [Vec::with_capacity(tries), Vec::with_capacity(tries)];
        let mut warm_up = 200_usize;
        while samples.iter().any(|sample| sample.len() < tries) {
            let mut dice = [0; 2];
            rand::fill(&mut dice).expect("entropy");
            let which = usize::from(dice[0] & 1);
            if samples[which].len() == tries {
                continue;
            }
            let base = &tokens[usize::from(dice[1]) % TOKENS];
            let forged = if which == 0 {
                forge(base, self.spoil)
            } else {
                forge(base, |parts| random(&mut parts[3], 0))
            };
            let sample = time(1, || {
                let refused =
                    Jwe::parse_compact(&forged).and_then(|jwe| jwe.decrypt(&self.decrypter));
                let code = refused.expect_err("a forgery").code();
                assert_eq!(code, "jwe.decryption-failed");
            });
            match warm_up.checked_sub(1) {
                Some(left) => warm_up = left,
                None => samples[which].push(sample.elapsed.as_nanos() as f64),
            }
        }
        samples
    }

    fn token(&self) -> String {
        let mut content = vec![0; 402];
        rand::fill(&mut content).expect("entropy");
        Builder::new(&content, ContentEncryptionAlg::A128CbcHs256)
            .encrypt_compact(&self.encrypter)
            .expect("it encrypts")
    }
}

fn forge(token: &str, spoil: impl Fn(&mut [Vec<u8>; 4])) -> String {
    let mut parts = token.split('.');
    let header = parts.next().expect("five parts");
    let mut parts = [(); 4].map(|()| {
        let part = parts.next().expect("five parts");
        URL_SAFE_NO_PAD.decode(part).expect("base64url")
    });
    spoil(&mut parts);
    let mut forged = header.to_owned();
    for part in &parts {
        forged.push('.');
        URL_SAFE_NO_PAD.encode_string(part, &mut forged);
    }
    forged
}

/// Replaces the octets from there on.
fn random(octets: &mut [u8], from: usize) {
    rand::fill(&mut octets[from..]).expect("entropy");
}
