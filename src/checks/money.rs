//! Totals and taxes.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::value::{number_of, quoted, shown};
use crate::compare::amount;
use crate::results::Finding;
use crate::vocabulary::{Stage, openactive};

use super::row::rows;
use super::seen::{Seen, cancelled_items, errors, is_cancelled, items};

rows! {
    SINGLE_CURRENCY = "single-currency": "every price has the same priceCurrency"
        at [C1 C2 P B OrdersFeed], document(single_currency) {
        C1 C2 P B OrdersFeed: ["OB-currency-support-1"],
    }, violates {
        [C1 C2 P B OrdersFeed] => ["OB-currency-support-1"],
    }
    TOTAL_OF_ORDER_ITEMS = "total-of-order-items": "totalPaymentDue is the sum of the OrderItems that are bookable and not cancelled"
        at [C1 C2 P B OrdersFeed OrderStatus], document(total_of_items) {
        C1: [
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
    }, violates {
        [Any] => ["OB-schema-order-28"],
    }
    TAX_OF_ORDER_ITEMS = "tax-of-order-items": "totalPaymentTax is the sum of unitTaxSpecification, except for rounding"
        at [C1 C2 P B OrdersFeed OrderStatus], document(tax_of_items) {
        C1: ["OB-orderquote-creation-c1-9"],
        C2: ["OB-orderquote-creation-c2-10", "OB-orderquote-creation-c2-11"],
        C1 C2 P B: ["OB-tax-mode-8"],
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-6"],
    }, violates {
        [Any] => ["OB-tax-mode-8"],
    }
    TAX_AT_RATE = "tax-at-rate": "unitTaxSpecification is the tax at its rate, and totalPaymentTax has the same names and rates"
        at [C1 C2 P B OrdersFeed OrderStatus], document(tax_at_rate) {
        Any: [],
    }, level Should
    TAX_INCLUDED = "tax-included": "totalPaymentTax, unitTaxSpecification and taxCalculationExcluded are included"
        at [C1 C2 P B], document(tax_included) {
        C1 C2 P B: ["OB-schema-order-11", "OB-schema-order-29", "OB-schema-orderitem-18"],
    }, violates {
        [C1 C2 P B] "taxCalculationExcluded" => ["OB-schema-order-11"],
        [C1 C2 P B] "totalPaymentTax" => ["OB-schema-order-29"],
        [C1 C2 P B] "unitTaxSpecification" => ["OB-schema-orderitem-18"],
    }
    NO_TAX_WHERE_EXCLUDED = "no-tax-where-excluded": "no tax is included where taxCalculationExcluded is true"
        at [C1 C2 P B], document(no_tax_where_excluded) {
        C1 C2 P B: ["OB-schema-order-30", "OB-schema-orderitem-19"],
    }, violates {
        [C1 C2 P B] "totalPaymentTax" => ["OB-schema-order-30"],
        [C1 C2 P B] "unitTaxSpecification" => ["OB-schema-orderitem-19"],
    }
    PREPAYMENT_OF_TOTAL = "prepayment-of-total": "totalPaymentDue.openBookingPrepayment follows from the Offers"
        at [C1 C2 P B], document(prepayment_of_total) {
        C1 C2: [
            "OB-booking-without-payment-2",
            "OB-booking-without-payment-3",
            "OB-booking-without-payment-4",
            "OB-booking-without-payment-5",
            "OB-schema-pricespecification-7",
        ],
    }
    TOTAL_NEVER_RISES = "total-never-rises": "totalPaymentDue of an Order never increases, and changes by cancellation and replacement only"
        at [OrdersFeed], document(total_never_rises) {
        OrdersFeed: ["OB-totalpaymentdue-invariant-7", "OB-totalpaymentdue-invariant-8"],
    }, violates {
        [OrdersFeed] => ["OB-totalpaymentdue-invariant-8"],
    }
}

/// Errors of OrderItems that the totals of a quote include all the same: only details are missing.
const MISSING_DETAILS: &[&str] = &["IncompleteAttendeeDetailsError", "IncompleteIntakeFormError"];

fn price(value: &Value) -> Option<Decimal> {
    value.get("price").and_then(Value::as_number).map(amount)
}

fn taxes(item: &Value) -> &[Value] {
    item.get("unitTaxSpecification").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn is_excluded(body: &Value) -> bool {
    body.get("taxCalculationExcluded") == Some(&Value::Bool(true))
}

/// Whether an OrderItem is rejected, for anything but missing details.
fn is_rejected(item: &Value) -> bool {
    errors(item).any(|error| !MISSING_DETAILS.contains(&error))
}

/// Whether the totals include an OrderItem: in quotes one that is not rejected, later one that is not cancelled.
fn is_counted(item: &Value) -> bool {
    !is_cancelled(item) && !is_rejected(item)
}

/// The OrderItems that the totals include.
fn counted(body: &Value) -> impl Iterator<Item = &Value> {
    items(body).iter().filter(|item| is_counted(item))
}

/// Whether prices are without tax, by `taxMode` of the Seller, which feeds omit; `None` where it is unknown.
fn is_net(document: &Seen<'_>) -> Option<bool> {
    let mode = |order: &Value| order.get("seller")?.get("taxMode")?.as_str().map(|mode| mode.ends_with("TaxNet"));
    mode(document.body).or_else(|| document.first.and_then(mode))
}

/// The most that the sum of `n` rounded prices may differ from the rounded sum: half a penny each. Where no price is rounded,
/// less than a penny: numbers of JSON need not be exact.
fn rounding(count: usize) -> Decimal {
    Decimal::new(5, 3) * Decimal::from(count.max(1))
}

/// The most that `totalPaymentTax` may differ from the sum of the taxes of `n` OrderItems: a penny each.
///
/// "Due to differing approaches to tax arithmetic and rounding errors, the contents of this property may not be exactly
/// equal to the sum of the `unitTaxSpecification` values of the `OrderItem`s" (Open Booking API, `schema:Order`).
pub(super) fn tax_rounding(count: usize) -> Decimal {
    Decimal::new(1, 2) * Decimal::from(count.max(1))
}

/// The requirement about a set of OrderItems that the totals of a document must include or omit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Miscount {
    /// A quote includes rejected OrderItems.
    Rejected,
    /// A quote omits OrderItems of which only details are missing.
    MissingDetails,
    /// An Order includes cancelled OrderItems.
    Cancelled,
}

impl Miscount {
    /// Which OrderItems a wrong total includes or omits, if its difference from the right one is what some of them cost.
    fn of(
        document: &Seen<'_>,
        difference: Decimal,
        cost: &dyn Fn(&Value) -> Decimal,
        tolerance: Decimal,
    ) -> Option<Self> {
        let all = items(document.body);
        let none = counted(document.body).next().is_none();
        let of_some = |difference: Decimal, which: &dyn Fn(&Value) -> bool| {
            let costs: Vec<Decimal> = all.iter().filter(|item| which(item)).map(cost).collect();
            !costs.is_empty() && ((none && difference > tolerance) || is_sum_of_some(difference, &costs, tolerance))
        };
        if matches!(document.stage, Stage::C1 | Stage::C2) {
            if of_some(difference, &is_rejected) {
                return Some(Self::Rejected);
            }
            let incomplete = |item: &Value| is_counted(item) && errors(item).next().is_some();
            return of_some(-difference, &incomplete).then_some(Self::MissingDetails);
        }
        of_some(difference, &is_cancelled).then_some(Self::Cancelled)
    }

    /// The defect of a property.
    const fn words(self) -> &'static str {
        match self {
            Self::Rejected => "includes OrderItems that are not bookable",
            Self::MissingDetails => "omits OrderItems of which only details are missing",
            Self::Cancelled => "includes cancelled OrderItems",
        }
    }

    /// The requirement that it violates, at a stage: about `totalPaymentTax`, or about `totalPaymentDue`.
    const fn violates(self, stage: Stage, tax: bool) -> &'static str {
        match (self, stage, tax) {
            (Self::Rejected, Stage::C1, _) => "OB-orderquote-creation-c1-9",
            (Self::Rejected, ..) => "OB-orderquote-creation-c2-11",
            (Self::MissingDetails, Stage::C1, _) => "OB-orderquote-creation-c1-8",
            (Self::MissingDetails, ..) => "OB-orderquote-creation-c2-10",
            (Self::Cancelled, _, false) => "OB-cancellation-replacement-refund-calculation-and-notification-5",
            (Self::Cancelled, _, true) => "OB-cancellation-replacement-refund-calculation-and-notification-6",
        }
    }
}

