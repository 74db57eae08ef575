//! What came out of a run, in one line.

use crate::results::RunReport;

/// One line that says it all: first whatever makes the exit code other than 0.
pub(super) fn headline(report: &RunReport) -> String {
    let counts = report.counts;
    let cells = report.cells.len();
    let mut parts = Vec::new();
    if report.interrupted {
        parts.push("interrupted".to_owned());
    }
    if counts.failed > 0 {
        parts.push(format!("{} of {cells} cells failed", counts.failed));
    }
    parts.extend(report.causes());
    if counts.failed == 0 && counts.blocked > 0 {
        parts.push(format!("{} of {cells} cells blocked", counts.blocked));
    }
    if parts.is_empty() {
        let all = if counts.known + counts.skipped == 0 { "all " } else { "" };
        parts.push(format!("{all}{} cells passed", counts.passed));
    } else if counts.failed == 0 && counts.passed > 0 && !report.interrupted {
        parts.push(format!("{} cells passed", counts.passed));
    }
    if counts.known > 0 {
        parts.push(format!("{} known failures", counts.known));
    } else if counts.skipped > 0 && counts.failed + counts.blocked == 0 {
        parts.push(format!("{} skipped", counts.skipped));
    }
    parts.join(", ")
}
