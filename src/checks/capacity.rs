//! Remaining capacity in quotes and opportunity feeds, and leases.

use std::collections::BTreeMap;

use crate::config::Mode;
use crate::opportunity::{capacity, capacity_property};
use crate::results::Finding;
use crate::trace::{CapacityRule, History, Purpose};
use crate::vocabulary::{CapacityChange, ErrorName, Stage};

use super::outcome::Outcome;
use super::rejection::no_position;
use super::row::rows;
use super::seen::{items, position_of};
use super::view::{Answered, CapacitySeen, Context, Expected, with};

/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";

rows! {
    CAPACITY_IN_QUOTE = "capacity-in-quote": "remaining capacity in an OrderQuote matches the feed, without its own lease"
        at [C1 C2], response(expect_in_quote) {
        C1: [
            "OB-step-by-step-process-description-8",
            "OB-step-by-step-process-description-9",
            "OB-step-by-step-process-description-10",
            "OB-booking-system-contract-with-the-broker-12",
            "OB-opportunity-data-properties-21",
        ],
        C2: ["OB-booking-system-contract-with-the-broker-12"],
    }
    CAPACITY_IN_FEEDS = "capacity-in-feeds": "opportunity feeds publish the remaining capacity"
        at [Any C1 C2 P B], capacity(expect_in_feeds) {
        Any: ["OB-booking-pre-conditions-3"],
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: [
            "OB-booking-system-contract-with-the-broker-29",
            "OB-orderquote-creation-c2-4",
            "OB-leasing-5",
        ],
        P: ["OB-leasing-6"],
        B: ["OB-leasing-6"],
    }
    CAPACITY_RELEASED = "capacity-released": "a cancellation releases the capacity of its OrderItems"
        at [Any], capacity(expect_in_feeds) {
        Any: [],
    }, level Should
    CAPACITY_KEPT_AFTER_REJECTION = "capacity-kept-after-rejection": "a rejected request leaves the remaining capacity unchanged"
        at [C1 C2 P B], capacity(expect_in_feeds) {
        C1: ["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        C2: ["OB-booking-system-contract-with-the-broker-29", "OB-orderquote-creation-c2-4"],
        P: [
            "OB-step-by-step-process-description-0-14",
            "OB-step-by-step-process-description-0-34",
            "OB-step-by-step-process-description-0-31",
            "OB-booking-system-contract-with-the-broker-0-2",
        ],
        B: [
            "OB-step-by-step-process-description-53",
            "OB-step-by-step-process-description-50",
            "OB-booking-system-contract-with-the-broker-6",
        ],
    }
    SPACES_BOOKED_ONCE = "spaces-booked-once": "simultaneous Orders book no more OrderItems than an opportunity has spaces"
        at [B], response(booked_once) {
        B: ["OB-step-by-step-process-description-52", "OB-step-by-step-process-description-0-65"],
    }, violates {
        [B] => ["OB-step-by-step-process-description-52"],
    }
    LEASE_CARRIED_OVER = "lease-carried-over": "an OrderProposal keeps the lease of its OrderQuote"
        at [P], capacity(expect_in_feeds) {
        P: ["OB-proposal-leasing-1"],
    }
    LEASE_EXTENDED = "lease-extended": "an OrderProposal keeps its capacity after the lease of its OrderQuote expires"
        at [P], capacity(expect_in_feeds) {
        P: ["OB-proposal-leasing-2"],
    }, violates {
        [P] => ["OB-proposal-leasing-2"],
    }
}

/// Expects an Order that was sent at the same time as others for the same opportunities to be booked only where there is a space.
fn booked_once(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::Simultaneous {
        return Outcome::absent();
    }
    let history = answered.history;
    let orders = i64::try_from(history.together).unwrap_or(i64::MAX).saturating_add(1);
    let sold = oversold(&counts(history), &history.fetched, orders);
    let Some((id, spaces)) = sold.filter(|_| answered.exchanged.reply.succeeded()) else { return Outcome::held() };
    let finding = answered.finding(format!("the spaces of {id} are booked by {orders} simultaneous Orders"));
    let spaces = format!("an error, because {id} has {spaces} of the spaces that {orders} Orders need");
    let finding = finding.expected(spaces, answered.exchanged.reply.shown());
    let approved = answered.seen.sent.is_some_and(|sent| sent.get("orderProposalVersion").is_some());
    let violated =
        if approved { "OB-step-by-step-process-description-0-65" } else { "OB-step-by-step-process-description-52" };
    Outcome::broken(finding.violating([violated]))
}

/// An opportunity, with its spaces, that has fewer than so many Orders need. `counts`: the OrderItems of one Order.
fn oversold<'i>(
    counts: &BTreeMap<&'i str, i64>,
    spaces: &BTreeMap<String, i64>,
    orders: i64,
) -> Option<(&'i str, i64)> {
    counts.iter().find_map(|(id, count)| {
        let left = *spaces.get(*id)?;
        (orders.saturating_mul(*count) > left).then_some((*id, left))
    })
}

