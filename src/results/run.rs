//! What became of a run.

use std::collections::HashSet;

#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::vocabulary::Profile;

use super::cell::{CellReport, Remark, RemarkLevel, Verdict};
use super::exchange::{Exchange, ExchangeId};
use super::exchanges::Exchanges;
use super::finding::{CheckOutcome, Finding};
use super::leftovers::Leftovers;
use super::saved_trace::SavedTrace;

/// The version of the RunReport document. It changes when a reader of the last version would be misled.
pub const RUN_REPORT_VERSION: u32 = 7;

/// Everything about one run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RunReport {
    /// [`RUN_REPORT_VERSION`].
    pub version: u32,
    /// Who made the report.
    pub tool: Tool,
    /// What was tested.
    pub target: Target,
    /// When the run began (RFC 3339, UTC).
    pub started: String,
    /// The moment from which criteria reckon (RFC 3339, UTC): when the feeds began to be read. None where they were not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub clock: Option<String>,
    /// Milliseconds that it took.
    pub duration_ms: u64,
    /// The UUID of the run. Identifiers that the run sent, such as Order UUIDs, derive from it. None where the runs of
    /// several machines were merged, each of which has its own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run_id: Option<String>,
    /// The seed of choices: opportunities, offers, customers.
    pub seed: u64,
    /// How much was asserted.
    #[cfg_attr(test, schemars(with = "String"))]
    pub profile: Profile,
    /// `controlled` or `random`.
    pub mode: String,
    /// Which part of everything that the configuration has in scope was run.
    pub scope: Scope,
    /// Whether TLS certificates went unverified.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub insecure: bool,
    /// Whether the run was ended by a signal: cells that had not ended are `blocked`.
    pub interrupted: bool,
    /// Why it ended before all cells had, where that was no signal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ended_early: Option<String>,
    /// What of the target stopped the run before all cells had ended. None where nothing did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stopped: Option<Stopped>,
    /// What decides the exit code besides cells that fail.
    #[serde(skip_serializing_if = "FailOn::is_default", default)]
    pub fail_on: FailOn,
    /// Cells by verdict.
    pub counts: Counts,
    /// In random mode: what the run left on the target.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub leftovers: Option<Leftovers>,
    /// What was found, by how much it matters.
    #[serde(default)]
    pub grades: Grades,
    /// What is wrong with the target beyond any one cell: its dataset site, its feeds.
    pub findings: Vec<Finding>,
    /// What validation has to say of the feeds that is no failure.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<Remark>,
    /// Why the run could not be made, or went on without something. Not the fault of any check.
    pub notices: Vec<String>,
    /// The cells, in the order of the catalogue.
    pub cells: Vec<CellReport>,
    /// Tests that were selected and have no cell, and why.
    pub skipped: Vec<SkippedTest>,
    /// In random mode: opportunities that were missing.
    pub shortages: Vec<Shortage>,
    /// What a browser showed where it could not go on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub screenshots: Vec<Screenshot>,
    /// The feeds that were followed.
    pub feeds: Vec<FeedReport>,
    /// The HTTP requests that were sent, by what they were for.
    #[serde(default)]
    pub requests: Requests,
    /// What the run saw of its dataset site and its feeds, from which `findings` follow.
    #[serde(skip_serializing_if = "SavedTrace::is_empty", default)]
    pub trace: SavedTrace,
    /// The runs that this one was put together from, where there were several.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parts: Vec<RunPart>,
    /// Every exchange that a step or a finding refers to.
    #[cfg_attr(test, schemars(with = "Vec<Exchange>"))]
    pub exchanges: Exchanges,
    /// The effective configuration, secrets redacted.
    pub configuration: Value,
}

/// One of the runs that were put together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct RunPart {
    /// By how much the numbers of its exchanges are higher now. Its traces have its own numbers, and so has `run`.
    pub offset: ExchangeId,
    /// The run without its cells and exchanges.
    pub run: RunReport,
}

/// What of the target stopped a run: cell after cell got the same response, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Stopped {
    /// How the target responded.
    pub by: StopCause,
    /// In words.
    pub message: String,
    /// What to look at next.
    pub hint: String,
    /// The last exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
}

