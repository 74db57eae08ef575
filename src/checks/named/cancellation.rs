//! Cancelled and replaced OrderItems of an Order.

use serde_json::Value;

use crate::opportunity::id_of;
use crate::results::{Defect, Finding};
use crate::vocabulary::openactive;

use super::item_set::{complete, lost};
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::{listed, quoted, shown};

rows! {
    ALL_CANCELLED = "all-cancelled": "every OrderItem of the Order is CustomerCancelled"
        at [], asked(|seen| all_cancelled(seen.body, *seen)) {
        Any: ["OB-customer-requested-cancellation-14", "OB-broker-processing-the-orders-feed-11"],
    }, violates {
        [Any] "orderItemStatus" if "missing" => ["OB-broker-processing-the-orders-feed-11"],
        [Any] "orderItemStatus" => ["OB-customer-requested-cancellation-14"],
    }
    FIRST_CANCELLED = "first-cancelled": "cancelled OrderItems are CustomerCancelled, and every other one is OrderItemConfirmed"
        at [], asked(|seen| first_cancelled(seen.body, *seen)) {
        Any: ["OB-customer-requested-cancellation-14", "OB-order-cancellation-2", "OB-order-cancellation-4", "OB-broker-processing-the-orders-feed-11"],
    }, violates {
        [Any] "orderItemStatus" if "missing" => ["OB-broker-processing-the-orders-feed-11"],
        [Any] "orderItemStatus" if "unexpected" => ["OB-order-cancellation-2"],
        [Any] "orderItemStatus" => ["OB-customer-requested-cancellation-14"],
    }
    OPPORTUNITY_REPLACED = "opportunity-replaced": "at least one OrderItem has another opportunity than at B"
        at [], asked(|seen| opportunity_replaced(seen.body, *seen)) {
        Any: ["OB-change-of-logistics-notifications-3"],
    }, violates {
        [Any] if "missing" => ["OB-change-of-logistics-notifications-3"],
        [Any] => ["TI-ReplacementSimulateAction-1", "OB-booking-system-updating-the-orders-feed-1"],
    }
    SAME_ORDER_ITEMS = "same-order-items": "the OrderItems are those of the Order, by their @id"
        at [], asked(|seen| same_order_items(seen.body, *seen)) {
        Any: ["OB-cancellation-after-b-1", "OB-totalpaymentdue-invariant-1"],
    }, violates {
        [Any] => ["OB-totalpaymentdue-invariant-1", "OB-cancellation-after-b-1"],
    }
}

fn status(item: &Value) -> Option<&str> {
    item.get("orderItemStatus").and_then(Value::as_str)
}

/// Finds that an OrderItem has another status than this one.
fn wrong_status(index: usize, item: &Value, wanted: &str) -> Option<Finding> {
    let status_url = openactive(wanted);
    (status(item) != Some(&status_url)).then(|| {
        let found = item.get("orderItemStatus");
        let words = if found.is_some() { format!("is not {wanted}") } else { "is missing".to_owned() };
        Finding::new(format!("`orderItemStatus` of {} {words}", id(item).unwrap_or("an OrderItem without @id")))
            .expected(quoted(&status_url), shown(found))
            .path(format!("orderedItem[{index}].orderItemStatus"))
    })
}

fn is_requested(item: &Value, context: Seen<'_>) -> bool {
    id(item).is_some_and(|id| context.cancelled.iter().any(|cancelled| cancelled == id))
}

/// The OrderItems of which the cancellation was requested, as findings list them.
fn requested(context: Seen<'_>, found: Option<&str>) -> String {
    listed(context.cancelled.iter().map(String::as_str), found)
}

/// Finds an OrderItem that is not cancelled, or not one of those that were cancelled.
fn all_cancelled(document: &Value, context: Seen<'_>) -> Option<Finding> {
    complete(document, context).or_else(|| {
        items(document).iter().enumerate().find_map(|(index, item)| {
            if !is_requested(item, context) {
                let finding = Finding::new("`@id` of an OrderItem is not that of a cancelled OrderItem");
                let expected = format!("one of {}", requested(context, id(item)));
                let finding = finding.expected(expected, shown(item.get("@id")));
                return Some(lost(finding.path(format!("orderedItem[{index}].@id")), context));
            }
            wrong_status(index, item, "CustomerCancelled")
        })
    })
}

/// Finds an OrderItem that was cancelled and is not, or was not and is.
fn first_cancelled(document: &Value, context: Seen<'_>) -> Option<Finding> {
    complete(document, context)
        .or_else(|| {
            items(document).iter().enumerate().find_map(|(index, item)| {
                if is_requested(item, context) {
                    return wrong_status(index, item, "CustomerCancelled");
                }
                let finding = wrong_status(index, item, "OrderItemConfirmed")?;
                Some(if status(item).is_some() { finding.defect(Defect::Unexpected) } else { finding })
            })
        })
        .or_else(|| {
            let there = items(document).iter().any(|item| is_requested(item, context));
            (!there && context.strict()).then(|| {
                let found =
                    listed(items(document).iter().filter_map(id), context.cancelled.first().map(String::as_str));
                let finding = Finding::new("`orderedItem` does not have the cancelled OrderItem");
                lost(finding.expected(requested(context, None), found).path("orderedItem[*].@id"), context)
            })
        })
}

/// The opportunities of an Order, sorted.
fn opportunities(order: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> =
        items(order).iter().map(|item| item.get("orderedItem").and_then(id_of).unwrap_or_default()).collect();
    ids.sort_unstable();
    ids
}

/// Finds that every OrderItem has the opportunity of B.
fn opportunity_replaced(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = context.booked.map(opportunities).unwrap_or_default();
    let now = opportunities(document);
    complete(document, context).or_else(|| {
        (before == now).then(|| {
            let found = if now.iter().all(|id| id.is_empty()) { "nothing".to_owned() } else { listed(now, None) };
            Finding::new("`orderedItem` of every OrderItem is unchanged")
                .expected(format!("an opportunity other than {}", listed(before, None)), found)
                .path("orderedItem[*].orderedItem")
        })
    })
}

/// Finds that the OrderItems are not those of B.
fn same_order_items(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let ids = |order| {
        let mut ids: Vec<&str> = items(order).iter().filter_map(id).collect();
        ids.sort_unstable();
        ids
    };
    let before: Vec<&str> = context.booked.map(ids).unwrap_or_default();
    let now: Vec<&str> = ids(document);
    (before != now || before.is_empty()).then(|| {
        Finding::new("`orderedItem` does not have the OrderItems of the B response")
            .expected(listed(before, None), listed(now, None))
            .path("orderedItem[*].@id")
            .defect(Defect::Wrong)
    })
}
