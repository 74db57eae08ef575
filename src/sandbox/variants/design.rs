//! Opportunities of other designs.

use jiff::SignedDuration;
use jiff::Timestamp;

use super::list::{Variant, Variants};
use crate::sandbox::offer::{InAdvance, Offer, Terms};
use crate::sandbox::opportunity::{Attendance, Opportunity, offer_id};
use crate::vocabulary::OpportunityType;

/// The capacity of an opportunity whose criteria require none in particular.
const USUAL: i64 = 10;
/// A window that is open longer than what is made starts in, and one that is shorter.
const WINDOWS: (&str, &str) = ("PT96H", "PT4H");

/// An opportunity as this system would have it.
pub(in crate::sandbox) fn design(variants: &Variants, opportunity: &mut Opportunity, now: Timestamp) {
    if variants.none() {
        return;
    }
    if variants.has(Variant::InstantsWithoutSeconds) {
        opportunity.times = opportunity.times.map(|(start, end)| (whole_minute(start), whole_minute(end)));
    }
    if variants.has(Variant::CapacitiesHuge) && opportunity.total == USUAL {
        opportunity.total = 1_000_000;
    }
    let event = !matches!(
        opportunity.kind,
        OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot | OpportunityType::OnDemandEvent
    );
    let online = opportunity.attendance != Attendance::Offline;
    if (variants.has(Variant::EventsMixed) && event) || (variants.has(Variant::OnlineMixed) && online) {
        opportunity.attendance = Attendance::Mixed;
    }
    if variants.has(Variant::OnlineOnly) && online {
        opportunity.attendance = Attendance::Online;
    }
    // Opportunities outside test datasets have existed for long.
    if let Some((start, _)) = opportunity.times.filter(|_| opportunity.dataset.is_some()) {
        let left = start.duration_since(now).as_secs();
        opportunity.offers.iter_mut().for_each(|offer| windows(variants, &mut offer.terms, left));
    }
    let second = |in_advance: Option<InAdvance>| {
        let first = opportunity.offers.first()?;
        let mut terms = first.terms.clone();
        terms.in_advance = in_advance.unwrap_or(terms.in_advance);
        Some(Offer { id: offer_id(opportunity.kind, opportunity.number, 1), terms, overriding: None })
    };
    let more = if variants.has(Variant::OffersSeveral) {
        second(Some(InAdvance::Unavailable))
    } else if variants.has(Variant::OffersEqual) {
        second(None)
    } else {
        None
    };
    if opportunity.offers.len() == 1 {
        opportunity.offers.extend(more);
    }
}

fn whole_minute(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    at.checked_sub(SignedDuration::from_secs(seconds.rem_euclid(60))).unwrap_or(at)
}

/// Windows whose end or beginning is near; `left`: seconds until the opportunity starts.
fn windows(variants: &Variants, terms: &mut Terms, left: i64) {
    let (open, shut) = WINDOWS;
    let mut change = |variant: Variant, booking: bool, usual: &str, seconds: i64| {
        let window =
            if booking { &mut terms.valid_from_before_start } else { &mut terms.latest_cancellation_before_start };
        if variants.has(variant) && window.as_deref() == Some(usual) && seconds > 0 {
            *window = Some(format!("PT{seconds}S"));
        }
    };
    change(Variant::BookingWindowsOpening, true, shut, left - 60);
    change(Variant::BookingWindowsJustOpened, true, open, left + 1);
    change(Variant::CancellationWindowsClosing, false, shut, left - 120);
    change(Variant::CancellationWindowsJustClosed, false, open, left + 1);
}
