//! Namespaces and media types.

/// The namespace of OpenActive terms.
pub const OPENACTIVE: &str = "https://openactive.io/";
/// The namespace of schema.org terms.
pub const SCHEMA_ORG: &str = "https://schema.org/";
/// The JSON-LD context of the Open Booking API.
pub const OPENACTIVE_CONTEXT: &str = "https://openactive.io/";
/// The JSON-LD context of the Test Interface.
pub const TEST_INTERFACE_CONTEXT: &str = "https://openactive.io/test-interface";
/// The namespace of Test Interface terms (prefix `test:`).
pub const TEST_INTERFACE_NAMESPACE: &str = "https://openactive.io/test-interface#";
/// The media type of Open Booking API requests and responses, Orders feeds included.
pub const BOOKING_MEDIA_TYPE: &str = "application/vnd.openactive.booking+json; version=1";
/// The media type of open RPDE feeds.
pub const RPDE_MEDIA_TYPE: &str = "application/vnd.openactive.rpde+json; version=1";

/// The IRI of an OpenActive term: `openactive("AttendeeAttended")`.
#[must_use]
pub fn openactive(term: &str) -> String {
    format!("{OPENACTIVE}{term}")
}

/// The IRI of a schema.org term.
#[must_use]
pub fn schema_org(term: &str) -> String {
    format!("{SCHEMA_ORG}{term}")
}

/// The IRI of a Test Interface term.
#[must_use]
pub fn test_interface(term: &str) -> String {
    format!("{TEST_INTERFACE_NAMESPACE}{term}")
}
