//! Who books, and for whom.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use crate::steps::partner::{BrokerRole, CustomerDetails};

/// What a cell says of itself in every request.
#[derive(Debug, Clone)]
pub struct Party {
    /// The customer.
    pub customer: Value,
    /// Identifies the payment of this Order.
    pub payment_identifier: String,
    /// `brokerRole`
    pub role: BrokerRole,
}

impl Party {
    /// Chooses a customer by `rng`, and takes the identifiers of customer and payment from `ids`.
    pub fn random(rng: &mut ChaCha8Rng, ids: &mut ChaCha8Rng, details: CustomerDetails, role: BrokerRole) -> Self {
        const GIVEN: &[&str] = &["Ada", "Grace", "Alan", "Katherine", "Edsger", "Barbara", "Tim", "Mary"];
        const FAMILY: &[&str] = &["Byron", "Hopper", "Mathison", "Johnson", "Wybe", "Liskov", "Lee", "Shaw"];
        let mut pick = |names: &[&'static str]| names.get(rng.random_range(0..names.len())).copied().unwrap_or("Sam");
        let (given, family) = (pick(GIVEN), pick(FAMILY));
        let number: u32 = rng.random_range(0..1_000_000);
        let mut customer = Map::new();
        customer.insert("@type".to_owned(), json!("Person"));
        customer.insert(
            "email".to_owned(),
            json!(format!("{}.{}.{number}@example.com", given.to_lowercase(), family.to_lowercase())),
        );
        let optional = [
            ("telephone", json!(format!("01632 {number:06}"))),
            ("givenName", json!(given)),
            ("familyName", json!(family)),
            ("identifier", json!(uuid(ids))),
        ];
        for (name, value) in optional {
            if details != CustomerDetails::Email && (rng.random_bool(0.5) || details == CustomerDetails::All) {
                customer.insert(name.to_owned(), value);
            }
        }
        let payment_identifier = format!("pay-{:016x}", ids.random::<u64>());
        Self { customer: Value::Object(customer), payment_identifier, role }
    }
}

/// The next UUID (version 4) of a generator of identifiers.
pub(in crate::steps) fn uuid(ids: &mut ChaCha8Rng) -> String {
    uuid::Builder::from_random_bytes(ids.random()).into_uuid().to_string()
}

/// An Organization that books for its people.
pub(super) fn business(identifier: Option<&Value>) -> Value {
    let mut business = json!({
        "@type": "Organization",
        "name": "Exampleton Works Ltd",
        "email": "wellbeing@works.example.com",
        "telephone": "01632 960167",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "2 Mill Lane",
            "addressLocality": "Exampleton",
            "addressRegion": "Exampleshire",
            "postalCode": "EX1 2BB",
            "addressCountry": "GB"
        }
    });
    if let (Some(identifier), Some(business)) = (identifier, business.as_object_mut()) {
        business.insert("identifier".to_owned(), identifier.clone());
    }
    business
}

/// Which fields of an intake form have an invalid value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrongFields {
    /// No field.
    None,
    /// Every field.
    All,
    /// Every field of this `@type`; every field where there is none.
    Only(&'static str),
}

/// The answers to an intake form.
pub(super) fn answers(form: &Value, wrong: WrongFields, rng: &mut ChaCha8Rng) -> Value {
    let fields = form.as_array().map(Vec::as_slice).unwrap_or_default();
    let kind_of = |field: &Value| field.get("@type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_wrong = |kind: &str| match wrong {
        WrongFields::None => false,
        WrongFields::All => true,
        WrongFields::Only(only) => kind == only || !fields.iter().any(|field| kind_of(field) == only),
    };
    fields
        .iter()
        .map(|field| {
            let kind = kind_of(field);
            let value = match (kind.as_str(), is_wrong(&kind)) {
                ("BooleanFormFieldSpecification", false) => json!(rng.random_bool(0.5)),
                ("BooleanFormFieldSpecification", true) => json!("neither yes nor no"),
                ("DropdownFormFieldSpecification", false) => {
                    let options = field.get("valueOption").and_then(Value::as_array);
                    options.and_then(|options| options.choose(rng)).cloned().unwrap_or_default()
                }
                ("DropdownFormFieldSpecification", true) => json!("none of what can be chosen"),
                ("ParagraphFormFieldSpecification" | "ShortAnswerFormFieldSpecification", false) => {
                    json!("Nothing that the trainer would have to know.")
                }
                ("FileUploadFormFieldSpecification", false) => json!("https://files.example.com/form.pdf"),
                (
                    "ParagraphFormFieldSpecification"
                    | "ShortAnswerFormFieldSpecification"
                    | "FileUploadFormFieldSpecification",
                    true,
                ) => json!(true),
                _ => json!(""),
            };
            json!({ "@type": "PropertyValue", "propertyID": field.get("@id").cloned().unwrap_or_default(), "value": value })
        })
        .collect()
}
