//! Matchers and named checks: what must hold of the document that a step brought back.

mod access_code;
mod matchers;
mod path;

use serde_json::Value;

use crate::catalogue::{Check, CheckKind, NamedCheck};
use crate::results::{CheckOutcome, CheckReport, Finding};
use crate::vocabulary::Profile;

/// What checks may look at, besides the document itself.
#[derive(Debug, Clone, Copy)]
pub struct CheckContext<'c> {
    /// OrderItems of the cell.
    pub items: usize,
    /// The Order that B returned.
    pub booked: Option<&'c Value>,
    /// The profile of the run.
    pub profile: Profile,
    /// The section of the specification that the feature belongs to.
    pub spec: &'c str,
}

/// Evaluates the checks that belong to the profile of the run.
#[must_use]
pub fn evaluate_checks(checks: &[Check], document: &Value, context: CheckContext<'_>) -> Vec<CheckReport> {
    checks
        .iter()
        .filter(|check| check.applies(context.profile))
        .map(|check| {
            let finding = evaluate(&check.kind, document, context)
                .map(|finding| finding.spec(check.spec.as_deref().unwrap_or(context.spec)));
            let outcome = if finding.is_some() { CheckOutcome::Failed } else { CheckOutcome::Held };
            CheckReport { name: check.title(), profile: check.profile, outcome, finding }
        })
        .collect()
}

fn evaluate(kind: &CheckKind, document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    match kind {
        CheckKind::Count { at, equals } => matchers::count(document, at, *equals, context),
        CheckKind::Each { list, at, equals } => matchers::each(document, list, at, equals),
        CheckKind::Value { at, equals } => matchers::value(document, at, equals),
        CheckKind::Named(NamedCheck::AccessCodeChanged) => access_code::changed(document, context),
        CheckKind::Named(NamedCheck::AccessCodeChangedByIndex) => access_code::changed_by_index(document, context),
    }
}

/// A value short enough to be read in a finding.
pub(super) fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 200 { text } else { format!("{}…", text.chars().take(199).collect::<String>()) }
}
