//! Expected values of findings in words: strings and types in quotes, long lists as the nearest three and the count.

use crate::vocabulary::nearest;

use super::model::{Enumeration, Field, FieldType, Kind, Scalar};

/// How many values of a long list are named.
const NAMED: usize = 3;

/// The value that a field expects, for instance `an object of @type "Organization" or "Person"`.
pub(super) fn field_value(types: &[FieldType], options: &[&str], enumerations: &[Enumeration]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for list in [false, true] {
        let of_shape = || types.iter().filter(move |kind| kind.list == list);
        for kind in of_shape() {
            let part = match kind.kind {
                Kind::Scalar(_) | Kind::Enumeration(_) | Kind::Other if !options.is_empty() => continue,
                Kind::Scalar(scalar) if list => format!("a list of {}", plural(scalar)),
                Kind::Scalar(scalar) => singular(scalar).to_owned(),
                Kind::Enumeration(index) => enumerations.get(index).map_or_else(String::new, |known| {
                    let values: Vec<&str> = known.values.iter().map(String::as_str).collect();
                    format!("{}{}", if list { "a list with values from " } else { "" }, one_of(&values, None))
                }),
                Kind::Model(_) => continue,
                Kind::Other => other(kind.text),
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let models: Vec<String> = of_shape()
            .filter(|kind| matches!(kind.kind, Kind::Model(_)))
            .map(|kind| quoted(last_segment(kind.text)))
            .collect();
        if !models.is_empty() {
            let what = if list { "a list of objects" } else { "an object" };
            parts.push(format!("{what} of @type {}", models.join(" or ")));
        }
    }
    if !options.is_empty() {
        parts.insert(0, one_of(options, None));
    }
    if parts.is_empty() { "a value".to_owned() } else { parts.join(", or ") }
}

impl Field {
    /// `true` if one type is expected, so that `is not {expected}` reads well.
    pub(super) fn has_one_type(&self) -> bool {
        self.types.len() == 1 && !self.expected.contains(", or ")
    }
}

/// `one of "A", "B"`; of more than three the nearest to `given`, with the count of all.
pub(super) fn one_of(values: &[&str], given: Option<&str>) -> String {
    let quoted = |values: &[&str]| values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ");
    match (values, given) {
        ([only], _) => quoted(&[*only]),
        (values, _) if values.len() <= NAMED => format!("one of {}", quoted(values)),
        (values, Some(given)) => {
            let near = nearest(given, values.iter().copied(), NAMED);
            format!("one of {} values, nearest: {}", values.len(), quoted(&near))
        }
        (values, None) => {
            format!("one of {} values, e.g. {}", values.len(), quoted(values.get(..1).unwrap_or_default()))
        }
    }
}

/// The properties of a type that are nearest to an unknown one, with the count of all.
pub(super) fn properties(kind: &str, names: &[&str], given: &str) -> String {
    let near: Vec<String> =
        nearest(given, names.iter().copied(), NAMED).iter().map(|name| format!("`{name}`")).collect();
    format!("one of the {} properties of {kind}, nearest: {}", names.len(), near.join(", "))
}

/// Text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    // Writing text into memory does not fail.
    serde_json::to_string(text).unwrap_or_default()
}

/// Name of a type without list, `#` and namespace.
pub(super) fn last_segment(text: &str) -> &str {
    let rest = text.strip_prefix("ArrayOf#").unwrap_or(text).trim_start_matches('#');
    rest.rsplit(['/', '#']).next().unwrap_or(rest)
}

fn other(text: &str) -> String {
    let name = last_segment(text);
    let name = if name == "url" { "a URL".to_owned() } else { quoted(name) };
    if text.starts_with("ArrayOf#") { format!("a list of {name}") } else { name }
}

/// A value of a scalar type.
pub(super) const fn singular(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Boolean => "true or false",
        Scalar::Integer => "an integer",
        Scalar::Number => "a number",
        Scalar::Text => "text",
        Scalar::Date => "a date",
        Scalar::DateTime => "a date-time",
        Scalar::Time => "a time",
        Scalar::Duration => "a duration",
        Scalar::Url => "a URL",
        Scalar::Property => "the URL of a property",
    }
}

const fn plural(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Boolean => "booleans",
        Scalar::Integer => "integers",
        Scalar::Number => "numbers",
        Scalar::Text => "texts",
        Scalar::Date => "dates",
        Scalar::DateTime => "date-times",
        Scalar::Time => "times",
        Scalar::Duration => "durations",
        Scalar::Url => "URLs",
        Scalar::Property => "URLs of properties",
    }
}

#[cfg(test)]
mod tests {
    use super::one_of;

    #[test]
    fn long_lists_show_the_nearest_three_and_the_count() {
        assert_eq!(one_of(&["A"], None), r#""A""#);
        assert_eq!(one_of(&["A", "B", "C"], Some("x")), r#"one of "A", "B", "C""#);
        let many = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
        assert_eq!(one_of(&many, Some("Tuesdays")), r#"one of 5 values, nearest: "Tuesday", "Thursday", "Monday""#);
        assert_eq!(one_of(&many, None), r#"one of 5 values, e.g. "Monday""#);
    }
}
