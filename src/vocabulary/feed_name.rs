//! The feeds of one Booking Partner.

use super::named::named_enumeration as named;

named! {
    /// A feed of one Booking Partner.
    "feed"
    pub enum FeedName {
        /// `{base}/orders-rpde`
        Orders = "orders-feed",
        /// `{base}/order-proposals-rpde`
        OrderProposals = "order-proposals-feed",
    }
}

impl FeedName {
    /// What it is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Orders => "Orders feed",
            Self::OrderProposals => "OrderProposals feed",
        }
    }
}
