//! Orders, OrderQuotes and OrderProposals as the Broker sees them.

use serde_json::{Map, Value, json};

use crate::sandbox::clock::text;
use crate::sandbox::money::{TaxMode, number, tax, tax_charge};
use crate::sandbox::offer::Offer;
use crate::sandbox::order::{Order, OrderItem, OrderKey, Parties, Stage};
use crate::sandbox::seller::Seller;
use crate::sandbox::store::Store;
use crate::vocabulary::{OPENACTIVE_CONTEXT, openactive};

use super::check::{Case, Checked, Totals, sum};

/// The context of documents with access passes, whose barcodes need a term of the beta namespace.
fn beta_context() -> Value {
    json!([OPENACTIVE_CONTEXT, "https://openactive.io/ns-beta"])
}

fn booking_service() -> Value {
    json!({
        "@type": "BookingService",
        "name": "Sandbox Booking",
        "url": "https://sandbox.example.org/",
        "softwareVersion": env!("CARGO_PKG_VERSION"),
        "termsOfService": [{
            "@type": "PrivacyPolicy",
            "name": "Privacy policy of the booking system",
            "url": "https://sandbox.example.org/privacy",
            "requiresExplicitConsent": false
        }]
    })
}

/// Puts what an Order costs into it.
fn put_totals(order: &mut Map<String, Value>, totals: &Totals) {
    order.insert(
        "totalPaymentDue".to_owned(),
        json!({
            "@type": "PriceSpecification",
            "price": number(totals.due),
            "priceCurrency": "GBP",
            "openBookingPrepayment": openactive(totals.prepayment.term())
        }),
    );
    order.insert("totalPaymentTax".to_owned(), json!([tax_charge(totals.tax)]));
}

fn put_parties(order: &mut Map<String, Value>, parties: &Parties, seller: &Seller) {
    order.insert("brokerRole".to_owned(), parties.broker_role.clone());
    order.insert("seller".to_owned(), seller.json());
    order.insert("bookingService".to_owned(), booking_service());
    let optional = [("broker", &parties.broker), ("customer", &parties.customer), ("payment", &parties.payment)];
    for (name, value) in optional {
        if let Some(value) = value {
            order.insert(name.to_owned(), value.clone());
        }
    }
}

fn put_tax(item: &mut Map<String, Value>, offer: &Offer, mode: TaxMode) {
    item.insert("unitTaxSpecification".to_owned(), json!([tax_charge(tax(offer.price, mode))]));
}

/// The answer to C1 or C2; with item errors also to P and B.
pub(super) fn quote(store: &Store, case: &Case<'_>, lease: Option<jiff::Timestamp>) -> Value {
    let mut order = Map::new();
    let failed = case.items.iter().any(|item| !item.errors.is_empty());
    order.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    order.insert("@type".to_owned(), json!(case.operation.json_type()));
    if !case.operation.books() {
        order.insert("@id".to_owned(), json!(format!("{}/order-quotes/{}", store.base, case.key.uuid)));
        let approval = case.items.iter().filter_map(|item| item.pair.as_ref()).any(|(_, offer)| offer.approval);
        order.insert("orderRequiresApproval".to_owned(), json!(approval));
    }
    put_parties(&mut order, &case.parties, &case.seller);
    put_totals(&mut order, &case.totals);
    if let Some(lease) = lease.filter(|_| !failed) {
        order.insert("lease".to_owned(), json!({ "@type": "Lease", "leaseExpires": text(lease) }));
    }
    let lines: Vec<Value> = case.items.iter().map(|item| quote_item(store, item, case.key, &case.seller)).collect();
    if !lines.is_empty() {
        order.insert("orderedItem".to_owned(), Value::Array(lines));
    }
    Value::Object(order)
}

