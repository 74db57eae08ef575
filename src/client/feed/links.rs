//! What of an item says what it is and what it belongs to, read without reading the rest.

use serde_json::value::RawValue;

use crate::json::{entries, members};

/// Identifier, parents and embedded children of an item.
#[derive(Debug)]
pub struct Links<'d> {
    kind: Option<&'d RawValue>,
    id: Option<&'d RawValue>,
    plain_id: Option<&'d RawValue>,
    super_event: Option<&'d RawValue>,
    facility_use: Option<&'d RawValue>,
    aggregate: Option<&'d RawValue>,
    courts: Option<&'d RawValue>,
    events: Option<&'d RawValue>,
}

fn text(value: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(value?.get()).ok()
}

/// The keys of these properties, in their order.
const KEYS: [&str; 8] =
    ["@type", "@id", "id", "superEvent", "facilityUse", "aggregateFacilityUse", "individualFacilityUse", "subEvent"];

impl<'d> Links<'d> {
    /// Those of an object as it was sent; none where it is something else.
    #[must_use]
    pub fn read(data: &'d str) -> Option<Self> {
        let [kind, id, plain_id, super_event, facility_use, aggregate, courts, events] =
            members(data, &KEYS).ok()?.values;
        Some(Self { kind, id, plain_id, super_event, facility_use, aggregate, courts, events })
    }

    /// `@type`, where it is one text.
    #[must_use]
    pub fn kind(&self) -> Option<String> {
        text(self.kind)
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        text(self.id).or_else(|| text(self.plain_id))
    }

    /// The parents that it refers to by their identifiers.
    pub fn parents(&self) -> impl Iterator<Item = String> {
        [self.super_event, self.facility_use, self.aggregate].into_iter().filter_map(text)
    }

    /// Whether it has children in it.
    #[must_use]
    pub const fn embeds(&self) -> bool {
        self.courts.is_some() || self.events.is_some()
    }

    /// The identifiers of the children in it.
    #[must_use]
    pub fn children(&self) -> Vec<String> {
        let lists = [self.courts, self.events].into_iter().flatten();
        let inner = lists.filter_map(|list| entries(list.get()).ok());
        inner.flatten().filter_map(|child| Links::read(child.get())?.id()).collect()
    }
}
