//! The whole state of the booking system. Every change holds its one lock, so that updates are published
//! in the order of the changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::vocabulary::CriteriaName;

use super::clock::now;
use super::database::{About, Change, Kept};
use super::faults::{Fault, Faults};
use super::feed::{After, Feed, FeedKey, FeedPage, OpportunityFeedName, OrderFeedName, item_json};
use super::generated::{generated, generated_kind};
use super::headers::CLIENTS;
use super::opportunity::{Opportunity, number_in};
use super::order::{Order, OrderKey, OrderStage, Weight};
use super::seller::{Seller, sellers};
use super::switches::Switches;
use super::variants::{Variant, Variants, design, merged};

/// The first number of opportunities whose numbers are large.
const LARGE: u64 = 4_300_000_000;

/// The first value of `modified` where it counts changes: after those of what is generated.
fn counted_from(generated: u64) -> i64 {
    i64::try_from(generated).unwrap_or(i64::MAX / 2) + 1000
}

/// When what happens is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delay {
    /// A while later.
    Late,
    /// With everything of the same second.
    Batch,
    /// At once, and once more when it was read.
    Again,
}

impl Delay {
    /// When something is published that happens at `now`.
    fn due(self, now: Timestamp) -> Timestamp {
        let later = match self {
            Self::Late => 800,
            Self::Batch => 1000 - now.as_millisecond().rem_euclid(1000),
            Self::Again => return Timestamp::MAX,
        };
        now.checked_add(jiff::SignedDuration::from_millis(later)).unwrap_or(now)
    }
}

/// What becomes of an item of a feed.
#[derive(Debug, Clone)]
enum Update {
    /// This; none for a deleted one.
    To(Option<Arc<str>>),
    /// What it is already.
    Again,
}

/// Something that is published later.
#[derive(Debug, Clone)]
struct Pending {
    due: Timestamp,
    key: FeedKey,
    id: String,
    data: Update,
}

/// Options of a store.
#[derive(Debug, Clone)]
pub(super) struct StoreOptions {
    /// The base URL of the Open Booking API.
    pub(super) base: String,
    pub(super) switches: Switches,
    pub(super) faults: Faults,
    pub(super) variants: Variants,
    pub(super) seed: u64,
    /// Opportunities that exist by their numbers until something happens to them.
    pub(super) generated: u64,
    /// Whether changes are written down.
    pub(super) kept: bool,
}

/// The state.
#[derive(Debug)]
pub(super) struct Store {
    /// The base URL of the Open Booking API.
    pub(super) base: String,
    pub(super) switches: Switches,
    pub(super) faults: Faults,
    pub(super) variants: Variants,
    pub(super) sellers: Vec<Seller>,
    pub(super) rng: ChaCha8Rng,
    seed: u64,
    /// The first numbers, up to this one, are generated.
    generated: u64,
    begun: Timestamp,
    opportunities: BTreeMap<u64, Arc<Opportunity>>,
    orders: BTreeMap<OrderKey, Order>,
    holders: HashMap<u64, BTreeSet<OrderKey>>,
    /// How all Orders together weigh on each opportunity: counted as they change, not every time it is asked.
    weights: HashMap<u64, Weight>,
    leases: BTreeSet<(Timestamp, OrderKey)>,
    feeds: HashMap<FeedKey, Feed>,
    /// Feeds that were read from their start, where that has a consequence.
    pub(super) opened: HashSet<FeedKey>,
    /// An Order that a fault publishes once more, with what its feed will show.
    pub(super) haunting: Option<(OrderKey, Value)>,
    /// The Order that was booked last, and when, where a fault needs it.
    pub(super) last_booked: Option<(OrderKey, Timestamp)>,
    /// Whether the last opportunities that were created by criteria are free, and how many of that kind they are, where the criteria
    /// leave that open.
    pub(super) prices: HashMap<CriteriaName, (bool, u32)>,
    modified: i64,
    last_number: u64,
    /// Whether it is in use: what it was filled with before is published at once.
    pub(super) live: bool,
    /// Updates that are published later, in order.
    pending: Vec<Pending>,
    /// Changes that are not saved yet; `None` without a file.
    changes: Option<Vec<Change>>,
    /// How many changes there have been.
    changed: u64,
}

