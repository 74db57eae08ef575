//! The exchanges of a run.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::results::{Exchange, ExchangeId, Requests};
use crate::vocabulary::BOOKING_MEDIA_TYPE;

use super::message::Request;
use super::redaction::Redactor;

/// Keeps exchanges, redacted, in the order of their numbers.
#[derive(Debug)]
pub struct Recorder {
    redactor: Redactor,
    exchanges: Mutex<Kept>,
    /// Bytes of pages that are kept.
    pages: AtomicUsize,
    requests: Mutex<Requests>,
}

/// Exchanges by their numbers: the first of `exchanges` has the number after `forgotten`.
#[derive(Debug, Default)]
struct Kept {
    forgotten: ExchangeId,
    exchanges: VecDeque<Arc<Exchange>>,
}

impl Kept {
    fn last(&self) -> ExchangeId {
        self.forgotten.saturating_add(ExchangeId::try_from(self.exchanges.len()).unwrap_or(ExchangeId::MAX))
    }

    fn get(&self, id: ExchangeId) -> Option<&Arc<Exchange>> {
        let at = usize::try_from(id.checked_sub(self.forgotten)?).ok()?.checked_sub(1)?;
        self.exchanges.get(at)
    }
}

/// Limit of all recorded pages of feeds, in bytes; pages that a cell refers to are kept beyond it.
const PAGES_KEPT: usize = 64 * 1024 * 1024;

impl Recorder {
    /// An empty record that hides what `redactor` knows.
    #[must_use]
    pub fn new(redactor: Redactor) -> Self {
        Self {
            redactor,
            exchanges: Mutex::new(Kept { forgotten: 0, exchanges: VecDeque::new() }),
            pages: AtomicUsize::new(0),
            requests: Mutex::default(),
        }
    }

    /// What hides the secrets.
    #[must_use]
    pub const fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Keeps an exchange that is redacted already, and numbers it.
    pub fn keep(&self, mut exchange: Exchange) -> Arc<Exchange> {
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.id = exchanges.last().saturating_add(1);
        let kept = Arc::new(exchange);
        exchanges.exchanges.push_back(Arc::clone(&kept));
        kept
    }

    /// The number of the last exchange so far; 0 before the first.
    #[must_use]
    pub fn last(&self) -> ExchangeId {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.last()
    }

    /// Drops every exchange so far; the numbers continue.
    pub fn forget(&self) {
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.forgotten = exchanges.last();
        exchanges.exchanges.clear();
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

    /// Reserves memory for a page of this size; `false` if the limit is reached.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.pages.fetch_add(bytes, Ordering::Relaxed) + bytes <= PAGES_KEPT
    }

    /// The exchanges of these numbers, in their order.
    #[must_use]
    pub fn some(&self, ids: &std::collections::BTreeSet<ExchangeId>) -> Vec<Exchange> {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter_map(|id| exchanges.get(*id)).map(|exchange| Exchange::clone(exchange)).collect()
    }

    /// All exchanges so far.
    #[must_use]
    pub fn all(&self) -> Vec<Exchange> {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.exchanges.iter().map(|exchange| Exchange::clone(exchange)).collect()
    }
}
