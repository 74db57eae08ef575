//! Payment and prepayment.

use serde_json::json;

use crate::trace::{Event, Purpose};
use crate::vocabulary::{Stage, openactive};

use super::honest::{b, c1, free};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// The same trace in a booking system with one kind of prepayment.
fn single(trace: Trace) -> Trace {
    trace.feature("prepayment-optional", Some(false)).feature("prepayment-unavailable", Some(false))
}

/// C1 with prices that Broker and Seller agree between them.
fn dynamic() -> Trace {
    Trace::new()
        .items(false)
        .then("dynamic", Event::Dynamic, json!(null), json!(null))
        .stage(Stage::C1, Purpose::Quote)
        .replacing("\"Payment\"", "\"DynamicPayment\"")
}

pub(super) fn lines() -> Vec<Lines> {
    let prepayment = "C1/totalPaymentDue/openBookingPrepayment";
    vec![
        row("payment-details")
            .right(b().reversed("B/orderedItem"))
            .wrong(b().set("B/payment/accountId", "SN1594"), "payment.accountId wrong")
            .wrong(b().without("B/payment/name"), "payment.name missing")
            .wrong(b().without("B/payment"), "payment missing"),
        row("prepayment-of-free")
            .right(free().set("C1/totalPaymentDue/price", 0.0))
            .right(single(free()).without(prepayment))
            .wrong(free().set(prepayment, openactive("Required")), "totalPaymentDue.openBookingPrepayment wrong")
            .wrong(free().compatible().without(prepayment), "totalPaymentDue.openBookingPrepayment missing")
            .wrong(single(free()), "totalPaymentDue.openBookingPrepayment unexpected"),
        row("prepayment-required")
            .right(single(c1()).without(prepayment))
            .right(c1())
            .wrong(c1().set(prepayment, openactive("Optional")), "totalPaymentDue.openBookingPrepayment wrong")
            .wrong(c1().without("C1/totalPaymentDue"), "totalPaymentDue missing"),
        row("nothing-prepaid")
            .right(dynamic().without("C1/totalPaymentDue").without("C1/totalPaymentTax"))
            .wrong(dynamic(), "totalPaymentDue.openBookingPrepayment wrong")
            .wrong(dynamic().without(prepayment), "totalPaymentDue.openBookingPrepayment missing"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
