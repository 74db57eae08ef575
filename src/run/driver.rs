//! How steps act: requests, waits, and what is remembered of them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::checks::{
    Context, Demands, differing_from_feed, expected_capacity, is_over, kept_after_cancellation, remember, see,
};
use crate::client::Response;
use crate::client::feed::{OrderUpdate, OrderWatch};
use crate::opportunity::{capacity, capacity_property};
use crate::results::ExchangeId;
use crate::steps::{Call, Outgoing, PartnerName, UnjudgedExchange};
use crate::trace::{
    Awaited, CapacityRule, CapacityWatched, Event, Exchanged, Items, OrderItem, Reply, Sight, Unreadable, Update,
    Watched,
};
use crate::vocabulary::{FeedName, Profile, Stage};

use super::cell::CellRun;
use super::send::{Sending, send, send_beside};

/// How long the feeds have to confirm what a booking response shows of an opportunity.
const FOLLOWED: Duration = Duration::from_secs(5);
/// So often nothing comes of it before a run no longer waits.
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
                let _ = session.opportunities.catch_up_on(&ids, deadline).await;
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
        let run = &*self;
        let requests = calls.into_iter().map(|call| async move {
            let (outgoing, exchanged) = call.into_parts();
            let label = outgoing.label.as_deref().unwrap_or(&exchanged.what);
            let (path, body) = (exchanged.path.as_str(), exchanged.sent.as_ref());
            let response = send_beside(run, Sending { outgoing: &outgoing, label, path, body }).await;
            run.called(&outgoing, exchanged, &response)
        });
        futures::future::join_all(requests).await
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
            let deadline = session.feed_deadline();
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
            let seen_to_keep = releases && session.keeps_cancelled.load(Ordering::Relaxed);
            match session.opportunities.catch_up_on(&ids, deadline).await {
                Err(reason) => watched.unreadable = Some(reason),
                Ok(()) => {
                    for expected in &wanted {
                        let is = |data: &Value| capacity(data) == Some(expected.capacity);
                        let deadline = if seen_to_keep { Instant::now() } else { deadline };
                        let found = session.opportunities.wait_for_own(&expected.id, deadline, is).await;
                        let (last, missing) = match found {
                            Ok(located) => (Some(located), None),
                            Err(miss) => (miss.last, Some(miss.reason)),
                        };
                        let data = last.as_ref().map(|located| &located.data);
                        let found = (expected, data.and_then(capacity));
                        if kept_after_cancellation(&watched.rule, stage, found, &self.history) {
                            session.keeps_cancelled.store(true, Ordering::Relaxed);
                        }
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
            self.waits_for(format!("the last page of the {title}"));
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
        let deadline = self.session.feed_deadline();
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
