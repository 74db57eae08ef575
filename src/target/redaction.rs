//! Where secrets end: everything that is recorded passes through here first.

use std::borrow::Cow;

use crate::config::{Config, Headers, Secret};

/// What stands in the place of a secret.
const MASK: &str = "***";

/// Headers whose values are always secret.
const SECRET_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"];

/// Shorter texts are redacted where they stand as headers, but not searched for in bodies.
const SEARCHED_FROM: usize = 6;

/// Replaces secrets by `***`.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    headers: Vec<String>,
    texts: Vec<String>,
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
        for setting in crate::config::secrets(&config.tree) {
            redactor.add(&setting, &public);
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
            if part.len() < SEARCHED_FROM || public.contains(&part) {
                continue;
            }
            let quoted = serde_json::to_string(part).unwrap_or_default();
            let encoded: String = url::form_urlencoded::byte_serialize(part.as_bytes()).collect();
            for form in [part, quoted.trim_matches('"'), &encoded, &encoded.replace('+', "%20")] {
                if !self.texts.iter().any(|known| known == form) {
                    self.texts.push(form.to_owned());
                }
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

    /// A text without secrets.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.texts {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(shown.replace(secret.as_str(), MASK));
            }
        }
        shown
    }
}
