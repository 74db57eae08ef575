//! An update of an Order or OrderProposal in its feed.

use std::sync::Arc;

use serde_json::Value;

use crate::results::ExchangeId;

use super::page::{Item, Modified};

/// One update of an Order, as the feed showed it.
#[derive(Debug, Clone)]
pub struct OrderUpdate {
    /// `modified` of the item.
    pub modified: Modified,
    /// `kind`
    pub kind: Option<String>,
    /// `data`; none when the item is deleted.
    pub data: Option<Value>,
    /// `data` as it was sent.
    pub text: Option<Arc<str>>,
    /// Whether the page that brought it starts with a byte order mark.
    pub marked: bool,
    /// The exchange that brought it.
    pub exchange: u32,
}

impl OrderUpdate {
    /// What an item says of its Order.
    pub(crate) fn of(item: &Item, exchange: ExchangeId) -> Self {
        Self {
            modified: item.modified.clone(),
            kind: item.kind.clone(),
            data: item.data.as_ref().map(|data| serde_json::from_str(data).unwrap_or(Value::Null)),
            text: item.data.clone(),
            marked: item.marked,
            exchange,
        }
    }
}
