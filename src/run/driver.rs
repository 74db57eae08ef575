//! How steps act: requests, waits, and what is remembered of them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use tokio::time::Instant;

use crate::checks::{
    Context, Demands, Expected, StepLog, classify_update, differing_from_feed, expected_capacity,
    kept_after_cancellation, lease_ended, remember, see,
};
use crate::client::Response;
use crate::client::feed::{CutShort, OrderUpdate, OrderWatch};
use crate::opportunity::{capacity, capacity_property};
use crate::results::{CheckOutcome, ExchangeId, Finding};
use crate::steps::{self, Call, CredentialsChoice, Outgoing, PartnerName, UnjudgedExchange};
use crate::trace::{
    Awaited, CapacityRule, CapacityWatched, Event, Exchanged, Items, OrderItem, Purpose, Reply, Sight, StepProblem,
    Unreadable, Update, Watched,
};
use crate::vocabulary::{FeedName, Profile, Stage};

use super::cell::CellRun;
use super::send::{Sending, send, send_beside};
use super::session::Session;

/// How long an update is watched for after the wait for it ended.
const LATE: Duration = Duration::from_secs(600);

/// How long the feeds have to confirm what a booking response shows of an opportunity.
const FOLLOWED: Duration = Duration::from_secs(5);
/// After this many such waits in vain, a run no longer waits.
const VAIN_WAITS: u32 = 5;

/// What a response was, for the trace.
fn reply_of(run: &CellRun, response: &Response) -> Reply {
    let mut reply = Reply::with_body(&response.body);
    reply.exchange = response.exchange();
    reply.failure.clone_from(&response.failure);
    reply.repeats_credentials = repeats_credentials(run, response);
    reply.status = response.status;
    reply.content_type = response.header("content-type").map(str::to_owned);
    reply
}

/// Whether the body of an error has a token in it, or the value of a header, by which the request was authenticated. The
/// `@id` of the Seller is no secret.
fn repeats_credentials(run: &CellRun, response: &Response) -> bool {
    if response.status.is_none_or(|status| status < 400) {
        return false;
    }
    let body = String::from_utf8_lossy(&response.body);
    let seller = &run.credentials().id;
    let access = &run.session.access;
    let known = access.known_headers(run.cell.credentials, run.partner.name());
    let mut secrets = known.iter().map(|(_, secret)| secret.reveal());
    secrets.any(|value| value.len() >= 6 && value != seller && body.contains(value))
}

/// An update of a feed, for the trace.
fn update_of(uuid: &str, update: &OrderUpdate) -> Update {
    Update {
        exchange: update.exchange,
        id: uuid.to_owned(),
        modified: update.modified.to_string(),
        kind: update.kind.clone(),
        data: update.data.clone(),
        text: update.text.clone(),
        marked: update.marked,
    }
}

impl CellRun {
    /// The instant of this run; in a replay, the one that is replayed.
    pub(super) fn now(&self) -> jiff::Timestamp {
        self.session.client.tape().map_or_else(jiff::Timestamp::now, |tape| tape.moment())
    }

    /// Judges an event, and remembers it. Whether what builds on the step can go on.
    pub(super) fn see(&mut self, event: Event) -> bool {
        let session = Arc::clone(&self.session);
        let demands = Arc::clone(&self.demands);
        let context = Context {
            config: &session.config,
            profile: session.profile,
            base: &session.booking_api,
            payment: session.payment_details(self.cell.seller),
            now: self.now(),
            clock: session.clock,
            spec: "",
            demands: Demands { expect: &demands.0, expect_proposal: &demands.1 },
        };
        let before = std::mem::take(&mut self.history);
        see(&event, &before, &context, self.log());
        self.history = before;
        remember(&event, &mut self.history, &context);
        if let Event::Exchange(exchanged) = &event
            && exchanged.purpose == Purpose::Quote
            && let Some(made) = self.history.made.get(&exchanged.stage)
        {
            let leased = made.lease_expires().is_some();
            let mut leases = session.leases.lock().unwrap_or_else(PoisonError::into_inner);
            *leases.entry(exchanged.stage).or_default() |= leased;
        }
        let usable = self.log().usable();
        self.trace.push(event);
        usable
    }

