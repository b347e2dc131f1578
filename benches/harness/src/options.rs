//! The command line.

use std::time::Duration;

use crate::Effort;

const USAGE: &str = "\
usage: cargo bench -- [FILTER]... [--only CONTESTANT] [--quick] [--json]

  FILTER    only rows whose name contains it, as in `HS256`, `verify`, `JWKS`, `stream`
  --only X  only the floor and contestant X, as in `--only bulla`; for a profiler
  --quick   few rounds, a smaller stream: for a smoke test, not for figures
  --json    the same on stdout as JSON; progress stays on stderr";

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub filters: Vec<String>,
    pub only: Option<String>,
    pub quick: bool,
    pub json: bool,
}

impl Options {
    /// From the program's arguments; prints the usage and ends the program where they make no sense.
    pub fn from_args() -> Self {
        match Self::parse(std::env::args().skip(1)) {
            Ok(options) => options,
            Err(message) => {
                eprintln!("{message}\n\n{USAGE}");
                std::process::exit(2);
            }
        }
    }

    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--only" => options.only = Some(args.next().ok_or("--only names a contestant")?),
                "--quick" => options.quick = true,
                "--json" => options.json = true,
                // Cargo passes it to every bench.
                "--bench" => {}
                "-h" | "--help" => {
                    println!("{USAGE}");
                    std::process::exit(0);
                }
                flag if flag.starts_with('-') => return Err(format!("unknown option {flag}")),
                filter => options.filters.push(filter.to_lowercase()),
            }
        }
        Ok(options)
    }

    /// Whether a row of this name was asked for.
    pub fn wants(&self, row: &str) -> bool {
        let row = row.to_lowercase();
        self.filters.is_empty() || self.filters.iter().any(|filter| row.contains(filter))
    }

    /// Whether a contestant takes part; floors always do.
    pub fn includes(&self, contestant: &str) -> bool {
        let only = self.only.as_deref();
        only.is_none_or(|only| contestant == only || contestant.starts_with("floor"))
    }

    pub fn effort(&self) -> Effort {
        if self.quick {
            Effort {
                rounds: 7,
                batch: Duration::from_millis(2),
            }
        } else {
            Effort {
                rounds: 41,
                batch: Duration::from_millis(5),
            }
        }
    }

    /// Fewer and longer batches, for what takes milliseconds a call.
    pub fn effort_bulk(&self) -> Effort {
        Effort {
            rounds: if self.quick { 3 } else { 9 },
            batch: Duration::from_millis(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options, String> {
        Options::parse(args.iter().map(ToString::to_string))
    }

    #[test]
    fn filters_are_substrings_in_any_case() {
        let options = parse(&["--bench", "hs256", "JWKS"]).unwrap();
        assert!(options.wants("verify HS256"));
        assert!(options.wants("parse a JWKS"));
        assert!(!options.wants("verify ES256"));
        assert!(parse(&[]).unwrap().wants("anything"));
    }

    #[test]
    fn floors_take_part_whoever_else_does() {
        let options = parse(&["--only", "bulla"]).unwrap();
        assert!(options.includes("bulla") && options.includes("floor (aws-lc)"));
        assert!(!options.includes("josekit"));
        assert!(parse(&["--only"]).is_err());
    }

    #[test]
    fn unknown_options_are_refused() {
        assert!(parse(&["--fast"]).is_err());
    }
}
