//! Failures that were expected.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::config::{ExpectedFailure, KnownFailures};
use crate::results::{CellReport, CheckOutcome, CheckReport, KnownFailure, Verdict};

/// Marks a cell as a known failure, where every check of it that failed is expected to on this day.
pub(super) fn mark(known: &KnownFailures, cell: &mut CellReport, today: Date) {
    let about: Vec<_> = known.iter().filter(|expectation| expectation.is_about(&cell.id)).collect();
    about.iter().for_each(|expectation| expectation.meet());
    if cell.verdict != Verdict::Failed {
        return;
    }
    let mut failed = cell.steps.iter().flat_map(|step| &step.checks).filter(|c| c.outcome == CheckOutcome::Failed);
    let covering = |check: &CheckReport| {
        let covers = |expectation: &&&ExpectedFailure| {
            expectation.covers(&check.name) || check.check.as_deref().is_some_and(|id| expectation.covers(id))
        };
        about.iter().filter(|expectation| today <= expectation.expires).find(covers).copied()
    };
    let Some(first) = failed.next().and_then(covering) else { return };
    if failed.all(|check| covering(check).is_some()) {
        cell.known = Some(KnownFailure { reason: first.reason.clone(), expires: first.expires.to_string() });
    }
}

/// What is to be reported of the expectations themselves once all cells have ended: those that are over, those that came to
/// nothing, and in a complete run those that are about no cell.
pub(super) fn notices(known: &KnownFailures, cells: &[CellReport], today: Date, complete: bool) -> Vec<String> {
    let mut notices = Vec::new();
    for expectation in known.iter() {
        let (pattern, place) = (&expectation.pattern, &expectation.place);
        if today > expectation.expires {
            notices
                .push(format!("known failure `{pattern}` ({place}) expired on {} and is ignored", expectation.expires));
            continue;
        }
        if complete && !expectation.was_met() {
            notices.push(format!("known failure `{pattern}` ({place}) matches no cell of this run"));
        }
        let mut counts: BTreeMap<bool, usize> = BTreeMap::new();
        for cell in cells.iter().filter(|cell| expectation.is_about(&cell.id)) {
            if matches!(cell.verdict, Verdict::Passed | Verdict::Failed) {
                *counts.entry(cell.verdict == Verdict::Passed).or_default() += 1;
            }
        }
        if let Some(passed) = counts.get(&true) {
            let cells = if *passed == 1 { "1 cell".to_owned() } else { format!("{passed} cells") };
            let rest = counts
                .get(&false)
                .map_or_else(|| "remove it".to_owned(), |failed| format!("{failed} still failed; narrow it"));
            notices.push(format!("known failure `{pattern}` ({place}) passes in {cells}: {rest}"));
        }
    }
    notices
}
