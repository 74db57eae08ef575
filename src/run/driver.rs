//! How steps act: requests, waits, and what is remembered of them.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;

use crate::checks::{Context, Demands, Row, expected_capacity, is_over, remember, see};
use crate::client::Response;
use crate::client::auth::AuthFailure;
use crate::client::feed::{OrderUpdate, OrderWatch};
use crate::config::Headers;
use crate::opportunity::{capacity, capacity_property};
use crate::results::ExchangeId;
use crate::trace::{
    Asked, At, Awaited, Body, CapacityRule, CapacityWatched, Event, Exchanged, Fact, Lack, Leased, Problem, Purpose,
    Reply, Sight, Unreadable, Update, Wanted, Watched,
};
use crate::vocabulary::{ErrorName, FeedName, Profile, Stage};

use super::cell::CellRun;
use super::steps::{send, send_with};

/// A request to make, and what its response is judged by.
#[derive(Debug)]
pub(super) struct Call {
    method: Method,
    /// What it is called in the record; by default what findings call it.
    label: Option<String>,
    sent: Option<Value>,
    exchanged: Exchanged,
}

impl Call {
    /// A request that must succeed with HTTP 204. `what` names it in findings; `path` is relative to the base URL.
    pub(super) fn new(stage: Stage, what: impl Into<String>, method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            label: None,
            sent: None,
            exchanged: Exchanged {
                stage,
                what: what.into(),
                purpose: Purpose::Other,
                wanted: Wanted::Success(vec![204]),
                body: Body::None,
                spec: String::new(),
                credentials: String::new(),
                hint: None,
                prepares: false,
                asked: Asked::Nothing,
                leased: None,
                path: path.into(),
                sent: None,
                reply: Reply::default(),
            },
        }
    }

    /// What the record calls it.
    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The request body.
    pub(super) fn sending(mut self, body: Value) -> Self {
        self.sent = Some(body);
        self
    }

    /// What the cell learns from it.
    pub(super) fn purpose(mut self, purpose: Purpose) -> Self {
        self.exchanged.purpose = purpose;
        self
    }

    /// It must succeed, with one of these statuses and such a body.
    pub(super) fn succeeds(mut self, statuses: &[u16], body: Body) -> Self {
        self.exchanged.wanted = Wanted::Success(statuses.to_vec());
        self.exchanged.body = body;
        self
    }

    /// It must come to this.
    pub(super) fn wanted(mut self, wanted: Wanted) -> Self {
        self.exchanged.wanted = wanted;
        self
    }

    /// Where there is an error, it must be rejected with it.
    pub(super) fn fails(mut self, error: Option<ErrorName>) -> Self {
        if let Some(error) = error {
            self.exchanged.wanted = Wanted::Error(error);
        }
        self
    }

    /// The section of the specification.
    pub(super) fn spec(mut self, spec: impl Into<String>) -> Self {
        self.exchanged.spec = spec.into();
        self
    }

    /// What to look at when the response is an error.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.exchanged.hint = Some(hint.into());
        self
    }

    /// A wrong response is only in the way of what is tested.
    pub(super) fn prepares(mut self, prepares: bool) -> Self {
        self.exchanged.prepares = prepares;
        self
    }

    /// The checks of the feature file that judge the response.
    pub(super) fn asked(mut self, asked: Asked) -> Self {
        self.exchanged.asked = asked;
        self
    }
}

/// A request that was made, before it is judged.
#[derive(Debug)]
pub(super) struct Called {
    exchanged: Box<Exchanged>,
}

impl Called {
    /// What names it in findings.
    pub(super) fn what(&self) -> &str {
        &self.exchanged.what
    }

    /// Its response.
    pub(super) fn reply(&self) -> &Reply {
        &self.exchanged.reply
    }

    /// With what explains the response: leases.
    pub(super) fn leased(mut self, leased: Option<Leased>) -> Self {
        self.exchanged.leased = leased;
        self
    }
}

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

