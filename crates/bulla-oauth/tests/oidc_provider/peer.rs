use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bulla_core::key::KeySetPolicy;
use bulla_jwks::http::{HttpClient, HttpOptions};
use bulla_jwks::{RemoteKeys, discover};
use bulla_oauth::Issuer;
use bulla_oauth::client::Transport as _;
use http::Request;
use serde_json::{Value, json};

/// The authorization server, in a process of its own that ends with the value.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    issuer: String,
}

impl Peer {
    pub(crate) fn start(home: &OsStr, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(Path::new(home))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node");
        let mut lines = BufReader::new(child.stdout.take().expect("a stream"));
        let mut said = String::new();
        // Warnings about the runtime come before.
        while !said.starts_with('{') {
            said.clear();
            let read = lines.read_line(&mut said).expect("a line");
            assert!(read > 0, "the server ended before it listened");
        }
        let said: Value = serde_json::from_str(&said).expect("JSON");
        // Whatever else it prints must not fill the pipe.
        std::thread::spawn(move || {
            lines
                .lines()
                .map_while(Result::ok)
                .for_each(|line| println!("# {line}"))
        });
        Self {
            child,
            issuer: said["issuer"].as_str().expect("an issuer").to_owned(),
        }
    }

    pub(crate) fn issuer(&self) -> Issuer {
        Issuer::parse(self.issuer.as_str()).expect("an issuer")
    }

    /// Registers a client by where its keys are.
    pub(crate) async fn register(&self, client_id: &str, alg: &str, jwks_uri: &str) {
        let client = json!({
            "client_id": client_id,
            "jwks_uri": jwks_uri,
            "token_endpoint_auth_signing_alg": alg,
        });
        let request = Request::post(format!("{}/clients", self.issuer));
        let answer = http()
            .send(request.body(client.to_string().into_bytes()).unwrap())
            .await;
        assert_eq!(answer.expect("an answer").status(), 204);
    }

    /// Its keys, by its metadata.
    pub(crate) fn keys(&self, policy: KeySetPolicy) -> RemoteKeys {
        discover(&*self.issuer)
            .client(http())
            .algorithms(policy)
            .start()
            .expect("keys")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Plain http, to this machine.
pub(crate) fn http() -> HttpClient {
    HttpOptions::default()
        .allow_loopback_http()
        .no_proxy()
        .build()
        .expect("a client")
}

pub(crate) fn transport() -> Arc<HttpClient> {
    Arc::new(http())
}
