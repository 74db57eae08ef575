//! Totals and taxes.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::value::shown;
use crate::compare::amount;
use crate::results::Finding;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, cancelled_items, errors, is_cancelled, items};

rows! {
    SINGLE_CURRENCY = "single-currency": "every price has the same currency"
        at [C1 C2 P B OrdersFeed], document(one_currency) {
        C1 C2 P B OrdersFeed: ["OB-currency-support-1"],
    }
    TOTAL_OF_ORDER_ITEMS = "total-of-order-items": "totalPaymentDue is the sum of the OrderItems that count"
        at [C1 C2 P B OrdersFeed OrderStatus], document(total_of_items) {
        C1: [
            "OB-orderquote-creation-c1-8",
            "OB-orderquote-creation-c1-9",
            "OB-booking-system-contract-with-the-broker-14",
        ],
        C2: [
            "OB-orderquote-creation-c2-10",
            "OB-orderquote-creation-c2-11",
            "OB-booking-system-contract-with-the-broker-14",
        ],
        C1 C2 P B: ["OB-tax-mode-7", "OB-schema-order-28", "OB-free-opportunities-5"],
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-5"],
    }
    TAX_OF_ORDER_ITEMS = "tax-of-order-items": "totalPaymentTax is the sum of unitTaxSpecification of the OrderItems that count"
        at [C1 C2 P B OrdersFeed OrderStatus], document(tax_of_items) {
        C1 C2 P B: ["OB-tax-mode-8"],
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-6"],
    }
    TAX_INCLUDED = "tax-included": "totalPaymentTax, unitTaxSpecification and taxCalculationExcluded are there"
        at [C1 C2 P B], document(tax_told) {
        C1 C2 P B: ["OB-schema-order-11", "OB-schema-order-29", "OB-schema-orderitem-18"],
    }
    NO_TAX_WHERE_EXCLUDED = "no-tax-where-excluded": "there is no tax where taxCalculationExcluded is true"
        at [C1 C2 P B], document(no_tax_where_excluded) {
        C1 C2 P B: ["OB-schema-order-30", "OB-schema-orderitem-19"],
    }
    PREPAYMENT_OF_TOTAL = "prepayment-of-total": "totalPaymentDue says whether to pay in advance, as its offers do"
        at [C1 C2], document(prepayment_of_total) {
        C1 C2: [
            "OB-booking-without-payment-2",
            "OB-booking-without-payment-3",
            "OB-booking-without-payment-4",
            "OB-booking-without-payment-5",
            "OB-schema-pricespecification-7",
        ],
    }
    TOTAL_NEVER_RISES = "total-never-rises": "the total of an Order never rises, and only cancellations and replacements change it"
        at [OrdersFeed], document(totals_fall) {
        OrdersFeed: ["OB-totalpaymentdue-invariant-7", "OB-totalpaymentdue-invariant-8"],
    }
}

/// Errors of an OrderItem that is counted all the same: only what can still be told is missing.
const TOLD_LATER: &[&str] = &["IncompleteAttendeeDetailsError", "IncompleteIntakeFormError"];

fn price(value: &Value) -> Option<Decimal> {
    value.get("price").and_then(Value::as_number).map(amount)
}

