//! Opportunities by `@id`, with children joined to their parents.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::page::Item;

/// Where the data of an opportunity came from, and the data with its parents embedded.
#[derive(Debug, Clone)]
pub struct Located {
    /// The opportunity; `superEvent` or `facilityUse` is an object.
    pub data: Value,
    /// The exchange that brought its last update, if that was recorded.
    pub exchange: Option<u32>,
}

#[derive(Debug)]
struct Entry {
    data: Arc<str>,
    parent: Option<String>,
    exchange: Option<u32>,
}

/// The items of all opportunity feeds.
#[derive(Debug, Default)]
pub struct Index {
    entries: HashMap<String, Entry>,
    /// What an item of a feed put into the index: a FacilityUse may bring its IndividualFacilityUses along.
    brought: HashMap<(usize, String), Vec<String>>,
    children: HashMap<String, BTreeSet<String>>,
    /// Identifiers whose updates somebody waits for.
    watched: HashSet<String>,
}

/// How many parents are followed upwards.
const PARENTS: usize = 3;

impl Index {
    /// From now on, pages with this opportunity or its parent are recorded.
    pub fn watch(&mut self, id: &str) {
        self.watched.insert(id.to_owned());
    }

    /// Takes the items of a page of feed number `feed`.
    pub fn take(&mut self, feed: usize, items: &[Item], record: &mut dyn FnMut() -> u32) {
        for item in items {
            let before = self.brought.remove(&(feed, item.id.clone())).unwrap_or_default();
            let Some(data) = &item.data else {
                for id in before {
                    self.remove(&id);
                }
                continue;
            };
            let mut now = Vec::new();
            for (id, parent, data) in explode(data) {
                let of_interest = self.watched.contains(&id)
                    || self
                        .children
                        .get(&id)
                        .is_some_and(|children| children.iter().any(|child| self.watched.contains(child)));
                let exchange = of_interest.then(&mut *record);
                self.insert(id.clone(), Entry { data, parent, exchange });
                now.push(id);
            }
            for gone in before.into_iter().filter(|id| !now.contains(id)) {
                self.remove(&gone);
            }
            self.brought.insert((feed, item.id.clone()), now);
        }
    }

    fn insert(&mut self, id: String, entry: Entry) {
        self.unlink(&id);
        if let Some(parent) = &entry.parent {
            self.children.entry(parent.clone()).or_default().insert(id.clone());
        }
        self.entries.insert(id, entry);
    }

    fn remove(&mut self, id: &str) {
        self.unlink(id);
        self.entries.remove(id);
    }

    fn unlink(&mut self, id: &str) {
        let parent = self.entries.get(id).and_then(|entry| entry.parent.clone());
        if let Some(parent) = parent
            && let Some(children) = self.children.get_mut(&parent)
        {
            children.remove(id);
        }
    }

    /// Whether an opportunity is known, with or without its parent.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
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

    /// Every identifier, in order, so that nothing depends on the order in which feeds were read.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.entries.keys().cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// Opportunities whose parent is unknown.
    #[must_use]
    pub fn orphans(&self) -> usize {
        self.entries
            .values()
            .filter(|entry| entry.parent.as_ref().is_some_and(|parent| !self.entries.contains_key(parent)))
            .count()
    }

    fn joined(&self, entry: &Entry, levels: usize) -> Option<Value> {
        let mut data: Value = serde_json::from_str(&entry.data).ok()?;
        let Some(parent_id) = &entry.parent else { return Some(data) };
        if levels == 0 {
            return Some(data);
        }
        let mut parent = self.joined(self.entries.get(parent_id)?, levels - 1)?;
        if let (Some(object), Some(link)) = (data.as_object_mut(), parent_link(&entry.data)) {
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

fn parent_link(data: &str) -> Option<&'static str> {
    let value: Map<String, Value> = serde_json::from_str(data).ok()?;
    LINKS.iter().copied().find(|link| value.get(*link).is_some_and(Value::is_string))
}

fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

/// The identified things in an item: itself, its IndividualFacilityUses, its sub-events. Each with its parent.
fn explode(data: &Arc<str>) -> Vec<(String, Option<String>, Arc<str>)> {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(data) else { return Vec::new() };
    let Some(id) = text(&object, "@id").or_else(|| text(&object, "id")).map(str::to_owned) else { return Vec::new() };
    let mut found = Vec::new();
    for (list, link) in [("individualFacilityUse", "aggregateFacilityUse"), ("subEvent", "superEvent")] {
        for inner in object.get(list).and_then(Value::as_array).into_iter().flatten() {
            if let Value::Object(inner) = inner
                && let Some(inner_id) = text(inner, "@id")
            {
                let mut inner_object = inner.clone();
                inner_object.insert(link.to_owned(), Value::String(id.clone()));
                let text = Value::Object(inner_object).to_string();
                found.push((inner_id.to_owned(), Some(id.clone()), Arc::from(text)));
            }
        }
    }
    let parent = LINKS.iter().find_map(|link| text(&object, link)).map(str::to_owned);
    let own = if found.is_empty() {
        Arc::clone(data)
    } else {
        let mut object = object;
        object.remove("individualFacilityUse");
        object.remove("subEvent");
        Arc::from(Value::Object(object).to_string())
    };
    found.insert(0, (id, parent, own));
    found
}
