//! Whether activities are of their list.

use crate::validate::finding::{FindingKind as K, Severity};
use crate::validate::json::{Json, Member, lookup};
use crate::validate::node::Node;
use crate::validate::rule::Rule;
use crate::validate::walk::{At, Saying, Walk};

const RULE: Rule = Rule::ActivityInActivityList;
/// The list that everybody uses.
const OFFICIAL: &str = "https://openactive.io/activity-list";

/// Other ways in which its address has been written.
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
    let url = match scheme {
        None => {
            let message = format!("an activity has `inScheme`: {OFFICIAL}");
            walk.say(node, at, Saying::new(RULE, K::UseOfficialActivityList, message).quality());
            OFFICIAL.to_owned()
        }
        Some(scheme) => {
            let url = scheme.coerced().into_owned();
            if url == OFFICIAL {
                url
            } else if obsolete(&url) {
                let message = format!("the activity list is {OFFICIAL}");
                walk.say(node, at, Saying::new(RULE, K::FieldNotInDefinedValues, message).quality());
                OFFICIAL.to_owned()
            } else {
                let message = format!("activities are of {OFFICIAL}");
                walk.say(node, at, Saying::new(RULE, K::UseOfficialActivityList, message).quality());
                url
            }
        }
    };
    let list = walk.activities.get(&url, walk.remote);
    if list.broken {
        let message = format!("the activity list {url} is not to be had");
        walk.say(node, at, Saying::new(RULE, K::FileNotFound, message).internal());
        walk.undetermined();
    }
    let label = lookup(concept, known.pref_label).map(|label| label.coerced().to_lowercase());
    let given = lookup(concept, known.id);
    let id = given.and_then(Json::as_text);
    let by_label = label.as_ref().and_then(|label| list.labels.get(label));
    let by_id = id.and_then(|id| list.ids.get(id));
    let Some(first) = by_label.into_iter().chain(by_id).min() else {
        let message = format!("the activity is not in {url}");
        walk.say(node, at, Saying::new(RULE, K::ActivityNotInActivityList, message).quality());
        if list.missing {
            walk.undetermined();
        }
        return;
    };
    let Some((listed_id, listed_label)) = list.entries.get(*first) else { return };
    let same_id = given.is_none() || id == Some(listed_id);
    let same_label = label.as_ref().is_none_or(|label| label == listed_label);
    if !same_label {
        let message = "the activity has another label in its list";
        let saying = Saying::new(RULE, K::ActivityNotInActivityList, message).quality();
        walk.say(node, at, saying.severity(Severity::Warning));
    } else if !same_id {
        let message = "the activity has another identifier in its list";
        walk.say(node, at, Saying::new(RULE, K::ActivityNotInActivityList, message).quality());
    }
}
