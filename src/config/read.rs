//! From merged layers to a [`Config`].

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::document::{Key, Node, NodeKind, Problem, Spot, problems_as_error};
use crate::error::Error;
use crate::vocabulary::{FEATURE_NAMES, Flow, OpportunityType};

use super::keys::{Effect, KEYS, Shape, find, names_under};
use super::layers::Layers;
use super::secret::{Headers, Secret};
use super::types::{
    CertificateSettings, ClientCredentials, ClientSource, Config, Ineffective, Login, LoginSelectors, Mode, Partner,
    PaymentDetails, Seller, SellerRole, Sellers, TargetSite,
};

/// What is shown of a secret.
const MASK: &str = "***";

/// One effective setting, for display.
#[derive(Debug, Clone)]
pub struct Effective {
    /// The names that lead to the value.
    pub names: Vec<String>,
    /// The value as JSON, `***` where it is secret.
    pub value: String,
    /// Where it came from: `file:line`.
    pub origin: String,
    /// Why it changes nothing, if so.
    pub idle: Option<&'static str>,
}

impl Effective {
    /// The key, dotted.
    #[must_use]
    pub fn path(&self) -> String {
        self.names.join(".")
    }
}

/// Loads the configuration out of its layers.
///
/// # Errors
/// One error with every problem in it.
pub fn load(layers: &Layers) -> Result<Config, Error> {
    read(layers).map_err(|problems| {
        problems_as_error(&problems, "the configuration")
            .unwrap_or_else(|| Error::configuration("the configuration has no target"))
    })
}

/// Reads the configuration out of its layers.
///
/// # Errors
/// Every unknown key, wrong type, unknown name and missing value, each with its place.
pub fn read(layers: &Layers) -> Result<Config, Vec<Problem>> {
    let tree = layers.merged();
    let mut problems = Vec::new();
    let mut ineffective = Vec::new();
    inspect(&tree, &mut Vec::new(), &mut problems, &mut ineffective);
    if !problems.is_empty() {
        return Err(problems);
    }
    let config = build(tree, ineffective, &mut problems);
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(problems),
    }
}

/// Every effective setting in order, secrets hidden.
#[must_use]
pub fn effective(tree: &Node) -> Vec<Effective> {
    let mut rows = Vec::new();
    list(tree, &mut Vec::new(), &mut rows);
    rows
}

fn list<'n>(node: &'n Node, path: &mut Vec<&'n str>, rows: &mut Vec<Effective>) {
    let spec = find(path);
    let secret = spec.is_some_and(|spec| matches!(spec.shape, Shape::Secret));
    let headers = spec.is_some_and(|spec| matches!(spec.shape, Shape::Headers));
    match &node.kind {
        NodeKind::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                path.push(&key.name);
                if headers {
                    rows.push(row(path, MASK.to_owned(), value, None));
                } else {
                    list(value, path, rows);
                }
                path.pop();
            }
        }
        _ => {
            let value = if secret && node.kind != NodeKind::Null { MASK.to_owned() } else { shown(node) };
            let idle = spec.and_then(|spec| match spec.effect {
                Effect::Used => None,
                Effect::None(reason) => Some(reason),
            });
            rows.push(row(path, value, node, idle));
        }
    }
}

/// A value as it is shown: compact JSON. An URL never shows a password that stands in it.
fn shown(node: &Node) -> String {
    if let Some(mut parsed) = node.as_text().and_then(|text| url::Url::parse(text).ok())
        && (parsed.password().is_some() || !parsed.username().is_empty())
    {
        let _ = parsed.set_password(None);
        let _ = parsed.set_username("***");
        return format!("\"{parsed}\"");
    }
    node.to_json().to_string()
}

fn row(path: &[&str], value: String, node: &Node, idle: Option<&'static str>) -> Effective {
    let Spot { source, line, .. } = &node.spot;
    let names = path.iter().map(|name| (*name).to_owned()).collect();
    Effective { names, value, origin: format!("{}:{line}", source.name), idle }
}

