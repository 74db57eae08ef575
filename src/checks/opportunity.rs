//! Opportunities and Offers of responses, compared with the opportunity feeds.

use serde_json::{Map, Value};

use super::value::shown;
use crate::compare::{Policy, default_of, difference, differences, property_difference};
use crate::opportunity::{requires, seller};
use crate::results::{Defect, Finding};
use crate::trace::{OrderItem, is_override};
use crate::vocabulary::Stage;

use super::outcome::Outcome;
use super::row::rows;
use super::seen::{Seen, errors, items, position_of};
use super::validity::invalid_in_feed;
use super::view::Looking;

rows! {
    TAX_MODE_OF_FEED = "tax-mode-of-feed": "seller.taxMode is that of the opportunity feed"
        at [C1 C2 P B], document(tax_mode_of_feed) {
        C1 C2 P B: ["OB-tax-mode-4", "OB-tax-mode-6"],
    }, violates {
        [C1 C2 P B] => ["OB-tax-mode-4"],
    }
    OFFER_OF_FEED = "offer-of-feed": "acceptedOffer matches the Offer of the opportunity feed"
        at [C1 C2 P B], document(offer_of_feed) {
        C1 C2 P B: ["OB-acceptedoffer-properties-1", "OB-schema-offer-1"],
    }, violates {
        [C1 C2 P B] => ["OB-acceptedoffer-properties-1"],
    }
    OPPORTUNITY_OF_FEED = "opportunity-of-feed": "orderedItem matches the opportunity of the opportunity feed"
        at [C1 C2 P B OrderStatus], document(opportunity_of_feed) {
        C1 C2 P B: ["OB-opportunity-data-properties-4", "OB-opportunity-data-properties-5"],
        OrderStatus: [
            "OB-opportunity-data-properties-4",
            "OB-opportunity-data-properties-5",
            "OB-order-status-4",
        ],
    }, violates {
        [C1 C2 P B OrderStatus] "@type" => ["OB-opportunity-data-properties-5", "OB-opportunity-data-properties-4"],
        [OrderStatus] if "missing" => ["OB-order-status-4", "OB-opportunity-data-properties-4"],
        [C1 C2 P B OrderStatus] => ["OB-opportunity-data-properties-4"],
    }
    SELLER_OF_FEED = "seller-of-feed": "seller has the details that the opportunity feed has of the same Seller"
        at [C1 C2 P B], document(seller_of_feed) {
        Any: [],
    }, level Should
    DISTINCT_OFFERS = "distinct-offers": "different Offers of an opportunity have different @ids"
        at [TestInterface OpportunityFeed], strict_look(distinct_offers) {
        OpportunityFeed: ["OB-globally-unique-identifiers-2"],
    }, violates {
        [Any] => ["OB-globally-unique-identifiers-2"],
    }
    BOOKING_REQUIREMENTS_OF_FEED = "booking-requirements-of-feed": "approval, attendee details and intake forms are required as openBookingFlowRequirement of the opportunity feed says"
        at [C1 C2], document(requirements_of_feed) {
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
        C1: ["OB-step-by-step-process-description-11"],
    }, violates {
        [C1] "orderItemIntakeForm" if "missing" => [
            "OB-step-by-step-process-description-11",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-19",
        ],
        [C1 C2] "orderItemIntakeForm" if "missing" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
        [C1 C2] "attendeeDetailsRequired" if "missing" => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-19"],
        [C1 C2] "orderItemIntakeForm" => [
            "OB-additional-details-capture-1",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
        ],
        [C1 C2] "attendeeDetailsRequired" => [
            "OB-attendee-details-capture-6",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
        ],
        [C1 C2] "orderRequiresApproval" if "unexpected" => [
            "OB-minimal-proposal-implementation-1",
            "OB-step-by-step-process-description-0-3",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
        ],
        [C1 C2] "orderRequiresApproval" => ["OB-oa-orderquote-6", "OB-step-by-step-process-description-0-1"],
    }
}