impl Store {
    pub(super) fn new(options: StoreOptions) -> Self {
        let begun = now();
        let switches = options.switches;
        let counted = options.variants.has(Variant::ModifiedCounted);
        let large = options.variants.has(Variant::NumbersLarge);
        Self {
            base: options.base,
            sellers: sellers(&switches),
            switches,
            faults: options.faults,
            modified: if counted { counted_from(options.generated) } else { begun.as_millisecond() },
            last_number: options.generated.max(if large { LARGE } else { 0 }),
            variants: options.variants,
            rng: ChaCha8Rng::seed_from_u64(options.seed),
            seed: options.seed,
            generated: options.generated,
            begun,
            opportunities: BTreeMap::new(),
            orders: BTreeMap::new(),
            holders: HashMap::new(),
            weights: HashMap::new(),
            leases: BTreeSet::new(),
            feeds: HashMap::new(),
            opened: HashSet::new(),
            haunting: None,
            prices: HashMap::new(),
            last_booked: None,
            live: false,
            pending: Vec::new(),
            changes: options.kept.then(Vec::new),
            changed: 0,
        }
    }

    /// Puts back what was written down.
    pub(super) fn restore(&mut self, kept: Kept) {
        let Kept { about, opportunities, orders, feeds } = kept;
        (self.seed, self.generated, self.begun) = (about.seed, about.generated, about.begun);
        (self.modified, self.last_number) = (about.modified, about.last_number);
        // Random values from now on must differ from those before the restart.
        self.rng = ChaCha8Rng::seed_from_u64(self.seed ^ now().as_microsecond().unsigned_abs());
        self.opportunities =
            opportunities.into_iter().map(|opportunity| (opportunity.number, Arc::new(opportunity))).collect();
        for (key, order) in orders {
            self.count(&key, None, &order);
            self.orders.insert(key, order);
        }
        self.feeds = feeds.into_iter().collect();
    }

    /// The changes since the last call, and the number of all changes.
    pub(super) fn take_changes(&mut self, origin: &str) -> (u64, About, Vec<Change>) {
        let about =
            About::new(origin.to_owned(), self.seed, self.generated, self.begun, self.modified, self.last_number);
        (self.changed, about, self.changes.as_mut().map(std::mem::take).unwrap_or_default())
    }

    /// How many changes there have been.
    pub(super) const fn changed(&self) -> u64 {
        self.changed
    }

    fn note(&mut self, change: impl FnOnce() -> Change) {
        self.changed += 1;
        if let Some(changes) = &mut self.changes {
            changes.push(change());
        }
    }

    /// The next value of `modified`: milliseconds, and never the same twice.
    fn next_modified(&mut self) -> i64 {
        let counted = self.variants.has(Variant::ModifiedCounted);
        self.modified = if counted { self.modified + 1 } else { now().as_millisecond().max(self.modified + 1) };
        self.modified
    }

    /// The number of the opportunity that came last.
    pub(super) const fn last_number(&self) -> u64 {
        self.last_number
    }

    /// A number for a new opportunity.
    pub(super) const fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Puts an item into a feed: now, or when this system publishes.
    fn put(&mut self, key: FeedKey, id: &str, data: Option<&Value>) {
        let data: Option<Arc<str>> = data.map(|data| Arc::from(data.to_string()));
        let Some(delay) = self.delay(&key) else { return self.place_text(key, id, data) };
        let id = id.to_owned();
        let due = delay.due(now());
        if delay == Delay::Again {
            self.place_text(key.clone(), &id, data);
            self.pending.push(Pending { due, key, id, data: Update::Again });
            return;
        }
        if delay == Delay::Batch {
            // Several updates of an item are one.
            self.pending.retain(|pending| pending.key != key || pending.id != id);
        }
        self.pending.push(Pending { due, key, id, data: Update::To(data) });
    }

    /// When what happens is published, where that is not at once.
    fn delay(&self, key: &FeedKey) -> Option<Delay> {
        let delays = match key {
            FeedKey::Of(..) => [
                (Variant::OrdersFeedLate, Delay::Late),
                (Variant::OrdersFeedBatched, Delay::Batch),
                (Variant::OrdersFeedRepeats, Delay::Again),
            ]
            .as_slice(),
            FeedKey::Open(_) => {
                [(Variant::OpportunityFeedsLate, Delay::Late), (Variant::OpportunityFeedsBatched, Delay::Batch)]
                    .as_slice()
            }
        };
        let delay = delays.iter().find(|(variant, _)| self.variants.has(*variant)).map(|(_, delay)| *delay);
        delay.filter(|_| self.live)
    }

