//! B, P, and in the approval flow what lies between them.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{FeedName, Step, Template, Version};
use crate::checks::{order_items, proposal, repetition};
use crate::client::feed::{OrderUpdate, OrderWatch};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::run::duties;
use crate::run::requests::action as action_body;
use crate::trace::Total;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::{Action, Flow, Profile, Stage, openactive};

use super::answer::{Expected, object, status};
use super::await_feed::{self, nothing_seen, open_watch, shown};
use super::capacity::{given_back_by_amendment, in_feeds, untouched};
use super::fullness::leased_instead;
use super::order::{confirmed, item_ids, media_type, ordered_items, same_items, valid, valid_update, with};
use super::refused::{Refusal, refused};
use super::simulate::post_action;
use super::{SPEC, draft, expect, lacking, send};
use crate::trace::Made;

fn spec_of_b() -> String {
    format!("{SPEC}#order-creation-b")
}

fn spec_of_p() -> String {
    format!("{SPEC}#orderproposal-creation-p")
}

/// Books the Order of the part: B, or P, acceptance and B.
pub(super) async fn book(run: &mut CellRun, template: Template, at_once: bool, step: &Step) -> bool {
    if at_once {
        run.history.total = Total::of_offers(&run.history.items);
    }
    run.part.template = template;
    match run.flow() {
        Flow::Simple => book_simple(run, template, step).await,
        Flow::Approval => book_approval(run, template, step).await,
    }
}

/// B, whatever the booking flow.
pub(super) async fn directly(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.part.template = template;
    book_simple(run, template, step).await
}

fn titled(what: &str, template: Template) -> String {
    format!("{what} {}", template.summary()).trim_end().to_owned()
}

async fn book_simple(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.begin("book", titled("B", template));
    let total = run.history.total.clone();
    let body = draft(run, template, |draft, rng| draft.booking("Order", &total, rng));
    let spec = spec_of_b();
    if step.fails.is_some() {
        return refuse(run, "B", &body, Mode::BResponse, &spec, step, Some(Profile::Strict)).await;
    }
    let Some(order) = put(run, "B", &body, Mode::BResponse, &spec).await else { return run.end() };
    let items = run.history.items.clone();
    let profile = run.session.profile;
    same_items(run.log(), &items, &order.body, &spec, order.exchange, profile);
    duties::judge(run, Stage::B, &order.body, Some(&body), order.exchange);
    booked(run, order, &spec, None, step).await;
    run.end()
}

/// A booking that must be refused.
async fn refuse(
    run: &mut CellRun,
    what: &str,
    body: &Value,
    mode: Mode,
    spec: &str,
    step: &Step,
    capacity: Option<Profile>,
) -> bool {
    let Some(error) = step.fails else { return run.end() };
    let response = send(run, what, Method::PUT, &path_of(run, what), Some(body)).await;
    if leased_instead(run, None, error, &response).await {
        return run.end();
    }
    if let Some(body) = refused(run, &response, Refusal { what, error: Some(error), mode: Some(mode), spec }) {
        expect(run, &step.expect, &body, spec, response.exchange());
    }
    untouched(run, what, &response, capacity).await;
    run.end()
}

fn path_of(run: &CellRun, what: &str) -> String {
    let collection = if what == "P" { "order-proposals" } else { "orders" };
    format!("{collection}/{}", run.history.uuid)
}

/// An answer that holds an Order or OrderProposal.
struct Answered {
    body: Value,
    exchange: Option<u32>,
}

