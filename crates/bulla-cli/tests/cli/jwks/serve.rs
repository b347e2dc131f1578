use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::desk::Desk;

struct Served {
    process: Child,
    address: String,
}

impl Served {
    fn start(desk: &Desk, file: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bulla"))
            .args(["jwks", "serve", file, "--listen", "127.0.0.1:0", "--json"])
            .current_dir(desk.path("."))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = said["url"].as_str().unwrap().to_owned();
        let address = url
            .strip_prefix("http://")
            .unwrap()
            .strip_suffix("/jwks")
            .unwrap()
            .to_owned();
        Self { process, address }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn the_public_half_is_served_with_what_caches_need() {
    let desk = Desk::with_keys();
    let served = Served::start(&desk, "key.jwk");
    let (head, body) = served.ask("GET", "/jwks", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    for header in [
        "content-type: application/jwk-set+json",
        "cache-control: public, max-age=600",
        "access-control-allow-origin: *",
    ] {
        assert!(head.contains(header), "{header} in {head}");
    }
    assert!(
        body.contains("\"kid\":\"a\"") && !body.contains("\"d\""),
        "{body}"
    );
    assert_eq!(served.ask("GET", "/.well-known/jwks.json", "").1, body);
    let etag = head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .unwrap();
    // The head was made lower case, and a tag is not.
    assert_eq!(etag.len(), 45);
    let (head, empty) = served.ask("HEAD", "/jwks", "");
    assert!(
        head.starts_with("http/1.1 200") && empty.is_empty(),
        "{head}"
    );
    let (head, _) = served.ask("GET", "/jwks", "if-none-match: *\r\n");
    assert!(head.starts_with("http/1.1 304"), "{head}");
    assert!(
        served
            .ask("POST", "/jwks", "content-length: 0\r\n")
            .0
            .starts_with("http/1.1 405")
    );
    assert!(
        served
            .ask("GET", "/key.jwk", "")
            .0
            .starts_with("http/1.1 404")
    );
}

#[test]
fn a_change_is_seen_and_a_broken_file_is_not_served() {
    let desk = Desk::with_keys();
    let served = Served::start(&desk, "public.jwk");
    desk.run(
        "jwk generate --alg ES256 --kid longer-than-a --out next.jwk --public-out next-public.jwk",
    )
    .ok();
    desk.write("public.jwk", desk.read("next-public.jwk"));
    assert!(served.ask("GET", "/jwks", "").1.contains("longer-than-a"));
    desk.write("public.jwk", b"{");
    assert!(served.ask("GET", "/jwks", "").1.contains("longer-than-a"));
}

#[test]
fn it_is_for_this_machine_alone() {
    let desk = Desk::with_keys();
    desk.run("jwks serve key.jwk --listen 0.0.0.0:0")
        .fails(2, "cli.usage");
    desk.run("jwks serve none.jwks --listen 127.0.0.1:0")
        .fails(4, "io.not-found");
}