    /// Has the updates of a page that was read be published once more, where this system repeats them.
    pub(super) fn repeat(&mut self, key: &FeedKey, page: &FeedPage) {
        let read = |id: &str| page.items.iter().any(|item| item.contains(&format!("\"id\":\"{id}\"")));
        for pending in self.pending.iter_mut().filter(|pending| matches!(pending.data, Update::Again)) {
            if pending.key == *key && read(&pending.id) {
                pending.due = Timestamp::UNIX_EPOCH;
            }
        }
    }

    /// Publishes what is due.
    pub(super) fn publish_due(&mut self, now: Timestamp) {
        if self.pending.is_empty() {
            return;
        }
        let (due, later) = std::mem::take(&mut self.pending).into_iter().partition(|pending| pending.due <= now);
        self.pending = later;
        let due: Vec<Pending> = due;
        for Pending { key, id, data, .. } in due {
            match data {
                Update::To(data) => self.place_text(key, &id, data),
                Update::Again => {
                    if let Some(data) = self.feeds.get(&key).and_then(|feed| feed.data(&id)) {
                        self.place_text(key, &id, Some(data));
                    }
                }
            }
        }
    }

    /// Whether an item of a feed is to be published.
    fn awaits(&self, key: &FeedKey, id: &str) -> bool {
        let new = |pending: &&Pending| !matches!(pending.data, Update::Again);
        self.pending.iter().filter(new).any(|pending| pending.key == *key && pending.id == id)
    }

    /// Puts an item into a feed at once.
    pub(super) fn place(&mut self, key: FeedKey, id: &str, data: Option<&Value>) {
        self.place_text(key, id, data.map(|data| Arc::from(data.to_string())));
    }

    fn place_text(&mut self, key: FeedKey, id: &str, data: Option<Arc<str>>) {
        let key = match key {
            FeedKey::Open(name) => FeedKey::Open(merged(&self.variants, name)),
            of_partner => of_partner,
        };
        let modified = self.next_modified();
        let before = self.feeds.entry(key.clone()).or_default().put(modified, id, data.clone());
        if let Some(before) = before {
            self.note(|| Change::item(&key, before, None));
        }
        self.note(|| Change::item(&key, modified, Some((id, data.as_deref()))));
    }

    fn put_opportunity(&mut self, opportunity: Opportunity) {
        let number = opportunity.number;
        self.note(|| Change::opportunity(number, Some(&opportunity)));
        self.opportunities.insert(number, Arc::new(opportunity));
    }

    /// Adds an opportunity, and publishes it with its parents.
    pub(super) fn add(&mut self, mut opportunity: Opportunity) {
        design(&self.variants, &mut opportunity, now());
        let number = opportunity.number;
        let orphan = opportunity.dataset.is_some() && self.faults.has(Fault::CreateWithoutParent);
        self.put_opportunity(opportunity);
        if !orphan {
            self.publish_parents(number);
        }
        self.publish(number);
    }

    /// Changes an opportunity, and publishes it with its parents.
    pub(super) fn change_opportunity(&mut self, number: u64, change: impl FnOnce(&mut Opportunity)) {
        let Some(opportunity) = self.opportunity(number) else { return };
        let mut opportunity = Opportunity::clone(&opportunity);
        change(&mut opportunity);
        self.put_opportunity(opportunity);
        self.publish_parents(number);
        self.publish(number);
    }

    fn publish_parents(&mut self, number: u64) {
        let Some(opportunity) = self.opportunity(number) else { return };
        let Some(seller) = self.sellers.get(opportunity.seller).cloned() else { return };
        let prepayment = self.switches.tells_prepayment();
        for feed in opportunity.parent_feeds() {
            let data = opportunity.parent(*feed, &seller, prepayment);
            self.put(FeedKey::Open(*feed), &number.to_string(), Some(&data));
        }
    }

    /// The data of a parent of an opportunity, where it has one of the kind.
    pub(super) fn parent(&self, number: u64, feed: OpportunityFeedName) -> Option<Value> {
        let opportunity = self.opportunity(number)?;
        let seller = self.sellers.get(opportunity.seller)?;
        let there = opportunity.parent_feeds().contains(&feed);
        there.then(|| opportunity.parent(feed, seller, self.switches.tells_prepayment()))
    }

