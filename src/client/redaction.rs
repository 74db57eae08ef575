//! Where secrets end: everything that is recorded passes through here first.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::config::{Config, Headers, Layers, Secret};
use crate::results::Shard;

use super::message::Confidence;
use super::secrets::{Secrets, is_placeholder};

/// Headers whose values are always secret.
const SECRET_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"];

/// Fields of OAuth 2.0, OpenID Connect and dynamic client registration whose values are secret: in forms, queries and JSON.
const SECRET_FIELDS: &[&str] = &[
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "password",
    "refresh_token",
    "registration_access_token",
    "token",
];

/// Those among them that are secret wherever they are in a response, and not only at its top.
const ISSUED: &[&str] = &["access_token", "client_secret", "id_token", "refresh_token", "registration_access_token"];

/// Limit of a response that is not JSON and is searched for secrets, in bytes.
const SEARCHED: usize = 1024 * 1024;

/// Replaces secrets by placeholders such as `***1`: the same secret by the same one, another by another.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    headers: Vec<String>,
    /// Those of the configuration, and what became known as a secret on the way: tokens, codes.
    secrets: Arc<RwLock<Secrets>>,
}

/// Whether a field is one that is always secret.
fn is_secret_field(name: &str) -> bool {
    SECRET_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_issued(name: &str) -> bool {
    ISSUED.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The secrets that the configuration of this program publishes itself: they protect nothing, and words like them may
/// stand anywhere.
fn published() -> Vec<Secret> {
    Layers::built_in().map(|layers| crate::config::secrets(&layers.merged())).unwrap_or_default()
}

impl Redactor {
    /// Knows every secret of a configuration: the values of all configured headers, and credentials.
    ///
    /// The `@id` of a Seller is public, also when it is sent as a header.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let public: Vec<&str> = [Some(&config.sellers.primary), config.sellers.secondary.as_ref()]
            .into_iter()
            .flatten()
            .map(|seller| seller.id.as_str())
            .collect();
        let mut names = Vec::new();
        let mut found: Vec<Vec<String>> = Vec::new();
        let mut headers = |headers: &Headers| {
            for (name, value) in headers {
                names.push(name.to_lowercase());
                found.extend(parts_of(value.reveal()));
            }
        };
        headers(&config.opportunity_feed_headers);
        headers(&config.sellers.primary.request_headers);
        if let Some(seller) = &config.sellers.secondary {
            headers(&seller.request_headers);
        }
        for partner in config.partners.values() {
            headers(&partner.orders_feed_headers);
        }
        let published = published();
        for setting in crate::config::secrets(&config.tree).iter().filter(|setting| !published.contains(setting)) {
            found.extend(parts_of(setting.reveal()));
        }
        if let crate::config::TargetSite::Url(url) = &config.target {
            found.extend(credentials_in(url).into_iter().map(|text| vec![text]));
        }
        found.retain(|texts| !texts.iter().any(|text| public.contains(&text.as_str())));
        let mut secrets = Secrets::default();
        secrets.add(found.iter().map(|texts| texts.iter().map(String::as_str).collect()));
        // Those that are published are not searched for, but hidden where they stand.
        for setting in crate::config::secrets(&config.tree) {
            secrets.number(&texts_of(setting.reveal()));
        }
        Self { headers: names, secrets: Arc::new(RwLock::new(secrets)) }
    }

    /// Knows the credentials in an URL.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        let redactor = Self::default();
        credentials_in(url).iter().for_each(|secret| redactor.learn(secret));
        redactor
    }

    /// Whether the value of a header is never shown.
    #[must_use]
    pub fn hides_header(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        SECRET_HEADERS.contains(&name.as_str()) || self.headers.contains(&name)
    }

    /// The value of a header as it may be shown.
    #[must_use]
    pub fn header(&self, name: &str, value: &str) -> String {
        if self.hides_header(name) { self.placeholder(value) } else { self.text(value).into_owned() }
    }

    /// The placeholder of a value that is secret as it stands, such as that of a header. A token has the same one with and
    /// without its scheme.
    #[must_use]
    pub fn placeholder(&self, value: &str) -> String {
        let texts = texts_of(value);
        let known = self.secrets.read().unwrap_or_else(PoisonError::into_inner).known(&texts);
        known.unwrap_or_else(|| self.secrets.write().unwrap_or_else(PoisonError::into_inner).number(&texts))
    }

    /// Hides a text from now on, in each form in which it may come back.
    pub fn learn(&self, secret: &str) {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).add([vec![secret.trim()]]);
    }

    /// Gives what is learned from now on placeholders that no other machine gives out that shares the run.
    pub fn share(&self, shard: Shard) {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).share_numbers(shard.number, shard.of);
    }

    /// Hides the secrets that a request gives away from now on: fields of its query, and of its form or JSON.
    pub fn learn_from_request(&self, url: &str, body: &[u8], fields: &[String]) {
        self.learn_from_url(url);
        for (name, value) in url::form_urlencoded::parse(body) {
            if is_secret_field(&name) || fields.iter().any(|field| *field == *name) {
                self.learn(&value);
            }
        }
    }

    /// Redacts the secrets of a response from now on: tokens of its JSON, codes of its redirect.
    pub fn learn_from_answer(&self, headers: &HeaderMap, body: &[u8]) {
        if let Some(location) = headers.get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok()) {
            self.learn_from_url(location);
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => {
                for (_, value) in fields.iter().filter(|(name, _)| is_secret_field(name)) {
                    self.learn(value.as_str().unwrap_or_default());
                }
                self.learn_issued(&Value::Object(fields), false);
            }
            Ok(value) => self.learn_issued(&value, false),
            Err(_) => {
                let text = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
                if text.trim_start().starts_with('<') {
                    self.learn_from_page(&text);
                } else {
                    self.learn_from_text(&text);
                }
            }
        }
    }

    /// Redacts issued values of any type at any depth of a document. `secret`: whether the value is issued itself.
    fn learn_issued(&self, value: &Value, secret: bool) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.learn_issued(value, secret || is_issued(name));
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.learn_issued(value, secret)),
            Value::String(text) if secret => self.learn(text),
            Value::Number(number) if secret => self.learn(&number.to_string()),
            _ => {}
        }
    }

    /// Hides what a form or broken JSON issues.
    fn learn_from_text(&self, text: &str) {
        if !text.trim().contains(char::is_whitespace) {
            self.learn_from_url(&format!("?{}", text.trim()));
        }
        for name in ISSUED {
            let quoted = format!("\"{name}\"");
            for (at, _) in text.match_indices(&quoted) {
                let rest = text.get(at + quoted.len()..).unwrap_or_default().trim_start();
                let value = rest.strip_prefix(':').map(str::trim_start).and_then(|rest| rest.strip_prefix('"'));
                self.learn(value.and_then(|value| value.split('"').next()).unwrap_or_default());
            }
        }
    }

    /// Hides the codes and tokens that a page sends on: in hidden fields, and in URLs that it leads to.
    fn learn_from_page(&self, text: &str) {
        let page = super::markup::tree(text);
        let Ok(selector) = scraper::Selector::parse("input[name][value], form[action], meta[content]") else { return };
        for element in page.select(&selector) {
            let attribute = |name: &str| element.value().attr(name).unwrap_or_default();
            if attribute("name") == "code" || is_issued(attribute("name")) {
                self.learn(attribute("value"));
            }
            self.learn_from_url(attribute("action"));
            self.learn_from_url(attribute("content").trim_end_matches(['"', '\'']));
        }
    }

    fn learn_from_url(&self, url: &str) {
        // Some providers put query parameters into the fragment.
        for part in url.split(['?', '#']).skip(1) {
            for (name, value) in url::form_urlencoded::parse(part.as_bytes()) {
                if is_secret_field(&name) {
                    self.learn(&value);
                }
            }
        }
    }

    /// An URL without secrets, also where they are too short to be searched for: its userinfo, and fields of its query and of
    /// its fragment.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let shown = self.without_userinfo(&self.text(url));
        let (rest, fragment) = match shown.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (shown.as_str(), None),
        };
        let mut hidden = match rest.split_once('?') {
            Some((path, query)) => format!("{path}?{}", self.without_fields(query, &[], true)),
            None => rest.to_owned(),
        };
        if let Some(fragment) = fragment {
            hidden.push('#');
            hidden.push_str(&self.without_fields(fragment, &[], true));
        }
        hidden
    }

    /// The body of a request without secrets. Where secrets are given out, the fields of a form go by their names.
    #[must_use]
    pub fn body(&self, body: &str, confidence: Confidence<'_>) -> String {
        match confidence {
            Confidence::Secrets(fields) if !body.trim_start().starts_with('{') => {
                self.text(&self.without_fields(body, fields, false)).into_owned()
            }
            _ => self.text(body).into_owned(),
        }
    }

    /// A text without secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).mask(text)
    }

    /// The placeholder of a value in a text that was searched for secrets before: it may be a placeholder already.
    fn placeholder_in_searched(&self, value: &str) -> String {
        if is_placeholder(value) { value.to_owned() } else { self.placeholder(value) }
    }

    /// An URL, searched for secrets before, with a placeholder instead of its userinfo.
    fn without_userinfo(&self, url: &str) -> String {
        let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        match authority.rsplit_once('@') {
            Some((userinfo, host)) => format!("{scheme}://{}@{host}{path}", self.placeholder_in_searched(userinfo)),
            None => url.to_owned(),
        }
    }

    /// A form or query with a placeholder instead of every secret field. `searched`: it was searched for secrets before.
    fn without_fields(&self, query: &str, fields: &[String], searched: bool) -> String {
        let shown = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if is_secret_pair(pair, fields) => {
                let value = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
                let value = value.unwrap_or_default();
                let hidden = if searched { self.placeholder_in_searched(&value) } else { self.placeholder(&value) };
                format!("{name}={hidden}")
            }
            _ => pair.to_owned(),
        };
        query.split('&').map(shown).collect::<Vec<_>>().join("&")
    }

    /// The first `limit` bytes of a body without secrets, also without the start of one that crosses the limit.
    #[must_use]
    pub fn start_of(&self, body: &[u8], limit: usize) -> String {
        let text = String::from_utf8_lossy(body.get(..limit.saturating_add(MARGIN)).unwrap_or(body));
        // Bytes that are no UTF-8 make the text longer than the body.
        let limit = if body.len() <= limit { text.len() } else { limit };
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).mask_start(&text, limit).into_owned()
    }
}

