//! How a run comes to its end before all of its cells do.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// What a signal leaves of those cells that had not ended.
const INTERRUPTED: &str = "the run was interrupted";
/// What `--fail-fast` leaves of those that had not begun.
const FAILED_FAST: &str = "another cell failed before (`--fail-fast`)";

/// The end of a run, as all cells see it.
#[derive(Debug)]
pub(super) struct Ending {
    token: CancellationToken,
    reason: OnceLock<String>,
    no_more: AtomicBool,
}

impl Ending {
    /// An end that comes with `interrupt` at the latest.
    pub(super) fn with(interrupt: &CancellationToken) -> Self {
        Self { token: interrupt.child_token(), reason: OnceLock::new(), no_more: AtomicBool::new(false) }
    }

    /// Is cancelled when everything must stop.
    pub(super) const fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Stops everything, because the run took too long.
    pub(super) fn after(&self, limit: Duration) {
        let _ = self.reason.set(format!("the run did not end within {} s (`--timeout`)", limit.as_secs_f64()));
        self.token.cancel();
    }

    /// Lets no further cell begin, because one failed.
    pub(super) fn fail_fast(&self) {
        self.no_more.store(true, Ordering::Relaxed);
    }

    /// Why a cell must not begin, if it must not.
    pub(super) fn forbids(&self) -> Option<&str> {
        if self.token.is_cancelled() {
            Some(self.reason())
        } else {
            self.no_more.load(Ordering::Relaxed).then_some(FAILED_FAST)
        }
    }

    /// Why everything stopped.
    pub(super) fn reason(&self) -> &str {
        self.reason.get().map_or(INTERRUPTED, String::as_str)
    }

    /// Why the run ended early, where that was no signal.
    pub(super) fn early(&self) -> Option<String> {
        let failed = self.no_more.load(Ordering::Relaxed).then(|| "a cell failed (`--fail-fast`)".to_owned());
        self.reason.get().cloned().or(failed)
    }
}