fn taxes(item: &Value) -> &[Value] {
    item.get("unitTaxSpecification").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn excluded(body: &Value) -> bool {
    body.get("taxCalculationExcluded") == Some(&Value::Bool(true))
}

/// The OrderItems that the totals are about: in quotes those without errors that keep them from being booked, later those
/// that are not cancelled.
fn counted(body: &Value) -> impl Iterator<Item = &Value> {
    items(body).iter().filter(|item| !is_cancelled(item) && errors(item).all(|error| TOLD_LATER.contains(&error)))
}

/// `taxMode` of the Seller, which feeds do not tell.
fn net(document: &Seen<'_>) -> Option<bool> {
    let mode = |order: &Value| order.get("seller")?.get("taxMode")?.as_str().map(|mode| mode.ends_with("TaxNet"));
    mode(document.body).or_else(|| document.first.and_then(mode))
}

/// How far sums of rounded prices may be apart.
fn rounding(count: usize) -> Decimal {
    Decimal::new(5, 3) * Decimal::from(count.max(1))
}

/// Every price has the same currency.
fn one_currency(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let mut priced: Vec<(String, &Value)> = Vec::new();
    if let Some(due) = body.get("totalPaymentDue") {
        priced.push(("totalPaymentDue".to_owned(), due));
    }
    for (at, tax) in body.get("totalPaymentTax").and_then(Value::as_array).into_iter().flatten().enumerate() {
        priced.push((format!("totalPaymentTax[{at}]"), tax));
    }
    for (index, item) in items(body).iter().enumerate() {
        if let Some(offer) = item.get("acceptedOffer") {
            priced.push((format!("orderedItem[{index}].acceptedOffer"), offer));
        }
        for (at, tax) in taxes(item).iter().enumerate() {
            priced.push((format!("orderedItem[{index}].unitTaxSpecification[{at}]"), tax));
        }
    }
    let currency = |value: &Value| value.get("priceCurrency").and_then(Value::as_str).map(str::to_owned);
    let first = priced.iter().find_map(|(_, value)| currency(value))?;
    let (path, other) =
        priced.iter().find_map(|(path, value)| Some((path, currency(value).filter(|other| *other != first)?)))?;
    Some(
        Finding::new("prices of one document have different currencies")
            .expected(first, other)
            .path(format!("{path}.priceCurrency")),
    )
}

/// `totalPaymentDue` is the sum of what counts, with tax.
fn total_of_items(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let due = price(body.get("totalPaymentDue")?)?;
    let mut sum = Decimal::ZERO;
    let mut count = 0;
    let net = net(document)? && !excluded(body) && !document.first.is_some_and(excluded);
    for item in counted(body) {
        // An OrderItem without its offer, as one that was asked for incompletely, cannot be added up.
        sum += price(item.get("acceptedOffer")?)?;
        count += 1;
        if net {
            sum += taxes(item).iter().filter_map(price).sum::<Decimal>();
        }
    }
    ((due - sum).abs() > rounding(count)).then(|| {
        let with = if net { "offers and taxes" } else { "offers" };
        let what = match document.stage {
            Stage::C1 | Stage::C2 => "that can be booked",
            _ => "that are not cancelled",
        };
        Finding::new("the total is not the sum of the OrderItems that count")
            .expected(format!("{sum}, of the {with} of {count} OrderItems {what}"), due.to_string())
            .path("totalPaymentDue.price")
    })
}

/// `totalPaymentTax` is the sum of the taxes of what counts, name by name.
fn tax_of_items(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let total = body.get("totalPaymentTax")?.as_array()?;
    let named = |tax: &Value| tax.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let each: Vec<&Value> = counted(body).flat_map(taxes).collect();
    // Feeds may leave out the taxes of OrderItems, where nothing can be replaced.
    if each.is_empty() && counted(body).any(|item| item.get("unitTaxSpecification").is_none()) {
        return None;
    }
    let names: BTreeSet<String> = total.iter().chain(each.iter().copied()).map(named).collect();
    names.into_iter().find_map(|name| {
        let sum = |list: &mut dyn Iterator<Item = &Value>| -> Decimal {
            list.filter(|tax| named(tax) == name).filter_map(price).sum()
        };
        let (wanted, found) = (sum(&mut each.iter().copied()), sum(&mut total.iter()));
        ((wanted - found).abs() > rounding(each.len())).then(|| {
            Finding::new("totalPaymentTax is not the sum of the taxes of the OrderItems that count")
                .expected(format!("{wanted} of {name}"), found.to_string())
                .path("totalPaymentTax")
        })
    })
}

/// Tax is told, or that it is not calculated.
fn tax_told(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let lacking = |path: String| {
        Finding::new(format!("{path} is missing")).expected("tax, or that it is excluded", "nothing").path(path)
    };
    if body.get("taxCalculationExcluded").is_none() {
        return Some(lacking("taxCalculationExcluded".to_owned()));
    }
    // Where only Broker and Seller know the prices, nobody else knows their tax.
    let dynamic = body.pointer("/payment/@type").is_some_and(|kind| kind == "DynamicPayment");
    if excluded(body) || dynamic {
        return None;
    }
    if body.get("totalPaymentTax").is_none() {
        return Some(lacking("totalPaymentTax".to_owned()));
    }
    let at =
        items(body).iter().position(|item| item.get("unitTaxSpecification").is_none() && errors(item).count() == 0)?;
    Some(lacking(format!("orderedItem[{at}].unitTaxSpecification")))
}

/// Where tax is not calculated, there is none.
fn no_tax_where_excluded(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    if !excluded(body) {
        return None;
    }
    let wrong = |found: &Value, path: String| {
        Finding::new("there is tax, though taxCalculationExcluded is true")
            .expected("nothing", shown(Some(found)))
            .path(path)
    };
    if let Some(found) = body.get("totalPaymentTax") {
        return Some(wrong(found, "totalPaymentTax".to_owned()));
    }
    items(body).iter().enumerate().find_map(|(index, item)| {
        Some(wrong(item.get("unitTaxSpecification")?, format!("orderedItem[{index}].unitTaxSpecification")))
    })
}

/// `totalPaymentDue.openBookingPrepayment` is what the offers together come to.
fn prepayment_of_total(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let due = body.get("totalPaymentDue")?;
    let found = due.get("openBookingPrepayment");
    let told = |value: &Value| value.as_str().and_then(|text| text.rsplit('/').next()).map(str::to_owned);
    let of_offer = |item: &Value| -> Option<String> {
        let offer = item.get("acceptedOffer")?;
        if price(offer)?.is_zero() {
            return Some("Unavailable".to_owned());
        }
        Some(offer.get("openBookingPrepayment").and_then(told).unwrap_or_else(|| "Required".to_owned()))
    };
    let offers: Vec<String> = counted(body).map(of_offer).collect::<Option<_>>()?;
    if offers.is_empty() {
        return None;
    }
    let has = |term: &str| offers.iter().any(|offer| offer == term);
    let wanted = if has("Required") {
        "Required"
    } else if has("Optional") {
        "Optional"
    } else {
        "Unavailable"
    };
    let free = price(due).is_some_and(|price| price.is_zero());
    let kinds = ["prepayment-optional", "prepayment-unavailable"];
    let supported = kinds.iter().any(|feature| document.config.implements(feature));
    // What the configuration leaves open may be either way.
    let single = kinds.iter().all(|feature| document.config.features.get(*feature) == Some(&Some(false)));
    let right = match found.and_then(told) {
        Some(found) => !single && found == wanted,
        None => free || !supported,
    };
    (!right).then(|| {
        let wanted = if !single { wanted } else { "nothing: the booking system has one kind of prepayment only" };
        Finding::new("the total does not say of prepayment what its offers say together")
            .expected(wanted, shown(found))
            .path("totalPaymentDue.openBookingPrepayment")
    })
}

/// The total changes with cancellations and replacements alone, and never rises.
fn totals_fall(document: &Seen<'_>) -> Option<Finding> {
    let before = document.before.or(document.booked)?;
    let (was, now) = (due(before)?, due(document.body)?);
    let cancelled = |order: &Value| cancelled_items(order).count();
    let cause = cancelled(before) != cancelled(document.body) || document.replaced;
    let wrong = now > was || (now != was && !cause);
    wrong.then(|| {
        let wanted =
            if cause { format!("{was} or less") } else { format!("{was}, as nothing was cancelled or replaced") };
        Finding::new("the total of the Order is not what it may have become")
            .expected(wanted, now.to_string())
            .path("totalPaymentDue.price")
    })
}

fn due(order: &Value) -> Option<Decimal> {
    order.get("totalPaymentDue")?.get("price").and_then(Value::as_number).map(amount)
}
