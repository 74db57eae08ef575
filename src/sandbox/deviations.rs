//! What faults make of documents that the honest code has made: it never knows of them.

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::vocabulary::{BYTE_ORDER_MARK, OPENACTIVE_CONTEXT, openactive};

use super::booking::{Operation, Outcome};
use super::errors::{ErrorType, Problem};
use super::faults::{Fault, Faults};
use super::misstatements;
use super::order::Parties;
use super::store::Store;

/// The OrderItems of a document.
fn items(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let items = document.get_mut("orderedItem").and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn remove(document: &mut Value, parent: &str, name: &str) {
    if let Some(object) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
        object.remove(name);
    }
}

fn insert(document: &mut Value, parent: &str, name: &str, value: Value) {
    if let Some(object) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
        object.insert(name.to_owned(), value);
    }
}

fn drop_last_item(document: &mut Value) {
    if let Some(items) = document.get_mut("orderedItem").and_then(Value::as_array_mut) {
        items.pop();
    }
}

/// Changes the response to C1, C2, P or B. `request`: the request body.
pub(super) fn answer(store: &Store, operation: Operation, request: &Value, outcome: &mut Outcome) {
    let faults = &store.faults;
    if faults.none() {
        return;
    }
    let succeeded = outcome.status < 300;
    if succeeded {
        let other = match operation {
            Operation::C1 => (Fault::C1Status201, 201),
            Operation::C2 => (Fault::C2Status201, 201),
            Operation::P => (Fault::PStatus202, 202),
            Operation::B => (Fault::BStatus202, 202),
        };
        if faults.has(other.0) {
            outcome.status = other.1;
        }
    }
    let body = &mut outcome.body;
    if succeeded && faults.has(Fault::ResponseIdentifierOther) {
        insert(body, "", "identifier", json!("00000000-0000-4000-8000-000000000000"));
    }
    match operation {
        Operation::C1 => c1(store, request, body),
        Operation::C2 => c2(faults, body),
        Operation::P => p(faults, body),
        Operation::B => b(faults, body),
    }
    if !operation.books() {
        quote(faults, body);
    }
    if faults.has(Fault::PositionsShifted) {
        for (number, item) in items(body).enumerate().filter(|(_, item)| item.contains_key("position")) {
            item.insert("position".to_owned(), json!(100 + number));
        }
    }
    if faults.has(Fault::CapacityInResponsesStale) {
        show_capacity(body, |opportunity| {
            opportunity.get("maximumUses").or_else(|| opportunity.get("maximumAttendeeCapacity")).cloned()
        });
    }
    document(faults, body);
    misstatements::answer(faults, operation, request, succeeded, body);
    if !succeeded {
        failed(faults, outcome);
    }
}

/// Replaces the remaining capacity of each opportunity in a response.
fn show_capacity(body: &mut Value, capacity: impl Fn(&Value) -> Option<Value>) {
    for opportunity in items(body).filter_map(|item| item.get_mut("orderedItem")) {
        let Some(capacity) = capacity(opportunity) else { continue };
        for property in ["remainingUses", "remainingAttendeeCapacity"] {
            if let Some(value) = opportunity.get_mut(property) {
                *value = capacity.clone();
            }
        }
    }
}

fn c1(store: &Store, request: &Value, body: &mut Value) {
    let faults = &store.faults;
    if faults.has(Fault::C1DropsItem) {
        drop_last_item(body);
    }
    if faults.has(Fault::C1RepeatsCustomer)
        && let Some(customer) = request.get("customer")
    {
        insert(body, "", "customer", customer.clone());
    }
    if faults.has(Fault::C1CountsOwnLease) {
        show_capacity(body, |opportunity| {
            let number = store.number_of(opportunity.get("@id")?.as_str()?)?;
            Some(json!(store.remaining(number, None)))
        });
    }
}

fn c2(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::C2DropsItem) {
        drop_last_item(body);
    }
    if faults.has(Fault::C2TypedOrder)
        && let Some(body) = body.as_object_mut()
    {
        body.insert("@type".to_owned(), json!("Order"));
    }
    for (fault, name) in [(Fault::C2WithoutSeller, "seller"), (Fault::C2WithoutCustomer, "customer")] {
        if faults.has(fault) {
            remove(body, "", name);
        }
    }
}

fn quote(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::OrderRequiresApprovalMissing) {
        remove(body, "", "orderRequiresApproval");
    }
    if faults.has(Fault::LeaseMissing) {
        remove(body, "", "lease");
    }
    if faults.has(Fault::LeaseInThePast) {
        insert(body, "/lease", "leaseExpires", json!("2001-01-01T00:00:00Z"));
    }
}

