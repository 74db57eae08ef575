//! OrderProposals: their status, acceptance by the Seller, and deletion after B.

use serde_json::Value;

use crate::trace::{Awaited, Purpose, Update};
use crate::vocabulary::openactive;

use super::outcome::Outcome;
use super::row::rows;
use super::view::{Answered, Awaiting};

rows! {
    PROPOSAL_AWAITS_SELLER = "proposal-awaits-seller": "a new OrderProposal awaits the confirmation of the Seller"
        at [P], strict_response(awaits_seller) {
        P: [
            "OB-orderproposal-statuses-5",
            "OB-orderproposal-creation-p-2",
            "OB-step-by-step-process-description-0-19",
        ],
    }
    PROPOSAL_DELETED_AFTER_B = "proposal-deleted-after-b": "the OrderProposals feed drops an OrderProposal that was booked"
        at [ProposalsFeed], watch(deleted_after_b) {
        ProposalsFeed: [
            "OB-orders-feed-inconsistencies-4",
            "OB-step-by-step-process-description-0-73",
            "OB-order-endpoint-restful-semantics-7",
        ],
    }
    SELLER_ACCEPTANCE_PUBLISHED = "seller-acceptance-published": "the OrderProposals feed shows that the Seller accepted"
        at [ProposalsFeed], needed_watch(acceptance) {
        ProposalsFeed: [
            "OB-proposal-approval-1",
            "OB-orderproposal-statuses-7",
            "OB-orderproposal-statuses-8",
            "OB-step-by-step-process-description-0-52",
            "OB-step-by-step-process-description-0-54",
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
        ],
    }
}

/// A new OrderProposal awaits the confirmation of the Seller.
fn awaits_seller(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::Proposal || !answered.succeeded() {
        return Outcome::absent();
    }
    let status = answered.seen.body.get("orderProposalStatus").and_then(Value::as_str);
    let awaiting = openactive("AwaitingSellerConfirmation");
    Outcome::of((status != Some(&awaiting)).then(|| {
        answered
            .finding("the new OrderProposal does not await the Seller's confirmation")
            .expected(awaiting, status.unwrap_or("nothing"))
            .path("orderProposalStatus")
    }))
}

fn status(update: &Update) -> Option<&str> {
    update.data.as_ref()?.get("orderProposalStatus")?.as_str()
}

/// Whether an update shows that the Seller accepted.
pub(super) fn accepted(update: &Update) -> bool {
    status(update) == Some(&openactive("SellerAccepted"))
}

/// The OrderProposals feed shows that the Seller accepted.
fn acceptance(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Acceptance || awaiting.watched.opened.is_none() {
        return Outcome::absent();
    }
    if let Some(update) = awaiting.last().filter(|_| awaiting.watched.met) {
        return Outcome { exchanges: vec![update.exchange], ..Outcome::held() };
    }
    let found = awaiting.last().and_then(status).map_or_else(|| awaiting.shown(), str::to_owned);
    let message = if awaiting.last().is_some() {
        "the OrderProposals feed does not show that the Seller accepted"
    } else {
        "no update of the OrderProposal came to the OrderProposals feed after the Seller accepted"
    };
    let expected = format!("an OrderProposal with orderProposalStatus {}", openactive("SellerAccepted"));
    Outcome::broken(awaiting.finding(message).expected(expected, found).path("orderProposalStatus"))
}

/// The OrderProposal leaves its feed once it is an Order.
fn deleted_after_b(awaiting: &Awaiting<'_>) -> Outcome {
    if !matches!(awaiting.watched.awaited, Awaited::EndOfProposal(_)) {
        return Outcome::absent();
    }
    awaiting.deletion("the OrderProposal is still in the OrderProposals feed after B")
}
