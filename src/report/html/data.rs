//! The cells of a report, as the overview and the script see them.

use crate::results::{CellReport, Verdict};

/// The word that a cell is shown, filtered and coloured by.
pub(super) fn word(cell: &CellReport) -> &'static str {
    match (cell.verdict, &cell.known) {
        (Verdict::Failed, Some(_)) => "known",
        (verdict, _) => verdict.word(),
    }
}

/// The mark of a cell in the map.
pub(super) fn mark(cell: &CellReport) -> &'static str {
    match word(cell) {
        "passed" => "✓",
        "failed" => "✗",
        "known" => "k",
        "blocked" => "?",
        _ => "–",
    }
}
