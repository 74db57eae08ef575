//! What came out of a run, in one line.

use crate::results::RunReport;

/// One line that says it all.
pub(super) fn headline(report: &RunReport) -> String {
    let counts = report.counts;
    let cells = report.cells.len();
    if report.interrupted {
        "interrupted".to_owned()
    } else if counts.failed > 0 {
        format!("{} of {cells} cells failed", counts.failed)
    } else if counts.blocked > 0 {
        format!("{} of {cells} cells could not be judged", counts.blocked)
    } else if counts.known > 0 {
        format!("{} cells passed, {} failed as expected", counts.passed, counts.known)
    } else if counts.skipped > 0 {
        format!("{} cells passed, {} had nothing to judge", counts.passed, counts.skipped)
    } else {
        format!("all {} cells passed", counts.passed)
    }
}
