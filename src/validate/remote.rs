//! Remote documents that documents refer to: activity lists and JSON-LD contexts. They come from a given map; nothing is
//! fetched here.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The response of a URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fetched<'r> {
    /// HTTP status; `None` without a response.
    pub(super) status: Option<u16>,
    pub(super) json: Option<&'r Value>,
}

/// Remote documents by their URLs.
#[derive(Debug, Default)]
pub struct Remote {
    documents: Option<HashMap<String, RemoteResponse>>,
    wanted: Mutex<BTreeSet<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RemoteResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
}

impl Remote {
    /// No remote documents: verdicts that need one are undetermined.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a JSON object of URLs, each with `status` and `json` or `text`.
    ///
    /// # Errors
    /// The text is not such an object.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self { documents: Some(serde_json::from_str(text)?), ..Self::default() })
    }

    /// Adds the response of a URL; `status` is `None` without a response.
    pub fn add(&mut self, url: &str, status: Option<u16>, json: Option<Value>) {
        self.documents.get_or_insert_default().insert(url.to_owned(), RemoteResponse { status, json });
    }

    /// All remote documents in the format of [`Remote::read`].
    #[must_use]
    pub fn text(&self) -> String {
        let sorted: std::collections::BTreeMap<_, _> = self.documents.iter().flatten().collect();
        serde_json::to_string_pretty(&sorted).unwrap_or_default()
    }

    /// URLs that a validation needed and that are missing.
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
