//! The OrderItems of responses: their number, opportunities, identifiers and status.

use serde_json::Value;

use crate::opportunity::id_of;
use crate::results::Finding;
use crate::trace::Purpose;
use crate::vocabulary::openactive;

use super::outcome::Outcome;
use super::rejection::{counts_items, no_position};
use super::row::rows;
use super::seen::{Seen, items, position_of};
use super::value::shown;
use super::view::Answered;

rows! {
    ORDER_ITEM_COUNT = "order-item-count": "the answer has every OrderItem of the request"
        at [C1 C2 P B], response(count) {
        C1 C2 P B: ["OB-schema-orderitem-11"],
    }
    REQUESTED_ORDER_ITEMS = "requested-order-items": "each OrderItem is for the opportunity and offer of the request"
        at [C1 C2 P B], strict_response(requested) {
        C1 C2 P B: [
            "OB-schema-orderitem-11",
            "OB-change-of-logistics-notifications-1",
            "OB-globally-unique-identifiers-2",
        ],
        B: ["OB-schema-orderitem-10"],
    }
    ORDER_ITEMS_CONFIRMED = "order-items-confirmed": "every OrderItem of a new Order is confirmed"
        at [B], strict_response(confirmed) {
        B: ["OB-step-by-step-process-description-73"],
    }
    UNIQUE_ORDER_ITEM_IDS = "unique-order-item-ids": "every OrderItem has an @id of its own"
        at [B], strict_response(unique_ids) {
        B: ["OB-order-creation-b-3", "OB-order-creation-b-4", "OB-schema-orderitem-5"],
    }
    ORDER_ITEMS_OF_PROPOSAL = "order-items-of-proposal": "the OrderItems of the Order are those of the OrderProposal"
        at [B], strict_response(of_proposal) {
        B: ["OB-step-by-step-process-description-0-69"],
    }
    ORDER_ITEMS_OF_ORDER = "order-items-of-order": "Order Status has the OrderItems of B"
        at [OrderStatus], response(of_order) {
        OrderStatus: [
            "OB-booking-system-contract-with-the-broker-9",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
        ],
    }
    ORDER_ITEM_ID_FORMAT = "order-item-id-format": "the @id of an OrderItem is that of the Order and #/orderedItem/ with something of its own"
        at [B OrdersFeed], document(item_id_form) {
        B OrdersFeed: ["OB-schema-orderitem-4"],
    }
}

/// The `@id` of an OrderItem is made of that of the Order in the way that the specification proposes.
fn item_id_form(document: &Seen<'_>) -> Option<Finding> {
    let order = document.body.get("@id")?.as_str()?;
    let wanted = format!("{order}#/orderedItem/");
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("@id")?;
        (!found.as_str().is_some_and(|id| id.len() > wanted.len() && id.starts_with(&wanted))).then(|| {
            Finding::new("the @id of an OrderItem is not made of that of the Order in the usual way")
                .expected(format!("{wanted}…"), shown(Some(found)))
                .path(format!("orderedItem[{index}].@id"))
        })
    })
}

/// Whether the OrderItems of a response are those of its request.
fn repeats_request(answered: &Answered<'_>) -> bool {
    let purpose = &answered.exchanged.purpose;
    let repeats = matches!(purpose, Purpose::Quote | Purpose::Batch(_) | Purpose::Proposal | Purpose::Order);
    repeats && answered.succeeded()
}

/// The response has as many OrderItems as the request.
fn count(answered: &Answered<'_>) -> Outcome {
    if !repeats_request(answered) && !counts_items(answered) {
        return Outcome::absent();
    }
    let (found, wanted) = (items(answered.seen.body).len(), answered.history.items.len());
    Outcome::of((found != wanted).then(|| {
        answered
            .finding("the answer has another number of OrderItems than the request")
            .expected(wanted.to_string(), found.to_string())
            .path("orderedItem")
    }))
}