    /// Remembers an event between two steps, which no check judges.
    pub(super) fn remember(&mut self, event: Event) {
        self.history.take(&event);
        self.trace.push(event);
    }

    /// Makes a request that is judged later.
    pub(super) async fn call(&mut self, call: Call) -> UnjudgedExchange {
        self.late = None;
        let (outgoing, exchanged) = call.into_parts();
        let label = outgoing.label.as_deref().unwrap_or(&exchanged.what);
        let (path, body) = (exchanged.path.as_str(), exchanged.sent.as_ref());
        let response = send(self, Sending { outgoing: &outgoing, label, path, body }).await;
        let called = self.called(&outgoing, exchanged, &response);
        if matches!(called.stage(), Stage::C1 | Stage::C2 | Stage::P | Stage::B)
            && let Ok(body) = called.reply().json()
        {
            self.follow_opportunities(body).await;
        }
        called
    }

    /// Takes the opportunities that a booking response shows otherwise than the feeds did, as the feeds show them by now: they
    /// may have changed since they were found. What the feeds do not confirm stays as it was.
    async fn follow_opportunities(&mut self, body: &Value) {
        let session = Arc::clone(&self.session);
        for waits in [false, true] {
            let positions = differing_from_feed(body, &self.history.items);
            let of = |position: &usize| self.history.items.get(*position).map(|item| item.opportunity_id.as_str());
            let ids: Vec<&str> = positions.iter().filter_map(of).collect();
            if ids.is_empty() || (waits && session.vain_waits.load(Ordering::Relaxed) >= VAIN_WAITS) {
                return;
            }
            if waits {
                // Where the feeds cannot be read, nothing is confirmed.
                let deadline = (Instant::now() + FOLLOWED).min(session.feed_deadline());
                let _ = session.opportunities.catch_up(deadline).await;
            }
            let mut items = self.history.items.clone();
            for position in positions {
                let Some(before) = items.get(position).cloned() else { continue };
                let Some(located) = session.opportunities.get(&before.opportunity_id) else { continue };
                let replace = |items: &mut Vec<OrderItem>, with: OrderItem| {
                    if let Some(item) = items.get_mut(position) {
                        *item = with;
                    }
                };
                replace(&mut items, OrderItem { opportunity: located.data, ..before.clone() });
                if differing_from_feed(body, &items).contains(&position) {
                    replace(&mut items, before);
                }
            }
            if items.iter().zip(&self.history.items).any(|(now, before)| now.opportunity != before.opportunity) {
                self.remember(Event::Items(Items { items, needed: None }));
            } else if waits {
                session.vain_waits.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Makes requests at the same time that are judged later.
    pub(super) async fn call_all(&mut self, calls: Vec<Call>) -> Vec<UnjudgedExchange> {
        let own =
            |outgoing: &Outgoing| matches!(outgoing.credentials, CredentialsChoice::Partner) && outgoing.url.is_none();
        let methods: Vec<Option<Method>> =
            calls.iter().map(|call| own(call.outgoing()).then(|| call.outgoing().method.clone())).collect();
        let run = &*self;
        let requests = calls.into_iter().map(|call| async move {
            let (outgoing, exchanged) = call.into_parts();
            let label = outgoing.label.as_deref().unwrap_or(&exchanged.what);
            let (path, body) = (exchanged.path.as_str(), exchanged.sent.as_ref());
            let response = send_beside(run, Sending { outgoing: &outgoing, label, path, body }).await;
            run.called(&outgoing, exchanged, &response)
        });
        let called = futures::future::join_all(requests).await;
        for (method, noted) in methods.into_iter().zip(&called) {
            let exchange = noted.exchanged();
            let pending = method.and_then(|method| self.ledger.sending(self.partner, &method, &exchange.path));
            if let Some(pending) = pending {
                self.ledger.responded(pending, exchange.reply.status);
            }
        }
        called
    }

    /// The request that brought a response.
    fn called(&self, outgoing: &Outgoing, exchanged: Exchanged, response: &Response) -> UnjudgedExchange {
        let credentials = self.session.credentials_hint(self.credentials());
        let reply = reply_of(self, response);
        let path = if outgoing.website { response.url.clone() } else { exchanged.path };
        UnjudgedExchange::new(Exchanged { credentials, reply, path, ..exchanged })
    }

    /// Judges a request that was made. Whether what builds on the step can go on.
    pub(super) fn judge(&mut self, called: UnjudgedExchange) -> bool {
        self.see(Event::Exchange(called.into_exchanged()))
    }

    /// Waits for a capacity in the opportunity feeds. `after` names in findings what it comes after.
    pub(super) async fn capacity(&mut self, rule: CapacityRule, after: &str, profile: Option<Profile>) -> bool {
        if profile.is_some_and(|only| only != self.session.profile) {
            return true;
        }
        let session = Arc::clone(&self.session);
        let wanted = {
            let context = context(self, "");
            expected_capacity(&rule, after, &self.history, &context)
        };
        let mut watched = CapacityWatched {
            rule,
            after: after.to_owned(),
            stage: None,
            profile,
            sights: Vec::new(),
            unreadable: None,
        };
        if !wanted.is_empty() {
            self.waits_for(format!("the capacity after {after}"));
            let patience = Arc::clone(&self.patience);
            let wait = patience.begin("capacity", format!("capacity after {after}"));
            let deadline = wait.deadline();
            // A capacity that changes shows by itself. One that stays must be what the feeds show once they were read to
            // their ends.
            let shows = |id: &str, wanted: i64| {
                let known = session.opportunities.get(id);
                known.and_then(|known| capacity(&known.data)) == Some(wanted)
            };
            let shown = wanted.iter().filter(|expected| shows(&expected.id, expected.capacity));
            let ids: Vec<&str> = shown.map(|expected| expected.id.as_str()).collect();
            let stage = self.log().place();
            let releases = matches!(watched.rule, CapacityRule::Changed(_));
            // A lease is released whatever becomes of cancelled spaces.
            let of_booking = releases && stage != Some(Stage::QuoteDelete);
            let seen_to_keep = of_booking && session.keeps_cancelled.load(Ordering::Relaxed);
            let sights = async {
                session.opportunities.catch_up_on(&ids, deadline).await?;
                let deadline = if seen_to_keep { Instant::now() } else { deadline };
                let mut sights = Vec::new();
                for expected in &wanted {
                    let now = sight(&session, expected, Instant::now()).await;
                    let ended = lease_ended(&watched.rule, (expected, now.capacity), &self.history);
                    sights.push(if ended { now } else { sight(&session, expected, deadline).await });
                }
                Ok(sights)
            };
            let keeps = |sights: &[Sight]| {
                let mut pairs = wanted.iter().zip(sights);
                pairs.any(|(expected, sight)| {
                    kept_after_cancellation(&watched.rule, stage, (expected, sight.capacity), &self.history)
                })
            };
            let ended = |(expected, sight): (&Expected, &Sight)| {
                lease_ended(&watched.rule, (expected, sight.capacity), &self.history)
            };
            let met = |sights: &Result<Vec<Sight>, String>| match sights {
                Ok(sights) => {
                    let mut pairs = wanted.iter().zip(sights);
                    keeps(sights) || pairs.all(|pair| pair.1.missing.is_none() || ended(pair))
                }
                Err(_) => false,
            };
            let mut outcome = wait.until(sights, met).await;
            if outcome.is_err() && releases {
                // A cancellation may keep its capacity: what the feeds show now is judged.
                let mut now = Vec::new();
                for expected in &wanted {
                    now.push(sight(&session, expected, Instant::now()).await);
                }
                if keeps(&now) {
                    outcome = Ok(Ok(now));
                }
            }
            match outcome {
                Ok(Ok(sights)) => {
                    if keeps(&sights) {
                        session.keeps_cancelled.store(true, Ordering::Relaxed);
                    }
                    watched.sights = sights;
                }
                Ok(Err(reason)) => watched.unreadable = Some(reason),
                Err(cut) => return self.capacity_cut_short(&wanted, (after, rule_stage(&watched)), &cut),
            }
        }
        self.see(Event::Capacity(Box::new(watched)))
    }

    /// Notes that a wait for capacity was cut short, with what the feeds show now.
    fn capacity_cut_short(
        &mut self,
        wanted: &[Expected],
        (after, stage): (&str, Option<Stage>),
        cut: &CutShort,
    ) -> bool {
        let known = |expected: &Expected| self.session.opportunities.get(&expected.id);
        let other = |expected: &&Expected| {
            known(expected).and_then(|located| capacity(&located.data)) != Some(expected.capacity)
        };
        let expected = wanted.iter().find(other).or(wanted.first());
        let located = expected.and_then(known);
        let data = located.as_ref().map(|located| &located.data);
        let property = data.and_then(capacity_property).unwrap_or("remainingAttendeeCapacity").to_owned();
        let found = data.and_then(capacity).map_or_else(|| "nothing".to_owned(), |found| found.to_string());
        let id = expected.map_or("", |expected| &expected.id);
        let problem = StepProblem {
            message: format!("`{property}` of {id} is {found} after {after}"),
            difference: expected.map(|expected| (format!("{} ({})", expected.capacity, expected.why), found.clone())),
            path: Some(property),
            hint: Some(cut.words()),
            exchange: located.and_then(|located| located.exchange),
            ..StepProblem::default()
        };
        let stage = stage.or_else(|| self.log().place()).unwrap_or(Stage::Any);
        (self as &mut dyn steps::Driver).cut_short(stage, problem)
    }

    /// The finding that an event would come to now.
    fn finding_of(&self, event: &Event) -> Option<(Stage, Finding)> {
        let context = Context {
            demands: Demands { expect: &self.demands.0, expect_proposal: &self.demands.1 },
            ..context(self, "")
        };
        let mut log = StepLog::new("cut", "Wait", None);
        see(event, &self.history, &context, &mut log);
        let (report, _) = log.finish();
        let broken = report.checks.iter().find(|check| check.outcome != CheckOutcome::Held);
        broken.and_then(|check| Some((check.stage, Finding::clone(check.finding.as_ref()?))))
    }

    /// Notes that a wait for an update of an Order was cut short, with what has been seen so far.
    fn watch_cut_short(&mut self, watched: Watched, cut: &CutShort) -> bool {
        let (stage, sent) = (watched.stage(), watched.sent);
        let event = Event::Watch(Box::new(watched));
        let (stage, finding) = self.finding_of(&event).unwrap_or_else(|| (stage, Finding::new("nothing came")));
        let (found, hint) = match (&finding.path, finding.found) {
            (Some(_), Some(found)) => (found, Some(cut.words())),
            _ => (cut.words(), finding.hint),
        };
        let problem = StepProblem {
            message: finding.message,
            difference: Some((finding.expected.unwrap_or_default(), found)),
            path: finding.path,
            spec: finding.spec,
            exchange: finding.exchange.or(sent),
            hint,
            ..StepProblem::default()
        };
        (self as &mut dyn steps::Driver).cut_short(stage, problem)
    }

    /// Goes on watching for an update of the Order after the wait for it ended, to report one that comes late.
    fn follow_late(&mut self, feed: FeedName, what: &str, begun: Instant) {
        let session = Arc::clone(&self.session);
        if session.client.tape().is_some() {
            return;
        }
        let orders = session.orders.get(self.partner.name(), feed);
        let (uuid, what) = (self.history.uuid.clone(), what.to_owned());
        let Some(mut watch) = orders.watch_on(&uuid) else { return };
        // A later request of the cell may bring an update of its own.
        let end = session.ending.token().child_token();
        self.late = Some(end.clone().drop_guard());
        tokio::spawn(async move {
            let update = tokio::time::timeout(LATE, watch.next());
            if let Some(Ok(Some(_))) = end.run_until_cancelled(update).await {
                session.patience.late(feed.title(), &what, begun.elapsed());
            }
        });
    }

    /// Opens a watch on the Order of the part, before something that should show in a feed. `None` where the feed cannot be
    /// read.
    pub(super) async fn watch(&mut self, feed: FeedName) -> Option<OrderWatch> {
        let title = feed.title();
        let key = "`broker.disableOrdersFeedHarvesting`";
        let unreadable = if self.session.config.follow_orders_feeds {
            self.waits_for(format!("the last page of the {title}"));
            let deadline = self.session.feed_deadline();
            let orders = self.session.orders.get(self.partner.name(), feed);
            let patience = Arc::clone(&self.patience);
            let wait = patience.begin("end of a feed", format!("end of the {title}"));
            let opened = wait.until(orders.watch(&self.history.uuid, deadline), Result::is_ok).await;
            match opened.unwrap_or_else(|cut| Err(format!("the end of the {title} was not reached: {}", cut.words()))) {
                Ok(watch) => return Some(watch),
                Err(reason) => {
                    let status = orders.status();
                    let partner = self.partner.name();
                    Unreadable {
                        reason,
                        responds: status.answered && status.error.is_some(),
                        exchange: status.stop.and_then(|stop| stop.exchange),
                        hint: Some(format!(
                            "the request headers are `broker.bookingPartners.{partner}.authentication.ordersFeedRequestHeaders`"
                        )),
                    }
                }
            }
        } else {
            let reason = format!("the {title} is required, and {key} is true");
            Unreadable { reason, responds: false, exchange: None, hint: None }
        };
        let watched = Watched {
            feed,
            awaited: Awaited::Update,
            cause: String::new(),
            sent: None,
            spec: String::new(),
            opened: None,
            seen: Vec::new(),
            met: false,
            pages: 0,
            unreadable: Some(unreadable),
        };
        self.see(Event::Watch(Box::new(watched)));
        None
    }

    /// Reads a feed of the Booking Partner who acts to its end, and sees whether it has ever shown the Order of the part.
    pub(super) async fn absent_from(&mut self, feed: FeedName) -> bool {
        // Opening a watch reads the feed to its end first.
        let Some(watch) = self.watch(feed).await else { return false };
        let partner = self.partner.name();
        let orders = self.session.orders.get(partner, feed);
        let watched = Watched {
            feed,
            awaited: if self.partner == PartnerName::Primary { Awaited::AbsenceOfNew } else { Awaited::Absence },
            cause: format!("the {partner} Booking Partner"),
            sent: None,
            spec: String::new(),
            opened: Some(watch.opened()),
            seen: Vec::new(),
            met: orders.has_shown(&self.history.uuid),
            pages: 0,
            unreadable: None,
        };
        self.see(Event::Watch(Box::new(watched)))
    }

    /// Waits for what something must bring to a feed. `cause` names it in findings, `sent` is its exchange. What was seen
    /// last, and whether what builds on the step can go on.
    pub(super) async fn awaits(
        &mut self,
        (feed, watch): (FeedName, &mut OrderWatch),
        awaited: Awaited,
        cause: &str,
        sent: Option<ExchangeId>,
        spec: &str,
    ) -> bool {
        let title = feed.title();
        let mut watched = Watched {
            feed,
            awaited,
            cause: cause.to_owned(),
            sent,
            spec: spec.to_owned(),
            opened: Some(watch.opened()),
            seen: Vec::new(),
            met: false,
            pages: 0,
            unreadable: None,
        };
        let uuid = self.history.uuid.clone();
        let session = Arc::clone(&self.session);
        let deadline = session.feed_deadline();
        if watched.awaited == Awaited::Nothing {
            self.waits_for(format!("the last page of the {title} after {cause}"));
            let orders = self.session.orders.get(self.partner.name(), feed);
            match orders.catch_up(deadline).await {
                Ok(()) => watched.seen.extend(watch.seen_so_far().map(|update| update_of(&uuid, &update))),
                Err(reason) => {
                    watched.unreadable = Some(Unreadable { reason, responds: false, exchange: None, hint: None });
                }
            }
        } else {
            self.waits_for(format!("the {title} after {cause}"));
            let demands = Arc::clone(&self.demands);
            let context =
                Context { demands: Demands { expect: &demands.0, expect_proposal: &demands.1 }, ..context(self, spec) };
            let outlook = |update: &OrderUpdate| {
                classify_update(&watched.awaited, &update_of(&uuid, update), feed, &self.history, &context)
            };
            let patience = Arc::clone(&self.patience);
            let wait = patience.begin(title, format!("the {title} after {cause}"));
            let outcome = match wait.until(watch.wait_for(deadline, outlook), Result::is_ok).await {
                Ok(outcome) => outcome,
                Err(cut) => {
                    self.follow_late(feed, wait.what(), wait.begun());
                    watched.seen.extend(watch.take_passed().iter().map(|update| update_of(&uuid, update)));
                    return self.watch_cut_short(watched, &cut);
                }
            };
            if outcome.is_err() {
                self.follow_late(feed, wait.what(), wait.begun());
            }
            match outcome {
                Ok(update) => {
                    watched.met = true;
                    watched.seen.push(update_of(&uuid, &update));
                }
                Err(miss) => {
                    watched.pages = miss.pages;
                    watched.seen.extend(miss.seen.iter().map(|update| update_of(&uuid, update)));
                    watched.unreadable =
                        miss.error.map(|reason| Unreadable { reason, responds: false, exchange: None, hint: None });
                }
            }
        }
        self.see(Event::Watch(Box::new(watched)))
    }
}

/// The stage at which a wait for capacity is judged, where it is not that of the step.
fn rule_stage(watched: &CapacityWatched) -> Option<Stage> {
    watched.stage.filter(|stage| *stage != Stage::Any)
}

/// What the feeds show of the capacity of an opportunity, at the latest at the deadline.
async fn sight(session: &Session, expected: &Expected, deadline: Instant) -> Sight {
    let is = |data: &Value| capacity(data) == Some(expected.capacity);
    let found = session.opportunities.wait_for_own(&expected.id, deadline, is).await;
    let (last, missing) = match found {
        Ok(located) => (Some(located), None),
        Err(miss) => (miss.last, Some(miss.reason)),
    };
    let data = last.as_ref().map(|located| &located.data);
    Sight {
        id: expected.id.clone(),
        capacity: data.and_then(capacity),
        property: data.and_then(capacity_property).map(str::to_owned),
        exchange: last.as_ref().and_then(|located| located.exchange),
        missing,
    }
}

/// What checks may look at besides what the cell saw.
fn context<'r>(run: &'r CellRun, spec: &'r str) -> Context<'r> {
    Context {
        config: &run.session.config,
        profile: run.session.profile,
        base: &run.session.booking_api,
        payment: run.session.payment_details(run.cell.seller),
        now: run.now(),
        spec,
        clock: run.session.clock,
        demands: Demands::default(),
    }
}
