//! The JSON Schema of feature files, made from the same vocabulary that reads them.

use serde_json::{Map, Value, json};

use crate::checks::{NamedCheck, ValueKind};
use crate::steps::{BrokerRole, CustomerDetails, KINDS, PartnerName, Template};
use crate::vocabulary::{Action, CapacityChange, CriteriaName, ErrorName, FeedName, Flow, OpportunityType, Profile};

use super::types::{SellerChoice, When};

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Value {
    json!({ "enum": all.iter().map(|one| name(*one)).collect::<Vec<_>>() })
}

fn step() -> Value {
    let words: Vec<&str> = KINDS.iter().map(|kind| kind.keyword()).collect();
    let mut properties = Map::new();
    for kind in KINDS {
        let mut schema = kind.schema();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(kind.summary()));
        }
        properties.insert(kind.keyword().to_owned(), schema);
    }
    for (key, schema) in KINDS.iter().flat_map(|kind| kind.keys()) {
        properties.insert((*key).to_owned(), schema());
    }
    let checks = json!({ "type": "array", "items": { "$ref": "#/$defs/check" } });
    let siblings = [
        ("fails", names(ErrorName::ALL, ErrorName::name), "the error that the request must be rejected with"),
        ("await", names(FeedName::ALL, FeedName::name), "the feed whose update is awaited; `expect` checks its item"),
        ("deleted", json!({ "type": "boolean" }), "await the deletion of the item instead of an update"),
        ("quiet", names(FeedName::ALL, FeedName::name), "the feed that must not publish an update"),
        ("expect", checks.clone(), "checks of the response, or of the item in the awaited feed"),
        ("expect-proposal", checks, "checks of the P response of a booking in the approval flow"),
        ("capacity", names(CapacityChange::ALL, CapacityChange::name), "the expected effect on the remaining capacity"),
        ("profile", names(Profile::ALL, Profile::name), "the only profile that the step runs in"),
        ("spec", json!({ "type": "string", "format": "uri" }), "the section of the specification for the step"),
        ("covers", json!({ "$ref": "#/$defs/requirements" }), "requirements that the step checks; never cited"),
        (
            "violates",
            json!({ "$ref": "#/$defs/requirements" }),
            "requirements that are violated where the step does not have its expected outcome, the most specific first",
        ),
    ];
    for (name, mut schema, description) in siblings {
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(description));
        }
        properties.insert(name.to_owned(), schema);
    }
    let one_of: Vec<Value> = words.iter().map(|word| json!({ "required": [word] })).collect();
    json!({
        "oneOf": [
            { "enum": words },
            { "type": "object", "additionalProperties": false, "properties": properties, "oneOf": one_of }
        ]
    })
}

fn test(text: &Value) -> Value {
    let seller = names(SellerChoice::ALL, SellerChoice::name);
    let wanted = json!({
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["criteria"],
            "properties": {
                "criteria": { "$ref": "#/$defs/criterion" },
                "seller": seller,
                "control": { "type": "boolean" },
                "shared": { "type": "boolean" },
                "flow": names(Flow::ALL, Flow::name)
            }
        }
    });
    let steps = json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } });
    let conditions = json!({ "type": "array", "items": { "$ref": "#/$defs/condition" } });
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "when", "name", "summary"],
        "oneOf": [{ "required": ["steps"] }, { "required": ["parts"] }],
        "properties": {
            "id": text, "name": text, "summary": text,
            "when": names(When::ALL, When::name),
            "criteria": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "test": { "$ref": "#/$defs/criterion" },
                    "control": { "$ref": "#/$defs/criterion" },
                    "seller": seller,
                    "items": wanted,
                    "items-of-multiple": wanted
                },
                "oneOf": [{ "required": ["test"] }, { "required": ["items"] }]
            },
            "each-type": { "type": "boolean" },
            "slow": { "type": "boolean" },
            "multiple": { "enum": [false, "with-control", "one-per-type", "no"] },
            "multiple-only-if": conditions,
            "flows": { "type": "array", "items": names(Flow::ALL, Flow::name) },
            "without-types": { "type": "array", "items": names(OpportunityType::ALL, OpportunityType::name) },
            "seller": seller,
            "credentials": seller,
            "broker-role": names(BrokerRole::ALL, BrokerRole::name),
            "customer": names(CustomerDetails::ALL, CustomerDetails::name),
            "only-if": conditions,
            "profile": names(Profile::ALL, Profile::name),
            "spec": { "type": "string", "format": "uri" },
            "actions": { "type": "array", "items": { "$ref": "#/$defs/action" } },
            "steps": steps,
            "parts": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["name", "steps"],
                    "properties": {
                        "name": text,
                        "partner": names(PartnerName::ALL, PartnerName::name),
                        "same-uuid": { "type": "boolean" },
                        "profile": names(Profile::ALL, Profile::name),
                        "steps": steps
                    }
                }
            }
        }
    })
}

/// The JSON Schema (2020-12) of a feature file, for editors.
#[must_use]
pub fn feature_schema() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A feature of oa-test",
        "type": "object",
        "additionalProperties": false,
        "required": ["category", "feature", "name", "summary", "spec"],
        "properties": {
            "category": text, "feature": text, "name": text, "summary": text,
            "spec": { "type": "string", "format": "uri" },
            "required": { "type": "boolean" },
            "required-when": text,
            "needs-one-of": { "type": "array", "items": text },
            "coverage": { "enum": ["complete", "partial", "none"] },
            "notes": text,
            "tests": { "type": "array", "items": { "$ref": "#/$defs/test" } }
        },
        "$defs": {
            "criterion": names(CriteriaName::ALL, CriteriaName::name),
            "action": names(Action::ALL, Action::name),
            "request": names(Template::ALL, Template::name),
            "condition": {
                "oneOf": [
                    { "enum": ["controlled-mode", "random-mode"] },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "minProperties": 1,
                        "maxProperties": 1,
                        "properties": { "implemented": text, "not-implemented": text }
                    }
                ]
            },
            "requirements": { "type": "array", "items": text },
            "test": test(&text),
            "step": step(),
            "check": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "count": text, "each": text, "value": text, "at": text, "equals": {},
                    "is": names(ValueKind::ALL, ValueKind::name),
                    "check": { "enum": NamedCheck::all().map(NamedCheck::name).collect::<Vec<_>>() },
                    "profile": names(Profile::ALL, Profile::name),
                    "spec": { "type": "string", "format": "uri" },
                    "covers": { "$ref": "#/$defs/requirements" },
                    "violates": { "$ref": "#/$defs/requirements" }
                },
                "oneOf": [
                    { "required": ["count", "equals"] },
                    { "required": ["each", "at", "equals"] },
                    { "required": ["each", "at", "is"] },
                    { "required": ["value", "equals"] },
                    { "required": ["value", "is"] },
                    { "required": ["check"] }
                ]
            }
        }
    })
}
