//! Values as findings show them.

use std::cmp::Reverse;

use serde_json::Value;

/// Characters of a value that a finding shows.
const SHOWN: usize = 200;
/// Entries of a list that a finding shows.
const LISTED: usize = 3;

/// A value as JSON, short enough to be read in a finding, so that the text `"3"` and the number `3` differ.
#[must_use]
pub fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        text
    } else {
        format!("{}…", text.chars().take(SHOWN - 1).collect::<String>())
    }
}

/// A value as findings show it; `nothing` where there is none.
#[must_use]
pub fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), brief)
}

/// A text as findings show it: in quotes.
pub(super) fn quoted(text: &str) -> String {
    brief(&Value::from(text))
}

/// Texts as findings list them, each in quotes. Of a long list: the three most like `found`, and how many there are.
/// `none` where the list is empty.
pub(super) fn listed<'t>(texts: impl IntoIterator<Item = &'t str>, found: Option<&str>) -> String {
    let mut texts: Vec<&str> = texts.into_iter().collect();
    let all = texts.len();
    if all > LISTED {
        let found = found.unwrap_or_default();
        texts.sort_by_cached_key(|text| Reverse(likeness(text, found)));
        texts.truncate(LISTED);
    }
    match (texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "), all) {
        (_, 0) => "none".to_owned(),
        (list, all) if all > LISTED => format!("{list} … ({all} in all)"),
        (list, _) => list,
    }
}

/// Characters that two texts have in common at their beginning and at their end.
fn likeness(one: &str, other: &str) -> usize {
    let start = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let end = one.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other).count();
    start + end
}

/// A number of things: `1 entry`, `2 entries`.
pub(super) fn number_of(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_and_number_differ() {
        assert_eq!(shown(Some(&json!("3"))), "\"3\"");
        assert_eq!(shown(Some(&json!(3))), "3");
        assert_eq!(shown(None), "nothing");
    }

    #[test]
    fn a_long_list_shows_the_nearest_three_and_the_count() {
        let ids = ["https://a/1", "https://a/2", "https://b/12", "https://b/13"];
        assert_eq!(
            listed(ids, Some("https://b/12?x")),
            "\"https://b/12\", \"https://b/13\", \"https://a/1\" … (4 in all)"
        );
        assert_eq!(listed(["a", "b"], None), "\"a\", \"b\"");
        assert_eq!(listed([], None), "none");
    }
}
