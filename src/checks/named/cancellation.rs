//! What became of the OrderItems of an Order.

use serde_json::Value;

use crate::opportunity::id_of;
use crate::results::Finding;
use crate::vocabulary::openactive;

use super::complete;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::shown;

rows! {
    ALL_CANCELLED = "all-cancelled": "the OrderItems are those of the Order, and every one is CustomerCancelled"
        at [], asked(|seen| all_cancelled(seen.body, *seen)) {
        Any: ["OB-customer-requested-cancellation-14", "OB-broker-processing-the-orders-feed-11"],
    }
    FIRST_CANCELLED = "first-cancelled": "the OrderItem that was cancelled is CustomerCancelled, and every other one is OrderItemConfirmed"
        at [], asked(|seen| first_cancelled(seen.body, *seen)) {
        Any: ["OB-customer-requested-cancellation-14", "OB-order-cancellation-2", "OB-order-cancellation-4", "OB-broker-processing-the-orders-feed-11"],
    }
    OPPORTUNITY_REPLACED = "opportunity-replaced": "at least one OrderItem has another opportunity than at B"
        at [], asked(|seen| opportunity_replaced(seen.body, *seen)) {
        Any: ["OB-change-of-logistics-notifications-3"],
    }
    SAME_ORDER_ITEMS = "same-order-items": "the OrderItems are those of the Order, by their @id"
        at [], asked(|seen| same_order_items(seen.body, *seen)) {
        Any: ["OB-cancellation-after-b-1", "OB-totalpaymentdue-invariant-1"],
    }
}

fn status(item: &Value) -> Option<&str> {
    item.get("orderItemStatus").and_then(Value::as_str)
}

fn wrong_status(index: usize, item: &Value, wanted: &str) -> Option<Finding> {
    let wanted = openactive(wanted);
    (status(item) != Some(&wanted)).then(|| {
        Finding::new(format!("OrderItem {} has another status", id(item).unwrap_or("without @id")))
            .expected(wanted, shown(item.get("orderItemStatus")))
            .path(format!("orderedItem[{index}].orderItemStatus"))
    })
}

/// The OrderItems are those that were cancelled, and every one is.
pub(super) fn all_cancelled(document: &Value, context: Seen<'_>) -> Option<Finding> {
    complete(document, context).or_else(|| {
        items(document).iter().enumerate().find_map(|(index, item)| {
            let known = id(item).is_some_and(|id| context.cancelled.iter().any(|cancelled| cancelled == id));
            if !known {
                return Some(
                    Finding::new("an OrderItem in the feed is none of those that were cancelled")
                        .expected(context.cancelled.join(", "), shown(item.get("@id")))
                        .path(format!("orderedItem[{index}].@id")),
                );
            }
            wrong_status(index, item, "CustomerCancelled")
        })
    })
}

/// The OrderItems that were cancelled are, and no others.
pub(super) fn first_cancelled(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let cancelled = |item: &Value| id(item).is_some_and(|id| context.cancelled.iter().any(|known| known == id));
    complete(document, context)
        .or_else(|| {
            items(document).iter().enumerate().find_map(|(index, item)| {
                wrong_status(index, item, if cancelled(item) { "CustomerCancelled" } else { "OrderItemConfirmed" })
            })
        })
        .or_else(|| {
            let there = items(document).iter().any(cancelled);
            (!there && context.strict()).then(|| {
                let found: Vec<&str> = items(document).iter().filter_map(id).collect();
                Finding::new("the OrderItem that was cancelled is not in the feed")
                    .expected(context.cancelled.join(", "), found.join(", "))
                    .path("orderedItem[*].@id")
            })
        })
}

/// The opportunities of an Order, sorted.
fn opportunities(order: &Value) -> Vec<String> {
    let mut ids: Vec<String> = items(order)
        .iter()
        .map(|item| item.get("orderedItem").and_then(id_of).unwrap_or("nothing").to_owned())
        .collect();
    ids.sort_unstable();
    ids
}

/// At least one OrderItem has another opportunity than at B.
pub(super) fn opportunity_replaced(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = context.booked.map(opportunities).unwrap_or_default();
    let now = opportunities(document);
    complete(document, context).or_else(|| {
        (before == now).then(|| {
            Finding::new("no OrderItem has another opportunity than before")
                .expected(format!("other opportunities than {}", before.join(", ")), now.join(", "))
                .path("orderedItem[*].orderedItem")
        })
    })
}

/// The OrderItems are those of B.
pub(super) fn same_order_items(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let ids = |order: &Value| {
        let mut ids: Vec<String> = items(order).iter().filter_map(id).map(str::to_owned).collect();
        ids.sort_unstable();
        ids
    };
    let before = context.booked.map(ids).unwrap_or_default();
    let now = ids(document);
    (before != now || before.is_empty()).then(|| {
        Finding::new("the OrderItems are not those of the Order")
            .expected(before.join(", "), now.join(", "))
            .path("orderedItem[*].@id")
    })
}
