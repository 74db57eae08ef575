//! Recommended details of opportunities and access channels.

use super::honest::{b, c1, c2, order_status};
use super::lines::{Lines, hold, row};

pub(super) fn lines() -> Vec<Lines> {
    let session = "C1/orderedItem/0/orderedItem";
    vec![
        row("location-details")
            .right(order_status())
            .right(c1().online())
            .right(c1().edit(session, |session| session["location"] = session["superEvent"]["location"].clone()))
            .warned(
                c1().without(&format!("{session}/superEvent/location/geo")),
                "orderedItem.orderedItem.superEvent.location.geo missing",
            )
            .warned(
                b().without("B/orderedItem/1/orderedItem/superEvent/location/address"),
                "orderedItem.orderedItem.superEvent.location.address missing",
            ),
        row("parent-included")
            .right(c1().reversed("C1/orderedItem"))
            .warned(c1().without(&format!("{session}/superEvent")), "orderedItem.orderedItem.superEvent missing"),
        row("access-channel-details")
            .right(b())
            .right(b().online())
            .warned(
                b().online().without("B/orderedItem/1/accessChannel/accessId"),
                "orderedItem.accessChannel.accessId missing",
            )
            .warned(b().online().without("B/orderedItem/0/accessChannel/url"), "orderedItem.accessChannel.url missing"),
        row("attendee-instructions")
            .right(c1())
            .right(c2().online().edit("C2/orderedItem/0/orderedItem", |session| {
                session["attendeeInstructions"] = session["superEvent"]["attendeeInstructions"].take();
                session["superEvent"].as_object_mut().unwrap().remove("attendeeInstructions");
            }))
            .warned(
                c1().online().without(&format!("{session}/superEvent/attendeeInstructions")),
                "orderedItem.orderedItem.attendeeInstructions missing",
            ),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
