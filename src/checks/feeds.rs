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
    ORDER_PUBLISHED_LATER = "order-published-later": "an Order that nothing has changed is not in the Orders feed at the end of the run"
        at [OrdersFeed], by_walk {
        OrdersFeed: ["OB-orders-feed-notifications-updates-and-refunds-5"],
    }, violates {
        [OrdersFeed] => ["OB-orders-feed-notifications-updates-and-refunds-5"],
    }
    ORDER_DELETED_LATER = "order-deleted-later": "an Order that was not deleted is not `deleted` in the Orders feed at the end of the run"
        at [OrdersFeed], by_walk {
        OrdersFeed: ["OB-step-by-step-process-description-81"],
    }, violates {
        [OrdersFeed] => ["OB-step-by-step-process-description-81"],
    }
    CAPACITY_CHANGED_LATER = "capacity-changed-later": "remaining capacity after the last request of a cell is the same at the end of the run"
        at [OpportunityFeed], by_walk {
        OpportunityFeed: ["OB-booking-pre-conditions-3"],
    }, violates {
        [OpportunityFeed] => ["OB-booking-pre-conditions-3"],
    }
}
