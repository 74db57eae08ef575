//! From steps to the verdict of a cell.

use crate::results::{CheckOutcome, StepReport, StepVerdict, Verdict, titled};

/// The verdict, and why in one line unless the cell passed.
pub(super) fn verdict(steps: &[StepReport]) -> (Verdict, Option<String>) {
    let any = |verdict: StepVerdict| steps.iter().any(|step| step.verdict == verdict);
    // What stands in the way of later steps is blocked or failed itself, but for a target that has nothing to judge.
    let nothing = steps.iter().find(|step| step.verdict == StepVerdict::NotRun);
    if let Some(nothing) = nothing.filter(|_| !any(StepVerdict::Failed) && !any(StepVerdict::Blocked)) {
        return (Verdict::Skipped, nothing.note.clone());
    }
    let verdict = if any(StepVerdict::Failed) {
        Verdict::Failed
    } else if steps.is_empty() || any(StepVerdict::Blocked) {
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
        Some(titled(&step.title, &check.finding.as_ref()?.message))
    });
    (verdict, reason)
}
