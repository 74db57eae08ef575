//! OrderItems of responses.

use serde_json::json;

use crate::vocabulary::{ErrorName, Stage, openactive};

use super::documents::item_id;
use super::honest::{b, b_after_p, c1, order_status, orders_feed, rejection};
use super::lines::{Lines, hold, row};
use super::trace::BASE;

pub(super) fn lines() -> Vec<Lines> {
    vec![
        row("order-item-count")
            .right(c1().reversed("C1/orderedItem"))
            .right(rejection(Stage::C1, ErrorName::OpportunityIsFull))
            .wrong(c1().without("C1/orderedItem/1"), "orderedItem wrong")
            .wrong(
                b().edit("B/orderedItem", |items| items.as_array_mut().unwrap().push(serde_json::json!({}))),
                "orderedItem wrong",
            ),
        row("requested-order-items")
            .right(c1().reversed("C1/orderedItem"))
            .right(c1().set("C1/orderedItem/1/position", 1.0))
            .wrong(
                c1().set("C1/orderedItem/0/position", 1).set("C1/orderedItem/1/position", 0),
                "orderedItem.orderedItem wrong",
            )
            .wrong(
                b().set("B/orderedItem/0/acceptedOffer/@id", "https://id.example.com/offers/9"),
                "orderedItem.acceptedOffer wrong",
            )
            .wrong(c1().set("C1/orderedItem/1/position", 2), "orderedItem.position missing"),
        row("order-items-confirmed")
            .right(b().reversed("B/orderedItem"))
            .wrong(
                b().set("B/orderedItem/1/orderItemStatus", openactive("AttendeeAttended")),
                "orderedItem.orderItemStatus wrong",
            )
            .wrong(b().without("B/orderedItem/0/orderItemStatus"), "orderedItem.orderItemStatus missing"),
        row("no-errors-in-orders")
            .right(order_status().reversed("status/orderedItem"))
            .wrong(orders_feed().set("feed/orderedItem/1/error", json!([])), "orderedItem.error unexpected")
            .wrong(order_status().set("status/orderedItem/0/error", json!([])), "orderedItem.error unexpected"),
        row("unique-order-item-ids")
            .right(b().set("B/orderedItem/0/@id", format!("{}a", item_id(1))))
            .wrong(b().set("B/orderedItem/1/@id", item_id(0)), "orderedItem.@id wrong"),
        row("order-items-of-proposal")
            .right(b_after_p().reversed("B/orderedItem"))
            .wrong(b_after_p().set("B/orderedItem/1/@id", item_id(7)), "orderedItem.@id wrong"),
        row("order-items-of-order")
            .right(order_status().reversed("status/orderedItem"))
            .wrong(order_status().set("status/orderedItem/1/@id", item_id(7)), "orderedItem.@id wrong"),
        row("order-item-id-format")
            .right(b().set("B/orderedItem/0/@id", item_id(1234)))
            .warned(b().set("B/orderedItem/0/@id", format!("{BASE}/order-items/0")), "orderedItem.@id wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
