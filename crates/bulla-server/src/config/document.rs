use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::{Place, Problem};

/// The text of a file: where an offset in it is.
#[derive(Clone, Debug)]
pub(super) struct Document<'a> {
    path: PathBuf,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(path: &Path, text: &'a str) -> Self {
        Self {
            path: path.to_owned(),
            text,
        }
    }

    /// The table that the file is. What is no TOML is told, and the rest read nevertheless.
    pub(super) fn parse(&self, problems: &mut Vec<Problem>) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let place = self.place(error.span().map_or(0, |span| span.start));
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            problems.push(Problem::new(
                &place,
                what,
                "write it as TOML: name = \"value\", tables as [name] and [[client]]",
            ));
        }
        table.into_inner()
    }

    /// The place of an offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Place::File {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(0, |line| line.chars().count())
                + 1,
        }
    }
}
