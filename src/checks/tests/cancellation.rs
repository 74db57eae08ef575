//! Cancelled and replaced OrderItems of an Order.

use serde_json::json;

use crate::trace::{Awaited, Purpose, Wanted};
use crate::vocabulary::{FeedName, Stage, openactive};

use super::documents::item_id;
use super::honest::{b, cancellation, exchange, orders_feed, replacement};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// B, the cancellation of both OrderItems by the customer, and its update in the Orders feed.
fn cancellation_of_both() -> Trace {
    let purpose = Purpose::Cancellation(vec![item_id(0), item_id(1)]);
    let exchanged = exchange(Stage::OrderPatch, purpose, Wanted::Success(vec![204]), 204);
    b().request("cancellation", exchanged, json!({}), json!(null))
        .wait(FeedName::Orders, Awaited::Update)
        .set("feed/orderedItem/0/orderItemStatus", openactive("CustomerCancelled"))
        .set("feed/orderedItem/1/orderItemStatus", openactive("CustomerCancelled"))
        .set("feed/totalPaymentDue/price", 0)
        .without("feed/totalPaymentTax")
}

pub(super) fn lines() -> Vec<Lines> {
    let status = |number: usize| format!("feed/orderedItem/{number}/orderItemStatus");
    vec![
        row("all-cancelled")
            .right(cancellation_of_both().reversed("feed/orderedItem"))
            .wrong(
                cancellation_of_both().set(&status(1), openactive("SellerCancelled")),
                "orderedItem.orderItemStatus wrong",
            )
            .wrong(cancellation_of_both().without(&status(1)), "orderedItem.orderItemStatus missing")
            .wrong(cancellation_of_both().without("feed/orderedItem/1"), "orderedItem wrong"),
        row("first-cancelled")
            .right(cancellation().reversed("feed/orderedItem"))
            .wrong(
                cancellation().set(&status(1), openactive("CustomerCancelled")),
                "orderedItem.orderItemStatus unexpected",
            )
            .wrong(
                cancellation().set(&status(0), openactive("OrderItemConfirmed")),
                "orderedItem.orderItemStatus wrong",
            ),
        row("opportunity-replaced")
            .right(replacement().reversed("feed/orderedItem"))
            .wrong(orders_feed().reversed("feed/orderedItem"), "orderedItem.orderedItem wrong"),
        row("same-order-items")
            .right(orders_feed().reversed("feed/orderedItem"))
            .wrong(orders_feed().set("feed/orderedItem/1/@id", item_id(7)), "orderedItem.@id wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
