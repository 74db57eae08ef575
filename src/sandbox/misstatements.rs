//! What faults make documents say that is not so, or not for this document to say. The honest code never knows of them.

use serde_json::{Map, Value, json};

use crate::vocabulary::openactive;

use super::booking::Operation;
use super::faults::{Fault, Faults};

fn items(document: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let items = document.get_mut("orderedItem").and_then(Value::as_array_mut);
    items.into_iter().flatten().filter_map(Value::as_object_mut)
}

fn put(document: &mut Value, parent: &str, name: &str, value: Value) {
    if let Some(object) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
        object.insert(name.to_owned(), value);
    }
}

/// Adds to a price that is there.
fn raise(document: &mut Value, pointer: &str, by: f64) {
    if let Some(price) = document.pointer_mut(pointer)
        && let Some(amount) = price.as_f64()
    {
        *price = json!(((amount + by) * 100.0).round() / 100.0);
    }
}

fn cancelled(item: &Map<String, Value>) -> bool {
    item.get("orderItemStatus").and_then(Value::as_str).is_some_and(|status| status.ends_with("Cancelled"))
}

/// Changes the response to C1, C2, P or B.
pub(super) fn answer(faults: &Faults, operation: Operation, request: &Value, succeeded: bool, body: &mut Value) {
    let quote = !operation.books();
    whole(faults, body);
    if faults.has(Fault::IdsElsewhere)
        && let Some(id) = body.get("@id").and_then(Value::as_str)
    {
        let id = format!("{id}/elsewhere");
        put(body, "", "@id", json!(id));
    }
    if faults.has(Fault::BrokerRenamed) && body.get("broker").is_some() {
        put(body, "/broker", "name", json!("Somebody Else"));
    }
    if faults.has(Fault::QuotePaymentMissing)
        && quote
        && let Some(body) = body.as_object_mut()
    {
        body.remove("payment");
    }
    if faults.has(Fault::CustomerOfReseller)
        && operation != Operation::C1
        && body.get("customer").is_none()
        && succeeded
    {
        put(body, "", "customer", json!({ "@type": "Person", "email": "robin@example.com" }));
    }
    if faults.has(Fault::CustomerExtended) && body.get("customer").is_some() {
        put(body, "/customer", "identifier", json!("member-4711"));
    }
    if faults.has(Fault::PaymentAdded) && operation.books() && body.get("payment").is_none() {
        put(body, "", "payment", json!({ "@type": "Payment", "identifier": "none-was-made" }));
    }
    if faults.has(Fault::ExtensionsReflected)
        && let (Some(sent), Some(body)) = (request.as_object(), body.as_object_mut())
    {
        let extensions = sent.iter().filter(|(name, _)| name.contains(':'));
        body.extend(extensions.map(|(name, value)| (name.clone(), value.clone())));
    }
    if faults.has(Fault::RejectedItemsCounted) && !succeeded && quote {
        raise(body, "/totalPaymentDue/price", 10.0);
    }
    if faults.has(Fault::ResponsesVary) {
        let now = jiff::Timestamp::now().as_nanosecond().to_string();
        put(body, "/bookingService", "softwareVersion", json!(now));
    }
    if faults.has(Fault::OrderRequiresApprovalAlways) && quote {
        put(body, "", "orderRequiresApproval", json!(true));
    }
    if faults.has(Fault::OrderStatusIncluded) && operation == Operation::B {
        put(body, "", "orderStatus", json!("https://schema.org/OrderDelivered"));
    }
    for (index, item) in items(body).enumerate() {
        if faults.has(Fault::AttendeeAtC1) && operation == Operation::C1 {
            item.insert("attendee".to_owned(), json!({ "@type": "Person", "email": "robin@example.com" }));
        }
        if faults.has(Fault::ChannelInQuotes) && quote {
            let room = json!({ "@type": "VirtualLocation", "name": "Room", "url": "https://rooms.example.com/1" });
            item.insert("accessChannel".to_owned(), room);
        }
        if faults.has(Fault::ItemsByIndex) && item.contains_key("position") {
            item.insert("position".to_owned(), json!(index));
        }
        if faults.has(Fault::BookingErrorInQuotes)
            && quote
            && let Some(errors) = item.get_mut("error").and_then(Value::as_array_mut)
        {
            errors.iter_mut().for_each(|error| put(error, "", "@type", json!("UnableToProcessOrderItemError")));
        }
        let unknown = [
            "UnknownOpportunityError",
            "UnknownOfferError",
            "UnacceptableOfferError",
            "InvalidOpportunityOrOfferIdError",
        ];
        if let Some(errors) = item.get_mut("error").and_then(Value::as_array_mut) {
            for error in errors {
                if faults.has(Fault::ReferencesUnnamed) && unknown.iter().any(|unknown| error["@type"] == *unknown) {
                    put(error, "", "@type", json!("OpportunityOfferPairNotBookableError"));
                }
                if faults.has(Fault::ErrorsUndescribed)
                    && error["@type"] == "InvalidIntakeFormError"
                    && let Some(error) = error.as_object_mut()
                {
                    error.remove("description");
                }
            }
        }
    }
}

