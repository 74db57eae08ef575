//! Doing what was asked for, once it was found to be possible.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt as _;
use ring::digest;
use serde_json::Value;

use crate::sandbox::access::Access;
use crate::sandbox::clock::{later, now};
use crate::sandbox::errors::{ErrorType, Problem};
use crate::sandbox::faults::Fault;
use crate::sandbox::feed::OrderFeedName;
use crate::sandbox::opportunity::Attendance;
use crate::sandbox::order::{ItemStatus, Order, OrderItem, OrderKey, OrderStage, ProposalStatus, Success};
use crate::sandbox::publication::{disturb, publish_order, publish_proposal};
use crate::sandbox::seller::Seller;
use crate::sandbox::store::Store;
use crate::sandbox::switches::Switch;
use crate::sandbox::variants::Variant;

use super::Operation;
use super::check::{Case, Checked, Taxed, Totals, dynamic_payment, items, payment, reconciled, totals, whole};
use super::outcome::Outcome;
use super::render;
use super::request::BookingRequest;

/// How many times longer than an OrderQuote an OrderProposal holds what it is for.
const PATIENCE: i64 = 4;

/// Responds to C1, C2, P or B.
///
/// # Errors
/// An error of the whole request: nothing was changed.
pub(in crate::sandbox) fn put(
    store: &mut Store,
    operation: Operation,
    key: &OrderKey,
    credentials: &str,
    body: &Value,
) -> Result<Outcome, Problem> {
    if store.faults.has(Fault::ExtensionsRejected)
        && body.as_object().is_some_and(|body| body.keys().any(|name| name.contains(':')))
    {
        return Err(Problem::new(ErrorType::OpenBooking, "the request has unknown properties"));
    }
    if body.get("@type").and_then(Value::as_str) != Some(operation.json_type())
        && !store.faults.has(Fault::OrderTypeIgnored)
    {
        let description = format!("this endpoint expects an {}", operation.json_type());
        return Err(Problem::new(ErrorType::UnexpectedOrderType, description));
    }
    let fingerprint = STANDARD.encode(digest::digest(&digest::SHA256, body.to_string().as_bytes()));
    if let Some(repeated) = repeated(store, operation, key, credentials, &fingerprint, body) {
        return Ok(Outcome { status: 201, body: repeated });
    }
    if operation == Operation::B && body.get("orderProposalVersion").is_some() {
        return book_proposal(store, key, credentials, body, fingerprint);
    }
    let request = BookingRequest::read(operation, body, &store.switches);
    let seller = whole(store, operation, &request, key, credentials)?;
    let items = items(store, operation, &request, &seller, key)?;
    let parties = request.parties.clone();
    let taxed = Taxed::of(store, &seller, &parties);
    let totals = totals(&items, taxed);
    let mut case = Case { operation, key, seller, items, taxed, totals, parties };
    let dynamic = request.dynamic();
    if !operation.books() && !dynamic {
        case.parties.payment = quoted_payment(&request, &totals);
    }
    if case.items.iter().any(|item| !item.errors.is_empty()) {
        if !operation.books() && store.faults.has(Fault::FailedQuoteTakesLease) {
            hold(store, &case);
        }
        if store.variants.has(Variant::RejectionEndsLease) {
            store.drop_quote(key);
        }
        if operation.books() && store.variants.has(Variant::BookingsRejectedWhole) {
            return Err(rejected_whole(&case));
        }
        return Ok(Outcome { status: 409, body: render::quote(store, &case, None) });
    }
    if case.items.is_empty() {
        return Err(Problem::new(ErrorType::OpenBooking, "the request has no OrderItems"));
    }
    if dynamic {
        dynamic_payment(store, &request.parties)?;
    } else {
        reconciled(store, operation, &request, &totals)?;
    }
    if operation.books() {
        if !dynamic {
            case.parties.payment = payment(store, &request, &totals)?;
        }
        if !(operation == Operation::B && store.faults.has(Fault::ApprovalSkipped)) {
            approval(operation, &case.items)?;
        }
        return Ok(book(store, &case, fingerprint));
    }
    Ok(quote(store, &case))
}

