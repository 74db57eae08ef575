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
    /// What is wrong with the page and does not matter to the Dataset.
    pub warnings: Vec<String>,
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
    let blocks = blocks_of(page);
    if blocks.is_empty() {
        let finding = finding(format!("the dataset site {} has no JSON-LD", url))
            .expected("a <script type=\"application/ld+json\"> with a Dataset", first_words(page))
            .hint("`broker.datasetSiteUrl` must be the page that describes the dataset, not a feed or an API");
        return (None, vec![finding]);
    }
    let Described { dataset, warnings } = describe(&blocks);
    let Some((dataset, script)) = dataset else {
        let broken = warnings.first().map(|error| {
            let message = format!("the JSON-LD of the dataset site {} is not valid JSON: {error}", url);
            vec![finding(message)]
        });
        return (None, broken.unwrap_or_else(|| vec![no_dataset(url, &blocks, finding)]));
    };
    let mut findings = Vec::new();
    let feeds = read_feeds(&dataset, url, &mut |message, path| findings.push(finding(message).path(path)));
    let text = |path: &str| dataset.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let booking_api = text("/accessService/endpointUrl");
    if booking_api.is_none() {
        let service = dataset.get("accessService").and_then(Value::as_object);
        let similar = service.and_then(|service| service.keys().find(|key| key.eq_ignore_ascii_case("endpointUrl")));
        findings.extend(similar.filter(|key| *key != "endpointUrl").map(|key| {
            finding(format!("`{key}` of accessService is not a property"))
                .expected("`endpointUrl`", format!("`{key}`"))
                .path(format!("accessService.{key}"))
        }));
    }
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
        warnings: warnings.into_iter().map(|error| format!("a JSON-LD block is not valid JSON: {error}")).collect(),
        dataset,
        text: script,
    };
    (Some(site), findings)
}

/// The feeds that the page at `url` names, and what is wrong with its `distribution`; `None` where it is no dataset site: HTML
/// with JSON-LD, or the JSON-LD itself.
#[must_use]
pub fn feeds_of(page: &str, url: &str) -> Option<(Vec<DistributionFeed>, Vec<String>)> {
    let (dataset, _) = describe(&blocks_of(without_mark(page))).dataset?;
    let mut problems = Vec::new();
    let feeds = read_feeds(&dataset, url, &mut |message, _| problems.push(message));
    Some((feeds, problems))
}

/// The text of the `Dataset` of a page, or of its first JSON-LD where it has none; `None` for a page without JSON-LD.
#[must_use]
pub fn dataset_text(page: &str) -> Option<String> {
    let blocks = blocks_of(without_mark(page));
    let dataset = describe(&blocks).dataset;
    dataset.map(|(_, text)| text).or_else(|| blocks.into_iter().next())
}

/// The types of a dataset and of a catalogue of datasets.
const DATASET: &str = "Dataset";
const CATALOGUE: &str = "DataCatalog";

/// What the JSON-LD of a page describes.
struct Described {
    /// The first `Dataset`, with its text.
    dataset: Option<(Value, String)>,
    /// Why blocks cannot be read.
    warnings: Vec<String>,
}

/// The JSON-LD of a page: its scripts, or all of it where it is JSON.
fn blocks_of(page: &str) -> Vec<String> {
    let blocks = if page.trim_start().starts_with('<') { json_ld(page) } else { Vec::new() };
    let blocks: Vec<String> = blocks.into_iter().map(|block| without_mark(&block).to_owned()).collect();
    let is_json = || serde_json::from_str::<Value>(page).is_ok_and(|json| nodes(&json).next().is_some());
    if blocks.is_empty() && is_json() { vec![page.to_owned()] } else { blocks }
}

/// The described things at the top of JSON-LD: one, those of a list, or those of a `@graph`.
fn nodes(json: &Value) -> impl Iterator<Item = &Value> {
    let listed = json.as_array().or_else(|| json.get("@graph").and_then(Value::as_array));
    let all = listed.map_or_else(|| std::slice::from_ref(json), Vec::as_slice);
    all.iter().filter(|node| node.get("@type").is_some())
}