/// Properties that change with every booking.
const CHANGING: &[&str] = &["remainingAttendeeCapacity", "remainingUses", "maximumUses", "@context"];
/// Properties whose values have what the Customer must know: links to parents, and the location.
const NESTED: &[&str] = &["superEvent", "facilityUse", "aggregateFacilityUse", "location"];
/// Properties of an opportunity that the Customer relies on, so that a response has them only where the feed has.
const RESTRICTING: &[&str] = &["ageRange", "genderRestriction", "level"];
/// Properties of an Offer that make its terms, so that a response has them only where the feed has.
const TERMS: &[&str] = &[
    "acceptedPaymentMethod",
    "ageRestriction",
    "allowCustomerCancellationFullRefund",
    "latestCancellationBeforeStartDate",
    "openBookingInAdvance",
    "openBookingPrepayment",
    "validFromBeforeStartDate",
    "validThroughBeforeStartDate",
];

/// Errors about attendee details and intake forms.
const ABOUT_DETAILS: &[&str] =
    &["IncompleteAttendeeDetailsError", "IncompleteIntakeFormError", "InvalidIntakeFormError"];

/// Finds a `taxMode` of the Seller that is not that of the opportunity feed. That an Organization has none, validation says.
fn tax_mode_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let own = document.body.get("seller")?;
    let found = own.get("taxMode");
    let wanted = document.items.iter().find_map(|item| seller(&item.opportunity)?.get("taxMode"))?;
    if found.is_none() && own.get("@type").is_some_and(|kind| kind == "Organization") {
        return None;
    }
    (found != Some(wanted)).then(|| {
        let words = if found.is_some() { "differs from the opportunity feed" } else { "is missing" };
        Finding::new(format!("`seller.taxMode` {words}"))
            .expected(shown(Some(wanted)), shown(found))
            .path("seller.taxMode")
    })
}

/// Finds a property of `seller` that differs from the Seller with the same `@id` in the opportunity feed, as far as both have it.
/// A row of its own is about `taxMode`.
fn seller_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let found = document.body.get("seller")?;
    let wanted = document.items.iter().find_map(|item| seller(&item.opportunity).filter(|known| known.is_object()))?;
    if found.get("@id").is_none() || found.get("@id") != wanted.get("@id") {
        return None;
    }
    let policy = Policy::overlap().without_extensions().ignoring(["taxMode"]);
    let difference = differences(wanted, found, &policy, 1).into_iter().next()?;
    let (expected, shown) = (difference.expected_text(), difference.found_text());
    let nothing = || "nothing".to_owned();
    Some(
        Finding::new(format!("`seller.{}` differs from the opportunity feed", difference.path))
            .expected(expected.unwrap_or_else(nothing), shown.unwrap_or_else(nothing))
            .path(format!("seller.{}", difference.path)),
    )
}

/// Finds two different Offers of an opportunity with one `@id`.
fn distinct_offers(looking: &Looking<'_>) -> Outcome {
    let Some(data) = looking.opportunity.and_then(|seen| seen.data.as_ref()) else { return Outcome::absent() };
    let lists = ["/offers", "/superEvent/offers", "/facilityUse/offers", "/facilityUse/aggregateFacilityUse/offers"];
    let id = |offer: &Value| offer.get("@id").and_then(Value::as_str).map(str::to_owned);
    let policy = Policy::same().without_extensions();
    let twice = lists.iter().filter_map(|list| data.pointer(list)?.as_array()).find_map(|all| {
        all.iter().enumerate().find_map(|(at, offer)| {
            let other = all.iter().take(at).find(|other| id(other).is_some() && id(other) == id(offer))?;
            difference(other, offer, &policy).map(|found| (id(offer).unwrap_or_default(), found.path))
        })
    });
    Outcome::of(twice.map(|(id, path)| {
        Finding::new("two different Offers of an opportunity have the same `@id`")
            .expected("an @id for each Offer", format!("{id} twice, with another `{path}`"))
            .path("offers.@id")
    }))
}