/// Every requested OrderItem is there, at its position, for its opportunity and offer.
fn requested(answered: &Answered<'_>) -> Outcome {
    let (entries, wanted) = (items(answered.seen.body), &answered.history.items);
    if !repeats_request(answered) || entries.len() != wanted.len() {
        return Outcome::absent();
    }
    let dynamic = answered.history.dynamic;
    let wrong = wanted.iter().enumerate().find_map(|(position, wanted)| {
        let at = entries.iter().position(|item| position_of(item) == Some(position));
        let Some((at, item)) = at.and_then(|at| Some((at, entries.get(at)?))) else {
            return Some(no_position(answered, position));
        };
        [("orderedItem", &wanted.opportunity_id), ("acceptedOffer", &wanted.offer_id)].into_iter().find_map(
            |(property, wanted)| {
                let found = item.get(property).and_then(id_of);
                let left_out = dynamic && property == "acceptedOffer" && item.get(property).is_none();
                (!left_out && found != Some(wanted)).then(|| {
                    answered
                        .finding(format!("the OrderItem at position {position} is for another {property}"))
                        .expected(wanted.clone(), shown(item.get(property)))
                        .path(format!("orderedItem[{at}].{property}"))
                })
            },
        )
    });
    Outcome::of(wrong)
}

/// Whether the response has the Order that B created.
fn new_order(answered: &Answered<'_>) -> bool {
    matches!(answered.exchanged.purpose, Purpose::Order | Purpose::OrderAfterProposal) && answered.succeeded()
}

/// Every OrderItem is confirmed.
fn confirmed(answered: &Answered<'_>) -> Outcome {
    if !new_order(answered) {
        return Outcome::absent();
    }
    let wanted = openactive("OrderItemConfirmed");
    let wrong = items(answered.seen.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("orderItemStatus");
        (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
            answered
                .finding("an OrderItem of the new Order is not confirmed")
                .expected(wanted.clone(), shown(found))
                .path(format!("orderedItem[{index}].orderItemStatus"))
        })
    });
    Outcome::of(wrong)
}

/// The `@id` of each OrderItem in alphabetical order, or a finding if one lacks it or two share it.
fn ids(order: &Value) -> Result<Vec<&str>, Box<Finding>> {
    let mut ids = Vec::new();
    for (index, item) in items(order).iter().enumerate() {
        let path = format!("orderedItem[{index}].@id");
        match item.get("@id").and_then(Value::as_str) {
            Some(id) if ids.contains(&id) => {
                let finding = Finding::new("two OrderItems have the same @id").expected("an @id of its own", id);
                return Err(Box::new(finding.path(path)));
            }
            Some(id) => ids.push(id),
            None => {
                return Err(Box::new(Finding::new("an OrderItem has no @id").expected("an @id", "nothing").path(path)));
            }
        }
    }
    ids.sort_unstable();
    Ok(ids)
}

fn placed(answered: &Answered<'_>, finding: Box<Finding>) -> Finding {
    answered.with(finding.spec(&answered.exchanged.spec))
}

/// Every OrderItem has an `@id` of its own.
fn unique_ids(answered: &Answered<'_>) -> Outcome {
    if !new_order(answered) {
        return Outcome::absent();
    }
    Outcome::of(ids(answered.seen.body).err().map(|finding| placed(answered, finding)))
}

/// The OrderItems of the Order are those of the OrderProposal.
fn of_proposal(answered: &Answered<'_>) -> Outcome {
    let proposal = answered.history.proposal.as_ref();
    let after = answered.exchanged.purpose == Purpose::OrderAfterProposal && answered.succeeded();
    let Some(proposal) = proposal.filter(|_| after) else { return Outcome::absent() };
    let (Ok(before), Ok(now)) = (ids(proposal), ids(answered.seen.body)) else { return Outcome::held() };
    Outcome::of((before != now).then(|| {
        answered
            .finding("the Order has other OrderItems than the OrderProposal")
            .expected(before.join(", "), now.join(", "))
            .path("orderedItem[*].@id")
    }))
}

/// Order Status has the OrderItems of B.
fn of_order(answered: &Answered<'_>) -> Outcome {
    let status = answered.exchanged.purpose == Purpose::Status && answered.succeeded();
    let Some(booked) = answered.history.booked.as_ref().filter(|_| status) else { return Outcome::absent() };
    Outcome::of(match (ids(booked), ids(answered.seen.body)) {
        (Ok(before), Ok(now)) => (before != now).then(|| {
            answered
                .finding("Order Status has other OrderItems than B")
                .expected(before.join(", "), now.join(", "))
                .path("orderedItem[*].@id")
        }),
        (_, Err(finding)) => Some(placed(answered, finding)),
        (Err(_), _) => None,
    })
}
