//! Orders, OrderQuotes and OrderProposals as the Broker sees them.

use serde_json::{Map, Value, json};

use crate::sandbox::clock::text;
use crate::sandbox::details;
use crate::sandbox::faults::Fault;
use crate::sandbox::money::{number, tax, tax_charge};
use crate::sandbox::offer::Offer;
use crate::sandbox::order::{Order, OrderItem, OrderKey, OrderStage, Parties};
use crate::sandbox::seller::{Seller, TermsConsent, terms};
use crate::sandbox::store::Store;
use crate::sandbox::switches::Switch;
use crate::vocabulary::{OPENACTIVE_CONTEXT, openactive};

use super::Operation;
use super::check::{Case, Checked, Taxed, Totals, sum};

/// The context of documents with access passes, whose barcodes need a term of the beta namespace.
fn beta_context() -> Value {
    json!([OPENACTIVE_CONTEXT, "https://openactive.io/ns-beta"])
}

fn booking_service(store: &Store) -> Value {
    let mut service = json!({
        "@type": "BookingService",
        "name": "Sandbox Booking",
        "url": "https://sandbox.example.org/",
        "softwareVersion": env!("CARGO_PKG_VERSION")
    });
    if store.switches.has(Switch::BookingSystemTerms)
        && let Some(service) = service.as_object_mut()
    {
        service.insert(
            "termsOfService".to_owned(),
            terms("https://sandbox.example.org", TermsConsent::of(&store.switches)),
        );
    }
    service
}

/// Puts what an Order costs into it, unless only Broker and Seller know.
fn put_totals(store: &Store, order: &mut Map<String, Value>, totals: &Totals, parties: &Parties) {
    if parties.dynamic() && !store.faults.has(Fault::DynamicPaymentPrepaid) {
        return;
    }
    let mut due = json!({ "@type": "PriceSpecification", "price": number(totals.due), "priceCurrency": "GBP" });
    if store.switches.tells_prepayment()
        && let Some(due) = due.as_object_mut()
    {
        due.insert("openBookingPrepayment".to_owned(), json!(openactive(totals.prepayment.term())));
    }
    order.insert("totalPaymentDue".to_owned(), due);
    match totals.tax {
        Some(tax) => order.insert("totalPaymentTax".to_owned(), json!([tax_charge(tax)])),
        None => order.insert("taxCalculationExcluded".to_owned(), json!(true)),
    };
}

fn put_parties(store: &Store, order: &mut Map<String, Value>, parties: &Parties, seller: &Seller) {
    order.insert("brokerRole".to_owned(), parties.broker_role.clone());
    order.insert("seller".to_owned(), seller.json());
    order.insert("bookingService".to_owned(), booking_service(store));
    // Feeds say it where it is true alone.
    order.entry("taxCalculationExcluded").or_insert(json!(false));
    let optional = [("broker", &parties.broker), ("customer", &parties.customer), ("payment", &parties.payment)];
    for (name, value) in optional {
        if let Some(value) = value {
            order.insert(name.to_owned(), value.clone());
        }
    }
}

/// Writes an offer into an OrderItem, with its tax if tax is calculated, and its required attendee details.
fn put_offer(store: &Store, item: &mut Map<String, Value>, offer: &Offer, taxed: Taxed) {
    let mut accepted = offer.json(store.switches.tells_prepayment());
    if let Some(accepted) = accepted.as_object_mut() {
        accepted.insert("price".to_owned(), number(taxed.price(offer)));
    }
    item.insert("acceptedOffer".to_owned(), accepted);
    if taxed.calculated {
        item.insert("unitTaxSpecification".to_owned(), json!([tax_charge(tax(offer.taxable(), taxed.mode))]));
    }
}

/// Writes the required and the given attendee details into an OrderItem.
fn put_details(item: &mut Map<String, Value>, offer: &Offer, attendee: Option<&Value>, intake: Option<&Value>) {
    if offer.terms.attendee_details {
        item.insert("attendeeDetailsRequired".to_owned(), details::attendee_details_required());
    }
    if offer.terms.intake_form {
        item.insert("orderItemIntakeForm".to_owned(), details::intake_form());
    }
    for (name, value) in [("attendee", attendee), ("orderItemIntakeFormResponse", intake)] {
        if let Some(value) = value {
            item.insert(name.to_owned(), value.clone());
        }
    }
}

