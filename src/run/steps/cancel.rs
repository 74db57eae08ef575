//! Cancellation of OrderItems, and rejection of an OrderProposal, by the customer.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{ItemChoice, OrderChoice, Step, Template};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::requests::{cancellation, rejection, uuid};
use crate::vocabulary::Profile;

use super::await_feed::{effect, no_effect, quiet_for, watch_for};
use super::capacity::{after_change, untouched};
use super::order::{ordered_items, position_of};
use super::refused::{Refusal, refused};
use super::{SPEC, done, lacking, section, send};

/// The `@id`s of the OrderItems by their positions, as the first answer of the booking tells both.
fn ids_by_position(run: &CellRun) -> Vec<(usize, String)> {
    let own = run.history.proposal.as_ref().or(run.history.booked.as_ref());
    let Some(first) = own.or(run.history.foreign.as_ref()) else { return Vec::new() };
    let mut ids: Vec<(usize, String)> = ordered_items(first)
        .iter()
        .filter_map(|item| Some((position_of(item)?, item.get("@id")?.as_str()?.to_owned())))
        .collect();
    ids.sort_unstable();
    ids
}

/// The customer cancels OrderItems.
pub(super) async fn cancel(
    run: &mut CellRun,
    template: Template,
    items: ItemChoice,
    order: OrderChoice,
    step: &Step,
) -> bool {
    let title = match template.summary() {
        "" => "Cancellation by the customer".to_owned(),
        differently => format!("Cancellation by the customer {differently}"),
    };
    run.begin("cancel", title);
    let ids = ids_by_position(run);
    let chosen: Vec<String> = match items {
        ItemChoice::All => ids.into_iter().map(|(_, id)| id).collect(),
        ItemChoice::First => ids.into_iter().filter(|(position, _)| *position == 0).map(|(_, id)| id).collect(),
        ItemChoice::Rest => ids.into_iter().filter(|(position, _)| *position > 0).map(|(_, id)| id).collect(),
        ItemChoice::Unknown => ids.into_iter().take(1).map(|(_, id)| format!("{id}-0-")).collect(),
    };
    if chosen.is_empty() {
        let finding = Finding::new("the Order has no OrderItems with a position and an @id")
            .expected("position and @id of each OrderItem", "none")
            .path("orderedItem");
        run.log().block("there are OrderItems to cancel", finding);
        return run.end();
    }
    let Some(watched) = watch_for(run, step).await else { return run.end() };
    let Some(quiet) = quiet_for(run, step).await else { return run.end() };
    let of = match order {
        OrderChoice::Own => run.history.uuid.clone(),
        OrderChoice::Unknown => uuid(&mut run.ids),
    };
    let spec = section(run, step);
    let body = cancellation(template, &chosen);
    let response = send(run, "Cancellation", Method::PATCH, &format!("orders/{of}"), Some(&body)).await;
    if let Some(error) = step.fails {
        refused(run, &response, Refusal { what: "the cancellation", error: Some(error), mode: None, spec: &spec });
        untouched(run, "the cancellation", &response, Some(Profile::Strict)).await;
        return run.end();
    }
    run.history.cancelled = chosen;
    if done(run, &response, "the cancellation", &spec) {
        effect(run, "the cancellation", response.exchange(), watched, step).await;
        if let Some((feed, watch)) = quiet {
            no_effect(run, "the repeated cancellation", feed, watch, step).await;
        }
        after_change(run, "the cancellation", step.capacity).await;
    }
    run.end()
}

/// The customer rejects an OrderProposal.
pub(super) async fn reject(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.begin("reject", format!("Rejection by the customer {}", template.summary()).trim_end().to_owned());
    if !run.history.proposal.as_ref().is_some_and(Value::is_object) {
        return lacking(run, "an OrderProposal");
    }
    let Some(watched) = watch_for(run, step).await else { return run.end() };
    let Some(quiet) = quiet_for(run, step).await else { return run.end() };
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#customer-requested-proposal-cancellation"));
    let path = format!("order-proposals/{}", run.history.uuid);
    let response = send(run, "Rejection", Method::PATCH, &path, Some(&rejection(template))).await;
    if let Some(error) = step.fails {
        refused(run, &response, Refusal { what: "the rejection", error: Some(error), mode: None, spec: &spec });
        return run.end();
    }
    if done(run, &response, "the rejection", &spec) {
        effect(run, "the rejection", response.exchange(), watched, step).await;
        if let Some((feed, watch)) = quiet {
            no_effect(run, "the repeated rejection", feed, watch, step).await;
        }
        after_change(run, "the rejection", step.capacity).await;
    }
    run.end()
}
