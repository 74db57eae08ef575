//! The dataset site: an HTML page with a `Dataset` as JSON-LD, from which everything else is found.

use serde_json::Value;

use crate::results::{ExchangeId, Finding};
use crate::vocabulary::{utf8, without_mark};

use super::markup::json_ld;
use super::message::Response;

/// The section of the specification that dataset sites belong to.
const SPEC: &str = "https://openactive.io/open-booking-api/EditorsDraft/#endpoints";

/// What the dataset site says.
#[derive(Debug, Clone)]
pub struct DatasetSite {
    /// The `Dataset`.
    pub dataset: Value,
    /// The `Dataset` as it was sent.
    pub text: String,
    /// `name`
    pub name: Option<String>,
    /// `accessService.endpointUrl`, without a slash at its end.
    pub booking_api: Option<String>,
    /// `accessService.authenticationAuthority`
    pub authentication_authority: Option<String>,
    /// The open feeds.
    pub feeds: Vec<DistributionFeed>,
}

/// One entry of `distribution`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionFeed {
    /// `identifier`, else `name`, else the last part of `additionalType`.
    pub name: String,
    /// `additionalType`
    pub additional_type: Option<String>,
    /// `contentUrl`
    pub url: String,
}

/// Reads a dataset site.
///
/// The findings tell what is wrong with it; where there is no dataset, nothing else can be tested.
#[must_use]
pub fn read_dataset_site(response: &Response) -> (Option<DatasetSite>, Vec<Finding>) {
    if let Some(failure) = &response.failure {
        let message = format!("the dataset site {} did not answer: {}", response.url, failure.message);
        let finding = Finding { exchange: response.exchange(), ..Finding::new(message).spec(SPEC) };
        return (None, vec![finding]);
    }
    read_dataset_site_of(&response.url, response.status, &response.body, response.exchange())
}

/// As [`read_dataset_site`], for the page at `url` that an exchange brought.
#[must_use]
pub fn read_dataset_site_of(
    url: &str,
    status: Option<u16>,
    body: &[u8],
    exchange: Option<ExchangeId>,
) -> (Option<DatasetSite>, Vec<Finding>) {
    let finding = |message: String| Finding { exchange, ..Finding::new(message).spec(SPEC) };
    if status != Some(200) {
        let status = status.unwrap_or_default();
        let finding = finding(format!("the dataset site {} answered with HTTP {status}", url))
            .expected("HTTP 200 with an HTML page", format!("HTTP {status}"))
            .hint("check `broker.datasetSiteUrl`");
        return (None, vec![finding]);
    }
    // A page of HTML may have an encoding of its own, as long as its JSON-LD can be read.
    if let Err(reason) = utf8(body)
        && reason.starts_with("UTF-")
    {
        return (None, vec![finding(format!("the dataset site {} is {reason}", url))]);
    }
    let page = String::from_utf8_lossy(body);
    let page = without_mark(&page);
    let script = match json_ld(page).map(|script| without_mark(&script).to_owned()) {
        Some(script) => script,
        None if serde_json::from_str::<Value>(page).is_ok_and(|json| json.get("@type").is_some()) => page.to_owned(),
        None => {
            let finding = finding(format!("the dataset site {} has no JSON-LD", url))
                .expected("a <script type=\"application/ld+json\"> with a Dataset", first_words(page))
                .hint("`broker.datasetSiteUrl` must be the page that describes the dataset, not a feed or an API");
            return (None, vec![finding]);
        }
    };
    let dataset: Value = match serde_json::from_str(&script) {
        Ok(dataset) => dataset,
        Err(error) => {
            let message = format!("the JSON-LD of the dataset site {} is not valid JSON: {error}", url);
            return (None, vec![finding(message)]);
        }
    };
    if dataset.get("@type").and_then(Value::as_str) != Some("Dataset") {
        let found = dataset.get("@type").map_or_else(|| "no @type".to_owned(), Value::to_string);
        let finding = finding(format!("the JSON-LD of the dataset site {} is not a Dataset", url))
            .expected("\"Dataset\"", found)
            .path("@type");
        return (None, vec![finding]);
    }
    let mut findings = Vec::new();
    let feeds = read_feeds(&dataset, &mut |message, path| findings.push(finding(message).path(path)));
    let text = |path: &str| dataset.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let booking_api = text("/accessService/endpointUrl");
    if let Some(url) = &booking_api {
        if url.ends_with('/') {
            findings.push(
                finding("accessService.endpointUrl ends with a slash".to_owned())
                    .expected("no slash at the end: paths are put behind it", url.clone())
                    .path("accessService.endpointUrl"),
            );
        }
        if url::Url::parse(url).map_or(true, |url| !matches!(url.scheme(), "http" | "https")) {
            findings.push(
                finding("accessService.endpointUrl is not an absolute URL".to_owned())
                    .expected("an absolute http(s) URL", url.clone())
                    .path("accessService.endpointUrl"),
            );
        }
    }
    let site = DatasetSite {
        name: text("/name"),
        booking_api: booking_api.map(|url| url.trim_end_matches('/').to_owned()),
        authentication_authority: text("/accessService/authenticationAuthority"),
        feeds,
        dataset,
        text: script,
    };
    (Some(site), findings)
}

