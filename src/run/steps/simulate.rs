//! A simulate action, and its effect in a feed.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Step;
use crate::checks::items;
use crate::opportunity::{id_of, type_of};
use crate::results::ExchangeId;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::run::requests::action as action_body;
use crate::trace::{Event, Looked, OpportunitySeen, Purpose, Sought};
use crate::vocabulary::{Action, ActionTarget, Stage};

use super::{SPEC, TEST_INTERFACE_SPEC, change};

/// Makes a simulate action, and waits for what must come of it.
pub(super) async fn simulate(run: &mut CellRun, action: Action, on: ActionTarget, step: &Step) -> bool {
    run.begin("simulate", action.name());
    let Some((object_type, object_id)) = object_of(run, on) else { return run.lacks(on.name()) };
    let Some(watched) = change::open(run, step.awaits).await else { return run.end() };
    let body = action_body(&action.json_type(), &object_type, &object_id);
    let Some(sent) = post_action(run, action, &body).await else { return run.end() };
    change::effect(run, action.name(), Some(sent), watched, step).await;
    change::capacity(run, action.name(), step).await;
    in_opportunity_feed(run, action).await;
    run.end()
}

/// What an action changed of opportunities, or put in their place, is what their feeds show.
async fn in_opportunity_feed(run: &mut CellRun, action: Action) {
    match action {
        Action::ChangeOfLogisticsName => changed_there(run, &["/name", "/superEvent/name", "/facilityUse/name"]).await,
        Action::ChangeOfLogisticsTime => changed_there(run, &["/startDate", "/endDate"]).await,
        Action::ChangeOfLogisticsLocation => {
            changed_there(run, &["/location", "/superEvent/location", "/facilityUse/location"]).await;
        }
        Action::Replacement => replaced_there(run).await,
        _ => {}
    }
}

/// Looks in the feeds for a material change of the opportunity under test, in strict runs.
async fn changed_there(run: &mut CellRun, pointers: &[&str]) {
    let session = Arc::clone(&run.session);
    let item = run.history.items.iter().find(|item| !item.control).cloned();
    let mut opportunities = Vec::new();
    if let Some(item) = item.filter(|_| run.strict()) {
        run.waits_for("the change in the opportunity feed");
        let differs = |data: &Value| pointers.iter().any(|at| data.pointer(at) != item.opportunity.pointer(at));
        let deadline = session.feed_deadline();
        let found = session.opportunities.wait_for(&item.opportunity_id, deadline, differs).await;
        let (last, missing) = match found {
            Ok(located) => (Some(located), None),
            Err(miss) => (miss.last, Some(miss.reason)),
        };
        opportunities.push(OpportunitySeen {
            id: item.opportunity_id,
            exchange: last.as_ref().and_then(|located| located.exchange),
            data: last.map(|located| located.data),
            missing,
            requested: None,
        });
    }
    let sought = Sought::Change(pointers.iter().map(|at| (*at).to_owned()).collect());
    let spec = format!("{SPEC}#customer-notice-notifications");
    let looked = Looked { sought, spec, prepares: false, opportunities, exchange: None, unreadable: None };
    run.see(Event::Look(Box::new(looked)));
}

/// Looks in the feeds for the opportunities that replace what was booked, in strict runs.
async fn replaced_there(run: &mut CellRun) {
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let ids = |order: &Value| -> Vec<String> {
        items(order).iter().filter_map(|item| id_of(item.get("orderedItem")?).map(str::to_owned)).collect()
    };
    let mut opportunities = Vec::new();
    if let (Some(shown), Some(booked), true) = (&run.history.shown, &run.history.booked, run.strict()) {
        let known = ids(booked);
        for id in ids(shown).into_iter().filter(|id| !known.contains(id)) {
            let Ok(located) = session.opportunities.find(&id, None, deadline).await else { continue };
            let (data, exchange) = (Some(located.data), located.exchange);
            opportunities.push(OpportunitySeen { id, data, exchange, missing: None, requested: None });
        }
    }
    let spec = format!("{SPEC}#cancellation-replacement-refund-calculation-and-notification");
    let sought = Sought::Replacements;
    let looked = Looked { sought, spec, prepares: false, opportunities, exchange: None, unreadable: None };
    run.see(Event::Look(Box::new(looked)));
}

fn object_of(run: &CellRun, on: ActionTarget) -> Option<(String, String)> {
    let id = |order: &Value| order.get("@id").and_then(Value::as_str).map(str::to_owned);
    match on {
        ActionTarget::Order => Some(("Order".to_owned(), id(run.history.booked.as_ref()?)?)),
        ActionTarget::OrderProposal => Some(("OrderProposal".to_owned(), id(run.history.proposal.as_ref()?)?)),
        ActionTarget::Opportunity => {
            let item = run.history.items.first()?;
            Some((type_of(&item.opportunity)?.to_owned(), item.opportunity_id.clone()))
        }
    }
}

/// POSTs a simulate action. The exchange, or none when the target did not accept it.
pub(super) async fn post_action(run: &mut CellRun, action: Action, body: &Value) -> Option<ExchangeId> {
    let hint = format!(
        "the Test Interface must accept {}; if the target does not have what it simulates, set \
         `implementedFeatures.{}` to false",
        action.json_type(),
        run.cell.feature.id
    );
    let call = Call::new(Stage::TestInterface, action.name(), Method::POST, "test-interface/actions")
        .sending(body.clone())
        .purpose(Purpose::Action(action))
        .spec(format!("{TEST_INTERFACE_SPEC}#post-test-interfaceactions"))
        .hint(hint);
    let called = run.call(call).await;
    let exchange = called.reply().exchange;
    if !run.judge(called) {
        return None;
    }
    if action == Action::SellerRejectOrderProposal {
        run.ledger.rejected(run.partner, &run.history.uuid);
    }
    exchange
}
