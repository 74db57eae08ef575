//! Access codes, access passes and access channels.

use serde_json::Value;

use crate::results::Finding;

use super::complete;
use super::matchers::https;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::{brief, shown};

rows! {
    ACCESS_CHANNEL_OR_NOTICE = "access-channel-or-notice": "the first OrderItem has an accessChannel of type VirtualLocation, or a customerNotice"
        at [], asked(|seen| channel_or_notice(seen.body, *seen, false)) {
        Any: ["OB-access-control-5"],
    }
    ACCESS_CHANNEL_OF_ALL = "access-channel-of-all": "every OrderItem under test has an accessChannel of type VirtualLocation, or a customerNotice"
        at [], asked(|seen| channel_or_notice(seen.body, *seen, true)) {
        Any: ["OB-access-control-5", "OB-schema-orderitem-34"],
    }
    ACCESS_CHANNEL_CHANGED = "access-channel-changed": "every OrderItem under test has a VirtualLocation as accessChannel that differs from the one at B"
        at [], asked(|seen| channel_changed(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-14"],
    }
    ACCESS_CHANNEL_CHANGED_BY_INDEX = "access-channel-changed-by-index": "the accessChannel of the first OrderItem differs from that of the first one at B"
        at [], asked(|seen| channel_changed_by_index(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-14"],
    }
    ACCESS_CODES = "access-codes": "the accessCode of every physical OrderItem is a list whose entries have a name and a description"
        at [], asked(|seen| codes(seen.body, *seen)) {
        Any: ["OB-access-control-1", "OB-access-control-2", "OB-text-based-access-control-1", "OB-text-based-access-control-2"],
    }
    ACCESS_CODES_THERE = "access-codes-there": "there is a physical OrderItem, and every one has an accessCode that is not empty"
        at [], asked(|seen| there(seen.body, AccessKind::Code, "an access code", |_| true)) {
        Any: ["OB-access-control-1", "OB-schema-orderitem-28"],
    }
    ACCESS_CODE_CHANGED = "access-code-changed": "every physical OrderItem, matched by @id, has an accessCode whose content differs from the one at B"
        at [], asked(|seen| changed(seen.body, *seen, AccessKind::Code)) {
        Any: ["OB-broker-processing-the-orders-feed-13"],
    }
    ACCESS_CODE_CHANGED_BY_INDEX = "access-code-changed-by-index": "the accessCode of each physical OrderItem differs from that of the one in the same place at B"
        at [], asked(|seen| changed_by_index(seen.body, *seen, AccessKind::Code)) {
        Any: ["OB-broker-processing-the-orders-feed-13"],
    }
    ACCESS_PASS_CHANGED = "access-pass-changed": "every physical OrderItem, matched by @id, has an accessPass whose content differs from the one at B"
        at [], asked(|seen| changed(seen.body, *seen, AccessKind::Pass)) {
        Any: ["OB-broker-processing-the-orders-feed-12"],
    }
    ACCESS_PASS_CHANGED_BY_INDEX = "access-pass-changed-by-index": "the accessPass of each physical OrderItem differs from that of the one in the same place at B"
        at [], asked(|seen| changed_by_index(seen.body, *seen, AccessKind::Pass)) {
        Any: ["OB-broker-processing-the-orders-feed-12"],
    }
    ACCESS_PASS_URLS = "access-pass-urls": "the accessPass of every physical OrderItem is a list whose entries have a URL with https"
        at [], asked(|seen| pass_urls(seen.body, *seen)) {
        Any: ["OB-access-control-1"],
    }
    ACCESS_PASS_IMAGES = "access-pass-images": "there is a physical OrderItem, and every one has an accessPass with an image"
        at [], asked(|seen| there(seen.body, AccessKind::Pass, "a pass with an image", image)) {
        Any: ["OB-access-control-1", "OB-schema-orderitem-31"],
    }
    BARCODES = "barcodes": "the accessPass of every physical OrderItem is a list whose Barcodes have a text and a beta:codeType"
        at [], asked(|seen| barcodes(seen.body, *seen)) {
        Any: ["OB-access-control-1", "OB-extension-point-for-barcode-based-access-control-3"],
    }
    BARCODES_THERE = "barcodes-there": "there is a physical OrderItem, and every one has a Barcode with a url in its accessPass"
        at [], asked(|seen| there(seen.body, AccessKind::Pass, "a Barcode with a url", barcode_image)) {
        Any: ["OB-access-control-1", "OB-image-based-access-control-3", "OB-extension-point-for-barcode-based-access-control-2"],
    }
}

/// What opens the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessKind {
    /// `accessCode`
    Code,
    /// `accessPass`
    Pass,
}

impl AccessKind {
    const fn property(self) -> &'static str {
        match self {
            Self::Code => "accessCode",
            Self::Pass => "accessPass",
        }
    }

    const fn feature(self) -> &'static str {
        match self {
            Self::Code => "access-code-update-notifications",
            Self::Pass => "access-pass-update-notifications",
        }
    }
}

