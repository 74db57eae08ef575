//! The dataset site: an HTML page with a `Dataset` as JSON-LD, from which everything else is found.

use serde_json::Value;
use serde_json::value::RawValue;

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
    /// The `Dataset` as it was sent; in a graph, with the `@context` of the graph.
    pub text: String,
    /// `name`
    pub name: Option<String>,
    /// `accessService.endpointUrl`, without a slash at its end.
    pub booking_api: Option<String>,
    /// `accessService.authenticationAuthority`
    pub authentication_authority: Option<String>,
    /// The open feeds.
    pub feeds: Vec<DistributionFeed>,
    /// Defects of the page that do not prevent its use.
    pub warnings: Vec<Finding>,
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
/// The findings name the defects; without a dataset, nothing else can be tested.
#[must_use]
pub fn read_dataset_site(response: &Response) -> (Option<DatasetSite>, Vec<Finding>) {
    if let Some(failure) = &response.failure {
        let message = format!("the dataset site {} did not respond: {}", response.url, failure.message);
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
        let finding = finding(format!("the dataset site {url} failed with HTTP {status}"))
            .expected("HTTP 200 with an HTML page", format!("HTTP {status}"))
            .hint("check `broker.datasetSiteUrl`");
        return (None, vec![finding]);
    }
    // A page of HTML may have an encoding of its own, as long as its JSON-LD can be read.
    if let Err(reason) = utf8(body)
        && reason.starts_with("UTF-")
    {
        let finding = finding(format!("the dataset site {url} is {reason}")).expected("UTF-8", reason);
        return (None, vec![finding]);
    }
    let page = String::from_utf8_lossy(body);
    let page = without_mark(&page);
    let found = Datasets::of(page);
    let broken = |problem: &str| {
        finding(format!("the JSON-LD of the dataset site {url} is not valid JSON"))
            .expected("a Dataset as JSON", problem.to_owned())
    };
    let Some(dataset) = found.best() else {
        let hint = "`broker.datasetSiteUrl` must be the page that describes the dataset, not a feed or an API";
        let finding = if !found.catalogues.is_empty() {
            finding(format!("{url} is a data catalogue, not a dataset site"))
                .expected("a Dataset", format!("a DataCatalog of the datasets {}", listed(&found.catalogues)))
                .hint("set `broker.datasetSiteUrl` to one of the datasets of the catalogue")
                .path("@type")
        } else if let Some(problem) = found.broken.first() {
            broken(problem)
        } else if found.blocks == 0 {
            finding(format!("the dataset site {url} has no JSON-LD"))
                .expected("a <script type=\"application/ld+json\"> with a Dataset", first_words(page))
                .hint(hint)
        } else {
            let types = if found.types.is_empty() { "no @type".to_owned() } else { listed(&found.types) };
            finding(format!("the JSON-LD of the dataset site {url} has no Dataset"))
                .expected("an object of @type \"Dataset\"", types)
                .path("@type")
                .hint(hint)
        };
        return (None, vec![finding]);
    };
    let mut findings = Vec::new();
    let mut warnings: Vec<Finding> = found.broken.iter().map(|problem| broken(problem)).collect();
    if found.datasets.len() > 1 {
        let count = found.datasets.len();
        warnings.push(
            finding(format!("the dataset site {url} has {count} Datasets"))
                .expected("one Dataset", format!("{count}; the first with accessService or distribution counts")),
        );
    }
    let dataset = dataset.clone();
    let base = url::Url::parse(url).ok();
    let feeds = read_feeds(&dataset.value, base.as_ref(), &mut |problem, path| {
        let list = if problem.advice { &mut warnings } else { &mut findings };
        list.push(finding(problem.message).expected(problem.expected, problem.found).path(path));
    });
    let text = |path: &str| dataset.value.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let mut booking_api = text("/accessService/endpointUrl");
    if booking_api.is_none() {
        let service = dataset.value.get("accessService").and_then(Value::as_object);
        let similar = service.and_then(|service| service.keys().find(|key| key.eq_ignore_ascii_case("endpointUrl")));
        findings.extend(similar.filter(|key| *key != "endpointUrl").map(|key| {
            finding(format!("`{key}` of accessService is not a property"))
                .expected("`endpointUrl`", format!("`{key}`"))
                .path(format!("accessService.{key}"))
        }));
    }
    if let Some(address) = booking_api.clone() {
        let path = "accessService.endpointUrl";
        if address.ends_with('/') {
            findings.push(
                finding(format!("`{path}` ends with a slash"))
                    .expected("no slash at the end: paths are appended to it", shown(&address))
                    .path(path),
            );
        }
        if !is_web_address(&address) {
            findings.push(
                finding(format!("`{path}` is not an absolute URL"))
                    .expected("an absolute http(s) URL", shown(&address))
                    .path(path),
            );
            booking_api = resolved(base.as_ref(), &address).or(booking_api);
        }
    }
    let site = DatasetSite {
        name: text("/name"),
        booking_api: booking_api.map(|url| url.trim_end_matches('/').to_owned()),
        authentication_authority: text("/accessService/authenticationAuthority"),
        feeds,
        warnings,
        text: dataset.text,
        dataset: dataset.value,
    };
    (Some(site), findings)
}

