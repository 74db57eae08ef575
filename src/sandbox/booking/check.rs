//! Checks requests: first the request as a whole, then each OrderItem.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::sandbox::clock::{later, now};
use crate::sandbox::details;
use crate::sandbox::errors::{ErrorType, Problem, item_error};
use crate::sandbox::faults::{Fault, Faults};
use crate::sandbox::money::{TaxMode, penny, tax};
use crate::sandbox::offer::{InAdvance, Offer, Override, Prepayment};
use crate::sandbox::opportunity::{EventStatus, Opportunity};
use crate::sandbox::order::{OrderKey, OrderStage, Parties};
use crate::sandbox::seller::{IDS, Seller};
use crate::sandbox::store::Store;
use crate::sandbox::switches::Switch;
use crate::sandbox::variants::Variant;

use super::Operation;
use super::request::{BookingRequest, Line, OfferOverride};

/// An OrderItem of the request with what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) line: Line,
    /// The opportunity and the offer, where both are known and belong together.
    pub(super) pair: Option<(u64, Offer)>,
    pub(super) errors: Vec<Value>,
}

/// Totals of an Order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    pub(super) due: Decimal,
    /// `None` if tax is not calculated.
    pub(super) tax: Option<Decimal>,
    pub(super) prepayment: Prepayment,
}

/// A request with its opportunities and offers: everything that the response needs.
#[derive(Debug)]
pub(super) struct Case<'k> {
    pub(super) operation: Operation,
    pub(super) key: &'k OrderKey,
    pub(super) seller: Seller,
    pub(super) items: Vec<Checked>,
    pub(super) taxed: Taxed,
    pub(super) totals: Totals,
    pub(super) parties: Parties,
}

/// Checks the request as a whole, before its OrderItems.
///
/// # Errors
/// The first error.
pub(super) fn whole(
    store: &Store,
    operation: Operation,
    request: &BookingRequest,
    key: &OrderKey,
    credentials: &str,
) -> Result<Seller, Problem> {
    if let Some(order) = store.order(key)
        && order.stage != OrderStage::Quote
        && !(order.stage == OrderStage::Order && store.faults.has(Fault::UuidReused))
        && !(order.parties.customer != request.parties.customer
            && order.stage != OrderStage::Deleted
            && store.faults.has(Fault::UuidOfAnotherCustomerReused))
        && !(order.parties.customer == request.parties.customer
            && order.stage != OrderStage::Deleted
            && store.faults.has(Fault::UuidOfOtherItemsReused))
        && !(matches!(operation, Operation::C1 | Operation::C2)
            && order.stage != OrderStage::Deleted
            && store.faults.has(Fault::BookedUuidQuotable))
        && !(operation == Operation::C1
            && order.stage == OrderStage::Deleted
            && store.faults.has(Fault::DeletedUuidReusedAtC1))
        && !(matches!(operation, Operation::P | Operation::B)
            && order.stage == OrderStage::Deleted
            && store.faults.has(Fault::DeletedUuidReusedAtB))
        && !(operation != Operation::C1
            && order.stage == OrderStage::Deleted
            && store.faults.has(Fault::DeletedUuidReused))
    {
        return Err(Problem::new(ErrorType::OrderAlreadyExists, "an Order or OrderProposal with this UUID exists"));
    }
    let Some(seller) = &request.seller else {
        return Err(Problem::new(ErrorType::SellerMismatch, "the request has no seller"));
    };
    let Some(found) = store.sellers.iter().find(|known| known.id() == *seller).cloned() else {
        let other = store.variants.has(Variant::UnknownSellersUnauthorized);
        let error = if other { ErrorType::InvalidAuthorizationDetails } else { ErrorType::SellerNotFound };
        return Err(Problem::new(error, "there is no such Seller"));
    };
    if seller != credentials && !store.faults.has(Fault::SellerNotChecked) {
        return Err(Problem::new(
            ErrorType::InvalidAuthorizationDetails,
            "these credentials are for another Seller than the request",
        ));
    }
    request.people(operation, &store.switches, &store.faults)?;
    if operation.books() && request.total.is_none() && !request.dynamic() {
        return Err(Problem::new(ErrorType::TotalPaymentDueMismatch, "the request has no totalPaymentDue"));
    }
    Ok(found)
}