/// Costs beyond these are not looked at one by one: the number of their sums doubles with each.
const MOST_COSTS: usize = 12;

/// Whether an amount is the sum of at least one of these costs, but for a tolerance.
fn is_sum_of_some(amount: Decimal, costs: &[Decimal], tolerance: Decimal) -> bool {
    let is_amount = |sum: Decimal| sum > tolerance && (amount - sum).abs() <= tolerance;
    let mut sums = vec![Decimal::ZERO];
    for cost in costs.iter().take(MOST_COSTS) {
        let more: Vec<Decimal> = sums.iter().map(|sum| *sum + *cost).collect();
        sums.extend(more);
    }
    sums.into_iter().any(is_amount) || is_amount(costs.iter().sum())
}

/// The OrderItems that a document's totals include, in words.
fn counted_in_words(document: &Seen<'_>, count: usize) -> String {
    let all = items(document.body).len();
    let which = match document.stage {
        _ if count == all => "",
        Stage::C1 | Stage::C2 => " not rejected",
        _ => " not cancelled",
    };
    format!("{}{which}", number_of(count, "OrderItem", "OrderItems"))
}

/// Finds two prices of one document in different currencies.
fn single_currency(document: &Seen<'_>) -> Option<Finding> {
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
    let (first_path, first) = priced.iter().find_map(|(path, value)| Some((path, currency(value)?)))?;
    let (path, other) =
        priced.iter().find_map(|(path, value)| Some((path, currency(value).filter(|other| *other != first)?)))?;
    Some(
        Finding::new(format!("`priceCurrency` differs from that of `{first_path}`"))
            .expected(quoted(&first), quoted(&other))
            .path(format!("{path}.priceCurrency")),
    )
}

