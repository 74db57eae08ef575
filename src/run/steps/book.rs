//! B, P, and in the approval flow what lies between them.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{FeedName, Step, Template, Version};
use crate::client::feed::OrderWatch;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::requests::action as action_body;
use crate::trace::{Asked, Awaited, Body, CapacityRule, Purpose, Total};
use crate::vocabulary::{Action, Flow, Profile, Stage};

use super::fullness::leased_instead;
use super::simulate::post_action;
use super::{SPEC, draft};

fn spec_of_b() -> String {
    format!("{SPEC}#order-creation-b")
}

/// Books the Order of the part: B, or P, acceptance and B.
pub(super) async fn book(run: &mut CellRun, template: Template, at_once: bool, step: &Step) -> bool {
    let total = if at_once { Total::of_offers(&run.history.items) } else { run.history.total.clone() };
    run.part.template = template;
    match run.flow() {
        Flow::Simple => book_simple(run, template, &total, step).await,
        Flow::Approval => book_approval(run, template, &total, step).await,
    }
}

/// B, whatever the booking flow.
pub(super) async fn directly(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.part.template = template;
    let total = run.history.total.clone();
    book_simple(run, template, &total, step).await
}

fn titled(what: &str, template: Template) -> String {
    format!("{what} {}", template.summary()).trim_end().to_owned()
}

async fn book_simple(run: &mut CellRun, template: Template, total: &Total, step: &Step) -> bool {
    run.begin("book", titled("B", template));
    let body = draft(run, template, |draft, rng| draft.booking("Order", total, rng));
    let call = call(run, Stage::B, body).purpose(Purpose::Order);
    if step.fails.is_some() {
        return refuse(run, call, step, Some(Some(Profile::Strict))).await;
    }
    if run.request(call).await {
        booked(run, None, step).await;
    }
    run.end()
}

/// The request of P or B, which must succeed.
fn call(run: &CellRun, stage: Stage, body: Value) -> Call {
    let (name, collection, spec) = match stage {
        Stage::P => ("P", "order-proposals", format!("{SPEC}#orderproposal-creation-p")),
        _ => ("B", "orders", spec_of_b()),
    };
    Call::new(stage, name, Method::PUT, format!("{collection}/{}", run.history.uuid))
        .sending(body)
        .succeeds(&[201], Body::Document)
        .asked(Asked::Expect)
        .spec(spec)
}

/// A booking that must be rejected. `capacity`: the profile in which it is judged that it took none.
async fn refuse(run: &mut CellRun, call: Call, step: &Step, capacity: Option<Option<Profile>>) -> bool {
    let Some(error) = step.fails else { return run.end() };
    let called = run.call(call.fails(Some(error))).await;
    let what = called.what().to_owned();
    let leased = leased_instead(run, false, error, called.reply()).await;
    if run.judge(called.leased(leased))
        && let Some(profile) = capacity
    {
        run.capacity(CapacityRule::Rejected, &what, profile).await;
    }
    run.end()
}

/// What must come of B besides its response.
async fn booked(run: &mut CellRun, proposals: Option<OrderWatch>, step: &Step) {
    if let Some(mut watch) = proposals {
        let awaited = Awaited::EndOfProposal(run.strict() || step.deleted);
        let spec = format!("{SPEC}#orders-rpde-feed");
        run.awaits((FeedName::OrderProposals, &mut watch), awaited, "B", None, &spec).await;
    }
    run.capacity(CapacityRule::Requested, "B", None).await;
    run.capacity(CapacityRule::Amended, "B", Some(Profile::Strict)).await;
}

async fn book_approval(run: &mut CellRun, template: Template, total: &Total, step: &Step) -> bool {
    let going_on = first_p(run, template, total, Asked::ExpectProposal, step).await;
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
    b_after_p(run, &version, Some(watch), step).await
}

/// B for an OrderProposal. `watch` sees what becomes of it in its feed; where there is none yet, strict runs open one.
async fn b_after_p(run: &mut CellRun, version: &str, mut watch: Option<OrderWatch>, step: &Step) -> bool {
    run.begin("book", "B");
    // The public suite forgets at B what was special about P.
    let template = if run.strict() { run.part.template } else { Template::Standard };
    let total = run.history.total.clone();
    let body = draft(run, template, |draft, _| draft.booking_after_proposal(version, &total));
    let call = call(run, Stage::B, body).purpose(Purpose::OrderAfterProposal);
    if step.fails.is_some() {
        return refuse(run, call, step, Some(None)).await;
    }
    if watch.is_none() && (run.strict() || step.awaits.is_some()) {
        watch = run.watch(FeedName::OrderProposals).await;
        if watch.is_none() {
            return run.end();
        }
    }
    if run.request(call).await {
        booked(run, watch, step).await;
    }
    run.end()
}

/// P, as a step of its own.
pub(super) async fn propose(run: &mut CellRun, template: Template, step: &Step) -> bool {
    run.part.template = template;
    let total = run.history.total.clone();
    first_p(run, template, &total, Asked::Expect, step).await
}

/// P. `asked`: the checks that judge its response where it succeeds.
async fn first_p(run: &mut CellRun, template: Template, total: &Total, asked: Asked, step: &Step) -> bool {
    run.begin("book", titled("P", template));
    run.at(Some(Stage::P));
    let body = draft(run, template, |draft, rng| draft.booking("OrderProposal", total, rng));
    let call = call(run, Stage::P, body).purpose(Purpose::Proposal);
    if step.fails.is_some() {
        return refuse(run, call, step, Some(Some(Profile::Strict))).await;
    }
    run.request(call.asked(asked)).await;
    run.end()
}

/// The Seller accepts. Returns the version of the OrderProposal that was accepted, and a watch on what follows.
async fn accept(run: &mut CellRun, proposal: &Value) -> Option<(String, OrderWatch)> {
    run.begin("book", "The Seller accepts the OrderProposal");
    run.at(Some(Stage::TestInterface));
    let Some(mut watch) = run.watch(FeedName::OrderProposals).await else {
        run.end();
        return None;
    };
    let id = proposal.get("@id").and_then(Value::as_str).unwrap_or_default();
    let action = Action::SellerAcceptOrderProposal;
    let body = action_body(&action.json_type(), "OrderProposal", id);
    let Some(sent) = post_action(run, action, &body).await else {
        run.end();
        return None;
    };
    let spec = format!("{SPEC}#proposal-approval");
    let feed = FeedName::OrderProposals;
    run.awaits((feed, &mut watch), Awaited::Acceptance, "the Seller accepted", Some(sent), &spec).await;
    let proposed = || proposal.get("orderProposalVersion").and_then(Value::as_str).map(str::to_owned);
    let version = run.history.latest_version.clone().or_else(proposed);
    run.end().then_some(version).flatten().map(|version| (version, watch))
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
        return run.lacks("version of the OrderProposal");
    };
    b_after_p(run, &version, None, step).await
}