/// Looks up every OrderItem, with its errors.
///
/// # Errors
/// That one belongs to another Seller.
pub(super) fn items(
    store: &Store,
    operation: Operation,
    request: &BookingRequest,
    seller: &Seller,
    key: &OrderKey,
) -> Result<Vec<Checked>, Problem> {
    let mut checked: Vec<Checked> = request.items.iter().map(|line| resolve(store, line, request.dynamic())).collect();
    let of_other_seller = checked
        .iter()
        .filter_map(|item| item.pair.as_ref())
        .any(|(number, _)| store.opportunity(*number).is_some_and(|opportunity| opportunity.seller != seller.index()));
    if of_other_seller {
        return Err(Problem::new(ErrorType::SellerMismatch, "an OrderItem is of another Seller than the request"));
    }
    for item in &mut checked {
        if let Some((number, offer)) = &item.pair
            && let Some(opportunity) = store.opportunity(*number)
            && !bookable(store, &opportunity, offer)
        {
            item.errors.push(item_error(
                ErrorType::OpportunityOfferPairNotBookable,
                "this opportunity cannot be booked with this offer at this time",
            ));
        }
    }
    if operation != Operation::C1 {
        for item in &mut checked {
            if let Some((_, offer)) = &item.pair {
                let mut asked = offer.terms.clone();
                asked.attendee_details &= !store.faults.has(Fault::AttendeeDetailsNotChecked);
                asked.intake_form &= !store.faults.has(Fault::IntakeFormNotChecked);
                let mut errors = details::errors(&asked, item.line.attendee.as_ref(), item.line.intake.as_ref());
                details::deviate(&store.faults, item.line.attendee.is_some(), &mut errors);
                item.errors.extend(errors);
            }
        }
    }
    if !store.faults.has(Fault::ConflictNotReported) && !request.dynamic() {
        conflicts(&mut checked);
    }
    if !(operation.books() && store.faults.has(Fault::Oversells)) {
        capacity(store, &mut checked, key);
    }
    let uncounted = if operation.books() { Fault::BookingsBeyondCapacity } else { Fault::QuotesBeyondCapacity };
    if store.faults.has(uncounted) {
        for item in &mut checked {
            item.errors.retain(|error| error["@type"] != ErrorType::OpportunityHasInsufficientCapacity.name());
        }
    }
    Ok(checked)
}

fn resolve(store: &Store, line: &Line, dynamic: bool) -> Checked {
    let refuse = |error: ErrorType, description: &str| Checked {
        line: line.clone(),
        pair: None,
        errors: vec![item_error(error, description)],
    };
    let incomplete = || refuse(ErrorType::IncompleteOrderItem, "the OrderItem has no orderedItem or no acceptedOffer");
    let Some(opportunity_id) = &line.opportunity else { return incomplete() };
    let brought = line.overriding.as_ref().filter(|_| overrides_taken(store));
    let listed = line.offer.as_ref().filter(|_| brought.is_none());
    if listed.is_none() && brought.is_none() && !dynamic {
        return incomplete();
    }
    let foreign = !opportunity_id.starts_with(IDS) || listed.is_some_and(|offer| !offer.starts_with(IDS));
    if foreign && !store.variants.has(Variant::ForeignIdsUnknown) {
        return refuse(ErrorType::InvalidOpportunityOrOfferId, "@id is not an identifier of this booking system");
    }
    let Some(opportunity) = store.number_of(opportunity_id).and_then(|number| store.opportunity(number)) else {
        return refuse(ErrorType::UnknownOpportunity, "there is no such opportunity");
    };
    let Some(offer_id) = listed else {
        let offer = match brought {
            Some(brought) => overridden(store, &opportunity, brought),
            // A DynamicPayment is booked with the first offer.
            None => opportunity.offers.first().cloned(),
        };
        let pair = offer.map(|offer| (opportunity.number, offer));
        return Checked { line: line.clone(), pair, errors: Vec::new() };
    };
    match opportunity.offers.iter().find(|offer| offer.id == *offer_id) {
        Some(offer) => {
            Checked { line: line.clone(), pair: Some((opportunity.number, offer.clone())), errors: Vec::new() }
        }
        None if store.offer_exists(offer_id) || store.variants.has(Variant::UnknownOffersUnacceptable) => {
            refuse(ErrorType::UnacceptableOffer, "acceptedOffer is not an Offer of this opportunity")
        }
        None => refuse(ErrorType::UnknownOffer, "there is no such offer"),
    }
}

