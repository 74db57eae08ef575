//! OrderProposals: their status, acceptance by the Seller, and deletion after B.

use super::row::rows;

rows! {
    PROPOSAL_AWAITS_SELLER = "proposal-awaits-seller": "a new OrderProposal awaits the confirmation of the Seller"
        at [P], by_step {
        P: [
            "OB-orderproposal-statuses-5",
            "OB-orderproposal-creation-p-2",
            "OB-step-by-step-process-description-0-19",
        ],
    }
    PROPOSAL_DELETED_AFTER_B = "proposal-deleted-after-b": "the OrderProposals feed drops an OrderProposal that was booked"
        at [ProposalsFeed], by_step {
        ProposalsFeed: [
            "OB-orders-feed-inconsistencies-4",
            "OB-step-by-step-process-description-0-73",
            "OB-order-endpoint-restful-semantics-7",
        ],
    }
    SELLER_ACCEPTANCE_PUBLISHED = "seller-acceptance-published": "the OrderProposals feed shows that the Seller accepted"
        at [ProposalsFeed], by_step {
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
