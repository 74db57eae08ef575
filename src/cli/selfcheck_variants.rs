//! `oa-test selfcheck --variants`: the sandbox in other designs, to which no test may object.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::catalogue::Catalogue;
use crate::config::{Config, Glob};
use crate::error::{Error, Exit};
use crate::plan::{Plan, Selection, plan};
use crate::results::{CellReport, CheckOutcome, Finding, RunReport, Verdict};
use crate::sandbox::{SandboxOptions, Variant, Variants};
use crate::vocabulary::{Profile, unpacked};

use super::arguments::{Format, SelfcheckArguments};
use super::list::selection;
use super::output::{Output, object};
use super::run::{run_silently, sandbox_like};
use super::runtime::{runtime, side_by_side};
use super::variants::{configure, variant_names};

/// Variant, tests and reason: what the public suite asserts against what the specification allows.
const COMPATIBLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/variants-in-compatible.txt.packed"));
/// Default number of cells of each combination.
const CELLS_OF_COMBINATION: usize = 60;
/// The most variants that are combined.
const COMBINED: usize = 6;
/// Cells at the same time.
const SIMULTANEOUS: usize = 16;
/// How long cells wait for feeds, for responses, and for everything. These designs are late by a second at most; a busy machine
/// is by more, and a cell that passes waits for neither.
const LIMITS: (Duration, Duration, Duration) =
    (Duration::from_secs(30), Duration::from_secs(30), Duration::from_secs(240));

/// What is run under each variant.
pub(super) struct Setting<'s> {
    pub(super) config: Config,
    pub(super) catalogue: &'s Catalogue,
    pub(super) arguments: &'s SelfcheckArguments,
}

/// A check that objected, and how.
struct Objection {
    cells: usize,
    cell: String,
    step: String,
    finding: Finding,
}

/// What became of a run under variants.
struct Tried {
    variants: Variants,
    cells: usize,
    /// Cells that are left out, and why.
    left_out: usize,
    failed: Vec<String>,
    blocked: Vec<(String, String)>,
    /// By check.
    objections: BTreeMap<String, Objection>,
}

impl Tried {
    fn of(variants: Variants, left_out: usize, report: &RunReport) -> Self {
        let mut tried = Self {
            variants,
            cells: report.cells.len(),
            left_out,
            failed: Vec::new(),
            blocked: Vec::new(),
            objections: BTreeMap::new(),
        };
        for cell in &report.cells {
            tried.add(cell);
        }
        for finding in &report.findings {
            tried.object(&finding.defect, "", "target", finding);
        }
        tried
    }

    fn add(&mut self, cell: &CellReport) {
        match cell.verdict {
            Verdict::Failed => self.failed.push(cell.id.clone()),
            Verdict::Blocked => self.blocked.push((cell.id.clone(), cell.reason.clone().unwrap_or_default())),
            Verdict::Passed | Verdict::Skipped => return,
        }
        for step in &cell.steps {
            for check in step.checks.iter().filter(|check| check.outcome != CheckOutcome::Held) {
                let Some(finding) = &check.finding else { continue };
                let name = check.check.as_ref().unwrap_or(&check.name);
                self.object(name, &cell.id, &step.title, finding);
            }
        }
    }

    fn object(&mut self, check: &str, cell: &str, step: &str, finding: &Finding) {
        let name = match &finding.rule {
            Some(rule) => format!("{check} {rule}"),
            None => check.to_owned(),
        };
        let objection = self.objections.entry(name).or_insert_with(|| Objection {
            cells: 0,
            cell: cell.to_owned(),
            step: step.to_owned(),
            finding: finding.clone(),
        });
        objection.cells += 1;
    }

    fn accepted(&self) -> bool {
        self.failed.is_empty() && self.blocked.is_empty() && self.objections.is_empty()
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.variants.iter().map(Variant::name).collect();
        if names.is_empty() { "the sandbox as it is".to_owned() } else { names.join(" + ") }
    }

    fn summary(&self) -> String {
        let (names, cells) = (self.names(), self.cells);
        if self.accepted() {
            return format!("{names}: {cells} cells pass");
        }
        let checks: Vec<&str> = self.objections.keys().map(String::as_str).collect();
        let (failed, blocked) = (self.failed.len(), self.blocked.len());
        format!("{names}: {failed} failed, {blocked} blocked of {cells} cells; checks: {}", checks.join(", "))
    }

    fn json(&self) -> Value {
        let objections = object(self.objections.iter().map(|(check, objection)| {
            let Objection { cells, cell, step, finding } = objection;
            let violates: Vec<&str> = finding.violates.iter().map(|cited| cited.id.as_str()).collect();
            let shown = json!({
                "count": cells, "cell": cell, "step": step, "message": finding.message, "path": finding.path,
                "expected": finding.expected, "found": finding.found, "model": finding.model, "violates": violates
            });
            (check, shown)
        }));
        let blocked = object(self.blocked.iter().map(|(cell, reason)| (cell, json!(reason))));
        json!({
            "variants": self.variants.iter().collect::<Vec<_>>(), "cells": self.cells, "leftOut": self.left_out,
            "failed": self.failed, "blocked": blocked, "objections": objections
        })
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.summary());
        for (check, objection) in &self.objections {
            let Objection { cells, cell, step, finding } = objection;
            text.push_str(&format!("    {check} ({cells}): {}\n        {cell}, {step}\n", finding.message));
            for (label, detail) in finding.details() {
                text.push_str(&format!("        {label}: {detail}\n"));
            }
        }
        for (cell, reason) in self.blocked.iter().take(3) {
            text.push_str(&format!("    blocked: {cell}: {reason}\n"));
        }
        text
    }
}