/// PUTs a booking and judges what every booking must be.
async fn put(run: &mut CellRun, what: &str, body: &Value, mode: Mode, spec: &str) -> Option<Answered> {
    let response = send(run, what, Method::PUT, &path_of(run, what), Some(body)).await;
    if what == "B" {
        run.history.last_b = Some((body.clone(), response.status.unwrap_or_default()));
    }
    let credentials = run.session.credentials_hint(run.credentials());
    let expected = Expected { what, status: &[201], spec, credentials: &credentials, hint: None, beside: false };
    if !status(run.log(), &response, expected) {
        return None;
    }
    let body = object(run.log(), &response, expected)?;
    let profile = run.session.profile;
    media_type(run.log(), &response, profile);
    valid(run.log(), mode, &response.body, spec, response.exchange());
    Some(Answered { body, exchange: response.exchange() })
}

/// Judges and keeps the Order; what builds on it needs its `@id` and its OrderItems.
async fn booked(run: &mut CellRun, order: Answered, spec: &str, proposals: Option<OrderWatch>, step: &Step) {
    if run.strict() {
        confirmed(run.log(), &order.body, spec, order.exchange);
    }
    let finding = item_ids(&order.body).err().map(|finding| with(finding.spec(spec), order.exchange));
    run.log().check(order_items::UNIQUE_ORDER_ITEM_IDS.called(), Some(Profile::Strict), finding);
    expect(run, &step.expect, &order.body, spec, order.exchange);
    let usable = order.body.get("@id").is_some_and(Value::is_string) && !ordered_items(&order.body).is_empty();
    run.history.booked = Some(order.body);
    if !usable {
        run.log().unusable();
        return;
    }
    if let Some(mut watch) = proposals {
        gone(run, &mut watch, run.strict() || step.deleted).await;
    }
    let (anonymous, named) = run.session.leasing();
    let leased = run.history.quoted && (anonymous || named);
    in_feeds(run, "B", !leased).await;
    given_back_by_amendment(run, "B").await;
}

async fn book_approval(run: &mut CellRun, template: Template, step: &Step) -> bool {
    let going_on = first_p(run, template, step).await;
    if step.fails.is_some() {
        return going_on;
    }
    let proposal = run.history.proposal.clone().filter(|_| going_on);
    let Some(proposal) = proposal else {
        run.skip("book", "The Seller accepts the OrderProposal");
        run.skip("book", "B");
        return false;
    };
    let Some((version, watch)) = accept(run, &proposal).await else {
        run.skip("book", "B");
        return false;
    };
    b_after_p(run, &version, &proposal, Some(watch), step).await
}

/// B for an OrderProposal. `watch` sees what becomes of it in its feed; where there is none yet, strict runs open one.
async fn b_after_p(
    run: &mut CellRun,
    version: &str,
    proposal: &Value,
    mut watch: Option<OrderWatch>,
    step: &Step,
) -> bool {
    run.begin("book", "B");
    let spec = spec_of_b();
    // The public suite forgets at B what was special about P.
    let template = if run.strict() { run.part.template } else { Template::Standard };
    let total = run.history.total.clone();
    let body = draft(run, template, |draft, _| draft.booking_after_proposal(version, &total));
    if step.fails.is_some() {
        return refuse(run, "B", &body, Mode::BResponse, &spec, step, None).await;
    }
    if watch.is_none() && (run.strict() || step.awaits.is_some()) {
        watch = open_watch(run, FeedName::OrderProposals).await;
        if watch.is_none() {
            return run.end();
        }
    }
    let Some(order) = put(run, "B", &body, Mode::BResponse, &spec).await else { return run.end() };
    if run.strict() {
        let finding = other_ids(proposal, &order.body).map(|finding| with(finding.spec(&spec), order.exchange));
        run.log().check(order_items::ORDER_ITEMS_OF_PROPOSAL.called(), Some(Profile::Strict), finding);
    }
    duties::judge(run, Stage::B, &order.body, Some(&body), order.exchange);
    booked(run, order, &spec, watch, step).await;
    run.end()
}

/// P, as a step of its own.
pub(super) async fn propose(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.part.template = template;
    let own = Step { expect_proposal: step.expect.clone(), expect: step.expect.clone(), ..step.clone() };
    first_p(run, template, &own).await
}

