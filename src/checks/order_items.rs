//! The OrderItems of responses: their number, opportunities, identifiers and status.

use std::collections::HashSet;

use serde_json::Value;

use crate::opportunity::id_of;
use crate::results::{Defect, Finding};
use crate::trace::Purpose;
use crate::vocabulary::{Stage, openactive};

use super::outcome::Outcome;
use super::rejection::{counts_items, no_position};
use super::row::rows;
use super::seen::{Seen, items, position_of};
use super::value::shown;
use super::view::{Answered, count_of_items, listed, quoted};

rows! {
    ORDER_ITEM_COUNT = "order-item-count": "the response has as many OrderItems as the request"
        at [C1 C2 P B], response(count) {
        C1 C2 P B: ["OB-schema-orderitem-11"],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-14"],
        [C2] => ["OB-step-by-step-process-description-25"],
        [P] => ["OB-step-by-step-process-description-0-38"],
        [B] => ["OB-step-by-step-process-description-58"],
        [OrderStatus OrdersFeed] => ["OB-totalpaymentdue-invariant-1"],
    }
    REQUESTED_ORDER_ITEMS = "requested-order-items": "each OrderItem has the `orderedItem` and `acceptedOffer` of the request at its `position`"
        at [C1 C2 P B], strict_response(requested) {
        C1 C2 P B: [
            "OB-schema-orderitem-11",
            "OB-change-of-logistics-notifications-1",
            "OB-globally-unique-identifiers-2",
        ],
        B: ["OB-schema-orderitem-10"],
    }, violates {
        [C1] => ["OB-step-by-step-process-description-14"],
        [C2] => ["OB-step-by-step-process-description-25"],
        [P] => ["OB-step-by-step-process-description-0-38"],
        [B] => ["OB-step-by-step-process-description-58"],
    }
    ORDER_ITEMS_CONFIRMED = "order-items-confirmed": "`orderItemStatus` of every OrderItem of a new Order is OrderItemConfirmed"
        at [B], strict_response(confirmed) {
        B: ["OB-step-by-step-process-description-73"],
    }, violates {
        [B] => ["OB-step-by-step-process-description-73"],
    }
    NO_ERRORS_IN_ORDERS = "no-errors-in-orders": "OrderItems of Orders and OrderProposals have no `error`"
        at [OrdersFeed ProposalsFeed OrderStatus], document(no_errors) {
        OrdersFeed ProposalsFeed OrderStatus: ["OB-schema-orderitem-37"],
    }, violates {
        [OrdersFeed ProposalsFeed OrderStatus] => ["OB-schema-orderitem-37"],
    }
    UNIQUE_ORDER_ITEM_IDS = "unique-order-item-ids": "`@id` of every OrderItem is unique"
        at [B], strict_response(unique_ids) {
        B: ["OB-order-creation-b-3", "OB-order-creation-b-4", "OB-schema-orderitem-5"],
    }, violates {
        [B] => ["OB-order-creation-b-4"],
    }
    ORDER_ITEMS_OF_PROPOSAL = "order-items-of-proposal": "the Order has the OrderItems of the OrderProposal, by their `@id`"
        at [B], strict_response(of_proposal) {
        B: ["OB-step-by-step-process-description-0-69"],
    }, violates {
        [B] "orderedItem" if "missing" => ["OB-step-by-step-process-description-0-69"],
        // The response to P may be the one that is wrong.
        [B] "orderedItem" => [],
        [B] => ["OB-globally-unique-identifiers-2"],
    }
    ORDER_ITEMS_OF_ORDER = "order-items-of-order": "Order Status returns the OrderItems of the B response, by their `@id`"
        at [OrderStatus], response(of_order) {
        OrderStatus: [
            "OB-booking-system-contract-with-the-broker-9",
            "OB-cancellation-after-b-1",
            "OB-totalpaymentdue-invariant-1",
        ],
    }, violates {
        [OrderStatus] "orderedItem" => ["OB-totalpaymentdue-invariant-1", "OB-cancellation-after-b-1"],
        [OrderStatus] => ["OB-globally-unique-identifiers-2"],
    }
    ORDER_ITEM_ID_FORMAT = "order-item-id-format": "`@id` of an OrderItem is `{Order @id}#/orderedItem/{orderItemId}`"
        at [B OrdersFeed], document(expect_item_id_format) {
        B OrdersFeed: ["OB-schema-orderitem-4"],
    }, violates {
        [B OrdersFeed] => ["OB-schema-orderitem-4"],
    }
}

