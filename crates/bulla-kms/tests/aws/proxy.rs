//! Stands before a KMS, records what passes, and breaks answers when told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running proxy; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: SocketAddr,
    faults: Mutex<VecDeque<(&'static str, Fault)>>,
    /// Every octet of every request.
    wire: Mutex<Vec<u8>>,
    calls: Mutex<Vec<String>>,
}

/// What happens to one call.
pub(crate) enum Fault {
    /// An answer of the proxy's own, and the vault is not asked: the status, further headers, the body.
    Answer(u16, &'static str, &'static str),
    /// The connection is closed before an answer.
    Close,
    /// The answer's JSON is changed.
    Edit(Box<dyn FnOnce(&mut Value) + Send>),
    /// The answer's body is cut in its middle, and the connection closed: its length is known to be wrong.
    CutOff,
    /// The answer's body ends in its middle, with a length that says so.
    Halve,
    /// No answer.
    Hang,
    /// The vault is asked to use the key with this ARN, and the answer says that it is of the one that was asked for.
    Instead(String),
    /// The connection is reset.
    Reset,
}

struct Exchange {
    head: String,
    body: Vec<u8>,
}

impl Proxy {
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream,
            faults: Mutex::default(),
            wire: Mutex::default(),
            calls: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let shared = Arc::clone(&serving);
                // A client that goes away ends its connection, and no test.
                tokio::spawn(async move { serve(stream, &shared).await });
            }
        });
        Self { address, shared }
    }

    /// Lets the next call of this operation fail so; after those that were asked for before.
    pub(crate) fn on(&self, operation: &'static str, fault: Fault) {
        self.shared
            .faults
            .lock()
            .unwrap()
            .push_back((operation, fault));
    }

    /// What was sent so far.
    pub(crate) fn wire(&self) -> Vec<u8> {
        self.shared.wire.lock().unwrap().clone()
    }

    /// The operations that were asked for so far, faults included.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.shared.calls.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.shared.wire.lock().unwrap().clear();
        self.shared.calls.lock().unwrap().clear();
        self.shared.faults.lock().unwrap().clear();
    }
}

async fn serve(mut client: TcpStream, shared: &Shared) -> Option<()> {
    loop {
        let request = read(&mut client).await?;
        let operation = request.operation().to_owned();
        {
            let mut wire = shared.wire.lock().unwrap();
            wire.extend_from_slice(request.head.as_bytes());
            wire.extend_from_slice(&request.body);
            shared.calls.lock().unwrap().push(operation.clone());
        }
        let fault = {
            let mut faults = shared.faults.lock().unwrap();
            let is_next = faults
                .front()
                .is_some_and(|(wanted, _)| *wanted == operation);
            if is_next { faults.pop_front() } else { None }
        };
        match fault.map(|(_, fault)| fault) {
            None => {
                let answer = ask(shared.upstream, &request).await?;
                send(&mut client, &answer.head, &answer.body).await?;
            }
            Some(Fault::Answer(status, header, body)) => {
                let head = format!("HTTP/1.1 {status} Broken\r\n{header}");
                send(&mut client, &head, body.as_bytes()).await?;
            }
            Some(Fault::Close) => return None,
            Some(Fault::Edit(edit)) => {
                let answer = ask(shared.upstream, &request).await?;
                let mut json = serde_json::from_slice(&answer.body).unwrap();
                edit(&mut json);
                send(&mut client, &answer.head, json.to_string().as_bytes()).await?;
            }
            Some(Fault::CutOff) => {
                let answer = ask(shared.upstream, &request).await?;
                let length = answer.body.len();
                let head = format!("{}Content-Length: {length}\r\n\r\n", answer.head);
                client.write_all(head.as_bytes()).await.ok()?;
                client.write_all(&answer.body[..length / 2]).await.ok()?;
                return None;
            }
            Some(Fault::Halve) => {
                let answer = ask(shared.upstream, &request).await?;
                let half = &answer.body[..answer.body.len() / 2];
                send(&mut client, &answer.head, half).await?;
            }
            Some(Fault::Hang) => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            Some(Fault::Instead(arn)) => {
                let mut json: Value = serde_json::from_slice(&request.body).unwrap();
                let asked = std::mem::replace(&mut json["KeyId"], Value::from(arn));
                // ARNs of the double have one length, so the head stays right.
                let other = Exchange {
                    head: request.head.clone(),
                    body: json.to_string().into_bytes(),
                };
                assert_eq!(other.body.len(), request.body.len());
                let answer = ask(shared.upstream, &other).await?;
                let mut json: Value = serde_json::from_slice(&answer.body).unwrap();
                json["KeyId"] = asked;
                send(&mut client, &answer.head, json.to_string().as_bytes()).await?;
            }
            Some(Fault::Reset) => {
                // Closing a socket that lingers for no time resets the connection.
                client.set_zero_linger().ok()?;
                return None;
            }
        }
    }
}

impl Exchange {
    fn operation(&self) -> &str {
        let target = self.header("x-amz-target").unwrap_or_default();
        target.trim_start_matches("TrentService.")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let (_, value) = lines.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value.trim())
    }
}

/// The vault's answer; its head without the length, which may change.
async fn ask(upstream: SocketAddr, request: &Exchange) -> Option<Exchange> {
    let mut stream = TcpStream::connect(upstream).await.ok()?;
    stream.write_all(request.head.as_bytes()).await.ok()?;
    stream.write_all(&request.body).await.ok()?;
    let mut answer = read(&mut stream).await?;
    let kept = answer.head.lines().filter(|line| {
        let line = line.to_ascii_lowercase();
        !line.is_empty() && !line.starts_with("content-length:") && !line.starts_with("connection:")
    });
    answer.head = kept.map(|line| format!("{line}\r\n")).collect();
    Some(answer)
}

async fn send(stream: &mut TcpStream, head: &str, body: &[u8]) -> Option<()> {
    let head = format!("{head}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()
}

/// A head that ends with an empty line, and as much body as it says.
async fn read(stream: &mut TcpStream) -> Option<Exchange> {
    let mut octets = Vec::new();
    let end = loop {
        if let Some(at) = octets.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).await.ok()?;
        if count == 0 {
            return None;
        }
        octets.extend_from_slice(&piece[..count]);
    };
    let mut exchange = Exchange {
        head: String::from_utf8(octets[..end].to_vec()).ok()?,
        body: octets[end..].to_vec(),
    };
    let length: usize = exchange.header("content-length")?.parse().ok()?;
    let missing = length.checked_sub(exchange.body.len())?;
    let mut rest = vec![0; missing];
    stream.read_exact(&mut rest).await.ok()?;
    exchange.body.append(&mut rest);
    Some(exchange)
}
