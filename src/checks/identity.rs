//! Identity of OrderQuotes, OrderProposals and Orders: `@type`, `@id`, `identifier`, OrderItems.

use std::collections::BTreeSet;

use serde_json::Value;

use super::value::{quoted, shown};
use crate::results::Finding;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    DOCUMENT_ID = "document-id": "`@id` is the URL of the OrderQuote, OrderProposal or Order"
        at [C1 C2 P B], document(own_url) {
        C1 C2: ["OB-schema-order-4"],
        P: ["OB-schema-order-5", "OB-step-by-step-process-description-0-9"],
        B: ["OB-schema-order-6", "OB-step-by-step-process-description-40"],
    }, violates {
        [C1 C2] => ["OB-schema-order-4"],
        [P] => ["OB-schema-order-5", "OB-step-by-step-process-description-0-9"],
        [B] => ["OB-schema-order-6", "OB-step-by-step-process-description-40"],
    }
    DOCUMENT_IDENTIFIER = "document-identifier": "`identifier` of a response, where it is included, is the Order UUID"
        at [C1 C2 P B OrderStatus], document(own_identifier) {
        Any: [],
    }, level Should
    DOCUMENT_TYPE = "document-type": "`@type` is OrderQuote, OrderProposal or Order, as the stage requires"
        at [C1 C2 P B OrderStatus OrdersFeed ProposalsFeed], document(root_type) {
        C1 C2: ["OB-oa-orderquote-3"],
        P: ["OB-oa-orderproposal-6"],
        B OrderStatus: ["OB-schema-order-2"],
        OrdersFeed ProposalsFeed: ["OB-broker-processing-the-orders-feed-27"],
    }, violates {
        [C1 C2] => ["OB-oa-orderquote-3"],
        [P] => ["OB-oa-orderproposal-6"],
        [B OrderStatus] => ["OB-schema-order-2"],
        [OrdersFeed ProposalsFeed] => ["OB-broker-processing-the-orders-feed-27"],
    }
    ORDER_IDENTITY_IN_FEED = "order-identity-in-feed": "`@id`, `identifier` and OrderItems of an Order never change in its feed"
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
    }, violates {
        [OrdersFeed ProposalsFeed] "identifier" => [
            "OB-broker-processing-the-orders-feed-29",
            "OB-schema-order-8",
        ],
        [OrdersFeed] "orderedItem.@id" => [
            "OB-broker-processing-the-orders-feed-26",
            "OB-totalpaymentdue-invariant-1",
        ],
        [OrdersFeed ProposalsFeed] => ["OB-broker-processing-the-orders-feed-26"],
    }
}

/// Expects `@id` to be the URL of the request.
fn own_url(document: &Seen<'_>) -> Option<Finding> {
    let collection = match document.stage {
        Stage::P => "order-proposals",
        Stage::B => "orders",
        _ => "order-quotes",
    };
    let wanted = format!("{}/{collection}/{}", document.base.trim_end_matches('/'), document.uuid);
    let found = document.body.get("@id");
    (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
        Finding::new("`@id` is not the URL of the request").expected(quoted(&wanted), shown(found)).path("@id")
    })
}

/// Finds an `identifier` that is not the Order UUID.
fn own_identifier(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("identifier")?.as_str()?;
    (!found.eq_ignore_ascii_case(document.uuid))
        .then(|| Finding::new("`identifier` is not the Order UUID").expected(document.uuid, found).path("identifier"))
}

/// Expects the `@type` of the stage.
fn root_type(document: &Seen<'_>) -> Option<Finding> {
    let wanted = match document.stage {
        Stage::C1 | Stage::C2 => "OrderQuote",
        Stage::P | Stage::ProposalsFeed => "OrderProposal",
        _ => "Order",
    };
    let found = document.body.get("@type");
    (found.and_then(Value::as_str) != Some(wanted))
        .then(|| Finding::new(format!("`@type` is not {wanted}")).expected(quoted(wanted), shown(found)).path("@type"))
}

/// Expects an Order to have the `identifier`, `@id` and OrderItems in its feed that it was booked with.
fn order_identity(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let own = document.uuid;
    let found = body.get("identifier");
    if found.and_then(Value::as_str) != Some(own) {
        let finding = Finding::new("`identifier` is not the Order UUID");
        return Some(finding.expected(quoted(own), shown(found)).path("identifier"));
    }
    let (known, of) = match document.stage {
        Stage::ProposalsFeed => (document.first?, "the P response"),
        _ => (document.booked.or(document.first)?, "the B response"),
    };
    let (wanted, found) = (known.get("@id"), body.get("@id"));
    if wanted != found {
        let finding = Finding::new(format!("`@id` differs from {of}"));
        return Some(finding.expected(shown(wanted), shown(found)).path("@id"));
    }
    // An amendment may change the OrderItems of an OrderProposal.
    let (wanted, found) = (ids(known), ids(body));
    let list = |ids: BTreeSet<&str>| ids.into_iter().collect::<Vec<_>>().join(", ");
    (document.stage == Stage::OrdersFeed && wanted != found).then(|| {
        let [without, with] = [&wanted - &found, &found - &wanted].map(list);
        let (message, expected, found) = if with.is_empty() {
            (format!("an OrderItem of {of} is missing"), without, "nothing".to_owned())
        } else {
            (format!("`@id` of an OrderItem is not one of {of}"), list(wanted), with)
        };
        Finding::new(message).expected(expected, found).path("orderedItem[*].@id")
    })
}

fn ids(order: &Value) -> BTreeSet<&str> {
    items(order).iter().filter_map(|item| item.get("@id").and_then(Value::as_str)).collect()
}
