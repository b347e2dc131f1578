//! An authorization server on loopback that answers what a test says, and keeps what it got.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request to the token endpoint.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

/// What the token endpoint answers: status, further header lines, body.
pub(super) type Answer = (&'static str, &'static str, &'static str);

pub(super) struct Server {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

pub(super) const GRANTED: Answer = (
    "200 OK",
    "",
    r#"{"access_token":"a-token","token_type":"Bearer","expires_in":600,"custom":{"kept":true}}"#,
);

pub(super) const BOUND: Answer = (
    "200 OK",
    "",
    r#"{"access_token":"bound-token","token_type":"DPoP","expires_in":600}"#,
);

impl Server {
    /// Its metadata stands at the address that ends so; the answers come in turn, the last one again and again.
    pub(super) fn start(well_known: &'static str, answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            received: Arc::default(),
        };
        let (issuer, received) = (server.issuer(), Arc::clone(&server.received));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away may.
                let _ = answer(stream, &issuer, well_known, &answers, &received);
            }
        });
        server
    }

    pub(super) fn granting() -> Self {
        Self::start(OAUTH, vec![GRANTED])
    }

    pub(super) fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

pub(super) const OAUTH: &str = "/.well-known/oauth-authorization-server";
pub(super) const OPENID: &str = "/.well-known/openid-configuration";

impl Received {
    /// A field of the form whose value needs no decoding.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self
            .body
            .split('&')
            .filter_map(|field| field.split_once('='));
        fields
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

fn answer(
    stream: TcpStream,
    issuer: &str,
    well_known: &str,
    answers: &[Answer],
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers: HashMap<_, _> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = lines.first().map_or("", |line| line).split(' ');
    let metadata = format!(
        r#"{{"issuer":"{issuer}","token_endpoint":"{issuer}/token","response_types_supported":[]}}"#
    );
    let (status, fields, body) = match (words.next(), words.next()) {
        (Some("GET"), Some(path)) if path == well_known => ("200 OK", "", &*metadata),
        (Some("POST"), Some("/token")) => {
            let mut received = received.lock().unwrap();
            let body = String::from_utf8(body).unwrap();
            received.push(Received { headers, body });
            *answers.get(received.len() - 1).or(answers.last()).unwrap()
        }
        _ => ("404 Not Found", "", "nothing here"),
    };
    let length = body.len();
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{fields}connection: close\r\n\r\n{body}"
    )
}
