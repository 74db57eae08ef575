//! Sums of tax.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::compare::amount;
use crate::opportunity::id_of;
use crate::results::Finding;

use crate::checks::row::rows;
use crate::checks::seen::{Seen, items};
use crate::checks::value::shown;

rows! {
    TAX_GROSS = "tax-gross": "tax is calculated, and totalPaymentDue is the sum of the offers"
        at [], asked(|seen| total(seen.body, TaxMode::Gross)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-10"],
    }
    TAX_NET = "tax-net": "tax is calculated, and totalPaymentDue is the sum of the offers and of the tax"
        at [], asked(|seen| total(seen.body, TaxMode::Net)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-9"],
    }
    TAX_GROSS_EXACT = "tax-gross-exact": "totalPaymentDue is the sum of the offers, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding"
        at [], asked(|seen| exact(seen.body, TaxMode::Gross)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-10", "OB-schema-order-28"],
    }
    OVERRIDES_CHARGED = "overrides-charged": "every OrderItem is for its OfferOverride, and totalPaymentDue is their sum, with tax where prices are without it"
        at [], asked(|seen| overrides_charged(seen.body, *seen)) {
        Any: ["OB-offer-overrides-5"],
    }
    TAX_OF_OVERRIDES = "tax-of-overrides": "every OrderItem has tax in the proportion that it had at C1 with the listed offer"
        at [], asked(|seen| tax_of_overrides(seen.body, *seen)) {
        Any: ["OB-offer-overrides-7"],
    }
    NET_OF_TAX = "net-of-tax": "every offer costs what it did at C1 before, less its tax"
        at [], asked(|seen| net_of_tax(seen.body, *seen)) {
        Any: ["OB-business-to-business-tax-calculation-by-booking-system-is-optional-4"],
    }
    TAX_NET_EXACT = "tax-net-exact": "totalPaymentDue is the sum of the offers and of the tax, and the tax of the OrderItems and totalPaymentTax agree rate by rate, but for rounding"
        at [], asked(|seen| exact(seen.body, TaxMode::Net)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-9", "OB-schema-order-28"],
    }
}

/// Whether prices include tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaxMode {
    /// They do.
    Gross,
    /// They do not.
    Net,
}

/// The sums of an Order.
struct Sums {
    offers: Decimal,
    unit_tax: Decimal,
    total_tax: Decimal,
    due: Decimal,
}

fn price(value: &Value, path: &str) -> Result<Decimal, Box<Finding>> {
    let found = value.get("price");
    found.and_then(Value::as_number).map(amount).ok_or_else(|| {
        Finding::new(format!("{path} is not a number")).expected("a number", shown(found)).path(path).boxed()
    })
}

fn list<'v>(value: &'v Value, name: &str, path: &str) -> Result<&'v [Value], Box<Finding>> {
    let found = value.get(name);
    let list = found.and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| {
        Finding::new(format!("{path} is not a list")).expected("a list", shown(found)).path(path).boxed()
    })
}

fn sums(document: &Value) -> Result<Sums, Box<Finding>> {
    if document.get("taxCalculationExcluded") == Some(&Value::Bool(true)) {
        let finding = Finding::new("taxCalculationExcluded is true, though tax is calculated");
        return Err(finding.expected("false, or nothing", "true").path("taxCalculationExcluded").boxed());
    }
    let mut sums = Sums {
        offers: Decimal::ZERO,
        unit_tax: Decimal::ZERO,
        total_tax: Decimal::ZERO,
        due: price(document.get("totalPaymentDue").unwrap_or(&Value::Null), "totalPaymentDue.price")?,
    };
    for (index, item) in items(document).iter().enumerate() {
        let offer = item.get("acceptedOffer").unwrap_or(&Value::Null);
        sums.offers += price(offer, &format!("orderedItem[{index}].acceptedOffer.price"))?;
        let path = format!("orderedItem[{index}].unitTaxSpecification");
        for (at, tax) in list(item, "unitTaxSpecification", &path)?.iter().enumerate() {
            sums.unit_tax += price(tax, &format!("{path}[{at}].price"))?;
        }
    }
    for (at, tax) in list(document, "totalPaymentTax", "totalPaymentTax")?.iter().enumerate() {
        sums.total_tax += price(tax, &format!("totalPaymentTax[{at}].price"))?;
    }
    Ok(sums)
}

