//! What answers say of opportunities and offers is what the opportunity feeds say.

use serde_json::{Map, Value};

use super::value::shown;
use crate::compare::{Policy, property_difference};
use crate::opportunity::{requires, seller};
use crate::results::Finding;
use crate::trace::is_override;
use crate::vocabulary::Stage;

use super::row::rows;
use super::seen::{Seen, errors};

rows! {
    TAX_MODE_OF_FEED = "tax-mode-of-feed": "taxMode of the Seller is that of the opportunity feed"
        at [C1 C2 P B], document(tax_mode_of_feed) {
        C1 C2 P B: ["OB-tax-mode-4", "OB-tax-mode-6"],
    }
    OFFER_OF_FEED = "offer-of-feed": "acceptedOffer is what the opportunity feed shows"
        at [C1 C2 P B], document(offer_of_feed) {
        C1 C2 P B: ["OB-acceptedoffer-properties-1", "OB-schema-offer-1"],
    }
    OPPORTUNITY_OF_FEED = "opportunity-of-feed": "orderedItem is what the opportunity feed shows"
        at [C1 C2 P B OrderStatus], document(opportunity_of_feed) {
        C1 C2 P B: ["OB-opportunity-data-properties-4", "OB-opportunity-data-properties-5"],
        OrderStatus: [
            "OB-opportunity-data-properties-4",
            "OB-opportunity-data-properties-5",
            "OB-order-status-4",
        ],
    }
    BOOKING_REQUIREMENTS_OF_FEED = "booking-requirements-of-feed": "what booking needs is what the offers of the opportunity feed announce"
        at [C1 C2], document(needs_of_feed) {
        C1 C2: [
            "OB-minimal-proposal-implementation-1",
            "OB-step-by-step-process-description-0-1",
            "OB-step-by-step-process-description-0-3",
            "OB-oa-orderquote-6",
            "OB-attendee-details-capture-6",
            "OB-additional-details-capture-1",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-19",
            "OB-schema-offer-22",
        ],
    }
}

/// Properties that change with every booking.
const MOVING: &[&str] = &["remainingAttendeeCapacity", "remainingUses", "maximumUses", "@context"];
/// Links by which an opportunity hangs together with others; answers go up, feeds both ways.
const LINKS: &[&str] = &["superEvent", "facilityUse", "aggregateFacilityUse", "location"];

/// Errors of what was told of attendees and forms.
const ABOUT_DETAILS: &[&str] =
    &["IncompleteAttendeeDetailsError", "IncompleteIntakeFormError", "InvalidIntakeFormError"];

/// `taxMode` of the Seller is that of the open feeds.
fn tax_mode_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("seller")?.get("taxMode");
    let wanted = document.items.iter().find_map(|item| seller(&item.opportunity)?.get("taxMode"))?;
    (found != Some(wanted)).then(|| {
        Finding::new("the Seller has another taxMode than in the opportunity feed")
            .expected(shown(Some(wanted)), shown(found))
            .path("seller.taxMode")
    })
}

/// `acceptedOffer` has what the feed shows of the offer.
fn offer_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let excluded = document.body.get("taxCalculationExcluded") == Some(&Value::Bool(true));
    document.asked().find_map(|(index, item, asked)| {
        let found = item.get("acceptedOffer")?.as_object()?;
        let wanted = asked.offer.as_object()?;
        wanted.iter().find_map(|(name, value)| {
            // Where tax is not calculated, prices are net whatever the Seller's taxMode.
            let left_out =
                matches!(name.as_str(), "openBookingFlowRequirement" | "@context") || (excluded && name == "price");
            let same = left_out || found.get(name).is_some_and(|found| alike(name, value, found));
            (!same).then(|| {
                let where_from =
                    if is_override(&asked.offer) { "the request says" } else { "the opportunity feed shows" };
                Finding::new(format!("{name} of the offer is not what {where_from}"))
                    .expected(shown(Some(value)), shown(found.get(name)))
                    .path(format!("orderedItem[{index}].acceptedOffer.{name}"))
            })
        })
    })
}