/// The number of OrderItems of each opportunity of the Order.
fn counts(history: &History) -> BTreeMap<&str, i64> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for item in &history.items {
        *counts.entry(&item.opportunity_id).or_default() += 1;
    }
    counts
}

/// `true` where the last request of the booking takes capacity, by the configured leasing features.
fn takes(history: &History, context: &Context<'_>) -> bool {
    let (anonymous, named) = context.leasing(history);
    match history.requested {
        // A lease belongs to the Order UUID: another C1 takes no more.
        Some(Stage::C1) => anonymous && history.quotes == 1,
        Some(Stage::C2) if history.quotes > 1 => named && !anonymous,
        Some(Stage::C2) => named || anonymous,
        _ => history.quotes == 0 || !(anonymous || named),
    }
}

/// The remaining capacity that the feeds must show by a rule, for each opportunity. `after` names the cause in findings.
#[must_use]
pub fn expected(rule: &CapacityRule, after: &str, history: &History, context: &Context<'_>) -> Vec<Expected> {
    let plain = |id: &str, capacity: i64, why: String| Expected { id: id.to_owned(), capacity, why, leasing: false };
    let counts = counts(history);
    let now = |why: &dyn Fn() -> String| {
        let known = counts.keys().filter_map(|id| Some((*id, *history.capacities.get(*id)?)));
        known.map(|(id, capacity)| plain(id, capacity, why())).collect()
    };
    match rule {
        CapacityRule::Requested | CapacityRule::Repeated => {
            let taken = *rule == CapacityRule::Requested && takes(history, context);
            let known = counts.iter().filter_map(|(id, count)| Some((*id, *count, *history.capacities.get(*id)?)));
            known
                .map(|(id, count, before)| {
                    let why = match (taken, count) {
                        (false, _) => {
                            format!("unchanged: {after} takes no capacity by the configured leasing features")
                        }
                        (true, 1) => format!("1 less than the {before} before: {after} takes one space"),
                        (true, n) => format!("{n} less than the {before} before: {after} takes {n} spaces"),
                    };
                    Expected { leasing: true, ..plain(id, if taken { before - count } else { before }, why) }
                })
                .collect()
        }
        CapacityRule::Rejected => now(&|| format!("unchanged: {after} was rejected")),
        CapacityRule::Unchanged => now(&|| format!("unchanged: {after} has no further effect")),
        CapacityRule::Held(_) => now(&|| "unchanged: the OrderProposal keeps the lease".to_owned()),
        CapacityRule::Restored => {
            let known = counts.keys().filter_map(|id| Some((*id, *history.fetched.get(*id)?)));
            known
                .map(|(id, before)| plain(id, before, format!("as before the OrderQuote: {after} releases the lease")))
                .collect()
        }
        CapacityRule::Amended => {
            let why = || format!("as before the OrderQuote: {after} no longer includes the opportunity");
            history.dropped.iter().map(|(id, capacity)| plain(id, *capacity, why())).collect()
        }
        CapacityRule::Changed(change) => changed(*change, after, history, &counts),
        CapacityRule::Unknown => Vec::new(),
        CapacityRule::Exactly(capacity, ids) => {
            ids.iter().map(|id| plain(id, *capacity, "the capacity that leases leave".to_owned())).collect()
        }
    }
}

