//! Requests that must be rejected: error, and the errors of OrderItems.

use serde_json::json;

use crate::trace::{Batch, Purpose, Wanted};
use crate::vocabulary::{ErrorName, Stage};

use super::documents::{error, item_error};
use super::honest::{exchange, rejection};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

pub(super) fn lines() -> Vec<Lines> {
    let mismatch = || rejection(Stage::B, ErrorName::TotalPaymentDueMismatch);
    let full = || rejection(Stage::C1, ErrorName::OpportunityIsFull);
    let not_bookable =
        || full().set("rejected/orderedItem/0/error", item_error("OpportunityOfferPairNotBookableError"));
    let not_permitted = || rejection(Stage::OrderPatch, ErrorName::CancellationNotPermitted);
    let mismatch_again = Wanted::Error(ErrorName::TotalPaymentDueMismatch);
    let again = exchange(Stage::B, Purpose::Order, mismatch_again, 400);
    let twice = || mismatch().request("again", again.clone(), json!({}), error("TotalPaymentDueMismatchError", 400));
    let batch = |errors: (usize, usize, usize)| -> Trace {
        full().exchange("rejected", |exchanged| {
            exchanged.purpose = Purpose::Batch(Batch { shows: 10, errors: Some(errors) });
            exchanged.wanted = Wanted::ItemErrors;
        })
    };
    vec![
        row("error-type")
            .right(rejection(Stage::OrderStatus, ErrorName::UnknownOrder).set("rejected", error("NotFoundError", 404)))
            .right(
                rejection(Stage::C1, ErrorName::SellerNotFound)
                    .set("rejected/@type", "InvalidAuthorizationDetailsError")
                    .set("rejected/statusCode", 401)
                    .status("rejected", 401),
            )
            .right(rejection(Stage::B, ErrorName::Unauthenticated).set("rejected/@type", "NoAPITokenError"))
            .wrong(
                rejection(Stage::C1, ErrorName::SellerNotFound)
                    .compatible()
                    .set("rejected/@type", "InvalidAuthorizationDetailsError"),
                "@type wrong",
            )
            .wrong(mismatch().set("rejected/@type", "OpenBookingError"), "@type wrong")
            .wrong(mismatch().without("rejected/@type"), "@type missing"),
        row("error-context")
            .right(full())
            .right(mismatch().set("rejected/@context", json!(["https://openactive.io/"])))
            .wrong(mismatch().without("rejected/@context"), "@context missing"),
        row("order-item-errors")
            .right(full().reversed("rejected/orderedItem"))
            .right(not_bookable())
            .right(
                rejection(Stage::C1, ErrorName::UnknownOffer)
                    .set("rejected/orderedItem/0/error", item_error("UnacceptableOfferError")),
            )
            .wrong(not_bookable().compatible(), "orderedItem.error wrong")
            .wrong(
                full().set("rejected/orderedItem/0/error", item_error("OpportunityHasInsufficientCapacityError")),
                "orderedItem.error wrong",
            )
            .wrong(
                full().set("rejected/orderedItem/0/error", item_error("UnknownOpportunityError")),
                "orderedItem.error wrong",
            )
            .wrong(full().set("rejected/orderedItem/0/position", 5), "orderedItem.position missing")
            .wrong(batch((0, 1, 0)), "orderedItem.error wrong"),
        row("control-items-without-errors")
            .right(full())
            .wrong(
                full().set("rejected/orderedItem/1/error", item_error("OpportunityIsFullError")),
                "orderedItem.error unexpected",
            )
            .wrong(
                full().set("rejected/orderedItem/1/error", item_error("UnknownOfferError")),
                "orderedItem.error unexpected",
            ),
        row("no-credentials-in-error").right(mismatch().set("rejected/description", "The token has expired.")).wrong(
            mismatch().exchange("rejected", |exchanged| exchanged.reply.repeats_credentials = true),
            "B response unexpected",
        ),
        row("error-description")
            .right(mismatch().without("rejected/description"))
            .right(not_permitted())
            .wrong(not_permitted().without("rejected/description"), "description missing")
            .wrong(not_permitted().set("rejected/description", " "), "description wrong"),
        row("no-booking-error-in-quote").right(full()).wrong(
            full().set("rejected/orderedItem/0/error", item_error("UnableToProcessOrderItemError")),
            "orderedItem.error.@type wrong",
        ),
        row("constant-error-name")
            .right(twice().set("again/description", "Another description."))
            .right(twice().set("again", error("InvalidPaymentDetailsError", 400)).set("again/name", "Other").exchange(
                "again",
                |exchanged| {
                    exchanged.wanted = Wanted::Error(ErrorName::InvalidPaymentDetails);
                },
            ))
            .warned(twice().set("again/name", "Other"), "name wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