fn p(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::PDropsItem) {
        drop_last_item(body);
    }
    if faults.has(Fault::PWithoutVersion) {
        remove(body, "", "orderProposalVersion");
    }
    if faults.has(Fault::PAcceptedAtOnce) {
        insert(body, "", "orderProposalStatus", json!(openactive("SellerAccepted")));
    }
}

fn b(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::BDropsItem) {
        drop_last_item(body);
    }
    for (fault, name) in [
        (Fault::BWithoutOrderedItem, "orderedItem"),
        (Fault::BWithoutCustomer, "customer"),
        (Fault::BWithoutPayment, "payment"),
    ] {
        if faults.has(fault) {
            remove(body, "", name);
        }
    }
    for item in items(body) {
        if faults.has(Fault::BWithoutItemIds) {
            item.remove("@id");
        }
        if faults.has(Fault::BNotConfirmed) {
            item.insert("orderItemStatus".to_owned(), json!(openactive("OrderItemProposed")));
        }
        if faults.has(Fault::AccessCodeEmpty) && item.contains_key("accessCode") {
            item.insert("accessCode".to_owned(), json!([]));
        }
    }
}

/// Changes members that all documents about an Order have.
fn document(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::BrokerRoleReplaced) && body.get("brokerRole").is_some() {
        let other = if body["brokerRole"] == openactive("NoBroker") { "AgentBroker" } else { "NoBroker" };
        insert(body, "", "brokerRole", json!(openactive(other)));
    }
    for (fault, parent, name) in [
        (Fault::SellerTermsMissing, "/seller", "termsOfService"),
        (Fault::SellerAddressIncomplete, "/seller/address", "addressRegion"),
        (Fault::SystemTermsMissing, "/bookingService", "termsOfService"),
        (Fault::ServiceMissing, "", "bookingService"),
        (Fault::TaxMissing, "", "totalPaymentTax"),
        (Fault::TaxMissing, "", "taxCalculationExcluded"),
        (Fault::PrepaymentMissing, "/totalPaymentDue", "openBookingPrepayment"),
    ] {
        if faults.has(fault) {
            remove(body, parent, name);
        }
    }
    for holder in ["/seller/termsOfService", "/bookingService/termsOfService"] {
        for terms in body.pointer_mut(holder).and_then(Value::as_array_mut).into_iter().flatten() {
            if faults.has(Fault::ConsentNotRequested) {
                insert(terms, "", "requiresExplicitConsent", json!(false));
            }
            if faults.has(Fault::ConsentUndated) {
                remove(terms, "", "dateModified");
            }
        }
    }
    if faults.has(Fault::PrepaymentAlwaysOptional) {
        insert(body, "/totalPaymentDue", "openBookingPrepayment", json!(openactive("Optional")));
    }
    if faults.has(Fault::CustomerShortened)
        && let Some(customer) = body.get_mut("customer").and_then(Value::as_object_mut)
    {
        customer.retain(|name, _| !["givenName", "familyName", "telephone"].contains(&name.as_str()));
    }
    for (fault, name) in [
        (Fault::TaxOfItemsMissing, "unitTaxSpecification"),
        (Fault::AttendeeDetailsNotRequested, "attendeeDetailsRequired"),
        (Fault::AttendeeNotReflected, "attendee"),
        (Fault::IntakeFormNotRequested, "orderItemIntakeForm"),
        (Fault::IntakeResponseNotReflected, "orderItemIntakeFormResponse"),
    ] {
        if faults.has(fault) {
            items(body).for_each(|item| drop(item.remove(name)));
        }
    }
}

