//! What happens during a run, as it happens: the live display and the journal listen.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::results::{CellReport, Exchanges};

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum RunEvent {
    /// The run began.
    RunStarted {
        /// When (RFC 3339, UTC).
        started: String,
        /// The UUID of the run.
        run_id: String,
        /// `controlled` or `random`.
        mode: String,
        /// The seed.
        seed: u64,
        /// Cells to run.
        cells: usize,
        /// The dataset site.
        target: String,
    },
    /// Everything waits for something.
    Preparing {
        /// For what.
        what: String,
    },
    /// A cell began.
    CellStarted {
        /// Its identifier.
        cell: String,
    },
    /// A step of a cell began, or began to wait.
    StepStarted {
        /// The cell.
        cell: String,
        /// What it does or waits for.
        what: String,
    },
    /// A cell ended.
    CellFinished {
        /// What became of it.
        cell: Box<CellReport>,
        /// Its exchanges.
        exchanges: Exchanges,
    },
    /// A try of a cell ended that is followed by another one.
    CellRetried {
        /// What became of the try.
        cell: Box<CellReport>,
        /// Its exchanges.
        exchanges: Exchanges,
    },
    /// The run ended.
    RunFinished {
        /// Whether by a signal.
        interrupted: bool,
    },
}

/// Something that listens.
pub trait EventSink: Send {
    /// Takes note of an event. Must not block.
    fn take(&mut self, event: &RunEvent);
}

/// Everything that listens to a run.
#[derive(Default)]
pub struct Events {
    sinks: Mutex<Vec<Box<dyn EventSink>>>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Events {
    /// Listeners, notified in this order.
    #[must_use]
    pub fn new(sinks: Vec<Box<dyn EventSink>>) -> Self {
        Self { sinks: Mutex::new(sinks) }
    }

    /// Notifies every listener.
    pub fn emit(&self, event: &RunEvent) {
        for sink in self.sinks.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            sink.take(event);
        }
    }
}
