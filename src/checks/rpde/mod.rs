//! The rules of RPDE, one row each: judged on every page of every feed, in every command that reads feeds.
//!
//! The stages of a row are the feeds that it applies to. An Orders feed conforms to RPDE 1.0 except for its media type
//! (Open Booking API, "Realtime Paged Data Exchange 1.0"), so that every violation of RPDE there violates that sentence, and
//! in an opportunity feed no requirement of the Open Booking API. A row leaves Orders feeds out where that text leaves the
//! matter open: the specification's own example of an Orders feed has no `license`, and RPDE allows other ordering
//! strategies.

pub(super) mod breaches;
mod page;
mod rules;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use breaches::{Breaches, IssueLevel, PageSeen, Reading};
pub use page::{FeedItem, FeedPage, ItemState, Parameters, base};
pub use rules::{Earlier, only_repeats, outline};

use super::row::{Made, Row, rows};
use breaches::PageDefect;

/// The specification of RPDE.
pub const SPEC: &str = "https://openactive.io/realtime-paged-data-exchange/";
/// The section of the Open Booking API about the media type of Orders feeds.
const SPEC_OF_ORDERS: &str = "https://openactive.io/open-booking-api/EditorsDraft/#realtime-paged-data-exchange-1-0";

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The rule.
    pub row: &'static Row,
    /// How much it matters.
    pub level: IssueLevel,
    /// The defect.
    pub message: Cow<'static, str>,
    /// The expected value.
    pub expected: &'static str,
    /// Number of occurrences.
    pub count: u64,
    /// The first place: the URL of a page, and what was found there.
    pub first: String,
}

/// Judges a page by every rule that applies to its feed.
#[must_use]
pub fn judge_page(seen: &PageSeen<'_>) -> Vec<Breach> {
    let mut found = Vec::new();
    for row in ROWS.iter().filter(|row| row.stages.contains(&seen.page.stage)) {
        if let Made::Page(rule) = row.made {
            let mut breaches = Breaches::default();
            rule(seen, &mut breaches);
            found.extend(breaches.into_defects().map(|defect| {
                let PageDefect { level, message, expected, count, first } = defect;
                Breach { row, level, message, expected, count, first }
            }));
        }
    }
    found
}

/// The section of a specification that a rule stands in, for the feed that breaks it.
#[must_use]
pub fn spec_of(row: &Row, stage: crate::vocabulary::Stage) -> &'static str {
    if row == MEDIA_TYPE && stage != crate::vocabulary::Stage::OpportunityFeed { SPEC_OF_ORDERS } else { SPEC }
}

rows! {
    STATUS = "invalid_status_code": "pages are returned with HTTP 200"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    MEDIA_TYPE = "invalid_content_type": "Content-Type of pages is that of the feed"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::media_type) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-2"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-2"],
    }
    ENCODING = "invalid_encoding": "pages are UTF-8"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    JSON = "invalid_json": "pages are JSON objects"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    DUPLICATE_KEY = "duplicate_key": "objects of a page have no duplicate keys"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::duplicate_key) {}
    BYTE_ORDER_MARK = "byte_order_mark": "pages do not start with a byte order mark"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::byte_order_mark) {}
    CACHE_CONTROL = "missing_cache_control": "Cache-Control of an open feed allows caching, of its last page for at most 8 seconds"
        at [OpportunityFeed], page(rules::cache_control) {}
    EXCESSIVE_CACHE_CONTROL = "excessive_cache_control": "Cache-Control does not allow shared caches to keep pages for one Booking Partner"
        at [OrdersFeed ProposalsFeed], page(rules::excessive_cache_control) {}
    MISSING_FIELD = "missing_required_field": "pages and items have all required properties"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::missing_field) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    INVALID_TYPE = "invalid_type": "`modified` is an integer or a string, and `next` is an absolute URL"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::invalid_type) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    INVALID_FORMAT = "invalid_format": "properties of pages and items have the right types and values"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::invalid_format) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    JSON_LD = "json_ld_outside_data": "pages and items have no JSON-LD outside `data`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::json_ld) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    KIND = "kind_not_distinct": "each entity type has a `kind` of its own in the opportunity feeds"
        at [OpportunityFeed], by_walk {}
    PARENT = "parent_missing": "the parent of each opportunity is in an opportunity feed"
        at [OpportunityFeed], by_walk {}, level Should
    MISSING_DATA = "missing_data_in_updated_item": "updated items have `data`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::missing_data) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    UNNECESSARY_DATA = "unnecessary_data_in_deleted_item": "deleted items have no `data`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::unnecessary_data) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    DUPLICATE_ITEM = "no_duplicate_items": "each item is in its feed once"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::duplicate_item) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    ORDER = "items_out_of_order": "items are in the order of `modified`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::order) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    CANCELLATION_UNDONE = "cancelled_item_restored": "an OrderItem that a page has shown as cancelled stays cancelled"
        at [OrdersFeed], page(rules::cancellation_undone) {
        OrdersFeed: ["OB-totalpaymentdue-invariant-6"],
    }, violates {
        [OrdersFeed] => ["OB-totalpaymentdue-invariant-6"],
    }
    DELETION_UNDONE = "deleted_order_restored": "an Order that a page has shown as deleted stays deleted"
        at [OrdersFeed], page(rules::deletion_undone) {
        OrdersFeed: ["OB-order-deletion-2"],
    }, violates {
        [OrdersFeed] => ["OB-order-deletion-2"],
    }
    LARGE_MODIFIED = "modified_beyond_2_53": "`modified` does not exceed 2^53"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::large_modified) {}
    BASE_URL = "base_url_mismatch": "`next` has the base URL of the feed"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::base_url) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    NEXT_IS_SELF = "invalid_next_url_for_zero_items": "`next` of a page with items is another page"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::next_is_self) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    AFTER_ID = "after_id_with_timestamp": "`next` with `afterTimestamp` has `afterId`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::after_id) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    LAST_ITEM = "last_item_not_matching_next": "`next` is the position of the last item of its page"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::last_item) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    NO_INCREASE = "after_param_should_increase": "`next` advances from page to page"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::no_increase) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    STRATEGY = "unknown_ordering_strategy": "`next` has the parameters of an ordering strategy"
        at [OpportunityFeed], page(rules::strategy) {}
    FEW_ITEMS = "minimum_items_per_page": "pages before the last one have at least 500 items"
        at [OpportunityFeed], page(rules::few_items) {}
    NO_DELETED = "no_deleted_items": "deleted items are retained for seven days"
        at [OpportunityFeed], by_walk {}
    LAST_PAGE_ITEMS = "last_page_no_items": "a page beyond the end of the feed has no items"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    LAST_PAGE_SELF = "last_page_reference_self": "`next` of an empty last page is the page itself"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    VANISHED = "item_vanished": "items stay in their feed until they are deleted"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    LOOP = "feed_loops": "the pages of a feed end with a last page"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }, violates {
        [OrdersFeed ProposalsFeed] => ["OB-realtime-paged-data-exchange-1-0-1"],
    }
}
