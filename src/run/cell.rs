//! One cell: its steps in order, and the verdict.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::DropGuard;

use crate::catalogue::When;
use crate::checks::{authentication, not_made, preconditions};
use crate::client::feed::{Patience, Turn};
use crate::config::{Mode, Seller};
use crate::plan::Cell;
use crate::results::{CellReport, Finding, Opportunity, SavedTrace, StepReport, StepVerdict, Verdict};
use crate::steps::{Demanded, Driver, Facts, Kept, PartnerName};
use crate::trace::{self, History, Identity};
use crate::vocabulary::{Profile, Stage};

use super::clean_up::clean_up;
use super::events::RunEvent;
use super::ledger::Ledger;
use super::remains::Remains;
use super::rerun::rerun;
use super::scrub;
use super::seed::{cell_rng, identifier_rng};
use super::session::Session;
use super::verdict::verdict;
use crate::checks::StepLog;

/// How much longer a cell may take that waits for long.
const SLOW: Duration = Duration::from_secs(3600);

/// What the specification says of credentials.
const AUTHENTICATION: &str =
    "https://openactive.io/open-booking-api/EditorsDraft/#api-level-authentication-and-data-security";

/// What steps know of cell and run.
fn facts(session: &Session, cell: &Cell, attempt: u32) -> Facts {
    Facts {
        config: Arc::clone(&session.config),
        profile: session.profile,
        clock: session.clock,
        replayed: session.client.tape().is_some(),
        dataset_site: session.dataset_site.clone(),
        booking_service: session.booking_service.clone(),
        booking_api: session.booking_api.clone(),
        feature: cell.feature.id.clone(),
        feature_spec: cell.feature.spec.clone(),
        test_spec: cell.test.spec.clone(),
        booking: cell.booking,
        items: cell.items.clone(),
        seller: cell.seller,
        credentials: cell.credentials,
        customer: cell.test.customer,
        broker_role: cell.test.broker_role,
        attempt,
    }
}

/// Everything that a cell knows while it runs.
#[derive(Debug)]
pub(super) struct CellRun {
    pub(super) session: Arc<Session>,
    pub(super) cell: Arc<Cell>,
    /// What steps know of cell and run.
    pub(super) facts: Arc<Facts>,
    /// What steps keep for those after them.
    pub(super) kept: Kept,
    /// What it has seen of its Order.
    pub(super) history: History,
    /// Everything that the cell did and saw.
    pub(super) trace: Vec<trace::Event>,
    /// The checks that the feature file asks for at the step: those under `expect`, and under `expect-proposal`.
    pub(super) demands: Demanded,
    /// The Booking Partner who acts in it.
    pub(super) partner: PartnerName,
    /// What its requests created on the target.
    pub(super) ledger: Ledger,
    /// The number of the step among those of the test.
    number: Option<usize>,
    /// Why the step could not be ended.
    cut: Option<String>,
    /// The only profile that what is being made belongs to.
    only: Option<Profile>,
    /// The requirements that the step violates by not coming to what it must.
    violates: Vec<String>,
    /// The name of the part, where there are several.
    part_name: Option<String>,
    /// Every OrderItem of every part, for the report.
    used: Vec<Opportunity>,
    first_uuid: String,
    done: Vec<StepReport>,
    log: Option<StepLog>,
    /// What it knows of waits.
    pub(super) patience: Arc<Patience>,
    /// Ends the watch for an update that comes late.
    pub(super) late: Option<DropGuard>,
}

impl CellRun {
    fn new(session: Arc<Session>, cell: Arc<Cell>, attempt: u32, turn: Turn) -> Self {
        let choices = match attempt {
            0 => cell_rng(session.seed, &cell.id),
            attempt => cell_rng(session.seed, &format!("{}#{attempt}", cell.id)),
        };
        let identifiers = identifier_rng(&session.run_id, &cell.id, attempt);
        let facts = Arc::new(facts(&session, &cell, attempt));
        let (kept, order) = Kept::new(choices, identifiers, &facts);
        let history = History::of(&order);
        let patience = Arc::new(session.patience.of(Arc::new(turn)));
        Self {
            session,
            cell,
            facts,
            kept,
            first_uuid: history.uuid.clone(),
            history,
            trace: Vec::new(),
            demands: Arc::default(),
            partner: PartnerName::Primary,
            ledger: Ledger::default(),
            number: None,
            cut: None,
            only: None,
            violates: Vec::new(),
            part_name: None,
            used: Vec::new(),
            done: Vec::new(),
            log: None,
            patience,
            late: None,
        }
    }