/// Whether Brokers can bring prices of their own: where everything is free, they cannot.
fn overrides_taken(store: &Store) -> bool {
    let paid = store.switches.has(Switch::NonFreeOpportunities) && store.switches.has(Switch::OfferOverrides);
    paid || store.faults.has(Fault::OverridesOfFreeAccepted)
}

/// The offer of an opportunity with an OfferOverride, which replaces its prices and windows.
fn overridden(store: &Store, opportunity: &Opportunity, brought: &OfferOverride) -> Option<Offer> {
    let mut offer = opportunity.offers.first()?.clone();
    let faults = &store.faults;
    if faults.has(Fault::OverrideIgnored) {
        return Some(offer);
    }
    let taxed = faults.has(Fault::OverrideTaxedAsListed).then_some(offer.terms.price);
    offer.id.clone_from(&brought.id);
    offer.overriding = Some(Override { name: brought.name.clone(), taxed });
    let terms = &mut offer.terms;
    terms.price = brought.price;
    terms.in_advance = InAdvance::Optional;
    terms.valid_from_before_start = None;
    if !faults.has(Fault::OverridePrepaidAsListed) {
        terms.prepayment = None;
    }
    if !faults.has(Fault::OverrideCancelledAsListed) {
        (terms.refund, terms.latest_cancellation_before_start) = (true, None);
    }
    Some(offer)
}

fn bookable(store: &Store, opportunity: &Opportunity, offer: &Offer) -> bool {
    let (now, faults) = (now(), &store.faults);
    let called_off = opportunity.status != EventStatus::Scheduled;
    let unavailable = offer.terms.in_advance == InAdvance::Unavailable;
    (faults.has(Fault::PastBookable) || !opportunity.over(now))
        && (faults.has(Fault::CancelledBookable) || !called_off)
        && (faults.has(Fault::UnavailableBookable) || !unavailable)
        && !(faults.has(Fault::StartedNotBookable) && opportunity.in_progress(now))
        && (faults.has(Fault::BookingWindowIgnored) || offer.window_open(opportunity.start(), now))
}

/// Prepayment Required and Unavailable are not allowed in one Order.
fn conflicts(items: &mut [Checked]) {
    let paid = |item: &Checked, prepayment: Prepayment| {
        item.pair
            .as_ref()
            .is_some_and(|(_, offer)| !offer.price().is_zero() && offer.effective_prepayment() == prepayment)
    };
    let required = items.iter().any(|item| paid(item, Prepayment::Required));
    let unavailable = items.iter().any(|item| paid(item, Prepayment::Unavailable));
    if !(required && unavailable) {
        return;
    }
    for item in items.iter_mut() {
        if paid(item, Prepayment::Required) || paid(item, Prepayment::Unavailable) {
            item.errors.push(item_error(
                ErrorType::OpportunityIsInConflict,
                "prepayment is required for one OrderItem and unavailable for another",
            ));
        }
    }
}