/// The feeds that a page at `url` names, with what is wrong with its `distribution`, where it is a dataset site: HTML with
/// JSON-LD, or the JSON-LD itself.
#[must_use]
pub fn feeds_of(url: &str, page: &str) -> Option<(Vec<DistributionFeed>, Vec<Finding>)> {
    let found = Datasets::of(without_mark(page));
    let dataset = found.best()?;
    let base = url::Url::parse(url).ok();
    let mut problems = Vec::new();
    let feeds = read_feeds(&dataset.value, base.as_ref(), &mut |problem, path| {
        if problem.advice {
            return;
        }
        problems.push(Finding::new(problem.message).expected(problem.expected, problem.found).path(path));
    });
    Some((feeds, problems))
}

/// The text of the Dataset of an HTML page, else of its first JSON-LD; `None` for a page without JSON-LD.
#[must_use]
pub fn json_ld_of(page: &str) -> Option<String> {
    let found = Datasets::of(page);
    found.best().map(|dataset| dataset.text.clone()).or_else(|| json_ld(page).into_iter().next())
}

/// A Dataset of a page.
#[derive(Debug, Clone)]
struct FoundDataset {
    value: Value,
    /// As it was sent; of a graph, with the `@context` of the graph.
    text: String,
}

/// What the JSON-LD of a page describes.
#[derive(Debug, Default)]
struct Datasets {
    /// How many blocks of JSON-LD there are.
    blocks: usize,
    datasets: Vec<FoundDataset>,
    /// The datasets of each catalogue, by URL or name.
    catalogues: Vec<String>,
    /// The types of everything else.
    types: Vec<String>,
    /// Why a block is not valid JSON.
    broken: Vec<String>,
}

/// How deep lists and graphs are looked into.
const DEPTH: usize = 4;

impl Datasets {
    /// Looks for Datasets in all JSON-LD of a page of HTML, or in a document of JSON.
    fn of(page: &str) -> Self {
        let mut found = Self::default();
        let blocks = if page.trim_start().starts_with('<') {
            json_ld(page)
        } else if serde_json::from_str::<Value>(page).is_ok_and(|json| json.get("@type").is_some() || is_graph(&json)) {
            vec![page.to_owned()]
        } else {
            Vec::new()
        };
        for block in &blocks {
            found.blocks += 1;
            let text = without_mark(block).trim();
            match serde_json::from_str::<Value>(text) {
                Ok(value) => found.look_into(&value, text, None, DEPTH),
                Err(problem) => found.broken.push(problem.to_string()),
            }
        }
        found
    }

    /// Looks into an object, a list or a graph. `text`: as it was sent; `context`: the `@context` around it.
    fn look_into(&mut self, value: &Value, text: &str, context: Option<&Value>, depth: usize) {
        let Some(deeper) = depth.checked_sub(1) else { return };
        let parts = |text: &str| serde_json::from_str::<Vec<Box<RawValue>>>(text).unwrap_or_default();
        match value {
            Value::Array(entries) => {
                for (entry, part) in entries.iter().zip(parts(text)) {
                    self.look_into(entry, part.get(), context, deeper);
                }
            }
            Value::Object(object) => {
                let context = object.get("@context").or(context);
                if let Some(Value::Array(entries)) = object.get("@graph") {
                    for entry in entries {
                        self.look_into(entry, &entry.to_string(), context, deeper);
                    }
                }
                let types = types_of(value);
                if types.contains(&"Dataset") {
                    self.datasets.push(found_dataset(value, text, context, types.len()));
                } else if types.contains(&"DataCatalog") {
                    self.catalogues.extend(datasets_of_catalogue(value));
                } else {
                    self.types.extend(types.iter().map(|name| (*name).to_owned()));
                }
            }
            _ => {}
        }
    }

    /// The first Dataset that names an API or feeds, else the first.
    fn best(&self) -> Option<&FoundDataset> {
        let useful = |found: &&FoundDataset| {
            ["accessService", "distribution"].iter().any(|name| found.value.get(name).is_some())
        };
        self.datasets.iter().find(useful).or_else(|| self.datasets.first())
    }
}

