//! The properties of an object that a comparison takes into account.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::policy::Policy;

/// Properties by their names, without those that the policy leaves out and, unless it distinguishes them, those without a
/// value.
pub(super) fn members<'v>(object: &'v Map<String, Value>, policy: &Policy) -> BTreeMap<&'v str, &'v Value> {
    let known = object.iter().map(|(name, value)| (canonical_name(object, name), value));
    known.filter(|(name, value)| !(policy.ignores(name) || policy.drops_empty() && is_empty(value))).collect()
}

/// The value of a property, whichever way its name is written.
pub(super) fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object.get(name).or_else(|| match name {
        "@id" => object.get("id"),
        "@type" => object.get("type"),
        _ => None,
    })
}

/// `@id` and `@type` for the aliases that the OpenActive context has of them.
fn canonical_name<'v>(object: &Map<String, Value>, name: &'v str) -> &'v str {
    match name {
        "id" if !object.contains_key("@id") => "@id",
        "type" if !object.contains_key("@type") => "@type",
        name => name,
    }
}

/// Whether a value is none, as validation has it: `null`, `""` or `[]`.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
