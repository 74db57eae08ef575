//! Opportunities that the Test Interface creates, changes and deletes.

use serde_json::Value;

use crate::compare::same_number;
use crate::config::Mode;
use crate::opportunity::{
    IN_FLOW, capacity, evaluate, evaluate_created, id_of, offers, opportunity_type, requires, seller_id,
};
use crate::results::Finding;
use crate::trace::{OpportunitySeen, Purpose, Requested, Sought};
use crate::vocabulary::{CriteriaName, OpportunityType, openactive};

use super::outcome::Outcome;
use super::row::rows;
use super::seen::items;
use super::value::{listed, number_of, quoted, shown};
use super::view::{Answered, Looking};

/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";
/// The remedy if the Test Interface blocks a test.
const JUDGE_IT_ALONE: &str = "`oa-test run --feature test-interface` tests the Test Interface by itself";

rows! {
    CREATION_PUBLISHED = "creation-published": "a created opportunity is published in the opportunity feeds"
        at [TestInterface], needed_look(published) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
    }, violates {
        [TestInterface] => ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
    }
    CREATION_REJECTED = "creation-rejected": "the Test Interface rejects criteria that no opportunity can meet"
        at [TestInterface], response(creation_rejected) {
        TestInterface: [],
    }
    REPLACEMENT_OFFER = "replacement-offer": "acceptedOffer of a Replacement is an Offer of the new opportunity"
        at [OrdersFeed], strict_look(replacement_offer) {
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-8"],
    }, violates {
        [OrdersFeed] => ["OB-cancellation-replacement-refund-calculation-and-notification-8"],
    }
    CHANGE_PUBLISHED = "change-published": "a change of logistics is published in the opportunity feed"
        at [OpportunityFeed], strict_look(change_published) {
        OpportunityFeed: ["OB-customer-notice-notifications-3"],
    }, violates {
        [OpportunityFeed] => ["OB-customer-notice-notifications-3"],
    }
    OTHER_DATASETS_UNAFFECTED = "other-datasets-unaffected": "the deletion of a test dataset leaves other test datasets unchanged"
        at [TestInterface], look(other_dataset) {
        TestInterface: ["TI-datasets-endpoints-3"],
    }, violates {
        [TestInterface] => ["TI-datasets-endpoints-3"],
    }
    FREE_AND_PAID = "free-and-paid": "created opportunities are free or paid at random where the criteria allow both"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-TestOpportunityBookable-2",
            "TI-TestOpportunityBookableAttendeeDetails-2",
            "TI-TestOpportunityOnlineBookable-2",
            "TI-TestOpportunityOfflineBookable-2",
            "TI-TestOpportunityBookableWithNegotiation-2",
        ],
    }
    CREATION_RESPONSE = "creation-response": "the creation response has @type and @id of the opportunity"
        at [TestInterface], needed_response(creation_response) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12"],
    }, violates {
        [TestInterface] => ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12"],
    }
    CREATED_TYPE = "created-type": "a created opportunity has the requested type"
        at [TestInterface], needed_look(created_type) {
        TestInterface: [
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-6",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-8",
        ],
    }, violates {
        [TestInterface] => ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-8"],
    }
    CREATED_SELLER = "created-seller": "a created opportunity belongs to the requested Seller"
        at [TestInterface], needed_look(created_seller) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-7"],
    }, violates {
        [TestInterface] => ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-7"],
    }
    CRITERIA = "criteria": "an opportunity meets the requested criteria"
        at [TestInterface], needed_look(criteria) {
        TestInterface: [
            "TI-testOpportunityCriteria-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-9",
            "TI-overview-2",
        ],
    }, violates {
        [TestInterface] => ["TI-testOpportunityCriteria-1"],
    }
    FLOW_REQUIREMENT_PUBLISHED = "flow-requirement-published": "an Offer of a created opportunity has the openBookingFlowRequirement of its criteria"
        at [TestInterface], look(flow_requirement) {
        TestInterface: [
            "OB-attendee-details-capture-6",
            "OB-additional-details-capture-1",
            "OB-proposal-amendment-2",
            "OB-definition-of-a-bookable-opportunity-and-offer-pair-18",
        ],
    }, violates {
        [TestInterface] => ["OB-definition-of-a-bookable-opportunity-and-offer-pair-18"],
    }
    NO_OPPORTUNITY_MEETS_CRITERIA = "no-opportunity-meets-criteria": "no opportunity of the feeds meets criteria that the implemented features exclude"
        at [Any], look(none_meets) {
        Any: [],
    }, step true
    DATASET_DELETION_PUBLISHED = "dataset-deletion-published": "the opportunities of a deleted test dataset are deleted in their feeds"
        at [TestInterface], look(deleted) {
        TestInterface: [
            "TI-delete-test-interfacedatasetstestdatasetidentifier-1",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-10",
        ],
    }, violates {
        [TestInterface] => ["TI-delete-test-interfacedatasetstestdatasetidentifier-1"],
    }
}

