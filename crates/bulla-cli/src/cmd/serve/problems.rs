//! What is wrong with a configuration, for people and for programs.

use std::path::Path;

use bulla::Fault;
use bulla_server::config::{Config, OpenError, Place, Problem};
use serde::Serialize;

use crate::args::Globals;
use crate::error::Failure;
use crate::output;

/// Tells all but the last, which is the failure of the command.
pub(super) fn tell(problems: Vec<Problem>, as_json: bool) -> Result<Failure, Failure> {
    if as_json {
        output::json(&Checked {
            valid: false,
            clients: None,
            problems: problems.iter().map(Told::of).collect(),
        })?;
    }
    let mut failures: Vec<Failure> = problems.iter().map(failure).collect();
    let last = failures.pop();
    for failure in failures {
        failure.print();
    }
    last.ok_or_else(|| Failure::bug("a configuration was refused without a reason"))
}

/// Why a configuration cannot be opened.
pub(super) fn opening(error: OpenError) -> Failure {
    match error {
        OpenError::Problems(problems) => tell(problems, false).unwrap_or_else(|failure| failure),
        OpenError::KeyRef(error) => {
            let failure = Failure::new(error.code(), error.fault(), &error);
            failure.help(error.fix().to_owned())
        }
        error => Failure::new(error.code(), error.fault(), &error),
    }
}

fn failure(problem: &Problem) -> Failure {
    Failure::new(problem.code(), Fault::Caller, problem).help(problem.fix().to_owned())
}

/// What `--check --json` prints.
#[derive(Serialize)]
pub(super) struct Checked {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    clients: Option<usize>,
    problems: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    place: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    what: String,
    fix: String,
}

impl Checked {
    pub(super) fn of(config: &Config, path: Option<&Path>) -> Summary {
        Summary {
            name: super::name(path),
            checked: Self {
                valid: true,
                clients: Some(config.clients.len()),
                problems: Vec::new(),
            },
        }
    }
}

/// A configuration that is as it should be.
pub(super) struct Summary {
    name: String,
    checked: Checked,
}

impl Summary {
    pub(super) fn print(&self, globals: &Globals) -> Result<(), Failure> {
        if globals.json {
            return output::json(&self.checked);
        }
        let count = self.checked.clients.unwrap_or_default();
        let clients = match count {
            1 => "1 client".to_owned(),
            count => format!("{count} clients"),
        };
        output::line(&format!("{}: good, {clients}", self.name))
    }
}

impl Told {
    fn of(problem: &Problem) -> Self {
        let (file, line, column) = match problem.place() {
            Place::File { path, line, column } => {
                (Some(path.display().to_string()), Some(*line), Some(*column))
            }
            _ => (None, None, None),
        };
        Self {
            place: problem.place().to_string(),
            file,
            line,
            column,
            what: problem.what().to_owned(),
            fix: problem.fix().to_owned(),
        }
    }
}