fn apart(message: &str, path: &str, expected: Decimal, found: Decimal, by: Decimal) -> Option<Finding> {
    ((expected - found).abs() >= by).then(|| {
        Finding::new(message).expected(expected.normalize().to_string(), found.normalize().to_string()).path(path)
    })
}

fn judge(document: &Value, mode: TaxMode, by: Decimal) -> Option<Finding> {
    let sums = match sums(document) {
        Ok(sums) => sums,
        Err(finding) => return Some(*finding),
    };
    let due = match mode {
        TaxMode::Gross => sums.offers,
        TaxMode::Net => sums.offers + sums.unit_tax,
    };
    apart(
        "totalPaymentTax is not the sum of the tax of the OrderItems",
        "totalPaymentTax",
        sums.unit_tax,
        sums.total_tax,
        by,
    )
    .or_else(|| {
        let message = match mode {
            TaxMode::Gross => "totalPaymentDue is not the sum of the offers",
            TaxMode::Net => "totalPaymentDue is not the sum of the offers and of the tax",
        };
        apart(message, "totalPaymentDue.price", due, sums.due, by)
    })
}

/// The sums agree to less than one whole unit of the currency, as the public suite has it.
pub(super) fn total(document: &Value, mode: TaxMode) -> Option<Finding> {
    judge(document, mode, Decimal::ONE)
}

/// The sums agree but for rounding, by half a penny an OrderItem, and the tax does so rate by rate.
pub(super) fn exact(document: &Value, mode: TaxMode) -> Option<Finding> {
    let count = Decimal::from(items(document).len().max(1));
    let tolerance = count * Decimal::new(5, 3) + Decimal::new(1, 4);
    judge(document, mode, tolerance).or_else(|| {
        let (units, totals) = (
            by_rate(items(document).iter(), "unitTaxSpecification"),
            by_rate([document].into_iter(), "totalPaymentTax"),
        );
        let rates = units.keys().chain(totals.keys());
        rates.into_iter().find_map(|rate| {
            let of = |sums: &BTreeMap<String, Decimal>| sums.get(rate).copied().unwrap_or_default();
            let message = format!("totalPaymentTax at the rate of {rate} is not the sum of the tax of the OrderItems");
            apart(&message, "totalPaymentTax", of(&units), of(&totals), tolerance)
        })
    })
}

/// Sums of tax by their rate.
fn by_rate<'v>(of: impl Iterator<Item = &'v Value>, name: &str) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for tax in of.filter_map(|value| value.get(name).and_then(Value::as_array)).flatten() {
        let rate = tax.get("rate").and_then(Value::as_number).map(amount);
        let rate = rate.map_or_else(|| "nothing".to_owned(), |rate| rate.normalize().to_string());
        *sums.entry(rate).or_default() += tax.get("price").and_then(Value::as_number).map(amount).unwrap_or_default();
    }
    sums
}

