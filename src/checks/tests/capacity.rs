//! Remaining capacity in quotes and opportunity feeds.

use crate::config::Mode;
use crate::trace::{CapacityRule, Event, Purpose, Sight, Wanted};
use crate::vocabulary::{CapacityChange, ErrorName, Stage};

use super::documents::{document, error, request};
use super::honest::{c1, c2, cancellation, capacity, exchange, p, rejection};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// With a change of what the feeds show of the first session.
fn sight(trace: Trace, change: impl FnOnce(&mut Sight)) -> Trace {
    trace.event("capacity", |event| {
        if let Event::Capacity(watched) = event {
            change(&mut watched.sights[0]);
        }
    })
}

/// Where the first session has left the feeds.
fn gone(trace: Trace) -> Trace {
    sight(trace, |sight| {
        sight.capacity = None;
        sight.missing = Some("it is in no feed of the dataset site".to_owned());
    })
}

/// C1 and B, with what is left of both sessions after each.
fn booking(after_c1: i64, after_b: i64) -> Trace {
    let c1 = capacity(CapacityRule::Requested, Stage::C1, after_c1);
    c1.stage(Stage::B, Purpose::Order).capacity(CapacityRule::Requested, Stage::B, after_b)
}

/// Two Orders at the same time, for a session with so many spaces; the second is answered with this status.
fn simultaneous(spaces: u32, status: u16) -> Trace {
    let order = |status: u16| exchange(Stage::B, Purpose::Simultaneous, Wanted::Response, status);
    let second = if status == 201 { document(Stage::B) } else { error("OrderCreationFailedError", status) };
    Trace::new()
        .items(false)
        .set("items/0/opportunity/remainingAttendeeCapacity", spaces)
        .request("first", order(201), request(Stage::B), document(Stage::B))
        .request("second", order(status), request(Stage::B), second)
}

pub(super) fn lines() -> Vec<Lines> {
    let left = "C1/orderedItem/0/orderedItem/remainingAttendeeCapacity";
    let leased = |left: i64| capacity(CapacityRule::Requested, Stage::C1, left);
    let unleased = |left: i64| leased(left).feature("anonymous-leasing", Some(false));
    let released =
        |left: i64| cancellation().capacity(CapacityRule::Changed(CapacityChange::GivenBack), Stage::OrderPatch, left);
    let held = |expired: bool, left: i64| p().capacity(CapacityRule::Held(expired), Stage::P, left);
    let kept = |left: i64| {
        rejection(Stage::B, ErrorName::TotalPaymentDueMismatch).capacity(CapacityRule::Rejected, Stage::B, left)
    };
    let proposed =
        |left: i64| leased(9).stage(Stage::P, Purpose::Proposal).capacity(CapacityRule::Unchanged, Stage::P, left);
    let quote_rejected = |left: i64| leased(9).capacity(CapacityRule::Rejected, Stage::C2, left);
    vec![
        row("capacity-in-quote")
            .right(c1().reversed("C1/orderedItem"))
            .right(c2())
            .right(c1().set(left, 10.0))
            .wrong(c1().set(left, 9), "orderedItem.orderedItem.remainingAttendeeCapacity wrong")
            .warned(c1().without(left), "orderedItem.orderedItem.remainingAttendeeCapacity missing"),
        row("capacity-in-feeds")
            .right(unleased(10))
            .right(leased(9).feature("anonymous-leasing", None))
            .right(booking(9, 9))
            .right(booking(10, 9).feature("anonymous-leasing", Some(false)).feature("named-leasing", Some(false)))
            .right(proposed(9))
            .right(proposed(10))
            .wrong(proposed(8), "remainingAttendeeCapacity wrong")
            .wrong(proposed(11), "remainingAttendeeCapacity wrong")
            .wrong(leased(10), "remainingAttendeeCapacity wrong")
            .wrong(unleased(9), "remainingAttendeeCapacity wrong")
            .wrong(booking(9, 8), "remainingAttendeeCapacity wrong")
            .wrong(sight(leased(9), |sight| sight.capacity = None), "remainingAttendeeCapacity missing")
            .wrong(gone(leased(9)), "remainingAttendeeCapacity wrong")
            .blocked(gone(leased(9)).configured(|config| config.mode = Mode::Random), "remainingAttendeeCapacity wrong")
            .blocked(
                leased(9).event("capacity", |event| {
                    if let Event::Capacity(watched) = event {
                        watched.unreadable = Some("the feed returned HTTP 500".to_owned());
                    }
                }),
                "C1 response wrong",
            ),
        row("spaces-booked-once")
            .right(simultaneous(1, 500))
            .right(simultaneous(2, 201))
            .wrong(simultaneous(1, 201), "B response wrong"),
        row("capacity-released")
            .right(sight(released(10), |sight| sight.capacity = Some(11)))
            .warned(released(10), "remainingAttendeeCapacity wrong"),
        row("capacity-kept-after-rejection")
            .right(kept(10))
            .wrong(kept(9), "remainingAttendeeCapacity wrong")
            .right(quote_rejected(9))
            .right(quote_rejected(10))
            .wrong(quote_rejected(8), "remainingAttendeeCapacity wrong")
            .wrong(quote_rejected(11), "remainingAttendeeCapacity wrong"),
        row("lease-carried-over").right(held(false, 10)).warned(held(false, 11), "remainingAttendeeCapacity wrong"),
        row("lease-extended").right(held(true, 10)).warned(held(true, 11), "remainingAttendeeCapacity wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
