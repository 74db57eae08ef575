//! OrderItems, as a cell requests them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The prefix of the extension properties that requests may have: no booking system can know it.
pub const EXTENSION: &str = "oatest:";

/// An OrderItem to request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderItem {
    /// The opportunity with its parents embedded, as the feeds showed it.
    pub opportunity: Value,
    /// The `@id` of the opportunity.
    pub opportunity_id: String,
    /// The `@id` of the offer that is accepted.
    pub offer_id: String,
    /// The offer that is accepted.
    pub offer: Value,
    /// Whether it is a control item, with which nothing is wrong.
    pub control: bool,
}

/// Whether an offer is an OfferOverride of the Broker.
#[must_use]
pub fn is_override(offer: &Value) -> bool {
    offer.get("@type").and_then(Value::as_str) == Some("OfferOverride")
}
