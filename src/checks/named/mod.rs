//! Matchers and named checks: what a feature file asks of the document at a step.

mod access;
mod approval;
mod cancellation;
mod details;
mod item_set;
mod logistics;
mod matchers;
mod path;
mod payment;
mod site;
mod tax;

use crate::results::Finding;

use super::asked::{Check, CheckKind};
use super::row::{Made, Row};
use super::seen::Seen;

/// The rows of the named checks.
pub(super) const THEMES: &[&[&Row]] = &[
    access::ROWS,
    approval::ROWS,
    cancellation::ROWS,
    details::ROWS,
    logistics::ROWS,
    payment::ROWS,
    site::ROWS,
    tax::ROWS,
];

/// Makes the checks that a feature file asks for and that belong to the profile of the run, in their order.
#[must_use]
pub fn asked<'c>(checks: &'c [Check], seen: &Seen<'_>) -> Vec<(&'c Check, Option<Finding>)> {
    let made = checks.iter().filter(|check| check.applies(seen.profile));
    made.map(|check| {
        let finding = evaluate(&check.kind, seen);
        (check, finding.map(|finding| finding.spec(check.spec.as_deref().unwrap_or(seen.spec))))
    })
    .collect()
}

fn evaluate(kind: &CheckKind, seen: &Seen<'_>) -> Option<Finding> {
    match kind {
        CheckKind::Count { at, equals } => matchers::count(seen.body, at, *equals, *seen),
        CheckKind::Each { list, at, expected } => matchers::each(seen.body, list, at, expected, *seen),
        CheckKind::Value { at, expected } => matchers::value(seen.body, at, expected, *seen),
        CheckKind::Named(named) => match named.row().made {
            Made::Asked(judge) => judge(seen),
            _ => None,
        },
    }
}
