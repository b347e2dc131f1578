//! An issuer on loopback that speaks TLS, with a certificate of its own authority.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// It serves one text at every path, and ends with the test.
pub(super) struct Issuer {
    port: u16,
    /// What `--ca` is to name, PEM.
    pub(super) certificate: String,
    body: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    pub(super) fn serving(body: impl Into<String>) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key =
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = Self {
            port: listener.local_addr().unwrap().port(),
            certificate: made.cert.pem(),
            body: Arc::new(Mutex::new(body.into())),
            asked: Arc::default(),
        };
        let (config, body, asked) = (
            Arc::new(config),
            Arc::clone(&issuer.body),
            Arc::clone(&issuer.asked),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let body = body.lock().unwrap().clone();
                // A client that refuses the certificate goes away, which is its right.
                if answer(stream, &config, &body).is_ok() {
                    asked.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        issuer
    }

    pub(super) fn url(&self) -> String {
        format!("https://localhost:{}/jwks", self.port)
    }

    pub(super) fn publish(&self, body: impl Into<String>) {
        *self.body.lock().unwrap() = body.into();
    }

    /// How many requests it has answered.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(stream: TcpStream, config: &Arc<ServerConfig>, body: &str) -> std::io::Result<()> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    let mut tls = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    let mut octet = [0];
    while !request.ends_with(b"\r\n\r\n") {
        tls.read_exact(&mut octet)?;
        request.push(octet[0]);
    }
    let length = body.len();
    write!(
        tls,
        "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    tls.conn.send_close_notify();
    tls.flush()
}
