//! The response to a request, as a cell saw it.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::results::{ExchangeId, Failure};
use crate::vocabulary::{utf8, without_mark};

/// The response to a request, or why none came.
///
/// A saved trace holds neither headers nor body: they stand in the record of the exchange.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Reply {
    /// The exchange; `None` where the request was not sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
    /// Why no complete response came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Failure>,
    /// Whether the body contains credentials of the request. Only the live run can know: records hold no secrets.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub repeats_credentials: bool,
    /// The HTTP status.
    #[serde(skip)]
    pub status: Option<u16>,
    /// `Content-Type`
    #[serde(skip)]
    pub content_type: Option<String>,
    /// The body as it was sent.
    #[serde(skip)]
    pub body: Arc<[u8]>,
    #[serde(skip)]
    json: OnceLock<Result<Value, String>>,
}

impl Reply {
    /// The response with this body; the caller sets the other members.
    #[must_use]
    pub fn with_body(body: &[u8]) -> Self {
        Self { body: Arc::from(body), ..Self::default() }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// In words, what it is instead.
    pub fn json(&self) -> Result<&Value, &str> {
        self.json.get_or_init(|| parse(&self.body)).as_ref().map_err(String::as_str)
    }

    /// The body, if it is a JSON object.
    #[must_use]
    pub fn object(&self) -> Option<&Value> {
        self.json().ok().filter(|body| body.is_object())
    }

    /// Whether the status says that the request succeeded.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.failure.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// The status, and what an error says of itself.
    #[must_use]
    pub fn shown(&self) -> String {
        let status = self.status.unwrap_or_default();
        match self.problem() {
            Some(problem) if status >= 300 => format!("HTTP {status}: {problem}"),
            _ => format!("HTTP {status}"),
        }
    }

    /// The types and the first description of an error body.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let body = match self.json() {
            Ok(body) => body,
            Err(problem) if self.body.is_empty() => return Some(problem.to_owned()),
            Err(problem) => {
                let mut characters = problem.chars();
                let start: String = characters.by_ref().take(160).collect();
                // The mark lets a secret be found that is cut off here.
                return Some(if characters.next().is_some() { start + "…" } else { start });
            }
        };
        let mut types: Vec<&str> = Vec::new();
        let mut description = body.get("description").and_then(Value::as_str);
        let items = body.get("orderedItem").and_then(Value::as_array).into_iter().flatten();
        let errors = items.filter_map(|item| item.get("error").and_then(Value::as_array)).flatten();
        for error in std::iter::once(body).chain(errors) {
            if let Some(name) = error.get("@type").and_then(Value::as_str)
                && !types.contains(&name)
            {
                types.push(name);
            }
            description = description.or_else(|| error.get("description").and_then(Value::as_str));
        }
        let types = types.join(", ");
        match (types.is_empty(), description) {
            (true, None) => None,
            (true, Some(text)) => Some(text.to_owned()),
            (false, None) => Some(types),
            (false, Some(text)) => Some(format!("{types}, {text}")),
        }
    }
}

/// Reads a body as JSON; in words, what it is instead.
fn parse(body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Err("the body is empty".to_owned());
    }
    let text = utf8(body).map_err(|reason| format!("the body is {reason}"))?;
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
