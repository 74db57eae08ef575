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

/// A body in a few words. Never the values of JSON and forms: they may be tokens and client secrets that were issued where
/// they must not be.
fn summary(text: &str, json: &Value) -> String {
    let names = |names: Vec<String>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let text = text.trim();
    match json {
        Value::Object(object) => quoted(&format!("an object of {}", names(object.keys().cloned().collect()))),
        Value::Null if text.starts_with('<') => page::summary(text),
        Value::Null if text.starts_with(['{', '[', '"']) => "a body that is not JSON".to_owned(),
        Value::Null if text.contains('=') && !text.contains(char::is_whitespace) => {
            let fields = url::form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned());
            quoted(&format!("a form of {}", names(fields.collect())))
        }
        Value::Null => quoted(text),
        other => super::metadata::kind(Some(other)).to_owned(),
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
        let body = if error.is_some() || text.trim().is_empty() { None } else { Some(summary(&text, &json)) };
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

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn bodies_are_summarised_without_their_values() {
        let canary = "canary-of-a-token";
        for (body, expected) in [
            ("{\"access_token\": \"canary-of-a-token\"}", "an object of `access_token`"),
            ("[\"canary-of-a-token\"]", "an array"),
            ("\"canary-of-a-token\"", "a string"),
            ("{\"access_token\": \"canary-of-a-token", "a body that is not JSON"),
            ("access_token=canary-of-a-token&token_type=bearer", "a form of `access_token`, `token_type`"),
            ("<title>Oops</title><p>Try later", "“Oops”: Try later"),
            ("Service unavailable", "Service unavailable"),
        ] {
            let found = summary(body, &serde_json::from_str(body).unwrap_or_default());
            assert_eq!(found, expected);
            assert!(!found.contains(canary));
        }
    }
}
