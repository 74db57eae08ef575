//! Values in other notations.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Map, Value, json};

use super::ids;
use super::list::{Variant, Variants};
use super::place::Place;

/// Lists that have no order.
const SETS: &[&str] = &[
    "activity",
    "facilityType",
    "termsOfService",
    "accessCode",
    "accessPass",
    "openBookingFlowRequirement",
    "attendeeDetailsRequired",
    "orderItemIntakeForm",
    "unitTaxSpecification",
    "totalPaymentTax",
    "error",
    "offers",
];
/// Types of opportunities and of what they are part of.
const OPPORTUNITIES: &[&str] = &[
    "ScheduledSession",
    "SessionSeries",
    "EventSeries",
    "Slot",
    "FacilityUse",
    "IndividualFacilityUse",
    "CourseInstance",
    "HeadlineEvent",
    "Event",
    "OnDemandEvent",
];
/// Those of them that are no events.
const FACILITIES: &[&str] = &["Slot", "FacilityUse", "IndividualFacilityUse"];

/// The type of an object.
pub(super) fn kind(object: &Map<String, Value>) -> &str {
    object.get("@type").and_then(Value::as_str).unwrap_or_default()
}

/// Whether an object is an opportunity, or what one is part of.
pub(super) fn is_opportunity(object: &Map<String, Value>) -> bool {
    OPPORTUNITIES.contains(&kind(object))
}

/// Whether an object is an event.
pub(super) fn is_event(object: &Map<String, Value>) -> bool {
    is_opportunity(object) && !FACILITIES.contains(&kind(object))
}

/// An object with other notations of its values.
pub(super) fn object(variants: &Variants, place: Place, object: &mut Map<String, Value>) {
    let (opportunity, event) = (is_opportunity(object), is_event(object));
    let described = opportunity || ["Offer", "Place"].contains(&kind(object));
    if variants.has(Variant::SetsReversed) {
        for name in SETS {
            if let Some(Value::Array(items)) = object.get_mut(*name) {
                items.reverse();
            }
        }
    }
    if variants.has(Variant::OrderItemsReversed)
        && let Some(Value::Array(items)) = object.get_mut("orderedItem")
    {
        items.reverse();
    }
    if variants.has(Variant::BrokerUrlsNormalised)
        && let Some(Value::String(url)) = object.get_mut("broker").and_then(|broker| broker.get_mut("url"))
        && url::Url::parse(url).is_ok()
    {
        *url = url::Url::parse(url).map_or_else(|_| url.clone(), Into::into);
    }
    if variants.has(Variant::ProposalsOfKindOrder) && object.get("kind") == Some(&json!("OrderProposal")) {
        object.insert("kind".to_owned(), json!("Order"));
    }
    if variants.has(Variant::TaxTotalsRounded)
        && let Some(Value::Array(taxes)) = object.get_mut("totalPaymentTax")
    {
        taxes.iter_mut().for_each(round_up);
    }
    if described && let Some(identifier) = object.get_mut("identifier") {
        identify(variants, opportunity, identifier);
    }
    if (opportunity || kind(object) == "Place")
        && variants.has(Variant::NamesInOtherScripts)
        && let Some(Value::String(name)) = object.get_mut("name")
    {
        name.push_str(" – Übung für 健身 \u{1f9d8}\u{1f3fd} ﺭﻴﺎﺿﺓ");
    }
    if (opportunity || kind(object) == "Place")
        && variants.has(Variant::UrlsWithQueries)
        && let Some(Value::String(url)) = object.get_mut("url")
    {
        url.push_str("?from=openactive&filter=%7B%22a%22:1%7D#book");
    }
    if opportunity && variants.has(Variant::OpportunitiesExtended) {
        object.insert("acme:roomTemperature".to_owned(), json!(21.5));
        object.insert("acme:tags".to_owned(), json!(["calm", "bright"]));
    }
    if event && variants.has(Variant::SchemaOrgProperties) {
        object.insert("inLanguage".to_owned(), json!("en-GB"));
    }
    if kind(object) == "Offer" && variants.has(Variant::OffersExtended) {
        object.insert("acme:loyaltyPoints".to_owned(), json!(25));
    }
    let ordered = ["Order", "OrderQuote", "OrderProposal", "OrderItem", "PriceSpecification", "Lease"];
    if ordered.contains(&kind(object)) && variants.has(Variant::OrdersExtended) {
        object.insert("acme:reference".to_owned(), json!(format!("ref-{}", kind(object).to_lowercase())));
    }
    for value in object.values_mut() {
        match value {
            Value::String(text) => retext(variants, place, text),
            Value::Array(items) => items.iter_mut().for_each(|item| {
                if let Value::String(text) = item {
                    retext(variants, place, text);
                }
            }),
            _ => {}
        }
    }
}

/// A tax charge that is rounded up where it could be rounded down, by a penny.
fn round_up(tax: &mut Value) {
    let Some(price) = tax.get_mut("price") else { return };
    let amount = price.as_f64().filter(|amount| *amount > 0.0);
    if let Some(amount) = amount {
        *price = json!(((amount + 0.01) * 100.0).round() / 100.0);
    }
}

