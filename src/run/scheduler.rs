//! The whole run: prepare, run the cells side by side, report.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Agent;
use crate::client::feed::{FeedStop, LateUpdate};
use crate::client::{Client, Recorder, Redactor};
use crate::config::{Config, KnownFailures, Mode, redacted};
use crate::harvest::{Issue, LiveJudge};
use crate::plan::{Cell, Plan};
use crate::results::{
    CellReport, Counts, Exchanges, FailOn, Finding, FinishedCell, Grades, Leftovers, RUN_REPORT_VERSION, RunReport,
    Scope, Screenshot, Shard, Tool, Try, Verdict, sha256,
};
use crate::vocabulary::{Profile, Stage, in_order};

use super::aftermath;
use super::cell::{not_run, run_cell};
use super::ending::Ending;
use super::events::{Events, RunEvent};
use super::known;
use super::prepare::{Base, Prepared, prepare};
use super::rerun::rerun;
use super::scrub;
use super::seed::fresh_run_id;
use super::session::Session;
use super::target_trace::{TargetEvent, judged_feed, saved};
use crate::checks::StepLog;

/// What a run is made with.
#[derive(Debug)]
pub struct RunOptions {
    /// The configuration.
    pub config: Arc<Config>,
    /// Who goes through the pages of an OpenID provider.
    pub agent: Agent,
    /// What to run.
    pub plan: Plan,
    /// How much is asserted.
    pub profile: Profile,
    /// The seed of choices.
    pub seed: u64,
    /// What identifiers that the run sends are made of; a fresh value where `None`. Only a target that no other run has met may
    /// get the same identifiers again.
    pub run_id: Option<String>,
    /// The URL of the dataset site.
    pub dataset_site: String,
    /// What the report calls the target.
    pub target_name: String,
    /// Whether TLS certificates go unverified.
    pub insecure: bool,
    /// What the command that runs one cell alone starts with.
    pub command: String,
    /// Who listens.
    pub events: Arc<Events>,
    /// Ends the run early: what was not judged by then is `blocked`.
    pub interrupt: CancellationToken,
    /// How far the run goes.
    pub limits: Limits,
}

/// How far a run goes. By default all the way, once.
#[derive(Debug, Default)]
pub struct Limits {
    /// Whether the plan leaves out nothing that the configuration has in scope.
    pub complete: bool,
    /// Which cells of the plan are run.
    pub shard: Option<Shard>,
    /// How often a cell that did not pass is tried again.
    pub retries: u32,
    /// Whether no further cell begins once one failed.
    pub fail_fast: bool,
    /// Whether a cell ends with the step of its first failure.
    pub first_finding: bool,
    /// When the run ends at the latest.
    pub timeout: Option<Duration>,
    /// Failures that are expected.
    pub known: KnownFailures,
    /// Whether checks that this version of the program brought fail, and not only warn.
    pub fail_on_new: bool,
    /// Whether every page of a feed is recorded, as certificates need it, and not only those that a finding or a wait refers to.
    pub every_page: bool,
}

/// Runs a plan to its end and reports.
///
/// # Errors
/// Only that no HTTP client can be set up. Everything that a target does wrong is in the report.
pub async fn run(options: RunOptions) -> anyhow::Result<RunReport> {
    let mut warm = Warm::new(&options)?;
    Ok(warm.run(options).await)
}

/// Runs against one target, one after the other: what the first finds out is kept, and its feeds are followed on between
/// them. They end with it.
#[derive(Debug)]
pub struct Warm {
    client: Client,
    base: Option<Base>,
    cancel: CancellationToken,
}

impl Drop for Warm {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Warm {
    /// Nothing is known of the target yet.
    ///
    /// # Errors
    /// Only that no HTTP client can be set up.
    pub fn new(options: &RunOptions) -> anyhow::Result<Self> {
        let redactor = Redactor::of(&options.config);
        if let Some(shard) = options.limits.shard {
            redactor.share(shard);
        }
        let client = Client::new(Arc::new(Recorder::new(redactor)), options.insecure)?;
        Ok(Self { client, base: None, cancel: CancellationToken::new() })
    }

