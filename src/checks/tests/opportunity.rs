//! Opportunities and Offers of responses, compared with the opportunity feeds.

use serde_json::{Value, json};

use crate::trace::Sought;
use crate::vocabulary::{Situation, openactive};

use super::documents::{offer, opportunity};
use super::honest::{b, c1, created_session, order_status, sight_of};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// A look at a session with these Offers.
fn offers(offers: &Value) -> Trace {
    let mut session = opportunity(0);
    session["superEvent"]["offers"] = offers.clone();
    Trace::new().look(Sought::Situation(Situation::Begun), vec![sight_of(0)], vec![session])
}

pub(super) fn lines() -> Vec<Lines> {
    let session = "C1/orderedItem/0/orderedItem";
    let adult = "C1/orderedItem/0/acceptedOffer";
    let mut dearer = offer(0);
    dearer["price"] = json!(13);
    let mut same = offer(0);
    same["price"] = json!(12.0);
    vec![
        row("tax-mode-of-feed")
            .right(
                c1().without("items/0/opportunity/superEvent/organizer/taxMode")
                    .without("items/1/opportunity/superEvent/organizer/taxMode"),
            )
            .wrong(c1().set("C1/seller/taxMode", openactive("TaxNet")), "seller.taxMode wrong"),
        row("offer-of-feed")
            .right(c1().set(&format!("{adult}/price"), 12.0))
            .right(c1().set(&format!("{adult}/openBookingPrepayment"), openactive("Required")))
            .right(
                c1().set("items/0/offer/latestCancellationBeforeStartDate", "P1D")
                    .set(&format!("{adult}/latestCancellationBeforeStartDate"), "PT24H"),
            )
            .wrong(c1().set(&format!("{adult}/name"), "Grown-up"), "orderedItem.acceptedOffer.name wrong")
            .wrong(
                c1().without(&format!("{adult}/allowCustomerCancellationFullRefund")),
                "orderedItem.acceptedOffer.allowCustomerCancellationFullRefund missing",
            )
            .wrong(
                c1().set(&format!("{adult}/validFromBeforeStartDate"), "P1D"),
                "orderedItem.acceptedOffer.validFromBeforeStartDate unexpected",
            ),
        row("opportunity-of-feed")
            .right(c1().set(&format!("{session}/startDate"), "2030-03-01T19:00:00+01:00"))
            .right(c1().set(&format!("{session}/duration"), "PT60M"))
            .right(order_status())
            .wrong(
                c1().set(&format!("{session}/startDate"), "2030-03-01T18:00:00+01:00"),
                "orderedItem.orderedItem.startDate wrong",
            )
            .wrong(
                b().without("B/orderedItem/1/orderedItem/superEvent/name"),
                "orderedItem.orderedItem.superEvent.name missing",
            )
            .wrong(
                c1().set(&format!("{session}/level"), json!(["Beginner"])),
                "orderedItem.orderedItem.level unexpected",
            ),
        row("seller-of-feed")
            .right(c1().set("C1/seller/url", "https://riverside.example.com/"))
            .right(c1().without("C1/seller/telephone"))
            .warned(c1().set("C1/seller/name", "Riverside"), "seller.name wrong"),
        row("distinct-offers")
            .right(created_session())
            .right(offers(&json!([offer(0), same, offer(1)])))
            .wrong(offers(&json!([offer(0), dearer])), "offers.@id wrong"),
        row("booking-requirements-of-feed")
            .right(c1().with_intake_form())
            .right(c1().with_attendee())
            .wrong(
                c1().set("C1/orderedItem/0/attendeeDetailsRequired", json!(["https://schema.org/givenName"])),
                "orderedItem.attendeeDetailsRequired unexpected",
            )
            .wrong(
                c1().with_intake_form().without("C1/orderedItem/0/orderItemIntakeForm"),
                "orderedItem.orderItemIntakeForm missing",
            )
            .wrong(c1().set("C1/orderRequiresApproval", true), "orderRequiresApproval unexpected"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