/// Changes members that all documents about an Order have.
fn whole(faults: &Faults, body: &mut Value) {
    if faults.has(Fault::TelephoneListed)
        && let Some(telephone) = body.pointer_mut("/customer/telephone").filter(|telephone| telephone.is_string())
    {
        *telephone = json!([telephone.take()]);
    }
    if faults.has(Fault::AccessDetailsShared) {
        share_access(body);
    }
    if faults.has(Fault::TermsAlike)
        && let Some(terms) = body.pointer_mut("/bookingService/termsOfService").and_then(Value::as_array_mut)
    {
        terms.iter_mut().for_each(|terms| put(terms, "", "name", json!("Terms")));
    }
    if faults.has(Fault::TaxModeFlipped)
        && let Some(mode) = body.pointer("/seller/taxMode").and_then(Value::as_str)
    {
        let other = if mode.ends_with("TaxNet") { "TaxGross" } else { "TaxNet" };
        put(body, "/seller", "taxMode", json!(openactive(other)));
    }
    if faults.has(Fault::SellerRenamed) {
        put(body, "/seller", "telephone", json!("01632 961999"));
    }
    if faults.has(Fault::PaymentMethodIncluded) && body.get("payment").is_some() {
        put(body, "/payment", "paymentMethod", json!("http://purl.org/goodrelations/v1#Cash"));
    }
    if faults.has(Fault::ExcludedTaxIncluded) && body.get("taxCalculationExcluded") == Some(&Value::Bool(true)) {
        let tax = json!([{ "@type": "TaxChargeSpecification", "name": "VAT", "price": 1, "priceCurrency": "GBP", "rate": 0.2 }]);
        put(body, "", "totalPaymentTax", tax);
    }
    for (number, item) in items(body).enumerate() {
        if faults.has(Fault::ItemIdsByNumber)
            && let Some(id) = item.get("@id").and_then(Value::as_str)
        {
            let id = id.replace("#/orderedItem/", "/items/");
            item.insert("@id".to_owned(), json!(id));
        }
        if let Some(opportunity) = item.get_mut("orderedItem") {
            if faults.has(Fault::PlacesWithoutCoordinates) {
                for parent in ["", "/superEvent", "/facilityUse"] {
                    let place = opportunity.pointer_mut(&format!("{parent}/location")).and_then(Value::as_object_mut);
                    place.map(|place| place.remove("geo"));
                }
            }
            if faults.has(Fault::InstructionsMissing) {
                for parent in ["", "/superEvent"] {
                    let event = opportunity.pointer_mut(parent).and_then(Value::as_object_mut);
                    event.map(|event| event.remove("attendeeInstructions"));
                }
            }
            if faults.has(Fault::AgeRangeAdded) {
                put(opportunity, "", "ageRange", json!({ "@type": "QuantitativeValue", "minValue": 18 }));
            }
            if faults.has(Fault::PlacesMoved) {
                for parent in ["", "/superEvent", "/facilityUse"] {
                    put(opportunity, &format!("{parent}/location/address"), "streetAddress", json!("1 Another Street"));
                }
            }
            if faults.has(Fault::ParentsOmitted)
                && let Some(event) =
                    opportunity.as_object_mut().filter(|event| event.get("@type") == Some(&json!("Event")))
            {
                event.remove("superEvent");
            }
        }
        if let Some(channel) = item.get_mut("accessChannel").and_then(Value::as_object_mut)
            && faults.has(Fault::ChannelsWithoutDetails)
        {
            channel.retain(|name, _| ["@type", "name", "url"].contains(&name.as_str()));
        }
        if let Some(errors) = item.get_mut("error").and_then(Value::as_array_mut)
            && faults.has(Fault::ErrorNamesVary)
        {
            errors.iter_mut().for_each(|error| put(error, "", "name", json!(format!("Error {number}"))));
        }
        if let Some(taxes) = item.get_mut("unitTaxSpecification").and_then(Value::as_array_mut)
            && faults.has(Fault::CurrenciesMixed)
        {
            taxes.iter_mut().for_each(|tax| put(tax, "", "priceCurrency", json!("EUR")));
        }
        if let Some(taxes) = item.get_mut("unitTaxSpecification").and_then(Value::as_array_mut)
            && faults.has(Fault::TaxRateOther)
        {
            taxes.iter_mut().for_each(|tax| put(tax, "", "rate", json!(0.05)));
        }
        if let Some(offer) = item.get_mut("acceptedOffer").filter(|offer| offer.is_object()) {
            if faults.has(Fault::PricesHuge) {
                put(offer, "", "price", json!(7.9e28));
            }
            if faults.has(Fault::OffersWithTerms) {
                let terms =
                    json!([{ "@type": "TermsOfUse", "name": "Terms", "url": "https://offers.example.org/terms" }]);
                put(offer, "", "termsOfService", terms);
            }
            if faults.has(Fault::OffersExtended) && offer.get("latestCancellationBeforeStartDate").is_none() {
                put(offer, "", "latestCancellationBeforeStartDate", json!("P1D"));
            }
            if faults.has(Fault::OffersRenamed) {
                put(offer, "", "name", json!("Another offer"));
            }
            if faults.has(Fault::FlowRequirementRepeated) {
                put(offer, "", "openBookingFlowRequirement", json!([openactive("OpenBookingApproval")]));
            }
        }
        if let Some(opportunity) =
            item.get_mut("orderedItem").filter(|opportunity| opportunity.get("startDate").is_some())
            && faults.has(Fault::OpportunitiesMoved)
        {
            put(opportunity, "", "startDate", json!("2031-01-01T10:00:00Z"));
        }
        if let Some(field) = item.get_mut("orderItemIntakeForm").and_then(|form| form.get_mut(0))
            && faults.has(Fault::FormFieldsAbstract)
        {
            put(field, "", "@type", json!("PropertyValueSpecification"));
        }
        if let Some(passes) = item.get_mut("accessPass").and_then(Value::as_array_mut)
            && faults.has(Fault::BarcodesWithImage)
            && let Some(barcode) = passes.iter().find(|pass| pass["@type"] == "Barcode")
        {
            let image = json!({ "@type": "ImageObject", "url": barcode["url"] });
            passes.push(image);
        }
        if let Some(passes) = item.get_mut("accessPass").and_then(Value::as_array_mut)
            && faults.has(Fault::PassesInTwoFormats)
            && let Some(mut again) = passes.iter().find(|pass| pass["@type"] == "ImageObject").cloned()
        {
            let url = again.get("url").and_then(Value::as_str).unwrap_or_default().replace(".png", ".jpeg");
            put(&mut again, "", "url", json!(url));
            passes.push(again);
        }
    }
}

