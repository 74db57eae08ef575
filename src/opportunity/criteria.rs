//! Opportunity criteria: what an opportunity must be, and which of its offers will do.
//!
//! Where the text of the Test Interface and the public criteria code differ, what only one of them asks for is not
//! asked for. Of opportunities that are picked, more is asked than the text says: they must serve for the whole run. What
//! was created for a test is judged by the text, at the moment at which it is seen.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::vocabulary::{CriteriaName, Flow, OPENACTIVE, OpportunityType, schema_org};

use super::document::{capacity, decimal, flow_of, offers, requires, seller, type_of};

/// The instants that criteria are judged by: when the run began, and two hours later, so that nothing which starts
/// or closes during a run is picked.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    now: Timestamp,
    soon: Timestamp,
}

impl Clock {
    /// A clock that began at `now`.
    #[must_use]
    pub fn starting(now: Timestamp) -> Self {
        let soon = now.checked_add(SignedDuration::from_hours(2)).unwrap_or(now);
        Self { now, soon }
    }

    /// A clock that stands at `now`: nothing need last.
    const fn at(now: Timestamp) -> Self {
        Self { now, soon: now }
    }

    /// When it began.
    #[must_use]
    pub const fn now(self) -> Timestamp {
        self.now
    }
}

/// How an opportunity stands to a criterion.
#[derive(Debug, Clone, Default)]
pub struct Match<'o> {
    /// Unmet conditions, in words. Empty for a match.
    pub unmet: Vec<&'static str>,
    /// Conditions of the test that no offer meets, although the criterion does not require them, in words.
    pub unusable: Vec<&'static str>,
    /// The offers that will do.
    pub offers: Vec<&'o Value>,
}

impl Match<'_> {
    /// Whether the opportunity meets the criterion.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.unmet.is_empty() && !self.offers.is_empty()
    }
}

pub(super) type OpportunityRule = (&'static str, fn(&Subject<'_>) -> bool);
pub(super) type OfferRule = (&'static str, fn(&Subject<'_>, &Value) -> bool);

/// An opportunity with what the rules ask of it.
pub(super) struct Subject<'o> {
    opportunity: &'o Value,
    clock: Clock,
    start: Option<Timestamp>,
    capacity: Option<i64>,
}

impl<'o> Subject<'o> {
    pub(super) fn new(opportunity: &'o Value, clock: Clock) -> Self {
        let start = opportunity.get("startDate").and_then(instant);
        Self { opportunity, clock, start, capacity: capacity(opportunity) }
    }

    fn holds_one(&self) -> bool {
        self.opportunity.get("facilityUse").and_then(type_of) == Some("IndividualFacilityUse")
    }

    /// `true` if it is available at any time, without a capacity limit.
    fn on_demand(&self) -> bool {
        type_of(self.opportunity) == Some("OnDemandEvent")
    }

    /// Whether it has begun and goes on for half an hour at least after the run began.
    pub(super) fn in_progress(&self) -> bool {
        let half_an_hour = self.clock.now.checked_add(SignedDuration::from_mins(30)).unwrap_or(self.clock.now);
        let end = self.opportunity.get("endDate").and_then(instant);
        self.start.is_some_and(|start| start < self.clock.now) && end.is_some_and(|end| end > half_an_hour)
    }

    fn seller(&self, name: &str) -> Option<&'o Value> {
        seller(self.opportunity).and_then(|seller| seller.get(name))
    }

    /// The start less the duration that an offer gives under `name`. `Err` when that cannot be read.
    fn before_start(&self, offer: &Value, name: &str) -> Result<Option<Timestamp>, ()> {
        match offer.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(duration) => {
                let span = duration.as_str().and_then(duration_of).ok_or(())?;
                let start = self.start.ok_or(())?.to_zoned(TimeZone::UTC);
                start.checked_sub(span).map(|edge| Some(edge.timestamp())).map_err(|_| ())
            }
        }
    }
}

