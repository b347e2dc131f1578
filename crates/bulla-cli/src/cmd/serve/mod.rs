//! The authorization server.

mod config_keys;
mod log;
mod problems;
mod signing_keys;

use std::path::{Path, PathBuf};

use bulla_server::config::{Config, Overrides};
use bulla_server::run::{self, RunError, Running};
use clap::Args;
use serde::Serialize;

use self::config_keys::ConfigKeys;
use self::problems::Checked;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::{input, output};

/// Run the authorization server: private_key_jwt, DPoP, RFC 9068 access tokens
///
/// Without --config there are no clients, and the issuer is http:// and the address that is listened on. Settings are
/// overridden by variables (BULLA_ISSUER, BULLA_STORE, ..), and these by flags. The log goes to standard error, a line of
/// JSON an event unless that is a terminal; BULLA_LOG chooses what is in it (`info`, `warn`, `bulla::audit=info`).
/// Ctrl-C and SIGTERM end it once what is under way is done.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Serve {
    /// The configuration, TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Where jti and signing keys are kept
    #[arg(long, value_name = "sqlite:PATH")]
    store: Option<String>,
    #[command(flatten)]
    instead: Instead,
}

/// What to do instead of serving.
#[derive(Args, Debug)]
#[group(multiple = false)]
struct Instead {
    /// Read everything, say what is wrong with file, line and remedy, and start nothing
    #[arg(long)]
    check: bool,
    /// Show the signing keys of the store, and where each stands
    #[arg(long)]
    keys: bool,
    /// Announce the next signing key now; running servers see it within 5 seconds
    #[arg(long)]
    rotate: bool,
    /// Remove a signing key now, as one that others may have
    #[arg(long, value_name = "KID")]
    revoke: Option<String>,
}

impl Serve {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let config = match self.read() {
            Ok(Ok(config)) => config,
            Ok(Err(problems)) => {
                return Err(problems::tell(
                    problems,
                    globals.json && self.instead.check,
                )?);
            }
            Err(failure) => return Err(failure),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(Failure::bug)?;
        let done = runtime.block_on(self.act(&config, globals));
        // A look at a name server or a file may still be under way; nobody waits for it.
        runtime.shutdown_background();
        done
    }

    /// The configuration, or what is wrong with it.
    fn read(&self) -> Result<Result<Config, Vec<bulla_server::config::Problem>>, Failure> {
        let mut overrides = Overrides::from_environment();
        if let Some(listen) = &self.listen {
            overrides = overrides.flag("listen", listen);
        }
        if let Some(store) = &self.store {
            overrides = overrides.flag("store", store);
        }
        let Some(path) = &self.config else {
            return Ok(Config::without_file(&overrides));
        };
        let octets = input::read_file(path, LONGEST)?;
        let text = core::str::from_utf8(&octets).map_err(|error| {
            let what = format!(
                "{}: not UTF-8 at octet {}",
                path.display(),
                error.valid_up_to()
            );
            Failure::new("config.invalid", bulla::Fault::Caller, what)
                .help("save the file as UTF-8")
        })?;
        Ok(Config::read(path, text, &overrides))
    }

    async fn act(&self, config: &Config, globals: &Globals) -> Result<(), Failure> {
        let Instead {
            check,
            keys,
            rotate,
            revoke,
        } = &self.instead;
        if *check {
            let found = config.inspect(&ConfigKeys).await;
            if !found.is_empty() {
                return Err(problems::tell(found, globals.json)?);
            }
            return Checked::of(config, self.config.as_deref()).print(globals);
        }
        if *keys || *rotate || revoke.is_some() {
            return signing_keys::act(config, *rotate, revoke.as_deref(), globals).await;
        }
        log::start(globals);
        // Before anything listens, so that no signal comes too early.
        let stop = run::told_to_stop();
        let running = run::start(config, &ConfigKeys).await.map_err(failed)?;
        if self.config.is_none() {
            output::warn("there is no configuration, and so there are no clients: --config FILE");
        }
        Listening::of(&running, config).print(globals)?;
        running.until(stop).await.map_err(failed)
    }
}

/// More than any configuration of thousands of clients.
const LONGEST: usize = 16 * 1024 * 1024;

fn failed(error: RunError) -> Failure {
    match error {
        RunError::Open(error) => problems::opening(error),
        error => Failure::new(error.code(), error.fault(), &error),
    }
}

/// Where it listens.
#[derive(Serialize)]
struct Listening {
    issuer: String,
    address: String,
    url: String,
    token_endpoint: String,
    jwks_uri: String,
    metadata: String,
}

impl Listening {
    fn of(running: &Running, config: &Config) -> Self {
        let server = running.server();
        let scheme = if config.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Self {
            issuer: server.issuer().to_string(),
            address: running.address().to_string(),
            url: format!("{scheme}://{}", running.address()),
            token_endpoint: server.token_endpoint(),
            jwks_uri: server.jwks_uri(),
            metadata: server.issuer().metadata_url(),
        }
    }

    fn print(&self, globals: &Globals) -> Result<(), Failure> {
        match globals.json {
            true => output::json(self),
            false => {
                output::note(&format!("{} listens on {}", self.issuer, self.url));
                Ok(())
            }
        }
    }
}

/// The name of the configuration, for people.
fn name(path: Option<&Path>) -> String {
    path.map_or_else(
        || "the defaults".to_owned(),
        |path| path.display().to_string(),
    )
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla serve --config bulla.toml
  bulla serve --config bulla.toml --check
  bulla serve --config bulla.toml --rotate"
);
