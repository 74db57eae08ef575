//! The JSON Schema of feature files, made from the same vocabulary that reads them.

use serde_json::{Value, json};

use crate::vocabulary::{Action, ActionTarget, CriteriaName, Profile};

use super::types::{Condition, FeedName, NamedCheck, Step, When};

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Value {
    json!({ "enum": all.iter().map(|one| name(*one)).collect::<Vec<_>>() })
}

/// The JSON Schema (2020-12) of a feature file, for editors.
#[must_use]
pub fn feature_schema() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let words: Vec<&str> = Step::WORDS.iter().map(|(word, _)| *word).filter(|word| *word != "simulate").collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A feature of oa-test",
        "type": "object",
        "additionalProperties": false,
        "required": ["category", "feature", "name", "summary", "spec", "tests"],
        "properties": {
            "category": text, "feature": text, "name": text, "summary": text,
            "spec": { "type": "string", "format": "uri" },
            "required": { "type": "boolean" },
            "required-when": text,
            "coverage": { "enum": ["complete", "partial", "none"] },
            "notes": text,
            "tests": { "type": "array", "items": { "$ref": "#/$defs/test" } }
        },
        "$defs": {
            "criterion": names(CriteriaName::ALL, CriteriaName::name),
            "action": names(Action::ALL, Action::name),
            "test": {
                "type": "object",
                "additionalProperties": false,
                "required": ["id", "when", "name", "summary", "steps"],
                "properties": {
                    "id": text, "name": text, "summary": text,
                    "when": names(When::ALL, When::name),
                    "criteria": {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["test"],
                        "properties": {
                            "test": { "$ref": "#/$defs/criterion" },
                            "control": { "$ref": "#/$defs/criterion" }
                        }
                    },
                    "multiple": { "type": "boolean" },
                    "only-if": { "type": "array", "items": names(Condition::ALL, Condition::name) },
                    "actions": { "type": "array", "items": { "$ref": "#/$defs/action" } },
                    "steps": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } }
                }
            },
            "step": {
                "oneOf": [
                    { "enum": words },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["simulate"],
                        "dependentRequired": { "expect": ["await"], "await": ["expect"] },
                        "properties": {
                            "simulate": { "$ref": "#/$defs/action" },
                            "on": names(ActionTarget::ALL, ActionTarget::name),
                            "await": names(FeedName::ALL, FeedName::name),
                            "expect": { "type": "array", "items": { "$ref": "#/$defs/check" } }
                        }
                    }
                ]
            },
            "check": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "count": text, "each": text, "value": text, "at": text, "equals": {},
                    "check": names(NamedCheck::ALL, NamedCheck::name),
                    "profile": names(Profile::ALL, Profile::name),
                    "spec": { "type": "string", "format": "uri" }
                },
                "oneOf": [
                    { "required": ["count", "equals"] },
                    { "required": ["each", "at", "equals"] },
                    { "required": ["value", "equals"] },
                    { "required": ["check"] }
                ]
            }
        }
    })
}
