//! What of an item says what it is and what it belongs to, read without reading the rest.

use serde::Deserialize;
use serde_json::value::RawValue;

/// Identifier, parents and embedded children of an item.
#[derive(Debug, Deserialize)]
pub struct Links<'d> {
    #[serde(rename = "@id", borrow)]
    id: Option<&'d RawValue>,
    #[serde(rename = "id", borrow)]
    plain_id: Option<&'d RawValue>,
    #[serde(rename = "superEvent", borrow)]
    super_event: Option<&'d RawValue>,
    #[serde(rename = "facilityUse", borrow)]
    facility_use: Option<&'d RawValue>,
    #[serde(rename = "aggregateFacilityUse", borrow)]
    aggregate: Option<&'d RawValue>,
    #[serde(rename = "individualFacilityUse", borrow)]
    courts: Option<&'d RawValue>,
    #[serde(rename = "subEvent", borrow)]
    events: Option<&'d RawValue>,
}

fn text(value: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(value?.get()).ok()
}

impl Links<'_> {
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
        let inner = lists.filter_map(|list| serde_json::from_str::<Vec<Links<'_>>>(list.get()).ok());
        inner.flatten().filter_map(|child| child.id()).collect()
    }
}