fn inspect<'n>(
    node: &'n Node,
    path: &mut Vec<&'n str>,
    problems: &mut Vec<Problem>,
    ineffective: &mut Vec<Ineffective>,
) {
    for (key, value) in node.entries() {
        path.push(&key.name);
        match find(path) {
            None => problems.push(unknown_key(key, path)),
            Some(spec) => {
                name_problem(key, path, problems);
                shape_problem(spec.shape, value, path, problems);
                if let Effect::None(reason) = spec.effect
                    && value.kind != NodeKind::Null
                    && !matches!(value.kind, NodeKind::Object(_))
                {
                    ineffective.push(Ineffective { path: path.join("."), spot: key.spot.clone(), reason });
                }
                if spec.shape == Shape::Object {
                    inspect(value, path, problems, ineffective);
                }
            }
        }
        path.pop();
    }
}

fn unknown_key(key: &Key, path: &[&str]) -> Problem {
    let parents = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
    let place = if parents.is_empty() { "the configuration".to_owned() } else { format!("`{}`", parents.join(".")) };
    let known = names_under(parents);
    let problem = Problem::new(&key.spot, format!("unknown key `{}` in {place}", key.name));
    let suggested = problem.clone().suggest(&key.name, known.iter().copied());
    if suggested.hint.is_some() {
        return suggested;
    }
    // A key of the right name in the wrong place, as in configurations of early versions of the public suite.
    let named = |path: &&str| path.rsplit('.').next() == Some(key.name.as_str());
    let elsewhere: Vec<String> =
        KEYS.iter().map(|spec| spec.path).filter(named).map(|path| format!("`{path}`")).collect();
    problem.hint(match elsewhere.is_empty() {
        false => format!("did you mean {}?", elsewhere.join(" or ")),
        true => format!("known keys: {}", known.join(", ")),
    })
}

/// Names that the `*` of a key stands for are closed lists too.
fn name_problem(key: &Key, path: &[&str], problems: &mut Vec<Problem>) {
    let parents = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
    let parent = parents.join(".");
    let (what, known): (&str, Vec<&str>) = match parent.as_str() {
        "integrationTests.implementedFeatures" => ("feature", FEATURE_NAMES.iter().map(|(_, name)| *name).collect()),
        "integrationTests.bookableOpportunityTypesInScope" => {
            ("opportunity type", OpportunityType::ALL.iter().map(|known| known.name()).collect())
        }
        "integrationTests.bookingFlowsInScope" => {
            ("booking flow", Flow::ALL.iter().map(|known| known.name()).collect())
        }
        "sellers" => ("Seller", vec!["primary", "secondary"]),
        "broker.bookingPartners" => ("Booking Partner", vec!["primary", "secondary"]),
        "integrationTests.bookingPartnersForSpecificTests" => {
            ("Booking Partner for specific tests", vec!["dynamicPrimary", "dynamicSecondary", "authorizationPersisted"])
        }
        _ => return,
    };
    if !known.contains(&key.name.as_str()) {
        let problem = Problem::new(&key.spot, format!("unknown {what} `{}`", key.name));
        problems.push(problem.suggest(&key.name, known.iter().copied()));
    }
}

