//! What the Test Interface makes of each criterion.
//!
//! Where the text of the Test Interface and the public criteria code differ, what is made satisfies both: an offline
//! opportunity is at a place only (the text would allow mixed ones), one that can be cancelled has no window, one
//! outside its cancellation window would be refunded within it.

use jiff::Timestamp;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::clock::later;
use super::offer::{InAdvance, Offer, Prepayment, Terms};
use super::opportunity::{Attendance, EventStatus, Opportunity, offer_id};
use super::switches::{Switch, Switches};

/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;
/// An hour in seconds.
const HOUR: i64 = 60 * 60;

/// How an opportunity is made.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// Seconds from now to its start.
    pub(super) starts_in: i64,
    /// Its capacity, unless it is a Slot of a single court.
    pub(super) total: i64,
    pub(super) attendance: Attendance,
    pub(super) terms: Terms,
}

/// The price of what is not free.
pub(super) fn paid() -> Decimal {
    Decimal::new(1499, 2)
}

impl Recipe {
    /// Bookable; free or not as chance will have it, where there are both.
    pub(super) fn bookable(flow: Flow, switches: &Switches, rng: &mut ChaCha8Rng) -> Self {
        let free = match (switches.has(Switch::FreeOpportunities), switches.has(Switch::NonFreeOpportunities)) {
            (true, true) => rng.random_bool(0.5),
            (free, _) => free,
        };
        Self {
            starts_in: 2 * DAY + HOUR * rng.random_range(0..24),
            total: 10,
            attendance: Attendance::Offline,
            terms: Terms {
                price: if free { Decimal::ZERO } else { paid() },
                prepayment: None,
                in_advance: InAdvance::Optional,
                approval: flow == Flow::Approval,
                negotiation: false,
                attendee_details: false,
                intake_form: false,
                valid_from_before_start: None,
                latest_cancellation_before_start: None,
                refund: true,
            },
        }
    }

    /// The design that a criterion requires.
    ///
    /// # Errors
    /// If this system does not implement it, or the specification forbids it.
    pub(super) fn of(
        criteria: CriteriaName,
        kind: OpportunityType,
        flow: Flow,
        switches: &Switches,
        rng: &mut ChaCha8Rng,
    ) -> Result<Self, String> {
        use CriteriaName as C;
        let mut recipe = Self::bookable(flow, switches, rng);
        let needs = |switch: Switch| {
            if switches.has(switch) { Ok(()) } else { Err(format!("this booking system does not implement {switch}")) }
        };
        if flow == Flow::Approval {
            needs(Switch::MinimalProposal)?;
        }
        if kind == OpportunityType::OnDemandEvent && timed_or_counted(criteria) {
            return Err(format!("an {kind} has no start time and unlimited capacity"));
        }
        let terms = &mut recipe.terms;
        match criteria {
            C::Bookable | C::OfflineBookable => {}
            C::BookableCancellable | C::BookableCancellableNoWindow => {
                needs(Switch::CustomerRequestedCancellation)?;
            }
            C::BookableFree => {
                needs(Switch::FreeOpportunities)?;
                terms.price = Decimal::ZERO;
            }
            C::BookableFreeCancellable => {
                needs(Switch::FreeOpportunities)?;
                needs(Switch::CustomerRequestedCancellation)?;
                terms.price = Decimal::ZERO;
            }
            C::BookableNonFree | C::BookableNonFreeTaxNet | C::BookableNonFreeTaxGross => {
                needs(Switch::NonFreeOpportunities)?;
                terms.price = paid();
            }
            C::BookableUsingPayment => {
                needs(Switch::NonFreeOpportunities)?;
                (terms.price, terms.prepayment) = (paid(), None);
            }
            C::BookableNonFreeCancellable => {
                needs(Switch::NonFreeOpportunities)?;
                needs(Switch::CustomerRequestedCancellation)?;
                terms.price = paid();
            }
            C::BookableNonFreePrepaymentOptional => {
                needs(Switch::PrepaymentOptional)?;
                (terms.price, terms.prepayment) = (paid(), Some(Prepayment::Optional));
            }
            C::BookableNonFreePrepaymentUnavailable => {
                needs(Switch::PrepaymentUnavailable)?;
                (terms.price, terms.prepayment) = (paid(), Some(Prepayment::Unavailable));
            }
            C::BookableNonFreePrepaymentRequired => {
                needs(Switch::PrepaymentRequired)?;
                (terms.price, terms.prepayment) = (paid(), Some(Prepayment::Required));
            }
            C::BookableNoSpaces => recipe.total = 0,
            C::BookableOneSpace => recipe.total = 1,
            C::BookableFiveSpaces if kind.holds_one_booking() => {
                return Err(format!("a {kind} has a capacity of one"));
            }
            C::BookableFiveSpaces => recipe.total = 5,
            C::BookableInPast => {
                needs(Switch::PastOpportunities)?;
                recipe.starts_in = -2 * DAY;
            }
            C::BookableWithinValidFromBeforeStartDate | C::BookableWithinValidFromBeforeStartDateWindow => {
                needs(Switch::BookingWindow)?;
                terms.valid_from_before_start = Some("PT96H".to_owned());
            }
            C::BookableOutsideValidFromBeforeStartDate | C::BookableOutsideValidFromBeforeStartDateWindow => {
                needs(Switch::BookingWindow)?;
                terms.valid_from_before_start = Some("PT4H".to_owned());
            }
            C::BookableCancellableWithinWindow => {
                needs(Switch::CancellationWindow)?;
                terms.latest_cancellation_before_start = Some("PT4H".to_owned());
            }
            C::BookableCancellableOutsideWindow => {
                needs(Switch::CancellationWindow)?;
                terms.latest_cancellation_before_start = Some("PT96H".to_owned());
            }
            C::BookableNotCancellable if switches.has(Switch::CancellationAlwaysAllowed) => {
                return Err("every Offer can be cancelled in this booking system".to_owned());
            }
            C::BookableNotCancellable => terms.refund = false,
            C::BookableWithNegotiation => {
                needs(Switch::ProposalAmendment)?;
                terms.negotiation = true;
            }
            C::OnlineBookable if can_be_online(kind) => {
                recipe.attendance = if rng.random_bool(0.5) { Attendance::Online } else { Attendance::Mixed };
            }
            C::OnlineBookable => return Err(format!("a {kind} is never online")),
            C::BookableFreePrepaymentOptional | C::BookableFreePrepaymentRequired => {
                return Err("free Offers have no prepayment".to_owned());
            }
            C::BookableAttendeeDetails => {
                needs(Switch::AttendeeDetails)?;
                terms.attendee_details = true;
            }
            C::BookableAdditionalDetails => {
                needs(Switch::AdditionalDetails)?;
                terms.intake_form = true;
            }
            C::BookableSellerTermsOfService => needs(Switch::SellerTerms)?,
        }
        if !switches.has(Switch::CustomerRequestedCancellation) {
            recipe.terms.refund = false;
        }
        Ok(recipe)
    }

