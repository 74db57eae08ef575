//! What is on the system beside the test data.

use rand::RngExt as _;
use serde_json::{Value, json};

use super::list::{Variant, Variants};
use crate::sandbox::booking::orders_feed_item;
use crate::sandbox::clock::now;
use crate::sandbox::criteria::Recipe;
use crate::sandbox::feed::{FeedKey, OpportunityFeedName, OrderFeedName};
use crate::sandbox::identity::PARTNERS;
use crate::sandbox::opportunity::Opportunity;
use crate::sandbox::order::{ItemStatus, Order, OrderItem, OrderKey, OrderStage, Parties};
use crate::sandbox::seller::Seller;
use crate::sandbox::store::Store;
use crate::vocabulary::{CriteriaName, Flow, OpportunityType, openactive};

/// Deleted items of each feed.
const TOMBSTONES: usize = 1000;
/// Other Sellers.
const SELLERS: usize = 300;
/// Other Sellers that allow no booking.
const CLOSED: usize = 20;
/// Orders of years.
const ORDERS: usize = 5000;
/// Orders of earlier runs.
const EARLIER: usize = 30;
/// The types of which others have opportunities.
const TYPES: &[OpportunityType] =
    &[OpportunityType::ScheduledSession, OpportunityType::FacilityUseSlot, OpportunityType::IndividualFacilityUseSlot];

/// Fills a store that is to be used from now on.
pub(in crate::sandbox) fn fill(store: &mut Store) {
    let variants: Variants = store.variants.clone();
    for variant in variants.iter() {
        match variant {
            Variant::TombstonesKept => tombstones(store),
            Variant::ManySellers => sellers(store, SELLERS, true),
            Variant::SellersClosed => sellers(store, CLOSED, false),
            Variant::ItemsUncounted => odd_items(store, "uncounted", |item| {
                ["maximumAttendeeCapacity", "remainingAttendeeCapacity"].iter().for_each(|name| remove(item, name));
            }),
            Variant::ItemsUnpriced => odd_items(store, "unpriced", |item| {
                let offers = item.get_mut("offers").and_then(Value::as_array_mut);
                for offer in offers.into_iter().flatten() {
                    offer["price"] = json!(0);
                    remove(offer, "priceCurrency");
                    remove(offer, "openBookingPrepayment");
                }
            }),
            Variant::EarlierOrders => orders(store, EARLIER, 2),
            Variant::YearsOfOrders => orders(store, ORDERS, 5),
            Variant::EarlierDatasets => datasets(store),
            _ => {}
        }
    }
}

fn remove(value: &mut Value, name: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(name);
    }
}

fn partners() -> impl Iterator<Item = String> {
    PARTNERS.iter().map(|partner| partner.name.to_owned())
}

fn tombstones(store: &mut Store) {
    let open = OpportunityFeedName::ALL.iter().copied().map(FeedKey::Open);
    let of_partners = partners().flat_map(|name| {
        [OrderFeedName::Orders, OrderFeedName::OrderProposals].map(|feed| FeedKey::Of(name.clone(), feed))
    });
    for key in open.chain(of_partners).collect::<Vec<_>>() {
        for _ in 0..TOMBSTONES {
            let id = uuid(store);
            store.place(key.clone(), &id, None);
        }
    }
}

fn uuid(store: &mut Store) -> String {
    uuid::Builder::from_random_bytes(store.rng.random()).into_uuid().to_string()
}

fn bookable(store: &mut Store, kind: OpportunityType, seller: usize, dataset: Option<&str>) -> Option<Opportunity> {
    let recipe = Recipe::of(CriteriaName::Bookable, kind, Flow::Simple, &store.switches, &mut store.rng).ok()?;
    let number = store.next_number();
    Some(recipe.make(number, kind, seller, dataset.map(str::to_owned), now()))
}

fn sellers(store: &mut Store, count: usize, open: bool) {
    for _ in 0..count {
        let seller = Seller::another(store.sellers.len() + 1, open, store.sellers.first());
        store.sellers.push(seller);
        for kind in TYPES {
            let place = store.sellers.len() - 1;
            if let Some(opportunity) = bookable(store, *kind, place, None) {
                store.add(opportunity);
            }
        }
    }
}

/// Events in their feed that cannot be booked, for they are nowhere else.
fn odd_items(store: &mut Store, name: &str, change: impl Fn(&mut Value)) {
    for turn in 0..EARLIER {
        let Some(event) = bookable(store, OpportunityType::Event, 0, None) else { return };
        let Some(seller) = store.sellers.first() else { return };
        let mut item = event.published(seller, event.total, store.switches.tells_prepayment());
        change(&mut item);
        store.place(FeedKey::Open(OpportunityFeedName::Event), &format!("{name}-{turn}"), Some(&item));
    }
}

/// Orders in the feeds of every Booking Partner: every `kept`-th is there, the others are deleted.
fn orders(store: &mut Store, count: usize, kept: usize) {
    let Some(mut opportunity) = bookable(store, OpportunityType::ScheduledSession, 0, None) else { return };
    opportunity.total = 1_000_000;
    let (number, offer) = (opportunity.number, opportunity.offers.first().cloned());
    store.add(opportunity);
    let (Some(offer), Some(seller)) = (offer, store.sellers.first().cloned()) else { return };
    for client in partners() {
        for turn in 0..count {
            let key = OrderKey { client: client.clone(), uuid: uuid(store) };
            let feed = FeedKey::Of(client.clone(), OrderFeedName::Orders);
            if turn % kept > 0 {
                store.place(feed, &key.uuid, None);
                continue;
            }
            let status = if turn % 2 == 0 { ItemStatus::SellerCancelled } else { ItemStatus::CustomerCancelled };
            let item = OrderItem {
                number: 0,
                position: json!(0),
                opportunity: number,
                offer: offer.clone(),
                status,
                access: None,
                attendee: None,
                intake: None,
                cancellation_message: None,
                customer_notice: None,
            };
            let order = Order {
                stage: OrderStage::Order,
                seller: 0,
                items: vec![item],
                lease_until: None,
                parties: Parties { broker_role: json!(openactive("AgentBroker")), ..Parties::default() },
                version: None,
                customer_note: None,
                proposed: None,
                booked: None,
            };
            let data = orders_feed_item(store, &key, &order, &seller);
            store.set_order(&key, order);
            store.place(feed, &key.uuid, Some(&data));
        }
    }
}

fn datasets(store: &mut Store) {
    for dataset in ["nightly", "somebody-else", "uat-ci-2"] {
        for kind in OpportunityType::ALL {
            if let Some(opportunity) = bookable(store, *kind, 0, Some(dataset)) {
                store.add(opportunity);
            }
        }
    }
}