fn is_graph(json: &Value) -> bool {
    json.get("@graph").is_some()
        || json.as_array().is_some_and(|entries| entries.iter().any(|e| e.get("@type").is_some()))
}

/// The names of the types of an object, without the namespace of schema.org.
fn types_of(value: &Value) -> Vec<&str> {
    let names = match value.get("@type") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(name)) => vec![name.as_str()],
        _ => Vec::new(),
    };
    let bare = |name| {
        ["schema:", "https://schema.org/", "http://schema.org/"].iter().find_map(|space| str::strip_prefix(name, space))
    };
    names.into_iter().map(|name| bare(name).unwrap_or(name)).collect()
}

/// A Dataset with the text to validate: of one type, and with the `@context` that holds for it.
fn found_dataset(value: &Value, text: &str, context: Option<&Value>, types: usize) -> FoundDataset {
    let lacks_context = value.get("@context").is_none() && context.is_some();
    let one_type = types == 1 && value.get("@type").is_some_and(Value::is_string);
    let Some(object) = value.as_object().filter(|_| lacks_context || !one_type) else {
        return FoundDataset { value: value.clone(), text: text.to_owned() };
    };
    let mut whole = serde_json::Map::new();
    if let Some(context) = context {
        whole.insert("@context".to_owned(), context.clone());
    }
    whole.extend(object.clone());
    whole.insert("@type".to_owned(), "Dataset".into());
    let value = Value::Object(whole);
    FoundDataset { text: value.to_string(), value }
}

/// The datasets that a DataCatalog lists, by URL or name.
fn datasets_of_catalogue(catalogue: &Value) -> Vec<String> {
    let entries = match catalogue.get("dataset") {
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(entry) => vec![entry],
        None => Vec::new(),
    };
    let name = |entry: &Value| {
        let known = ["url", "@id", "name"].iter().find_map(|name| entry.get(name).and_then(Value::as_str));
        known.or_else(|| entry.as_str()).map(str::to_owned)
    };
    let names: Vec<String> = entries.into_iter().filter_map(name).collect();
    if names.is_empty() { vec!["(none listed)".to_owned()] } else { names }
}

/// A text as JSON, so that blanks and quotation marks show.
fn shown(text: &str) -> String {
    Value::from(text).to_string()
}

/// The first three of some names, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(3).map(|name| shown(name)).collect();
    let more = names.len().saturating_sub(3);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A relative URL as seen from the dataset site.
