//! What sessions may require or be besides: an intake form, attendees, online.

use serde_json::json;

use crate::trace::attendee;
use crate::vocabulary::openactive;

use super::trace::Trace;

impl Trace {
    /// With the answers to an intake form of the first OrderItem, where its Offer requires them.
    pub(super) fn with_intake_form(self) -> Self {
        let form = json!([
            {
                "@type": "ShortAnswerFormFieldSpecification",
                "@id": "https://id.example.com/forms/age",
                "name": "Age",
                "description": "How old are you?",
                "valueRequired": true
            },
            {
                "@type": "BooleanFormFieldSpecification",
                "@id": "https://id.example.com/forms/photos",
                "name": "Photos",
                "description": "May we take photos?"
            }
        ]);
        let answers = json!([
            { "@type": "PropertyValue", "propertyID": "https://id.example.com/forms/age", "value": "42" },
            { "@type": "PropertyValue", "propertyID": "https://id.example.com/forms/photos", "value": true }
        ]);
        let required = json!([openactive("OpenBookingIntakeForm")]);
        let mut trace = self.set("items/0/offer/openBookingFlowRequirement", required);
        for label in trace.labels() {
            if matches!(label, "C1" | "C2" | "P" | "B" | "proposals feed") {
                trace = trace.set(&format!("{label}/orderedItem/0/orderItemIntakeForm"), form.clone());
            }
            if matches!(label, "C2" | "P" | "B" | "proposals feed") {
                trace = trace.set(&format!("{label}/orderedItem/0/orderItemIntakeFormResponse"), answers.clone());
            }
            if matches!(label, "C2" | "P" | "B") {
                trace =
                    trace.set(&format!("{label} request/orderedItem/0/orderItemIntakeFormResponse"), answers.clone());
            }
        }
        trace
    }

    /// With an attendee of the first OrderItem, where its Offer requires the details of one.
    pub(super) fn with_attendee(self) -> Self {
        let details = json!(["https://schema.org/givenName", "https://schema.org/email"]);
        let required = json!([openactive("OpenBookingAttendeeDetails")]);
        let mut trace = self;
        for number in 0..2 {
            trace = trace.set(&format!("items/{number}/offer/openBookingFlowRequirement"), required.clone());
            for label in trace.labels() {
                let item = format!("{label}/orderedItem/{number}");
                if matches!(label, "C1" | "C2" | "P" | "B") {
                    trace = trace.set(&format!("{item}/attendeeDetailsRequired"), details.clone());
                }
                if matches!(label, "C2" | "P" | "B") {
                    trace = trace.set(&format!("{item}/attendee"), attendee());
                    let sent = format!("{label} request/orderedItem/{number}/attendee");
                    trace = trace.set(&sent, attendee());
                }
            }
        }
        trace
    }

    /// With sessions that take place online.
    pub(super) fn online(self) -> Self {
        let mut trace = self;
        for label in trace.labels() {
            let list = match label {
                "items" => "items".to_owned(),
                "C1" | "C2" | "P" | "B" | "feed" => format!("{label}/orderedItem"),
                _ => continue,
            };
            for number in 0..2 {
                let item = format!("{list}/{number}");
                let session =
                    if label == "items" { format!("{item}/opportunity") } else { format!("{item}/orderedItem") };
                trace = trace
                    .set(
                        &format!("{session}/superEvent/eventAttendanceMode"),
                        "https://schema.org/OnlineEventAttendanceMode",
                    )
                    .set(&format!("{session}/superEvent/attendeeInstructions"), "Keep your camera on.")
                    .without(&format!("{session}/superEvent/location"));
                if matches!(label, "B" | "feed") {
                    let channel = json!({
                        "@type": "VirtualLocation",
                        "name": "Online room",
                        "url": format!("https://online.example.com/{label}/{number}"),
                        "accessId": "1303",
                        "accessCode": "5191"
                    });
                    trace = trace
                        .without(&format!("{item}/accessCode"))
                        .without(&format!("{item}/accessPass"))
                        .set(&format!("{item}/accessChannel"), channel);
                }
            }
        }
        trace
    }
}
