//! Documents with other objects and properties in them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::list::{Variant, Variants};
use super::place::Place;
use super::values::{is_event, is_opportunity, kind};
use crate::sandbox::clock::now;
use crate::sandbox::feed::OpportunityFeedName;
use crate::sandbox::seller::IDS;
use crate::sandbox::store::Store;
use crate::vocabulary::openactive;

fn remove(object: &mut Map<String, Value>, names: &[&str]) {
    names.iter().for_each(|name| drop(object.remove(*name)));
}

fn insert(object: &mut Map<String, Value>, properties: Value) {
    if let Value::Object(properties) = properties {
        object.extend(properties);
    }
}

fn is_zero(value: Option<&Value>) -> bool {
    value.and_then(Value::as_f64) == Some(0.0)
}

/// An object without some properties, or with more.
pub(super) fn object(variants: &Variants, place: Place, object: &mut Map<String, Value>) {
    let kind = kind(object).to_owned();
    if is_opportunity(object) {
        opportunity(variants, place, object);
    }
    if kind == "SessionSeries" && variants.has(Variant::SeriesWithParent) {
        object.insert("superEvent".to_owned(), grandparent(object));
    }
    if object.contains_key("taxMode") {
        if variants.has(Variant::SellersSparse) {
            remove(object, &["email", "telephone", "logo", "url", "identifier", "sameAs", "vatID"]);
        }
        if variants.has(Variant::OpenBookingUnstated) && object.get("isOpenBookingAllowed") == Some(&Value::Bool(true))
        {
            remove(object, &["isOpenBookingAllowed"]);
        }
        if variants.has(Variant::SellersArePersons) {
            object.insert("@type".to_owned(), json!("Person"));
        }
    }
    match kind.as_str() {
        "Offer" => offer(variants, object),
        "Place" if variants.has(Variant::PlacesWithoutAddress) => remove(object, &["address"]),
        "Place" if variants.has(Variant::PlacesWithoutPosition) => remove(object, &["geo"]),
        "BookingService" if variants.has(Variant::BookingServiceSparse) => remove(object, &["url", "softwareVersion"]),
        "TaxChargeSpecification" => tax_charge(variants, object),
        "VirtualLocation" if variants.has(Variant::ChannelsSparse) => {
            object.retain(|name, _| ["@type", "url"].contains(&name.as_str()));
        }
        "Lease" if variants.has(Variant::LeasesIdentified) => {
            object.insert("identifier".to_owned(), json!("lease-5f3"));
        }
        "PrivacyPolicy" | "TermsOfUse" if variants.has(Variant::TermsOfGeneralType) => {
            object.insert("@type".to_owned(), json!("Terms"));
        }
        "Order" | "OrderQuote" | "OrderProposal" => order(variants, place, object),
        "OrderItem" => order_item(variants, place, object),
        _ => {}
    }
    let unspecified = kind == "PriceSpecification" && variants.has(Variant::PrepaymentOmittedWhereFree);
    if unspecified && is_zero(object.get("price")) {
        remove(object, &["openBookingPrepayment"]);
    }
    let priced = ["Offer", "PriceSpecification"].contains(&kind.as_str());
    if priced && variants.has(Variant::CurrencyOmittedWhereFree) && is_zero(object.get("price")) {
        remove(object, &["priceCurrency"]);
    }
}

