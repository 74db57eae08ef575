//! A simulate action, and its effect in a feed.

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::{Check, FeedName};
use crate::plan::type_of;
use crate::results::{CheckOutcome, CheckReport, ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::checks::{CheckContext, evaluate_checks};
use crate::run::requests::action as action_body;
use crate::target::feed::OrderWatch;
use crate::validate::Mode;
use crate::vocabulary::{Action, ActionTarget};

use super::answer::{Expected, status};
use super::book::{nothing_seen, shown};
use super::order::valid;
use super::{TEST_INTERFACE_SPEC, send};

/// Makes a simulate action, and waits for what must come of it.
pub(super) async fn simulate(
    run: &mut CellRun,
    action: Action,
    on: ActionTarget,
    awaits: Option<FeedName>,
    expect: &[Check],
) -> bool {
    run.begin("simulate", action.name());
    let Some((object_type, object_id)) = object_of(run, on) else {
        let finding = Finding::new(format!("there is no {on} that the action could be applied to"));
        run.log().block("the action has an object", finding);
        return run.end();
    };
    let watch = match awaits {
        None => None,
        Some(feed) => match open_watch(run, feed).await {
            Some(watch) => Some((feed, watch)),
            None => return run.end(),
        },
    };
    let body = action_body(&action.json_type(), &object_type, &object_id);
    let Some(sent) = post_action(run, action, &body).await else { return run.end() };
    if let Some((feed, watch)) = watch {
        effect(run, action, sent, feed, watch, expect).await;
    }
    run.end()
}

fn object_of(run: &CellRun, on: ActionTarget) -> Option<(String, String)> {
    let id = |order: &Value| order.get("@id").and_then(Value::as_str).map(str::to_owned);
    match on {
        ActionTarget::Order => Some(("Order".to_owned(), id(run.booked.as_ref()?)?)),
        ActionTarget::OrderProposal => Some(("OrderProposal".to_owned(), id(run.proposal.as_ref()?)?)),
        ActionTarget::Opportunity => {
            let item = run.items.first()?;
            Some((type_of(&item.opportunity)?.to_owned(), item.opportunity_id.clone()))
        }
    }
}

/// Opens a watch on the Order of the cell. Blocks the step when the feed cannot be read.
pub(super) async fn open_watch(run: &mut CellRun, feed: FeedName) -> Option<OrderWatch> {
    let title = match feed {
        FeedName::Orders => "the Orders feed",
        FeedName::OrderProposals => "the OrderProposals feed",
    };
    let name = format!("{title} can be read");
    if !run.session.config.follow_orders_feeds {
        let finding = Finding::new(format!("{title} is needed, and `broker.disableOrdersFeedHarvesting` is true"));
        run.log().block(name, finding);
        return None;
    }
    run.waits_for(format!("the end of {title}"));
    let deadline = run.session.feed_deadline();
    let orders = run.session.orders.get("primary", feed);
    match orders.watch(&run.uuid, deadline).await {
        Ok(watch) => Some(watch),
        Err(reason) => {
            let mut finding = Finding::new(reason.clone())
                .expected("a feed that can be read to its end", reason)
                .spec(format!("{}#orders-rpde-feed", super::SPEC))
                .hint("its headers are `broker.bookingPartners.primary.authentication.ordersFeedRequestHeaders`");
            let first = orders.follower().status().findings.into_iter().find_map(|finding| finding.exchange);
            finding.exchange = first;
            run.log().block(name, finding);
            None
        }
    }
}

/// POSTs a simulate action. The exchange, or none when the target did not accept it.
pub(super) async fn post_action(run: &mut CellRun, action: Action, body: &Value) -> Option<ExchangeId> {
    let response = send(run, action.name(), Method::POST, "test-interface/actions", Some(body)).await;
    let credentials = run.session.credentials_hint(run.seller());
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

/// Waits for the update that the action must cause.
async fn effect(
    run: &mut CellRun,
    action: Action,
    sent: ExchangeId,
    feed: FeedName,
    mut watch: OrderWatch,
    expect: &[Check],
) {
    let (title, mode) = match feed {
        FeedName::Orders => ("Orders feed", Mode::OrdersFeed),
        FeedName::OrderProposals => ("OrderProposals feed", Mode::OrderProposalsFeed),
    };
    run.waits_for(format!("the {title} after {}", action.name()));
    let deadline = run.session.feed_deadline();
    let booked = run.booked.clone();
    let spec = run.cell.feature.spec.clone();
    let context =
        CheckContext { items: run.items.len(), booked: booked.as_ref(), profile: run.session.profile, spec: &spec };
    let evaluate = |data: &Value| evaluate_checks(expect, data, context);
    let held = |checks: &[CheckReport]| checks.iter().all(|check| check.outcome == CheckOutcome::Held);
    let outcome =
        watch.wait_for(deadline, |update| update.data.as_ref().is_some_and(|data| held(&evaluate(data)))).await;
    let arrives = format!("the {title} shows an update of the Order");
    let miss = match outcome {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(arrives, None, None);
            let data = update.data.unwrap_or_default();
            run.log().extend(evaluate(&data));
            valid(run.log(), mode, &data, &spec, Some(update.exchange));
            return;
        }
        Err(miss) => miss,
    };
    let last = miss.seen.last();
    if let Some(update) = last
        && let Some(data) = &update.data
    {
        run.log().exchange(update.exchange);
        run.log().check(arrives, None, None);
        let mut checks = evaluate(data);
        for finding in checks.iter_mut().filter_map(|check| check.finding.as_mut()) {
            finding.exchange = Some(update.exchange);
            if miss.seen.len() > 1 {
                finding.hint = Some(format!("{} updates were seen; this is the last of them", miss.seen.len()));
            }
        }
        run.log().extend(checks);
        valid(run.log(), mode, data, &spec, Some(update.exchange));
        return;
    }
    let found = last.map_or_else(|| nothing_seen(&miss), shown);
    let message = format!("the {title} shows no update of the Order after {}", action.name());
    let finding = Finding::new(message)
        .expected(format!("an item with id {} and state \"updated\"", run.uuid), found)
        .spec(&spec)
        .hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`");
    run.log().fail(arrives, finding.exchange(last.map_or(sent, |update| update.exchange)));
}
