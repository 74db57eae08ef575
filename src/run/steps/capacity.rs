//! Remaining capacity: what the feeds must show after each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::CapacityChange;
use crate::checks::{Row, capacity};
use crate::client::Response;
use crate::plan::{capacity, capacity_property};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::vocabulary::Profile;

use super::SPEC;
use super::order::{ordered_items, position_of};

/// OrderItems of each opportunity of the Order.
fn counts(run: &CellRun) -> BTreeMap<String, i64> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for item in &run.history.items {
        *counts.entry(item.opportunity_id.clone()).or_default() += 1;
    }
    counts
}

/// Checks that the feeds come to show the capacity of every opportunity of the Order, `taken` times the number of its
/// OrderItems less than before.
pub(super) async fn in_feeds(run: &mut CellRun, after: &str, taken: bool) {
    let expected: Vec<Expected> = counts(run)
        .into_iter()
        .filter_map(|(id, count)| {
            let before = run.history.capacities.get(&id).copied()?;
            let why = match (taken, count) {
                (false, _) => format!("as before: {after} takes no capacity by the configured leasing features"),
                (true, 1) => format!("1 less than the {before} before: {after} takes one space"),
                (true, n) => format!("{n} less than the {before} before: {after} takes {n} spaces"),
            };
            let expected = if taken { before - count } else { before };
            Some(Expected { id, capacity: expected, why, leasing: true })
        })
        .collect();
    shown(run, after, capacity::CAPACITY_IN_FEEDS, None, expected).await;
}

/// Checks, in strict runs, that a request which was refused took no capacity. Where it was not refused, nobody knows what it
/// took, and nothing is awaited from here on.
pub(super) async fn untouched(run: &mut CellRun, after: &str, response: &Response, profile: Option<Profile>) {
    if response.status.is_some_and(|status| (200..300).contains(&status)) {
        run.history.capacities.clear();
        return;
    }
    if profile == Some(Profile::Strict) && !run.strict() {
        return;
    }
    let expected: Vec<Expected> = counts(run)
        .into_keys()
        .filter_map(|id| {
            let before = run.history.capacities.get(&id).copied()?;
            let why = format!("as before: {after} was refused");
            Some(Expected { id, capacity: before, why, leasing: false })
        })
        .collect();
    shown(run, after, capacity::CAPACITY_KEPT_AFTER_REJECTION, profile, expected).await;
}

/// Checks that the capacity stays as it is after a request that was made once more.
pub(super) async fn as_now(run: &mut CellRun, after: &str) {
    let expected: Vec<Expected> = counts(run)
        .into_keys()
        .filter_map(|id| {
            let now = run.history.capacities.get(&id).copied()?;
            Some(Expected { id, capacity: now, why: format!("as before: {after} changes nothing"), leasing: false })
        })
        .collect();
    shown(run, after, capacity::CAPACITY_IN_FEEDS, None, expected).await;
}

/// Checks that an OrderProposal holds what its OrderQuote has leased.
pub(super) async fn held(run: &mut CellRun, after: &str, check: &'static Row) {
    let expected: Vec<Expected> = counts(run)
        .into_keys()
        .filter_map(|id| {
            let now = run.history.capacities.get(&id).copied()?;
            let why = "as before: the OrderProposal holds it".to_owned();
            Some(Expected { id, capacity: now, why, leasing: false })
        })
        .collect();
    shown(run, after, check, None, expected).await;
}

/// Checks that everything that was held is free again.
pub(super) async fn back(run: &mut CellRun, after: &str) {
    let expected: Vec<Expected> = counts(run)
        .into_keys()
        .filter_map(|id| {
            let before = run.history.fetched.get(&id).copied()?;
            Some(Expected {
                id,
                capacity: before,
                why: format!("as before the OrderQuote: {after} frees it"),
                leasing: false,
            })
        })
        .collect();
    shown(run, after, capacity::CAPACITY_IN_FEEDS, None, expected).await;
}

/// Checks, in strict runs, that opportunities which are no more in the OrderQuote have their capacity back.
pub(super) async fn given_back_by_amendment(run: &mut CellRun, after: &str) {
    let dropped = std::mem::take(&mut run.history.dropped);
    if !run.strict() || dropped.is_empty() {
        return;
    }
    let expected = dropped
        .into_iter()
        .map(|(id, capacity)| {
            let why = format!("as before the OrderQuote: {after} does not ask for it any more");
            Expected { id, capacity, why, leasing: false }
        })
        .collect();
    shown(run, after, capacity::CAPACITY_IN_FEEDS, Some(Profile::Strict), expected).await;
}

