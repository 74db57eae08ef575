//! What C1, C2, P and B bring.

use serde_json::Value;

/// A response that is not an error of the whole request.
#[derive(Debug)]
pub(in crate::sandbox) struct Outcome {
    pub(in crate::sandbox) status: u16,
    pub(in crate::sandbox) body: Value,
}
