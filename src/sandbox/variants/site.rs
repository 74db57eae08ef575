//! The dataset site: where its Dataset stands, and what is listed.

use serde_json::{Map, Value, json};

use super::list::{Variant, Variants};

/// The JSON-LD of the dataset site, and how the page has it.
#[derive(Debug)]
pub(in crate::sandbox) struct Presentation {
    /// The blocks of JSON-LD in their order; the Dataset is in the last one.
    pub(in crate::sandbox) blocks: Vec<Value>,
    /// The type of the script elements.
    pub(in crate::sandbox) script_type: &'static str,
    /// Whether the script elements are at the end of the body.
    pub(in crate::sandbox) in_body: bool,
    /// Whether the page starts with a byte order mark.
    pub(in crate::sandbox) marked: bool,
}

fn organization() -> Value {
    json!({
        "@context": "https://schema.org/",
        "@type": "Organization",
        "name": "Sandbox Booking",
        "url": "https://sandbox.example.org/"
    })
}

fn breadcrumbs() -> Value {
    json!({
        "@context": "https://schema.org/",
        "@type": "BreadcrumbList",
        "itemListElement": [{ "@type": "ListItem", "position": 1, "name": "Open data" }]
    })
}

/// The JSON-LD around a Dataset.
pub(in crate::sandbox) fn presentation(variants: &Variants, mut dataset: Value) -> Presentation {
    if variants.has(Variant::DatasetSiteTypes)
        && let Some(dataset) = dataset.as_object_mut()
    {
        dataset.insert("@type".to_owned(), json!(["Dataset", "https://www.w3.org/ns/dcat#Dataset"]));
    }
    let blocks = if variants.has(Variant::DatasetSiteSecondBlock) {
        vec![organization(), breadcrumbs(), dataset]
    } else if variants.has(Variant::DatasetSiteList) {
        vec![json!([organization(), dataset])]
    } else if variants.has(Variant::DatasetSiteGraph) {
        let context = dataset.as_object_mut().and_then(|dataset| dataset.remove("@context"));
        let mut site = organization();
        if let Some(site) = site.as_object_mut() {
            site.remove("@context");
        }
        vec![json!({ "@context": context, "@graph": [site, dataset] })]
    } else {
        vec![dataset]
    };
    let charset = variants.has(Variant::DatasetSiteCharset);
    Presentation {
        blocks,
        script_type: if charset { "application/ld+json; charset=utf-8" } else { "application/ld+json" },
        in_body: charset,
        marked: variants.has(Variant::DatasetSiteMarked),
    }
}

/// `distribution` of the Dataset with these feeds.
pub(in crate::sandbox) fn distribution(variants: &Variants, origin: &str, mut feeds: Vec<Map<String, Value>>) -> Value {
    if variants.has(Variant::FeedsUnidentified) {
        for feed in &mut feeds {
            feed.remove("identifier");
            let name = feed.get("additionalType").and_then(Value::as_str).and_then(|iri| iri.rsplit('/').next());
            if let Some(name) = name.map(str::to_owned) {
                feed.insert("name".to_owned(), json!(name));
            }
        }
    }
    let mut entries: Vec<Value> = feeds.into_iter().map(Value::Object).collect();
    if variants.has(Variant::DatasetSiteDownloads) {
        let download = |name: &str, format: &str, path: &str| {
            json!({
                "@type": "DataDownload",
                "name": name,
                "additionalType": "https://schema.org/Table",
                "encodingFormat": format,
                "contentUrl": format!("{origin}/{path}")
            })
        };
        entries.insert(0, download("Sessions of this year", "text/csv", "sessions.csv"));
        entries.push(download("Map of facilities", "application/geo+json", "facilities.geojson"));
    }
    if variants.has(Variant::SingleFeed) && entries.len() == 1 {
        return entries.pop().unwrap_or_default();
    }
    Value::Array(entries)
}
