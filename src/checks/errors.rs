//! Requirements that a rejection with a named error shows to be kept.

use crate::requirement::Requirements;
use crate::vocabulary::{ErrorName, Stage};

/// Declares which requirements an error shows to be kept: those that are broken where it does not come, the most specific first,
/// and those besides that it only covers.
macro_rules! errors {
    ($( $variant:ident : [$($id:literal),* $(,)?] $(besides [$($besides:literal),* $(,)?])?, )+) => {
        /// The requirements that a request covers which must be rejected with an error, at least those that show at the stage
        /// of the request.
        #[must_use]
        pub const fn covered_by_error(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($id,)* $($($besides),*)?], )+ }
        }

        const fn broken_without(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($id),*], )+ }
        }
    };
}

/// The requirements that are broken where a request is not rejected with an error at a stage, the most specific first.
pub fn violated_by_error(error: ErrorName, stage: Stage) -> impl Iterator<Item = &'static str> {
    let all = Requirements::built_in();
    let here = move |id: &&'static str| {
        all.get(id).is_some_and(|known| known.shows.iter().any(|shows| [stage, Stage::Any].contains(shows)))
    };
    broken_without(error).iter().copied().filter(here)
}

errors! {
    IncompleteCustomerDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-1",
        "OB-step-by-step-process-description-27",
    ],
    IncompleteBrokerDetails: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-3"],
    UnnecessaryPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-5",
        "OB-payment-error-conditions-2",
        "OB-booking-without-payment-6",
    ],
    MissingPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-6",
        "OB-payment-error-conditions-1",
        "OB-booking-without-payment-6",
    ],
    IncompletePaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-7",
        "OB-payment-error-conditions-3",
        "OB-booking-without-payment-6",
    ],
    InvalidPaymentDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-8",
        "OB-step-by-step-process-description-26",
        "OB-payment-reconciliation-detail-validation-1",
        "OB-payment-reconciliation-detail-validation-5",
        "OB-payment-error-conditions-4",
    ],
    TotalPaymentDueMismatch: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-9",
        "OB-step-by-step-process-description-49",
        "OB-step-by-step-process-description-0-30",
        "OB-booking-system-contract-with-the-broker-15",
    ],
    OrderAlreadyExists: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-13",
        "OB-step-by-step-process-description-68",
        "OB-step-by-step-process-description-0-47",
        "OB-booking-system-contract-with-the-broker-11",
        "OB-order-deletion-6",
    ],
    OrderProposalVersionOutdated: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-15",
        "OB-step-by-step-process-description-0-68",
    ],
    OrderCreationFailed: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-16"],
    SellerMismatch: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-19",
        "OB-booking-pre-conditions-6",
    ],
    CancellationNotPermitted: [
        "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-1",
        "OB-customer-requested-cancellation-9",
        "OB-order-cancellation-5",
    ],
    OrderItemNotWithinOrder: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-3"],
    OrderItemIdInvalid: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-4"],
    IncompleteAttendeeDetails: [
        "OB-order-creation-orderitem-errors-2",
        "OB-attendee-details-capture-7",
        "OB-step-by-step-process-description-28",
    ],
    IncompleteOrderItem: ["OB-order-creation-orderitem-errors-3"],
    IncompleteIntakeForm: [
        "OB-order-creation-orderitem-errors-4",
        "OB-form-validation-and-auto-fill-1",
        "OB-step-by-step-process-description-29",
        "OB-step-by-step-process-description-33",
        "OB-booking-system-contract-with-the-broker-4",
    ],
    InvalidIntakeForm: [
        "OB-order-creation-orderitem-errors-5",
        "OB-form-validation-and-auto-fill-3",
        "OB-form-validation-and-auto-fill-6",
        "OB-step-by-step-process-description-29",
    ],
    OpportunityOfferPairNotBookable: [
        "OB-order-creation-orderitem-errors-10",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-17",
    ],
    OpportunityIsInConflict: ["OB-order-creation-orderitem-errors-12", "OB-step-by-step-process-description-32"],
    OpportunityIsFull: [
        "OB-order-creation-orderitem-errors-13",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
        "OB-step-by-step-process-description-52",
        "OB-step-by-step-process-description-0-33",
        "OB-booking-system-contract-with-the-broker-13",
    ],
    OpportunityHasInsufficientCapacity: [
        "OB-order-creation-orderitem-errors-14",
        "OB-order-creation-orderitem-errors-15",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
    ],
    OpportunityCapacityIsReservedByLease: ["OB-order-creation-orderitem-errors-16", "OB-order-creation-orderitem-errors-17"],
    UnknownOrder: ["OB-generic-errors-1", "OB-order-deletion-9"],
    UnknownOrIncorrectEndpoint: ["OB-generic-errors-2"],
    UnexpectedOrderType: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-17"],
    SellerNotFound: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-18"],
    UnacceptableOffer: ["OB-order-creation-orderitem-errors-6"],
    UnknownOffer: ["OB-order-creation-orderitem-errors-7"],
    UnknownOpportunity: ["OB-order-creation-orderitem-errors-8"],
    InvalidOpportunityOrOfferId: ["OB-order-creation-orderitem-errors-9"],
    MethodNotAllowed: ["OB-generic-errors-4"],
    InvalidApiToken: ["OB-api-authentication-3"],
    PatchContainsExcessiveProperties: ["OB-generic-errors-5", "OB-order-cancellation-10", "OB-orderproposal-update-5"],
    PatchNotAllowedOnProperty: ["OB-generic-errors-6", "OB-order-cancellation-9", "OB-orderproposal-update-4"],
    Gone: ["OB-generic-errors-7"],
    Unauthenticated: ["OB-api-authentication-1", "OB-api-authentication-2", "OB-authentication-1"],
    InvalidAuthorizationDetails: ["OB-api-authentication-4"],
}
