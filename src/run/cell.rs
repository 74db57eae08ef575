//! One cell: its steps in order, and the verdict.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;

use crate::catalogue::{Act, FeedName, PartnerName, Repeated, Template, Test, When};
use crate::checks::{Check, Says, authentication, not_made, preconditions};
use crate::client::auth::AuthFailure;
use crate::config::{Mode, Seller};
use crate::plan::Cell;
use crate::results::{CellReport, Finding, Leftovers, Opportunity, SavedTrace, StepReport};
use crate::trace::{self, History, Identity};
use crate::vocabulary::{Flow, Profile};

use super::events::Event;
use super::ledger::Ledger;
use super::rejudge::judges;
use super::requests::{Party, uuid};
use super::rerun::rerun;
use super::scrub;
use super::seed::{cell_rng, identifier_rng};
use super::session::Session;
use super::steps::{self, OpenIdState};
use super::verdict::verdict;
use crate::checks::StepLog;

/// How much longer a cell may take that waits for long.
const SLOW: Duration = Duration::from_secs(3600);

/// What the specification says of credentials.
const AUTHENTICATION: &str =
    "https://openactive.io/open-booking-api/EditorsDraft/#api-level-authentication-and-data-security";

/// What a part of a cell goes by when it makes requests.
#[derive(Debug)]
pub(super) struct Part {
    /// The customer and the payment.
    pub(super) party: Party,
    /// How the first request of the booking differed from the plain one.
    pub(super) template: Template,
    /// Opportunities that are in another test dataset than the one that is used now.
    pub(super) elsewhere: Vec<String>,
}

/// A new part of a cell with an Order of its own.
fn part_of(rng: &mut ChaCha8Rng, ids: &mut ChaCha8Rng, test: &Test) -> (Part, Identity) {
    let uuid = uuid(ids);
    let party = Party::random(rng, ids, test.customer, test.broker_role);
    let order = Identity { uuid, customer: party.customer.clone() };
    (Part { party, template: Template::Standard, elsewhere: Vec::new() }, order)
}

/// Everything that a cell knows while it runs.
#[derive(Debug)]
pub(super) struct CellRun {
    pub(super) session: Arc<Session>,
    pub(super) cell: Arc<Cell>,
    /// The generator of choices.
    pub(super) rng: ChaCha8Rng,
    /// The generator of identifiers.
    pub(super) ids: ChaCha8Rng,
    /// The part that is being made.
    pub(super) part: Part,
    /// What it has seen of its Order.
    pub(super) history: History,
    /// Everything that the cell did and saw.
    pub(super) trace: Vec<trace::Event>,
    /// The checks that the feature file asks for at the step: those under `expect`, and under `expect-proposal`.
    pub(super) demands: Arc<(Vec<Check>, Vec<Check>)>,
    /// The Booking Partner who acts in it.
    pub(super) partner: PartnerName,
    /// The number of the attempt, from 0.
    pub(super) attempt: u32,
    /// What its requests created on the target.
    pub(super) ledger: Ledger,
    /// How often opportunities were got.
    pub(super) fetches: usize,
    /// The test dataset in which opportunities are created, where it is not the usual one.
    pub(super) dataset: Option<String>,
    /// What it knows of the OpenID provider.
    pub(super) openid: OpenIdState,
    /// The number of the step among those of the test.
    number: Option<usize>,
    /// Why the step could not be ended.
    cut: Option<String>,
    /// The only profile that what is being made belongs to.
    only: Option<Profile>,
    /// The requirements that the step as a whole judges.
    judges: Vec<String>,
    /// The name of the part, where there are several.
    part_name: Option<String>,
    /// Every OrderItem of every part, for the report.
    used: Vec<Opportunity>,
    first_uuid: String,
    done: Vec<StepReport>,
    log: Option<StepLog>,
}

impl CellRun {
    fn new(session: Arc<Session>, cell: Arc<Cell>, attempt: u32) -> Self {
        let mut rng = match attempt {
            0 => cell_rng(session.seed, &cell.id),
            attempt => cell_rng(session.seed, &format!("{}#{attempt}", cell.id)),
        };
        let mut ids = identifier_rng(&session.run_id, &cell.id, attempt);
        let (part, order) = part_of(&mut rng, &mut ids, &cell.test);
        let history = History::of(&order);
        Self {
            session,
            cell,
            rng,
            ids,
            first_uuid: history.uuid.clone(),
            part,
            history,
            trace: Vec::new(),
            demands: Arc::default(),
            partner: PartnerName::Primary,
            attempt,
            ledger: Ledger::default(),
            fetches: 0,
            dataset: None,
            openid: OpenIdState::default(),
            number: None,
            cut: None,
            only: None,
            judges: Vec::new(),
            part_name: None,
            used: Vec::new(),
            done: Vec::new(),
            log: None,
        }
    }

