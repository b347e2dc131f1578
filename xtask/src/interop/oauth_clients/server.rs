//! `bulla serve` as an operator runs it: a configuration file and a port.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::clients::{Clients, ISSUER};
use crate::Failure;
use crate::interop::bulla::Bulla;

/// A running server, ended with the value.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    pub(super) issuer: String,
}

/// What every client may have.
pub(super) const API: &str = "https://api.example.com";

/// From the start to the first answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn start(bulla: &Bulla, clients: &Clients, stderr: File) -> Result<Server, Failure> {
    let address = free_address()?;
    let issuer = format!("http://{address}");
    let config = bulla.write("bulla.toml", configuration(&issuer, address, clients))?;
    // What the operator would be told before the start.
    bulla.run(&["serve", "--check", "--config", &config], b"")?;
    let child = Command::new(bulla.binary())
        .args(["serve", "--config", &config])
        .current_dir(bulla.file("."))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()?;
    let mut server = Server { child, issuer };
    server.wait_for(address)?;
    Ok(server)
}

fn configuration(issuer: &str, address: SocketAddr, clients: &Clients) -> String {
    let mut text = format!(
        "issuer = \"{issuer}\"\nlisten = \"{address}\"\nstore = \"sqlite:store.db\"\naccess_token_lifetime = \"5m\"\n"
    );
    for client in &clients.all {
        text.push_str(&format!(
            "\n[[client]]\nid = \"{}\"\nalg = [\"{}\"]\nscopes = [\"invoices:read\", \"invoices:write\"]\n\
             resources = [\"{API}\", \"{API}/other\"]\n\
             grants = [\"client_credentials\", \"urn:ietf:params:oauth:grant-type:jwt-bearer\"]\n{}",
            client.id, client.alg, client.table
        ));
    }
    let keys = &clients.issuer.table;
    text.push_str(&format!(
        "\n[[trusted_issuer]]\nissuer = \"{ISSUER}\"\n{keys}"
    ));
    text
}

/// A port that nobody has now. Somebody may take it before the server does; the server then says so and the suite fails.
fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Server {
    fn wait_for(&mut self, address: SocketAddr) -> Result<(), Failure> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("`bulla serve` ended: {status}").into());
            }
            if is_healthy(address).unwrap_or(false) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("`bulla serve` does not answer".into())
    }
}

fn is_healthy(address: SocketAddr) -> Result<bool, Failure> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200 "))
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
