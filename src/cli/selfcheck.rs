//! `oa-test selfcheck`

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::json;

use crate::config::Config;
use crate::error::{Error, Exit};
use crate::plan::{Plan, plan};
use crate::results::{CheckOutcome, CheckReport, Cited, Remark, RunReport, Verdict};
use crate::sandbox::{Fault, Faults, SandboxOptions};
use crate::vocabulary::Profile;

use super::arguments::{Format, SelfcheckArguments};
use super::configuration::configuration;
use super::list::{catalogue, selection};
use super::output::{Output, object};
use super::run::{run_silently, sandbox_like};
use super::runtime::side_by_side;
use super::sandbox::fault_list;
use super::selfcheck_variants::{Setting, selfcheck_variants};
use super::sweep::sweep_of;

/// How long a cell waits for what a fault keeps from coming.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Cells at the same time, most of which wait.
const SIMULTANEOUS: usize = 32;
/// How long a cell may take; feeds must be read within some times as much.
const CELL: Duration = Duration::from_secs(12);
/// Without these, other things can go wrong than with them.
const LEASING: &[&str] = &["anonymous-leasing", "named-leasing"];

/// What is run.
struct Suite {
    config: Config,
    plan: Plan,
}

/// What a run under a fault found.
struct Found {
    /// Test to the number of its cells that failed, and the first finding.
    tests: BTreeMap<String, (usize, String)>,
    /// Blocked cells.
    blocked: usize,
    /// What is wrong with the target beyond any cell.
    beyond: Vec<String>,
    /// The checks and rules that are broken or have a remark, by their identifiers.
    checks: BTreeSet<String>,
    /// Check or rule, and a requirement that a finding or remark of it cites; none where one cites nothing.
    cites: BTreeSet<(String, Option<String>)>,
}

/// What a finding or remark of a check cites.
fn cites<'c>(check: &'c str, violates: &'c [Cited]) -> impl Iterator<Item = (String, Option<String>)> + 'c {
    let none = violates.is_empty().then_some(None);
    violates.iter().map(|cited| Some(cited.id.clone())).chain(none).map(|cited| (check.to_owned(), cited))
}

impl Found {
    fn of(report: &RunReport) -> Self {
        let mut tests: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for cell in report.cells.iter().filter(|cell| cell.verdict == Verdict::Failed) {
            let entry = tests.entry(format!("{}/{}", cell.feature, cell.test)).or_default();
            entry.0 += 1;
            if entry.1.is_empty() {
                entry.1 = cell.reason.clone().unwrap_or_default();
            }
        }
        let blocked = report.cells.iter().filter(|cell| cell.verdict == Verdict::Blocked).count();
        let mut beyond: Vec<String> = report.findings.iter().map(|finding| finding.message.clone()).collect();
        beyond.extend(report.notices.iter().cloned());
        let steps = || report.cells.iter().flat_map(|cell| &cell.steps);
        let failed = |check: &&CheckReport| check.outcome == CheckOutcome::Failed;
        let mut cited = BTreeSet::new();
        for check in steps().flat_map(|step| &step.checks).filter(failed) {
            let Some(finding) = &check.finding else { continue };
            let by = finding.rule.as_ref().or(check.check.as_ref()).unwrap_or(&check.name);
            cited.extend(cites(by, &finding.violates));
        }
        // What the data model recommends depends on which documents a run sees, not on the fault.
        let of_model = |remark: &&Remark| remark.model.is_some();
        for remark in steps().flat_map(|step| &step.remarks).chain(&report.remarks).filter(|remark| !of_model(remark)) {
            cited.extend(cites(&remark.rule, &remark.requirements));
        }
        for finding in &report.findings {
            let of = if finding.defect.is_empty() { "target" } else { &finding.defect };
            cited.extend(cites(of, &finding.violates));
        }
        let failed = steps().flat_map(|step| &step.checks).filter(failed).filter_map(|check| check.check.clone());
        let remarks = steps().flat_map(|step| &step.remarks).chain(&report.remarks).map(|remark| remark.rule.clone());
        let target = report.findings.iter().map(|finding| finding.defect.clone());
        let checks = failed.chain(remarks).chain(target).collect();
        Self { tests, blocked, beyond, checks, cites: cited }
    }

    fn add(&mut self, other: Self) {
        for (test, (cells, reason)) in other.tests {
            let entry = self.tests.entry(test).or_insert((0, reason));
            entry.0 += cells;
        }
        self.blocked += other.blocked;
        self.beyond.extend(other.beyond);
        self.checks.extend(other.checks);
        self.cites.extend(other.cites);
    }

    fn nothing(&self) -> bool {
        self.tests.is_empty() && self.beyond.is_empty()
    }
}

