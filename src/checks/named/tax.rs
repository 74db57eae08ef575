//! Sums of tax.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::compare::amount;
use crate::opportunity::id_of;
use crate::results::{Defect, Finding};

use crate::checks::money::tax_rounding;
use crate::checks::row::rows;
use crate::checks::seen::{Seen, items, position_of};
use crate::checks::value::{listed, shown};

rows! {
    TAX_GROSS = "tax-gross": "tax is calculated, and totalPaymentDue is the sum of the Offers"
        at [], asked(|seen| total(*seen, TaxMode::Gross)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-10"],
    }, violates {
        [Any] "totalPaymentDue.price" if "missing" => ["OB-schema-pricespecification-2"],
        [Any] "totalPaymentDue.price" => ["OB-schema-order-28"],
        [Any] "acceptedOffer.price" if "missing" => ["OB-schema-offer-6"],
        [Any] "totalPaymentTax" if "missing" => ["OB-schema-order-29"],
        [Any] "totalPaymentTax" => ["OB-tax-mode-8"],
        [Any] "unitTaxSpecification" if "missing" => ["OB-schema-orderitem-18"],
    }
    TAX_NET = "tax-net": "tax is calculated, and totalPaymentDue is the sum of the Offers and of the tax"
        at [], asked(|seen| total(*seen, TaxMode::Net)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-9"],
    }, violates {
        [Any] "totalPaymentDue.price" if "missing" => ["OB-schema-pricespecification-2"],
        [Any] "totalPaymentDue.price" => ["OB-schema-order-28"],
        [Any] "acceptedOffer.price" if "missing" => ["OB-schema-offer-6"],
        [Any] "totalPaymentTax" if "missing" => ["OB-schema-order-29"],
        [Any] "totalPaymentTax" => ["OB-tax-mode-8"],
        [Any] "unitTaxSpecification" if "missing" => ["OB-schema-orderitem-18"],
    }
    TAX_GROSS_EXACT = "tax-gross-exact": "tax is calculated, totalPaymentDue is the sum of the Offers, and totalPaymentTax that of unitTaxSpecification rate by rate, except for rounding"
        at [], asked(|seen| exact(*seen, TaxMode::Gross)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-10", "OB-schema-order-28"],
    }, violates {
        [Any] "totalPaymentDue.price" if "missing" => ["OB-schema-pricespecification-2"],
        [Any] "totalPaymentDue.price" => ["OB-schema-order-28"],
        [Any] "acceptedOffer.price" if "missing" => ["OB-schema-offer-6"],
        [Any] "totalPaymentTax" if "missing" => ["OB-schema-order-29"],
        [Any] "totalPaymentTax" => ["OB-tax-mode-8"],
        [Any] "unitTaxSpecification" if "missing" => ["OB-schema-orderitem-18"],
    }
    OVERRIDES_CHARGED = "overrides-charged": "every OrderItem has its OfferOverride, and totalPaymentDue is their sum, with tax where taxMode is TaxNet"
        at [], asked(|seen| overrides_charged(seen.body, *seen)) {
        Any: ["OB-offer-overrides-5"],
    }, violates {
        [Any] => ["OB-offer-overrides-5"],
    }
    TAX_OF_OVERRIDES = "tax-of-overrides": "unitTaxSpecification of every OfferOverride is in the proportion of the listed Offer at C1"
        at [], asked(|seen| tax_of_overrides(seen.body, *seen)) {
        Any: ["OB-offer-overrides-7"],
    }, violates {
        [Any] => ["OB-offer-overrides-7"],
    }
    NET_OF_TAX = "net-of-tax": "the price of every Offer is that of C1 before, less its tax"
        at [], asked(|seen| net_of_tax(seen.body, *seen)) {
        Any: ["OB-business-to-business-tax-calculation-by-booking-system-is-optional-4"],
    }, violates {
        [Any] => ["OB-business-to-business-tax-calculation-by-booking-system-is-optional-4"],
    }
    TAX_NET_EXACT = "tax-net-exact": "tax is calculated, totalPaymentDue is the sum of the Offers and of the tax, and totalPaymentTax that of unitTaxSpecification rate by rate, except for rounding"
        at [], asked(|seen| exact(*seen, TaxMode::Net)) {
        Any: ["OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1", "OB-tax-mode-7", "OB-tax-mode-8", "OB-tax-mode-9", "OB-schema-order-28"],
    }, violates {
        [Any] "totalPaymentDue.price" if "missing" => ["OB-schema-pricespecification-2"],
        [Any] "totalPaymentDue.price" => ["OB-schema-order-28"],
        [Any] "acceptedOffer.price" if "missing" => ["OB-schema-offer-6"],
        [Any] "totalPaymentTax" if "missing" => ["OB-schema-order-29"],
        [Any] "totalPaymentTax" => ["OB-tax-mode-8"],
        [Any] "unitTaxSpecification" if "missing" => ["OB-schema-orderitem-18"],
    }
}

