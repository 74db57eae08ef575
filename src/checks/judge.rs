//! Judges the trace of a cell, event by event.
//!
//! Everything here is a pure function of the event, of what the cell saw before it, and of the [`Context`].

use jiff::Timestamp;

use crate::results::{Checks, ExchangeId, Finding, StepReport, StepVerdict};
use crate::trace::{
    Asked, Awaited, CapacityRule, CapacityWatched, Event, Exchanged, History, Looked, Purpose, Skipped, Sought, Update,
    Watched,
};
use crate::vocabulary::{ErrorName, FeedName, Profile, Stage};

use super::asked::Check;
use super::cite::CheckIdentity;
use super::named::asked as asked_of;
use super::open::OPEN_QUESTIONS;
use super::outcome::Outcome;
use super::row::{Made, Row};
use super::seen::{Seen, items};
use super::step_log::StepLog;
use super::table::{row as row_of, rows};
use super::view::{Answered, Awaiting, CapacitySeen, Context, Demands, Looking, count_of_items, problem_of, with};
use super::{capacity, order_items, preconditions, response, site, validity};
use capacity::expected;

/// Minimum of OrderItems that are judged, so that the work for a response of any size is bounded.
const MANY: usize = 500;

/// Judges an event. `before`: what the cell saw before it.
pub fn see(event: &Event, before: &History, context: &Context<'_>, log: &mut StepLog) {
    match event {
        Event::Exchange(exchanged) => exchange(exchanged, before, context, log),
        Event::Watch(watched) => watch(watched, before, context, log),
        Event::Capacity(watched) => capacity_watched(watched, before, context, log),
        Event::Look(looked) => look(looked, before, context, log),
        Event::Configuration(configured) => {
            let (row, outcome) = preconditions::configuration(configured, context);
            note(log, row, outcome, None, false);
        }
        Event::Fact(fact) => {
            if let Some(row) = row_of(&fact.check)
                && let Made::Fact(judge) = row.made
                && applies(row, context, Stage::Auth)
            {
                fact.exchange.iter().for_each(|id| log.exchange(*id));
                let outcome = judge(fact);
                if outcome.made {
                    note(log, row, outcome, None, false);
                }
            }
        }
        Event::Lack(lack) => {
            let finding = match &lack.problem {
                Some(problem) => problem_of(problem),
                None => Finding::new(format!("no {} from an earlier step", lack.what))
                    .hint("see the finding or note of the earlier step"),
            };
            log.block(preconditions::PREPARATION, finding);
        }
        Event::Nothing(nothing) => log.nothing(nothing.reason.clone()),
        Event::At(at) => {
            log.at(at.stage);
        }
        Event::Exchanges(exchanges) => exchanges.exchanges.iter().for_each(|id| log.exchange(*id)),
        Event::Items(items) => {
            if items.needed.is_some_and(|needed| items.items.len() != needed) {
                log.unusable();
            }
        }
        Event::Part(_)
        | Event::Step(_)
        | Event::Order(_)
        | Event::Left
        | Event::Skipped(_)
        | Event::Dynamic
        | Event::Rival(_)
        | Event::RivalEnded => {}
        Event::End(end) => {
            if let Some(reason) = &end.cut {
                log.block(preconditions::STEP_ENDS, Finding::new(reason.clone()));
            }
        }
    }
}

/// Remembers an event for later checks.
pub fn remember(event: &Event, history: &mut History, context: &Context<'_>) {
    if let Event::Capacity(watched) = event {
        for wanted in expected(&watched.rule, &watched.after, history, context) {
            let sight = watched.sights.iter().find(|sight| sight.id == wanted.id);
            let found = sight.and_then(|sight| sight.capacity);
            let kept = capacity::kept_after_cancellation(&watched.rule, watched.stage, (&wanted, found), history);
            let ended = capacity::lease_ended(&watched.rule, (&wanted, found), history);
            if ended {
                history.quotes = 0;
            }
            let capacity = found.filter(|_| kept || ended).unwrap_or(wanted.capacity);
            history.capacities.insert(wanted.id, capacity);
        }
        match watched.rule {
            CapacityRule::Amended => history.dropped.clear(),
            CapacityRule::Restored => history.quotes = 0,
            CapacityRule::Unknown => history.capacities.clear(),
            _ => {}
        }
    }
    history.take(event);
}

