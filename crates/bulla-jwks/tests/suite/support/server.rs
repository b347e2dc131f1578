use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// An HTTP server on loopback that sends what a test says, octet for octet.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

/// What to send.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// These octets; then the connection is closed.
    Octets(Vec<u8>),
    /// These octets; then nothing more, for ever.
    Stuck(Vec<u8>),
    /// A head, then chunks without end.
    Endless,
}

impl Reply {
    pub(crate) fn json(body: &str) -> Self {
        Self::with(
            "200 OK",
            "Content-Type: application/json\r\n",
            body.as_bytes(),
        )
    }

    pub(crate) fn status(status: &str, fields: &str) -> Self {
        Self::with(status, fields, b"")
    }

    pub(crate) fn with(status: &str, fields: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n"
        );
        Self::Octets([head.as_bytes(), body].concat())
    }
}

impl Server {
    /// Answers each request with what `handler` makes of its head.
    pub(crate) async fn start(handler: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let (server, listener) = Self::bind().await;
        let (serving, handler) = (server.clone(), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let (server, handler) = (serving.clone(), Arc::clone(&handler));
                tokio::spawn(async move { server.answer(stream, &*handler).await });
            }
        });
        server
    }

    /// The same behind TLS.
    pub(crate) async fn start_tls(
        acceptor: tokio_rustls::TlsAcceptor,
        handler: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let (server, listener) = Self::bind().await;
        let (serving, handler) = (server.clone(), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.connections.fetch_add(1, Ordering::SeqCst);
                let (server, handler, acceptor) =
                    (serving.clone(), Arc::clone(&handler), acceptor.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        server.answer(stream, &*handler).await;
                    }
                });
            }
        });
        server
    }

    async fn bind() -> (Self, TcpListener) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        (server, listener)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn answer(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        handler: &(dyn Fn(&str) -> Reply + Send + Sync),
    ) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(octet) => head.push(octet),
                Err(_) => return,
            }
        }
        let head = String::from_utf8(head).unwrap();
        self.seen.lock().unwrap().push(head.clone());
        match handler(&head) {
            Reply::Octets(octets) => {
                let _ = stream.write_all(&octets).await;
                let _ = stream.shutdown().await;
            }
            Reply::Stuck(octets) => {
                let _ = stream.write_all(&octets).await;
                std::future::pending().await
            }
            Reply::Endless => {
                let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                let chunk = [b"2000\r\n", vec![b' '; 0x2000].as_slice(), b"\r\n"].concat();
                let mut sent = stream.write_all(head).await;
                while sent.is_ok() {
                    sent = stream.write_all(&chunk).await;
                }
            }
        }
    }
}
