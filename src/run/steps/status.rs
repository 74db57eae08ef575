//! Order Status.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{Before, Step};
use crate::checks::{order_in_feed, order_items};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::run::duties;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::Stage;

use super::answer::{Expected, answered, object, shown_status, status};
use super::order::{item_ids, media_type, valid, with};
use super::refused::{Refusal, refused};
use super::{SPEC, expect, send};

/// GETs the Order: it is the one that was booked.
pub(super) async fn order_status(run: &mut CellRun, step: &Step) -> bool {
    run.begin("order-status", "Order Status");
    let spec = step.spec.clone().unwrap_or_else(|| format!("{SPEC}#order-status"));
    let path = format!("orders/{}", run.history.uuid);
    let response = send(run, "Order Status", Method::GET, &path, None).await;
    if let Some(error) = step.fails {
        let refusal = Refusal { what: "Order Status", error: Some(error), mode: Some(Mode::OrderStatus), spec: &spec };
        refused(run, &response, refusal);
        return run.end();
    }
    let credentials = run.session.credentials_hint(run.credentials());
    let expected = Expected {
        what: "Order Status",
        status: &[200],
        spec: &spec,
        credentials: &credentials,
        hint: None,
        beside: false,
    };
    if !status(run.log(), &response, expected) {
        return run.end();
    }
    let Some(order) = object(run.log(), &response, expected) else { return run.end() };
    let (exchange, profile) = (response.exchange(), run.session.profile);
    media_type(run.log(), &response, profile);
    valid(run.log(), Mode::OrderStatus, &response.body, &spec, exchange);
    duties::judge(run, Stage::OrderStatus, &order, None, exchange);
    if let Some(booked) = &run.history.booked {
        let finding = match (item_ids(booked), item_ids(&order)) {
            (Ok(mut before), Ok(mut now)) => {
                before.sort_unstable();
                now.sort_unstable();
                (before != now).then(|| {
                    let finding = Finding::new("Order Status has other OrderItems than B")
                        .expected(before.join(", "), now.join(", "))
                        .path("orderedItem[*].@id")
                        .spec(&spec);
                    with(finding, exchange)
                })
            }
            (_, Err(finding)) => Some(with(finding.spec(&spec), exchange)),
            (Err(_), _) => None,
        };
        run.log().check(order_items::ORDER_ITEMS_OF_ORDER.called(), None, finding);
    }
    expect(run, &step.expect, &order, &spec, exchange);
    run.end()
}

/// GETs what has the UUID while it is no Order yet. That it is shown is recommended, and nothing builds on it.
pub(super) async fn before(run: &mut CellRun, before: Before) -> bool {
    run.begin("status-before", format!("Order Status of the {}", before.json_type()));
    let spec = format!("{SPEC}#order-endpoint-restful-semantics");
    let response = send(run, "Order Status", Method::GET, &format!("orders/{}", run.history.uuid), None).await;
    if answered(run.log(), &response, "Order Status", &spec) {
        let body = response.json().unwrap_or_default();
        let found = body.get("@type").and_then(Value::as_str);
        let shown = response.status == Some(200) && found == Some(before.json_type());
        let finding = (!shown).then(|| {
            let told = match found {
                Some(found) if response.status == Some(200) => found.to_owned(),
                _ => shown_status(&response),
            };
            let finding = Finding::new(format!("Order Status does not show the {}", before.json_type()));
            with(finding.expected(format!("HTTP 200, {}", before.json_type()), told).spec(&spec), response.exchange())
        });
        run.log().check(order_in_feed::ORDER_STATUS_BEFORE_ORDER.called(), None, finding);
    }
    run.end()
}