fn resolved(base: Option<&url::Url>, text: &str) -> Option<String> {
    let url = base?.join(text).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// What is wrong with an entry of `distribution`.
struct DistributionProblem {
    message: String,
    expected: &'static str,
    found: String,
    /// `true` where no text forbids it.
    advice: bool,
}

/// Whether an entry of `distribution` is a feed, as far as it says: of a type of OpenActive, or plain JSON.
#[must_use]
pub fn is_feed(entry: &Value) -> bool {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let of_openactive = text("additionalType").is_some_and(|iri| iri.contains("openactive.io/"));
    let media = text("encodingFormat").or_else(|| text("fileFormat")).map(str::to_ascii_lowercase);
    let essence = |media: &str| media.split(';').next().unwrap_or_default().trim().to_owned();
    of_openactive || media.is_none_or(|media| essence(&media) == "application/json" || media.contains("rpde"))
}

fn read_feeds(
    dataset: &Value,
    base: Option<&url::Url>,
    problem: &mut impl FnMut(DistributionProblem, String),
) -> Vec<DistributionFeed> {
    let mut feeds: Vec<DistributionFeed> = Vec::new();
    // JSON-LD has one value stand for a list of one.
    let entries: Vec<(String, &Value)> = match dataset.get("distribution") {
        Some(Value::Array(entries)) => {
            entries.iter().enumerate().map(|(index, entry)| (format!("distribution[{index}]"), entry)).collect()
        }
        Some(entry @ Value::Object(_)) => vec![("distribution".to_owned(), entry)],
        other => {
            let found = other.map_or_else(|| "nothing".to_owned(), Value::to_string);
            let problem_of = if other.is_some() { "not a list" } else { "missing" };
            let message = format!("`distribution` of the Dataset is {problem_of}");
            let expected = "a list of feeds";
            problem(DistributionProblem { message, expected, found, advice: false }, "distribution".to_owned());
            return feeds;
        }
    };
    for (path, entry) in entries {
        if !is_feed(entry) {
            continue;
        }
        let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let address = format!("{path}.contentUrl");
        let Some(url) = text("contentUrl") else {
            let message = format!("`{address}` is missing, so that the feed is not read");
            let found = entry.get("contentUrl").map_or_else(|| "nothing".to_owned(), Value::to_string);
            let expected = "the URL of a feed";
            problem(DistributionProblem { message, expected, found, advice: false }, address);
            continue;
        };
        let mut url = url.to_owned();
        if !is_web_address(&url) {
            let message = format!("`{address}` is not an absolute URL");
            let (expected, found) = ("an absolute http(s) URL", shown(&url));
            problem(DistributionProblem { message, expected, found, advice: false }, address);
            let Some(whole) = resolved(base, &url) else { continue };
            url = whole;
        }
        let additional_type = text("additionalType");
        let given = text("identifier")
            .or_else(|| text("name"))
            .or_else(|| additional_type.and_then(|iri| iri.rsplit(['/', '#']).next()))
            .unwrap_or(&url);
        let mut name = given.to_owned();
        let known = |name: &str| feeds.iter().any(|feed| feed.name == name);
        if known(given) {
            // The data model requires a name, which need not be unique, and no identifier.
            let message = format!("two feeds have the name {}", shown(given));
            let (expected, found) = ("an identifier or name for each feed", shown(given));
            problem(DistributionProblem { message, expected, found, advice: true }, path);
            let mut numbered = (2..).map(|number: usize| format!("{given} {number}"));
            name = numbered.find(|name| !known(name)).unwrap_or(name);
        }
        feeds.push(DistributionFeed { name, additional_type: additional_type.map(str::to_owned), url: url.clone() });
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const URL: &str = "https://example.com/openactive/";

    fn dataset() -> Value {
        json!({
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "name": "Example",
            "accessService": { "endpointUrl": "https://api.example.com/booking" },
            "distribution": [
                {
                    "name": "SessionSeries",
                    "additionalType": "https://openactive.io/SessionSeries",
                    "encodingFormat": "application/vnd.openactive.rpde+json; version=1",
                    "contentUrl": "https://example.com/feeds/session-series",
                },
            ],
        })
    }

    fn changed(change: impl FnOnce(&mut Value)) -> Value {
        let mut changed = dataset();
        change(&mut changed);
        changed
    }

    fn page(blocks: &[&str]) -> String {
        let scripts: Vec<String> = blocks
            .iter()
            .map(|block| format!("<script type=\"application/ld+json; charset=utf-8\">{block}</script>"))
            .collect();
        format!("<!DOCTYPE html><html><head>{}</head></html>", scripts.concat())
    }

    fn read(page: &str) -> (Option<DatasetSite>, Vec<Finding>) {
        read_dataset_site_of(URL, Some(200), page.as_bytes(), None)
    }

    fn messages(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn the_dataset_is_found_wherever_it_stands() {
        let organization = json!({ "@type": "Organization", "name": "Example" });
        let graph = json!({ "@context": "https://schema.org/", "@graph": [organization, changed(|dataset| {
            dataset.as_object_mut().unwrap().remove("@context");
        })] });
        let whole = dataset().to_string();
        let (list, graph, first) = (json!([organization, dataset()]), graph.to_string(), organization.to_string());
        let typed = changed(|dataset| dataset["@type"] = json!(["schema:Dataset", "dcat:Dataset"])).to_string();
        for page in [
            page(&[&whole]),
            page(&[&first, &whole]),
            page(&[&list.to_string()]),
            page(&[&graph]),
            page(&[&typed]),
            page(&[&format!("\u{feff}{whole}")]),
            format!("\u{feff}{}", page(&[&whole])),
            whole.clone(),
            list.to_string(),
        ] {
            let (site, findings) = read(&page);
            assert!(findings.is_empty(), "{page}: {:?}", messages(&findings));
            let site = site.expect(&page);
            assert!(site.warnings.is_empty(), "{page}");
            assert_eq!(site.feeds.len(), 1, "{page}");
            assert_eq!(site.booking_api.as_deref(), Some("https://api.example.com/booking"), "{page}");
            let text: Value = serde_json::from_str(&site.text).unwrap();
            assert_eq!(
                (&text["@context"], &text["@type"]),
                (&json!("https://schema.org/"), &json!("Dataset")),
                "{page}"
            );
            let (feeds, problems) = feeds_of(URL, &page).expect(&page);
            assert_eq!((feeds, problems.len()), (site.feeds, 0), "{page}");
            assert!(json_ld_of(&page).is_none_or(|text| text.contains("endpointUrl")), "{page}");
        }
    }

    #[test]
    fn a_broken_block_beside_a_dataset_is_a_warning_and_alone_a_failure() {
        let (site, findings) = read(&page(&["{\"@type\": ", &dataset().to_string()]));
        assert!(findings.is_empty());
        assert!(messages(&site.unwrap().warnings)[0].contains("is not valid JSON"));
        let (site, findings) = read(&page(&["{\"@type\": "]));
        assert!(site.is_none());
        assert!(messages(&findings)[0].contains("is not valid JSON"));
        assert!(findings[0].found.as_deref().unwrap().contains("line 1"));
    }

    #[test]
    fn what_is_no_dataset_site_is_named() {
        let catalogue = json!({ "@type": ["DataCatalog"], "dataset": ["https://a.example/", { "name": "B" }] });
        for (page, message, found) in [
            (page(&[&catalogue.to_string()]), "is a data catalogue", "\"https://a.example/\", \"B\""),
            (
                page(&["{\"@type\": \"WebSite\"}", "{\"@type\": \"Organization\"}"]),
                "has no Dataset",
                "\"WebSite\", \"Organ",
            ),
            (page(&["[]"]), "has no Dataset", "no @type"),
            ("<p>Nothing</p>".to_owned(), "has no JSON-LD", "<p>Nothing"),
            ("{\"items\": []}".to_owned(), "has no JSON-LD", "items"),
        ] {
            let (site, findings) = read(&page);
            assert!(site.is_none(), "{page}");
            assert!(findings[0].message.contains(message), "{page}: {}", findings[0].message);
            assert!(findings[0].found.as_deref().unwrap().contains(found), "{page}: {:?}", findings[0].found);
        }
    }

    #[test]
    fn of_two_datasets_the_one_with_feeds_counts() {
        let (site, findings) = read(&page(&["{\"@type\": \"Dataset\", \"name\": \"Other\"}", &dataset().to_string()]));
        let site = site.unwrap();
        assert_eq!((site.name.as_deref(), findings.len()), (Some("Example"), 0));
        assert!(messages(&site.warnings)[0].ends_with("has 2 Datasets"));
    }

    #[test]
    fn distributions_are_read_as_they_are() {
        let one = changed(|dataset| dataset["distribution"] = dataset["distribution"][0].clone());
        let (site, findings) = read(&one.to_string());
        assert_eq!((site.unwrap().feeds.len(), findings.len()), (1, 0));

        let others = changed(|dataset| {
            for format in ["text/csv", "application/geo+json"] {
                let download = json!({ "encodingFormat": format, "contentUrl": "https://example.com/download" });
                dataset["distribution"].as_array_mut().unwrap().push(download);
            }
        });
        let (site, findings) = read(&others.to_string());
        assert_eq!((site.unwrap().feeds.len(), findings.len()), (1, 0));

        let wrong = changed(|dataset| {
            dataset["accessService"]["endpointUrl"] = json!("../api");
            dataset["distribution"][0]["contentUrl"] = json!("/feeds/a");
            let list = dataset["distribution"].as_array_mut().unwrap();
            list.push(json!({ "name": "B", "additionalType": "https://openactive.io/Slot" }));
            list.push(json!({ "name": "SessionSeries", "contentUrl": "https://example.com/feeds/c" }));
        });
        let (site, findings) = read(&wrong.to_string());
        let site = site.unwrap();
        let urls: Vec<&str> = site.feeds.iter().map(|feed| feed.url.as_str()).collect();
        assert_eq!(urls, ["https://example.com/feeds/a", "https://example.com/feeds/c"]);
        assert_eq!(site.booking_api.as_deref(), Some("https://example.com/api"));
        assert_eq!(
            messages(&findings),
            [
                "`distribution[0].contentUrl` is not an absolute URL",
                "`distribution[1].contentUrl` is missing, so that the feed is not read",
                "`accessService.endpointUrl` is not an absolute URL",
            ]
        );
        assert!(findings.iter().all(|finding| finding.expected.is_some() && finding.found.is_some()));
        let names: Vec<&str> = site.feeds.iter().map(|feed| feed.name.as_str()).collect();
        assert_eq!(names, ["SessionSeries", "SessionSeries 2"]);
        assert_eq!(messages(&site.warnings), ["two feeds have the name \"SessionSeries\""]);

        let (site, findings) = read(&changed(|dataset| dataset["distribution"] = json!("feeds")).to_string());
        assert!(site.unwrap().feeds.is_empty());
        assert_eq!(messages(&findings), ["`distribution` of the Dataset is not a list"]);
    }
}
