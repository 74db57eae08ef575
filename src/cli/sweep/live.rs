//! Mutants that run: the sandbox behind a layer that alters one kind of exchange in one way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::cli::output::Output;
use crate::cli::run::{sandbox_like, silently};
use crate::cli::runtime::{runtime, side_by_side};
use crate::config::Config;
use crate::error::Error;
use crate::plan::Plan;
use crate::results::{CheckOutcome, ExchangeId, Finding, Remark, RunReport, Verdict};
use crate::run::{Excuses, Fate, Limits, Objection, RunOptions, run};
use crate::sandbox::{Alteration, AlterationOptions, ExchangeKind, Sandbox, SandboxOptions};
use crate::vocabulary::{Profile, in_order};

use super::every_type;
use super::swept::SweptMutant;

/// How long runs wait for a feed.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long runs wait for a response: no mutant keeps it back.
const RESPONSE: Duration = Duration::from_secs(30);
/// How long a cell may take.
const CELL: Duration = Duration::from_secs(20);
/// How late what is late comes: after every cell has ended, however busy the machine is.
const DELAY: Duration = Duration::from_secs(300);
/// How many cells are run one after the other until a check objects: the smallest one, then some together, then many.
const TURNS: [usize; 3] = [1, 6, 60];
/// How many cells are run at the end that only rest on an exchange of the kind: one of each test.
const RESTING: usize = 400;
/// Runs at the same time for each processor: most of the time, they wait.
const RUNS_PER_PROCESSOR: usize = 8;

/// The live part of the sweep.
pub(super) struct LiveSweep<'s> {
    pub(super) config: Config,
    pub(super) plan: Plan,
    pub(super) honest: &'s RunReport,
    pub(super) seed: u64,
}

/// A kind of exchange in an honest run.
#[derive(Default)]
struct SeenKind {
    headers: Vec<(String, String)>,
    body: String,
    /// Places of the cells that have it, in the honest run.
    cells: BTreeSet<usize>,
    /// Whether it happens beside the cells, too: they rest on it.
    beside: bool,
}

/// A mutant that runs.
struct LiveMutant {
    kind: ExchangeKind,
    alteration: Alteration,
    /// Places of the cells that it is run in, turn by turn.
    turns: Vec<Vec<usize>>,
}

/// What distinguishes remarks.
type RemarkKey = (String, Option<String>, String);

fn key(remark: &Remark) -> RemarkKey {
    (remark.rule.clone(), remark.model.clone(), remark.path.clone())
}

/// Every remark of a run.
fn remarks(report: &RunReport) -> impl Iterator<Item = &Remark> {
    report.cells.iter().flat_map(|cell| &cell.steps).flat_map(|step| &step.remarks).chain(&report.remarks)
}

