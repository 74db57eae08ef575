//! Totals and taxes.

use serde_json::json;

use crate::vocabulary::{ErrorName, Stage, openactive};

use super::honest::{b, c1, cancellation, free, net, orders_feed, p, rejection};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// C1 of a booking system that does not calculate tax.
fn without_tax() -> Trace {
    c1().set("C1/taxCalculationExcluded", true)
        .without("C1/totalPaymentTax")
        .without("C1/orderedItem/0/unitTaxSpecification")
        .without("C1/orderedItem/1/unitTaxSpecification")
}

pub(super) fn lines() -> Vec<Lines> {
    let due = "C1/totalPaymentDue/price";
    let tax = "C1/totalPaymentTax/0";
    let prepayment = "totalPaymentDue/openBookingPrepayment";
    vec![
        row("single-currency")
            .right(c1().replacing("GBP", "EUR"))
            .wrong(c1().set(&format!("{tax}/priceCurrency"), "EUR"), "totalPaymentTax.priceCurrency wrong")
            .wrong(
                b().set("B/orderedItem/1/acceptedOffer/priceCurrency", "EUR"),
                "orderedItem.acceptedOffer.priceCurrency wrong",
            ),
        row("total-of-order-items")
            .right(c1().set(due, 18.0))
            .right(net())
            .right(cancellation())
            .right(rejection(Stage::C1, ErrorName::OpportunityIsFull))
            .wrong(c1().set(due, 18.01), "totalPaymentDue.price wrong")
            .wrong(net().set(due, 18), "totalPaymentDue.price wrong")
            .wrong(cancellation().set("feed/totalPaymentDue/price", 18), "totalPaymentDue.price wrong")
            .wrong(
                rejection(Stage::C1, ErrorName::OpportunityIsFull).set("rejected/totalPaymentDue/price", 18),
                "totalPaymentDue.price wrong",
            ),
        row("tax-of-order-items")
            .right(c1().set(&format!("{tax}/price"), 3.01))
            .wrong(c1().set(&format!("{tax}/price"), 3.03), "totalPaymentTax wrong")
            .wrong(c1().set(&format!("{tax}/name"), "VAT").set(&format!("{tax}/price"), 3.03), "totalPaymentTax wrong"),
        row("tax-at-rate")
            .right(c1().set("C1/orderedItem/0/unitTaxSpecification/0/rate", 20))
            .right(c1().set("C1/orderedItem/0/unitTaxSpecification/0/price", 2.01))
            .warned(
                c1().set("C1/orderedItem/0/unitTaxSpecification/0/price", 2.4).set(&format!("{tax}/price"), 3.4),
                "orderedItem.unitTaxSpecification wrong",
            )
            .warned(c1().set(&format!("{tax}/rate"), 0.05), "totalPaymentTax.rate wrong")
            .warned(c1().set(&format!("{tax}/name"), "VAT"), "totalPaymentTax.name wrong")
            .warned(orders_feed().without("feed/totalPaymentTax/0/name"), "totalPaymentTax.name missing")
            .warned(orders_feed().set("feed/totalPaymentTax/0/rate", 0.05), "totalPaymentTax.rate wrong"),
        row("tax-included")
            .right(without_tax())
            .warned(c1().without("C1/taxCalculationExcluded"), "taxCalculationExcluded missing")
            .warned(c1().without("C1/totalPaymentTax"), "totalPaymentTax missing")
            .warned(b().without("B/orderedItem/1/unitTaxSpecification"), "orderedItem.unitTaxSpecification missing"),
        row("no-tax-where-excluded")
            .right(without_tax())
            .wrong(c1().set("C1/taxCalculationExcluded", true), "totalPaymentTax unexpected")
            .wrong(
                c1().set("C1/taxCalculationExcluded", true).without("C1/totalPaymentTax"),
                "orderedItem.unitTaxSpecification unexpected",
            ),
        row("prepayment-of-total")
            .right(free())
            .right(free().without("C1/totalPaymentDue/openBookingPrepayment"))
            .right(p().without(&format!("P/{prepayment}")))
            .right(
                c1().feature("prepayment-optional", Some(false))
                    .feature("prepayment-unavailable", Some(false))
                    .without(&format!("C1/{prepayment}")),
            )
            .wrong(c1().without(&format!("C1/{prepayment}")), "totalPaymentDue.openBookingPrepayment missing")
            .wrong(
                b().set(&format!("B/{prepayment}"), openactive("Optional")),
                "totalPaymentDue.openBookingPrepayment wrong",
            )
            .wrong(
                c1().feature("prepayment-optional", Some(false)).feature("prepayment-unavailable", Some(false)),
                "totalPaymentDue.openBookingPrepayment unexpected",
            ),
        row("total-never-rises")
            .right(cancellation())
            .right(orders_feed().set("feed/totalPaymentDue/price", 18.0))
            .wrong(orders_feed().set("feed/totalPaymentDue/price", 20), "totalPaymentDue.price wrong")
            .wrong(orders_feed().set("feed/totalPaymentDue/price", json!(17)), "totalPaymentDue.price wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
