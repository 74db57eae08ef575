//! The journey through the pages of the OpenID provider: where it begins, where it ends, and why it may not.

use crate::config::{Login, LoginSelectors};
use crate::results::ExchangeId;

/// A picture of a page, as a browser showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageImage {
    /// What was on it.
    pub title: String,
    /// PNG.
    pub png: Vec<u8>,
}

/// How a browser is driven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrowserOptions {
    /// A WebDriver that is running already; one is started where this is none.
    pub webdriver: Option<String>,
    /// Whether it shows no window.
    pub headless: bool,
    /// Whether TLS certificates are not verified.
    pub insecure: bool,
}

/// From the authorization endpoint to the redirect URI.
#[derive(Debug, Clone, Copy)]
pub struct Journey<'j> {
    /// Where it begins.
    pub url: &'j str,
    /// Where it ends.
    pub redirect_uri: &'j str,
    /// Who logs in.
    pub login: &'j Login,
    /// What must be filled in, and what sends it.
    pub selectors: &'j LoginSelectors,
}

/// The end of the journey.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The parameters that came with the redirect.
    pub parameters: Vec<(String, String)>,
    /// Whether consent was asked for on the way.
    pub consent: bool,
    /// The exchange that brought the redirect.
    pub exchange: Option<ExchangeId>,
}

impl Arrival {
    /// A parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Why the journey did not end at the redirect URI.
#[derive(Debug, Clone)]
pub struct JourneyFailure {
    /// In words.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The exchange in which it showed.
    pub exchange: Option<ExchangeId>,
    /// Whether nothing came back.
    pub unreachable: bool,
    /// What the browser showed last.
    pub screenshot: Option<PageImage>,
}

impl JourneyFailure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exchange: None, unreachable: false, screenshot: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) const fn at(mut self, exchange: Option<ExchangeId>) -> Self {
        self.exchange = exchange;
        self
    }
}

/// Whether what is sent on from one place to the other would be readable on the way, and was not before.
pub(super) fn loses_tls(from: &str, to: &str) -> bool {
    let scheme = |url: &str| url::Url::parse(url).map(|url| url.scheme().to_owned()).unwrap_or_default();
    scheme(from) == "https" && scheme(to) != "https"
}

/// Whether a URL is the redirect URI, with or without parameters.
pub(super) fn arrived(url: &str, redirect_uri: &str) -> Option<Vec<(String, String)>> {
    let (url, wanted) = (url::Url::parse(url).ok()?, url::Url::parse(redirect_uri).ok()?);
    let same = url.origin() == wanted.origin() && url.path() == wanted.path();
    same.then(|| url.query_pairs().into_owned().collect())
}

#[cfg(test)]
mod tests {
    use super::{arrived, loses_tls};

    #[test]
    fn what_was_secret_on_the_way_stays_so() {
        assert!(loses_tls("https://id.example.org/", "http://id.example.org/login"));
        assert!(loses_tls("https://id.example.org/", "ftp://id.example.org/login"));
        assert!(!loses_tls("https://id.example.org/", "https://elsewhere.example.org/login"));
        assert!(!loses_tls("http://127.0.0.1/", "http://127.0.0.1/login"));
    }

    #[test]
    fn the_redirect_uri_is_reached_by_its_path_and_no_other() {
        let registered = "http://localhost:3000/cb";
        let found = arrived("http://localhost:3000/cb?code=a%20b&state=c", registered).unwrap_or_default();
        assert_eq!(found, [("code".to_owned(), "a b".to_owned()), ("state".to_owned(), "c".to_owned())]);
        for other in
            ["http://localhost:3001/cb", "http://localhost:3000/cb2", "https://localhost:3000/cb", "about:blank"]
        {
            assert_eq!(arrived(other, registered), None, "{other}");
        }
    }
}
