//! Questions that the specifications leave open, or decide in two ways: each choice conforms, and a report lists those that the
//! target has made.

use serde_json::Value;

use crate::compare::amount;
use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{ErrorName, Stage, openactive};

use super::seen::{errors, items};
use super::view::Answered;

/// A sentence of a specification that bears on a question.
#[derive(Debug, Clone, Copy)]
pub struct Sentence {
    /// The document: `open-booking-api`, `test-interface` or `data-model`.
    pub document: &'static str,
    /// The section of that document, as a URL.
    pub url: &'static str,
    /// The content of the sentence, in our own words.
    pub says: &'static str,
}

/// A question that the specifications leave open.
#[derive(Debug)]
pub struct OpenQuestion {
    /// Its identifier.
    pub id: &'static str,
    /// The question, in one line.
    pub title: &'static str,
    /// The sentences that leave it open.
    pub sources: &'static [Sentence],
    /// The choices, all of which conform.
    pub choices: &'static [&'static str],
    /// The choice that a response shows, as an index into `choices`; `None` where it shows none.
    judge: fn(&Answered<'_>) -> Option<usize>,
}

impl OpenQuestion {
    /// The choice that a response shows.
    pub(super) fn choice(&self, answered: &Answered<'_>) -> Option<&'static str> {
        self.choices.get((self.judge)(answered)?).copied()
    }
}

/// The section of the specification.
macro_rules! api {
    ($section:literal, $says:literal) => {
        Sentence {
            document: "open-booking-api",
            url: concat!("https://openactive.io/open-booking-api/EditorsDraft/#", $section),
            says: $says,
        }
    };
}

/// The section of the Test Interface.
macro_rules! test_interface {
    ($section:literal, $says:literal) => {
        Sentence {
            document: "test-interface",
            url: concat!("https://openactive.io/test-interface/#", $section),
            says: $says,
        }
    };
}

/// The data model.
macro_rules! model {
    ($says:literal) => {
        Sentence { document: "data-model", url: "https://developer.openactive.io/data-model/types/", says: $says }
    };
}

/// Every question.
pub const OPEN_QUESTIONS: &[OpenQuestion] = &[
    OpenQuestion {
        id: "errors-at-p-and-b",
        title: "Errors of OrderItems at P and B: one error for the whole request, or one for each OrderItem",
        sources: &[
            api!(
                "order-creation-b",
                "An issue with `orderedItem` returns only the appropriate `OpenBookingError`; the Broker repeats C2 for the errors \
                 of each OrderItem."
            ),
            api!("orderproposal-creation-p", "The same for P."),
            api!(
                "step-by-step-process-description",
                "Insufficient capacity at B returns `OpportunityHasInsufficientCapacityError`; a booking that succeeds only in part \
                 returns `OrderCreationFailedError`."
            ),
            model!(
                "The validation modes of failed P and B requests expect an `error` in each offending OrderItem, with HTTP 409."
            ),
        ],
        choices: &["one error for the whole request", "an error in each offending OrderItem"],
        judge: errors_at_p_and_b,
    },
    OpenQuestion {
        id: "status-of-p-and-b",
        title: "HTTP status of a successful P or B: 200 or 201",
        sources: &[
            api!("step-by-step-process-description", "A successful call of B returns a 200 response."),
            api!(
                "order-creation-b",
                "B is a PUT that creates an Order; its example response has 201, the HTTP status for a created resource."
            ),
        ],
        choices: &["HTTP 200", "HTTP 201"],
        judge: status_of_p_and_b,
    },
    OpenQuestion {
        id: "error-of-full",
        title: "Error for a full opportunity: OpportunityIsFullError, or OpportunityOfferPairNotBookableError",
        sources: &[
            api!(
                "order-creation-orderitem-errors",
                "`OpportunityIsFullError` is for an Opportunity without available spaces."
            ),
            api!(
                "definition-of-a-bookable-opportunity-and-offer-pair",
                "An OrderItem that is not bookable has `OpportunityOfferPairNotBookableError`, and without enough remaining capacity \
                 it is not."
            ),
        ],
        choices: &["OpportunityIsFullError", "OpportunityOfferPairNotBookableError"],
        judge: error_of_full,
    },
    OpenQuestion {
        id: "unknown-order",
        title: "Error for an Order that does not exist: UnknownOrderError or NotFoundError",
        sources: &[
            api!(
                "order-deletion",
                "Order Deletion of an Order that is not recognised returns 404, and SHOULD be a `NotFoundError`."
            ),
            api!(
                "generic-errors",
                "`UnknownOrderError` (404) is for an Order that does not exist, `NotFoundError` (404) for any other resource."
            ),
        ],
        choices: &["UnknownOrderError", "NotFoundError"],
        judge: unknown_order,
    },
    OpenQuestion {
        id: "deleted-order",
        title: "Error for a deleted Order: GoneError, or the error for an Order that does not exist",
        sources: &[
            api!("order-deletion", "Deletion SHOULD be hard, as if the Order had never been created, and MAY be soft."),
            api!("generic-errors", "`GoneError` (410) is for a soft-deleted Order."),
        ],
        choices: &["GoneError", "UnknownOrderError or NotFoundError"],
        judge: deleted_order,
    },
    OpenQuestion {
        id: "refund-outside-window",
        title: "allowCustomerCancellationFullRefund of an Offer whose cancellation window has closed: true, or any value",
        sources: &[
            test_interface!(
                "testopportunitybookablecancellableoutsidewindow",
                "An Offer has `allowCustomerCancellationFullRefund` true, and its `latestCancellationBeforeStartDate` has passed."
            ),
            api!(
                "customer-requested-cancellation",
                "Outside the cancellation window of the Offer, the Customer cannot cancel. The criteria of the public suite do \
                 not depend on `allowCustomerCancellationFullRefund` here."
            ),
        ],
        choices: &["true", "false or missing"],
        judge: refund_outside_window,
    },
    OpenQuestion {
        id: "access-later",
        title: "Access details after B: customerNotice in the response to B, or none",
        sources: &[
            api!(
                "remote-access-control",
                "If the accessChannel is only in a later notification, B includes a `customerNotice` with its date."
            ),
            model!("The validation mode of the response to B has no `customerNotice` in an OrderItem."),
        ],
        choices: &["customerNotice at B", "accessChannel at B"],
        judge: access_later,
    },
    OpenQuestion {
        id: "opportunity-in-order-feeds",
        title: "orderedItem in the Orders and OrderProposals feeds: reference only, or with its content",
        sources: &[
            api!("broker-processing-the-orders-feed", "`orderedItem` includes only `@type` and `@id`."),
            model!("The validation mode of the Orders feed requires the opportunity with its properties."),
        ],
        choices: &["reference only", "with its content"],
        judge: opportunity_in_order_feeds,
    },
    OpenQuestion {
        id: "totals-of-dynamic-payment",
        title: "Prices of an Order with DynamicPayment: included, or omitted",
        sources: &[
            api!(
                "dynamicpayment",
                "With `DynamicPayment`, responses and the Orders feed have no `totalPaymentDue`, `totalPaymentTax`, `acceptedOffer` or \
                 `unitTaxSpecification`."
            ),
            model!("The validation modes of these responses require `totalPaymentDue` and `acceptedOffer`."),
        ],
        choices: &["omitted", "included"],
        judge: totals_of_dynamic_payment,
    },
    OpenQuestion {
        id: "status-of-creation",
        title: "HTTP status of the creation of an opportunity by the Test Interface: 200 or 201",
        sources: &[test_interface!(
            "post-test-interfacedatasetstestdatasetidentifieropportunities",
            "The text requires success; 201 is in its example only."
        )],
        choices: &["HTTP 200", "HTTP 201"],
        judge: status_of_creation,
    },
    OpenQuestion {
        id: "prepayment-of-free",
        title: "openBookingPrepayment of a totalPaymentDue of 0: Unavailable, or omitted",
        sources: &[
            api!(
                "booking-without-payment",
                "It is set to `Unavailable` where every Offer is `Unavailable` or has `price` 0."
            ),
            api!("schema-pricespecification", "With `price` 0, it MUST be either `Unavailable` or unspecified."),
        ],
        choices: &["Unavailable", "omitted"],
        judge: prepayment_of_free,
    },
];

/// The question with this identifier.
#[must_use]
pub fn open_question(id: &str) -> Option<&'static OpenQuestion> {
    OPEN_QUESTIONS.iter().find(|question| question.id == id)
}

