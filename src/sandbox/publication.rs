//! Orders and OrderProposals, put into the feeds of their Booking Partners.

use super::booking::{orders_feed_item, proposals_feed_item};
use super::clock::now;
use super::deviations;
use super::faults::Fault;
use super::feed::OrderFeedName;
use super::misstatements;
use super::order::{Order, OrderKey};
use super::store::Store;

/// Puts an Order into the Orders feed as it is now.
pub(super) fn publish_order(store: &mut Store, key: &OrderKey) {
    let Some(order) = store.order(key) else { return };
    if order.seller > 0 && store.faults.has(Fault::SecondSellerUnpublished) {
        return;
    }
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let mut data = orders_feed_item(store, key, order, seller);
    deviations::orders_feed_item(&store.faults, &order.parties, &mut data);
    if let Some((other, data)) = store.haunting.take_if(|(other, _)| other != key && other.client == key.client) {
        store.publish_order(&other, OrderFeedName::Orders, Some(&data));
    }
    store.publish_order(key, OrderFeedName::Orders, Some(&data));
    if store.faults.has(Fault::CancellationUndoneLater) && misstatements::restore(&mut data) {
        store.haunting = Some((key.clone(), data));
    }
}

/// Has a fault publish an Order again that is about to be deleted.
pub(super) fn haunt(store: &mut Store, key: &OrderKey) {
    if !store.faults.has(Fault::DeletedOrdersReturn) || !store.order_feed_shows(key, OrderFeedName::Orders) {
        return;
    }
    let Some(order) = store.order(key) else { return };
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let data = orders_feed_item(store, key, order, seller);
    store.haunting = Some((key.clone(), data));
}

/// What faults do to the Order that was booked before this one.
pub(super) fn disturb(store: &mut Store, key: &OrderKey) {
    let before = store.last_booked.replace((key.clone(), now()));
    let Some((before, _)) = before.filter(|(before, _)| before != key && before.client == key.client) else { return };
    if store.faults.has(Fault::OrdersAppearLater) {
        publish_order(store, &before);
    }
    if store.faults.has(Fault::OrdersDeletedLater) {
        store.publish_order(&before, OrderFeedName::Orders, None);
    }
    let booked = store.order(&before).map(Order::opportunities).unwrap_or_default();
    for number in booked {
        let total = store.opportunity(number).map_or(0, |opportunity| opportunity.total);
        if store.faults.has(Fault::CapacityReturnsLater) {
            store.publish_with(number, total);
        }
        if store.faults.has(Fault::CapacityVanishesLater) {
            store.publish_with(number, 0);
        }
    }
}

/// Puts an OrderProposal into the OrderProposals feed as it is now.
pub(super) fn publish_proposal(store: &mut Store, key: &OrderKey) {
    let Some(order) = store.order(key) else { return };
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let mut data = proposals_feed_item(store, key, order, seller);
    misstatements::proposals_feed_item(&store.faults, order.customer_note.as_deref(), &mut data);
    store.publish_order(key, OrderFeedName::OrderProposals, Some(&data));
}