/// A date and time with zone, or a date alone (its beginning in UTC).
fn instant(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?;
    text.parse::<Timestamp>().ok().or_else(|| {
        let date: jiff::civil::Date = text.parse().ok()?;
        (text.len() == 10).then_some(())?;
        Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// An ISO 8601 duration: jiff reads friendlier forms too, which do not count here.
fn duration_of(text: &str) -> Option<Span> {
    let iso = text.starts_with('P') && text.chars().all(|c| c.is_ascii_digit() || "PYMWDTHS.,".contains(c));
    if iso { text.parse().ok() } else { None }
}

fn price(offer: &Value) -> Option<Decimal> {
    decimal(offer.get("price")?)
}

fn paid(offer: &Value) -> bool {
    price(offer).is_some_and(|price| price > Decimal::ZERO)
}

fn free(offer: &Value) -> bool {
    price(offer).is_some_and(|price| price.is_zero())
}

pub(super) fn is(value: Option<&Value>, term: &str) -> bool {
    value.and_then(Value::as_str).and_then(|text| text.strip_prefix(OPENACTIVE)) == Some(term)
}

fn prepayment(offer: &Value, term: &str) -> bool {
    is(offer.get("openBookingPrepayment"), term)
}

fn no_prepayment(offer: &Value) -> bool {
    offer.get("openBookingPrepayment").is_none_or(Value::is_null)
}

fn attendance_mode<'v>(subject: &Subject<'v>) -> Option<&'v str> {
    let own = subject.opportunity.get("eventAttendanceMode");
    own.or_else(|| subject.opportunity.pointer("/superEvent/eventAttendanceMode")).and_then(Value::as_str)
}

pub(super) const STARTS_LATER: OpportunityRule =
    ("startDate is more than two hours after the start of the run", |subject| {
        // An opportunity that is available at any time has no start.
        subject.start.map_or_else(|| subject.on_demand(), |start| start > subject.clock.soon)
    });
pub(super) const TAKES_PLACE: OpportunityRule = ("eventStatus is neither cancelled nor postponed", |subject| {
    let status = subject.opportunity.get("eventStatus").and_then(Value::as_str);
    !status.is_some_and(|status| status == schema_org("EventCancelled") || status == schema_org("EventPostponed"))
});
pub(super) const ROOM_FOR_TWO: OpportunityRule =
    ("remaining capacity is at least 2 (1 for a Slot of an IndividualFacilityUse)", |subject| {
        let enough = |capacity| capacity > i64::from(!subject.holds_one());
        subject.capacity.map_or_else(|| subject.on_demand(), enough)
    });
// The public criteria code requires it to be true. No text mentions it, and the data model does not require it.
pub(super) const OPEN: OpportunityRule = ("the Seller does not have isOpenBookingAllowed false", |subject| {
    subject.seller("isOpenBookingAllowed") != Some(&Value::Bool(false))
});
const NOT_FULL: OpportunityRule =
    ("remaining capacity is not 0", |subject| subject.capacity.is_none_or(|capacity| capacity > 0));
const FULL: OpportunityRule = ("remaining capacity is 0", |subject| subject.capacity == Some(0));
const ONE_SPACE: OpportunityRule = ("remaining capacity is 1", |subject| subject.capacity == Some(1));
const FIVE_SPACES: OpportunityRule = ("remaining capacity is 5", |subject| subject.capacity == Some(5));
const ENDED: OpportunityRule = ("endDate is in the past", |subject| {
    subject.opportunity.get("endDate").and_then(instant).is_some_and(|end| end < subject.clock.now)
});
const TAX_NET: OpportunityRule = ("the Seller's taxMode is TaxNet", |subject| is(subject.seller("taxMode"), "TaxNet"));
const TAX_GROSS: OpportunityRule =
    ("the Seller's taxMode is TaxGross", |subject| is(subject.seller("taxMode"), "TaxGross"));
const HAS_TERMS: OpportunityRule = ("the Seller has termsOfService", |subject| {
    subject.seller("termsOfService").and_then(Value::as_array).is_some_and(|terms| !terms.is_empty())
});
const ONLINE: OpportunityRule = ("eventAttendanceMode is online or mixed", |subject| {
    attendance_mode(subject).is_some_and(|mode| {
        mode == schema_org("OnlineEventAttendanceMode") || mode == schema_org("MixedEventAttendanceMode")
    })
});
const OFFLINE: OpportunityRule = ("eventAttendanceMode is offline or mixed", |subject| {
    subject.opportunity.get("facilityUse").is_some()
        || attendance_mode(subject).is_none_or(|mode| {
            mode == schema_org("OfflineEventAttendanceMode") || mode == schema_org("MixedEventAttendanceMode")
        })
});
const NOT_ENDED: OpportunityRule = ("endDate is not in the past", |subject| {
    subject.opportunity.get("endDate").and_then(instant).is_none_or(|end| end > subject.clock.now)
});

pub(super) const IDENTIFIED: OfferRule =
    ("the offer has an @id", |_, offer| offer.get("@id").is_some_and(Value::is_string));
const NOT_PAID_UNAVAILABLE: OfferRule = ("the offer is not at a price with prepayment unavailable", |_, offer| {
    !(paid(offer) && prepayment(offer, "Unavailable"))
});
pub(super) const NO_ATTENDEE_DETAILS: OfferRule =
    ("the offer needs no attendee details", |_, offer| !requires(offer, "OpenBookingAttendeeDetails"));
pub(super) const NO_INTAKE_FORM: OfferRule =
    ("the offer needs no intake form", |_, offer| !requires(offer, "OpenBookingIntakeForm"));
const ATTENDEE_DETAILS: OfferRule =
    ("the offer needs attendee details", |_, offer| requires(offer, "OpenBookingAttendeeDetails"));
const INTAKE_FORM: OfferRule = ("the offer needs an intake form", |_, offer| requires(offer, "OpenBookingIntakeForm"));
pub(super) const IN_ADVANCE: OfferRule =
    ("the offer can be booked in advance", |_, offer| !is(offer.get("openBookingInAdvance"), "Unavailable"));
pub(super) const WINDOW: OfferRule = ("the booking window is open, and stays open for two hours", in_window);
const HAS_WINDOW: OfferRule = ("the offer has a booking window", |_, offer| {
    offer.get("validFromBeforeStartDate").is_some() || offer.get("validThroughBeforeStartDate").is_some()
});
const OUTSIDE_WINDOW: OfferRule = ("the booking window is closed, and stays closed for two hours", |subject, offer| {
    let opens = subject.before_start(offer, "validFromBeforeStartDate").ok().flatten();
    let closes = subject.before_start(offer, "validThroughBeforeStartDate").ok().flatten();
    opens.is_some_and(|opens| subject.clock.soon < opens) || closes.is_some_and(|closes| subject.clock.now > closes)
});
const FREE: OfferRule = ("the price is 0 without prepayment", |_, offer| {
    free(offer) && (no_prepayment(offer) || prepayment(offer, "Unavailable"))
});
const PAID: OfferRule = ("the price is above 0", |_, offer| paid(offer));
const PAYABLE: OfferRule =
    ("the price is above 0 and can be prepaid", |_, offer| paid(offer) && !prepayment(offer, "Unavailable"));
const PAID_OPTIONAL: OfferRule =
    ("the price is above 0, prepayment optional", |_, offer| paid(offer) && prepayment(offer, "Optional"));
const PAID_UNAVAILABLE: OfferRule =
    ("the price is above 0, prepayment unavailable", |_, offer| paid(offer) && prepayment(offer, "Unavailable"));
const PAID_REQUIRED: OfferRule = ("the price is above 0, prepayment required", |_, offer| {
    paid(offer) && (no_prepayment(offer) || prepayment(offer, "Required"))
});
const FREE_OPTIONAL: OfferRule =
    ("the price is 0, prepayment optional", |_, offer| free(offer) && prepayment(offer, "Optional"));
const FREE_REQUIRED: OfferRule =
    ("the price is 0, prepayment required", |_, offer| free(offer) && prepayment(offer, "Required"));
const REFUND: OfferRule = ("the customer may cancel for a full refund", |_, offer| {
    offer.get("allowCustomerCancellationFullRefund") == Some(&Value::Bool(true))
});
const NO_REFUND: OfferRule = ("the customer may not cancel for a full refund", |subject, offer| {
    // Only an Offer that says true can be cancelled.
    offer.get("allowCustomerCancellationFullRefund") != Some(&Value::Bool(true)) || cancellation_closed(subject, offer)
});
const CANCEL_ANY: OfferRule = ("the customer may cancel for at least two hours more", |subject, offer| {
    match subject.before_start(offer, "latestCancellationBeforeStartDate") {
        Ok(None) => true,
        Ok(Some(edge)) => subject.clock.soon < edge,
        Err(()) => false,
    }
});
const CANCEL_NO_WINDOW: OfferRule = ("the offer has no latestCancellationBeforeStartDate", |_, offer| {
    offer.get("latestCancellationBeforeStartDate").is_none_or(Value::is_null)
});
const CANCEL_WITHIN: OfferRule = (
    "the cancellation window is open for at least two hours more",
    |subject, offer| matches!(subject.before_start(offer, "latestCancellationBeforeStartDate"), Ok(Some(edge)) if subject.clock.soon < edge),
);
const CANCEL_OUTSIDE: OfferRule = ("the cancellation window has closed", cancellation_closed);
const NEGOTIATION: OfferRule =
    ("the offer is open to negotiation", |_, offer| requires(offer, "OpenBookingNegotiation"));

fn in_window(subject: &Subject<'_>, offer: &Value) -> bool {
    let opened = match subject.before_start(offer, "validFromBeforeStartDate") {
        Ok(opens) => opens.is_none_or(|opens| subject.clock.now > opens),
        Err(()) => false,
    };
    let open_still = match subject.before_start(offer, "validThroughBeforeStartDate") {
        Ok(closes) => closes.is_none_or(|closes| subject.clock.soon < closes),
        Err(()) => false,
    };
    opened && open_still
}

fn cancellation_closed(subject: &Subject<'_>, offer: &Value) -> bool {
    matches!(subject.before_start(offer, "latestCancellationBeforeStartDate"), Ok(Some(edge)) if subject.clock.now > edge)
}

/// The rules of a criterion: those of the opportunity, and those that one offer must meet together.
fn rules(name: CriteriaName) -> (Vec<OpportunityRule>, Vec<OfferRule>) {
    use CriteriaName as C;
    let future = [STARTS_LATER, TAKES_PLACE];
    let simple = [IDENTIFIED, NOT_PAID_UNAVAILABLE, NO_ATTENDEE_DETAILS, NO_INTAKE_FORM, IN_ADVANCE];
    let bookable = || {
        let mut opportunity = future.to_vec();
        opportunity.extend([ROOM_FOR_TWO, OPEN]);
        let mut offer = simple.to_vec();
        offer.push(WINDOW);
        (opportunity, offer)
    };
    let bookable_and = |more: &[OpportunityRule], also: &[OfferRule]| {
        let (mut opportunity, mut offer) = bookable();
        opportunity.extend_from_slice(more);
        offer.extend_from_slice(also);
        (opportunity, offer)
    };
    let future_and = |more: &[OpportunityRule], also: &[OfferRule]| {
        let mut opportunity = future.to_vec();
        opportunity.extend_from_slice(more);
        let mut offer = simple.to_vec();
        offer.extend_from_slice(also);
        (opportunity, offer)
    };
    match name {
        C::Bookable => bookable(),
        C::BookableFree => bookable_and(&[], &[FREE]),
        C::BookableNonFree => bookable_and(&[], &[PAID]),
        C::BookableUsingPayment => bookable_and(&[], &[PAYABLE]),
        C::BookableNoSpaces => future_and(&[FULL], &[WINDOW]),
        C::BookableOneSpace => future_and(&[ONE_SPACE, OPEN], &[WINDOW]),
        C::BookableFiveSpaces => bookable_and(&[FIVE_SPACES], &[]),
        C::BookableWithinValidFromBeforeStartDate | C::BookableWithinValidFromBeforeStartDateWindow => {
            bookable_and(&[], &[HAS_WINDOW])
        }
        C::BookableCancellable => bookable_and(&[], &[CANCEL_ANY, REFUND]),
        C::BookableNotCancellable => bookable_and(&[], &[NO_REFUND]),
        C::BookableFreeCancellable => bookable_and(&[], &[FREE, CANCEL_ANY, REFUND]),
        C::BookableNonFreeCancellable => bookable_and(&[], &[PAID, CANCEL_ANY, REFUND]),
        // The text has no number of spaces here.
        C::BookableInPast => (vec![NOT_FULL, OPEN, ENDED, TAKES_PLACE], simple.to_vec()),
        C::BookableOutsideValidFromBeforeStartDate | C::BookableOutsideValidFromBeforeStartDateWindow => {
            future_and(&[ROOM_FOR_TWO], &[OUTSIDE_WINDOW])
        }
        C::BookableCancellableNoWindow => bookable_and(&[], &[CANCEL_NO_WINDOW, REFUND]),
        C::BookableCancellableWithinWindow => bookable_and(&[], &[CANCEL_WITHIN, REFUND]),
        // The specification also requires `allowCustomerCancellationFullRefund`; the public criteria code does not.
        C::BookableCancellableOutsideWindow => bookable_and(&[], &[CANCEL_OUTSIDE]),
        C::BookableNonFreeTaxNet => bookable_and(&[TAX_NET], &[PAID]),
        C::BookableNonFreeTaxGross => bookable_and(&[TAX_GROSS], &[PAID]),
        C::BookableNonFreePrepaymentOptional => bookable_and(&[], &[PAID_OPTIONAL]),
        C::BookableNonFreePrepaymentUnavailable => (
            vec![STARTS_LATER, TAKES_PLACE, ROOM_FOR_TWO, OPEN],
            vec![IDENTIFIED, NO_ATTENDEE_DETAILS, NO_INTAKE_FORM, IN_ADVANCE, WINDOW, PAID_UNAVAILABLE],
        ),
        C::BookableNonFreePrepaymentRequired => bookable_and(&[], &[PAID_REQUIRED]),
        C::BookableFreePrepaymentOptional => bookable_and(&[], &[FREE_OPTIONAL]),
        C::BookableFreePrepaymentRequired => bookable_and(&[], &[FREE_REQUIRED]),
        C::BookableAttendeeDetails => (
            vec![STARTS_LATER, TAKES_PLACE, ROOM_FOR_TWO, OPEN],
            vec![IDENTIFIED, NOT_PAID_UNAVAILABLE, NO_INTAKE_FORM, IN_ADVANCE, WINDOW, ATTENDEE_DETAILS],
        ),
        C::BookableAdditionalDetails => (
            vec![STARTS_LATER, TAKES_PLACE, ROOM_FOR_TWO, OPEN],
            vec![IDENTIFIED, NOT_PAID_UNAVAILABLE, NO_ATTENDEE_DETAILS, IN_ADVANCE, WINDOW, INTAKE_FORM],
        ),
        C::BookableSellerTermsOfService => bookable_and(&[HAS_TERMS], &[]),
        C::OnlineBookable => bookable_and(&[ONLINE], &[]),
        C::OfflineBookable => bookable_and(&[OFFLINE], &[]),
        C::BookableWithNegotiation => bookable_and(&[], &[NEGOTIATION]),
    }
}

/// Conditions of the tests that no criterion names: they start before the opportunity does, and book without details that
/// the criterion does not name.
const OF_TESTS: &[&str] = &[STARTS_LATER.0, NOT_PAID_UNAVAILABLE.0, NO_ATTENDEE_DETAILS.0, NO_INTAKE_FORM.0];

/// Rules with a safety margin, and their texts where the margin does not apply.
const WITHOUT_MARGIN: &[(&str, &str)] = &[
    (STARTS_LATER.0, "startDate is in the future"),
    (WINDOW.0, "the booking window is open"),
    (OUTSIDE_WINDOW.0, "the booking window is closed"),
    (CANCEL_ANY.0, "the customer may cancel"),
    (CANCEL_WITHIN.0, "the cancellation window is open"),
];

/// How an opportunity that was created for a criterion, and is seen at `now`, stands to its text: [`Match::unmet`] is what the
/// text asks for. The offers are those that the test can book.
#[must_use]
pub fn evaluate_created(name: CriteriaName, flow: Flow, opportunity: &Value, now: Timestamp) -> Match<'_> {
    let subject = Subject::new(opportunity, Clock::at(now));
    let (mut opportunity_rules, offer_rules) = rules(name);
    if name != CriteriaName::BookableInPast {
        opportunity_rules.push(NOT_ENDED);
    }
    let of_test = |label: &str| OF_TESTS.contains(&label);
    let (of_offer_test, of_offer_text): (Vec<OfferRule>, Vec<OfferRule>) =
        offer_rules.into_iter().partition(|(label, _)| of_test(label));
    let (of_opportunity_test, of_text): (Vec<OpportunityRule>, Vec<OpportunityRule>) =
        opportunity_rules.into_iter().partition(|(label, _)| of_test(label));
    let mut matched = compare(&subject, flow, &of_text, &of_offer_text);
    if matched.holds() {
        let lacking = of_opportunity_test.iter().filter(|(_, rule)| !rule(&subject)).map(|(label, _)| *label);
        matched.unusable.extend(lacking);
        let met = std::mem::take(&mut matched.offers);
        let lacking = of_offer_test.iter().filter(|(_, rule)| !met.iter().any(|offer| rule(&subject, offer)));
        let lacking: Vec<&'static str> = lacking.map(|(label, _)| *label).collect();
        let usable = |offer: &&Value| of_offer_test.iter().all(|(_, rule)| rule(&subject, offer));
        matched.offers = met.into_iter().filter(usable).collect();
        if matched.offers.is_empty() && lacking.is_empty() {
            matched.unusable.push(TOGETHER);
        }
        matched.unusable.extend(lacking);
    }
    for label in matched.unmet.iter_mut().chain(&mut matched.unusable) {
        if let Some((_, plain)) = WITHOUT_MARGIN.iter().find(|(long, _)| long == label) {
            *label = plain;
        }
    }
    matched
}