fn opportunity(variants: &Variants, place: Place, object: &mut Map<String, Value>) {
    if variants.has(Variant::OpportunitiesSparse) {
        let described = ["description", "image", "ageRange", "genderRestriction", "level", "leader", "hoursAvailable"];
        remove(object, &described);
        remove(object, &["identifier", "maximumAttendeeCapacity", "maximumUses"]);
        if object.get("eventStatus").and_then(Value::as_str) == Some("https://schema.org/EventScheduled") {
            remove(object, &["eventStatus"]);
        }
    }
    if variants.has(Variant::OpportunitiesRich) && object.contains_key("name") {
        insert(
            object,
            json!({
                "description": "For everybody who would like to try.\nBring \u{201c}comfortable\u{201d} clothes.",
                "image": [{
                    "@type": "ImageObject",
                    "url": "https://images.sandbox.example.org/1.jpg",
                    "thumbnail": [{ "@type": "ImageObject", "url": "https://images.sandbox.example.org/1-small.jpg" }]
                }]
            }),
        );
        if is_event(object) {
            insert(
                object,
                json!({
                    "ageRange": { "@type": "QuantitativeValue", "minValue": 16, "maxValue": 60 },
                    "genderRestriction": openactive("NoRestriction"),
                    "isCoached": true,
                    "accessibilityInformation": "There is a ramp at the side entrance.",
                    "programme": {
                        "@type": "Brand",
                        "@id": "https://id.sandbox.example.org/programmes/1",
                        "name": "Keep Moving",
                        "url": "https://keep-moving.example.org/"
                    }
                }),
            );
        }
        if is_event(object) && kind(object) != "OnDemandEvent" {
            object.insert("meetingPoint".to_owned(), json!("At the reception"));
            object.insert("schedulingNote".to_owned(), json!("Not on public holidays"));
        }
    }
    let begins = object.get("startDate").and_then(Value::as_str).and_then(|start| start.parse::<Timestamp>().ok());
    if variants.has(Variant::EndsOmitted)
        && kind(object) == "ScheduledSession"
        && begins.is_some_and(|begins| begins > now())
    {
        remove(object, &["endDate"]);
    }
    if variants.has(Variant::CapacityOmittedInResponses) && place.booking() {
        remove(object, &["remainingAttendeeCapacity", "remainingUses"]);
    }
    if variants.has(Variant::SeriesRepeated) && kind(object) == "ScheduledSession" {
        let inherited = ["name", "url", "activity", "location", "eventAttendanceMode", "attendeeInstructions"];
        let series = object.get("superEvent").and_then(Value::as_object).cloned().unwrap_or_default();
        object.extend(series.into_iter().filter(|(name, _)| inherited.contains(&name.as_str())));
    }
}

/// The EventSeries that a SessionSeries is part of.
fn grandparent(series: &Map<String, Value>) -> Value {
    let mut parent = json!({
        "@type": "EventSeries",
        "@id": format!("{IDS}/event-series/1"),
        "name": "Yoga for everybody",
        "url": "https://riverside-leisure.example.org/yoga"
    });
    if let Some(parent) = parent.as_object_mut() {
        for name in ["activity", "organizer"] {
            if let Some(value) = series.get(name) {
                parent.insert(name.to_owned(), value.clone());
            }
        }
    }
    parent
}

fn offer(variants: &Variants, object: &mut Map<String, Value>) {
    let says = |object: &Map<String, Value>, name: &str, term: &str| {
        object.get(name).and_then(Value::as_str) == Some(openactive(term).as_str())
    };
    if variants.has(Variant::OffersSparse) {
        remove(object, &["name", "identifier", "ageRestriction"]);
        if says(object, "openBookingInAdvance", "Optional") {
            remove(object, &["openBookingInAdvance"]);
        }
    }
    let refund = "allowCustomerCancellationFullRefund";
    if variants.has(Variant::RefundOmittedWhereFalse) && object.get(refund) == Some(&Value::Bool(false)) {
        remove(object, &[refund]);
    }
    if variants.has(Variant::PrepaymentOmittedWhereRequired) && says(object, "openBookingPrepayment", "Required") {
        remove(object, &["openBookingPrepayment"]);
    }
}

fn tax_charge(variants: &Variants, object: &mut Map<String, Value>) {
    if variants.has(Variant::TaxChargesSparse) {
        remove(object, &["rate"]);
        if is_zero(object.get("price")) {
            remove(object, &["priceCurrency"]);
        }
    }
    if variants.has(Variant::TaxChargesIdentified) {
        object.insert("identifier".to_owned(), json!("VAT-20"));
    }
}

fn order(variants: &Variants, place: Place, object: &mut Map<String, Value>) {
    if variants.has(Variant::TaxOmittedWhereFree)
        && object.get("totalPaymentDue").is_some_and(|due| is_zero(due.get("price")))
    {
        remove(object, &["totalPaymentTax"]);
    }
    if variants.has(Variant::OrderNumbers)
        && matches!(place, Place::Order | Place::Status)
        && kind(object) == "Order"
        && let Some(uuid) = object.get("@id").and_then(Value::as_str).and_then(|id| id.rsplit('/').next())
    {
        let number = format!("SB-{}", uuid.chars().take(8).collect::<String>());
        object.insert("orderNumber".to_owned(), json!(number));
    }
    if variants.has(Variant::TaxTotalsOfOwnName) {
        for tax in object.get_mut("totalPaymentTax").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(tax) = tax.as_object_mut() {
                remove(tax, &["rate"]);
                tax.insert("name".to_owned(), json!("Value added tax of the whole order"));
            }
        }
    }
    let proposal = matches!(place, Place::Proposal | Place::Status | Place::ProposalsFeed);
    if variants.has(Variant::SellerNotes) && kind(object) == "OrderProposal" && proposal {
        object.entry("orderSellerNote").or_insert_with(|| json!("We reply within the hour."));
    }
    if variants.has(Variant::OrderIdentifiersOmitted) && place.booking() {
        remove(object, &["identifier"]);
    }
}

