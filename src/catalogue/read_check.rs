//! A check, out of a document.

use crate::document::{Fields, Node, NodeKind as Kind, Problem, Problems};
use crate::vocabulary::Profile;

use super::read_requirements::read_requirements;
use crate::checks::{Check, CheckKind, CountOf, Expectation};

/// The keys that say what kind of check it is.
const KINDS: &[&str] = &["count", "each", "value", "check"];

/// Reads a check.
pub(super) fn read_check(node: &Node, problems: &Problems) -> Option<Check> {
    let fields = Fields::of(node, "a check", problems)?;
    let given: Vec<&str> = KINDS.iter().copied().filter(|kind| node.get(kind).is_some()).collect();
    let kind = match given.as_slice() {
        ["count"] => read_count(&fields, problems),
        ["each"] => {
            let list = fields.need_text("each").map(str::to_owned);
            let at = fields.need_text("at").map(str::to_owned);
            let expected = read_expectation(&fields, problems);
            list.zip(at).zip(expected).map(|((list, at), expected)| CheckKind::Each { list, at, expected })
        }
        ["value"] => {
            let at = fields.need_text("value").map(str::to_owned);
            let expected = read_expectation(&fields, problems);
            at.zip(expected).map(|(at, expected)| CheckKind::Value { at, expected })
        }
        ["check"] => fields.need("check").and_then(|node| fields.name_at(node)).map(CheckKind::Named),
        [] => {
            // Asked for, so that a misspelt one is suggested rather than only refused.
            for kind in KINDS {
                let _ = fields.get(kind);
            }
            problems.add(Problem::new(&node.spot, format!("a check is one of: {}", KINDS.join(", "))));
            None
        }
        several => {
            for kind in KINDS {
                let _ = fields.get(kind);
            }
            problems.add(Problem::new(&node.spot, format!("a check is one of {}, not several", several.join(" and "))));
            None
        }
    };
    let profile: Option<Profile> = fields.get("profile").and_then(|node| fields.name_at(node));
    let spec = fields.text("spec").map(str::to_owned);
    if profile == Some(Profile::Strict) && spec.is_none() {
        let problem = Problem::new(fields.spot(), "a strict check needs `spec`");
        problems.add(problem.hint("name the section of the specification that justifies it"));
    }
    let covers = read_requirements(&fields, "covers", problems);
    let violates = read_requirements(&fields, "violates", problems);
    fields.finish();
    Some(Check { kind: kind?, profile, spec, covers, violates })
}

/// `equals` or `is`.
fn read_expectation(fields: &Fields<'_>, problems: &Problems) -> Option<Expectation> {
    match (fields.get("equals"), fields.get("is")) {
        (Some(value), None) => Some(Expectation::Equals(value.to_json())),
        (None, Some(kind)) => fields.name_at(kind).map(Expectation::Is),
        _ => {
            problems.add(Problem::new(fields.spot(), "a check needs either `equals` or `is`"));
            None
        }
    }
}

fn read_count(fields: &Fields<'_>, problems: &Problems) -> Option<CheckKind> {
    let at = fields.need_text("count").map(str::to_owned);
    let equals = fields.need("equals").and_then(|node| match &node.kind {
        Kind::Text(text) if text == "$items" => Some(CountOf::Items),
        Kind::Number(_) => node.as_count().and_then(|n| usize::try_from(n).ok()).map(CountOf::Exactly),
        _ => {
            problems.add(Problem::new(&node.spot, "`equals` of a count must be `$items` or a whole number"));
            None
        }
    });
    at.zip(equals).map(|(at, equals)| CheckKind::Count { at, equals })
}