fn status(answered: &Answered<'_>) -> Option<u16> {
    answered.exchanged.reply.status
}

fn error_type<'a>(answered: &Answered<'a>) -> Option<&'a str> {
    answered.seen.body.get("@type").and_then(Value::as_str)
}

/// The number of a choice of two.
const fn either(status: u16, first: u16, second: u16) -> Option<usize> {
    if status == first {
        Some(0)
    } else if status == second {
        Some(1)
    } else {
        None
    }
}

fn errors_at_p_and_b(answered: &Answered<'_>) -> Option<usize> {
    let booking = matches!(answered.exchanged.stage, Stage::P | Stage::B);
    let about_items = answered.error().is_some_and(ErrorName::of_order_items)
        || matches!(answered.exchanged.wanted, Wanted::ItemErrors);
    if !booking || !about_items || status(answered).is_none_or(|status| status < 400) {
        return None;
    }
    if items(answered.seen.body).iter().any(|item| errors(item).next().is_some()) {
        Some(1)
    } else {
        error_type(answered).filter(|name| name.ends_with("Error")).map(|_| 0)
    }
}

/// The Offer of a cancellation that is rejected because its window has closed.
fn refund_outside_window(answered: &Answered<'_>) -> Option<usize> {
    if answered.error() != Some(ErrorName::CancellationNotPermitted) {
        return None;
    }
    let mut offers = answered.history.items.iter().map(|item| &item.offer);
    let offer = offers.rfind(|offer| offer.get("latestCancellationBeforeStartDate").is_some())?;
    Some(usize::from(offer.get("allowCustomerCancellationFullRefund") != Some(&Value::Bool(true))))
}

