//! What a check looks at: a document, and what the cell saw before it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use crate::config::{Config, PaymentDetails};
use crate::opportunity::{id_of, integer};
use crate::results::Finding;
use crate::trace::OrderItem;
use crate::vocabulary::{Profile, Stage};

/// A document of the booking system, with what the cell saw before it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'s> {
    /// The stage at which the document was seen.
    pub stage: Stage,
    /// The document.
    pub body: &'s Value,
    /// The request that it reflects: at B after P, that of P.
    pub request: Option<&'s Value>,
    /// The request that it responds to, as sent.
    pub sent: Option<&'s Value>,
    /// The OrderItems that were requested, in the order of their positions.
    pub items: &'s [OrderItem],
    /// The first response of the booking: that of P, or of B.
    pub first: Option<&'s Value>,
    /// The Order that B returned.
    pub booked: Option<&'s Value>,
    /// The OrderProposal that P returned.
    pub proposal: Option<&'s Value>,
    /// The OrderQuote that C1 returned.
    pub c1: Option<&'s Value>,
    /// The previous item of the Orders feed with the Order.
    pub before: Option<&'s Value>,
    /// The version of the OrderProposal in the last item of its feed.
    pub latest_version: Option<&'s str>,
    /// `@id`s of the OrderItems that the customer cancelled last.
    pub cancelled: &'s [String],
    /// `@id`s of the OrderItems that the Orders feed has shown as cancelled.
    pub ended: &'s BTreeSet<String>,
    /// Whether the Seller has replaced or changed what was booked.
    pub replaced: bool,
    /// The customer of the requests.
    pub customer: &'s Value,
    /// The UUID of the Order.
    pub uuid: &'s str,
    /// The base URL of the Open Booking API.
    pub base: &'s str,
    /// The reconciliation details of the Seller.
    pub payment: Option<&'s PaymentDetails>,
    /// The configuration of the run.
    pub config: &'s Config,
    /// The moment at which the check is made.
    pub now: Timestamp,
    /// The profile of the run.
    pub profile: Profile,
    /// The section of the specification that the step belongs to.
    pub spec: &'s str,
}

impl<'s> Seen<'s> {
    /// Whether the run is a strict one.
    pub(super) fn strict(&self) -> bool {
        self.profile == Profile::Strict
    }

    /// The OrderItems that were requested, each with its index in the document and the OrderItem there.
    pub(super) fn asked(&self) -> impl Iterator<Item = (usize, &'s Value, &'s OrderItem)> + use<'s> {
        let requested = self.items;
        let earlier = match self.stage {
            Stage::B => self.proposal,
            Stage::OrderStatus => self.proposal.or(self.booked),
            _ => None,
        };
        items(self.body).iter().enumerate().filter_map(move |(index, item)| {
            let asked = match position_of(item) {
                Some(position) => requested.get(position),
                // Without positions an OrderItem is known by its opportunity, where no other one has it too.
                None => {
                    // B after P, and Order Status, have the `@id`s of the first response.
                    let proposed = earlier.and_then(|earlier| {
                        items(earlier).iter().find(|known| id(known).is_some() && id(known) == id(item))
                    });
                    let at_position = proposed.and_then(position_of).and_then(|position| requested.get(position));
                    at_position.or_else(|| {
                        let id = item.get("orderedItem").and_then(id_of)?;
                        let mut same = requested.iter().filter(|asked| asked.opportunity_id == id);
                        same.next().filter(|_| same.next().is_none())
                    })
                }
            }?;
            Some((index, item, asked))
        })
    }

    /// The OrderItem of the first response that has the same `@id`.
    pub(super) fn in_first(&self, item: &Value) -> Option<&'s Value> {
        let id = item.get("@id")?;
        items(self.booked.or(self.first)?).iter().find(|known| known.get("@id") == Some(id))
    }

    /// The response in which the OrderItems have positions: that of the first request of the booking.
    fn first_response<'v>(&self, document: &'v Value) -> &'v Value
    where
        's: 'v,
    {
        self.proposal.or(self.booked).unwrap_or(document)
    }

    /// The index of the OrderItem of a position in a document whose OrderItems may have no positions.
    pub(super) fn index_of(&self, document: &Value, position: usize) -> Option<usize> {
        let here = items(document);
        let at_position = |list: &[Value]| list.iter().position(|item| position_of(item) == Some(position));
        let first = items(self.first_response(document));
        let known = at_position(first).and_then(|index| first.get(index)).and_then(id);
        let by_id = known.and_then(|wanted| here.iter().position(|item| id(item) == Some(wanted)));
        by_id.or_else(|| at_position(here))
    }

    /// The OrderItems under test: position, index in the document, and the OrderItem itself, or a finding if it is missing.
    pub(super) fn under_test<'v>(
        &self,
        document: &'v Value,
    ) -> impl Iterator<Item = Result<(usize, usize, &'v Value), Box<Finding>>> + use<'v> {
        let under_test = self.items.iter().enumerate().filter(|(_, item)| !item.control);
        let found: Vec<_> = under_test
            .map(|(position, _)| {
                let index = self.index_of(document, position);
                let item = index.and_then(|index| Some((index, items(document).get(index)?)));
                item.map(|(index, item)| (position, index, item)).ok_or_else(|| missing(position).boxed())
            })
            .collect();
        found.into_iter()
    }
}

/// That a document lacks the OrderItem of a position.
pub(super) fn missing(position: usize) -> Finding {
    Finding::new(format!("the OrderItem at position {position} is not there"))
        .expected(format!("the OrderItem at position {position}, known by its @id"), "none")
        .path("orderedItem")
}

/// The OrderItems of a document.
#[must_use]
pub fn items(document: &Value) -> &[Value] {
    document.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// `@id` of an object.
pub(super) fn id(item: &Value) -> Option<&str> {
    item.get("@id").and_then(Value::as_str)
}

/// `position` of an OrderItem.
#[must_use]
pub fn position_of(item: &Value) -> Option<usize> {
    item.get("position").and_then(integer).and_then(|position| usize::try_from(position).ok())
}

/// `@id`s of the OrderItems of a document that are cancelled.
pub fn cancelled_items(document: &Value) -> impl Iterator<Item = &str> {
    items(document).iter().filter(|item| is_cancelled(item)).filter_map(id)
}

/// Whether the customer or the Seller has cancelled an OrderItem.
pub(super) fn is_cancelled(item: &Value) -> bool {
    let status = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
    status.ends_with("CustomerCancelled") || status.ends_with("SellerCancelled")
}

/// The types of the errors of an OrderItem.
pub fn errors(item: &Value) -> impl Iterator<Item = &str> {
    let errors = item.get("error").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| error.get("@type").and_then(Value::as_str))
}
