//! The Test Interface: test datasets and simulate actions.

use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::vocabulary::{Action, CriteriaName, Flow, OPENACTIVE_CONTEXT, OpportunityType, TEST_INTERFACE_NAMESPACE};

use super::booking::{keep_taken, new_version};
use super::clock::{later, now};
use super::criteria::{Recipe, paid};
use super::errors::{ErrorType, Problem};
use super::faults::Fault;
use super::offer::Offer;
use super::opportunity::{Opportunity, offer_id, opportunity_id};
use super::order::{ItemStatus, Order, OrderKey, OrderStage, ProposalStatus};
use super::publication::{publish_order, publish_proposal};
use super::store::Store;
use super::switches::{Switch, Switches};
use super::variants::Variant;

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
    let kinds = || OpportunityType::ALL.iter().copied().filter(|kind| kind.json_type() == json_type);
    // A type that is identified by its parent goes before one that needs none.
    let by_parent = kinds().find_map(|kind| {
        let (link, parent) = kind.parent()?;
        let holder = body.get(link).filter(|value| value.get("@type").and_then(Value::as_str) == Some(parent))?;
        Some((kind, holder))
    });
    let (kind, holder) = by_parent.or_else(|| kinds().find(|kind| kind.parent().is_none()).map(|kind| (kind, body)))?;
    let seller = holder.get(kind.seller_property());
    let id = seller.and_then(|seller| seller.as_str().or_else(|| seller.get("@id").and_then(Value::as_str)));
    Some((kind, id))
}

/// Creates an opportunity.
///
/// # Errors
/// If the request is not valid.
pub(super) fn create(store: &mut Store, dataset: &str, body: &Value) -> Result<Value, Problem> {
    let (kind, seller_id) = wanted(body).ok_or_else(|| bad("this booking system has no opportunities of this type"))?;
    let criteria: CriteriaName = term(body, "test:testOpportunityCriteria")
        .ok_or_else(|| bad("test:testOpportunityCriteria is missing"))?
        .parse()
        .map_err(|error| bad(format!("{error}")))?;
    let flow: Flow = term(body, "test:testOpenBookingFlow")
        .ok_or_else(|| bad("test:testOpenBookingFlow is missing"))?
        .parse()
        .map_err(|error| bad(format!("{error}")))?;
    let mut seller = match seller_id {
        None => 0,
        Some(id) => store
            .sellers
            .iter()
            .position(|seller| seller.id() == id)
            .ok_or_else(|| Problem::new(ErrorType::SellerMismatch, "there is no such Seller"))?,
    };
    let switches = store.switches.clone();
    let impossible = [CriteriaName::BookableFreePrepaymentOptional, CriteriaName::BookableFreePrepaymentRequired];
    let criteria = if store.faults.has(Fault::ImpossibleCreated) && impossible.contains(&criteria) {
        CriteriaName::BookableFree
    } else {
        criteria
    };
    let mut recipe = Recipe::of(criteria, kind, flow, &switches, &mut store.rng).map_err(bad)?;
    // Whether the criteria leave the price to the booking system.
    let open = !criteria.name().contains("Free") && criteria != CriteriaName::BookableUsingPayment;
    if open && switches.has(Switch::FreeOpportunities) && switches.has(Switch::NonFreeOpportunities) {
        // No more than two in a row, so that a run meets both.
        let (free, row) = store.prices.entry(criteria).or_default();
        *row = if *free == recipe.terms.price.is_zero() { *row + 1 } else { 1 };
        if *row > 2 {
            recipe.terms.price = if *free { paid() } else { Decimal::ZERO };
            *row = 1;
        }
        *free = recipe.terms.price.is_zero();
    }
    if open && store.faults.has(Fault::OpportunitiesNeverFree) {
        recipe.terms.price = paid();
    }
    if store.faults.has(Fault::CreateWrongSeller) {
        seller = (seller + 1) % store.sellers.len();
    }
    if store.faults.has(Fault::CreateWrongCriteria) {
        recipe.total = 0;
    }
    let number = store.next_number();
    let made = match kind {
        _ if !store.faults.has(Fault::CreatePublishesOtherType) => kind,
        OpportunityType::ScheduledSession => OpportunityType::FacilityUseSlot,
        _ => OpportunityType::ScheduledSession,
    };
    let opportunity = recipe.make(number, made, seller, Some(dataset.to_owned()), now());
    let id = opportunity_id(made, number);
    if !store.faults.has(Fault::CreateNotPublished) {
        store.add(opportunity);
    }
    let json_type = if store.faults.has(Fault::CreateWrongType) { "Event" } else { kind.json_type() };
    Ok(json!({ "@context": OPENACTIVE_CONTEXT, "@type": json_type, "@id": id }))
}

