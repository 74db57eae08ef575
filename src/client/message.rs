//! Requests and responses, as the client makes and takes them.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::config::Headers;
use crate::results::{Exchange, ExchangeId, Failure, FailureKind};
use crate::vocabulary::{utf8, without_mark};

/// The body of a request.
#[derive(Debug, Clone, Copy, Default)]
pub enum Payload<'a> {
    /// None.
    #[default]
    Empty,
    /// JSON.
    Json(&'a Value),
    /// A form, encoded as a query is.
    Form(&'a str),
    /// Anything else.
    Bytes(&'a [u8]),
}

impl<'a> From<Option<&'a Value>> for Payload<'a> {
    fn from(body: Option<&'a Value>) -> Self {
        body.map_or(Self::Empty, Self::Json)
    }
}

impl Payload<'_> {
    pub(super) fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Empty => None,
            Self::Json(value) => Some(serde_json::to_vec(value).unwrap_or_default()),
            Self::Form(text) => Some(text.as_bytes().to_vec()),
            Self::Bytes(bytes) => Some(bytes.to_vec()),
        }
    }
}

/// Whether secrets are given out in an exchange, which are then hidden from here on.
#[derive(Debug, Clone, Copy, Default)]
pub enum Confidence<'a> {
    /// The exchange holds no secrets but those that are known.
    #[default]
    Usual,
    /// Tokens, codes and passwords pass: these fields of a form, and those that OAuth 2.0 names, are hidden.
    Secrets(&'a [String]),
}

/// A request to make.
#[derive(Debug)]
pub struct Request<'a> {
    /// What it is for, such as `C1`.
    pub label: &'a str,
    /// The feed of which it asks a page, where a feed is followed.
    pub feed: Option<&'a str>,
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: &'a str,
    /// Headers that the configuration adds; they win over those of the protocol.
    pub configured: &'a Headers,
    /// `Accept`.
    pub accept: &'a str,
    /// `Content-Type`, also when there is no body.
    pub content_type: Option<&'a str>,
    /// The body.
    pub body: Payload<'a>,
    /// Whether redirects of a GET are followed.
    pub redirects: bool,
    /// Whether secrets are given out.
    pub confidence: Confidence<'a>,
    /// The time limit from sending to the last byte.
    pub timeout: Duration,
}

/// What a request brought.
#[derive(Debug, Clone)]
pub struct Response {
    pub(super) exchange: Exchange,
    /// The exchange that this one repeats, until both are recorded.
    pub(super) before: Option<Box<Exchange>>,
    pub(super) kept: Option<ExchangeId>,
    /// The status, unless nothing came back.
    pub status: Option<u16>,
    /// The response headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Why nothing came back, or not all of it.
    pub failure: Option<Failure>,
    /// The URL that responded, after redirects.
    pub url: String,
}

impl Response {
    /// A placeholder for the response to a request that was not sent, because `exchange` did not return a value that it needs.
    #[must_use]
    pub fn unsent(label: &str, method: &Method, url: &str, reason: &str, exchange: Option<ExchangeId>) -> Self {
        let failure = Failure { kind: FailureKind::Unsent, message: reason.to_owned() };
        Self {
            exchange: Exchange {
                id: 0,
                label: label.to_owned(),
                feed: None,
                method: method.to_string(),
                url: url.to_owned(),
                request_headers: Vec::new(),
                request_body: None,
                answer: None,
                failure: Some(failure.clone()),
                sent: jiff::Timestamp::now().to_string(),
                duration_ms: 0,
                retry_of: None,
            },
            before: None,
            kept: exchange,
            status: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            failure: Some(failure),
            url: url.to_owned(),
        }
    }

    /// What an exchange that was recorded brought.
    #[must_use]
    pub fn recorded(exchange: &Exchange) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in exchange.answer.iter().flat_map(|answer| &answer.headers) {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        Self {
            before: None,
            kept: Some(exchange.id),
            status: exchange.answer.as_ref().map(|answer| answer.status),
            headers,
            body: exchange.answer.as_ref().map(|answer| Bytes::from(answer.body.clone())).unwrap_or_default(),
            failure: exchange.failure.clone(),
            url: exchange.answered_url().to_owned(),
            exchange: exchange.clone(),
        }
    }

    /// Notes which exchange it repeats, before it is recorded.
    pub(super) fn repeats(&mut self, exchange: ExchangeId) {
        let first = self.before.as_deref_mut().unwrap_or(&mut self.exchange);
        first.retry_of = first.retry_of.or(Some(exchange));
    }

    /// The number of the exchange, if it was recorded.
    #[must_use]
    pub const fn exchange(&self) -> Option<ExchangeId> {
        self.kept
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// In words, what it is instead.
    pub fn json(&self) -> Result<Value, String> {
        if self.body.is_empty() {
            return Err("the body is empty".to_owned());
        }
        let text = utf8(&self.body).map_err(|reason| format!("the body is {reason}"))?;
        let text = without_mark(text);
        serde_json::from_str(text).map_err(|error| {
            let bytes = text.as_bytes();
            let start = String::from_utf8_lossy(bytes.get(..80).unwrap_or(bytes));
            let looks_like_html = start.trim_start().starts_with('<');
            let kind = if looks_like_html { "the body is HTML or XML" } else { "the body is not valid JSON" };
            // The mark lets a secret be found that is cut off here.
            let cut = if bytes.len() > 80 { "…" } else { "" };
            format!("{kind} ({error}): {}{cut}", start.trim())
        })
    }

    /// A response header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
