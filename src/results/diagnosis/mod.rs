//! The findings of a run by their causes: a pure function of the [`RunReport`], which every rendering shares.
//!
//! Findings with one cause have the same subject and the same defect, whatever the stage, test, flow or type. A finding that
//! follows from another one of the same cells hangs on its cause.

mod cause;
mod consequences;
mod draft;
mod grouping;
mod key;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::cell::Verdict;
use super::run::RunReport;

pub use cause::{CauseGroup, Consequence, LocatedFinding, Root};
pub use key::{cause_key, reason_key, stage_label};

use consequences::roots;
use draft::Draft;
use grouping::{grouped, is_late};
use key::error_name;

/// The causes of everything that is wrong in a run: root causes first, then by the number of cells.
#[must_use]
pub fn diagnose(report: &RunReport) -> Vec<CauseGroup<'_>> {
    let drafts = grouped(report);
    let roots = roots(&drafts);
    let mut groups: Vec<(usize, CauseGroup<'_>)> = Vec::new();
    for (number, draft) in drafts.iter().enumerate().filter(|(number, _)| roots.get(*number) == Some(number)) {
        groups.push((number, group(report, draft)));
    }
    // A consequence widens its cause by its cells.
    for ((number, draft), cause) in drafts.iter().enumerate().zip(roots) {
        if cause == number {
            continue;
        }
        if let Some((_, group)) = groups.iter_mut().find(|(known, _)| *known == cause) {
            group.consequences.push(Consequence { message: draft.message().to_owned(), cells: draft.places.len() });
            let mut cells: BTreeSet<usize> = group.cells.iter().copied().collect();
            cells.extend(draft.places.keys());
            group.cells = cells.into_iter().collect();
            group.failed = count_failed(report, &group.cells);
        }
    }
    let mut groups: Vec<CauseGroup<'_>> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut groups {
        group.consequences.sort_by_key(|consequence| std::cmp::Reverse(consequence.cells));
    }
    groups.sort_by_key(|group| (group.root, group.verdict != Verdict::Failed, std::cmp::Reverse(group.cells.len())));
    groups
}

fn count_failed(report: &RunReport, cells: &[usize]) -> usize {
    let failed = |number: &&usize| report.cells.get(**number).is_some_and(|cell| cell.verdict == Verdict::Failed);
    cells.iter().filter(failed).count()
}

fn group<'r>(report: &'r RunReport, draft: &Draft<'r>) -> CauseGroup<'r> {
    let cells: Vec<usize> = draft.places.keys().copied().collect();
    let example = if draft.reason.is_some() { None } else { draft.best() };
    let finding = draft.beyond.first().copied();
    let shown = example.map(|example| example.finding).or(finding);
    let mut variants: Vec<&'r str> = Vec::new();
    for located in &draft.findings {
        let message = located.finding.message.as_str();
        if let Some((_, cause)) = message.split_once(" after ")
            && is_late(located.check, located.finding)
            && !variants.contains(&cause)
        {
            variants.push(cause);
        }
    }
    if variants.is_empty() {
        for name in
            draft.findings.iter().filter_map(|located| located.finding.expected.as_deref()).filter_map(error_name)
        {
            if !variants.contains(&name) {
                variants.push(name);
            }
        }
    }
    if variants.len() < 2 {
        variants.clear();
    }
    CauseGroup {
        root: draft.root,
        verdict: if draft.fails { Verdict::Failed } else { Verdict::Blocked },
        message: draft.message(),
        example,
        finding,
        exchange: shown.and_then(|finding| finding.exchange).or(draft.exchange),
        hint: draft.hint,
        findings: draft.findings.clone(),
        beyond: draft.beyond.clone(),
        variants,
        siblings: draft.siblings.clone(),
        stages: draft.stages.iter().copied().collect(),
        failed: count_failed(report, &cells),
        cells,
        consequences: Vec::new(),
    }
}
