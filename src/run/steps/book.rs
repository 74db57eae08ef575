//! B; in the approval flow P, acceptance by the Seller, and then B.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::FeedName;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::requests::{Total, action as action_body, booking, booking_after_proposal};
use crate::target::feed::{OrderMiss, OrderUpdate, OrderWatch};
use crate::validate::Mode;
use crate::vocabulary::{Action, Flow, Profile, openactive};

use super::answer::{Expected, object, status};
use super::capacity::in_feeds;
use super::order::{confirmed, item_ids, media_type, ordered_items, same_items, valid, with};
use super::simulate::{open_watch, post_action};
use super::{SPEC, send};

/// Books the Order of the cell.
pub(super) async fn book(run: &mut CellRun) -> bool {
    match run.flow() {
        Flow::Simple => book_simple(run).await,
        Flow::Approval => book_approval(run).await,
    }
}

async fn book_simple(run: &mut CellRun) -> bool {
    run.begin("book", "B");
    let body = booking("Order", run.seller(), &run.items, &run.party, &run.total);
    let spec = format!("{SPEC}#order-creation-b");
    let Some(order) = put(run, "B", "orders", &body, Mode::BResponse, &spec).await else { return run.end() };
    let items = run.items.clone();
    same_items(run.log(), &items, &order.body, &spec, order.exchange);
    if run.session.profile == Profile::Strict {
        confirmed(run.log(), &order.body, &spec, order.exchange);
    }
    if booked(run, order, &spec) {
        capacity_after(run).await;
    }
    run.end()
}

async fn capacity_after(run: &mut CellRun) {
    let (anonymous, named) = run.session.leasing();
    let leased = run.quoted && (anonymous || named);
    in_feeds(run, "B", !leased).await;
}

/// An answer that holds an Order or OrderProposal.
struct Answered {
    body: Value,
    exchange: Option<u32>,
}

/// PUTs a booking and judges what every booking must be.
async fn put(run: &mut CellRun, what: &str, path: &str, body: &Value, mode: Mode, spec: &str) -> Option<Answered> {
    let path = format!("{path}/{}", run.uuid);
    let response = send(run, what, Method::PUT, &path, Some(body)).await;
    let credentials = run.session.credentials_hint(run.seller());
    let expected = Expected { what, status: &[201], spec, credentials: &credentials, hint: None, beside: false };
    if !status(run.log(), &response, expected) {
        return None;
    }
    let body = object(run.log(), &response, expected)?;
    let profile = run.session.profile;
    media_type(run.log(), &response, profile);
    valid(run.log(), mode, &body, spec, response.exchange());
    Some(Answered { body, exchange: response.exchange() })
}

/// Keeps the Order. What builds on it needs its `@id` and its OrderItems.
fn booked(run: &mut CellRun, order: Answered, spec: &str) -> bool {
    let finding = item_ids(&order.body).err().map(|finding| with(finding.spec(spec), order.exchange));
    run.log().check("every OrderItem has an @id of its own", Some(Profile::Strict), finding);
    let usable = order.body.get("@id").is_some_and(Value::is_string) && !ordered_items(&order.body).is_empty();
    if !usable {
        run.log().unusable();
    }
    run.booked = Some(order.body);
    usable
}

async fn book_approval(run: &mut CellRun) -> bool {
    let Some((proposal, mut watch)) = propose(run).await else {
        run.skip("book", "The Seller accepts the OrderProposal");
        run.skip("book", "B");
        return false;
    };
    let Some(version) = accept(run, &proposal, &mut watch).await else {
        run.skip("book", "B");
        return false;
    };
    run.begin("book", "B");
    let spec = format!("{SPEC}#order-creation-b");
    let body = booking_after_proposal(run.seller(), &version, &run.party, &run.total);
    let Some(order) = put(run, "B", "orders", &body, Mode::BResponse, &spec).await else { return run.end() };
    if run.session.profile == Profile::Strict {
        confirmed(run.log(), &order.body, &spec, order.exchange);
        let finding = other_ids(&proposal, &order.body).map(|finding| with(finding.spec(&spec), order.exchange));
        run.log().check("the OrderItems are those of the OrderProposal", Some(Profile::Strict), finding);
    }
    if booked(run, order, &spec) {
        gone(run, &mut watch).await;
        capacity_after(run).await;
    }
    run.end()
}

/// P. Returns the OrderProposal, and a watch that sees what comes after it.
async fn propose(run: &mut CellRun) -> Option<(Value, OrderWatch)> {
    run.begin("book", "P");
    let body = booking("OrderProposal", run.seller(), &run.items, &run.party, &run.total);
    let spec = format!("{SPEC}#orderproposal-creation-p");
    let Some(proposal) = put(run, "P", "order-proposals", &body, Mode::PResponse, &spec).await else {
        run.end();
        return None;
    };
    let items = run.items.clone();
    same_items(run.log(), &items, &proposal.body, &spec, proposal.exchange);
    for property in ["@id", "orderProposalVersion"] {
        // The validity check of the answer has told already that it is missing.
        if !proposal.body.get(property).is_some_and(Value::is_string) {
            run.log().unusable();
        }
    }
    let status = proposal.body.get("orderProposalStatus").and_then(Value::as_str);
    let awaiting = openactive("AwaitingSellerConfirmation");
    let finding = (status != Some(&awaiting) && run.session.profile == Profile::Strict).then(|| {
        let finding = Finding::new("the new OrderProposal does not await the Seller's confirmation")
            .expected(awaiting, status.unwrap_or("nothing"))
            .path("orderProposalStatus")
            .spec(&spec);
        with(finding, proposal.exchange)
    });
    run.log().check("the OrderProposal awaits the Seller's confirmation", Some(Profile::Strict), finding);
    let watch = open_watch(run, FeedName::OrderProposals).await;
    if !run.end() {
        return None;
    }
    run.total = Total::of(&proposal.body);
    run.proposal = Some(proposal.body.clone());
    Some((proposal.body, watch?))
}