/// Number of bytes after a limit that are searched for secrets that begin before it.
const MARGIN: usize = 64 * 1024;

/// A configured secret, and the parts of it that are secret by themselves. Each comes with all texts that stand for it.
fn parts_of(secret: &str) -> Vec<Vec<String>> {
    let text = secret.trim();
    let mut whole = vec![text.to_owned()];
    let mut parts = Vec::new();
    // `Bearer abc`: the part after the scheme is the secret.
    if let Some((scheme, rest)) = text.split_once(' ') {
        let rest = rest.trim().to_owned();
        let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(&rest).ok()).flatten();
        if ["basic", "bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            whole.push(rest);
        } else {
            parts.push(vec![rest]);
        }
        if let Some(pair) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
            parts.extend(pair.split_once(':').map(|(_, password)| vec![password.to_owned()]));
            whole.push(pair);
        }
    }
    parts.insert(0, whole);
    parts
}

/// All texts that stand for a secret, itself among them.
fn texts_of(secret: &str) -> Vec<String> {
    parts_of(secret).into_iter().next().unwrap_or_default()
}

/// The credentials in an URL: those of its userinfo, alone and together with the host, and secret fields of its query.
fn credentials_in(url: &str) -> Vec<String> {
    let Ok(parsed) = url::Url::parse(url) else { return Vec::new() };
    let mut found = Vec::new();
    let (user, password) = (parsed.username(), parsed.password());
    if !user.is_empty() || password.is_some() {
        found.extend([Some(user), password].into_iter().flatten().map(str::to_owned));
        let together = format!("{user}:{}", password.unwrap_or_default());
        // Even what is too short by itself is found with the host behind it.
        let host = parsed.host_str().unwrap_or_default();
        found.push(format!("{}@{host}", together.trim_end_matches(':')));
        found.push(together);
    }
    found.extend(parsed.query_pairs().filter(|(name, _)| is_secret_field(name)).map(|(_, value)| value.into_owned()));
    found
}

fn is_secret_pair(pair: &str, fields: &[String]) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    is_secret_field(name) || fields.iter().any(|field| field == name)
}

#[cfg(test)]
mod tests {
    use super::Redactor;
    use crate::client::Confidence;

    #[test]
    fn a_secret_that_looks_like_a_placeholder_is_hidden() {
        let redactor = Redactor::default();
        assert_eq!(redactor.header("Authorization", "***123456"), "***1");
        assert_eq!(redactor.body("password=***123456&a=b", Confidence::Secrets(&[])), "password=***1&a=b");
    }

    #[test]
    fn a_token_has_one_placeholder_in_headers_forms_and_urls() {
        let redactor = Redactor::default();
        redactor.learn("token-0123456789");
        assert_eq!(redactor.header("Authorization", "Bearer token-0123456789"), "***1");
        assert_eq!(
            redactor.url("https://u:short@a.example/?code=token-0123456789"),
            "https://***2@a.example/?code=***1"
        );
        assert_eq!(redactor.url("https://u:short@a.example/"), "https://***2@a.example/");
        assert_eq!(redactor.body("code=token-0123456789", Confidence::Secrets(&[])), "code=***1");
    }
}
