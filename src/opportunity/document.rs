//! What an opportunity says of itself. The opportunity is a child with its parents embedded.

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
    opportunity.get(capacity_property(opportunity)?).and_then(Value::as_i64)
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
