//! Activities in the activity list.

use crate::validate::expected;
use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, lookup};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::text;
use crate::validate::walk::{At, Draft, Walk};

use super::quality::ACTIVE;

const RULE: Rule = Rule::ActivityInActivityList;
/// URL of the OpenActive activity list.
const OFFICIAL: &str = "https://openactive.io/activity-list";

/// `true` for an obsolete URL of the OpenActive activity list.
fn obsolete(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.map(|rest| rest.strip_prefix("www.").unwrap_or(rest));
    let known = [
        "openactive.io/activity-list",
        "openactive.io/activity-list/",
        "openactive.io/activity-list/activity-list.jsonld",
    ];
    url != OFFICIAL && rest.is_some_and(|rest| known.contains(&rest))
}

/// `true` if the activity list is looked into for an object.
pub(super) fn holds(node: &Node<'_, '_>) -> bool {
    node.key() == Some("activity") && node.index.is_some() && node.parent.is_some_and(|parent| parent.is(ACTIVE))
}

/// Judges the activities of an event or facility.
pub(super) fn member(walk: &mut Walk<'_>, node: &Node<'_, '_>, member: &Member<'_>) {
    let Json::List(items) = &member.value else { return };
    for (index, item) in items.iter().enumerate() {
        match item {
            Json::Object(concept) => activity(walk, node, &member.key, index, concept),
            // A list in the list is a thing without properties.
            Json::List(_) => activity(walk, node, &member.key, index, &[]),
            _ => {}
        }
    }
}

fn activity(walk: &mut Walk<'_>, node: &Node<'_, '_>, key: &str, index: usize, concept: &[Member<'_>]) {
    let known = &walk.model.known;
    let at = At::Item(key, index);
    let scheme = lookup(concept, known.in_scheme);
    let official = expected::quoted(OFFICIAL);
    let wrong = |kind: K, message: &'static str| Draft::new(RULE, kind, message).quality().expected(official.clone());
    // A list, or an object of another type.
    let misplaced = concept.is_empty() || walk.own_type(concept).is_some_and(|kind| kind.name != "Concept");
    let mut foreign = false;
    let url = match scheme {
        None => {
            let draft = wrong(K::UseOfficialActivityList, "`inScheme` is missing from an activity");
            walk.report(node, at, draft.caused_by(Rule::FieldsCorrectType, misplaced));
            OFFICIAL.to_owned()
        }
        Some(scheme) => {
            let url = scheme.coerced().into_owned();
            if url == OFFICIAL {
                url
            } else if obsolete(&url) {
                let message = "`inScheme` is an obsolete URL of the activity list";
                walk.report(node, at, wrong(K::FieldNotInDefinedValues, message).found(scheme));
                OFFICIAL.to_owned()
            } else {
                let message = "`inScheme` is not the OpenActive activity list";
                let no_url = !scheme.as_text().is_some_and(text::is_url);
                let draft = wrong(K::UseOfficialActivityList, message).found(scheme);
                walk.report(node, at, draft.caused_by(Rule::FieldsCorrectType, misplaced || no_url));
                foreign = true;
                url
            }
        }
    };
    let list = walk.activities.get(&url, walk.remote);
    if list.broken {
        let draft = Draft::new(RULE, K::FileNotFound, "activity list is not available").internal();
        walk.report(node, at, draft.expected("an activity list at the URL").found_text(&url));
        walk.undetermined();
    }
    let (given_label, given) = (lookup(concept, known.pref_label), lookup(concept, known.id));
    let label = given_label.map(|label| label.coerced().to_lowercase());
    let id = given.and_then(Json::as_text);
    let by_label = label.as_ref().and_then(|label| list.labels.get(label));
    let by_id = id.and_then(|id| list.ids.get(id));
    let Some(first) = by_label.into_iter().chain(by_id).min() else {
        let draft = Draft::new(RULE, K::ActivityNotInActivityList, "activity is not in the activity list").quality();
        let draft = draft.expected("`@id` or `prefLabel` of an activity in the list of `inScheme`");
        let draft = match given_label.or(given) {
            Some(value) => draft.found(value),
            None => draft.found_text("an activity without `@id` and `prefLabel`"),
        };
        walk.report(
            node,
            at,
            draft.caused_by(RULE, foreign || scheme.is_none()).caused_by(Rule::FieldsCorrectType, misplaced),
        );
        if list.missing {
            walk.undetermined();
        }
        return;
    };
    let Some((listed_id, listed_label)) = list.entries.get(*first) else { return };
    let same_id = given.is_none() || id == Some(listed_id);
    let same_label = label.as_ref().is_none_or(|label| label == listed_label);
    if !same_label {
        let message = "`prefLabel` of an activity differs from the activity list";
        let draft = Draft::new(RULE, K::ActivityNotInActivityList, message).quality().severity(Severity::Warning);
        let draft = draft.expected(expected::quoted(listed_label)).maybe_found(given_label);
        walk.report(node, at, draft);
    } else if !same_id {
        let message = "`@id` of an activity differs from the activity list";
        let draft = Draft::new(RULE, K::ActivityNotInActivityList, message).quality();
        let draft = draft.expected(expected::quoted(listed_id)).maybe_found(given);
        let no_url = !id.is_some_and(text::is_url);
        let empty = given.is_none_or(|given| given.is_null() || given.as_text() == Some(""));
        walk.report(node, at, draft.caused_by(Rule::Id, no_url).caused_by(Rule::NoEmptyValues, empty));
    }
}
