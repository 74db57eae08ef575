//! Changes after the booking: name, time, location, and notices.

use serde_json::Value;

use crate::results::{Defect, Finding};

use super::item_set::{complete, lost, nothing_booked};
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::{brief, listed, quoted, shown};
use crate::compare::{Span, amount, instant};

rows! {
    NAME_CHANGED = "name-changed": "name of the opportunities changes, time and location do not"
        at [], asked(|seen| changed(seen.body, *seen, Group::Name)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }, violates {
        [Any] if "missing" => ["TI-ChangeOfLogisticsNameSimulateAction-2", "OB-booking-system-updating-the-orders-feed-1"],
    }
    TIME_CHANGED = "time-changed": "time of the opportunities changes, name and location do not"
        at [], asked(|seen| changed(seen.body, *seen, Group::Time)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }, violates {
        [Any] if "missing" => ["TI-ChangeOfLogisticsTimeSimulateAction-2", "OB-booking-system-updating-the-orders-feed-1"],
    }
    LOCATION_CHANGED = "location-changed": "location of the opportunities changes, name and time do not"
        at [], asked(|seen| changed(seen.body, *seen, Group::Location)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }, violates {
        [Any] if "missing" => [
            "TI-ChangeOfLogisticsLocationSimulateAction-2",
            "OB-booking-system-updating-the-orders-feed-1",
        ],
    }
    CUSTOMER_NOTICE_NEW = "customer-notice-new": "every OrderItem has a customerNotice that differs from the one at B"
        at [], asked(|seen| customer_notice_new(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-17"],
    }, violates {
        [Any] "customerNotice" => ["OB-broker-processing-the-orders-feed-17", "TI-CustomerNoticeSimulateAction-1"],
    }
}

/// A group of properties of an opportunity that change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    /// `name`
    Name,
    /// `startDate`, `endDate` and `duration`.
    Time,
    /// `meetingPoint` and `location`.
    Location,
}

impl Group {
    const ALL: [Self; 3] = [Self::Name, Self::Time, Self::Location];

    const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Time => "startDate, endDate or duration",
            Self::Location => "meetingPoint or location",
        }
    }

    const fn pointers(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["/name"],
            Self::Time => &["/startDate", "/endDate", "/duration"],
            Self::Location => &[
                "/meetingPoint",
                "/location/name",
                "/location/geo/latitude",
                "/location/geo/longitude",
                "/location/address/streetAddress",
                "/location/address/addressLocality",
                "/location/address/addressRegion",
                "/location/address/postalCode",
                "/location/address/addressCountry",
            ],
        }
    }
}

/// Where an opportunity or its parents have a property, nearest first.
const LEVELS: &[&str] = &["", "/superEvent", "/superEvent/superEvent", "/facilityUse"];

/// A value in one of its notations: an instant in UTC, a number without needless digits.
fn plain(value: &Value) -> String {
    let text = value.as_str();
    if let Some(at) = text.and_then(instant) {
        return quoted(&at.to_string());
    }
    match (text.and_then(Span::parse), value) {
        (Some(Span { months: 0, seconds }), _) => quoted(&format!("PT{seconds}S")),
        (Some(Span { months, seconds }), _) => quoted(&format!("P{months}MT{seconds}S")),
        (None, Value::Number(number)) => amount(number).normalize().to_string(),
        (None, value) => brief(value),
    }
}

/// The value of the opportunity of an OrderItem, or of its nearest parent that has it.
fn value_at(item: &Value, pointer: &str) -> Option<String> {
    let opportunity = item.get("orderedItem")?;
    LEVELS
        .iter()
        .find_map(|level| opportunity.pointer(&format!("{level}{pointer}")).filter(|found| !found.is_null()))
        .map(plain)
}

/// The values of a group in the OrderItems of an Order, sorted.
fn values(order: &Value, group: Group) -> Vec<String> {
    let of = |item: &Value| {
        let values = group.pointers().iter().map(|pointer| value_at(item, pointer).unwrap_or_default());
        values.collect::<Vec<_>>().join("|")
    };
    let mut all: Vec<String> = items(order).iter().map(of).collect();
    all.sort_unstable();
    all
}

