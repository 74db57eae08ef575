//! What the Test Interface creates, changes and deletes.

use serde_json::Value;

use crate::compare::same_number;
use crate::opportunity::{capacity, evaluate, id_of, offers, opportunity_type, seller_id};
use crate::results::Finding;
use crate::trace::{OpportunitySeen, Purpose, Requested, Sought};
use crate::vocabulary::OpportunityType;

use super::outcome::Outcome;
use super::row::rows;
use super::seen::items;
use super::value::shown;
use super::view::{Answered, Looking};

/// The section about leasing.
const LEASING: &str = "https://openactive.io/open-booking-api/EditorsDraft/#leasing";

rows! {
    CREATION_PUBLISHED = "creation-published": "what was created is in the feeds"
        at [TestInterface], needed_look(published) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-1"],
    }
    CREATION_REJECTED = "creation-rejected": "the Test Interface refuses what cannot be"
        at [TestInterface], response(creation_rejected) {
        TestInterface: [],
    }
    REPLACEMENT_OFFER = "replacement-offer": "the offer of a replacement is one of its opportunity"
        at [OrdersFeed], strict_look(replacement_offer) {
        OrdersFeed: ["OB-cancellation-replacement-refund-calculation-and-notification-8"],
    }
    CHANGE_PUBLISHED = "change-published": "a material change of an opportunity is in its feed"
        at [OpportunityFeed], strict_look(change_published) {
        OpportunityFeed: ["OB-customer-notice-notifications-3"],
    }
    OTHER_DATASETS_UNAFFECTED = "other-datasets-unaffected": "other test datasets are left alone"
        at [TestInterface], look(other_dataset) {
        TestInterface: ["TI-datasets-endpoints-3"],
    }
    FREE_AND_PAID = "free-and-paid": "what may be free or not is sometimes free and sometimes not"
        at [TestInterface], by_step {
        TestInterface: [
            "TI-TestOpportunityBookable-2",
            "TI-TestOpportunityBookableAttendeeDetails-2",
            "TI-TestOpportunityOnlineBookable-2",
            "TI-TestOpportunityOfflineBookable-2",
            "TI-TestOpportunityBookableWithNegotiation-2",
        ],
    }
    CREATION_RESPONSE = "creation-response": "the response to a creation has @type and @id of what was created"
        at [TestInterface], needed_response(creation_response) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-12"],
    }
    CREATED_TYPE = "created-type": "what was created is of the type that was asked for"
        at [TestInterface], needed_look(created_type) {
        TestInterface: [
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-6",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-8",
        ],
    }
    CREATED_SELLER = "created-seller": "what was created belongs to the Seller that was asked for"
        at [TestInterface], needed_look(created_seller) {
        TestInterface: ["TI-post-test-interfacedatasetstestdatasetidentifieropportunities-7"],
    }
    CRITERIA = "criteria": "an opportunity meets the criteria that it was asked for"
        at [TestInterface], needed_look(criteria) {
        TestInterface: [
            "TI-testOpportunityCriteria-1",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-9",
            "TI-overview-2",
        ],
    }
    NO_OPPORTUNITY_MEETS_CRITERIA = "no-opportunity-meets-criteria": "no opportunity of the feeds meets criteria that none may meet"
        at [Any], look(none_meets) {
        Any: [],
    }
    DATASET_DELETION_PUBLISHED = "dataset-deletion-published": "what was created in a dataset is deleted with it"
        at [TestInterface], look(deleted) {
        TestInterface: [
            "TI-delete-test-interfacedatasetstestdatasetidentifier-1",
            "TI-delete-test-interfacedatasetstestdatasetidentifier-4",
            "TI-post-test-interfacedatasetstestdatasetidentifieropportunities-10",
        ],
    }
}

/// The Test Interface returns type and `@id` of what it created.
fn creation_response(answered: &Answered<'_>) -> Outcome {
    let Purpose::Creation(wanted) = &answered.exchanged.purpose else { return Outcome::absent() };
    if !answered.succeeded() {
        return Outcome::absent();
    }
    let (kind, id) = (answered.seen.body.get("@type"), answered.seen.body.get("@id"));
    let mut broken = Vec::new();
    // Where the Test Interface is not under test, the feeds say what was created.
    if !answered.exchanged.prepares && kind.and_then(Value::as_str) != Some(wanted) {
        let finding = answered.finding("the Test Interface answered with another type than was asked for");
        broken.push(finding.expected(format!("\"{wanted}\""), shown(kind)).path("@type"));
    }
    if !id.is_some_and(Value::is_string) {
        let finding = answered.finding("the Test Interface did not tell the @id of the opportunity that it created");
        broken.push(finding.expected("an @id", shown(id)).path("@id"));
    }
    Outcome { broken, ..Outcome::held() }
}

