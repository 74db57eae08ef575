//! The operators, and what they make of a value.

use std::fmt;

use serde_json::{Map, Value, json};

/// A way to edit a document or a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// A property is left out.
    Omit,
    /// A value becomes another one of its kind.
    Change,
    /// A value becomes one of another type.
    Retype,
    /// An object gets a property of the data model that it does not have.
    Add,
    /// An object gets a property of an extension, which conforms.
    Extend,
    /// The first two entries of a list change places, which conforms where they have a `position`.
    Swap,
    /// The first entry of a list is there twice.
    Repeat,
    /// A response has another HTTP status.
    Status,
    /// A response has another media type.
    MediaType,
}

impl Operator {
    /// Those that edit a document.
    pub const OF_DOCUMENTS: &'static [Self] =
        &[Self::Omit, Self::Change, Self::Retype, Self::Add, Self::Extend, Self::Swap, Self::Repeat];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omit => "omit",
            Self::Change => "change",
            Self::Retype => "retype",
            Self::Add => "add",
            Self::Extend => "extend",
            Self::Swap => "swap",
            Self::Repeat => "repeat",
            Self::Status => "status",
            Self::MediaType => "media-type",
        }
    }

    /// What it makes of a value; `None` where it does not fit, and [`Edited::Gone`] where nothing is left.
    pub(super) fn apply(self, value: &Value) -> Option<Edited> {
        let edited = match (self, value) {
            (Self::Omit, _) => return Some(Edited::Gone),
            (Self::Change, _) => changed(value)?,
            (Self::Retype, _) => retyped(value),
            (Self::Add, Value::Object(members)) => added(members, "attendeeInstructions", json!("An instruction"))?,
            (Self::Extend, Value::Object(members)) => added(members, "x:extension", json!("of a system's own"))?,
            (Self::Swap, Value::Array(entries)) if entries.len() > 1 && entries.first() != entries.get(1) => {
                let mut entries = entries.clone();
                entries.swap(0, 1);
                Value::Array(entries)
            }
            (Self::Repeat, Value::Array(entries)) => {
                let mut entries = entries.clone();
                entries.insert(0, entries.first()?.clone());
                Value::Array(entries)
            }
            _ => return None,
        };
        Some(Edited::Value(edited))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What an operator leaves of a value.
pub(super) enum Edited {
    /// Nothing.
    Gone,
    /// Another value.
    Value(Value),
}

fn added(members: &Map<String, Value>, name: &str, value: Value) -> Option<Value> {
    let mut members = members.clone();
    // `@value` and the like stand alone, and what is there already is no addition.
    if members.contains_key(name) || !members.contains_key("@type") {
        return None;
    }
    members.insert(name.to_owned(), value);
    Some(Value::Object(members))
}

/// Another value of the same kind.
fn changed(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => json!(whole.checked_add(1)?),
            (None, Some(fraction)) => json!(fraction + 1.0),
            (None, None) => return None,
        },
        Value::String(text) => Value::String(other_text(text)),
        // What they hold is changed by itself.
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    })
}

fn other_text(text: &str) -> String {
    let digits = text.chars().next().is_some_and(|first| first.is_ascii_digit());
    if digits && text.len() >= 10 && text.get(4..5) == Some("-") {
        // A date stays one in the year after.
        let year: i32 = text.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2030);
        return format!("{}{}", year + 1, text.get(4..).unwrap_or_default());
    }
    if text.starts_with("PT") || (text.starts_with('P') && text.len() < 8 && text.chars().any(|c| c.is_ascii_digit())) {
        return if text == "PT17M" { "PT19M".to_owned() } else { "PT17M".to_owned() };
    }
    if text.starts_with("http") {
        return format!("{text}-other");
    }
    format!("{text} other")
}

fn retyped(value: &Value) -> Value {
    match value {
        Value::Null | Value::Array(_) => json!("text"),
        Value::Bool(flag) => json!(flag.to_string()),
        Value::Number(number) => json!(number.to_string()),
        Value::String(_) => json!(17),
        Value::Object(_) => json!("text instead of an object"),
    }
}
