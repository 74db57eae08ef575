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

/// The [`attendee`] with what else a booking system may require of a Person: the names of the properties.
#[must_use]
pub fn attendee_with(required: &[&str]) -> Value {
    let mut all = json!({
        "name": "Robin Fielding",
        "gender": "https://schema.org/Female",
        "birthDate": "1990-05-17",
        "jobTitle": "Teacher",
        "identifier": "robin-fielding",
        "url": "https://example.com/robin",
        "description": "Comes by bicycle.",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "2 Mill Lane",
            "addressLocality": "Exampleton",
            "postalCode": "EX2 2BB",
            "addressCountry": "GB"
        },
        "emergencyContact": { "@type": "Person", "name": "Alex Fielding", "telephone": "01632 960124" }
    });
    let mut attendee = attendee();
    if let (Some(all), Some(attendee)) = (all.as_object_mut(), attendee.as_object_mut()) {
        attendee.extend(required.iter().filter_map(|name| all.remove_entry(*name)));
    }
    attendee
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

#[cfg(test)]
mod tests {
    use super::attendee_with;

    #[test]
    fn an_attendee_has_what_is_required_of_it() {
        let attendee = attendee_with(&["givenName", "gender", "emergencyContact", "shoeSize"]);
        let names: Vec<&str> = attendee.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["@type", "email", "emergencyContact", "familyName", "gender", "givenName", "telephone"]);
        assert_eq!(attendee_with(&[]), super::attendee());
    }
}
