//! Everything that the booking system knows. Whoever changes it holds the one lock, so that what a change publishes
//! appears in the order in which it happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::clock::now;
use super::faults::{Fault, Faults};
use super::feed::{Feed, FeedName};
use super::opportunity::Opportunity;
use super::order::{Order, OrderKey, Weight};
use super::seller::{Seller, sellers};
use super::switches::Switches;

/// A feed of one Booking Partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum OrderFeedName {
    Orders,
    OrderProposals,
}

impl OrderFeedName {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Orders => "orders-rpde",
            Self::OrderProposals => "order-proposals-rpde",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Orders => "Order",
            Self::OrderProposals => "OrderProposal",
        }
    }
}

/// The state.
#[derive(Debug)]
pub(super) struct Store {
    /// The base URL of the Open Booking API.
    pub(super) base: String,
    pub(super) switches: Switches,
    pub(super) faults: Faults,
    pub(super) sellers: Vec<Seller>,
    pub(super) rng: ChaCha8Rng,
    opportunities: BTreeMap<u64, Opportunity>,
    numbers: HashMap<String, u64>,
    orders: BTreeMap<OrderKey, Order>,
    holders: HashMap<u64, BTreeSet<OrderKey>>,
    feeds: HashMap<FeedName, Feed>,
    order_feeds: HashMap<(String, OrderFeedName), Feed>,
    modified: i64,
    last_number: u64,
}

impl Store {
    pub(super) fn new(base: String, switches: Switches, faults: Faults, seed: u64) -> Self {
        Self {
            base,
            switches,
            faults,
            sellers: sellers(),
            rng: ChaCha8Rng::seed_from_u64(seed),
            opportunities: BTreeMap::new(),
            numbers: HashMap::new(),
            orders: BTreeMap::new(),
            holders: HashMap::new(),
            feeds: HashMap::new(),
            order_feeds: HashMap::new(),
            modified: 0,
            last_number: 0,
        }
    }

    /// The next value of `modified`: milliseconds, and never the same twice.
    fn next_modified(&mut self) -> i64 {
        self.modified = now().as_millisecond().max(self.modified + 1);
        self.modified
    }

    /// A number for a new opportunity.
    pub(super) const fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Adds an opportunity, and publishes it with its parents.
    pub(super) fn add(&mut self, opportunity: Opportunity) {
        let number = opportunity.number;
        self.numbers.insert(opportunity.id(), number);
        if let Some(seller) = self.sellers.get(opportunity.seller).cloned()
            && !(opportunity.dataset.is_some() && self.faults.has(Fault::CreateWithoutParent))
        {
            for feed in opportunity.parent_feeds() {
                let data = opportunity.parent(*feed, &seller);
                self.put(*feed, number, Some(&data));
            }
        }
        self.opportunities.insert(number, opportunity);
        self.publish(number);
    }

    fn put(&mut self, feed: FeedName, number: u64, data: Option<&Value>) {
        let modified = self.next_modified();
        self.feeds.entry(feed).or_default().put(modified, feed.kind(), &number.to_string(), data);
    }

    /// Publishes an opportunity as it is now.
    pub(super) fn publish(&mut self, number: u64) {
        let Some(opportunity) = self.opportunities.get(&number) else { return };
        let data = opportunity.published(self.remaining(number, None));
        let feed = opportunity.feed();
        self.put(feed, number, Some(&data));
    }

    /// Removes an opportunity; its feeds show it as deleted, children first.
    fn remove(&mut self, number: u64) {
        let Some(opportunity) = self.opportunities.remove(&number) else { return };
        self.numbers.remove(&opportunity.id());
        self.put(opportunity.feed(), number, None);
        for feed in opportunity.parent_feeds() {
            self.put(*feed, number, None);
        }
    }

    /// Removes every opportunity of a test dataset, and every Order that holds one of them.
    pub(super) fn remove_dataset(&mut self, dataset: &str) {
        let gone: Vec<u64> = self
            .opportunities
            .values()
            .filter(|opportunity| opportunity.dataset.as_deref() == Some(dataset))
            .map(|opportunity| opportunity.number)
            .collect();
        let keys: BTreeSet<OrderKey> =
            gone.iter().filter_map(|number| self.holders.get(number)).flatten().cloned().collect();
        for key in keys {
            let Some(order) = self.orders.get_mut(&key) else { continue };
            order.stage = super::order::Stage::Deleted;
            order.lease_until = None;
            let touched = order.opportunities();
            for feed in [OrderFeedName::Orders, OrderFeedName::OrderProposals] {
                if self.order_feed_shows(&key, feed) {
                    self.publish_order(&key, feed, None);
                }
            }
            for number in touched {
                if !gone.contains(&number) {
                    self.publish(number);
                }
            }
        }
        for number in gone {
            self.remove(number);
        }
    }