fn virtual_location(item: &Value) -> bool {
    item.pointer("/accessChannel/@type").and_then(Value::as_str) == Some("VirtualLocation")
}

/// Whether an OrderItem is for a place: without an `accessChannel` that is a VirtualLocation.
fn physical(item: &Value) -> bool {
    !virtual_location(item)
}

fn physical_items(order: &Value) -> Vec<(usize, &Value)> {
    items(order).iter().enumerate().filter(|(_, item)| physical(item)).collect()
}

/// The entries in an order that does not depend on theirs.
fn content(code: &Value) -> Vec<String> {
    let mut entries: Vec<String> = match code {
        Value::Array(entries) => entries.iter().map(Value::to_string).collect(),
        other => vec![other.to_string()],
    };
    entries.sort_unstable();
    entries
}

fn is_empty(code: &Value) -> bool {
    code.is_null() || code.as_array().is_some_and(Vec::is_empty)
}

fn no_order() -> Finding {
    Finding::new("there is no Order from B to compare with")
}

/// Every physical OrderItem, matched by `@id`, has new content.
pub(super) fn changed(document: &Value, context: Seen<'_>, kind: AccessKind) -> Option<Finding> {
    let property = kind.property();
    let Some(booked) = context.booked else { return Some(no_order()) };
    let before = physical_items(booked);
    if before.is_empty() {
        return Some(
            Finding::new(format!("B returned no physical OrderItem, so there is no {property} that could change"))
                .expected("an OrderItem without an online accessChannel", "none")
                .path("orderedItem"),
        );
    }
    let now = items(document);
    for (_, old) in before {
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
        let path = format!("orderedItem[{index}].{property}");
        let Some(old_code) = old.get(property).filter(|code| !is_empty(code)) else {
            return Some(
                Finding::new(format!("B gave OrderItem {wanted} no {property} that could change"))
                    .expected("a list that is not empty", shown(old.get(property)))
                    .path(path)
                    .hint(format!("set `implementedFeatures.{}` to false if there are none", kind.feature())),
            );
        };
        let new_code = now.get(index).and_then(|item| item.get(property)).filter(|code| !is_empty(code));
        let Some(new_code) = new_code else {
            return Some(
                Finding::new(format!("OrderItem {wanted} has no {property} in the feed"))
                    .expected(format!("a new {property}"), "nothing")
                    .path(path),
            );
        };
        if content(old_code) == content(new_code) {
            let reordered = old_code != new_code;
            let message = if reordered {
                format!(
                    "the {property} of OrderItem {wanted} is the one that B gave, its entries merely in another order"
                )
            } else {
                format!("the {property} of OrderItem {wanted} is still the one that B gave")
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

/// The n-th physical OrderItem differs from the n-th one at B.
pub(super) fn changed_by_index(document: &Value, context: Seen<'_>, kind: AccessKind) -> Option<Finding> {
    let property = kind.property();
    let Some(booked) = context.booked else { return Some(no_order()) };
    let (before, now) = (physical_items(booked), physical_items(document));
    if now.is_empty() || now.len() != before.len() {
        return Some(
            Finding::new("the feed has another number of physical OrderItems than B")
                .expected(before.len().to_string(), now.len().to_string())
                .path("orderedItem"),
        );
    }
    now.iter().zip(before).find_map(|((index, new), (_, old))| {
        let (new_code, old_code) = (new.get(property), old.get(property));
        let missing = new_code.is_none() || old_code.is_none();
        (missing || new_code == old_code).then(|| {
            let message =
                if missing { format!("an {property} is missing") } else { format!("an {property} did not change") };
            Finding::new(message)
                .expected(format!("anything other than {}", shown(old_code)), shown(new_code))
                .path(format!("orderedItem[{index}].{property}"))
        })
    })
}

/// The first wrong entry of a list property of the physical OrderItems, and what is wrong with it.
fn wrong_entry(
    document: &Value,
    context: Seen<'_>,
    kind: AccessKind,
    wrong: impl Fn(&Value) -> Option<(&'static str, &'static str)>,
) -> Option<Finding> {
    let property = kind.property();
    if let Some(finding) = complete(document, context) {
        return Some(finding);
    }
    physical_items(document).into_iter().find_map(|(index, item)| {
        let path = format!("orderedItem[{index}].{property}");
        let Some(entries) = item.get(property).and_then(Value::as_array) else {
            return Some(
                Finding::new(format!("a physical OrderItem has no list of {property}"))
                    .expected("a list", shown(item.get(property)))
                    .path(path),
            );
        };
        entries.iter().enumerate().find_map(|(at, entry)| {
            let (name, expected) = wrong(entry)?;
            Some(
                Finding::new(format!("an entry of {property} has no right `{name}`"))
                    .expected(expected, shown(entry.get(name)))
                    .path(format!("{path}[{at}].{name}")),
            )
        })
    })
}

/// Each `accessCode` is a list whose entries have a name and a description.
pub(super) fn codes(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Code, |entry| {
        ["name", "description"]
            .into_iter()
            .find(|name| !entry.get(*name).is_some_and(Value::is_string))
            .map(|name| (name, "text"))
    })
}

/// Each `accessPass` is a list whose entries have a URL with https.
pub(super) fn pass_urls(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Pass, |entry| {
        let right = entry.get("url").and_then(Value::as_str).is_some_and(https);
        (!right).then_some(("url", "a URL with https"))
    })
}

/// The Barcodes of each `accessPass` have a text and a code type.
pub(super) fn barcodes(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Pass, |entry| {
        if entry.get("@type").and_then(Value::as_str) != Some("Barcode") {
            return None;
        }
        ["text", "beta:codeType"]
            .into_iter()
            .find(|name| !entry.get(*name).is_some_and(Value::is_string))
            .map(|name| (name, "text"))
    })
}

/// Whether an entry of an `accessPass` is an image.
pub(super) fn image(entry: &Value) -> bool {
    let kind = entry.get("@type").and_then(Value::as_str);
    matches!(kind, Some("ImageObject" | "Barcode")) && entry.get("url").and_then(Value::as_str).is_some_and(https)
}

/// Whether an entry of an `accessPass` is a Barcode that can be shown.
pub(super) fn barcode_image(entry: &Value) -> bool {
    entry.get("@type").and_then(Value::as_str) == Some("Barcode") && image(entry)
}

/// There is a physical OrderItem, and every one has an entry of the kind that is wanted.
pub(super) fn there(
    document: &Value,
    kind: AccessKind,
    what: &str,
    wanted: impl Fn(&Value) -> bool,
) -> Option<Finding> {
    let property = kind.property();
    let found = physical_items(document);
    if found.is_empty() {
        let finding = Finding::new("there is no physical OrderItem, though the opportunity takes place somewhere");
        return Some(finding.expected("an OrderItem without an online accessChannel", "none").path("orderedItem"));
    }
    found.into_iter().find_map(|(index, item)| {
        let entries = item.get(property).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        (!entries.iter().any(&wanted)).then(|| {
            Finding::new(format!("a physical OrderItem lacks {what}"))
                .expected(format!("{what} in {property}"), shown(item.get(property)))
                .path(format!("orderedItem[{index}].{property}"))
        })
    })
}

/// The first OrderItem, or every one under test, tells how to take part online.
pub(super) fn channel_or_notice(document: &Value, context: Seen<'_>, all: bool) -> Option<Finding> {
    context.under_test(document).filter(|found| all || matches!(found, Ok((0, ..)) | Err(_))).find_map(|found| {
        let (_, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let notice = item.get("customerNotice").and_then(Value::as_str).is_some_and(|notice| !notice.is_empty());
        (!virtual_location(item) && !notice).then(|| {
            Finding::new("an OrderItem of an online opportunity does not tell how to take part")
                .expected(
                    "an accessChannel of type VirtualLocation, or a customerNotice",
                    shown(item.get("accessChannel")),
                )
                .path(format!("orderedItem[{index}].accessChannel"))
        })
    })
}

/// Every OrderItem under test has a new VirtualLocation.
pub(super) fn channel_changed(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(no_order()) };
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(*finding),
        };
        let path = format!("orderedItem[{index}].accessChannel");
        if !virtual_location(item) {
            let finding = Finding::new("an OrderItem of an online opportunity has no VirtualLocation as accessChannel");
            return Some(finding.expected("a VirtualLocation", shown(item.get("accessChannel"))).path(path));
        }
        let old = context.index_of(booked, position).and_then(|at| items(booked).get(at)?.get("accessChannel"));
        (old == item.get("accessChannel")).then(|| {
            Finding::new("the accessChannel of an OrderItem is still the one that B gave")
                .expected(format!("anything other than {}", shown(old)), shown(item.get("accessChannel")))
                .path(path)
        })
    })
}

/// The first entry of each list has another accessChannel.
pub(super) fn channel_changed_by_index(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(no_order()) };
    let channel = |order: &Value| items(order).first().and_then(|item| item.get("accessChannel")).cloned();
    let (old, new) = (channel(booked), channel(document));
    (old == new).then(|| {
        Finding::new("the accessChannel of the first OrderItem did not change")
            .expected(format!("anything other than {}", shown(old.as_ref())), shown(new.as_ref()))
            .path("orderedItem[0].accessChannel")
    })
}