/// The sum of the Offers of OrderItems, with their tax if so, and how many of the OrderItems have a price in fractions of a
/// penny, so that the total may be rounded. `None` where one has no price, as one that was requested incompletely.
fn sum<'o>(items: impl Iterator<Item = &'o Value>, with_tax: bool) -> Option<(Decimal, usize)> {
    let (mut sum, mut rounded) = (Decimal::ZERO, 0);
    for item in items {
        let mut cost = price(item.get("acceptedOffer")?)?;
        if with_tax {
            cost += taxes(item).iter().filter_map(price).sum::<Decimal>();
        }
        rounded += usize::from(cost.normalize().scale() > 2);
        sum += cost;
    }
    Some((sum, rounded))
}

/// Whether a document has the OrderItems of the request: where some are missing, its sums are not judged as well.
fn is_complete(document: &Seen<'_>) -> bool {
    document.items.is_empty() || items(document.body).len() == document.items.len()
}

/// Finds `totalPaymentDue` that is not the sum of the OrderItems.
fn total_of_items(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    if !is_complete(document) {
        return None;
    }
    // A total that rose is one finding, not two.
    if document.stage == Stage::OrdersFeed && total_never_rises(document).is_some() {
        return None;
    }
    let due = price(body.get("totalPaymentDue")?)?;
    let net = is_net(document)? && !is_excluded(body) && !document.first.is_some_and(is_excluded);
    let (wanted, rounded) = sum(counted(body), net)?;
    let count = counted(body).count();
    let is_due = |sum: Decimal, count: usize| (due - sum).abs() <= rounding(count);
    if is_due(wanted, rounded) {
        return None;
    }
    let (offers, _) = sum(counted(body), false)?;
    // The total is charged with totalPaymentTax, which may be rounded otherwise than the taxes of OrderItems.
    let charged: Option<Decimal> =
        body.get("totalPaymentTax").and_then(Value::as_array).map(|all| all.iter().filter_map(price).sum());
    let unit_taxes = counted(body).flat_map(taxes).count();
    if net
        && charged
            .is_some_and(|tax| is_due(offers + tax, count) && (offers + tax - wanted).abs() <= tax_rounding(unit_taxes))
    {
        return None;
    }
    let cost = |item: &Value| {
        let tax = if net { taxes(item).iter().filter_map(price).sum() } else { Decimal::ZERO };
        item.get("acceptedOffer").and_then(price).unwrap_or_default() + tax
    };
    let miscount = Miscount::of(document, due - wanted, &cost, rounding(items(body).len()));
    let free = || !items(body).is_empty() && sum(items(body).iter(), false).is_some_and(|(sum, _)| sum.is_zero());
    let (words, violated): (&str, &[&str]) = match miscount {
        Some(miscount) => (miscount.words(), &[miscount.violates(document.stage, false)]),
        None if net && is_due(offers, rounded) => ("does not include tax", &["OB-tax-mode-7", "OB-schema-order-28"]),
        None if free() => ("is not 0, but every Offer is free", &["OB-free-opportunities-5", "OB-schema-order-28"]),
        None => ("does not equal the sum of the OrderItems", &["OB-schema-order-28"]),
    };
    let parts = if net { "acceptedOffer.price and unitTaxSpecification" } else { "acceptedOffer.price" };
    let whose = counted_in_words(document, count);
    Some(
        Finding::new(format!("`totalPaymentDue.price` {words}"))
            .expected(format!("{wanted} ({parts} of {whose})"), due.to_string())
            .path("totalPaymentDue.price")
            .violating(violated.iter().copied()),
    )
}

