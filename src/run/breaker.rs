//! Ends a run against a target that cannot be tested: cell after cell gets no response, or the same rejection.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::results::{
    CellReport, CheckOutcome, Exchange, ExchangeId, Exchanges, FailureKind, Finding, StopCause, Stopped, Verdict,
};

/// Cells in a row after which the run is stopped.
const CELLS: usize = 4;

/// What of a cell shows whether the target can be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Nothing was requested, or the cell passed with it.
    None,
    /// The target responds as it should at least now and then.
    Alive,
    /// It did so, or was asked for feeds alone, and the last request got no response, which blocked the cell.
    CutOff,
    /// Every request had the same vain outcome.
    Vain(StopCause),
}

#[derive(Debug, Default)]
struct Row {
    cause: Option<StopCause>,
    cells: Vec<String>,
    /// Those that were cut off since the target last responded.
    cut_off: Vec<String>,
    stopped: Option<Stopped>,
}

/// Watches the cells of a run as they end.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Row>);

/// How a request ended; none where that says nothing of the target.
fn outcome(exchange: &Exchange) -> Option<Option<StopCause>> {
    match (&exchange.answer, &exchange.failure) {
        (Some(answer), _) => Some(match answer.status {
            401 | 403 => Some(StopCause::Unauthorized),
            500..=599 => Some(StopCause::ServerErrors),
            _ => None,
        }),
        (None, Some(failure)) => match failure.kind {
            FailureKind::Unreachable | FailureKind::Timeout | FailureKind::Broken => Some(Some(StopCause::Unreachable)),
            FailureKind::TooLarge | FailureKind::Redirects => Some(None),
            FailureKind::Unsent => None,
        },
        (None, None) => None,
    }
}

/// What a cell shows by its requests to the Open Booking API, feeds aside.
fn sign(cell: &CellReport, exchanges: &Exchanges, base: &str) -> (Sign, Option<ExchangeId>) {
    let alive = || match exchanges.outlines().last().as_ref().and_then(outcome) {
        Some(Some(StopCause::Unreachable)) if cell.verdict == Verdict::Blocked => Sign::CutOff,
        _ => Sign::Alive,
    };
    let own = exchanges.outlines().filter(|exchange| {
        exchange.feed.is_none() && !exchange.url.contains("-rpde") && exchange.url.starts_with(base)
    });
    let mut last = None;
    let mut cause = None;
    for exchange in own {
        match (outcome(&exchange), cause) {
            (None, _) => {}
            (Some(None), _) => return (alive(), None),
            (Some(Some(found)), None) => (cause, last) = (Some(found), Some(exchange.id)),
            (Some(Some(found)), Some(before)) if found == before => last = Some(exchange.id),
            (Some(Some(_)), Some(_)) => return (alive(), None),
        }
    }
    match cause {
        Some(cause) if cell.verdict != Verdict::Passed => (Sign::Vain(cause), last),
        _ => match alive() {
            Sign::CutOff => (Sign::CutOff, None),
            _ => (Sign::None, None),
        },
    }
}

impl Breaker {
    fn row(&self) -> MutexGuard<'_, Row> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees a cell that ended, with its exchanges. What stops the run, where this cell is the last that it takes.
    pub(super) fn see(&self, cell: &CellReport, exchanges: &Exchanges, base: &str) -> Option<Stopped> {
        let (sign, exchange) = sign(cell, exchanges, base);
        let mut row = self.row();
        if row.stopped.is_some() {
            // What was under way when the run was stopped.
            if cell.verdict != Verdict::Passed && sign != Sign::Alive {
                row.cells.push(cell.id.clone());
            }
            return None;
        }
        match sign {
            Sign::None => return None,
            Sign::CutOff => {
                row.cut_off.push(cell.id.clone());
                return None;
            }
            Sign::Alive => {
                *row = Row::default();
                return None;
            }
            Sign::Vain(cause) if row.cause == Some(cause) => row.cells.push(cell.id.clone()),
            Sign::Vain(cause) => (row.cause, row.cells) = (Some(cause), vec![cell.id.clone()]),
        }
        if row.cells.len() < CELLS {
            return None;
        }
        let shown = exchange.and_then(|id| exchanges.get(id));
        let cause = row.cause?;
        let stopped = stopped(cause, shown.as_ref(), finding_of(cell), base);
        let cut_off = std::mem::take(&mut row.cut_off);
        if cause == StopCause::Unreachable {
            row.cells.extend(cut_off);
        }
        row.stopped = Some(stopped.clone());
        Some(stopped)
    }

    /// What stopped the run, if anything did.
    pub(super) fn stop(&self) -> Option<RunStop> {
        let row = self.row();
        Some(RunStop { stopped: row.stopped.clone()?, cells: row.cells.clone() })
    }
}

/// What stopped a run, with the identifiers of the cells that it took.
#[derive(Debug)]
pub(super) struct RunStop {
    pub(super) stopped: Stopped,
    cells: Vec<String>,
}

impl RunStop {
    /// Changes the verdict of a cell that it took: what no target can be blamed for is blocked, and a target that responds with
    /// server errors only fails.
    pub(super) fn settle(&self, cell: &mut CellReport) {
        if !self.cells.contains(&cell.id) {
            return;
        }
        cell.stopped = true;
        cell.reason = Some(self.stopped.message.clone());
        cell.verdict = match self.stopped.by {
            StopCause::Unreachable | StopCause::Unauthorized => Verdict::Blocked,
            StopCause::ServerErrors => Verdict::Failed,
        };
    }
}

/// The finding by which a cell that did not pass shows why.
fn finding_of(cell: &CellReport) -> Option<&Finding> {
    cell.findings().find(|(_, check, _)| check.outcome != CheckOutcome::Held).map(|(_, _, finding)| finding)
}

fn stopped(by: StopCause, exchange: Option<&Exchange>, finding: Option<&Finding>, base: &str) -> Stopped {
    let status = exchange.and_then(|exchange| exchange.answer.as_ref()).map_or(0, |answer| answer.status);
    let failure = exchange.and_then(|exchange| exchange.failure.as_ref()).map_or("no response", |f| &f.message);
    let said = finding.map_or_else(|| format!("HTTP {status}"), |finding| finding.message.clone());
    let hint = finding.and_then(|finding| finding.hint.clone());
    let (message, hint) = match by {
        StopCause::Unreachable => (
            format!("the Open Booking API does not respond: {failure}"),
            format!("start the booking system, or correct `accessService.endpointUrl` ({base})"),
        ),
        StopCause::Unauthorized => (
            format!("the Open Booking API rejects every request: {said}"),
            hint.unwrap_or_else(|| {
                "correct the credentials: `sellers.primary.authentication` and `broker.bookingPartners.primary`"
                    .to_owned()
            }),
        ),
        StopCause::ServerErrors => (
            format!("the Open Booking API fails every request: {said}"),
            "read the log of the booking system".to_owned(),
        ),
    };
    Stopped { by, message, hint, exchange: exchange.map(|exchange| exchange.id) }
}