/// One error for all OrderItems.
fn rejected_whole(case: &Case<'_>) -> Problem {
    let capacity = [
        ErrorType::OpportunityHasInsufficientCapacity.name(),
        ErrorType::OpportunityIsFull.name(),
        ErrorType::OpportunityCapacityIsReservedByLease.name(),
    ];
    let kind = |error: &Value| error.get("@type").and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
    let of_capacity =
        case.items.iter().flat_map(|item| &item.errors).all(|error| capacity.contains(&kind(error).as_str()));
    if of_capacity {
        Problem::new(
            ErrorType::OpportunityHasInsufficientCapacity,
            "remaining capacity is less than the number of OrderItems",
        )
    } else {
        Problem::new(ErrorType::UnableToProcessOrderItem, "OrderItems have errors: repeat C2 for the details")
    }
}

/// The response to the same request before; `None` if there was none.
fn repeated(
    store: &Store,
    operation: Operation,
    key: &OrderKey,
    credentials: &str,
    fingerprint: &str,
    body: &Value,
) -> Option<Value> {
    // An Order is returned only with the credentials of its Seller.
    let order = store
        .order(key)
        .filter(|order| store.sellers.get(order.seller).is_some_and(|known| known.id() == credentials))?;
    let success = match operation {
        Operation::P => order.proposed.as_ref(),
        Operation::B => order.booked.as_ref().filter(|_| !store.faults.has(Fault::BNotIdempotent)),
        Operation::C1 | Operation::C2 => None,
    }?;
    if order.stage == OrderStage::Deleted {
        return None;
    }
    // B after P is the same request as long as it is about the same version.
    let version = body.get("orderProposalVersion").and_then(Value::as_str);
    let same = success.fingerprint == fingerprint
        || (operation == Operation::B && version.is_some() && version == order.version.as_deref());
    if same { serde_json::from_str(&success.body.text()).ok() } else { None }
}

/// P is for what needs approval, and B alone for what does not.
fn approval(operation: Operation, items: &[Checked]) -> Result<(), Problem> {
    let needed = items.iter().filter_map(|item| item.pair.as_ref()).any(|(_, offer)| offer.terms.approval);
    match (operation, needed) {
        (Operation::P, false) => {
            Err(Problem::new(ErrorType::OpenBooking, "no OrderItem of this OrderProposal requires approval"))
        }
        (Operation::B, true) => Err(Problem::new(
            ErrorType::OrderCreationFailed,
            "this Order requires an OrderProposal accepted by the Seller",
        )),
        _ => Ok(()),
    }
}

/// The payment that a quote repeats: how it would be reconciled, never which one it is.
fn quoted_payment(request: &BookingRequest, totals: &Totals) -> Option<Value> {
    if totals.due.is_zero() {
        return None;
    }
    let mut payment = request.payment.clone()?;
    payment.as_object_mut()?.remove("identifier");
    Some(payment)
}

fn order_items(checked: &[Checked]) -> Vec<OrderItem> {
    checked
        .iter()
        .enumerate()
        .filter_map(|(number, item)| {
            let (opportunity, offer) = item.pair.clone()?;
            let line = &item.line;
            Some(OrderItem {
                number,
                position: line.position.clone(),
                opportunity,
                offer,
                status: ItemStatus::Confirmed,
                // Barcodes that the Broker brings along stand beside those of the system.
                access: (!line.passes.is_empty()).then(|| Access { passes: line.passes.clone(), ..Access::default() }),
                attendee: line.attendee.clone(),
                intake: line.intake.clone(),
                cancellation_message: None,
                customer_notice: None,
            })
        })
        .collect()
}

/// A record of what was asked for.
fn record(case: &Case<'_>, stage: OrderStage) -> Order {
    Order {
        stage,
        seller: case.seller.index(),
        items: order_items(&case.items),
        lease_until: None,
        parties: case.parties.clone(),
        version: None,
        customer_note: None,
        proposed: None,
        booked: None,
    }
}