fn shape_problem(shape: Shape, node: &Node, path: &[&str], problems: &mut Vec<Problem>) {
    let expected = match (shape, &node.kind) {
        (_, NodeKind::Null) | (Shape::Any, _) => return,
        (Shape::Flag, NodeKind::Bool(_)) | (Shape::Object, NodeKind::Object(_)) => return,
        (Shape::Text | Shape::Secret, NodeKind::Text(text)) if !text.trim().is_empty() => return,
        (Shape::Millis | Shape::Count, NodeKind::Number(_)) if node.as_count().is_some_and(|n| n > 0) => return,
        (Shape::Target, NodeKind::Text(text)) if text == "sandbox" || is_web_url(text) => return,
        (Shape::Url, NodeKind::Text(text)) if is_web_url(text) => return,
        (Shape::Selector, NodeKind::Text(text)) if scraper::Selector::parse(text).is_ok() => return,
        (Shape::Headers, NodeKind::Object(entries)) => {
            for (key, value) in entries {
                if value.as_text().is_none() && value.kind != NodeKind::Null {
                    let message = format!("header `{}` must be text, found {}", key.name, value.kind_in_words());
                    problems.push(Problem::new(&value.spot, message));
                } else if reqwest::header::HeaderName::from_bytes(key.name.as_bytes()).is_err() {
                    problems.push(Problem::new(&key.spot, format!("`{}` is not a header name", key.name)));
                } else if value.as_text().is_some_and(|text| reqwest::header::HeaderValue::from_str(text).is_err()) {
                    problems
                        .push(Problem::new(&value.spot, format!("the value of header `{}` cannot be sent", key.name)));
                }
            }
            return;
        }
        (Shape::Flag, _) => "true, false or null",
        (Shape::Millis, _) => "an integer number of milliseconds greater than zero",
        (Shape::Count, _) => "an integer greater than zero",
        (Shape::Text | Shape::Secret, _) => "non-empty text",
        (Shape::Url, _) => "an http(s) URL",
        (Shape::Selector, _) => "a CSS selector",
        (Shape::Target, _) => "the http(s) URL of a dataset site, or \"sandbox\"",
        (Shape::Object | Shape::Headers, _) => "an object",
    };
    let found = match (&node.kind, shape) {
        (_, Shape::Secret) => node.kind_in_words().to_owned(),
        (NodeKind::List(_) | NodeKind::Object(_), _) => node.kind_in_words().to_owned(),
        // A scalar instead of an object may be one of the secrets that belong there.
        (_, Shape::Object | Shape::Headers) => node.kind_in_words().to_owned(),
        // A value that is not a URL may still contain credentials.
        (NodeKind::Text(text), Shape::Url | Shape::Target) if text.contains(['@', '?']) => {
            node.kind_in_words().to_owned()
        }
        _ => format!("{} {}", node.kind_in_words(), shown(node)),
    };
    let mut problem = Problem::new(&node.spot, format!("`{}` must be {expected}, found {found}", path.join(".")));
    if shape == Shape::Flag && matches!(node.as_text(), Some("true" | "false" | "null")) {
        problem = problem.hint("write it without quotation marks");
    }
    problems.push(problem);
}

fn is_web_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(node, |node, name| node.get(name)).filter(|node| node.kind != NodeKind::Null)
}

fn text(node: &Node, path: &str) -> Option<String> {
    at(node, path).and_then(Node::as_text).map(str::to_owned)
}

fn flag(node: &Node, path: &str) -> bool {
    at(node, path).and_then(Node::as_bool).unwrap_or(false)
}

fn millis(node: &Node, path: &str, default: u64) -> Duration {
    Duration::from_millis(at(node, path).and_then(Node::as_count).unwrap_or(default))
}

fn headers(node: &Node, path: &str) -> Headers {
    at(node, path)
        .map(|node| {
            node.entries()
                .iter()
                .filter_map(|(key, value)| Some((key.name.clone(), Secret::new(value.as_text()?))))
                .collect()
        })
        .unwrap_or_default()
}

