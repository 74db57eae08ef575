//! Which groups of findings follow from others.

use std::collections::BTreeSet;

use crate::results::exchange::ExchangeId;
use crate::results::finding::{Defect, Finding};
use crate::vocabulary::Stage;

use super::cause::{LocatedFinding, Root};
use super::draft::Draft;
use super::grouping::comes_first;
use super::key::{defect, last_name};

/// The check that a response can be read.
const READABLE: &str = "json-object";

/// Wordings of one cause that are looked for in others.
const WORDINGS: usize = 5;

/// Characters of a text that is found within another one by no chance.
const TELLING: usize = 16;

/// Properties of one calculation, with the step of it that they belong to: prices and tax modes, the tax of OrderItems, totals.
/// The first one in a path counts.
const MONEY: &[(&str, u8)] = &[
    ("taxMode", 0),
    ("totalPaymentDue", TOTALS),
    ("totalPaymentTax", TOTALS),
    ("unitTaxSpecification", 1),
    ("price", 0),
];

/// The step of the calculation in which OrderItems are counted.
const TOTALS: u8 = 2;

/// The property that says whether an OrderItem is cancelled.
const STATUS: &str = "orderItemStatus";

/// The property that says whether the total is prepaid.
const PREPAYMENT: &str = "openBookingPrepayment";

/// The check that a response has the OrderItems of the request.
const ITEM_COUNT: &str = "order-item-count";

/// The total that requests repeat.
const TOTAL: &str = "totalPaymentDue.price";

/// The error of a request that repeats another total than the one that counts.
const MISMATCH: &str = "TotalPaymentDueMismatchError";

/// The step of the calculation of totals to which a property belongs.
fn money(subject: &str) -> Option<u8> {
    if last_name(subject) == PREPAYMENT {
        return None;
    }
    MONEY.iter().find(|(name, _)| subject.split('.').any(|part| part == *name)).map(|(_, step)| *step)
}

/// Whether the defects of two subjects may have one cause, where both are in the same cells.
fn related(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let (one, two) = (cause.subject, other.subject);
    if cause.about_all() || other.about_all() {
        return false;
    }
    let within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    if one == two || within(one, two) {
        return true;
    }
    if let (Some(first), Some(then)) = (money(one), money(two)) {
        return first < then || (first == then && last_name(one) == last_name(two));
    }
    // One of the paths may begin further within the document.
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|rest| rest.ends_with('.'));
    ends(one, two) || ends(two, one)
}

/// Whether a group is about requests that are rejected because the total is another one there, too.
fn rejects_total(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let mismatch =
        |located: &LocatedFinding<'_>| located.finding.found.as_deref().is_some_and(|found| found.contains(MISMATCH));
    cause.subject == TOTAL && !other.findings.is_empty() && other.findings.iter().all(mismatch)
}

/// Whether a group follows from a wrong total: where nothing is due, no payment is reflected.
fn follows_from_total(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if cause.subject != TOTAL {
        return false;
    }
    let free = |finding: &Finding| finding.expected.as_deref().is_some_and(|expected| expected.starts_with("0 "));
    let free: BTreeSet<ExchangeId> =
        cause.findings.iter().filter(|located| free(located.finding)).filter_map(|l| l.finding.exchange).collect();
    other.subject == "payment"
        && other.findings.iter().all(|located| located.finding.exchange.is_some_and(|id| free.contains(&id)))
}

/// Whether a group is about totals of documents in which the status of an OrderItem is wrong: cancelled OrderItems do not count.
fn counts_wrong_items(statuses: &BTreeSet<ExchangeId>, cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let total = money(other.subject) == Some(TOTALS);
    let shown = |located: &LocatedFinding<'_>| located.finding.exchange.is_some_and(|id| statuses.contains(&id));
    let shares = |located: &LocatedFinding<'_>| {
        cause.findings.iter().any(|found| found.finding.exchange == located.finding.exchange)
    };
    total
        && last_name(cause.subject) == STATUS
        && !other.findings.is_empty()
        && other.findings.iter().all(shown)
        && other.findings.iter().any(shares)
}

/// Whether a group is about what a total is made of.
fn about_totals(draft: &Draft<'_>) -> bool {
    money(draft.subject).is_some() || last_name(draft.subject) == PREPAYMENT
}

/// Whether a group is about what is made of the OrderItems of a response that lacks some: its totals, and later requests and
/// documents.
fn lacks_order_items(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let Some(stage) = cause
        .findings
        .first()
        .filter(|located| located.check.check.as_deref() == Some(ITEM_COUNT))
        .map(|located| located.check.stage)
    else {
        return false;
    };
    let quoted = matches!(stage, Stage::C1 | Stage::C2);
    let later: &[Stage] = match stage {
        Stage::C1 | Stage::C2 if !other.about_all() => &[],
        Stage::C1 => &[Stage::C2, Stage::P, Stage::B],
        Stage::C2 => &[Stage::P, Stage::B],
        _ => &[Stage::OrderPatch, Stage::OrderStatus, Stage::OrdersFeed, Stage::ProposalsFeed],
    };
    let follows = other.stages.iter().all(|stage| later.contains(stage)) && comes_first(cause, other);
    follows || (about_totals(other) && same_exchanges(cause, other) && (quoted || comes_first(cause, other)))
}