fn quote_item(store: &Store, checked: &Checked, key: &OrderKey, seller: &Seller) -> Value {
    let mut item = Map::new();
    item.insert("@type".to_owned(), json!("OrderItem"));
    item.insert("position".to_owned(), checked.line.position.clone());
    match &checked.pair {
        Some((number, offer)) => {
            item.insert("acceptedOffer".to_owned(), offer.json());
            if let Some(opportunity) = store.opportunity(*number) {
                let remaining = store.remaining(*number, Some(key));
                item.insert("orderedItem".to_owned(), opportunity.booked(seller, Some(remaining)));
            }
            put_tax(&mut item, offer, seller.tax_mode);
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
        item.insert("error".to_owned(), Value::Array(checked.errors.clone()));
    }
    Value::Object(item)
}

fn order_id(store: &Store, key: &OrderKey) -> String {
    format!("{}/orders/{}", store.base, key.uuid)
}

fn proposal_id(store: &Store, key: &OrderKey) -> String {
    format!("{}/order-proposals/{}", store.base, key.uuid)
}

/// What an OrderItem is wherever it has an `@id`.
fn stored_item(store: &Store, item: &OrderItem, key: &OrderKey, seller: &Seller) -> Map<String, Value> {
    let mut json = Map::new();
    json.insert("@type".to_owned(), json!("OrderItem"));
    json.insert("@id".to_owned(), json!(format!("{}#/orderedItems/{}", order_id(store, key), item.number)));
    json.insert("acceptedOffer".to_owned(), item.offer.json());
    if let Some(opportunity) = store.opportunity(item.opportunity) {
        json.insert("orderedItem".to_owned(), opportunity.booked(seller, None));
    }
    put_tax(&mut json, &item.offer, seller.tax_mode);
    json
}

fn totals_of(order: &Order, mode: TaxMode) -> Totals {
    let offers: Vec<&Offer> = order.items.iter().map(|item| &item.offer).collect();
    sum(&offers, mode)
}

/// The answer to P.
pub(super) fn proposal(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let mut json = Map::new();
    json.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    json.insert("@type".to_owned(), json!("OrderProposal"));
    json.insert("@id".to_owned(), json!(proposal_id(store, key)));
    json.insert("identifier".to_owned(), json!(key.uuid));
    put_status(&mut json, order);
    put_parties(&mut json, &order.parties, seller);
    put_totals(&mut json, &totals_of(order, seller.tax_mode));
    let items = order.items.iter().map(|item| {
        let mut json = stored_item(store, item, key, seller);
        json.insert("position".to_owned(), item.position.clone());
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

fn put_status(json: &mut Map<String, Value>, order: &Order) {
    if let Some(version) = &order.version {
        json.insert("orderProposalVersion".to_owned(), json!(version));
    }
    if let Stage::Proposal(status) = order.stage {
        json.insert("orderProposalStatus".to_owned(), json!(openactive(status.name())));
    }
}

/// The answer to B. After P there are no positions: the request had none.
pub(super) fn order(store: &Store, key: &OrderKey, order: &Order, seller: &Seller, positions: bool) -> Value {
    let mut json = Map::new();
    json.insert("@context".to_owned(), beta_context());
    json.insert("@type".to_owned(), json!("Order"));
    json.insert("@id".to_owned(), json!(order_id(store, key)));
    json.insert("identifier".to_owned(), json!(key.uuid));
    put_parties(&mut json, &order.parties, seller);
    put_totals(&mut json, &totals_of(order, seller.tax_mode));
    let items = order.items.iter().map(|item| {
        let mut json = booked_item(store, item, key, seller);
        if positions {
            json.insert("position".to_owned(), item.position.clone());
        }
        Value::Object(json)
    });
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

fn booked_item(store: &Store, item: &OrderItem, key: &OrderKey, seller: &Seller) -> Map<String, Value> {
    let mut json = stored_item(store, item, key, seller);
    json.insert("orderItemStatus".to_owned(), json!(item.status.iri()));
    if let Some(access) = &item.access {
        access.show(&mut json);
    }
    json
}

/// An Order as the Orders feed shows it.
pub(in crate::sandbox) fn orders_feed_item(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let mut json = Map::new();
    json.insert("@context".to_owned(), beta_context());
    json.insert("@type".to_owned(), json!("Order"));
    json.insert("@id".to_owned(), json!(order_id(store, key)));
    json.insert("identifier".to_owned(), json!(key.uuid));
    put_totals(&mut json, &totals_of(order, seller.tax_mode));
    let items = order.items.iter().map(|item| Value::Object(booked_item(store, item, key, seller)));
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}

/// An OrderProposal as the OrderProposals feed shows it.
pub(in crate::sandbox) fn proposals_feed_item(store: &Store, key: &OrderKey, order: &Order, seller: &Seller) -> Value {
    let mut json = Map::new();
    json.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
    json.insert("@type".to_owned(), json!("OrderProposal"));
    json.insert("@id".to_owned(), json!(proposal_id(store, key)));
    json.insert("identifier".to_owned(), json!(key.uuid));
    put_status(&mut json, order);
    put_totals(&mut json, &totals_of(order, seller.tax_mode));
    let items = order.items.iter().map(|item| Value::Object(stored_item(store, item, key, seller)));
    json.insert("orderedItem".to_owned(), items.collect());
    Value::Object(json)
}