/// Expects the `@id` of each OrderItem to have the format that the specification recommends.
fn expect_item_id_format(document: &Seen<'_>) -> Option<Finding> {
    let order = document.body.get("@id")?.as_str()?;
    let wanted = format!("{order}#/orderedItem/");
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("@id")?;
        (!found.as_str().is_some_and(|id| id.len() > wanted.len() && id.starts_with(&wanted))).then(|| {
            let path = format!("orderedItem[{index}].@id");
            Finding::new(format!("`{path}` does not have the format {{Order @id}}#/orderedItem/{{orderItemId}}"))
                .expected(format!("\"{wanted}…\""), shown(Some(found)))
                .path(path)
        })
    })
}

/// `true` where the response must have the OrderItems of its request.
fn repeats_request(answered: &Answered<'_>) -> bool {
    let purpose = &answered.exchanged.purpose;
    let repeats = matches!(purpose, Purpose::Quote | Purpose::Batch(_) | Purpose::Proposal | Purpose::Order)
        || (*purpose == Purpose::Simultaneous && answered.history.proposal.is_none());
    repeats && answered.succeeded()
}

/// Expects as many OrderItems as the request has.
fn count(answered: &Answered<'_>) -> Outcome {
    if !repeats_request(answered) && !counts_items(answered) {
        return Outcome::absent();
    }
    let (found, wanted) = (items(answered.seen.body).len(), answered.history.items.len());
    Outcome::of((found != wanted).then(|| {
        answered
            .finding(format!("`orderedItem` has {}, but the request has {wanted}", count_of_items(found)))
            .expected(wanted.to_string(), found.to_string())
            .path("orderedItem")
    }))
}

/// Expects each OrderItem of the request at its position, with its opportunity and offer. A response without any `position` is
/// left to validation, which requires it at C1, C2 and P.
fn requested(answered: &Answered<'_>) -> Outcome {
    let (entries, wanted) = (items(answered.seen.body), &answered.history.items);
    if !repeats_request(answered) || entries.len() != wanted.len() {
        return Outcome::absent();
    }
    let placed = entries.iter().any(|item| item.get("position").is_some());
    if !placed && answered.exchanged.stage != Stage::B {
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
                let omitted = dynamic && property == "acceptedOffer" && item.get(property).is_none();
                (!omitted && found != Some(wanted)).then(|| {
                    let path = format!("orderedItem[{at}].{property}");
                    answered
                        .finding(format!("`{path}` is not that of the request (OrderItem at position {position})"))
                        .expected(quoted(wanted), found.map_or_else(|| shown(item.get(property)), quoted))
                        .path(path)
                })
            },
        )
    });
    Outcome::of(wrong)
}

/// `true` where the response has the Order that B created.
fn new_order(answered: &Answered<'_>) -> bool {
    matches!(answered.exchanged.purpose, Purpose::Order | Purpose::OrderAfterProposal | Purpose::Simultaneous)
        && answered.succeeded()
}

/// Expects every OrderItem of a new Order to be confirmed.
fn confirmed(answered: &Answered<'_>) -> Outcome {
    if !new_order(answered) {
        return Outcome::absent();
    }
    let wanted = openactive("OrderItemConfirmed");
    let wrong = items(answered.seen.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("orderItemStatus");
        (found.and_then(Value::as_str) != Some(&wanted)).then(|| {
            let path = format!("orderedItem[{index}].orderItemStatus");
            answered
                .finding(format!("`{path}` of the new Order is not OrderItemConfirmed"))
                .expected(quoted(&wanted), shown(found))
                .path(path)
        })
    });
    Outcome::of(wrong)
}

/// Finds an OrderItem with an `error` in what was booked or proposed.
fn no_errors(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("error")?;
        let path = format!("orderedItem[{index}].error");
        Some(Finding::new(format!("`{path}` is included")).expected("no error", shown(Some(found))).path(path))
    })
}

