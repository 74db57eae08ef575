//! Opportunities: each with a parent of its own, and as feeds and booking responses show it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::vocabulary::{OPENACTIVE_CONTEXT, OpportunityType, schema_org};

use super::clock::text;
use super::feed::FeedName;
use super::offer::Offer;
use super::seller::{IDS, Seller};

/// What can be booked.
#[derive(Debug, Clone)]
pub(super) struct Opportunity {
    pub(super) number: u64,
    pub(super) kind: OpportunityType,
    /// Place of the Seller in the list of Sellers.
    pub(super) seller: usize,
    /// The test dataset that it was created in.
    pub(super) dataset: Option<String>,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    /// How many it holds.
    pub(super) total: i64,
    pub(super) online: bool,
    pub(super) offers: Vec<Offer>,
}

/// Types that this booking system offers.
pub(super) const KINDS: &[OpportunityType] =
    &[OpportunityType::ScheduledSession, OpportunityType::FacilityUseSlot, OpportunityType::IndividualFacilityUseSlot];

/// The identifier of an opportunity.
pub(super) fn opportunity_id(kind: OpportunityType, number: u64) -> String {
    match kind {
        OpportunityType::FacilityUseSlot => format!("{IDS}/facility-uses/{number}/slots/1"),
        OpportunityType::IndividualFacilityUseSlot => {
            format!("{IDS}/facility-uses/{number}/individual-facility-uses/1/slots/1")
        }
        _ => format!("{IDS}/session-series/{number}/scheduled-sessions/1"),
    }
}

/// The identifier of the offer of an opportunity.
pub(super) fn offer_id(kind: OpportunityType, number: u64, offer: usize) -> String {
    match kind {
        OpportunityType::ScheduledSession => format!("{IDS}/session-series/{number}#/offers/{offer}"),
        _ => format!("{}#/offers/{offer}", opportunity_id(kind, number)),
    }
}

fn concept(scheme: &str, id: &str, label: &str) -> Value {
    let scheme = format!("https://openactive.io/{scheme}");
    json!([{ "@type": "Concept", "@id": format!("{scheme}#{id}"), "inScheme": scheme, "prefLabel": label }])
}

fn yoga() -> Value {
    concept("activity-list", "bf1a5e00-cdcf-465d-8c5a-6f57040b7f7e", "Yoga")
}

fn squash_court() -> Value {
    concept("facility-types", "a1f82b7a-1258-4d9a-8dc5-bfc2ae961651", "Squash Court")
}

impl Opportunity {
    pub(super) fn id(&self) -> String {
        opportunity_id(self.kind, self.number)
    }

    const fn is_slot(&self) -> bool {
        !matches!(self.kind, OpportunityType::ScheduledSession)
    }

    fn series_id(&self) -> String {
        format!("{IDS}/session-series/{}", self.number)
    }

    fn facility_use_id(&self) -> String {
        format!("{IDS}/facility-uses/{}", self.number)
    }

    fn individual_facility_use_id(&self) -> String {
        format!("{}/individual-facility-uses/1", self.facility_use_id())
    }

    /// The feed of the opportunity itself.
    pub(super) const fn feed(&self) -> FeedName {
        match self.kind {
            OpportunityType::FacilityUseSlot => FeedName::FacilityUseSlot,
            OpportunityType::IndividualFacilityUseSlot => FeedName::IndividualFacilityUseSlot,
            _ => FeedName::ScheduledSession,
        }
    }