/// Whether a group of an OrderItem has a new value. Values that the document omits are not new; those that the Order of B did
/// not have are if `added`.
fn shows_new(booked: &Value, document: &Value, group: Group, added: bool) -> bool {
    items(document).iter().enumerate().any(|(index, item)| {
        let known = items(booked).iter().find(|old| id(old).is_some() && id(old) == id(item));
        let Some(before) = known.or_else(|| items(booked).get(index)) else { return false };
        group.pointers().iter().any(|pointer| match (value_at(before, pointer), value_at(item, pointer)) {
            (Some(before), Some(now)) => before != now,
            (None, Some(_)) => added,
            (_, None) => false,
        })
    })
}

/// Whether a document has nothing of the opportunities but their references, as the specification of 2021 has it: what changed is
/// in the opportunity feeds alone.
fn only_references(document: &Value) -> bool {
    let bare = |opportunity: &Value| {
        opportunity.as_object().is_none_or(|members| members.keys().all(|name| name.starts_with('@')))
    };
    items(document).iter().all(|item| item.get("orderedItem").is_none_or(bare))
}

/// Values as a finding lists them: three at most, without those that are empty.
fn in_words(values: &[String]) -> String {
    let words = |value: &String| value.split('|').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let list: Vec<String> = values.iter().take(3).map(words).filter(|words| !words.is_empty()).collect();
    match list.is_empty() {
        true => "nothing".to_owned(),
        false if values.len() > 3 => format!("{} … ({} in all)", list.join("; "), values.len()),
        false => list.join("; "),
    }
}

/// Finds that a group has not changed since B, or that another one has.
fn changed(document: &Value, context: Seen<'_>, wanted: Group) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(nothing_booked(context)) };
    let strict = context.strict();
    if strict && only_references(document) {
        return complete(document, context);
    }
    complete(document, context).or_else(|| {
        Group::ALL.into_iter().find_map(|group| {
            let (before, now) = (values(booked, group), values(document, group));
            let new = if strict { shows_new(booked, document, group, group == wanted) } else { before != now };
            let wrong = new != (group == wanted);
            let word = group.word();
            wrong.then(|| {
                let path = "orderedItem[*].orderedItem";
                if group == wanted {
                    Finding::new(format!("`orderedItem` has no new {word}"))
                        .expected(format!("other than {}", in_words(&before)), in_words(&now))
                        .path(path)
                        .defect(Defect::Missing)
                } else {
                    Finding::new(format!("`orderedItem` has a new {word}, which the action does not change"))
                        .expected(in_words(&before), in_words(&now))
                        .path(path)
                        .defect(Defect::Unexpected)
                }
            })
        })
    })
}

/// Finds an OrderItem, matched by `@id`, with the `customerNotice` of B.
fn customer_notice_new(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let booked = context.booked.map(items).unwrap_or_default();
    items(document).iter().enumerate().find_map(|(index, item)| {
        let Some(before) = booked.iter().find(|old| id(old).is_some() && id(old) == id(item)) else {
            let finding = Finding::new("`@id` of an OrderItem is not that of an OrderItem of the Order");
            let expected = format!("one of {}", listed(booked.iter().filter_map(id), id(item)));
            let finding = finding.expected(expected, shown(item.get("@id")));
            return Some(lost(finding.path(format!("orderedItem[{index}].@id")), context));
        };
        let (old, new) = (before.get("customerNotice"), item.get("customerNotice"));
        (old == new).then(|| {
            let words = if new.is_some() { "is unchanged" } else { "is missing" };
            Finding::new(format!("`customerNotice` of an OrderItem {words}"))
                .expected(
                    old.map_or_else(|| "a notice".to_owned(), |old| format!("other than {}", brief(old))),
                    shown(new),
                )
                .path(format!("orderedItem[{index}].customerNotice"))
        })
    })
}
