//! Updates and deletions in the Orders feed and the OrderProposals feed.

use crate::results::{Defect, Finding};
use crate::trace::{Awaited, Purpose};
use crate::vocabulary::FeedName;

use super::outcome::Outcome;
use super::row::rows;
use super::view::{Answered, Awaiting, display_update, quoted, with};

/// The section about the Orders feed.
const ORDERS_FEED: &str = "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
/// The section of RPDE about deleted items.
const DELETED_ITEMS: &str = "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/#deleted-items";
/// The section about who may see what.
const DATA_SECURITY: &str =
    "https://openactive.io/open-booking-api/EditorsDraft/#api-level-authentication-and-data-security";

rows! {
    UPDATE_PUBLISHED = "update-published": "the feed publishes a changed Order or OrderProposal"
        at [OrdersFeed ProposalsFeed], needed_watch(update_published) {
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
    }, violates {
        [OrdersFeed] "state" => ["OB-orders-feed-inconsistencies-6", "OB-step-by-step-process-description-81"],
        [OrdersFeed] if "late" => [
            "OB-orders-feed-notifications-updates-and-refunds-4",
            "OB-step-by-step-process-description-81",
        ],
        [OrdersFeed] => ["OB-paths-and-verbs-15", "OB-realtime-paged-data-exchange-1-0-1"],
        [ProposalsFeed] if "late" => [
            "OB-booking-system-contract-with-the-broker-0-3",
            "OB-orders-feed-notifications-updates-and-refunds-4",
        ],
        [ProposalsFeed] "state" => ["OB-step-by-step-process-description-0-52"],
        [ProposalsFeed] => [
            "OB-orders-feed-notifications-updates-and-refunds-1",
            "OB-realtime-paged-data-exchange-1-0-1",
        ],
    }, step true
    ITEM_KIND = "item-kind": "`kind` of a feed item is Order or OrderProposal"
        at [OrdersFeed ProposalsFeed], strict_watch(item_kind) {
        OrdersFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
        ProposalsFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
    }, violates {
        [OrdersFeed ProposalsFeed] if "missing" => ["OB-realtime-paged-data-exchange-1-0-1"],
        [OrdersFeed ProposalsFeed] => ["OB-order-endpoint-restful-semantics-3"],
    }
    DELETION_PUBLISHED = "deletion-published": "the feed publishes the deletion of an Order or OrderProposal"
        at [OrdersFeed ProposalsFeed], watch(deletion_published) {
        OrdersFeed: ["OB-order-deletion-2"],
    }, violates {
        [OrdersFeed] => ["OB-order-deletion-2"],
    }, step true
    NOT_IN_FEED = "not-in-feed": "the feed contains no new Orders before their first update, and none of other Booking Partners"
        at [OrdersFeed ProposalsFeed], watch(not_in_feed) {
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
    }, step true
    FEED_REQUIRES_CREDENTIALS = "feed-requires-credentials": "the feed rejects requests without credentials"
        at [OrdersFeed ProposalsFeed], response(requires_credentials) {
        OrdersFeed: [
            "OB-step-by-step-process-description-80",
            "OB-booking-system-contract-with-the-broker-16",
            "OB-orders-feed-notifications-updates-and-refunds-2",
        ],
    }, step true
    NO_UPDATE_PUBLISHED = "no-update-published": "the feed publishes no update without a change"
        at [OrdersFeed ProposalsFeed], watch(no_update) {
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
    }, violates {
        [OrdersFeed] => ["OB-endpoints-5", "OB-booking-system-contract-with-the-broker-23"],
        [ProposalsFeed] => ["OB-endpoints-6", "OB-booking-system-contract-with-the-broker-24"],
    }
    DELETED_ITEM_RETAINED = "deleted-item-retained": "the feed retains deleted items for seven days"
        at [OrdersFeed], watch(retained) {
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }, violates {
        [OrdersFeed] if "missing" => ["OB-realtime-paged-data-exchange-1-0-1"],
        [OrdersFeed] => ["OB-order-deletion-2"],
    }
}