fn prepayment_of_free(answered: &Answered<'_>) -> Option<usize> {
    let due = answered.seen.body.get("totalPaymentDue").filter(|_| answered.succeeded())?;
    let free = due.get("price").and_then(Value::as_number).is_some_and(|price| amount(price).is_zero());
    let several = ["prepayment-optional", "prepayment-unavailable"];
    if !free || !several.iter().any(|feature| answered.context.config.implements(feature)) {
        return None;
    }
    match due.get("openBookingPrepayment").and_then(Value::as_str) {
        None => Some(1),
        Some(found) => (found == openactive("Unavailable")).then_some(0),
    }
}

fn status_of_p_and_b(answered: &Answered<'_>) -> Option<usize> {
    let booking =
        matches!(answered.exchanged.purpose, Purpose::Proposal | Purpose::Order | Purpose::OrderAfterProposal);
    either(status(answered).filter(|_| booking)?, 200, 201)
}

fn error_of_full(answered: &Answered<'_>) -> Option<usize> {
    if answered.error() != Some(ErrorName::OpportunityIsFull) {
        return None;
    }
    let mut found = items(answered.seen.body).iter().flat_map(errors);
    found.find_map(|name| match name {
        "OpportunityIsFullError" => Some(0),
        "OpportunityOfferPairNotBookableError" => Some(1),
        _ => None,
    })
}

fn unknown_order(answered: &Answered<'_>) -> Option<usize> {
    if answered.error() != Some(ErrorName::UnknownOrder) {
        return None;
    }
    match error_type(answered) {
        Some("UnknownOrderError") => Some(0),
        Some("NotFoundError") => Some(1),
        _ => None,
    }
}

fn deleted_order(answered: &Answered<'_>) -> Option<usize> {
    if answered.error() != Some(ErrorName::Gone) {
        return None;
    }
    match error_type(answered) {
        Some("GoneError") => Some(0),
        Some("UnknownOrderError" | "NotFoundError") => Some(1),
        _ => None,
    }
}

fn access_later(answered: &Answered<'_>) -> Option<usize> {
    if answered.exchanged.stage != Stage::B || !answered.succeeded() {
        return None;
    }
    let entries = items(answered.seen.body);
    if entries.iter().any(|item| item.get("customerNotice").is_some() && item.get("accessChannel").is_none()) {
        Some(0)
    } else {
        entries.iter().any(|item| item.get("accessChannel").is_some()).then_some(1)
    }
}

fn opportunity_in_order_feeds(answered: &Answered<'_>) -> Option<usize> {
    if answered.exchanged.purpose != Purpose::FeedPage {
        return None;
    }
    let page = answered.seen.body.get("items").and_then(Value::as_array)?;
    let data = page.iter().filter_map(|item| item.get("data"));
    let opportunity = data.flat_map(items).find_map(|item| item.get("orderedItem"))?;
    let bare = opportunity
        .as_object()
        .is_none_or(|members| members.keys().all(|name| matches!(name.as_str(), "@type" | "type" | "@id" | "id")));
    Some(usize::from(!bare))
}

fn totals_of_dynamic_payment(answered: &Answered<'_>) -> Option<usize> {
    let body = answered.seen.body;
    let dynamic = body.pointer("/payment/@type").is_some_and(|kind| kind == "DynamicPayment");
    (dynamic && answered.succeeded()).then(|| usize::from(body.get("totalPaymentDue").is_some()))
}

fn status_of_creation(answered: &Answered<'_>) -> Option<usize> {
    let creation = matches!(answered.exchanged.purpose, Purpose::Creation(_));
    either(status(answered).filter(|_| creation)?, 200, 201)
}
