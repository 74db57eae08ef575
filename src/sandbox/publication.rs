//! Orders and OrderProposals, put into the feeds of their Booking Partners.

use super::booking::{orders_feed_item, proposals_feed_item};
use super::deviations;
use super::faults::Fault;
use super::feed::OrderFeedName;
use super::misstatements;
use super::order::OrderKey;
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

/// Puts an OrderProposal into the OrderProposals feed as it is now.
pub(super) fn publish_proposal(store: &mut Store, key: &OrderKey) {
    let Some(order) = store.order(key) else { return };
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let mut data = proposals_feed_item(store, key, order, seller);
    misstatements::proposals_feed_item(&store.faults, order.customer_note.as_deref(), &mut data);
    store.publish_order(key, OrderFeedName::OrderProposals, Some(&data));
}
