//! The Test Interface: test datasets and simulate actions.

use serde_json::{Value, json};

use crate::vocabulary::{
    Action, CriteriaName, Flow, OPENACTIVE_CONTEXT, OpportunityType, TEST_INTERFACE_NAMESPACE, openactive,
};

use super::access::Access;
use super::booking::{orders_feed_item, proposals_feed_item};
use super::clock::now;
use super::criteria::Recipe;
use super::errors::{ErrorType, Problem};
use super::faults::Fault;
use super::opportunity::{KINDS, opportunity_id};
use super::order::{ItemStatus, Order, OrderKey, ProposalStatus, Stage};
use super::store::{OrderFeedName, Store};

fn bad(description: impl Into<String>) -> Problem {
    Problem::new(ErrorType::OpenBooking, description)
}

/// A term of the Test Interface, given in full or with its prefix.
fn term<'t>(body: &'t Value, name: &str) -> Option<&'t str> {
    let text = body.get(name)?.as_str()?;
    Some(text.strip_prefix(TEST_INTERFACE_NAMESPACE).or_else(|| text.strip_prefix("test:")).unwrap_or(text))
}

/// The type that a request for an opportunity means, and the `@id` of the Seller in it.
fn wanted(body: &Value) -> Option<(OpportunityType, Option<&str>)> {
    let json_type = body.get("@type")?.as_str()?;
    KINDS.iter().copied().filter(|kind| kind.json_type() == json_type).find_map(|kind| {
        let (link, parent) = kind.parent()?;
        let parent = body.get(link).filter(|value| value.get("@type").and_then(Value::as_str) == Some(parent))?;
        let seller = parent.get(kind.seller_property());
        let id = seller.and_then(|seller| seller.as_str().or_else(|| seller.get("@id").and_then(Value::as_str)));
        Some((kind, id))
    })
}

/// Creates an opportunity.
///
/// # Errors
/// What is wrong with the request.
pub(super) fn create(store: &mut Store, dataset: &str, body: &Value) -> Result<Value, Problem> {
    let (kind, seller_id) =
        wanted(body).ok_or_else(|| bad("this booking system has no opportunities of the type that was asked for"))?;
    let criteria: CriteriaName = term(body, "test:testOpportunityCriteria")
        .ok_or_else(|| bad("test:testOpportunityCriteria is missing"))?
        .parse()
        .map_err(|error| bad(format!("{error}")))?;
    let flow: Flow = term(body, "test:testOpenBookingFlow")
        .ok_or_else(|| bad("test:testOpenBookingFlow is missing"))?
        .parse()
        .map_err(|error| bad(format!("{error}")))?;
    let seller = match seller_id {
        None => 0,
        Some(id) => store
            .sellers
            .iter()
            .position(|seller| seller.id() == id)
            .ok_or_else(|| Problem::new(ErrorType::SellerMismatch, "there is no such Seller"))?,
    };
    let mut recipe = Recipe::of(criteria, kind, &mut store.rng).map_err(bad)?;
    let mut seller = seller;
    if store.faults.has(Fault::CreateWrongSeller) {
        seller = (seller + 1) % store.sellers.len();
    }
    if store.faults.has(Fault::CreateWrongCriteria) {
        recipe.total = 0;
    }
    let number = store.next_number();
    let opportunity = recipe.make(number, kind, flow, seller, Some(dataset.to_owned()), now());
    let id = opportunity_id(kind, number);
    if !store.faults.has(Fault::CreateNotPublished) {
        store.add(opportunity);
    }
    let json_type = if store.faults.has(Fault::CreateWrongType) { "Event" } else { kind.json_type() };
    Ok(json!({ "@context": OPENACTIVE_CONTEXT, "@type": json_type, "@id": id }))
}

