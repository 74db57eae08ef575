//! B, P, and in the approval flow what lies between them.

use reqwest::Method;
use serde_json::Value;

use crate::client::feed::OrderWatch;
use crate::trace::{Asked, Awaited, Body, CapacityRule, Event, Purpose, Total};
use crate::vocabulary::{Action, FeedName, Flow, Profile, Stage};

use super::act::Step;
use super::call::Call;
use super::drafting::draft;
use super::driver::Driver;
use super::fullness::leased_instead;
use super::requests::action as action_body;
use super::simulate::post_action;
use super::spec::SPEC;
use super::template::Template;

/// The title of the step in which the Seller accepts the OrderProposal.
const ACCEPTANCE: &str = "Acceptance by the Seller";

/// The stages of a booking, by the booking flows of the test (none: all). `rejected`: its first request must be rejected.
pub(super) fn stages(flows: &[Flow], rejected: bool) -> Vec<Stage> {
    let runs_in = |flow: Flow| flows.is_empty() || flows.contains(&flow);
    let mut stages = Vec::new();
    if runs_in(Flow::Approval) {
        stages.push(Stage::P);
        if !rejected {
            // The Seller accepts through the Test Interface, which shows in the feed.
            stages.extend([Stage::TestInterface, Stage::ProposalsFeed, Stage::B]);
        }
    }
    if runs_in(Flow::Simple) {
        stages.push(Stage::B);
    }
    stages
}

/// The simulate actions of a booking. `rejected`: its first request must be rejected.
pub(super) fn actions(flow: Flow, rejected: bool) -> Vec<Action> {
    if flow == Flow::Approval && !rejected { vec![Action::SellerAcceptOrderProposal] } else { Vec::new() }
}

fn spec_of_b() -> String {
    format!("{SPEC}#order-creation-b")
}

/// Books the Order of the part: B, or P, acceptance and B.
pub(super) async fn book(driver: &mut dyn Driver, template: Template, at_once: bool, step: &Step) -> bool {
    let total = if at_once { Total::of_offers(&driver.history().items) } else { driver.history().total.clone() };
    driver.kept_mut().part_mut().set_template(template);
    match driver.facts().flow() {
        Flow::Simple => book_simple(driver, template, &total, step).await,
        Flow::Approval => book_approval(driver, template, &total, step).await,
    }
}

/// B, whatever the booking flow.
pub(super) async fn directly(driver: &mut dyn Driver, template: Template, step: &Step) -> bool {
    driver.kept_mut().part_mut().set_template(template);
    let total = driver.history().total.clone();
    book_simple(driver, template, &total, step).await
}

async fn book_simple(driver: &mut dyn Driver, template: Template, total: &Total, step: &Step) -> bool {
    driver.begin("book", &template.titled("B"), Some(Stage::B));
    let body = draft(driver, template, |draft, rng| draft.booking("Order", total, rng));
    let call = call(driver, Stage::B, body).purpose(Purpose::Order);
    if step.fails.is_some() {
        return refuse(driver, call, step, Some(Some(Profile::Strict))).await;
    }
    if driver.request(call).await {
        booked(driver, None, step).await;
    }
    driver.end()
}

/// The request of P or B, which must succeed.
fn call(driver: &dyn Driver, stage: Stage, body: Value) -> Call {
    let (name, collection, spec) = match stage {
        Stage::P => ("P", "order-proposals", format!("{SPEC}#orderproposal-creation-p")),
        _ => ("B", "orders", spec_of_b()),
    };
    Call::new(stage, name, Method::PUT, format!("{collection}/{}", driver.history().uuid))
        .sending(body)
        .succeeds(if driver.facts().strict() { &[201, 200] } else { &[201] }, Body::Document)
        .asked(Asked::Expect)
        .spec(spec)
}

/// A booking that must be rejected. `capacity`: the profile in which it is judged that it took none.
async fn refuse(driver: &mut dyn Driver, call: Call, step: &Step, capacity: Option<Option<Profile>>) -> bool {
    let Some(error) = step.fails else { return driver.end() };
    let called = driver.call(call.fails(Some(error))).await;
    let what = called.what().to_owned();
    let leased = leased_instead(driver, false, error, called.reply()).await;
    if driver.judge(called.leased(leased))
        && let Some(profile) = capacity
    {
        driver.capacity(CapacityRule::Rejected, &what, profile).await;
    }
    driver.end()
}

/// What must come of B besides its response.
async fn booked(driver: &mut dyn Driver, proposals: Option<OrderWatch>, step: &Step) {
    if let Some(mut watch) = proposals {
        let awaited = Awaited::EndOfProposal(driver.facts().strict() || step.deleted);
        let spec = format!("{SPEC}#orders-rpde-feed");
        driver.awaits((FeedName::OrderProposals, &mut watch), awaited, "B", None, &spec).await;
    }
    driver.capacity(CapacityRule::Requested, "B", None).await;
    driver.capacity(CapacityRule::Amended, "B", Some(Profile::Strict)).await;
}

