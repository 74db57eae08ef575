//! Activity lists, read from remote documents.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::remote::Remote;

/// A list of activities: positions by `prefLabel` in lower case and by `@id`.
#[derive(Debug, Default)]
pub(super) struct ActivityList {
    pub(super) labels: HashMap<String, usize>,
    pub(super) ids: HashMap<String, usize>,
    pub(super) entries: Vec<(String, String)>,
    /// `true` if the response is not a JSON object.
    pub(super) broken: bool,
    pub(super) missing: bool,
}

/// ActivityLists of activities that were looked into.
#[derive(Debug, Default)]
pub(super) struct ActivityLists(Mutex<HashMap<String, Arc<ActivityList>>>);

impl ActivityLists {
    /// The list at a URL, read when it is first asked for.
    pub(super) fn get(&self, url: &str, remote: &Remote) -> Arc<ActivityList> {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lists.entry(url.to_owned()).or_insert_with(|| Arc::new(read(url, remote))))
    }
}

fn read(url: &str, remote: &Remote) -> ActivityList {
    let fetched = remote.get(url);
    let mut list = ActivityList { missing: fetched.json.is_none(), ..ActivityList::default() };
    list.broken = !fetched.json.is_some_and(Value::is_object);
    let concepts = fetched.json.and_then(|document| document.get("concept")).and_then(Value::as_array);
    for (index, concept) in concepts.into_iter().flatten().enumerate() {
        let text = |names: [&str; 2]| {
            names.iter().find_map(|name| concept.get(*name)).and_then(Value::as_str).unwrap_or_default()
        };
        let (id, label) = (text(["id", "@id"]).to_owned(), text(["prefLabel", "skos:prefLabel"]).to_lowercase());
        list.labels.entry(label.clone()).or_insert(index);
        list.ids.entry(id.clone()).or_insert(index);
        list.entries.push((id, label));
    }
    list
}
