//! Validation modes: what a document is, and so what it must hold.

use crate::vocabulary::named_enumeration as named;

named! {
    /// A validation mode, by the name that the public validator gives it.
    "validation mode"
    pub enum Mode {
        /// The answer to C1.
        C1Response = "C1Response",
        /// The answer to C2.
        C2Response = "C2Response",
        /// The answer to P.
        PResponse = "PResponse",
        /// The answer to B.
        BResponse = "BResponse",
        /// An item of the Orders feed.
        OrdersFeed = "OrdersFeed",
        /// An item of the OrderProposals feed.
        OrderProposalsFeed = "OrderProposalsFeed",
    }
}

/// What an Order and its OrderItems must be like in a mode.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) root: &'static str,
    pub(super) order_required: &'static [&'static str],
    pub(super) order_forbidden: &'static [&'static str],
    pub(super) order_in_full: &'static [&'static str],
    pub(super) item_required: &'static [&'static str],
    pub(super) item_forbidden: &'static [&'static str],
    pub(super) item_in_full: &'static [&'static str],
}

const QUOTE_REQUIRED: &[&str] =
    &["@type", "@id", "seller", "brokerRole", "orderedItem", "totalPaymentDue", "orderRequiresApproval"];
const QUOTE_ITEM_REQUIRED: &[&str] = &["@type", "acceptedOffer", "orderedItem", "position"];
const QUOTE_ITEM_FORBIDDEN: &[&str] =
    &["@id", "orderItemStatus", "cancellationMessage", "customerNotice", "accessCode", "accessPass", "error"];
const PAIR: &[&str] = &["acceptedOffer", "orderedItem"];

impl Mode {
    pub(super) const fn rules(self) -> Rules {
        match self {
            Self::C1Response => Rules {
                root: "OrderQuote",
                order_required: QUOTE_REQUIRED,
                order_forbidden: &["orderCreationStatus", "customer", "orderProposalVersion"],
                order_in_full: &["seller"],
                item_required: QUOTE_ITEM_REQUIRED,
                item_forbidden: QUOTE_ITEM_FORBIDDEN,
                item_in_full: PAIR,
            },
            Self::C2Response => Rules {
                root: "OrderQuote",
                order_required: QUOTE_REQUIRED,
                order_forbidden: &["orderCreationStatus", "orderProposalVersion"],
                order_in_full: &["seller"],
                item_required: QUOTE_ITEM_REQUIRED,
                item_forbidden: QUOTE_ITEM_FORBIDDEN,
                item_in_full: PAIR,
            },
            Self::PResponse => Rules {
                root: "OrderProposal",
                order_required: &[
                    "@type",
                    "@id",
                    "seller",
                    "brokerRole",
                    "orderedItem",
                    "totalPaymentDue",
                    "orderProposalVersion",
                    "orderProposalStatus",
                ],
                order_forbidden: &["orderCreationStatus", "orderRequiresApproval"],
                order_in_full: &["seller"],
                item_required: &["@type", "@id", "acceptedOffer", "orderedItem", "position"],
                item_forbidden: &[
                    "cancellationMessage",
                    "customerNotice",
                    "orderItemStatus",
                    "accessCode",
                    "accessPass",
                    "accessChannel",
                    "error",
                ],
                item_in_full: PAIR,
            },
            Self::BResponse => Rules {
                root: "Order",
                order_required: &["@type", "@id", "seller", "brokerRole", "orderedItem", "totalPaymentDue"],
                order_forbidden: &["orderCreationStatus", "orderProposalVersion"],
                order_in_full: &["seller"],
                item_required: &["@type", "@id", "orderItemStatus", "acceptedOffer", "orderedItem"],
                item_forbidden: &["cancellationMessage", "customerNotice", "error"],
                item_in_full: PAIR,
            },
            Self::OrdersFeed => Rules {
                root: "Order",
                order_required: &["@type", "@id", "identifier", "orderedItem", "totalPaymentDue"],
                order_forbidden: &[
                    "orderCreationStatus",
                    "broker",
                    "brokerRole",
                    "bookingService",
                    "customer",
                    "orderProposalVersion",
                    "orderNumber",
                    "payment",
                    "seller",
                ],
                order_in_full: &[],
                item_required: &["@type", "@id", "orderItemStatus"],
                item_forbidden: &[
                    "position",
                    "attendee",
                    "attendeeDetailsRequired",
                    "orderItemIntakeForm",
                    "orderItemIntakeFormResponse",
                ],
                item_in_full: &[],
            },
            Self::OrderProposalsFeed => Rules {
                root: "OrderProposal",
                order_required: &[
                    "@type",
                    "@id",
                    "orderedItem",
                    "totalPaymentDue",
                    "orderProposalVersion",
                    "orderProposalStatus",
                ],
                order_forbidden: &[
                    "orderCreationStatus",
                    "broker",
                    "brokerRole",
                    "bookingService",
                    "customer",
                    "orderNumber",
                    "seller",
                ],
                order_in_full: &[],
                item_required: &["@type", "@id"],
                item_forbidden: &[
                    "position",
                    "orderItemStatus",
                    "accessCode",
                    "accessPass",
                    "accessChannel",
                    "attendee",
                    "attendeeDetailsRequired",
                    "cancellationMessage",
                    "customerNotice",
                ],
                item_in_full: &[],
            },
        }
    }
}
