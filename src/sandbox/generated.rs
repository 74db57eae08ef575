//! Opportunities that exist by their numbers alone until something happens to them.

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::vocabulary::{CriteriaName, Flow, OpportunityType};

use super::criteria::Recipe;
use super::opportunity::Opportunity;
use super::switches::Switches;

/// Number of opportunities by criterion, for each type, flow and Seller.
pub(super) const STOCK: &[(CriteriaName, usize)] = &[
    (CriteriaName::Bookable, 24),
    (CriteriaName::BookableFree, 3),
    (CriteriaName::BookableNonFree, 3),
    (CriteriaName::BookableNonFreePrepaymentOptional, 2),
    (CriteriaName::BookableNonFreePrepaymentRequired, 2),
    (CriteriaName::BookableNonFreePrepaymentUnavailable, 2),
    (CriteriaName::BookableNoSpaces, 2),
    (CriteriaName::BookableOneSpace, 2),
    (CriteriaName::BookableFiveSpaces, 2),
    (CriteriaName::BookableInPast, 2),
    (CriteriaName::BookableWithinValidFromBeforeStartDate, 2),
    (CriteriaName::BookableOutsideValidFromBeforeStartDate, 2),
    (CriteriaName::BookableCancellableWithinWindow, 2),
    (CriteriaName::BookableCancellableOutsideWindow, 2),
    (CriteriaName::BookableNotCancellable, 2),
    (CriteriaName::BookableAttendeeDetails, 2),
    (CriteriaName::BookableAdditionalDetails, 2),
    (CriteriaName::BookableWithNegotiation, 2),
    (CriteriaName::OnlineBookable, 3),
];

/// The types of generated opportunities, in turn.
const GENERATED: [OpportunityType; 3] =
    [OpportunityType::ScheduledSession, OpportunityType::FacilityUseSlot, OpportunityType::IndividualFacilityUseSlot];

/// The type of a generated opportunity.
pub(super) fn generated_kind(number: u64) -> OpportunityType {
    let [session, slot, court_slot] = GENERATED;
    match number % 3 {
        0 => session,
        1 => slot,
        _ => court_slot,
    }
}

/// A generated opportunity: the same for the same number, seed and beginning.
pub(super) fn generated(number: u64, seed: u64, sellers: usize, switches: &Switches, begun: Timestamp) -> Opportunity {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let flow = if rng.random_bool(0.5) { Flow::Simple } else { Flow::Approval };
    let kind = generated_kind(number);
    let criteria =
        STOCK.get(rng.random_range(0..STOCK.len())).map_or(CriteriaName::Bookable, |(criteria, _)| *criteria);
    let recipe = Recipe::of(criteria, kind, flow, switches, &mut rng)
        .unwrap_or_else(|_| Recipe::bookable(Flow::Simple, switches, &mut rng));
    recipe.make(number, kind, rng.random_range(0..sellers.max(1)), None, begun)
}
