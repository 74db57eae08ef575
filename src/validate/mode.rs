//! Validation modes: the purpose of a document decides which properties it requires.

use crate::vocabulary::named_enumeration as named;

named! {
    /// The purpose of a document.
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
        /// The response of C1.
        C1Response = "C1Response",
        /// The response of C1 with errors on OrderItems.
        C1ResponseOrderItemError = "C1ResponseOrderItemError",
        /// The request of C2.
        C2Request = "C2Request",
        /// The response of C2.
        C2Response = "C2Response",
        /// The response of C2 with errors on OrderItems.
        C2ResponseOrderItemError = "C2ResponseOrderItemError",
        /// The request of P.
        PRequest = "PRequest",
        /// The response of P.
        PResponse = "PResponse",
        /// The response of P with errors on OrderItems.
        PResponseOrderItemError = "PResponseOrderItemError",
        /// The request of OrderProposal Update.
        OrderProposalPatch = "OrderProposalPatch",
        /// The request of B.
        BRequest = "BRequest",
        /// The request of B after P.
        BOrderProposalRequest = "BOrderProposalRequest",
        /// The response of B.
        BResponse = "BResponse",
        /// The response of B with errors on OrderItems.
        BResponseOrderItemError = "BResponseOrderItemError",
        /// The request of Order Cancellation.
        OrderPatch = "OrderPatch",
        /// An Order in the Orders feed.
        OrdersFeed = "OrdersFeed",
        /// An OrderProposal in the OrderProposals feed.
        OrderProposalsFeed = "OrderProposalsFeed",
        /// The response of Order Status.
        OrderStatus = "OrderStatus",
        /// An error response.
        OpenBookingError = "OpenBookingError",
        /// A request to the Test Interface.
        TestInterface = "TestInterface",
        /// No particular purpose: the general requirements of each type.
        Other = "Other",
    }
}

/// Number of modes.
pub(super) const MODE_COUNT: usize = 25;

impl ValidationMode {
    /// The index of the mode.
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// `true` for requests of C1, C2, P and B.
    pub(super) const fn request(self) -> bool {
        matches!(self, Self::C1Request | Self::C2Request | Self::PRequest | Self::BRequest)
    }

    /// `true` for responses of C1, C2, P and B.
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

    /// `true` for each mode of booking except the OrderProposals feed, as in the public validator.
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

    /// `true` for open feeds.
    pub(super) const fn feed(self) -> bool {
        matches!(self, Self::RpdeFeed | Self::BookableRpdeFeed)
    }

    /// The mode of the same response with errors on OrderItems.
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