/// The response to C1 or C2; with errors of OrderItems, also to P and B.
pub(super) fn quote(store: &Store, case: &Case<'_>, until: Option<jiff::Timestamp>) -> Value {
    let mut order = Map::new();
    let failed = case.items.iter().any(|item| !item.errors.is_empty());
    order.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    order.insert("@type".to_owned(), json!(case.operation.json_type()));
    if !case.operation.books() {
        order.insert("@id".to_owned(), json!(format!("{}/order-quotes/{}", store.base, case.key.uuid)));
        let approval = case.items.iter().filter_map(|item| item.pair.as_ref()).any(|(_, offer)| offer.terms.approval);
        order.insert("orderRequiresApproval".to_owned(), json!(approval));
    }
    put_parties(store, &mut order, &case.parties, &case.seller);
    put_totals(store, &mut order, &case.totals, &case.parties);
    if let Some(until) = until.filter(|_| !failed) {
        order.insert("lease".to_owned(), lease(until));
    }
    let path = if case.operation.books() { "orders" } else { "order-quotes" };
    let id = format!("{}/{path}/{}", store.base, case.key.uuid);
    let lines: Vec<Value> = (case.items.iter().enumerate())
        .map(|(index, item)| quote_item(store, item, case, &format!("{id}#/orderedItem/{index}")))
        .collect();
    if !lines.is_empty() {
        order.insert("orderedItem".to_owned(), Value::Array(lines));
    }
    Value::Object(order)
}

/// An OrderItem with its errors, each of which names itself by `place`.
fn quote_item(store: &Store, checked: &Checked, case: &Case<'_>, place: &str) -> Value {
    let mut item = Map::new();
    item.insert("@type".to_owned(), json!("OrderItem"));
    item.insert("position".to_owned(), checked.line.position.clone());
    match &checked.pair {
        Some((number, offer)) => {
            if let Some(opportunity) = store.opportunity(*number) {
                let remaining = store.remaining(*number, Some(case.key));
                item.insert("orderedItem".to_owned(), opportunity.booked(&case.seller, remaining));
            }
            if !case.parties.dynamic() {
                put_offer(store, &mut item, offer, case.taxed);
            }
            let detailed = case.operation != Operation::C1;
            let (attendee, intake) = (checked.line.attendee.as_ref(), checked.line.intake.as_ref());
            put_details(&mut item, offer, attendee.filter(|_| detailed), intake.filter(|_| detailed));
        }
        None => {
            let references = [("orderedItem", &checked.line.opportunity), ("acceptedOffer", &checked.line.offer)];
            for (name, reference) in references {
                if let Some(reference) = reference {
                    item.insert(name.to_owned(), json!(reference));
                }
            }
        }
    }
    if !checked.errors.is_empty() {
        let mut errors = checked.errors.clone();
        for (number, error) in
            errors.iter_mut().enumerate().filter_map(|(at, error)| Some((at, error.as_object_mut()?)))
        {
            error.entry("instance").or_insert_with(|| json!(format!("{place}/error/{number}")));
        }
        item.insert("error".to_owned(), Value::Array(errors));
    }
    Value::Object(item)
}

fn order_id(store: &Store, key: &OrderKey) -> String {
    format!("{}/orders/{}", store.base, key.uuid)
}

fn proposal_id(store: &Store, key: &OrderKey) -> String {
    format!("{}/order-proposals/{}", store.base, key.uuid)
}

/// The `@id` of an OrderItem.
pub(in crate::sandbox) fn item_id(store: &Store, key: &OrderKey, number: usize) -> String {
    format!("{}#/orderedItem/{number}", order_id(store, key))
}

/// An Order with everything that a response about it needs.
struct Shown<'s> {
    store: &'s Store,
    key: &'s OrderKey,
    order: &'s Order,
    seller: &'s Seller,
    taxed: Taxed,
}

impl<'s> Shown<'s> {
    fn new(store: &'s Store, key: &'s OrderKey, order: &'s Order, seller: &'s Seller) -> Self {
        Self { store, key, order, seller, taxed: Taxed::of(store, seller, &order.parties) }
    }

    /// Members at the top of every document about the Order.
    fn head(&self, json_type: &str, id: String, context: Value) -> Map<String, Value> {
        let mut json = Map::new();
        json.insert("@context".to_owned(), context);
        json.insert("@type".to_owned(), json!(json_type));
        json.insert("@id".to_owned(), json!(id));
        json.insert("identifier".to_owned(), json!(self.key.uuid));
        put_totals(self.store, &mut json, &self.totals(), &self.order.parties);
        json
    }

    /// Totals, without cancelled OrderItems.
    fn totals(&self) -> Totals {
        let all = self.store.faults.has(Fault::CancellationKeepsTotal);
        let items = self.order.items.iter().filter(|item| all || !item.status.cancelled());
        sum(&items.map(|item| &item.offer).collect::<Vec<_>>(), self.taxed)
    }

    /// Members of an OrderItem in every document where it has an `@id`.
    fn item(&self, item: &OrderItem) -> Map<String, Value> {
        let mut json = Map::new();
        json.insert("@type".to_owned(), json!("OrderItem"));
        json.insert("@id".to_owned(), json!(item_id(self.store, self.key, item.number)));
        if let Some(opportunity) = self.store.opportunity(item.opportunity) {
            let own = Some(self.key).filter(|_| matches!(self.order.stage, OrderStage::Quote));
            let remaining = self.store.remaining(item.opportunity, own);
            json.insert("orderedItem".to_owned(), opportunity.booked(self.seller, remaining));
        }
        if !self.order.parties.dynamic() {
            put_offer(self.store, &mut json, &item.offer, self.taxed);
        }
        json
    }

