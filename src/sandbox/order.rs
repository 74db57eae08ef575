//! Orders: quotes, proposals and bookings under one UUID of one Booking Partner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::vocabulary::{CompressedText, named_enumeration as named, openactive};

use super::access::Access;
use super::offer::Offer;

/// Whose, and which.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct OrderKey {
    /// The Booking Partner.
    pub(super) client: String,
    /// The UUID in lower case.
    pub(super) uuid: String,
}

named! {
    /// `orderProposalStatus`
    "proposal status"
    pub(super) enum ProposalStatus {
        /// The Seller has not responded.
        Awaiting = "AwaitingSellerConfirmation",
        /// The Seller accepted.
        Accepted = "SellerAccepted",
        /// The Seller rejected.
        SellerRejected = "SellerRejected",
        /// The customer changed their mind.
        CustomerRejected = "CustomerRejected",
    }
}

named! {
    /// `orderItemStatus`
    "item status"
    pub(super) enum ItemStatus {
        /// Booked.
        Confirmed = "OrderItemConfirmed",
        /// The customer cancelled.
        CustomerCancelled = "CustomerCancelled",
        /// The Seller cancelled.
        SellerCancelled = "SellerCancelled",
        /// The attendee came.
        Attended = "AttendeeAttended",
        /// The attendee was absent.
        Absent = "AttendeeAbsent",
    }
}

impl ItemStatus {
    /// The value of `orderItemStatus`.
    pub(super) fn iri(self) -> String {
        openactive(self.name())
    }

    /// Whether it is cancelled, by whomever.
    pub(super) const fn cancelled(self) -> bool {
        matches!(self, Self::CustomerCancelled | Self::SellerCancelled)
    }
}

/// State of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum OrderStage {
    /// C1 or C2.
    Quote,
    /// P.
    Proposal(ProposalStatus),
    /// B.
    Order,
    /// It was deleted; the UUID stays taken.
    Deleted,
}

/// A request whose success is returned again, word for word, when it is repeated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Success {
    /// SHA-256 of the request in canonical form, in Base64.
    pub(super) fingerprint: String,
    /// The response, which is seldom read again.
    pub(super) body: CompressedText,
}

/// Members of every response about an Order except its items.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Parties {
    pub(super) broker_role: Value,
    pub(super) broker: Option<Value>,
    pub(super) customer: Option<Value>,
    pub(super) payment: Option<Value>,
}

impl Parties {
    /// Whether the buyer is a business: a Broker that resells, or a customer that is an Organization.
    pub(super) fn business(&self) -> bool {
        self.reseller() || self.organization()
    }

    /// Whether the buyer is a Broker that resells.
    pub(super) fn reseller(&self) -> bool {
        self.broker_role.as_str() == Some(&openactive("ResellerBroker"))
    }

    /// Whether prices are left to Broker and Seller.
    pub(super) fn dynamic(&self) -> bool {
        let kind = self.payment.as_ref().and_then(|payment| payment.get("@type"));
        kind.and_then(Value::as_str) == Some("DynamicPayment")
    }

    fn organization(&self) -> bool {
        let organization = |customer: &Value| customer.get("@type").and_then(Value::as_str) == Some("Organization");
        self.customer.as_ref().is_some_and(organization)
    }
}

/// A record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) stage: OrderStage,
    /// Place of the Seller in the list of Sellers.
    pub(super) seller: usize,
    pub(super) items: Vec<OrderItem>,
    pub(super) lease_until: Option<Timestamp>,
    pub(super) parties: Parties,
    /// `orderProposalVersion`
    pub(super) version: Option<String>,
    /// `orderCustomerNote`, which no feed shows.
    pub(super) customer_note: Option<String>,
    /// Of P.
    pub(super) proposed: Option<Success>,
    /// Of B.
    pub(super) booked: Option<Success>,
}

/// An item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OrderItem {
    pub(super) number: usize,
    /// `position` as the Broker sent it.
    pub(super) position: Value,
    pub(super) opportunity: u64,
    pub(super) offer: Offer,
    pub(super) status: ItemStatus,
    /// Access codes, passes and channel, from B on.
    pub(super) access: Option<Access>,
    pub(super) attendee: Option<Value>,
    /// `orderItemIntakeFormResponse`
    pub(super) intake: Option<Value>,
    pub(super) cancellation_message: Option<String>,
    pub(super) customer_notice: Option<String>,
}

/// How an Order weighs on the capacity of an opportunity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Items booked.
    pub(super) booked: i64,
    /// Items held by a lease.
    pub(super) held: i64,
}

impl Weight {
    /// Both together.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self { booked: self.booked + other.booked, held: self.held + other.held }
    }

    /// The difference.
    pub(super) const fn minus(self, other: Self) -> Self {
        Self { booked: self.booked - other.booked, held: self.held - other.held }
    }
}

impl Order {
    /// How it weighs on an opportunity.
    pub(super) fn weight(&self, opportunity: u64) -> Weight {
        let on_it = self.items.iter().filter(|item| item.opportunity == opportunity && !item.status.cancelled());
        let count = i64::try_from(on_it.count()).unwrap_or(i64::MAX);
        match self.stage {
            OrderStage::Order => Weight { booked: count, held: 0 },
            OrderStage::Quote | OrderStage::Proposal(_) if self.lease_until.is_some() => {
                Weight { booked: 0, held: count }
            }
            _ => Weight::default(),
        }
    }

    /// The opportunities of its items, each once.
    pub(super) fn opportunities(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.items.iter().map(|item| item.opportunity).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
