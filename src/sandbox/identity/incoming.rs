//! Requests to the provider, and their fields.

use axum::http::{HeaderMap, Method};

/// A request to the provider.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct Incoming<'r> {
    pub(in crate::sandbox) method: &'r Method,
    pub(in crate::sandbox) query: &'r str,
    pub(in crate::sandbox) headers: &'r HeaderMap,
    pub(in crate::sandbox) body: &'r [u8],
}

impl Incoming<'_> {
    pub(super) fn posts(&self) -> bool {
        self.method == Method::POST
    }
}

/// The fields of a form or of a query.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(bytes: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(bytes).into_owned().collect())
    }

    pub(super) fn of_query(query: &str) -> Self {
        Self::read(query.as_bytes())
    }

    /// Those of the body where something is posted, else those of the query.
    pub(super) fn of(incoming: &Incoming<'_>) -> Self {
        if incoming.posts() { Self::read(incoming.body) } else { Self::of_query(incoming.query) }
    }

    /// A field that is there once; twice is as bad as never.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }
}