    /// Publishes an opportunity as it is now.
    pub(super) fn publish(&mut self, number: u64) {
        let Some(opportunity) = self.opportunity(number) else { return };
        let Some(seller) = self.sellers.get(opportunity.seller) else { return };
        let remaining = self.remaining(number, None);
        let negative = remaining == 0 && self.faults.has(Fault::CapacityNegative);
        let data =
            opportunity.published(seller, if negative { -1 } else { remaining }, self.switches.tells_prepayment());
        self.put(FeedKey::Open(opportunity.feed()), &number.to_string(), Some(&data));
    }

    /// Publishes an opportunity with another remaining capacity than it has, which only faults do.
    pub(super) fn publish_with(&mut self, number: u64, remaining: i64) {
        let Some(opportunity) = self.opportunity(number) else { return };
        let Some(seller) = self.sellers.get(opportunity.seller) else { return };
        let data = opportunity.published(seller, remaining, self.switches.tells_prepayment());
        self.put(FeedKey::Open(opportunity.feed()), &number.to_string(), Some(&data));
    }

    /// Removes an opportunity; its feeds show it as deleted, children first.
    pub(super) fn remove(&mut self, number: u64) {
        let Some(opportunity) = self.opportunity(number) else { return };
        self.opportunities.remove(&number);
        self.note(|| Change::opportunity(number, None));
        self.put(FeedKey::Open(opportunity.feed()), &number.to_string(), None);
        for feed in opportunity.parent_feeds() {
            self.put(FeedKey::Open(*feed), &number.to_string(), None);
        }
    }

    /// Removes every opportunity of a test dataset, and every Order that holds one of them.
    pub(super) fn remove_dataset(&mut self, dataset: &str) {
        let gone: Vec<u64> = self
            .opportunities
            .values()
            .filter(|opportunity| {
                let all = self.faults.has(Fault::DatasetDeletionNotLimited);
                opportunity.dataset.as_deref() == Some(dataset) || (all && opportunity.dataset.is_some())
            })
            .map(|opportunity| opportunity.number)
            .collect();
        let keys: BTreeSet<OrderKey> =
            gone.iter().filter_map(|number| self.holders.get(number)).flatten().cloned().collect();
        for key in keys.iter().filter(|_| !self.faults.has(Fault::DatasetDeletionKeepsOrders)).collect::<Vec<_>>() {
            self.delete_order(key);
        }
        for number in gone {
            self.remove(number);
        }
    }

    /// Deletes an Order: releases its capacity and deletes its people; its UUID stays in use.
    pub(super) fn delete_order(&mut self, key: &OrderKey) {
        let Some(order) = self.orders.get(key) else { return };
        if self.faults.has(Fault::DeletionKeepsCapacity) {
            self.shadow(key, order.clone());
        }
        let Some(mut order) = self.orders.get(key).cloned() else { return };
        order.stage = OrderStage::Deleted;
        order.lease_until = None;
        order.parties = super::order::Parties::default();
        (order.proposed, order.booked) = (None, None);
        for item in &mut order.items {
            (item.attendee, item.intake, item.access) = (None, None, None);
        }
        self.set_order(key, order);
        let mut stub = false;
        for feed in [OrderFeedName::Orders, OrderFeedName::OrderProposals] {
            let unseen = feed == OrderFeedName::Orders && self.faults.has(Fault::UnseenDeletionPublished);
            if self.order_feed_shows(key, feed) || unseen {
                self.publish_order(key, feed, None);
                stub = true;
            }
        }
        if self.variants.has(Variant::OrdersDeletedHard) && !stub {
            self.orders.remove(key);
            self.note(|| Change::order(key, None));
        }
    }

    /// An opportunity, stored or generated.
    pub(super) fn opportunity(&self, number: u64) -> Option<Arc<Opportunity>> {
        if let Some(stored) = self.opportunities.get(&number) {
            return Some(Arc::clone(stored));
        }
        let feed = FeedKey::Open(if number == 0 || number > self.generated {
            return None;
        } else {
            generated_feed(number)
        });
        // A generated opportunity that is in its feed was removed.
        let removed = self.awaits(&feed, &number.to_string())
            || self
                .feeds
                .get(&feed)
                .is_some_and(|feed| feed.knows(&number.to_string()) && !feed.shows(&number.to_string()));
        (!removed).then(|| Arc::new(generated(number, self.seed, self.sellers.len(), &self.switches, self.begun)))
    }

    /// The number of an opportunity by its identifier.
    pub(super) fn number_of(&self, id: &str) -> Option<u64> {
        let number = number_in(id)?;
        (self.opportunity(number)?.id() == id).then_some(number)
    }