    /// The feeds of its parents.
    pub(super) const fn parent_feeds(&self) -> &'static [FeedName] {
        match self.kind {
            OpportunityType::FacilityUseSlot => &[FeedName::FacilityUse],
            OpportunityType::IndividualFacilityUseSlot => &[FeedName::FacilityUse, FeedName::IndividualFacilityUse],
            _ => &[FeedName::SessionSeries],
        }
    }

    /// The opportunity as its feed shows it.
    pub(super) fn published(&self, remaining: i64) -> Value {
        let mut item = self.own(Some(remaining));
        item.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        match self.kind {
            OpportunityType::FacilityUseSlot => item.insert("facilityUse".to_owned(), json!(self.facility_use_id())),
            OpportunityType::IndividualFacilityUseSlot => {
                item.insert("facilityUse".to_owned(), json!(self.individual_facility_use_id()))
            }
            _ => item.insert("superEvent".to_owned(), json!(self.series_id())),
        };
        if self.is_slot() {
            item.insert("offers".to_owned(), self.offers.iter().map(Offer::published).collect());
        }
        Value::Object(item)
    }

    /// A parent as its feed shows it.
    pub(super) fn parent(&self, feed: FeedName, seller: &Seller) -> Value {
        let mut parent = match feed {
            FeedName::FacilityUse => self.facility_use(seller),
            FeedName::IndividualFacilityUse => {
                let mut whole = self.facility_use(seller);
                whole.insert("provider".to_owned(), seller.json());
                let mut court = self.court(seller);
                court.insert("aggregateFacilityUse".to_owned(), Value::Object(whole));
                court
            }
            _ => {
                let mut series = self.series(seller);
                series.insert("offers".to_owned(), self.offers.iter().map(Offer::published).collect());
                series.insert(
                    "eventSchedule".to_owned(),
                    json!([{ "@type": "PartialSchedule", "repeatFrequency": "P1W", "duration": "PT1H" }]),
                );
                series
            }
        };
        let property = if feed == FeedName::SessionSeries { "organizer" } else { "provider" };
        parent.insert(property.to_owned(), seller.json());
        parent.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        Value::Object(parent)
    }

    /// The opportunity as booking responses show it, with its parents in full.
    pub(super) fn booked(&self, seller: &Seller, remaining: Option<i64>) -> Value {
        let mut item = self.own(remaining);
        match self.kind {
            OpportunityType::FacilityUseSlot => {
                item.insert("facilityUse".to_owned(), Value::Object(self.facility_use(seller)));
            }
            OpportunityType::IndividualFacilityUseSlot => {
                let mut court = self.court(seller);
                court.insert("aggregateFacilityUse".to_owned(), Value::Object(self.facility_use(seller)));
                item.insert("facilityUse".to_owned(), Value::Object(court));
            }
            _ => {
                item.insert("superEvent".to_owned(), Value::Object(self.series(seller)));
            }
        }
        Value::Object(item)
    }

    fn own(&self, remaining: Option<i64>) -> Map<String, Value> {
        let mut item = Map::new();
        let mut put = |name: &str, value: Value| {
            item.insert(name.to_owned(), value);
        };
        put("@type", json!(self.kind.json_type()));
        put("@id", json!(self.id()));
        put("identifier", json!(self.number));
        put("startDate", json!(text(self.start)));
        put("endDate", json!(text(self.end)));
        put("duration", json!("PT1H"));
        let (maximum, left) = if self.is_slot() {
            ("maximumUses", "remainingUses")
        } else {
            put("eventStatus", json!(schema_org("EventScheduled")));
            ("maximumAttendeeCapacity", "remainingAttendeeCapacity")
        };
        put(maximum, json!(self.total));
        if let Some(remaining) = remaining {
            put(left, json!(remaining));
        }
        item
    }

    fn series(&self, seller: &Seller) -> Map<String, Value> {
        let mut series = Map::new();
        let mode = if self.online { "OnlineEventAttendanceMode" } else { "OfflineEventAttendanceMode" };
        let mut put = |name: &str, value: Value| {
            series.insert(name.to_owned(), value);
        };
        put("@type", json!("SessionSeries"));
        put("@id", json!(self.series_id()));
        put("identifier", json!(self.number));
        put("name", json!(format!("Morning Yoga {}", self.number)));
        put("url", json!(seller.page(&format!("yoga/{}", self.number))));
        put("activity", yoga());
        put("eventAttendanceMode", json!(schema_org(mode)));
        if !self.online {
            put("location", seller.place());
        }
        series
    }

    fn facility_use(&self, seller: &Seller) -> Map<String, Value> {
        let mut facility = Map::new();
        let mut put = |name: &str, value: Value| {
            facility.insert(name.to_owned(), value);
        };
        put("@type", json!("FacilityUse"));
        put("@id", json!(self.facility_use_id()));
        put("identifier", json!(self.number));
        put("name", json!(format!("Squash courts {}", self.number)));
        put("url", json!(seller.page(&format!("squash/{}", self.number))));
        put("facilityType", squash_court());
        put("location", seller.place());
        facility
    }

    fn court(&self, seller: &Seller) -> Map<String, Value> {
        let mut court = self.facility_use(seller);
        court.insert("@type".to_owned(), json!("IndividualFacilityUse"));
        court.insert("@id".to_owned(), json!(self.individual_facility_use_id()));
        court.insert("name".to_owned(), json!(format!("Court 1 of {}", self.number)));
        court
    }
}
