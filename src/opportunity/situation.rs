//! Opportunities that no criteria of the Test Interface ask for, so that they can only be found.

use serde_json::Value;

use crate::vocabulary::{Flow, Situation};

use super::criteria::{
    Clock, IDENTIFIED, IN_ADVANCE, NO_ATTENDEE_DETAILS, NO_INTAKE_FORM, OPEN, OfferRule, OpportunityRule, ROOM_FOR_TWO,
    STARTS_LATER, Subject, TAKES_PLACE, WINDOW, is,
};
use super::document::{flow_of, offers};

const BEGUN: OpportunityRule = ("it has begun and is not over", |subject| subject.in_progress());
const CALLED_OFF: OpportunityRule = ("it is cancelled or postponed", |subject| !(TAKES_PLACE.1)(subject));
const NOT_IN_ADVANCE: OfferRule =
    ("the offer cannot be booked in advance", |subject, offer| !(IN_ADVANCE.1)(subject, offer));
const LATER_TOO: OfferRule =
    ("the offer need not be booked in advance", |_, offer| !is(offer.get("openBookingInAdvance"), "Required"));

/// The offers of an opportunity that would be booked without more ado in a booking flow, were it not for the situation that
/// it is in. None where it is in another situation.
#[must_use]
pub fn offers_in(situation: Situation, flow: Flow, opportunity: &Value, clock: Clock) -> Vec<&Value> {
    let (of_opportunity, of_offer) = match situation {
        Situation::NotInAdvance => ([STARTS_LATER, TAKES_PLACE], [NOT_IN_ADVANCE, WINDOW]),
        Situation::Begun => ([BEGUN, TAKES_PLACE], [IN_ADVANCE, LATER_TOO]),
        Situation::CalledOff => ([STARTS_LATER, CALLED_OFF], [IN_ADVANCE, WINDOW]),
    };
    let subject = Subject::new(opportunity, clock);
    if !of_opportunity.iter().chain(&[ROOM_FOR_TWO, OPEN]).all(|(_, rule)| rule(&subject)) {
        return Vec::new();
    }
    let simple = [IDENTIFIED, NO_ATTENDEE_DETAILS, NO_INTAKE_FORM];
    let fits = |offer: &Value| of_offer.iter().chain(&simple).all(|(_, rule)| rule(&subject, offer));
    offers(opportunity).into_iter().filter(|offer| flow_of(offer) == flow && fits(offer)).collect()
}
