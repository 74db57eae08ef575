//! `@type`, `@id` and `identifier` of OrderQuotes, OrderProposals and Orders.

use serde_json::json;

use super::documents::item_id;
use super::honest::{b, c1, c2, orders_feed, p, proposals_feed};
use super::lines::{Lines, hold, row};
use super::trace::{BASE, UUID};

pub(super) fn lines() -> Vec<Lines> {
    vec![
        row("document-id")
            .right(p())
            .right(b().base(&format!("{BASE}/")))
            .wrong(c1().set("C1/@id", format!("{BASE}/order-quote-templates/{UUID}")), "@id wrong")
            .wrong(b().without("B/@id"), "@id missing"),
        row("document-identifier")
            .right(b().set("B/identifier", UUID))
            .warned(b().set("B/identifier", "17"), "identifier wrong"),
        row("document-type")
            .right(c2())
            .right(proposals_feed())
            .wrong(b().set("B/@type", "OrderProposal"), "@type wrong")
            .wrong(orders_feed().without("feed/@type"), "@type missing"),
        row("order-identity-in-feed")
            .right(orders_feed().reversed("feed/orderedItem"))
            .wrong(orders_feed().without("feed/identifier"), "identifier missing")
            .wrong(orders_feed().set("feed/@id", format!("{BASE}/orders/1")), "@id wrong")
            .wrong(orders_feed().set("feed/orderedItem/1/@id", json!(item_id(7))), "orderedItem.@id wrong")
            .wrong(orders_feed().without("feed/orderedItem/1"), "orderedItem.@id missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
