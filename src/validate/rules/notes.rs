//! What readers will assume where an event does not say.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::exact;
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Saying, Walk};

/// Rules that look at an event.
pub(super) fn node(walk: &mut Walk<'_>, node: &Node<'_, '_>) {
    if !(walk.mode.feed() || walk.mode.response()) {
        return;
    }
    let (model, known) = (walk.model, &walk.model.known);
    let mut say = |name, rule, kind, message: &str| {
        let saying = Saying::new(rule, kind, message).quality().severity(Severity::Suggestion);
        walk.say(node, At::Name(name), saying);
    };
    if node.inherited(model, known.gender_restriction).is_none() {
        let message = "without `genderRestriction`, readers assume that everybody may come";
        say(known.gender_restriction, Rule::AssumeNoGenderRestriction, K::ConsumerAssumeNoGenderRestriction, message);
    }
    let range = node.inherited(model, known.age_range);
    let ends = range.and_then(|range| range.as_object()).map(|range| {
        let has = |name| exact(range, name).is_some();
        (has("minValue"), has("maxValue"))
    });
    let message = match (range, ends) {
        (None, _) => "without `ageRange`, readers assume that it is for adults",
        (_, Some((false, true))) => "without `minValue`, readers assume that it is for anybody up to the greatest age",
        (_, Some((true, false))) => "without `maxValue`, readers assume that it is for anybody from the least age on",
        _ => "",
    };
    if !message.is_empty() {
        say(known.age_range, Rule::AssumeAgeRange, K::ConsumerAssumeAgeRange, message);
    }
    if node.inherited(model, known.event_status).is_none() {
        let message = "without `eventStatus`, readers assume that it takes place as planned";
        say(known.event_status, Rule::AssumeEventStatus, K::ConsumerAssumeEventStatus, message);
    }
}
