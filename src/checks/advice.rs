//! Recommended details of opportunities and access channels. None of them is a MUST.

use serde_json::Value;

use crate::results::Finding;
use crate::vocabulary::schema_org;

use super::row::rows;
use super::seen::{Seen, items};
use super::value::shown;

rows! {
    LOCATION_DETAILS = "location-details": "location has both address and geo"
        at [C1 C2 P B OrderStatus], document(location_details) {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-12"],
    }, violates {
        [C1 C2 P B OrderStatus] => ["OB-opportunity-data-properties-12"],
    }
    PARENT_INCLUDED = "parent-included": "orderedItem includes the superEvent or facilityUse of the opportunity feed"
        at [C1 C2 P B OrderStatus], document(parent_included) {
        C1 C2 P B OrderStatus: ["OB-opportunity-data-properties-25"],
    }, violates {
        [C1 C2 P B OrderStatus] => ["OB-opportunity-data-properties-25"],
    }
    ACCESS_CHANNEL_DETAILS = "access-channel-details": "a VirtualLocation has url, name, accessId and accessCode"
        at [B OrdersFeed], document(access_channel_details) {
        B OrdersFeed: ["OB-remote-access-control-1", "OB-remote-access-control-2"],
    }, violates {
        [B OrdersFeed] "url" => ["OB-remote-access-control-1"],
        [B OrdersFeed] => ["OB-remote-access-control-2"],
    }
    ATTENDEE_INSTRUCTIONS = "attendee-instructions": "an online opportunity has attendeeInstructions"
        at [C1 C2 B], document(attendee_instructions) {
        C1 C2 B: ["OB-remote-access-control-4"],
    }, violates {
        [C1 C2 B] => ["OB-remote-access-control-4"],
    }
}

/// Where an opportunity or its parents have a `location`, nearest first.
const LOCATIONS: &[&str] =
    &["location", "superEvent/location", "facilityUse/location", "facilityUse/aggregateFacilityUse/location"];

fn lacks(value: &Value, name: &str) -> bool {
    value.get(name).is_none_or(Value::is_null)
}

/// The finding that an object at a path lacks the first of these properties that is missing.
fn lacking(found: &Value, names: &[&str], path: &str, subject: &str) -> Option<Finding> {
    let name = names.iter().find(|name| lacks(found, name))?;
    let finding = Finding::new(format!("`{subject}` has no `{name}`"));
    Some(finding.expected(format!("`{name}`"), "nothing").path(format!("{path}.{name}")))
}

/// Finds the first `location` that has one of `address` and `geo` only. That one without either is invalid, the data model
/// says.
fn location_details(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let opportunity = item.get("orderedItem")?;
        LOCATIONS.iter().find_map(|at| {
            let found = opportunity.pointer(&format!("/{at}")).filter(|found| found.is_object())?;
            let path = format!("orderedItem[{index}].orderedItem.{}", at.replace('/', "."));
            let neither = lacks(found, "address") && lacks(found, "geo");
            lacking(found, &["address", "geo"], &path, "location").filter(|_| !neither)
        })
    })
}

/// Finds the first opportunity without the parent that its feed shows.
fn parent_included(document: &Seen<'_>) -> Option<Finding> {
    if document.replaced {
        return None;
    }
    document.asked().find_map(|(index, item, asked)| {
        let found = item.get("orderedItem")?.as_object()?;
        ["superEvent", "facilityUse"].into_iter().find_map(|link| {
            let parent = asked.opportunity.get(link).filter(|_| !found.contains_key(link))?;
            Some(
                Finding::new(format!("`{link}` of the opportunity is missing"))
                    .expected(shown(Some(parent)), "nothing")
                    .path(format!("orderedItem[{index}].orderedItem.{link}")),
            )
        })
    })
}

/// Finds the first VirtualLocation without all details for access.
fn access_channel_details(document: &Seen<'_>) -> Option<Finding> {
    items(document.body).iter().enumerate().find_map(|(index, item)| {
        let channel = item.get("accessChannel")?;
        if channel.get("@type").and_then(Value::as_str) != Some("VirtualLocation") {
            return None;
        }
        let path = format!("orderedItem[{index}].accessChannel");
        lacking(channel, &["url", "name", "accessId", "accessCode"], &path, "accessChannel")
    })
}

/// Finds the first online opportunity without `attendeeInstructions`, its own or those of its parent.
fn attendee_instructions(document: &Seen<'_>) -> Option<Finding> {
    let own_or_parent = |opportunity: &Value, name: &str| {
        let own = opportunity.get(name).or_else(|| opportunity.get("superEvent")?.get(name));
        own.and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    document.asked().find_map(|(index, item, asked)| {
        let mode = own_or_parent(&asked.opportunity, "eventAttendanceMode")?;
        let online = ["OnlineEventAttendanceMode", "MixedEventAttendanceMode"].map(schema_org).contains(&mode);
        let opportunity = item.get("orderedItem").filter(|opportunity| opportunity.is_object())?;
        (online && own_or_parent(opportunity, "attendeeInstructions").is_none()).then(|| {
            Finding::new("`attendeeInstructions` of an online opportunity is missing")
                .expected(format!("instructions for eventAttendanceMode {mode}"), "nothing")
                .path(format!("orderedItem[{index}].orderedItem.attendeeInstructions"))
        })
    })
}
