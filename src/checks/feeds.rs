//! The feeds of opportunities as a whole.

use super::row::rows;

rows! {
    FEED_ITEMS = "feed-items": "the feeds of opportunities hold what the data model demands"
        at [OpportunityFeed], by_step {
        OpportunityFeed: [
            "OB-booking-system-contract-with-the-broker-18",
            "OB-opportunity-data-extensions-5",
            "OB-model-1",
        ],
    }
}
