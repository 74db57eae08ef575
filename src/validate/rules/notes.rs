//! Assumptions of consumers about an event that omits a property.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::exact;
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Draft, Walk};

/// Rules that look at an event.
pub(super) fn node(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    if !(walk.mode.feed() || walk.mode.response()) {
        return;
    }
    let (model, known) = (walk.model, &walk.model.known);
    let range = node.inherited(model, known.age_range);
    let mut report = |name, rule, kind, message: &'static str, expected: &'static str| {
        let draft = Draft::new(rule, kind, message).quality().severity(Severity::Suggestion).expected(expected);
        let found = range.filter(|_| name == known.age_range);
        walk.report(node, At::Name(name), draft.maybe_found(found));
    };
    if node.inherited(model, known.gender_restriction).is_none() {
        let message = "`genderRestriction` is missing: consumers assume no restriction";
        let kind = K::ConsumerAssumeNoGenderRestriction;
        report(known.gender_restriction, Rule::AssumeNoGenderRestriction, kind, message, "a gender restriction");
    }
    let ends = range.and_then(|range| range.as_object()).map(|range| {
        let has = |name| exact(range, name).is_some();
        (has("minValue"), has("maxValue"))
    });
    let message = match (range, ends) {
        (None, _) => Some("`ageRange` is missing: consumers assume adults"),
        (_, Some((false, true))) => Some("`ageRange` has no `minValue`: consumers assume no minimum age"),
        (_, Some((true, false))) => Some("`ageRange` has no `maxValue`: consumers assume no maximum age"),
        _ => None,
    };
    if let Some(message) = message {
        let expected = "an age range with `minValue` and `maxValue`";
        report(known.age_range, Rule::AssumeAgeRange, K::ConsumerAssumeAgeRange, message, expected);
    }
    if node.inherited(model, known.event_status).is_none() {
        let message = "`eventStatus` is missing: consumers assume EventScheduled";
        report(known.event_status, Rule::AssumeEventStatus, K::ConsumerAssumeEventStatus, message, "an event status");
    }
}
