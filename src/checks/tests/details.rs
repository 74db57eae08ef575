//! Details of the Customer, of attendees and of the Broker.

use serde_json::json;

use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{ErrorName, Stage};

use super::documents::{document, error, item_error, request};
use super::honest::{b, c1, c2, exchange, quotes};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// C1 and a C2 whose first OrderItem has an error that is about a field.
fn incomplete(name: ErrorName, instance: &str) -> Trace {
    let form = name == ErrorName::IncompleteIntakeForm;
    let c1 = if form { c1().with_intake_form() } else { c1().with_attendee() };
    let asked = if form { "orderItemIntakeForm" } else { "attendeeDetailsRequired" };
    let mut required = json!(null);
    let c1 =
        c1.edit(&format!("C1/orderedItem/0/{asked}"), |value| required = value.clone()).set("items/1/control", true);
    let exchanged = exchange(Stage::C2, Purpose::Quote, Wanted::Error(name), 409);
    let trace = c1
        .request("refused", exchanged, request(Stage::C2), document(Stage::C2))
        .set("refused/orderedItem/0/error", item_error(name.name()))
        .set("refused/orderedItem/0/error/0/instance", instance)
        .set(&format!("refused/orderedItem/0/{asked}"), required.clone())
        .without("refused/lease");
    if form {
        return trace;
    }
    let attendee = json!({ "@type": "Person", "email": "robin@example.com" });
    trace
        .set("refused/orderedItem/1/attendeeDetailsRequired", required)
        .set("refused request/orderedItem/0/attendee", attendee.clone())
        .set("refused/orderedItem/0/attendee", attendee)
}

/// C1, and a B that is rejected with one error for the whole Order.
fn rejected_whole() -> Trace {
    let wanted = Wanted::Error(ErrorName::IncompleteAttendeeDetails);
    let exchanged = exchange(Stage::B, Purpose::Order, wanted, 409);
    let error = error("UnableToProcessOrderItemError", 409);
    c1().with_attendee().set("items/1/control", true).request("refused", exchanged, request(Stage::B), error)
}

pub(super) fn lines() -> Vec<Lines> {
    let form = |instance: &str| incomplete(ErrorName::IncompleteIntakeForm, instance);
    let attendee = |instance: &str| incomplete(ErrorName::IncompleteAttendeeDetails, instance);
    let control = |trace: Trace| trace.set("items/1/control", true);
    vec![
        row("customer-reflected")
            .right(b().compatible().set("B/customer/email", "Grace.Shaw@example.com"))
            .wrong(b().without("B/customer"), "customer missing")
            .wrong(b().set("B/customer/@type", "Organization"), "customer.@type wrong"),
        row("broker-reflected")
            .right(b().set("B/broker/url", "https://broker.example.com/"))
            .wrong(b().set("B/broker/name", "Parkside"), "broker.name wrong")
            .wrong(b().without("B/broker"), "broker missing"),
        row("customer-email")
            .right(c2().compatible().set("C2/customer/email", "Grace.Shaw@example.com"))
            .wrong(c2().set("C2/customer/email", "grace@example.com"), "customer.email wrong")
            .wrong(c2().without("C2/customer/email"), "customer.email missing"),
        row("customer-identifier")
            .right(b().compatible().without("B/customer/telephone"))
            .wrong(b().set("B/customer/identifier", "customer-2"), "customer.identifier wrong")
            .wrong(b().without("B/customer/identifier"), "customer.identifier missing"),
        row("customer-details")
            .right(b().feature("customer-details-capture-identifier", Some(false)).without("B/customer/identifier"))
            .wrong(b().set("B/customer/givenName", "G."), "customer.givenName wrong")
            .wrong(b().without("B/customer/familyName"), "customer.familyName missing"),
        row("attendees-reflected")
            .right(b().with_attendee().reversed("B/orderedItem"))
            .wrong(b().with_attendee().without("B/orderedItem/1/attendee"), "orderedItem.attendee missing")
            .wrong(
                b().with_attendee().set("B/orderedItem/1/attendee/email", "robin@example.com"),
                "orderedItem.attendee.email wrong",
            ),
        row("attendee-details-asked")
            .right(c1().with_attendee().reversed("C1/orderedItem"))
            .wrong(
                c1().with_attendee().without("C1/orderedItem/1/attendeeDetailsRequired"),
                "orderedItem.attendeeDetailsRequired missing",
            )
            .wrong(
                c1().with_attendee().set("C1/orderedItem/1/attendeeDetailsRequired", json!([])),
                "orderedItem.attendeeDetailsRequired wrong",
            ),
        row("intake-forms-asked")
            .right(control(c1().with_intake_form()))
            .wrong(c1().with_intake_form(), "orderedItem.orderItemIntakeForm missing"),
        row("intake-forms-reflected")
            .right(quotes().with_intake_form().reversed("C2/orderedItem/0/orderItemIntakeForm"))
            .wrong(
                quotes().with_intake_form().without("C2/orderedItem/0/orderItemIntakeFormResponse"),
                "orderedItem.orderItemIntakeFormResponse missing",
            )
            .wrong(
                quotes().with_intake_form().without("C2/orderedItem/0/orderItemIntakeFormResponse/1"),
                "orderedItem.orderItemIntakeFormResponse wrong",
            ),
        row("errors-name-the-field")
            .right(form("https://id.example.com/forms/age"))
            .right(attendee("https://schema.org/givenName"))
            .right(rejected_whole())
            .wrong(rejected_whole().compatible(), "orderedItem missing")
            .wrong(form("https://id.example.com/forms/height"), "orderedItem.error.instance wrong")
            .wrong(
                form("https://id.example.com/forms/age").without("refused/orderedItem/0/error/0/instance"),
                "orderedItem.error.instance missing",
            )
            .wrong(attendee("https://schema.org/email"), "orderedItem.error.instance wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
