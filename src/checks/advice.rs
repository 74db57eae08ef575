//! What documents should have, so that a customer finds their way: nothing of it is a MUST.

use serde_json::Value;

use crate::results::Finding;
use crate::vocabulary::schema_org;

use super::row::rows;
use super::seen::{Seen, items};

rows! {
    LOCATION_DETAILS = "location-details": "where it takes place has an address and a position"
        at [C1 C2 P B OrderStatus], document(whole_place) {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-12"],
    }
    PARENT_INCLUDED = "parent-included": "an opportunity is shown with what it is part of"
        at [C1 C2 P B OrderStatus], document(parent_told) {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-25"],
    }
    ACCESS_CHANNEL_DETAILS = "access-channel-details": "a virtual location has everything to get in, by itself and by hand"
        at [B OrdersFeed], document(channel_whole) {
        B OrdersFeed: ["OB-remote-access-control-1", "OB-remote-access-control-2"],
    }
    ATTENDEE_INSTRUCTIONS = "attendee-instructions": "what is online says how to take part"
        at [C1 C2 B], document(instructions) {
        C1 C2 B: ["OB-remote-access-control-4"],
    }
}

/// Where an opportunity or its parents say where it takes place, nearest first.
const PLACES: &[&str] =
    &["location", "superEvent/location", "facilityUse/location", "facilityUse/aggregateFacilityUse/location"];

fn lacking(found: &Value, names: &[&str], path: &str, what: &str) -> Option<Finding> {
    let name = names.iter().find(|name| found.get(**name).is_none_or(Value::is_null))?;
    Some(Finding::new(format!("{what} has no {name}")).expected(*name, "nothing").path(format!("{path}.{name}")))
}

/// Where it takes place is told by an address and by a position.
fn whole_place(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let opportunity = item.get("orderedItem")?;
        PLACES.iter().find_map(|at| {
            let found = opportunity.pointer(&format!("/{at}")).filter(|found| found.is_object())?;
            let path = format!("orderedItem[{index}].orderedItem.{}", at.replace('/', "."));
            lacking(found, &["address", "geo"], &path, "the place")
        })
    })
}

/// What the opportunity is part of in its feed is told with it.
fn parent_told(document: &Seen<'_>) -> Option<Finding> {
    if document.replaced {
        return None;
    }
    document.asked().find_map(|(index, item, asked)| {
        let found = item.get("orderedItem")?.as_object()?;
        let lost = ["superEvent", "facilityUse"]
            .into_iter()
            .find(|link| asked.opportunity.get(*link).is_some() && !found.contains_key(*link))?;
        Some(
            Finding::new(format!("{lost} of the opportunity is not told"))
                .expected("what the opportunity feed shows", "nothing")
                .path(format!("orderedItem[{index}].orderedItem.{lost}")),
        )
    })
}

/// A virtual location has everything to get in, by itself and by hand.
fn channel_whole(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let channel = item.get("accessChannel")?;
        if channel.get("@type").and_then(Value::as_str) != Some("VirtualLocation") {
            return None;
        }
        let path = format!("orderedItem[{index}].accessChannel");
        lacking(channel, &["url", "name", "accessId", "accessCode"], &path, "the virtual location")
    })
}

/// Who takes part online is told how.
fn instructions(document: &Seen<'_>) -> Option<Finding> {
    let own_or_parent = |opportunity: &Value, name: &str| {
        let own = opportunity.get(name).or_else(|| opportunity.get("superEvent")?.get(name));
        own.and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    document.asked().find_map(|(index, item, asked)| {
        let mode = own_or_parent(&asked.opportunity, "eventAttendanceMode")?;
        let remote = ["OnlineEventAttendanceMode", "MixedEventAttendanceMode"].map(schema_org).contains(&mode);
        let opportunity = item.get("orderedItem").filter(|opportunity| opportunity.is_object())?;
        (remote && own_or_parent(opportunity, "attendeeInstructions").is_none()).then(|| {
            Finding::new("the opportunity is online, and says nothing of how to take part")
                .expected("attendeeInstructions", "nothing")
                .path(format!("orderedItem[{index}].orderedItem.attendeeInstructions"))
        })
    })
}
