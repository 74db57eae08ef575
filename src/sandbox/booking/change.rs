//! What happens to Orders after they were made: status, cancellation, rejection, deletion.

use serde_json::Value;

use crate::sandbox::clock::now;
use crate::sandbox::errors::{ErrorType, Problem};
use crate::sandbox::faults::{Fault, Faults};
use crate::sandbox::order::{ItemStatus, Order, OrderKey, OrderStage, ProposalStatus};
use crate::sandbox::publication::{haunt, publish_order, publish_proposal};
use crate::sandbox::store::Store;
use crate::sandbox::switches::Switch;
use crate::sandbox::variants::Variant;
use crate::vocabulary::openactive;

use super::render::{held_quote, item_id, order_status, proposal};

fn unknown() -> Problem {
    Problem::new(ErrorType::UnknownOrder, "there is no such Order")
}

/// An Order of these credentials.
fn known(store: &Store, key: &OrderKey, seller: &str) -> Result<Order, Problem> {
    let order = store
        .order(key)
        .filter(|order| matches!(order.stage, OrderStage::Order | OrderStage::Deleted))
        .ok_or_else(unknown)?;
    belongs(store, order, seller)?;
    Ok(order.clone())
}

fn belongs(store: &Store, order: &Order, seller: &str) -> Result<(), Problem> {
    if store.sellers.get(order.seller).is_some_and(|known| known.id() == seller) {
        return Ok(());
    }
    Err(Problem::new(ErrorType::InvalidAuthorizationDetails, "the Order is of another Seller"))
}

/// Order Status: of the Order, OrderProposal or OrderQuote that has the UUID at the moment.
///
/// # Errors
/// That there is no such Order, or not any more.
pub(in crate::sandbox) fn status(store: &Store, key: &OrderKey, seller: &str) -> Result<Value, Problem> {
    let order = store.order(key).cloned().ok_or_else(unknown)?;
    belongs(store, &order, seller)?;
    if order.stage == OrderStage::Deleted && store.variants.has(Variant::OrdersDeletedHard) {
        return Err(unknown());
    }
    if order.stage == OrderStage::Deleted && !store.faults.has(Fault::DeletedOrderStatusShown) {
        return Err(Problem::new(ErrorType::Gone, "the Order was deleted"));
    }
    let seller = store.sellers.get(order.seller).ok_or_else(unknown)?;
    let early = matches!(order.stage, OrderStage::Quote | OrderStage::Proposal(_));
    if early && store.faults.has(Fault::OrderStatusOfOrdersOnly) {
        return Err(unknown());
    }
    Ok(match order.stage {
        OrderStage::Quote => held_quote(store, key, &order, seller),
        OrderStage::Proposal(_) => proposal(store, key, &order, seller),
        OrderStage::Order | OrderStage::Deleted => order_status(store, key, &order, seller),
    })
}

/// Order Deletion. A second time it changes nothing.
///
/// # Errors
/// That there never was such an Order.
pub(in crate::sandbox) fn delete_order(store: &mut Store, key: &OrderKey, seller: &str) -> Result<(), Problem> {
    let missing = || {
        let other = store.variants.has(Variant::DeletionOfUnknownNotFound);
        if other { Problem::new(ErrorType::NotFound, "there is no such Order") } else { unknown() }
    };
    let order = known(store, key, seller)
        .map_err(|problem| if problem.error == ErrorType::UnknownOrder { missing() } else { problem })?;
    let forgotten = [Variant::OrdersDeletedHard, Variant::SecondDeletionUnknown];
    let forgets = forgotten.into_iter().any(|variant| store.variants.has(variant));
    if order.stage == OrderStage::Deleted && forgets {
        return Err(missing());
    }
    if order.stage == OrderStage::Deleted && store.faults.has(Fault::DeletionNotRepeatable) {
        return Err(Problem::new(ErrorType::Gone, "the Order was deleted"));
    }
    if order.stage == OrderStage::Order && !store.faults.has(Fault::DeleteKeepsOrder) {
        haunt(store, key);
        store.delete_order(key);
    }
    Ok(())
}

