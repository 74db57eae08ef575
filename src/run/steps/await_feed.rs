//! What must show in a feed of Orders or OrderProposals after an act.

use serde_json::Value;

use crate::catalogue::{FeedName, Step};
use crate::checks::orders_feed;
use crate::client::feed::{OrderMiss, OrderUpdate, OrderWatch};
use crate::results::{CheckOutcome, CheckReport, ExchangeId, Finding};
use crate::run::cell::CellRun;
use crate::run::cite::{Called, Says};
use crate::run::duties;
use crate::trace::Total;
use crate::validate::ValidationMode as Mode;
use crate::vocabulary::{Profile, Stage};

use super::order::{valid_update, with};
use super::{SPEC, evaluate, section};

/// The name of a feed in messages, and the mode of its items.
pub(super) const fn about(feed: FeedName) -> (&'static str, Mode) {
    match feed {
        FeedName::Orders => ("Orders feed", Mode::OrdersFeed),
        FeedName::OrderProposals => ("OrderProposals feed", Mode::OrderProposalsFeed),
    }
}

/// Where what a feed shows belongs.
pub(super) const fn place(feed: FeedName) -> Stage {
    match feed {
        FeedName::Orders => Stage::OrdersFeed,
        FeedName::OrderProposals => Stage::ProposalsFeed,
    }
}

/// Opens a watch on the Order of the part. Blocks the step when the feed cannot be read.
pub(super) async fn open_watch(run: &mut CellRun, feed: FeedName) -> Option<OrderWatch> {
    let (title, _) = about(feed);
    let name = orders_feed::UPDATE_PUBLISHED.says(format!("the {title} can be read"));
    if !run.session.config.follow_orders_feeds {
        let finding = Finding::new(format!("the {title} is needed, and `broker.disableOrdersFeedHarvesting` is true"));
        run.log().block(name, finding);
        return None;
    }
    run.waits_for(format!("the end of the {title}"));
    let deadline = run.session.feed_deadline();
    let orders = run.session.orders.get(run.partner.name(), feed);
    match orders.watch(&run.history.uuid, deadline).await {
        Ok(watch) => {
            run.log().watched_from(watch.opened());
            Some(watch)
        }
        Err(reason) => {
            let partner = run.partner.name();
            let mut finding = Finding::new(reason.clone())
                .expected("a feed that can be read to its end", reason)
                .spec(format!("{SPEC}#orders-rpde-feed"))
                .hint(format!(
                    "its headers are `broker.bookingPartners.{partner}.authentication.ordersFeedRequestHeaders`"
                ));
            let status = orders.status();
            finding.exchange = status.findings.into_iter().find_map(|finding| finding.exchange);
            // What answers and has no page to give does not conform; what does not answer has not been judged.
            if status.answered && status.error.is_some() {
                run.log().fail(name, finding);
            } else {
                run.log().block(name, finding);
            }
            None
        }
    }
}

/// Opens the watch that a step needs: `None` when the feed cannot be read.
pub(super) async fn watch_for(run: &mut CellRun, step: &Step) -> Option<Option<(FeedName, OrderWatch)>> {
    match step.awaits {
        None => Some(None),
        Some(feed) => open_watch(run, feed).await.map(|watch| Some((feed, watch))),
    }
}

/// Opens the watch by which a step sees, in strict runs, that it changes nothing: `None` when the feed cannot be read.
pub(super) async fn quiet_for(run: &mut CellRun, step: &Step) -> Option<Option<(FeedName, OrderWatch)>> {
    match step.quiet.filter(|_| run.strict()) {
        None => Some(None),
        Some(feed) => open_watch(run, feed).await.map(|watch| Some((feed, watch))),
    }
}

/// Waits for the update that an act must cause, and judges it. `cause` is what it should come from, `sent` its exchange.
pub(super) async fn effect(
    run: &mut CellRun,
    cause: &str,
    sent: Option<ExchangeId>,
    watched: Option<(FeedName, OrderWatch)>,
    step: &Step,
) {
    let Some((feed, watch)) = watched else { return };
    let before = run.log().at(Some(place(feed)));
    effect_in(run, cause, sent, (feed, watch), step).await;
    run.log().at(before);
}