/// Finds `totalPaymentTax` that is not the sum of the taxes of OrderItems, except for rounding: name by name, where both have the
/// same names.
fn tax_of_items(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let total = body.get("totalPaymentTax").filter(|_| is_complete(document))?.as_array()?;
    let name_of = |tax: &Value| tax.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let each: Vec<&Value> = counted(body).flat_map(taxes).collect();
    // Feeds may leave out the taxes of OrderItems, where nothing can be replaced.
    if each.is_empty() && counted(body).any(|item| item.get("unitTaxSpecification").is_none()) {
        return None;
    }
    let of_items: BTreeSet<String> = each.iter().copied().map(name_of).collect();
    let of_total: BTreeSet<String> = total.iter().map(name_of).collect();
    // No text says that the taxes of both have the same names: where they have not, the sum of all counts.
    let names: Vec<Option<String>> =
        if of_items == of_total { of_items.into_iter().map(Some).collect() } else { vec![None] };
    names.into_iter().find_map(|name| {
        let sum = |list: &mut dyn Iterator<Item = &Value>| -> (Decimal, usize) {
            let same = |tax: &&Value| name.as_ref().is_none_or(|name| name_of(tax) == *name);
            let prices: Vec<Decimal> = list.filter(same).filter_map(price).collect();
            (prices.iter().sum(), prices.len())
        };
        let (wanted, count) = sum(&mut each.iter().copied());
        let (found, _) = sum(&mut total.iter());
        ((wanted - found).abs() > tax_rounding(count)).then(|| {
            let cost = |item: &Value| sum(&mut taxes(item).iter()).0;
            let miscount = Miscount::of(document, found - wanted, &cost, tax_rounding(items(body).len()));
            let (words, violated) = match miscount {
                Some(miscount) => (miscount.words(), miscount.violates(document.stage, true)),
                None => ("does not equal the sum of unitTaxSpecification", "OB-tax-mode-8"),
            };
            let whose = counted_in_words(document, counted(body).count());
            let named = name.as_deref().map(|name| format!(" {}", quoted(name))).unwrap_or_default();
            Finding::new(format!("`totalPaymentTax` {words}"))
                .expected(format!("{wanted} (unitTaxSpecification{named} of {whose})"), found.to_string())
                .path("totalPaymentTax")
                .violating([violated])
        })
    })
}

