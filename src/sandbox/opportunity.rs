//! Opportunities: each with a parent of its own where its type has one, and as feeds and booking responses show it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::vocabulary::{OPENACTIVE_CONTEXT, OpportunityType, openactive, schema_org};

use super::clock::text;
use super::feed::OpportunityFeedName;
use super::offer::Offer;
use super::seller::{IDS, Seller, opening_hours};

/// How one takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Attendance {
    /// At a place.
    Offline,
    /// Online.
    Online,
    /// Either way.
    Mixed,
}

/// `eventStatus`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EventStatus {
    /// It takes place.
    #[default]
    Scheduled,
    /// It does not.
    Cancelled,
    /// The event takes place at another time, which is unknown.
    Postponed,
}

impl EventStatus {
    const fn term(self) -> &'static str {
        match self {
            Self::Scheduled => "EventScheduled",
            Self::Cancelled => "EventCancelled",
            Self::Postponed => "EventPostponed",
        }
    }
}

/// An opportunity.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Opportunity {
    pub(super) number: u64,
    pub(super) kind: OpportunityType,
    /// Place of the Seller in the list of Sellers.
    pub(super) seller: usize,
    /// The test dataset that it was created in.
    pub(super) dataset: Option<String>,
    /// None for what has no time.
    pub(super) times: Option<(Timestamp, Timestamp)>,
    /// How many it holds.
    pub(super) total: i64,
    pub(super) attendance: Attendance,
    /// Of events.
    #[serde(default)]
    pub(super) status: EventStatus,
    pub(super) offers: Vec<Offer>,
    /// How often it was renamed.
    pub(super) renamed: u32,
    /// How often it was moved to another place.
    pub(super) moved: u32,
}

/// The path of an opportunity under the identifiers, for each type: before and after its number.
const fn path(kind: OpportunityType) -> (&'static str, &'static str) {
    match kind {
        OpportunityType::ScheduledSession => ("session-series/", "/scheduled-sessions/1"),
        OpportunityType::FacilityUseSlot => ("facility-uses/", "/slots/1"),
        OpportunityType::IndividualFacilityUseSlot => ("facility-uses/", "/individual-facility-uses/1/slots/1"),
        OpportunityType::CourseInstance => ("course-instances/", ""),
        OpportunityType::CourseInstanceSubEvent => ("course-instances/", "/events/1"),
        OpportunityType::HeadlineEvent => ("headline-events/", ""),
        OpportunityType::HeadlineEventSubEvent => ("headline-events/", "/events/1"),
        OpportunityType::Event => ("events/", ""),
        OpportunityType::OnDemandEvent => ("on-demand-events/", ""),
    }
}

/// The identifier of an opportunity.
pub(super) fn opportunity_id(kind: OpportunityType, number: u64) -> String {
    let (before, after) = path(kind);
    format!("{IDS}/{before}{number}{after}")
}

/// The identifier of an offer of an opportunity.
pub(super) fn offer_id(kind: OpportunityType, number: u64, offer: usize) -> String {
    match kind {
        OpportunityType::ScheduledSession => format!("{IDS}/session-series/{number}#/offers/{offer}"),
        _ => format!("{}#/offers/{offer}", opportunity_id(kind, number)),
    }
}

/// The number in an identifier of an opportunity or an offer.
pub(super) fn number_in(id: &str) -> Option<u64> {
    let mut parts = id.strip_prefix(IDS)?.split(['/', '#']);
    parts.nth(2)?.parse().ok()
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

fn date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// `PT1H` and the like.
fn duration(start: Timestamp, end: Timestamp) -> String {
    let minutes = end.duration_since(start).as_mins();
    match (minutes / (24 * 60), minutes % (24 * 60)) {
        (days, 0) if days > 0 => format!("P{days}D"),
        _ if minutes % 60 == 0 => format!("PT{}H", minutes / 60),
        _ => format!("PT{minutes}M"),
    }
}

/// The reader: feeds show everything, booking responses omit properties of the Seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Feed,
    Booking,
}

impl Opportunity {
    pub(super) fn id(&self) -> String {
        opportunity_id(self.kind, self.number)
    }

    pub(super) fn start(&self) -> Option<Timestamp> {
        self.times.map(|(start, _)| start)
    }

    /// `true` if it has ended at `now`.
    pub(super) fn over(&self, now: Timestamp) -> bool {
        self.times.is_some_and(|(_, end)| end <= now)
    }

    /// Whether it has begun and is not over at `now`.
    pub(super) fn in_progress(&self, now: Timestamp) -> bool {
        self.times.is_some_and(|(start, end)| start <= now && now < end)
    }

