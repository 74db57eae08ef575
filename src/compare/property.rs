//! What properties of the data model hold, as far as it decides how they are compared.

/// How texts of a property are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Letter by letter.
    Text,
    /// Ignores the case of letters.
    AnyCase,
    /// As an instant, where both texts have a UTC offset.
    Instant,
    /// As the length of an ISO 8601 duration.
    Duration,
    /// As a URL, by its normal form.
    Url,
    /// As an IRI that names something: letter by letter, as JSON-LD compares node identifiers, unless the policy says
    /// otherwise.
    Identifier,
}

const INSTANTS: &[&str] = &[
    "dateModified",
    "datePublished",
    "endDate",
    "exceptDate",
    "leaseExpires",
    "startDate",
    "validFrom",
    "validThrough",
    "validUntil",
];

const DURATIONS: &[&str] = &[
    "duration",
    "latestCancellationBeforeStartDate",
    "repeatFrequency",
    "validFromBeforeStartDate",
    "validThroughBeforeStartDate",
];

/// Properties that say where something is. Those of which the IRI is a name alone are not among them.
const URLS: &[&str] = &[
    "authenticationAuthority",
    "contentUrl",
    "discussionUrl",
    "documentation",
    "embedUrl",
    "endpointUrl",
    "landingPage",
    "license",
    "sameAs",
    "termsOfService",
    "url",
];

const IDENTIFIERS: &[&str] = &["@id", "orderProposalVersion", "propertyID"];

/// List properties of the data model. The OpenActive context makes none of them an ordered list (`@list`), so the order of
/// their entries has no meaning in JSON-LD: that is why OrderItems have a `position`. The `items` of a feed page are no
/// JSON-LD, and their order matters.
const SETS: &[&str] = &[
    "acceptedPaymentMethod",
    "accessCode",
    "accessPass",
    "accessibilitySupport",
    "activity",
    "additionalAdmissionRestriction",
    "additionalProperty",
    "altLabel",
    "amenityFeature",
    "attendeeDetailsRequired",
    "broader",
    "byDay",
    "byMonth",
    "byMonthDay",
    "category",
    "concept",
    "conformsTo",
    "containsPlace",
    "contributor",
    "customerAccountBookingRestriction",
    "dataset",
    "dayOfWeek",
    "distribution",
    "eligibleEntitlementType",
    "entitlement",
    "error",
    "event",
    "eventSchedule",
    "exceptDate",
    "facilityType",
    "hasPart",
    "hiddenLabel",
    "hoursAvailable",
    "identifier",
    "image",
    "inLanguage",
    "individualFacilityUse",
    "keywords",
    "leader",
    "level",
    "narrower",
    "offers",
    "openBookingFlowRequirement",
    "openingHoursSpecification",
    "orderItemIntakeForm",
    "orderItemIntakeFormResponse",
    "orderedItem",
    "outstandingAction",
    "related",
    "sameAs",
    "specialOpeningHoursSpecification",
    "subEvent",
    "termsOfService",
    "thumbnail",
    "totalPaymentTax",
    "unitTaxSpecification",
    "valueOption",
];

impl Meaning {
    /// How texts of a property of the data model are compared. What is not of the data model is text.
    #[must_use]
    pub fn of(property: &str) -> Self {
        match property {
            name if INSTANTS.contains(&name) => Self::Instant,
            name if DURATIONS.contains(&name) => Self::Duration,
            name if URLS.contains(&name) => Self::Url,
            name if IDENTIFIERS.contains(&name) => Self::Identifier,
            _ => Self::Text,
        }
    }
}

/// Whether the order of the entries of a list property has no meaning.
pub(super) fn is_set(property: &str) -> bool {
    SETS.binary_search(&property).is_ok()
}

/// Whether the data model has a property hold a value or a list of such values alike: `identifier` is a PropertyValue, or
/// an array of them.
pub(super) fn one_or_many(property: &str) -> bool {
    property == "identifier"
}

/// Whether a property has a prefix of its own, such as `beta:` or `ext:`, or is written as an IRI.
pub(super) fn is_extension(property: &str) -> bool {
    property.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    type Fields = BTreeMap<String, Vec<String>>;

    /// Types of every property of the data model.
    fn model() -> Fields {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/openactive-model.json"));
        let model: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        let mut fields = Fields::new();
        for kind in model["models"].as_object().unwrap().values() {
            for field in kind["fields"].as_array().unwrap() {
                let types = field["types"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap().to_owned());
                fields.entry(field["name"].as_str().unwrap().to_owned()).or_default().extend(types);
            }
        }
        fields
    }

    fn named(fields: &Fields, wanted: impl Fn(&[String]) -> bool) -> Vec<&str> {
        fields.iter().filter(|(_, types)| wanted(types)).map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn sets_are_the_list_properties_of_the_data_model() {
        let fields = model();
        let lists = named(&fields, |types| types.iter().any(|kind| kind.starts_with("ArrayOf#")));
        let mut known = SETS.to_vec();
        known.push("items");
        known.sort_unstable();
        let mut lists = lists.clone();
        lists.sort_unstable();
        assert_eq!(lists, known);
        assert!(SETS.is_sorted());
    }

    #[test]
    fn instants_and_durations_are_those_of_the_data_model() {
        let fields = model();
        let dates = ["https://schema.org/DateTime", "https://schema.org/Date"];
        let last = |kind: &String| kind.trim_start_matches("ArrayOf#").to_owned();
        assert_eq!(named(&fields, |types| types.iter().any(|kind| dates.contains(&last(kind).as_str()))), INSTANTS);
        assert_eq!(named(&fields, |types| types.iter().any(|kind| kind == "https://schema.org/Duration")), DURATIONS);
    }

    #[test]
    fn one_or_many_are_those_of_the_data_model() {
        let fields = model();
        let both = named(&fields, |types| {
            types
                .iter()
                .any(|kind| types.contains(&format!("ArrayOf{kind}")) || types.contains(&format!("ArrayOf#{kind}")))
        });
        assert_eq!(both, ["identifier"]);
        assert!(both.iter().all(|name| one_or_many(name)));
    }
}