/// The `rate` of a tax as a fraction: from 1 on, it is a percentage. `None` where it has none, or one that is neither.
fn rate(tax: &Value) -> Option<Decimal> {
    let rate = tax.get("rate").and_then(Value::as_number).map(amount)?;
    match rate {
        _ if rate < Decimal::ZERO || rate > Decimal::ONE_HUNDRED => None,
        _ if rate < Decimal::ONE => Some(rate),
        _ => rate.checked_div(Decimal::ONE_HUNDRED),
    }
}

/// Finds a tax of an OrderItem that is not what its `rate` makes of the price of the Offer, except for rounding, or a name of
/// `totalPaymentTax` that no tax of an OrderItem has, or a rate that none of that name has.
fn tax_at_rate(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let net = is_net(document).filter(|_| !is_excluded(body))?;
    let of_items = items(body).iter().enumerate().filter(|(_, item)| is_counted(item)).find_map(|(index, item)| {
        let paid = price(item.get("acceptedOffer")?)?;
        let rates: Vec<Option<Decimal>> = taxes(item).iter().map(rate).collect();
        // A gross price has the taxes of every rate.
        let base = match rates.iter().copied().sum::<Option<Decimal>>() {
            _ if net => paid,
            all => paid.checked_div(Decimal::ONE + all?)?,
        };
        taxes(item).iter().zip(rates).enumerate().find_map(|(at, (tax, rate))| {
            let rate = rate?;
            let (wanted, found) = (base.checked_mul(rate)?, price(tax)?);
            let of = if net { "net" } else { "gross" };
            ((wanted - found).abs() > Decimal::new(1, 2)).then(|| {
                Finding::new("`unitTaxSpecification.price` is not the tax at its `rate`")
                    .expected(format!("{} ({rate} of a {of} price of {paid})", wanted.round_dp(2)), found.to_string())
                    .path(format!("orderedItem[{index}].unitTaxSpecification[{at}]"))
            })
        })
    });
    of_items.or_else(|| {
        let total = body.get("totalPaymentTax").filter(|_| is_complete(document))?.as_array()?;
        let name = |tax: &Value| tax.get("name").and_then(Value::as_str).map(str::to_owned);
        let names: BTreeSet<String> = counted(body).flat_map(taxes).filter_map(&name).collect();
        total.iter().enumerate().find_map(|(at, tax)| {
            let own = name(tax);
            if !names.is_empty() && own.as_ref().is_none_or(|own| !names.contains(own)) {
                let known = names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(" or ");
                let (words, found) = match own {
                    Some(own) => ("is not that of unitTaxSpecification", quoted(&own)),
                    None => ("is missing", "nothing".to_owned()),
                };
                return Some(
                    Finding::new(format!("`totalPaymentTax.name` {words}"))
                        .expected(known, found)
                        .path(format!("totalPaymentTax[{at}].name")),
                );
            }
            let found = rate(tax)?;
            let same: BTreeSet<Decimal> = counted(body)
                .flat_map(taxes)
                .filter(|unit| name(unit) == name(tax))
                .map(rate)
                .collect::<Option<_>>()?;
            let rates = same.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" or ");
            (!same.is_empty() && !same.contains(&found)).then(|| {
                Finding::new("`totalPaymentTax.rate` is not that of unitTaxSpecification")
                    .expected(rates, found.to_string())
                    .path(format!("totalPaymentTax[{at}].rate"))
            })
        })
    })
}

/// Finds a missing tax property.
fn tax_included(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let lacking = |property: &str, expected: &str, path: String| {
        Finding::new(format!("`{property}` is missing")).expected(expected, "nothing").path(path)
    };
    let tax = "tax charges, as taxCalculationExcluded is not true";
    if body.get("taxCalculationExcluded").is_none() {
        let property = "taxCalculationExcluded";
        return Some(lacking(property, "true or false", property.to_owned()));
    }
    // With dynamic payment only Broker and Seller know the prices, and so the tax.
    let dynamic = body.pointer("/payment/@type").is_some_and(|kind| kind == "DynamicPayment");
    if is_excluded(body) || dynamic {
        return None;
    }
    if body.get("totalPaymentTax").is_none() {
        return Some(lacking("totalPaymentTax", tax, "totalPaymentTax".to_owned()));
    }
    let at =
        items(body).iter().position(|item| item.get("unitTaxSpecification").is_none() && errors(item).count() == 0)?;
    Some(lacking("unitTaxSpecification", tax, format!("orderedItem[{at}].unitTaxSpecification")))
}