/// The object of an action, and the switch that it requires.
const fn scope(action: Action) -> (Object, Option<Switch>) {
    match action {
        Action::SellerRequestedCancellation => (Object::Order, Some(Switch::SellerRequestedCancellation)),
        Action::SellerRequestedCancellationWithMessage => {
            (Object::Order, Some(Switch::SellerRequestedCancellationMessage))
        }
        Action::Replacement => (Object::Order, Some(Switch::SellerRequestedReplacement)),
        Action::CustomerNotice => (Object::Order, Some(Switch::CustomerNotices)),
        Action::AttendeeAttended | Action::AttendeeAbsent => (Object::Order, Some(Switch::AttendanceUpdates)),
        Action::AccessPassUpdate => (Object::Order, Some(Switch::AccessPassUpdates)),
        Action::AccessCodeUpdate => (Object::Order, Some(Switch::AccessCodeUpdates)),
        Action::AccessChannelUpdate => (Object::Order, Some(Switch::AccessChannelUpdates)),
        Action::ChangeOfLogisticsTime | Action::ChangeOfLogisticsName | Action::ChangeOfLogisticsLocation => {
            (Object::Opportunity, Some(Switch::ChangeOfLogistics))
        }
        Action::SellerAcceptOrderProposal | Action::SellerRejectOrderProposal => (Object::Proposal, None),
        Action::SellerAmendOrderProposal => (Object::Proposal, Some(Switch::ProposalAmendment)),
    }
}

/// The object of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    Order,
    Proposal,
    Opportunity,
}

/// Does what a simulate action asks for.
///
/// # Errors
/// That the action or its object is unknown, or that the action cannot be made now.
pub(super) fn act(store: &mut Store, body: &Value) -> Result<(), Problem> {
    let name = term(body, "@type").ok_or_else(|| bad("the action has no @type"))?;
    let action: Action = name.parse().map_err(|error| bad(format!("{error}")))?;
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (object_type, object) = (text("/object/@type"), text("/object/@id"));
    let (scope, switch) = scope(action);
    let missing = switch.is_some_and(|switch| !store.switches.has(switch));
    if missing || (scope != Object::Proposal && store.faults.has(Fault::ActionsNotImplemented)) {
        return Err(bad(format!("{action} is not implemented")));
    }
    match scope {
        Object::Opportunity => logistics(store, action, object_type, object),
        Object::Order | Object::Proposal => {
            let keys = orders(store, scope, action, object_type, object)?;
            keys.iter().try_for_each(|key| order_action(store, action, key))
        }
    }
}

/// The Orders or OrderProposals that an action is applied to: the identifier does not name the Booking Partner.
fn orders(
    store: &Store,
    scope: Object,
    action: Action,
    object_type: &str,
    object: &str,
) -> Result<Vec<OrderKey>, Problem> {
    let (expected, path) =
        if scope == Object::Order { ("Order", "orders") } else { ("OrderProposal", "order-proposals") };
    if object_type != expected {
        let description = format!("object of {action} is not an {expected}");
        return Err(Problem::new(ErrorType::UnexpectedOrderType, description));
    }
    let uuid = object.strip_prefix(&format!("{}/{path}/", store.base)).unwrap_or_default().to_lowercase();
    let fits = |key: &OrderKey| {
        let stage = store.order(key).map(|order| order.stage);
        if scope == Object::Order {
            stage == Some(OrderStage::Order)
        } else {
            matches!(stage, Some(OrderStage::Proposal(_)))
        }
    };
    let keys: Vec<OrderKey> = store.orders_with(&uuid).into_iter().filter(fits).collect();
    if keys.is_empty() {
        return Err(Problem::new(ErrorType::UnknownOrder, format!("there is no {expected} {object}")));
    }
    Ok(keys)
}

fn order_action(store: &mut Store, action: Action, key: &OrderKey) -> Result<(), Problem> {
    match action {
        Action::SellerAcceptOrderProposal | Action::SellerRejectOrderProposal | Action::SellerAmendOrderProposal => {
            answer_proposal(store, key, action)
        }
        Action::AttendeeAttended => {
            attend(store, key, ItemStatus::Attended);
            Ok(())
        }
        Action::AttendeeAbsent => {
            attend(store, key, ItemStatus::Absent);
            Ok(())
        }
        Action::SellerRequestedCancellation => {
            cancel(store, key, None);
            Ok(())
        }
        Action::SellerRequestedCancellationWithMessage => {
            cancel(store, key, Some("The venue is closed on that day."));
            Ok(())
        }
        Action::Replacement => replace(store, key),
        Action::CustomerNotice => {
            let first_only = store.faults.has(Fault::NoticeFirstItemOnly);
            change(store, key, Fault::NoticeNotPublished, |order, _, _| {
                let count = if first_only { 1 } else { order.items.len() };
                for item in order.items.iter_mut().take(count) {
                    item.customer_notice = Some("Please bring a towel.".to_owned());
                }
            });
            Ok(())
        }
        _ => {
            new_access(store, key, action);
            Ok(())
        }
    }
}