/// Whether prices include tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TaxMode {
    /// They do.
    Gross,
    /// They do not.
    Net,
}

/// The sums of an Order.
struct Sums {
    /// `acceptedOffer.price`
    offers: Decimal,
    /// `unitTaxSpecification`
    unit_tax: Decimal,
    /// How many taxes of OrderItems there are.
    unit_taxes: usize,
    /// `totalPaymentTax`
    total_tax: Decimal,
    /// `totalPaymentDue`
    due: Decimal,
}

/// `price` of an object at a path.
fn price(value: &Value, path: &str) -> Result<Decimal, Box<Finding>> {
    let found = value.get("price");
    found.and_then(Value::as_number).map(amount).ok_or_else(|| {
        let words = if found.is_some() { "is not a number" } else { "is missing" };
        Finding::new(format!("`{path}` {words}")).expected("a number", shown(found)).path(path).boxed()
    })
}

/// A list property of an object at a path.
fn list<'v>(value: &'v Value, name: &str, path: &str) -> Result<&'v [Value], Box<Finding>> {
    let found = value.get(name);
    let list = found.and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| {
        let words = if found.is_some() { "is not a list" } else { "is missing" };
        Finding::new(format!("`{path}` {words}")).expected("a list of tax charges", shown(found)).path(path).boxed()
    })
}

/// A finding that tax is not calculated, with the requirement to calculate it for a Person whose Broker is none, or an agent.
fn untaxed(mut finding: Box<Finding>, document: &Value, seen: Seen<'_>) -> Box<Finding> {
    let person = seen.customer.get("@type").is_some_and(|kind| kind == "Person");
    let role = document.get("brokerRole").and_then(Value::as_str).unwrap_or_default();
    let mandatory = match role.rsplit('/').next() {
        Some("AgentBroker") if person => {
            Some("OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-1")
        }
        Some("NoBroker") if person => Some("OB-business-to-consumer-tax-calculation-by-booking-system-is-mandatory-2"),
        _ => None,
    };
    *finding = finding.violating(mandatory);
    finding
}

fn sums(seen: Seen<'_>) -> Result<Sums, Box<Finding>> {
    let document = seen.body;
    if document.get("taxCalculationExcluded") == Some(&Value::Bool(true)) {
        let finding = Finding::new("`taxCalculationExcluded` is true, but tax calculation is implemented");
        let finding = finding.expected("false", "true").path("taxCalculationExcluded").defect(Defect::Wrong);
        return Err(untaxed(finding.boxed(), document, seen));
    }
    let lists = |value, name, path: &str| list(value, name, path).map_err(|finding| untaxed(finding, document, seen));
    let mut sums = Sums {
        offers: Decimal::ZERO,
        unit_tax: Decimal::ZERO,
        unit_taxes: 0,
        total_tax: Decimal::ZERO,
        due: price(document.get("totalPaymentDue").unwrap_or(&Value::Null), "totalPaymentDue.price")?,
    };
    for (index, item) in items(document).iter().enumerate() {
        let offer = item.get("acceptedOffer").unwrap_or(&Value::Null);
        sums.offers += price(offer, &format!("orderedItem[{index}].acceptedOffer.price"))?;
        let path = format!("orderedItem[{index}].unitTaxSpecification");
        for (at, tax) in lists(item, "unitTaxSpecification", &path)?.iter().enumerate() {
            sums.unit_tax += price(tax, &format!("{path}[{at}].price"))?;
            sums.unit_taxes += 1;
        }
    }
    for (at, tax) in lists(document, "totalPaymentTax", "totalPaymentTax")?.iter().enumerate() {
        sums.total_tax += price(tax, &format!("totalPaymentTax[{at}].price"))?;
    }
    Ok(sums)
}

