//! What an opportunity says of itself. The opportunity is a child with its parents embedded.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::vocabulary::{Flow, OPENACTIVE, OpportunityType};

/// `@type`
#[must_use]
pub fn type_of(value: &Value) -> Option<&str> {
    value.get("@type").and_then(Value::as_str)
}

/// The identifier of a thing that is given as an object with `@id`, or as its identifier alone.
#[must_use]
pub fn id_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("@id").and_then(Value::as_str))
}

/// The type by which configurations know it; none for what is not bookable by itself.
#[must_use]
pub fn opportunity_type(opportunity: &Value) -> Option<OpportunityType> {
    let parent = |name: &str| opportunity.get(name).and_then(type_of);
    match (type_of(opportunity)?, parent("facilityUse"), parent("superEvent")) {
        ("ScheduledSession", _, Some("SessionSeries")) => Some(OpportunityType::ScheduledSession),
        ("Slot", Some("IndividualFacilityUse"), _) => Some(OpportunityType::IndividualFacilityUseSlot),
        ("Slot", Some("FacilityUse"), _) => Some(OpportunityType::FacilityUseSlot),
        ("CourseInstance", ..) => Some(OpportunityType::CourseInstance),
        ("HeadlineEvent", ..) => Some(OpportunityType::HeadlineEvent),
        ("Event", _, Some("CourseInstance")) => Some(OpportunityType::CourseInstanceSubEvent),
        ("Event", _, Some("HeadlineEvent")) => Some(OpportunityType::HeadlineEventSubEvent),
        ("Event", ..) => Some(OpportunityType::Event),
        ("OnDemandEvent", ..) => Some(OpportunityType::OnDemandEvent),
        _ => None,
    }
}

/// The property that holds the remaining capacity, if there is one.
#[must_use]
pub fn capacity_property(opportunity: &Value) -> Option<&'static str> {
    ["remainingAttendeeCapacity", "remainingUses"].into_iter().find(|name| opportunity.get(*name).is_some())
}

/// The remaining capacity.
#[must_use]
pub fn capacity(opportunity: &Value) -> Option<i64> {
    opportunity.get(capacity_property(opportunity)?).and_then(integer)
}

/// The decimal number that a JSON number is.
pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The integer that a JSON number is: 3, 3.0 and 3e0 are 3. `None` for any other value.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    decimal(value).filter(Decimal::is_integer).and_then(|number| i64::try_from(number).ok())
}

/// Where the Seller of an opportunity may stand, nearest first.
const SELLER_PATHS: &[&str] = &[
    "/organizer",
    "/superEvent/organizer",
    "/superEvent/superEvent/organizer",
    "/facilityUse/provider",
    "/facilityUse/aggregateFacilityUse/provider",
];

/// The Seller: `organizer` or `provider` of the opportunity or a parent.
#[must_use]
pub fn seller(opportunity: &Value) -> Option<&Value> {
    let found = || SELLER_PATHS.iter().filter_map(|path| opportunity.pointer(path));
    found().find(|seller| seller.is_object()).or_else(|| found().next())
}

/// The `@id` of the Seller.
#[must_use]
pub fn seller_id(opportunity: &Value) -> Option<&str> {
    seller(opportunity).and_then(id_of)
}

/// Its own offers, and those of its `superEvent` which none of its own overrides (by `identifier`).
#[must_use]
pub fn offers(opportunity: &Value) -> Vec<&Value> {
    fn list(value: Option<&Value>) -> &[Value] {
        value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
    let own: Vec<&Value> = list(opportunity.get("offers")).iter().collect();
    let overridden = |offer: &Value| {
        offer
            .get("identifier")
            .is_some_and(|identifier| own.iter().any(|own| own.get("identifier") == Some(identifier)))
    };
    let inherited = list(opportunity.pointer("/superEvent/offers")).iter().filter(|offer| !overridden(offer));
    own.iter().copied().chain(inherited).collect()
}

/// Whether the `openBookingFlowRequirement` of an offer names `term`.
#[must_use]
pub fn requires(offer: &Value, term: &str) -> bool {
    let is = |known: &str| known.strip_prefix(OPENACTIVE) == Some(term);
    match offer.get("openBookingFlowRequirement") {
        Some(Value::Array(terms)) => terms.iter().filter_map(Value::as_str).any(is),
        Some(Value::String(known)) => is(known),
        _ => false,
    }
}

/// The flow in which an offer is booked.
pub(super) fn flow_of(offer: &Value) -> Flow {
    if requires(offer, "OpenBookingApproval") { Flow::Approval } else { Flow::Simple }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_number_is_one_in_every_notation() {
        for (text, expected) in
            [("3", Some(3)), ("3.0", Some(3)), ("3e0", Some(3)), ("-1", Some(-1)), ("2.5", None), ("1e300", None)]
        {
            assert_eq!(integer(&serde_json::from_str(text).unwrap()), expected, "{text}");
        }
        assert_eq!(integer(&json!("3")), None);
        assert_eq!(capacity(&json!({ "remainingUses": 2.0 })), Some(2));
    }
}
