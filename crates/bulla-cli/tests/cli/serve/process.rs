use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bulla::jwk::{Jwk, PrivateJwk};
use bulla::jwt;
use serde_json::Value;

use crate::desk::Desk;

/// Who the tokens are for, and whom the assertions are for. Whatever the processes listen on, it is one server.
pub(super) const ISSUER: &str = "http://127.0.0.1:1";

/// A running `bulla serve`, killed when it goes.
pub(super) struct Process {
    child: Child,
    pub(super) said: Value,
}

impl Desk {
    /// A configuration with the client "billing", whose key is `key.jwk`.
    pub(super) fn with_server(more: &str) -> Self {
        let desk = Self::with_keys();
        let key = String::from_utf8(desk.read("public.jwk")).unwrap();
        desk.write(
            "bulla.toml",
            format!(
                "issuer = \"{ISSUER}\"\nlisten = \"127.0.0.1:0\"\n{more}\n[[client]]\nid = \"billing\"\n\
                 jwks = '{{\"keys\":[{}]}}'\nscopes = [\"read\"]\nresources = [\"https://api.example.com\"]\n",
                key.trim()
            ),
        );
        desk
    }

    /// A new assertion of the client.
    pub(super) fn assertion(&self) -> String {
        let Jwk::Private(key) = Jwk::parse(self.read("key.jwk")).unwrap() else {
            panic!("not a private key")
        };
        assertion(&key)
    }
}

pub(super) fn assertion(key: &PrivateJwk) -> String {
    let mut id = [0; 16];
    bulla::backend().random(&mut id).unwrap();
    jwt::issue("billing")
        .subject("billing")
        .audience(ISSUER)
        .jwt_id(bulla::base64url::encode(id))
        .expires_in(Duration::from_secs(240))
        .sign(&bulla::signer(key).unwrap())
        .unwrap()
}

impl Process {
    /// Starts one with `--config bulla.toml`, and waits until it listens.
    pub(super) fn start(desk: &Desk) -> Self {
        Self::run(desk, &["--config", "bulla.toml"])
    }

    pub(super) fn run(desk: &Desk, arguments: &[&str]) -> Self {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(desk.path("log"))
            .unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bulla"))
            .args(["serve", "--json"])
            .args(arguments)
            .current_dir(desk.path("."))
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&desk.read("log"))));
        Self { child, said }
    }

    pub(super) fn address(&self) -> &str {
        self.said["address"].as_str().unwrap()
    }

    pub(super) fn get(&self, path: &str) -> (u16, Value) {
        let mut stream = connect(self.address());
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            status(head),
            serde_json::from_str(body).unwrap_or(Value::Null),
        )
    }

    /// Asks for a token.
    pub(super) fn token(&self, assertion: &str) -> (u16, Value) {
        post(&mut connect(self.address()), assertion)
    }

    /// SIGKILL: nothing is finished or flushed.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; its exit code.
    pub(super) fn terminate(mut self) -> Option<i32> {
        self.signal();
        self.child.wait().unwrap().code()
    }

    pub(super) fn signal(&self) {
        let id = self.child.id().to_string();
        let done = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream
}

/// A token request on a connection that is kept; status and JSON of the answer.
pub(super) fn post(stream: &mut TcpStream, assertion: &str) -> (u16, Value) {
    let body = format!(
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A\
         jwt-bearer&client_assertion={assertion}"
    );
    let request = format!(
        "POST /token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let (mut head, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        head.push_str(&line);
        line.clear();
    }
    let length = head
        .to_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (
        status(&head),
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    )
}

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