/// OrderQuote Deletion, which always succeeds.
pub(in crate::sandbox) fn delete_quote(store: &mut Store, key: &OrderKey) {
    if !store.faults.has(Fault::QuoteDeletionKeepsLease) {
        store.drop_quote(key);
    }
}

/// Properties that a PATCH may not have. Those of other namespaces are none of ours.
fn excessive(faults: &Faults, value: &Value, allowed: &[&str]) -> Option<String> {
    let names = value.as_object()?.keys();
    let own = !faults.has(Fault::PatchExtensionsRejected);
    names
        .filter(|name| !own || name.starts_with('@') || !name.contains(':'))
        .find(|name| !allowed.contains(&name.as_str()))
        .cloned()
}

fn too_much(name: &str) -> Problem {
    Problem::new(ErrorType::PatchContainsExcessiveProperties, format!("{name} is not allowed in this request"))
}

fn typed(body: &Value, json_type: &str) -> Result<(), Problem> {
    if body.get("@type").and_then(Value::as_str) == Some(json_type) {
        return Ok(());
    }
    Err(Problem::new(ErrorType::UnexpectedOrderType, format!("this endpoint expects an {json_type}")))
}

/// Cancellation by the customer: all of the named items or none.
///
/// # Errors
/// The error to return.
pub(in crate::sandbox) fn patch_order(
    store: &mut Store,
    key: &OrderKey,
    seller: &str,
    body: &Value,
) -> Result<(), Problem> {
    typed(body, "Order")?;
    let faults = store.faults.clone();
    let strict = !faults.has(Fault::PatchAcceptsAnything);
    if let Some(name) = excessive(&store.faults, body, &["@context", "@type", "orderedItem"]).filter(|_| strict) {
        return Err(too_much(&name));
    }
    let lines = body.get("orderedItem").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_line = |line| excessive(&faults, line, &["@type", "@id", "orderItemStatus"]);
    if let Some(name) = lines.iter().find_map(of_line).filter(|_| strict) {
        return Err(too_much(&name));
    }
    let wanted = ItemStatus::CustomerCancelled.iri();
    let cancels = |line: &Value| line.get("orderItemStatus").and_then(Value::as_str) == Some(&wanted);
    if !lines.iter().all(cancels) && !faults.has(Fault::PatchAlwaysCancels) {
        let description = "orderItemStatus can only be set to CustomerCancelled";
        return Err(Problem::new(ErrorType::PatchNotAllowedOnProperty, description));
    }
    if store.variants.has(Variant::PatchesOfUnknownOrders) {
        known(store, key, seller)?;
    }
    let numbers = lines.iter().map(|line| number_of(store, key, line)).collect::<Result<Vec<usize>, Problem>>()?;
    let mut order = known(store, key, seller)?;
    if order.stage == OrderStage::Deleted && store.variants.has(Variant::DeletedOrdersGone) {
        return Err(Problem::new(ErrorType::Gone, "the Order was deleted"));
    }
    if order.stage == OrderStage::Deleted {
        return Err(unknown());
    }
    if numbers.iter().any(|number| !order.items.iter().any(|item| item.number == *number)) {
        return Err(Problem::new(ErrorType::OrderItemIdInvalid, "the Order has no such OrderItem"));
    }
    let now = now();
    let always = store.switches.has(Switch::CancellationAlwaysAllowed);
    let mut changed = false;
    for item in &mut order.items {
        if !numbers.contains(&item.number) {
            continue;
        }
        if item.status == ItemStatus::CustomerCancelled && !faults.has(Fault::RepeatedCancellationRejected) {
            changed |= faults.has(Fault::RepeatedCancellationPublished);
            continue;
        }
        let start = store.opportunity(item.opportunity).and_then(|opportunity| opportunity.start());
        let begun = start.is_some_and(|start| start <= now);
        let allowed = item.status == ItemStatus::Confirmed
            && store.switches.has(Switch::CustomerRequestedCancellation)
            && ((always && !begun) || item.offer.cancellable(start, now) || faults.has(Fault::CancelsOutsideWindow));
        if !allowed && faults.has(Fault::CancelsPartially) {
            continue;
        }
        if !allowed {
            let description = "this booking can no longer be cancelled";
            return Err(Problem::new(ErrorType::CancellationNotPermitted, description));
        }
        item.status = ItemStatus::CustomerCancelled;
        changed = true;
        if faults.has(Fault::CancelsFirstItemOnly) {
            break;
        }
    }
    if changed {
        if faults.has(Fault::CancelsWholeOrder) {
            order.items.iter_mut().for_each(|item| item.status = ItemStatus::CustomerCancelled);
        }
        if store.variants.has(Variant::CancelledSpacesKept) {
            keep_taken(store, key, &order);
        }
        store.set_order(key, order);
        if !store.faults.has(Fault::CancellationNotPublished) {
            publish_order(store, key);
        }
    }
    Ok(())
}