/// `true` if an opportunity of a type can meet a criterion. An opportunity that is available at any time has no start, no location
/// and no capacity limit, so no criterion can depend on them.
#[must_use]
pub const fn possible(name: CriteriaName, kind: OpportunityType) -> bool {
    use CriteriaName as C;
    !matches!(kind, OpportunityType::OnDemandEvent)
        || !matches!(
            name,
            C::BookableNoSpaces
                | C::BookableOneSpace
                | C::BookableFiveSpaces
                | C::BookableInPast
                | C::BookableWithinValidFromBeforeStartDate
                | C::BookableWithinValidFromBeforeStartDateWindow
                | C::BookableOutsideValidFromBeforeStartDate
                | C::BookableOutsideValidFromBeforeStartDateWindow
                | C::BookableCancellableWithinWindow
                | C::BookableCancellableOutsideWindow
                | C::OnlineBookable
        )
}

/// Every rule of every criterion once, and for each criterion which of them it consists of, as bits.
struct Table {
    opportunity: Vec<OpportunityRule>,
    offer: Vec<OfferRule>,
    criteria: Vec<(CriteriaName, u32, u64)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { opportunity: Vec::new(), offer: Vec::new(), criteria: Vec::new() };
    for name in CriteriaName::ALL.iter().copied() {
        let (opportunity, offer) = rules(name);
        let (mut of_opportunity, mut of_offer) = (0, 0);
        for rule in opportunity {
            let place = table.opportunity.iter().position(|(label, _)| *label == rule.0).unwrap_or_else(|| {
                table.opportunity.push(rule);
                table.opportunity.len() - 1
            });
            of_opportunity |= 1 << place;
        }
        for rule in offer {
            let place = table.offer.iter().position(|(label, _)| *label == rule.0).unwrap_or_else(|| {
                table.offer.push(rule);
                table.offer.len() - 1
            });
            of_offer |= 1 << place;
        }
        table.criteria.push((name, of_opportunity, of_offer));
    }
    table
});

