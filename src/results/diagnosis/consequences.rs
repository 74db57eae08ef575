//! Which groups of findings follow from others.

use std::collections::BTreeSet;

use crate::results::cell::Finding;
use crate::results::exchange::ExchangeId;

use super::cause::{LocatedFinding, Root};
use super::draft::Draft;
use super::key::last_name;

/// The check that a response can be read.
const READABLE: &str = "json-object";

/// Wordings of one cause that are looked for in others.
const WORDINGS: usize = 5;

/// Characters of a text that is found within another one by no chance.
const TELLING: usize = 16;

/// Properties of one calculation: where one is wrong, the others follow.
const MONEY: &[&str] = &["price", "taxMode", "totalPaymentDue", "totalPaymentTax", "unitTaxSpecification"];

/// Whether the defects of two subjects may have one cause, where both are in the same cells.
fn related(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let (one, two) = (cause.subject, other.subject);
    if !cause.about_all() && !other.about_all() {
        let within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        let money = |subject: &str| subject.split('.').any(|name| MONEY.contains(&name));
        return one == two || within(one, two) || last_name(one) == last_name(two) || (money(one) && money(two));
    }
    false
}

/// Whether everything that a group found follows from what another one found.
fn follows(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if names_feed(cause, other) || tells_of(cause, other) || unreadable(cause, other) {
        return true;
    }
    let earlier = !other.places.is_empty()
        && other.places.iter().all(
            |(cell, place)| matches!((cause.places.get(cell), place), (Some(Some(first)), Some(then)) if first < then),
        );
    if !earlier {
        return false;
    }
    if !other.fails || related(cause, other) {
        return true;
    }
    // Where a response is wrong as a whole, so is what is in it.
    cause.about_all() && same_exchanges(cause, other)
}

/// Whether a cause is a feed that is wrong, and the other group says that this feed is. A feed that cannot be read at all
/// has other defects for it.
fn names_feed(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if cause.root != Root::Feeds || cause.beyond.is_empty() {
        return false;
    }
    let feed_of = |finding: &'_ Finding| finding.message.split_once(": ").map_or("", |(feed, _)| feed).to_owned();
    let names = |text: &str| {
        cause.beyond.iter().map(|finding| feed_of(finding)).any(|feed| !feed.is_empty() && text.contains(&feed))
    };
    let of_cells = !other.findings.is_empty()
        && other
            .findings
            .iter()
            .all(|located| names(&located.finding.message) || located.finding.found.as_deref().is_some_and(names));
    let halts = |draft: &Draft<'_>| draft.beyond.iter().any(|finding| finding.exchange.is_some());
    let of_feeds = !other.beyond.is_empty()
        && halts(cause)
        && !halts(other)
        && other.beyond.iter().all(|finding| names(&finding.message));
    of_cells || of_feeds
}

/// Whether the other group repeats a cause in its own words: it has its message, or the value that it found.
fn tells_of(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let shown = cause.beyond.first().copied().or_else(|| cause.best().map(|located| located.finding));
    // What stopped the run ends with what the last request came to.
    let stop = cause.reason.filter(|_| cause.root == Root::Target).and_then(|reason| Some(reason.split_once(": ")?.1));
    let Some(shown) = shown else {
        let told = |located: &LocatedFinding<'_>| stop.is_some_and(|stop| located.finding.message.contains(stop));
        return !other.findings.is_empty() && other.findings.iter().all(told);
    };
    let tail = |message: &'_ str| match message.split_once(": ") {
        Some((_, tail)) if cause.root == Root::Feeds => tail.to_owned(),
        _ => message.to_owned(),
    };
    let mut messages: Vec<String> = vec![tail(&shown.message)];
    for located in &cause.findings {
        if messages.len() < WORDINGS && !messages.contains(&located.finding.message) {
            messages.push(located.finding.message.clone());
        }
    }
    // What is found beyond any cell may be found in a cell by the same words.
    let beyond = !cause.beyond.is_empty() && other.beyond.is_empty();
    let about_site = cause.root == Root::DatasetSite;
    let value = shown.found.as_deref().map(|found| found.trim_matches('"'));
    let value = value.filter(|value| about_site && value.len() >= TELLING && value.contains("://"));
    let path = shown.path.as_deref().filter(|path| about_site && path.len() >= TELLING);
    let tells = |finding: &Finding| {
        let texts = [Some(&finding.message), finding.expected.as_ref(), finding.found.as_ref()];
        texts.into_iter().flatten().any(|text| {
            let has = |wanted: &str| {
                wanted.len() >= TELLING && (beyond || text.len() > wanted.len()) && text.contains(wanted)
            };
            messages.iter().any(|message| has(message))
                || value.is_some_and(has)
                || path.is_some_and(|path| text.contains(path))
        })
    };
    let of_cells = !other.findings.is_empty() && other.findings.iter().all(|located| tells(located.finding));
    let of_target = !other.beyond.is_empty() && other.beyond.iter().all(|finding| tells(finding));
    of_cells || (other.root > cause.root && of_target)
}

/// Whether the responses that the other group is about could not be read at all.
fn unreadable(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let reads = |located: &LocatedFinding<'_>| located.check.check.as_deref() == Some(READABLE);
    other.about_all()
        && !other.findings.is_empty()
        && cause.findings.first().is_some_and(reads)
        && !other.findings.iter().any(reads)
        && same_exchanges(cause, other)
}

/// Whether every finding of a group is shown by an exchange that shows the other group, too.
fn same_exchanges(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let shown: BTreeSet<ExchangeId> = cause.findings.iter().filter_map(|located| located.finding.exchange).collect();
    other.findings.iter().all(|located| located.finding.exchange.is_some_and(|id| shown.contains(&id)))
}

/// The group on which each one hangs: itself, where it follows from no other.
pub(super) fn roots(drafts: &[Draft<'_>]) -> Vec<usize> {
    let mut causes: Vec<Option<usize>> = vec![None; drafts.len()];
    for (number, draft) in drafts.iter().enumerate() {
        let size = |cause: &Draft<'_>| cause.places.len();
        // The largest group is the likeliest cause; of two that follow from each other, the first is.
        let cause = drafts
            .iter()
            .enumerate()
            .filter(|(other, cause)| *other != number && follows(cause, draft))
            .filter(|(other, cause)| *other < number || !follows(draft, cause))
            .max_by_key(|(other, cause)| (size(cause), std::cmp::Reverse(*other)));
        if let Some(slot) = causes.get_mut(number) {
            *slot = cause.map(|(other, _)| other);
        }
    }
    // A consequence of a consequence is one of the first cause.
    let root = |number: usize| {
        let mut at = number;
        for _ in 0..causes.len() {
            match causes.get(at).copied().flatten() {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    };
    (0..drafts.len()).map(root).collect()
}
