//! The rules of RPDE, one row each: judged on every page that is read, of whatever feed and by whichever command.
//!
//! The stages of a row are the feeds that it applies to. An Orders feed conforms to RPDE 1.0 except for its media type
//! (Open Booking API, "Realtime Paged Data Exchange 1.0"); a row leaves it out where that text leaves the matter open:
//! the specification's own example of an Orders feed has no `license`, and RPDE allows ordering strategies of one's own.

mod breaches;
mod page;
mod rules;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use breaches::{Breaches, IssueLevel, PageSeen, Reading};
pub use page::{FeedItem, FeedPage, ItemState, Parameters, base};
pub use rules::Earlier;

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
    /// What is wrong.
    pub message: Cow<'static, str>,
    /// What was expected.
    pub expected: &'static str,
    /// How often it was seen.
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
    STATUS = "invalid_status_code": "a page is returned with HTTP 200"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    MEDIA_TYPE = "invalid_content_type": "a page has the media type of its feed"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::media_type) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-2"],
    }
    ENCODING = "invalid_encoding": "a page is UTF-8"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    JSON = "invalid_json": "a page is a JSON object"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    DUPLICATE_KEY = "duplicate_key": "no object of a page has a key twice"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::duplicate_key) {}
    BYTE_ORDER_MARK = "byte_order_mark": "a page does not start with a byte order mark"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::byte_order_mark) {}
    CACHE_CONTROL = "missing_cache_control": "a page of an open feed can be cached as long as it lasts"
        at [OpportunityFeed], page(rules::cache_control) {}
    EXCESSIVE_CACHE_CONTROL = "excessive_cache_control": "a page for one Booking Partner is not offered to shared caches"
        at [OrdersFeed ProposalsFeed], page(rules::excessive_cache_control) {}
    MISSING_FIELD = "missing_required_field": "pages and items have the properties that RPDE requires"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::missing_field) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    INVALID_TYPE = "invalid_type": "`modified` is a whole number or text, and `next` is an absolute URL"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::invalid_type) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    INVALID_FORMAT = "invalid_format": "properties of pages and items have the form that RPDE requires"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::invalid_format) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    MISSING_DATA = "missing_data_in_updated_item": "an updated item has `data`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::missing_data) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    UNNECESSARY_DATA = "unnecessary_data_in_deleted_item": "a deleted item has no `data`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::unnecessary_data) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    DUPLICATE_ITEM = "no_duplicate_items": "an item is in its feed once"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::duplicate_item) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    ORDER = "items_out_of_order": "items are in the order of `modified`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::order) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    LARGE_MODIFIED = "modified_beyond_2_53": "`modified` is a number that every reader of JSON keeps"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::large_modified) {}
    BASE_URL = "base_url_mismatch": "`next` leads to the same feed"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::base_url) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    NEXT_IS_SELF = "invalid_next_url_for_zero_items": "a page with items has another page as `next`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::next_is_self) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    AFTER_ID = "after_id_with_timestamp": "`next` has afterId beside afterTimestamp"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::after_id) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    LAST_ITEM = "last_item_not_matching_next": "`next` begins after the last item of its page"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::last_item) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    NO_INCREASE = "after_param_should_increase": "`next` begins after the `next` of the page before"
        at [OpportunityFeed OrdersFeed ProposalsFeed], page(rules::no_increase) {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1"],
    }
    STRATEGY = "unknown_ordering_strategy": "`next` has the parameters of an ordering strategy of RPDE"
        at [OpportunityFeed], page(rules::strategy) {}
    FEW_ITEMS = "minimum_items_per_page": "pages before the last one have many items"
        at [OpportunityFeed], page(rules::few_items) {}
    NO_DELETED = "no_deleted_items": "deleted items stay in the feed for seven days"
        at [OpportunityFeed], by_walk {}
    LAST_PAGE_ITEMS = "last_page_no_items": "a page beyond the end of the feed has no items"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {}
    LAST_PAGE_SELF = "last_page_reference_self": "an empty page at the end of the feed has itself as `next`"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {}
    VANISHED = "item_vanished": "an item stays in its feed until it is deleted"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {}
    LOOP = "feed_loops": "the pages of a feed lead to its end"
        at [OpportunityFeed OrdersFeed ProposalsFeed], by_walk {
        OrdersFeed ProposalsFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }
}
