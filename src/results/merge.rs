//! The runs of several machines, put together to one.

use std::collections::HashMap;

use crate::error::Error;

use super::exchange::ExchangeId;
use super::exchanges::Exchanges;
use super::leftovers::Leftovers;
use super::run::{Counts, Grades, RunPart, RunReport, Scope, Shard};
use super::saved_trace::SavedTrace;

/// More machines do not share a run.
const MACHINES: usize = 10_000;

fn refuse<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::usage(message))
}

/// Puts the runs of all machines of one plan together, each with the name that messages call it by. Exchanges are
/// numbered anew.
///
/// # Errors
/// Runs of different plans, machines that are there twice, machines that are missing.
pub fn merge(mut runs: Vec<(String, RunReport)>) -> Result<RunReport, Error> {
    let Some((first_name, first)) = runs.first() else { return refuse("no runs to merge") };
    let of = match first.scope.shard {
        Some(shard) => shard.of,
        None => return refuse(format!("{first_name} was run without --shard")),
    };
    if !(1..=MACHINES).contains(&of) {
        return refuse(format!("{first_name} has an invalid number of shards: {of}"));
    }
    let mut known: HashMap<usize, &str> = HashMap::new();
    for (name, run) in &runs {
        let Some(shard) = run.scope.shard else {
            return refuse(format!("{name} was run without --shard"));
        };
        if let Some(what) = difference(first, run) {
            return refuse(format!("{first_name} and {name} belong to different runs: {what}"));
        }
        if let Some(before) = known.insert(shard.number, name) {
            return refuse(format!("{before} and {name} overlap: both are --shard {}/{of}", shard.number));
        }
    }
    let missing: Vec<String> =
        (1..=of).filter(|number| !known.contains_key(number)).map(|number| format!("{number}/{of}")).collect();
    if !missing.is_empty() {
        return refuse(format!("missing shards: --shard {}", missing.join(", ")));
    }
    runs.sort_by_key(|(_, run)| run.scope.shard.map(|shard| shard.number));
    let planned = first_planned(&runs);
    let (mut lists, mut parts) = (Vec::new(), Vec::new());
    let mut merged: Option<RunReport> = None;
    let mut offset: ExchangeId = 0;
    for (name, mut run) in runs {
        let Some(shard) = run.scope.shard else { continue };
        let expected = shard.share(planned);
        if run.cells.len() != expected {
            return refuse(format!("{name} has {} cells; expected {expected}", run.cells.len()));
        }
        let last = run.exchanges.last();
        parts.push(RunPart { offset, run: RunReport { trace: run.trace.clone(), ..run.frame() } });
        renumber(&mut run, |id| id.saturating_add(offset));
        offset = offset.saturating_add(last);
        lists.push((shard, std::mem::take(&mut run.cells)));
        merged = Some(match merged {
            None => run,
            Some(whole) => together(whole, run),
        });
    }
    let Some(mut merged) = merged else { return refuse("no runs to merge") };
    merged.cells = interleaved(lists, planned);
    merged.leftovers = merged.leftovers.map(|_| Leftovers::of(&merged.cells));
    merged.counts = Counts::of(&merged.cells);
    merged.grades = Grades::of(&merged.cells, &merged.findings, &merged.remarks);
    merged.scope = Scope { shard: None, ..merged.scope };
    if parts.len() > 1 {
        merged.parts = parts;
    }
    Ok(merged)
}

fn first_planned(runs: &[(String, RunReport)]) -> usize {
    runs.first().map_or(0, |(_, run)| run.scope.planned)
}

/// What makes two runs parts of different ones.
fn difference(one: &RunReport, other: &RunReport) -> Option<String> {
    let differs = |what: &str, one: &str, other: &str| (one != other).then(|| format!("{what} {one}, {what} {other}"));
    let shards = |run: &RunReport| run.scope.shard.map_or_else(String::new, |shard: Shard| shard.of.to_string());
    differs("oa-test", &one.tool.version, &other.tool.version)
        .or_else(|| differs("target", &one.target.dataset_site, &other.target.dataset_site))
        .or_else(|| differs("profile", one.profile.name(), other.profile.name()))
        .or_else(|| differs("mode", &one.mode, &other.mode))
        .or_else(|| differs("number of shards", &shards(one), &shards(other)))
        .or_else(|| differs("seed", &one.seed.to_string(), &other.seed.to_string()))
        .or_else(|| {
            (one.scope.plan != other.scope.plan).then(|| "their plans differ (configuration or selection)".into())
        })
}