    /// Whether an offer of this identifier exists anywhere.
    pub(super) fn offer_exists(&self, id: &str) -> bool {
        let opportunity = number_in(id).and_then(|number| self.opportunity(number));
        opportunity.is_some_and(|opportunity| opportunity.offers.iter().any(|offer| offer.id == id))
    }

    /// How all Orders but one weigh on an opportunity. Leases that are over have been ended before every request.
    pub(super) fn weight(&self, number: u64, except: Option<&OrderKey>) -> Weight {
        let all = self.weights.get(&number).copied().unwrap_or_default();
        match except.and_then(|key| self.orders.get(key)) {
            Some(order) => all.minus(order.weight(number)),
            None => all,
        }
    }

    /// The capacity that is left, as everybody but the holder of one Order sees it.
    pub(super) fn remaining(&self, number: u64, except: Option<&OrderKey>) -> i64 {
        let total = self.opportunity(number).map_or(0, |opportunity| opportunity.total);
        let weight = self.weight(number, except);
        (total - weight.booked - weight.held).max(0)
    }

    pub(super) fn order(&self, key: &OrderKey) -> Option<&Order> {
        self.orders.get(key)
    }

    /// The Orders with a UUID, of all Booking Partners.
    pub(super) fn orders_with(&self, uuid: &str) -> Vec<OrderKey> {
        self.orders.keys().filter(|key| key.uuid == uuid).cloned().collect()
    }

    /// The Orders that hold an opportunity.
    pub(super) fn orders_on(&self, number: u64) -> Vec<OrderKey> {
        self.holders.get(&number).into_iter().flatten().cloned().collect()
    }

    /// Changes an Order, and publishes every opportunity whose capacity that changes.
    pub(super) fn set_order(&mut self, key: &OrderKey, order: Order) {
        let mut touched: BTreeSet<u64> = order.opportunities().into_iter().collect();
        let old = self.orders.remove(key);
        touched.extend(old.iter().flat_map(Order::opportunities));
        let before: Vec<(u64, i64)> = touched.iter().map(|number| (*number, self.remaining(*number, None))).collect();
        self.count(key, old.as_ref(), &order);
        self.note(|| Change::order(key, Some(&order)));
        self.orders.insert(key.clone(), order);
        let silent = self.faults.has(Fault::CapacityNotPublished);
        for (number, remaining) in before {
            if self.remaining(number, None) != remaining && !silent {
                self.publish(number);
            }
        }
    }

    /// Counts how an Order weighs, who holds what and which leases run, instead of how it was.
    fn count(&mut self, key: &OrderKey, old: Option<&Order>, order: &Order) {
        if let Some(old) = old {
            for number in old.opportunities() {
                let weight = self.weights.entry(number).or_default();
                *weight = weight.minus(old.weight(number));
                self.holders.entry(number).or_default().remove(key);
            }
            if let Some(until) = old.lease_until {
                self.leases.remove(&(until, key.clone()));
            }
        }
        for number in order.opportunities() {
            let weight = self.weights.entry(number).or_default();
            *weight = weight.plus(order.weight(number));
            self.holders.entry(number).or_default().insert(key.clone());
        }
        if let Some(until) = order.lease_until {
            self.leases.insert((until, key.clone()));
        }
    }

    /// Capacity that is never released, which only faults need.
    pub(super) fn shadow(&mut self, key: &OrderKey, order: Order) {
        let shadow = OrderKey { client: format!("{} (shadow)", key.client), uuid: key.uuid.clone() };
        self.set_order(&shadow, order);
    }

    /// Drops a quote: its capacity is free, and its UUID too.
    pub(super) fn drop_quote(&mut self, key: &OrderKey) {
        let Some(order) = self.orders.get(key).filter(|order| order.stage == OrderStage::Quote) else { return };
        let mut empty = order.clone();
        empty.items.clear();
        empty.lease_until = None;
        self.set_order(key, empty);
        self.orders.remove(key);
        self.note(|| Change::order(key, None));
    }

    /// Ends leases whose time has come.
    pub(super) fn end_leases(&mut self, now: Timestamp) {
        if self.faults.has(Fault::LeaseNeverExpires) {
            return;
        }
        while let Some((until, key)) = self.leases.first().cloned() {
            if until > now {
                break;
            }
            self.leases.remove(&(until, key.clone()));
            let Some(mut order) = self.orders.get(&key).cloned() else { continue };
            // An OrderQuote expires with its lease, and its customer is deleted.
            self.drop_quote(&key);
            if order.stage != OrderStage::Quote {
                order.lease_until = None;
                self.set_order(&key, order);
            }
        }
    }

