//! The matchers that feature files use.

use jiff::Timestamp;
use serde_json::Value;

use crate::checks::asked::{CountOf, Expectation, ValueKind};
use crate::compare::same_number;
use crate::results::Finding;

use super::item_set::lost;
use super::path::at;
use crate::checks::seen::Seen;
use crate::checks::value::{brief, number_of, shown};

/// The defect of a value, with the expected and the found value in words.
fn differing(subject: &str, expected: &Expectation, found: Option<&Value>) -> (String, String, String) {
    let (wanted, seen) = (words(expected), shown(found));
    let message = match (expected, found) {
        (Expectation::Is(ValueKind::Absent), _) => format!("`{subject}` is included"),
        (_, None) => format!("`{subject}` is missing"),
        (Expectation::Is(ValueKind::Present), Some(_)) => format!("`{subject}` is null"),
        (Expectation::Is(_), Some(_)) => format!("`{subject}` is not {wanted}"),
        (Expectation::Equals(_), Some(_)) => format!("`{subject}` is {seen} instead of {wanted}"),
    };
    (message, wanted, seen)
}

/// Finds a list at `path` with another number of entries.
pub(super) fn count(document: &Value, path: &str, equals: CountOf, context: Seen<'_>) -> Option<Finding> {
    let wanted = match equals {
        CountOf::Items => context.items.len(),
        CountOf::Exactly(count) => count,
    };
    let entries = |count: usize| number_of(count, "entry", "entries");
    let finding = |message: String, found: String| {
        let expected = format!("a list of {}", entries(wanted));
        Some(Finding::new(message).expected(expected, found).path(path))
    };
    match at(document, path) {
        Some(Value::Array(list)) if list.len() == wanted => None,
        Some(Value::Array(list)) => finding(
            format!("`{path}` has {} instead of {wanted}", entries(list.len())),
            format!("a list of {}", entries(list.len())),
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

/// The expected value, as findings show it.
fn words(expected: &Expectation) -> String {
    match expected {
        Expectation::Equals(value) => brief(value),
        Expectation::Is(ValueKind::Absent) => "nothing".to_owned(),
        Expectation::Is(ValueKind::Present) => "a value".to_owned(),
        Expectation::Is(kind) => kind.words().to_owned(),
    }
}

/// Finds that a list has no entries, or entries that do not hold what is expected at `path`.
pub(super) fn each(
    document: &Value,
    list: &str,
    path: &str,
    wanted: &Expectation,
    context: Seen<'_>,
) -> Option<Finding> {
    let Some(entries) = at(document, list).and_then(Value::as_array).filter(|entries| !entries.is_empty()) else {
        let found = at(document, list);
        let words = if found.is_some() { "has no entries" } else { "is missing" };
        let finding = Finding::new(format!("`{list}` {words}")).expected("at least one entry", shown(found)).path(list);
        return Some(if list == "orderedItem" { lost(finding, context) } else { finding });
    };
    let wrong: Vec<(usize, Option<&Value>)> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (index, at(entry, path)))
        .filter(|(_, found)| !holds(*found, wanted, context.now))
        .collect();
    let (first, found) = *wrong.first()?;
    let (mut message, expected, found) = differing(path, wanted, found);
    if wrong.len() < entries.len() {
        message = format!("{message} in {} of {} entries", wrong.len(), entries.len());
    }
    Some(Finding::new(message).expected(expected, found).path(format!("{list}[{first}].{path}")))
}

/// Finds that the value at `path` is not what is expected.
pub(super) fn value(document: &Value, path: &str, wanted: &Expectation, context: Seen<'_>) -> Option<Finding> {
    let found = at(document, path);
    if holds(found, wanted, context.now) {
        return None;
    }
    let (message, expected, found) = differing(path, wanted, found);
    Some(Finding::new(message).expected(expected, found).path(path))
}
