//! The dataset site.

use serde_json::{Map, Value, json};

use crate::vocabulary::{BYTE_ORDER_MARK, RPDE_MEDIA_TYPE};

use super::faults::{Fault, Faults};
use super::feed::OpportunityFeedName;
use super::variants::{Presentation, Variants, base_path, distribution, feed_path, listed, presentation, site_path};

/// The `Dataset`.
fn dataset(origin: &str, authority: Option<&str>, faults: &Faults, variants: &Variants) -> Value {
    let page = format!("{origin}{}", site_path(variants));
    let feeds: Vec<Map<String, Value>> = OpportunityFeedName::ALL
        .iter()
        .filter(|feed| !faults.has(Fault::DatasetSiteWithoutFeeds) && listed(variants, **feed))
        .map(|feed| {
            let path = feed_path(variants, feed.path()).replacen("/v2/feeds", "/feeds", 1);
            let members = [
                ("@type", json!("DataDownload")),
                ("identifier", json!(feed.name())),
                ("name", json!(feed.name())),
                ("additionalType", json!(feed.additional_type())),
                ("encodingFormat", json!(RPDE_MEDIA_TYPE)),
                ("contentUrl", json!(format!("{origin}{path}"))),
            ];
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
        })
        .collect();
    // The same machine by an address that is not its own alone.
    let endpoint = match faults.has(Fault::EndpointWithoutTls) {
        true => origin.replace("//127.0.0.1", "//0.0.0.0"),
        false => origin.to_owned(),
    };
    let slash = if faults.has(Fault::EndpointWithTrailingSlash) { "/" } else { "" };
    let mut dataset = json!({
        "@context": ["https://schema.org/", "https://openactive.io/", "https://openactive.io/ns-beta"],
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": "Sandbox Sessions and Facilities",
        "description": "Sessions and facilities of the booking system that is built into oa-test. None of them exists.",
        "keywords": ["Sessions", "Facilities", "Activities", "OpenActive"],
        "inLanguage": ["en-GB"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "discussionUrl": "https://sandbox.example.org/discussion",
        "documentation": "https://permalink.openactive.io/dataset-site/open-data-documentation",
        "schemaVersion": "https://openactive.io/modelling-opportunity-data/2.0/",
        "datePublished": "2026-01-01T00:00:00+00:00",
        "dateModified": "2026-01-01T00:00:00+00:00",
        "backgroundImage": { "@type": "ImageObject", "url": "https://sandbox.example.org/background.jpg" },
        "publisher": {
            "@type": "Organization",
            "name": "Sandbox Booking",
            "legalName": "Sandbox Booking Limited",
            "url": "https://sandbox.example.org/",
            "email": "hello@sandbox.example.org",
            "logo": { "@type": "ImageObject", "url": "https://sandbox.example.org/logo.png" }
        },
        "bookingService": {
            "@type": "BookingService",
            "name": "Sandbox Booking",
            "url": "https://sandbox.example.org/",
            "softwareVersion": env!("CARGO_PKG_VERSION")
        },
        "distribution": distribution(variants, origin, feeds),
        "accessService": {
            "@type": "WebAPI",
            "name": "Open Booking API",
            "description": "The Open Booking API of the sandbox.",
            "endpointUrl": format!("{endpoint}{}{slash}", base_path(variants)),
            "conformsTo": ["https://openactive.io/open-booking-api/EditorsDraft/"],
            "documentation": "https://permalink.openactive.io/dataset-site/open-booking-api-documentation",
            "endpointDescription": "https://www.openactive.io/open-booking-api/EditorsDraft/swagger.json",
            "landingPage": "https://sandbox.example.org/api",
            "termsOfService": "https://sandbox.example.org/api-terms"
        }
    });
    if let Some(authority) = authority.filter(|_| !faults.has(Fault::AuthorityMissing))
        && let Some(service) = dataset.get_mut("accessService").and_then(Value::as_object_mut)
    {
        service.insert("authenticationAuthority".to_owned(), json!(authority));
    }
    if faults.has(Fault::DatasetSiteEndpointMisspelt)
        && let Some(service) = dataset.get_mut("accessService").and_then(Value::as_object_mut)
        && let Some(url) = service.remove("endpointUrl")
    {
        service.insert("endpointURL".to_owned(), url);
    }
    if faults.has(Fault::DatasetSiteWithoutService)
        && let Some(dataset) = dataset.as_object_mut()
    {
        dataset.remove("accessService");
    }
    dataset
}

/// The page.
pub(super) fn page(origin: &str, authority: Option<&str>, faults: &Faults, variants: &Variants) -> String {
    let Presentation { blocks, script_type, in_body, marked } =
        presentation(variants, dataset(origin, authority, faults, variants));
    let last = blocks.len().saturating_sub(1);
    let written = blocks.iter().enumerate().map(|(place, block)| {
        let mut json = serde_json::to_string_pretty(block).unwrap_or_default().replace("</", "<\\/");
        if place == last && faults.has(Fault::DatasetSiteBrokenJson) {
            json.pop();
        }
        format!("<script type=\"{script_type}\">\n{json}\n</script>\n")
    });
    let scripts: String = if faults.has(Fault::DatasetSiteWithoutJsonLd) { String::new() } else { written.collect() };
    let (head, body) = if in_body { (String::new(), scripts) } else { (scripts, String::new()) };
    let mark = if marked { BYTE_ORDER_MARK.to_string() } else { String::new() };
    format!(
        "{mark}<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Sandbox open data</title>\n\
         {head}</head>\n<body>\n<h1>Sandbox open data</h1>\n\
         <p>Sessions and facilities that do not exist, to try a booking against.</p>\n{body}</body>\n</html>\n"
    )
}
