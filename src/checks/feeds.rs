//! The feeds of opportunities as a whole.

use super::row::rows;

rows! {
    FEED_PAGES = "feed-pages": "the pages of a feed are what RPDE demands"
        at [OrdersFeed ProposalsFeed], by_step {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-2"],
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-4"],
    }
    FEED_ITEMS = "feed-items": "the feeds of opportunities hold what the data model demands"
        at [OpportunityFeed], by_step {
        OpportunityFeed: [
            "OB-booking-system-contract-with-the-broker-18",
            "OB-opportunity-data-extensions-5",
            "OB-model-1",
        ],
    }
}
