//! Where a requirement shows.

use super::named::named_enumeration as named;

named! {
    /// A request with its answer, a feed, or what lies beside them, in which a requirement shows.
    "place"
    pub enum Place {
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
