//! Access codes, access passes and access channels.

use serde_json::Value;

use crate::results::{Defect, Finding};

use super::item_set::{complete, lost, nothing_booked};
use super::matchers::https;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::{brief, listed, number_of, quoted, shown};
use crate::vocabulary::{Profile, schema_org};

rows! {
    ACCESS_CHANNEL_OR_NOTICE = "access-channel-or-notice": "the first OrderItem has an accessChannel of type VirtualLocation, or a customerNotice"
        at [], asked(|seen| channel_or_notice(seen.body, *seen, false)) {
        Any: ["OB-access-control-5"],
    }, violates {
        [Any] "accessChannel" => ["OB-access-control-5"],
    }
    ACCESS_CHANNEL_OF_ALL = "access-channel-of-all": "every OrderItem under test has an accessChannel of type VirtualLocation, or a customerNotice"
        at [], asked(|seen| channel_or_notice(seen.body, *seen, true)) {
        Any: ["OB-access-control-5", "OB-schema-orderitem-34"],
    }, violates {
        [Any] "accessChannel" => ["OB-access-control-5"],
    }
    ACCESS_CHANNEL_CHANGED = "access-channel-changed": "every OrderItem under test has a VirtualLocation as accessChannel that differs from the one at B"
        at [], asked(|seen| channel_changed(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-14"],
    }, violates {
        [Any] "accessChannel" => ["OB-broker-processing-the-orders-feed-14", "TI-AccessChannelUpdateSimulateAction-1"],
    }
    ACCESS_CHANNEL_CHANGED_BY_INDEX = "access-channel-changed-by-index": "the accessChannel of the first OrderItem differs from that of the first one at B"
        at [], asked(|seen| channel_changed_by_index(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-14"],
    }, violates {
        [Any] "accessChannel" => ["OB-broker-processing-the-orders-feed-14", "TI-AccessChannelUpdateSimulateAction-1"],
    }
    ACCESS_CODES = "access-codes": "the accessCode of every physical OrderItem is a list whose entries have a name and a description"
        at [], asked(|seen| codes(seen.body, *seen)) {
        Any: ["OB-access-control-1", "OB-access-control-2", "OB-text-based-access-control-1", "OB-text-based-access-control-2"],
    }, violates {
        [Any] "accessCode" => ["OB-access-control-1"],
        [Any] "name" => ["OB-text-based-access-control-1"],
        [Any] "description" => ["OB-text-based-access-control-2"],
    }
    ACCESS_CODES_THERE = "access-codes-there": "every physical OrderItem has an accessCode that is not empty, and there is one"
        at [], asked(|seen| required(*seen, AccessKind::Code, "an access code", |_| true)) {
        Any: ["OB-access-control-1", "OB-schema-orderitem-28"],
    }, violates {
        [Any] => ["OB-access-control-1", "OB-access-control-2"],
    }
    ACCESS_CODE_CHANGED = "access-code-changed": "every physical OrderItem, matched by @id, has an accessCode whose content differs from the one at B"
        at [], asked(|seen| changed(seen.body, *seen, AccessKind::Code)) {
        Any: ["OB-broker-processing-the-orders-feed-13"],
    }, violates {
        [Any] "accessCode" => ["OB-broker-processing-the-orders-feed-13", "TI-AccessCodeUpdateSimulateAction-1"],
    }
    ACCESS_CODE_CHANGED_BY_INDEX = "access-code-changed-by-index": "the accessCode of each physical OrderItem differs from that of the one at the same index at B"
        at [], asked(|seen| changed_by_index(seen.body, *seen, AccessKind::Code)) {
        Any: ["OB-broker-processing-the-orders-feed-13"],
    }, violates {
        [Any] "accessCode" => ["OB-broker-processing-the-orders-feed-13", "TI-AccessCodeUpdateSimulateAction-1"],
    }
    ACCESS_PASS_CHANGED = "access-pass-changed": "every physical OrderItem, matched by @id, has an accessPass whose content differs from the one at B"
        at [], asked(|seen| changed(seen.body, *seen, AccessKind::Pass)) {
        Any: ["OB-broker-processing-the-orders-feed-12"],
    }, violates {
        [Any] "accessPass" => ["OB-broker-processing-the-orders-feed-12", "TI-AccessPassUpdateSimulateAction-1"],
    }
    ACCESS_PASS_CHANGED_BY_INDEX = "access-pass-changed-by-index": "the accessPass of each physical OrderItem differs from that of the one at the same index at B"
        at [], asked(|seen| changed_by_index(seen.body, *seen, AccessKind::Pass)) {
        Any: ["OB-broker-processing-the-orders-feed-12"],
    }, violates {
        [Any] "accessPass" => ["OB-broker-processing-the-orders-feed-12", "TI-AccessPassUpdateSimulateAction-1"],
    }
    ACCESS_PASS_URLS = "access-pass-urls": "the accessPass of every physical OrderItem is a list whose entries have an https url"
        at [], asked(|seen| pass_urls(seen.body, *seen)) {
        Any: ["OB-access-control-1"],
    }, violates {
        [Any] "accessPass" => ["OB-access-control-1"],
        [Any] "url" if "missing" => ["OB-access-control-1"],
    }
    ACCESS_PASS_IMAGES = "access-pass-images": "every physical OrderItem has an accessPass with an image, and there is one"
        at [], asked(|seen| required(*seen, AccessKind::Pass, "an image with an https url", is_image)) {
        Any: ["OB-access-control-1", "OB-schema-orderitem-31"],
    }, violates {
        [Any] if "missing" => ["OB-access-control-1"],
    }
    BARCODES = "barcodes": "the accessPass of every physical OrderItem is a list whose Barcodes have text and beta:codeType"
        at [], asked(|seen| barcodes(seen.body, *seen)) {
        Any: ["OB-access-control-1", "OB-extension-point-for-barcode-based-access-control-3"],
    }, violates {
        [Any] "accessPass" => ["OB-access-control-1"],
        [Any] => ["OB-extension-point-for-barcode-based-access-control-3"],
    }
    BARCODES_THERE = "barcodes-there": "every physical OrderItem has a Barcode with a url in its accessPass, and there is one"
        at [], asked(|seen| barcodes_with_url(*seen)) {
        Any: ["OB-access-control-1", "OB-image-based-access-control-3", "OB-extension-point-for-barcode-based-access-control-2"],
    }, violates {
        [Any] "url" => ["OB-extension-point-for-barcode-based-access-control-2"],
        [Any] if "missing" => ["OB-access-control-1"],
    }
}

/// A property that gives access to premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccessKind {
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

fn has_virtual_location(item: &Value) -> bool {
    item.pointer("/accessChannel/@type").and_then(Value::as_str) == Some("VirtualLocation")
}

/// Where the opportunity of an OrderItem says whether it can be attended at its location, nearest first.
const ATTENDANCE: &[&str] = &["/orderedItem/eventAttendanceMode", "/orderedItem/superEvent/eventAttendanceMode"];

/// Whether the opportunity of an OrderItem can be attended both online and at its location.
fn is_mixed(item: &Value) -> bool {
    let mode = ATTENDANCE.iter().find_map(|at| item.pointer(at));
    mode.and_then(Value::as_str) == Some(&schema_org("MixedEventAttendanceMode"))
}

/// The physical OrderItems, with their indexes: those whose `accessChannel` is not a VirtualLocation, and in strict runs those
/// that can be attended at a location as well.
fn physical_items(order: &Value, profile: Profile) -> Vec<(usize, &Value)> {
    let physical = |item: &Value| !has_virtual_location(item) || (profile == Profile::Strict && is_mixed(item));
    items(order).iter().enumerate().filter(|(_, item)| physical(item)).collect()
}

/// The entries of a list as text, sorted.
fn sorted_entries(code: &Value) -> Vec<String> {
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

/// The finding that a document has no physical OrderItem, though the opportunity takes place at a location.
fn nothing_physical(words: &str) -> Finding {
    Finding::new(format!("`orderedItem` {words} has no physical OrderItem"))
        .expected("an OrderItem without a VirtualLocation as accessChannel", "none")
        .path("orderedItem")
        .violating(["OB-access-control-1"])
}

/// Finds a physical OrderItem, matched by `@id`, whose codes or passes are those of B.
fn changed(document: &Value, context: Seen<'_>, kind: AccessKind) -> Option<Finding> {
    let property = kind.property();
    let Some(booked) = context.booked else { return Some(nothing_booked(context)) };
    let before = physical_items(booked, context.profile);
    if before.is_empty() {
        return Some(nothing_physical("of the B response"));
    }
    let now = items(document);
    before.into_iter().find_map(|(at, old)| {
        let Some(wanted) = id(old) else {
            let finding = Finding::new("`@id` of an OrderItem of the B response is missing");
            let finding = finding.expected("the @id of the OrderItem", shown(old.get("@id")));
            return Some(finding.path(format!("orderedItem[{at}].@id")).violating(["OB-schema-orderitem-5"]));
        };
        let Some((index, new)) = now.iter().enumerate().find(|(_, item)| id(item) == Some(wanted)) else {
            let found = listed(now.iter().filter_map(id), Some(wanted));
            let finding = Finding::new("`orderedItem` does not have an OrderItem of the Order");
            return Some(lost(finding.expected(quoted(wanted), found).path("orderedItem[*].@id"), context));
        };
        let path = format!("orderedItem[{index}].{property}");
        let Some(old_code) = old.get(property).filter(|code| !is_empty(code)) else {
            return Some(
                Finding::new(format!("`{property}` of an OrderItem of the B response is missing or empty"))
                    .expected("a list that is not empty", shown(old.get(property)))
                    .path(path)
                    .hint(format!("set `implementedFeatures.{}` to false if there are none", kind.feature()))
                    .violating(["OB-access-control-1"]),
            );
        };
        let Some(new_code) = new.get(property).filter(|code| !is_empty(code)) else {
            let words = if new.get(property).is_some() { "is empty" } else { "is missing" };
            return Some(
                Finding::new(format!("`{property}` of an OrderItem {words}"))
                    .expected(format!("a new {property}"), shown(new.get(property)))
                    .path(path),
            );
        };
        (sorted_entries(old_code) == sorted_entries(new_code)).then(|| {
            let words =
                if old_code == new_code { "is unchanged" } else { "has the entries of the B response, reordered" };
            Finding::new(format!("`{property}` of an OrderItem {words}"))
                .expected(format!("other than {}", brief(old_code)), brief(new_code))
                .path(path)
        })
    })
}

/// Finds a physical OrderItem whose codes or passes are those of the one at the same index at B.
fn changed_by_index(document: &Value, context: Seen<'_>, kind: AccessKind) -> Option<Finding> {
    let property = kind.property();
    let Some(booked) = context.booked else { return Some(nothing_booked(context)) };
    let (before, now) = (physical_items(booked, context.profile), physical_items(document, context.profile));
    if now.is_empty() || now.len() != before.len() {
        let number = |count: usize| number_of(count, "physical OrderItem", "physical OrderItems");
        let finding = Finding::new("`orderedItem` has another number of physical OrderItems than the B response");
        return Some(lost(finding.expected(number(before.len()), number(now.len())).path("orderedItem"), context));
    }
    now.iter().zip(before).find_map(|((index, new), (_, old))| {
        let (new_code, old_code) = (new.get(property), old.get(property));
        let missing = new_code.is_none() || old_code.is_none();
        (missing || new_code == old_code).then(|| {
            let words = if missing { "is missing" } else { "is unchanged" };
            Finding::new(format!("`{property}` of an OrderItem {words}"))
                .expected(format!("other than {}", shown(old_code)), shown(new_code))
                .path(format!("orderedItem[{index}].{property}"))
        })
    })
}

/// Finds the first wrong entry of a list property of the physical OrderItems. `wrong` names the wrong property of an entry,
/// and what was expected of it.
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
    physical_items(document, context.profile).into_iter().find_map(|(index, item)| {
        let path = format!("orderedItem[{index}].{property}");
        let Some(entries) = item.get(property).and_then(Value::as_array) else {
            let words = if item.get(property).is_some() { "is not a list" } else { "is missing" };
            return Some(
                Finding::new(format!("`{property}` of a physical OrderItem {words}"))
                    .expected("a list", shown(item.get(property)))
                    .path(path),
            );
        };
        entries.iter().enumerate().find_map(|(at, entry)| {
            let (name, expected) = wrong(entry)?;
            let found = entry.get(name);
            let words = if found.is_some() { format!("is not {expected}") } else { "is missing".to_owned() };
            Some(
                Finding::new(format!("`{property}.{name}` {words}"))
                    .expected(expected, shown(found))
                    .path(format!("{path}[{at}].{name}")),
            )
        })
    })
}

/// Finds an `accessCode` that is not a list of entries with name and description.
fn codes(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Code, |entry| {
        ["name", "description"]
            .into_iter()
            .find(|name| !entry.get(*name).is_some_and(Value::is_string))
            .map(|name| (name, "a string"))
    })
}

/// Finds an `accessPass` that is not a list of entries with an https URL.
fn pass_urls(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Pass, |entry| {
        let right = entry.get("url").and_then(Value::as_str).is_some_and(https);
        (!right).then_some(("url", "an https URL"))
    })
}

