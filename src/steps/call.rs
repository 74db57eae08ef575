//! Requests of steps, and their responses before they are judged.

use reqwest::Method;
use serde_json::Value;

use crate::config::Headers;
use crate::trace::{Asked, Body, Exchanged, Leased, Purpose, Reply, Wanted};
use crate::vocabulary::{ErrorName, Stage};

/// The credentials of a request.
#[derive(Debug, Clone, Default)]
pub enum CredentialsChoice {
    /// Those of the Booking Partner who acts, for the Seller of the cell.
    #[default]
    Partner,
    /// As `Partner`; where that has none or wrong ones, those of the primary Booking Partner.
    TestInterface,
    /// Those of the Booking Partner who acts, for its feeds of Orders.
    Feed,
    /// These headers.
    Headers(Headers),
}

/// How a request is sent.
#[derive(Debug)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// Its name in the record; `None`: as findings name it.
    pub label: Option<String>,
    /// The URL, where it is not that of the path below the base URL of the Open Booking API.
    pub url: Option<String>,
    /// The credentials.
    pub credentials: CredentialsChoice,
    /// Whether it asks for a website, rather than for JSON.
    pub website: bool,
}

/// A request to make, and by what its response is judged.
#[derive(Debug)]
pub struct Call {
    outgoing: Outgoing,
    exchanged: Exchanged,
}

impl Call {
    /// A request that must succeed with HTTP 204. `what` names it in findings; `path` is relative to the base URL.
    pub fn new(stage: Stage, what: impl Into<String>, method: Method, path: impl Into<String>) -> Self {
        Self {
            outgoing: Outgoing {
                method,
                label: None,
                url: None,
                credentials: CredentialsChoice::Partner,
                website: false,
            },
            exchanged: Exchanged {
                stage,
                what: what.into(),
                purpose: Purpose::Other,
                wanted: Wanted::Success(vec![204]),
                body: Body::None,
                spec: String::new(),
                credentials: String::new(),
                hint: None,
                prepares: false,
                asked: Asked::Nothing,
                leased: None,
                path: path.into(),
                sent: None,
                reply: Reply::default(),
            },
        }
    }

    /// How it is sent, and what is known of it so far. The request body stands in `sent`.
    #[must_use]
    pub fn into_parts(self) -> (Outgoing, Exchanged) {
        (self.outgoing, self.exchanged)
    }

    /// How it is sent.
    #[must_use]
    pub const fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// Its name in the record.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.outgoing.label = Some(label.into());
        self
    }

    /// The URL, where it is not that of the path.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.outgoing.url = Some(url.into());
        self
    }

    /// It asks for a website; the path becomes the URL after redirects.
    #[must_use]
    pub const fn website(mut self) -> Self {
        self.outgoing.website = true;
        self
    }

    /// The credentials; by default those of the Booking Partner who acts.
    #[must_use]
    pub fn credentials(mut self, credentials: CredentialsChoice) -> Self {
        self.outgoing.credentials = credentials;
        self
    }

    /// The request body.
    #[must_use]
    pub fn sending(mut self, body: Value) -> Self {
        self.exchanged.sent = Some(body);
        self
    }

    /// What the cell learns from it.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.exchanged.purpose = purpose;
        self
    }

    /// It must succeed, with one of these statuses and such a body.
    #[must_use]
    pub fn succeeds(mut self, statuses: &[u16], body: Body) -> Self {
        self.exchanged.wanted = Wanted::Success(statuses.to_vec());
        self.exchanged.body = body;
        self
    }

    /// It must come to this.
    #[must_use]
    pub fn wanted(mut self, wanted: Wanted) -> Self {
        self.exchanged.wanted = wanted;
        self
    }

    /// Where there is an error, it must be rejected with it.
    #[must_use]
    pub fn fails(mut self, error: Option<ErrorName>) -> Self {
        if let Some(error) = error {
            self.exchanged.wanted = Wanted::Error(error);
        }
        self
    }

    /// The section of the specification.
    #[must_use]
    pub fn spec(mut self, spec: impl Into<String>) -> Self {
        self.exchanged.spec = spec.into();
        self
    }

    /// What to look at when the response is an error.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.exchanged.hint = Some(hint.into());
        self
    }

    /// A wrong response is only in the way of what is tested.
    #[must_use]
    pub const fn prepares(mut self, prepares: bool) -> Self {
        self.exchanged.prepares = prepares;
        self
    }

    /// The checks of the feature file that judge the response.
    #[must_use]
    pub const fn asked(mut self, asked: Asked) -> Self {
        self.exchanged.asked = asked;
        self
    }
}

/// A request that was made, before its response is judged.
#[derive(Debug)]
pub struct UnjudgedExchange {
    exchanged: Box<Exchanged>,
}

impl UnjudgedExchange {
    /// A request that was made.
    #[must_use]
    pub fn new(exchanged: Exchanged) -> Self {
        Self { exchanged: Box::new(exchanged) }
    }

    /// What names it in findings.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.exchanged.what
    }

    /// The stage that it belongs to.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.exchanged.stage
    }

    /// The request with its response.
    #[must_use]
    pub fn exchanged(&self) -> &Exchanged {
        &self.exchanged
    }

    /// Its response.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        &self.exchanged.reply
    }

    /// A request that may as well be rejected, with any error. HTTP 401 and 403 say nothing of what was requested.
    #[must_use]
    pub fn or_rejected(mut self) -> Self {
        let exchanged = &mut self.exchanged;
        if exchanged.reply.status.is_some_and(|status| status >= 400 && !matches!(status, 401 | 403)) {
            exchanged.wanted = Wanted::AnyError;
        }
        self
    }

    /// With what explains the response: leases.
    #[must_use]
    pub fn leased(mut self, leased: Option<Leased>) -> Self {
        self.exchanged.leased = leased;
        self
    }

    /// The event of the trace.
    #[must_use]
    pub fn into_exchanged(self) -> Box<Exchanged> {
        self.exchanged
    }
}