/// Changes a response whose OrderItems have errors.
fn failed(faults: &Faults, outcome: &mut Outcome) {
    for (fault, error) in [
        (Fault::FullAsInsufficient, ErrorType::OpportunityIsFull),
        (Fault::LeasedAsInsufficient, ErrorType::OpportunityCapacityIsReservedByLease),
    ] {
        let errors = items(&mut outcome.body)
            .filter_map(|item| item.get_mut("error")?.as_array_mut())
            .flatten()
            .filter(|shown| faults.has(fault) && shown["@type"] == error.name());
        for shown in errors {
            shown["@type"] = json!(ErrorType::OpportunityHasInsufficientCapacity.name());
        }
    }
    if faults.has(Fault::ItemErrorsFirstOnly) {
        items(&mut outcome.body)
            .filter(|item| item.contains_key("error"))
            .skip(1)
            .for_each(|item| drop(item.remove("error")));
    }
    if faults.has(Fault::ItemErrorsOnAll) {
        let first = items(&mut outcome.body).find_map(|item| item.get("error").cloned()).unwrap_or_default();
        for item in items(&mut outcome.body) {
            item.entry("error").or_insert_with(|| first.clone());
        }
    }
    if faults.has(Fault::ItemErrorsAtRoot) {
        let first = items(&mut outcome.body).find_map(|item| item.get("error")?.get(0).cloned());
        if let Some(mut error) = first {
            insert(&mut error, "", "@context", json!(OPENACTIVE_CONTEXT));
            outcome.body = error;
        }
    }
    if faults.has(Fault::ItemErrorsStatus200) {
        outcome.status = 200;
    }
}

/// Order Status.
pub(super) fn order_status(faults: &Faults, body: &mut Value) {
    if faults.none() {
        return;
    }
    document(faults, body);
    misstatements::order_status(faults, body);
    if faults.has(Fault::OrderStatusDropsItem) {
        drop_last_item(body);
    }
    if faults.has(Fault::OrderStatusStale) {
        for item in items(body) {
            item.insert("orderItemStatus".to_owned(), json!(openactive("OrderItemConfirmed")));
        }
    }
}

/// An Order in the Orders feed.
pub(super) fn orders_feed_item(faults: &Faults, parties: &Parties, data: &mut Value) {
    if faults.none() {
        return;
    }
    document(faults, data);
    misstatements::orders_feed_item(faults, data);
    if faults.has(Fault::OrdersFeedDropsItem) {
        drop_last_item(data);
    }
    if faults.has(Fault::OrdersFeedShowsCustomer)
        && let Some(customer) = &parties.customer
    {
        insert(data, "", "customer", customer.clone());
    }
    for item in items(data) {
        if faults.has(Fault::OrdersFeedWithErrors) {
            let name = ErrorType::OpportunityIsFull.name();
            item.insert("error".to_owned(), json!([{ "@type": name, "name": "Full", "statusCode": 409 }]));
        }
        if faults.has(Fault::AccessCodeRemoved) {
            item.remove("accessCode");
        }
        let attendance = ["AttendeeAttended", "AttendeeAbsent"].map(openactive);
        let status_now = item.get("orderItemStatus").and_then(Value::as_str).unwrap_or_default();
        if faults.has(Fault::AttendanceLegacyStatus) && attendance.iter().any(|status| status == status_now) {
            item.insert("orderItemStatus".to_owned(), json!(openactive("CustomerAttended")));
        }
    }
}

/// An item of an opportunity feed, as text.
pub(super) fn open_feed_item(faults: &Faults, text: String) -> String {
    let concerned = [
        Fault::FeedsModifiedText,
        Fault::FeedsDeletedWithData,
        Fault::FeedsWithoutKind,
        Fault::FeedsOddItems,
        Fault::FlowRequirementEmpty,
        Fault::PrepaymentOptionalPublished,
        Fault::SellerTermsWithoutTls,
        Fault::OffersShareId,
        Fault::FeedsWithJsonLd,
        Fault::FeedsShareKind,
        Fault::FlowRequirementUnpublished,
    ];
    if !concerned.iter().any(|fault| faults.has(*fault)) {
        return text;
    }
    let Ok(mut item) = serde_json::from_str::<Value>(&text) else { return text };
    let member = |name: &str| item.get(name).cloned().unwrap_or_default();
    let (state, id, modified) = (member("state"), member("id"), member("modified").to_string());
    if faults.has(Fault::FeedsModifiedText) {
        insert(&mut item, "", "modified", json!(modified));
    }
    if faults.has(Fault::FeedsDeletedWithData) && state == "deleted" {
        let data = json!({ "@type": "Event", "@id": id });
        insert(&mut item, "", "data", data);
    }
    if faults.has(Fault::FeedsOddItems) && state == "updated" {
        insert(&mut item, "/data", "colour", json!("green"));
        insert(&mut item, "/data", "url", json!("no url"));
    }
    if faults.has(Fault::FeedsWithoutKind) {
        remove(&mut item, "", "kind");
    }
    if faults.has(Fault::FeedsWithJsonLd) {
        insert(&mut item, "", "@type", json!("Item"));
    }
    if faults.has(Fault::FeedsShareKind) && item.get("kind").is_some_and(|kind| kind == "SessionSeries") {
        insert(&mut item, "", "kind", json!("ScheduledSession"));
    }
    if faults.has(Fault::OffersShareId)
        && let Some(offers) = item.pointer_mut("/data/offers").and_then(Value::as_array_mut)
        && let Some(mut other) = offers.first().cloned()
    {
        insert(&mut other, "", "name", json!("Another offer"));
        offers.push(other);
    }
    for offer in item.pointer_mut("/data/offers").and_then(Value::as_array_mut).into_iter().flatten() {
        if faults.has(Fault::FlowRequirementEmpty) && offer.get("openBookingFlowRequirement").is_none() {
            insert(offer, "", "openBookingFlowRequirement", json!([]));
        }
        if faults.has(Fault::FlowRequirementUnpublished) {
            remove(offer, "", "openBookingFlowRequirement");
        }
        if faults.has(Fault::PrepaymentOptionalPublished) {
            insert(offer, "", "openBookingPrepayment", json!(openactive("Optional")));
        }
    }
    for seller in ["/data/organizer", "/data/provider", "/data/aggregateFacilityUse/provider"] {
        let terms = item.pointer_mut(&format!("{seller}/termsOfService")).and_then(Value::as_array_mut);
        for terms in terms.into_iter().flatten().filter(|_| faults.has(Fault::SellerTermsWithoutTls)) {
            if let Some(url) = terms.get("url").and_then(Value::as_str).map(|url| url.replace("https:", "http:")) {
                insert(terms, "", "url", json!(url));
            }
        }
    }
    item.to_string()
}