/// Changes an Order and publishes it, unless `silent` is on.
fn change(
    store: &mut Store,
    key: &OrderKey,
    silent: Fault,
    change: impl FnOnce(&mut Order, &Switches, &mut ChaCha8Rng),
) {
    let Some(mut order) = store.order(key).cloned() else { return };
    let (switches, mut rng) = (store.switches.clone(), store.rng.clone());
    change(&mut order, &switches, &mut rng);
    store.rng = rng;
    store.set_order(key, order);
    if !store.faults.has(silent) {
        publish_order(store, key);
    }
}

/// The Seller accepts, rejects or amends an OrderProposal.
fn answer_proposal(store: &mut Store, key: &OrderKey, action: Action) -> Result<(), Problem> {
    let Some(mut order) = store.order(key).cloned() else { return Ok(()) };
    let OrderStage::Proposal(status) = order.stage else { return Ok(()) };
    let wanted = match action {
        Action::SellerAcceptOrderProposal => ProposalStatus::Accepted,
        Action::SellerRejectOrderProposal => ProposalStatus::SellerRejected,
        // An amended OrderProposal requires a new confirmation.
        _ => ProposalStatus::Awaiting,
    };
    let amends = action == Action::SellerAmendOrderProposal;
    if status == wanted && !amends {
        return Ok(());
    }
    if status == ProposalStatus::Accepted
        && wanted == ProposalStatus::SellerRejected
        && store.faults.has(Fault::SellerCannotReject)
    {
        return Ok(());
    }
    if matches!(status, ProposalStatus::SellerRejected | ProposalStatus::CustomerRejected) {
        return Err(bad("the OrderProposal was rejected, which is final"));
    }
    order.stage = OrderStage::Proposal(wanted);
    let renewed = wanted == ProposalStatus::Accepted && store.faults.has(Fault::AcceptanceChangesVersion);
    if renewed || (amends && !store.faults.has(Fault::AmendmentKeepsVersion)) {
        order.version = Some(new_version(store, key));
    }
    if wanted == ProposalStatus::SellerRejected {
        // Capacity stays leased for a while, because the Customer may want to retry.
        let until = later(now(), 120);
        order.lease_until = order.lease_until.map(|lease| lease.max(until));
    }
    store.set_order(key, order);
    let silent = match action {
        Action::SellerAcceptOrderProposal => Fault::AcceptanceNotPublished,
        Action::SellerRejectOrderProposal => Fault::RejectionNotPublished,
        _ => Fault::AmendmentNotPublished,
    };
    if !store.faults.has(silent) {
        publish_proposal(store, key);
    }
    Ok(())
}

fn attend(store: &mut Store, key: &OrderKey, status: ItemStatus) {
    let status = match (store.faults.has(Fault::AttendanceSwapped), status) {
        (true, ItemStatus::Attended) => ItemStatus::Absent,
        (true, ItemStatus::Absent) => ItemStatus::Attended,
        _ => status,
    };
    let (first_only, nothing) =
        (store.faults.has(Fault::AttendanceFirstItemOnly), store.faults.has(Fault::AttendanceNotRecorded));
    let Some(mut order) = store.order(key).cloned() else { return };
    let before = statuses(&order);
    let count = if nothing {
        0
    } else if first_only {
        1
    } else {
        order.items.len()
    };
    for item in order.items.iter_mut().take(count).filter(|item| !item.status.cancelled()) {
        item.status = status;
    }
    let changed = statuses(&order) != before;
    store.set_order(key, order);
    if (changed || nothing) && !store.faults.has(Fault::AttendanceNotPublished) {
        publish_order(store, key);
    }
}

fn statuses(order: &Order) -> Vec<ItemStatus> {
    order.items.iter().map(|item| item.status).collect()
}

/// The Seller cancels everything that is not cancelled yet.
fn cancel(store: &mut Store, key: &OrderKey, message: Option<&str>) {
    let Some(mut order) = store.order(key).cloned() else { return };
    let before = statuses(&order);
    let count = if store.faults.has(Fault::SellerCancelsFirstItemOnly) { 1 } else { order.items.len() };
    let silent = store.faults.has(Fault::CancellationMessageMissing);
    for item in order.items.iter_mut().take(count).filter(|item| !item.status.cancelled()) {
        item.status = ItemStatus::SellerCancelled;
        item.cancellation_message = message.filter(|_| !silent).map(str::to_owned);
    }
    let changed = statuses(&order) != before;
    if changed && store.variants.has(Variant::CancelledSpacesKept) {
        keep_taken(store, key, &order);
    }
    store.set_order(key, order);
    if changed && !store.faults.has(Fault::CancellationNotPublished) {
        publish_order(store, key);
    }
}