    /// The booking flow.
    pub(super) fn flow(&self) -> Flow {
        self.cell.booking.map_or(Flow::Simple, |(flow, _)| flow)
    }

    /// The Seller whose credentials are used.
    pub(super) fn credentials(&self) -> &Seller {
        self.session.seller(self.cell.credentials)
    }

    /// Whether the run is a strict one.
    pub(super) fn strict(&self) -> bool {
        self.session.profile == Profile::Strict
    }

    /// Notes opportunities for the report.
    pub(super) fn opportunities_used(&mut self, opportunities: impl IntoIterator<Item = Opportunity>) {
        self.used.extend(opportunities);
    }

    /// Another customer with an Order of the same OrderItems, in the place of the one that is returned.
    pub(super) fn rival(&mut self) -> (Part, Identity) {
        let (part, order) = part_of(&mut self.rng, &mut self.ids, &Arc::clone(&self.cell.test));
        (std::mem::replace(&mut self.part, part), order)
    }

    /// Another Order, for another customer.
    pub(super) fn new_order(&mut self) {
        let (part, order) = part_of(&mut self.rng, &mut self.ids, &Arc::clone(&self.cell.test));
        self.part.party = part.party;
        self.remember(trace::Event::Order(order));
    }

    /// Another customer of the same Order.
    pub(super) fn new_customer(&mut self) {
        let test = Arc::clone(&self.cell.test);
        self.part.party = Party::random(&mut self.rng, &mut self.ids, test.customer, test.broker_role);
        let order = Identity { uuid: self.history.uuid.clone(), customer: self.part.party.customer.clone() };
        self.remember(trace::Event::Order(order));
    }

