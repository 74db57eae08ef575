//! The exchanges of a run.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::results::{Exchange, ExchangeId, Exchanges, Requests, Texts};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::message::Request;
use super::redaction::Redactor;

/// Keeps exchanges, redacted, in the order of their numbers.
#[derive(Debug)]
pub struct Recorder {
    redactor: Redactor,
    exchanges: Mutex<Kept>,
    /// Whether every page of a feed is kept, and not only those that something refers to.
    every_page: AtomicBool,
    /// Bytes of pages that are kept.
    pages: AtomicUsize,
    requests: Mutex<Requests>,
}

/// The exchanges so far. What was forgotten before them still has its numbers.
#[derive(Debug, Default)]
struct Kept {
    last: ExchangeId,
    exchanges: Exchanges,
}

/// Limit of all recorded pages of feeds, in bytes; pages that a cell refers to are kept beyond it.
const PAGES_KEPT: usize = 64 * 1024 * 1024;

impl Recorder {
    /// An empty record that hides what `redactor` knows.
    #[must_use]
    pub fn new(redactor: Redactor) -> Self {
        Self {
            redactor,
            exchanges: Mutex::default(),
            every_page: AtomicBool::new(false),
            pages: AtomicUsize::new(0),
            requests: Mutex::default(),
        }
    }

    /// What hides the secrets.
    #[must_use]
    pub const fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an exchange that is redacted already, and numbers it.
    pub fn keep(&self, mut exchange: Exchange) -> ExchangeId {
        let mut kept = self.kept();
        kept.last = kept.last.saturating_add(1);
        exchange.id = kept.last;
        kept.exchanges.push(exchange);
        kept.last
    }

    /// The number of the last exchange so far; 0 before the first.
    #[must_use]
    pub fn last(&self) -> ExchangeId {
        self.kept().last
    }

    /// The texts that bodies are among.
    #[must_use]
    pub fn texts(&self) -> Texts {
        self.kept().exchanges.texts().clone()
    }

    /// Drops every exchange so far; the numbers continue.
    pub fn forget(&self) {
        self.kept().exchanges = Exchanges::default();
        self.pages.store(0, Ordering::Relaxed);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner) = Requests::default();
    }

    /// Counts a request that is being sent.
    pub(super) fn count(&self, request: &Request<'_>) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let of_orders = ["/orders-rpde", "/order-proposals-rpde"].iter().any(|path| request.url.contains(path));
        let count = if request.feed.is_some() || of_orders {
            &mut requests.feeds
        } else if request.content_type != Some(BOOKING_MEDIA_TYPE) {
            &mut requests.other
        } else if request.url.contains("/test-interface/") {
            &mut requests.test_interface
        } else {
            &mut requests.booking
        };
        *count += 1;
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps every page of a feed from now on, up to a limit, and not only those that something refers to.
    pub fn keep_pages(&self, every: bool) {
        self.every_page.store(every, Ordering::Relaxed);
    }

    /// Reserves room for a page of this size that nothing refers to; `false` if such pages are not kept, or the limit is
    /// reached.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.every_page.load(Ordering::Relaxed) && self.pages.fetch_add(bytes, Ordering::Relaxed) + bytes <= PAGES_KEPT
    }

    /// The exchanges of these numbers, in their order.
    #[must_use]
    pub fn some(&self, ids: &std::collections::BTreeSet<ExchangeId>) -> Exchanges {
        self.kept().exchanges.some(ids)
    }

    /// The exchange of a number.
    #[must_use]
    pub fn get(&self, id: ExchangeId) -> Option<Exchange> {
        self.kept().exchanges.get(id)
    }

    /// All exchanges so far.
    #[must_use]
    pub fn all(&self) -> Exchanges {
        self.kept().exchanges.clone()
    }
}
