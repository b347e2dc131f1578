use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bulla::jwk::JwkSet;
use bulla::jwks::publish::Published;
use clap::Args;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::keyref::{KeyRef, Source};
use crate::keys::{self, Loaded, PasswordArgs};
use crate::output;
use crate::runtime;

/// Serve a key set to this machine, for development.
///
/// Only public halves are served, at /jwks, /jwks.json and /.well-known/jwks.json. A change of the file is seen at the
/// next request; while the file cannot be read, what it held before is served.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Serve {
    /// A JWK Set, or a key
    file: PathBuf,
    /// Where to listen: an address of this machine alone; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    #[command(flatten)]
    password: PasswordArgs,
}

impl Serve {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        if !self.listen.ip().is_loopback() {
            return Err(Failure::usage(
                format_args!(
                    "--listen {}: plain http is for this machine alone",
                    self.listen
                ),
                "listen on 127.0.0.1, behind a proxy that speaks https",
            ));
        }
        let file = Arc::new(ServedFile::open(&self.file, &self.password)?);
        runtime::block_on(async {
            let failed = |error: std::io::Error| {
                Failure::io("listening on", Path::new(&self.listen.to_string()), &error)
            };
            let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
            let address = listener.local_addr().map_err(failed)?;
            let url = format!("http://{address}/jwks");
            match globals.json {
                true => output::json(&Listening { url: &url })?,
                false => output::note(&format!("serving {} at {url}", self.file.display())),
            }
            let mut router = Router::new();
            for path in ["/jwks", "/jwks.json", "/.well-known/jwks.json"] {
                router = router.route(path, get(answer));
            }
            let ended = async {
                // Without a handler Ctrl-C ends the process by itself.
                let _ = tokio::signal::ctrl_c().await;
            };
            axum::serve(listener, router.with_state(file))
                .with_graceful_shutdown(ended)
                .await
                .map_err(failed)
        })?
    }
}

async fn answer(State(file): State<Arc<ServedFile>>, headers: HeaderMap) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let answer = file.current().answer(known);
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let body = answer.body.to_vec();
    (status, answer.headers, body).into_response()
}

#[derive(Serialize)]
struct Listening<'a> {
    url: &'a str,
}

/// The file, and what it held when it was last read.
struct ServedFile {
    keyref: KeyRef,
    password: Option<keys::Password>,
    state: Mutex<Held>,
}

struct Held {
    stamp: Option<(SystemTime, u64)>,
    published: Published,
}

impl ServedFile {
    fn open(path: &Path, password: &PasswordArgs) -> Result<Self, Failure> {
        let keyref = KeyRef::parse(&path.to_string_lossy())?;
        let password = password.read()?;
        let stamp = stamp(&keyref);
        let published = read(&keyref, password.as_ref())?;
        Ok(Self {
            keyref,
            password,
            state: Mutex::new(Held { stamp, published }),
        })
    }

    fn current(&self) -> Published {
        let mut held = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.keyref);
        if stamp != held.stamp {
            held.stamp = stamp;
            match read(&self.keyref, self.password.as_ref()) {
                Ok(published) => held.published = published,
                Err(failure) => {
                    output::warn(&format!("still serving the keys from before: {failure}"))
                }
            }
        }
        held.published.clone()
    }
}

fn read(keyref: &KeyRef, password: Option<&keys::Password>) -> Result<Published, Failure> {
    let set = match keys::load(keyref, password)? {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    Ok(Published::new(&set))
}

/// What tells one version of the file from another; none where the keys are in no file.
fn stamp(keyref: &KeyRef) -> Option<(SystemTime, u64)> {
    let Source::File(path) = &keyref.source else {
        return None;
    };
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwks serve keys.jwks
  bulla jwks serve keys.jwks --listen 127.0.0.1:9000"
);