/// The items of a page of an Orders feed or OrderProposals feed, as text.
pub(super) fn order_feed_items(faults: &Faults, items: &mut Vec<String>) {
    for text in items.iter_mut() {
        let Ok(mut item) = serde_json::from_str::<Value>(text) else { continue };
        if faults.has(Fault::OrderFeedsModifiedText) {
            let modified = item.get("modified").map(ToString::to_string);
            insert(&mut item, "", "modified", json!(modified));
        }
        if faults.has(Fault::OrderFeedsDeletedWithData) && item.get("state").is_some_and(|state| state == "deleted") {
            insert(&mut item, "", "data", json!({ "@type": "Order" }));
        }
        if faults.has(Fault::OrderFeedsWithoutKind) {
            remove(&mut item, "", "kind");
        }
        *text = item.to_string();
    }
    if faults.has(Fault::OrderFeedsRepeatItems) {
        items.extend(items.last().cloned());
    }
}

/// The bytes of a response.
pub(super) async fn bytes(faults: &Faults, response: Response) -> Response {
    if !faults.has(Fault::DuplicateKeys) && !faults.has(Fault::ByteOrderMark) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut text = String::from_utf8_lossy(&body).into_owned();
    if faults.has(Fault::DuplicateKeys) {
        text = text.replace("{\"@context\":", "{\"@context\":\"https://example.org/\",\"@context\":");
    }
    if faults.has(Fault::ByteOrderMark) && !text.is_empty() {
        text.insert(0, BYTE_ORDER_MARK);
    }
    Response::from_parts(parts, text.into())
}

/// Changes an error that is the whole response: its status and its body.
pub(super) fn problem(faults: &Faults, problem: &Problem) -> (u16, Value) {
    let mut body = problem.body();
    if faults.has(Fault::ErrorsUntyped) {
        insert(&mut body, "", "@type", json!(ErrorType::OpenBooking.name()));
    }
    if faults.has(Fault::ErrorsWithoutContext) {
        remove(&mut body, "", "@context");
    }
    if faults.has(Fault::UnknownEndpointStatus200) && problem.error == ErrorType::UnknownOrIncorrectEndpoint {
        return (200, json!({ "@context": OPENACTIVE_CONTEXT }));
    }
    for (fault, error, other) in [
        (Fault::SellerNotFoundUnnamed, ErrorType::SellerNotFound, ErrorType::SellerMismatch),
        (Fault::VerbsUnnamed, ErrorType::MethodNotAllowed, ErrorType::UnknownOrIncorrectEndpoint),
    ] {
        if faults.has(fault) && problem.error == error {
            insert(&mut body, "", "@type", json!(other.name()));
        }
    }
    if faults.has(Fault::ErrorsUndescribed) {
        remove(&mut body, "", "description");
    }
    let status = if faults.has(Fault::ErrorsStatus400) { 400 } else { problem.status() };
    (status, body)
}