/// Finds tax where `taxCalculationExcluded` is true.
fn no_tax_where_excluded(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    if !is_excluded(body) {
        return None;
    }
    let wrong = |property: &str, found: &Value, path: String| {
        Finding::new(format!("`{property}` is included, but taxCalculationExcluded is true"))
            .expected(format!("no {property}"), shown(Some(found)))
            .path(path)
    };
    if let Some(found) = body.get("totalPaymentTax") {
        return Some(wrong("totalPaymentTax", found, "totalPaymentTax".to_owned()));
    }
    items(body).iter().enumerate().find_map(|(index, item)| {
        let found = item.get("unitTaxSpecification")?;
        Some(wrong("unitTaxSpecification", found, format!("orderedItem[{index}].unitTaxSpecification")))
    })
}

/// The last segment of a term of `openBookingPrepayment`.
fn prepayment_term(value: &Value) -> Option<String> {
    value.as_str().and_then(|text| text.rsplit('/').next()).map(str::to_owned)
}

/// `openBookingPrepayment` of the total of OrderItems, by the table of "Booking without payment"; `None` where there are no
/// OrderItems, or an Offer has no price.
fn prepayment_of<'o>(items: impl Iterator<Item = &'o Value>) -> Option<&'static str> {
    let of_offer = |item: &Value| -> Option<String> {
        let offer = item.get("acceptedOffer")?;
        if price(offer)?.is_zero() {
            return Some("Unavailable".to_owned());
        }
        let own = offer.get("openBookingPrepayment").and_then(prepayment_term);
        Some(own.unwrap_or_else(|| "Required".to_owned()))
    };
    let offers: Vec<String> = items.map(of_offer).collect::<Option<_>>()?;
    let has = |term: &str| offers.iter().any(|offer| offer == term);
    match () {
        () if offers.is_empty() => None,
        () if has("Required") => Some("Required"),
        () if has("Optional") => Some("Optional"),
        () => Some("Unavailable"),
    }
}

/// Finds `totalPaymentDue.openBookingPrepayment` that does not follow from the Offers.
///
/// OrderItems that are rejected do not count. The table does not say if those count of which details are missing: the
/// property may be with or without them.
fn prepayment_of_total(document: &Seen<'_>) -> Option<Finding> {
    let body = document.body;
    let due = body.get("totalPaymentDue")?;
    let found = due.get("openBookingPrepayment");
    let wanted = prepayment_of(counted(body))?;
    let without_errors = prepayment_of(items(body).iter().filter(|item| errors(item).next().is_none()));
    let free = price(due).is_some_and(|price| price.is_zero());
    let kinds = ["prepayment-optional", "prepayment-unavailable"];
    let supported = kinds.iter().any(|feature| document.config.implements(feature));
    // With a configuration that leaves both features open, either is right.
    let single = kinds.iter().all(|feature| document.config.features.get(*feature) == Some(&Some(false)));
    // P and B need not repeat it.
    if found.is_none() && matches!(document.stage, Stage::P | Stage::B) {
        return None;
    }
    let term = found.and_then(prepayment_term);
    let right = match &term {
        Some(found) => !single && (found == wanted || without_errors.is_some_and(|wanted| wanted == found)),
        None => free || !supported,
    };
    (!right).then(|| {
        let (words, expected, violated) = match wanted {
            _ if single => (
                "is included, but the booking system has one kind of prepayment only",
                "no openBookingPrepayment".to_owned(),
                "OB-booking-without-payment-5",
            ),
            "Required" => ("does not follow from the Offers", openactive("Required"), "OB-booking-without-payment-2"),
            "Optional" => ("does not follow from the Offers", openactive("Optional"), "OB-booking-without-payment-3"),
            _ => ("does not follow from the Offers", openactive("Unavailable"), "OB-booking-without-payment-4"),
        };
        let words = if found.is_none() { "is missing" } else { words };
        let expected = if single { expected } else { quoted(&expected) };
        let of_free =
            (free && term.is_some_and(|term| term != "Unavailable")).then_some("OB-schema-pricespecification-7");
        Finding::new(format!("`totalPaymentDue.openBookingPrepayment` {words}"))
            .expected(expected, shown(found))
            .path("totalPaymentDue.openBookingPrepayment")
            .violating([Some(violated), of_free].into_iter().flatten())
    })
}