fn identify(variants: &Variants, number: bool, identifier: &mut Value) {
    let text = identifier.as_str().map_or_else(|| identifier.to_string(), str::to_owned);
    let property = |name: &str| json!({ "@type": "PropertyValue", "name": name, "propertyID": name, "value": text });
    if variants.has(Variant::IdentifiersAsText) && number {
        *identifier = json!(text);
    } else if variants.has(Variant::IdentifiersAsPropertyValues) {
        *identifier = property("ActivityCode");
    } else if variants.has(Variant::IdentifiersAsLists) {
        *identifier = json!([property("ActivityCode"), property("LegacyCode")]);
    }
}

/// A text in another notation, where it is an instant, a duration or an identifier.
fn retext(variants: &Variants, place: Place, text: &mut String) {
    let other =
        instant(variants, place, text).or_else(|| duration(variants, text)).or_else(|| ids::outward(variants, text));
    if let Some(other) = other {
        *text = other;
    }
}

/// Whether a text is an instant as this system writes it: `2030-01-31T18:00:00Z`.
fn is_instant(text: &str) -> bool {
    let form = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 20 && text.bytes().enumerate().all(form)
}

fn instant(variants: &Variants, place: Place, text: &str) -> Option<String> {
    if !is_instant(text) {
        return None;
    }
    let body = text.trim_end_matches('Z');
    let local = |minutes: i32| {
        let offset = Offset::from_seconds(minutes * 60).ok()?;
        let local = text.parse::<Timestamp>().ok()?.to_zoned(TimeZone::fixed(offset));
        Some(local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    };
    if variants.has(Variant::InstantsWithZeroOffset) {
        Some(format!("{body}+00:00"))
    } else if variants.has(Variant::InstantsInLocalTime) {
        local(60)
    } else if variants.has(Variant::InstantsInResponsesInLocalTime) && place.booking() {
        local(5 * 60 + 45)
    } else if variants.has(Variant::InstantsWithoutSeconds) {
        body.strip_suffix(":00").map(|minute| format!("{minute}Z"))
    } else {
        None
    }
}

/// Days, hours, minutes and seconds of a duration that has one part alone: `PT1H`, `P21D`.
fn seconds(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (unit, number) = match rest.strip_prefix('T') {
        Some(time) => match time.chars().last()? {
            'H' => (3600, time.trim_end_matches('H')),
            'M' => (60, time.trim_end_matches('M')),
            'S' => (1, time.trim_end_matches('S')),
            _ => return None,
        },
        None => (24 * 3600, rest.strip_suffix('D')?),
    };
    number.parse::<i64>().ok()?.checked_mul(unit)
}

fn duration(variants: &Variants, text: &str) -> Option<String> {
    let wanted = [
        (Variant::DurationsInMinutes, 60, "PT", "M"),
        (Variant::DurationsInSeconds, 1, "PT", "S"),
        (Variant::DurationsInDays, 24 * 3600, "P", "D"),
    ];
    let (_, unit, before, after) = wanted.into_iter().find(|(variant, ..)| variants.has(*variant))?;
    // A day of the calendar is not always 24 hours long: it stays one.
    let seconds = seconds(text).filter(|_| text.starts_with("PT"))?;
    (seconds % unit == 0).then(|| format!("{before}{}{after}", seconds / unit))
}

#[cfg(test)]
mod tests {
    use super::super::list::{Variant, Variants};
    use super::super::place::Place;
    use super::retext;

    fn written(variant: Variant, place: Place, text: &str) -> String {
        let mut text = text.to_owned();
        retext(&Variants::new(&[variant]), place, &mut text);
        text
    }

    #[test]
    fn instants_stay_what_they_are() {
        for (variant, expected) in [
            (Variant::InstantsWithZeroOffset, "2030-01-31T18:30:00+00:00"),
            (Variant::InstantsInLocalTime, "2030-01-31T19:30:00+01:00"),
            (Variant::InstantsInResponsesInLocalTime, "2030-02-01T00:15:00+05:45"),
            (Variant::InstantsWithoutSeconds, "2030-01-31T18:30Z"),
        ] {
            assert_eq!(written(variant, Place::Quote, "2030-01-31T18:30:00Z"), expected, "{variant}");
            assert_eq!(written(variant, Place::Quote, "2030-01-31"), "2030-01-31", "{variant}");
        }
    }

    #[test]
    fn durations_stay_what_they_are() {
        for (variant, from, to) in [
            (Variant::DurationsInMinutes, "PT1H", "PT60M"),
            (Variant::DurationsInSeconds, "PT10M", "PT600S"),
            (Variant::DurationsInDays, "PT96H", "P4D"),
            (Variant::DurationsInDays, "PT4H", "PT4H"),
            (Variant::DurationsInMinutes, "P1W", "P1W"),
            (Variant::DurationsInMinutes, "P21D", "P21D"),
        ] {
            assert_eq!(written(variant, Place::Quote, from), to, "{variant}");
        }
    }
}