/// Finds two amounts that differ by at least `by`. `subject` is the property and what is wrong with it, `whose` what the
/// expected amount is the sum of.
fn apart(words: &str, path: &str, (expected, whose): (Decimal, &str), found: Decimal, by: Decimal) -> Option<Finding> {
    ((expected - found).abs() >= by).then(|| {
        Finding::new(words.to_owned())
            .expected(format!("{} ({whose})", expected.normalize()), found.normalize().to_string())
            .path(path)
    })
}

const UNIT_TAX: &str = "sum of unitTaxSpecification";

/// Finds wrong sums: `by` is the difference of totals that is too large, `tax_by` that of taxes.
fn judge(seen: Seen<'_>, mode: TaxMode, by: Decimal, tax_by: impl Fn(&Sums) -> Decimal) -> Option<Finding> {
    let sums = match sums(seen) {
        Ok(sums) => sums,
        Err(finding) => return Some(*finding),
    };
    let tax_by = tax_by(&sums);
    let words = "`totalPaymentTax` does not equal the sum of unitTaxSpecification";
    if let Some(finding) = apart(words, "totalPaymentTax", (sums.unit_tax, UNIT_TAX), sums.total_tax, tax_by) {
        return Some(finding);
    }
    let path = "totalPaymentDue.price";
    if mode == TaxMode::Gross {
        let words = "`totalPaymentDue.price` does not equal the sum of the Offers";
        return apart(words, path, (sums.offers, "sum of acceptedOffer.price"), sums.due, by);
    }
    // The total is charged with totalPaymentTax, which may be rounded otherwise than the taxes of OrderItems.
    if (sums.offers + sums.total_tax - sums.due).abs() < by {
        return None;
    }
    let untaxed = sums.unit_tax >= by && (sums.offers - sums.due).abs() < by;
    let words = if untaxed { "does not include tax" } else { "does not equal the sum of the Offers and of the tax" };
    let whose = "sum of acceptedOffer.price and unitTaxSpecification";
    let words = format!("`totalPaymentDue.price` {words}");
    let finding = apart(&words, path, (sums.offers + sums.unit_tax, whose), sums.due, by)?;
    Some(if untaxed { finding.violating(["OB-tax-mode-7", "OB-schema-order-28"]) } else { finding })
}

/// Finds sums that differ by one whole unit of the currency or more, as the public suite has it.
fn total(seen: Seen<'_>, mode: TaxMode) -> Option<Finding> {
    judge(seen, mode, Decimal::ONE, |_| Decimal::ONE)
}

/// Finds sums that differ by more than rounding: of totals half a penny an OrderItem, of taxes a penny each, rate by rate.
fn exact(seen: Seen<'_>, mode: TaxMode) -> Option<Finding> {
    let (document, least) = (seen.body, Decimal::new(1, 4));
    let count = Decimal::from(items(document).len().max(1));
    let of_taxes = |sums: &Sums| tax_rounding(sums.unit_taxes) + least;
    judge(seen, mode, count * Decimal::new(5, 3) + least, of_taxes).or_else(|| {
        let (units, totals) = (
            by_rate(items(document).iter(), "unitTaxSpecification"),
            by_rate([document].into_iter(), "totalPaymentTax"),
        );
        // The rate is optional: where some charges have none, the sum of all is what can be compared.
        let rated = !units.contains_key(UNRATED) && !totals.contains_key(UNRATED);
        let rates = units.keys().chain(totals.keys()).filter(|_| rated);
        rates.into_iter().find_map(|rate| {
            let of = |sums: &BTreeMap<String, (Decimal, usize)>| sums.get(rate).copied().unwrap_or_default();
            let ((wanted, count), (found, _)) = (of(&units), of(&totals));
            let words = format!("`totalPaymentTax` at rate {rate} does not equal the sum of unitTaxSpecification");
            apart(&words, "totalPaymentTax", (wanted, UNIT_TAX), found, tax_rounding(count) + least)
        })
    })
}

/// The rate of a tax charge without one.
const UNRATED: &str = "nothing";

