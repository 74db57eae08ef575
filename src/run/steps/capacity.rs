//! Remaining capacity: what the feeds must show after each step.

use std::collections::BTreeMap;

use crate::plan::{capacity, capacity_property};
use crate::results::Finding;
use crate::run::cell::CellRun;

use super::SPEC;

/// Checks that the feeds come to show the capacity of every opportunity of the Order, `taken` times the number of its
/// OrderItems less than before.
pub(super) async fn in_feeds(run: &mut CellRun, after: &str, taken: bool) {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for item in &run.items {
        *counts.entry(item.opportunity_id.clone()).or_default() += 1;
    }
    let name = format!("the feeds show the right capacity after {after}");
    run.waits_for(format!("the capacity after {after}"));
    let session = std::sync::Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    if let Err(reason) = session.opportunities.catch_up(deadline).await {
        run.log().block(name, Finding::new(reason).spec(format!("{SPEC}#leasing")));
        return;
    }
    for (id, count) in counts {
        let Some(before) = run.capacities.get(&id).copied() else { continue };
        let expected = if taken { before - count } else { before };
        run.capacities.insert(id.clone(), expected);
        let wanted = |data: &serde_json::Value| capacity(data) == Some(expected);
        let finding = match session.opportunities.wait_for(&id, deadline, wanted).await {
            Ok(located) => {
                if let Some(exchange) = located.exchange {
                    run.log().exchange(exchange);
                }
                None
            }
            Err(miss) => {
                let last = miss.last.as_ref().and_then(|located| capacity(&located.data));
                let property = miss.last.as_ref().and_then(|located| capacity_property(&located.data));
                let why = match (taken, count) {
                    (false, _) => format!("as before: {after} takes no capacity by the configured leasing features"),
                    (true, 1) => format!("1 less than the {before} before: {after} takes one space"),
                    (true, n) => format!("{n} less than the {before} before: {after} takes {n} spaces"),
                };
                let found = last.map_or_else(|| miss.reason.clone(), |last| last.to_string());
                let mut finding = Finding::new(format!("the remaining capacity of {id} is not right after {after}"))
                    .expected(format!("{expected} ({why})"), found)
                    .path(property.unwrap_or("remainingAttendeeCapacity"))
                    .spec(format!("{SPEC}#leasing"))
                    .hint(
                        "where capacity is taken depends on `implementedFeatures.anonymous-leasing` (at C1) and \
                         `implementedFeatures.named-leasing` (at C2); without either it is taken at B",
                    );
                if let Some(exchange) = miss.last.and_then(|located| located.exchange) {
                    finding = finding.exchange(exchange);
                }
                Some(finding)
            }
        };
        run.log().check(format!("{name}: {id}"), None, finding);
    }
}