    /// Runs a plan to its end and reports. The target and the credentials of the options must be those of the first run.
    pub async fn run(&mut self, options: RunOptions) -> RunReport {
        let recorder = Arc::clone(self.client.recorder());
        if self.base.is_some() {
            recorder.forget();
        }
        let report = made(&options, self).await;
        if self.base.is_none() {
            self.cancel.cancel();
            self.cancel = CancellationToken::new();
        }
        report
    }
}

async fn made(options: &RunOptions, warm: &mut Warm) -> RunReport {
    let started = Instant::now();
    let began = jiff::Timestamp::now().to_string();
    let run_id = options.run_id.clone().unwrap_or_else(fresh_run_id);
    let client = warm.client.clone();
    let recorder = Arc::clone(client.recorder());
    recorder.keep_pages(options.limits.every_page);
    let texts = recorder.texts();
    let scope = scope(options);
    let cells: Vec<Arc<Cell>> = own_cells(options);
    options.events.emit(&RunEvent::RunStarted {
        started: began.clone(),
        run_id: run_id.clone(),
        mode: options.config.mode.name().to_owned(),
        seed: options.seed,
        cells: cells.len(),
        target: recorder.redactor().url(&options.target_name),
    });
    // Ends with the run, also when it is not interrupted: followers must not outlive it.
    let ending = Arc::new(Ending::with(&options.interrupt));
    let _watch = ending.watch(options.limits.timeout);
    let prepared = if cells.is_empty() {
        Prepared::default()
    } else {
        let nothing = || Prepared { notices: vec![ending.reason().to_owned()], ..Prepared::default() };
        tokio::select! {
            prepared = prepare(options, &run_id, &client, &mut warm.base, &warm.cancel, &ending) => prepared,
            () = ending.token().cancelled() => nothing(),
        }
    };
    let Prepared { mut target, mut findings, mut notices, session, mut events } = prepared;
    notices.splice(0..0, options.plan.notices.iter().cloned());
    let redactor = recorder.redactor();
    scrub::texts(redactor, notices.iter_mut().chain(&mut target.name).chain(&mut target.booking_api));
    target.dataset_site = redactor.url(&options.target_name);
    let mut remarks = Vec::new();
    let mut screenshots = Vec::new();
    let mut stopped = None;
    let clock = session.as_ref().map(|session| session.clock.now().to_string());
    let today = jiff::Zoned::now().date();
    let (finished, mut feeds, shortages) = match session.map(Arc::new) {
        Some(session) => {
            let finished = run_cells(&session, &cells, &options.limits, today).await;
            let mut observed = Vec::new();
            stopped = session.breaker.stop();
            if ending.forbids().is_none() && stopped.is_none() {
                // What ends the run early ends this look as well.
                let late = ending.token().run_until_cancelled(aftermath::look(&session)).await;
                let remnants = late.unwrap_or_default();
                let (wrong, worth) = aftermath::judge(&remnants);
                observed.extend(wrong);
                remarks.extend(worth);
                if !remnants.is_empty() {
                    events.push(TargetEvent::Aftermath { remnants });
                }
            }
            notices.extend(late_updates(&session));
            notices.extend(learned_leasing(&session));
            for picture in session.access.screenshots() {
                let title = redactor.text(&picture.title).into_owned();
                notices.push(format!(
                    "the browser stopped at the page “{title}” (screenshot-{}.png)",
                    screenshots.len() + 1
                ));
                screenshots.push(Screenshot::new(title, &picture.png));
            }
            let mut feeds = Vec::new();
            let mut stops = Vec::new();
            for follower in session.opportunities.followers() {
                feeds.push(follower.report());
                stops.extend(follower.stops());
            }
            let (order_feeds, order_stops) = session.orders.reports();
            feeds.extend(order_feeds);
            stops.extend(order_stops);
            findings.extend(stops.iter().map(FeedStop::finding));
            events.extend(stops.into_iter().map(TargetEvent::Stop));
            remarks.extend(session.chance.remarks(&options.config));
            remarks.extend(session.access.remarks());
            observed.extend(across(&session.judges));
            findings.extend(observed);
            for judge in session.judges.iter().chain(&session.orders.judges()) {
                // What is not judged by the end is not reported.
                let Some((issues, items)) = ending.overdue().run_until_cancelled(judge.finish()).await else {
                    continue;
                };
                events.push(TargetEvent::Feed(judge.trace(&items)));
                let (wrong, worth) = judged_feed(judge.name(), judge.stage(), issues, items);
                findings.extend(wrong);
                remarks.extend(worth);
            }
            (finished, feeds, session.reservations.shortages.clone())
        }
        None => {
            let reason = match (notices.last(), findings.first()) {
                (Some(notice), _) => notice.clone(),
                (None, Some(finding)) => finding.message.clone(),
                (None, None) => "the run cannot be prepared".to_owned(),
            };
            let blocked = |cell: &Arc<Cell>| {
                let mut report = not_run(cell, rerun(&options.command, cell, options.seed), &reason);
                // Where the dataset site itself is in the way, its own test has its verdict.
                if let (true, Some(finding)) = (is_about_site(cell), findings.first()) {
                    let mut log = StepLog::new("dataset-site", "Dataset site", Some(Stage::DatasetSite));
                    log.fail("Dataset site has a Dataset with feeds", finding.clone());
                    report.steps.push(log.finish().0);
                    report.verdict = Verdict::Failed;
                }
                report
            };
            let finished = cells.iter().map(|cell| FinishedCell::of(blocked(cell), &texts)).collect();
            (finished, Vec::new(), Vec::new())
        }
    };
    let ended_early = ending.early();
    ending.token().cancel();
    // Now that what the session knew of the target is gone, all of them are read.
    let read = |(cell, finished): (&Arc<Cell>, FinishedCell)| {
        let mut report = finished.read(&texts).unwrap_or_else(|| {
            let reason = "internal error: the temporary file of the run cannot be read";
            not_run(cell, rerun(&options.command, cell, options.seed), reason)
        });
        if let Some(stop) = &stopped {
            stop.settle(&mut report);
        }
        scrub::cell(redactor, &mut report);
        report
    };
    let cells: Vec<CellReport> = cells.iter().zip(finished).map(read).collect();
    notices.extend(known::notices(&options.limits.known, &cells, today, scope.complete && ended_early.is_none()));
    findings.iter_mut().for_each(|finding| scrub::finding(redactor, finding));
    remarks.iter_mut().for_each(|remark| scrub::remark(redactor, remark));
    for feed in &mut feeds {
        scrub::texts(redactor, [&mut feed.name, &mut feed.url].into_iter().chain(&mut feed.error));
    }
    let interrupted = options.interrupt.is_cancelled();
    options.events.emit(&RunEvent::RunFinished { interrupted });
    RunReport {
        version: RUN_REPORT_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        target,
        started: began,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        run_id: Some(run_id),
        seed: options.seed,
        profile: options.profile,
        mode: options.config.mode.name().to_owned(),
        clock,
        scope,
        insecure: options.insecure,
        ended_early,
        stopped: stopped.map(|stop| stop.stopped),
        interrupted,
        fail_on: FailOn::default(),
        counts: Counts::of(&cells),
        leftovers: (options.config.mode == Mode::Random).then(|| Leftovers::of(&cells)),
        grades: Grades::of(&cells, &findings, &remarks),
        findings,
        remarks,
        notices,
        cells,
        skipped: options.plan.skipped.clone(),
        shortages,
        screenshots,
        feeds,
        requests: recorder.requests(),
        trace: saved(&events, redactor, &texts),
        parts: Vec::new(),
        exchanges: recorder.all(),
        configuration: redacted(&options.config.tree, &|secret| redactor.placeholder(secret)),
    }
}

/// Updates that came after the wait for them had ended, in words.
fn late_updates(session: &Session) -> Vec<String> {
    let limit = session.patience.limit().as_secs_f64();
    let line = |(late, count): (LateUpdate, usize)| {
        let times = if count == 1 { "1 update".to_owned() } else { format!("{count} updates") };
        let after = late.after.as_secs_f64();
        let what = &late.what;
        if late.in_time {
            format!("late: {times} of {what} came up to {after:.1} s after the wait began, which was cut short")
        } else {
            format!(
                "late: {times} of {what} came up to {after:.1} s after the wait began; the limit is {limit} s \
                 (`integrationTests.waitForItemToUpdateInFeedTimeout`)"
            )
        }
    };
    session.patience.late_updates().into_iter().map(line).collect()
}

/// Whether the target leases, where the configuration leaves that open, in words.
fn learned_leasing(session: &Session) -> Option<String> {
    let leases = session.leases.lock().unwrap_or_else(PoisonError::into_inner);
    let open = [(Stage::C1, "C1", "anonymous-leasing"), (Stage::C2, "C2", "named-leasing")];
    let open = open.into_iter().filter(|(_, _, key)| session.config.features.get(*key).copied().flatten().is_none());
    let seen: Vec<(&str, &str, bool)> =
        open.filter_map(|(stage, name, key)| Some((name, key, *leases.get(&stage)?))).collect();
    let words = |leased: bool| if leased { "returns a lease" } else { "returns no lease" };
    let what: Vec<String> = seen.iter().map(|(name, _, leased)| format!("{name} {}", words(*leased))).collect();
    let keys: Vec<String> =
        seen.iter().map(|(_, key, leased)| format!("`implementedFeatures.{key}` to {leased}")).collect();
    (!seen.is_empty()).then(|| format!("{}: set {}", what.join(", "), keys.join(" and ")))
}

/// What is wrong with the opportunity feeds together.
fn across(judges: &[Arc<LiveJudge>]) -> Vec<Finding> {
    let found = LiveJudge::across(judges).into_iter();
    let of = |(number, issue): (usize, Issue)| {
        let judge: &Arc<LiveJudge> = judges.get(number)?;
        Some(judged_feed(judge.name(), judge.stage(), vec![issue], Vec::new()).0)
    };
    found.filter_map(of).flatten().collect()
}

/// SHA-256 of the identifiers of the cells of a plan, in hexadecimal digits.
#[must_use]
pub fn plan_digest(plan: &Plan) -> String {
    let ids: String = plan.cells.iter().map(|cell| format!("{}\n", cell.id)).collect();
    sha256(ids.as_bytes())
}

/// Cells that may wait for feeds while others make requests.
const WAITING: usize = 16;

/// What of the plan is run.
fn scope(options: &RunOptions) -> Scope {
    let plan = plan_digest(&options.plan);
    let Limits { complete, shard, .. } = options.limits;
    Scope { complete, shard, planned: options.plan.cells.len(), plan }
}

/// The cells of the plan that this machine runs.
fn own_cells(options: &RunOptions) -> Vec<Arc<Cell>> {
    let own = |place: usize| options.limits.shard.is_none_or(|shard| shard.has(place));
    options.plan.cells.iter().enumerate().filter(|(place, _)| own(*place)).map(|(_, cell)| Arc::clone(cell)).collect()
}

/// Whether a cell looks at the dataset site itself.
fn is_about_site(cell: &Cell) -> bool {
    cell.test.steps().any(|step| step.act.stage() == Some(Stage::DatasetSite))
}

/// Runs cells side by side, as many as the configuration allows and those that wait for feeds. Those that may make the provider
/// revoke tokens of all others run last, each alone. The reports are in the order of the plan.
async fn run_cells(session: &Arc<Session>, cells: &[Arc<Cell>], limits: &Limits, today: Date) -> Vec<FinishedCell> {
    let revokes = |cell: &Cell| cell.test.steps().any(|step| step.act.may_revoke_tokens());
    let (last, first): (Vec<_>, Vec<_>) = cells.iter().cloned().enumerate().partition(|(_, cell)| revokes(cell));
    let one = |(place, cell): (usize, Arc<Cell>)| async move {
        let mut report = tried(session, &cell, limits.retries).await;
        known::mark(&limits.known, &mut report, today);
        if limits.fail_fast && report.failed_unexpectedly() {
            session.ending.fail_fast();
        }
        // Of what never began, only what stood in the way of the cell itself is news.
        if !report.steps.is_empty() || cell.obstacle.is_some() {
            let exchanges = exchanges(session, &report);
            if let Some(stopped) = session.breaker.see(&report, &exchanges, &session.booking_api) {
                session.ending.stop(&stopped.message);
            }
            session.events.emit(&RunEvent::CellFinished { cell: Box::new(report.clone()), exchanges });
        }
        scrub::cell(session.client.recorder().redactor(), &mut report);
        (place, FinishedCell::of(report, &session.client.recorder().texts()))
    };
    // One cell of each test before the others: most of what is wrong with a target shows in the first third of a run.
    let mut tests = HashSet::new();
    let (first, others): (Vec<_>, Vec<_>) =
        first.into_iter().partition(|(_, cell)| tests.insert((cell.feature.id.clone(), cell.test.id.clone())));
    // What is wrong with the dataset site is the cause of much else.
    let (mut first, then): (Vec<_>, Vec<_>) = first.into_iter().partition(|(_, cell)| is_about_site(cell));
    first.extend(then.into_iter().chain(others));
    let beside = session.config.simultaneous.max(1) + WAITING;
    let mut finished: Vec<(usize, FinishedCell)> = Vec::new();
    for (cells, beside) in [(first, beside), (last, 1)] {
        let made: Vec<_> = futures::stream::iter(cells).map(one).buffer_unordered(beside).collect().await;
        finished.extend(made);
    }
    in_order(finished)
}

/// Runs a cell, and again while it does not pass.
async fn tried(session: &Arc<Session>, cell: &Arc<Cell>, retries: u32) -> CellReport {
    let mut before: Vec<Try> = Vec::new();
    let (mut cleanup, mut leftovers) = (Vec::new(), Leftovers::default());
    for attempt in 0.. {
        let turn = session.ending.token().run_until_cancelled(session.turns.take()).await;
        let mut task = tokio::spawn(run_cell(Arc::clone(session), Arc::clone(cell), attempt, turn));
        let broken = |reason: &str| not_run(cell, rerun(&session.command, cell, session.seed), reason);
        // A cell that breaks down must not take the others with it, nor one that does not end keep the run from its end.
        let mut report = match session.ending.overdue().run_until_cancelled(&mut task).await {
            Some(ended) => ended.unwrap_or_else(|error| broken(&format!("internal error: {error}"))),
            None => {
                task.abort();
                broken(session.ending.reason())
            }
        };
        cleanup.append(&mut report.cleanup);
        leftovers += report.leftovers;
        report.cleanup.clone_from(&cleanup);
        report.leftovers = leftovers;
        let over = matches!(report.verdict, Verdict::Passed | Verdict::Skipped)
            || attempt >= retries
            || cell.obstacle.is_some();
        if over || session.ending.forbids().is_some() {
            report.flaky = before.iter().any(|before| before.verdict != report.verdict);
            report.tries = before;
            return report;
        }
        let exchanges = exchanges(session, &report);
        session.events.emit(&RunEvent::CellRetried { cell: Box::new(report.clone()), exchanges });
        let CellReport { verdict, reason, steps, duration_ms, .. } = report;
        before.push(Try { verdict, reason, steps, duration_ms });
    }
    not_run(cell, rerun(&session.command, cell, session.seed), "internal error: no attempt ended")
}

/// The exchanges of the last try of a cell.
fn exchanges(session: &Session, report: &CellReport) -> Exchanges {
    let of_steps = report.steps.iter().flat_map(|step| &step.exchanges);
    let wanted = of_steps.chain(&report.cleanup).copied().collect();
    session.client.recorder().some(&wanted)
}
