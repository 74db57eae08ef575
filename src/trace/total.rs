//! What an Order costs.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::compare::amount;
use crate::vocabulary::openactive;

use super::OrderItem;

/// The total of an Order in its last response.
#[derive(Debug, Clone, Default)]
pub struct Total {
    /// `totalPaymentDue.price`
    pub price: Option<Number>,
    /// `totalPaymentDue.priceCurrency`
    pub currency: Option<String>,
    /// `totalPaymentDue.openBookingPrepayment`
    pub prepayment: Option<String>,
}

impl Total {
    /// Reads the total of an Order, OrderQuote or OrderProposal.
    pub fn of(order: &Value) -> Self {
        let due = order.get("totalPaymentDue");
        let text = |name: &str| due.and_then(|due| due.get(name)).and_then(Value::as_str).map(str::to_owned);
        let price = due.and_then(|due| due.get("price")).and_then(Value::as_number).cloned();
        Self { price, currency: text("priceCurrency"), prepayment: text("openBookingPrepayment") }
    }

    /// The sum of the offers of OrderItems, for an Order that is placed without C1 and C2.
    pub fn of_offers(items: &[OrderItem]) -> Self {
        let unavailable = openactive("Unavailable");
        let mut sum = Decimal::ZERO;
        let mut prepayment = openactive("Required");
        for item in items {
            let price = item.offer.get("price").and_then(Value::as_number).map(amount).unwrap_or_default();
            sum += price;
            let asked = item.offer.get("openBookingPrepayment").and_then(Value::as_str);
            if price > Decimal::ZERO && asked == Some(&unavailable) {
                prepayment.clone_from(&unavailable);
            }
        }
        let currency = items.first().and_then(|item| item.offer.get("priceCurrency")?.as_str().map(str::to_owned));
        Self { price: number(sum), currency, prepayment: Some(prepayment) }
    }

    /// Whether it costs anything.
    #[must_use]
    pub fn paid(&self) -> bool {
        self.price.as_ref().map(amount).is_some_and(|price| price > Decimal::ZERO)
    }

    /// Whether the Order is paid for when it is made.
    pub fn takes_payment(&self) -> bool {
        self.paid() && self.prepayment.as_deref() != Some(&openactive("Unavailable"))
    }
}

/// The JSON number of a decimal number.
pub fn number(decimal: Decimal) -> Option<Number> {
    serde_json::from_str(&decimal.normalize().to_string()).ok()
}
