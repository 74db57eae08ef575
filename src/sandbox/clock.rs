//! Time, as feeds and Orders need it.

use jiff::{SignedDuration, Timestamp};

/// The present.
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

/// So much later than `at`; `at` itself where time ends.
pub(super) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}

/// RFC 3339 in UTC, whole seconds.
pub(super) fn text(at: Timestamp) -> String {
    format!("{at:.0}")
}