/// Whether two values of a property mean the same.
fn alike(name: &str, one: &Value, other: &Value) -> bool {
    property_difference(name, Some(one), Some(other), &Policy::same()).is_none()
}

/// `orderedItem` has the types and values that the feed shows of the opportunity, as far as both tell them.
fn opportunity_of_feed(document: &Seen<'_>) -> Option<Finding> {
    if document.replaced {
        return None;
    }
    document.asked().find_map(|(index, item, asked)| {
        let (found, wanted) = (item.get("orderedItem")?.as_object()?, asked.opportunity.as_object()?);
        if document.stage == Stage::OrderStatus && found.get("@id") != wanted.get("@id") {
            return None;
        }
        differs(wanted, found, &format!("orderedItem[{index}].orderedItem"))
    })
}

fn differs(wanted: &Map<String, Value>, found: &Map<String, Value>, path: &str) -> Option<Finding> {
    let other = |name: &str, found: Option<&Value>, wanted: Option<&Value>| {
        Finding::new(format!("{name} is not what the opportunity feed shows"))
            .expected(shown(wanted), shown(found))
            .path(format!("{path}.{name}"))
    };
    for (name, value) in found {
        let Some(known) = wanted.get(name).filter(|_| !MOVING.contains(&name.as_str())) else { continue };
        let finding = match (known, value) {
            (Value::Object(known), Value::Object(value)) => {
                (LINKS.contains(&name.as_str())).then(|| differs(known, value, &format!("{path}.{name}"))).flatten()
            }
            // One of them only names it.
            (Value::Object(_), Value::String(_)) | (Value::String(_), Value::Object(_)) => None,
            (known, value) => (!alike(name, known, value)).then(|| other(name, Some(value), Some(known))),
        };
        if finding.is_some() {
            return finding;
        }
    }
    // What tells a customer when and what it is.
    let lost = ["startDate", "endDate", "name", "url"];
    let lost = lost.into_iter().find(|name| wanted.contains_key(*name) && !found.contains_key(*name));
    lost.map(|name| other(name, None, wanted.get(name)))
}

/// What booking needs is what the offers of the feed say that it needs: approval, details of attendees, answers to forms.
fn needs_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let mut approval = false;
    for (index, item, asked) in document.asked() {
        approval |= requires(&asked.offer, "OpenBookingApproval");
        // What cannot be booked for another reason need not be described.
        if errors(item).any(|error| !ABOUT_DETAILS.contains(&error)) {
            continue;
        }
        let needs = [
            ("OpenBookingAttendeeDetails", "attendeeDetailsRequired"),
            ("OpenBookingIntakeForm", "orderItemIntakeForm"),
        ];
        for (term, property) in needs {
            let announced = requires(&asked.offer, term);
            let found = item.get(property);
            let asks = found.and_then(Value::as_array).is_some_and(|list| !list.is_empty());
            if announced != asks {
                let says = if announced { "says" } else { "does not say" };
                return Some(
                    Finding::new(format!("{property} does not fit what the opportunity feed {says} of the offer"))
                        .expected(
                            if announced {
                                format!("{property}, as the offer has {term}")
                            } else {
                                format!("nothing, as the offer has no {term}")
                            },
                            shown(found),
                        )
                        .path(format!("orderedItem[{index}].{property}")),
                );
            }
        }
    }
    let found = document.body.get("orderRequiresApproval");
    // What is not booked, because there is something wrong with it, needs nobody's approval.
    let complete = document.asked().filter(|(_, item, _)| errors(item).count() == 0).count() == document.items.len();
    (complete && found.and_then(Value::as_bool) != Some(approval)).then(|| {
        Finding::new("orderRequiresApproval does not fit what the opportunity feed says of the offers")
            .expected(approval.to_string(), shown(found))
            .path("orderRequiresApproval")
    })
}
