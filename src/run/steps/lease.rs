//! Leasing of as much capacity as is wanted, and of more.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalogue::{Checkpoint, LeaseBatch, Template};
use crate::checks::{capacity, rejection, response};
use crate::client::Response;
use crate::plan::capacity;
use crate::results::{ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::trace::OrderItem;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::ErrorName;

use super::SPEC;
use super::answer::answered;
use super::capacity::exactly;
use super::order::{ordered_items, position_of, valid, with};
use super::quote::{Quote, put, quoted};
use super::refused::{Refusal, errors_of, refused};

/// Leases each opportunity of the part several times over, for another customer and in another Order.
pub(super) async fn lease(run: &mut CellRun, batch: &LeaseBatch) -> bool {
    let stage = match batch.at {
        Checkpoint::C1 => Quote::C1,
        Checkpoint::C2 => Quote::C2,
    };
    let title = format!("{} for {} of each opportunity", stage.name(), batch.count);
    let one_each = distinct(&run.history.items);
    let opportunities: Vec<String> = one_each.iter().map(|item| item.opportunity_id.clone()).collect();
    run.history.items = one_each.iter().flat_map(|item| std::iter::repeat_n(item.clone(), batch.count)).collect();
    if !batch.same_order {
        run.new_order();
    }
    if stage == Quote::C2 {
        // The quote without a customer comes first, as always; what it may lease goes over to C2.
        run.begin("lease", format!("C1 for {} of each opportunity", batch.count));
        let (_, response) = put(run, Quote::C1, Template::Standard).await;
        if batch.refused() {
            whatever(run, &response);
        } else {
            judged(run, Quote::C1, batch, &response);
        }
        if !run.end() && !batch.refused() {
            run.history.items = one_each;
            return false;
        }
    }
    run.begin("lease", title.clone());
    let (_, response) = put(run, stage, Template::Standard).await;
    if let Some(answer) = judged(run, stage, batch, &response) {
        shows(run, stage, batch, &answer, response.exchange());
        if let Some(wanted) = batch.errors {
            let counted = counts(&answer, &run.history.items);
            let expected = (wanted.none, wanted.reserved, wanted.insufficient, 0);
            let wrong = opportunities.iter().find_map(|id| {
                let found = counted.get(id).copied().unwrap_or_default();
                (found != expected).then_some((id, found))
            });
            let words = |(none, reserved, insufficient, other): (usize, usize, usize, usize)| {
                format!(
                    "{none} without error, {reserved} {}, {insufficient} {}{}",
                    ErrorName::OpportunityCapacityIsReservedByLease,
                    ErrorName::OpportunityHasInsufficientCapacity,
                    if other > 0 { format!(", {other} with another error") } else { String::new() }
                )
            };
            let finding = wrong.map(|(id, found)| {
                let finding = Finding::new(format!("the OrderItems of {id} have other errors than they should"))
                    .expected(words(expected), words(found))
                    .path("orderedItem[*].error")
                    .spec(format!("{SPEC}#leasing"));
                with(finding, response.exchange())
            });
            run.log().check(
                rejection::ORDER_ITEM_ERRORS.says("each OrderItem has the error that tells why it cannot be leased"),
                None,
                finding,
            );
        }
    }
    let left: Vec<(String, i64)> = opportunities.into_iter().map(|id| (id, batch.leaves)).collect();
    exactly(run, &title, left.clone()).await;
    let mut usable = run.end();
    if batch.again && usable {
        run.begin("lease", format!("{title}, once more"));
        let (_, response) = put(run, stage, Template::Standard).await;
        if let Some(answer) = judged(run, stage, batch, &response) {
            shows(run, stage, batch, &answer, response.exchange());
        }
        if run.strict() {
            exactly(run, "the same request once more", left).await;
        }
        usable = run.end();
    }
    run.history.items = one_each;
    usable
}

/// One OrderItem for each opportunity.
fn distinct(items: &[OrderItem]) -> Vec<OrderItem> {
    let mut seen: Vec<&str> = Vec::new();
    let mut one_each = Vec::new();
    for item in items {
        if !seen.contains(&item.opportunity_id.as_str()) {
            seen.push(&item.opportunity_id);
            one_each.push(item.clone());
        }
    }
    one_each
}

/// Judges C1 before a C2 that must be refused: whether it is refused too is left to the booking system.
fn whatever(run: &mut CellRun, response: &Response) {
    let spec = Quote::C1.spec();
    if !answered(run.log(), response, "C1", &spec) {
        return;
    }
    let mode = match response.status {
        Some(200) => Mode::C1Response,
        Some(409) => Mode::C1Response.with_item_errors(),
        _ => Mode::OpenBookingError,
    };
    match response.json() {
        Ok(_) => valid(run.log(), mode, &response.body, &spec, response.exchange()),
        Err(problem) => {
            let finding = Finding::new(format!("the answer to C1 cannot be read: {problem}")).spec(&spec);
            run.log().check(
                response::JSON_OBJECT.says("C1 answers with a JSON object"),
                None,
                Some(with(finding, response.exchange())),
            );
        }
    }
}

/// Judges the answer as a success or refusal. Its body, where there is one.
fn judged(run: &mut CellRun, stage: Quote, batch: &LeaseBatch, response: &Response) -> Option<Value> {
    let spec = stage.spec();
    if batch.refused() {
        // Which OrderItem has which error is counted by the caller.
        return refused(
            run,
            response,
            Refusal { what: stage.name(), error: None, mode: Some(stage.mode()), spec: &spec },
        );
    }
    quoted(run, stage, response, &spec)
}

/// Every OrderItem shows the capacity that it should.
fn shows(run: &mut CellRun, stage: Quote, batch: &LeaseBatch, answer: &Value, exchange: Option<ExchangeId>) {
    let entries = ordered_items(answer);
    let wrong = (0..run.history.items.len()).find_map(|position| {
        let found = entries.iter().enumerate().find(|(_, entry)| position_of(entry) == Some(position));
        let Some((index, entry)) = found else {
            return Some(
                Finding::new(format!("no OrderItem of the answer has position {position}"))
                    .expected(format!("an OrderItem with position {position}"), "none")
                    .path("orderedItem[*].position"),
            );
        };
        let left = entry.get("orderedItem").and_then(capacity);
        (left != Some(batch.shows)).then(|| {
            Finding::new(format!("{} shows another remaining capacity than is left to this customer", stage.name()))
                .expected(batch.shows.to_string(), left.map_or_else(|| "nothing".to_owned(), |left| left.to_string()))
                .path(format!("orderedItem[{index}].orderedItem.remainingAttendeeCapacity"))
        })
    });
    let finding = wrong.map(|finding| with(finding.spec(format!("{SPEC}#leasing")), exchange));
    let shows = format!("every OrderItem shows a remaining capacity of {}", batch.shows);
    run.log().check(capacity::CAPACITY_IN_QUOTE.says(shows), None, finding);
}

/// OrderItems of each opportunity: without an error, reserved by lease, insufficient, with another error. The first error
/// of each counts.
fn counts(answer: &Value, items: &[OrderItem]) -> BTreeMap<String, (usize, usize, usize, usize)> {
    let mut counts: BTreeMap<String, (usize, usize, usize, usize)> = BTreeMap::new();
    for entry in ordered_items(answer) {
        let Some(item) = position_of(entry).and_then(|position| items.get(position)) else { continue };
        let count = counts.entry(item.opportunity_id.clone()).or_default();
        match errors_of(entry).first() {
            None => count.0 += 1,
            Some(name) if *name == ErrorName::OpportunityCapacityIsReservedByLease.name() => count.1 += 1,
            Some(name) if *name == ErrorName::OpportunityHasInsufficientCapacity.name() => count.2 += 1,
            Some(_) => count.3 += 1,
        }
    }
    counts
}