/// Which rules an opportunity and its offers keep: each rule is looked at once, for all criteria together.
#[derive(Debug, Clone)]
pub struct Digest {
    opportunity: u32,
    offers: Vec<(Flow, u64)>,
}

impl Digest {
    /// Looks at an opportunity.
    #[must_use]
    pub fn of(opportunity: &Value, clock: Clock) -> Self {
        let subject = Subject::new(opportunity, clock);
        let kept = |number: usize, kept: bool| u64::from(kept) << number;
        let of_opportunity: u64 =
            TABLE.opportunity.iter().enumerate().map(|(number, (_, rule))| kept(number, rule(&subject))).sum();
        let of_offer = |offer: &Value| -> u64 {
            TABLE.offer.iter().enumerate().map(|(number, (_, rule))| kept(number, rule(&subject, offer))).sum()
        };
        let offers = offers(opportunity).into_iter().map(|offer| (flow_of(offer), of_offer(offer))).collect();
        Self { opportunity: u32::try_from(of_opportunity).unwrap_or_default(), offers }
    }

    /// Whether the opportunity meets a criterion in a booking flow: as [`evaluate`] has it.
    #[must_use]
    pub fn meets(&self, name: CriteriaName, flow: Flow) -> bool {
        TABLE.criteria.iter().find(|(known, ..)| *known == name).is_some_and(|(_, opportunity, offer)| {
            self.opportunity & opportunity == *opportunity
                && self.offers.iter().any(|(of, kept)| *of == flow && kept & offer == *offer)
        })
    }
}

