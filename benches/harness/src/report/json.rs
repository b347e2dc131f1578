//! `--json`: one object with an array of rows; times in nanoseconds, rates in octets a second.

use serde_json::{Value, json};

use super::{Cell, Report, Row, Target, Unit};

pub(super) fn render(report: &Report) -> String {
    let rows: Vec<Value> = report.rows.iter().map(row).collect();
    let document = json!({ "rows": rows });
    format!("{document:#}\n")
}

fn row(row: &Row) -> Value {
    let target = row.target.map(|target| match target {
        Target::AtMost(ratio) => json!({ "at_most": ratio, "met": row.met() }),
        Target::Within(nanos) => json!({ "nanoseconds": nanos, "met": row.met() }),
        Target::AtLeast(ratio) => json!({ "at_least": ratio, "met": row.met() }),
    });
    json!({
        "group": row.group,
        "name": row.name,
        "target": target,
        "against_best_peer": row.against_best().map(|(ratio, _)| ratio),
        "contestants": row.cells.iter().map(|cell| contestant(row, cell)).collect::<Vec<_>>(),
    })
}

fn contestant(row: &Row, cell: &Cell) -> Value {
    if let Some(why) = &cell.invalid {
        return json!({ "name": cell.contestant, "invalid": why });
    }
    let mut object = json!({
        "name": cell.contestant,
        "ratio": cell.ratio,
        "allocations": cell.allocations,
    });
    match row.unit {
        Unit::Time => object["nanoseconds"] = json!(cell.value),
        Unit::Rate(octets) => {
            object["octets_per_second"] = json!(octets as f64 / cell.value * 1e9);
        }
        Unit::Speedup => object["speedup"] = json!(cell.value),
    }
    if let Some(peak) = cell.peak {
        object["peak_octets"] = json!(peak);
    }
    object
}
