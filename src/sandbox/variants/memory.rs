//! What variants of HTTP remember between requests.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::body::Bytes;
use axum::http::HeaderMap;

/// State of variants between requests.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Wire {
    pub(super) requests: AtomicU64,
    pub(super) cache: Mutex<HashMap<String, Cached>>,
}

/// A response that is returned again.
#[derive(Debug, Clone)]
pub(super) struct Cached {
    pub(super) until: Instant,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}