/// What an opportunity lacks whose Offers are all booked in the other flow.
pub const IN_FLOW: &str = "it has an offer that is booked in the flow of the test";

/// The unmet condition if each rule is met by a different offer.
const TOGETHER: &str = "one offer meets everything at once";

/// The unmet conditions of a criterion in a booking flow, and the offers that meet it.
#[must_use]
pub fn evaluate(name: CriteriaName, flow: Flow, opportunity: &Value, clock: Clock) -> Match<'_> {
    let (opportunity_rules, offer_rules) = rules(name);
    compare(&Subject::new(opportunity, clock), flow, &opportunity_rules, &offer_rules)
}

/// The unmet conditions of these rules, and the offers that meet them.
fn compare<'o>(
    subject: &Subject<'o>,
    flow: Flow,
    opportunity_rules: &[OpportunityRule],
    offer_rules: &[OfferRule],
) -> Match<'o> {
    let mut unmet: Vec<&'static str> =
        opportunity_rules.iter().filter(|(_, rule)| !rule(subject)).map(|(label, _)| *label).collect();
    let all = offers(subject.opportunity);
    let relevant: Vec<&Value> = all
        .iter()
        .copied()
        .filter(|offer| flow_of(offer) == flow && offer_rules.iter().all(|(_, rule)| rule(subject, offer)))
        .collect();
    if relevant.is_empty() {
        let before = unmet.len();
        if all.is_empty() {
            unmet.push("it has offers");
        } else if !all.iter().any(|offer| flow_of(offer) == flow) {
            unmet.push(IN_FLOW);
        } else {
            let lacking = |(_, rule): &&OfferRule| !all.iter().any(|offer| rule(subject, offer));
            unmet.extend(offer_rules.iter().filter(lacking).map(|(label, _)| *label));
        }
        if unmet.len() == before {
            unmet.push(TOGETHER);
        }
    }
    Match { unmet, unusable: Vec::new(), offers: relevant }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Clock, Match, evaluate, evaluate_created};
    use crate::vocabulary::{CriteriaName, Flow};

    const NOW: &str = "2030-01-31T12:00:00Z";

    /// A session in a day that takes place as `mode` says, with one Offer.
    fn session(mode: &str, offer: &[(&str, Value)]) -> Value {
        let mut terms = json!({
            "@type": "Offer", "@id": "https://example.com/offers/1", "price": 5, "priceCurrency": "GBP"
        });
        for (name, value) in offer {
            terms[*name] = value.clone();
        }
        json!({
            "@type": "ScheduledSession",
            "@id": "https://example.com/sessions/1",
            "startDate": "2030-02-01T12:00:00Z",
            "endDate": "2030-02-01T13:00:00Z",
            "remainingAttendeeCapacity": 7,
            "eventAttendanceMode": format!("https://schema.org/{mode}"),
            "offers": [terms],
            "superEvent": { "@type": "SessionSeries", "organizer": { "@type": "Person", "isOpenBookingAllowed": true } }
        })
    }

    fn created(name: CriteriaName, opportunity: &Value) -> Match<'_> {
        evaluate_created(name, Flow::Simple, opportunity, NOW.parse().unwrap())
    }

    fn picked(name: CriteriaName, opportunity: &Value) -> Match<'_> {
        evaluate(name, Flow::Simple, opportunity, Clock::starting(NOW.parse().unwrap()))
    }

    #[test]
    fn what_was_created_need_not_last() {
        let closing = session(
            "OfflineEventAttendanceMode",
            &[
                ("allowCustomerCancellationFullRefund", json!(true)),
                ("latestCancellationBeforeStartDate", json!("PT23H59M")),
            ],
        );
        let name = CriteriaName::BookableCancellableWithinWindow;
        assert!(created(name, &closing).holds());
        assert_eq!(picked(name, &closing).unmet, ["the cancellation window is open for at least two hours more"]);
        let closed = session("OfflineEventAttendanceMode", &[("latestCancellationBeforeStartDate", json!("P2D"))]);
        assert_eq!(
            created(name, &closed).unmet,
            ["the cancellation window is open", "the customer may cancel for a full refund"]
        );

        let opening = session("OfflineEventAttendanceMode", &[("validFromBeforeStartDate", json!("PT23H59M"))]);
        let name = CriteriaName::BookableOutsideValidFromBeforeStartDate;
        assert!(created(name, &opening).holds());
        assert!(!picked(name, &opening).holds());
        assert_eq!(created(CriteriaName::Bookable, &opening).unmet, ["the booking window is open"]);
    }

    #[test]
    fn mixed_attendance_is_both_online_and_offline() {
        let mixed = session("MixedEventAttendanceMode", &[]);
        let online = session("OnlineEventAttendanceMode", &[]);
        for evaluated in [created, picked] {
            assert!(evaluated(CriteriaName::OfflineBookable, &mixed).holds());
            assert!(evaluated(CriteriaName::OnlineBookable, &mixed).holds());
            assert_eq!(
                evaluated(CriteriaName::OfflineBookable, &online).unmet,
                ["eventAttendanceMode is offline or mixed"]
            );
        }
    }

    #[test]
    fn what_texts_do_not_say_is_not_asked_for() {
        let closed = session("OfflineEventAttendanceMode", &[("latestCancellationBeforeStartDate", json!("P2D"))]);
        let mut past = session("OfflineEventAttendanceMode", &[]);
        past["startDate"] = json!("2030-01-30T12:00:00Z");
        past["endDate"] = json!("2030-01-30T13:00:00Z");
        past["remainingAttendeeCapacity"] = json!(1);
        let mut unstated = session("OfflineEventAttendanceMode", &[]);
        unstated["superEvent"]["organizer"] = json!({ "@type": "Person" });
        let mut disallowed = unstated.clone();
        disallowed["superEvent"]["organizer"]["isOpenBookingAllowed"] = json!(false);
        for evaluated in [created, picked] {
            assert!(evaluated(CriteriaName::Bookable, &unstated).holds());
            assert_eq!(
                evaluated(CriteriaName::Bookable, &disallowed).unmet,
                ["the Seller does not have isOpenBookingAllowed false"]
            );
            assert!(evaluated(CriteriaName::BookableCancellableOutsideWindow, &closed).holds());
            assert!(evaluated(CriteriaName::BookableInPast, &past).holds());
        }
        assert_eq!(created(CriteriaName::Bookable, &past).unmet.len(), 2);
    }

    #[test]
    fn what_meets_the_text_and_no_test_can_book_is_distinguished() {
        let detailed = session(
            "OfflineEventAttendanceMode",
            &[("openBookingFlowRequirement", json!(["https://openactive.io/OpenBookingAttendeeDetails"]))],
        );
        let matched = created(CriteriaName::Bookable, &detailed);
        assert_eq!(
            (matched.unmet.len(), matched.unusable.as_slice()),
            (0, &["the offer needs no attendee details"][..])
        );
        let mut started = session("OfflineEventAttendanceMode", &[]);
        started["startDate"] = json!("2030-01-31T11:00:00Z");
        let matched = created(CriteriaName::Bookable, &started);
        assert_eq!((matched.unmet.len(), matched.unusable.as_slice()), (0, &["startDate is in the future"][..]));
    }
}
