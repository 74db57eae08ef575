//! When a request is sent again, and how long the client waits before it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;

/// The shortest wait before a request is retried after a `Retry-After`.
const SHORTEST: Duration = Duration::from_millis(500);

/// The wait that `Retry-After` asks for: seconds, or an HTTP-date that is reckoned from `now`. `None` when it is neither.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let asked = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        // More digits than a number of 64 bits has are still digits.
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => Duration::MAX,
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(date.duration_since(now).max(SignedDuration::ZERO)).ok()?
        }
    };
    Some(asked.max(SHORTEST))
}

/// The wait that a response asks for: `Retry-After` of a 429 or 503.
pub(super) fn wait_of(status: Option<u16>, retry: Option<&str>, now: Timestamp) -> Option<Duration> {
    matches!(status, Some(429 | 503)).then(|| retry_after(retry?, now)).flatten()
}

/// Whether a method may be sent again when the connection was closed before a response: it is idempotent.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2>
pub(super) fn idempotent(method: &Method) -> bool {
    method.is_idempotent()
}

/// Whether a connection was closed before a response, or the beginning of one, had come.
pub(super) fn closed_before_response(error: &reqwest::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    if error.is_connect() || error.is_timeout() || error.is_builder() {
        return false;
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_incomplete_message() || error.is_closed())
        {
            return true;
        }
        let broken = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if matches!(broken, Some(BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)) {
            return true;
        }
        source = cause.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::Method;

    use super::{SHORTEST, idempotent, retry_after, wait_of};

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        for (value, expected) in [
            ("7", Some(Duration::from_secs(7))),
            (" 120 ", Some(Duration::from_secs(120))),
            ("0", Some(SHORTEST)),
            ("99999999999999999999999", Some(Duration::MAX)),
            ("Tue, 01 Jan 2030 00:00:30 GMT", Some(Duration::from_secs(30))),
            ("Mon, 31 Dec 2029 23:00:00 GMT", Some(SHORTEST)),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(value, now), expected, "{value:?}");
        }
    }

    #[test]
    fn only_a_429_or_503_asks_for_a_wait() {
        let now = Timestamp::UNIX_EPOCH;
        for (status, expected) in [(429, true), (503, true), (500, false), (301, false), (200, false)] {
            assert_eq!(wait_of(Some(status), Some("3"), now).is_some(), expected, "{status}");
        }
        assert_eq!(wait_of(Some(503), None, now), None);
        assert_eq!(wait_of(None, Some("3"), now), None);
    }

    #[test]
    fn methods_that_may_be_sent_again_are_idempotent() {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            assert!(idempotent(&method), "{method}");
        }
        for method in [Method::POST, Method::PATCH] {
            assert!(!idempotent(&method), "{method}");
        }
    }
}
