//! Tokens of a managed identity: of a service on this machine, over plain HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulla_kms::{Opener, azure};

/// Says that this is the process in which the environment is that of a program.
const HERE: &str = "BULLA_TEST_AZURE_IDENTITY";

/// A proxy would see the token.
#[tokio::test]
async fn no_proxy_is_asked_for_it() {
    if std::env::var_os(HERE).is_some() {
        let credential = azure::credential(&Opener::new()).expect("a credential");
        let token = credential.get_token(&["https://vault.azure.net/.default"], None);
        assert_eq!(
            token.await.expect("a token").token.secret(),
            "of the service"
        );
        return;
    }
    let expires = std::time::SystemTime::now() + core::time::Duration::from_secs(3600);
    let expires = expires.duration_since(std::time::UNIX_EPOCH).expect("now");
    let answer = format!(
        r#"{{"access_token":"of the service","expires_on":"{}","resource":"r","token_type":"Bearer"}}"#,
        expires.as_secs()
    );
    let (service, asked) = listen(answer);
    let (proxy, passed) = listen("{}".to_owned());
    let name = "identity::no_proxy_is_asked_for_it";
    let mut program = Command::new(std::env::current_exe().expect("this test"));
    program
        .args([name, "--exact"])
        .env(HERE, "1")
        .env("IDENTITY_ENDPOINT", format!("http://{service}/msi/token"))
        .env("IDENTITY_HEADER", "x")
        .env("HTTP_PROXY", format!("http://{proxy}"))
        .env("http_proxy", format!("http://{proxy}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for unset in [
        "NO_PROXY",
        "no_proxy",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_ID",
        "AZURE_FEDERATED_TOKEN_FILE",
        "REQUEST_METHOD",
    ] {
        program.env_remove(unset);
    }
    let done = program.status().expect("a process");
    assert_eq!(passed.load(Ordering::SeqCst), 0, "the proxy saw it");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert!(done.success());
}

/// Answers each connection once, with this JSON; and how many there were.
fn listen(json: String) -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            count.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 8192];
            // A request for a token has no body, and comes in one piece.
            let read = stream.read(&mut request).expect("a request");
            assert!(read > 0);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
            let length = json.len();
            let _ = write!(stream, "{head}Content-Length: {length}\r\n\r\n{json}");
        }
    });
    (address, seen)
}