    const fn is_slot(&self) -> bool {
        matches!(self.kind, OpportunityType::FacilityUseSlot | OpportunityType::IndividualFacilityUseSlot)
    }

    fn parent_id(&self, path: &str) -> String {
        format!("{IDS}/{path}/{}", self.number)
    }

    fn court_id(&self) -> String {
        format!("{}/individual-facility-uses/1", self.parent_id("facility-uses"))
    }

    /// The feed of the opportunity itself.
    pub(super) const fn feed(&self) -> OpportunityFeedName {
        match self.kind {
            OpportunityType::ScheduledSession => OpportunityFeedName::ScheduledSession,
            OpportunityType::FacilityUseSlot => OpportunityFeedName::FacilityUseSlot,
            OpportunityType::IndividualFacilityUseSlot => OpportunityFeedName::IndividualFacilityUseSlot,
            OpportunityType::CourseInstance => OpportunityFeedName::CourseInstance,
            OpportunityType::CourseInstanceSubEvent => OpportunityFeedName::CourseInstanceSubEvent,
            OpportunityType::HeadlineEvent => OpportunityFeedName::HeadlineEvent,
            OpportunityType::HeadlineEventSubEvent => OpportunityFeedName::HeadlineEventSubEvent,
            OpportunityType::Event => OpportunityFeedName::Event,
            OpportunityType::OnDemandEvent => OpportunityFeedName::OnDemandEvent,
        }
    }

