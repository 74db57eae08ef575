//! The Broker and the attendee of every request, and the intake forms that it must fill in.

use serde_json::{Value, json};

/// The Broker that every request names.
#[must_use]
pub fn broker() -> Value {
    json!({
        "@type": "Organization",
        "name": "Parkside Activity Finder",
        "email": "support@broker.example.com",
        "telephone": "01632 960145",
        "url": "https://broker.example.com",
        "logo": { "@type": "ImageObject", "url": "https://broker.example.com/logo.png" }
    })
}

/// The attendee, if an offer requires attendee details.
#[must_use]
pub fn attendee() -> Value {
    json!({
        "@type": "Person",
        "telephone": "01632 960123",
        "givenName": "Robin",
        "familyName": "Fielding",
        "email": "robin.fielding@example.com"
    })
}

/// `true` if an intake form must be filled in.
#[must_use]
pub fn must_be_answered(form: &Value) -> bool {
    form.as_array().is_some_and(|fields| {
        fields.iter().any(|field| {
            field.get("valueRequired").and_then(Value::as_bool) == Some(true)
                || field.get("@type").and_then(Value::as_str) == Some("BooleanFormFieldSpecification")
        })
    })
}
