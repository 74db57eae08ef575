//! How a run comes to its end before all of its cells do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

/// What a signal leaves of those cells that had not ended.
const INTERRUPTED: &str = "the run was interrupted";
/// What `--fail-fast` leaves of those that had not begun.
const FAILED_FAST: &str = "an earlier cell failed (`--fail-fast`)";

/// How often the end is looked for.
const TICK: Duration = Duration::from_millis(50);
/// How long cells have to end once everything must.
const GRACE: Duration = Duration::from_millis(1000);

/// The end of a run, as all cells see it.
#[derive(Debug)]
pub(super) struct Ending {
    token: CancellationToken,
    /// Is cancelled when whatever goes on in spite of that is left to itself.
    overdue: CancellationToken,
    reason: OnceLock<String>,
    no_more: AtomicBool,
}

impl Ending {
    /// An end that comes with `interrupt` at the latest.
    pub(super) fn with(interrupt: &CancellationToken) -> Self {
        Self {
            token: interrupt.child_token(),
            overdue: CancellationToken::new(),
            reason: OnceLock::new(),
            no_more: AtomicBool::new(false),
        }
    }

    /// Lets the end come after a limit, if there is one, and what is overdue then be left to itself.
    ///
    /// A thread of its own keeps the time, because the threads of the runtime may all be busy. It ends with what is
    /// returned.
    pub(super) fn watch(self: &Arc<Self>, limit: Option<Duration>) -> Sender<()> {
        let (over, ended) = channel();
        let ending = Arc::clone(self);
        let runs_on = move |wait: Duration| ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout);
        let watch = move || {
            let began = Instant::now();
            while !ending.token.is_cancelled() {
                if limit.is_some_and(|limit| began.elapsed() >= limit) {
                    ending.after(limit.unwrap_or_default());
                    break;
                }
                let left = limit.map_or(TICK, |limit| limit.saturating_sub(began.elapsed()).min(TICK));
                if !runs_on(left) {
                    return;
                }
            }
            if runs_on(GRACE) {
                ending.overdue.cancel();
            }
        };
        // Without a thread, the run ends as its cells do.
        let _ = std::thread::Builder::new().name("ending".to_owned()).spawn(watch);
        over
    }

    /// Is cancelled when nothing is waited for any more, whatever it is.
    pub(super) const fn overdue(&self) -> &CancellationToken {
        &self.overdue
    }

    /// Is cancelled when everything must stop.
    pub(super) const fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Stops everything, because the run took too long.
    fn after(&self, limit: Duration) {
        let _ = self.reason.set(format!("the run did not end within {} s (`--timeout`)", limit.as_secs_f64()));
        self.token.cancel();
    }

    /// Stops everything, because the target cannot be tested.
    pub(super) fn stop(&self, reason: &str) {
        let _ = self.reason.set(reason.to_owned());
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
