//! What the Seller changes after the booking: name, time, place, and notices.

use serde_json::Value;

use crate::results::Finding;

use super::complete;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, id, items};
use crate::checks::value::{brief, shown};

rows! {
    NAME_CHANGED = "name-changed": "the name has changed, and neither time nor place"
        at [], asked(|seen| changed(seen.body, *seen, Group::Name)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }
    TIME_CHANGED = "time-changed": "the time has changed, and neither name nor place"
        at [], asked(|seen| changed(seen.body, *seen, Group::Time)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }
    LOCATION_CHANGED = "location-changed": "the place has changed, and neither name nor time"
        at [], asked(|seen| changed(seen.body, *seen, Group::Location)) {
        Any: ["OB-orders-feed-notifications-updates-and-refunds-7", "OB-booking-system-updating-the-orders-feed-1"],
    }
    CUSTOMER_NOTICE_NEW = "customer-notice-new": "every OrderItem has a customerNotice that differs from the one at B"
        at [], asked(|seen| customer_notice_new(seen.body, *seen)) {
        Any: ["OB-broker-processing-the-orders-feed-17"],
    }
}

/// What can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// What it is called.
    Name,
    /// When it is.
    Time,
    /// Where it is.
    Location,
}

impl Group {
    const ALL: [Self; 3] = [Self::Name, Self::Time, Self::Location];

    const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Time => "time",
            Self::Location => "place",
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

/// Where an opportunity or its parents say something.
const LEVELS: &[&str] = &["", "/superEvent", "/superEvent/superEvent", "/facilityUse"];

/// What the OrderItems say of a group, sorted.
fn told(order: &Value, group: Group) -> Vec<String> {
    let empty = Value::Null;
    let mut all: Vec<String> = items(order)
        .iter()
        .map(|item| {
            let opportunity = item.get("orderedItem").unwrap_or(&empty);
            let value = |pointer: &str| {
                LEVELS
                    .iter()
                    .find_map(|level| {
                        opportunity.pointer(&format!("{level}{pointer}")).filter(|found| !found.is_null())
                    })
                    .map_or_else(String::new, brief)
            };
            group.pointers().iter().map(|pointer| value(pointer)).collect::<Vec<_>>().join("|")
        })
        .collect();
    all.sort_unstable();
    all
}

/// The group has changed since B, and the others have not.
pub(super) fn changed(document: &Value, context: Seen<'_>, wanted: Group) -> Option<Finding> {
    let Some(booked) = context.booked else { return Some(Finding::new("there is no Order from B to compare with")) };
    complete(document, context).or_else(|| {
        Group::ALL.into_iter().find_map(|group| {
            let (before, now) = (told(booked, group), told(document, group));
            let wrong = (before == now) == (group == wanted);
            let word = group.word();
            wrong.then(|| {
                let (message, expected) = if group == wanted {
                    (format!("the {word} has not changed"), format!("another {word} than {}", before.join("; ")))
                } else {
                    (format!("the {word} has changed too"), before.join("; "))
                };
                Finding::new(message).expected(expected, now.join("; ")).path("orderedItem[*].orderedItem")
            })
        })
    })
}

/// Every OrderItem, matched by `@id`, has another notice than at B.
pub(super) fn customer_notice_new(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let booked = context.booked.map(items).unwrap_or_default();
    items(document).iter().enumerate().find_map(|(index, item)| {
        let Some(before) = booked.iter().find(|old| id(old).is_some() && id(old) == id(item)) else {
            return Some(
                Finding::new("an OrderItem in the feed is none of those of the Order")
                    .expected("the @id of an OrderItem of the Order", shown(item.get("@id")))
                    .path(format!("orderedItem[{index}].@id")),
            );
        };
        let (old, new) = (before.get("customerNotice"), item.get("customerNotice"));
        (old == new).then(|| {
            Finding::new("the customerNotice of an OrderItem is not new")
                .expected(format!("anything other than {}", shown(old)), shown(new))
                .path(format!("orderedItem[{index}].customerNotice"))
        })
    })
}