/// The capacity after a cancellation or deletion.
fn changed(change: CapacityChange, after: &str, history: &History, counts: &BTreeMap<&str, i64>) -> Vec<Expected> {
    let mut back: BTreeMap<&str, i64> = BTreeMap::new();
    if change == CapacityChange::GivenBack {
        for item in cancelled_positions(history).into_iter().filter_map(|position| history.items.get(position)) {
            *back.entry(&item.opportunity_id).or_default() += 1;
        }
    }
    let known = counts.keys().filter_map(|id| {
        let now = history.capacities.get(*id).copied()?;
        let (capacity, why) = match (change, back.get(id)) {
            (CapacityChange::Restored, _) => (history.fetched.get(*id).copied()?, "as before the Order".to_owned()),
            (CapacityChange::GivenBack, Some(count)) => {
                (now + count, format!("{count} more than the {now} before: {after} releases the booked spaces"))
            }
            _ => (now, format!("unchanged: {after} releases no capacity")),
        };
        Some(Expected { id: (*id).to_owned(), capacity, why, leasing: false })
    });
    known.collect()
}

/// The positions of the OrderItems that the customer cancelled last, by the first response of the booking.
fn cancelled_positions(history: &History) -> Vec<usize> {
    let Some(first) = history.proposal.as_ref().or(history.booked.as_ref()) else { return Vec::new() };
    let cancelled = |id: &str| history.cancelled.iter().any(|known| known == id);
    items(first)
        .iter()
        .filter(|item| item.get("@id").and_then(serde_json::Value::as_str).is_some_and(cancelled))
        .filter_map(position_of)
        .collect()
}

/// The requirements that are broken where the feeds show less (`less`) or more of an opportunity than the capacity that is
/// left, the most specific first; none where the specification has no sentence for it.
fn broken_by_capacity(seen: &CapacitySeen<'_>, less: bool) -> &'static [&'static str] {
    const CURRENT: &[&str] = &["OB-booking-pre-conditions-3"];
    let CapacitySeen { watched, stage, history, context, .. } = *seen;
    match (&watched.rule, stage) {
        (CapacityRule::Requested, stage) if !takes(history, context) => {
            let (anonymous, named) = context.leasing(history);
            match (stage, less) {
                (Stage::C1, true) if !anonymous => {
                    &["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"]
                }
                (Stage::C2, _) if anonymous => &["OB-leasing-5", "OB-booking-pre-conditions-3"],
                (Stage::C2, true) if !named => {
                    &["OB-booking-system-contract-with-the-broker-29", "OB-orderquote-creation-c2-4"]
                }
                (Stage::B, true) => &["OB-leasing-6"],
                _ => CURRENT,
            }
        }
        (CapacityRule::Repeated, _) | (CapacityRule::Unchanged, Stage::B) => {
            &["OB-endpoints-4", "OB-booking-system-contract-with-the-broker-22"]
        }
        (CapacityRule::Unchanged, Stage::C1) => &["OB-endpoints-1", "OB-booking-system-contract-with-the-broker-19"],
        (CapacityRule::Unchanged, Stage::C2) => &["OB-endpoints-2", "OB-booking-system-contract-with-the-broker-20"],
        (CapacityRule::Unchanged, Stage::P) => &["OB-endpoints-3", "OB-booking-system-contract-with-the-broker-21"],
        (CapacityRule::Held(false), _) => &["OB-proposal-leasing-1"],
        (CapacityRule::Held(true), _) => &["OB-proposal-leasing-2"],
        (CapacityRule::Amended, _) => &["OB-amending-the-orderquote-before-b-3"],
        (CapacityRule::Exactly(..), _) if history.batches > 1 && less => &["OB-amending-the-orderquote-before-b-3"],
        (CapacityRule::Exactly(..), _) if history.batches > 1 => &["OB-amending-the-orderquote-before-b-4"],
        (CapacityRule::Changed(CapacityChange::Restored), Stage::QuoteDelete) => &["OB-orderquote-deletion-2"],
        (CapacityRule::Rejected, stage) => broken_by_rejection(history, stage, less),
        _ => CURRENT,
    }
}

/// The requirements that are broken where a rejected request takes (`less`) or releases capacity.
fn broken_by_rejection(history: &History, stage: Stage, less: bool) -> &'static [&'static str] {
    let mismatch = history.rejection == Some(ErrorName::TotalPaymentDueMismatch);
    match (stage, less) {
        (Stage::C1, true) => &["OB-booking-system-contract-with-the-broker-28", "OB-orderquote-creation-c1-5"],
        (Stage::C2, true) => &["OB-booking-system-contract-with-the-broker-29", "OB-orderquote-creation-c2-4"],
        (Stage::P, true) => {
            &["OB-booking-system-contract-with-the-broker-0-2", "OB-step-by-step-process-description-0-14"]
        }
        (Stage::B, true) => &["OB-booking-system-contract-with-the-broker-6"],
        (Stage::P, false) if mismatch => &["OB-step-by-step-process-description-0-31"],
        (Stage::B, false) if mismatch => &["OB-step-by-step-process-description-50"],
        (Stage::OrderPatch, false) => &["OB-order-cancellation-4", "OB-customer-requested-cancellation-12"],
        (Stage::OrderPatch, true) => &["OB-booking-pre-conditions-3"],
        // No sentence is about it.
        _ => &[],
    }
}