/// Whether a group is about OrderItems that are looked for by the `@id` that a booking response lacks.
fn lacks_order_item_ids(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let lacks = matches!(cause.subject, "orderedItem.id" | "orderedItem.@id")
        && matches!(cause.stage, Stage::P | Stage::B)
        && cause.findings.first().is_some_and(|located| defect(located.finding) == Defect::Missing.name());
    let looked_for = matches!(last_name(other.subject), "orderedItem" | "@id") && other.subject.contains("orderedItem");
    // The checks of one response are in an order of their own.
    lacks
        && looked_for
        && other.places.iter().all(|(cell, place)| {
            matches!((cause.places.get(cell), place), (Some(Some(first)), Some(then)) if first.0 <= then.0)
        })
}

/// Whether a group is about totals of responses in which the error of an OrderItem is missing: rejected OrderItems do not count.
fn counts_rejected_items(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    cause.subject == "orderedItem.error"
        && cause.findings.first().is_some_and(|located| defect(located.finding) == Defect::Missing.name())
        && about_totals(other)
        && same_exchanges(cause, other)
}

/// Whether requests of a stage fail with an error of the server, and the other group says that ones that must be rejected got
/// that error.
fn fails_on_server(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let Some(error) = cause.findings.first().filter(|located| {
        let expected = located.finding.expected.as_deref().unwrap_or_default();
        cause.about_all() && expected.starts_with("HTTP 2")
    }) else {
        return false;
    };
    let Some(found) = error.finding.found.as_deref().filter(|found| found.starts_with("HTTP 5")) else { return false };
    let got = |located: &LocatedFinding<'_>| {
        located.finding.found.as_deref() == Some(found) || located.finding.message.contains(found)
    };
    !other.findings.is_empty() && other.stages.is_subset(&cause.stages) && other.findings.iter().all(got)
}

/// Whether the other group is that the run was stopped, by the words of a cause.
fn stops(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let message = cause.message();
    other.root == Root::Target
        && other.findings.is_empty()
        && cause.fails
        && message.len() >= TELLING
        && other.reason.is_some_and(|reason| reason.contains(message))
}

/// Whether everything that a group found follows from what another one found.
fn follows(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    if names_feed(cause, other) || repeats_feed(cause, other) || repeats_cause(cause, other) || unreadable(cause, other)
    {
        return true;
    }
    if fails_on_server(cause, other) || stops(cause, other) || rejects_total(cause, other) {
        return true;
    }
    if lacks_order_items(cause, other) || lacks_order_item_ids(cause, other) || counts_rejected_items(cause, other) {
        return true;
    }
    // A wait is cut short because of others like it.
    let cut = |located: &LocatedFinding<'_>| located.finding.cut;
    if cause.fails && cause.subject == other.subject && !other.findings.is_empty() && other.findings.iter().all(cut) {
        return true;
    }
    // Two checks may object to one property of one response.
    if !cause.about_all() && cause.subject == other.subject && same_exchanges(cause, other) {
        return true;
    }
    if !comes_first(cause, other) {
        return false;
    }
    if !other.fails || related(cause, other) || follows_from_total(cause, other) {
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

/// Whether a group is about responses that do not repeat the wrong value of a property in a feed.
fn repeats_feed(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let value = |text: &Option<String>| text.as_deref().map(|text| text.trim_matches('"').to_owned());
    let name = last_name(other.subject);
    let same = |finding: &&&Finding| finding.path.as_deref().is_some_and(|path| last_name(path) == name);
    let wrong: BTreeSet<String> =
        cause.beyond.iter().filter(same).filter_map(|finding| value(&finding.found)).collect();
    cause.root == Root::Feeds
        && !other.findings.is_empty()
        && other.findings.iter().all(|l| value(&l.finding.expected).is_some_and(|expected| wrong.contains(&expected)))
}

/// Whether the other group repeats a cause in its own words: it has its message, or the value that it found.
fn repeats_cause(cause: &Draft<'_>, other: &Draft<'_>) -> bool {
    let shown = cause.beyond.first().copied().or_else(|| cause.best().map(|located| located.finding));
    // What stopped the run ends with what the last request came to.
    let stop = cause.reason.filter(|_| cause.root == Root::Target).and_then(|reason| Some(reason.split_once(": ")?.1));
    let Some(shown) = shown else {
        let names_stop = |located: &LocatedFinding<'_>| stop.is_some_and(|stop| located.finding.message.contains(stop));
        return !other.findings.is_empty() && other.findings.iter().all(names_stop);
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
    let has_words = |finding: &Finding| {
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
    let of_cells = !other.findings.is_empty() && other.findings.iter().all(|located| has_words(located.finding));
    let of_target = !other.beyond.is_empty() && other.beyond.iter().all(|finding| has_words(finding));
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
    let of_status = drafts.iter().filter(|draft| last_name(draft.subject) == STATUS).flat_map(|draft| &draft.findings);
    let statuses: BTreeSet<ExchangeId> = of_status.filter_map(|located| located.finding.exchange).collect();
    let follows =
        |cause: &Draft<'_>, draft: &Draft<'_>| follows(cause, draft) || counts_wrong_items(&statuses, cause, draft);
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
    let mut roots: Vec<usize> = (0..drafts.len()).map(root).collect();
    // What is found beyond cells, and in cells where it follows from another cause, follows from that one.
    for (number, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.beyond.is_empty()) {
        let repeated = drafts.iter().enumerate().find(|(other, repeats)| {
            roots.get(*other) != Some(&number) && repeats.beyond.is_empty() && repeats_cause(draft, repeats)
        });
        let cause = repeated.and_then(|(other, _)| roots.get(other).copied());
        if let (Some(cause), Some(root)) = (cause, roots.get_mut(number))
            && *root == number
            && drafts.get(cause).is_some_and(|cause| cause.beyond.is_empty())
        {
            *root = cause;
        }
    }
    roots
}
