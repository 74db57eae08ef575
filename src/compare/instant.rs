//! Date-times, compared as instants.

use jiff::Timestamp;

/// Reads a date-time with a UTC offset: `2030-01-31T18:00:00Z`, `2030-01-31T19:00+01:00`. Seconds may be left out, as
/// schema.org and ISO 8601 allow, and may have a fraction of up to nine digits.
///
/// `None` for everything else, a date-time without an offset included: it is no instant before its time zone is known.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    // The parser also reads forms that are not of ISO 8601, such as a space for the `T` or a time zone in brackets.
    (shape(text)).then(|| text.parse().ok()).flatten()
}

/// Whether two texts are the same instant. Texts that are no instants are the same where they are equal.
#[must_use]
pub fn same_instant(one: &str, other: &str) -> bool {
    match (instant(one), instant(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Whether a text has the shape `YYYY-MM-DDThh:mm[:ss[.f]](Z|±hh:mm|±hhmm|±hh)`.
fn shape(text: &str) -> bool {
    let pattern = b"dddd-dd-ddTdd:dd";
    let Some((minutes, more)) = text.as_bytes().split_at_checked(pattern.len()) else { return false };
    let matches = |bytes: &[u8], pattern: &[u8]| {
        bytes.len() == pattern.len()
            && bytes.iter().zip(pattern).all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                wanted => byte == wanted,
            })
    };
    let Some(at) = more.iter().position(|byte| matches!(byte, b'Z' | b'+' | b'-')) else { return false };
    let Some((seconds, offset)) = more.split_at_checked(at) else { return false };
    let fraction = match seconds {
        [] => true,
        // A leap second would be read as the second before it.
        [b':', b'6', ..] => false,
        [b':', _, _] => matches(seconds, b":dd"),
        [b':', _, _, b'.', digits @ ..] => {
            matches(seconds.get(..3).unwrap_or_default(), b":dd")
                && (1..=9).contains(&digits.len())
                && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    let offset = match offset {
        [b'Z'] => true,
        [b'+' | b'-', digits @ ..] => {
            [b"dd:dd".as_slice(), b"dddd", b"dd"].iter().any(|pattern| matches(digits, pattern))
        }
        _ => false,
    };
    matches(minutes, pattern) && fraction && offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_instant_has_many_texts() {
        for text in [
            "2030-01-31T18:00:00+00:00",
            "2030-01-31T18:00:00-00:00",
            "2030-01-31T19:00:00+01:00",
            "2030-01-31T19:00:00+0100",
            "2030-01-31T19:00:00+01",
            "2030-01-31T13:00:00-05:00",
            "2030-02-01T00:00+06:00",
            "2030-01-31T18:00Z",
            "2030-01-31T18:00:00.000Z",
            "2030-01-31T18:00:00.0000000+00:00",
        ] {
            assert!(same_instant("2030-01-31T18:00:00Z", text), "{text}");
        }
    }

    #[test]
    fn other_instants_differ() {
        for text in ["2030-01-31T18:00:00+01:00", "2030-01-31T18:00:01Z", "2030-01-31T18:00:00.000000001Z"] {
            assert!(!same_instant("2030-01-31T18:00:00Z", text), "{text}");
        }
    }

    #[test]
    fn what_has_no_offset_or_another_form_is_no_instant() {
        for text in [
            "2030-01-31T18:00:00",
            "2030-01-31T18:00",
            "2030-01-31",
            "2030-01-31 18:00:00Z",
            "2030-01-31t18:00:00z",
            "2030-01-31T18:00:00+00:00[Europe/London]",
            "2030-01-31T18:00:60Z",
            "2030-02-31T18:00:00Z",
            "2030-01-31T25:00:00Z",
            "2030-01-31T18:00:00+99:00",
            "2030-01-31T18:00:00.Z",
            "2030-01-31T18:00:00.0000000000Z",
            "20300131T180000Z",
            "é030-01-31T18:00:00Z",
            "",
        ] {
            assert_eq!(instant(text), None, "{text}");
            assert!(same_instant(text, text));
        }
        assert!(!same_instant("2030-01-31T18:00:00", "2030-01-31T18:00:00Z"));
    }

    proptest! {
        #[test]
        fn any_text_is_the_same_as_itself(text in "\\PC*", other in "[0-9TZ:+.-]{0,40}") {
            prop_assert!(same_instant(&text, &text));
            prop_assert!(same_instant(&other, &other));
            prop_assert_eq!(same_instant(&text, &other), same_instant(&other, &text));
        }

        #[test]
        fn an_instant_is_the_same_in_every_offset(seconds in 0_i64..4_000_000_000, hours in -14_i64..=14) {
            let at = |hours: i64| Timestamp::from_second(seconds + hours * 3600).unwrap().to_string();
            let shifted = at(hours).replace('Z', &format!("{}{:02}:00", if hours < 0 { '-' } else { '+' }, hours.abs()));
            prop_assert!(same_instant(&at(0), &shifted), "{} {}", at(0), shifted);
        }
    }
}
