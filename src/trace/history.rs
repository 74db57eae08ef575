//! What one part of a cell has seen of its Order so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::opportunity::capacity;
use crate::vocabulary::{Action, ErrorName, FeedName, Stage};

use super::event::{Awaited, Event, Exchanged, Identity, Items, Purpose, Wanted, Watched};
use super::{OrderItem, Total};

/// Limit of OrderItems of a feed that are remembered, so that the work for any target is bounded.
const MANY: usize = 500;

/// A request that succeeded, and its response.
#[derive(Debug, Clone)]
pub struct PastRequest {
    /// The path of the request below the base URL of the Open Booking API.
    pub path: String,
    /// The request body.
    pub body: Value,
    /// The status of the response.
    pub status: u16,
    /// The response body.
    pub answer: Value,
}

impl PastRequest {
    /// `lease.leaseExpires` of the response.
    #[must_use]
    pub fn lease_expires(&self) -> Option<Value> {
        self.answer.pointer("/lease/leaseExpires").cloned()
    }
}

/// Everything that one part of a cell has seen of its Order so far. Checks read nothing else of the past.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The UUID of the Order.
    pub uuid: String,
    /// The customer of the requests.
    pub customer: Value,
    /// The OrderItems, once opportunities were found.
    pub items: Vec<OrderItem>,
    /// The remaining capacity that each opportunity had when it was found, by `@id`.
    pub fetched: BTreeMap<String, i64>,
    /// The remaining capacity that the feeds must show now, by `@id`.
    pub capacities: BTreeMap<String, i64>,
    /// Opportunities that an OrderQuote of this Order no longer has, with the capacity that they had before it.
    pub dropped: BTreeMap<String, i64>,
    /// The total of the last OrderQuote or OrderProposal.
    pub total: Total,
    /// The OrderQuote that C1 returned.
    pub c1: Option<Value>,
    /// The OrderProposal that P returned.
    pub proposal: Option<Value>,
    /// The version of the OrderProposal that its feed showed last.
    pub latest_version: Option<String>,
    /// The Order that B returned.
    pub booked: Option<Value>,
    /// The Order that another Booking Partner booked with the same UUID before.
    pub foreign: Option<Value>,
    /// The last B: its request body, and the status of its response.
    pub last_b: Option<(Value, u16)>,
    /// How many OrderQuotes went before.
    pub quotes: usize,
    /// How many OrderQuotes for many of each opportunity this Order UUID has had.
    pub batches: usize,
    /// How many of simultaneous Orders for the same opportunities were booked.
    pub together: usize,
    /// The stage of the last request of the booking that succeeded.
    pub requested: Option<Stage>,
    /// The error of the last request that had to be rejected; `None` where any error was allowed, or none was required.
    pub rejection: Option<ErrorName>,
    /// `true` once Order Deletion succeeded.
    pub deleted: bool,
    /// Whether a second deletion showed that nothing is left of it.
    pub forgotten: bool,
    /// `@id`s of the OrderItems that the customer cancelled last.
    pub cancelled: Vec<String>,
    /// The last C1, C2 and P.
    pub made: BTreeMap<Stage, PastRequest>,
    /// The request body of P.
    pub proposed: Option<Value>,
    /// The last item of the Orders feed with the Order.
    pub shown: Option<Value>,
    /// `@id`s of the OrderItems that the Orders feed has shown as cancelled.
    pub ended: BTreeSet<String>,
    /// Whether prices are left to Broker and Seller, so that responses need not have them.
    pub dynamic: bool,
    /// Whether the Seller has replaced what was booked, or changed its name, time or location.
    pub changed: bool,
    /// The names that errors had in the cell, by their types.
    pub error_names: BTreeMap<String, String>,
    /// The part that the booking of another customer interrupts.
    interrupted: Option<Box<Self>>,
}

impl History {
    /// A part that has seen nothing but its Order.
    #[must_use]
    pub fn of(order: &Identity) -> Self {
        Self { uuid: order.uuid.clone(), customer: order.customer.clone(), ..Self::default() }
    }

