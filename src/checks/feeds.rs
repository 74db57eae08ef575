//! The opportunity feeds as a whole.

use super::row::rows;

rows! {
    FEED_ITEMS = "feed-items": "items of the opportunity feeds are valid (data model)"
        at [OpportunityFeed], by_step {
        OpportunityFeed: [
            "OB-booking-system-contract-with-the-broker-18",
            "OB-opportunity-data-extensions-5",
            "OB-model-1",
        ],
    }, violates {
        [OpportunityFeed] => ["OB-opportunity-data-extensions-5"],
    }
}
