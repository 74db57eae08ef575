//! A simulate action, and its effect in a feed.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::items;
use crate::opportunity::{id_of, type_of};
use crate::requirement::Requirements;
use crate::results::ExchangeId;
use crate::trace::{Event, History, Looked, OpportunitySeen, Purpose, Sought, StepProblem};
use crate::vocabulary::{Action, ActionTarget, Flow, Stage};

use super::act::{Act, FeedEffect, Kind, Step};
use super::call::Call;
use super::change;
use super::driver::Driver;
use super::reading::{described, name, name_or, one_of};
use super::requests::action as action_body;
use super::spec::{SPEC, TEST_INTERFACE_SPEC};

pub(super) const KIND: Kind = Kind::valued(
    "simulate",
    "POST a simulate action to the Test Interface, and await its update in a feed",
    |fields, _| {
        let (action, on) = (name(fields, "simulate"), name_or(fields, "on", ActionTarget::Order));
        Some(Arc::new(Simulate { action: action?, on: on? }))
    },
    || json!({ "$ref": "#/$defs/action" }),
)
.with_keys(&[("on", || described(one_of(ActionTarget::ALL), "the object of the simulate action (default: order)"))]);

#[derive(Debug)]
struct Simulate {
    action: Action,
    on: ActionTarget,
}

impl Act for Simulate {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        self.action.name().to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        let on = match self.on {
            ActionTarget::Order => "Order",
            ActionTarget::OrderProposal => "OrderProposal",
            ActionTarget::Opportunity => "first opportunity",
        };
        format!("{} on the {on}", self.action)
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::TestInterface)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["book", "propose"]
    }

    fn effect(&self) -> FeedEffect {
        FeedEffect::Shown
    }

    /// Those that are about its action.
    fn implied(&self) -> Vec<&'static str> {
        let prefix = format!("TI-{}-", self.action.json_type().trim_start_matches("test:"));
        let all = Requirements::built_in().all().iter().map(|requirement| requirement.id.as_str());
        all.filter(|id| id.starts_with(&prefix)).collect()
    }

    fn actions(&self, _flow: Flow, _rejected: bool) -> Vec<Action> {
        vec![self.action]
    }

    fn to_json(&self) -> Value {
        json!({ "simulate": { "action": self.action, "on": self.on } })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (action, on) = (self.action, self.on);
            let Some((object_type, object_id)) = object_of(driver.history(), on) else {
                return driver.lacks(on.name());
            };
            let Some(watched) = change::open(driver, step.awaits).await else { return driver.end() };
            let body = action_body(&action.json_type(), &object_type, &object_id);
            let Some(sent) = post_action(driver, action, &body).await else { return driver.end() };
            change::effect(driver, action.name(), Some(sent), watched, step).await;
            change::capacity(driver, action.name(), step).await;
            in_opportunity_feed(driver, action).await;
            driver.end()
        })
    }
}

/// What an action changed of opportunities, or put in their place, is what their feeds show.
async fn in_opportunity_feed(driver: &mut dyn Driver, action: Action) {
    match action {
        Action::ChangeOfLogisticsName => {
            changed_there(driver, &["/name", "/superEvent/name", "/facilityUse/name"]).await
        }
        Action::ChangeOfLogisticsTime => changed_there(driver, &["/startDate", "/endDate"]).await,
        Action::ChangeOfLogisticsLocation => {
            changed_there(driver, &["/location", "/superEvent/location", "/facilityUse/location"]).await;
        }
        Action::Replacement => replaced_there(driver).await,
        _ => {}
    }
}