impl LiveSweep<'_> {
    /// Runs every mutant, or so many of them: those that were made, and the number of those that were not.
    ///
    /// # Errors
    /// If the sandbox cannot start, or a run cannot.
    pub(super) fn rows(&self, sample: Option<usize>, output: Output) -> Result<(Vec<SweptMutant>, usize), Error> {
        let excuses = Excuses::read().map_err(Error::internal)?;
        let mut mutants = self.mutants();
        if let Some(count) = sample {
            mutants.shuffle(&mut ChaCha8Rng::seed_from_u64(self.seed));
            mutants.truncate(count);
        }
        let known: BTreeSet<RemarkKey> = remarks(self.honest).map(key).collect();
        let (count, excuses, known) = (mutants.len(), &excuses, &known);
        let runtime = runtime()?;
        let rows: Vec<(usize, Option<SweptMutant>)> = runtime.block_on(
            futures::stream::iter(mutants.into_iter().enumerate())
                .map(async |(number, mutant)| Ok::<_, Error>((number, self.row(mutant, excuses, known).await?)))
                // In any order: one that waits must not hold up the others.
                .buffer_unordered(side_by_side() * RUNS_PER_PROCESSOR)
                .enumerate()
                .map(|(index, row)| {
                    if (index + 1) % 100 == 0 {
                        output.log(&format!("{}/{count} mutants", index + 1));
                    }
                    row
                })
                .try_collect(),
        )?;
        runtime.shutdown_background();
        let rows: Vec<SweptMutant> = in_order(rows).into_iter().flatten().collect();
        let unmade = count - rows.len();
        Ok((rows, unmade))
    }

    /// The kinds of exchanges of the honest run.
    fn kinds(&self) -> BTreeMap<ExchangeKind, SeenKind> {
        let mut cells: BTreeMap<ExchangeId, usize> = BTreeMap::new();
        for (place, cell) in self.honest.cells.iter().enumerate() {
            cells.extend(cell.steps.iter().flat_map(|step| &step.exchanges).map(|exchange| (*exchange, place)));
        }
        let mut kinds: BTreeMap<ExchangeKind, SeenKind> = BTreeMap::new();
        for exchange in self.honest.exchanges.iter() {
            let Some(answer) = exchange.answer.as_ref().filter(|answer| answer.redirected_to.is_none()) else {
                continue;
            };
            let body = exchange.request_body.as_deref();
            let kind = ExchangeKind::of(&exchange.method, &exchange.url, body, answer.status);
            let seen = kinds.entry(kind).or_default();
            for (name, value) in &answer.headers {
                if !seen.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    seen.headers.push((name.clone(), value.clone()));
                }
            }
            if answer.body.len() > seen.body.len() {
                seen.body.clone_from(&answer.body);
            }
            let cell = cells.get(&exchange.id);
            seen.beside |= cell.is_none();
            seen.cells.extend(cell);
        }
        kinds
    }

    fn mutants(&self) -> Vec<LiveMutant> {
        let mut mutants = Vec::new();
        for (kind, seen) in self.kinds() {
            let turns = self.turns(&seen);
            for alteration in Alteration::all(&kind, &seen.headers, &seen.body) {
                mutants.push(LiveMutant { kind: kind.clone(), alteration, turns: turns.clone() });
            }
        }
        mutants
    }

    /// The cells that a kind of exchange is altered in: those that have it, the smallest first. Those that only rest on it follow.
    fn turns(&self, kind: &SeenKind) -> Vec<Vec<usize>> {
        let mut having = self.smallest(|place| kind.cells.contains(&place)).into_iter();
        let mut turns: Vec<Vec<usize>> = TURNS.iter().map(|size| having.by_ref().take(*size).collect()).collect();
        if kind.beside {
            turns.push(self.smallest(|place| !kind.cells.contains(&place)).into_iter().take(RESTING).collect());
        }
        turns.retain(|turn| !turn.is_empty());
        turns
    }

    /// Cells that do not wait for long, the smallest first: one of each feature, then one of each other test.
    fn smallest(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let brief = |place: &usize| self.plan.cells.get(*place).is_some_and(|cell| !cell.test.slow);
        let mut cells: Vec<usize> =
            (0..self.honest.cells.len()).filter(|place| wanted(*place) && brief(place)).collect();
        cells.sort_by_key(|place| self.honest.cells.get(*place).map(|cell| cell.duration_ms));
        let (mut features, mut tests) = (BTreeSet::new(), BTreeSet::new());
        let mut others = Vec::new();
        cells.retain(|place| {
            let Some(cell) = self.honest.cells.get(*place) else { return false };
            let new = features.insert(&cell.feature);
            if tests.insert((&cell.feature, &cell.test)) && !new {
                others.push(*place);
            }
            new
        });
        cells.append(&mut others);
        cells
    }

    /// What becomes of a mutant; `None` where it is not made.
    async fn row(
        &self,
        mutant: LiveMutant,
        excuses: &Excuses,
        known: &BTreeSet<RemarkKey>,
    ) -> Result<Option<SweptMutant>, Error> {
        let (operator, subject) = (mutant.alteration.operator(), mutant.alteration.subject());
        let kind = format!("live {}", mutant.kind);
        let excuse = excuses.reason(operator, &kind, &subject);
        let mut row: Option<SweptMutant> = None;
        for turn in &mutant.turns {
            let Some((cell, fate)) = self.fate(&mutant, turn, known).await? else { continue };
            let found = matches!(fate, Fate::Failed(_) | Fate::Warned(_));
            let better = found || row.as_ref().is_none_or(|row| matches!(row.fate, Fate::Unfound));
            if better {
                let (kind, subject) = (kind.clone(), subject.clone());
                row = Some(SweptMutant { operator, conforms: false, kind, subject, cell, fate, excuse });
            }
            if found || excuse.is_some() {
                break;
            }
        }
        Ok(row)
    }

    /// What the checks make of a mutant in some cells, and the cell; `None` where it is not made in them.
    async fn fate(
        &self,
        mutant: &LiveMutant,
        cells: &[usize],
        known: &BTreeSet<RemarkKey>,
    ) -> Result<Option<(String, Fate)>, Error> {
        let chosen: Vec<_> = cells.iter().filter_map(|place| self.plan.cells.get(*place).map(Arc::clone)).collect();
        let plan = Plan { cells: chosen, ..Plan::default() };
        let mut config = self.config.clone();
        (config.feed_timeout, config.request_timeout, config.cell_timeout) = (PATIENCE, RESPONSE, CELL);
        let alteration =
            AlterationOptions { kind: mutant.kind.clone(), alteration: mutant.alteration.clone(), delay: DELAY };
        let alteration = Some(alteration);
        let options =
            SandboxOptions { alteration, seed: self.seed, types: every_type(), ..sandbox_like(&config, &plan) };
        let sandbox = Sandbox::start(options).await.map_err(|error| error.during("cannot start the sandbox"))?;
        let options = RunOptions {
            limits: Limits { first_finding: true, fail_fast: true, ..Limits::default() },
            ..silently(config, plan, Profile::Strict, (&sandbox, self.seed))
        };
        let report = run(options).await.map_err(Error::from)?;
        Ok((sandbox.alterations() > 0).then(|| fate_of(&report, &mutant.kind, known)))
    }
}

