//! RPDE feeds: items in the order of `modified`, which is unique within the whole system.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use lz4_flex::block;
use serde_json::Value;

use crate::vocabulary::{named_enumeration as named, openactive, schema_org};

named! {
    /// An open feed, by the identifier that the dataset site gives it.
    "feed"
    pub(super) enum OpportunityFeedName {
        /// Parents of sessions.
        SessionSeries = "SessionSeries",
        /// Sessions.
        ScheduledSession = "ScheduledSession",
        /// Facilities.
        FacilityUse = "FacilityUse",
        /// Single courts.
        IndividualFacilityUse = "IndividualFacilityUse",
        /// Slots of facilities.
        FacilityUseSlot = "FacilityUseSlot",
        /// Slots of single courts.
        IndividualFacilityUseSlot = "IndividualFacilityUseSlot",
        /// Courses.
        CourseInstance = "CourseInstance",
        /// Events of courses.
        CourseInstanceSubEvent = "CourseInstanceSubEvent",
        /// Headline events.
        HeadlineEvent = "HeadlineEvent",
        /// Events of headline events.
        HeadlineEventSubEvent = "HeadlineEventSubEvent",
        /// Events.
        Event = "Event",
        /// Events without a time.
        OnDemandEvent = "OnDemandEvent",
    }
}

impl OpportunityFeedName {
    /// The last part of its path.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::SessionSeries => "session-series",
            Self::ScheduledSession => "scheduled-sessions",
            Self::FacilityUse => "facility-uses",
            Self::IndividualFacilityUse => "individual-facility-uses",
            Self::FacilityUseSlot => "facility-use-slots",
            Self::IndividualFacilityUseSlot => "individual-facility-use-slots",
            Self::CourseInstance => "course-instances",
            Self::CourseInstanceSubEvent => "course-instance-subevents",
            Self::HeadlineEvent => "headline-events",
            Self::HeadlineEventSubEvent => "headline-event-subevents",
            Self::Event => "events",
            Self::OnDemandEvent => "on-demand-events",
        }
    }

    /// `kind` of its items.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::FacilityUseSlot => "FacilityUse/Slot",
            Self::IndividualFacilityUseSlot => "IndividualFacilityUse/Slot",
            Self::CourseInstanceSubEvent | Self::HeadlineEventSubEvent => "Event",
            _ => self.name(),
        }
    }

    /// `additionalType` at the dataset site.
    pub(super) fn additional_type(self) -> String {
        match self {
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => openactive("Slot"),
            Self::CourseInstanceSubEvent | Self::HeadlineEventSubEvent | Self::Event => schema_org("Event"),
            Self::CourseInstance | Self::OnDemandEvent => schema_org(self.name()),
            _ => openactive(self.name()),
        }
    }

    /// How it is paged: feeds of Slots by change number, the others by time and identifier.
    pub(super) const fn order(self) -> Paging {
        match self {
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => Paging::ChangeNumber,
            _ => Paging::TimestampAndId,
        }
    }
}

named! {
    /// A feed of one Booking Partner, by its path.
    "feed of Orders"
    pub(super) enum OrderFeedName {
        /// Orders.
        Orders = "orders-rpde",
        /// OrderProposals.
        OrderProposals = "order-proposals-rpde",
    }
}

impl OrderFeedName {
    const fn kind(self) -> &'static str {
        match self {
            Self::Orders => "Order",
            Self::OrderProposals => "OrderProposal",
        }
    }
}

/// Which feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum FeedKey {
    /// An open feed.
    Open(OpportunityFeedName),
    /// A feed of a Booking Partner.
    Of(String, OrderFeedName),
}

impl FeedKey {
    /// As one text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Open(name) => name.name().to_owned(),
            Self::Of(client, name) => format!("{} {client}", name.name()),
        }
    }

    /// From that text.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None => text.parse().ok().map(Self::Open),
            Some((name, client)) => Some(Self::Of(client.to_owned(), name.parse().ok()?)),
        }
    }

    /// `kind` of its items.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Open(name) => name.kind(),
            Self::Of(_, name) => name.kind(),
        }
    }
}

