//! Kinds of exchanges.

use std::fmt;

use serde_json::Value;

/// What URLs of the Open Booking API begin with.
const API: &str = "/api/openbooking/";

/// A kind of exchange: requests that differ in their identifiers only, and responses of one HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeKind {
    request: String,
    status: u16,
}

impl ExchangeKind {
    /// The kind of an exchange, by the method, the URL or path, the request body, and the status of the response.
    #[must_use]
    pub fn of(method: &str, url: &str, body: Option<&str>, status: u16) -> Self {
        let path = path(url);
        let local = path.strip_prefix(API).unwrap_or_else(|| path.trim_start_matches('/'));
        let mut before = "";
        let segments = local.split('/').map(|segment| {
            let identifies = before == "datasets" || uuid::Uuid::try_parse(segment).is_ok();
            before = segment;
            if identifies { "*" } else { segment }
        });
        let mut request = format!("{method} {}", segments.collect::<Vec<_>>().join("/"));
        if let Some(act) = body.and_then(|body| act(&request, body)) {
            request.push(' ');
            request.push_str(&act);
        }
        Self { request, status }
    }

    /// The request, such as `PUT orders/*`.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The HTTP status of the response.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The method of the request.
    pub(super) fn method(&self) -> &str {
        self.request.split(' ').next().unwrap_or_default()
    }

    /// The path of the request, from the base URL of the Open Booking API or of the sandbox.
    pub(super) fn path(&self) -> &str {
        self.request.split(' ').nth(1).unwrap_or_default()
    }
}

impl fmt::Display for ExchangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.request, self.status)
    }
}

/// The path of a URL.
fn path(url: &str) -> &str {
    let from_host =
        url.split_once("://").map_or(url, |(_, rest)| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"));
    from_host.split('?').next().unwrap_or_default()
}

/// What the body of a request asks an endpoint for that does several things: a simulate action, or a grant.
fn act(request: &str, body: &str) -> Option<String> {
    if request.ends_with("/actions") {
        let body: Value = serde_json::from_str(body).ok()?;
        return body.get("@type").and_then(Value::as_str).map(|name| name.trim_start_matches("test:").to_owned());
    }
    if request.ends_with("/token") {
        let mut fields = url::form_urlencoded::parse(body.as_bytes());
        return fields.find(|(name, _)| name == "grant_type").map(|(_, value)| value.into_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_differ_by_what_is_requested_and_not_by_identifiers() {
        let uuid = "aeb0df29-27df-4ef7-b5e6-0c2d4d2a1e5b";
        let api = "http://127.0.0.1:1/api/openbooking";
        let action = r#"{"@type":"test:CustomerNoticeSimulateAction"}"#;
        for (method, url, body, kind) in [
            ("PUT", format!("{api}/orders/{uuid}"), None, "PUT orders/* 201"),
            ("GET", format!("{api}/orders-rpde?afterTimestamp=1"), None, "GET orders-rpde 201"),
            ("GET", "http://127.0.0.1:1/feeds/events".to_owned(), None, "GET feeds/events 201"),
            ("GET", "/openactive/".to_owned(), None, "GET openactive/ 201"),
            ("DELETE", format!("{api}/test-interface/datasets/uat"), None, "DELETE test-interface/datasets/* 201"),
            (
                "POST",
                format!("{api}/test-interface/actions"),
                Some(action),
                "POST test-interface/actions CustomerNoticeSimulateAction 201",
            ),
            (
                "POST",
                "/identity/token".to_owned(),
                Some("code=1&grant_type=authorization_code"),
                "POST identity/token authorization_code 201",
            ),
        ] {
            assert_eq!(ExchangeKind::of(method, &url, body, 201).to_string(), kind);
        }
    }
}
