//! Orders and OrderProposals in their feeds and in Order Status, compared with the responses of P and B.

use serde_json::{Value, json};

use crate::trace::Awaited;
use crate::vocabulary::{FeedName, Stage, openactive};

use super::documents::{document, error};
use super::honest::{cancel_first, cancellation, early_status, order_status, orders_feed, proposals_feed, replacement};
use super::lines::{Lines, hold, row};
use super::trace::{Trace, UUID};

/// B, and the Orders feed after every OrderItem was cancelled.
fn cancellation_of_all() -> Trace {
    orders_feed()
        .replacing("OrderItemConfirmed", "SellerCancelled")
        .set("B/orderedItem/0/orderItemStatus", openactive("OrderItemConfirmed"))
        .set("B/orderedItem/1/orderItemStatus", openactive("OrderItemConfirmed"))
        .set("feed/totalPaymentDue/price", 0)
        .without("feed/totalPaymentTax")
}

/// A cancellation, and a later update of the Orders feed with both OrderItems confirmed.
fn reinstatement() -> Trace {
    cancellation().wait(FeedName::Orders, Awaited::Update)
}

pub(super) fn lines() -> Vec<Lines> {
    let feed = "feed/orderedItem/0";
    let offer = "feed/orderedItem/0/acceptedOffer";
    let proposal = "proposals feed/orderedItem/0";
    let other_version =
        |value: &mut Value| *value = json!(format!("{}0", value.as_str().unwrap().strip_suffix('1').unwrap()));
    vec![
        row("feed-matches-response")
            .right(orders_feed().without(&format!("{feed}/accessCode")))
            .right(cancellation_of_all().without("feed/totalPaymentDue/openBookingPrepayment"))
            .wrong(orders_feed().set("feed/orderRequiresApproval", false), "orderRequiresApproval unexpected")
            .wrong(
                orders_feed().without("feed/totalPaymentDue/openBookingPrepayment"),
                "totalPaymentDue.openBookingPrepayment missing",
            )
            .wrong(
                proposals_feed().without(&format!("{proposal}/acceptedOffer/name")),
                "orderedItem.acceptedOffer.name missing",
            ),
        row("tax-in-feed")
            .right(cancellation_of_all())
            .wrong(orders_feed().without("feed/totalPaymentTax"), "totalPaymentTax missing")
            .wrong(orders_feed().set("feed/taxCalculationExcluded", false), "taxCalculationExcluded unexpected"),
        row("offer-in-feed")
            .right(
                orders_feed()
                    .feature("seller-requested-replacement", Some(false))
                    .without("feed/orderedItem/0/unitTaxSpecification")
                    .without("feed/orderedItem/1/unitTaxSpecification"),
            )
            .wrong(orders_feed().without(&format!("{feed}/acceptedOffer")), "orderedItem.acceptedOffer missing")
            .wrong(
                orders_feed().without(&format!("{feed}/unitTaxSpecification")),
                "orderedItem.unitTaxSpecification missing",
            ),
        row("replacement-terms")
            .right(replacement().set(&format!("{offer}/price"), 12.0))
            .right(replacement().set(&format!("{offer}/openBookingPrepayment"), openactive("Required")))
            .right(
                replacement()
                    .set(&format!("{offer}/price"), 11)
                    .set(&format!("{feed}/unitTaxSpecification/0/price"), 1.83)
                    .set("feed/totalPaymentDue/price", 17)
                    .set("feed/totalPaymentTax/0/price", 2.83),
            )
            .wrong(replacement().set(&format!("{offer}/price"), 13), "orderedItem.acceptedOffer.price wrong")
            .wrong(
                replacement().set(&format!("{offer}/openBookingPrepayment"), openactive("Optional")),
                "orderedItem.acceptedOffer.openBookingPrepayment wrong",
            ),
        row("offer-as-booked")
            .right(orders_feed().set(&format!("{offer}/price"), 12.0))
            .right(replacement())
            .wrong(orders_feed().set(&format!("{offer}/name"), "Grown-up"), "orderedItem.acceptedOffer.name wrong")
            .wrong(
                order_status().set("status/orderedItem/1/unitTaxSpecification/0/name", "Tax"),
                "orderedItem.unitTaxSpecification.name wrong",
            ),
        row("opportunity-as-booked")
            .right(orders_feed().set(&format!("{feed}/orderedItem/startDate"), "2030-03-01T19:00:00+01:00"))
            .right(orders_feed().edit(&format!("{feed}/orderedItem"), |session| *session = session["@id"].take()))
            .right(replacement())
            .warned(
                orders_feed().set(&format!("{feed}/orderedItem/startDate"), "2030-03-01T18:30:00Z"),
                "orderedItem.orderedItem.startDate wrong",
            ),
        row("proposal-as-proposed")
            .right(proposals_feed().set("proposals feed/totalPaymentDue/price", 18.0))
            .right(
                proposals_feed()
                    .watch("proposals feed", |watched| watched.awaited = Awaited::Update)
                    .edit("proposals feed/orderProposalVersion", other_version)
                    .set("proposals feed/totalPaymentDue/price", 17),
            )
            .wrong(proposals_feed().set("proposals feed/totalPaymentDue/price", 17), "totalPaymentDue.price wrong")
            .wrong(proposals_feed().without("proposals feed/orderedItem/1"), "orderedItem wrong"),
        row("cancellation-final")
            .right(cancel_first(reinstatement()))
            .wrong(reinstatement(), "orderedItem.orderItemStatus wrong"),
        row("intake-forms-in-feed")
            .right(proposals_feed().with_intake_form())
            .right(proposals_feed().with_intake_form().reversed("proposals feed/orderedItem"))
            .wrong(
                proposals_feed().with_intake_form().without(&format!("{proposal}/orderItemIntakeForm")),
                "orderedItem.orderItemIntakeForm missing",
            )
            .wrong(
                proposals_feed().with_intake_form().without(&format!("{proposal}/orderItemIntakeFormResponse")),
                "orderedItem.orderItemIntakeFormResponse missing",
            ),
        row("order-status-as-booked")
            .right(order_status().set("status/broker/url", "https://broker.example.com/"))
            .right(order_status().set("status/orderedItem/0/accessCode/0/description", "999"))
            .wrong(order_status().without("status/customer"), "customer missing")
            .wrong(order_status().set("status/payment/identifier", "payment-2"), "payment wrong"),
        row("totals-as-booked")
            .right(order_status().set("status/totalPaymentDue/price", 18.0))
            .right(
                order_status()
                    .set("status/orderedItem/0/orderItemStatus", openactive("CustomerCancelled"))
                    .set("status/totalPaymentDue/price", 6)
                    .set("status/totalPaymentTax/0/price", 1),
            )
            .warned(order_status().set("status/totalPaymentDue/price", 17), "totalPaymentDue.price wrong")
            .warned(order_status().without("status/totalPaymentTax"), "totalPaymentTax missing"),
        row("early-order-status-content")
            .right(early_status().set("status/lease/leaseExpires", "2030-01-01T12:30:00Z"))
            .right(early_status().set("status/identifier", UUID))
            .warned(early_status().set("status/totalPaymentDue/price", 17), "totalPaymentDue.price wrong")
            .warned(early_status().without("status/customer"), "customer missing"),
        row("order-status-before-order")
            .right(early_status())
            .warned(
                early_status().status("status", 404).set("status", error("NotFoundError", 404)),
                "Order Status response wrong",
            )
            .warned(early_status().set("status", document(Stage::B)), "Order Status response wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