    /// The feeds of its parents. Events of courses and of headline events hold their parents themselves.
    pub(super) const fn parent_feeds(&self) -> &'static [OpportunityFeedName] {
        match self.kind {
            OpportunityType::ScheduledSession => &[OpportunityFeedName::SessionSeries],
            OpportunityType::FacilityUseSlot => &[OpportunityFeedName::FacilityUse],
            OpportunityType::IndividualFacilityUseSlot => {
                &[OpportunityFeedName::FacilityUse, OpportunityFeedName::IndividualFacilityUse]
            }
            _ => &[],
        }
    }

    /// The opportunity as its feed shows it. `prepayment`: whether offers say when they are paid for.
    pub(super) fn published(&self, seller: &Seller, remaining: i64, prepayment: bool) -> Value {
        let mut item = self.own(seller, remaining, View::Feed);
        item.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        let parent = match self.kind {
            OpportunityType::ScheduledSession => Some(("superEvent", json!(self.parent_id("session-series")))),
            OpportunityType::FacilityUseSlot => Some(("facilityUse", json!(self.parent_id("facility-uses")))),
            OpportunityType::IndividualFacilityUseSlot => Some(("facilityUse", json!(self.court_id()))),
            OpportunityType::CourseInstanceSubEvent | OpportunityType::HeadlineEventSubEvent => {
                Some(("superEvent", self.whole(seller, remaining, View::Feed, prepayment)))
            }
            _ => None,
        };
        if let Some((property, parent)) = parent {
            item.insert(property.to_owned(), parent);
        }
        if self.is_slot() {
            item.insert("offers".to_owned(), self.published_offers(prepayment));
        } else if self.kind != OpportunityType::ScheduledSession {
            self.put_offers(&mut item, prepayment);
        }
        Value::Object(item)
    }

    /// Puts offers into an event of a feed, and whether one of them is free.
    fn put_offers(&self, event: &mut Map<String, Value>, prepayment: bool) {
        event.insert("offers".to_owned(), self.published_offers(prepayment));
        if self.offers.iter().any(|offer| offer.price().is_zero()) {
            event.insert("isAccessibleForFree".to_owned(), json!(true));
        }
    }

    fn published_offers(&self, prepayment: bool) -> Value {
        self.offers.iter().map(|offer| offer.published(prepayment)).collect()
    }

    /// A parent as its feed shows it.
    pub(super) fn parent(&self, feed: OpportunityFeedName, seller: &Seller, prepayment: bool) -> Value {
        let mut parent = match feed {
            OpportunityFeedName::FacilityUse => {
                let mut facility = self.facility_use(seller);
                facility.insert("offers".to_owned(), self.published_offers(prepayment));
                facility
            }
            OpportunityFeedName::IndividualFacilityUse => {
                let mut whole = self.facility_use(seller);
                whole.insert("provider".to_owned(), seller.json());
                whole.insert("offers".to_owned(), self.published_offers(prepayment));
                let mut court = self.court(seller);
                court.insert("aggregateFacilityUse".to_owned(), Value::Object(whole));
                court
            }
            _ => {
                let mut series = self.series(seller, View::Feed);
                self.put_offers(&mut series, prepayment);
                series.insert("eventSchedule".to_owned(), schedule());
                series
            }
        };
        let property = if feed == OpportunityFeedName::SessionSeries { "organizer" } else { "provider" };
        parent.insert(property.to_owned(), seller.json());
        parent.insert("@context".to_owned(), json!(OPENACTIVE_CONTEXT));
        Value::Object(parent)
    }

    /// The opportunity as booking responses show it, with its parents in full.
    pub(super) fn booked(&self, seller: &Seller, remaining: i64) -> Value {
        let mut item = self.own(seller, remaining, View::Booking);
        let parent = match self.kind {
            OpportunityType::ScheduledSession => {
                Some(("superEvent", Value::Object(self.series(seller, View::Booking))))
            }
            OpportunityType::FacilityUseSlot => Some(("facilityUse", Value::Object(self.facility_use(seller)))),
            OpportunityType::IndividualFacilityUseSlot => {
                let mut court = self.court(seller);
                court.insert("aggregateFacilityUse".to_owned(), Value::Object(self.facility_use(seller)));
                Some(("facilityUse", Value::Object(court)))
            }
            OpportunityType::CourseInstanceSubEvent | OpportunityType::HeadlineEventSubEvent => {
                Some(("superEvent", self.whole(seller, remaining, View::Booking, false)))
            }
            _ => None,
        };
        if let Some((property, parent)) = parent {
            item.insert(property.to_owned(), parent);
        }
        Value::Object(item)
    }

    /// The opportunity as in the Orders feed, in which facilities include their Seller.
    pub(super) fn in_orders_feed(&self, seller: &Seller, remaining: i64) -> Value {
        let mut item = self.booked(seller, remaining);
        for pointer in ["/facilityUse", "/facilityUse/aggregateFacilityUse"] {
            if let Some(Value::Object(facility)) = item.pointer_mut(pointer) {
                facility.insert("provider".to_owned(), seller.json());
            }
        }
        item
    }

    /// The opportunity without its parent.
    fn own(&self, seller: &Seller, remaining: i64, view: View) -> Map<String, Value> {
        let mut item = match self.kind {
            OpportunityType::ScheduledSession
            | OpportunityType::FacilityUseSlot
            | OpportunityType::IndividualFacilityUseSlot => Map::new(),
            OpportunityType::CourseInstance => self.course(seller, view),
            OpportunityType::OnDemandEvent => self.described(seller, "Ten-minute stretch", "stretch", view),
            _ => self.described(seller, "Park run", "run", view),
        };
        let mut put = |name: &str, value: Value| {
            item.insert(name.to_owned(), value);
        };
        put("@type", json!(self.kind.json_type()));
        put("@id", json!(self.id()));
        put("identifier", json!(self.number));
        if self.kind != OpportunityType::CourseInstance
            && let Some((start, end)) = self.times
        {
            put("startDate", json!(text(start)));
            put("endDate", json!(text(end)));
            put("duration", json!(duration(start, end)));
        }
        if self.kind == OpportunityType::OnDemandEvent {
            // An opportunity that is available at any time is never full.
            put("duration", json!("PT10M"));
            if view == View::Feed {
                let film =
                    json!({ "@type": "VideoObject", "url": seller.page(&format!("stretch/{}.mp4", self.number)) });
                put("workFeatured", film);
            }
            return item;
        }
        let (maximum, left) = if self.is_slot() {
            ("maximumUses", "remainingUses")
        } else {
            put("eventStatus", json!(schema_org(self.status.term())));
            ("maximumAttendeeCapacity", "remainingAttendeeCapacity")
        };
        put(maximum, json!(self.total));
        put(left, json!(remaining));
        item
    }

    fn attendance_mode(&self) -> Value {
        json!(schema_org(match self.attendance {
            Attendance::Offline => "OfflineEventAttendanceMode",
            Attendance::Online => "OnlineEventAttendanceMode",
            Attendance::Mixed => "MixedEventAttendanceMode",
        }))
    }

    /// A name that contains the number of its changes.
    fn named(&self, name: &str) -> String {
        match self.renamed {
            0 => format!("{name} {}", self.number),
            times => format!("{name} {} (new name {times})", self.number),
        }
    }

    /// Name, page, activity, place and Seller of an event.
    fn described(&self, seller: &Seller, name: &str, page: &str, view: View) -> Map<String, Value> {
        let mut event = Map::new();
        let mut put = |name: &str, value: Value| {
            event.insert(name.to_owned(), value);
        };
        put("name", json!(self.named(name)));
        put("url", json!(seller.page(&format!("{page}/{}", self.number))));
        put("activity", yoga());
        if self.kind != OpportunityType::OnDemandEvent {
            put("eventAttendanceMode", self.attendance_mode());
            if self.attendance != Attendance::Offline {
                put("attendeeInstructions", json!("Open the online room five minutes early, and keep your camera on."));
            }
            if self.attendance != Attendance::Online {
                put("location", seller.place(self.moved));
            }
        }
        put("ageRange", json!({ "@type": "QuantitativeValue", "minValue": 16, "maxValue": 99 }));
        put("genderRestriction", json!(openactive("NoRestriction")));
        if self.kind != OpportunityType::OnDemandEvent {
            put("eventStatus", json!(schema_org(EventStatus::Scheduled.term())));
        }
        if view == View::Feed {
            put("description", json!("For everybody who would like to try. Bring comfortable clothes and water."));
            put("image", json!([{ "@type": "ImageObject", "url": seller.page(&format!("{page}.jpg")) }]));
            put("level", json!(["Beginner", "Intermediate"]));
            if self.kind != OpportunityType::OnDemandEvent {
                put("leader", json!([{ "@type": "Person", "name": "Alex Morgan" }]));
            }
            put("organizer", seller.json());
        }
        event
    }

    fn series(&self, seller: &Seller, view: View) -> Map<String, Value> {
        let mut series = self.described(seller, "Morning Yoga", "yoga", view);
        series.insert("@type".to_owned(), json!("SessionSeries"));
        series.insert("@id".to_owned(), json!(self.parent_id("session-series")));
        series.insert("identifier".to_owned(), json!(self.number));
        series
    }

    /// A course, whose times are dates.
    fn course(&self, seller: &Seller, view: View) -> Map<String, Value> {
        let mut course = self.described(seller, "Beginners' course", "course", view);
        let mut put = |name: &str, value: Value| {
            course.insert(name.to_owned(), value);
        };
        put("@type", json!("CourseInstance"));
        put("@id", json!(self.parent_id("course-instances")));
        if let Some((start, end)) = self.times {
            put("startDate", json!(date(start)));
            put("endDate", json!(date(end)));
            put("duration", json!(duration(start, end)));
        }
        put("eventSchedule", schedule());
        put(
            "instanceOfCourse",
            json!({
                "@type": "Course",
                "@id": self.parent_id("courses"),
                "name": format!("Course {}", self.number),
                "url": seller.page(&format!("courses/{}", self.number))
            }),
        );
        course
    }

    /// The course or headline event that an event is part of.
    fn whole(&self, seller: &Seller, remaining: i64, view: View, prepayment: bool) -> Value {
        let mut whole = if self.kind == OpportunityType::CourseInstanceSubEvent {
            self.course(seller, view)
        } else {
            let mut event = self.described(seller, "Festival", "festival", view);
            event.insert("@type".to_owned(), json!("HeadlineEvent"));
            event.insert("@id".to_owned(), json!(self.parent_id("headline-events")));
            if let Some((start, end)) = self.times {
                event.insert("startDate".to_owned(), json!(text(start)));
                event.insert("endDate".to_owned(), json!(text(end)));
                event.insert("duration".to_owned(), json!(duration(start, end)));
            }
            event
        };
        whole.insert("maximumAttendeeCapacity".to_owned(), json!(self.total));
        whole.insert("remainingAttendeeCapacity".to_owned(), json!(remaining));
        if view == View::Feed {
            self.put_offers(&mut whole, prepayment);
        }
        Value::Object(whole)
    }

    fn facility_use(&self, seller: &Seller) -> Map<String, Value> {
        let mut facility = Map::new();
        let mut put = |name: &str, value: Value| {
            facility.insert(name.to_owned(), value);
        };
        put("@type", json!("FacilityUse"));
        put("@id", json!(self.parent_id("facility-uses")));
        put("identifier", json!(self.number));
        put("name", json!(self.named("Squash courts")));
        put("url", json!(seller.page(&format!("squash/{}", self.number))));
        put("facilityType", squash_court());
        put("description", json!("Glass-backed courts with a sprung floor. Rackets can be hired."));
        put("image", json!([{ "@type": "ImageObject", "url": seller.page("squash.jpg") }]));
        put("hoursAvailable", opening_hours());
        put("location", seller.place(self.moved));
        facility
    }

    fn court(&self, seller: &Seller) -> Map<String, Value> {
        let mut court = self.facility_use(seller);
        court.insert("@type".to_owned(), json!("IndividualFacilityUse"));
        court.insert("@id".to_owned(), json!(self.court_id()));
        court.insert("name".to_owned(), json!(self.named("Court 1 of")));
        court
    }
}

fn schedule() -> Value {
    json!([{
        "@type": "PartialSchedule",
        "repeatFrequency": "P1W",
        "startTime": "10:00",
        "endTime": "11:00",
        "duration": "PT1H"
    }])
}