/// P: keeps the OrderProposal. `expect-proposal` of the step is about its answer, `expect` about a refusal.
async fn first_p(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.begin("book", titled("P", template));
    run.log().at(Some(Stage::P));
    let spec = spec_of_p();
    let total = run.history.total.clone();
    let body = draft(run, template, |draft, rng| draft.booking("OrderProposal", &total, rng));
    if step.fails.is_some() {
        return refuse(run, "P", &body, Mode::PResponse, &spec, step, Some(Profile::Strict)).await;
    }
    let Some(proposal) = put(run, "P", &body, Mode::PResponse, &spec).await else { return run.end() };
    let items = run.history.items.clone();
    let profile = run.session.profile;
    same_items(run.log(), &items, &proposal.body, &spec, proposal.exchange, profile);
    duties::judge(run, Stage::P, &proposal.body, Some(&body), proposal.exchange);
    let path = path_of(run, "P");
    let made = Made { path, body: body.clone(), status: 201, answer: proposal.body.clone() };
    run.history.made.insert(Stage::P, made);
    run.history.proposed = Some(body);
    expect(run, &step.expect_proposal, &proposal.body, &spec, proposal.exchange);
    for property in ["@id", "orderProposalVersion"] {
        // The validity check of the answer has told already that it is missing.
        if !proposal.body.get(property).is_some_and(Value::is_string) {
            run.log().unusable();
        }
    }
    if run.strict() {
        let status = proposal.body.get("orderProposalStatus").and_then(Value::as_str);
        let awaiting = openactive("AwaitingSellerConfirmation");
        let finding = (status != Some(&awaiting)).then(|| {
            let finding = Finding::new("the new OrderProposal does not await the Seller's confirmation")
                .expected(awaiting, status.unwrap_or("nothing"))
                .path("orderProposalStatus")
                .spec(&spec);
            with(finding, proposal.exchange)
        });
        run.log().check(proposal::PROPOSAL_AWAITS_SELLER.called(), Some(Profile::Strict), finding);
    }
    run.history.total = Total::of(&proposal.body);
    run.history.proposal = Some(proposal.body);
    run.end()
}