fn order_item(variants: &Variants, place: Place, object: &mut Map<String, Value>) {
    let attended = ["OrderItemConfirmed", "AttendeeAttended"].map(openactive);
    let status = object.get("orderItemStatus").and_then(Value::as_str);
    let noticed = status.is_some_and(|status| attended.iter().any(|known| known == status));
    if variants.has(Variant::NoticesForChannels) && object.remove("accessChannel").is_some() && noticed {
        object.insert("customerNotice".to_owned(), json!("The link to the session comes by email."));
    }
    let cancelled =
        object.get("orderItemStatus").and_then(Value::as_str) == Some(openactive("SellerCancelled").as_str());
    if variants.has(Variant::CancellationMessages) && cancelled && !object.contains_key("cancellationMessage") {
        object.insert("cancellationMessage".to_owned(), json!("The boiler is broken: there is no hot water."));
    }
    let free = object.get("acceptedOffer").is_some_and(|offer| is_zero(offer.get("price")));
    if variants.has(Variant::TaxOmittedWhereFree) && free {
        remove(object, &["unitTaxSpecification"]);
    }
    if place != Place::OrdersFeed {
        return;
    }
    if variants.has(Variant::OrdersFeedMinimal) {
        remove(object, &["orderedItem", "acceptedOffer", "unitTaxSpecification"]);
    }
    if variants.has(Variant::OrdersFeedReferences)
        && let Some(Value::Object(opportunity)) = object.get_mut("orderedItem")
    {
        opportunity.retain(|name, _| ["@type", "@id"].contains(&name.as_str()));
    }
}

/// The data of an item of an open feed with what stands in other feeds.
pub(super) fn feed_item(store: &Store, feed: OpportunityFeedName, number: Option<u64>, item: &mut Value) {
    let variants = &store.variants;
    if variants.has(Variant::SlotsInOneFeed)
        && feed == OpportunityFeedName::FacilityUseSlot
        && let Some(item) = item.as_object_mut()
    {
        item.insert("kind".to_owned(), json!("Slot"));
    }
    let Some(data) = item.get_mut("data").and_then(Value::as_object_mut) else { return };
    let parent = |feed: OpportunityFeedName| {
        let mut parent = number.and_then(|number| store.parent(number, feed))?;
        parent.as_object_mut()?.remove("@context");
        Some(parent)
    };
    use OpportunityFeedName as Feed;
    match feed {
        Feed::ScheduledSession if variants.has(Variant::OffersOnSessions) => {
            if let Some(offers) = parent(Feed::SessionSeries).and_then(|series| series.get("offers").cloned()) {
                data.insert("offers".to_owned(), offers);
            }
        }
        Feed::ScheduledSession if variants.has(Variant::SeriesEmbedded) || variants.has(Variant::SingleFeed) => {
            if let Some(series) = parent(Feed::SessionSeries) {
                data.insert("superEvent".to_owned(), series);
            }
        }
        Feed::ScheduledSession if variants.has(Variant::SeriesRepeated) => {
            if let Some(Value::Object(series)) = parent(Feed::SessionSeries) {
                let inherited = ["name", "url", "activity", "location", "eventAttendanceMode", "attendeeInstructions"];
                data.extend(series.into_iter().filter(|(name, _)| inherited.contains(&name.as_str())));
            }
        }
        Feed::FacilityUseSlot | Feed::IndividualFacilityUseSlot if variants.has(Variant::FacilitiesEmbedded) => {
            let of_court = data.get("facilityUse").and_then(Value::as_str).is_some_and(|id| id.contains("individual"));
            let feed = if of_court { Feed::IndividualFacilityUse } else { Feed::FacilityUse };
            if let Some(facility) = parent(feed) {
                data.insert("facilityUse".to_owned(), facility);
            }
        }
        Feed::FacilityUse if variants.has(Variant::CourtsNested) => {
            if let Some(Value::Object(mut court)) = parent(Feed::IndividualFacilityUse) {
                remove(&mut court, &["aggregateFacilityUse"]);
                data.insert("individualFacilityUse".to_owned(), json!([court]));
            }
        }
        _ => {}
    }
}