/// How a target responds that cannot be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StopCause {
    /// Not at all.
    Unreachable,
    /// With HTTP 401 or 403 only.
    Unauthorized,
    /// With HTTP 5xx only.
    ServerErrors,
}

/// Which part of everything that the configuration has in scope was run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Scope {
    /// Whether nothing was left out on the command line.
    pub complete: bool,
    /// The machine of several that this is the run of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shard: Option<Shard>,
    /// Cells of all machines together.
    pub planned: usize,
    /// SHA-256 of the identifiers of all these cells: runs of one plan have the same.
    pub plan: String,
}

/// One machine of several that share a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Shard {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Shard {
    /// Whether a cell is its own, by the place in the plan.
    #[must_use]
    pub const fn has(self, place: usize) -> bool {
        match (place.checked_rem(self.of), self.number.checked_sub(1)) {
            (Some(rest), Some(own)) => rest == own,
            _ => false,
        }
    }

    /// How many cells of a plan are its own.
    #[must_use]
    pub fn share(self, planned: usize) -> usize {
        let rest = planned.checked_rem(self.of).unwrap_or_default();
        planned.checked_div(self.of).unwrap_or_default() + usize::from((1..=rest).contains(&self.number))
    }
}

/// What makes the exit code of a run 1, besides cells that fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(default)]
pub struct FailOn {
    /// Warnings do: what should be otherwise.
    pub warnings: bool,
    /// Warnings and suggestions do.
    pub suggestions: bool,
    /// Cells whose tries came to different verdicts do.
    pub flaky: bool,
    /// Nothing does, not even cells that fail.
    pub nothing: bool,
    /// Failures of checks that this version of the program brought do.
    pub new_checks: bool,
}

impl FailOn {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a browser showed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Screenshot {
    /// The title of the page.
    pub title: String,
    /// The picture: PNG in Base64.
    pub png_base64: String,
}

impl Screenshot {
    /// A picture of a page.
    #[must_use]
    pub fn new(title: String, png: &[u8]) -> Self {
        use base64::Engine as _;
        Self { title, png_base64: base64::engine::general_purpose::STANDARD.encode(png) }
    }

    /// The picture as PNG.
    ///
    /// # Errors
    /// That it is none.
    pub fn png(&self) -> Result<Vec<u8>, base64::DecodeError> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(&self.png_base64)
    }
}

impl RunReport {
    /// The exchange of a number.
    #[must_use]
    pub fn exchange(&self, id: ExchangeId) -> Option<Exchange> {
        self.exchanges.get(id)
    }

    /// The report without traces, cells and exchanges.
    pub(super) fn frame(&self) -> Self {
        Self {
            version: self.version,
            tool: self.tool.clone(),
            target: self.target.clone(),
            started: self.started.clone(),
            clock: self.clock.clone(),
            duration_ms: self.duration_ms,
            run_id: self.run_id.clone(),
            seed: self.seed,
            profile: self.profile,
            mode: self.mode.clone(),
            scope: self.scope.clone(),
            insecure: self.insecure,
            interrupted: self.interrupted,
            ended_early: self.ended_early.clone(),
            stopped: self.stopped.clone(),
            fail_on: self.fail_on,
            counts: self.counts,
            leftovers: self.leftovers,
            grades: self.grades,
            findings: self.findings.clone(),
            remarks: self.remarks.clone(),
            notices: self.notices.clone(),
            cells: Vec::new(),
            skipped: self.skipped.clone(),
            shortages: self.shortages.clone(),
            screenshots: self.screenshots.clone(),
            feeds: self.feeds.clone(),
            requests: self.requests,
            trace: SavedTrace::default(),
            parts: self.parts.iter().map(|part| RunPart { offset: part.offset, run: part.run.frame() }).collect(),
            exchanges: Exchanges::default(),
            configuration: self.configuration.clone(),
        }
    }
}

/// The program that made a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was tested.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Target {
    /// The dataset site; `sandbox` when it was the one that is built in.
    pub dataset_site: String,
    /// `name` of the Dataset.
    pub name: Option<String>,
    /// The base URL of the Open Booking API.
    pub booking_api: Option<String>,
}

