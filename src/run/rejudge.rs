//! Judging a saved run again, by the checks of today.

use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;

use crate::catalogue::{Catalogue, Test, When};
use crate::checks::{Context, Demands, StepDemands, judge_part};
use crate::config::{Config, Layers, load};
use crate::opportunity::Clock;
use crate::results::{
    CellReport, CheckOutcome, CheckReport, Counts, Exchange, ExchangeId, Finding, Grades, RunReport, StepReport,
    Verdict, merge, split,
};
use crate::steps::Step;
use crate::trace::{Event, History, read_saved};
use crate::vocabulary::Profile;

use super::recorded::{RECORDED, RECORDING};
use super::target_trace::judge_target;
use super::verdict::verdict;

/// A saved run, judged again.
#[derive(Debug)]
pub struct Rejudged {
    /// The run with the verdicts of today. Cells that cannot be judged again keep theirs.
    pub report: RunReport,
    /// Cells that were judged again.
    pub judged: usize,
    /// Those that came to something else, in the order of the run.
    pub changes: Vec<CellChange>,
    /// What was found beyond the cells and was not before, and the reverse, in words.
    pub target_changes: Vec<String>,
    /// Cells that cannot be judged again, and parts of the target, each with the reason.
    pub unjudged: Vec<(String, String)>,
}

/// A cell that came to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Its identifier.
    pub cell: String,
    /// The verdict that it had.
    pub before: Verdict,
    /// The verdict that it has.
    pub after: Verdict,
    /// The checks that came to something else, in words.
    pub checks: Vec<String>,
}

/// What the cells of a saved run are judged by.
pub(super) struct Rejudge<'r> {
    config: Config,
    profile: Profile,
    base: &'r str,
    clock: Clock,
    record: HashMap<ExchangeId, Exchange>,
    tests: HashMap<String, &'r Test>,
    fail_on_new: bool,
    recorded: bool,
}

impl<'r> Rejudge<'r> {
    /// Of a saved run.
    ///
    /// # Errors
    /// In words, what the run lacks.
    pub(super) fn of(report: &'r RunReport, catalogue: &'r Catalogue) -> Result<Self, String> {
        let clock = report.clock.as_deref().and_then(|clock| clock.parse().ok());
        let tests = catalogue.tests();
        let tests =
            tests.map(|(feature, test)| (key(&feature.id, &test.id, test.when == When::Implemented), test)).collect();
        Ok(Self {
            config: config_of(report)?,
            profile: report.profile,
            base: report.target.booking_api.as_deref().unwrap_or_default().trim_end_matches('/'),
            clock: Clock::starting(clock.ok_or("`clock` is missing")?),
            record: report.exchanges.iter().map(|exchange| (exchange.id, exchange)).collect(),
            tests,
            fail_on_new: report.fail_on.new_checks,
            recorded: report.mode == RECORDED,
        })
    }

