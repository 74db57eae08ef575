//! Validation modes: what a document is for decides what it must have.

use crate::vocabulary::named_enumeration as named;

named! {
    /// What a document is for.
    "validation mode"
    pub enum ValidationMode {
        /// An item of an open feed.
        RpdeFeed = "RPDEFeed",
        /// An item of an open feed of a booking system.
        BookableRpdeFeed = "BookableRPDEFeed",
        /// The JSON-LD of a dataset site.
        DatasetSite = "DatasetSite",
        /// A data catalogue.
        DataCatalog = "DataCatalog",
        /// The request of C1.
        C1Request = "C1Request",
        /// The answer to C1.
        C1Response = "C1Response",
        /// The answer to C1 with errors on OrderItems.
        C1ResponseOrderItemError = "C1ResponseOrderItemError",
        /// The request of C2.
        C2Request = "C2Request",
        /// The answer to C2.
        C2Response = "C2Response",
        /// The answer to C2 with errors on OrderItems.
        C2ResponseOrderItemError = "C2ResponseOrderItemError",
        /// The request of P.
        PRequest = "PRequest",
        /// The answer to P.
        PResponse = "PResponse",
        /// The answer to P with errors on OrderItems.
        PResponseOrderItemError = "PResponseOrderItemError",
        /// The request of OrderProposal Update.
        OrderProposalPatch = "OrderProposalPatch",
        /// The request of B.
        BRequest = "BRequest",
        /// The request of B after P.
        BOrderProposalRequest = "BOrderProposalRequest",
        /// The answer to B.
        BResponse = "BResponse",
        /// The answer to B with errors on OrderItems.
        BResponseOrderItemError = "BResponseOrderItemError",
        /// The request of Order Cancellation.
        OrderPatch = "OrderPatch",
        /// An Order in the Orders feed.
        OrdersFeed = "OrdersFeed",
        /// An OrderProposal in the OrderProposals feed.
        OrderProposalsFeed = "OrderProposalsFeed",
        /// The answer of Order Status.
        OrderStatus = "OrderStatus",
        /// An error that is the whole answer.
        OpenBookingError = "OpenBookingError",
        /// A request to the Test Interface.
        TestInterface = "TestInterface",
        /// Nothing in particular: what types usually must have.
        Other = "Other",
    }
}

/// How many modes there are, the last of which is none in particular.
pub(super) const MODE_COUNT: usize = 25;

impl ValidationMode {
    /// Its number.
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// Requests of C1, C2, P and B.
    pub(super) const fn request(self) -> bool {
        matches!(self, Self::C1Request | Self::C2Request | Self::PRequest | Self::BRequest)
    }

    /// Answers of C1, C2, P and B.
    pub(super) const fn response(self) -> bool {
        matches!(
            self,
            Self::C1Response
                | Self::C1ResponseOrderItemError
                | Self::C2Response
                | Self::C2ResponseOrderItemError
                | Self::PResponse
                | Self::PResponseOrderItemError
                | Self::BResponse
                | Self::BResponseOrderItemError
        )
    }

    /// Everything that is about booking, but for the OrderProposals feed.
    pub(super) const fn booking(self) -> bool {
        self.request()
            || self.response()
            || matches!(
                self,
                Self::BOrderProposalRequest
                    | Self::OrderProposalPatch
                    | Self::OrderPatch
                    | Self::OrdersFeed
                    | Self::OrderStatus
            )
    }

    /// Open feeds.
    pub(super) const fn feed(self) -> bool {
        matches!(self, Self::RpdeFeed | Self::BookableRpdeFeed)
    }

    /// The mode of the same answer with errors on OrderItems.
    #[must_use]
    pub const fn with_item_errors(self) -> Self {
        match self {
            Self::C1Response => Self::C1ResponseOrderItemError,
            Self::C2Response => Self::C2ResponseOrderItemError,
            Self::PResponse => Self::PResponseOrderItemError,
            Self::BResponse => Self::BResponseOrderItemError,
            other => other,
        }
    }
}
