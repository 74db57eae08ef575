//! One cell: its steps in order, and the verdict.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::catalogue::Step;
use crate::config::{Seller, SellerRole};
use crate::plan::Cell;
use crate::results::{CellReport, Finding, Opportunity, StepReport, StepVerdict};
use crate::vocabulary::Flow;

use super::events::Event;
use super::requests::{OrderItem, Party, Total, uuid};
use super::rerun::rerun;
use super::scrub;
use super::seed::cell_rng;
use super::session::Session;
use super::steplog::StepLog;
use super::steps;
use super::verdict::verdict;

/// Everything that a cell knows while it runs.
#[derive(Debug)]
pub(super) struct CellRun {
    pub(super) session: Arc<Session>,
    pub(super) cell: Arc<Cell>,
    pub(super) rng: ChaCha8Rng,
    /// The UUID of the Order.
    pub(super) uuid: String,
    pub(super) party: Party,
    /// The OrderItems, once opportunities were found.
    pub(super) items: Vec<OrderItem>,
    /// The remaining capacity that each opportunity had when it was found.
    pub(super) fetched: BTreeMap<String, i64>,
    /// The remaining capacity that the feeds must show now.
    pub(super) capacities: BTreeMap<String, i64>,
    /// The total of the last OrderQuote or OrderProposal.
    pub(super) total: Total,
    /// The OrderProposal that P returned.
    pub(super) proposal: Option<Value>,
    /// The Order that B returned.
    pub(super) booked: Option<Value>,
    /// Whether C1 or C2 went before.
    pub(super) quoted: bool,
    done: Vec<StepReport>,
    log: Option<StepLog>,
}

impl CellRun {
    fn new(session: Arc<Session>, cell: Arc<Cell>) -> Self {
        let mut rng = cell_rng(session.seed, &cell.id);
        let uuid = uuid(&mut rng);
        let party = Party::random(&mut rng);
        Self {
            session,
            cell,
            rng,
            uuid,
            party,
            items: Vec::new(),
            fetched: BTreeMap::new(),
            capacities: BTreeMap::new(),
            total: Total::default(),
            proposal: None,
            booked: None,
            quoted: false,
            done: Vec::new(),
            log: None,
        }
    }

    /// The booking flow.
    pub(super) fn flow(&self) -> Flow {
        self.cell.booking.map_or(Flow::Simple, |(flow, _)| flow)
    }

    /// The Seller that the Order is placed with.
    pub(super) fn seller(&self) -> &Seller {
        self.session.seller(SellerRole::Primary)
    }

    /// Begins a step.
    pub(super) fn begin(&mut self, step: &str, title: impl Into<String>) {
        let log = StepLog::new(step, title);
        self.session.doing(&self.cell.id, log.title());
        self.log = Some(log);
    }

    /// The record of the step that is being made.
    pub(super) fn log(&mut self) -> &mut StepLog {
        self.log.get_or_insert_with(|| StepLog::new("cell", "Cell"))
    }

    /// Tells what the step waits for.
    pub(super) fn waits_for(&self, what: impl Into<String>) {
        self.session.doing(&self.cell.id, what);
    }

    /// Ends the step; whether what builds on it can go on.
    pub(super) fn end(&mut self) -> bool {
        let Some(log) = self.log.take() else { return true };
        let (report, usable) = log.finish();
        self.done.push(report);
        usable
    }

    /// Marks a step that will not be made.
    pub(super) fn skip(&mut self, step: &str, title: impl Into<String>) {
        let blocker = self.done.iter().rev().find(|step| step.verdict != StepVerdict::NotRun);
        let note = blocker.map_or_else(|| "not run".to_owned(), |step| format!("blocked by {}", step.title));
        self.done.push(StepReport {
            step: step.to_owned(),
            title: title.into(),
            verdict: StepVerdict::NotRun,
            note: Some(note),
            checks: Vec::new(),
            remarks: Vec::new(),
            exchanges: Vec::new(),
            duration_ms: 0,
        });
    }