    /// The Seller whose credentials are used.
    pub(super) fn credentials(&self) -> &Seller {
        self.session.seller(self.cell.credentials)
    }

    /// Notes an opportunity for the report.
    pub(super) fn uses(&mut self, opportunity: Opportunity) {
        self.used.push(opportunity);
    }

    /// Begins a step.
    pub(super) fn begin(&mut self, step: &str, title: impl Into<String>, stage: Option<Stage>) {
        let title = title.into();
        let mut log = StepLog::new(
            step,
            match &self.part_name {
                Some(part) => format!("{part}: {title}"),
                None => title,
            },
            stage,
        );
        log.belongs(&self.violates, self.only);
        log.fail_on_new(self.session.fail_on_new);
        log.dynamic = self.history.dynamic;
        self.session.doing(&self.cell.id, log.title());
        let (keyword, title, stage) = (step.to_owned(), log.title().to_owned(), log.place());
        self.trace.push(trace::Event::Step(trace::StepBegun { keyword, title, number: self.number, stage }));
        self.log = Some(log);
    }

    /// The record of the step that is being made.
    pub(super) fn log(&mut self) -> &mut StepLog {
        self.log.get_or_insert_with(|| StepLog::new("cell", "Cell", Some(Stage::Auth)))
    }

    /// Reports what the step waits for.
    pub(super) fn waits_for(&self, what: impl Into<String>) {
        self.session.doing(&self.cell.id, what);
    }

    /// Ends the step; whether what builds on it can go on.
    pub(super) fn end(&mut self) -> bool {
        let Some(log) = self.log.take() else { return true };
        let (report, usable) = log.finish();
        let ended = trace::End { duration_ms: report.duration_ms, cut: self.cut.take() };
        self.trace.push(trace::Event::End(ended));
        self.done.push(report);
        usable
    }

    /// Marks a step that will not be made.
    pub(super) fn skip(&mut self, step: &str, title: impl Into<String>) {
        let title = title.into();
        let title = match &self.part_name {
            Some(part) => format!("{part}: {title}"),
            None => title,
        };
        let skipped = trace::Skipped { keyword: step.to_owned(), title };
        self.done.push(not_made(&skipped, &self.done));
        self.trace.push(trace::Event::Skipped(skipped));
    }

    async fn steps(&mut self) {
        let test = Arc::clone(&self.cell.test);
        let profile = self.session.profile;
        let several = test.parts.iter().filter(|part| part.applies(profile)).count() > 1;
        for (number, part) in test.parts.iter().filter(|part| part.applies(profile)).enumerate() {
            self.part_name = part.name.clone().filter(|_| several);
            self.partner = part.partner;
            let mut order = Identity { uuid: self.history.uuid.clone(), customer: self.history.customer.clone() };
            if number > 0 {
                let (other, _) = self.kept.start_part(&self.facts);
                order.customer = other.customer;
                if !part.same_uuid {
                    order.uuid = other.uuid;
                }
            }
            let seller = self.cell.seller.name().to_owned();
            let begun = trace::PartBegun {
                name: self.part_name.clone(),
                order,
                same_uuid: part.same_uuid && number > 0,
                seller,
            };
            self.remember(trace::Event::Part(begun));
            self.number = None;
            let mut usable = self.part_can_begin().await;
            let first =
                test.parts.iter().take_while(|before| !std::ptr::eq(*before, part)).map(|part| part.steps.len()).sum();
            let numbered = (first..).zip(&part.steps);
            for (number, step) in numbered.filter(|(_, step): &(usize, _)| step.applies(profile)) {
                self.number = Some(number);
                self.only = step.profile.or(part.profile).or(test.profile);
                self.violates.clone_from(&step.violates);
                self.demands = Arc::new((step.expect.clone(), step.expect_proposal.clone()));
                if usable {
                    usable = step.act.drive(self, step).await;
                    if self.session.first_finding && self.done.iter().any(|step| step.verdict == StepVerdict::Failed) {
                        return;
                    }
                } else {
                    self.skip(step.act.keyword(), step.act.title());
                }
            }
        }
    }

