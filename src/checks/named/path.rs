//! Dotted paths: `totalPaymentDue.price`.

use serde_json::Value;

/// The value at a dotted path.
pub(super) fn at<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(document, |value, name| value.get(name))
}
