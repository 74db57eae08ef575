//! The exchanges of a run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::results::{Exchange, ExchangeId};

use super::redaction::Redactor;

/// Keeps exchanges, redacted, in the order of their numbers.
#[derive(Debug)]
pub struct Recorder {
    redactor: Redactor,
    exchanges: Mutex<Vec<Arc<Exchange>>>,
    /// Bytes of pages that are kept.
    pages: AtomicUsize,
}

/// Pages of feeds are kept up to so many bytes in all; those that a cell refers to are kept beyond it.
const PAGES_KEPT: usize = 64 * 1024 * 1024;

impl Recorder {
    /// An empty record that hides what `redactor` knows.
    #[must_use]
    pub const fn new(redactor: Redactor) -> Self {
        Self { redactor, exchanges: Mutex::new(Vec::new()), pages: AtomicUsize::new(0) }
    }

    /// What hides the secrets.
    #[must_use]
    pub const fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Keeps an exchange that is redacted already, and numbers it.
    pub fn keep(&self, mut exchange: Exchange) -> Arc<Exchange> {
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchange.id = ExchangeId::try_from(exchanges.len()).unwrap_or(ExchangeId::MAX).saturating_add(1);
        let kept = Arc::new(exchange);
        exchanges.push(Arc::clone(&kept));
        kept
    }

    /// The number of the last exchange so far; 0 before the first.
    #[must_use]
    pub fn last(&self) -> ExchangeId {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        ExchangeId::try_from(exchanges.len()).unwrap_or(ExchangeId::MAX)
    }

    /// Whether there is room for a page of so many bytes, which takes it up.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.pages.fetch_add(bytes, Ordering::Relaxed) + bytes <= PAGES_KEPT
    }

    /// The exchanges of these numbers, in their order.
    #[must_use]
    pub fn some(&self, ids: &std::collections::BTreeSet<ExchangeId>) -> Vec<Exchange> {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |id: &ExchangeId| usize::try_from(*id).ok()?.checked_sub(1);
        ids.iter().filter_map(|id| exchanges.get(at(id)?)).map(|exchange| Exchange::clone(exchange)).collect()
    }

    /// All exchanges so far.
    #[must_use]
    pub fn all(&self) -> Vec<Exchange> {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.iter().map(|exchange| Exchange::clone(exchange)).collect()
    }
}