fn quote(store: &mut Store, case: &Case<'_>) -> Outcome {
    let switches = &store.switches;
    let named = case.operation == Operation::C2 && switches.has(Switch::NamedLeasing);
    let leases = named || switches.has(Switch::AnonymousLeasing);
    // A lease that C1 took becomes that of the customer, and ends when it would have ended.
    let kept = case.operation == Operation::C2 && store.variants.has(Variant::LeasingAtC1);
    let lease = if kept {
        store.order(case.key).and_then(|order| order.lease_until)
    } else {
        leases.then(|| later(now(), switches.lease_seconds))
    };
    let withheld = case.operation == Operation::C1 && store.faults.has(Fault::C1TakesNoLease);
    let mut order = record(case, OrderStage::Quote);
    order.lease_until = lease.filter(|_| !withheld);
    if store.faults.has(Fault::LeaseKeepsLargest)
        && let Some(before) = store.order(case.key).filter(|before| before.items.len() > order.items.len())
    {
        order.items.clone_from(&before.items);
    }
    if order.lease_until.is_some() {
        store.set_order(case.key, order);
    } else {
        // A quote leaves no trace but its lease.
        store.drop_quote(case.key);
    }
    Outcome { status: 200, body: render::quote(store, case, lease) }
}

/// Takes a lease for what has no errors among what has, which only a fault does.
fn hold(store: &mut Store, case: &Case<'_>) {
    let mut order = record(case, OrderStage::Quote);
    let failed = |number: usize| case.items.get(number).is_none_or(|item| !item.errors.is_empty());
    order.items.retain(|item| !failed(item.number));
    order.lease_until = Some(later(now(), store.switches.lease_seconds));
    store.set_order(case.key, order);
}

fn book(store: &mut Store, case: &Case<'_>, fingerprint: String) -> Outcome {
    if case.operation == Operation::B {
        let body = confirm(store, case.key, record(case, OrderStage::Order), &case.seller, true, fingerprint);
        return Outcome { status: 201, body };
    }
    let key = case.key;
    let mut order = record(case, OrderStage::Proposal(ProposalStatus::Awaiting));
    order.version = Some(new_version(store, key));
    // The lease of the OrderQuote is extended for as long as the Seller may take to respond.
    let held = store.order(key).and_then(|quote| quote.lease_until);
    let longer = |_| later(now(), PATIENCE * store.switches.lease_seconds);
    order.lease_until = if store.faults.has(Fault::PLeaseNotExtended) { held } else { held.map(longer) };
    if store.faults.has(Fault::PTakesNoLease) {
        order.lease_until = None;
    }
    let body = render::proposal(store, key, &order, &case.seller);
    order.proposed = Some(Success { fingerprint, body: body.to_string().as_str().into() });
    store.set_order(key, order);
    Outcome { status: 201, body }
}

/// A version that no OrderProposal had before.
pub(in crate::sandbox) fn new_version(store: &mut Store, key: &OrderKey) -> String {
    let version = uuid::Builder::from_random_bytes(store.rng.random()).into_uuid();
    format!("{}/order-proposals/{}/versions/{version}", store.base, key.uuid)
}

/// Makes a record an Order, with access to what was booked.
fn confirm(
    store: &mut Store,
    key: &OrderKey,
    mut order: Order,
    seller: &Seller,
    positions: bool,
    fingerprint: String,
) -> Value {
    order.stage = OrderStage::Order;
    order.lease_until = None;
    for item in &mut order.items {
        let attendance = store.opportunity(item.opportunity).map_or(Attendance::Offline, |known| known.attendance);
        let mut access = Access::issue(attendance, &store.switches, &mut store.rng);
        let faults = &store.faults;
        if faults.has(Fault::AccessCodeMissing) {
            access.codes.clear();
        }
        if faults.has(Fault::AccessPassMissing) {
            access.passes.clear();
        }
        if faults.has(Fault::AccessChannelMissing) {
            access.channel = None;
        }
        let brought = item.access.take().filter(|_| !faults.has(Fault::BrokerBarcodeDropped));
        access.passes.extend(brought.into_iter().flat_map(|brought| brought.passes));
        item.access = Some(access);
    }
    if store.faults.has(Fault::BTakesCapacityTwice) {
        store.shadow(key, order.clone());
    }
    let body = render::order(store, key, &order, seller, positions);
    order.booked = Some(Success { fingerprint, body: body.to_string().as_str().into() });
    let booked = order.opportunities();
    store.set_order(key, order);
    if store.faults.has(Fault::OrdersFeedOnBooking) {
        publish_order(store, key);
    }
    disturb(store, key);
    reject_hopeless(store, &booked);
    body
}

