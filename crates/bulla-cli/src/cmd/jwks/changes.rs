use serde::Serialize;

use super::row::Row;

/// What is different from the set before.
#[derive(Debug, Serialize)]
pub(super) struct Changes {
    pub(super) added: Vec<Row>,
    pub(super) removed: Vec<Row>,
}

impl Changes {
    /// A key whose members changed was removed and added.
    pub(super) fn between(before: &[Row], after: &[Row]) -> Self {
        let not_in = |rows: &[Row], others: &[Row]| {
            let is_new = |row: &&Row| !others.contains(row);
            rows.iter().filter(is_new).cloned().collect()
        };
        Self {
            added: not_in(after, before),
            removed: not_in(before, after),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// A line each: `+` what came, `-` what went.
    pub(super) fn lines(&self) -> String {
        let removed = self.removed.iter().map(|row| ('-', row));
        let added = self.added.iter().map(|row| ('+', row));
        removed
            .chain(added)
            .map(|(sign, row)| format!("{sign} {}\n", row.line()))
            .collect()
    }
}