    /// Remembers an event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Part(part) => {
                let mut fresh = Self::of(&part.order);
                fresh.error_names = std::mem::take(&mut self.error_names);
                if part.same_uuid {
                    fresh.foreign = self.proposal.take().or_else(|| self.booked.take());
                }
                *self = fresh;
            }
            Event::Order(order) => {
                self.batches = if self.uuid == order.uuid { self.batches } else { 0 };
                self.uuid.clone_from(&order.uuid);
                self.customer.clone_from(&order.customer);
            }
            Event::Left => self.leave(),
            Event::Items(items) => self.take_items(items),
            Event::Dynamic => self.dynamic = true,
            Event::Rival(order) => {
                let mut rival = Self::of(order);
                rival.items.clone_from(&self.items);
                rival.fetched.clone_from(&self.fetched);
                rival.capacities.clone_from(&self.capacities);
                rival.error_names.clone_from(&self.error_names);
                rival.interrupted = Some(Box::new(std::mem::take(self)));
                *self = rival;
            }
            Event::RivalEnded => {
                if let Some(before) = self.interrupted.take() {
                    let (names, together) = (std::mem::take(&mut self.error_names), self.together);
                    *self = *before;
                    self.error_names = names;
                    self.together += together;
                }
            }
            Event::Exchange(exchanged) => self.exchanged(exchanged),
            Event::Watch(watched) => self.watched(watched),
            Event::Capacity(_)
            | Event::Look(_)
            | Event::Step(_)
            | Event::Configuration(_)
            | Event::Fact(_)
            | Event::Lack(_)
            | Event::Nothing(_)
            | Event::At(_)
            | Event::Exchanges(_)
            | Event::Skipped(_)
            | Event::End(_) => {}
        }
    }

    /// Opportunities fetched before are no longer part of the Order, and their leased capacity must be released.
    fn leave(&mut self) {
        let items = std::mem::take(&mut self.items);
        if self.quotes > 0 {
            for item in &items {
                if let Some(capacity) = self.fetched.get(&item.opportunity_id) {
                    self.dropped.insert(item.opportunity_id.clone(), *capacity);
                }
            }
        }
        self.quotes = 0;
        self.c1 = None;
    }

    fn take_items(&mut self, items: &Items) {
        if items.needed.is_some() {
            for item in &items.items {
                if let Some(capacity) = capacity(&item.opportunity) {
                    self.fetched.insert(item.opportunity_id.clone(), capacity);
                    self.capacities.insert(item.opportunity_id.clone(), capacity);
                }
            }
        }
        self.items.clone_from(&items.items);
    }

    fn exchanged(&mut self, exchanged: &Exchanged) {
        let reply = &exchanged.reply;
        let status = reply.status.unwrap_or_default();
        if exchanged.stage == Stage::B && matches!(exchanged.purpose, Purpose::Order | Purpose::OrderAfterProposal) {
            self.last_b = exchanged.sent.clone().map(|sent| (sent, status));
        }
        self.rejection = match exchanged.wanted {
            Wanted::Error(error) => Some(error),
            _ => None,
        };
        if exchanged.purpose == Purpose::Simultaneous && reply.succeeded() {
            self.together += 1;
        }
        let Wanted::Success(statuses) = &exchanged.wanted else {
            if !matches!(exchanged.wanted, Wanted::Response) {
                self.rejected(exchanged);
            }
            return;
        };
        if let Purpose::Cancellation(items) = &exchanged.purpose {
            self.cancelled.clone_from(items);
        }
        if exchanged.purpose == Purpose::Deletion && exchanged.stage == Stage::OrderDelete {
            self.forgotten |= self.deleted && status == 404;
            self.deleted |= statuses.contains(&status);
        }
        if let Purpose::Action(action) = exchanged.purpose {
            self.changed |= matches!(
                action,
                Action::Replacement
                    | Action::ChangeOfLogisticsName
                    | Action::ChangeOfLogisticsTime
                    | Action::ChangeOfLogisticsLocation
            ) && statuses.contains(&status);
        }
        let Some(body) = reply.object().filter(|_| statuses.contains(&status)) else { return };
        let sent = exchanged.sent.clone().unwrap_or_default();
        let path = exchanged.path.clone();
        match exchanged.purpose {
            Purpose::Quote => {
                self.quotes += 1;
                self.requested = Some(exchanged.stage);
                self.total = Total::of(body);
                if exchanged.stage == Stage::C1 {
                    self.c1 = Some(body.clone());
                }
                self.made.insert(exchanged.stage, PastRequest { path, body: sent, status, answer: body.clone() });
            }
            Purpose::Batch(_) => self.batches += 1,
            Purpose::Proposal => {
                self.total = Total::of(body);
                self.proposal = Some(body.clone());
                self.proposed = Some(sent.clone());
                self.made.insert(Stage::P, PastRequest { path, body: sent, status, answer: body.clone() });
            }
            Purpose::Order | Purpose::OrderAfterProposal => {
                self.requested = Some(Stage::B);
                self.booked = Some(body.clone());
            }
            _ => {}
        }
    }

    fn rejected(&mut self, exchanged: &Exchanged) {
        let reply = &exchanged.reply;
        // If it was not rejected, the capacity it used is unknown, and no value is expected from here on.
        if reply.succeeded() || exchanged.leased.is_some() {
            self.capacities.clear();
        }
        let Some(body) = reply.object().filter(|_| exchanged.leased.is_none()) else { return };
        if exchanged.purpose == Purpose::Quote && matches!(exchanged.wanted, Wanted::Error(_)) {
            self.total = Total::of(body);
        }
        let items = body.get("orderedItem").and_then(Value::as_array).into_iter().flatten();
        let of_items = items.filter_map(|item| item.get("error").and_then(Value::as_array)).flatten();
        for error in std::iter::once(body).chain(of_items) {
            let text = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(kind), Some(name)) = (text("@type"), text("name")) {
                self.error_names.entry(kind).or_insert(name);
            }
        }
    }

    fn watched(&mut self, watched: &Watched) {
        let judged = matches!(watched.awaited, Awaited::Update | Awaited::Acceptance);
        let Some(data) = watched.seen.last().filter(|_| judged).and_then(|update| update.data.as_ref()) else { return };
        if watched.feed == FeedName::OrderProposals {
            if let Some(version) = data.get("orderProposalVersion").and_then(Value::as_str) {
                self.latest_version = Some(version.to_owned());
            }
            if data.get("totalPaymentDue").is_some() {
                self.total = Total::of(data);
            }
            return;
        }
        let items = data.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if items.len() > MANY.max(self.items.len()) {
            return;
        }
        let cancelled = items.iter().filter(|item| {
            let status = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
            status.ends_with("CustomerCancelled") || status.ends_with("SellerCancelled")
        });
        let ids = cancelled.filter_map(|item| item.get("@id")?.as_str().map(str::to_owned));
        self.ended.extend(ids);
        self.shown = Some(data.clone());
    }
}
