//! Properties that a response or feed item must not have, and values that must differ from each other.

use serde_json::json;

use crate::trace::attendee;
use crate::vocabulary::openactive;

use super::honest::{b, c1, c2, cancel_first, order_status, orders_feed, p};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// B with the codes and passes of the first OrderItem in the second, too.
fn shared() -> Trace {
    let (mut code, mut pass) = (json!(null), json!(null));
    let trace = b().edit("B/orderedItem/0/accessCode", |value| code = value.clone());
    let trace = trace.edit("B/orderedItem/0/accessPass", |value| pass = value.clone());
    trace.set("B/orderedItem/1/accessCode", code).set("B/orderedItem/1/accessPass", pass)
}

pub(super) fn lines() -> Vec<Lines> {
    let channel = json!({ "@type": "VirtualLocation", "url": "https://online.example.com/1" });
    let flow = json!([openactive("OpenBookingApproval")]);
    let pass = |url: &str| json!({ "@type": "ImageObject", "url": url });
    let seller_cancelled = || cancel_first(orders_feed()).replacing("CustomerCancelled", "SellerCancelled");
    let parts = ["streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"];
    let missing = [
        "seller.address.streetAddress missing",
        "seller.address.addressLocality missing",
        "seller.address.addressRegion missing",
        "seller.address.postalCode missing",
        "seller.address.addressCountry missing",
    ];
    let address = parts.into_iter().zip(missing).fold(
        row("seller-address").right(c1().set("C1/seller/address/addressCountry", "GB")),
        |lines, (part, finding)| lines.warned(b().without(&format!("B/seller/address/{part}")), finding),
    );
    vec![
        row("no-order-status")
            .right(order_status())
            .wrong(b().set("B/orderStatus", "https://schema.org/OrderDelivered"), "orderStatus unexpected"),
        row("no-flow-requirement")
            .right(c1().set("items/0/offer/openBookingFlowRequirement", json!([openactive("OpenBookingNegotiation")])))
            .warned(
                p().set("P/orderedItem/1/acceptedOffer/openBookingFlowRequirement", flow),
                "orderedItem.acceptedOffer.openBookingFlowRequirement unexpected",
            ),
        row("no-payment-method")
            .right(b())
            .warned(b().set("B/payment/paymentMethod", "Cash"), "payment.paymentMethod unexpected"),
        address,
        row("distinct-terms")
            .right(c1().set("C1/bookingService/termsOfService/1/name", "privacy policy"))
            .wrong(c1().set("C1/seller/termsOfService/1/name", "Privacy policy"), "seller.termsOfService.name wrong"),
        row("form-field-types").right(c1().with_intake_form()).wrong(
            c1().with_intake_form().set("C1/orderedItem/0/orderItemIntakeForm/1/@type", "PropertyValueSpecification"),
            "orderedItem.orderItemIntakeForm.@type wrong",
        ),
        row("distinct-access-entries")
            .right(b().set("B/orderedItem/1/accessPass/0/url", "https://passes.example.com/0.png"))
            .right(b().set("B/orderedItem/0/accessPass/-", pass("https://passes.example.com/locker.png")))
            .wrong(
                b().set("B/orderedItem/0/accessPass/-", pass("https://passes.example.com/0.png")),
                "orderedItem.accessPass wrong",
            )
            .wrong(
                b().set("B/orderedItem/0/accessPass/-", pass("https://passes.example.com/0.svg")),
                "orderedItem.accessPass wrong",
            ),
        row("unique-access")
            .right(b().set("B/orderedItem/1/accessCode/0/description", "120"))
            .wrong(shared(), "orderedItem.accessCode wrong"),
        row("no-attendee-details-at-c1").right(c2().with_attendee()).wrong(
            c1().with_attendee().set("C1/orderedItem/0/attendee", attendee()),
            "orderedItem.attendee unexpected",
        ),
        row("no-access-channel-in-quote").right(b().online()).wrong(
            c2().online().set("C2/orderedItem/0/accessChannel", channel),
            "orderedItem.accessChannel unexpected",
        ),
        row("no-customer-note-in-feed")
            .right(orders_feed().reversed("feed/orderedItem"))
            .wrong(orders_feed().set("feed/orderCustomerNote", "I am late."), "orderCustomerNote unexpected"),
        row("message-placement")
            .right(seller_cancelled().set("feed/orderedItem/0/cancellationMessage", "The venue is closed."))
            .right(orders_feed().set("feed/orderedItem/0/customerNotice", "Bring a mat."))
            .wrong(
                cancel_first(orders_feed()).set("feed/orderedItem/0/cancellationMessage", "The venue is closed."),
                "orderedItem.cancellationMessage unexpected",
            )
            .wrong(
                seller_cancelled().set("feed/orderedItem/0/customerNotice", "Bring a mat."),
                "orderedItem.customerNotice unexpected",
            ),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