    /// The test of a cell.
    ///
    /// # Errors
    /// In words, that there is none.
    pub(super) fn test(&self, cell: &CellReport) -> Result<&'r Test, String> {
        let test = self.tests.get(&key(&cell.feature, &cell.test, cell.implemented));
        test.copied().ok_or_else(|| "unknown test".to_owned())
    }

    /// The trace of a cell.
    ///
    /// # Errors
    /// In words, why it cannot be read.
    pub(super) fn trace(&self, cell: &CellReport) -> Result<Vec<Event>, String> {
        let text = cell.trace.text().ok_or("`trace` is missing")?;
        read_saved(&text, &|id| self.record.get(&id))
    }

    /// What judges a trace by what its test asks for.
    pub(super) fn context(&self, trace: &[Event]) -> Context<'_> {
        let secondary = trace.iter().any(|event| matches!(event, Event::Part(part) if part.seller == "secondary"));
        let sellers = &self.config.sellers;
        let seller = sellers.secondary.as_ref().filter(|_| secondary).unwrap_or(&sellers.primary);
        // Nobody knows which reconciliation details belong to a recording.
        let details = seller.payment.as_ref().or(sellers.primary.payment.as_ref());
        Context {
            config: &self.config,
            profile: self.profile,
            base: self.base,
            payment: details.filter(|_| !self.recorded),
            now: self.clock.now(),
            clock: self.clock,
            spec: "",
            demands: Demands::default(),
        }
    }

    /// What a test asks for at each of its steps, by their numbers.
    pub(super) fn demands(&self, test: &'r Test) -> Vec<StepDemands<'r>> {
        let steps = test.parts.iter().flat_map(|part| part.steps.iter().map(move |step| (step, part.profile)));
        let demands = |(step, part): (&'r Step, Option<Profile>)| StepDemands {
            checks: Demands { expect: &step.expect, expect_proposal: &step.expect_proposal },
            violates: &step.violates,
            only: step.profile.or(part).or(test.profile),
            fail_on_new: self.fail_on_new,
        };
        steps.map(demands).collect()
    }

    /// Judges a trace by what a test asks for.
    pub(super) fn steps(&self, trace: &[Event], demands: &[StepDemands<'r>]) -> Vec<StepReport> {
        self.part(trace, 0..trace.len(), &mut History::default(), demands)
    }

    /// Judges a part of a trace by what a test asks for. `history`: what the cell saw before it, and after it then.
    pub(super) fn part(
        &self,
        trace: &[Event],
        part: Range<usize>,
        history: &mut History,
        demands: &[StepDemands<'r>],
    ) -> Vec<StepReport> {
        let of = |number: usize| demands.get(number).copied().unwrap_or_default();
        let moment = |event: &Event| -> Option<Timestamp> {
            event.exchange().and_then(|id| self.record.get(&id)).and_then(|exchange| exchange.sent.parse().ok())
        };
        judge_part(trace.get(part).unwrap_or_default(), history, &self.context(trace), &of, &moment)
    }
}

/// Judges a saved run again.
///
/// # Errors
/// In words, what the run lacks.
pub fn rejudge(report: RunReport, catalogue: &Catalogue) -> Result<Rejudged, String> {
    if report.parts.is_empty() { rejudge_one(report, catalogue) } else { rejudge_parts(&report, catalogue) }
}

/// Judges each of the runs again that were put together.
fn rejudge_parts(report: &RunReport, catalogue: &Catalogue) -> Result<Rejudged, String> {
    let (mut parts, mut judged, mut changes) = (Vec::new(), 0, Vec::new());
    let mut target_changes: Vec<String> = Vec::new();
    let mut unjudged: Vec<(String, String)> = Vec::new();
    for (name, run) in split(report) {
        let again = rejudge_one(run, catalogue)?;
        judged += again.judged;
        changes.extend(again.changes);
        for change in again.target_changes {
            if !target_changes.contains(&change) {
                target_changes.push(change);
            }
        }
        unjudged.extend(again.unjudged.into_iter().map(|(what, reason)| (what, format!("{name}: {reason}"))));
        parts.push((name, again.report));
    }
    let mut merged = merge(parts).map_err(|error| error.to_string())?;
    merged.fail_on = report.fail_on;
    let places: HashMap<&str, usize> =
        merged.cells.iter().zip(0..).map(|(cell, place)| (cell.id.as_str(), place)).collect();
    changes.sort_by_key(|change: &CellChange| places.get(change.cell.as_str()).copied());
    Ok(Rejudged { report: merged, judged, changes, target_changes, unjudged })
}

fn rejudge_one(mut report: RunReport, catalogue: &Catalogue) -> Result<Rejudged, String> {
    let mut changes = Vec::new();
    let mut unjudged = Vec::new();
    let mut steps: HashMap<String, Vec<StepReport>> = HashMap::new();
    let judge = Rejudge::of(&report, catalogue)?;
    for cell in report.cells.iter().filter(|cell| !cell.steps.is_empty() || cell.feature == RECORDING) {
        let demands =
            if cell.feature == RECORDING { Ok(Vec::new()) } else { judge.test(cell).map(|test| judge.demands(test)) };
        let again = demands.and_then(|demands| Ok(judge.steps(&judge.trace(cell)?, &demands)));
        match again {
            Ok(again) => drop(steps.insert(cell.id.clone(), again)),
            Err(reason) => unjudged.push((cell.id.clone(), reason)),
        }
    }
    drop(judge);
    let target = judge_target(&report);
    let target_changes = changed_findings(&report.findings, &target.findings);
    unjudged.extend(target.unjudged);
    (report.findings, report.remarks) = (target.findings, target.remarks);
    let judged = steps.len();
    for cell in &mut report.cells {
        let Some(again) = steps.remove(&cell.id) else { continue };
        changes.extend(put(cell, again));
    }
    report.counts = Counts::of(&report.cells);
    report.grades = Grades::of(&report.cells, &report.findings, &report.remarks);
    Ok(Rejudged { report, judged, changes, target_changes, unjudged })
}

/// What was found and was not before, and the reverse, in words.
fn changed_findings(before: &[Finding], after: &[Finding]) -> Vec<String> {
    let same = |one: &Finding, other: &Finding| (&one.message, &one.found) == (&other.message, &other.found);
    let lacks = |list: &[Finding], finding: &Finding| !list.iter().any(|known| same(known, finding));
    let new = after.iter().filter(|finding| lacks(before, finding)).map(|finding| finding.message.clone());
    let gone = before.iter().filter(|finding| lacks(after, finding));
    new.chain(gone.map(|finding| format!("no longer: {}", finding.message))).collect()
}

fn key(feature: &str, test: &str, implemented: bool) -> String {
    format!("{feature}/{test}/{implemented}")
}

/// The configuration of a saved run; its secrets are masks.
fn config_of(report: &RunReport) -> Result<Config, String> {
    let mut layers = Layers::built_in().map_err(|problem| problem.to_string())?;
    let text = report.configuration.to_string();
    layers.add_text("the configuration of the run", &text).map_err(|problem| problem.to_string())?;
    load(&layers).map_err(|error| format!("invalid configuration: {error}"))
}

/// Gives a cell its steps of today; what changed, if anything.
fn put(cell: &mut CellReport, again: Vec<StepReport>) -> Option<CellChange> {
    let checks = differences(&cell.steps, &again);
    let before = cell.verdict;
    // What stopped the run decides about the cells that it took, whatever their responses.
    let (after, reason) = if cell.stopped { (before, cell.reason.clone()) } else { verdict(&again) };
    cell.steps = again;
    if checks.is_empty() && after == before {
        return None;
    }
    cell.verdict = after;
    cell.reason = reason;
    Some(CellChange { cell: cell.id.clone(), before, after, checks })
}

/// The outcome of a check, in a word.
const fn word(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Held => "held",
        CheckOutcome::Failed => "failed",
        CheckOutcome::Blocked => "blocked",
    }
}

/// What is said of a check.
fn said(step: &StepReport, check: &CheckReport) -> String {
    let name = check.check.as_deref().unwrap_or(&check.name);
    format!("{}: {name} ({})", step.title, check.stage)
}

/// The checks that came to something else.
fn differences(before: &[StepReport], after: &[StepReport]) -> Vec<String> {
    /// A check with what it came to and what it found.
    type Found<'s> = (String, CheckOutcome, Option<&'s str>);
    fn all(steps: &[StepReport]) -> Vec<Found<'_>> {
        let checks = steps.iter().flat_map(|step| step.checks.iter().map(move |check| (step, check)));
        checks
            .map(|(step, check)| {
                (said(step, check), check.outcome, check.finding.as_ref().map(|finding| finding.message.as_str()))
            })
            .collect()
    }
    let (before, after) = (all(before), all(after));
    let mut lines = Vec::new();
    let line = |(name, outcome, message): &Found<'_>| {
        let why = message.map_or_else(String::new, |message| format!(": {message}"));
        format!("{name} {}{why}", word(*outcome))
    };
    let count = |list: &[Found<'_>], wanted: &Found<'_>| list.iter().filter(|known| *known == wanted).count();
    for found in &after {
        if count(&after, found) > count(&before, found) && !lines.contains(&line(found)) {
            lines.push(line(found));
        }
    }
    for found in before.iter().filter(|found| found.1 != CheckOutcome::Held) {
        let gone = format!("no longer: {}", line(found));
        if count(&before, found) > count(&after, found) && !lines.contains(&gone) {
            lines.push(gone);
        }
    }
    lines
}