/// A finding, with the remedy if it only blocks the test.
fn advised(finding: Finding, prepares: bool) -> Finding {
    if prepares && finding.hint.is_none() { finding.hint(JUDGE_IT_ALONE) } else { finding }
}

/// Finds a creation response without the requested `@type`, or without `@id`.
fn creation_response(answered: &Answered<'_>) -> Outcome {
    let Purpose::Creation(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    if !answered.succeeded() {
        return Outcome::absent();
    }
    let prepares = answered.exchanged.prepares;
    let (kind, id) = (answered.seen.body.get("@type"), answered.seen.body.get("@id"));
    let mut broken = Vec::new();
    // Where the Test Interface is not under test, the feeds show what was created.
    if !prepares && kind.and_then(Value::as_str) != Some(wanted) {
        let words = if kind.is_some() { "is not the requested type" } else { "is missing" };
        let finding = answered.finding(format!("`@type` of the creation response {words}"));
        broken.push(finding.expected(quoted(wanted), shown(kind)).path("@type"));
    }
    if !id.is_some_and(Value::is_string) {
        let words = if id.is_some() { "is not a string" } else { "is missing" };
        let finding = answered.finding(format!("`@id` of the creation response {words}"));
        let finding = finding.expected("the @id of the created opportunity", shown(id)).path("@id");
        broken.push(advised(finding, prepares));
    }
    Outcome { broken, ..Outcome::held() }
}

/// Finds a creation that succeeds although no opportunity can meet its criteria.
fn creation_rejected(answered: &Answered<'_>) -> Outcome {
    let Purpose::ImpossibleCreation(criteria) = &answered.exchanged.purpose else { return Outcome::absent() };
    let reply = &answered.exchanged.reply;
    let accepted = !reply.status.is_some_and(|status| (400..600).contains(&status));
    let finding = accepted.then(|| {
        let finding = answered.finding(format!("{criteria} is not rejected, but a free Offer is never prepaid"));
        finding.expected("HTTP 4xx or 5xx", reply.shown()).violating([format!("TI-{criteria}-1").as_str()])
    });
    Outcome::of(finding)
}

/// An opportunity as it was seen, with what was requested of it.
fn requested<'s>(looking: &Looking<'s>) -> Option<(&'s OpportunitySeen, &'s Requested)> {
    let seen = looking.opportunity.filter(|_| looking.looked.sought == Sought::Requested)?;
    Some((seen, seen.requested.as_ref()?))
}

/// Finds a created opportunity that the opportunity feeds do not show.
fn published(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    if requested.again {
        return Outcome::absent();
    }
    Outcome::of(seen.missing.as_ref().map(|reason| {
        looking
            .finding(format!("{} is not published in the opportunity feeds", seen.id))
            .expected("the opportunity and its parents in the feeds of the dataset site", reason.clone())
            .hint("raise `integrationTests.waitForItemToUpdateInFeedTimeout` if the feeds need more time")
    }))
}