/// Whether a cancellation has kept the capacity of its OrderItems, or some of it. The remaining capacity must be current, but no
/// sentence says that a cancelled space is for sale again. OrderQuote Deletion must release a lease.
#[must_use]
pub fn kept_after_cancellation(
    rule: &CapacityRule,
    stage: Option<Stage>,
    (expected, found): (&Expected, Option<i64>),
    history: &History,
) -> bool {
    let releases = matches!(rule, CapacityRule::Changed(CapacityChange::GivenBack | CapacityChange::Restored));
    let before = history.capacities.get(&expected.id).copied();
    releases
        && stage != Some(Stage::QuoteDelete)
        && before.zip(found).is_some_and(|(before, found)| (before..expected.capacity).contains(&found))
}

/// Whether a rejection has ended the lease of its OrderQuote or OrderProposal, or an OrderProposal that of its OrderQuote, or a part of
/// it. No sentence says that a lease outlives a rejection, but for one of another total; that an OrderProposal keeps it is
/// recommended, which `lease-carried-over` judges.
#[must_use]
pub fn lease_ended(rule: &CapacityRule, (expected, found): (&Expected, Option<i64>), history: &History) -> bool {
    let may_end = history.booked.is_none()
        && match rule {
            CapacityRule::Rejected => history.rejection != Some(ErrorName::TotalPaymentDueMismatch),
            CapacityRule::Unchanged => history.proposal.is_some(),
            _ => false,
        };
    let whole = history.fetched.get(&expected.id).copied();
    may_end && whole.zip(found).is_some_and(|(whole, found)| expected.capacity < found && found <= whole)
}

/// Expects the feeds to show the capacity of an opportunity that is left.
fn expect_in_feeds(seen: &CapacitySeen<'_>) -> Outcome {
    let Some((expected, sight)) = seen.about else {
        let reason = seen.watched.unreadable.clone().unwrap_or_default();
        let finding = Finding::new(reason).spec(LEASING);
        return Outcome::blocked(finding.hint("read the feeds with `oa-test feeds`"));
    };
    let met = sight.missing.is_none() && sight.capacity == Some(expected.capacity);
    if met || lease_ended(&seen.watched.rule, (expected, sight.capacity), seen.history) {
        return Outcome { exchanges: sight.exchange.into_iter().collect(), ..Outcome::held() };
    }
    let Expected { id, capacity, why, leasing } = expected;
    let after = &seen.watched.after;
    let property = sight.property.as_deref().unwrap_or("remainingAttendeeCapacity");
    let (message, found) = match (sight.capacity, &sight.missing) {
        (Some(capacity), _) => (format!("`{property}` of {id} is {capacity} after {after}"), capacity.to_string()),
        (None, Some(missing)) => (format!("`{property}` of {id} is not published after {after}"), missing.clone()),
        (None, None) => (format!("`{property}` of {id} is missing after {after}"), "nothing".to_owned()),
    };
    let less = sight.capacity.is_some_and(|found| found < *capacity);
    let broken: &[&str] = match sight.capacity {
        found if kept_after_cancellation(&seen.watched.rule, Some(seen.stage), (expected, found), seen.history) => &[],
        Some(_) => broken_by_capacity(seen, less),
        None => &["OB-booking-pre-conditions-3"],
    };
    let mut finding = Finding::new(message)
        .expected(format!("{capacity} ({why})"), found)
        .path(property)
        .spec(LEASING)
        .violating(broken.iter().copied());
    if *leasing {
        finding = finding.hint(
            "where capacity is taken depends on `implementedFeatures.anonymous-leasing` (at C1) and \
             `implementedFeatures.named-leasing` (at C2); without either it is taken at B",
        );
    }
    // An opportunity that was picked is not the tester's: others may delete it at any time.
    let gone = sight.capacity.is_none() && sight.missing.is_some();
    if gone && seen.context.config.mode == Mode::Random {
        let hint = "the opportunity has left the feeds meanwhile: run the test again";
        return Outcome::blocked(with(finding, sight.exchange).hint(hint));
    }
    Outcome::broken(with(finding, sight.exchange))
}