fn build(tree: Node, ineffective: Vec<Ineffective>, problems: &mut Vec<Problem>) -> Option<Config> {
    let target = match text(&tree, "broker.datasetSiteUrl").as_deref() {
        None | Some("sandbox") => TargetSite::Sandbox,
        Some(url) => TargetSite::Url(url.to_owned()),
    };
    let tests = "integrationTests";
    let types = in_scope::<OpportunityType>(&tree, &format!("{tests}.bookableOpportunityTypesInScope"), problems);
    let flows = in_scope::<Flow>(&tree, &format!("{tests}.bookingFlowsInScope"), problems);
    let features = at(&tree, &format!("{tests}.implementedFeatures"))
        .map(|node| node.entries().iter().map(|(key, value)| (key.name.clone(), value.as_bool())).collect())
        .unwrap_or_default();
    let specific_partners = partners(&tree, "integrationTests.bookingPartnersForSpecificTests", problems);
    let partners = partners(&tree, "broker.bookingPartners", problems);
    let selectors = LoginSelectors::default();
    let selector =
        |name: &str, usual: String| text(&tree, &format!("broker.loginPagesSelectors.{name}")).unwrap_or(usual);
    let login_selectors = LoginSelectors {
        username: selector("username", selectors.username),
        password: selector("password", selectors.password),
        button: selector("button", selectors.button),
    };
    let primary = seller(&tree, SellerRole::Primary, problems);
    let secondary = seller(&tree, SellerRole::Secondary, problems);
    if primary.is_none() && problems.is_empty() {
        let place = at(&tree, "broker.datasetSiteUrl").map_or(&tree.spot, |node| &node.spot);
        problems.push(
            Problem::new(place, "`sellers.primary` is not configured")
                .hint("set `@id` and `authentication` of `sellers.primary`; every booking requires a Seller"),
        );
    }
    Some(Config {
        target,
        partners,
        specific_partners,
        login_selectors,
        headless: at(&tree, "broker.headlessAuth").and_then(Node::as_bool).unwrap_or(true),
        redirect_uri: text(&tree, "broker.authenticationRedirectUri")
            .unwrap_or_else(|| "http://localhost:3000/cb".into()),
        opportunity_feed_headers: headers(&tree, "broker.opportunityFeedRequestHeaders"),
        follow_orders_feeds: !flag(&tree, "broker.disableOrdersFeedHarvesting"),
        output_path: PathBuf::from(text(&tree, &format!("{tests}.outputPath")).unwrap_or_else(|| "./output/".into())),
        certificate: CertificateSettings {
            wanted: flag(&tree, &format!("{tests}.generateConformanceCertificate")),
            id: text(&tree, &format!("{tests}.conformanceCertificateId")),
            folder: PathBuf::from(
                text(&tree, &format!("{tests}.conformanceCertificatePath")).unwrap_or_else(|| "./conformance/".into()),
            ),
        },
        mode: if flag(&tree, &format!("{tests}.useRandomOpportunities")) { Mode::Random } else { Mode::Controlled },
        request_timeout: millis(&tree, &format!("{tests}.openBookingApiRequestTimeout"), 20_000),
        feed_timeout: millis(&tree, &format!("{tests}.waitForItemToUpdateInFeedTimeout"), 60_000),
        cell_timeout: millis(&tree, &format!("{tests}.testTimeout"), 360_000),
        simultaneous: at(&tree, &format!("{tests}.maximumNumberOfSimultaneousBookings"))
            .and_then(Node::as_count)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(4)
            .min(1024),
        dataset_identifier: text(&tree, &format!("{tests}.testDatasetIdentifier")).unwrap_or_else(|| "uat-ci".into()),
        types,
        flows,
        features,
        sellers: Sellers { primary: primary?, secondary },
        ineffective,
        tree,
    })
}

fn in_scope<T: std::str::FromStr>(tree: &Node, path: &str, problems: &mut Vec<Problem>) -> Vec<T> {
    let node = at(tree, path);
    let chosen: Vec<T> = node
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter(|(_, value)| value.as_bool() == Some(true))
        .filter_map(|(key, _)| key.name.parse().ok())
        .collect();
    if chosen.is_empty() {
        let spot = node.map_or(&tree.spot, |node| &node.spot);
        problems.push(Problem::new(spot, format!("no value in `{path}` is true")).hint("set at least one to true"));
    }
    chosen
}

fn partners(tree: &Node, path: &str, problems: &mut Vec<Problem>) -> BTreeMap<String, Partner> {
    let entries = at(tree, path).map(Node::entries).unwrap_or_default();
    let there = entries.iter().filter(|(_, value)| value.kind != NodeKind::Null);
    there.map(|(key, value)| (key.name.clone(), partner(value, problems))).collect()
}

/// Two texts that are of no use without each other.
fn pair(node: &Node, path: &str, names: [&str; 2], problems: &mut Vec<Problem>) -> Option<(String, Secret)> {
    let object = at(node, path)?;
    let [one, other] = names;
    match (text(object, one), text(object, other)) {
        (Some(first), Some(second)) => Some((first, Secret::new(second))),
        (None, None) => None,
        (first, _) => {
            let lacking = if first.is_none() { one } else { other };
            let last = path.rsplit('.').next().unwrap_or(path);
            let message = format!("`{last}` lacks `{lacking}`");
            problems.push(Problem::new(&object.spot, message));
            None
        }
    }
}

