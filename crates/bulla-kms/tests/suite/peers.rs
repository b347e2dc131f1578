use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use bulla_core::base64url;
use bulla_core::jwk::PublicJwk;
use serde_json::{Value, json};

/// Other implementations of JOSE, to whom a vault's tokens are shown. They are the drivers of `interop/`, each in a process
/// of its own; `cargo xtask test` says in the environment where they are installed.
pub struct Peers(Vec<Peer>);

struct Peer {
    name: &'static str,
    lacks: &'static [&'static str],
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// An interpreter with the packages of `interop/requirements.txt`.
const PYTHON: &str = "BULLA_INTEROP_PYTHON";
/// The installed `interop/node/driver.mjs`.
const NODE: &str = "BULLA_INTEROP_NODE";

impl Peers {
    /// No others: Bulla alone verifies. For vaults that are doubles of our own, in a plain `cargo test`.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// PyPI jwcrypto and npm jose. Panics where the environment does not name both, so that nothing passes unseen.
    pub fn from_env() -> Self {
        let variable = |name| std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set"));
        let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop/python");
        let mut python = Command::new(variable(PYTHON));
        python.arg("-B").arg(drivers.join("jwcrypto_driver.py"));
        let mut node = Command::new("node");
        node.arg(variable(NODE));
        // jose has ML-DSA, but not in Node 20.
        let lacks = &["ES256K", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"];
        Self(vec![
            Peer::start("jwcrypto", &["RSA-OAEP-384", "RSA-OAEP-512"], &mut python),
            Peer::start("jose", lacks, &mut node),
        ])
    }

    /// Each that knows the algorithm verifies the token with the public key, and sees the payload.
    pub fn verify(&mut self, alg: &str, public: &PublicJwk, token: &str, payload: &[u8]) {
        // A peer may hold `use`, `alg` and `kid` against a key; what is tried here is the key.
        self.verify_with(alg, &bare(public), token, payload);
    }

    /// The same with a secret key.
    pub fn verify_secret(&mut self, alg: &str, secret: &[u8], token: &str, payload: &[u8]) {
        let key = json!({"kty": "oct", "k": base64url::encode(secret)});
        self.verify_with(alg, &key, token, payload);
    }

    fn verify_with(&mut self, alg: &str, key: &Value, token: &str, payload: &[u8]) {
        for peer in self.0.iter_mut().filter(|peer| !peer.lacks.contains(&alg)) {
            let seen = peer.ask(&json!({
                "do": "verify", "form": "compact", "alg": alg, "key": key, "token": token,
            }));
            assert_eq!(
                seen["payload"],
                base64url::encode(payload),
                "{} on {alg}",
                peer.name
            );
        }
    }

    /// A JWE from each, for the public key.
    pub fn encrypt(
        &mut self,
        alg: &str,
        enc: &str,
        public: &PublicJwk,
        plaintext: &[u8],
    ) -> Vec<String> {
        let question = json!({
            "do": "encrypt", "form": "compact", "alg": alg, "enc": enc, "key": bare(public),
            "plaintext": base64url::encode(plaintext),
        });
        let each = self.0.iter_mut().filter(|peer| !peer.lacks.contains(&alg));
        each.map(|peer| peer.ask(&question))
            .map(|answer| answer["token"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Peer {
    fn start(name: &'static str, lacks: &'static [&'static str], command: &mut Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self {
            name,
            lacks,
            questions: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions, "{question}").unwrap();
        self.questions.flush().unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("{} gave no answer: {line:?}", self.name));
        assert!(
            answer["error"].is_null(),
            "{} refuses {}: {}",
            self.name,
            question["do"],
            answer["error"]
        );
        answer["ok"].take()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn bare(public: &PublicJwk) -> Value {
    PublicJwk::new(public.key().clone()).to_value()
}