/// Finds a created opportunity of another type than requested.
fn created_type(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref().filter(|_| !requested.again) else { return Outcome::absent() };
    let (wanted, found) = (requested.opportunity_type, opportunity_type(data));
    Outcome::of((found != Some(wanted)).then(|| {
        let found = found.map_or_else(|| shown(data.get("@type")), |found| found.to_string());
        let finding = looking.finding(format!("type of {} is not the requested one", seen.id));
        advised(finding.expected(wanted.name(), found).path("@type"), looking.looked.prepares)
    }))
}

/// Finds a created opportunity of another Seller than requested.
fn created_seller(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref().filter(|_| !requested.again) else { return Outcome::absent() };
    let found = seller_id(data);
    Outcome::of((found != Some(requested.seller.as_str())).then(|| {
        let property = requested.opportunity_type.seller_property();
        looking
            .finding(format!("`{property}` of {} is not the requested Seller", seen.id))
            .expected(quoted(&requested.seller), found.map_or_else(|| "nothing".to_owned(), quoted))
            .path(format!("{property}.@id"))
            .hint(format!("the requested Seller is `sellers.{}` of the configuration", requested.role))
    }))
}

/// The properties that criteria depend on, as in the feeds.
fn facts(data: &Value) -> String {
    let capacity =
        capacity(data).map_or_else(|| "no remaining capacity".to_owned(), |left| format!("{left} remaining"));
    let start = data.get("startDate").and_then(Value::as_str);
    let start = start.map_or_else(|| "no startDate".to_owned(), |start| format!("startDate {}", quoted(start)));
    let offers = offers(data);
    let prices = offers.iter().take(3).map(|offer| shown(offer.get("price"))).collect::<Vec<_>>().join(", ");
    let of_prices = if prices.is_empty() { String::new() } else { format!(" (price {prices})") };
    format!("{start}, {capacity}, {}{of_prices}", number_of(offers.len(), "Offer", "Offers"))
}

/// Finds an opportunity that does not meet the requested criteria, or has no remaining capacity.
fn criteria(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref() else { return Outcome::absent() };
    let Requested { criteria, flow, .. } = *requested;
    let context = looking.context;
    let matched = match context.config.mode {
        Mode::Controlled => evaluate_created(criteria, flow, data, context.now),
        Mode::Random => evaluate(criteria, flow, data, context.clock),
    };
    let mut outcome = Outcome::held();
    if !matched.unusable.is_empty() {
        let finding = looking
            .finding(format!("{} meets {criteria} in {flow}, but the test cannot book it", seen.id))
            .expected(matched.unusable.join("; "), facts(data))
            .spec(criteria.iri());
        return Outcome::blocked(finding);
    }
    if !matched.holds() {
        let mut finding = looking
            .finding(format!("{} does not meet {criteria} in {flow}", seen.id))
            .expected(matched.unmet.join("; "), facts(data))
            .spec(criteria.iri())
            .violating([format!("TI-{criteria}-1").as_str()]);
        if matched.unmet == [IN_FLOW] {
            finding =
                finding.path("offers[*].openBookingFlowRequirement").expected(IN_FLOW, shown_flow_requirement(data));
        }
        outcome.broken.push(advised(finding, looking.looked.prepares));
    } else if requested.again {
        return Outcome::absent();
    }
    // An OnDemandEvent has no limit of capacity.
    let counted = requested.opportunity_type != OpportunityType::OnDemandEvent;
    let strict = context.strict();
    if !requested.again && counted && strict && !matched.offers.is_empty() && capacity(data).is_none() {
        let property = match requested.opportunity_type {
            OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot => "remainingUses",
            _ => "remainingAttendeeCapacity",
        };
        let found = data.get(property);
        let words = if found.is_some() { "is not an integer" } else { "is missing" };
        let finding = looking
            .finding(format!("`{property}` of {} {words}", seen.id))
            .expected("an integer", shown(found))
            .path(property)
            .spec(LEASING)
            .violating(["OB-definition-of-a-bookable-opportunity-and-offer-pair-11", "OB-booking-pre-conditions-3"]);
        outcome.broken.push(advised(finding, looking.looked.prepares));
    }
    outcome
}

