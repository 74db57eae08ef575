//! RPDE feeds: items in the order of `modified`, which is unique within the whole system.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;

use crate::vocabulary::named_enumeration as named;

named! {
    /// An open feed, by the identifier that the dataset site gives it.
    "feed"
    pub(super) enum FeedName {
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
    }
}

impl FeedName {
    /// The last part of its path.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::SessionSeries => "session-series",
            Self::ScheduledSession => "scheduled-sessions",
            Self::FacilityUse => "facility-uses",
            Self::IndividualFacilityUse => "individual-facility-uses",
            Self::FacilityUseSlot => "facility-use-slots",
            Self::IndividualFacilityUseSlot => "individual-facility-use-slots",
        }
    }

    /// `kind` of its items.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::FacilityUseSlot => "FacilityUse/Slot",
            Self::IndividualFacilityUseSlot => "IndividualFacilityUse/Slot",
            _ => self.name(),
        }
    }

    /// The type of its items.
    pub(super) const fn item_type(self) -> &'static str {
        match self {
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => "Slot",
            _ => self.name(),
        }
    }

    /// How it is paged: feeds of Slots by change number, the others by time and identifier.
    pub(super) const fn order(self) -> Order {
        match self {
            Self::FacilityUseSlot | Self::IndividualFacilityUseSlot => Order::ChangeNumber,
            _ => Order::TimestampAndId,
        }
    }
}

/// An ordering strategy of RPDE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// `afterTimestamp` and `afterId`
    TimestampAndId,
    /// `afterChangeNumber`
    ChangeNumber,
}

/// A position in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct After {
    pub(super) modified: i64,
    /// Only in feeds that are ordered by time and identifier.
    pub(super) id: Option<String>,
}

#[derive(Debug, Clone)]
struct Item {
    id: String,
    kind: &'static str,
    data: Option<Arc<str>>,
}

/// A feed.
#[derive(Debug, Default)]
pub(super) struct Feed {
    items: BTreeMap<i64, Item>,
    at: HashMap<String, i64>,
}

/// A page of a feed.
#[derive(Debug)]
pub(super) struct Page {
    /// `items`, as JSON text.
    pub(super) items: Vec<String>,
    /// Where the next page begins.
    pub(super) next: After,
}

impl Feed {
    /// Puts an item at the end of the feed; without data it is a deleted one.
    pub(super) fn put(&mut self, modified: i64, kind: &'static str, id: &str, data: Option<&Value>) {
        if let Some(before) = self.at.insert(id.to_owned(), modified) {
            self.items.remove(&before);
        }
        let data = data.map(|data| Arc::from(data.to_string()));
        self.items.insert(modified, Item { id: id.to_owned(), kind, data });
    }

    /// Whether an item is there and not deleted.
    pub(super) fn shows(&self, id: &str) -> bool {
        self.at.get(id).and_then(|at| self.items.get(at)).is_some_and(|item| item.data.is_some())
    }

    /// At most `size` items after a position.
    pub(super) fn page(&self, after: &After, size: usize) -> Page {
        let mut items = Vec::new();
        let mut next = after.clone();
        // With an identifier, items of the same instant and a greater identifier count too.
        let from = if after.id.is_some() { Bound::Included(after.modified) } else { Bound::Excluded(after.modified) };
        for (modified, item) in self.items.range((from, Bound::Unbounded)) {
            if *modified == after.modified && after.id.as_deref().is_some_and(|id| item.id.as_str() <= id) {
                continue;
            }
            if items.len() >= size {
                break;
            }
            items.push(item.json(*modified));
            next = After { modified: *modified, id: Some(item.id.clone()) };
        }
        Page { items, next }
    }
}

impl Item {
    fn json(&self, modified: i64) -> String {
        let id = Value::from(self.id.as_str());
        let kind = self.kind;
        match &self.data {
            Some(data) => {
                format!(r#"{{"state":"updated","kind":"{kind}","id":{id},"modified":{modified},"data":{data}}}"#)
            }
            None => format!(r#"{{"state":"deleted","kind":"{kind}","id":{id},"modified":{modified}}}"#),
        }
    }
}