/// Cells by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Counts {
    /// Every check held.
    pub passed: usize,
    /// The target does not conform, and nobody expected that.
    pub failed: usize,
    /// It does not conform, as was expected.
    #[serde(default)]
    pub known: usize,
    /// Tries came to different verdicts; each is among the others, too, by its last.
    #[serde(default)]
    pub flaky: usize,
    /// Could not be judged.
    pub blocked: usize,
    /// There was nothing to judge.
    pub skipped: usize,
}

impl Counts {
    /// Counts the verdicts of cells.
    #[must_use]
    pub fn of(cells: &[CellReport]) -> Self {
        let count = |verdict: Verdict| cells.iter().filter(|cell| cell.verdict == verdict).count();
        Self {
            passed: count(Verdict::Passed),
            failed: cells.iter().filter(|cell| cell.failed_unexpectedly()).count(),
            known: cells.iter().filter(|cell| cell.known.is_some()).count(),
            flaky: cells.iter().filter(|cell| cell.flaky).count(),
            blocked: count(Verdict::Blocked),
            skipped: count(Verdict::Skipped),
        }
    }
}

/// What was found, by how much it matters (RFC 2119). MUST decides verdicts and the exit code; the others decide the exit code
/// where that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Grades {
    /// Checks that did not hold, and what is wrong with the target beyond any cell.
    pub must: usize,
    /// Warnings, each once.
    pub should: usize,
    /// Suggestions, each once.
    pub may: usize,
}

impl Grades {
    /// Counts what a run found.
    #[must_use]
    pub fn of(cells: &[CellReport], findings: &[Finding], remarks: &[Remark]) -> Self {
        let steps = || cells.iter().flat_map(|cell| &cell.steps);
        let failed =
            steps().flat_map(|step| &step.checks).filter(|check| check.outcome == CheckOutcome::Failed).count();
        // The same remark is one, wherever it was made.
        let all = remarks.iter().chain(steps().flat_map(|step| &step.remarks));
        let distinct: HashSet<_> = all.map(Remark::key).collect();
        let said = |level: RemarkLevel| distinct.iter().filter(|key| key.0 == level).count();
        Self { must: failed + findings.len(), should: said(RemarkLevel::Warning), may: said(RemarkLevel::Suggestion) }
    }

    /// In words, such as `MUST: 2 failures, SHOULD: 1 warning`; nothing where nothing was found.
    #[must_use]
    pub fn words(self) -> String {
        let parts =
            [("MUST", self.must, "failure"), ("SHOULD", self.should, "warning"), ("MAY", self.may, "suggestion")];
        let grades = parts
            .iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(level, count, what)| format!("{level}: {count} {what}{}", if *count == 1 { "" } else { "s" }));
        grades.collect::<Vec<_>>().join(", ")
    }
}

/// A selected test without a cell.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct SkippedTest {
    /// The feature.
    pub feature: String,
    /// The test.
    pub test: String,
    /// Why it has no cell.
    pub reason: String,
}

/// Opportunities that were missing in random mode.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Shortage {
    /// The criteria.
    pub criteria: String,
    /// The booking flow.
    pub flow: String,
    /// The opportunity type.
    pub opportunity_type: String,
    /// The `@id` of the Seller.
    pub seller: String,
    /// How many the run needs.
    pub needed: usize,
    /// How many there are.
    pub found: usize,
    /// How many opportunities of that type the Seller publishes at all.
    pub candidates: usize,
    /// Why candidates were refused, most frequent first.
    pub refusals: Vec<Refusal>,
}

/// One reason why candidates were refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Refusal {
    /// The reason.
    pub reason: String,
    /// How many candidates it holds for.
    pub count: usize,
}

/// HTTP requests by what they were for, each as often as it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct Requests {
    /// C1, C2, P, B and every other request of the Open Booking API but for feeds.
    pub booking: u64,
    /// Pages of feeds.
    pub feeds: u64,
    /// The Test Interface.
    pub test_interface: u64,
    /// The dataset site, the OpenID provider.
    pub other: u64,
}

/// A feed that was followed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct FeedReport {
    /// Its name.
    pub name: String,
    /// Where it starts.
    pub url: String,
    /// Pages read, polls of the last page included.
    pub pages: u64,
    /// Items read.
    pub items: u64,
    /// Whether its end was reached.
    pub reached_end: bool,
    /// Whether every page with items is among the exchanges, in full.
    #[serde(default)]
    pub recorded: bool,
    /// What went wrong, if anything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}