/// The Seller accepts. Returns the version of the OrderProposal that was accepted.
async fn accept(run: &mut CellRun, proposal: &Value, watch: &mut OrderWatch) -> Option<String> {
    run.begin("book", "The Seller accepts the OrderProposal");
    let spec = format!("{SPEC}#proposal-approval");
    let id = proposal.get("@id").and_then(Value::as_str).unwrap_or_default();
    let action = Action::SellerAcceptOrderProposal;
    let body = action_body(&action.json_type(), "OrderProposal", id);
    let Some(sent) = post_action(run, action, &body).await else {
        run.end();
        return None;
    };
    run.waits_for("the OrderProposal in its feed");
    let strict = run.session.profile == Profile::Strict;
    let deadline = run.session.feed_deadline();
    let accepted = openactive("SellerAccepted");
    let status_of =
        |update: &OrderUpdate| update.data.as_ref()?.get("orderProposalStatus")?.as_str().map(str::to_owned);
    let wanted =
        |update: &OrderUpdate| update.data.is_some() && (!strict || status_of(update).as_deref() == Some(&accepted));
    let name = "the OrderProposals feed shows that the Seller accepted";
    match watch.wait_for(deadline, wanted).await {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(name, None, None);
            let data = update.data.unwrap_or_default();
            valid(run.log(), Mode::OrderProposalsFeed, &data, &spec, Some(update.exchange));
            let version = data.get("orderProposalVersion").and_then(Value::as_str);
            let version = version.or_else(|| proposal.get("orderProposalVersion").and_then(Value::as_str));
            if data.get("totalPaymentDue").is_some() {
                run.total = Total::of(&data);
            }
            let version = version.map(str::to_owned);
            run.end().then_some(version).flatten()
        }
        Err(miss) => {
            let last = miss.seen.last();
            let found = last.map_or_else(|| nothing_seen(&miss), |last| status_of(last).unwrap_or_else(|| shown(last)));
            let message = if last.is_some() {
                "the OrderProposals feed does not show that the Seller accepted"
            } else {
                "no update of the OrderProposal came to the OrderProposals feed after the Seller accepted"
            };
            let finding = Finding::new(message)
                .expected(format!("an OrderProposal with orderProposalStatus {accepted}"), found)
                .path("orderProposalStatus")
                .spec(&spec);
            run.log().fail(name, finding.exchange(last.map_or(sent, |update| update.exchange)));
            run.end();
            None
        }
    }
}

/// The OrderProposal leaves its feed once it is an Order.
async fn gone(run: &mut CellRun, watch: &mut OrderWatch) {
    run.waits_for("the end of the OrderProposal in its feed");
    let strict = run.session.profile == Profile::Strict;
    let deadline = run.session.feed_deadline();
    let name = "the OrderProposals feed drops the OrderProposal after B";
    match watch.wait_for(deadline, |update| !strict || update.data.is_none()).await {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(name, None, None);
        }
        Err(miss) => {
            let last = miss.seen.last();
            let found = last.map_or_else(|| nothing_seen(&miss), shown);
            let finding = Finding::new("the OrderProposal is still in the OrderProposals feed after B")
                .expected("an item with state \"deleted\"", found)
                .path("state")
                .spec(format!("{SPEC}#orders-rpde-feed"));
            run.log().check(name, None, Some(with(finding, last.map(|update| update.exchange))));
        }
    }
}

/// What a feed showed while nothing of the Order came.
pub(super) fn nothing_seen(miss: &OrderMiss) -> String {
    match &miss.error {
        Some(error) => format!("no update: the feed could not be read ({error})"),
        None => format!("no update of it ({} pages of the feed were read)", miss.pages),
    }
}

/// An update in a few words.
pub(super) fn shown(update: &OrderUpdate) -> String {
    match &update.data {
        None => format!("an item with state \"deleted\" (modified {})", update.modified),
        Some(data) => crate::run::checks::brief(data),
    }
}

fn other_ids(proposal: &Value, order: &Value) -> Option<Finding> {
    let (Ok(mut before), Ok(mut after)) = (item_ids(proposal), item_ids(order)) else { return None };
    before.sort_unstable();
    after.sort_unstable();
    (before != after).then(|| {
        Finding::new("the Order has other OrderItems than the OrderProposal")
            .expected(before.join(", "), after.join(", "))
            .path("orderedItem[*].@id")
    })
}