/// Finds the first property of `acceptedOffer` that differs from the Offer of the opportunity feed, or from the OfferOverride
/// of the request.
fn offer_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let excluded = document.body.get("taxCalculationExcluded") == Some(&Value::Bool(true));
    document.asked().find_map(|(index, item, asked)| {
        let found = item.get("acceptedOffer")?.as_object()?;
        let wanted = asked.offer.as_object()?;
        let sent = is_override(&asked.offer);
        let added = TERMS.iter().find_map(|name| {
            let more = found.get(*name).filter(|_| !wanted.contains_key(*name))?;
            let meant = default_of(wanted, name);
            if meant.is_some_and(|meant| alike(name, meant, more)) {
                return None;
            }
            let source = if sent { "OfferOverride of the request" } else { "Offer of the opportunity feed" };
            let violated: &[&str] = if sent { &["OB-schema-offeroverride-1"] } else { &[] };
            Some(
                Finding::new(format!("`acceptedOffer.{name}` is not a property of the {source}"))
                    .expected(format!("no {name}"), shown(Some(more)))
                    .path(format!("orderedItem[{index}].acceptedOffer.{name}"))
                    .violating(violated.iter().copied()),
            )
        });
        added.or_else(|| {
            wanted.iter().find_map(|(name, value)| {
                // Where tax is not calculated, prices are net for any taxMode of the Seller.
                let ignored =
                    matches!(name.as_str(), "openBookingFlowRequirement" | "@context") || (excluded && name == "price");
                let same = ignored || found.get(name).is_some_and(|found| alike(name, value, found));
                (!same).then(|| {
                    let source = if sent { "OfferOverride of the request" } else { "opportunity feed" };
                    let found = found.get(name);
                    let words = if found.is_some() { "differs from the" } else { "is missing, but included in the" };
                    Finding::new(format!("`acceptedOffer.{name}` {words} {source}"))
                        .expected(shown(Some(value)), shown(found))
                        .path(format!("orderedItem[{index}].acceptedOffer.{name}"))
                        .violating(if sent { reflection(document.stage) } else { &[] }.iter().copied())
                })
            })
        })
    })
}

/// The requirements to reflect a request at a stage. C2 "works exactly as C1".
pub(super) const fn reflection(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::C1 => &["OB-step-by-step-process-description-14"],
        Stage::C2 => &["OB-step-by-step-process-description-25", "OB-step-by-step-process-description-14"],
        Stage::P => &["OB-step-by-step-process-description-0-38"],
        Stage::B => &["OB-step-by-step-process-description-58"],
        _ => &[],
    }
}

/// Whether two values of a property mean the same.
fn alike(name: &str, one: &Value, other: &Value) -> bool {
    let policy = Policy::same().without_extensions().ignoring(CHANGING.iter().copied());
    property_difference(name, Some(one), Some(other), &policy).is_none()
}

/// Finds the first property of `orderedItem` that differs from the opportunity feed, as far as both have it.
fn opportunity_of_feed(document: &Seen<'_>) -> Option<Finding> {
    if document.replaced {
        return None;
    }
    document.asked().find_map(|(index, item, asked)| {
        let (found, wanted) = (item.get("orderedItem")?.as_object()?, asked.opportunity.as_object()?);
        // Other opportunities may have been found since the booking.
        let booked = || document.in_first(item)?.get("orderedItem")?.get("@id");
        if document.stage == Stage::OrderStatus && found.get("@id") != wanted.get("@id") && booked() == found.get("@id")
        {
            return None;
        }
        let here = format!("orderedItem[{index}].orderedItem");
        object_difference(wanted, found, "orderedItem", &here)
            .map(|finding| {
                // What the feed has instead may be no valid value at all: then the feed is wrong.
                let place = finding.path.as_ref().and_then(|path| path.strip_prefix(&here)?.strip_prefix('.'));
                place.and_then(|place| invalid_in_feed(&asked.opportunity, place)).unwrap_or(finding)
            })
            .or_else(|| added(&asked.opportunity, found, &format!("orderedItem[{index}].orderedItem")))
    })
}

/// Finds a property that the Customer relies on, and that the opportunity feed has nowhere: neither the opportunity nor its
/// parents have it.
fn added(wanted: &Value, found: &Map<String, Value>, path: &str) -> Option<Finding> {
    let nothing = Map::new();
    RESTRICTING.iter().find_map(|name| {
        let more = found.get(*name).filter(|_| !mentions(wanted, name))?;
        let meant = default_of(wanted.as_object().unwrap_or(&nothing), name);
        (!meant.is_some_and(|meant| alike(name, meant, more))).then(|| {
            Finding::new(format!("`orderedItem.{name}` is not a property of the opportunity in the opportunity feed"))
                .expected(format!("no {name}"), shown(Some(more)))
                .path(format!("{path}.{name}"))
        })
    })
}

/// Whether an opportunity or one of its parents has a property.
fn mentions(opportunity: &Value, name: &str) -> bool {
    let parents = ["superEvent", "facilityUse", "aggregateFacilityUse"];
    opportunity.get(name).is_some()
        || parents.iter().filter_map(|parent| opportunity.get(*parent)).any(|parent| mentions(parent, name))
}

