//! Opportunities that the Test Interface creates, changes and deletes.

use serde_json::json;

use crate::trace::{Event, Looked, OpportunitySeen, Purpose, Sought, Wanted};
use crate::vocabulary::{Action, CriteriaName, Flow, OpportunityType, Stage, openactive};

use super::documents::{error, offer, opportunity, session_id};
use super::honest::{b, created_session, creation, exchange, replacement, sight_of};
use super::lines::{Lines, hold, row};
use super::trace::Trace;

/// With a change of a look for opportunities.
fn edit_look(trace: Trace, change: impl FnOnce(&mut Looked)) -> Trace {
    trace.event("look", |event| {
        if let Event::Look(looked) = event {
            change(looked);
        }
    })
}

/// A look for an opportunity that is not what was looked for.
fn missing(trace: Trace) -> Trace {
    edit_look(trace, |looked| looked.opportunities[0].missing = Some("its last item is another one".to_owned()))
}

fn impossible(status: u16) -> Trace {
    let purpose = Purpose::ImpossibleCreation(CriteriaName::BookableFreePrepaymentRequired);
    let exchanged = exchange(Stage::TestInterface, purpose, Wanted::Response, status);
    Trace::new().request("creation", exchanged, json!({}), error("OpenBookingError", status))
}

/// A Replacement by a session of which the feed has an Offer at a price.
fn replacement_at(price: serde_json::Value) -> Trace {
    let mut session = opportunity(0);
    session["@id"] = json!(session_id(2));
    session["superEvent"]["offers"][0]["@id"] = json!("https://id.example.com/series/1#/offers/2");
    session["superEvent"]["offers"][0]["price"] = price;
    replacement().look(Sought::Replacements, vec![sight_of(2)], vec![session])
}

/// A change of the time of the first session.
fn change() -> Trace {
    let mut session = opportunity(0);
    session["startDate"] = json!("2030-03-01T20:00:00Z");
    let sought = Sought::Change(vec!["/startDate".to_owned(), "/endDate".to_owned()]);
    b().act(Action::ChangeOfLogisticsTime).look(sought, vec![sight_of(0)], vec![session])
}

/// The look for a session of criteria that nothing may meet, and which there is nevertheless.
fn forbidden(price: u32) -> Trace {
    let mut session = opportunity(0);
    session["superEvent"]["offers"] = json!([offer(0)]);
    session["superEvent"]["offers"][0]["price"] = json!(price);
    let sought = Sought::Forbidden {
        criteria: CriteriaName::BookableFree,
        flow: Flow::Simple,
        opportunity_type: OpportunityType::ScheduledSession,
    };
    Trace::new().look(sought, vec![sight_of(0)], vec![session])
}

/// A session that was created for negotiation.
fn negotiable() -> Trace {
    edit_look(created_session(), |looked| {
        looked.opportunities[0].requested.as_mut().unwrap().criteria = CriteriaName::BookableWithNegotiation;
    })
}

pub(super) fn lines() -> Vec<Lines> {
    let requirement = "look/0/superEvent/offers/1/openBookingFlowRequirement";
    let of = |sought: Sought| {
        Trace::new().look(sought, vec![OpportunitySeen { exchange: None, ..sight_of(0) }], vec![json!(null)])
    };
    let again =
        |trace: Trace| edit_look(trace, |looked| looked.opportunities[0].requested.as_mut().unwrap().again = true);
    vec![
        row("creation-published")
            .right(created_session())
            .right(again(missing(created_session())))
            .wrong(missing(created_session()), "Test Interface response wrong"),
        row("creation-rejected")
            .right(impossible(400))
            .right(impossible(500))
            .wrong(impossible(201), "Test Interface response wrong"),
        row("replacement-offer")
            .right(replacement_at(json!(12.0)))
            .wrong(replacement_at(json!(11)), "orderedItem.acceptedOffer.price wrong")
            .wrong(
                replacement_at(json!(12))
                    .set("feed/orderedItem/0/acceptedOffer/@id", "https://id.example.com/offers/9"),
                "orderedItem.acceptedOffer.@id wrong",
            ),
        row("change-published")
            .right(change())
            .wrong(change().set("look/0/startDate", "2030-03-01T18:00:00Z"), "opportunity feed wrong")
            .wrong(change().set("look/0", json!(null)), "opportunity feed wrong"),
        row("other-datasets-unaffected")
            .right(of(Sought::OtherDataset))
            .wrong(missing(of(Sought::OtherDataset)), "state wrong"),
        row("creation-response")
            .right(creation().set("creation/@context", "https://openactive.io/"))
            .right(creation().exchange("creation", |exchanged| exchanged.prepares = true).without("creation/@type"))
            .wrong(creation().set("creation/@type", "Slot"), "@type wrong")
            .wrong(creation().without("creation/@id"), "@id missing"),
        row("created-type")
            .right(created_session())
            .right(again(created_session().set("look/0/@type", "Slot")))
            .wrong(created_session().set("look/0/@type", "Slot"), "@type wrong"),
        row("created-seller")
            .right(
                created_session()
                    .edit("look/0", |session| session["organizer"] = session["superEvent"]["organizer"]["@id"].clone()),
            )
            .wrong(
                created_session().set("look/0/superEvent/organizer/@id", "https://id.example.com/sellers/2"),
                "organizer.@id wrong",
            ),
        row("criteria")
            .right(created_session().set("look/0/startDate", "2030-01-01T14:30:00+01:00"))
            .right(created_session().set("look/0/remainingAttendeeCapacity", 10.0))
            .wrong(created_session().set("look/0/remainingAttendeeCapacity", 1), "Test Interface response wrong")
            .wrong(created_session().without("look/0/remainingAttendeeCapacity"), "remainingAttendeeCapacity missing")
            .wrong(created_session().set("look/0/remainingAttendeeCapacity", 9.5), "remainingAttendeeCapacity wrong"),
        row("flow-requirement-published")
            .right(negotiable().set(requirement, json!([openactive("OpenBookingNegotiation")])))
            .wrong(negotiable(), "offers.openBookingFlowRequirement missing")
            .wrong(
                negotiable().set(&requirement.replace('1', "0"), json!([openactive("OpenBookingApproval")])),
                "offers.openBookingFlowRequirement wrong",
            ),
        row("no-opportunity-meets-criteria").right(forbidden(12)).wrong(forbidden(0), "response unexpected"),
        row("dataset-deletion-published")
            .right(of(Sought::Deletion))
            .wrong(missing(of(Sought::Deletion)), "state wrong"),
    ]
}

#[test]
fn every_line_holds() {
    hold(&lines());
}