/// The `@id` of each OrderItem, in alphabetical order; `None` where one lacks it, which validation reports.
fn ids(order: &Value) -> Option<Vec<&str>> {
    let ids = items(order).iter().map(|item| item.get("@id").and_then(Value::as_str));
    let mut ids = ids.collect::<Option<Vec<&str>>>()?;
    ids.sort_unstable();
    Some(ids)
}

/// The first OrderItem whose `@id` is that of one before it: its index, and the `@id`.
fn first_repeated(order: &Value) -> Option<(usize, &str)> {
    let mut known = HashSet::new();
    items(order).iter().enumerate().find_map(|(index, item)| {
        let id = item.get("@id").and_then(Value::as_str)?;
        (!known.insert(id)).then_some((index, id))
    })
}

/// Expects the `@id` of every OrderItem of a new Order to be unique. A missing one is left to validation.
fn unique_ids(answered: &Answered<'_>) -> Outcome {
    if !new_order(answered) {
        return Outcome::absent();
    }
    let again = first_repeated(answered.seen.body);
    Outcome::of(again.map(|(index, id)| {
        let path = format!("orderedItem[{index}].@id");
        let finding = answered.finding(format!("`{path}` is the `@id` of another OrderItem, too"));
        finding.expected("a unique @id", quoted(id)).path(path)
    }))
}

/// Expects a response to have the OrderItems of an earlier one, by their `@id`: as many, and the same. `earlier` names the
/// document that had them in findings.
fn expect_same_items(answered: &Answered<'_>, before: &Value, earlier: &str) -> Outcome {
    let now = answered.seen.body;
    let (wanted, found) = (items(before).len(), items(now).len());
    if wanted != found {
        let finding =
            answered.finding(format!("`orderedItem` has {}, but {earlier} has {wanted}", count_of_items(found)));
        let defect = if found < wanted { Defect::Missing } else { Defect::Unexpected };
        let finding = finding.expected(wanted.to_string(), found.to_string()).path("orderedItem");
        return Outcome::broken(finding.defect(defect));
    }
    let (Some(before), Some(now)) = (ids(before), ids(now)) else { return Outcome::held() };
    Outcome::of((before != now).then(|| {
        let lost: Vec<&str> = before.iter().copied().filter(|id| !now.contains(id)).collect();
        let new: Vec<&str> = now.iter().copied().filter(|id| !before.contains(id)).collect();
        answered
            .finding(format!("`orderedItem[*].@id` differs from {earlier}"))
            .expected(listed(&lost), listed(&new))
            .path("orderedItem[*].@id")
    }))
}

/// Expects the Order to have the OrderItems of the OrderProposal.
fn of_proposal(answered: &Answered<'_>) -> Outcome {
    let proposal = answered.history.proposal.as_ref();
    let after = matches!(answered.exchanged.purpose, Purpose::OrderAfterProposal | Purpose::Simultaneous);
    let after = after && answered.succeeded();
    let Some(proposal) = proposal.filter(|_| after) else { return Outcome::absent() };
    expect_same_items(answered, proposal, "the OrderProposal")
}

/// Expects Order Status to return the OrderItems of B.
fn of_order(answered: &Answered<'_>) -> Outcome {
    let status = answered.exchanged.purpose == Purpose::Status && answered.succeeded();
    let Some(booked) = answered.history.booked.as_ref().filter(|_| status) else { return Outcome::absent() };
    expect_same_items(answered, booked, "the B response")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_repeated_id_is_found_and_a_missing_one_left_to_validation() {
        let order = |ids: &[Option<&str>]| {
            let items: Vec<Value> =
                ids.iter().map(|id| id.map_or_else(|| json!({}), |id| json!({ "@id": id }))).collect();
            json!({ "orderedItem": items })
        };
        assert_eq!(first_repeated(&order(&[Some("a"), Some("b"), Some("a")])), Some((2, "a")));
        assert_eq!(first_repeated(&order(&[Some("a"), None, None])), None);
        assert_eq!(ids(&order(&[Some("b"), Some("a")])), Some(vec!["a", "b"]));
        assert_eq!(ids(&order(&[Some("a"), None])), None);
    }
}
