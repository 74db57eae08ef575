//! The matchers that feature files use.

use serde_json::Value;

use crate::catalogue::CountOf;
use crate::results::Finding;

use super::path::at;
use super::{CheckContext, brief};

/// The list at `path` has so many entries.
pub(super) fn count(document: &Value, path: &str, equals: CountOf, context: CheckContext<'_>) -> Option<Finding> {
    let wanted = match equals {
        CountOf::Items => context.items,
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

/// There are entries, and each holds `equals`.
pub(super) fn each(document: &Value, list: &str, path: &str, equals: &Value) -> Option<Finding> {
    let expected = brief(equals);
    let Some(entries) = at(document, list).and_then(Value::as_array).filter(|entries| !entries.is_empty()) else {
        let found = at(document, list).map_or_else(|| "nothing".to_owned(), brief);
        return Some(Finding::new(format!("`{list}` has no entries")).expected("at least one entry", found).path(list));
    };
    let wrong: Vec<(usize, Option<&Value>)> = entries
        .iter()
        .enumerate()
        .map(|(index, entry)| (index, at(entry, path)))
        .filter(|(_, found)| *found != Some(equals))
        .collect();
    let (first, found) = *wrong.first()?;
    let found = found.map_or_else(|| "nothing".to_owned(), brief);
    let message = if wrong.len() == entries.len() {
        format!("`{path}` is {found} instead of {expected}")
    } else {
        format!("`{path}` is {found} instead of {expected} in {} of {} entries", wrong.len(), entries.len())
    };
    Some(Finding::new(message).expected(expected, found).path(format!("{list}[{first}].{path}")))
}

/// The value at `path` equals `equals`.
pub(super) fn value(document: &Value, path: &str, equals: &Value) -> Option<Finding> {
    let found = at(document, path);
    if found == Some(equals) {
        return None;
    }
    let found = found.map_or_else(|| "nothing".to_owned(), brief);
    let expected = brief(equals);
    Some(Finding::new(format!("`{path}` is {found} instead of {expected}")).expected(expected, found).path(path))
}
