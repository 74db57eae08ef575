//! OrderProposals: their status, acceptance by the Seller, and deletion after B.

use crate::trace::Awaited;
use crate::vocabulary::{FeedName, Stage, openactive};

use super::documents::document;
use super::honest::{b_after_p, p, proposals_feed};
use super::lines::{Lines, hold, row};
use super::trace::{BASE, Trace, UUID};

pub(super) fn lines() -> Vec<Lines> {
    let unseen =
        |trace: Trace| trace.watch("proposals feed", |watched| (watched.seen, watched.met) = (Vec::new(), false));
    let unmet = |trace: Trace| trace.watch("proposals feed", |watched| watched.met = false);
    let ended = || b_after_p().wait(FeedName::OrderProposals, Awaited::EndOfProposal(true));
    vec![
        row("proposal-awaits-seller")
            .right(p().reversed("P/orderedItem"))
            .wrong(p().set("P/orderProposalStatus", openactive("SellerAccepted")), "orderProposalStatus wrong"),
        row("proposal-deleted-after-b")
            .right(ended())
            .wrong(unmet(ended()).set("proposals feed", document(Stage::ProposalsFeed)), "state wrong")
            .wrong(unseen(ended()), "OrderProposals feed late"),
        row("seller-acceptance-published")
            .right(proposals_feed().watch("proposals feed", |watched| watched.seen.insert(0, watched.seen[0].clone())))
            .wrong(
                unmet(proposals_feed())
                    .set("proposals feed/orderProposalStatus", openactive("AwaitingSellerConfirmation")),
                "orderProposalStatus wrong",
            )
            .wrong(
                proposals_feed()
                    .set("proposals feed/orderProposalVersion", format!("{BASE}/order-proposals/{UUID}/versions/2")),
                "orderProposalVersion wrong",
            )
            .wrong(unseen(proposals_feed()), "OrderProposals feed late"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
