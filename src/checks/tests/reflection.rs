//! Reflection: responses repeat the properties of the request, and no extensions.

use serde_json::json;

use crate::vocabulary::openactive;

use super::honest::{b, c1, c2, p};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// B of an Order that nobody pays.
fn without_payment() -> Trace {
    b().without("B request/payment").without("B/payment")
}

pub(super) fn lines() -> Vec<Lines> {
    vec![
        row("broker-as-sent")
            .right(c1().set("C1/broker/url", "https://broker.example.com/"))
            .right(c1().set("C1/broker/legalName", "Parkside Limited"))
            .wrong(c1().set("C1/broker/name", "Parkside"), "broker.name wrong")
            .wrong(c1().without("C1/broker"), "broker missing")
            .wrong(c1().set("C1/brokerRole", openactive("ResellerBroker")), "brokerRole wrong")
            .wrong(
                c1().set("C1/brokerRole", openactive("NoBroker")).set("C1 request/brokerRole", openactive("NoBroker")),
                "broker unexpected",
            ),
        row("request-reflected")
            .right(b().set("B/totalPaymentDue/price", 18.0))
            .right(c1().without("C1 request/payment").without("C1/payment"))
            .right(c2().with_attendee())
            .right(c2().with_intake_form().reversed("C2/orderedItem/0/orderItemIntakeFormResponse"))
            .wrong(c2().without("C2/customer"), "customer missing")
            .wrong(c1().set("C1/payment/accountId", "SN1594"), "payment.accountId wrong")
            .wrong(c2().with_attendee().without("C2/orderedItem/1/attendee"), "orderedItem.attendee missing")
            .wrong(
                c2().with_intake_form().set("C2/orderedItem/0/orderItemIntakeFormResponse/0/value", "24"),
                "orderedItem.orderItemIntakeFormResponse.value wrong",
            )
            .wrong(
                c2().with_intake_form()
                    .edit("C2/orderedItem/0/orderItemIntakeFormResponse", |list| list[1] = list[0].clone()),
                "orderedItem.orderItemIntakeFormResponse.propertyID wrong",
            )
            .wrong(c1().set("C1/seller/@id", "https://id.example.com/sellers/2"), "seller wrong"),
        row("customer-as-sent")
            .right(c2().feature("customer-details-capture-non-essential", Some(false)).without("C2/customer/telephone"))
            .wrong(c2().without("C2/customer/telephone"), "customer.telephone missing")
            .wrong(p().set("P/customer/email", "someone@example.com"), "customer.email wrong")
            .wrong(b().set("B/customer/gender", "https://schema.org/Female"), "customer.gender unexpected")
            .wrong(
                c2().with_attendee().set("C2/orderedItem/0/attendee/givenName", "Robert"),
                "orderedItem.attendee.givenName wrong",
            ),
        row("extensions-omitted")
            .right(c1().set("C1 request/oatest:note", "none"))
            .wrong(c1().set("C1 request/oatest:note", "none").set("C1/oatest:note", "none"), "oatest:note unexpected")
            .wrong(b().set("B/orderedItem/1/oatest:note", json!("none")), "orderedItem.oatest:note unexpected"),
        row("payment-as-sent").right(without_payment()).wrong(b().without("B/payment"), "payment missing").wrong(
            without_payment().set("B/payment", json!({ "@type": "Payment", "identifier": "1" })),
            "payment unexpected",
        ),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