    /// Makes the opportunity.
    pub(super) fn make(
        self,
        number: u64,
        kind: OpportunityType,
        seller: usize,
        dataset: Option<String>,
        now: Timestamp,
    ) -> Opportunity {
        let start = later(now, self.starts_in);
        let length = if kind == OpportunityType::CourseInstance { 21 * DAY } else { HOUR };
        // A course that has ended began long ago.
        let start = if self.starts_in < 0 { later(start, -length) } else { start };
        let times = (kind != OpportunityType::OnDemandEvent).then(|| (start, later(start, length)));
        Opportunity {
            number,
            kind,
            seller,
            dataset,
            times,
            total: match kind {
                OpportunityType::OnDemandEvent => i64::from(i32::MAX),
                kind if kind.holds_one_booking() => self.total.min(1),
                _ => self.total,
            },
            attendance: self.attendance,
            status: EventStatus::Scheduled,
            offers: vec![Offer { id: offer_id(kind, number, 0), terms: self.terms, overriding: None }],
            renamed: 0,
            moved: 0,
        }
    }
}

const fn can_be_online(kind: OpportunityType) -> bool {
    !matches!(
        kind,
        OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot | OpportunityType::OnDemandEvent
    )
}

/// Criteria that speak of the start, or of how many spaces there are.
const fn timed_or_counted(criteria: CriteriaName) -> bool {
    use CriteriaName as C;
    matches!(
        criteria,
        C::BookableInPast
            | C::BookableNoSpaces
            | C::BookableOneSpace
            | C::BookableFiveSpaces
            | C::BookableWithinValidFromBeforeStartDate
            | C::BookableWithinValidFromBeforeStartDateWindow
            | C::BookableOutsideValidFromBeforeStartDate
            | C::BookableOutsideValidFromBeforeStartDateWindow
            | C::BookableCancellableWithinWindow
            | C::BookableCancellableOutsideWindow
    )
}