/// The positions of the OrderItems of a booking response whose `orderedItem` differs from the opportunity feed.
#[must_use]
pub fn differing_from_feed(body: &Value, asked: &[OrderItem]) -> Vec<usize> {
    let differs = |item: &&Value| {
        let position = position_of(item).filter(|position| *position < asked.len());
        let wanted = position.and_then(|position| asked.get(position)?.opportunity.as_object());
        let found = item.get("orderedItem").and_then(Value::as_object);
        wanted.zip(found).is_some_and(|(wanted, found)| object_difference(wanted, found, "orderedItem", "").is_some())
    };
    items(body).iter().filter(differs).filter_map(position_of).collect()
}

/// The first difference of an object from the opportunity feed. `subject` is how its property is called, `path` where it is.
fn object_difference(
    wanted: &Map<String, Value>,
    found: &Map<String, Value>,
    subject: &str,
    path: &str,
) -> Option<Finding> {
    let differing = |name: &str, found: Option<&Value>, wanted: Option<&Value>| {
        let words = if found.is_some() { "differs from the" } else { "is missing, but included in the" };
        Finding::new(format!("`{subject}.{name}` {words} opportunity feed"))
            .expected(shown(wanted), shown(found))
            .path(format!("{path}.{name}"))
    };
    for (name, value) in found {
        let Some(known) = wanted.get(name).filter(|_| !CHANGING.contains(&name.as_str())) else { continue };
        let finding = match (known, value) {
            (Value::Object(known), Value::Object(value)) => {
                object_difference(known, value, name, &format!("{path}.{name}"))
            }
            // One of them is a reference by `@id`.
            (Value::Object(_), Value::String(_)) | (Value::String(_), Value::Object(_)) => None,
            (known, value) => (!alike(name, known, value)).then(|| differing(name, Some(value), Some(known))),
        };
        if finding.is_some() {
            return finding;
        }
    }
    // What the Customer must know.
    let nested = subject == "orderedItem" || NESTED.contains(&subject);
    let essential: &[&str] = if nested { &["startDate", "endDate", "name", "url"] } else { &[] };
    let lost = essential.iter().find(|name| wanted.contains_key(**name) && !found.contains_key(**name));
    lost.map(|name| differing(name, None, wanted.get(*name)))
}

/// Finds a requirement of a booking (attendee details, intake form, approval) that differs from `openBookingFlowRequirement`
/// of the Offers in the opportunity feed. That `orderRequiresApproval` is missing, validation says.
fn requirements_of_feed(document: &Seen<'_>) -> Option<Finding> {
    let mut approval = false;
    // In a recording, an Offer may be in no page of a feed.
    let known = |asked: &OrderItem| asked.offer.is_object();
    for (index, item, asked) in document.asked().filter(|(_, _, asked)| known(asked)) {
        approval |= requires(&asked.offer, "OpenBookingApproval");
        // An OrderItem that cannot be booked for another reason need not be described.
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
                let (words, expected) = if announced {
                    ("is missing, but the Offer of the opportunity feed has", format!("{property} with an entry"))
                } else {
                    ("is included, but the Offer of the opportunity feed does not have", format!("no {property}"))
                };
                let found = found.filter(|found| asks || !found.as_array().is_some_and(Vec::is_empty));
                return Some(
                    Finding::new(format!("`{property}` {words} {term}"))
                        .expected(expected, shown(found))
                        .path(format!("orderedItem[{index}].{property}")),
                );
            }
        }
    }
    let found = document.body.get("orderRequiresApproval")?;
    // An OrderQuote with errors needs no approval.
    let valid = |(_, item, asked): &(usize, &Value, &OrderItem)| errors(item).count() == 0 && known(asked);
    let complete = document.asked().filter(valid).count() == document.items.len();
    (complete && found.as_bool() != Some(approval)).then(|| {
        let (words, defect) = if approval {
            ("is not true, but an Offer of the opportunity feed has OpenBookingApproval", Defect::Wrong)
        } else {
            ("is not false, but no Offer of the opportunity feed has OpenBookingApproval", Defect::Unexpected)
        };
        Finding::new(format!("`orderRequiresApproval` {words}"))
            .expected(approval.to_string(), shown(Some(found)))
            .path("orderRequiresApproval")
            .defect(defect)
    })
}