/// The Test Interface rejects what cannot be.
fn creation_rejected(answered: &Answered<'_>) -> Outcome {
    let Purpose::ImpossibleCreation(criteria) = &answered.exchanged.purpose else { return Outcome::absent() };
    let reply = &answered.exchanged.reply;
    let accepted = !reply.status.is_some_and(|status| (400..600).contains(&status));
    let finding = accepted.then(|| {
        let what = &answered.exchanged.what;
        let finding =
            answered.finding(format!("{what} succeeded, and must be refused: what is free is never paid for"));
        finding.expected("an error", reply.shown()).violating([format!("TI-{criteria}-1").as_str()])
    });
    Outcome::of(finding)
}

/// An opportunity as it was seen, with what was requested of it.
fn requested<'s>(looking: &Looking<'s>) -> Option<(&'s OpportunitySeen, &'s Requested)> {
    let seen = looking.opportunity.filter(|_| looking.looked.sought == Sought::Requested)?;
    Some((seen, seen.requested.as_ref()?))
}

/// What was created is in the feeds.
fn published(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    if requested.again {
        return Outcome::absent();
    }
    Outcome::of(seen.missing.as_ref().map(|reason| {
        looking
            .finding(format!("the opportunity {} cannot be found: {reason}", seen.id))
            .expected("the opportunity and its parents in the feeds of the dataset site", reason.clone())
            .hint("the limit is `integrationTests.waitForItemToUpdateInFeedTimeout`")
    }))
}

/// What was created is of the type that was asked for.
fn created_type(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref().filter(|_| !requested.again) else { return Outcome::absent() };
    let (wanted, found) = (requested.opportunity_type, opportunity_type(data));
    Outcome::of((found != Some(wanted)).then(|| {
        let found = found.map_or_else(|| shown(data.get("@type")), |found| found.to_string());
        looking.finding(format!("{} is not a {wanted}", seen.id)).expected(wanted.name(), found).path("@type")
    }))
}

/// What was created belongs to the Seller that was asked for.
fn created_seller(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref().filter(|_| !requested.again) else { return Outcome::absent() };
    let found = seller_id(data);
    Outcome::of((found != Some(requested.seller.as_str())).then(|| {
        looking
            .finding(format!("{} belongs to another Seller than was asked for", seen.id))
            .expected(requested.seller.clone(), found.unwrap_or("none"))
            .path(requested.opportunity_type.seller_property())
            .hint(format!("the Seller is `sellers.{}`", requested.role))
    }))
}

/// An opportunity meets the criteria that it was asked for.
fn criteria(looking: &Looking<'_>) -> Outcome {
    let Some((seen, requested)) = requested(looking) else { return Outcome::absent() };
    let Some(data) = seen.data.as_ref() else { return Outcome::absent() };
    let Requested { criteria, flow, .. } = *requested;
    let matched = evaluate(criteria, flow, data, looking.context.clock);
    let mut outcome = Outcome::held();
    if !matched.holds() {
        let finding = looking
            .finding(format!("{} does not meet {criteria} in {flow}", seen.id))
            .expected(criteria.name(), format!("it lacks: {}", matched.unmet.join("; ")))
            .spec(criteria.iri())
            .violating([format!("TI-{criteria}-1").as_str()]);
        outcome.broken.push(finding);
    } else if requested.again {
        return Outcome::absent();
    }
    // What can be had at any time has no end of spaces.
    let counted = requested.opportunity_type != OpportunityType::OnDemandEvent;
    let strict = looking.context.strict();
    if !requested.again && counted && strict && !matched.offers.is_empty() && capacity(data).is_none() {
        let finding = looking.finding(format!("{} has no remaining capacity", seen.id));
        outcome.broken.push(finding.expected("remainingAttendeeCapacity or remainingUses", "nothing").spec(LEASING));
    }
    outcome
}