async fn book_approval(driver: &mut dyn Driver, template: Template, total: &Total, step: &Step) -> bool {
    let going_on = first_p(driver, template, total, Asked::ExpectProposal, step).await;
    if step.fails.is_some() {
        return going_on;
    }
    let proposal = driver.history().proposal.clone().filter(|_| going_on);
    let Some(proposal) = proposal else {
        driver.skip("book", ACCEPTANCE);
        driver.skip("book", "B");
        return false;
    };
    let Some((version, watch)) = accept(driver, &proposal).await else {
        driver.skip("book", "B");
        return false;
    };
    after_proposal(driver, &version, Some(watch), step).await
}

/// B for an OrderProposal. `watch` sees what becomes of it in its feed; where there is none yet, strict runs open one.
pub(super) async fn after_proposal(
    driver: &mut dyn Driver,
    version: &str,
    mut watch: Option<OrderWatch>,
    step: &Step,
) -> bool {
    driver.begin("book", "B", Some(Stage::B));
    // The public suite sends a plain B after P, whatever the variant of P.
    let template = if driver.facts().strict() { driver.kept().part().template() } else { Template::Standard };
    let total = driver.history().total.clone();
    let body = draft(driver, template, |draft, _| draft.booking_after_proposal(version, &total));
    let call = call(driver, Stage::B, body).purpose(Purpose::OrderAfterProposal);
    if step.fails.is_some() {
        return refuse(driver, call, step, Some(None)).await;
    }
    if watch.is_none() && (driver.facts().strict() || step.awaits.is_some()) {
        watch = driver.watch(FeedName::OrderProposals).await;
        if watch.is_none() {
            return driver.end();
        }
    }
    if driver.request(call).await {
        booked(driver, watch, step).await;
    }
    driver.end()
}

/// P, as a step of its own.
pub(super) async fn propose(driver: &mut dyn Driver, template: Template, step: &Step) -> bool {
    driver.kept_mut().part_mut().set_template(template);
    let total = driver.history().total.clone();
    first_p(driver, template, &total, Asked::Expect, step).await
}

/// P. `asked`: the checks that judge its response where it succeeds.
async fn first_p(driver: &mut dyn Driver, template: Template, total: &Total, asked: Asked, step: &Step) -> bool {
    driver.begin("book", &template.titled("P"), Some(Stage::P));
    let body = draft(driver, template, |draft, rng| draft.booking("OrderProposal", total, rng));
    let call = call(driver, Stage::P, body).purpose(Purpose::Proposal);
    if step.fails.is_some() {
        return refuse(driver, call, step, Some(Some(Profile::Strict))).await;
    }
    driver.request(call.asked(asked)).await;
    driver.end()
}

/// P of another Customer for the same opportunities, and its acceptance. Returns the version that was accepted. What follows is
/// about this Order, until the rival ends: at once, where it was not accepted.
pub(super) async fn accepted_proposal(driver: &mut dyn Driver, number: usize) -> Option<String> {
    let (facts, total) = (driver.facts(), driver.history().total.clone());
    let order = driver.kept_mut().new_order(&facts);
    driver.remember(Event::Rival(order));
    driver.begin("book", &format!("P of Customer {number}"), Some(Stage::P));
    let body = draft(driver, Template::Standard, |draft, rng| draft.booking("OrderProposal", &total, rng));
    let called = driver.call(call(driver, Stage::P, body).purpose(Purpose::Proposal)).await;
    driver.judge(called.or_rejected());
    let proposal = driver.history().proposal.clone();
    let usable = driver.end();
    let accepted = match proposal.filter(|_| usable) {
        Some(proposal) => accept(driver, &proposal).await,
        None => None,
    };
    if accepted.is_none() {
        driver.remember(Event::RivalEnded);
    }
    accepted.map(|(version, _)| version)
}

/// The Seller accepts. Returns the version of the OrderProposal that was accepted, and a watch on what follows.
async fn accept(driver: &mut dyn Driver, proposal: &Value) -> Option<(String, OrderWatch)> {
    driver.begin("book", ACCEPTANCE, Some(Stage::TestInterface));
    let Some(mut watch) = driver.watch(FeedName::OrderProposals).await else {
        driver.end();
        return None;
    };
    let id = proposal.get("@id").and_then(Value::as_str).unwrap_or_default();
    let action = Action::SellerAcceptOrderProposal;
    let body = action_body(&action.json_type(), "OrderProposal", id);
    let Some(sent) = post_action(driver, action, &body).await else {
        driver.end();
        return None;
    };
    let spec = format!("{SPEC}#proposal-approval");
    let feed = FeedName::OrderProposals;
    driver.awaits((feed, &mut watch), Awaited::Acceptance, "acceptance by the Seller", Some(sent), &spec).await;
    let proposed = || proposal.get("orderProposalVersion").and_then(Value::as_str).map(str::to_owned);
    let version = driver.history().latest_version.clone().or_else(proposed);
    driver.end().then_some(version).flatten().map(|version| (version, watch))
}
