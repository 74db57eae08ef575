//! Updates and deletions in the Orders feed and the OrderProposals feed.

use super::row::rows;

rows! {
    UPDATE_PUBLISHED = "update-published": "a feed shows an Order or OrderProposal that was changed"
        at [OrdersFeed ProposalsFeed], by_step {
        OrdersFeed: [
            "OB-orders-feed-inconsistencies-6",
            "OB-step-by-step-process-description-79",
            "OB-step-by-step-process-description-81",
            "OB-booking-system-contract-with-the-broker-7",
            "OB-booking-system-contract-with-the-broker-8",
            "OB-cancellation-after-b-2",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
            "OB-orders-feed-notifications-updates-and-refunds-7",
            "OB-paths-and-verbs-15",
            "OB-orders-rpde-feed-1",
            "OB-booking-system-updating-the-orders-feed-1",
            "OB-booking-system-updating-the-orders-feed-2",
            "OB-broker-processing-the-orders-feed-8",
            "OB-booking-system-contract-with-the-broker-9",
        ],
        ProposalsFeed: [
            "OB-orderproposal-statuses-8",
            "OB-step-by-step-process-description-0-52",
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-orders-feed-notifications-updates-and-refunds-4",
            "OB-booking-system-updating-the-orders-feed-1",
            "OB-booking-system-updating-the-orders-feed-2",
            "OB-broker-processing-the-orders-feed-8",
            "OB-order-endpoint-restful-semantics-3",
        ],
    }
    ITEM_KIND = "item-kind": "the item of a feed says what it is"
        at [OrdersFeed ProposalsFeed], by_step {
        OrdersFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
        ProposalsFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
    }
    DELETION_PUBLISHED = "deletion-published": "a feed shows that an Order or OrderProposal is no more"
        at [OrdersFeed], by_step {
        OrdersFeed: ["OB-order-deletion-2"],
    }
    NOT_IN_FEED = "not-in-feed": "a feed does not show what does not belong into it"
        at [OrdersFeed ProposalsFeed], by_step {
        OrdersFeed: [
            "OB-booking-system-contract-with-the-broker-17",
            "OB-step-by-step-process-description-80",
            "OB-orders-feed-notifications-updates-and-refunds-3",
            "OB-orders-feed-notifications-updates-and-refunds-5",
            "OB-api-level-authentication-and-data-security-1",
            "OB-api-level-authentication-and-data-security-2",
            "OB-middleware-as-a-catalyst-4",
            "OB-middleware-as-a-catalyst-7",
        ],
        ProposalsFeed: [
            "OB-orders-feed-notifications-updates-and-refunds-3",
            "OB-orders-feed-notifications-updates-and-refunds-5",
            "OB-api-level-authentication-and-data-security-1",
            "OB-middleware-as-a-catalyst-4",
        ],
    }
    FEED_REQUIRES_CREDENTIALS = "feed-requires-credentials": "a feed of Orders is not shown without credentials"
        at [OrdersFeed], by_step {
        OrdersFeed: [
            "OB-step-by-step-process-description-80",
            "OB-booking-system-contract-with-the-broker-16",
            "OB-orders-feed-notifications-updates-and-refunds-2",
        ],
    }
    NO_UPDATE_PUBLISHED = "no-update-published": "what changes nothing shows in no feed"
        at [OrdersFeed ProposalsFeed], by_step {
        OrdersFeed: [
            "OB-endpoints-5",
            "OB-booking-system-contract-with-the-broker-23",
            "OB-orders-feed-notifications-updates-and-refunds-5",
        ],
        ProposalsFeed: [
            "OB-endpoints-6",
            "OB-booking-system-contract-with-the-broker-24",
            "OB-orders-feed-notifications-updates-and-refunds-5",
        ],
    }
    DELETED_ITEM_RETAINED = "deleted-item-retained": "a feed keeps what was deleted, so that nobody misses it"
        at [OrdersFeed], by_step {
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }
}
