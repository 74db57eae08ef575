//! Opportunities by `@id`, with children joined to their parents.

use std::collections::{BTreeMap, HashMap, HashSet, hash_map};
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;
use serde_json::Value;

use crate::vocabulary::OpportunityType;

use super::links::Links;
use super::page::Item;

/// Where the data of an opportunity came from, and the data with its parents embedded.
#[derive(Debug, Clone)]
pub struct Located {
    /// The opportunity; `superEvent` or `facilityUse` is an object.
    pub data: Value,
    /// The exchange that brought its last update, if that was recorded.
    pub exchange: Option<u32>,
}

/// Opportunities whose parent is in no feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphans {
    /// How many there are.
    pub count: usize,
    /// `@id` of the first one.
    pub id: String,
    /// `@id` of its parent.
    pub parent: String,
}

impl fmt::Display for Orphans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, id, parent } = self;
        let what = if *count == 1 { "1 opportunity refers" } else { "opportunities refer" };
        let number = if *count == 1 { String::new() } else { format!("{count} ") };
        write!(
            f,
            "{number}{what} to a parent that no feed contains, and cannot be booked (first: {id}, parent {parent})"
        )
    }
}

/// An identifier, shared by all that name it.
type Id = Arc<str>;

#[derive(Debug)]
struct Entry {
    data: Packed,
    kind: Option<&'static str>,
    parent: Option<Id>,
    exchange: Option<u32>,
    /// The feeds that have shown it.
    feeds: FeedSet,
    /// How many items had been taken before it.
    version: u64,
}

/// Opportunities of one parent, or some of those without one.
#[derive(Debug)]
pub struct Family {
    parent: Option<Id>,
    children: Vec<Id>,
}

impl Family {
    /// Identifiers of which nothing more is known, some at a time.
    pub(super) fn single(ids: Vec<String>) -> Vec<Self> {
        let of =
            |some: &[String]| Self { parent: None, children: some.iter().map(|id| Id::from(id.as_str())).collect() };
        ids.chunks(SINGLE).map(of).collect()
    }

    /// The identifiers.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.children.iter().map(AsRef::as_ref)
    }
}

/// Some of the opportunity feeds, by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FeedSet(u64);

impl FeedSet {
    /// Every feed.
    pub(super) const ALL: Self = Self(u64::MAX);

    /// One feed. Feeds beyond 63 count as all feeds.
    pub(super) fn one(feed: usize) -> Self {
        u32::try_from(feed).ok().and_then(|feed| 1_u64.checked_shl(feed)).map_or(Self::ALL, Self)
    }

    /// The feeds of both.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The feeds that are not in the other, or all of these where that leaves none.
    pub(super) const fn but(self, other: Self) -> Self {
        if self.0 & !other.0 == 0 { self } else { Self(self.0 & !other.0) }
    }

    /// Whether a feed is among them.
    pub(super) fn has(self, feed: usize) -> bool {
        self.0 & Self::one(feed).0 != 0
    }
}

/// The data of an item, made small: items of a feed are alike, so each is kept as what differs from the first ones.
#[derive(Debug)]
struct Packed {
    small: Box<[u8]>,
    size: usize,
    alike: Arc<[u8]>,
}

impl Packed {
    fn new(text: &str, alike: &Arc<[u8]>) -> Self {
        let small = lz4_flex::block::compress_with_dict(text.as_bytes(), alike);
        Self { small: small.into_boxed_slice(), size: text.len(), alike: Arc::clone(alike) }
    }

