//! What all requests share.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::clock::now;
use super::database::Database;
use super::faults::Fault;
use super::identity::Identity;
use super::store::Store;
use super::variants::{Variants, Wire};

/// State that every request uses.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) store: Arc<Mutex<Store>>,
    pub(super) origin: Arc<str>,
    pub(super) test_interface: bool,
    pub(super) page_size: usize,
    /// How long a page of a feed takes.
    pub(super) page_time: Duration,
    /// A lock for building pages: one page at a time, of all feeds.
    pub(super) pages: Arc<tokio::sync::Mutex<()>>,
    /// The OpenID provider; `None` if headers identify Booking Partner and Seller.
    pub(super) identity: Option<Arc<Identity>>,
    /// `true` after the first B.
    pub(super) asked_for_b: Arc<AtomicBool>,
    /// The designs of its own.
    pub(super) variants: Arc<Variants>,
    /// State of the variants of HTTP.
    pub(super) wire: Arc<Wire>,
    /// The file of the state; `None` without one.
    pub(super) database: Option<Database>,
}

impl Shared {
    /// The store, without expired leases.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        store.end_leases(now);
        store.publish_due(now);
        store
    }

    /// Waits until everything that has happened is written down, where it is.
    ///
    /// # Errors
    /// Why it never will be.
    pub(super) async fn kept(&self) -> Result<(), String> {
        let Some(database) = &self.database else { return Ok(()) };
        let changed = self.store().changed();
        database.written(changed).await
    }

    /// Whether a fault is on.
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.store().faults.has(fault)
    }
}