/// Gives all OrderItems the access details of the first one that has any.
fn share_access(body: &mut Value) {
    for name in ["accessCode", "accessPass"] {
        let Some(first) = items(body).find_map(|item| item.get(name).cloned()) else { continue };
        items(body).filter(|item| item.contains_key(name)).for_each(|item| {
            item.insert(name.to_owned(), first.clone());
        });
    }
}

/// An Order in the Orders feed.
pub(super) fn orders_feed_item(faults: &Faults, data: &mut Value) {
    if faults.none() {
        return;
    }
    whole(faults, data);
    if faults.has(Fault::FeedIdentifierOther) {
        put(data, "", "identifier", json!("00000000-0000-4000-8000-000000000000"));
    }
    if faults.has(Fault::FeedWithoutTax)
        && let Some(data) = data.as_object_mut()
    {
        data.remove("totalPaymentTax");
    }
    if faults.has(Fault::FeedSaysNotExcluded) {
        put(data, "", "taxCalculationExcluded", json!(false));
    }
    if faults.has(Fault::TotalRises) {
        raise(data, "/totalPaymentDue/price", 5.0);
    }
    if faults.has(Fault::CancelledTaxKept) {
        let all: f64 = items(data)
            .filter_map(|item| item.get("unitTaxSpecification")?.get(0)?.get("price")?.as_f64())
            .map(|price| (price * 100.0).round())
            .sum();
        if let Some(price) = data.pointer_mut("/totalPaymentTax/0/price") {
            *price = json!(all / 100.0);
        }
    }
    let every = items(data).all(|item| cancelled(item));
    let several = items(data).count() > 1;
    for (index, item) in items(data).enumerate() {
        if faults.has(Fault::NoticeOnCancelled) && cancelled(item) {
            item.insert("customerNotice".to_owned(), json!("Please bring a towel."));
        }
        if faults.has(Fault::CancellationUndone) && index == 0 && every && several {
            item.insert("orderItemStatus".to_owned(), json!(openactive("OrderItemConfirmed")));
        }
        if faults.has(Fault::FeedOpportunitiesRenamed)
            && let Some(opportunity) = item.get_mut("orderedItem")
        {
            for parent in ["", "/superEvent", "/facilityUse"] {
                if opportunity.pointer(&format!("{parent}/name")).is_some() {
                    put(opportunity, parent, "name", json!("Something else"));
                }
            }
        }
        if faults.has(Fault::FeedWithoutItemTax) {
            item.remove("unitTaxSpecification");
        }
        if let Some(offer) = item.get_mut("acceptedOffer") {
            if faults.has(Fault::FeedShortensOffers)
                && let Some(offer) = offer.as_object_mut()
            {
                offer.remove("identifier");
            }
            if faults.has(Fault::FeedRenamesOffers) {
                put(offer, "", "identifier", json!("other"));
            }
        }
    }
}

