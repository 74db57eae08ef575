//! Errors of the Open Booking API, with the status that belongs to each.

use axum::http::Method;
use serde_json::{Value, json};

use crate::vocabulary::{OPENACTIVE_CONTEXT, named_enumeration as named};

named! {
    /// The type of an error.
    "error type"
    pub(super) enum ErrorType {
        /// Anything without a type of its own.
        OpenBooking = "OpenBookingError",
        /// The Broker is not described.
        IncompleteBrokerDetails = "IncompleteBrokerDetailsError",
        /// The customer is not described.
        IncompleteCustomerDetails = "IncompleteCustomerDetailsError",
        /// A payment is needed.
        MissingPaymentDetails = "MissingPaymentDetailsError",
        /// A payment must not be made.
        UnnecessaryPaymentDetails = "UnnecessaryPaymentDetailsError",
        /// The payment is not the one that was agreed.
        InvalidPaymentDetails = "InvalidPaymentDetailsError",
        /// The customer may not cancel.
        CancellationNotPermitted = "CancellationNotPermittedError",
        /// The PATCH says more than it may.
        PatchContainsExcessiveProperties = "PatchContainsExcessivePropertiesError",
        /// The PATCH changes what it may not.
        PatchNotAllowedOnProperty = "PatchNotAllowedOnPropertyError",
        /// The payment has no identifier.
        IncompletePaymentDetails = "IncompletePaymentDetailsError",
        /// The total is another.
        TotalPaymentDueMismatch = "TotalPaymentDueMismatchError",
        /// The credentials are unknown.
        InvalidApiToken = "InvalidAPITokenError",
        /// The credentials are for another Seller.
        InvalidAuthorizationDetails = "InvalidAuthorizationDetailsError",
        /// There is no API key. Only a variant says so.
        NoApiToken = "NoAPITokenError",
        /// OrderItems have errors, which C2 lists. Only a variant returns it.
        UnableToProcessOrderItem = "UnableToProcessOrderItemError",
        /// There are no credentials.
        Unauthenticated = "UnauthenticatedError",
        /// No such Order.
        UnknownOrder = "UnknownOrderError",
        /// No such endpoint.
        UnknownOrIncorrectEndpoint = "UnknownOrIncorrectEndpointError",
        /// It was deleted.
        Gone = "GoneError",
        /// No such thing.
        NotFound = "NotFoundError",
        /// Not with this method.
        MethodNotAllowed = "MethodNotAllowedError",
        /// Not enough room.
        OpportunityHasInsufficientCapacity = "OpportunityHasInsufficientCapacityError",
        /// The room is leased.
        OpportunityCapacityIsReservedByLease = "OpportunityCapacityIsReservedByLeaseError",
        /// No room at all.
        OpportunityIsFull = "OpportunityIsFullError",
        /// The items do not go together.
        OpportunityIsInConflict = "OpportunityIsInConflictError",
        /// The pair cannot be booked now.
        OpportunityOfferPairNotBookable = "OpportunityOfferPairNotBookableError",
        /// The item lacks opportunity or offer.
        IncompleteOrderItem = "IncompleteOrderItemError",
        /// The attendee is not described.
        IncompleteAttendeeDetails = "IncompleteAttendeeDetailsError",
        /// The intake form is not filled in.
        IncompleteIntakeForm = "IncompleteIntakeFormError",
        /// The intake form is filled in wrongly.
        InvalidIntakeForm = "InvalidIntakeFormError",
        /// No such opportunity.
        UnknownOpportunity = "UnknownOpportunityError",
        /// No such offer.
        UnknownOffer = "UnknownOfferError",
        /// The offer is of another opportunity.
        UnacceptableOffer = "UnacceptableOfferError",
        /// An identifier that this system never gave.
        InvalidOpportunityOrOfferId = "InvalidOpportunityOrOfferIdError",
        /// The UUID is taken.
        OrderAlreadyExists = "OrderAlreadyExistsError",
        /// The Order cannot be made.
        OrderCreationFailed = "OrderCreationFailedError",
        /// The proposal has a newer version.
        OrderProposalVersionOutdated = "OrderProposalVersionOutdatedError",
        /// The body is of another type.
        UnexpectedOrderType = "UnexpectedOrderTypeError",
        /// No such Seller.
        SellerNotFound = "SellerNotFoundError",
        /// The OrderItem is of another Order.
        OrderItemNotWithinOrder = "OrderItemNotWithinOrderError",
        /// No such OrderItem.
        OrderItemIdInvalid = "OrderItemIdInvalidError",
        /// Something of another Seller.
        SellerMismatch = "SellerMismatchError",
        /// An unspecific internal error. Only a fault returns it.
        Internal = "InternalOpenBookingError",
        /// Something broke.
        InternalApplication = "InternalApplicationError",
    }
}