/// Finds a total of an Order that increased, or changed without a cancellation or replacement.
fn total_never_rises(document: &Seen<'_>) -> Option<Finding> {
    let before = document.before.or(document.booked)?;
    let due = |order: &Value| price(order.get("totalPaymentDue")?);
    let (was, now) = (due(before)?, due(document.body)?);
    let cancelled = |order: &Value| cancelled_items(order).count();
    let cause = cancelled(before) != cancelled(document.body) || document.replaced;
    let wrong = now > was || (now != was && !cause);
    wrong.then(|| {
        let words = if now > was { "increases" } else { "changes without a cancellation or replacement" };
        let expected = if cause { format!("{was} or less") } else { was.to_string() };
        let violated: &[&str] = if cause {
            &["OB-totalpaymentdue-invariant-7", "OB-totalpaymentdue-invariant-8"]
        } else {
            &["OB-totalpaymentdue-invariant-8"]
        };
        Finding::new(format!("`totalPaymentDue.price` {words}"))
            .expected(expected, now.to_string())
            .path("totalPaymentDue.price")
            .violating(violated.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn decimals(prices: &[&str]) -> Vec<Decimal> {
        prices.iter().map(|price| price.parse().unwrap()).collect()
    }

    #[test]
    fn an_amount_is_the_sum_of_some_costs() {
        let costs = decimals(&["10.00", "14.99", "3.00"]);
        for (amount, expected) in
            [("24.99", true), ("13.00", true), ("27.99", true), ("27.985", true), ("0.00", false), ("11.00", false)]
        {
            let amount: Decimal = amount.parse().unwrap();
            assert_eq!(is_sum_of_some(amount, &costs, rounding(1)), expected, "{amount}");
        }
        assert!(!is_sum_of_some(Decimal::ZERO, &[], rounding(1)));
    }

    #[test]
    fn tax_may_differ_by_a_penny_for_each_order_item() {
        assert_eq!(tax_rounding(1), "0.01".parse().unwrap());
        assert_eq!(tax_rounding(3), "0.03".parse().unwrap());
        assert_eq!(rounding(2), "0.01".parse().unwrap());
    }

    #[test]
    fn prepayment_of_a_total_follows_from_the_offers() {
        let offer = |price: f64, term: &str| json!({ "acceptedOffer": { "price": price, "openBookingPrepayment": format!("https://openactive.io/{term}") } });
        let (required, optional) = (offer(5.0, "Required"), offer(5.0, "Optional"));
        let (unavailable, free) = (offer(5.0, "Unavailable"), json!({ "acceptedOffer": { "price": 0 } }));
        let paid = json!({ "acceptedOffer": { "price": 5 } });
        for (items, expected) in [
            (vec![&optional, &required], Some("Required")),
            (vec![&optional, &paid], Some("Required")),
            (vec![&optional, &unavailable, &free], Some("Optional")),
            (vec![&unavailable, &free], Some("Unavailable")),
            (vec![], None),
        ] {
            assert_eq!(prepayment_of(items.iter().copied()), expected, "{items:?}");
        }
    }

    #[test]
    fn rejected_and_cancelled_order_items_do_not_count() {
        let item = |error: &str| json!({ "error": [{ "@type": error }] });
        assert!(is_counted(&item("IncompleteIntakeFormError")));
        assert!(!is_counted(&item("OpportunityIsFullError")));
        assert!(!is_counted(&json!({ "orderItemStatus": "https://openactive.io/SellerCancelled" })));
    }
}