fn client_credentials(node: &Node, problems: &mut Vec<Problem>) -> Option<ClientCredentials> {
    let (id, secret) = pair(node, "authentication.clientCredentials", ["clientId", "clientSecret"], problems)?;
    Some(ClientCredentials { id, secret })
}

fn partner(node: &Node, problems: &mut Vec<Problem>) -> Partner {
    let registered = client_credentials(node, problems).map(ClientSource::Registered);
    let registration =
        text(node, "authentication.initialAccessToken").map(|token| ClientSource::Registration(Secret::new(token)));
    Partner {
        orders_feed_headers: headers(node, "authentication.ordersFeedRequestHeaders"),
        client: registration.or(registered),
    }
}

fn seller(tree: &Node, role: SellerRole, problems: &mut Vec<Problem>) -> Option<Seller> {
    let node = at(tree, &format!("sellers.{}", role.name()))?;
    let Some(id) = text(node, "@id") else {
        problems.push(Problem::new(&node.spot, format!("`sellers.{}` lacks `@id`", role.name())));
        return None;
    };
    let payment = at(node, "paymentReconciliationDetails").map(|details| PaymentDetails {
        name: text(details, "name"),
        account_id: text(details, "accountId"),
        payment_provider_id: text(details, "paymentProviderId"),
    });
    Some(Seller {
        id,
        json_type: text(node, "@type").unwrap_or_else(|| "Organization".into()),
        request_headers: headers(node, "authentication.requestHeaders"),
        login: pair(node, "authentication.loginCredentials", ["username", "password"], problems)
            .map(|(username, password)| Login { username: Secret::new(username), password }),
        client: client_credentials(node, problems),
        tax_mode: text(node, "taxMode"),
        payment,
    })
}

/// Every value of the configuration that is never shown.
#[must_use]
pub fn secrets(tree: &Node) -> Vec<Secret> {
    fn walk<'n>(node: &'n Node, path: &mut Vec<&'n str>, found: &mut Vec<Secret>) {
        for (key, value) in node.entries() {
            path.push(&key.name);
            match find(path).map(|spec| spec.shape) {
                Some(Shape::Secret) => found.extend(value.as_text().map(Secret::new)),
                Some(Shape::Headers) => {
                    found.extend(value.entries().iter().filter_map(|(_, value)| value.as_text()).map(Secret::new));
                }
                _ => walk(value, path, found),
            }
            path.pop();
        }
    }
    let mut found = Vec::new();
    walk(tree, &mut Vec::new(), &mut found);
    found
}

/// The effective configuration as JSON. `hide` replaces every secret, by its value.
#[must_use]
pub fn redacted(tree: &Node, hide: &dyn Fn(&str) -> String) -> serde_json::Value {
    fn put(place: &mut serde_json::Value, names: &[String], value: serde_json::Value) {
        let Some((first, rest)) = names.split_first() else {
            *place = value;
            return;
        };
        if !place.is_object() {
            *place = serde_json::Value::Object(serde_json::Map::new());
        }
        if let Some(object) = place.as_object_mut() {
            put(object.entry(first.clone()).or_insert(serde_json::Value::Null), rest, value);
        }
    }
    let mut root = serde_json::Value::Null;
    for setting in effective(tree) {
        let secret = (setting.value == MASK).then(|| text_at(tree, &setting.names)).flatten();
        let value = match secret {
            Some(secret) => serde_json::Value::String(hide(secret)),
            None => serde_json::from_str(&setting.value).unwrap_or(serde_json::Value::String(setting.value)),
        };
        put(&mut root, &setting.names, value);
    }
    root
}

/// The text of a setting.
fn text_at<'n>(tree: &'n Node, names: &[String]) -> Option<&'n str> {
    let Some((first, rest)) = names.split_first() else { return tree.as_text() };
    let (_, value) = tree.entries().iter().find(|(key, _)| key.name == *first)?;
    text_at(value, rest)
}
