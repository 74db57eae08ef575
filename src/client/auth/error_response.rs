//! Error responses of an OpenID provider, in a few words.

use serde_json::Value;

use crate::client::message::Response;

use super::page;

/// The longest text of a page that is quoted, in characters.
const QUOTED: usize = 240;

/// An error response: status, `error`, `error_description`, or the title and text of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The HTTP status; `None` without a response.
    pub status: Option<u16>,
    /// `error`
    pub error: Option<String>,
    /// `error_description`
    pub description: Option<String>,
    /// What else the body says.
    body: Option<String>,
}

/// A parameter of `WWW-Authenticate: Bearer`.
fn challenge(header: &str, name: &str) -> Option<String> {
    let start = header.find(&format!("{name}=\""))? + name.len() + 2;
    let rest = header.get(start..)?;
    Some(rest.get(..rest.find('"')?)?.to_owned())
}

/// The first characters of a text, with `…` where it is longer.
pub(super) fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl ErrorResponse {
    /// What a response says.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        let text = String::from_utf8_lossy(&response.body);
        let json = response.json().unwrap_or_default();
        let member =
            |name: &str| json.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let header = response.header("www-authenticate").unwrap_or_default();
        let error = member("error").or_else(|| challenge(header, "error"));
        let description = member("error_description").or_else(|| challenge(header, "error_description"));
        let body = if error.is_some() || text.trim().is_empty() {
            None
        } else if let Some(object) = json.as_object() {
            // Never the values: they may be tokens and client secrets that were issued where they must not be.
            let names: Vec<String> = object.keys().map(|name| format!("`{name}`")).collect();
            Some(quoted(&format!("an object of {}", names.join(", "))))
        } else if text.trim_start().starts_with('<') {
            Some(page::summary(&text))
        } else {
            Some(quoted(&text))
        };
        Self { status: response.status, error, description: description.map(|text| quoted(&text)), body }
    }
}

impl std::fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.status {
            Some(status) => write!(f, "HTTP {status}")?,
            None => f.write_str("no response")?,
        }
        if let Some(error) = &self.error {
            write!(f, ": {error}")?;
        }
        if let Some(description) = &self.description {
            let separator = if self.error.is_some() { ", " } else { ": " };
            write!(f, "{separator}{description}")?;
        }
        if let Some(body) = &self.body {
            write!(f, ": {body}")?;
        }
        Ok(())
    }
}
