//! JSON Schema, as far as the schemas of the project use it.

use serde_json::{Map, Value};

/// Keywords that say nothing about whether a value is valid.
const ANNOTATIONS: &[&str] = &["$schema", "$defs", "title", "description", "default", "format"];

/// Where a value is not as the schema has it, and why. Panics at a keyword that is not known here.
pub(crate) fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, schema, value, "", &mut errors);
    errors
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, errors: &mut Vec<String>) {
    if let Value::Bool(allowed) = schema {
        if !allowed {
            errors.push(format!("{path}: not allowed"));
        }
        return;
    }
    let keywords = schema.as_object().unwrap_or_else(|| panic!("{schema} is not a schema"));
    let valid = |schema: &Value| {
        let mut errors = Vec::new();
        check(root, schema, value, path, &mut errors);
        errors.is_empty()
    };
    let length = |value: &Value| value.as_array().map(Vec::len);
    for (keyword, expected) in keywords {
        let holds = match keyword.as_str() {
            "$ref" => {
                let place = expected.as_str().and_then(|reference| reference.strip_prefix('#')).unwrap();
                check(root, root.pointer(place).unwrap(), value, path, errors);
                true
            }
            "type" => {
                let names = expected.as_array().map_or_else(|| vec![expected], |names| names.iter().collect());
                names.iter().any(|name| is(name.as_str().unwrap(), value))
            }
            "const" => value == expected,
            "anyOf" => expected.as_array().unwrap().iter().any(valid),
            "oneOf" => expected.as_array().unwrap().iter().filter(|schema| valid(schema)).count() == 1,
            "minimum" => value.as_f64().is_none_or(|number| number >= expected.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= expected.as_f64().unwrap()),
            "minItems" => length(value).is_none_or(|length| length as u64 >= expected.as_u64().unwrap()),
            "maxItems" => length(value).is_none_or(|length| length as u64 <= expected.as_u64().unwrap()),
            "required" => {
                let names = expected.as_array().unwrap();
                !value.is_object() || names.iter().all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" | "additionalProperties" | "items" | "prefixItems" => {
                within(root, keywords, keyword, value, path, errors);
                true
            }
            annotation if ANNOTATIONS.contains(&annotation) => true,
            other => panic!("`{other}` is not known here: {schema}"),
        };
        if !holds {
            errors.push(format!("{path}: `{keyword}` is {expected}, found {value}"));
        }
    }
}

/// Checks what is within an object or an array.
fn within(
    root: &Value,
    keywords: &Map<String, Value>,
    keyword: &str,
    value: &Value,
    path: &str,
    errors: &mut Vec<String>,
) {
    let expected = &keywords[keyword];
    let named = |name: &str| keywords.get("properties").and_then(|properties| properties.get(name));
    let before = keywords.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
    let members = value.as_object().into_iter().flatten();
    let entries = value.as_array().into_iter().flatten().enumerate();
    let mut child = |schema: &Value, key: &dyn std::fmt::Display, value: &Value| {
        check(root, schema, value, &format!("{path}/{key}"), errors);
    };
    match keyword {
        "properties" => {
            members.for_each(|(name, value)| named(name).into_iter().for_each(|schema| child(schema, name, value)));
        }
        "additionalProperties" => {
            members.filter(|(name, _)| named(name).is_none()).for_each(|(name, value)| child(expected, name, value));
        }
        "items" => entries.skip(before).for_each(|(place, value)| child(expected, &place, value)),
        _ => {
            entries.zip(expected.as_array().unwrap()).for_each(|((place, value), schema)| child(schema, &place, value))
        }
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type is called {other}"),
    }
}

#[test]
fn every_keyword_can_fail() {
    use serde_json::json;
    for (schema, right, wrong) in [
        (json!({ "$ref": "#/$defs/flag", "$defs": { "flag": { "type": "boolean" } } }), json!(true), json!(1)),
        (json!({ "type": "integer" }), json!(1), json!(1.5)),
        (json!({ "type": "number" }), json!(1.5), json!("1")),
        (json!({ "type": ["string", "null"] }), Value::Null, json!(1)),
        (json!({ "const": "one" }), json!("one"), json!("two")),
        (json!({ "anyOf": [{ "type": "array" }, { "type": "object" }] }), json!({}), json!(1)),
        (json!({ "oneOf": [{ "type": "integer" }, { "minimum": 2 }] }), json!(1), json!(2)),
        (json!({ "minimum": 1 }), json!(1), json!(0)),
        (json!({ "maximum": 1 }), json!(1), json!(2)),
        (json!({ "minItems": 1 }), json!([1]), json!([])),
        (json!({ "maxItems": 1 }), json!([1]), json!([1, 2])),
        (json!({ "required": ["a"] }), json!({ "a": null }), json!({ "b": null })),
        (json!({ "properties": { "a": { "type": "null" } } }), json!({ "b": 1 }), json!({ "a": 1 })),
        (json!({ "properties": { "a": {} }, "additionalProperties": false }), json!({ "a": 1 }), json!({ "b": 1 })),
        (json!({ "items": { "type": "null" } }), json!([null]), json!([null, 1])),
        (json!({ "prefixItems": [{ "type": "null" }], "items": false }), json!([null]), json!([null, null])),
        (json!({ "prefixItems": [{ "type": "null" }] }), json!([null, 1]), json!([1])),
    ] {
        assert_eq!(errors(&schema, &right), Vec::<String>::new(), "{schema}");
        assert_eq!(errors(&schema, &wrong).len(), 1, "{schema}");
    }
}
