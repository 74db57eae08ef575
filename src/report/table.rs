//! Features by booking flows by opportunity types.

use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Modify, Padding, Style};

use crate::results::{CellReport, RunReport, Verdict};
use crate::vocabulary::{Flow, OpportunityType};

use super::paint::Paint;

/// The mark of a verdict.
const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✓",
        Verdict::Failed => "✗",
        Verdict::Blocked => "?",
        Verdict::Skipped => "–",
    }
}

/// What the columns of a cell without opportunities is called.
const PLAIN: &str = "";

fn column_of(cell: &CellReport) -> &str {
    cell.opportunity_type.as_deref().unwrap_or(PLAIN)
}

fn heading(column: &str) -> &str {
    column.parse().map_or(column, |known: OpportunityType| known.short())
}

fn flow_of(cell: &CellReport) -> &str {
    let flow = cell.flow.as_deref().unwrap_or("–");
    flow.parse().map_or(flow, |known: Flow| known.short())
}

/// The table: a row for each test and flow, a column for each opportunity type.
#[must_use]
pub fn table(report: &RunReport, paint: Paint) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for cell in &report.cells {
        if !columns.contains(&column_of(cell)) {
            columns.push(column_of(cell));
        }
    }
    let place = |column: &&str| {
        let kind = OpportunityType::ALL.iter().position(|known| known.name() == *column);
        (kind.unwrap_or(OpportunityType::ALL.len()), column.is_empty())
    };
    columns.sort_by_key(place);
    let mut builder = Builder::default();
    builder.push_record(["", ""].into_iter().chain(columns.iter().map(|column| heading(column))));
    let mut feature = "";
    let mut row: Option<(&str, &str)> = None;
    let mut rows: Vec<(Vec<String>, Vec<&CellReport>)> = Vec::new();
    for cell in &report.cells {
        if cell.feature != feature {
            feature = &cell.feature;
            rows.push((vec![paint.bold(feature), String::new()], Vec::new()));
        }
        let here = (cell.test.as_str(), flow_of(cell));
        if row != Some(here) {
            let label =
                if row.is_some_and(|(test, _)| test == here.0) { String::new() } else { format!("  {}", cell.name) };
            rows.push((vec![label, here.1.to_owned()], Vec::new()));
            row = Some(here);
        }
        if let Some((_, cells)) = rows.last_mut() {
            cells.push(cell);
        }
    }
    for (mut record, cells) in rows {
        for column in &columns {
            let cell = cells.iter().find(|cell| column_of(cell) == *column);
            record.push(cell.map_or_else(String::new, |cell| paint.verdict(cell.verdict, mark(cell.verdict))));
        }
        builder.push_record(record);
    }
    let mut table = builder.build();
    table
        .with(Style::blank())
        .with(Padding::new(0, 2, 0, 0))
        .with(Modify::new(Columns::new(2..)).with(Alignment::center()))
        .with(Modify::new(Rows::first()).with(Alignment::center()));
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
