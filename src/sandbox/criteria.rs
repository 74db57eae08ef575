//! What the Test Interface makes of each criterion.

use jiff::Timestamp;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::clock::later;
use super::offer::{Offer, Prepayment};
use super::opportunity::{Opportunity, offer_id};

/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;
/// An hour in seconds.
const HOUR: i64 = 60 * 60;

/// How an opportunity is made.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// Seconds from now to its start.
    pub(super) starts_in: i64,
    /// What it holds, unless it is a Slot of a single court.
    pub(super) total: i64,
    pub(super) price: Decimal,
    pub(super) prepayment: Option<Prepayment>,
    pub(super) online: bool,
    pub(super) refund: bool,
    pub(super) negotiation: bool,
    pub(super) valid_from_before_start: Option<&'static str>,
    pub(super) latest_cancellation_before_start: Option<&'static str>,
}

impl Recipe {
    /// Bookable, free or not as chance will have it.
    pub(super) fn bookable(rng: &mut ChaCha8Rng) -> Self {
        Self {
            starts_in: 2 * DAY + HOUR * rng.random_range(0..24),
            total: 10,
            price: if rng.random_bool(0.5) { Decimal::ZERO } else { Decimal::new(1499, 2) },
            prepayment: None,
            online: false,
            refund: true,
            negotiation: false,
            valid_from_before_start: None,
            latest_cancellation_before_start: None,
        }
    }

    /// What a criterion asks for.
    ///
    /// # Errors
    /// That this system has nothing of the kind, or that the specification forbids it.
    pub(super) fn of(criteria: CriteriaName, kind: OpportunityType, rng: &mut ChaCha8Rng) -> Result<Self, String> {
        use CriteriaName as C;
        let mut recipe = Self::bookable(rng);
        let paid = Decimal::new(1499, 2);
        match criteria {
            C::Bookable | C::OfflineBookable | C::BookableCancellableNoWindow | C::BookableSellerTermsOfService => {}
            C::BookableCancellable => {}
            C::BookableFree | C::BookableFreeCancellable => recipe.price = Decimal::ZERO,
            C::BookableNonFree
            | C::BookableNonFreeCancellable
            | C::BookableUsingPayment
            | C::BookableNonFreeTaxNet
            | C::BookableNonFreeTaxGross => recipe.price = paid,
            C::BookableNonFreePrepaymentOptional => {
                (recipe.price, recipe.prepayment) = (paid, Some(Prepayment::Optional));
            }
            C::BookableNonFreePrepaymentUnavailable => {
                (recipe.price, recipe.prepayment) = (paid, Some(Prepayment::Unavailable));
            }
            C::BookableNonFreePrepaymentRequired => {
                (recipe.price, recipe.prepayment) = (paid, Some(Prepayment::Required));
            }
            C::BookableNoSpaces => recipe.total = 0,
            C::BookableOneSpace => recipe.total = 1,
            C::BookableFiveSpaces if kind.holds_one_booking() => {
                return Err(format!("a {kind} has one space, never five"));
            }
            C::BookableFiveSpaces => recipe.total = 5,
            C::BookableInPast => recipe.starts_in = -DAY,
            C::BookableWithinValidFromBeforeStartDate | C::BookableWithinValidFromBeforeStartDateWindow => {
                (recipe.starts_in, recipe.valid_from_before_start) = (DAY, Some("PT48H"));
            }
            C::BookableOutsideValidFromBeforeStartDate | C::BookableOutsideValidFromBeforeStartDateWindow => {
                (recipe.starts_in, recipe.valid_from_before_start) = (DAY, Some("PT4H"));
            }
            C::BookableCancellableWithinWindow => {
                (recipe.starts_in, recipe.latest_cancellation_before_start) = (DAY, Some("PT4H"));
            }
            C::BookableCancellableOutsideWindow => {
                (recipe.starts_in, recipe.latest_cancellation_before_start) = (DAY, Some("PT48H"));
            }
            C::BookableNotCancellable => recipe.refund = false,
            C::BookableWithNegotiation => recipe.negotiation = true,
            C::OnlineBookable if kind == OpportunityType::ScheduledSession => recipe.online = true,
            C::OnlineBookable => return Err(format!("a {kind} is at a place, never online")),
            C::BookableFreePrepaymentOptional | C::BookableFreePrepaymentRequired => {
                return Err("what is free has no prepayment".to_owned());
            }
            C::BookableAttendeeDetails | C::BookableAdditionalDetails => {
                return Err("this booking system asks for no details of attendees".to_owned());
            }
        }
        Ok(recipe)
    }

    /// Makes the opportunity.
    pub(super) fn make(
        &self,
        number: u64,
        kind: OpportunityType,
        flow: Flow,
        seller: usize,
        dataset: Option<String>,
        now: Timestamp,
    ) -> Opportunity {
        let start = later(now, self.starts_in);
        let total = if kind.holds_one_booking() { self.total.min(1) } else { self.total };
        let offer = Offer {
            id: offer_id(kind, number, 0),
            price: self.price,
            prepayment: self.prepayment,
            approval: flow == Flow::Approval,
            negotiation: self.negotiation && flow == Flow::Approval,
            valid_from_before_start: self.valid_from_before_start,
            latest_cancellation_before_start: self.latest_cancellation_before_start,
            refund: self.refund,
        };
        let end = later(start, HOUR);
        Opportunity { number, kind, seller, dataset, start, end, total, online: self.online, offers: vec![offer] }
    }
}