    /// An OrderItem that is booked.
    fn booked_item(&self, item: &OrderItem) -> Map<String, Value> {
        let mut json = self.item(item);
        json.insert("orderItemStatus".to_owned(), json!(item.status.iri()));
        if let Some(access) = &item.access {
            access.show(&mut json);
        }
        json
    }

    fn put_status(&self, json: &mut Map<String, Value>) {
        if let Some(version) = &self.order.version {
            json.insert("orderProposalVersion".to_owned(), json!(version));
        }
        if let OrderStage::Proposal(status) = self.order.stage {
            json.insert("orderProposalStatus".to_owned(), json!(openactive(status.name())));
        }
    }
}

/// Messages of the Seller to the Customer after B.
fn put_messages(json: &mut Map<String, Value>, item: &OrderItem) {
    for (name, text) in [("cancellationMessage", &item.cancellation_message), ("customerNotice", &item.customer_notice)]
    {
        if let Some(text) = text {
            json.insert(name.to_owned(), json!(text));
        }
    }
}

/// The response to P.
pub(super) fn proposal(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let mut json = shown.head("OrderProposal", proposal_id(store, key), json!(OPENACTIVE_CONTEXT));
    shown.put_status(&mut json);
    put_parties(store, &mut json, &order.parties, seller);
    let items = order.items.iter().map(|item| {
        let mut json = shown.item(item);
        json.insert("position".to_owned(), item.position.clone());
        put_details(&mut json, &item.offer, item.attendee.as_ref(), item.intake.as_ref());
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

/// The response to B. After P there are no positions, because the request has none.
pub(super) fn order(store: &Store, key: &OrderKey, order: &Order, seller: &Seller, positions: bool) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let mut json = shown.head("Order", order_id(store, key), beta_context());
    put_parties(store, &mut json, &order.parties, seller);
    let items = order.items.iter().map(|item| {
        let mut json = shown.booked_item(item);
        if positions {
            json.insert("position".to_owned(), item.position.clone());
        }
        put_details(&mut json, &item.offer, item.attendee.as_ref(), item.intake.as_ref());
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

/// An OrderQuote for as long as its lease holds it.
pub(super) fn held_quote(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let id = format!("{}/order-quotes/{}", store.base, key.uuid);
    let mut json = shown.head("OrderQuote", id, json!(OPENACTIVE_CONTEXT));
    put_parties(store, &mut json, &order.parties, seller);
    let approval = order.items.iter().any(|item| item.offer.terms.approval);
    json.insert("orderRequiresApproval".to_owned(), json!(approval));
    if let Some(until) = order.lease_until {
        json.insert("lease".to_owned(), lease(until));
    }
    let items = order.items.iter().map(|item| {
        let mut json = shown.item(item);
        json.remove("@id");
        json.insert("position".to_owned(), item.position.clone());
        put_details(&mut json, &item.offer, item.attendee.as_ref(), item.intake.as_ref());
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

fn lease(until: jiff::Timestamp) -> Value {
    json!({ "@type": "Lease", "leaseExpires": text(until) })
}

/// An Order as it is now.
pub(super) fn order_status(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let mut json = shown.head("Order", order_id(store, key), beta_context());
    put_parties(store, &mut json, &order.parties, seller);
    let items = order.items.iter().map(|item| {
        let mut json = shown.booked_item(item);
        put_details(&mut json, &item.offer, item.attendee.as_ref(), item.intake.as_ref());
        put_messages(&mut json, item);
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

/// An Order as the Orders feed shows it.
pub(in crate::sandbox) fn orders_feed_item(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let mut json = shown.head("Order", order_id(store, key), beta_context());
    let items = order.items.iter().map(|item| {
        let mut json = shown.booked_item(item);
        if let Some(opportunity) = store.opportunity(item.opportunity) {
            let remaining = store.remaining(item.opportunity, None);
            json.insert("orderedItem".to_owned(), opportunity.in_orders_feed(seller, remaining));
        }
        put_messages(&mut json, item);
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

/// An OrderProposal as the OrderProposals feed shows it.
pub(in crate::sandbox) fn proposals_feed_item(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let shown = Shown::new(store, key, order, seller);
    let mut json = shown.head("OrderProposal", proposal_id(store, key), json!(OPENACTIVE_CONTEXT));
    shown.put_status(&mut json);
    let items = order.items.iter().map(|item| {
        let mut json = shown.item(item);
        // The whole opportunity would need its Seller here; what was proposed is known from P.
        if let Some(opportunity) = store.opportunity(item.opportunity) {
            json.insert("orderedItem".to_owned(), json!(opportunity.id()));
        }
        // Attendees are not for this feed, forms are.
        put_details(&mut json, &item.offer, None, item.intake.as_ref());
        json.remove("attendeeDetailsRequired");
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}
