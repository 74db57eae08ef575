//! Bookable opportunity types.

use super::named::named_enumeration as named;

named! {
    /// A type of bookable opportunity, as configurations and the Test Interface distinguish them.
    ///
    /// A Slot is distinguished by the type of its `facilityUse`, an Event by the type of its `superEvent`.
    "opportunity type"
    pub enum OpportunityType {
        /// A session of a SessionSeries.
        ScheduledSession = "ScheduledSession",
        /// A Slot of a FacilityUse.
        FacilityUseSlot = "FacilityUseSlot",
        /// A Slot of an IndividualFacilityUse, which holds one booking.
        IndividualFacilityUseSlot = "IndividualFacilityUseSlot",
        /// A course with a fixed start.
        CourseInstance = "CourseInstance",
        /// An Event within a CourseInstance.
        CourseInstanceSubEvent = "CourseInstanceSubEvent",
        /// A headline event.
        HeadlineEvent = "HeadlineEvent",
        /// An Event within a HeadlineEvent.
        HeadlineEventSubEvent = "HeadlineEventSubEvent",
        /// An Event of its own, or within an EventSeries.
        Event = "Event",
        /// An event without a time.
        OnDemandEvent = "OnDemandEvent",
    }
}

impl OpportunityType {
    /// The `@type` of the opportunity itself.
    #[must_use]
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::ScheduledSession => "ScheduledSession",
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => "Slot",
            Self::CourseInstance => "CourseInstance",
            Self::HeadlineEvent => "HeadlineEvent",
            Self::CourseInstanceSubEvent | Self::HeadlineEventSubEvent | Self::Event => "Event",
            Self::OnDemandEvent => "OnDemandEvent",
        }
    }

    /// The property of the parent and the parent's `@type`, for types that are distinguished by their parent.
    #[must_use]
    pub const fn parent(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::ScheduledSession => Some(("superEvent", "SessionSeries")),
            Self::FacilityUseSlot => Some(("facilityUse", "FacilityUse")),
            Self::IndividualFacilityUseSlot => Some(("facilityUse", "IndividualFacilityUse")),
            Self::CourseInstanceSubEvent => Some(("superEvent", "CourseInstance")),
            Self::HeadlineEventSubEvent => Some(("superEvent", "HeadlineEvent")),
            Self::CourseInstance | Self::HeadlineEvent | Self::Event | Self::OnDemandEvent => None,
        }
    }

    /// The property that holds the Seller: on the parent where there is one, else on the opportunity.
    #[must_use]
    pub const fn seller_property(self) -> &'static str {
        match self {
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => "provider",
            _ => "organizer",
        }
    }

    /// Whether one opportunity of this type holds at most one booking (`maximumUses` is 1).
    #[must_use]
    pub const fn holds_one_booking(self) -> bool {
        matches!(self, Self::IndividualFacilityUseSlot)
    }

    /// A word short enough for a table heading.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::ScheduledSession => "Session",
            Self::FacilityUseSlot => "Slot",
            Self::IndividualFacilityUseSlot => "IFU Slot",
            Self::CourseInstance => "Course",
            Self::CourseInstanceSubEvent => "Course Event",
            Self::HeadlineEvent => "Headline",
            Self::HeadlineEventSubEvent => "Headline Event",
            Self::Event => "Event",
            Self::OnDemandEvent => "On demand",
        }
    }
}
