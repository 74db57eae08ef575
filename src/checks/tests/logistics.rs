//! Changes after the booking: name, time, location, and notices.

use serde_json::{Value, json};

use crate::trace::Awaited;
use crate::vocabulary::{Action, FeedName};

use super::honest::{b, orders_feed};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// B, a change of logistics, and its update in the Orders feed: another value at a pointer of both sessions.
fn change_of(action: Action, pointer: &str, value: &Value) -> Trace {
    let trace = b().act(action).wait(FeedName::Orders, Awaited::Update);
    (0..2).fold(trace, |trace, number| {
        trace.set(&format!("feed/orderedItem/{number}/orderedItem{pointer}"), value.clone())
    })
}

/// Both sessions of the Orders feed as references.
fn referenced(trace: Trace) -> Trace {
    (0..2).fold(trace, |trace, number| {
        trace.edit(&format!("feed/orderedItem/{number}/orderedItem"), |session| {
            if let Some(session) = session.as_object_mut() {
                session.retain(|name, _| ["@type", "@id"].contains(&name.as_str()));
            }
        })
    })
}

/// Both sessions of the Orders feed without a property.
fn bare(trace: Trace, pointer: &str) -> Trace {
    (0..2).fold(trace, |trace, number| trace.without(&format!("feed/orderedItem/{number}/orderedItem{pointer}")))
}

fn notices() -> Trace {
    (0..2).fold(orders_feed(), |trace, number| {
        trace.set(&format!("feed/orderedItem/{number}/customerNotice"), "Bring a mat.")
    })
}

pub(super) fn lines() -> Vec<Lines> {
    let name = || change_of(Action::ChangeOfLogisticsName, "/superEvent/name", &json!("Evening Yoga"));
    let time = || change_of(Action::ChangeOfLogisticsTime, "/startDate", &json!("2030-03-01T18:30:00Z"));
    let place = || change_of(Action::ChangeOfLogisticsLocation, "/superEvent/location/name", &json!("Hilltop Centre"));
    let unchanged = |action: Action| b().act(action).wait(FeedName::Orders, Awaited::Update);
    let start = "feed/orderedItem/0/orderedItem/startDate";
    vec![
        row("name-changed")
            .right(name().set(start, "2030-03-01T19:00:00+01:00"))
            .right(name().set("feed/orderedItem/0/orderedItem/duration", "PT60M"))
            .right(name().reversed("feed/orderedItem"))
            .right(referenced(name()))
            .right(bare(name(), "/endDate"))
            .wrong(bare(name(), "/superEvent/name"), "orderedItem.orderedItem missing")
            .wrong(bare(name(), "/endDate").compatible(), "orderedItem.orderedItem unexpected")
            .wrong(unchanged(Action::ChangeOfLogisticsName), "orderedItem.orderedItem missing")
            .wrong(name().set(start, "2030-03-01T19:00:00Z"), "orderedItem.orderedItem unexpected"),
        row("time-changed")
            .right(time().set("feed/orderedItem/0/orderedItem/superEvent/location/geo/latitude", 51.70))
            .wrong(
                unchanged(Action::ChangeOfLogisticsTime).set(start, "2030-03-01T19:00:00+01:00"),
                "orderedItem.orderedItem missing",
            )
            .wrong(
                time().set("feed/orderedItem/1/orderedItem/superEvent/name", "Evening Yoga"),
                "orderedItem.orderedItem unexpected",
            ),
        row("location-changed")
            .right(place().set(start, "2030-03-01T19:00:00+01:00"))
            .wrong(unchanged(Action::ChangeOfLogisticsLocation), "orderedItem.orderedItem missing")
            .wrong(place().set(start, "2030-03-01T19:00:00Z"), "orderedItem.orderedItem unexpected"),
        row("customer-notice-new")
            .right(notices().reversed("feed/orderedItem"))
            .wrong(notices().without("feed/orderedItem/1/customerNotice"), "orderedItem.customerNotice missing")
            .wrong(notices().set("B/orderedItem/1/customerNotice", "Bring a mat."), "orderedItem.customerNotice wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
