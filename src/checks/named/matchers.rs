//! The matchers that feature files use.

use jiff::Timestamp;
use serde_json::Value;

use crate::checks::asked::{CountOf, Expectation, ValueKind};
use crate::compare::same_number;
use crate::results::Finding;

use super::path::at;
use crate::checks::seen::Seen;
use crate::checks::value::{brief, shown};

/// The list at `path` has so many entries.
pub(super) fn count(document: &Value, path: &str, equals: CountOf, context: Seen<'_>) -> Option<Finding> {
    let wanted = match equals {
        CountOf::Items => context.items.len(),
        CountOf::Exactly(count) => count,
    };
    let finding = |message: String, found: String| {
        Some(Finding::new(message).expected(format!("a list of {wanted}"), found).path(path))
    };
    match at(document, path) {
        Some(Value::Array(list)) if list.len() == wanted => None,
        Some(Value::Array(list)) => finding(
            format!("`{path}` has {} entries instead of {wanted}", list.len()),
            format!("a list of {}", list.len()),
        ),
        Some(other) => finding(format!("`{path}` is not a list"), brief(other)),
        None => finding(format!("`{path}` is missing"), "nothing".to_owned()),
    }
}

/// Whether a value is what is expected.
fn holds(found: Option<&Value>, expected: &Expectation, now: Timestamp) -> bool {
    let text = found.and_then(Value::as_str);
    match expected {
        Expectation::Equals(Value::Number(wanted)) => {
            found.and_then(Value::as_number).is_some_and(|found| same_number(found, wanted))
        }
        Expectation::Equals(value) => found == Some(value),
        Expectation::Is(ValueKind::Absent) => found.is_none(),
        Expectation::Is(ValueKind::Present) => found.is_some_and(|found| !found.is_null()),
        Expectation::Is(ValueKind::Text) => text.is_some(),
        Expectation::Is(ValueKind::NonEmptyText) => text.is_some_and(|text| !text.trim().is_empty()),
        Expectation::Is(ValueKind::HttpsUrl) => text.is_some_and(https),
        Expectation::Is(ValueKind::FutureTime) => {
            text.and_then(|text| text.parse::<Timestamp>().ok()).is_some_and(|time| time > now)
        }
    }
}

/// Whether a text is an absolute URL with https.
pub(super) fn https(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.scheme() == "https")
}

fn words(expected: &Expectation) -> String {
    match expected {
        Expectation::Equals(value) => brief(value),
        Expectation::Is(kind) => kind.words().to_owned(),
    }
}

/// There are entries, and each holds what is expected.
pub(super) fn each(
    document: &Value,
    list: &str,
    path: &str,
    wanted: &Expectation,
    context: Seen<'_>,
) -> Option<Finding> {
    let expected = words(wanted);
    let Some(entries) = at(document, list).and_then(Value::as_array).filter(|entries| !entries.is_empty()) else {
        let found = shown(at(document, list));
        return Some(Finding::new(format!("`{list}` has no entries")).expected("at least one entry", found).path(list));
    };
    let wrong: Vec<(usize, Option<&Value>)> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (index, at(entry, path)))
        .filter(|(_, found)| !holds(*found, wanted, context.now))
        .collect();
    let (first, found) = *wrong.first()?;
    let found = shown(found);
    let message = if wrong.len() == entries.len() {
        format!("`{path}` is {found} instead of {expected}")
    } else {
        format!("`{path}` is {found} instead of {expected} in {} of {} entries", wrong.len(), entries.len())
    };
    Some(Finding::new(message).expected(expected, found).path(format!("{list}[{first}].{path}")))
}

/// The value at `path` is what is expected.
pub(super) fn value(document: &Value, path: &str, wanted: &Expectation, context: Seen<'_>) -> Option<Finding> {
    let found = at(document, path);
    if holds(found, wanted, context.now) {
        return None;
    }
    let (found, expected) = (shown(found), words(wanted));
    Some(Finding::new(format!("`{path}` is {found} instead of {expected}")).expected(expected, found).path(path))
}
