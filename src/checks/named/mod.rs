//! Matchers and named checks: what a feature file asks of the document at a step.

mod access;
mod approval;
mod cancellation;
mod details;
mod logistics;
mod matchers;
mod path;
mod payment;
mod site;
mod tax;

use serde_json::Value;

use crate::results::Finding;
use crate::vocabulary::Stage;

use super::asked::{Check, CheckKind};
use super::opportunity::reflection;
use super::row::{Made, Row};
use super::seen::{Seen, items};
use super::value::number_of;

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

/// Finds that a document has another number of OrderItems than the requests.
fn complete(document: &Value, seen: Seen<'_>) -> Option<Finding> {
    let (found, wanted) = (items(document).len(), seen.items.len());
    (found != wanted || found == 0).then(|| {
        Finding::new("`orderedItem` has another number of OrderItems than the request")
            .expected(number_of(wanted, "OrderItem", "OrderItems"), number_of(found, "OrderItem", "OrderItems"))
            .path("orderedItem")
            .violating(item_set(seen.stage).iter().copied())
    })
}

/// The requirements that a document violates which has other OrderItems than it must have, at a stage.
const fn item_set(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::OrdersFeed => &["OB-totalpaymentdue-invariant-1", "OB-cancellation-after-b-1"],
        Stage::OrderStatus => &["OB-totalpaymentdue-invariant-1"],
        Stage::ProposalsFeed => &["OB-broker-processing-the-orders-feed-8"],
        request => reflection(request),
    }
}

/// The finding that an OrderItem under test is missing, with what that violates.
fn lost(finding: Finding, seen: Seen<'_>) -> Finding {
    finding.violating(item_set(seen.stage).iter().copied())
}

/// The finding that there is no Order of B to compare a document with.
fn nothing_booked(seen: Seen<'_>) -> Finding {
    let mut finding = Finding::new("response of B is missing, so that nothing can be compared with it");
    finding.subject = Stage::B.subject().to_owned();
    finding.expected("the Order that B returned", "none").spec(seen.spec)
}

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
