//! Documents that other documents refer to: activity lists, JSON-LD contexts. They come from a map that somebody gave;
//! nothing is ever fetched behind anybody's back.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a URL answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fetched<'r> {
    /// The HTTP status; none where nothing answered.
    pub(super) status: Option<u16>,
    pub(super) json: Option<&'r Value>,
}

/// Remote documents by their URLs.
#[derive(Debug, Default)]
pub struct Remote {
    documents: Option<HashMap<String, Answer>>,
    wanted: Mutex<BTreeSet<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
}

impl Remote {
    /// None at all: whatever needs one is left undetermined.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// From a JSON object of URLs, each with `status` and `json` or `text`.
    ///
    /// # Errors
    /// That it is something else.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { documents: Some(serde_json::from_str(text)?), ..Self::default() })
    }

    /// Adds what a URL answered; without a status where nothing answered.
    pub fn add(&mut self, url: &str, status: Option<u16>, json: Option<Value>) {
        self.documents.get_or_insert_default().insert(url.to_owned(), Answer { status, json });
    }

    /// All of them, as [`Remote::read`] takes them.
    #[must_use]
    pub fn text(&self) -> String {
        let sorted: std::collections::BTreeMap<_, _> = self.documents.iter().flatten().collect();
        serde_json::to_string_pretty(&sorted).unwrap_or_default()
    }

    /// URLs that were asked for and are not here.
    #[must_use]
    pub fn wanted(&self) -> BTreeSet<String> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn get(&self, url: &str) -> Fetched<'_> {
        if let Some(answer) = self.documents.as_ref().and_then(|documents| documents.get(url)) {
            return Fetched { status: answer.status, json: answer.json.as_ref() };
        }
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned());
        Fetched { status: self.documents.is_none().then_some(0), json: None }
    }
}
