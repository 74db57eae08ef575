//! One HTTP request with its response, as recorded: secrets are redacted before anything gets here.

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of an exchange within a run, from 1.
pub type ExchangeId = u32;

/// One HTTP request with its response.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Exchange {
    /// Its number within the run.
    pub id: ExchangeId,
    /// What it was for, such as `C1`.
    pub label: String,
    /// The feed of which it is a page, as it is followed beside the cells.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub feed: Option<String>,
    /// `GET`, `PUT` ...
    pub method: String,
    /// The URL that was requested.
    pub url: String,
    /// Request headers in order; a secret shows as `***` and its number.
    pub request_headers: Vec<(String, String)>,
    /// The request body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_body: Option<String>,
    /// What came back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<Answer>,
    /// Why nothing came back, or not all of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Failure>,
    /// When the request was sent (RFC 3339, UTC).
    pub sent: String,
    /// Milliseconds until the body was read.
    pub duration_ms: u64,
    /// The exchange that this one repeats: its connection was closed before a response, or its response asked for a wait
    /// (`Retry-After`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retry_of: Option<ExchangeId>,
}

impl Exchange {
    /// The URL that responded, after redirects.
    #[must_use]
    pub fn answered_url(&self) -> &str {
        self.answer.as_ref().and_then(|answer| answer.redirected_to.as_deref()).unwrap_or(&self.url)
    }
}

/// A response.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The URL that responded, where redirects led to another than the requested one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub redirected_to: Option<String>,
    /// Response headers in order; a secret shows as `***` and its number.
    pub headers: Vec<(String, String)>,
    /// The body as text, up to a limit.
    pub body: String,
    /// Whether the body was longer than what is kept here.
    #[serde(default)]
    pub truncated: bool,
}

/// Why a request brought no usable response.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What the transport said.
    pub message: String,
}

/// Kinds of transport failure.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// No connection could be made.
    Unreachable,
    /// No complete answer within the time limit.
    Timeout,
    /// The connection broke, or what came was not HTTP.
    Broken,
    /// The body was larger than the limit.
    TooLarge,
    /// More redirects than are followed.
    Redirects,
    /// It was not sent, for want of credentials.
    Unsent,
}
