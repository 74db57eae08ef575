//! Money: decimal, rounded half away from zero to two places, and tax as the Seller states prices.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value, json};

/// Whether prices include tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaxMode {
    /// They do.
    Gross,
    /// Tax is added.
    Net,
}

/// 20 per cent.
pub(super) fn vat() -> Decimal {
    Decimal::new(2, 1)
}

/// The tax of one item at `price`.
pub(super) fn tax(price: Decimal, mode: TaxMode) -> Decimal {
    let rate = vat();
    let exact = match mode {
        TaxMode::Gross => price * rate / (Decimal::ONE + rate),
        TaxMode::Net => price * rate,
    };
    exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A JSON number.
pub(super) fn number(amount: Decimal) -> Value {
    amount.normalize().to_string().parse::<Number>().map_or_else(|_| json!(0), Value::Number)
}

/// A `TaxChargeSpecification`.
pub(super) fn tax_charge(amount: Decimal) -> Value {
    json!({
        "@type": "TaxChargeSpecification",
        "name": "VAT at 20%",
        "price": number(amount),
        "priceCurrency": "GBP",
        "rate": number(vat())
    })
}

/// Reads an amount that a Broker sent.
pub(super) fn read(value: &Value) -> Option<Decimal> {
    let number = value.as_number()?.to_string();
    number.parse().ok().or_else(|| Decimal::from_scientific(&number).ok())
}