/// Checks and requirements of a test at one of its steps.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepDemands<'c> {
    /// The checks that the feature file asks for.
    pub checks: Demands<'c>,
    /// The requirements that the step violates by not coming to what it must.
    pub violates: &'c [String],
    /// The only profile that the step belongs to.
    pub only: Option<Profile>,
    /// Whether checks that this version of the program brought fail, and not only warn.
    pub fail_on_new: bool,
}

/// Judges a trace: the steps that a cell made, with everything that its checks came to.
///
/// `steps` has what the test asks for at each of its steps, by their numbers. `moment` is when an event happened, as far as
/// it is known.
#[must_use]
pub fn judge<'c>(
    trace: &[Event],
    context: &Context<'c>,
    steps: &dyn Fn(usize) -> StepDemands<'c>,
    moment: &dyn Fn(&Event) -> Option<Timestamp>,
) -> Vec<StepReport> {
    judge_part(trace, &mut History::default(), context, steps, moment)
}

/// As [`judge`], for a part of a trace that starts and ends between steps. `history`: what the cell saw before it, and after it
/// then.
#[must_use]
pub fn judge_part<'c>(
    trace: &[Event],
    history: &mut History,
    context: &Context<'c>,
    steps: &dyn Fn(usize) -> StepDemands<'c>,
    moment: &dyn Fn(&Event) -> Option<Timestamp>,
) -> Vec<StepReport> {
    let mut done: Vec<StepReport> = Vec::new();
    let mut current: Option<(StepLog, StepDemands<'c>)> = None;
    let mut context = *context;
    for event in trace {
        context.now = moment(event).unwrap_or(context.now);
        match event {
            Event::Step(step) => {
                let demands = step.number.map(steps).unwrap_or_default();
                let mut log = StepLog::new(&step.keyword, step.title.clone(), step.stage);
                log.belongs(demands.violates, demands.only);
                log.fail_on_new(demands.fail_on_new);
                log.dynamic = history.dynamic;
                context.demands = demands.checks;
                current = Some((log, demands));
            }
            Event::Skipped(skipped) => done.push(not_made(skipped, &done)),
            _ => {
                if let Some((log, _)) = &mut current {
                    see(event, history, &context, log);
                }
                remember(event, history, &context);
            }
        }
        if let Event::End(end) = event
            && let Some((log, _)) = current.take()
        {
            let (mut report, _) = log.finish();
            report.duration_ms = end.duration_ms;
            done.push(report);
        }
    }
    done
}

/// The report of a step that was not made, because of one of those before it.
#[must_use]
pub fn not_made(skipped: &Skipped, before: &[StepReport]) -> StepReport {
    let blocker = before.iter().rev().find(|step| step.verdict != StepVerdict::NotRun);
    let note = blocker.map_or_else(|| "not run".to_owned(), |step| format!("blocked by {}", step.title));
    StepReport {
        step: skipped.keyword.clone(),
        title: skipped.title.clone(),
        verdict: StepVerdict::NotRun,
        note: Some(note),
        checks: Checks::default(),
        remarks: Vec::new(),
        choices: Vec::new(),
        exchanges: Vec::new(),
        watched_from: Vec::new(),
        duration_ms: 0,
    }
}

/// Notes the outcome of a check. Returns whether the checks after it can be made.
fn note(log: &mut StepLog, row: &'static Row, outcome: Outcome, profile: Option<Profile>, prepares: bool) -> bool {
    let profile = row.profile.or(profile);
    outcome.exchanges.iter().for_each(|id| log.exchange(*id));
    for remark in outcome.remarks {
        log.remark(remark);
    }
    if let Some(why) = &outcome.unjudged {
        log.unjudged(why);
    }
    if let Some(finding) = outcome.blocked {
        log.block(row, finding);
        return false;
    }
    if outcome.broken.is_empty() {
        if !outcome.silent {
            log.check(row, profile, None);
        }
        return true;
    }
    for finding in outcome.broken {
        match (row.needed, prepares) {
            (true, true) => log.block(row, finding),
            (true, false) => log.fail(row, finding),
            (false, _) => log.check(row, profile, Some(finding)),
        }
    }
    !row.needed
}

fn applies(row: &Row, context: &Context<'_>, stage: Stage) -> bool {
    row.profile.is_none_or(|only| only == context.profile)
        && (row.stages.contains(&stage) || row.stages.contains(&Stage::Any))
}

fn exchange(exchanged: &Exchanged, before: &History, context: &Context<'_>, log: &mut StepLog) {
    let reply = &exchanged.reply;
    if let Some(id) = reply.exchange {
        log.exchange(id);
    }
    let place = log.at(Some(exchanged.stage));
    log.dynamic = before.dynamic;
    let null = serde_json::Value::Null;
    let site = (exchanged.purpose == Purpose::DatasetSite).then(|| site::read(exchanged).0).flatten();
    let body = match &site {
        Some(site) => &site.dataset,
        None => reply.json().unwrap_or(&null),
    };
    let seen = Seen::new(exchanged.stage, body, exchanged.sent.as_ref(), before, *context);
    let answered = Answered { exchanged, seen, history: before, context };
    for question in OPEN_QUESTIONS {
        if let Some(choice) = question.choice(&answered) {
            log.choose(question, choice, reply.exchange);
        }
    }
    let went_on = rows().filter(|row| applies(row, context, exchanged.stage)).all(|row| match row.made {
        Made::Response(judge) => {
            let outcome = judge(&answered);
            if !outcome.made {
                return true;
            }
            // Later steps do not build on a response to a request that must be rejected.
            let restored = answered.rejection() && outcome.blocked.is_none() && log.usable();
            let goes_on = note(log, row, outcome, None, exchanged.prepares);
            if restored {
                log.restore();
            }
            goes_on
        }
        _ => true,
    });
    if went_on && body.is_object() {
        if judged_as_document(&answered) {
            document(&seen, before, context, reply.exchange, log);
        }
        if answered.succeeded() || answered.rejection() || site.is_some() {
            let asked = context.asked(exchanged.asked);
            ask(asked, &Seen { spec: &exchanged.spec, ..seen }, reply.exchange, log);
        }
    }
    if answered.succeeded() && !builds(&exchanged.purpose, body) {
        log.unusable();
    }
    log.at(place);
}

/// Whether the response to a booking has the properties that later steps need. Validation reports those that are missing.
fn builds(purpose: &Purpose, body: &serde_json::Value) -> bool {
    let has = |name: &str| body.get(name).is_some_and(serde_json::Value::is_string);
    match purpose {
        Purpose::Order | Purpose::OrderAfterProposal => has("@id") && !items(body).is_empty(),
        Purpose::Proposal => has("@id") && has("orderProposalVersion"),
        _ => true,
    }
}

/// Whether a response is judged by the response invariants of its stage.
fn judged_as_document(answered: &Answered<'_>) -> bool {
    let purpose = &answered.exchanged.purpose;
    match purpose {
        Purpose::Quote if answered.rejection() => {
            // An OrderQuote with an incomplete OrderItem cannot be valid.
            answered.exchanged.reply.status == Some(409) && answered.error() != Some(ErrorName::IncompleteOrderItem)
        }
        Purpose::Quote
        | Purpose::Proposal
        | Purpose::Order
        | Purpose::OrderAfterProposal
        | Purpose::Simultaneous
        | Purpose::Status => answered.succeeded(),
        _ => false,
    }
}

/// The response invariants of the stage of a document, each with its finding; `None` where it holds.
fn judged(seen: &Seen<'_>) -> Vec<(&'static Row, Option<Finding>)> {
    let here = rows().filter(|row| row.stages.contains(&seen.stage));
    let here = here.filter(|row| row.profile.is_none_or(|only| only == seen.profile));
    here.filter_map(|row| match row.made {
        Made::Document(judge) => Some((row, judge(seen))),
        _ => None,
    })
    .collect()
}

/// Judges a document by the response invariants of its stage, in strict runs.
pub(super) fn document(
    seen: &Seen<'_>,
    before: &History,
    context: &Context<'_>,
    exchange: Option<ExchangeId>,
    log: &mut StepLog,
) {
    if context.profile != Profile::Strict {
        return;
    }
    let (found, asked) = (items(seen.body).len(), before.items.len());
    if found > MANY.max(asked) {
        let finding = Finding::new(format!("`orderedItem` has {}, but the request has {asked}", count_of_items(found)));
        let finding = finding.expected(asked.to_string(), found.to_string()).path("orderedItem");
        log.check(order_items::ORDER_ITEM_COUNT, Some(Profile::Strict), Some(with(finding, exchange)));
        return;
    }
    let judged = judged(seen);
    // Each invariant that is broken is noted by itself.
    if judged.iter().all(|(_, finding)| finding.is_none()) {
        let name = format!("{} response invariants beyond the data model", judged.len());
        log.check(name, Some(Profile::Strict), None);
    }
    for (row, finding) in judged {
        if let Some(finding) = finding {
            let exchange = finding.exchange.or(exchange);
            log.check(row, Some(Profile::Strict), Some(with(finding, exchange)));
        }
    }
}

/// Judges a document by the checks of the feature file.
fn ask(asked: &[Check], seen: &Seen<'_>, exchange: Option<ExchangeId>, log: &mut StepLog) {
    for (check, finding) in asked_of(asked, seen) {
        let promised = check.profile.or(log.only()) != Some(Profile::Strict);
        let identity =
            CheckIdentity { text: check.title(), row: check.row(), violates: check.violates.clone(), promised };
        log.check(identity, check.profile, finding.map(|finding| with(finding, exchange)));
    }
}

fn watch(watched: &Watched, before: &History, context: &Context<'_>, log: &mut StepLog) {
    let stage = watched.stage();
    let place = log.at(Some(stage));
    log.dynamic = before.dynamic;
    if let Some(opened) = watched.opened.filter(|_| watched.awaited != Awaited::Retention) {
        log.watched_from(opened);
    }
    let asked = if watched.awaited == Awaited::Update { context.asked(Asked::Expect) } else { &[] };
    let awaiting = Awaiting { watched, history: before, context, asked };
    let went_on = rows().filter(|row| applies(row, context, stage)).all(|row| match row.made {
        Made::Watch(judge) => {
            let outcome = judge(&awaiting);
            !outcome.made || note(log, row, outcome, None, false)
        }
        _ => true,
    });
    let judged = matches!(watched.awaited, Awaited::Update | Awaited::Acceptance);
    if let Some(update) = watched.seen.last().filter(|_| went_on && judged)
        && let Some(data) = &update.data
    {
        let seen = Seen { spec: &watched.spec, ..Seen::new(stage, data, None, before, *context) };
        ask(asked, &seen, Some(update.exchange), log);
        valid_update(log, watched.feed, update, &watched.spec, context);
        document(&seen, before, context, Some(update.exchange), log);
    }
    log.at(place);
}

fn look(looked: &Looked, before: &History, context: &Context<'_>, log: &mut StepLog) {
    let stage = match looked.sought {
        Sought::Requested | Sought::Deletion | Sought::OtherDataset => Stage::TestInterface,
        Sought::Change(_) | Sought::Situation(_) => Stage::OpportunityFeed,
        Sought::Replacements => Stage::OrdersFeed,
        Sought::Forbidden { .. } => Stage::Any,
    };
    if let Some(reason) = &looked.unreadable {
        let finding = Finding::new(reason.clone()).spec(&looked.spec);
        log.block(preconditions::PREPARATION, finding.hint("read the feeds with `oa-test feeds`"));
        return;
    }
    let place = log.at(Some(stage));
    let all = looked.opportunities.iter().map(Some).chain(looked.opportunities.is_empty().then_some(None));
    for opportunity in all {
        if let Some(id) = opportunity
            .and_then(|seen| seen.exchange)
            .filter(|_| matches!(looked.sought, Sought::Requested | Sought::Situation(_)))
        {
            log.exchange(id);
        }
        let looking = Looking { looked, opportunity, history: before, context };
        for row in rows().filter(|row| applies(row, context, stage)) {
            if let Made::Look(judge) = row.made {
                let outcome = judge(&looking);
                if outcome.made {
                    note(log, row, outcome, None, looked.prepares);
                }
            }
        }
    }
    log.at(place);
    // What the feature file asks of the opportunities.
    if looked.sought == Sought::Requested && log.usable() {
        let asked = context.asked(Asked::Expect);
        for data in looked.opportunities.iter().filter_map(|seen| seen.data.as_ref()).filter(|_| !asked.is_empty()) {
            let seen = Seen { spec: &looked.spec, ..Seen::new(stage, data, None, before, *context) };
            ask(asked, &seen, None, log);
        }
    }
}

fn capacity_watched(watched: &CapacityWatched, before: &History, context: &Context<'_>, log: &mut StepLog) {
    let place = log.place();
    log.dynamic = before.dynamic;
    let row = match watched.rule {
        CapacityRule::Rejected => capacity::CAPACITY_KEPT_AFTER_REJECTION,
        CapacityRule::Held(false) => capacity::LEASE_CARRIED_OVER,
        CapacityRule::Held(true) => capacity::LEASE_EXTENDED,
        _ => capacity::CAPACITY_IN_FEEDS,
    };
    if watched.stage.is_some() {
        log.at(watched.stage.filter(|stage| *stage != Stage::Any));
    }
    let Made::Capacity(judge) = row.made else { return };
    let wanted = expected(&watched.rule, &watched.after, before, context);
    let stage = log.place().unwrap_or(Stage::Any);
    let seen = |about| CapacitySeen { watched, stage, about, history: before, context };
    if watched.unreadable.is_some() && !wanted.is_empty() {
        note(log, row, judge(&seen(None)), watched.profile, false);
    } else {
        let mut all = true;
        for (expected, sight) in wanted
            .iter()
            .filter_map(|wanted| Some((wanted, watched.sights.iter().find(|sight| sight.id == wanted.id)?)))
        {
            let outcome = judge(&seen(Some((expected, sight))));
            all &= outcome.broken.is_empty();
            let found = (expected, sight.capacity);
            let kept = capacity::kept_after_cancellation(&watched.rule, Some(stage), found, before);
            let row = if kept { capacity::CAPACITY_RELEASED } else { row };
            note(log, row, outcome, watched.profile, false);
        }
        if !all && matches!(watched.rule, CapacityRule::Exactly(..)) {
            log.unusable();
        }
    }
    log.at(place);
}

/// Judges the data of an update in a feed by the data model.
fn valid_update(log: &mut StepLog, feed: FeedName, update: &Update, spec: &str, context: &Context<'_>) {
    let outcome = validity::update(feed, update, spec, log.dynamic, context.strict());
    note(log, response::VALID, outcome, None, false);
}