fn together(mut whole: RunReport, run: RunReport) -> RunReport {
    whole.started = whole.started.min(run.started);
    whole.duration_ms = whole.duration_ms.max(run.duration_ms);
    whole.clock = None;
    whole.run_id = None;
    // Each machine has seen the target by itself: its trace is that of its part.
    whole.trace = SavedTrace::default();
    whole.insecure |= run.insecure;
    whole.interrupted |= run.interrupted;
    whole.ended_early = whole.ended_early.or(run.ended_early);
    whole.stopped = whole.stopped.or(run.stopped);
    for finding in run.findings {
        if !whole.findings.iter().any(|known| known.message == finding.message) {
            whole.findings.push(finding);
        }
    }
    for remark in run.remarks {
        if !whole.remarks.iter().any(|known| (&known.message, &known.path) == (&remark.message, &remark.path)) {
            whole.remarks.push(remark);
        }
    }
    for notice in run.notices {
        if !whole.notices.contains(&notice) {
            whole.notices.push(notice);
        }
    }
    whole.shortages.extend(run.shortages);
    whole.screenshots.extend(run.screenshots);
    whole.feeds.extend(run.feeds);
    whole.requests.booking += run.requests.booking;
    whole.requests.feeds += run.requests.feeds;
    whole.requests.test_interface += run.requests.test_interface;
    whole.requests.other += run.requests.other;
    run.exchanges.iter().for_each(|exchange| whole.exchanges.push(exchange));
    whole
}

/// Cells in the order of the plan, out of lists that each hold a machine's share.
fn interleaved(lists: Vec<(Shard, Vec<super::CellReport>)>, planned: usize) -> Vec<super::CellReport> {
    let mut lists: Vec<_> = lists.into_iter().map(|(shard, cells)| (shard, cells.into_iter())).collect();
    (0..planned)
        .filter_map(|place| lists.iter_mut().find(|(shard, _)| shard.has(place)).and_then(|(_, cells)| cells.next()))
        .collect()
}

/// The runs that were put together to one, each with what it is called; none where it was not.
#[must_use]
pub fn split(merged: &RunReport) -> Vec<(String, RunReport)> {
    let ends = merged.parts.iter().skip(1).map(|part| part.offset).chain([ExchangeId::MAX]);
    let of = |(part, end): (&RunPart, ExchangeId)| {
        let shard = part.run.scope.shard?;
        let mut run = part.run.clone();
        let own = merged.cells.iter().enumerate().filter(|(place, _)| shard.has(*place));
        run.cells = own.map(|(_, cell)| cell.clone()).collect();
        let ids: Vec<ExchangeId> = merged.exchanges.ids().filter(|id| *id > part.offset && *id <= end).collect();
        run.exchanges = merged.exchanges.some(&ids);
        let beyond = (run.findings.clone(), run.remarks.clone(), run.stopped.clone());
        renumber(&mut run, |id| id.saturating_sub(part.offset));
        // Those have their own numbers.
        (run.findings, run.remarks, run.stopped) = beyond;
        Some((format!("--shard {}/{}", shard.number, shard.of), run))
    };
    merged.parts.iter().zip(ends).filter_map(of).collect()
}

/// Changes the number of every exchange, and wherever one is referred to but in traces.
fn renumber(run: &mut RunReport, number: impl Fn(ExchangeId) -> ExchangeId) {
    let shift = |id: &mut ExchangeId| *id = number(*id);
    let mut exchanges = Exchanges::of(run.exchanges.texts().clone());
    for mut exchange in run.exchanges.iter() {
        shift(&mut exchange.id);
        exchange.retry_of.iter_mut().for_each(shift);
        exchanges.push(exchange);
    }
    run.exchanges = exchanges;
    run.findings.iter_mut().filter_map(|finding| finding.exchange.as_mut()).for_each(shift);
    run.stopped.iter_mut().filter_map(|stopped| stopped.exchange.as_mut()).for_each(shift);
    run.remarks.iter_mut().filter_map(|remark| remark.exchange.as_mut()).for_each(shift);
    run.cells.iter_mut().flat_map(|cell| cell.cleanup.iter_mut().chain(&mut cell.judged_until)).for_each(shift);
    for step in run.cells.iter_mut().flat_map(super::CellReport::all_steps_mut) {
        step.exchanges.iter_mut().chain(&mut step.watched_from).for_each(shift);
        step.remarks.iter_mut().filter_map(|remark| remark.exchange.as_mut()).for_each(shift);
        if step.checks.iter().any(|check| check.finding.is_some()) {
            let findings = step.checks.iter_mut().filter_map(|check| check.finding.as_mut());
            findings.filter_map(|finding| finding.exchange.as_mut()).for_each(shift);
        }
    }
}
