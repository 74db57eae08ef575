//! Who the document is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::value::shown;
use crate::results::Finding;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    DOCUMENT_ID = "document-id": "@id is the URL of the OrderQuote, OrderProposal or Order"
        at [C1 C2 P B], document(own_url) {
        C1 C2: ["OB-schema-order-4"],
        P: [
            "OB-schema-order-5",
            "OB-step-by-step-process-description-0-9",
            "OB-orderproposal-creation-p-2",
        ],
        B: ["OB-schema-order-6", "OB-step-by-step-process-description-40"],
    }
    DOCUMENT_TYPE = "document-type": "@type is what the request or the feed is about"
        at [C1 C2 P B OrderStatus OrdersFeed ProposalsFeed], document(root_type) {
        C1 C2: ["OB-oa-orderquote-3"],
        P: ["OB-oa-orderproposal-6"],
        B OrderStatus: ["OB-schema-order-2"],
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-27"],
    }
    ORDER_IDENTITY_IN_FEED = "order-identity-in-feed": "an Order stays the same Order in its feed: @type, @id, identifier, its OrderItems"
        at [OrdersFeed ProposalsFeed], document(order_identity) {
        OrdersFeed: [
            "OB-broker-processing-the-orders-feed-26",
            "OB-broker-processing-the-orders-feed-29",
            "OB-broker-processing-the-orders-feed-31",
            "OB-schema-order-8",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
            "OB-amending-the-order-after-b-1",
        ],
        ProposalsFeed: [
            "OB-broker-processing-the-orders-feed-29",
            "OB-broker-processing-the-orders-feed-26",
            "OB-broker-processing-the-orders-feed-31",
            "OB-schema-order-8",
        ],
    }
}

/// `@id` is the URL by which the OrderQuote, OrderProposal or Order is known.
fn own_url(document: &Seen<'_>) -> Option<Finding> {
    let collection = match document.stage {
        Stage::P => "order-proposals",
        Stage::B => "orders",
        _ => "order-quotes",
    };
    let wanted = format!("{}/{collection}/{}", document.base.trim_end_matches('/'), document.uuid);
    let found = document.body.get("@id");
    (found.and_then(Value::as_str) != Some(&wanted))
        .then(|| Finding::new("@id is not the URL of the document").expected(wanted, shown(found)).path("@id"))
}

/// `@type` is what was asked for.
fn root_type(document: &Seen<'_>) -> Option<Finding> {
    let wanted = match document.stage {
        Stage::C1 | Stage::C2 => "OrderQuote",
        Stage::P | Stage::ProposalsFeed => "OrderProposal",
        _ => "Order",
    };
    let found = document.body.get("@type");
    (found.and_then(Value::as_str) != Some(wanted))
        .then(|| Finding::new("the document is of another type").expected(wanted, shown(found)).path("@type"))
}

/// An Order stays the same Order.
fn order_identity(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let own = document.uuid;
    let found = body.get("identifier");
    if found.and_then(Value::as_str) != Some(own) {
        let finding = Finding::new("identifier is not the UUID of the Order");
        return Some(finding.expected(own, shown(found)).path("identifier"));
    }
    let known =
        if document.stage == Stage::ProposalsFeed { document.first } else { document.booked.or(document.first) }?;
    let (wanted, found) = (known.get("@id"), body.get("@id"));
    if wanted != found {
        let finding = Finding::new("@id is not that of the answer to the booking");
        return Some(finding.expected(shown(wanted), shown(found)).path("@id"));
    }
    // An amendment may change what an OrderProposal is about.
    let (wanted, found) = (ids(known), ids(body));
    let list = |ids: &BTreeSet<&str>| ids.iter().copied().collect::<Vec<_>>().join(", ");
    (document.stage == Stage::OrdersFeed && wanted != found).then(|| {
        Finding::new("the Order has other OrderItems than when it was booked")
            .expected(list(&wanted), list(&found))
            .path("orderedItem[*].@id")
    })
}

fn ids(order: &Value) -> BTreeSet<&str> {
    items(order).iter().filter_map(|item| item.get("@id").and_then(Value::as_str)).collect()
}