impl ErrorType {
    /// Its name in words, which is the same for all errors of the type.
    pub(super) fn words(self) -> String {
        let name = self.name().trim_end_matches("Error").replace("API", "Api");
        let mut words = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !words.is_empty() {
                words.push(' ');
                words.push(letter.to_ascii_lowercase());
            } else {
                words.push(letter);
            }
        }
        words
    }

    /// The HTTP status.
    pub(super) const fn status(self) -> u16 {
        match self {
            Self::OpenBooking
            | Self::IncompleteBrokerDetails
            | Self::IncompleteCustomerDetails
            | Self::MissingPaymentDetails
            | Self::UnnecessaryPaymentDetails
            | Self::IncompletePaymentDetails
            | Self::InvalidPaymentDetails
            | Self::CancellationNotPermitted
            | Self::PatchContainsExcessiveProperties
            | Self::PatchNotAllowedOnProperty
            | Self::TotalPaymentDueMismatch => 400,
            Self::InvalidApiToken | Self::InvalidAuthorizationDetails => 401,
            Self::NoApiToken | Self::Unauthenticated => 403,
            Self::UnknownOrder | Self::UnknownOrIncorrectEndpoint | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Gone => 410,
            Self::OpportunityHasInsufficientCapacity
            | Self::UnableToProcessOrderItem
            | Self::OpportunityCapacityIsReservedByLease
            | Self::OpportunityIsFull
            | Self::OpportunityIsInConflict
            | Self::OpportunityOfferPairNotBookable
            | Self::IncompleteOrderItem
            | Self::IncompleteAttendeeDetails
            | Self::IncompleteIntakeForm
            | Self::InvalidIntakeForm
            | Self::UnknownOpportunity
            | Self::UnknownOffer
            | Self::UnacceptableOffer
            | Self::InvalidOpportunityOrOfferId => 409,
            Self::OrderAlreadyExists
            | Self::OrderCreationFailed
            | Self::OrderProposalVersionOutdated
            | Self::UnexpectedOrderType
            | Self::SellerNotFound
            | Self::OrderItemNotWithinOrder
            | Self::OrderItemIdInvalid
            | Self::SellerMismatch
            | Self::Internal
            | Self::InternalApplication => 500,
        }
    }
}

/// An error that is the whole response.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) error: ErrorType,
    pub(super) description: String,
    status: u16,
    /// The methods that the endpoint has, where another was used.
    pub(super) allow: Option<String>,
    /// The URL of the request, by which the error names itself.
    pub(super) instance: Option<String>,
}

impl Problem {
    pub(super) fn new(error: ErrorType, description: impl Into<String>) -> Self {
        Self { error, description: description.into(), status: error.status(), allow: None, instance: None }
    }

    /// An error that has no type of its own, with a status that HTTP prescribes.
    pub(super) fn http(status: u16, description: impl Into<String>) -> Self {
        Self { error: ErrorType::OpenBooking, description: description.into(), status, allow: None, instance: None }
    }

    /// That an endpoint has other methods than the one that was used.
    pub(super) fn method(allowed: &[Method]) -> Self {
        let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let description = format!("this endpoint allows {allow} only");
        Self { allow: Some(allow), ..Self::new(ErrorType::MethodNotAllowed, description) }
    }

    /// The HTTP status.
    pub(super) const fn status(&self) -> u16 {
        self.status
    }

    /// The body of the response.
    pub(super) fn body(&self) -> Value {
        let mut body = item_error(self.error, &self.description);
        if let Some(object) = body.as_object_mut() {
            object.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
            if self.error == ErrorType::OpenBooking {
                object.remove("statusCode");
            }
            if let Some(instance) = &self.instance {
                object.insert("instance".to_owned(), json!(instance));
            }
        }
        body
    }
}

/// An error of one OrderItem.
pub(super) fn item_error(error: ErrorType, description: &str) -> Value {
    json!({
        "@type": error.name(),
        "statusCode": error.status(),
        "name": error.words(),
        "description": description
    })
}
