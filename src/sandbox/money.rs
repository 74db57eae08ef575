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

/// The smallest amount.
pub(super) fn penny() -> Decimal {
    Decimal::new(1, 2)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{TaxMode, number, read, tax};

    #[test]
    fn tax_is_rounded_half_up_for_each_item() {
        let pence = |pence: i64| Decimal::new(pence, 2);
        for (price, mode, expected) in [
            (1200, TaxMode::Gross, 200),
            (1499, TaxMode::Gross, 250),
            (1000, TaxMode::Net, 200),
            (1499, TaxMode::Net, 300),
            (33, TaxMode::Net, 7),
            (0, TaxMode::Gross, 0),
            (0, TaxMode::Net, 0),
        ] {
            assert_eq!(tax(pence(price), mode), pence(expected), "{price} {mode:?}");
        }
    }

    proptest! {
        #[test]
        fn tax_is_in_whole_pence_and_close_to_the_rate(price in 0_i64..10_000_000) {
            let price = Decimal::new(price, 2);
            for (mode, exact) in [
                (TaxMode::Gross, price / Decimal::from(6)),
                (TaxMode::Net, price / Decimal::from(5)),
            ] {
                let tax = tax(price, mode);
                prop_assert_eq!(tax, tax.round_dp(2));
                prop_assert!((tax - exact).abs() <= Decimal::new(5, 3));
            }
        }

        #[test]
        fn an_amount_survives_json(pence in 0_i64..1_000_000_000_000) {
            let amount = Decimal::new(pence, 2);
            let text = number(amount).to_string();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read(&value), Some(amount));
        }
    }
}
