//! JSON numbers, compared and added as decimals.

use rust_decimal::Decimal;
use serde_json::Number;

/// The largest amount of money: larger ones count as this one, so that no sum of what a document holds is too large.
pub const LARGEST_AMOUNT: u64 = 1_000_000_000_000;

/// Whether two JSON numbers are the same decimal number: 3, 3.0 and 3e0 are. Exact, however large or small they are.
#[must_use]
pub fn same_number(one: &Number, other: &Number) -> bool {
    one == other || Digits::of(&one.to_string()) == Digits::of(&other.to_string())
}

/// The amount of money that a JSON number is, between plus and minus [`LARGEST_AMOUNT`], to as many digits as a [`Decimal`]
/// has. To compare numbers, use [`same_number`].
#[must_use]
pub fn amount(number: &Number) -> Decimal {
    let largest = Decimal::from(LARGEST_AMOUNT);
    let text = number.to_string();
    let exact = text.parse().or_else(|_| Decimal::from_scientific(&text)).ok();
    // Numbers that no `Decimal` holds are larger than every amount, or too small to count.
    let value = exact.unwrap_or_else(|| match number.as_f64() {
        Some(large) if large >= 1.0 => largest,
        Some(small) if small <= -1.0 => -largest,
        _ => Decimal::ZERO,
    });
    value.clamp(-largest, largest)
}

/// The sum of amounts of money.
#[must_use]
pub fn sum<'n>(numbers: impl IntoIterator<Item = &'n Number>) -> Decimal {
    numbers.into_iter().map(amount).fold(Decimal::ZERO, Decimal::saturating_add)
}

/// A decimal number as `±0.DIGITS × 10^exponent`, without zeros at either end. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Digits {
    /// A number.
    Number { negative: bool, digits: String, exponent: i64 },
    /// A text that is no number that can be taken apart.
    Text(String),
}

impl Digits {
    /// Takes a JSON number apart.
    pub(super) fn of(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |unsigned| (true, unsigned));
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let leading = all.len() - all.trim_start_matches('0').len();
        let digits = all.trim_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self::Number { negative: false, digits, exponent: 0 });
        }
        let places = i64::try_from(whole.len()).ok()?.checked_sub(i64::try_from(leading).ok()?)?;
        Some(Self::Number { negative, digits, exponent: exponent.checked_add(places)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_the_same_by_value() {
        for (one, other) in
            [("3", "3.0"), ("3.00", "3"), ("3e0", "3"), ("300", "3e2"), ("0", "-0.0"), ("0.1", "1e-1"), ("10", "1.0E1")]
        {
            assert!(same_number(&number(one), &number(other)), "{one} {other}");
        }
        for (one, other) in [
            ("3", "-3"),
            ("3", "3.01"),
            ("30", "3"),
            ("0.3", "3"),
            ("1e13", "1e14"),
            ("1e300", "1e301"),
            ("1e-300", "0"),
            ("18446744073709551615", "18446744073709551614"),
        ] {
            assert!(!same_number(&number(one), &number(other)), "{one} {other}");
        }
    }

    #[test]
    fn numbers_are_taken_apart_whatever_their_exponent() {
        assert_eq!(Digits::of("1e9223372036854775807"), Digits::Text("1e9223372036854775807".to_owned()));
        assert_eq!(Digits::of("1e99999999999999999999"), Digits::Text("1e99999999999999999999".to_owned()));
        assert_eq!(Digits::of("0.001"), Digits::of("1e-3"));
        assert_eq!(Digits::of("0e5"), Digits::of("0"));
    }

    #[test]
    fn amounts_are_added_exactly() {
        let prices = [number("0.1"), number("0.2")];
        assert_eq!(sum(&prices), amount(&number("0.3")));
        assert_eq!(sum([]), Decimal::ZERO);
    }

    #[test]
    fn amounts_have_bounds() {
        let largest = Decimal::from(LARGEST_AMOUNT);
        assert_eq!(amount(&number("1e308")), largest);
        assert_eq!(amount(&number("-1e308")), -largest);
        assert_eq!(amount(&number("1e-308")), Decimal::ZERO);
        let many = vec![number("1e308"); 100_000];
        assert_eq!(sum(&many), largest * Decimal::from(100_000));
    }

    proptest! {
        #[test]
        fn any_number_is_the_same_as_itself(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            let number = Number::from_f64(value).unwrap();
            prop_assert!(same_number(&number, &number));
            let amount = amount(&number);
            prop_assert!(amount <= Decimal::from(LARGEST_AMOUNT));
        }

        #[test]
        fn pence_are_added_exactly(pence in proptest::collection::vec(0_u32..1_000_000, 0..50)) {
            let numbers: Vec<Number> = pence.iter().map(|pence| number(&format!("{}.{:02}", pence / 100, pence % 100))).collect();
            let total: u32 = pence.iter().sum();
            prop_assert_eq!(sum(&numbers), Decimal::new(i64::from(total), 2));
        }
    }
}