/// Room for every OrderItem, counted for each opportunity in the order of the request.
fn capacity(store: &Store, items: &mut [Checked], key: &OrderKey) {
    let mut wanted: BTreeMap<u64, i64> = BTreeMap::new();
    for (number, _) in items.iter().filter_map(|item| item.pair.as_ref()) {
        *wanted.entry(*number).or_default() += 1;
    }
    for (number, count) in wanted {
        let Some(total) = store.opportunity(number).map(|opportunity| opportunity.total) else { continue };
        let mut others = store.weight(number, Some(key));
        if store.faults.has(Fault::OversellsTogether)
            && let Some((last, at)) = &store.last_booked
            && last != key
            && later(*at, 10) > now()
        {
            others = others.minus(store.order(last).map(|order| order.weight(number)).unwrap_or_default());
        }
        let unbooked = total - others.booked;
        let free = (unbooked - others.held).max(0);
        let excess = (count - free).max(0);
        let reserved = excess.min(others.held);
        let of_opportunity = items.iter_mut().filter(|item| item.pair.as_ref().is_some_and(|(n, _)| *n == number));
        for (place, item) in (0_i64..).zip(of_opportunity) {
            let error = if unbooked <= 0 && store.variants.has(Variant::FullNotBookable) {
                item_error(ErrorType::OpportunityOfferPairNotBookable, "there is no space left to book")
            } else if unbooked <= 0 {
                item_error(ErrorType::OpportunityIsFull, "the opportunity is full")
            } else if place < free {
                continue;
            } else if place < free + reserved {
                item_error(ErrorType::OpportunityCapacityIsReservedByLease, "the remaining capacity is leased")
            } else {
                item_error(
                    ErrorType::OpportunityHasInsufficientCapacity,
                    "remaining capacity is less than the number of OrderItems",
                )
            };
            item.errors.insert(0, error);
        }
    }
}

/// Totals of a request: of OrderItems without errors, and of those that only lack details.
pub(super) fn totals(items: &[Checked], taxed: Taxed) -> Totals {
    let only_details = |error: &Value| {
        let name = error.get("@type").and_then(Value::as_str);
        [ErrorType::IncompleteAttendeeDetails, ErrorType::IncompleteIntakeForm]
            .iter()
            .any(|kind| name == Some(kind.name()))
    };
    let offers: Vec<&Offer> = items
        .iter()
        .filter(|item| item.errors.iter().all(only_details))
        .filter_map(|item| item.pair.as_ref().map(|(_, offer)| offer))
        .collect();
    sum(&offers, taxed)
}

/// Totals of offers.
pub(super) fn sum(offers: &[&Offer], taxed: Taxed) -> Totals {
    let prices: Decimal = offers.iter().map(|offer| taxed.price(offer)).sum();
    let tax: Decimal = offers.iter().map(|offer| tax(offer.taxable(), taxed.mode)).sum();
    let due = match taxed {
        Taxed { mode: TaxMode::Net, calculated: true, added: true, .. } => prices + tax,
        _ => prices,
    };
    let due = if due.is_zero() { due } else { due + taxed.surcharge };
    let some = |prepayment: Prepayment| offers.iter().any(|offer| offer.effective_prepayment() == prepayment);
    let prepayment = if some(Prepayment::Required) {
        Prepayment::Required
    } else if some(Prepayment::Optional) {
        Prepayment::Optional
    } else {
        Prepayment::Unavailable
    };
    Totals { due, tax: taxed.calculated.then_some(tax), prepayment }
}

/// How tax is reckoned for a buyer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taxed {
    pub(super) mode: TaxMode,
    /// `true` if tax is calculated.
    pub(super) calculated: bool,
    /// `true` if tax is added to net prices. `false` only with a fault.
    added: bool,
    /// Whether a reseller, for whom tax is not reckoned, sees prices without it, though the Seller's have it.
    net: bool,
    /// Only of a fault.
    surcharge: Decimal,
}

impl Taxed {
    /// Price of an offer for this customer.
    pub(super) fn price(self, offer: &Offer) -> Decimal {
        let price = offer.price();
        if self.net { price - tax(price, self.mode) } else { price }
    }

    /// For a Seller and a buyer.
    pub(super) fn of(store: &Store, seller: &Seller, parties: &Parties) -> Self {
        let switch = match (seller.tax_mode, parties.business()) {
            (TaxMode::Gross, false) => Switch::TaxConsumerGross,
            (TaxMode::Net, false) => Switch::TaxConsumerNet,
            (TaxMode::Gross, true) => Switch::TaxBusinessGross,
            (TaxMode::Net, true) => Switch::TaxBusinessNet,
        };
        let broker = parties.broker.is_some() || !store.faults.has(Fault::TaxNeedsBroker);
        let calculated =
            broker && store.switches.has(switch) && (!parties.reseller() || store.switches.has(Switch::TaxReseller));
        Self {
            mode: seller.tax_mode,
            calculated,
            net: parties.reseller()
                && !calculated
                && seller.tax_mode == TaxMode::Gross
                && !store.faults.has(Fault::ResellerPricesGross),
            added: !store.faults.has(Fault::TaxNotAdded),
            surcharge: surcharge(&store.faults),
        }
    }
}