/// An ordering strategy of RPDE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// `afterTimestamp` and `afterId`
    TimestampAndId,
    /// `afterChangeNumber`
    ChangeNumber,
    /// An opaque text.
    Opaque,
}

/// A position in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct After {
    pub(super) modified: i64,
    /// Only in feeds that are ordered by time and identifier.
    pub(super) id: Option<String>,
}

/// An item of a feed.
#[derive(Debug, Clone)]
struct Entry {
    id: String,
    /// As JSON, packed; none for a deleted one.
    data: Option<Box<[u8]>>,
}

/// A feed.
#[derive(Debug, Default)]
pub(super) struct Feed {
    items: BTreeMap<i64, Entry>,
    at: HashMap<String, i64>,
    /// The first item: the others are much like it, and packed by what they have in common.
    model: Option<Arc<str>>,
}

/// A page of a feed.
#[derive(Debug, Default)]
pub(super) struct FeedPage {
    /// `items`, as JSON text.
    pub(super) items: Vec<String>,
    /// Where the next page begins.
    pub(super) next: After,
}

impl Feed {
    /// Puts an item at the end of the feed; without data it is a deleted one.
    /// Returns where it stood before.
    pub(super) fn put(&mut self, modified: i64, id: &str, data: Option<Arc<str>>) -> Option<i64> {
        let data = data.map(|data| {
            let model = self.model.get_or_insert_with(|| Arc::clone(&data));
            block::compress_prepend_size_with_dict(data.as_bytes(), model.as_bytes()).into_boxed_slice()
        });
        let before = self.at.insert(id.to_owned(), modified);
        if let Some(before) = before {
            self.items.remove(&before);
        }
        self.items.insert(modified, Entry { id: id.to_owned(), data });
        before
    }

    /// The data of an item that is there and not deleted.
    pub(super) fn data(&self, id: &str) -> Option<Arc<str>> {
        self.at.get(id).and_then(|at| self.items.get(at)).and_then(|entry| self.unpacked(entry)).map(Arc::from)
    }

    /// The data of an item.
    fn unpacked(&self, entry: &Entry) -> Option<String> {
        let (data, model) = (entry.data.as_deref()?, self.model.as_deref()?);
        String::from_utf8(block::decompress_size_prepended_with_dict(data, model.as_bytes()).ok()?).ok()
    }

    /// Whether an item is there, deleted or not.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.at.contains_key(id)
    }

    /// Whether an item is there and not deleted.
    pub(super) fn shows(&self, id: &str) -> bool {
        self.at.get(id).and_then(|at| self.items.get(at)).is_some_and(|entry| entry.data.is_some())
    }

    /// Adds to a page what comes after its end, until it has `size` items.
    pub(super) fn fill(&self, kind: &str, page: &mut FeedPage, size: usize) {
        let after = page.next.clone();
        // With an identifier, items of the same instant and a greater identifier count too.
        let from = if after.id.is_some() { Bound::Included(after.modified) } else { Bound::Excluded(after.modified) };
        for (modified, entry) in self.items.range((from, Bound::Unbounded)) {
            if *modified == after.modified && after.id.as_deref().is_some_and(|id| entry.id.as_str() <= id) {
                continue;
            }
            if page.items.len() >= size {
                break;
            }
            page.items.push(item_json(kind, &entry.id, *modified, self.unpacked(entry).as_deref()));
            page.next = After { modified: *modified, id: Some(entry.id.clone()) };
        }
    }
}

/// An item as JSON text.
pub(super) fn item_json(kind: &str, id: &str, modified: i64, data: Option<&str>) -> String {
    let id = Value::from(id);
    match data {
        Some(data) => {
            format!(r#"{{"state":"updated","kind":"{kind}","id":{id},"modified":{modified},"data":{data}}}"#)
        }
        None => format!(r#"{{"state":"deleted","kind":"{kind}","id":{id},"modified":{modified}}}"#),
    }
}
