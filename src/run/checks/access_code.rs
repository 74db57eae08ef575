//! Access codes that must be new.

use serde_json::Value;

use crate::results::Finding;

use super::{CheckContext, brief};

fn items(order: &Value) -> &[Value] {
    order.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether an OrderItem is for a place: without an `accessChannel` that is a VirtualLocation.
fn physical(item: &Value) -> bool {
    item.pointer("/accessChannel/@type").and_then(Value::as_str) != Some("VirtualLocation")
}

fn id(item: &Value) -> Option<&str> {
    item.get("@id").and_then(Value::as_str)
}

/// The entries of an access code in an order that does not depend on theirs.
fn content(code: &Value) -> Vec<String> {
    let mut entries: Vec<String> = match code {
        Value::Array(entries) => entries.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    };
    entries.sort_unstable();
    entries
}

fn no_order() -> Finding {
    Finding::new("there is no Order from B to compare with")
}

/// Every physical OrderItem, matched by `@id`, has an access code with new content.
pub(super) fn changed(document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(no_order()) };
    let before: Vec<&Value> = items(booked).iter().filter(|item| physical(item)).collect();
    if before.is_empty() {
        return Some(
            Finding::new("B returned no physical OrderItem, so there is no access code that could change")
                .expected("an OrderItem without an online accessChannel", "none")
                .path("orderedItem"),
        );
    }
    let now = items(document);
    for old in before {
        let Some(wanted) = id(old) else {
            return Some(Finding::new("an OrderItem that B returned has no @id").path("orderedItem[*].@id"));
        };
        let Some(index) = now.iter().position(|item| id(item) == Some(wanted)) else {
            let found: Vec<&str> = now.iter().filter_map(id).collect();
            return Some(
                Finding::new("an OrderItem of the Order is not in the feed")
                    .expected(wanted, found.join(", "))
                    .path("orderedItem[*].@id"),
            );
        };
        let path = format!("orderedItem[{index}].accessCode");
        let old_code = old.get("accessCode").filter(|code| !is_empty(code));
        let Some(old_code) = old_code else {
            return Some(
                Finding::new(format!("B gave OrderItem {wanted} no accessCode that could change"))
                    .expected("a list of access codes", old.get("accessCode").map_or_else(|| "nothing".into(), brief))
                    .path(path)
                    .hint("set `implementedFeatures.access-code-update-notifications` to false if there are none"),
            );
        };
        let new_code = now.get(index).and_then(|item| item.get("accessCode")).filter(|code| !is_empty(code));
        let Some(new_code) = new_code else {
            return Some(
                Finding::new(format!("OrderItem {wanted} has no accessCode in the feed"))
                    .expected("a new accessCode", "nothing")
                    .path(path),
            );
        };
        if content(old_code) == content(new_code) {
            let reordered = old_code != new_code;
            let message = if reordered {
                format!(
                    "the accessCode of OrderItem {wanted} is the one that B gave, its entries merely in another order"
                )
            } else {
                format!("the accessCode of OrderItem {wanted} is still the one that B gave")
            };
            return Some(
                Finding::new(message)
                    .expected(format!("anything other than {}", brief(old_code)), brief(new_code))
                    .path(path),
            );
        }
    }
    None
}

fn is_empty(code: &Value) -> bool {
    code.is_null() || code.as_array().is_some_and(Vec::is_empty)
}

/// The n-th physical OrderItem has another access code than the n-th one at B.
pub(super) fn changed_by_index(document: &Value, context: CheckContext<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(no_order()) };
    let before: Vec<&Value> = items(booked).iter().filter(|item| physical(item)).collect();
    let now: Vec<(usize, &Value)> = items(document).iter().enumerate().filter(|(_, item)| physical(item)).collect();
    if now.is_empty() || now.len() != before.len() {
        return Some(
            Finding::new("the feed has another number of physical OrderItems than B")
                .expected(before.len().to_string(), now.len().to_string())
                .path("orderedItem"),
        );
    }
    now.iter().zip(before).find_map(|((index, new), old)| {
        let (new_code, old_code) = (new.get("accessCode"), old.get("accessCode"));
        let missing = new_code.is_none() || old_code.is_none();
        (missing || new_code == old_code).then(|| {
            let shown = |code: Option<&Value>| code.map_or_else(|| "nothing".to_owned(), brief);
            Finding::new(if missing { "an accessCode is missing" } else { "an accessCode did not change" })
                .expected(format!("anything other than {}", shown(old_code)), shown(new_code))
                .path(format!("orderedItem[{index}].accessCode"))
        })
    })
}