/// Runs the tests under each variant, or under combinations of them.
pub(super) fn selfcheck_variants(mut setting: Setting<'_>, output: Output) -> Result<Exit, Error> {
    let arguments = setting.arguments;
    (setting.config.feed_timeout, setting.config.request_timeout, setting.config.cell_timeout) = LIMITS;
    setting.config.simultaneous = SIMULTANEOUS;
    let named = variant_names(&arguments.variant)?;
    let known: Vec<Variant> = if named.is_empty() { Variant::ALL.to_vec() } else { named };
    let mut rng = ChaCha8Rng::seed_from_u64(arguments.seed);
    let tries: Vec<Variants> = match arguments.combinations {
        Some(count) => (0..count).map(|_| combination(&known, &mut rng)).collect(),
        None => known.iter().map(|variant| Variants::new(&[*variant])).collect(),
    };
    let (setting, count) = (&setting, tries.len());
    let runtime = runtime()?;
    let tried: Vec<Tried> = runtime.block_on(
        futures::stream::iter(tries)
            .map(|variants| under(setting, variants))
            .buffered(arguments.jobs.unwrap_or_else(side_by_side))
            .enumerate()
            .map(|(index, tried)| {
                let tried = tried?;
                output.log(&format!("{}/{count} {}", index + 1, tried.summary()));
                Ok::<_, Error>(tried)
            })
            .try_collect(),
    )?;
    let accepted = tried.iter().filter(|tried| tried.accepted()).count();
    output.print(&match arguments.format {
        Format::Json => {
            let all: Vec<Value> = tried.iter().map(Tried::json).collect();
            format!("{}\n", serde_json::to_string_pretty(&json!({ "variants": all }))?)
        }
        Format::Text => {
            let mut text: String = tried.iter().filter(|tried| !tried.accepted()).map(Tried::text).collect();
            text.push_str(&format!("{accepted} of {count} designs pass\n"));
            text
        }
    });
    runtime.shutdown_background();
    Ok(Exit::failure_if(accepted < count))
}

/// Several variants that do not exclude each other.
fn combination(known: &[Variant], rng: &mut ChaCha8Rng) -> Variants {
    let wanted = rng.random_range(2..=COMBINED);
    let mut order = known.to_vec();
    order.shuffle(rng);
    let mut chosen: Vec<Variant> = Vec::new();
    for variant in order {
        if chosen.len() < wanted && chosen.iter().all(|other| variant.goes_with(*other)) {
            chosen.push(variant);
        }
    }
    Variants::new(&chosen)
}

async fn under(setting: &Setting<'_>, variants: Variants) -> Result<Tried, Error> {
    let arguments = setting.arguments;
    let profile = arguments.profile.profile();
    let mut config = setting.config.clone();
    configure(&mut config, &variants);
    let chosen: Selection = selection(&arguments.selection);
    let mut plan = plan(setting.catalogue, &config, profile, &chosen)?;
    let planned = plan.cells.len();
    if profile == Profile::Compatible {
        leave_out(&mut plan, &variants)?;
    }
    let left_out = planned - plan.cells.len();
    let cells = arguments.sample.or(arguments.combinations.map(|_| CELLS_OF_COMBINATION));
    if let Some(cells) = cells {
        sample(&mut plan, cells, arguments.seed, &variants);
    }
    let options = SandboxOptions { variants: variants.clone(), seed: arguments.seed, ..sandbox_like(&config, &plan) };
    let report = run_silently(config, plan, profile, options).await?;
    Ok(Tried::of(variants, left_out, &report))
}

/// Leaves out the tests in which the public suite asserts what is not required.
fn leave_out(plan: &mut Plan, variants: &Variants) -> Result<(), Error> {
    for line in unpacked(COMPATIBLE).lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(name), Some(tests)) = (words.next(), words.next()) else { continue };
        if variants.iter().any(|variant| variant.name() == name) {
            let glob = Glob::new(tests).map_err(|error| Error::internal(error.to_string()))?;
            plan.cells.retain(|cell| !glob.is_match(&format!("{}/{}", cell.feature.id, cell.test.id)));
        }
    }
    Ok(())
}

/// Keeps a number of cells, which depend on the seed and the variants.
fn sample(plan: &mut Plan, cells: usize, seed: u64, variants: &Variants) {
    let salt = variants.iter().fold(seed, |salt, variant| {
        variant.name().bytes().fold(salt, |salt, byte| salt.wrapping_mul(31).wrapping_add(u64::from(byte)))
    });
    let mut places: Vec<usize> = (0..plan.cells.len()).collect();
    places.shuffle(&mut ChaCha8Rng::seed_from_u64(salt));
    places.truncate(cells);
    places.sort_unstable();
    plan.cells = places.into_iter().filter_map(|place| plan.cells.get(place).cloned()).collect();
}
