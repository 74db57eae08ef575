//! The operators, and what they make of a document.

use std::fmt;

use serde_json::{Map, Value, json};

use super::pool::Pool;

/// A way to edit a document or a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Leaves a property out.
    Omit,
    /// Replaces a value with another one of its kind.
    Change,
    /// Replaces a value with the one that an earlier document of the cell has at the same place.
    Stale,
    /// Replaces a value with one of another type.
    Retype,
    /// Adds a property that other objects of the same type have.
    Add,
    /// Adds a property of the data model that does not belong to the type.
    Misplace,
    /// Adds a property of an extension, which conforms.
    Extend,
    /// Swaps the first two entries of a list.
    Swap,
    /// Repeats the first entry of a list.
    Repeat,
    /// Replaces the HTTP status of a response.
    Status,
    /// Replaces the media type of a response or page.
    MediaType,
    /// Replaces an update of a feed with one that marks its item as deleted.
    Delete,
    /// Changes the remaining capacity that feeds show.
    Capacity,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Omit,
        Self::Change,
        Self::Stale,
        Self::Retype,
        Self::Add,
        Self::Misplace,
        Self::Extend,
        Self::Swap,
        Self::Repeat,
        Self::Status,
        Self::MediaType,
        Self::Delete,
        Self::Capacity,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Omit => "omit",
            Self::Change => "change",
            Self::Stale => "stale",
            Self::Retype => "retype",
            Self::Add => "add",
            Self::Misplace => "misplace",
            Self::Extend => "extend",
            Self::Swap => "swap",
            Self::Repeat => "repeat",
            Self::Status => "status",
            Self::MediaType => "media-type",
            Self::Delete => "delete",
            Self::Capacity => "capacity",
        }
    }

    /// Whether the mutants conform, so that no check may object to them.
    #[must_use]
    pub const fn conforms(self) -> bool {
        matches!(self, Self::Extend)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The member of an object.
    Member(String),
    /// The entry of a list.
    Entry(usize),
}

/// What becomes of the value at a path.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// It is left out.
    Omit,
    /// It is another value.
    Set(Value),
    /// It gets a member.
    Insert(String, Value),
    /// It gets a property of an extension that a context of the document defines.
    Extend,
    /// Its first two entries change places.
    Swap,
    /// Its first entry is there twice.
    Repeat,
    /// The response has this status.
    Status(u16),
    /// The response has this media type.
    MediaType(Option<String>),
    /// The item is deleted.
    Delete,
    /// The remaining capacity differs by this.
    Capacity(i64),
}

/// A property of an extension, and the context that defines it.
const EXTENSION: &str = "ext:note";
const EXTENSION_CONTEXT: &str = "https://booking.example.org/ns";

/// What takes edits: the operator, the subject of the edit below the value, and what becomes of the value.
pub(super) type Offer<'o> = dyn FnMut(Operator, &str, &mut dyn FnMut() -> Option<Change>) + 'o;

/// Offers every edit of a value. `name`: the property that has it; `None` for entries of lists, and documents.
pub(super) fn edits_of(value: &Value, name: Option<&str>, before: Option<&Value>, pool: &Pool, offer: &mut Offer<'_>) {
    if let Some(name) = name {
        offer(Operator::Omit, "", &mut || Some(Change::Omit));
        offer(Operator::Change, "", &mut || changed(value, name, pool).map(Change::Set));
        offer(Operator::Retype, "", &mut || Some(Change::Set(retyped(value))));
    }
    match value {
        Value::Array(entries) => {
            if let [first, second, ..] = entries.as_slice()
                && first != second
            {
                offer(Operator::Swap, "", &mut || Some(Change::Swap));
            }
            if !entries.is_empty() {
                offer(Operator::Repeat, "", &mut || Some(Change::Repeat));
            }
        }
        Value::Object(members) if members.contains_key("@type") => object(members, pool, offer),
        Value::Object(_) => {}
        _ => {
            if let Some(before) = before.filter(|before| *before != value && !before.is_object() && !before.is_array())
            {
                offer(Operator::Stale, "", &mut || Some(Change::Set(before.clone())));
            }
        }
    }
}