    /// Begins a step.
    pub(super) fn begin(&mut self, step: &str, title: impl Into<String>) {
        let title = title.into();
        let mut log = StepLog::new(
            step,
            match &self.part_name {
                Some(part) => format!("{part}: {title}"),
                None => title,
            },
        );
        log.judging(&self.judges);
        log.dynamic = self.history.dynamic;
        self.session.doing(&self.cell.id, log.title());
        let (keyword, title, stage) = (step.to_owned(), log.title().to_owned(), log.place());
        self.trace.push(trace::Event::Step(trace::Step { keyword, title, number: self.number, stage }));
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
        let (mut report, usable) = log.finish();
        let ended = trace::End { duration_ms: report.duration_ms, cut: self.cut.take() };
        self.trace.push(trace::Event::End(ended));
        for check in &mut report.checks {
            check.profile = check.profile.or(self.only);
        }
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
                let (fresh, other) = part_of(&mut self.rng, &mut self.ids, &test);
                self.part = fresh;
                order.customer = other.customer;
                if !part.same_uuid {
                    order.uuid = other.uuid;
                }
            }
            let seller = self.cell.seller.name().to_owned();
            let begun =
                trace::Part { name: self.part_name.clone(), order, same_uuid: part.same_uuid && number > 0, seller };
            self.remember(trace::Event::Part(begun));
            self.number = None;
            let mut usable = self.part_can_begin().await;
            let first =
                test.parts.iter().take_while(|before| !std::ptr::eq(*before, part)).map(|part| part.steps.len()).sum();
            let numbered = (first..).zip(&part.steps);
            for (number, step) in numbered.filter(|(_, step): &(usize, _)| step.applies(profile)) {
                self.number = Some(number);
                self.only = step.profile.or(part.profile).or(test.profile);
                self.judges = judges(step);
                self.demands = Arc::new((step.expect.clone(), step.expect_proposal.clone()));
                if usable {
                    usable = steps::make(self, step).await;
                } else {
                    self.skip(step.act.word(), word_title(&step.act));
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
        self.begin("credentials", "Credentials");
        let failure = AuthFailure { unreachable: true, ..failure };
        self.attempt::<()>(authentication::CREDENTIALS, Err(failure), AUTHENTICATION);
        self.end()
    }

    /// Ends whatever step is being made with a reason why it cannot be judged.
    fn cut(&mut self, message: &str) {
        if self.log.is_none() {
            self.begin("cell", "Cell");
        }
        self.cut = Some(message.to_owned());
        self.log().block(preconditions::STEP_ENDS.called(), Finding::new(message));
        self.end();
    }

    fn report(self, started: Instant) -> CellReport {
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
        if let Ok(trace) = serde_json::to_string(&self.trace) {
            report.trace = SavedTrace::of(&self.session.client.recorder().redactor().text(&trace));
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
        id: cell.id.clone(),
        category: cell.feature.category.clone(),
        feature: cell.feature.id.clone(),
        test: cell.test.id.clone(),
        implemented: cell.test.when == When::Implemented,
        name: cell.test.name.clone(),
        flow: cell.booking.map(|(flow, _)| flow.name().to_owned()),
        opportunity_type: cell.booking.map(|(_, scope)| scope.name().to_owned()),
        verdict: crate::results::Verdict::Blocked,
        reason: None,
        known: None,
        flaky: false,
        tries: Vec::new(),
        opportunities: Vec::new(),
        picked: Vec::new(),
        order_uuid: None,
        steps: Vec::new(),
        cleanup: Vec::new(),
        judged_until: None,
        leftovers: Leftovers::default(),
        rerun,
        trace: SavedTrace::default(),
        duration_ms: 0,
    }
}

/// Runs a cell to its end, to its time limit, or to the end of the run. `attempt` counts from 0.
pub(super) async fn run_cell(session: Arc<Session>, cell: Arc<Cell>, attempt: u32) -> CellReport {
    let started = Instant::now();
    let reason = session.ending.forbids().or(cell.obstacle.as_deref());
    if let Some(reason) = reason {
        return not_run(&cell, rerun(&session.command, &cell, session.seed), reason);
    }
    if attempt == 0 {
        session.events.emit(&Event::CellStarted { cell: cell.id.clone() });
    }
    // What waits for long may take that long.
    let limit = session.config.cell_timeout + if cell.test.slow { SLOW } else { Duration::ZERO };
    let ending = Arc::clone(&session.ending);
    let recorder = Arc::clone(session.client.recorder());
    let mut run = CellRun::new(session, cell, attempt);
    let outcome = tokio::select! {
        done = tokio::time::timeout(limit, run.steps()) => done.map_err(|_| {
            format!("the cell did not end within {} ms (`integrationTests.testTimeout`)", limit.as_millis())
        }),
        () = ending.token().cancelled() => Err(ending.reason().to_owned()),
    };
    if let Err(reason) = outcome {
        run.cut(&reason);
    }
    let last = (run.session.config.mode == Mode::Random).then(|| recorder.last());
    let cleanup = steps::clean_up(&mut run).await;
    let mut report = run.report(started);
    report.judged_until = last;
    report.cleanup = cleanup;
    scrub::cell(recorder.redactor(), &mut report);
    report
}

/// The title that a step which is not made has in the report.
pub(super) fn word_title(act: &Act) -> String {
    match act {
        Act::Fetch => "Opportunities".to_owned(),
        Act::Create => "Opportunities from the Test Interface".to_owned(),
        Act::C1(_) | Act::C1Refused(_) => "C1".to_owned(),
        Act::C2(_) => "C2".to_owned(),
        Act::Book(_) | Act::BookAtOnce(_) | Act::Confirm(_) => "B".to_owned(),
        Act::BookDirectly(_) => "B".to_owned(),
        Act::Propose(_) => "P".to_owned(),
        Act::RepeatB => "B once more".to_owned(),
        Act::Repeat(Repeated::C1) => "C1 once more".to_owned(),
        Act::Repeat(Repeated::C2) => "C2 once more".to_owned(),
        Act::Repeat(Repeated::P) => "P once more".to_owned(),
        Act::LeaseEnd => "The end of the lease".to_owned(),
        Act::WrongVerb => "A verb that the endpoint does not have".to_owned(),
        Act::FeedRefused(feed) => format!("{} for somebody without credentials", feed.title()),
        Act::CreateRefused(_) => "What the Test Interface cannot create".to_owned(),
        Act::Simulate { action, .. } => action.name().to_owned(),
        Act::Cancel { .. } => "Cancellation by the customer".to_owned(),
        Act::Reject(_) => "Rejection by the customer".to_owned(),
        Act::DeleteOrder(_) => "Deletion of the Order".to_owned(),
        Act::DeleteQuote => "Deletion of the OrderQuote".to_owned(),
        Act::OrderStatus => "Order Status".to_owned(),
        Act::StatusBefore(before) => format!("Order Status of the {}", before.json_type()),
        Act::LeaseKept => "The lease of the OrderProposal".to_owned(),
        Act::Lease(lease) => format!("{} for {} of each opportunity", lease.at.name().to_uppercase(), lease.count),
        Act::NoneMeets(_) => "Opportunities in the feeds".to_owned(),
        Act::LookFor(_) => "An opportunity in the feeds".to_owned(),
        Act::Require(_) => "Configuration".to_owned(),
        Act::DatasetSite => "Dataset site".to_owned(),
        Act::UnknownEndpoint => "Unknown endpoint".to_owned(),
        Act::RivalBooks => "Booking by somebody else".to_owned(),
        Act::OwnDataset => "Test dataset".to_owned(),
        Act::DeleteDataset => "Deletion of the test dataset".to_owned(),
        Act::OpenId(act) => act.title(),
        Act::Retained(feed) => format!("{} after a while", feed.title()),
        Act::NotInFeed(FeedName::Orders) => "Orders feed without the Order".to_owned(),
        Act::NotInFeed(FeedName::OrderProposals) => "OrderProposals feed without the OrderProposal".to_owned(),
    }
}
