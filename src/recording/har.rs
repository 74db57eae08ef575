//! HAR 1.2, the HTTP Archive format that browsers, proxies and HTTP libraries write.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

use crate::client::Redactor;
use crate::error::Error;
use crate::results::{Answer, Exchange, ExchangeId, Failure, FailureKind};

/// Recorded exchanges.
#[derive(Debug, Default)]
pub struct Recording {
    /// The exchanges by the time at which they were sent, numbered from 1, without secrets.
    pub exchanges: Vec<Exchange>,
    /// Exchanges whose response contains credentials of the request.
    pub repeats_credentials: BTreeSet<ExchangeId>,
}

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    started_date_time: String,
    #[serde(default)]
    time: f64,
    request: Sent,
    response: Received,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    post_data: Option<Posted>,
}

#[derive(Deserialize)]
struct Posted {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Received {
    status: i64,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    content: Content,
    /// Chromium says here why no response came.
    #[serde(rename = "_error")]
    error: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: Option<i64>,
    mime_type: Option<String>,
    text: Option<String>,
    encoding: Option<String>,
}

/// An exchange with its secrets.
struct Recorded {
    exchange: Exchange,
    at: Timestamp,
}

/// Reads recordings, and hides what `redactor` knows and learns from them.
///
/// # Errors
/// A file that cannot be read, or is no HAR.
pub fn read(files: &[impl AsRef<Path>], redactor: &Redactor) -> Result<Recording, Error> {
    let mut recorded = Vec::new();
    for file in files {
        let file = file.as_ref();
        let bytes = std::fs::read(file).map_err(|error| Error::file("read", file, error))?;
        let invalid = |reason: String| {
            Error::usage(format!("{} is not a HAR file: {reason}", file.display()))
                .hint("HAR 1.2 is required: docs/recordings.md lists the members that are read")
        };
        recorded.extend(entries(&bytes).map_err(invalid)?);
    }
    recorded.sort_by_key(|recorded| recorded.at);
    Ok(redacted(recorded, redactor))
}

fn entries(bytes: &[u8]) -> Result<Vec<Recorded>, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let archive: Archive = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let entries = archive.log.entries.into_iter().enumerate();
    entries.map(|(number, entry)| recorded(entry).map_err(|reason| format!("entry {number}: {reason}"))).collect()
}

