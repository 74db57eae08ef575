//! OrderProposals: their status, acceptance by the Seller, and deletion after B.

use serde_json::Value;

use crate::results::Defect;
use crate::trace::{Awaited, Purpose, Update};
use crate::vocabulary::openactive;

use super::outcome::Outcome;
use super::row::rows;
use super::value::shown;
use super::view::{Answered, Awaiting, quoted};

rows! {
    PROPOSAL_AWAITS_SELLER = "proposal-awaits-seller": "`orderProposalStatus` of a new OrderProposal is AwaitingSellerConfirmation"
        at [P], strict_response(awaits_seller) {
        P: [
            "OB-orderproposal-statuses-5",
            "OB-orderproposal-creation-p-2",
            "OB-step-by-step-process-description-0-19",
        ],
    }, violates {
        [P] => ["OB-orderproposal-creation-p-2", "OB-orderproposal-statuses-5"],
    }
    PROPOSAL_DELETED_AFTER_B = "proposal-deleted-after-b": "an OrderProposal is deleted from the OrderProposals feed after B"
        at [ProposalsFeed], watch(deleted_after_b) {
        ProposalsFeed: [
            "OB-orders-feed-inconsistencies-4",
            "OB-step-by-step-process-description-0-73",
            "OB-order-endpoint-restful-semantics-7",
        ],
    }, violates {
        [ProposalsFeed] => [
            "OB-step-by-step-process-description-0-73",
            "OB-orders-feed-inconsistencies-4",
            "OB-order-endpoint-restful-semantics-7",
        ],
    }
    SELLER_ACCEPTANCE_PUBLISHED = "seller-acceptance-published": "`orderProposalStatus` in the OrderProposals feed becomes SellerAccepted"
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
    }, violates {
        [ProposalsFeed] if "late" => [
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-step-by-step-process-description-0-54",
            "OB-proposal-approval-1",
        ],
        [ProposalsFeed] => ["OB-proposal-approval-1", "OB-orderproposal-statuses-8"],
    }
}

/// Expects a new OrderProposal to await confirmation by the Seller. A missing status is left to validation.
fn awaits_seller(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::Proposal || !answered.succeeded() {
        return Outcome::absent();
    }
    let Some(status) = answered.seen.body.get("orderProposalStatus") else { return Outcome::absent() };
    let awaiting = openactive("AwaitingSellerConfirmation");
    Outcome::of((status.as_str() != Some(&awaiting)).then(|| {
        answered
            .finding("`orderProposalStatus` of the new OrderProposal is not AwaitingSellerConfirmation")
            .expected(quoted(&awaiting), shown(Some(status)))
            .path("orderProposalStatus")
    }))
}

fn status(update: &Update) -> Option<&Value> {
    update.data.as_ref()?.get("orderProposalStatus")
}

/// Whether an update shows that the Seller accepted.
pub(super) fn accepted(update: &Update) -> bool {
    status(update).and_then(Value::as_str) == Some(&openactive("SellerAccepted"))
}

/// Expects the OrderProposals feed to publish the acceptance by the Seller.
fn acceptance(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Acceptance || awaiting.watched.opened.is_none() {
        return Outcome::absent();
    }
    if let Some(update) = awaiting.last().filter(|_| awaiting.watched.met) {
        let history = awaiting.history;
        let proposed = || history.proposal.as_ref()?.get("orderProposalVersion")?.as_str();
        let wanted = history.latest_version.as_deref().or_else(proposed);
        let found = update.data.as_ref().and_then(|data| data.get("orderProposalVersion"));
        let changed = wanted.zip(found).filter(|(wanted, found)| found.as_str() != Some(wanted));
        if let Some((wanted, found)) = changed.filter(|_| awaiting.context.strict()) {
            let finding = awaiting.finding("`orderProposalVersion` changed when the Seller accepted");
            let finding = finding.expected(quoted(wanted), shown(Some(found))).path("orderProposalVersion");
            return Outcome::broken(finding.violating(["OB-step-by-step-process-description-0-54"]));
        }
        return Outcome { exchanges: vec![update.exchange], ..Outcome::held() };
    }
    let accepted = openactive("SellerAccepted");
    Outcome::broken(match awaiting.last().filter(|update| update.data.is_some()) {
        Some(update) => awaiting
            .finding("`orderProposalStatus` in the OrderProposals feed is not SellerAccepted after the Seller accepted")
            .expected(quoted(&accepted), shown(status(update)))
            .path("orderProposalStatus"),
        None => awaiting
            .finding("the OrderProposals feed has no update of the OrderProposal after the Seller accepted")
            .expected(
                format!("an OrderProposal with orderProposalStatus {}", quoted(&accepted)),
                awaiting.last_update(),
            )
            .defect(Defect::Late)
            .hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`"),
    })
}

/// Expects the OrderProposal to be deleted from its feed once B has created the Order.
fn deleted_after_b(awaiting: &Awaiting<'_>) -> Outcome {
    if !matches!(awaiting.watched.awaited, Awaited::EndOfProposal(_)) {
        return Outcome::absent();
    }
    awaiting.expect_deletion("the OrderProposals feed does not delete the OrderProposal after B")
}
