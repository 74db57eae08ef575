//! The stages of a booking, and the other places at which something of a booking system can be observed.

use super::named::named_enumeration as named;

named! {
    /// A kind of request with its response, a feed, or another part of a booking system at which a requirement can be
    /// observed.
    "stage"
    pub enum Stage {
        /// C1: OrderQuote Creation without a customer.
        C1 = "c1",
        /// C2: OrderQuote Creation with a customer.
        C2 = "c2",
        /// P: OrderProposal Creation.
        P = "p",
        /// B: Order Creation.
        B = "b",
        /// Order Cancellation.
        OrderPatch = "order-patch",
        /// OrderProposal Update.
        ProposalPatch = "proposal-patch",
        /// Order Deletion.
        OrderDelete = "order-delete",
        /// OrderQuote Deletion.
        QuoteDelete = "quote-delete",
        /// Order Status.
        OrderStatus = "order-status",
        /// The Orders feed.
        OrdersFeed = "orders-feed",
        /// The OrderProposals feed.
        ProposalsFeed = "proposals-feed",
        /// A feed of opportunities.
        OpportunityFeed = "opportunity-feed",
        /// The dataset site.
        DatasetSite = "dataset-site",
        /// Authentication.
        Auth = "auth",
        /// The Test Interface.
        TestInterface = "test-interface",
        /// Everywhere.
        Any = "any",
    }
}

impl Stage {
    /// Subject of findings that name no property.
    #[must_use]
    pub const fn subject(self) -> &'static str {
        match self {
            Self::C1 => "C1 response",
            Self::C2 => "C2 response",
            Self::P => "P response",
            Self::B => "B response",
            Self::OrderPatch => "Order Cancellation response",
            Self::ProposalPatch => "OrderProposal Update response",
            Self::OrderDelete => "Order Deletion response",
            Self::QuoteDelete => "OrderQuote Deletion response",
            Self::OrderStatus => "Order Status response",
            Self::OrdersFeed => "Orders feed",
            Self::ProposalsFeed => "OrderProposals feed",
            Self::OpportunityFeed => "opportunity feed",
            Self::DatasetSite => "dataset site",
            Self::Auth => "authentication",
            Self::TestInterface => "Test Interface response",
            Self::Any => "response",
        }
    }
}
