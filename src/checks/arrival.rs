//! Whether an update ends the wait for it, and whether it makes vain to wait for another one.

use serde_json::Value;

use crate::client::feed::Arrival;
use crate::trace::{Asked, Awaited, History, Update};
use crate::vocabulary::{FeedName, Profile};

use super::named::asked as asked_of;
use super::proposal;
use super::seen::{Seen, id, is_cancelled, items};
use super::view::Context;

/// What an update means to a wait: whether it is what is awaited, or excludes that.
///
/// A cancelled OrderItem stays cancelled, a rejected OrderProposal rejected, and a deleted item deleted. A status that has
/// changed to neither what it was nor what is awaited is the effect of the request, and wrong. A status that has not changed
/// may still do so: nothing limits how many updates a change takes.
#[must_use]
pub fn classify_update(
    awaited: &Awaited,
    update: &Update,
    feed: FeedName,
    before: &History,
    context: &Context<'_>,
) -> Arrival {
    let Some(data) = &update.data else {
        return match awaited {
            Awaited::Update | Awaited::Acceptance => Arrival::Final,
            _ => Arrival::Awaited,
        };
    };
    match awaited {
        Awaited::Update => asked(data, feed, before, context),
        Awaited::Acceptance if context.profile != Profile::Strict || proposal::accepted(update) => Arrival::Awaited,
        Awaited::Acceptance if is_rejected(data.get("orderProposalStatus")) => Arrival::Final,
        Awaited::Acceptance | Awaited::Deletion | Awaited::EndOfProposal(true) => Arrival::Other,
        Awaited::EndOfProposal(false)
        | Awaited::Nothing
        | Awaited::Absence
        | Awaited::AbsenceOfNew
        | Awaited::Retention => Arrival::Awaited,
    }
}

/// Whether an update ends the wait for it.
#[must_use]
pub fn is_over(awaited: &Awaited, update: &Update, feed: FeedName, before: &History, context: &Context<'_>) -> bool {
    classify_update(awaited, update, feed, before, context) == Arrival::Awaited
}

/// Judges an item by the checks of the feature file.
fn asked(data: &Value, feed: FeedName, before: &History, context: &Context<'_>) -> Arrival {
    let seen = Seen::new(feed.stage(), data, None, before, *context);
    let mut arrival = Arrival::Awaited;
    for finding in asked_of(context.asked(Asked::Expect), &seen).into_iter().filter_map(|(_, finding)| finding) {
        let path = finding.path.unwrap_or_default();
        let outlook = match path.rsplit('.').next() {
            Some("orderItemStatus") => item_status(data, &path, before),
            Some("orderProposalStatus") if is_rejected(data.get("orderProposalStatus")) => Arrival::Final,
            _ => Arrival::Other,
        };
        arrival = arrival.max(outlook);
    }
    arrival
}

fn is_rejected(status: Option<&Value>) -> bool {
    let status = status.and_then(Value::as_str).unwrap_or_default();
    status.ends_with("SellerRejected") || status.ends_with("CustomerRejected")
}

/// What a wrong `orderItemStatus` at a path such as `orderedItem[0].orderItemStatus` means.
fn item_status(data: &Value, path: &str, before: &History) -> Arrival {
    let index = path.split(['[', ']']).nth(1).and_then(|index| index.parse::<usize>().ok());
    let Some(item) = index.and_then(|index| items(data).get(index)) else { return Arrival::Other };
    if is_cancelled(item) {
        return Arrival::Final;
    }
    let status = |item: &Value| item.get("orderItemStatus").and_then(Value::as_str).map(str::to_owned);
    let known = before.shown.as_ref().or(before.booked.as_ref());
    let earlier = known.and_then(|known| items(known).iter().find(|one| id(one).is_some() && id(one) == id(item)));
    match (earlier.and_then(status), status(item)) {
        (Some(before), Some(now)) if before != now => Arrival::Contrary,
        _ => Arrival::Other,
    }
}