fn recorded(entry: Entry) -> Result<Recorded, String> {
    let Entry { started_date_time: started, time, request, response } = entry;
    let at: Timestamp =
        started.parse().map_err(|_| format!("`startedDateTime` is not a date and time with an offset: {started}"))?;
    let mut exchange = Exchange {
        id: 0,
        label: String::new(),
        feed: None,
        method: request.method.to_ascii_uppercase(),
        url: request.url,
        request_headers: headers(request.headers),
        request_body: request.post_data.and_then(|posted| posted.text).filter(|text| !text.is_empty()),
        answer: None,
        failure: None,
        sent: at.to_string(),
        duration_ms: milliseconds(time),
        retry_of: None,
    };
    match u16::try_from(response.status) {
        Ok(status @ 100..) => exchange.answer = Some(answer(status, response)?),
        _ => {
            let message = response.error.unwrap_or_else(|| "no response is recorded".to_owned());
            exchange.failure = Some(Failure { kind: FailureKind::Broken, message });
        }
    }
    Ok(Recorded { exchange, at })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded before")]
const fn milliseconds(time: f64) -> u64 {
    if time > 0.0 && time < 1e12 { time as u64 } else { 0 }
}

/// Headers without the pseudo-headers of HTTP/2.
fn headers(headers: Vec<Header>) -> Vec<(String, String)> {
    let headers = headers.into_iter().filter(|header| !header.name.starts_with(':'));
    headers.map(|header| (header.name.to_ascii_lowercase(), header.value)).collect()
}

fn answer(status: u16, response: Received) -> Result<Answer, String> {
    let Content { size, mime_type, text, encoding } = response.content;
    let mut headers = headers(response.headers);
    if let Some(media_type) = mime_type.filter(|media_type| !media_type.is_empty() && media_type != "x-unknown")
        && !headers.iter().any(|(name, _)| name == "content-type")
    {
        headers.push(("content-type".to_owned(), media_type));
    }
    let kept = text.is_some() || size.is_none_or(|size| size <= 0);
    let body = match (text.unwrap_or_default(), encoding.as_deref()) {
        (text, None | Some("")) => text,
        (text, Some(encoding)) if encoding.eq_ignore_ascii_case("base64") => {
            let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            let bytes = STANDARD.decode(packed).map_err(|error| format!("the response is not Base64: {error}"))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        (_, Some(encoding)) => return Err(format!("the encoding of the response is {encoding}; expected base64")),
    };
    Ok(Answer { status, redirected_to: None, headers, body, truncated: !kept })
}

/// The secret in a header that has nothing but a secret, perhaps after a scheme.
fn credentials(value: &str) -> &str {
    value.split_once(' ').map_or(value, |(_, rest)| rest).trim()
}

fn redacted(recorded: Vec<Recorded>, redactor: &Redactor) -> Recording {
    let mut recording = Recording::default();
    // A secret may stand in an exchange before the one that shows that it is one.
    for Recorded { exchange, .. } in &recorded {
        let body = exchange.request_body.as_deref().unwrap_or_default();
        redactor.learn_from_request(&exchange.url, body.as_bytes(), &[]);
        for (name, value) in &exchange.request_headers {
            if redactor.hides_header(name) {
                redactor.learn(credentials(value));
            }
        }
        if let Some(answer) = &exchange.answer {
            let mut location = reqwest::header::HeaderMap::new();
            let found = answer.headers.iter().find(|(name, _)| name == "location");
            if let Some(value) = found.and_then(|(_, value)| value.parse().ok()) {
                location.insert(reqwest::header::LOCATION, value);
            }
            redactor.learn_from_answer(&location, answer.body.as_bytes());
        }
    }
    for (id, Recorded { mut exchange, .. }) in (1..).zip(recorded) {
        exchange.id = id;
        let body = exchange.answer.as_ref().map(|answer| answer.body.as_str()).unwrap_or_default();
        let secrets = exchange.request_headers.iter().filter(|(name, _)| redactor.hides_header(name));
        if { secrets }.any(|(_, value)| credentials(value).len() > 5 && body.contains(credentials(value))) {
            recording.repeats_credentials.insert(id);
        }
        let hide = |headers: &mut Vec<(String, String)>| {
            for (name, value) in headers {
                *value = redactor.header(name, value);
            }
        };
        exchange.url = redactor.url(&exchange.url);
        hide(&mut exchange.request_headers);
        if let Some(body) = &mut exchange.request_body {
            *body = redactor.text(body).into_owned();
        }
        if let Some(answer) = &mut exchange.answer {
            hide(&mut answer.headers);
            answer.body = redactor.text(&answer.body).into_owned();
        }
        if let Some(failure) = &mut exchange.failure {
            failure.message = redactor.text(&failure.message).into_owned();
        }
        recording.exchanges.push(exchange);
    }
    recording
}

#[cfg(test)]
mod tests {
    use super::{entries, redacted};
    use crate::client::Redactor;

    fn archive(entry: &str) -> String {
        format!(r#"{{"log":{{"version":"1.2","entries":[{entry}]}}}}"#)
    }

    #[test]
    fn an_entry_becomes_an_exchange_without_secrets() {
        let text = archive(
            r#"{"startedDateTime":"2030-01-01T10:00:00.5+01:00","time":12.7,
            "request":{"method":"put","url":"https://a.example/orders/1","headers":[
              {"name":":path","value":"/"},{"name":"Authorization","value":"Bearer token-0123456789"}],
              "postData":{"mimeType":"application/json","text":"{}"}},
            "response":{"status":401,"headers":[],"content":{"mimeType":"application/json","encoding":"base64",
              "text":"eyJhIjoidG9rZW4tMDEyMzQ1Njc4OSJ9"}}}"#,
        );
        let recording = redacted(entries(text.as_bytes()).unwrap(), &Redactor::default());
        let exchange = &recording.exchanges[0];
        assert_eq!((exchange.id, exchange.method.as_str(), exchange.duration_ms), (1, "PUT", 12));
        assert_eq!(exchange.sent, "2030-01-01T09:00:00.5Z");
        assert_eq!(exchange.request_headers, [("authorization".to_owned(), "***1".to_owned())]);
        let answer = exchange.answer.as_ref().unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (401, r#"{"a":"***1"}"#));
        assert_eq!(answer.headers, [("content-type".to_owned(), "application/json".to_owned())]);
        assert!(recording.repeats_credentials.contains(&1));
    }

    #[test]
    fn what_is_no_har_is_refused_with_a_reason() {
        for (text, reason) in [
            ("7", "invalid type"),
            (r#"{"log":{}}"#, "missing field `entries`"),
            (
                &archive(r#"{"startedDateTime":"now","request":{"method":"GET","url":"u"},"response":{"status":200}}"#),
                "entry 0: `startedDateTime`",
            ),
            (
                &archive(
                    r#"{"startedDateTime":"2030-01-01T00:00:00Z","request":{"method":"GET","url":"u"},"response":{"status":200,"content":{"text":"!","encoding":"base64"}}}"#,
                ),
                "entry 0: the response is not Base64",
            ),
        ] {
            let error = entries(text.as_bytes()).err().unwrap();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn bodies_that_were_not_kept_and_responses_that_are_missing_are_reported() {
        let entry = |response: &str| {
            let text = archive(&format!(
                r#"{{"startedDateTime":"2030-01-01T00:00:00Z","request":{{"method":"GET","url":"u"}},"response":{response}}}"#
            ));
            redacted(entries(text.as_bytes()).unwrap(), &Redactor::default()).exchanges.remove(0)
        };
        assert!(entry(r#"{"status":200,"content":{"size":10}}"#).answer.unwrap().truncated);
        assert!(!entry(r#"{"status":204,"content":{"size":0}}"#).answer.unwrap().truncated);
        let failed = entry(r#"{"status":0,"_error":"net::ERR_FAILED"}"#);
        assert_eq!(failed.failure.unwrap().message, "net::ERR_FAILED");
    }
}