/// Every offer costs what it did at C1 before, when tax was told, less that tax.
pub(super) fn net_of_tax(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = items(context.c1?);
    items(document).iter().enumerate().find_map(|(index, item)| {
        let known = before.iter().find(|known| known.get("position") == item.get("position"))?;
        let gross = price(known.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        let taxes = known.get("unitTaxSpecification")?.as_array()?;
        let tax: Decimal = taxes.iter().filter_map(|tax| price(tax, "unitTaxSpecification.price").ok()).sum();
        let found = price(item.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        (found != gross - tax).then(|| {
            Finding::new("the price of an offer is not net, though tax is not calculated")
                .expected(format!("{} ({gross} less {tax} of tax)", gross - tax), found.to_string())
                .path(format!("orderedItem[{index}].acceptedOffer.price"))
        })
    })
}

fn unit_tax(item: &Value) -> Option<Decimal> {
    let taxes = item.get("unitTaxSpecification")?.as_array()?;
    Some(taxes.iter().filter_map(|tax| price(tax, "unitTaxSpecification.price").ok()).sum())
}

/// Every OrderItem is for the OfferOverride that was sent, and the total is their sum, with tax where prices are without it.
pub(super) fn overrides_charged(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let mut sum = Decimal::ZERO;
    for (index, item) in items(document).iter().enumerate() {
        let path = format!("orderedItem[{index}].acceptedOffer");
        let found = item.get("acceptedOffer");
        // Each OfferOverride has an @id of its own; positions may be left out after P.
        let asked = context.items.iter().find(|asked| found.and_then(id_of) == Some(&asked.offer_id));
        let cost = |offer: Option<&Value>| offer.and_then(|offer| price(offer, &path).ok());
        let wanted = asked.map(|asked| &asked.offer);
        let same_type = found.and_then(|found| found.get("@type")) == wanted.and_then(|wanted| wanted.get("@type"));
        if wanted.is_none() || !same_type || cost(found) != cost(wanted) {
            let finding = Finding::new("the OrderItem is not for an OfferOverride that was sent");
            let expected =
                wanted.map_or_else(|| "one of those that were sent".to_owned(), |wanted| shown(Some(wanted)));
            return Some(finding.expected(expected, shown(found)).path(path));
        }
        sum += cost(found)?;
        let mode = |order: &Value| order.pointer("/seller/taxMode").and_then(Value::as_str).map(str::to_owned);
        let mode = mode(document).or_else(|| context.c1.and_then(mode));
        let excluded = document.get("taxCalculationExcluded") == Some(&Value::Bool(true));
        if mode.is_some_and(|mode| mode.ends_with("TaxNet")) && !excluded {
            sum += unit_tax(item).unwrap_or_default();
        }
    }
    match price(document.get("totalPaymentDue").unwrap_or(&Value::Null), "totalPaymentDue.price") {
        Ok(due) => apart(
            "the total is not that of the OfferOverrides",
            "totalPaymentDue.price",
            sum,
            due,
            Decimal::new(1, 2) * Decimal::from(items(document).len().max(1)),
        ),
        Err(finding) => Some(*finding),
    }
}

/// Every OrderItem has tax in the proportion that it had at C1 before, with the listed offer.
pub(super) fn tax_of_overrides(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = items(context.c1?);
    items(document).iter().enumerate().find_map(|(index, item)| {
        let known = before.iter().find(|known| known.get("position") == item.get("position"))?;
        let listed = price(known.get("acceptedOffer")?, "acceptedOffer.price").ok().filter(|price| !price.is_zero())?;
        let now = price(item.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        let path = format!("orderedItem[{index}].unitTaxSpecification");
        match (unit_tax(known), unit_tax(item)) {
            (None, None) => None,
            (Some(before), Some(found)) => {
                let message = "the tax of an OfferOverride is not reckoned as that of the listed offer";
                // Numbers that are no prices have no proportion that could be reckoned.
                let expected = before.checked_mul(now).and_then(|product| product.checked_div(listed));
                let Some((expected, ratio)) = expected.zip(now.checked_div(listed)) else {
                    let finding = Finding::new(message).expected(format!("{before} for {listed}"), found.to_string());
                    return Some(finding.path(path));
                };
                let tolerance = ratio.saturating_add(Decimal::ONE).saturating_mul(Decimal::new(1, 2));
                apart(message, &path, expected, found, tolerance)
            }
            (before, _) => Some(
                Finding::new("tax is told for the listed offer or for the OfferOverride, and not for both")
                    .expected(
                        before.map_or_else(|| "no tax".to_owned(), |tax| tax.to_string()),
                        shown(item.get("unitTaxSpecification")),
                    )
                    .path(path),
            ),
        }
    })
}