    async fn steps(&mut self) {
        let test = Arc::clone(&self.cell.test);
        let mut usable = true;
        for step in &test.steps {
            if usable {
                usable = steps::make(self, step).await;
            } else {
                self.skip(step.word(), word_title(step));
            }
        }
    }

    /// Ends whatever step is being made with a reason why it cannot be judged.
    fn cut(&mut self, message: &str) {
        if self.log.is_none() {
            self.begin("cell", "Cell");
        }
        self.log().block("the step ends", Finding::new(message));
        self.end();
    }

    fn report(self, started: Instant) -> CellReport {
        let (verdict, reason) = verdict(&self.done);
        let opportunities = self
            .items
            .iter()
            .zip(&self.cell.items)
            .enumerate()
            .map(|(position, (item, spec))| Opportunity {
                position,
                id: item.opportunity_id.clone(),
                criteria: spec.criteria.name().to_owned(),
                control: item.control,
                offer: item.offer_id.clone(),
            })
            .collect();
        let rerun = rerun(&self.session.command, &self.cell, self.session.seed);
        let mut report = blank(&self.cell, rerun);
        report.verdict = verdict;
        report.reason = reason;
        report.opportunities = opportunities;
        report.order_uuid = self.cell.booking.is_some().then_some(self.uuid);
        report.steps = self.done;
        report.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        report
    }
}

/// The report of a cell that did not run.
pub(super) fn not_run(cell: &Cell, rerun: String, reason: &str) -> CellReport {
    CellReport { reason: Some(reason.to_owned()), ..blank(cell, rerun) }
}

fn blank(cell: &Cell, rerun: String) -> CellReport {
    CellReport {
        id: cell.id.clone(),
        category: cell.feature.category.clone(),
        feature: cell.feature.id.clone(),
        test: cell.test.id.clone(),
        name: cell.test.name.clone(),
        flow: cell.booking.map(|(flow, _)| flow.name().to_owned()),
        opportunity_type: cell.booking.map(|(_, scope)| scope.name().to_owned()),
        verdict: crate::results::Verdict::Blocked,
        reason: None,
        opportunities: Vec::new(),
        order_uuid: None,
        steps: Vec::new(),
        rerun,
        duration_ms: 0,
    }
}

/// Runs a cell to its end, to its time limit, or to the end of the run.
pub(super) async fn run_cell(session: Arc<Session>, cell: Arc<Cell>) -> CellReport {
    let started = Instant::now();
    if session.cancel.is_cancelled() {
        return not_run(&cell, rerun(&session.command, &cell, session.seed), "the run was interrupted");
    }
    session.events.emit(&Event::CellStarted { cell: cell.id.clone() });
    let limit = session.config.cell_timeout;
    let cancel = session.cancel.clone();
    let events = Arc::clone(&session.events);
    let recorder = Arc::clone(session.client.recorder());
    let mut run = CellRun::new(session, cell);
    let outcome = tokio::select! {
        done = tokio::time::timeout(limit, run.steps()) => done.map_err(|_| {
            format!("the cell did not end within {} ms (`integrationTests.testTimeout`)", limit.as_millis())
        }),
        () = cancel.cancelled() => Err("the run was interrupted".to_owned()),
    };
    if let Err(reason) = outcome {
        run.cut(&reason);
    }
    let mut report = run.report(started);
    scrub::cell(recorder.redactor(), &mut report);
    let wanted = report.steps.iter().flat_map(|step| step.exchanges.iter().copied()).collect();
    let exchanges = recorder.some(&wanted);
    events.emit(&Event::CellFinished { cell: Box::new(report.clone()), exchanges });
    report
}

/// The title that a step which is not made has in the report.
pub(super) fn word_title(step: &Step) -> String {
    match step {
        Step::Fetch => "Opportunities".to_owned(),
        Step::Create => "Opportunities from the Test Interface".to_owned(),
        Step::C1 => "C1".to_owned(),
        Step::C2 => "C2".to_owned(),
        Step::Book => "B".to_owned(),
        Step::Simulate { action, .. } => action.name().to_owned(),
    }
}
