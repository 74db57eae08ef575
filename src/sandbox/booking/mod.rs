//! C1, C2, P and B.

mod change;
mod check;
mod commit;
mod outcome;
mod render;
mod request;

pub(super) use change::{delete_order, delete_quote, keep_taken, patch_order, patch_proposal, status};
pub(super) use commit::{new_version, put};
pub(super) use outcome::Outcome;
pub(super) use render::{orders_feed_item, proposals_feed_item};

use crate::vocabulary::named_enumeration as named;

named! {
    /// An operation that takes an Order of some kind.
    "operation"
    pub(super) enum Operation {
        /// `PUT order-quote-templates`
        C1 = "C1",
        /// `PUT order-quotes`
        C2 = "C2",
        /// `PUT order-proposals`
        P = "P",
        /// `PUT orders`
        B = "B",
    }
}

impl Operation {
    /// `@type` of its request and its response.
    pub(super) const fn json_type(self) -> &'static str {
        match self {
            Self::C1 | Self::C2 => "OrderQuote",
            Self::P => "OrderProposal",
            Self::B => "Order",
        }
    }

    /// Whether it commits the customer to something.
    pub(super) const fn books(self) -> bool {
        matches!(self, Self::P | Self::B)
    }
}