fn object(members: &Map<String, Value>, pool: &Pool, offer: &mut Offer<'_>) {
    for (name, value) in pool.lacking(members) {
        offer(Operator::Add, name, &mut || Some(Change::Insert(name.clone(), value.clone())));
    }
    let kind = members.get("@type").and_then(Value::as_str).unwrap_or_default();
    let (name, value) = match kind {
        "OrderItem" => ("startDate", json!("2030-01-01T10:00:00Z")),
        _ => ("orderItemStatus", json!("https://openactive.io/OrderItemConfirmed")),
    };
    if !members.contains_key(name) {
        offer(Operator::Misplace, name, &mut || Some(Change::Insert(name.to_owned(), value.clone())));
    }
    offer(Operator::Extend, EXTENSION, &mut || Some(Change::Extend));
}

/// Another value of the same kind.
fn changed(value: &Value, name: &str, pool: &Pool) -> Option<Value> {
    Some(match value {
        Value::Bool(flag) => json!(!flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => json!(whole.checked_add(1)?),
            (None, Some(fraction)) => json!(fraction + 1.0),
            (None, None) => return None,
        },
        Value::String(text) => match pool.other_term(name, text) {
            Some(term) => json!(term),
            None => Value::String(other_text(text)),
        },
        // Their members are changed by themselves.
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

/// The value at a path.
pub(super) fn at<'d>(document: &'d Value, path: &[Key]) -> Option<&'d Value> {
    path.iter().try_fold(document, |value, key| match key {
        Key::Member(name) => value.get(name),
        Key::Entry(index) => value.get(*index),
    })
}

/// Adds the context of the extension to the last object on the way to a value that has contexts.
fn define_extension(document: &mut Value, path: &[Key]) {
    let depth = (0..=path.len()).rev().find(|depth| {
        path.get(..*depth).and_then(|way| at(document, way)).is_some_and(|value| value.get("@context").is_some())
    });
    let Some(way) = depth.and_then(|depth| path.get(..depth)) else { return };
    let holder = way.iter().try_fold(document, |value, key| match key {
        Key::Member(name) => value.get_mut(name),
        Key::Entry(index) => value.get_mut(*index),
    });
    let Some(context) = holder.and_then(|holder| holder.get_mut("@context")) else { return };
    let mut contexts = match context.take() {
        Value::Array(contexts) => contexts,
        one => vec![one],
    };
    contexts.push(json!(EXTENSION_CONTEXT));
    *context = Value::Array(contexts);
}

/// Makes an edit; `None` where it does not fit.
pub(super) fn edit(document: &mut Value, path: &[Key], change: &Change) -> Option<()> {
    if matches!(change, Change::Extend) {
        define_extension(document, path);
    }
    let (last, way) = match path.split_last() {
        Some((last, way)) => (Some(last), way),
        None => (None, path),
    };
    let parent = way.iter().try_fold(document, |value, key| match key {
        Key::Member(name) => value.get_mut(name),
        Key::Entry(index) => value.get_mut(*index),
    })?;
    let slot = match (last, change) {
        (Some(Key::Member(name)), Change::Omit) => return parent.as_object_mut()?.remove(name).map(drop),
        (Some(Key::Member(name)), _) => parent.get_mut(name)?,
        (Some(Key::Entry(index)), _) => parent.get_mut(*index)?,
        (None, _) => parent,
    };
    match change {
        Change::Set(value) => slot.clone_from(value),
        Change::Insert(name, value) => drop(slot.as_object_mut()?.insert(name.clone(), value.clone())),
        Change::Extend => drop(slot.as_object_mut()?.insert(EXTENSION.to_owned(), json!("of a system's own"))),
        Change::Swap => {
            let entries = slot.as_array_mut()?;
            if entries.len() > 1 {
                entries.swap(0, 1);
            }
        }
        Change::Repeat => {
            let entries = slot.as_array_mut()?;
            let first = entries.first()?.clone();
            entries.insert(0, first);
        }
        Change::Omit | Change::Status(_) | Change::MediaType(_) | Change::Delete | Change::Capacity(_) => return None,
    }
    Some(())
}
