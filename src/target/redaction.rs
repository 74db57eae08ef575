//! Where secrets end: everything that is recorded passes through here first.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::config::{Config, Headers, Layers, Secret};

use super::client::Confidence;

/// What stands in the place of a secret.
const MASK: &str = "***";

/// Headers whose values are always secret.
const SECRET_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"];

/// Shorter texts are redacted where they stand as headers, but not searched for in bodies.
const SEARCHED_FROM: usize = 6;

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

/// Replaces secrets by `***`.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    headers: Vec<String>,
    texts: Vec<String>,
    /// What became known as a secret on the way: tokens, codes.
    learned: Arc<RwLock<Vec<String>>>,
}

/// Whether a field is one that is always secret.
fn is_secret_field(name: &str) -> bool {
    SECRET_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name))
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
        let mut redactor = Self::default();
        redactor.headers(&config.opportunity_feed_headers, &public);
        redactor.headers(&config.sellers.primary.request_headers, &public);
        if let Some(seller) = &config.sellers.secondary {
            redactor.headers(&seller.request_headers, &public);
        }
        for partner in config.partners.values() {
            redactor.headers(&partner.orders_feed_headers, &public);
        }
        let published = published();
        for setting in crate::config::secrets(&config.tree).iter().filter(|setting| !published.contains(setting)) {
            redactor.add(setting, &public);
        }
        if let crate::config::TargetSite::Url(url) = &config.target
            && let Ok(url) = url::Url::parse(url)
        {
            for part in url.password().into_iter().chain(Some(url.username()).filter(|_| url.password().is_some())) {
                redactor.add(&Secret::new(part), &public);
            }
        }
        // Longer ones first, so that a secret which contains another leaves nothing behind.
        redactor.texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        redactor.texts.dedup();
        redactor
    }

    fn headers(&mut self, headers: &Headers, public: &[&str]) {
        for (name, value) in headers {
            self.headers.push(name.to_lowercase());
            self.add(value, public);
        }
    }

    /// Adds a secret text, in each form in which it may come back.
    fn add(&mut self, secret: &Secret, public: &[&str]) {
        let text = secret.reveal().trim();
        // `Bearer abc`: the part after the scheme is the secret.
        for part in [Some(text), text.split_once(' ').map(|(_, rest)| rest.trim())].into_iter().flatten() {
            if !public.contains(&part) {
                forms_of(part, &mut self.texts);
            }
        }
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
        if self.hides_header(name) { MASK.to_owned() } else { self.text(value).into_owned() }
    }

    /// Hides a text from now on, in each form in which it may come back.
    pub fn learn(&self, secret: &str) {
        let mut forms = Vec::new();
        forms_of(secret.trim(), &mut forms);
        let mut learned = self.learned.write().unwrap_or_else(PoisonError::into_inner);
        for form in forms {
            if !learned.contains(&form) {
                learned.push(form);
            }
        }
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

    /// Hides the secrets that an answer gives out from now on: tokens of its JSON, codes of its redirect.
    pub fn learn_from_answer(&self, headers: &HeaderMap, body: &[u8]) {
        if let Some(location) = headers.get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok()) {
            self.learn_from_url(location);
        }
        if let Ok(Value::Object(fields)) = serde_json::from_slice(body) {
            for (_, value) in fields.iter().filter(|(name, _)| is_secret_field(name)) {
                self.learn(value.as_str().unwrap_or_default());
            }
        }
    }

    fn learn_from_url(&self, url: &str) {
        let (_, query) = url.split_once('?').unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if is_secret_field(&name) {
                self.learn(&value);
            }
        }
    }

    /// An URL without secrets, also where they are too short to be searched for.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let shown = self.text(url);
        match shown.split_once('?') {
            Some((path, query)) if query.split('&').any(|pair| is_secret_pair(pair, &[])) => {
                format!("{path}?{}", without_fields(query, &[]))
            }
            _ => shown.into_owned(),
        }
    }

    /// The body of a request without secrets. Where secrets are given out, the fields of a form go by their names.
    #[must_use]
    pub fn body(&self, body: &str, confidence: Confidence<'_>) -> String {
        match confidence {
            Confidence::Secrets(fields) if !body.trim_start().starts_with('{') => {
                self.text(&without_fields(body, fields)).into_owned()
            }
            _ => self.text(body).into_owned(),
        }
    }

    /// A text without secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.texts {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(shown.replace(secret.as_str(), MASK));
            }
        }
        let learned = self.learned.read().unwrap_or_else(PoisonError::into_inner);
        for secret in learned.iter() {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(shown.replace(secret.as_str(), MASK));
            }
        }
        shown
    }
}

/// The forms in which a text may come back; none of one that is too short to be told from others.
fn forms_of(text: &str, forms: &mut Vec<String>) {
    if text.len() < SEARCHED_FROM {
        return;
    }
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    for form in [text, quoted.trim_matches('"'), &encoded, &encoded.replace('+', "%20")] {
        if !forms.iter().any(|known| known == form) {
            forms.push(form.to_owned());
        }
    }
}

fn is_secret_pair(pair: &str, fields: &[String]) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    is_secret_field(name) || fields.iter().any(|field| field == name)
}

/// A form or query with `***` in the place of every secret field.
fn without_fields(query: &str, fields: &[String]) -> String {
    let shown = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret_pair(pair, fields) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    };
    query.split('&').map(shown).collect::<Vec<_>>().join("&")
}
