//! Who goes through the pages of the OpenID provider in the place of the Seller.

use crate::config::{Login, LoginSelectors};
use crate::results::ExchangeId;

use super::browser;
use super::forms;
use super::transport::AuthHttp;

/// A picture of a page, as a browser showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screenshot {
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

/// Who goes through the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agent {
    /// Requests that send the forms of the pages. Pages that need JavaScript are beyond it.
    Forms,
    /// A browser, by WebDriver.
    Browser(BrowserOptions),
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
    pub screenshot: Option<Screenshot>,
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

/// Whether a URL is the redirect URI, with or without parameters.
pub(super) fn arrived(url: &str, redirect_uri: &str) -> Option<Vec<(String, String)>> {
    let (url, wanted) = (url::Url::parse(url).ok()?, url::Url::parse(redirect_uri).ok()?);
    let same = url.origin() == wanted.origin() && url.path() == wanted.path();
    same.then(|| url.query_pairs().into_owned().collect())
}

impl Agent {
    /// Goes through the pages.
    ///
    /// # Errors
    /// Where it ended, and why.
    pub async fn travel(&self, http: &AuthHttp, journey: Journey<'_>) -> Result<Arrival, JourneyFailure> {
        match self {
            Self::Forms => forms::travel(http, journey).await,
            Self::Browser(options) => browser::travel(options, journey).await,
        }
    }
}