/// What went wrong with the OpenID provider, for the trace.
fn problem_of(failure: &AuthFailure, spec: &str) -> Problem {
    Problem {
        message: failure.message.clone(),
        difference: failure.difference.as_deref().cloned(),
        path: None,
        spec: Some(spec.to_owned()),
        hint: failure.hint.clone(),
        exchange: failure.exchange,
        blocks: failure.unreachable,
    }
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
    /// Judges an event, and remembers it. Whether what builds on the step can go on.
    pub(super) fn see(&mut self, event: Event) -> bool {
        let session = Arc::clone(&self.session);
        let demands = Arc::clone(&self.demands);
        let context = Context {
            config: &session.config,
            profile: session.profile,
            base: &session.booking_api,
            payment: session.payment_details(self.cell.seller),
            now: session.client.tape().map_or_else(jiff::Timestamp::now, |tape| tape.moment()),
            clock: session.clock,
            spec: "",
            demands: Demands { expect: &demands.0, expect_proposal: &demands.1 },
        };
        let before = std::mem::take(&mut self.history);
        see(&event, &before, &context, self.log());
        self.history = before;
        remember(&event, &mut self.history, &context);
        let usable = self.log().usable();
        self.trace.push(event);
        usable
    }

    /// Remembers an event between two steps, which no check judges.
    pub(super) fn remember(&mut self, event: Event) {
        self.history.take(&event);
        self.trace.push(event);
    }

    /// What is judged from now on belongs to another stage; `None`: to any.
    pub(super) fn at(&mut self, stage: Option<Stage>) {
        self.see(Event::At(At { stage }));
    }

    /// Judges an observation of authentication by a check.
    pub(super) fn fact(&mut self, check: &Row, observed: Value, spec: &str, exchange: Option<ExchangeId>) -> bool {
        let (check, spec) = (check.id.to_owned(), spec.to_owned());
        self.see(Event::Fact(Box::new(Fact { check, observed, problem: None, spec, exchange })))
    }

    /// Judges something that was tried by a check; its value, where it went well.
    pub(super) fn attempt<T>(&mut self, check: &Row, outcome: Result<T, AuthFailure>, spec: &str) -> Option<T> {
        let (value, problem) = match outcome {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(problem_of(&failure, spec))),
        };
        let (check, spec) = (check.id.to_owned(), spec.to_owned());
        let fact = Fact { check, observed: Value::Null, problem, spec, exchange: None };
        self.see(Event::Fact(Box::new(fact)));
        value
    }

    /// Notes that something about authentication cannot be judged.
    pub(super) fn unknown(&mut self, check: &Row, reason: String, spec: &str, exchange: Option<ExchangeId>) -> bool {
        let failure = AuthFailure { unreachable: true, exchange, ..AuthFailure::new(reason) };
        self.attempt::<()>(check, Err(failure), spec);
        false
    }

    /// Ends a step for want of something that an earlier step should have brought.
    pub(super) fn lacks(&mut self, what: &str) -> bool {
        self.see(Event::Lack(Lack { what: what.to_owned(), problem: None }));
        self.end()
    }

    /// Notes why something that the step needs is not there.
    pub(super) fn lacks_because(&mut self, what: &str, problem: Problem) -> bool {
        self.see(Event::Lack(Lack { what: what.to_owned(), problem: Some(problem) }))
    }

    /// Makes a request with other headers than those of the Booking Partner who acts, and judges it.
    pub(super) async fn request_with(&mut self, call: Call, url: &str, headers: &Headers) -> bool {
        let Call { method, label, sent, exchanged } = call;
        let label = label.unwrap_or_else(|| exchanged.what.clone());
        let response = send_with(self, &label, method, url, headers, sent.as_ref()).await;
        let called = self.called(exchanged, sent, &response);
        self.judge(called)
    }

    /// Judges the response to a request that was made by other means.
    pub(super) fn responded(&mut self, call: Call, response: &Response) -> bool {
        let Call { sent, exchanged, .. } = call;
        let called = self.called(exchanged, sent, response);
        self.judge(called)
    }

    /// Makes a request that is judged later.
    pub(super) async fn call(&mut self, call: Call) -> Called {
        let Call { method, label, sent, exchanged } = call;
        let label = label.unwrap_or_else(|| exchanged.what.clone());
        let response = send(self, &label, method, &exchanged.path, sent.as_ref()).await;
        self.called(exchanged, sent, &response)
    }

    /// The request that brought a response.
    pub(super) fn called(&self, exchanged: Exchanged, sent: Option<Value>, response: &Response) -> Called {
        let credentials = self.session.credentials_hint(self.credentials());
        let reply = reply_of(self, response);
        Called { exchanged: Box::new(Exchanged { sent, credentials, reply, ..exchanged }) }
    }

    /// Judges a request that was made. Whether what builds on the step can go on.
    pub(super) fn judge(&mut self, called: Called) -> bool {
        self.see(Event::Exchange(called.exchanged))
    }

    /// Makes a request, and judges it. Whether it succeeded or was rejected as it must, and what builds on it can go on.
    pub(super) async fn request(&mut self, call: Call) -> bool {
        let called = self.call(call).await;
        self.judge(called)
    }

    /// Waits for a capacity in the opportunity feeds. `after` names in findings what it comes after.
    pub(super) async fn capacity(&mut self, rule: CapacityRule, after: &str, profile: Option<Profile>) -> bool {
        if profile.is_some_and(|only| only != self.session.profile) {
            return true;
        }
        let session = Arc::clone(&self.session);
        let wanted = {
            let context = super::steps::context(self, "");
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
            let deadline = session.feed_deadline();
            // A capacity that changes shows by itself. One that stays must be what the feeds show once they were read to
            // their ends.
            let shows = |id: &str, wanted: i64| {
                let known = session.opportunities.get(id);
                known.and_then(|known| capacity(&known.data)) == Some(wanted)
            };
            let shown = wanted.iter().filter(|expected| shows(&expected.id, expected.capacity));
            let ids: Vec<&str> = shown.map(|expected| expected.id.as_str()).collect();
            match session.opportunities.catch_up_on(&ids, deadline).await {
                Err(reason) => watched.unreadable = Some(reason),
                Ok(()) => {
                    for expected in &wanted {
                        let is = |data: &Value| capacity(data) == Some(expected.capacity);
                        let found = session.opportunities.wait_for_own(&expected.id, deadline, is).await;
                        let (last, missing) = match found {
                            Ok(located) => (Some(located), None),
                            Err(miss) => (miss.last, Some(miss.reason)),
                        };
                        let data = last.as_ref().map(|located| &located.data);
                        watched.sights.push(Sight {
                            id: expected.id.clone(),
                            capacity: data.and_then(capacity),
                            property: data.and_then(capacity_property).map(str::to_owned),
                            exchange: last.as_ref().and_then(|located| located.exchange),
                            missing,
                        });
                    }
                }
            }
        }
        self.see(Event::Capacity(Box::new(watched)))
    }

    /// Opens a watch on the Order of the part, before something that should show in a feed. `None` where the feed cannot be
    /// read.
    pub(super) async fn watch(&mut self, feed: FeedName) -> Option<OrderWatch> {
        let title = feed.title();
        let key = "`broker.disableOrdersFeedHarvesting`";
        let unreadable = if self.session.config.follow_orders_feeds {
            self.waits_for(format!("the end of the {title}"));
            let deadline = self.session.feed_deadline();
            let orders = self.session.orders.get(self.partner.name(), feed);
            match orders.watch(&self.history.uuid, deadline).await {
                Ok(watch) => return Some(watch),
                Err(reason) => {
                    let status = orders.status();
                    let partner = self.partner.name();
                    Unreadable {
                        reason,
                        responds: status.answered && status.error.is_some(),
                        exchange: status.findings.into_iter().find_map(|finding| finding.exchange),
                        hint: Some(format!(
                            "its headers are `broker.bookingPartners.{partner}.authentication.ordersFeedRequestHeaders`"
                        )),
                    }
                }
            }
        } else {
            let reason = format!("the {title} is needed, and {key} is true");
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
            awaited: Awaited::Absence,
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
        let deadline = self.session.feed_deadline();
        if watched.awaited == Awaited::Nothing {
            self.waits_for(format!("the end of the {title} after {cause}"));
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
            let context = Context {
                demands: Demands { expect: &demands.0, expect_proposal: &demands.1 },
                ..super::steps::context(self, spec)
            };
            let over = |update: &OrderUpdate| {
                is_over(&watched.awaited, &update_of(&uuid, update), feed, &self.history, &context)
            };
            match watch.wait_for(deadline, over).await {
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