/// The feeds that a page names, where it is a dataset site: HTML with JSON-LD, or the JSON-LD itself.
#[must_use]
pub fn feeds_of(page: &str) -> Option<Vec<DistributionFeed>> {
    let page = without_mark(page);
    let dataset: Value = match json_ld(page)
        .map(|script| without_mark(&script).to_owned())
        .filter(|_| page.trim_start().starts_with('<'))
    {
        Some(script) => serde_json::from_str(&script).ok()?,
        None => serde_json::from_str(page).ok()?,
    };
    let is_dataset = dataset.get("@type").and_then(Value::as_str) == Some("Dataset");
    is_dataset.then(|| read_feeds(&dataset, &mut |_, _| ()))
}

fn read_feeds(dataset: &Value, problem: &mut impl FnMut(String, String)) -> Vec<DistributionFeed> {
    let mut feeds: Vec<DistributionFeed> = Vec::new();
    let Some(distribution) = dataset.get("distribution").and_then(Value::as_array) else {
        problem("the Dataset has no distribution: there are no feeds to read".to_owned(), "distribution".to_owned());
        return feeds;
    };
    for (index, entry) in distribution.iter().enumerate() {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let path = format!("distribution[{index}]");
        let Some(url) = text("contentUrl") else {
            problem(format!("{path} has no contentUrl"), format!("{path}.contentUrl"));
            continue;
        };
        if url::Url::parse(url).map_or(true, |url| !matches!(url.scheme(), "http" | "https")) {
            problem(format!("{path}.contentUrl is not an absolute URL: {url}"), format!("{path}.contentUrl"));
            continue;
        }
        let additional_type = text("additionalType");
        let name = text("identifier")
            .or_else(|| text("name"))
            .or_else(|| additional_type.and_then(|iri| iri.rsplit(['/', '#']).next()))
            .unwrap_or(url);
        if feeds.iter().any(|feed| feed.name == name) {
            problem(format!("two feeds are named {name}"), path);
        }
        feeds.push(DistributionFeed {
            name: name.to_owned(),
            additional_type: additional_type.map(str::to_owned),
            url: url.to_owned(),
        });
    }
    feeds
}

fn first_words(page: &str) -> String {
    let mut words = page.trim_start().chars();
    let start: String = words.by_ref().take(80).collect();
    // The mark lets a secret be found that is cut off here.
    let cut = if words.next().is_some() { "…" } else { "" };
    format!("a page that starts with {:?}", format!("{start}{cut}"))
}