    pub(super) fn opportunity(&self, number: u64) -> Option<&Opportunity> {
        self.opportunities.get(&number)
    }

    /// The number of an opportunity by its identifier.
    pub(super) fn number_of(&self, id: &str) -> Option<u64> {
        self.numbers.get(id).copied()
    }

    /// Whether an offer of this identifier exists anywhere.
    pub(super) fn offer_exists(&self, id: &str) -> bool {
        self.opportunities.values().any(|opportunity| opportunity.offers.iter().any(|offer| offer.id == id))
    }

    /// How all Orders but one weigh on an opportunity.
    pub(super) fn weight(&self, number: u64, except: Option<&OrderKey>) -> Weight {
        let now = now();
        let mut sum = Weight::default();
        for key in self.holders.get(&number).into_iter().flatten() {
            if Some(key) == except {
                continue;
            }
            if let Some(order) = self.orders.get(key) {
                let weight = order.weight(number, now);
                sum.booked += weight.booked;
                sum.held += weight.held;
            }
        }
        sum
    }

    /// The capacity that is left, as everybody but the holder of one Order sees it.
    pub(super) fn remaining(&self, number: u64, except: Option<&OrderKey>) -> i64 {
        let total = self.opportunities.get(&number).map_or(0, |opportunity| opportunity.total);
        let weight = self.weight(number, except);
        (total - weight.booked - weight.held).max(0)
    }

    pub(super) fn order(&self, key: &OrderKey) -> Option<&Order> {
        self.orders.get(key)
    }

    /// The Orders with a UUID, whoever holds them.
    pub(super) fn orders_with(&self, uuid: &str) -> Vec<OrderKey> {
        self.orders.keys().filter(|key| key.uuid == uuid).cloned().collect()
    }

    /// Changes an Order, and publishes every opportunity whose capacity that changes.
    pub(super) fn set_order(&mut self, key: &OrderKey, order: Order) {
        let mut touched: BTreeSet<u64> = order.opportunities().into_iter().collect();
        if let Some(before) = self.orders.get(key) {
            touched.extend(before.opportunities());
        }
        let before: Vec<(u64, i64)> = touched.iter().map(|number| (*number, self.remaining(*number, None))).collect();
        for number in &touched {
            self.holders.entry(*number).or_default().remove(key);
        }
        for number in order.opportunities() {
            self.holders.entry(number).or_default().insert(key.clone());
        }
        self.orders.insert(key.clone(), order);
        for (number, remaining) in before {
            if self.remaining(number, None) != remaining {
                self.publish(number);
            }
        }
    }

    /// Changes an Order in a way that leaves capacity alone.
    pub(super) fn change_order(&mut self, key: &OrderKey, change: impl FnOnce(&mut Order)) {
        if let Some(order) = self.orders.get_mut(key) {
            change(order);
        }
    }

    /// Ends leases whose time has come.
    pub(super) fn end_leases(&mut self, now: Timestamp) {
        let over: Vec<OrderKey> = self
            .orders
            .iter()
            .filter(|(_, order)| order.lease_until.is_some_and(|until| until <= now))
            .map(|(key, _)| key.clone())
            .collect();
        for key in over {
            let Some(order) = self.orders.get_mut(&key) else { continue };
            order.lease_until = None;
            for number in order.opportunities() {
                self.publish(number);
            }
        }
    }

    /// Puts an Order into a feed of its Booking Partner; without data it is deleted there.
    pub(super) fn publish_order(&mut self, key: &OrderKey, feed: OrderFeedName, data: Option<&Value>) {
        let modified = self.next_modified();
        let feeds = self.order_feeds.entry((key.client.clone(), feed)).or_default();
        feeds.put(modified, feed.kind(), &key.uuid, data);
    }

    /// Whether a feed of a Booking Partner shows an Order.
    pub(super) fn order_feed_shows(&self, key: &OrderKey, feed: OrderFeedName) -> bool {
        self.order_feeds.get(&(key.client.clone(), feed)).is_some_and(|feed| feed.shows(&key.uuid))
    }

    pub(super) fn feed(&self, name: FeedName) -> Option<&Feed> {
        self.feeds.get(&name)
    }

    pub(super) fn order_feed(&self, client: &str, name: OrderFeedName) -> Option<&Feed> {
        self.order_feeds.get(&(client.to_owned(), name))
    }
}