async fn effect_in(
    run: &mut CellRun,
    cause: &str,
    sent: Option<ExchangeId>,
    (feed, mut watch): (FeedName, OrderWatch),
    step: &Step,
) {
    let (title, mode) = about(feed);
    run.waits_for(format!("the {title} after {cause}"));
    let deadline = run.session.feed_deadline();
    let spec = section(run, step);
    if step.deleted {
        let outcome = watch.wait_for(deadline, |update| update.data.is_none()).await;
        let name = orders_feed::DELETION_PUBLISHED.says(format!("the {title} shows the item as deleted"));
        let message = format!("the {title} does not show the item as deleted");
        deleted(run, name, message, &spec, outcome);
        return;
    }
    let evaluate = |run: &CellRun, data: &Value| evaluate(run, &step.expect, data, &spec);
    let held = |checks: &[(Called, CheckReport)]| checks.iter().all(|(_, check)| check.outcome == CheckOutcome::Held);
    let outcome =
        watch.wait_for(deadline, |update| update.data.as_ref().is_some_and(|data| held(&evaluate(run, data)))).await;
    let arrives = orders_feed::UPDATE_PUBLISHED.says(format!("the {title} shows an update of the Order"));
    let miss = match outcome {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(arrives, None, None);
            kind(run, feed, &update, &spec);
            let data = update.data.clone().unwrap_or_default();
            let checks = evaluate(run, &data);
            run.log().extend(checks);
            valid_update(run.log(), mode, &update, &spec);
            duties::judge(run, place(feed), &data, None, Some(update.exchange));
            keep(run, feed, &data);
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
        let mut checks = evaluate(run, data);
        for finding in checks.iter_mut().filter_map(|(_, check)| check.finding.as_mut()) {
            finding.exchange = Some(update.exchange);
            if miss.seen.len() > 1 {
                finding.hint = Some(format!("{} updates were seen; this is the last of them", miss.seen.len()));
            }
        }
        run.log().extend(checks);
        valid_update(run.log(), mode, update, &spec);
        duties::judge(run, place(feed), data, None, Some(update.exchange));
        keep(run, feed, data);
        return;
    }
    let found = last.map_or_else(|| nothing_seen(&miss), shown);
    let message = format!("the {title} shows no update of the Order after {cause}");
    let finding = Finding::new(message)
        .expected(format!("an item with id {} and state \"updated\"", run.history.uuid), found)
        .spec(&spec)
        .hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`");
    let exchange = last.map(|update| update.exchange).or(sent);
    run.log().fail(arrives, with(finding, exchange));
}

/// Sees that an act which changes nothing shows in no feed either: what has come once the feed was read to its end again.
pub(super) async fn no_effect(run: &mut CellRun, cause: &str, feed: FeedName, mut watch: OrderWatch, step: &Step) {
    let (title, _) = about(feed);
    run.waits_for(format!("the end of the {title} after {cause}"));
    let orders = run.session.orders.get(run.partner.name(), feed);
    let spec = section(run, step);
    let name = orders_feed::NO_UPDATE_PUBLISHED.says(format!("the {title} shows no update of the Order"));
    let before = run.log().at(Some(place(feed)));
    if let Err(reason) = orders.catch_up(run.session.feed_deadline()).await {
        run.log().block(name, Finding::new(reason).spec(&spec));
        run.log().at(before);
        return;
    }
    let finding = watch.seen_so_far().map(|update| {
        let finding = Finding::new(format!("the {title} shows an update after {cause}, which changes nothing"))
            .expected("no update", shown(&update))
            .spec(&spec);
        with(finding, Some(update.exchange))
    });
    run.log().check(name, Some(Profile::Strict), finding);
    run.log().at(before);
}

/// The item of a feed says what it is.
fn kind(run: &mut CellRun, feed: FeedName, update: &OrderUpdate, spec: &str) {
    if !run.strict() {
        return;
    }
    let wanted = match feed {
        FeedName::Orders => "Order",
        FeedName::OrderProposals => "OrderProposal",
    };
    let found = update.kind.as_deref();
    let finding = (found != Some(wanted)).then(|| {
        let finding = Finding::new("an item of the feed is of another kind")
            .expected(format!("\"{wanted}\""), found.map_or_else(|| "nothing".to_owned(), |kind| format!("\"{kind}\"")))
            .path("kind")
            .spec(spec);
        with(finding, Some(update.exchange))
    });
    run.log().check(
        orders_feed::ITEM_KIND.says(format!("the item is of kind {wanted}")),
        Some(Profile::Strict),
        finding,
    );
}

/// What later steps need of an OrderProposal in its feed.
fn keep(run: &mut CellRun, feed: FeedName, data: &Value) {
    if feed != FeedName::OrderProposals {
        return;
    }
    if let Some(version) = data.get("orderProposalVersion").and_then(Value::as_str) {
        run.history.latest_version = Some(version.to_owned());
    }
    if data.get("totalPaymentDue").is_some() {
        run.history.total = Total::of(data);
    }
}

/// Judges a wait for the end of an item in its feed; `message` says what is wrong where it did not come.
pub(super) fn deleted(
    run: &mut CellRun,
    name: Called,
    message: impl Into<String>,
    spec: &str,
    outcome: Result<OrderUpdate, OrderMiss>,
) {
    match outcome {
        Ok(update) => {
            run.log().exchange(update.exchange);
            run.log().check(name, None, None);
        }
        Err(miss) => {
            let last = miss.seen.last();
            let found = last.map_or_else(|| nothing_seen(&miss), shown);
            let finding =
                Finding::new(message).expected("an item with state \"deleted\"", found).path("state").spec(spec);
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
        Some(data) => crate::checks::brief(data),
    }
}