/// Checks, in strict runs, what became of the capacity after a cancellation or deletion.
pub(super) async fn after_change(run: &mut CellRun, after: &str, change: Option<CapacityChange>) {
    let Some(change) = change.filter(|_| run.strict()) else { return };
    let mut back: BTreeMap<String, i64> = BTreeMap::new();
    if change == CapacityChange::GivenBack {
        for position in cancelled_positions(run) {
            if let Some(item) = run.history.items.get(position) {
                *back.entry(item.opportunity_id.clone()).or_default() += 1;
            }
        }
    }
    let expected: Vec<Expected> = counts(run)
        .into_keys()
        .filter_map(|id| {
            let now = run.history.capacities.get(&id).copied()?;
            let (capacity, why) = match (change, back.get(&id)) {
                (CapacityChange::Restored, _) => {
                    (run.history.fetched.get(&id).copied()?, "as before the Order".to_owned())
                }
                (CapacityChange::GivenBack, Some(count)) => {
                    (now + count, format!("{count} more than the {now} before: {after} gives back what was booked"))
                }
                _ => (now, format!("as before: {after} changes no capacity")),
            };
            Some(Expected { id, capacity, why, leasing: false })
        })
        .collect();
    shown(run, after, capacity::CAPACITY_IN_FEEDS, Some(Profile::Strict), expected).await;
}

/// The positions of the OrderItems that were cancelled last, by the first answer of the booking.
fn cancelled_positions(run: &CellRun) -> Vec<usize> {
    let Some(first) = run.history.proposal.as_ref().or(run.history.booked.as_ref()) else { return Vec::new() };
    let cancelled = |id: &str| run.history.cancelled.iter().any(|known| known == id);
    ordered_items(first)
        .iter()
        .filter(|item| item.get("@id").and_then(serde_json::Value::as_str).is_some_and(cancelled))
        .filter_map(position_of)
        .collect()
}

/// The capacity that an opportunity must come to show.
struct Expected {
    id: String,
    capacity: i64,
    why: String,
    /// Whether leasing decides it.
    leasing: bool,
}

/// Waits until the feeds show what is expected of each opportunity; whether they came to.
async fn shown(
    run: &mut CellRun,
    after: &str,
    check: &'static Row,
    profile: Option<Profile>,
    expected: Vec<Expected>,
) -> bool {
    let name = |id: &str| {
        format!("the feeds show the right capacity after {after}{}{id}", if id.is_empty() { "" } else { ": " })
    };
    run.waits_for(format!("the capacity after {after}"));
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    if expected.is_empty() {
        return true;
    }
    // A capacity that changes shows by itself. One that stays must be what the feeds show once they were read to their ends.
    let shows = |expected: &&Expected| {
        let known = session.opportunities.get(&expected.id);
        known.and_then(|known| capacity(&known.data)) == Some(expected.capacity)
    };
    let ids: Vec<&str> = expected.iter().filter(shows).map(|expected| expected.id.as_str()).collect();
    if let Err(reason) = session.opportunities.catch_up_on(&ids, deadline).await {
        run.log().block(check.says(name("")), Finding::new(reason).spec(format!("{SPEC}#leasing")));
        return false;
    }
    let mut all = true;
    for Expected { id, capacity: expected, why, leasing } in expected {
        run.history.capacities.insert(id.clone(), expected);
        let wanted = |data: &serde_json::Value| capacity(data) == Some(expected);
        let finding = match session.opportunities.wait_for_own(&id, deadline, wanted).await {
            Ok(located) => {
                if let Some(exchange) = located.exchange {
                    run.log().exchange(exchange);
                }
                None
            }
            Err(miss) => {
                let last = miss.last.as_ref().and_then(|located| capacity(&located.data));
                let property = miss.last.as_ref().and_then(|located| capacity_property(&located.data));
                let found = last.map_or_else(|| miss.reason.clone(), |last| last.to_string());
                let mut finding = Finding::new(format!("the remaining capacity of {id} is not right after {after}"))
                    .expected(format!("{expected} ({why})"), found)
                    .path(property.unwrap_or("remainingAttendeeCapacity"))
                    .spec(format!("{SPEC}#leasing"));
                if leasing {
                    finding = finding.hint(
                        "where capacity is taken depends on `implementedFeatures.anonymous-leasing` (at C1) and \
                         `implementedFeatures.named-leasing` (at C2); without either it is taken at B",
                    );
                }
                if let Some(exchange) = miss.last.and_then(|located| located.exchange) {
                    finding = finding.exchange(exchange);
                }
                Some(finding)
            }
        };
        all &= finding.is_none();
        run.log().check(check.says(name(&id)), profile, finding);
    }
    all
}

/// Checks that opportunities come to show so much capacity. Where they do not, nothing can build on it.
pub(super) async fn exactly(run: &mut CellRun, after: &str, capacities: Vec<(String, i64)>) {
    let expected = capacities
        .into_iter()
        .map(|(id, capacity)| Expected { id, capacity, why: "what leases leave".to_owned(), leasing: false })
        .collect();
    if !shown(run, after, capacity::CAPACITY_IN_FEEDS, None, expected).await {
        run.log().unusable();
    }
}