    /// Puts an Order into a feed of its Booking Partner; without data it is deleted there.
    pub(super) fn publish_order(&mut self, key: &OrderKey, feed: OrderFeedName, data: Option<&Value>) {
        self.put(FeedKey::Of(key.client.clone(), feed), &key.uuid, data);
        if self.faults.has(Fault::PartnersShareFeed) {
            for other in CLIENTS.iter().filter(|client| **client != key.client) {
                self.put(FeedKey::Of((*other).to_owned(), feed), &key.uuid, data);
            }
        }
    }

    /// Whether a feed of a Booking Partner shows an Order.
    pub(super) fn order_feed_shows(&self, key: &OrderKey, feed: OrderFeedName) -> bool {
        let of_partner = FeedKey::Of(key.client.clone(), feed);
        // A pending update will be there.
        self.feeds.get(&of_partner).is_some_and(|feed| feed.shows(&key.uuid)) || self.awaits(&of_partner, &key.uuid)
    }

    /// At most `size` items of a feed after a position.
    pub(super) fn page(&self, key: &FeedKey, after: &After, size: usize) -> FeedPage {
        let mut page = FeedPage { items: Vec::new(), next: after.clone() };
        let feed = self.feeds.get(key);
        if let FeedKey::Open(name) = key {
            self.fill_generated(*name, feed, &mut page, size);
        }
        if let Some(feed) = feed {
            let deviates = matches!(key, FeedKey::Of(..)) && self.faults.has(Fault::OrdersFeedWrongKind);
            feed.fill(if deviates { "Booking" } else { key.kind() }, &mut page, size);
        }
        page
    }

    /// `modified` of the generated opportunity before the first: all of them come before everything else.
    fn generated_from(&self) -> i64 {
        if self.variants.has(Variant::ModifiedCounted) {
            return 0;
        }
        self.begun.as_millisecond() - i64::try_from(self.generated).unwrap_or(i64::MAX) - 1
    }

    /// Adds generated items to a page. Those to which something happened stand further on in the feed.
    fn fill_generated(&self, name: OpportunityFeedName, feed: Option<&Feed>, page: &mut FeedPage, size: usize) {
        let from = self.generated_from();
        let first = u64::try_from(page.next.modified.saturating_sub(from)).unwrap_or(0) + 1;
        for number in first..=self.generated {
            if page.items.len() >= size {
                return;
            }
            let id = number.to_string();
            if !in_feed(number, name) || feed.is_some_and(|feed| feed.knows(&id)) {
                continue;
            }
            let opportunity = generated(number, self.seed, self.sellers.len(), &self.switches, self.begun);
            let Some(seller) = self.sellers.get(opportunity.seller) else { continue };
            let prepayment = self.switches.tells_prepayment();
            let data = if opportunity.feed() == name {
                opportunity.published(seller, opportunity.total, prepayment)
            } else {
                opportunity.parent(name, seller, prepayment)
            };
            let modified = from + i64::try_from(number).unwrap_or(i64::MAX);
            page.items.push(item_json(name.kind(), &id, modified, Some(&data.to_string())));
            page.next = After { modified, id: Some(id) };
        }
    }
}

/// The feed of a generated opportunity.
fn generated_feed(number: u64) -> OpportunityFeedName {
    use crate::vocabulary::OpportunityType as Kind;
    match generated_kind(number) {
        Kind::FacilityUseSlot => OpportunityFeedName::FacilityUseSlot,
        Kind::IndividualFacilityUseSlot => OpportunityFeedName::IndividualFacilityUseSlot,
        _ => OpportunityFeedName::ScheduledSession,
    }
}

/// Whether a generated opportunity, or a parent of it, is in a feed.
fn in_feed(number: u64, feed: OpportunityFeedName) -> bool {
    match generated_feed(number) {
        OpportunityFeedName::FacilityUseSlot => {
            matches!(feed, OpportunityFeedName::FacilityUseSlot | OpportunityFeedName::FacilityUse)
        }
        OpportunityFeedName::IndividualFacilityUseSlot => matches!(
            feed,
            OpportunityFeedName::IndividualFacilityUseSlot
                | OpportunityFeedName::FacilityUse
                | OpportunityFeedName::IndividualFacilityUse
        ),
        _ => matches!(feed, OpportunityFeedName::ScheduledSession | OpportunityFeedName::SessionSeries),
    }
}
