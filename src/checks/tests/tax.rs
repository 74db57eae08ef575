//! Sums of tax.

use serde_json::json;

use crate::trace::{Event, Items, Purpose};
use crate::vocabulary::Stage;

use super::documents::requested_items;
use super::honest::{c1, net, quotes};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// C1, and C2 of a booking system that does not calculate tax for an organization: prices are net.
fn without_tax() -> Trace {
    quotes()
        .set("C2/taxCalculationExcluded", true)
        .without("C2/totalPaymentTax")
        .without("C2/orderedItem/0/unitTaxSpecification")
        .without("C2/orderedItem/1/unitTaxSpecification")
        .set("C2/orderedItem/0/acceptedOffer/price", 10)
        .set("C2/orderedItem/1/acceptedOffer/price", 5)
        .set("C2/totalPaymentDue/price", 15)
}

/// C1, and C2 with OfferOverrides at half the price.
fn overrides() -> Trace {
    let items = Event::Items(Items { items: Vec::new(), needed: None });
    let mut trace = c1().then("overrides", items, json!(null), requested_items(false)).stage(Stage::C2, Purpose::Quote);
    for (number, price, tax) in [(0, json!(6), json!(1)), (1, json!(3), json!(0.5))] {
        let id = format!("https://broker.example.com/offers/{number}");
        let offer = json!({
            "@type": "OfferOverride", "@id": id, "name": "A price of our own", "price": price, "priceCurrency": "GBP"
        });
        trace = trace
            .set(&format!("overrides/{number}/offer"), offer.clone())
            .set(&format!("overrides/{number}/offer_id"), id)
            .set(&format!("C2/orderedItem/{number}/acceptedOffer"), offer)
            .set(&format!("C2/orderedItem/{number}/unitTaxSpecification/0/price"), tax);
    }
    trace.set("C2/totalPaymentDue/price", 9).set("C2/totalPaymentTax/0/price", 1.5)
}

pub(super) fn lines() -> Vec<Lines> {
    let due = "C1/totalPaymentDue/price";
    let tax = "C1/totalPaymentTax/0/price";
    let excluded = |trace: Trace| trace.set("C1/taxCalculationExcluded", true);
    vec![
        row("tax-gross")
            .right(c1().set(due, 18.0))
            .right(c1().compatible().set(due, 18.99).set(tax, 2.01))
            .wrong(c1().set(due, 19), "totalPaymentDue.price wrong")
            .wrong(c1().set(tax, 4), "totalPaymentTax wrong")
            .wrong(excluded(c1()), "taxCalculationExcluded wrong"),
        row("tax-net")
            .right(net())
            .right(net().compatible().set(due, 20.61))
            .wrong(net().set(due, 18), "totalPaymentDue.price wrong")
            .wrong(net().without("C1/totalPaymentTax"), "totalPaymentTax missing"),
        row("tax-gross-exact")
            .right(c1().set(tax, 3.01))
            .right(c1().without("C1/totalPaymentTax/0/rate"))
            .wrong(c1().set(due, 18.02), "totalPaymentDue.price wrong")
            .wrong(c1().set(tax, 3.03), "totalPaymentTax wrong")
            .wrong(c1().set("C1/totalPaymentTax/0/rate", 0.05), "totalPaymentTax wrong"),
        row("tax-net-exact")
            .right(net().set(due, 21.61))
            .wrong(net().set(due, 21.62), "totalPaymentDue.price wrong")
            .wrong(net().without("C1/orderedItem/1/unitTaxSpecification"), "orderedItem.unitTaxSpecification missing"),
        row("net-of-tax")
            .right(without_tax().reversed("C2/orderedItem"))
            .right(without_tax().set("C2/orderedItem/0/acceptedOffer/price", 10.0))
            .right(
                without_tax().set("C2/orderedItem/0/acceptedOffer/price", 9.99).set("C2/totalPaymentDue/price", 14.99),
            )
            .wrong(
                without_tax().set("C2/orderedItem/1/acceptedOffer/price", 6).set("C2/totalPaymentDue/price", 16),
                "orderedItem.acceptedOffer.price wrong",
            ),
        row("overrides-charged")
            .right(overrides().reversed("C2/orderedItem"))
            .wrong(overrides().set("C2/totalPaymentDue/price", 18), "totalPaymentDue.price wrong")
            .wrong(overrides().set("C2/orderedItem/1/acceptedOffer/price", 6), "orderedItem.acceptedOffer wrong"),
        row("tax-of-overrides")
            .right(overrides().set("C2/orderedItem/1/unitTaxSpecification/0/price", 0.51))
            .wrong(
                overrides().set("C2/orderedItem/0/unitTaxSpecification/0/price", 2),
                "orderedItem.unitTaxSpecification wrong",
            )
            .wrong(
                overrides().without("C2/orderedItem/0/unitTaxSpecification"),
                "orderedItem.unitTaxSpecification missing",
            ),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
