//! A simulate action, and its effect in a feed.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Step;
use crate::checks::shown as shown_value;
use crate::checks::test_interface;
use crate::plan::{id_of, offers, type_of};
use crate::results::{ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::cite::Says;
use crate::run::requests::action as action_body;
use crate::vocabulary::{Action, ActionTarget, Profile, Stage};

use super::answer::{Expected, status};
use super::await_feed::{effect, watch_for};
use super::capacity::after_change;
use super::order::ordered_items;
use super::{SPEC, TEST_INTERFACE_SPEC, lacking, send};

/// Makes a simulate action, and waits for what must come of it.
pub(super) async fn simulate(run: &mut CellRun, action: Action, on: ActionTarget, step: &Step) -> bool {
    run.begin("simulate", action.name());
    let Some((object_type, object_id)) = object_of(run, on) else { return lacking(run, on.name()) };
    let Some(watched) = watch_for(run, step).await else { return run.end() };
    let body = action_body(&action.json_type(), &object_type, &object_id);
    let Some(sent) = post_action(run, action, &body).await else { return run.end() };
    run.history.changed |= matches!(
        action,
        Action::Replacement
            | Action::ChangeOfLogisticsName
            | Action::ChangeOfLogisticsTime
            | Action::ChangeOfLogisticsLocation
    );
    effect(run, action.name(), Some(sent), watched, step).await;
    after_change(run, action.name(), step.capacity).await;
    if run.strict() {
        in_opportunity_feed(run, action).await;
    }
    run.end()
}

/// What an action changed of opportunities, or put in their place, is what their feeds show.
async fn in_opportunity_feed(run: &mut CellRun, action: Action) {
    match action {
        Action::ChangeOfLogisticsName | Action::ChangeOfLogisticsTime | Action::ChangeOfLogisticsLocation => {
            changed_there(run, action).await;
        }
        Action::Replacement => replaced_there(run).await,
        _ => {}
    }
}

/// The feeds show a material change of every opportunity under test.
async fn changed_there(run: &mut CellRun, action: Action) {
    let pointers: &[&str] = match action {
        Action::ChangeOfLogisticsName => &["/name", "/superEvent/name", "/facilityUse/name"],
        Action::ChangeOfLogisticsTime => &["/startDate", "/endDate"],
        _ => &["/location", "/superEvent/location", "/facilityUse/location"],
    };
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let item = run.history.items.iter().find(|item| !item.control).cloned();
    let Some(item) = item else { return };
    run.waits_for("the change in the opportunity feed");
    let before = run.log().at(Some(Stage::OpportunityFeed));
    let differs = |data: &Value| pointers.iter().any(|at| data.pointer(at) != item.opportunity.pointer(at));
    let finding = session.opportunities.wait_for(&item.opportunity_id, deadline, differs).await.err().map(|miss| {
        Finding::new(format!("the opportunity feed does not show the change of {}", item.opportunity_id))
            .expected(format!("another value at one of {}", pointers.join(", ")), miss.reason)
            .spec(format!("{SPEC}#customer-notice-notifications"))
    });
    run.log().check(test_interface::CHANGE_PUBLISHED.called(), Some(Profile::Strict), finding);
    run.log().at(before);
}

/// The offer of a replacement is one of those that the feeds show of its opportunity.
async fn replaced_there(run: &mut CellRun) {
    let session = Arc::clone(&run.session);
    let deadline = session.feed_deadline();
    let (Some(shown), Some(booked)) = (run.history.shown.clone(), run.history.booked.clone()) else { return };
    let known: Vec<&str> = ordered_items(&booked).iter().filter_map(|item| id_of(item.get("orderedItem")?)).collect();
    let before = run.log().at(Some(Stage::OrdersFeed));
    for (index, item) in ordered_items(&shown).iter().enumerate() {
        let Some(id) = item.get("orderedItem").and_then(id_of).filter(|id| !known.contains(id)) else { continue };
        let Ok(located) = session.opportunities.find(id, None, deadline).await else { continue };
        let accepted = item.get("acceptedOffer");
        let offer_id = accepted.and_then(id_of).unwrap_or_default();
        let offers = offers(&located.data);
        let same = offers.iter().find(|offer| id_of(offer) == Some(offer_id));
        let price = |offer: &Value| offer.get("price").and_then(Value::as_f64);
        let right = same.is_some_and(|offer| price(offer) == accepted.and_then(price));
        let finding = (!right).then(|| {
            let known: Vec<&str> = offers.iter().filter_map(|offer| id_of(offer)).collect();
            Finding::new("the offer of a replacement is none of those that the feed shows of the new opportunity")
                .expected(format!("one of {}, with its price", known.join(", ")), shown_value(accepted))
                .path(format!("orderedItem[{index}].acceptedOffer"))
                .spec(format!("{SPEC}#cancellation-replacement-refund-calculation-and-notification"))
        });
        run.log().check(test_interface::REPLACEMENT_OFFER.called(), Some(Profile::Strict), finding);
    }
    run.log().at(before);
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
    let response = send(run, action.name(), Method::POST, "test-interface/actions", Some(body)).await;
    let credentials = run.session.credentials_hint(run.credentials());
    let hint = format!(
        "the Test Interface must accept {}; if the target does not have what it simulates, set \
         `implementedFeatures.{}` to false",
        action.json_type(),
        run.cell.feature.id
    );
    let spec = format!("{TEST_INTERFACE_SPEC}#post-test-interfaceactions");
    let expected = Expected {
        what: action.name(),
        status: &[204],
        spec: &spec,
        credentials: &credentials,
        hint: Some(&hint),
        beside: false,
    };
    if !status(run.log(), &response, expected) {
        return None;
    }
    if action == Action::SellerRejectOrderProposal {
        run.ledger.rejected(run.partner, &run.history.uuid);
    }
    response.exchange()
}
