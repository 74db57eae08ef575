//! A simulate action, and its effect in a feed.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::Step;
use crate::plan::type_of;
use crate::results::ExchangeId;
use crate::run::cell::CellRun;
use crate::run::requests::action as action_body;
use crate::vocabulary::{Action, ActionTarget};

use super::answer::{Expected, status};
use super::await_feed::{effect, watch_for};
use super::capacity::after_change;
use super::{TEST_INTERFACE_SPEC, lacking, send};

/// Makes a simulate action, and waits for what must come of it.
pub(super) async fn simulate(run: &mut CellRun, action: Action, on: ActionTarget, step: &Step) -> bool {
    run.begin("simulate", action.name());
    let Some((object_type, object_id)) = object_of(run, on) else { return lacking(run, on.name()) };
    let Some(watched) = watch_for(run, step).await else { return run.end() };
    let body = action_body(&action.json_type(), &object_type, &object_id);
    let Some(sent) = post_action(run, action, &body).await else { return run.end() };
    run.part.changed |= matches!(
        action,
        Action::Replacement
            | Action::ChangeOfLogisticsName
            | Action::ChangeOfLogisticsTime
            | Action::ChangeOfLogisticsLocation
    );
    effect(run, action.name(), Some(sent), watched, step).await;
    after_change(run, action.name(), step.capacity).await;
    run.end()
}

fn object_of(run: &CellRun, on: ActionTarget) -> Option<(String, String)> {
    let id = |order: &Value| order.get("@id").and_then(Value::as_str).map(str::to_owned);
    match on {
        ActionTarget::Order => Some(("Order".to_owned(), id(run.part.booked.as_ref()?)?)),
        ActionTarget::OrderProposal => Some(("OrderProposal".to_owned(), id(run.part.proposal.as_ref()?)?)),
        ActionTarget::Opportunity => {
            let item = run.part.items.first()?;
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
    if status(run.log(), &response, expected) { response.exchange() } else { None }
}
