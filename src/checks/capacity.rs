//! Remaining capacity in quotes and opportunity feeds, and leases.

use std::collections::BTreeMap;

use crate::opportunity::{capacity, capacity_property};
use crate::results::Finding;
use crate::trace::{CapacityRule, History, Purpose};
use crate::vocabulary::{CapacityChange, Stage};

use super::outcome::Outcome;
use super::rejection::no_position;
use super::row::rows;
use super::seen::{items, position_of};
use super::view::{Answered, CapacitySeen, Context, Expected, with};

/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";

rows! {
    CAPACITY_IN_QUOTE = "capacity-in-quote": "an answer shows the capacity that is left to the customer"
        at [C1 C2], response(in_quote) {
        C1: [
            "OB-step-by-step-process-description-8",
            "OB-step-by-step-process-description-9",
            "OB-step-by-step-process-description-10",
            "OB-booking-system-contract-with-the-broker-12",
            "OB-opportunity-data-properties-21",
        ],
        C2: ["OB-booking-system-contract-with-the-broker-12"],
    }
    CAPACITY_IN_FEEDS = "capacity-in-feeds": "the opportunity feeds come to show the capacity that is left"
        at [Any C1 C2 P B], capacity(in_feeds) {
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
    CAPACITY_KEPT_AFTER_REJECTION = "capacity-kept-after-rejection": "a request that was refused takes no capacity, and gives none back"
        at [C1 C2 P B], capacity(in_feeds) {
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
    LEASE_CARRIED_OVER = "lease-carried-over": "an OrderProposal holds what its OrderQuote has leased"
        at [P], capacity(in_feeds) {
        P: ["OB-proposal-leasing-1"],
    }
    LEASE_EXTENDED = "lease-extended": "an OrderProposal holds it after the lease of its OrderQuote is over"
        at [P], capacity(in_feeds) {
        P: ["OB-proposal-leasing-2"],
    }
}

/// OrderItems of each opportunity of the Order.
fn counts(history: &History) -> BTreeMap<&str, i64> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for item in &history.items {
        *counts.entry(&item.opportunity_id).or_default() += 1;
    }
    counts
}

/// Whether the last request of the booking takes capacity, by the leasing features.
fn takes(history: &History, context: &Context<'_>) -> bool {
    let (anonymous, named) = context.leasing();
    match history.requested {
        // A lease goes with the Order: C1 once more takes no other one.
        Some(Stage::C1) => anonymous && history.quotes == 1,
        Some(Stage::C2) if history.quotes > 1 => named && !anonymous,
        Some(Stage::C2) => named || anonymous,
        _ => history.quotes == 0 || !(anonymous || named),
    }
}

/// The capacity that the opportunity feeds must come to show after something.
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
                            format!("as before: {after} takes no capacity by the configured leasing features")
                        }
                        (true, 1) => format!("1 less than the {before} before: {after} takes one space"),
                        (true, n) => format!("{n} less than the {before} before: {after} takes {n} spaces"),
                    };
                    Expected { leasing: true, ..plain(id, if taken { before - count } else { before }, why) }
                })
                .collect()
        }
        CapacityRule::Rejected => now(&|| format!("as before: {after} was refused")),
        CapacityRule::Unchanged => now(&|| format!("as before: {after} changes nothing")),
        CapacityRule::Held(_) => now(&|| "as before: the OrderProposal holds it".to_owned()),
        CapacityRule::Restored => {
            let known = counts.keys().filter_map(|id| Some((*id, *history.fetched.get(*id)?)));
            known.map(|(id, before)| plain(id, before, format!("as before the OrderQuote: {after} frees it"))).collect()
        }
        CapacityRule::Amended => {
            let why = || format!("as before the OrderQuote: {after} does not ask for it any more");
            history.dropped.iter().map(|(id, capacity)| plain(id, *capacity, why())).collect()
        }
        CapacityRule::Changed(change) => changed(*change, after, history, &counts),
        CapacityRule::Unknown => Vec::new(),
        CapacityRule::Exactly(capacity, ids) => {
            ids.iter().map(|id| plain(id, *capacity, "what leases leave".to_owned())).collect()
        }
    }
}