/// The Seller accepts. Returns the version of the OrderProposal that was accepted, and a watch on what follows.
async fn accept(run: &mut CellRun, proposal: &Value) -> Option<(String, OrderWatch)> {
    run.begin("book", "The Seller accepts the OrderProposal");
    let Some(mut watch) = open_watch(run, FeedName::OrderProposals).await else {
        run.end();
        return None;
    };
    let spec = format!("{SPEC}#proposal-approval");
    let id = proposal.get("@id").and_then(Value::as_str).unwrap_or_default();
    let action = Action::SellerAcceptOrderProposal;
    let body = action_body(&action.json_type(), "OrderProposal", id);
    let Some(sent) = post_action(run, action, &body).await else {
        run.end();
        return None;
    };
    run.waits_for("the OrderProposal in its feed");
    let strict = run.strict();
    let deadline = run.session.feed_deadline();
    let accepted = openactive("SellerAccepted");
    let status_of =
        |update: &OrderUpdate| update.data.as_ref()?.get("orderProposalStatus")?.as_str().map(str::to_owned);
    let wanted =
        |update: &OrderUpdate| update.data.is_some() && (!strict || status_of(update).as_deref() == Some(&accepted));
    let name = proposal::SELLER_ACCEPTANCE_PUBLISHED.called();
    run.log().at(Some(Stage::ProposalsFeed));
    match watch.wait_for(deadline, wanted).await {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(name, None, None);
            valid_update(run.log(), Mode::OrderProposalsFeed, &update, &spec);
            let data = update.data.unwrap_or_default();
            duties::judge(run, Stage::ProposalsFeed, &data, None, Some(update.exchange));
            let version = data.get("orderProposalVersion").and_then(Value::as_str);
            let version = version.or_else(|| proposal.get("orderProposalVersion").and_then(Value::as_str));
            if data.get("totalPaymentDue").is_some() {
                run.history.total = Total::of(&data);
            }
            let version = version.map(str::to_owned);
            run.end().then_some(version).flatten().map(|version| (version, watch))
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
async fn gone(run: &mut CellRun, watch: &mut OrderWatch, deleted: bool) {
    run.waits_for("the end of the OrderProposal in its feed");
    let deadline = run.session.feed_deadline();
    let outcome = watch.wait_for(deadline, |update| !deleted || update.data.is_none()).await;
    let name = proposal::PROPOSAL_DELETED_AFTER_B.says("the OrderProposals feed drops the OrderProposal after B");
    let before = run.log().at(Some(Stage::ProposalsFeed));
    let message = "the OrderProposal is still in the OrderProposals feed after B";
    await_feed::deleted(run, name, message, &format!("{SPEC}#orders-rpde-feed"), outcome);
    run.log().at(before);
}

/// B for the OrderProposal of the part, as a step of its own.
pub(super) async fn confirm(run: &mut CellRun, version: Version, step: &Step) -> bool {
    let proposal = run.history.proposal.clone().unwrap_or_default();
    let proposed = || proposal.get("orderProposalVersion").and_then(Value::as_str).map(str::to_owned);
    let version = match version {
        Version::Proposed => proposed(),
        Version::Latest => run.history.latest_version.clone().or_else(proposed),
    };
    let Some(version) = version else {
        run.begin("book", "B");
        return lacking(run, "a version of the OrderProposal");
    };
    b_after_p(run, &version, &proposal, None, step).await
}

/// The last B once more: the answer must be the same.
pub(super) async fn repeat(run: &mut CellRun) -> bool {
    run.begin("repeat-b", "B once more");
    let (Some((body, before)), Some(booked)) = (run.history.last_b.clone(), run.history.booked.clone()) else {
        return lacking(run, "an Order");
    };
    let spec = format!("{SPEC}#booking-system-contract-with-the-broker");
    let response = send(run, "B once more", Method::PUT, &path_of(run, "B"), Some(&body)).await;
    let credentials = run.session.credentials_hint(run.credentials());
    let expected = Expected {
        what: "B once more",
        status: &[before],
        spec: &spec,
        credentials: &credentials,
        hint: Some("a repeated B must be answered as the first one was"),
        beside: false,
    };
    if !status(run.log(), &response, expected) {
        return run.end();
    }
    let Some(again) = object(run.log(), &response, expected) else { return run.end() };
    valid(run.log(), Mode::BResponse, &response.body, &spec, response.exchange());
    let finding = difference("", &booked, &again).map(|(path, first, second)| {
        let finding = Finding::new("the repeated B was answered with another Order").expected(first, second);
        with(finding.path(path).spec(&spec), response.exchange())
    });
    run.log().check(repetition::REPEATED_RESPONSE.called(), None, finding);
    if run.strict() || run.flow() == Flow::Simple {
        in_feeds(run, "the repeated B", false).await;
    }
    run.end()
}

/// Where two documents differ first: the path, and what stands there in each.
pub(super) fn difference(path: &str, first: &Value, second: &Value) -> Option<(String, String, String)> {
    let brief = crate::checks::brief;
    match (first, second) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match (one.get(name), other.get(name)) {
                    (Some(one), Some(other)) => difference(&path, one, other),
                    (Some(one), None) => Some((path, brief(one), "nothing".to_owned())),
                    (None, Some(other)) => Some((path, "nothing".to_owned(), brief(other))),
                    (None, None) => None,
                }
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs.into_iter().find_map(|(index, (one, other))| difference(&format!("{path}[{index}]"), one, other))
        }
        _ => (first != second).then(|| (path.to_owned(), brief(first), brief(second))),
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
