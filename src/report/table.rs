//! Features by booking flows by opportunity types.

use console::Alignment;

use crate::results::{CellReport, RunReport, Verdict};
use crate::vocabulary::{Flow, OpportunityType};

use super::columns::{line, widths};
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
    let headings = ["", ""].into_iter().chain(columns.iter().map(|column| heading(column)));
    let mut records: Vec<Vec<String>> = vec![headings.map(str::to_owned).collect()];
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
        records.push(record);
    }
    let widths = widths(&records);
    let lines = records.iter().enumerate().map(|(number, record)| {
        let align = |column| if number == 0 || column >= 2 { Alignment::Center } else { Alignment::Left };
        line(record, &widths, "   ", align).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