/// Expects the feed to be readable, and to publish an update of the Order.
fn update_published(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    let title = watched.feed.title();
    if let Some(unreadable) = watched.unreadable.as_ref().filter(|_| watched.opened.is_none()) {
        let reason = &unreadable.reason;
        let found = reason.split_once(": ").map_or(reason.as_str(), |(_, found)| found);
        let mut finding =
            Finding::new(reason.clone()).expected("an RPDE feed that can be read to its end", found).spec(ORDERS_FEED);
        finding.hint.clone_from(&unreadable.hint);
        let finding = with(finding, unreadable.exchange);
        // A response without a page does not conform; a feed that does not respond is not judged.
        return if unreadable.responds { Outcome::broken(finding) } else { Outcome::blocked(finding) };
    }
    match watched.awaited {
        Awaited::Update => {}
        Awaited::Absence | Awaited::AbsenceOfNew => return Outcome::held(),
        _ => return Outcome::absent(),
    }
    if let Some(update) = awaiting.last().filter(|update| update.data.is_some()) {
        return Outcome { exchanges: vec![update.exchange], ..Outcome::held() };
    }
    let (cause, uuid, item) = (&watched.cause, quoted(&awaiting.history.uuid), kind(watched.feed));
    let wanted = format!("an item with id {uuid} and state \"updated\"");
    if awaiting.last().is_some() {
        let message = format!("`state` of the {item} in the {title} is \"deleted\" after {cause}");
        return Outcome::broken(awaiting.finding(message).expected(wanted, awaiting.last_update()).path("state"));
    }
    let message = format!("the {title} has no update of the {item} after {cause}");
    let finding = awaiting.finding(message).expected(wanted, awaiting.last_update()).defect(Defect::Late);
    Outcome::broken(finding.hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`"))
}

/// The `kind` of the items of a feed.
const fn kind(feed: FeedName) -> &'static str {
    match feed {
        FeedName::Orders => "Order",
        FeedName::OrderProposals => "OrderProposal",
    }
}

/// Expects `kind` to be that of the items of the feed. No text says what it is for an OrderProposal, which has a feed of its own:
/// it may be `Order` as well.
fn item_kind(awaiting: &Awaiting<'_>) -> Outcome {
    let wanted = kind(awaiting.watched.feed);
    let judged = awaiting.watched.awaited == Awaited::Update && awaiting.watched.met;
    let Some(update) = awaiting.last().filter(|_| judged) else { return Outcome::absent() };
    let found = update.kind.as_deref();
    let right = [Some(wanted), Some("Order")].contains(&found);
    Outcome::of((!right).then(|| {
        let shown = found.map_or_else(|| "nothing".to_owned(), quoted);
        let finding = awaiting.finding(format!("`kind` of the item in the {} is wrong", awaiting.watched.feed.title()));
        finding.expected(quoted(wanted), shown).path("kind")
    }))
}

/// Expects the item to become `deleted`.
fn deletion_published(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Deletion {
        return Outcome::absent();
    }
    let watched = awaiting.watched;
    awaiting.expect_deletion(format!("the {} does not delete the item after {}", watched.feed.title(), watched.cause))
}

/// Expects no update after a request that changes nothing.
fn no_update(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    if watched.awaited != Awaited::Nothing || watched.opened.is_none() {
        return Outcome::absent();
    }
    if let Some(unreadable) = &watched.unreadable {
        let finding = Finding::new(unreadable.reason.clone()).spec(&watched.spec);
        return Outcome::blocked(finding.hint("read the feeds with `oa-test feeds`"));
    }
    Outcome::of(awaiting.last().map(|update| {
        let message =
            format!("the {} has an update after {}, which changes nothing", watched.feed.title(), watched.cause);
        let finding = awaiting.finding(message).expected("no update", display_update(update));
        // An Order that its feed has never shown is deleted without a trace there.
        match (awaiting.history.deleted, &awaiting.history.shown) {
            (false, _) => finding,
            (true, None) => finding.violating(["OB-order-deletion-3"]),
            (true, Some(_)) => finding.violating(["OB-endpoints-7"]),
        }
    }))
}

/// Expects the feed not to contain the Order of another Booking Partner.
fn not_in_feed(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    let own = watched.awaited == Awaited::AbsenceOfNew;
    if !(own || watched.awaited == Awaited::Absence) || watched.opened.is_none() {
        return Outcome::absent();
    }
    Outcome::of(watched.met.then(|| {
        let (title, who) = (watched.feed.title(), &watched.cause);
        let (uuid, item) = (quoted(&awaiting.history.uuid), kind(watched.feed));
        let message = if own {
            format!("the {title} has an item before the first update of an {item}")
        } else {
            format!("the {title} of {who} contains an {item} of another Booking Partner")
        };
        let finding =
            Finding::new(message).expected(format!("no item with id {uuid}"), format!("an item with id {uuid}"));
        let of_others: &[&str] = match watched.feed {
            _ if own => &[],
            FeedName::Orders => &[
                "OB-step-by-step-process-description-80",
                "OB-orders-feed-notifications-updates-and-refunds-3",
                "OB-api-level-authentication-and-data-security-1",
            ],
            _ => &[
                "OB-orders-feed-notifications-updates-and-refunds-3",
                "OB-api-level-authentication-and-data-security-1",
            ],
        };
        let finding = finding.violating(of_others.iter().copied());
        if own { finding } else { finding.spec(DATA_SECURITY) }
    }))
}

/// Expects the feed to reject a request without credentials.
fn requires_credentials(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::ForbiddenFeed {
        return Outcome::absent();
    }
    let reply = &answered.exchanged.reply;
    Outcome::of((!matches!(reply.status, Some(401 | 403))).then(|| {
        let what = &answered.exchanged.what;
        let broken: &[&str] = if reply.succeeded() {
            &[
                "OB-orders-feed-notifications-updates-and-refunds-2",
                "OB-booking-system-contract-with-the-broker-16",
                "OB-authentication-1",
            ]
        } else {
            &["OB-api-authentication-1"]
        };
        let message = if reply.succeeded() {
            format!("the {what} was returned to a request without credentials")
        } else {
            format!("the {what} rejected a request without credentials with the wrong HTTP status")
        };
        let finding = answered.finding(message).expected("HTTP 401 or 403", reply.shown());
        finding.violating(broken.iter().copied())
    }))
}

/// Expects the feed, read from its beginning, to contain the deleted Order.
fn retained(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Retention || awaiting.watched.opened.is_none() {
        return Outcome::absent();
    }
    let last = awaiting.last();
    Outcome::of(last.is_none_or(|update| update.data.is_some()).then(|| {
        let title = awaiting.watched.feed.title();
        let (message, found) = match last {
            None => (format!("the {title} does not retain the deleted Order"), "nothing".to_owned()),
            Some(_) => (format!("`state` of the deleted Order in the {title} is \"updated\""), quoted("updated")),
        };
        awaiting
            .finding(message)
            .expected("an item with state \"deleted\", for seven days after the deletion", found)
            .path("items[*].state")
            .spec(DELETED_ITEMS)
    }))
}
