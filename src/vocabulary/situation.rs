//! Situations of opportunities that no criteria of the Test Interface ask for.

use super::named::named_enumeration as named;

named! {
    /// A property of opportunities that no criterion of the Test Interface requires: they can only be found.
    "situation of an opportunity"
    pub enum Situation {
        /// Its offer cannot be booked in advance: `openBookingInAdvance` is Unavailable.
        NotInAdvance = "not-in-advance",
        /// It has begun, and is not over.
        Begun = "begun",
        /// `eventStatus` is EventCancelled or EventPostponed.
        CalledOff = "called-off",
    }
}

impl Situation {
    /// A description in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::NotInAdvance => "an opportunity whose Offer is not bookable in advance",
            Self::Begun => "an opportunity in progress",
            Self::CalledOff => "a cancelled or postponed opportunity",
        }
    }
}