/// The account that payments are agreed to go through.
const ACCOUNT: (&str, &str) = ("SN1593", "STRIPE");

/// Whether a payment carries what was agreed, where that is checked.
///
/// # Errors
/// That it does not.
pub(super) fn reconciled(
    store: &Store,
    operation: Operation,
    request: &BookingRequest,
    totals: &Totals,
) -> Result<(), Problem> {
    let checked = store.switches.has(Switch::PaymentReconciliation)
        && !(operation.books() && (totals.due.is_zero() || store.faults.has(Fault::BookingReconciliationNotChecked)))
        && !store.faults.has(Fault::ReconciliationNotChecked);
    let Some(payment) = request.payment.as_ref().filter(|_| checked) else { return Ok(()) };
    let text = |name: &str| payment.get(name).and_then(Value::as_str);
    if (text("accountId"), text("paymentProviderId")) == (Some(ACCOUNT.0), Some(ACCOUNT.1)) {
        return Ok(());
    }
    Err(Problem::new(ErrorType::InvalidPaymentDetails, "accountId or paymentProviderId is not the agreed one"))
}

/// Checks that a DynamicPayment has the account that Broker and Seller agreed on.
///
/// # Errors
/// If the payment is not valid.
pub(super) fn dynamic_payment(store: &Store, parties: &Parties) -> Result<(), Problem> {
    let (Some(payment), faults) = (&parties.payment, &store.faults) else { return Ok(()) };
    let text = |name: &str| payment.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    if text("accountId").is_none() && !faults.has(Fault::DynamicPaymentWithoutAccount) {
        return Err(Problem::new(ErrorType::IncompletePaymentDetails, "the payment has no accountId"));
    }
    let checked = store.switches.has(Switch::PaymentReconciliation) && !faults.has(Fault::DynamicPaymentOfAnybody);
    if checked && text("accountId") != Some(ACCOUNT.0) {
        return Err(Problem::new(ErrorType::InvalidPaymentDetails, "accountId is not the agreed one"));
    }
    Ok(())
}

/// Whether total and payment of a booking are right. Returns the payment that is taken, if one is.
///
/// # Errors
/// If total or payment are not valid.
pub(super) fn payment(store: &Store, request: &BookingRequest, totals: &Totals) -> Result<Option<Value>, Problem> {
    let faults = &store.faults;
    if request.total != Some(totals.due) && !faults.has(Fault::TotalNotChecked) {
        return Err(Problem::new(
            ErrorType::TotalPaymentDueMismatch,
            format!("totalPaymentDue.price is {}, not {}", totals.due, request.total.unwrap_or_default()),
        ));
    }
    let charged = !totals.due.is_zero() && totals.prepayment != Prepayment::Unavailable;
    let Some(payment) = &request.payment else {
        return if charged && totals.prepayment == Prepayment::Required && !faults.has(Fault::PaymentNotRequired) {
            Err(Problem::new(ErrorType::MissingPaymentDetails, "this Order requires payment at B"))
        } else {
            Ok(None)
        };
    };
    if !charged && !faults.has(Fault::PaymentAlwaysTaken) {
        return Err(Problem::new(ErrorType::UnnecessaryPaymentDetails, "this Order requires no payment at B"));
    }
    let named = payment.get("identifier").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    if !named && !faults.has(Fault::PaymentIdentifierNotRequired) {
        return Err(Problem::new(ErrorType::IncompletePaymentDetails, "the payment has no identifier"));
    }
    Ok(Some(payment.clone()))
}

/// The amount that a fault adds to the total.
fn surcharge(faults: &Faults) -> Decimal {
    if faults.has(Fault::TotalOffByOne) { penny() } else { Decimal::ZERO }
}
