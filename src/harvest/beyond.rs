//! URL of a page beyond the end of a feed, to check that it is empty.
//!
//! Feeds count in seconds, milliseconds, ticks, text or numbers of their own. A position that a feed cannot read says nothing
//! about the feed, so that the position is derived from one of the feed itself.

use jiff::Timestamp;

use crate::checks::rpde::Parameters;

const YEAR: i128 = 366 * 24 * 3600;
/// Seconds from the year 1 to 1970.
const YEAR_1: i128 = 62_135_596_800;
/// Units of timestamps: how many make a second, and the second that they count from.
const UNITS: [(i128, i128); 5] = [(1, 0), (1_000, 0), (1_000_000, 0), (1_000_000_000, 0), (10_000_000, YEAR_1)];
/// The largest numbers that databases and JSON readers keep.
const LARGEST: [i128; 3] = [i32::MAX as i128, (1 << 53) - 1, i64::MAX as i128];

/// The URL of a page beyond the end of a feed. `last`: URL of its last page; its other parameters are kept.
///
/// `None` if the last page has no position, or one of unknown format.
pub(super) fn url(last: &str, now: Timestamp) -> Option<String> {
    let after = Parameters::of(last);
    let (name, given) = match (after.timestamp, after.change_number) {
        (Some(given), _) => ("afterTimestamp", given),
        (None, Some(given)) => ("afterChangeNumber", given),
        (None, None) => return None,
    };
    let far: String = url::form_urlencoded::byte_serialize(position(&given, now)?.as_bytes()).collect();
    let (base, query) = last.split('#').next()?.split_once('?')?;
    let replaced: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key == name => format!("{key}={far}"),
            _ => pair.to_owned(),
        })
        .collect();
    Some(format!("{base}?{}", replaced.join("&")))
}

/// A position after the given one in its own format.
fn position(given: &str, now: Timestamp) -> Option<String> {
    match given.parse::<i128>() {
        Ok(number) => later_number(number, now).map(|number| number.to_string()),
        Err(_) => later_date(given, now),
    }
}

fn later_number(given: i128, now: Timestamp) -> Option<i128> {
    let largest = LARGEST.into_iter().find(|largest| given < *largest)?;
    let seconds = i128::from(now.as_second());
    for (unit, origin) in UNITS {
        // From 2001 to ten years from now.
        let range = (1_000_000_000 + origin) * unit..(seconds + origin + 10 * YEAR) * unit;
        if range.contains(&given) {
            return Some((given.max((seconds + origin) * unit) + YEAR * unit).min(largest));
        }
    }
    Some(largest)
}

/// A date or date-time at least a year later, in the same format.
fn later_date(given: &str, now: Timestamp) -> Option<String> {
    let (year, rest) = given.split_at_checked(4)?;
    let dated = year.bytes().all(|byte| byte.is_ascii_digit()) && rest.starts_with('-');
    let this_year: i16 = now.strftime("%Y").to_string().parse().ok()?;
    let later =
        year.parse::<i16>().ok().filter(|_| dated)?.max(this_year).checked_add(2).filter(|year| *year < 10_000)?;
    let rest = rest.strip_prefix("-02-29").map_or_else(|| rest.to_owned(), |rest| format!("-02-28{rest}"));
    Some(format!("{later:04}{rest}"))
}

/// `true` if two URLs request the same page: the same address and parameters, in whatever order and encoding.
pub(super) fn same_page(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let url = url::Url::parse(text).ok()?;
        let mut parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        parameters.sort();
        Some((url.origin(), url.path().to_owned(), parameters))
    };
    parts(one).is_some_and(|one| Some(one) == parts(other))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{same_page, url};

    fn beyond(query: &str) -> Option<String> {
        let now: Timestamp = "2026-11-28T00:00:00Z".parse().unwrap();
        let url = url(&format!("https://example.com/feed?{query}"), now)?;
        Some(url.strip_prefix("https://example.com/feed?").unwrap().to_owned())
    }

    #[test]
    fn positions_are_beyond_the_end_in_the_unit_of_the_feed() {
        let expect = |query: &str, wanted: &str| assert_eq!(beyond(query).as_deref(), Some(wanted), "{query}");
        expect("afterTimestamp=1700000003&afterId=3", "afterTimestamp=1827446400&afterId=3");
        expect("afterTimestamp=1700000003000&afterId=3", "afterTimestamp=1827446400000&afterId=3");
        expect("afterTimestamp=639000000000000000&afterId=3", "afterTimestamp=639630432000000000&afterId=3");
        expect("afterChangeNumber=102", "afterChangeNumber=2147483647");
        expect("afterChangeNumber=4000000000000", "afterChangeNumber=9007199254740991");
        expect("afterChangeNumber=500000000000000000", "afterChangeNumber=9223372036854775807");
        expect(
            "afterTimestamp=2024-02-29T09%3A12%3A55Z&afterId=2",
            "afterTimestamp=2028-02-28T09%3A12%3A55Z&afterId=2",
        );
    }

    #[test]
    fn other_parameters_are_kept() {
        let wanted = "key=a%20b&afterTimestamp=1827446400&afterId=x%2C1&limit=5";
        assert_eq!(beyond("key=a%20b&afterTimestamp=1700000003&afterId=x%2C1&limit=5").as_deref(), Some(wanted));
    }

    #[test]
    fn nothing_is_made_up_for_an_unknown_format() {
        for query in
            ["afterTimestamp=&afterId=", "afterChangeNumber=AAB7", "page=2", "afterChangeNumber=9223372036854775807"]
        {
            assert_eq!(beyond(query), None, "{query}");
        }
    }

    #[test]
    fn pages_are_compared_by_their_parameters() {
        assert!(same_page("https://x.example/f?a=1%2C2&b=c", "https://x.example/f?b=c&a=1,2"));
        assert!(!same_page("https://x.example/f?a=1", "https://x.example/f?a=2"));
        assert!(!same_page("/f?a=1", "/f?a=1"));
    }
}
