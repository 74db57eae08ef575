//! Updates and deletions in the Orders feed and the OrderProposals feed.

use crate::results::Finding;
use crate::trace::{Awaited, Purpose};
use crate::vocabulary::FeedName;

use super::outcome::Outcome;
use super::row::rows;
use super::view::{Answered, Awaiting, with};

/// The section about the Orders feed.
const ORDERS_FEED: &str = "https://openactive.io/open-booking-api/EditorsDraft/#orders-rpde-feed";
/// The section of RPDE about deleted items.
const DELETED_ITEMS: &str = "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/#deleted-items";
/// The section about who may see what.
const DATA_SECURITY: &str =
    "https://openactive.io/open-booking-api/EditorsDraft/#api-level-authentication-and-data-security";

rows! {
    UPDATE_PUBLISHED = "update-published": "a feed shows an Order or OrderProposal that was changed"
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
    }
    ITEM_KIND = "item-kind": "the item of a feed says what it is"
        at [OrdersFeed ProposalsFeed], strict_watch(item_kind) {
        OrdersFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
        ProposalsFeed: ["OB-order-endpoint-restful-semantics-3", "OB-broker-processing-the-orders-feed-27"],
    }
    DELETION_PUBLISHED = "deletion-published": "a feed shows that an Order or OrderProposal is no more"
        at [OrdersFeed ProposalsFeed], watch(deletion_published) {
        OrdersFeed: ["OB-order-deletion-2"],
    }
    NOT_IN_FEED = "not-in-feed": "a feed does not show what does not belong into it"
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
    }
    FEED_REQUIRES_CREDENTIALS = "feed-requires-credentials": "a feed of Orders is not shown without credentials"
        at [OrdersFeed ProposalsFeed], response(requires_credentials) {
        OrdersFeed: [
            "OB-step-by-step-process-description-80",
            "OB-booking-system-contract-with-the-broker-16",
            "OB-orders-feed-notifications-updates-and-refunds-2",
        ],
    }
    NO_UPDATE_PUBLISHED = "no-update-published": "what changes nothing shows in no feed"
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
    }
    DELETED_ITEM_RETAINED = "deleted-item-retained": "a feed keeps what was deleted, so that nobody misses it"
        at [OrdersFeed], watch(retained) {
        OrdersFeed: ["OB-realtime-paged-data-exchange-1-0-1", "OB-realtime-paged-data-exchange-1-0-4"],
    }
}

/// The feed can be read, and shows an update of the Order.
fn update_published(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    let title = watched.feed.title();
    if let Some(unreadable) = watched.unreadable.as_ref().filter(|_| watched.opened.is_none()) {
        let mut finding = Finding::new(unreadable.reason.clone())
            .expected("a feed that can be read to its end", unreadable.reason.clone())
            .spec(ORDERS_FEED);
        finding.hint.clone_from(&unreadable.hint);
        let finding = with(finding, unreadable.exchange);
        // What answers and has no page to give does not conform; what does not answer has not been judged.
        return if unreadable.responds { Outcome::broken(finding) } else { Outcome::blocked(finding) };
    }
    match watched.awaited {
        Awaited::Update => {}
        Awaited::Absence => return Outcome::held(),
        _ => return Outcome::absent(),
    }
    if let Some(update) = awaiting.last().filter(|update| update.data.is_some()) {
        return Outcome { exchanges: vec![update.exchange], ..Outcome::held() };
    }
    let message = format!("the {title} shows no update of the Order after {}", watched.cause);
    let wanted = format!("an item with id {} and state \"updated\"", awaiting.history.uuid);
    let finding = awaiting.finding(message).expected(wanted, awaiting.shown());
    Outcome::broken(finding.hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`"))
}

/// The item says what it is.
fn item_kind(awaiting: &Awaiting<'_>) -> Outcome {
    let wanted = match awaiting.watched.feed {
        FeedName::Orders => "Order",
        FeedName::OrderProposals => "OrderProposal",
    };
    let judged = awaiting.watched.awaited == Awaited::Update && awaiting.watched.met;
    let Some(update) = awaiting.last().filter(|_| judged) else { return Outcome::absent() };
    let found = update.kind.as_deref();
    Outcome::of((found != Some(wanted)).then(|| {
        let shown = found.map_or_else(|| "nothing".to_owned(), |kind| format!("\"{kind}\""));
        let finding = awaiting.finding("an item of the feed is of another kind");
        finding.expected(format!("\"{wanted}\""), shown).path("kind")
    }))
}

/// The item becomes `deleted`.
fn deletion_published(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Deletion {
        return Outcome::absent();
    }
    awaiting.deletion(format!("the {} does not show the item as deleted", awaiting.watched.feed.title()))
}

/// What changes nothing shows in no feed either.
fn no_update(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    if watched.awaited != Awaited::Nothing || watched.opened.is_none() {
        return Outcome::absent();
    }
    if let Some(unreadable) = &watched.unreadable {
        return Outcome::blocked(Finding::new(unreadable.reason.clone()).spec(&watched.spec));
    }
    Outcome::of(awaiting.last().map(|update| {
        let message =
            format!("the {} shows an update after {}, which changes nothing", watched.feed.title(), watched.cause);
        awaiting.finding(message).expected("no update", update.shown())
    }))
}

/// The Order of another Booking Partner is not in the feed.
fn not_in_feed(awaiting: &Awaiting<'_>) -> Outcome {
    let watched = awaiting.watched;
    if watched.awaited != Awaited::Absence || watched.opened.is_none() {
        return Outcome::absent();
    }
    Outcome::of(watched.met.then(|| {
        let (title, who) = (watched.feed.title(), &watched.cause);
        Finding::new(format!("the {title} of {who} shows an Order that another one placed"))
            .expected(format!("no item with id {}", awaiting.history.uuid), "such an item")
            .spec(DATA_SECURITY)
    }))
}

/// A feed is not shown without credentials.
fn requires_credentials(answered: &Answered<'_>) -> Outcome {
    if answered.exchanged.purpose != Purpose::ForbiddenFeed {
        return Outcome::absent();
    }
    let reply = &answered.exchanged.reply;
    Outcome::of((!matches!(reply.status, Some(401 | 403))).then(|| {
        let what = &answered.exchanged.what;
        let finding = answered.finding(format!("the {what} is shown to somebody without credentials"));
        finding.expected("HTTP 401 or 403", reply.shown())
    }))
}

/// Who reads the feed from its beginning still finds the deleted Order.
fn retained(awaiting: &Awaiting<'_>) -> Outcome {
    if awaiting.watched.awaited != Awaited::Retention || awaiting.watched.opened.is_none() {
        return Outcome::absent();
    }
    let last = awaiting.last();
    Outcome::of(last.is_none_or(|update| update.data.is_some()).then(|| {
        let found = last.map_or_else(|| "no item of it".to_owned(), |_| "state updated".to_owned());
        let title = awaiting.watched.feed.title();
        let message = format!("who reads the {title} from its beginning does not learn that the Order was deleted");
        awaiting
            .finding(message)
            .expected("an item with state deleted, for seven days", found)
            .path("items[*].state")
            .spec(DELETED_ITEMS)
    }))
}