/// The first OrderItem that is booked gets another opportunity: of the same type, Seller and price.
fn replace(store: &mut Store, key: &OrderKey) -> Result<(), Problem> {
    let Some(mut order) = store.order(key).cloned() else { return Ok(()) };
    let Some(item) = order.items.iter_mut().find(|item| item.status == ItemStatus::Confirmed) else {
        return Err(bad("no booked OrderItem can be replaced"));
    };
    let Some(old) = store.opportunity(item.opportunity) else { return Err(bad("the opportunity was deleted")) };
    if !store.faults.has(Fault::ReplacementKeepsOpportunity) {
        let number = store.next_number();
        let mut terms = item.offer.terms.clone();
        terms.valid_from_before_start = None;
        if store.faults.has(Fault::ReplacementMoreExpensive) {
            terms.price += Decimal::TEN;
        }
        if store.variants.has(Variant::ReplacementsCheaper) && terms.price > Decimal::ONE {
            terms.price -= Decimal::ONE;
        }
        let offer = Offer { id: offer_id(old.kind, number, 0), terms, overriding: None };
        let total = if old.kind.holds_one_booking() { 1 } else { old.total.max(1) };
        let new = Opportunity { number, offers: vec![offer.clone()], total, ..Opportunity::clone(&old) };
        store.add(new);
        item.opportunity = number;
        item.offer = offer;
        if store.faults.has(Fault::ReplacementRepriced) {
            item.offer.terms.price -= Decimal::ONE;
        }
    }
    store.set_order(key, order);
    if !store.faults.has(Fault::ReplacementNotPublished) {
        publish_order(store, key);
    }
    Ok(())
}

/// New access codes, passes or channels.
fn new_access(store: &mut Store, key: &OrderKey, action: Action) {
    let faults = store.faults.clone();
    change(store, key, Fault::AccessUpdateNotPublished, |order, switches, rng| {
        let first_only = action == Action::AccessCodeUpdate && faults.has(Fault::AccessCodeFirstItemOnly);
        let count = if first_only { 1 } else { order.items.len() };
        for access in order.items.iter_mut().take(count).filter_map(|item| item.access.as_mut()) {
            match action {
                Action::AccessPassUpdate if faults.has(Fault::AccessPassUnchanged) => {}
                Action::AccessPassUpdate => access.new_passes(switches, rng),
                Action::AccessChannelUpdate if faults.has(Fault::AccessChannelUnchanged) => {}
                Action::AccessChannelUpdate => access.new_channel(rng),
                _ if faults.has(Fault::AccessCodeReordered) => access.codes.reverse(),
                _ if faults.has(Fault::AccessCodeUnchanged) => {}
                _ => access.new_codes(rng),
            }
        }
    });
}

/// Changes the time, name or location of an opportunity, and publishes every Order with it.
fn logistics(store: &mut Store, action: Action, object_type: &str, object: &str) -> Result<(), Problem> {
    let unknown = || Problem::new(ErrorType::UnknownOpportunity, format!("there is no opportunity {object}"));
    let number = store.number_of(object).ok_or_else(unknown)?;
    let opportunity = store.opportunity(number).ok_or_else(unknown)?;
    if opportunity.kind.json_type() != object_type {
        return Err(bad(format!("{object} is a {}", opportunity.kind.json_type())));
    }
    if !store.faults.has(Fault::LogisticsNotChanged) && !store.faults.has(Fault::LogisticsNotInFeeds) {
        store.change_opportunity(number, |opportunity| match action {
            Action::ChangeOfLogisticsName => opportunity.renamed += 1,
            Action::ChangeOfLogisticsLocation => opportunity.moved += 1,
            _ => {
                // A course is known by its days.
                let by = if opportunity.kind == OpportunityType::CourseInstance { 24 * 3600 } else { 3600 };
                opportunity.times = opportunity.times.map(|(start, end)| (later(start, by), later(end, by)));
            }
        });
    }
    if store.faults.has(Fault::LogisticsNotPublished) {
        return Ok(());
    }
    for key in store.orders_on(number) {
        if store.order(&key).is_some_and(|order| order.stage == OrderStage::Order) {
            publish_order(store, &key);
        }
    }
    Ok(())
}
