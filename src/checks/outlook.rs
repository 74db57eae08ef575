//! Whether an update ends the wait for it, and whether it makes vain to wait for another one.

use serde_json::Value;

use crate::client::feed::WaitOutlook;
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
) -> WaitOutlook {
    let Some(data) = &update.data else {
        return match awaited {
            Awaited::Update | Awaited::Acceptance => WaitOutlook::Final,
            _ => WaitOutlook::Awaited,
        };
    };
    match awaited {
        Awaited::Update => asked(data, feed, before, context),
        Awaited::Acceptance if context.profile != Profile::Strict || proposal::accepted(update) => WaitOutlook::Awaited,
        Awaited::Acceptance if is_rejected(data.get("orderProposalStatus")) => WaitOutlook::Final,
        Awaited::Acceptance | Awaited::Deletion | Awaited::EndOfProposal(true) => WaitOutlook::Other,
        Awaited::EndOfProposal(false)
        | Awaited::Nothing
        | Awaited::Absence
        | Awaited::AbsenceOfNew
        | Awaited::Retention => WaitOutlook::Awaited,
    }
}

/// Whether an update ends the wait for it.
#[must_use]
pub fn is_over(awaited: &Awaited, update: &Update, feed: FeedName, before: &History, context: &Context<'_>) -> bool {
    classify_update(awaited, update, feed, before, context) == WaitOutlook::Awaited
}

/// Judges an item by the checks of the feature file.
fn asked(data: &Value, feed: FeedName, before: &History, context: &Context<'_>) -> WaitOutlook {
    let seen = Seen::new(feed.stage(), data, None, before, *context);
    let mut worst = WaitOutlook::Awaited;
    for finding in asked_of(context.asked(Asked::Expect), &seen).into_iter().filter_map(|(_, finding)| finding) {
        let path = finding.path.unwrap_or_default();
        let outlook = match path.rsplit('.').next() {
            Some("orderItemStatus") => item_status(data, &path, before),
            Some("orderProposalStatus") if is_rejected(data.get("orderProposalStatus")) => WaitOutlook::Final,
            _ => WaitOutlook::Other,
        };
        worst = worst.max(outlook);
    }
    worst
}

fn is_rejected(status: Option<&Value>) -> bool {
    let status = status.and_then(Value::as_str).unwrap_or_default();
    status.ends_with("SellerRejected") || status.ends_with("CustomerRejected")
}

