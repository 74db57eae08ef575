//! Values of enumerations: IRIs of terms in a namespace.
//!
//! The data model lists the values of an enumeration as full IRIs, and validation takes nothing else for one of them. So
//! `http://schema.org/EventScheduled`, `schema:EventScheduled` and `EventScheduled` are not `https://schema.org/EventScheduled`.

use serde_json::Value;

/// The term that an IRI names in a namespace: `Required` of `https://openactive.io/Required` in `https://openactive.io/`.
///
/// `None` if the value is no text, or names nothing in that namespace.
#[must_use]
pub fn term<'v>(value: &'v Value, namespace: &str) -> Option<&'v str> {
    value.as_str()?.strip_prefix(namespace).filter(|term| !term.is_empty())
}

/// Whether a value is the IRI of a term in a namespace.
#[must_use]
pub fn is_term(value: Option<&Value>, namespace: &str, wanted: &str) -> bool {
    value.and_then(|value| term(value, namespace)) == Some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{OPENACTIVE, SCHEMA_ORG};
    use serde_json::json;

    #[test]
    fn only_the_full_iri_names_a_term() {
        assert!(is_term(Some(&json!("https://openactive.io/Required")), OPENACTIVE, "Required"));
        assert!(is_term(Some(&json!("https://schema.org/EventScheduled")), SCHEMA_ORG, "EventScheduled"));
        for other in [
            json!("http://schema.org/EventScheduled"),
            json!("https://schema.org/EventScheduled/"),
            json!("https://example.com/EventScheduled"),
            json!("schema:EventScheduled"),
            json!("EventScheduled"),
            json!("https://schema.org/eventscheduled"),
            json!(["https://schema.org/EventScheduled"]),
            json!(null),
        ] {
            assert!(!is_term(Some(&other), SCHEMA_ORG, "EventScheduled"), "{other}");
        }
        assert!(!is_term(None, OPENACTIVE, "Required"));
        assert_eq!(term(&json!(OPENACTIVE), OPENACTIVE), None);
    }
}
