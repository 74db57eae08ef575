//! One exchange, in full.

use crate::results::Exchange;

use super::curl::curl;
use super::escape::escape;

/// An exchange as text: how to repeat it, the request, the answer. Bodies that are JSON are laid out.
#[must_use]
pub fn to_exchange(exchange: &Exchange) -> String {
    let mut text = format!("# {} ({}, {} ms)\n", escape(&exchange.label), exchange.sent, exchange.duration_ms);
    if let Some(before) = exchange.retry_of {
        text.push_str(&format!("# Retry of exchange {before}\n"));
    }
    text.push_str(&curl(exchange));
    text.push_str("\n\n");
    text.push_str(&format!("{} {}\n", exchange.method, escape(&exchange.url)));
    headers(&exchange.request_headers, &mut text);
    body(exchange.request_body.as_deref().unwrap_or_default(), &mut text);
    match (&exchange.answer, &exchange.failure) {
        (Some(answer), _) => {
            text.push_str(&format!("HTTP {}\n", answer.status));
            headers(&answer.headers, &mut text);
            body(&answer.body, &mut text);
            if answer.truncated {
                text.push_str("(body truncated)\n");
            }
        }
        (None, Some(failure)) => text.push_str(&format!("no response: {}\n", escape(&failure.message))),
        (None, None) => text.push_str("no response\n"),
    }
    text
}

fn headers(headers: &[(String, String)], text: &mut String) {
    for (name, value) in headers {
        text.push_str(&format!("{}: {}\n", escape(name), escape(value)));
    }
    text.push('\n');
}

fn body(body: &str, text: &mut String) {
    if body.is_empty() {
        return;
    }
    let laid_out = serde_json::from_str::<serde_json::Value>(body)
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or_else(|| body.to_owned());
    for line in laid_out.lines() {
        text.push_str(&escape(line));
        text.push('\n');
    }
    text.push('\n');
}