/// What a wrong `orderItemStatus` at a path such as `orderedItem[0].orderItemStatus` means.
fn item_status(data: &Value, path: &str, before: &History) -> WaitOutlook {
    let index = path.split(['[', ']']).nth(1).and_then(|index| index.parse::<usize>().ok());
    let Some(item) = index.and_then(|index| items(data).get(index)) else { return WaitOutlook::Other };
    if is_cancelled(item) {
        return WaitOutlook::Final;
    }
    let status = |item: &Value| item.get("orderItemStatus").and_then(Value::as_str).map(str::to_owned);
    let known = before.shown.as_ref().or(before.booked.as_ref());
    let earlier = known.and_then(|known| items(known).iter().find(|one| id(one).is_some() && id(one) == id(item)));
    match (earlier.and_then(status), status(item)) {
        (Some(before), Some(now)) if before != now => WaitOutlook::Contrary,
        _ => WaitOutlook::Other,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::checks::{Check, CheckKind, Demands, Expectation};
    use crate::config::{Layers, load};
    use crate::opportunity::Clock;
    use crate::trace::Identity;
    use crate::vocabulary::openactive;

    fn order(statuses: &[&str]) -> Value {
        let item = |(number, status): (usize, &&str)| json!({ "@id": format!("https://a.example/orders/1#{number}"), "orderItemStatus": openactive(status) });
        json!({ "@type": "Order", "orderedItem": statuses.iter().enumerate().map(item).collect::<Vec<_>>() })
    }

    fn update(data: Option<Value>) -> Update {
        Update {
            exchange: 2,
            id: "1".to_owned(),
            modified: "1".to_owned(),
            kind: None,
            data,
            text: None,
            marked: false,
        }
    }

    /// What an update means after a booking of two OrderItems, where each must become `wanted`.
    fn after_booking(awaited: &Awaited, feed: FeedName, wanted: CheckKind, data: Option<Value>) -> WaitOutlook {
        let config = load(&Layers::built_in().unwrap()).unwrap();
        let asked = [Check { kind: wanted, profile: None, spec: None, covers: Vec::new(), violates: Vec::new() }];
        let identity = Identity { uuid: "1".to_owned(), customer: Value::Null };
        let mut history = History::of(&identity);
        history.booked = Some(order(&["OrderItemConfirmed", "OrderItemConfirmed"]));
        let context = Context {
            config: &config,
            profile: Profile::Strict,
            base: "https://a.example",
            payment: None,
            now: Timestamp::UNIX_EPOCH,
            clock: Clock::starting(Timestamp::UNIX_EPOCH),
            spec: "",
            demands: Demands { expect: &asked, expect_proposal: &[] },
        };
        classify_update(awaited, &update(data), feed, &history, &context)
    }

    fn each(status: &str) -> CheckKind {
        CheckKind::Each {
            list: "orderedItem".to_owned(),
            at: "orderItemStatus".to_owned(),
            expected: Expectation::Equals(json!(openactive(status))),
        }
    }

    fn attended(data: Option<Value>) -> WaitOutlook {
        after_booking(&Awaited::Update, FeedName::Orders, each("AttendeeAttended"), data)
    }

    #[test]
    fn an_update_with_what_is_awaited_ends_the_wait() {
        assert_eq!(attended(Some(order(&["AttendeeAttended", "AttendeeAttended"]))), WaitOutlook::Awaited);
    }

    #[test]
    fn a_status_that_has_not_changed_may_still_change() {
        assert_eq!(attended(Some(order(&["OrderItemConfirmed", "OrderItemConfirmed"]))), WaitOutlook::Other);
        assert_eq!(attended(Some(order(&["AttendeeAttended", "OrderItemConfirmed"]))), WaitOutlook::Other);
        assert_eq!(attended(Some(json!({ "@type": "Order" }))), WaitOutlook::Other);
    }

    #[test]
    fn another_status_than_before_and_than_awaited_is_contrary() {
        assert_eq!(attended(Some(order(&["AttendeeAbsent", "AttendeeAbsent"]))), WaitOutlook::Contrary);
        assert_eq!(attended(Some(order(&["AttendeeAttended", "AttendeeAbsent"]))), WaitOutlook::Contrary);
    }

    #[test]
    fn what_is_cancelled_rejected_or_deleted_is_final() {
        assert_eq!(attended(Some(order(&["SellerCancelled", "OrderItemConfirmed"]))), WaitOutlook::Final);
        assert_eq!(attended(None), WaitOutlook::Final);
        let status = || CheckKind::Value {
            at: "orderProposalStatus".to_owned(),
            expected: Expectation::Equals(json!(openactive("SellerAccepted"))),
        };
        let proposal = |awaited: &Awaited, status_now: &str| {
            let data = json!({ "@type": "OrderProposal", "orderProposalStatus": openactive(status_now) });
            after_booking(awaited, FeedName::OrderProposals, status(), Some(data))
        };
        for awaited in [Awaited::Update, Awaited::Acceptance] {
            assert_eq!(proposal(&awaited, "SellerRejected"), WaitOutlook::Final);
            assert_eq!(proposal(&awaited, "AwaitingSellerConfirmation"), WaitOutlook::Other);
            assert_eq!(proposal(&awaited, "SellerAccepted"), WaitOutlook::Awaited);
        }
    }

    #[test]
    fn nothing_but_a_deletion_ends_a_wait_for_one() {
        let deletion =
            |data: Option<Value>| after_booking(&Awaited::Deletion, FeedName::Orders, each("SellerCancelled"), data);
        assert_eq!(deletion(None), WaitOutlook::Awaited);
        assert_eq!(deletion(Some(order(&["CustomerCancelled", "CustomerCancelled"]))), WaitOutlook::Other);
    }
}