/// A material change of an opportunity is in its feed.
fn change_published(looking: &Looking<'_>) -> Outcome {
    let Sought::Change(pointers) = &looking.looked.sought else { return Outcome::absent() };
    let Some(seen) = looking.opportunity else { return Outcome::absent() };
    let before = looking.history.items.iter().find(|item| item.opportunity_id == seen.id);
    let same = |data: &Value| {
        pointers.iter().all(|at| before.is_some_and(|item| data.pointer(at) == item.opportunity.pointer(at)))
    };
    Outcome::of(seen.data.as_ref().is_none_or(same).then(|| {
        let found = seen.missing.clone().unwrap_or_else(|| "the values of before".to_owned());
        Finding {
            exchange: None,
            ..looking
                .finding(format!("the opportunity feed does not show the change of {}", seen.id))
                .expected(format!("another value at one of {}", pointers.join(", ")), found)
        }
    }))
}

/// The offer of a replacement is one of those that the feeds show of its opportunity.
fn replacement_offer(looking: &Looking<'_>) -> Outcome {
    if looking.looked.sought != Sought::Replacements {
        return Outcome::absent();
    }
    let (Some(seen), Some(order)) = (looking.opportunity, &looking.history.shown) else { return Outcome::absent() };
    let Some(data) = &seen.data else { return Outcome::absent() };
    let at = items(order).iter().position(|item| item.get("orderedItem").and_then(id_of) == Some(seen.id.as_str()));
    let Some((index, item)) = at.and_then(|at| Some((at, items(order).get(at)?))) else { return Outcome::absent() };
    let accepted = item.get("acceptedOffer");
    let offer_id = accepted.and_then(id_of).unwrap_or_default();
    let offers = offers(data);
    let price = |offer: &Value| offer.get("price").and_then(Value::as_number).cloned();
    let right = offers.iter().find(|offer| id_of(offer) == Some(offer_id)).is_some_and(|offer| {
        match (price(offer), accepted.and_then(price)) {
            (Some(listed), Some(found)) => same_number(&listed, &found),
            (listed, found) => listed == found,
        }
    });
    Outcome::of((!right).then(|| {
        let known: Vec<&str> = offers.iter().filter_map(|offer| id_of(offer)).collect();
        Finding {
            exchange: None,
            ..looking
                .finding("the offer of a replacement is none of those that the feed shows of the new opportunity")
                .expected(format!("one of {}, with its price", known.join(", ")), shown(accepted))
                .path(format!("orderedItem[{index}].acceptedOffer"))
        }
    }))
}

/// What was created in a dataset is deleted with it.
fn deleted(looking: &Looking<'_>) -> Outcome {
    let Some(seen) = looking.opportunity.filter(|_| looking.looked.sought == Sought::Deletion) else {
        return Outcome::absent();
    };
    Outcome::of(seen.missing.as_ref().map(|reason| {
        let finding = looking.finding(format!("{} is still in its feed: {reason}", seen.id));
        finding.expected("an item with state \"deleted\"", reason.clone())
    }))
}

/// Other test datasets are left alone.
fn other_dataset(looking: &Looking<'_>) -> Outcome {
    let Some(seen) = looking.opportunity.filter(|_| looking.looked.sought == Sought::OtherDataset) else {
        return Outcome::absent();
    };
    Outcome::of(seen.missing.as_ref().map(|reason| {
        let finding = looking.finding(format!("{} was deleted with another test dataset than its own", seen.id));
        finding.expected("the opportunity", reason.clone())
    }))
}

/// No opportunity of the feeds meets criteria that none may meet.
fn none_meets(looking: &Looking<'_>) -> Outcome {
    let Sought::Forbidden { criteria, flow, opportunity_type } = looking.looked.sought else {
        return Outcome::absent();
    };
    let found = looking.opportunity.filter(|seen| {
        seen.data.as_ref().is_some_and(|data| evaluate(criteria, flow, data, looking.context.clock).holds())
    });
    Outcome::of(found.map(|seen| {
        looking
            .finding(format!("{} meets {criteria} in {flow}, and no {opportunity_type} may", seen.id))
            .expected(format!("no {opportunity_type} that meets {criteria}"), seen.id.clone())
            .spec(criteria.iri())
            .hint(format!(
                "if there are such opportunities, `implementedFeatures.{}` is not what it should be",
                looking.looked.spec
            ))
    }))
}
