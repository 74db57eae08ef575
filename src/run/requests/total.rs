//! What an Order costs.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::vocabulary::openactive;

use super::OrderItem;

/// What an Order costs, as the booking system last said.
#[derive(Debug, Clone, Default)]
pub(in crate::run) struct Total {
    /// `totalPaymentDue.price`
    pub(in crate::run) price: Option<Number>,
    /// `totalPaymentDue.priceCurrency`
    pub(in crate::run) currency: Option<String>,
    /// `totalPaymentDue.openBookingPrepayment`
    pub(in crate::run) prepayment: Option<String>,
}

impl Total {
    /// Reads the total of an Order, OrderQuote or OrderProposal.
    pub(in crate::run) fn of(order: &Value) -> Self {
        let due = order.get("totalPaymentDue");
        let text = |name: &str| due.and_then(|due| due.get(name)).and_then(Value::as_str).map(str::to_owned);
        let price = due.and_then(|due| due.get("price")).and_then(Value::as_number).cloned();
        Self { price, currency: text("priceCurrency"), prepayment: text("openBookingPrepayment") }
    }

    /// What the offers of OrderItems cost together, for an Order that is placed without C1 and C2.
    pub(in crate::run) fn of_offers(items: &[OrderItem]) -> Self {
        let unavailable = openactive("Unavailable");
        let mut sum = Decimal::ZERO;
        let mut prepayment = openactive("Required");
        for item in items {
            let price = item.offer.get("price").and_then(Value::as_number).and_then(decimal).unwrap_or_default();
            sum += price;
            let asked = item.offer.get("openBookingPrepayment").and_then(Value::as_str);
            if price > Decimal::ZERO && asked == Some(&unavailable) {
                prepayment.clone_from(&unavailable);
            }
        }
        let currency = items.first().and_then(|item| item.offer.get("priceCurrency")?.as_str().map(str::to_owned));
        Self { price: number(sum), currency, prepayment: Some(prepayment) }
    }

    pub(super) fn paid(&self) -> bool {
        self.price.as_ref().and_then(decimal).is_some_and(|price| price > Decimal::ZERO)
    }

    /// Whether the Order is paid for when it is made.
    pub(in crate::run) fn takes_payment(&self) -> bool {
        self.paid() && self.prepayment.as_deref() != Some(&openactive("Unavailable"))
    }
}

/// The decimal number that a JSON number is. What is larger than any price counts as the largest one that there is, so that
/// sums of what a target sends are never too large.
pub(in crate::run) fn decimal(number: &Number) -> Option<Decimal> {
    let largest = Decimal::from(1_000_000_000_000_u64);
    let text = number.to_string();
    let exact = text.parse().or_else(|_| Decimal::from_scientific(&text)).ok();
    let value = exact.or_else(|| match number.as_f64()? {
        large if large >= 1.0 => Some(largest),
        small if small <= -1.0 => Some(-largest),
        _ => Some(Decimal::ZERO),
    })?;
    Some(value.clamp(-largest, largest))
}

/// The JSON number of a decimal number.
pub(super) fn number(decimal: Decimal) -> Option<Number> {
    serde_json::from_str(&decimal.normalize().to_string()).ok()
}