pub(super) fn selfcheck(arguments: &SelfcheckArguments, output: Output) -> Result<Exit, Error> {
    let mut config = configuration(&arguments.configuration)?;
    config.feed_timeout = PATIENCE;
    config.request_timeout = PATIENCE;
    config.cell_timeout = CELL;
    config.simultaneous = SIMULTANEOUS;
    let catalogue = catalogue(arguments.selection.features_dir.as_deref())?;
    // What the configuration leaves open is there as well: the sandbox has everything.
    for feature in catalogue.features().iter().filter(|feature| !feature.tests.is_empty()) {
        let setting = config.features.entry(feature.id.clone()).or_default();
        *setting = setting.or(Some(true));
    }
    if arguments.sweep {
        return sweep_of(arguments, config, output);
    }
    if arguments.variants {
        return selfcheck_variants(Setting { config, catalogue: &catalogue, arguments }, output);
    }
    let selection = selection(&arguments.selection);
    let plan_of = |config: &Config| plan(&catalogue, config, Profile::Strict, &selection);
    let whole = Suite { plan: plan_of(&config)?, config };
    let mut without = whole.config.clone();
    for feature in LEASING {
        without.features.insert((*feature).to_owned(), Some(false));
    }
    let unleased = Suite { plan: plan_of(&without)?, config: without };
    let faults: Vec<Fault> =
        if arguments.fault.is_empty() { Fault::ALL.to_vec() } else { fault_list(&arguments.fault)? };
    let runtime = super::runtime::runtime()?;
    let seed = arguments.seed;
    let mut honest = runtime.block_on(under(&whole, None, seed))?;
    honest.add(runtime.block_on(under(&unleased, None, seed))?);
    let (whole, unleased) = (&whole, &unleased);
    let rows: Vec<(Fault, Found)> = runtime.block_on(
        futures::stream::iter(&faults)
            .map(|fault| async move {
                let mut found = under(whole, Some(*fault), seed).await?;
                if found.nothing() {
                    found.add(under(unleased, Some(*fault), seed).await?);
                }
                Ok::<_, Error>((*fault, found))
            })
            .buffered(side_by_side())
            .enumerate()
            .map(|(index, row): (usize, Result<(Fault, Found), Error>)| {
                let (fault, found) = row?;
                output.log(&format!("{}/{} {fault}: {}", index + 1, faults.len(), summary(&found)));
                Ok::<_, Error>((fault, found))
            })
            .try_collect(),
    )?;
    let unfound: Vec<Fault> = rows.iter().filter(|(_, found)| found.nothing()).map(|(fault, _)| *fault).collect();
    let clean = honest.nothing() && honest.blocked == 0;
    output.print(&match arguments.format {
        Format::Json => as_json(&honest, &rows)?,
        Format::Text => as_text(&honest, &rows, &unfound, whole.plan.cells.len() + unleased.plan.cells.len()),
    });
    runtime.shutdown_background();
    Ok(Exit::failure_if(!clean || !unfound.is_empty()))
}

fn summary(found: &Found) -> String {
    let cells: usize = found.tests.values().map(|(cells, _)| cells).sum();
    let mut words = format!("{cells} cells of {} tests", found.tests.len());
    if !found.beyond.is_empty() {
        words.push_str(&format!(", {} findings about the target", found.beyond.len()));
    }
    if found.blocked > 0 {
        words.push_str(&format!(", {} blocked", found.blocked));
    }
    words
}

async fn under(suite: &Suite, fault: Option<Fault>, seed: u64) -> Result<Found, Error> {
    let Suite { config, plan } = suite;
    let faults = Faults::new(fault.into_iter().collect());
    let options = SandboxOptions { faults, seed, ..sandbox_like(config, plan) };
    Ok(Found::of(&run_silently(config.clone(), plan.clone(), Profile::Strict, options).await?))
}

fn as_json(honest: &Found, rows: &[(Fault, Found)]) -> Result<String, Error> {
    let one = |found: &Found| {
        let tests = found.tests.iter();
        json!({
            "tests": object(tests.map(|(test, (cells, reason))| (test, json!({ "cells": cells, "first": reason })))),
            "blocked": found.blocked,
            "beyond": found.beyond,
            "checks": found.checks,
            "cites": found.cites,
        })
    };
    let faults = object(rows.iter().map(|(fault, found)| (fault.name(), one(found))));
    Ok(format!("{}\n", serde_json::to_string_pretty(&json!({ "honest": one(honest), "faults": faults }))?))
}

fn as_text(honest: &Found, rows: &[(Fault, Found)], unfound: &[Fault], cells: usize) -> String {
    let mut text = format!("Without a fault: {} of {cells} cells\n", summary(honest));
    for (test, (count, reason)) in &honest.tests {
        text.push_str(&format!("  {test} ({count}): {reason}\n"));
    }
    for (fault, found) in rows {
        text.push_str(&format!("\n{fault}: {}\n  {}\n", fault.summary(), summary(found)));
        for (test, (count, reason)) in &found.tests {
            text.push_str(&format!("    {test} ({count}): {reason}\n"));
        }
        for message in &found.beyond {
            text.push_str(&format!("    about the target: {message}\n"));
        }
    }
    text.push_str(&format!("\n{} of {} faults detected\n", rows.len() - unfound.len(), rows.len()));
    if !unfound.is_empty() {
        let names: Vec<&str> = unfound.iter().map(|fault| fault.name()).collect();
        text.push_str(&format!("Undetected: {}\n", names.join(", ")));
    }
    text
}