/// Finds a Barcode of an `accessPass` without text or code type.
fn barcodes(document: &Value, context: Seen<'_>) -> Option<Finding> {
    wrong_entry(document, context, AccessKind::Pass, |entry| {
        if !is_barcode(entry) {
            return None;
        }
        ["text", "beta:codeType"]
            .into_iter()
            .find(|name| !entry.get(*name).is_some_and(Value::is_string))
            .map(|name| (name, "a string"))
    })
}

fn is_barcode(entry: &Value) -> bool {
    entry.get("@type").and_then(Value::as_str) == Some("Barcode")
}

fn has_url(entry: &Value) -> bool {
    entry.get("url").and_then(Value::as_str).is_some_and(https)
}

/// Whether an entry of an `accessPass` is an image that can be shown.
fn is_image(entry: &Value) -> bool {
    let kind = entry.get("@type").and_then(Value::as_str);
    matches!(kind, Some("ImageObject" | "Barcode")) && has_url(entry)
}

/// The entries of a list property of an OrderItem.
fn entries(item: &Value, kind: AccessKind) -> &[Value] {
    item.get(kind.property()).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Finds that no OrderItem is physical, or a physical one without an entry of a kind. `what` is the entry in words.
fn required(seen: Seen<'_>, kind: AccessKind, what: &str, wanted: impl Fn(&Value) -> bool) -> Option<Finding> {
    let property = kind.property();
    let physical = physical_items(seen.body, seen.profile);
    if physical.is_empty() {
        return Some(nothing_physical("of a physical opportunity"));
    }
    physical.into_iter().find_map(|(index, item)| {
        let found = entries(item, kind);
        (!found.iter().any(&wanted)).then(|| {
            let defect = if found.is_empty() { Defect::Missing } else { Defect::Wrong };
            Finding::new(format!("`{property}` of a physical OrderItem does not have {what}"))
                .expected(format!("{what} in {property}"), shown(item.get(property)))
                .path(format!("orderedItem[{index}].{property}"))
                .defect(defect)
        })
    })
}

/// Finds that no OrderItem is physical, or a physical one without a Barcode that has an https URL.
fn barcodes_with_url(seen: Seen<'_>) -> Option<Finding> {
    let kind = AccessKind::Pass;
    required(seen, kind, "a Barcode", is_barcode).or_else(|| {
        physical_items(seen.body, seen.profile).into_iter().find_map(|(index, item)| {
            let barcodes = || entries(item, kind).iter().enumerate().filter(|(_, entry)| is_barcode(entry));
            let (at, first) = barcodes().next().filter(|_| !barcodes().any(|(_, entry)| has_url(entry)))?;
            let found = first.get("url");
            let words = if found.is_some() { "is not an https URL" } else { "is missing" };
            Some(
                Finding::new(format!("`url` of a Barcode {words}"))
                    .expected("an https URL of an image of the Barcode", shown(found))
                    .path(format!("orderedItem[{index}].accessPass[{at}].url")),
            )
        })
    })
}

/// Finds an OrderItem of an online opportunity without means of access: the first one, or any one under test.
fn channel_or_notice(document: &Value, context: Seen<'_>, all: bool) -> Option<Finding> {
    context.under_test(document).filter(|found| all || matches!(found, Ok((0, ..)) | Err(_))).find_map(|found| {
        let (_, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(lost(*finding, context)),
        };
        let notice = item.get("customerNotice").and_then(Value::as_str).is_some_and(|notice| !notice.is_empty());
        let found = item.get("accessChannel");
        (!has_virtual_location(item) && !notice).then(|| {
            let words = if found.is_some() { "is not a VirtualLocation" } else { "is missing" };
            Finding::new(format!("`accessChannel` of an online opportunity {words}"))
                .expected("an accessChannel of type VirtualLocation, or a customerNotice", shown(found))
                .path(format!("orderedItem[{index}].accessChannel"))
        })
    })
}

/// Finds an OrderItem under test without a VirtualLocation, or with the one of B.
fn channel_changed(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(nothing_booked(context)) };
    context.under_test(document).find_map(|found| {
        let (position, index, item) = match found {
            Ok(found) => found,
            Err(finding) => return Some(lost(*finding, context)),
        };
        let path = format!("orderedItem[{index}].accessChannel");
        let new = item.get("accessChannel");
        if !has_virtual_location(item) {
            let words = if new.is_some() { "is not a VirtualLocation" } else { "is missing" };
            let finding = Finding::new(format!("`accessChannel` of an online opportunity {words}"));
            return Some(finding.expected("a VirtualLocation", shown(new)).path(path));
        }
        let old = context.index_of(booked, position).and_then(|at| items(booked).get(at)?.get("accessChannel"));
        (old == new).then(|| {
            Finding::new("`accessChannel` of an OrderItem is unchanged")
                .expected(format!("other than {}", shown(old)), shown(new))
                .path(path)
        })
    })
}

/// Finds that the first OrderItem has the accessChannel of the first one at B.
fn channel_changed_by_index(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(nothing_booked(context)) };
    let channel = |order: &Value| items(order).first().and_then(|item| item.get("accessChannel")).cloned();
    let (old, new) = (channel(booked), channel(document));
    (old == new).then(|| {
        Finding::new("`accessChannel` of the first OrderItem is unchanged")
            .expected(format!("other than {}", shown(old.as_ref())), shown(new.as_ref()))
            .path("orderedItem[0].accessChannel")
    })
}
