//! Cancellation of OrderItems, and rejection of an OrderProposal, by the customer.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{ItemChoice, OrderChoice, Step, Template};
use crate::checks::{items as ordered_items, position_of};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::requests::{cancellation, rejection, uuid};
use crate::trace::Purpose;
use crate::vocabulary::{Profile, Stage};

use super::change::{self, Change};
use super::{SPEC, section};

/// The `@id`s of the OrderItems by their positions, as the first response of the booking has both.
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
        return run.lacks("an OrderItem with a position and an @id");
    }
    let Some(watches) = change::watches(run, step).await else { return run.end() };
    let of = match order {
        OrderChoice::Own => run.history.uuid.clone(),
        OrderChoice::Unknown => uuid(&mut run.ids),
    };
    let call = Call::new(Stage::OrderPatch, "the cancellation", Method::PATCH, format!("orders/{of}"))
        .label("Cancellation")
        .sending(cancellation(template, &chosen))
        .purpose(Purpose::Cancellation(chosen))
        .spec(section(run, step));
    let change = Change { call, rejected: Some(Profile::Strict), repeated: "the repeated cancellation" };
    change::make(run, change, watches, step).await;
    run.end()
}

/// The customer rejects an OrderProposal.
pub(super) async fn reject(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.begin("reject", format!("Rejection by the customer {}", template.summary()).trim_end().to_owned());
    if !run.history.proposal.as_ref().is_some_and(Value::is_object) {
        return run.lacks("OrderProposal");
    }
    let Some(watches) = change::watches(run, step).await else { return run.end() };
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#customer-requested-proposal-cancellation"));
    let path = format!("order-proposals/{}", run.history.uuid);
    let call = Call::new(Stage::ProposalPatch, "the rejection", Method::PATCH, path)
        .label("Rejection")
        .sending(rejection(template))
        .purpose(Purpose::Rejection)
        .spec(spec);
    let change = Change { call, rejected: None, repeated: "the repeated rejection" };
    change::make(run, change, watches, step).await;
    run.end()
}