/// Lets what is cancelled weigh on its opportunities all the same, which only a fault does.
pub(in crate::sandbox) fn keep_taken(store: &mut Store, key: &OrderKey, order: &Order) {
    let mut taken = order.clone();
    taken.items.retain(|item| item.status.cancelled());
    taken.items.iter_mut().for_each(|item| item.status = ItemStatus::Confirmed);
    store.shadow(key, taken);
}

/// The number of an OrderItem that a PATCH names.
fn number_of(store: &Store, key: &OrderKey, line: &Value) -> Result<usize, Problem> {
    let invalid = || Problem::new(ErrorType::OrderItemIdInvalid, "@id is not an OrderItem of this booking system");
    let id = line.get("@id").and_then(Value::as_str).ok_or_else(invalid)?;
    let (order, item) = id.split_once("#/orderedItem/").ok_or_else(invalid)?;
    let number = item.parse().map_err(|_| invalid())?;
    let uuid = order.strip_prefix(&format!("{}/orders/", store.base)).ok_or_else(invalid)?;
    if uuid::Uuid::parse_str(uuid).is_err() {
        return Err(invalid());
    }
    if item_id(store, key, number) == id {
        return Ok(number);
    }
    Err(Problem::new(ErrorType::OrderItemNotWithinOrder, "the OrderItem is of another Order"))
}

/// Rejection by the customer, or a note of theirs.
///
/// # Errors
/// The error to return.
pub(in crate::sandbox) fn patch_proposal(
    store: &mut Store,
    key: &OrderKey,
    seller: &str,
    body: &Value,
) -> Result<(), Problem> {
    typed(body, "OrderProposal")?;
    let known = ["@context", "@type", "orderProposalStatus", "orderCustomerNote"];
    if let Some(name) =
        excessive(&store.faults, body, &known).filter(|_| !store.faults.has(Fault::PatchAcceptsAnything))
    {
        return Err(too_much(&name));
    }
    let status = body.get("orderProposalStatus");
    let rejects = status.and_then(Value::as_str) == Some(&openactive(ProposalStatus::CustomerRejected.name()));
    if status.is_some() && !rejects {
        let description = "orderProposalStatus can only be set to CustomerRejected";
        return Err(Problem::new(ErrorType::PatchNotAllowedOnProperty, description));
    }
    let mut order =
        store.order(key).filter(|order| matches!(order.stage, OrderStage::Proposal(_))).cloned().ok_or_else(unknown)?;
    belongs(store, &order, seller)?;
    if let Some(note) = body.get("orderCustomerNote").and_then(Value::as_str) {
        order.customer_note = Some(note.to_owned());
    }
    let heard = rejects && !store.faults.has(Fault::CustomerRejectionIgnored);
    let bound =
        order.stage == OrderStage::Proposal(ProposalStatus::Accepted) && store.faults.has(Fault::AcceptanceFinal);
    let again = order.stage == OrderStage::Proposal(ProposalStatus::CustomerRejected);
    let changes = heard
        && !bound
        && matches!(order.stage, OrderStage::Proposal(ProposalStatus::Awaiting | ProposalStatus::Accepted));
    if changes {
        order.stage = OrderStage::Proposal(ProposalStatus::CustomerRejected);
    }
    store.set_order(key, order);
    if changes || (again && rejects && store.faults.has(Fault::RepeatedRejectionPublished)) {
        publish_proposal(store, key);
    }
    Ok(())
}