    /// What was packed comes out again; were it ever broken, it would not be a document.
    fn text(&self) -> String {
        let bytes = lz4_flex::block::decompress_with_dict(&self.small, self.size, &self.alike).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// The items of all opportunity feeds.
#[derive(Debug, Default)]
pub struct Index {
    entries: HashMap<Id, Entry>,
    /// What an item of a feed put into the index, where that is not one thing with the `id` of the item: a FacilityUse
    /// may bring its IndividualFacilityUses along.
    brought: HashMap<(usize, u64), Vec<Id>>,
    /// What the items of each feed are alike to.
    alike: HashMap<usize, Arc<[u8]>>,
    /// Identifiers whose updates somebody waits for, and those of their parents.
    watched: HashSet<Id>,
    /// How many items have been taken.
    taken: u64,
}

/// How many parents are followed upwards.
const PARENTS: usize = 3;
/// So many opportunities without a parent are looked at together.
const SINGLE: usize = 256;
/// How much of the first page of a feed others are compared with.
const ALIKE: usize = 4 * 1024;

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl Index {
    /// From now on, pages with this opportunity or its parents are recorded.
    pub fn watch(&mut self, id: &str) {
        let mut next = Some(Id::from(id));
        for _ in 0..=PARENTS {
            let Some(id) = next else { break };
            next = self.entries.get(&id).and_then(|entry| entry.parent.clone());
            self.watched.insert(id);
        }
    }

    /// Takes the items of a page of feed number `feed`.
    pub fn take(&mut self, feed: usize, items: &[Item], record: &mut dyn FnMut() -> u32) {
        if let hash_map::Entry::Vacant(place) = self.alike.entry(feed) {
            let texts = items.iter().filter_map(|item| item.data.as_deref());
            let first: Vec<u8> = texts.flat_map(str::bytes).take(ALIKE).collect();
            if !first.is_empty() {
                place.insert(Arc::from(first));
            }
        }
        let alike = self.alike.get(&feed).cloned().unwrap_or_default();
        for item in items {
            let key = (feed, hash(&item.id));
            let before = self.brought.remove(&key).unwrap_or_default();
            let Some(data) = &item.data else {
                for id in before {
                    self.entries.remove(&id);
                }
                continue;
            };
            let mut now: Vec<Id> = Vec::with_capacity(1);
            for Described { id, parent, kind, data } in explode(data) {
                let id = self.shared(&id);
                let parent = parent.map(|parent| self.shared(&parent));
                let of_interest = self.watched.contains(&id);
                if let Some(parent) = parent.as_deref().filter(|_| of_interest) {
                    self.watch(parent);
                }
                let exchange = of_interest.then(&mut *record);
                let feeds = FeedSet::one(feed).and(self.feeds_of(&id).unwrap_or_default());
                self.taken += 1;
                let data = Packed::new(&data, &alike);
                let entry = Entry { data, kind, parent, exchange, feeds, version: self.taken };
                self.entries.insert(Id::clone(&id), entry);
                now.push(id);
            }
            for gone in before.iter().filter(|id| !now.contains(id)) {
                self.entries.remove(gone);
            }
            self.brought.insert(key, now);
        }
    }

    /// The identifier as it is known already, so that it is kept once.
    fn shared(&self, id: &str) -> Id {
        self.entries.get_key_value(id).map_or_else(|| Id::from(id), |(known, _)| Id::clone(known))
    }

    /// Whether an opportunity is known, with or without its parent.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// The feeds that have shown an opportunity itself. `None` while it is unknown.
    pub(super) fn feeds_of(&self, id: &str) -> Option<FeedSet> {
        self.entries.get(id).map(|entry| entry.feeds)
    }

    /// The feeds that have shown an opportunity and its parents. `None` while it or one of them is unknown.
    pub(super) fn feeds_of_family(&self, id: &str) -> Option<FeedSet> {
        let mut feeds = FeedSet::default();
        let mut next = Some(id);
        for _ in 0..=PARENTS {
            let Some(id) = next else { break };
            let entry = self.entries.get(id)?;
            feeds = feeds.and(entry.feeds);
            next = entry.parent.as_deref();
        }
        Some(feeds)
    }

    /// What changes whenever an opportunity or one of its parents does: the versions of the opportunity, and of the latest of
    /// all of them. `None` while one of them is unknown.
    pub(super) fn version(&self, id: &str) -> (Option<u64>, Option<u64>) {
        let own = self.entries.get(id).map(|entry| entry.version);
        let mut latest = own;
        let mut next = self.entries.get(id).and_then(|entry| entry.parent.as_deref());
        for _ in 0..PARENTS {
            let Some(id) = next else { break };
            let Some(entry) = self.entries.get(id) else { return (own, None) };
            latest = latest.max(Some(entry.version));
            next = entry.parent.as_deref();
        }
        (own, latest)
    }

    /// The parent that an opportunity refers to and that no feed has shown.
    #[must_use]
    pub fn missing_parent(&self, id: &str) -> Option<&str> {
        let parent = self.entries.get(id)?.parent.as_deref()?;
        (!self.entries.contains_key(parent)).then_some(parent)
    }

    /// An opportunity joined with its parents; none while it or one of its parents is unknown.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Located> {
        let entry = self.entries.get(id)?;
        Some(Located { data: self.joined(entry, PARENTS)?, exchange: entry.exchange })
    }

    /// All opportunities by their parents, in an order that does not depend on that in which feeds were read. What has an unknown
    /// parent is left out.
    #[must_use]
    pub fn families(&self) -> Vec<Family> {
        self.families_where(|_| true)
    }

    /// Those of [`families`](Self::families) that may be of a type: the parent says the rest.
    #[must_use]
    pub fn families_of(&self, wanted: OpportunityType) -> Vec<Family> {
        self.families_where(|entry| entry.kind.is_none_or(|kind| kind == wanted.json_type()))
    }

    fn families_where(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<Family> {
        let mut families: BTreeMap<Option<&Id>, Vec<&Id>> = BTreeMap::new();
        for (id, entry) in self.entries.iter().filter(|(_, entry)| wanted(entry)) {
            families.entry(entry.parent.as_ref()).or_default().push(id);
        }
        let mut all = Vec::with_capacity(families.len());
        for (parent, mut children) in families {
            children.sort_unstable();
            let shared = |ids: &[&Id]| ids.iter().map(|id| Id::clone(id)).collect();
            match parent {
                None => all.extend(children.chunks(SINGLE).map(|some| Family { parent: None, children: shared(some) })),
                Some(parent) => all.push(Family { parent: Some(Id::clone(parent)), children: shared(&children) }),
            }
        }
        all
    }

    /// Shows the opportunities of a family, each with its identifier and joined with its parents, to `look`. The parent is read
    /// once.
    pub fn look_at(&self, family: &Family, look: &mut dyn FnMut(&str, &Value)) {
        let mut parent = match &family.parent {
            None => Value::Null,
            Some(id) => {
                let known = self.entries.get(id).and_then(|entry| self.joined(entry, PARENTS - 1));
                let Some(mut parent) = known else { return };
                if let Some(parent) = parent.as_object_mut() {
                    parent.remove("@context");
                }
                parent
            }
        };
        for id in &family.children {
            // What is in another family by now, or gone, is not of this one.
            let Some(entry) = self.entries.get(id).filter(|entry| entry.parent == family.parent) else { continue };
            let Ok(mut data) = serde_json::from_str::<Value>(&entry.data.text()) else { continue };
            let link = parent_link(&data).filter(|_| family.parent.is_some());
            let Some((link, object)) = link.zip(data.as_object_mut()) else {
                look(id, &data);
                continue;
            };
            object.insert(link.to_owned(), std::mem::take(&mut parent));
            look(id, &data);
            parent = data.get_mut(link).map(Value::take).unwrap_or_default();
        }
    }

    /// Shows every opportunity, joined with its parents, to `look`. Of `parts` that share the work this does number `part`.
    pub fn each(&self, part: usize, parts: usize, look: &mut dyn FnMut(&Value)) {
        for family in self.families().iter().skip(part).step_by(parts.max(1)) {
            self.look_at(family, &mut |_, opportunity| look(opportunity));
        }
    }

    /// Every identifier, in order, so that nothing depends on the order in which feeds were read.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.entries.keys().map(ToString::to_string).collect();
        ids.sort_unstable();
        ids
    }

    /// Opportunities whose parent is unknown; `None` where there are none.
    #[must_use]
    pub fn orphans(&self) -> Option<Orphans> {
        let missing = |entry: &Entry| entry.parent.clone().filter(|parent| !self.entries.contains_key(parent));
        let orphans = self.entries.iter().filter_map(|(id, entry)| Some((Id::clone(id), missing(entry)?)));
        let (mut count, mut first) = (0, None);
        for orphan in orphans {
            count += 1;
            if first.as_ref().is_none_or(|first| orphan < *first) {
                first = Some(orphan);
            }
        }
        let (id, parent) = first?;
        Some(Orphans { count, id: id.to_string(), parent: parent.to_string() })
    }

    fn joined(&self, entry: &Entry, levels: usize) -> Option<Value> {
        let mut data: Value = serde_json::from_str(&entry.data.text()).ok()?;
        let Some(parent_id) = &entry.parent else { return Some(data) };
        if levels == 0 {
            return Some(data);
        }
        let mut parent = self.joined(self.entries.get(parent_id)?, levels - 1)?;
        if let Some(link) = parent_link(&data)
            && let Some(object) = data.as_object_mut()
        {
            if let Some(parent) = parent.as_object_mut() {
                parent.remove("@context");
            }
            object.insert(link.to_owned(), parent);
        }
        Some(data)
    }
}

/// The properties that may lead to a parent.
const LINKS: &[&str] = &["superEvent", "facilityUse", "aggregateFacilityUse"];

fn parent_link(data: &Value) -> Option<&'static str> {
    LINKS.iter().copied().find(|link| data.get(*link).is_some_and(Value::is_string))
}

