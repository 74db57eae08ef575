//! The feeds of one Booking Partner.

use super::named::named_enumeration as named;
use super::stage::Stage;

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
    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Orders => "Orders feed",
            Self::OrderProposals => "OrderProposals feed",
        }
    }

    /// The stage at which its items are judged.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Orders => Stage::OrdersFeed,
            Self::OrderProposals => Stage::ProposalsFeed,
        }
    }

    /// The path of the feed below the base URL of the Open Booking API.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Orders => "orders-rpde",
            Self::OrderProposals => "order-proposals-rpde",
        }
    }
}
