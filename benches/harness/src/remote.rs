//! A contestant in a process of its own.
//!
//! BoringSSL and OpenSSL export the same symbols, so jwt-simple and josekit cannot be linked into one
//! program. The contest stays one run all the same: the parent asks the child for one batch at a time, in
//! turn with everybody else's, and the child times itself. Messages are lines of JSON.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Alg, ClaimsType, Contestant, Key, Sample, Signs, Verifies};

#[derive(Serialize, Deserialize)]
enum Request {
    PrepareSigner {
        alg: String,
        key: Key,
    },
    PrepareVerifier {
        alg: String,
        key: Key,
    },
    Sign {
        id: usize,
    },
    SignBatch {
        id: usize,
        calls: u32,
    },
    Verify {
        id: usize,
        token: String,
    },
    VerifyBatch {
        id: usize,
        token: String,
        calls: u32,
    },
}

#[derive(Serialize, Deserialize)]
enum Reply {
    /// Where the prepared thing is kept; none where the library lacks the algorithm.
    Prepared(Option<usize>),
    Token(String),
    Weight(Option<usize>),
    Batch {
        nanos: u64,
        allocations: Option<u64>,
    },
}

/// The parent's side.
pub struct Remote {
    name: &'static str,
    channel: Rc<RefCell<Channel>>,
}

struct Channel {
    child: Child,
    requests: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Remote {
    /// Starts the program.
    pub fn start(name: &'static str, program: &Path) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(requests), Some(replies)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked for");
        };
        let channel = Channel {
            child,
            requests,
            replies: BufReader::new(replies),
        };
        Ok(Self {
            name,
            channel: Rc::new(RefCell::new(channel)),
        })
    }

    fn prepare(&self, request: &Request) -> Option<(Rc<RefCell<Channel>>, usize)> {
        match self.channel.borrow_mut().ask(request) {
            Reply::Prepared(id) => Some((Rc::clone(&self.channel), id?)),
            _ => panic!("{} answered something else", self.name),
        }
    }
}

impl Contestant for Remote {
    fn name(&self) -> &'static str {
        self.name
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let (channel, id) = self.prepare(&Request::PrepareSigner {
            alg: alg.name().into(),
            key: key.clone(),
        })?;
        Some(Box::new(RemoteOne { channel, id }))
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        if claims == ClaimsType::Borrowed {
            return None;
        }
        let (channel, id) = self.prepare(&Request::PrepareVerifier {
            alg: alg.name().into(),
            key: key.clone(),
        })?;
        Some(Box::new(RemoteOne { channel, id }))
    }
}

impl Channel {
    fn ask(&mut self, request: &Request) -> Reply {
        let mut line = serde_json::to_string(request).expect("a request is JSON");
        line.push('\n');
        self.requests
            .write_all(line.as_bytes())
            .expect("the child listens");
        line.clear();
        self.replies
            .read_line(&mut line)
            .expect("the child answers");
        serde_json::from_str(&line).expect("a reply is JSON")
    }

    fn batch(&mut self, request: &Request) -> Sample {
        let Reply::Batch { nanos, allocations } = self.ask(request) else {
            panic!("the child answered something else");
        };
        Sample {
            elapsed: Duration::from_nanos(nanos),
            allocations,
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // It ends by itself when its input does; this only reaps it where it does not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A signer or verifier kept by the child.
struct RemoteOne {
    channel: Rc<RefCell<Channel>>,
    id: usize,
}

impl Signs for RemoteOne {
    fn sign(&mut self) -> String {
        match self
            .channel
            .borrow_mut()
            .ask(&Request::Sign { id: self.id })
        {
            Reply::Token(token) => token,
            _ => panic!("the child answered something else"),
        }
    }

    fn batch(&mut self, calls: u32) -> Sample {
        let request = Request::SignBatch { id: self.id, calls };
        self.channel.borrow_mut().batch(&request)
    }
}

impl Verifies for RemoteOne {
    fn verify(&mut self, token: &str) -> Option<usize> {
        let request = Request::Verify {
            id: self.id,
            token: token.into(),
        };
        match self.channel.borrow_mut().ask(&request) {
            Reply::Weight(weight) => weight,
            _ => panic!("the child answered something else"),
        }
    }

    fn batch(&mut self, token: &str, calls: u32) -> Sample {
        let request = Request::VerifyBatch {
            id: self.id,
            token: token.into(),
            calls,
        };
        self.channel.borrow_mut().batch(&request)
    }
}

/// The child's side: serves a contestant on standard input and output until the input ends.
pub fn serve(contestant: &dyn Contestant) {
    let mut signers = Vec::new();
    let mut verifiers = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line.expect("the parent writes text");
        let reply = match serde_json::from_str(&line).expect("a request is JSON") {
            Request::PrepareSigner { alg, key } => {
                let alg = Alg::from_name(&alg).expect("an algorithm of the contest");
                Reply::Prepared(push(&mut signers, contestant.signer(alg, &key)))
            }
            Request::PrepareVerifier { alg, key } => {
                let alg = Alg::from_name(&alg).expect("an algorithm of the contest");
                let verifier = contestant.verifier(alg, &key, ClaimsType::Owned);
                Reply::Prepared(push(&mut verifiers, verifier))
            }
            Request::Sign { id } => Reply::Token(signers[id].sign()),
            Request::SignBatch { id, calls } => measured(signers[id].batch(calls)),
            Request::Verify { id, token } => Reply::Weight(verifiers[id].verify(&token)),
            Request::VerifyBatch { id, token, calls } => {
                measured(verifiers[id].batch(&token, calls))
            }
        };
        println!(
            "{}",
            serde_json::to_string(&reply).expect("a reply is JSON")
        );
    }
}

fn push<T>(kept: &mut Vec<T>, prepared: Option<T>) -> Option<usize> {
    kept.push(prepared?);
    Some(kept.len() - 1)
}

fn measured(sample: Sample) -> Reply {
    Reply::Batch {
        nanos: u64::try_from(sample.elapsed.as_nanos()).unwrap_or(u64::MAX),
        allocations: sample.allocations,
    }
}