/// The finding about the remaining capacity in an OrderQuote. `expected`: the capacity with its reason.
fn wrong_in_quote(
    answered: &Answered<'_>,
    path: String,
    (wanted, found): (i64, Option<i64>),
    expected: String,
) -> Finding {
    let message = match found {
        Some(found) => format!("`{path}` is {found}"),
        None => format!("`{path}` is missing"),
    };
    let found_text = found.map_or_else(|| "nothing".to_owned(), |found| found.to_string());
    let finding = Finding::new(message).expected(expected, found_text).path(path).spec(LEASING);
    let broken: &[&str] = match found {
        // The specification only recommends the property; the public suite requires it.
        None if answered.context.strict() => &["OB-opportunity-data-properties-21"],
        None => &["OB-opportunity-data-properties-4", "OB-opportunity-data-properties-21"],
        Some(found) if found < wanted => &["OB-step-by-step-process-description-10"],
        Some(_) => &["OB-step-by-step-process-description-8", "OB-step-by-step-process-description-9"],
    };
    let finding = finding.violating(broken.iter().copied());
    let at_c2 = answered.exchanged.stage == Stage::C2 && found.is_some();
    answered.with(if at_c2 { finding.violating(["OB-step-by-step-process-description-25"]) } else { finding })
}

/// Expects the capacity of an OrderQuote not to count its own lease: it is that of the feeds before the booking.
fn expect_in_quote(answered: &Answered<'_>) -> Outcome {
    let entries = items(answered.seen.body);
    match &answered.exchanged.purpose {
        Purpose::Quote if answered.succeeded() => {}
        Purpose::Batch(batch) if answered.succeeded() || answered.rejection() => {
            return expect_in_batch(answered, batch.shows);
        }
        _ => return Outcome::absent(),
    }
    let history = answered.history;
    Outcome::of(entries.iter().enumerate().find_map(|(index, entry)| {
        let item = history.items.get(position_of(entry)?)?;
        let expected = *history.fetched.get(&item.opportunity_id)?;
        let found = entry.get("orderedItem").and_then(capacity);
        (found != Some(expected)).then(|| {
            let property = capacity_property(&item.opportunity).unwrap_or("remainingAttendeeCapacity");
            let path = format!("orderedItem[{index}].orderedItem.{property}");
            let why = format!("{expected}, as in the feed before (an OrderQuote does not count its own lease)");
            wrong_in_quote(answered, path, (expected, found), why)
        })
    }))
}

/// Expects the same capacity on every OrderItem.
fn expect_in_batch(answered: &Answered<'_>, shows: i64) -> Outcome {
    let entries = items(answered.seen.body);
    // A request that was not rejected with errors of its OrderItems is left to `rejection-status`.
    if answered.rejection() && entries.is_empty() {
        return Outcome::absent();
    }
    // Other checks report a wrong number of OrderItems, and in strict runs their positions.
    let wanted = answered.history.items.len();
    let judged_elsewhere = answered.succeeded() && (entries.len() != wanted || answered.context.strict());
    Outcome::of((0..wanted).find_map(|position| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        let Some((index, entry)) = found else {
            return (!judged_elsewhere).then(|| no_position(answered, position));
        };
        let left = entry.get("orderedItem").and_then(capacity);
        (left != Some(shows)).then(|| {
            let path = format!("orderedItem[{index}].orderedItem.remainingAttendeeCapacity");
            let why = format!("{shows}, without the leases of other customers, and with the own lease");
            wrong_in_quote(answered, path, (shows, left), why)
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_need_no_more_than_the_spaces_there_are() {
        let counts = BTreeMap::from([("a", 1), ("b", 2)]);
        let spaces = |a: i64, b: i64| BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        assert_eq!(oversold(&counts, &spaces(1, 2), 1), None);
        assert_eq!(oversold(&counts, &spaces(1, 4), 2), Some(("a", 1)));
        assert_eq!(oversold(&counts, &spaces(2, 3), 2), Some(("b", 3)));
        assert_eq!(oversold(&counts, &BTreeMap::new(), 9), None, "an opportunity without a limit");
    }
}
