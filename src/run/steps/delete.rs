//! Deletion of Orders and OrderQuotes.

use reqwest::Method;

use crate::catalogue::{OrderChoice, Step};
use crate::run::cell::CellRun;
use crate::run::requests::uuid;
use crate::vocabulary::Profile;

use super::await_feed::{effect, no_effect, quiet_for, watch_for};
use super::capacity::{after_change, untouched};
use super::refused::{Refusal, refused};
use super::{SPEC, done, section, send};

/// DELETEs an Order.
pub(super) async fn order(run: &mut CellRun, choice: OrderChoice, step: &Step) -> bool {
    run.begin("delete-order", "Deletion of the Order");
    let Some(watched) = watch_for(run, step).await else { return run.end() };
    let Some(quiet) = quiet_for(run, step).await else { return run.end() };
    let of = match choice {
        OrderChoice::Own => run.history.uuid.clone(),
        OrderChoice::Unknown => uuid(&mut run.ids),
    };
    let spec = section(run, step);
    let response = send(run, "Order Deletion", Method::DELETE, &format!("orders/{of}"), None).await;
    if let Some(error) = step.fails {
        refused(run, &response, Refusal { what: "the deletion", error: Some(error), mode: None, spec: &spec });
        untouched(run, "the deletion", &response, Some(Profile::Strict)).await;
        return run.end();
    }
    if done(run, &response, "the deletion", &spec) {
        effect(run, "the deletion", response.exchange(), watched, step).await;
        if let Some((feed, watch)) = quiet {
            no_effect(run, "the deletion", feed, watch, step).await;
        }
        after_change(run, "the deletion", step.capacity).await;
        if step.capacity.is_none() {
            // Whether deletion gives back what was booked is left to the booking system.
            run.history.capacities.clear();
        }
    }
    run.end()
}

/// DELETEs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, step: &Step) -> bool {
    run.begin("delete-quote", "Deletion of the OrderQuote");
    let path = format!("order-quotes/{}", run.history.uuid);
    let response = send(run, "OrderQuote Deletion", Method::DELETE, &path, None).await;
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#orderquote-deletion"));
    if done(run, &response, "the deletion", &spec) {
        after_change(run, "the deletion", step.capacity).await;
    }
    run.end()
}