/// What a cancellation or deletion makes of the capacity.
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
                (now + count, format!("{count} more than the {now} before: {after} gives back what was booked"))
            }
            _ => (now, format!("as before: {after} changes no capacity")),
        };
        Some(Expected { id: (*id).to_owned(), capacity, why, leasing: false })
    });
    known.collect()
}

/// The positions of the OrderItems that were cancelled last, by the first response of the booking.
fn cancelled_positions(history: &History) -> Vec<usize> {
    let Some(first) = history.proposal.as_ref().or(history.booked.as_ref()) else { return Vec::new() };
    let cancelled = |id: &str| history.cancelled.iter().any(|known| known == id);
    items(first)
        .iter()
        .filter(|item| item.get("@id").and_then(serde_json::Value::as_str).is_some_and(cancelled))
        .filter_map(position_of)
        .collect()
}

/// The feeds come to show the capacity of an opportunity that is left.
fn in_feeds(seen: &CapacitySeen<'_>) -> Outcome {
    let Some((expected, sight)) = seen.about else {
        let reason = seen.watched.unreadable.clone().unwrap_or_default();
        return Outcome::blocked(Finding::new(reason).spec(LEASING));
    };
    if sight.missing.is_none() && sight.capacity == Some(expected.capacity) {
        return Outcome { exchanges: sight.exchange.into_iter().collect(), ..Outcome::held() };
    }
    let found = match (sight.capacity, &sight.missing) {
        (Some(capacity), _) => capacity.to_string(),
        (None, Some(missing)) => missing.clone(),
        (None, None) => "nothing".to_owned(),
    };
    let Expected { id, capacity, why, leasing } = expected;
    let mut finding = Finding::new(format!("the remaining capacity of {id} is not right after {}", seen.watched.after))
        .expected(format!("{capacity} ({why})"), found)
        .path(sight.property.as_deref().unwrap_or("remainingAttendeeCapacity"))
        .spec(LEASING);
    if *leasing {
        finding = finding.hint(
            "where capacity is taken depends on `implementedFeatures.anonymous-leasing` (at C1) and \
             `implementedFeatures.named-leasing` (at C2); without either it is taken at B",
        );
    }
    Outcome::broken(with(finding, sight.exchange))
}

/// The capacity in a quote does not count the quote's own lease: it is what the feeds showed before.
fn in_quote(answered: &Answered<'_>) -> Outcome {
    let entries = items(answered.seen.body);
    match &answered.exchanged.purpose {
        Purpose::Quote if answered.succeeded() => {}
        Purpose::Batch(batch) if answered.succeeded() || answered.rejection() => {
            return in_batch(answered, batch.shows);
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
            answered.with(
                Finding::new(format!("the quote shows another remaining capacity of {}", item.opportunity_id))
                    .expected(
                        format!("{expected}, as in the feed before (a quote does not count its own lease)"),
                        found.map_or_else(|| "nothing".to_owned(), |found| found.to_string()),
                    )
                    .path(format!("orderedItem[{index}].orderedItem.{property}"))
                    .spec(LEASING),
            )
        })
    }))
}

/// Every OrderItem shows so much capacity.
fn in_batch(answered: &Answered<'_>, shows: i64) -> Outcome {
    let entries = items(answered.seen.body);
    Outcome::of((0..answered.history.items.len()).find_map(|position| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        let Some((index, entry)) = found else { return Some(no_position(answered, position)) };
        let left = entry.get("orderedItem").and_then(capacity);
        (left != Some(shows)).then(|| {
            let what = answered.exchanged.stage.name().to_uppercase();
            let finding =
                Finding::new(format!("{what} shows another remaining capacity than is left to this customer"))
                    .expected(shows.to_string(), left.map_or_else(|| "nothing".to_owned(), |left| left.to_string()))
                    .path(format!("orderedItem[{index}].orderedItem.remainingAttendeeCapacity"));
            answered.with(finding.spec(LEASING))
        })
    }))
}