/// The identifiers of everything that an item describes, each with that of its parent.
#[must_use]
pub fn embedded(data: &str) -> Vec<(String, Option<String>)> {
    explode(&Arc::from(data)).into_iter().map(|described| (described.id, described.parent)).collect()
}

/// An identified thing in an item.
struct Described {
    id: String,
    parent: Option<String>,
    kind: Option<&'static str>,
    data: Arc<str>,
}

/// The `@type` of bookable opportunities that is this one; another text is that of none.
fn bookable(kind: &str) -> &'static str {
    OpportunityType::ALL.iter().map(|known| known.json_type()).find(|known| *known == kind).unwrap_or_default()
}

/// The identified things in an item: itself, its IndividualFacilityUses, its sub-events.
fn explode(data: &Arc<str>) -> Vec<Described> {
    let Some(links) = Links::read(data) else { return Vec::new() };
    let Some(id) = links.id() else { return Vec::new() };
    let (parent, kind) = (links.parents().next(), links.kind().map(|kind| bookable(&kind)));
    if !links.embeds() {
        return vec![Described { id, parent, kind, data: Arc::clone(data) }];
    }
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(data) else { return Vec::new() };
    let mut found = Vec::new();
    for (list, link) in [("individualFacilityUse", "aggregateFacilityUse"), ("subEvent", "superEvent")] {
        for inner in object.get(list).and_then(Value::as_array).into_iter().flatten() {
            if let Value::Object(inner) = inner
                && let Some(inner_id) = inner.get("@id").and_then(Value::as_str)
            {
                let mut inner_object = inner.clone();
                inner_object.insert(link.to_owned(), Value::String(id.clone()));
                found.push(Described {
                    id: inner_id.to_owned(),
                    parent: Some(id.clone()),
                    kind: inner.get("@type").and_then(Value::as_str).map(bookable),
                    data: Arc::from(Value::Object(inner_object).to_string()),
                });
            }
        }
    }
    let own = if found.is_empty() {
        Arc::clone(data)
    } else {
        object.remove("individualFacilityUse");
        object.remove("subEvent");
        Arc::from(Value::Object(object).to_string())
    };
    found.insert(0, Described { id, parent, kind, data: own });
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::super::page::Modified;
    use super::{Index, Item};
    use crate::vocabulary::OpportunityType;

    fn item(data: &Value) -> Item {
        let id = data["@id"].as_str().unwrap_or_default().to_owned();
        Item {
            id,
            kind: None,
            modified: Modified::Number(1.into()),
            data: Some(Arc::from(data.to_string())),
            marked: false,
        }
    }

    #[test]
    fn opportunities_of_a_type_are_those_and_what_does_not_say_what_it_is() {
        let mut index = Index::default();
        let items = [
            item(&json!({ "@id": "session", "@type": "ScheduledSession" })),
            item(&json!({ "@id": "slot", "@type": "Slot" })),
            item(&json!({ "@id": "series", "@type": "SessionSeries" })),
            item(&json!({ "@id": "list", "@type": ["Slot"] })),
            item(
                &json!({ "@id": "course", "@type": "CourseInstance", "subEvent": [{ "@id": "day", "@type": "Event" }] }),
            ),
        ];
        index.take(0, &items, &mut || 0);
        let ids = |kind| {
            let mut ids = Vec::new();
            for family in index.families_of(kind) {
                index.look_at(&family, &mut |id, _| ids.push(id.to_owned()));
            }
            ids
        };
        assert_eq!(ids(OpportunityType::IndividualFacilityUseSlot), ["list", "slot"]);
        assert_eq!(ids(OpportunityType::ScheduledSession), ["list", "session"]);
        assert_eq!(ids(OpportunityType::CourseInstanceSubEvent), ["list", "day"]);
    }
}