/// Sums of tax by their rate, and of how many taxes.
fn by_rate<'v>(of: impl Iterator<Item = &'v Value>, name: &str) -> BTreeMap<String, (Decimal, usize)> {
    let mut sums: BTreeMap<String, (Decimal, usize)> = BTreeMap::new();
    for tax in of.filter_map(|value| value.get(name).and_then(Value::as_array)).flatten() {
        let rate = tax.get("rate").and_then(Value::as_number).map(amount);
        let rate = rate.map_or_else(|| UNRATED.to_owned(), |rate| rate.normalize().to_string());
        let (sum, count) = sums.entry(rate).or_default();
        *sum += tax.get("price").and_then(Value::as_number).map(amount).unwrap_or_default();
        *count += 1;
    }
    sums
}

/// Finds an Offer whose price is not that of C1 before, when tax was calculated, less that tax.
fn net_of_tax(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = items(context.c1?);
    items(document).iter().enumerate().find_map(|(index, item)| {
        let known = before.iter().find(|known| position_of(known) == position_of(item))?;
        let gross = price(known.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        let tax = unit_tax(known)?;
        let found = price(item.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        // Price and tax may each be rounded.
        ((found - (gross - tax)).abs() > Decimal::new(1, 2)).then(|| {
            Finding::new("`acceptedOffer.price` is not net, but taxCalculationExcluded is true")
                .expected(format!("{} ({gross} less {tax} of tax)", gross - tax), found.to_string())
                .path(format!("orderedItem[{index}].acceptedOffer.price"))
        })
    })
}

/// The tax of an OrderItem; `None` where it has no `unitTaxSpecification`.
fn unit_tax(item: &Value) -> Option<Decimal> {
    let taxes = item.get("unitTaxSpecification")?.as_array()?;
    Some(taxes.iter().filter_map(|tax| price(tax, "unitTaxSpecification.price").ok()).sum())
}

/// Finds an OrderItem without its OfferOverride, or a total that is not their sum, with tax where prices are net.
fn overrides_charged(document: &Value, context: Seen<'_>) -> Option<Finding> {
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
            let finding = Finding::new("`acceptedOffer` is not the OfferOverride of the request");
            let ids = || listed(context.items.iter().map(|asked| asked.offer_id.as_str()), found.and_then(id_of));
            let expected = wanted
                .map_or_else(|| format!("an OfferOverride of the request: {}", ids()), |wanted| shown(Some(wanted)));
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
            "`totalPaymentDue.price` does not equal the sum of the OfferOverrides",
            "totalPaymentDue.price",
            (sum, "sum of the OfferOverrides of the request, with tax for TaxNet"),
            due,
            Decimal::new(1, 2) * Decimal::from(items(document).len().max(1)),
        ),
        Err(finding) => Some(*finding),
    }
}

/// Finds an OrderItem whose tax is not in the proportion that it had at C1 before, with the listed Offer.
fn tax_of_overrides(document: &Value, context: Seen<'_>) -> Option<Finding> {
    let before = items(context.c1?);
    items(document).iter().enumerate().find_map(|(index, item)| {
        let known = before.iter().find(|known| position_of(known) == position_of(item))?;
        let listed = price(known.get("acceptedOffer")?, "acceptedOffer.price").ok().filter(|price| !price.is_zero())?;
        let now = price(item.get("acceptedOffer")?, "acceptedOffer.price").ok()?;
        let path = format!("orderedItem[{index}].unitTaxSpecification");
        match (unit_tax(known), unit_tax(item)) {
            (None, None) => None,
            (Some(before), Some(found)) => {
                let words = "`unitTaxSpecification` of an OfferOverride is not calculated as that of the listed Offer";
                // Numbers that are no prices have no proportion that could be reckoned.
                let expected = before.checked_mul(now).and_then(|product| product.checked_div(listed));
                let Some((expected, ratio)) = expected.zip(now.checked_div(listed)) else {
                    let finding = Finding::new(words).expected(format!("{before} for {listed}"), found.to_string());
                    return Some(finding.path(path));
                };
                let tolerance = ratio.saturating_add(Decimal::ONE).saturating_mul(Decimal::new(1, 2));
                let whose = format!("{before} for the listed price {listed}");
                apart(words, &path, (expected, &whose), found, tolerance)
            }
            (before, _) => {
                let words = if before.is_some() { "is missing" } else { "is included, but not for the listed Offer" };
                let expected = before.map_or_else(|| "no unitTaxSpecification".to_owned(), |tax| tax.to_string());
                Some(
                    Finding::new(format!("`unitTaxSpecification` of an OfferOverride {words}"))
                        .expected(expected, shown(item.get("unitTaxSpecification")))
                        .path(path),
                )
            }
        }
    })
}
