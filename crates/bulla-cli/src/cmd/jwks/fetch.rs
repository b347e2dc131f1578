use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::Fault;
use bulla::jwk::{Jwk, JwkSet, PublicJwk};
use bulla::jwks::source::{Https, Loaded, Source as _, SourceError, Version, Wish};
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::changes::Changes;
use super::row::{Row, table};
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::output;
use crate::remote::RemoteArgs;
use crate::runtime;
use crate::time::{Span, rfc3339};

/// Fetch a published key set and show its keys.
///
/// With --json the result is the set itself, with a member `summary` beside `keys`: fit for a file. Private and
/// symmetric keys have no place in what is published, and are left out.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Fetch {
    /// Where the set is: https
    url: String,
    /// Only the keys of this `kid`
    #[arg(long, value_name = "ID")]
    kid: Option<String>,
    /// Go on, and tell what changes; end it with Ctrl-C
    #[arg(long)]
    watch: bool,
    /// How often to look, with --watch
    #[arg(long, value_name = "D", default_value = "1m", requires = "watch")]
    every: Span,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl Fetch {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let source = self.remote.source(&self.url)?;
        runtime::block_on(async {
            let (set, version) = load(&source, None)
                .await?
                .ok_or_else(|| Failure::bug("not modified, and nothing was known"))?;
            let keys = self.chosen(&set)?;
            let rows: Vec<Row> = keys.iter().map(Row::of).collect();
            match globals.json {
                true => output::json(&Report::new(&self.url, &set, &keys, &rows))?,
                false => output::bytes(table(&rows).as_bytes())?,
            }
            match self.watch {
                true => self.go_on(&source, rows, version, globals).await,
                false => Ok(()),
            }
        })?
    }

    /// Tells what changes, until somebody ends it.
    async fn go_on(
        &self,
        source: &Https,
        mut rows: Vec<Row>,
        mut version: Option<Version>,
        globals: &Globals,
    ) -> Result<(), Failure> {
        loop {
            // Nobody is asked more often than once a second.
            tokio::time::sleep(self.every.0.max(Duration::from_secs(1))).await;
            let (set, newer) = match load(source, version.clone()).await {
                Ok(Some(loaded)) => loaded,
                Ok(None) => continue,
                Err(failure) => {
                    output::warn(&format!("{failure} ({})", failure.code()));
                    continue;
                }
            };
            version = newer;
            let newer: Vec<Row> = self.of_kid(&set).map(|key| Row::of(&key)).collect();
            let changes = Changes::between(&rows, &newer);
            rows = newer;
            if !changes.is_empty() {
                report(&changes, globals)?;
            }
        }
    }

    /// The public keys that were asked for; at least one where a `kid` was.
    fn chosen(&self, set: &JwkSet) -> Result<Vec<PublicJwk>, Failure> {
        for rejected in set.rejected() {
            output::warn(&format!(
                "key {} cannot be used: {}",
                rejected.index, rejected.error
            ));
        }
        let secret = set
            .keys()
            .iter()
            .filter(|key| !matches!(key, Jwk::Public(_)))
            .count();
        if secret > 0 {
            output::warn(&format!(
                "{secret} private or symmetric key(s) are published there; left out"
            ));
        }
        let keys: Vec<PublicJwk> = self.of_kid(set).collect();
        match &self.kid {
            Some(kid) if keys.is_empty() => Err(Failure::new(
                "jwk.not-found",
                Fault::Key,
                format_args!("{}: no key has the kid {kid:?}", self.url),
            )),
            _ => Ok(keys),
        }
    }

    fn of_kid<'a>(&'a self, set: &'a JwkSet) -> impl Iterator<Item = PublicJwk> + 'a {
        let is_asked_for = |key: &&PublicJwk| self.kid.is_none() || key.members().kid == self.kid;
        set.public_keys().filter(is_asked_for).cloned()
    }
}

/// The set, if it is not the version that is known.
async fn load(
    source: &Https,
    known: Option<Version>,
) -> Result<Option<(JwkSet, Option<Version>)>, Failure> {
    let mut wish = Wish::default();
    wish.known = known;
    match source.load(&wish).await {
        Ok(Loaded::Set { set, version, .. }) => Ok(Some((set, version))),
        Ok(_) => Ok(None),
        Err(error) => Err(failed(&error).about(source.name())),
    }
}

/// What is not a JWK Set is not our key's fault; that it could not be had is the remote's.
fn failed(error: &SourceError) -> Failure {
    Failure::new(error.code(), error.fault(), error)
}

fn report(changes: &Changes, globals: &Globals) -> Result<(), Failure> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let time = rfc3339(now.as_secs_f64());
    if globals.json {
        return output::json(&Event { time, changes });
    }
    let time = time.unwrap_or_default();
    let lines: String = changes
        .lines()
        .lines()
        .map(|line| format!("{time} {line}\n"))
        .collect();
    output::bytes(lines.as_bytes())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    url: &'a str,
    keys: Vec<Value>,
    summary: &'a [Row],
    /// Those that cannot be used: where they stand, and why.
    rejected: Vec<Rejected>,
}

#[derive(Serialize)]
struct Rejected {
    index: usize,
    kid: Option<String>,
    code: &'static str,
}

/// What `--watch --json` prints for every change, a line each.
#[derive(Serialize)]
struct Event<'a> {
    time: Option<String>,
    #[serde(flatten)]
    changes: &'a Changes,
}

impl<'a> Report<'a> {
    fn new(url: &'a str, set: &JwkSet, keys: &[PublicJwk], summary: &'a [Row]) -> Self {
        let rejected = set.rejected().iter().map(|key| Rejected {
            index: key.index,
            kid: key.kid.clone(),
            code: key.error.code(),
        });
        Self {
            url,
            keys: keys.iter().map(PublicJwk::to_value).collect(),
            summary,
            rejected: rejected.collect(),
        }
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwks fetch https://issuer.example/jwks.json
  bulla jwks fetch https://issuer.example/jwks.json --json > keys.jwks
  bulla jwks fetch https://issuer.example/jwks.json --watch --every 5m"
);