/// What a run found: the first that it prints, and in which cell.
fn fate_of(report: &RunReport, kind: &ExchangeKind, known: &BTreeSet<RemarkKey>) -> (String, Fate) {
    let is_kind =
        |method: &str, url: &str, body: Option<&str>| ExchangeKind::of(method, url, body, kind.status()) == *kind;
    let shows = |exchange: Option<ExchangeId>| {
        let exchange = exchange.and_then(|id| report.exchange(id));
        exchange.is_some_and(|exchange| is_kind(&exchange.method, &exchange.url, exchange.request_body.as_deref()))
    };
    // What is said of a feed as a whole names it.
    let is_of_feed = |text: &str| {
        // `Orders feed (primary)` is the `Orders feed`.
        let named = |name: &str| text.starts_with(name.split(" (").next().unwrap_or_default());
        report.feeds.iter().any(|feed| named(&feed.name) && is_kind("GET", &feed.url, None))
    };
    let objection = |check: &str, finding: &Finding| Objection {
        check: check.to_owned(),
        subject: finding.subject.clone(),
        exact: shows(finding.exchange) || is_of_feed(&finding.subject) || is_of_feed(&finding.message),
    };
    let found = |wanted: CheckOutcome| {
        report.cells.iter().find_map(|cell| {
            let mut findings = cell.findings().filter(|(_, check, _)| check.outcome == wanted);
            findings.next().map(|(_, check, finding)| {
                let name = finding.rule.as_ref().or(check.check.as_ref()).unwrap_or(&check.name);
                (cell.id.clone(), objection(name, finding))
            })
        })
    };
    if let Some((cell, objection)) = found(CheckOutcome::Failed) {
        return (cell, Fate::Failed(objection));
    }
    if let Some(finding) = report.findings.first() {
        return ("target".to_owned(), Fate::Failed(objection(&finding.defect, finding)));
    }
    if let Some(remark) = remarks(report).find(|remark| !known.contains(&key(remark))) {
        let (check, subject) = (remark.rule.clone(), remark.path.clone());
        let exact = shows(remark.exchange) || is_of_feed(&remark.message);
        return ("target".to_owned(), Fate::Warned(Objection { check, subject, exact }));
    }
    if let Some((cell, objection)) = found(CheckOutcome::Blocked) {
        return (cell, Fate::Blocked(objection));
    }
    let blocked = report.cells.iter().find(|cell| cell.verdict == Verdict::Blocked);
    if let Some(cell) = blocked {
        let subject = cell.reason.clone().or_else(|| report.notices.first().cloned()).unwrap_or_default();
        let objection = Objection { check: "run".to_owned(), subject, exact: false };
        return (cell.id.clone(), Fate::Blocked(objection));
    }
    (report.cells.first().map(|cell| cell.id.clone()).unwrap_or_default(), Fate::Unfound)
}