/// Looks in the feeds for a material change of the opportunity under test, in strict runs.
async fn changed_there(driver: &mut dyn Driver, pointers: &[&str]) {
    let (facts, feeds) = (driver.facts(), driver.feeds());
    let item = driver.history().items.iter().find(|item| !item.control).cloned();
    let mut opportunities = Vec::new();
    if let Some(item) = item.filter(|_| facts.strict()) {
        driver.waits_for("the change in the opportunity feed");
        let differs = |data: &Value| pointers.iter().any(|at| data.pointer(at) != item.opportunity.pointer(at));
        let patience = driver.patience();
        let wait = patience.begin("change", format!("change of {} in the feeds", pointers.join(", ")));
        let change = feeds.wait_for(&item.opportunity_id, wait.deadline(), differs);
        let found = match wait.until(change, Result::is_ok).await {
            Ok(found) => found,
            Err(cut) => {
                let problem = StepProblem {
                    message: "the opportunity feed does not publish the change".to_owned(),
                    difference: Some(("a change of the opportunity".to_owned(), cut.words())),
                    spec: Some(format!("{SPEC}#customer-notice-notifications")),
                    ..StepProblem::default()
                };
                driver.cut_short(Stage::OpportunityFeed, problem);
                return;
            }
        };
        let (last, missing) = match found {
            Ok(located) => (Some(located), None),
            Err(miss) => (miss.last, Some(miss.reason)),
        };
        opportunities.push(OpportunitySeen {
            id: item.opportunity_id,
            exchange: last.as_ref().and_then(|located| located.exchange),
            data: last.map(|located| located.data),
            missing,
            ..OpportunitySeen::default()
        });
    }
    let sought = Sought::Change(pointers.iter().map(|at| (*at).to_owned()).collect());
    let spec = format!("{SPEC}#customer-notice-notifications");
    let looked = Looked { sought, spec, prepares: false, opportunities, exchange: None, unreadable: None };
    driver.see(Event::Look(Box::new(looked)));
}

/// Looks in the feeds for the opportunities that replace what was booked, in strict runs.
async fn replaced_there(driver: &mut dyn Driver) {
    let (facts, feeds) = (driver.facts(), driver.feeds());
    let deadline = facts.feed_deadline();
    let ids = |order: &Value| -> Vec<String> {
        items(order).iter().filter_map(|item| id_of(item.get("orderedItem")?).map(str::to_owned)).collect()
    };
    let mut opportunities = Vec::new();
    if let (Some(shown), Some(booked), true) = (&driver.history().shown, &driver.history().booked, facts.strict()) {
        let known = ids(booked);
        for id in ids(shown).into_iter().filter(|id| !known.contains(id)) {
            let Ok(located) = feeds.find(&id, None, deadline).await else { continue };
            let (data, exchange) = (Some(located.data), located.exchange);
            opportunities.push(OpportunitySeen { id, data, exchange, ..OpportunitySeen::default() });
        }
    }
    let spec = format!("{SPEC}#cancellation-replacement-refund-calculation-and-notification");
    let sought = Sought::Replacements;
    let looked = Looked { sought, spec, prepares: false, opportunities, exchange: None, unreadable: None };
    driver.see(Event::Look(Box::new(looked)));
}

fn object_of(history: &History, on: ActionTarget) -> Option<(String, String)> {
    let id = |order: &Value| order.get("@id").and_then(Value::as_str).map(str::to_owned);
    match on {
        ActionTarget::Order => Some(("Order".to_owned(), id(history.booked.as_ref()?)?)),
        ActionTarget::OrderProposal => Some(("OrderProposal".to_owned(), id(history.proposal.as_ref()?)?)),
        ActionTarget::Opportunity => {
            let item = history.items.first()?;
            Some((type_of(&item.opportunity)?.to_owned(), item.opportunity_id.clone()))
        }
    }
}

/// POSTs a simulate action. The exchange, or none when the target did not accept it.
pub(super) async fn post_action(driver: &mut dyn Driver, action: Action, body: &Value) -> Option<ExchangeId> {
    let hint = format!(
        "the Test Interface must accept {}; if the target does not have what it simulates, set \
         `implementedFeatures.{}` to false",
        action.json_type(),
        driver.facts().feature
    );
    let call = Call::new(Stage::TestInterface, action.name(), Method::POST, "test-interface/actions")
        .sending(body.clone())
        .purpose(Purpose::Action(action))
        .spec(format!("{TEST_INTERFACE_SPEC}#post-test-interfaceactions"))
        .hint(hint);
    let called = driver.call(call).await;
    let exchange = called.reply().exchange;
    if !driver.judge(called) {
        return None;
    }
    if action == Action::SellerRejectOrderProposal {
        driver.proposal_rejected();
    }
    exchange
}
