//! The journey through the pages of the OpenID provider: where it begins, where it ends, and why it may not.

use crate::config::{Login, LoginSelectors};
use crate::results::ExchangeId;

use super::failure::AuthFailure;
use super::oauth_client::OAuthClient;

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
    /// Where it ends as well: the redirect URI of the client, where the request names another one.
    pub registered: &'j str,
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
    /// Whether there were parameters in the fragment, and none in the query.
    pub fragment: bool,
    /// Whether it is the redirect URI of the client, and not the one of the request.
    pub registered: bool,
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

/// What the journey ended with instead of the redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JourneyEnd {
    /// No response, or no browser.
    Unreachable,
    /// An error page (4xx) instead of the login page.
    Rejected,
    /// An error page (4xx) after a page was sent.
    ErrorPage,
    /// A page without anything to go on with.
    DeadPage,
    /// The login page again: name or password is not accepted.
    LoginRejected,
    /// Too many pages.
    Lost,
    /// A page that no browser could use, or that must not be used.
    Broken,
}

/// Why the journey did not end at the redirect URI.
#[derive(Debug, Clone)]
pub struct JourneyFailure {
    /// In words.
    pub message: String,
    /// What was expected, and what was found.
    pub difference: Option<Box<(String, String)>>,
    /// What to do.
    pub hint: Option<String>,
    /// The exchange in which it showed.
    pub exchange: Option<ExchangeId>,
    /// What it ended with.
    pub end: JourneyEnd,
    /// What the browser showed last.
    pub screenshot: Option<PageImage>,
}

impl JourneyFailure {
    pub(super) fn new(end: JourneyEnd, message: impl Into<String>) -> Self {
        Self { message: message.into(), difference: None, hint: None, exchange: None, end, screenshot: None }
    }

    pub(super) fn expected(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.difference = Some(Box::new((expected.into(), found.into())));
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) const fn at(mut self, exchange: Option<ExchangeId>) -> Self {
        self.exchange = exchange;
        self
    }

    /// The login page is shown again after name and password were sent, with what it marks as wrong.
    pub(super) fn login_rejected(alert: Option<&str>, title: &str) -> Self {
        let why = alert.filter(|alert| !alert.is_empty()).map(|alert| format!(": {alert}")).unwrap_or_default();
        Self::new(JourneyEnd::LoginRejected, format!("the login is rejected{why}"))
            .expected("another page than the login page", format!("{title} again"))
            .hint("see `loginCredentials` of the Seller")
    }

    /// Name and password would be sent without TLS, although the authorization endpoint or the page has it.
    pub(super) fn without_tls(title: &str, action: &str) -> Self {
        let shown = url::Url::parse(action).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        Self::new(JourneyEnd::Broken, format!("the form of {title} would be sent without TLS"))
            .expected("a form that goes to https", shown)
    }

    /// The failure of a client. What may be the fault of the configuration, or of going without a browser, blocks.
    #[must_use]
    pub fn of_client(&self, client: &OAuthClient, redirect_uri: &str) -> AuthFailure {
        let mut failure = AuthFailure::new(self.message.clone()).at(self.exchange);
        failure.difference.clone_from(&self.difference);
        failure.hint.clone_from(&self.hint);
        failure.blocks = match self.end {
            JourneyEnd::Broken => false,
            // What was registered a moment ago is what is requested.
            JourneyEnd::Rejected => client.registered.is_none(),
            _ => true,
        };
        if self.end == JourneyEnd::Rejected && failure.blocks {
            let hint = format!(
                "the client {} must be registered with the redirect URI {redirect_uri}: see \
                 `broker.authenticationRedirectUri`",
                client.id
            );
            failure.hint.get_or_insert(hint);
        }
        failure
    }
}

/// Whether what is sent on from one place to the other would be readable on the way, and was not before.
pub(super) fn loses_tls(from: &str, to: &str) -> bool {
    let scheme = |url: &str| url::Url::parse(url).map(|url| url.scheme().to_owned()).unwrap_or_default();
    scheme(from) == "https" && scheme(to) != "https"
}

/// Whether a URL is the redirect URI, with or without parameters; the parameters, and whether they are in the fragment.
pub(super) fn arrived(url: &str, redirect_uri: &str) -> Option<(Vec<(String, String)>, bool)> {
    let (url, wanted) = (url::Url::parse(url).ok()?, url::Url::parse(redirect_uri).ok()?);
    let same = url.origin() == wanted.origin() && url.path() == wanted.path();
    same.then(|| {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let fragment = url.fragment().is_some_and(|fragment| fragment.contains('='));
        let fragment = fragment && !pairs.iter().any(|(name, _)| name == "code" || name == "error");
        (pairs, fragment)
    })
}

/// The end of a journey, where a URL is one of those where it may end.
pub(super) fn arrival(url: &str, journey: &Journey<'_>) -> Option<Arrival> {
    let own = arrived(url, journey.redirect_uri).map(|landed| (landed, false));
    let ((parameters, fragment), registered) =
        own.or_else(|| arrived(url, journey.registered).map(|landed| (landed, true)))?;
    Some(Arrival { parameters, fragment, registered, consent: false, exchange: None })
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
        let (found, fragment) = arrived("http://localhost:3000/cb?code=a%20b&state=c", registered).unwrap_or_default();
        assert_eq!(found, [("code".to_owned(), "a b".to_owned()), ("state".to_owned(), "c".to_owned())]);
        assert!(!fragment);
        assert_eq!(arrived("http://localhost:3000/cb#code=a&state=c", registered), Some((Vec::new(), true)));
        assert_eq!(arrived("http://localhost:3000/cb?iss=x#_=_", registered).map(|(pairs, _)| pairs.len()), Some(1));
        for other in
            ["http://localhost:3001/cb", "http://localhost:3000/cb2", "https://localhost:3000/cb", "about:blank"]
        {
            assert_eq!(arrived(other, registered), None, "{other}");
        }
    }
}