/// Rejects OrderProposals that can be fulfilled no longer, since others have what they hold no lease of.
fn reject_hopeless(store: &mut Store, opportunities: &[u64]) {
    let keys: BTreeSet<OrderKey> = opportunities.iter().flat_map(|number| store.orders_on(*number)).collect();
    for key in keys {
        let Some(mut order) = store.order(&key).cloned() else { continue };
        let open = matches!(order.stage, OrderStage::Proposal(ProposalStatus::Awaiting | ProposalStatus::Accepted));
        if open && crowded(store, &key, &order).is_some() && !store.faults.has(Fault::UnfulfillableProposalsKept) {
            order.stage = OrderStage::Proposal(ProposalStatus::SellerRejected);
            store.set_order(&key, order);
            publish_proposal(store, &key);
        }
    }
}

/// An opportunity of an Order that has no room for it.
fn crowded(store: &Store, key: &OrderKey, order: &Order) -> Option<u64> {
    if store.faults.has(Fault::ProposalsOversell) {
        return None;
    }
    order.opportunities().into_iter().find(|number| {
        let wanted = order.items.iter().filter(|item| item.opportunity == *number).count();
        store.remaining(*number, Some(key)) < i64::try_from(wanted).unwrap_or(i64::MAX)
    })
}

/// B for a proposal that the Seller accepted.
fn book_proposal(
    store: &mut Store,
    key: &OrderKey,
    credentials: &str,
    body: &Value,
    fingerprint: String,
) -> Result<Outcome, Problem> {
    let unknown = || Problem::new(ErrorType::UnknownOrder, "there is no such OrderProposal");
    let mut order = store.order(key).cloned().ok_or_else(unknown)?;
    let OrderStage::Proposal(status) = order.stage else {
        return Err(match order.stage {
            OrderStage::Quote => unknown(),
            _ => Problem::new(ErrorType::OrderAlreadyExists, "an Order with this UUID exists"),
        });
    };
    let seller = store.sellers.get(order.seller).cloned().ok_or_else(unknown)?;
    if seller.id() != credentials {
        return Err(Problem::new(ErrorType::InvalidAuthorizationDetails, "the OrderProposal is of another Seller"));
    }
    let asked = body.get("orderProposalVersion").and_then(Value::as_str);
    if asked != order.version.as_deref() && !store.faults.has(Fault::VersionNotChecked) {
        return Err(Problem::new(ErrorType::OrderProposalVersionOutdated, "orderProposalVersion is outdated"));
    }
    if status != ProposalStatus::Accepted && !store.faults.has(Fault::BooksUnacceptedProposal) {
        return Err(Problem::new(ErrorType::OrderCreationFailed, "the Seller has not accepted the OrderProposal"));
    }
    if let Some(crowded) = crowded(store, key, &order) {
        let id = store.opportunity(crowded).map_or_else(String::new, |opportunity| opportunity.id());
        return Err(Problem::new(
            ErrorType::OpportunityHasInsufficientCapacity,
            format!("the lease has expired, and {id} is full"),
        ));
    }
    if let (Some(Value::Object(new)), Some(Value::Object(payment))) = (body.get("payment"), &mut order.parties.payment)
    {
        for (name, value) in new {
            payment.insert(name.clone(), value.clone());
        }
    }
    if order.parties.dynamic() {
        dynamic_payment(store, &order.parties)?;
    }
    let body = confirm(store, key, order, &seller, false, fingerprint);
    if !store.faults.has(Fault::ProposalStaysInFeed) {
        store.publish_order(key, OrderFeedName::OrderProposals, None);
    }
    Ok(Outcome { status: 201, body })
}
