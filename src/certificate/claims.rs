//! What a certificate claims, out of the record of a run.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::catalogue::Catalogue;
use crate::client::{DatasetSite, Response, read_dataset_site};
use crate::config::{Config, Layers, read};
use crate::results::{Exchange, RunReport};

/// How long a certificate is valid.
pub(super) const VALID_FOR: &str = "P3M";
/// The collection of the names of features.
const FEATURES: &str = "https://openactive.io/specification-features";
/// The exchange in which the dataset site is read.
const DATASET_SITE: &str = "Dataset site";

/// Facts of a record that claims are derived from.
#[derive(Debug)]
pub(super) struct Facts {
    /// The effective configuration.
    pub(super) config: Config,
    /// The dataset site.
    pub(super) site: DatasetSite,
    /// Its URL.
    pub(super) dataset_site: String,
    /// The holder of the certificate.
    pub(super) holder: Value,
}

/// Reads the facts out of a record.
///
/// # Errors
/// The missing part of the record.
pub(super) fn facts(report: &RunReport) -> Result<Facts, String> {
    let mut layers = Layers::built_in().map_err(|problem| problem.to_string())?;
    layers
        .add_text("the configuration of the evidence", &report.configuration.to_string())
        .map_err(|problem| problem.to_string())?;
    let config = read(&layers).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        format!("invalid configuration: {first}")
    })?;
    let is_site = |exchange: &Exchange| exchange.label == DATASET_SITE && exchange.feed.is_none();
    let exchange = report.exchanges.iter().find(is_site).ok_or("the dataset site is missing")?;
    let (site, findings) = read_dataset_site(&Response::recorded(&exchange));
    if let Some(finding) = findings.first() {
        return Err(format!("invalid dataset site: {}", finding.message));
    }
    let site = site.ok_or("the dataset site has no Dataset")?;
    let holder = holder(&site.dataset).ok_or("the dataset site has neither `bookingService` nor `publisher`")?;
    Ok(Facts { config, site, dataset_site: exchange.url.clone(), holder })
}

/// The booking service, or else the publisher, with the properties of them that a certificate has.
fn holder(dataset: &Value) -> Option<Value> {
    let of = |name: &str, properties: &[&str]| {
        let object = dataset.get(name)?;
        object.get("name")?.as_str()?;
        let mut holder = Map::new();
        holder.insert("@type".to_owned(), "Organization".into());
        for property in properties {
            if let Some(value) = object.get(*property).filter(|value| value.is_string()) {
                holder.insert((*property).to_owned(), value.clone());
            }
        }
        Some(Value::Object(holder))
    };
    of("bookingService", &["name", "url", "softwareVersion"]).or_else(|| of("publisher", &["name", "url"]))
}

/// The claims of a certificate: everything but the evidence itself and the proof.
pub(super) fn claims(
    report: &RunReport,
    facts: &Facts,
    catalogue: &Catalogue,
    id: &str,
    created: Timestamp,
) -> Map<String, Value> {
    let features = |wanted: bool| -> Vec<Value> {
        facts
            .config
            .features
            .iter()
            .filter(|(name, on)| **on == Some(wanted) && name.as_str() != "test-interface")
            .map(|(name, _)| {
                let feature = catalogue.features().iter().find(|feature| feature.id == *name);
                json!({
                    "@type": "Concept",
                    "@id": format!("{FEATURES}#{name}"),
                    "prefLabel": feature.map_or(name.as_str(), |feature| feature.name.as_str()),
                    "inScheme": FEATURES,
                })
            })
            .collect()
    };
    let types: Vec<&str> = facts.config.types.iter().map(|kind| kind.name()).collect();
    let flows: Vec<&str> = facts.config.flows.iter().map(|flow| flow.name()).collect();
    let certificate = json!({
        "@context": "https://openactive.io/",
        "@type": "ConformanceCertificate",
        "@id": id,
        "name": "Certificate of conformance to the OpenActive Open Booking API",
        "description": "The booking system passed every test of its implemented features, and of the absence of \
                        the others. The evidence is the complete report of that run.",
        "dateCreated": created.to_string(),
        "validFor": VALID_FOR,
        "featureImplemented": features(true),
        "featureNotImplemented": features(false),
        "opportunityTypeImplemented": types,
        "bookingFlowsImplemented": flows,
        "awardedTo": facts.holder,
        "recognizedBy": { "@type": "Organization", "name": "OpenActive", "url": "https://www.openactive.io/" },
        "creator": {
            "@type": "SoftwareApplication",
            "name": report.tool.name,
            "softwareVersion": report.tool.version,
            "profile": report.profile.name(),
            "mode": report.mode,
        },
    });
    match certificate {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}