    /// Whether there are the credentials that every booking of a part needs. A part that books nothing says itself what it
    /// needs.
    async fn part_can_begin(&mut self) -> bool {
        if self.cell.booking.is_none() || matches!(self.partner, PartnerName::Nobody | PartnerName::Stranger) {
            return true;
        }
        let headers = self.session.access.booking_headers(self.cell.credentials, self.partner.name()).await;
        let Err(failure) = headers else { return true };
        self.begin("credentials", "Credentials", Some(Stage::Auth));
        let failure = failure.blocking();
        (self as &mut dyn Driver).attempt::<()>(authentication::CREDENTIALS, Err(failure), AUTHENTICATION);
        self.end()
    }

    /// Ends whatever step is being made with a reason why it cannot be judged.
    fn cut(&mut self, message: &str) {
        if self.log.is_none() {
            self.begin("cell", "Cell", Some(Stage::Auth));
        }
        self.cut = Some(message.to_owned());
        self.log().block(preconditions::STEP_ENDS, Finding::new(message));
        self.end();
    }

    fn report(mut self, started: Instant) -> CellReport {
        self.late.take().map(DropGuard::disarm);
        let (verdict, reason) = verdict(&self.done);
        let rerun = rerun(&self.session.command, &self.cell, self.session.seed);
        let mut report = blank(&self.cell, rerun);
        report.verdict = verdict;
        report.reason = reason;
        report.picked = self.session.reservations.by_cell.get(&self.cell.id).cloned().unwrap_or_default();
        report.opportunities = self.used;
        if self.session.config.mode == Mode::Random {
            report.leftovers = self.ledger.leftovers();
        }
        report.order_uuid = self.cell.booking.is_some().then_some(self.first_uuid);
        report.steps = self.done;
        let recorder = self.session.client.recorder();
        if let Ok(trace) = trace::to_saved(self.trace, &|id| recorder.get(id)) {
            report.trace = SavedTrace::among(&recorder.texts(), &recorder.redactor().text(&trace));
        }
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
        category: cell.feature.category.clone(),
        feature: cell.feature.id.clone(),
        test: cell.test.id.clone(),
        implemented: cell.test.when == When::Implemented,
        name: cell.test.name.clone(),
        flow: cell.booking.map(|(flow, _)| flow.name().to_owned()),
        opportunity_type: cell.booking.map(|(_, scope)| scope.name().to_owned()),
        ..CellReport::blank(cell.id.clone(), rerun)
    }
}

/// Runs a cell to its end, to its time limit, or to the end of the run. `attempt` counts from 0.
///
/// `turn`: the right to make requests; `None` where the run ended before the cell had one.
pub(super) async fn run_cell(session: Arc<Session>, cell: Arc<Cell>, attempt: u32, turn: Option<Turn>) -> CellReport {
    let started = Instant::now();
    let reason = session.ending.forbids().or(cell.obstacle.as_deref());
    if let Some(reason) = reason {
        return not_run(&cell, rerun(&session.command, &cell, session.seed), reason);
    }
    let Some(turn) = turn else {
        return not_run(&cell, rerun(&session.command, &cell, session.seed), session.ending.reason());
    };
    if attempt == 0 {
        session.events.emit(&RunEvent::CellStarted { cell: cell.id.clone() });
    }
    // What waits for long may take that long.
    let limit = session.config.cell_timeout + if cell.test.slow { SLOW } else { Duration::ZERO };
    let ending = Arc::clone(&session.ending);
    let recorder = Arc::clone(session.client.recorder());
    let mut run = CellRun::new(session, cell, attempt, turn);
    let outcome = tokio::select! {
        done = tokio::time::timeout(limit, run.steps()) => done.map_err(|_| {
            format!("the cell did not end within {} ms (`integrationTests.testTimeout`)", limit.as_millis())
        }),
        () = ending.token().cancelled() => Err(ending.reason().to_owned()),
    };
    if let Err(reason) = outcome {
        run.cut(&reason);
    }
    // In random mode others may change what is left.
    let kept = run.session.config.mode == Mode::Controlled && run.session.client.tape().is_none();
    let strict = run.session.profile == Profile::Strict;
    let of_run = || Remains::of(&run.cell.id, &run.trace, &run.ledger, &run.history, strict);
    let remains = if kept { of_run() } else { None };
    let session = Arc::clone(&run.session);
    let last = (run.session.config.mode == Mode::Random).then(|| recorder.last());
    let cleanup = clean_up(&mut run).await;
    let mut report = run.report(started);
    report.judged_until = last;
    report.cleanup = cleanup;
    scrub::cell(recorder.redactor(), &mut report);
    if report.verdict == Verdict::Passed {
        session.remains.lock().unwrap_or_else(PoisonError::into_inner).extend(remains);
    }
    report
}
