//! Values and keys of steps in feature files: how they are read, and their JSON Schema.

use std::str::FromStr;

use serde_json::{Value, json};

use crate::document::{Fields, Problem, Problems};
use crate::vocabulary::UnknownName;

/// The name of an enumeration under `key`, which must be there.
pub(super) fn name<T: FromStr<Err = UnknownName>>(fields: &Fields<'_>, key: &'static str) -> Option<T> {
    fields.need(key).and_then(|node| fields.name_at(node))
}

/// The name of an enumeration under `key`, or `absent` where the key is not there.
pub(super) fn name_or<T: FromStr<Err = UnknownName>>(fields: &Fields<'_>, key: &'static str, absent: T) -> Option<T> {
    match fields.get(key) {
        Some(node) => fields.name_at(node),
        None => Some(absent),
    }
}

/// The names of an enumeration in the list under `key`.
pub(super) fn names<T: FromStr<Err = UnknownName>>(fields: &Fields<'_>, key: &'static str) -> Vec<T> {
    fields.list(key).iter().filter_map(|node| fields.name_at(node)).collect()
}

/// A whole number under `key`; its absence is a problem.
pub(super) fn number(fields: &Fields<'_>, key: &'static str, problems: &Problems) -> Option<usize> {
    let node = fields.need(key)?;
    let number = node.as_count().and_then(|count| usize::try_from(count).ok());
    if number.is_none() {
        problems.add(Problem::new(&node.spot, format!("`{key}` must be a whole number")));
    }
    number
}

/// The JSON Schema of a name of an enumeration.
pub(super) fn one_of<T: Copy + serde::Serialize>(all: &[T]) -> Value {
    json!({ "enum": all })
}

/// A JSON Schema with a description.
pub(super) fn described(mut schema: Value, text: &str) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(text));
    }
    schema
}

/// The JSON Schema of a request variant.
pub(super) fn request_schema() -> Value {
    json!({ "$ref": "#/$defs/request" })
}

/// The JSON Schema of a list of criteria.
pub(super) fn criteria_schema() -> Value {
    json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/criterion" } })
}

/// The JSON Schema of `true` or `false`.
pub(super) fn flag_schema() -> Value {
    json!({ "type": "boolean" })
}

/// The JSON Schema of a whole number.
pub(super) fn count_schema() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
