//! Errors that say more or less.

use serde_json::{Map, Value, json};

use super::list::{Variant, Variants};
use super::values::kind;
use crate::sandbox::clock::now;

/// An error with other properties.
pub(super) fn object(variants: &Variants, object: &mut Map<String, Value>) {
    if !kind(object).ends_with("Error") {
        return;
    }
    if variants.has(Variant::ErrorsDetailed) {
        object.insert("requestId".to_owned(), json!(format!("request-{}", now().as_microsecond())));
    }
    if variants.has(Variant::ErrorsWithoutStatusCode) {
        object.remove("statusCode");
        if !kind(object).contains("AttendeeDetails") && !kind(object).contains("IntakeForm") {
            object.remove("instance");
        }
    }
    if variants.has(Variant::ErrorsSparse) {
        let details = ["AttendeeDetails", "IntakeForm"].iter().any(|part| kind(object).contains(part));
        let described = ["InvalidIntakeFormError", "CancellationNotPermittedError"].contains(&kind(object));
        let kept = |name: &str| match name {
            "instance" => details,
            "description" => described,
            other => other.starts_with('@'),
        };
        object.retain(|name, _| kept(name));
    }
    if variants.has(Variant::ErrorsLocalised) {
        for (name, before) in [("name", "Fehler"), ("description", "Beschreibung")] {
            if let Some(Value::String(text)) = object.get_mut(name) {
                *text = format!("{before}: {text}");
            }
        }
    }
}
