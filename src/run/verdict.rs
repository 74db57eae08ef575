//! From steps to the verdict of a cell.

use crate::results::{CheckOutcome, StepReport, StepVerdict, Verdict};

/// The verdict, and why in one line unless the cell passed.
pub(super) fn verdict(steps: &[StepReport]) -> (Verdict, Option<String>) {
    let verdict = if steps.iter().any(|step| step.verdict == StepVerdict::Failed) {
        Verdict::Failed
    } else if steps.is_empty() || steps.iter().any(|step| step.verdict != StepVerdict::Passed) {
        Verdict::Blocked
    } else {
        Verdict::Passed
    };
    let wanted = match verdict {
        Verdict::Failed => CheckOutcome::Failed,
        _ => CheckOutcome::Blocked,
    };
    let reason = steps.iter().find_map(|step| {
        let check = step.checks.iter().find(|check| check.outcome == wanted)?;
        Some(format!("{}: {}", step.title, check.finding.as_ref()?.message))
    });
    (verdict, reason)
}
