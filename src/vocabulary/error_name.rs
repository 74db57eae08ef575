//! Errors of the Open Booking API that tests provoke.

use super::named::named_enumeration as named;

named! {
    /// The `@type` of an error.
    "error"
    pub enum ErrorName {
        /// The details of the Broker are incomplete for its role.
        IncompleteBrokerDetails = "IncompleteBrokerDetailsError",
        /// The customer is not described.
        IncompleteCustomerDetails = "IncompleteCustomerDetailsError",
        /// The payment is not the one that was agreed.
        InvalidPaymentDetails = "InvalidPaymentDetailsError",
        /// A payment is needed.
        MissingPaymentDetails = "MissingPaymentDetailsError",
        /// A payment must not be made.
        UnnecessaryPaymentDetails = "UnnecessaryPaymentDetailsError",
        /// The payment has no identifier.
        IncompletePaymentDetails = "IncompletePaymentDetailsError",
        /// The total is another one.
        TotalPaymentDueMismatch = "TotalPaymentDueMismatchError",
        /// The customer may not cancel.
        CancellationNotPermitted = "CancellationNotPermittedError",
        /// A PATCH says more than it may.
        PatchContainsExcessiveProperties = "PatchContainsExcessivePropertiesError",
        /// A PATCH changes what it may not.
        PatchNotAllowedOnProperty = "PatchNotAllowedOnPropertyError",
        /// There are no credentials.
        Unauthenticated = "UnauthenticatedError",
        /// The credentials are for another Seller.
        InvalidAuthorizationDetails = "InvalidAuthorizationDetailsError",
        /// There is no such Order.
        UnknownOrder = "UnknownOrderError",
        /// There is no such endpoint.
        UnknownOrIncorrectEndpoint = "UnknownOrIncorrectEndpointError",
        /// The Order was deleted.
        Gone = "GoneError",
        /// There is not enough room.
        OpportunityHasInsufficientCapacity = "OpportunityHasInsufficientCapacityError",
        /// The room that is left is leased.
        OpportunityCapacityIsReservedByLease = "OpportunityCapacityIsReservedByLeaseError",
        /// There is no room at all.
        OpportunityIsFull = "OpportunityIsFullError",
        /// OrderItems do not go together.
        OpportunityIsInConflict = "OpportunityIsInConflictError",
        /// The opportunity cannot be booked with this offer now.
        OpportunityOfferPairNotBookable = "OpportunityOfferPairNotBookableError",
        /// The OrderItem lacks its opportunity or its offer.
        IncompleteOrderItem = "IncompleteOrderItemError",
        /// The attendee is not described.
        IncompleteAttendeeDetails = "IncompleteAttendeeDetailsError",
        /// A required field of an intake form is missing.
        IncompleteIntakeForm = "IncompleteIntakeFormError",
        /// A field of an intake form has an invalid value.
        InvalidIntakeForm = "InvalidIntakeFormError",
        /// The UUID belongs to another Order.
        OrderAlreadyExists = "OrderAlreadyExistsError",
        /// The OrderProposal cannot become an Order.
        OrderCreationFailed = "OrderCreationFailedError",
        /// The OrderProposal has been amended since.
        OrderProposalVersionOutdated = "OrderProposalVersionOutdatedError",
        /// The OrderItem belongs to another Seller.
        SellerMismatch = "SellerMismatchError",
        /// The OrderItem is not in this Order.
        OrderItemNotWithinOrder = "OrderItemNotWithinOrderError",
        /// There is no such OrderItem.
        OrderItemIdInvalid = "OrderItemIdInvalidError",
        /// The endpoint takes another type.
        UnexpectedOrderType = "UnexpectedOrderTypeError",
        /// There is no such Seller.
        SellerNotFound = "SellerNotFoundError",
        /// There is no such offer.
        UnknownOffer = "UnknownOfferError",
        /// There is no such opportunity.
        UnknownOpportunity = "UnknownOpportunityError",
        /// The offer is not one of the opportunity.
        UnacceptableOffer = "UnacceptableOfferError",
        /// Identifiers of opportunities and offers do not look like that.
        InvalidOpportunityOrOfferId = "InvalidOpportunityOrOfferIdError",
        /// The endpoint does not have this verb.
        MethodNotAllowed = "MethodNotAllowedError",
        /// The credentials are unknown, or over.
        InvalidApiToken = "InvalidAPITokenError",
    }
}

impl ErrorName {
    /// The HTTP status that belongs to it: <https://openactive.io/open-booking-api/EditorsDraft/#error-model>.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::IncompleteBrokerDetails
            | Self::IncompleteCustomerDetails
            | Self::InvalidPaymentDetails
            | Self::MissingPaymentDetails
            | Self::UnnecessaryPaymentDetails
            | Self::IncompletePaymentDetails
            | Self::TotalPaymentDueMismatch
            | Self::CancellationNotPermitted
            | Self::PatchContainsExcessiveProperties
            | Self::PatchNotAllowedOnProperty => 400,
            Self::InvalidAuthorizationDetails | Self::InvalidApiToken => 401,
            Self::Unauthenticated => 403,
            Self::UnknownOrder | Self::UnknownOrIncorrectEndpoint => 404,
            Self::MethodNotAllowed => 405,
            Self::Gone => 410,
            Self::OrderAlreadyExists
            | Self::OrderCreationFailed
            | Self::OrderProposalVersionOutdated
            | Self::SellerMismatch
            | Self::OrderItemNotWithinOrder
            | Self::OrderItemIdInvalid
            | Self::UnexpectedOrderType
            | Self::SellerNotFound => 500,
            _ => 409,
        }
    }

    /// `true` for an error of an OrderItem, `false` for one that is the whole response.
    #[must_use]
    pub const fn of_order_items(self) -> bool {
        self.status() == 409
    }
}
