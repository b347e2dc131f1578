//! The table a person reads: a block a group, a line a row, a column a contestant.

use std::fmt::Write as _;

use super::{Cell, Report, Row, TIE, Target, Unit};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut groups: Vec<&str> = Vec::new();
    for row in &report.rows {
        if !groups.contains(&row.group) {
            groups.push(row.group);
        }
    }
    for group in groups {
        let rows: Vec<&Row> = report
            .rows
            .iter()
            .filter(|row| row.group == group)
            .collect();
        block(&mut out, group, &rows);
    }
    notes(&mut out, report);
    out
}

/// One line for stderr while the run goes on.
pub(super) fn progress(row: &Row) -> String {
    let cells: Vec<String> = row
        .cells
        .iter()
        .enumerate()
        .map(|(index, cell)| format!("{} {}", cell.contestant, figure(row, cell, index == 0)))
        .collect();
    format!("{}: {}", row.name, cells.join(", "))
}

fn block(out: &mut String, group: &str, rows: &[&Row]) {
    let mut columns: Vec<&str> = Vec::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        if !columns.contains(&cell.contestant) {
            columns.push(cell.contestant);
        }
    }
    let mut lines = vec![heading(&columns)];
    lines.extend(rows.iter().map(|row| line(row, &columns)));
    let _ = writeln!(out, "\n{group}\n");
    aligned(out, &lines);

    let counted = rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| cell.allocations.is_some());
    if counted {
        let mut lines = vec![vec!["heap allocations a call".to_owned()]];
        lines[0].extend(columns.iter().map(ToString::to_string));
        lines.extend(rows.iter().map(|row| allocations(row, &columns)));
        let _ = writeln!(out);
        aligned(out, &lines);
    }
}

fn heading(columns: &[&str]) -> Vec<String> {
    let mut heading = vec![String::new()];
    heading.extend(columns.iter().map(ToString::to_string));
    heading.extend(["target".to_owned(), "best peer".to_owned()]);
    heading
}

fn line(row: &Row, columns: &[&str]) -> Vec<String> {
    let mut line = vec![row.name.clone()];
    for column in columns {
        let found = row
            .cells
            .iter()
            .enumerate()
            .find(|(_, cell)| cell.contestant == *column);
        line.push(found.map_or("·".into(), |(index, cell)| figure(row, cell, index == 0)));
    }
    let mark = match row.met() {
        Some(true) => " ok",
        Some(false) => " MISSED",
        None => "",
    };
    line.push(match row.target {
        Some(Target::AtMost(ratio)) => format!("≤ {ratio:.2}{mark}"),
        Some(Target::AtLeast(ratio)) => format!("≥ {ratio:.2}{mark}"),
        Some(Target::Within(nanos)) => format!("≤ {}{mark}", duration(nanos)),
        None => String::new(),
    });
    line.push(match row.against_best() {
        Some((ratio, _)) if ratio <= 1.0 / TIE => "ahead".into(),
        Some((ratio, _)) if ratio <= TIE => "tied".into(),
        Some((ratio, best)) => format!("BEHIND {} ({ratio:.2})", best.contestant),
        None => String::new(),
    });
    line
}

fn figure(row: &Row, cell: &Cell, is_floor: bool) -> String {
    if cell.invalid.is_some() {
        return "invalid".into();
    }
    let mut text = match row.unit {
        Unit::Time if is_floor => duration(cell.value),
        Unit::Time => format!("{:.2}", cell.ratio),
        Unit::Rate(octets) => format!("{:.0} MB/s", octets as f64 / cell.value * 1e3),
        Unit::Speedup => format!("{:.2}×", cell.value),
    };
    if let Some(peak) = cell.peak {
        let _ = write!(text, ", {:.1} MiB", peak as f64 / f64::from(1 << 20));
    }
    text
}

fn allocations(row: &Row, columns: &[&str]) -> Vec<String> {
    let mut line = vec![row.name.clone()];
    for column in columns {
        let count = row
            .cells
            .iter()
            .find(|cell| cell.contestant == *column)
            .and_then(|cell| cell.allocations);
        line.push(count.map_or("·".into(), |count| format!("{count:.0}")));
    }
    line
}

fn duration(nanos: f64) -> String {
    match nanos {
        nanos if nanos < 1e3 => format!("{nanos:.0} ns"),
        nanos if nanos < 1e5 => format!("{:.2} µs", nanos / 1e3),
        nanos if nanos < 1e6 => format!("{:.0} µs", nanos / 1e3),
        nanos => format!("{:.1} ms", nanos / 1e6),
    }
}

/// Columns as wide as their widest cell; the first to the left, the others to the right.
fn aligned(out: &mut String, lines: &[Vec<String>]) {
    let width = |column: usize| {
        lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    for line in lines {
        let mut text = String::new();
        for (column, cell) in line.iter().enumerate() {
            let width = width(column);
            let _ = match column {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
}

fn notes(out: &mut String, report: &Report) {
    let invalid: Vec<String> = report
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().map(move |cell| (row, cell)))
        .filter_map(|(row, cell)| {
            let why = cell.invalid.as_ref()?;
            Some(format!("{}, {}: {why}", row.name, cell.contestant))
        })
        .collect();
    if !invalid.is_empty() {
        let _ = writeln!(out, "\nNot ranked:");
        for line in invalid {
            let _ = writeln!(out, "  {line}");
        }
    }
    let _ = writeln!(
        out,
        "\nThe first column is the floor, absolute; the others are ratios to it (· = does not offer it)."
    );
}