/// The feature that criteria ask for in `openBookingFlowRequirement`, with the requirement that it is there.
const FLOW_REQUIREMENTS: &[(CriteriaName, &str, &str)] = &[
    (CriteriaName::BookableAttendeeDetails, "OpenBookingAttendeeDetails", "OB-attendee-details-capture-6"),
    (CriteriaName::BookableAdditionalDetails, "OpenBookingIntakeForm", "OB-additional-details-capture-1"),
    (CriteriaName::BookableWithNegotiation, "OpenBookingNegotiation", "OB-proposal-amendment-2"),
];

/// `openBookingFlowRequirement` of the first Offer.
fn shown_flow_requirement(data: &Value) -> String {
    let offers = offers(data);
    offers.first().map_or_else(|| "no Offer".to_owned(), |offer| shown(offer.get("openBookingFlowRequirement")))
}

/// Finds an opportunity that was created for a feature of the booking flow, without an Offer that requires it.
fn flow_requirement(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let known = FLOW_REQUIREMENTS.iter().find(|(criteria, ..)| *criteria == requested.criteria);
    let created = looking.context.config.mode == Mode::Controlled && !requested.again;
    let Some(((_, feature, requirement), data)) = known.zip(seen.data.as_ref()).filter(|_| created) else {
        return Outcome::absent();
    };
    let offers = offers(data);
    Outcome::of((!offers.iter().any(|offer| requires(offer, feature))).then(|| {
        looking
            .finding(format!("`openBookingFlowRequirement` of the Offers of {} lacks {feature}", seen.id))
            .expected(quoted(&openactive(feature)), shown_flow_requirement(data))
            .path("offers[*].openBookingFlowRequirement")
            .spec(requested.criteria.iri())
            .violating([*requirement, format!("TI-{}-1", requested.criteria).as_str()])
    }))
}

/// Finds a change of logistics that the opportunity feed does not show.
fn change_published(looking: &Looking<'_>) -> Outcome {
    let Sought::Change(pointers) = &looking.looked.sought else { return Outcome::absent() };
    let Some(seen) = looking.opportunity else { return Outcome::absent() };
    let before = looking.history.items.iter().find(|item| item.opportunity_id == seen.id);
    let same = |data: &Value| {
        pointers.iter().all(|at| before.is_some_and(|item| data.pointer(at) == item.opportunity.pointer(at)))
    };
    Outcome::of(seen.data.as_ref().is_none_or(same).then(|| {
        let names: Vec<String> = pointers.iter().map(|at| at.trim_start_matches('/').replace('/', ".")).collect();
        let value = |at: &String| seen.data.as_ref().and_then(|data| data.pointer(at)).map(|value| shown(Some(value)));
        let values: Vec<String> = pointers.iter().filter_map(value).collect();
        let unchanged = if values.is_empty() {
            "the values before the change".to_owned()
        } else {
            format!("{}, as before", values.join(", "))
        };
        Finding {
            exchange: None,
            ..looking.finding(format!("change of {} is not published in the opportunity feed", seen.id)).expected(
                format!("a new value of {}", names.join(" or ")),
                seen.missing.clone().filter(|_| seen.data.is_none()).unwrap_or(unchanged),
            )
        }
    }))
}

