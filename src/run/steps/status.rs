//! Order Status.

use reqwest::Method;

use crate::catalogue::{Before, Step};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Asked, Body, Purpose, Wanted};
use crate::vocabulary::Stage;

use super::SPEC;

fn call(run: &CellRun) -> Call {
    Call::new(Stage::OrderStatus, "Order Status", Method::GET, format!("orders/{}", run.history.uuid))
}

/// GETs the Order: it is the one that was booked.
pub(super) async fn order_status(run: &mut CellRun, step: &Step) -> bool {
    run.begin("order-status", "Order Status");
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#order-status"));
    let asked = if step.fails.is_some() { Asked::Nothing } else { Asked::Expect };
    let call = call(run).purpose(Purpose::Status).succeeds(&[200], Body::Document).asked(asked).fails(step.fails);
    run.request(call.spec(spec)).await;
    run.end()
}

/// GETs what has the UUID while it is no Order yet. That it is shown is recommended, and nothing builds on it.
pub(super) async fn before(run: &mut CellRun, before: Before) -> bool {
    run.begin("status-before", format!("Order Status of the {}", before.json_type()));
    let purpose = Purpose::EarlyStatus(before.json_type().to_owned());
    let spec = format!("{SPEC}#order-endpoint-restful-semantics");
    run.request(call(run).purpose(purpose).wanted(Wanted::Response).spec(spec)).await;
    run.end()
}