/// Confirms cancelled OrderItems again. Returns whether there were any.
pub(super) fn restore(data: &mut Value) -> bool {
    let mut restored = false;
    for item in items(data).filter(|item| cancelled(item)) {
        item.insert("orderItemStatus".to_owned(), json!(openactive("OrderItemConfirmed")));
        restored = true;
    }
    restored
}

/// An OrderProposal in the OrderProposals feed. `note`: what the customer wrote.
pub(super) fn proposals_feed_item(faults: &Faults, note: Option<&str>, data: &mut Value) {
    if faults.none() {
        return;
    }
    if faults.has(Fault::NotePublished)
        && let Some(note) = note
    {
        put(data, "", "orderCustomerNote", json!(note));
    }
    for item in items(data) {
        if faults.has(Fault::ProposalsFeedReprices)
            && let Some(offer) = item.get_mut("acceptedOffer")
        {
            raise(offer, "/price", 1.0);
        }
        if faults.has(Fault::FormsMissingInFeed) {
            item.remove("orderItemIntakeForm");
            item.remove("orderItemIntakeFormResponse");
        }
    }
}

/// Order Status.
pub(super) fn order_status(faults: &Faults, body: &mut Value) {
    whole(faults, body);
    let early = body.get("@type").is_some_and(|kind| kind != "Order");
    if faults.has(if early { Fault::EarlyStatusRepriced } else { Fault::OrderStatusTotalsOther }) {
        raise(body, "/totalPaymentDue/price", 1.0);
    }
    if faults.has(Fault::CustomerNotRetained)
        && let Some(body) = body.as_object_mut()
    {
        body.remove("customer");
    }
}
