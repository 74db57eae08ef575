//! Who the document is.

use serde_json::Value;

use crate::results::Finding;
use crate::run::checks::shown;
use crate::vocabulary::Place;

use super::Document;

/// `@id` is the URL by which the OrderQuote, OrderProposal or Order is known.
pub(super) fn own_url(document: &Document<'_>) -> Option<Finding> {
    let collection = match document.place {
        Place::P => "order-proposals",
        Place::B => "orders",
        _ => "order-quotes",
    };
    let wanted = format!("{}/{collection}/{}", document.base.trim_end_matches('/'), document.uuid);
    let found = document.body.get("@id");
    (found.and_then(Value::as_str) != Some(&wanted))
        .then(|| Finding::new("@id is not the URL of the document").expected(wanted, shown(found)).path("@id"))
}

/// `@type` is what was asked for.
pub(super) fn root_type(document: &Document<'_>) -> Option<Finding> {
    let wanted = match document.place {
        Place::C1 | Place::C2 => "OrderQuote",
        Place::P | Place::ProposalsFeed => "OrderProposal",
        _ => "Order",
    };
    let found = document.body.get("@type");
    (found.and_then(Value::as_str) != Some(wanted))
        .then(|| Finding::new("the document is of another type").expected(wanted, shown(found)).path("@type"))
}
