//! Updates and deletions in the Orders feed and the OrderProposals feed.

use serde_json::json;

use crate::trace::{Awaited, Purpose, Unreadable, Wanted};
use crate::vocabulary::{FeedName, Stage};

use super::documents::{document, error};
use super::honest::{b, exchange, orders_feed, p};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// The first page of the Orders feed for a request without credentials, which is rejected.
fn forbidden(status: u16) -> Trace {
    let exchanged = exchange(Stage::OrdersFeed, Purpose::ForbiddenFeed, Wanted::Response, status);
    Trace::new().request(
        "feed",
        exchanged,
        json!(null),
        error(if status == 403 { "UnauthenticatedError" } else { "InvalidAPITokenError" }, status),
    )
}

pub(super) fn lines() -> Vec<Lines> {
    let unseen = |trace: Trace| trace.watch("feed", |watched| (watched.seen, watched.met) = (Vec::new(), false));
    let found = |trace: Trace| trace.watch("feed", |watched| watched.met = true);
    let orders = |awaited: Awaited| b().wait(FeedName::Orders, awaited);
    let unreadable = |responds: bool| {
        orders_feed().watch("feed", |watched| {
            let reason = "the feed returned HTTP 500".to_owned();
            watched.unreadable = Some(Unreadable { reason, responds, exchange: None, hint: None });
            (watched.opened, watched.seen, watched.met) = (None, Vec::new(), false);
        })
    };
    let update = orders_feed();
    vec![
        row("update-published")
            .right(update.clone().watch("feed", |watched| watched.seen.insert(0, watched.seen[0].clone())))
            .wrong(unseen(update.clone()), "Orders feed late")
            .wrong(update.clone().set("feed", json!(null)), "state wrong")
            .wrong(unreadable(true), "Orders feed wrong")
            .blocked(unreadable(false), "Orders feed wrong"),
        row("item-kind")
            .right(
                p().wait(FeedName::OrderProposals, Awaited::Update)
                    .watch("proposals feed", |watched| watched.seen[0].kind = Some("Order".to_owned())),
            )
            .wrong(
                update.clone().watch("feed", |watched| watched.seen[0].kind = Some("OrderProposal".to_owned())),
                "kind wrong",
            )
            .wrong(update.watch("feed", |watched| watched.seen[0].kind = None), "kind missing"),
        row("deletion-published")
            .right(orders(Awaited::Deletion))
            .wrong(
                orders(Awaited::Deletion)
                    .watch("feed", |watched| watched.met = false)
                    .set("feed", document(Stage::OrdersFeed)),
                "state wrong",
            )
            .wrong(unseen(orders(Awaited::Deletion)), "Orders feed late"),
        row("not-in-feed")
            .right(orders(Awaited::Absence))
            .right(orders(Awaited::AbsenceOfNew))
            .wrong(found(orders(Awaited::Absence)), "Orders feed unexpected")
            .wrong(found(orders(Awaited::AbsenceOfNew)), "Orders feed unexpected"),
        row("feed-requires-credentials")
            .right(forbidden(401))
            .right(forbidden(403))
            .wrong(forbidden(200).set("feed", json!({ "items": [] })), "Orders feed wrong")
            .wrong(forbidden(404), "Orders feed wrong"),
        row("no-update-published").right(orders(Awaited::Nothing)).wrong(
            orders(Awaited::Update).watch("feed", |watched| watched.awaited = Awaited::Nothing),
            "Orders feed unexpected",
        ),
        row("deleted-item-retained")
            .right(orders(Awaited::Retention))
            .wrong(unseen(orders(Awaited::Retention)), "items.state missing")
            .wrong(orders(Awaited::Retention).set("feed", document(Stage::OrdersFeed)), "items.state wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