/// Finds a Replacement whose `acceptedOffer` is not an Offer of the new opportunity, or has another price.
fn replacement_offer(looking: &Looking<'_>) -> Outcome {
    if looking.looked.sought != Sought::Replacements {
        return Outcome::absent();
    }
    let (Some(seen), Some(order)) = (looking.opportunity, &looking.history.shown) else { return Outcome::absent() };
    let Some(data) = &seen.data else { return Outcome::absent() };
    let at = items(order).iter().position(|item| item.get("orderedItem").and_then(id_of) == Some(seen.id.as_str()));
    let Some((index, item)) = at.and_then(|at| Some((at, items(order).get(at)?))) else { return Outcome::absent() };
    let accepted = item.get("acceptedOffer");
    let offer_id = accepted.and_then(id_of);
    let offers = offers(data);
    let price = |offer: &Value| offer.get("price").and_then(Value::as_number).cloned();
    let listed_offer = offers.iter().find(|offer| id_of(offer) == offer_id);
    let same_price = |offer: &Value| match (price(offer), accepted.and_then(price)) {
        (Some(wanted), Some(found)) => same_number(&wanted, &found),
        (wanted, found) => wanted == found,
    };
    let path = format!("orderedItem[{index}].acceptedOffer");
    let finding = match listed_offer.filter(|_| offer_id.is_some()) {
        Some(offer) if same_price(offer) => None,
        Some(offer) => {
            let found = accepted.and_then(|accepted| accepted.get("price"));
            let finding = looking.finding("`acceptedOffer.price` of a Replacement differs from the opportunity feed");
            Some(finding.expected(shown(offer.get("price")), shown(found)).path(format!("{path}.price")))
        }
        None => {
            let ids = listed(offers.iter().filter_map(|offer| id_of(offer)), offer_id);
            let finding = looking.finding("`acceptedOffer.@id` of a Replacement is no Offer of the new opportunity");
            let found = offer_id.map_or_else(|| "nothing".to_owned(), quoted);
            Some(finding.expected(format!("one of {ids}"), found).path(format!("{path}.@id")))
        }
    };
    Outcome::of(finding.map(|finding| Finding { exchange: None, ..finding }))
}

/// Finds an opportunity of a deleted test dataset that is not deleted in its feed.
fn deleted(looking: &Looking<'_>) -> Outcome {
    let Some(seen) = looking.opportunity.filter(|_| looking.looked.sought == Sought::Deletion) else {
        return Outcome::absent();
    };
    Outcome::of(seen.missing.as_ref().map(|reason| {
        let finding = looking.finding(format!("{} is not deleted in its feed", seen.id));
        finding.expected("an item with state \"deleted\"", reason.clone()).path("state")
    }))
}

/// Finds an opportunity that was deleted with another test dataset.
fn other_dataset(looking: &Looking<'_>) -> Outcome {
    let Some(seen) = looking.opportunity.filter(|_| looking.looked.sought == Sought::OtherDataset) else {
        return Outcome::absent();
    };
    Outcome::of(seen.missing.as_ref().map(|reason| {
        let finding = looking.finding(format!("{} is deleted with another test dataset", seen.id));
        finding.expected("an item with state \"updated\"", reason.clone()).path("state")
    }))
}

/// Finds an opportunity that meets criteria which the specification or the implemented features exclude.
fn none_meets(looking: &Looking<'_>) -> Outcome {
    let Sought::Forbidden { criteria, flow, opportunity_type } = looking.looked.sought else {
        return Outcome::absent();
    };
    let found = looking.opportunity.filter(|seen| {
        seen.data.as_ref().is_some_and(|data| evaluate(criteria, flow, data, looking.context.clock).holds())
    });
    // "For `Offer`s with a `price` of `0`: The `prepayment` property of the `Offer` MUST be either […] Unavailable or
    // unspecified."
    let prepaid =
        matches!(criteria, CriteriaName::BookableFreePrepaymentOptional | CriteriaName::BookableFreePrepaymentRequired);
    Outcome::of(found.map(|seen| {
        let finding = looking
            .finding(format!("{opportunity_type} meets {criteria} in {flow}, but none may"))
            .expected(format!("no {opportunity_type} that meets {criteria}"), quoted(&seen.id))
            .spec(criteria.iri());
        if prepaid {
            finding.violating(["OB-free-opportunities-2"])
        } else {
            let feature = &looking.looked.spec;
            finding
                .hint(format!("correct `implementedFeatures.{feature}` if the booking system has such opportunities"))
        }
    }))
}