/// Does what a simulate action asks for.
///
/// # Errors
/// That the action or its object is unknown.
pub(super) fn act(store: &mut Store, body: &Value) -> Result<(), Problem> {
    let name = term(body, "@type").ok_or_else(|| bad("the action has no @type"))?;
    let action: Action = name.parse().map_err(|error| bad(format!("{error}")))?;
    let object_type = body.pointer("/object/@type").and_then(Value::as_str).unwrap_or_default();
    let object = body.pointer("/object/@id").and_then(Value::as_str).unwrap_or_default();
    let unimplemented = || bad(format!("{action} is not implemented here"));
    let (expected, path) = match action {
        Action::SellerAcceptOrderProposal => ("OrderProposal", "order-proposals"),
        Action::AttendeeAttended | Action::AttendeeAbsent | Action::AccessCodeUpdate => ("Order", "orders"),
        _ => return Err(unimplemented()),
    };
    if expected == "Order" && store.faults.has(Fault::ActionsNotImplemented) {
        return Err(unimplemented());
    }
    if object_type != expected {
        let description = format!("{action} is applied to an {expected}");
        return Err(Problem::new(ErrorType::UnexpectedOrderType, description));
    }
    let uuid = object.strip_prefix(&format!("{}/{path}/", store.base)).unwrap_or_default().to_lowercase();
    let keys: Vec<OrderKey> = store
        .orders_with(&uuid)
        .into_iter()
        .filter(|key| {
            let stage = store.order(key).map(|order| order.stage);
            let proposal = matches!(stage, Some(Stage::Proposal(_)));
            if expected == "Order" { stage == Some(Stage::Order) } else { proposal }
        })
        .collect();
    if keys.is_empty() {
        return Err(Problem::new(ErrorType::UnknownOrder, format!("there is no {expected} {object}")));
    }
    for key in keys {
        match action {
            Action::SellerAcceptOrderProposal => accept(store, &key),
            Action::AttendeeAttended => attend(store, &key, ItemStatus::Attended),
            Action::AttendeeAbsent => attend(store, &key, ItemStatus::Absent),
            _ => new_codes(store, &key),
        }
    }
    Ok(())
}

fn accept(store: &mut Store, key: &OrderKey) {
    let already = store.order(key).map(|order| order.stage) == Some(Stage::Proposal(ProposalStatus::Accepted));
    if already {
        return;
    }
    store.change_order(key, |order| order.stage = Stage::Proposal(ProposalStatus::Accepted));
    if store.faults.has(Fault::AcceptanceNotPublished) {
        return;
    }
    let Some(order) = store.order(key) else { return };
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let data = proposals_feed_item(store, key, order, seller);
    store.publish_order(key, OrderFeedName::OrderProposals, Some(&data));
}

fn attend(store: &mut Store, key: &OrderKey, status: ItemStatus) {
    let status = match (store.faults.has(Fault::AttendanceSwapped), status) {
        (true, ItemStatus::Attended) => ItemStatus::Absent,
        (true, ItemStatus::Absent) => ItemStatus::Attended,
        _ => status,
    };
    let (first_only, nothing) =
        (store.faults.has(Fault::AttendanceFirstItemOnly), store.faults.has(Fault::AttendanceNotRecorded));
    let before = store.order(key).cloned();
    store.change_order(key, |order| {
        let count = if nothing {
            0
        } else if first_only {
            1
        } else {
            order.items.len()
        };
        for item in order.items.iter_mut().take(count) {
            item.status = status;
        }
    });
    let changed = statuses(before.as_ref()) != statuses(store.order(key));
    if store.faults.has(Fault::AttendanceNotPublished) || !(changed || nothing) {
        return;
    }
    publish(store, key);
}

fn statuses(order: Option<&Order>) -> Vec<ItemStatus> {
    order.into_iter().flat_map(|order| &order.items).map(|item| item.status).collect()
}

fn new_codes(store: &mut Store, key: &OrderKey) {
    let faults = store.faults.clone();
    let mut rng = store.rng.clone();
    store.change_order(key, |order| {
        let count = if faults.has(Fault::AccessCodeFirstItemOnly) { 1 } else { order.items.len() };
        for access in order.items.iter_mut().take(count).filter_map(|item| item.access.as_mut()) {
            if faults.has(Fault::AccessCodeReordered) {
                if let Access::Physical { codes, .. } = access {
                    codes.reverse();
                }
            } else if !faults.has(Fault::AccessCodeUnchanged) {
                access.new_codes(&mut rng);
            }
        }
    });
    store.rng = rng;
    publish(store, key);
}

/// Puts an Order into the Orders feed as it is now.
fn publish(store: &mut Store, key: &OrderKey) {
    let Some(order) = store.order(key) else { return };
    let Some(seller) = store.sellers.get(order.seller) else { return };
    let mut data = orders_feed_item(store, key, order, seller);
    deviate(store, &mut data);
    store.publish_order(key, OrderFeedName::Orders, Some(&data));
}

fn deviate(store: &Store, data: &mut Value) {
    let Some(items) = data.get_mut("orderedItem").and_then(Value::as_array_mut) else { return };
    if store.faults.has(Fault::OrdersFeedDropsItem) {
        items.pop();
    }
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        if store.faults.has(Fault::AccessCodeRemoved) {
            item.remove("accessCode");
        }
        if store.faults.has(Fault::AttendanceLegacyStatus) {
            item.insert("orderItemStatus".to_owned(), json!(openactive("CustomerAttended")));
        }
    }
}