/// Whether `@type` of a node is, or has, a type.
fn is_of(node: &Value, kind: &str) -> bool {
    let types = node.get("@type").map(|types| types.as_array().map_or(std::slice::from_ref(types), Vec::as_slice));
    let named = |found: &str| found.rsplit(['/', ':']).next() == Some(kind);
    types.into_iter().flatten().filter_map(Value::as_str).any(named)
}

fn describe(blocks: &[String]) -> Described {
    let mut described = Described { dataset: None, warnings: Vec::new() };
    for block in blocks {
        let json: Value = match serde_json::from_str(block) {
            Ok(json) => json,
            Err(error) => {
                described.warnings.push(error.to_string());
                continue;
            }
        };
        let Some(found) = nodes(&json).find(|node| is_of(node, DATASET)).filter(|_| described.dataset.is_none()) else {
            continue;
        };
        let mut dataset = found.clone();
        let plain = json == dataset && dataset.get("@type").is_some_and(Value::is_string);
        if let Some(dataset) = dataset.as_object_mut().filter(|_| !plain) {
            dataset.insert("@type".to_owned(), Value::from(DATASET));
            if let Some(context) = json.get("@context").filter(|_| !dataset.contains_key("@context")) {
                dataset.insert("@context".to_owned(), context.clone());
            }
        }
        let text = if plain { block.clone() } else { dataset.to_string() };
        described.dataset = Some((dataset, text));
    }
    described
}

/// The finding that a page describes something else than a dataset.
fn no_dataset(url: &str, blocks: &[String], finding: impl Fn(String) -> Finding) -> Finding {
    let all: Vec<Value> = blocks.iter().filter_map(|block| serde_json::from_str(block).ok()).collect();
    let types: Vec<String> =
        all.iter().flat_map(nodes).filter_map(|node| Some(node.get("@type")?.to_string())).collect();
    let found = if types.is_empty() { "no @type".to_owned() } else { types.join(", ") };
    let finding = finding(format!("the JSON-LD of the dataset site {url} is not a Dataset"))
        .expected("\"Dataset\"", found)
        .path("@type");
    if all.iter().flat_map(nodes).any(|node| is_of(node, CATALOGUE)) {
        finding.hint("this is a catalogue of datasets: use the URL of one of its dataset sites")
    } else {
        finding
    }
}

/// Whether an entry of `distribution` says that it is something else than a feed, such as CSV.
fn is_no_feed(entry: &Value) -> bool {
    let format = entry.get("encodingFormat").and_then(Value::as_str);
    format.is_some_and(|format| !format.to_ascii_lowercase().contains("json"))
}

/// The feeds of a Dataset. `page`: the URL of the page, for relative URLs.
fn read_feeds(dataset: &Value, page: &str, problem: &mut impl FnMut(String, String)) -> Vec<DistributionFeed> {
    let mut feeds: Vec<DistributionFeed> = Vec::new();
    let distribution = match dataset.get("distribution") {
        Some(Value::Array(entries)) => entries.as_slice(),
        // JSON-LD writes a list of one as its entry.
        Some(entry @ Value::Object(_)) => std::slice::from_ref(entry),
        _ => {
            let message = "the Dataset has no distribution: there are no feeds to read";
            problem(message.to_owned(), "distribution".to_owned());
            return feeds;
        }
    };
    for (index, entry) in distribution.iter().enumerate() {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let path = format!("distribution[{index}]");
        if is_no_feed(entry) {
            continue;
        }
        let Some(url) = text("contentUrl") else {
            problem(format!("{path} has no contentUrl"), format!("{path}.contentUrl"));
            continue;
        };
        if url::Url::parse(url).map_or(true, |url| !matches!(url.scheme(), "http" | "https")) {
            problem(format!("{path}.contentUrl is not an absolute URL: {url}"), format!("{path}.contentUrl"));
        }
        let resolved = url::Url::parse(page).and_then(|page| page.join(url)).or_else(|_| url::Url::parse(url));
        let Ok(resolved) = resolved.map(|url| (matches!(url.scheme(), "http" | "https"), url)) else { continue };
        if !resolved.0 {
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
            // A URL that is absolute stays as it is written.
            url: if url::Url::parse(url).is_ok() { url.to_owned() } else { resolved.1.into() },
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
