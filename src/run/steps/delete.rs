//! Order Deletion and OrderQuote Deletion.

use reqwest::Method;

use crate::catalogue::{OrderChoice, Step};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::requests::uuid;
use crate::trace::{CapacityRule, Purpose};
use crate::vocabulary::{Profile, Stage};

use super::change::{self, Change};
use super::{SPEC, section};

/// DELETEs an Order.
pub(super) async fn order(run: &mut CellRun, choice: OrderChoice, step: &Step) -> bool {
    run.begin("delete-order", "Deletion of the Order");
    let Some(watches) = change::watches(run, step).await else { return run.end() };
    let of = match choice {
        OrderChoice::Own => run.history.uuid.clone(),
        OrderChoice::Unknown => uuid(&mut run.ids),
    };
    let call = Call::new(Stage::OrderDelete, "the deletion", Method::DELETE, format!("orders/{of}"))
        .label("Order Deletion")
        .purpose(Purpose::Deletion)
        .spec(section(run, step));
    let change = Change { call, rejected: Some(Profile::Strict), repeated: "the deletion" };
    if change::make(run, change, watches, step).await && step.fails.is_none() && step.capacity.is_none() {
        // Whether deletion gives back what was booked is left to the booking system.
        run.capacity(CapacityRule::Unknown, "the deletion", None).await;
    }
    run.end()
}

/// DELETEs an OrderQuote.
pub(super) async fn quote(run: &mut CellRun, step: &Step) -> bool {
    run.begin("delete-quote", "Deletion of the OrderQuote");
    let path = format!("order-quotes/{}", run.history.uuid);
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#orderquote-deletion"));
    let call = Call::new(Stage::QuoteDelete, "the deletion", Method::DELETE, path)
        .label("OrderQuote Deletion")
        .purpose(Purpose::Deletion)
        .spec(spec);
    if run.request(call).await {
        change::capacity(run, "the deletion", step).await;
    }
    run.end()
}
