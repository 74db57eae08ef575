//! What one part of a cell has seen of its Order so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::vocabulary::Stage;

use super::{OrderItem, Total};

/// A request that succeeded, and its response.
#[derive(Debug, Clone)]
pub struct Made {
    /// The path of the request below the base URL of the Open Booking API.
    pub path: String,
    /// The request body.
    pub body: Value,
    /// The status of the response.
    pub status: u16,
    /// The response body.
    pub answer: Value,
}

impl Made {
    /// `lease.leaseExpires` of the response.
    #[must_use]
    pub fn lease_expires(&self) -> Option<Value> {
        self.answer.pointer("/lease/leaseExpires").cloned()
    }
}

/// What one part of a cell has seen of its Order so far. Checks read it, and nothing else of the past.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The UUID of the Order.
    pub uuid: String,
    /// The customer of the requests.
    pub customer: Value,
    /// The OrderItems, once opportunities were found.
    pub items: Vec<OrderItem>,
    /// The remaining capacity that each opportunity had when it was found, by `@id`.
    pub fetched: BTreeMap<String, i64>,
    /// The remaining capacity that the feeds must show now, by `@id`.
    pub capacities: BTreeMap<String, i64>,
    /// Opportunities that an OrderQuote of this Order no longer has, with the capacity that they had before it.
    pub dropped: BTreeMap<String, i64>,
    /// The total of the last OrderQuote or OrderProposal.
    pub total: Total,
    /// The OrderQuote that C1 returned.
    pub c1: Option<Value>,
    /// The OrderProposal that P returned.
    pub proposal: Option<Value>,
    /// The version of the OrderProposal that its feed showed last.
    pub latest_version: Option<String>,
    /// The Order that B returned.
    pub booked: Option<Value>,
    /// The Order that another Booking Partner booked with the same UUID before.
    pub foreign: Option<Value>,
    /// The last B: its request body, and the status of its response.
    pub last_b: Option<(Value, u16)>,
    /// Whether C1 or C2 went before.
    pub quoted: bool,
    /// `@id`s of the OrderItems that the customer cancelled last.
    pub cancelled: Vec<String>,
    /// The last C1, C2 and P.
    pub made: BTreeMap<Stage, Made>,
    /// The request body of P.
    pub proposed: Option<Value>,
    /// What the Orders feed showed of the Order last.
    pub shown: Option<Value>,
    /// `@id`s of the OrderItems that the Orders feed has shown as cancelled.
    pub ended: BTreeSet<String>,
    /// Whether prices are left to Broker and Seller, so that responses need not have them.
    pub dynamic: bool,
    /// Whether the Seller has replaced what was booked, or changed its name, time or location.
    pub changed: bool,
}
