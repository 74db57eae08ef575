//! Requirements that an error covers, and those that are broken where a request is not rejected with it.

use crate::requirement::Requirements;
use crate::vocabulary::{ErrorName, Stage};

/// Declares the requirements of each error: those that are broken where the response lacks the error, the most specific first;
/// after `accepted` those that are broken only where the request succeeds; after `besides` those that it only covers.
macro_rules! errors {
    ($(
        $variant:ident : [$($id:literal),* $(,)?]
            $(accepted [$($accepted:literal),* $(,)?])?
            $(besides [$($besides:literal),* $(,)?])?,
    )+) => {
        /// The requirements that a request covers which must be rejected with an error, at least those that show at the stage
        /// of the request.
        #[must_use]
        pub const fn covered_by_error(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($id,)* $($($accepted,)*)? $($($besides),*)?], )+ }
        }

        const fn broken_without(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($id),*], )+ }
        }

        const fn broken_by_acceptance(error: ErrorName) -> &'static [&'static str] {
            match error { $( ErrorName::$variant => &[$($($accepted),*)?], )+ }
        }
    };
}

/// Those of some requirements that show at a stage.
fn showing(ids: &'static [&'static str], stage: Stage) -> impl Iterator<Item = &'static str> {
    let all = Requirements::built_in();
    ids.iter().copied().filter(move |id| {
        all.get(id).is_some_and(|known| known.shows.iter().any(|shows| [stage, Stage::Any].contains(shows)))
    })
}

/// The requirements that are broken where the response to a request lacks the error that it must have at a stage, the most
/// specific first.
pub fn violated_by_error(error: ErrorName, stage: Stage) -> impl Iterator<Item = &'static str> {
    showing(broken_without(error), stage)
}

/// The requirements that are also violated if a request succeeds that must be rejected with an error at a stage.
pub(super) fn violated_by_acceptance(error: ErrorName, stage: Stage) -> impl Iterator<Item = &'static str> {
    showing(broken_by_acceptance(error), stage)
}

errors! {
    IncompleteCustomerDetails: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-1",
    ] accepted [
        "OB-step-by-step-process-description-27",
    ],
    IncompleteBrokerDetails: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-3"],
    UnnecessaryPaymentDetails: [
        "OB-payment-error-conditions-2",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-5",
    ] besides [
        "OB-booking-without-payment-6",
    ],
    MissingPaymentDetails: [
        "OB-payment-error-conditions-1",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-6",
    ] besides [
        "OB-booking-without-payment-6",
    ],
    IncompletePaymentDetails: [
        "OB-payment-error-conditions-3",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-7",
    ] besides [
        "OB-booking-without-payment-6",
    ],
    InvalidPaymentDetails: [
        "OB-payment-reconciliation-detail-validation-5",
        "OB-payment-error-conditions-4",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-8",
    ] accepted [
        "OB-step-by-step-process-description-26",
    ] besides [
        "OB-payment-reconciliation-detail-validation-1",
    ],
    TotalPaymentDueMismatch: [
        "OB-step-by-step-process-description-49",
        "OB-step-by-step-process-description-0-30",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-9",
    ] accepted [
        "OB-booking-system-contract-with-the-broker-15",
    ],
    OrderAlreadyExists: [
        "OB-step-by-step-process-description-68",
        "OB-step-by-step-process-description-0-47",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-13",
    ] accepted [
        "OB-booking-system-contract-with-the-broker-11",
    ] besides [
        "OB-order-deletion-6",
    ],
    OrderProposalVersionOutdated: [
        "OB-step-by-step-process-description-0-68",
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-15",
    ],
    OrderCreationFailed: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-16"],
    SellerMismatch: [
        "OB-order-creation-orderquote-orderproposal-and-order-error-responses-19",
    ] accepted [
        "OB-booking-pre-conditions-6",
    ],
    CancellationNotPermitted: [
        "OB-order-cancellation-5",
        "OB-customer-requested-cancellation-9",
        "OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-1",
    ],
    OrderItemNotWithinOrder: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-3"],
    OrderItemIdInvalid: ["OB-order-cancellation-orderquote-orderproposal-and-order-error-responses-4"],
    IncompleteAttendeeDetails: [
        "OB-attendee-details-capture-7",
        "OB-order-creation-orderitem-errors-2",
    ] accepted [
        "OB-step-by-step-process-description-28",
    ],
    IncompleteOrderItem: ["OB-order-creation-orderitem-errors-3"],
    IncompleteIntakeForm: [
        "OB-form-validation-and-auto-fill-1",
        "OB-step-by-step-process-description-33",
        "OB-order-creation-orderitem-errors-4",
    ] accepted [
        "OB-step-by-step-process-description-29",
        "OB-booking-system-contract-with-the-broker-4",
    ],
    InvalidIntakeForm: [
        "OB-form-validation-and-auto-fill-3",
        "OB-order-creation-orderitem-errors-5",
    ] accepted [
        "OB-step-by-step-process-description-29",
    ] besides [
        "OB-form-validation-and-auto-fill-6",
    ],
    OpportunityOfferPairNotBookable: [
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-17",
        "OB-order-creation-orderitem-errors-10",
    ],
    OpportunityIsInConflict: ["OB-step-by-step-process-description-32", "OB-order-creation-orderitem-errors-12"],
    OpportunityIsFull: [
        "OB-order-creation-orderitem-errors-13",
    ] accepted [
        "OB-booking-system-contract-with-the-broker-12",
        "OB-booking-system-contract-with-the-broker-13",
    ] besides [
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
    ],
    OpportunityHasInsufficientCapacity: [
        "OB-step-by-step-process-description-52",
        "OB-step-by-step-process-description-0-33",
        "OB-order-creation-orderitem-errors-14",
    ] accepted [
        "OB-booking-system-contract-with-the-broker-12",
        "OB-booking-system-contract-with-the-broker-13",
    ] besides [
        "OB-order-creation-orderitem-errors-15",
        "OB-definition-of-a-bookable-opportunity-and-offer-pair-11",
    ],
    OpportunityCapacityIsReservedByLease: [
        "OB-order-creation-orderitem-errors-16",
    ] besides [
        "OB-order-creation-orderitem-errors-17",
    ],
    UnknownOrder: ["OB-generic-errors-1"] accepted ["OB-order-deletion-9"],
    UnknownOrIncorrectEndpoint: ["OB-generic-errors-2"],
    UnexpectedOrderType: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-17"],
    SellerNotFound: ["OB-order-creation-orderquote-orderproposal-and-order-error-responses-18"],
    UnacceptableOffer: ["OB-order-creation-orderitem-errors-6"],
    UnknownOffer: ["OB-order-creation-orderitem-errors-7"],
    UnknownOpportunity: ["OB-order-creation-orderitem-errors-8"],
    InvalidOpportunityOrOfferId: ["OB-order-creation-orderitem-errors-9"],
    MethodNotAllowed: ["OB-generic-errors-4"],
    InvalidApiToken: ["OB-api-authentication-3"] accepted ["OB-authentication-1"],
    PatchContainsExcessiveProperties: ["OB-order-cancellation-10", "OB-orderproposal-update-5", "OB-generic-errors-5"],
    PatchNotAllowedOnProperty: ["OB-order-cancellation-9", "OB-orderproposal-update-4", "OB-generic-errors-6"],
    Gone: ["OB-generic-errors-7"],
    Unauthenticated: [
        "OB-api-authentication-1",
    ] accepted [
        "OB-authentication-1",
    ] besides [
        "OB-api-authentication-2",
    ],
    InvalidAuthorizationDetails: ["OB-api-authentication-4"],
}
