//! ISO 8601 durations, compared by their length.

use rust_decimal::Decimal;

/// The length of a duration, as months and seconds.
///
/// A month has no fixed number of days, so `P1M` equals `P30D` never. A day has 24 hours, so `P1D` equals `PT24H`: this is
/// how XML Schema compares durations (part 2, section 3.3.6), and date-times of the Open Booking API have an offset and no
/// time zone, so no other length of a day could be derived from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Months, years included.
    pub months: i64,
    /// Seconds, weeks, days, hours and minutes included.
    pub seconds: Decimal,
}

impl Span {
    /// Reads a duration: `PT1H30M`, `P1DT12H`, `-P2W`, `PT0.5H`. The last part may have a fraction, unless it is of years or
    /// months.
    ///
    /// `None` if the text is no duration, or one beyond all bounds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let body = unsigned.strip_prefix('P').filter(|body| body.len() <= 100)?;
        let (days, time) = match body.split_once('T') {
            Some((days, time)) => (days, Some(time)),
            None => (body, None),
        };
        // Neither `P`, nor a `T` with nothing after it.
        if time.unwrap_or(days).is_empty() {
            return None;
        }
        let mut parts = Parts { months: 0, seconds: Decimal::ZERO, ended: false };
        parts
            .add(days, &[('Y', Unit::Months(12)), ('M', Unit::Months(1)), ('W', Unit::Seconds(604_800)), ('D', DAY)])?;
        parts.add(time.unwrap_or_default(), &[('H', Unit::Seconds(3600)), ('M', Unit::Seconds(60)), ('S', SECOND)])?;
        let sign = if negative { -1 } else { 1 };
        Some(Self { months: parts.months * sign, seconds: (parts.seconds * Decimal::from(sign)).normalize() })
    }

    /// Whether it lasts no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.months == 0 && self.seconds.is_zero()
    }
}

/// Whether two texts are durations of the same length. Texts that are no durations are the same where they are equal.
#[must_use]
pub fn same_duration(one: &str, other: &str) -> bool {
    match (Span::parse(one), Span::parse(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Seconds(u32),
}

const DAY: Unit = Unit::Seconds(86_400);
const SECOND: Unit = Unit::Seconds(1);

struct Parts {
    months: i64,
    seconds: Decimal,
    /// Whether a part had a fraction, after which there is none.
    ended: bool,
}

impl Parts {
    /// Adds numbers with their units, which stand in the order of `units`.
    fn add(&mut self, mut text: &str, units: &[(char, Unit)]) -> Option<()> {
        let mut units = units.iter();
        while !text.is_empty() {
            let end = text.find(|letter: char| letter.is_ascii_alphabetic())?;
            let (number, tail) = text.split_at_checked(end)?;
            let letter = tail.chars().next()?;
            let (_, unit) = units.find(|(known, _)| *known == letter)?;
            self.add_part(number, *unit)?;
            text = tail.get(1..)?;
        }
        Some(())
    }

    fn add_part(&mut self, number: &str, unit: Unit) -> Option<()> {
        let (whole, fraction) = match number.split_once(['.', ',']) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let digits = |text: &str| (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if self.ended || !digits(whole) || !fraction.is_none_or(digits) {
            return None;
        }
        self.ended = fraction.is_some();
        match unit {
            Unit::Months(_) if self.ended => return None,
            Unit::Months(months) => {
                self.months = self.months.checked_add(whole.parse::<i64>().ok()?.checked_mul(months)?)?;
            }
            Unit::Seconds(seconds) => {
                let number: Decimal = format!("{whole}.{}", fraction.unwrap_or("0")).parse().ok()?;
                self.seconds = self.seconds.checked_add(number.checked_mul(Decimal::from(seconds))?)?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_of_one_length_are_the_same() {
        for (one, other) in [
            ("PT60M", "PT1H"),
            ("PT1H", "P0DT1H"),
            ("PT1H", "PT3600S"),
            ("P1D", "PT24H"),
            ("PT40H", "P1DT16H"),
            ("P1W", "P7D"),
            ("P1Y", "P12M"),
            ("PT0.5H", "PT30M"),
            ("PT1,5M", "PT90S"),
            ("P0D", "PT0S"),
            ("-P0D", "P0M"),
            ("+P1D", "P1D"),
        ] {
            assert!(same_duration(one, other), "{one} {other}");
            assert!(same_duration(other, one), "{other} {one}");
        }
    }

    #[test]
    fn durations_of_other_lengths_differ() {
        for (one, other) in [
            ("PT1H", "PT61M"),
            ("P1M", "PT1M"),
            ("P1M", "P30D"),
            ("P1M", "P31D"),
            ("P1Y", "P365D"),
            ("P1D", "-P1D"),
            ("PT1H", "PT1.000000001H"),
        ] {
            assert!(!same_duration(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_duration_is_compared_as_text() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "1H",
            "PT1",
            "P1H",
            "PT1D",
            "PT1M1H",
            "PT1H1H",
            "P1.5Y",
            "PT1.5H30M",
            "PT.5H",
            "PT1.H",
            "PT-1H",
            "PT1H ",
            "pt1h",
            "P1é",
            "--P1D",
            "PT9999999999999H",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
            assert!(same_duration(text, text));
            assert!(!same_duration(text, "PT1H"));
        }
    }

    #[test]
    fn huge_durations_overflow_nothing() {
        assert!(
            Span::parse("P999999999999Y999999999999M999999999999W999999999999DT999999999999.999999999999S").is_some()
        );
        assert_eq!(Span::parse(&format!("PT{}S", "9".repeat(1_000_000))), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_panic(text in "\\PC*", likely in "-?P[0-9YMWDTHS.,]{0,30}") {
            prop_assert!(same_duration(&text, &text));
            prop_assert!(same_duration(&likely, &likely));
            prop_assert_eq!(same_duration(&likely, &text), same_duration(&text, &likely));
        }

        #[test]
        fn hours_minutes_and_seconds_are_counted_alike(seconds in 0_u32..10_000_000) {
            let (days, left) = (seconds / 86_400, seconds % 86_400);
            let (hours, minutes) = (left / 3600, left % 3600 / 60);
            let long = format!("P{days}DT{hours}H{minutes}M{}S", seconds % 60);
            let (short, other) = (format!("PT{seconds}S"), format!("PT{}S", seconds + 1));
            prop_assert!(same_duration(&long, &short));
            prop_assert!(!same_duration(&long, &other));
        }
    }
}
