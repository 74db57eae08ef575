//! Findings for people. The same finding in several cells is told once, with the cells that it stands for.

use std::collections::{BTreeSet, HashMap};

use crate::results::{Cause, CellReport, CheckReport, Finding, KnownFailure, RunReport, StepReport, Verdict};
use crate::vocabulary::Stage;

use super::curl::curl;
use super::escape::escape;
use super::paint::Paint;
use super::summary::TextOptions;
use super::wrap::wrap;

/// The longest curl line that is shown in full; the run report has the rest.
const LONGEST_CURL: usize = 500;

/// Labels of lines with commands and URLs to copy, which are never wrapped.
const UNWRAPPED: &[&str] = &["exchange", "repeat", "rerun", "spec"];

/// Other cells with the same finding that are named.
const OTHERS_NAMED: usize = 3;

/// One finding and where it was made.
pub(super) struct LocatedFinding<'r> {
    pub(super) cell: &'r CellReport,
    pub(super) step: &'r StepReport,
    pub(super) check: &'r CheckReport,
    pub(super) finding: &'r Finding,
}

/// The kind of a value in a finding: nothing, a number, a status, a URL, a text.
fn kind(value: Option<&str>) -> &'static str {
    let Some(value) = value else { return "" };
    let text = value.trim_matches('"');
    match text {
        "nothing" | "none" | "null" => "nothing",
        _ if text.starts_with("HTTP ") => "status",
        _ if text.contains("://") => "url",
        _ if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => "number",
        _ => "text",
    }
}

/// All findings of cells, failures first.
pub(super) fn findings(report: &RunReport, paint: Paint, options: TextOptions) -> String {
    let mut text = String::new();
    for verdict in [Verdict::Failed, Verdict::Blocked] {
        for group in grouped(report, verdict, options.every_finding) {
            text.push_str(&block(report, verdict, &group, paint, options.columns));
        }
        text.push_str(&without_findings(report, verdict, paint));
    }
    text.push_str(&known(report, paint));
    text.push_str(&flaky(report, paint));
    text
}

/// The findings of cells with a verdict, those with the same cause together, whatever their stage, unless each is to be told
/// by itself. Where expected or found are of another kind, it is another one.
pub(super) fn grouped(report: &RunReport, verdict: Verdict, every: bool) -> Vec<Vec<LocatedFinding<'_>>> {
    let mut groups: Vec<Vec<LocatedFinding<'_>>> = Vec::new();
    let mut places: HashMap<(Option<Cause<'_>>, &str, &str), usize> = HashMap::new();
    for cell in report.cells.iter().filter(|cell| cell.verdict == verdict && cell.known.is_none()) {
        for (step, check, finding) in cell.findings() {
            let told = LocatedFinding { cell, step, check, finding };
            let key = (check.cause(), kind(finding.expected.as_deref()), kind(finding.found.as_deref()));
            let place = places.get(&key).copied().filter(|_| !every);
            match place.and_then(|place| groups.get_mut(place)) {
                Some(group) => group.push(told),
                None => {
                    places.insert(key, groups.len());
                    groups.push(vec![told]);
                }
            }
        }
    }
    groups
}

/// The stages at which the findings of a group were made, in their order.
pub(super) fn stages(group: &[LocatedFinding<'_>]) -> Vec<&'static str> {
    let stages: BTreeSet<Stage> = group.iter().map(|told| told.check.stage).collect();
    stages.into_iter().map(Stage::name).collect()
}

/// Failures that were expected, by the reason.
fn known(report: &RunReport, paint: Paint) -> String {
    let mut reasons: Vec<(&KnownFailure, Vec<&str>)> = Vec::new();
    for cell in &report.cells {
        let Some(known) = &cell.known else { continue };
        match reasons.iter_mut().find(|(reason, _)| *reason == known) {
            Some((_, cells)) => cells.push(&cell.id),
            None => reasons.push((known, vec![&cell.id])),
        }
    }
    let line = |(known, cells): (&KnownFailure, Vec<&str>)| {
        let first = cells.first().copied().unwrap_or_default();
        let more = if cells.len() > 1 { format!(" and {} more cells", cells.len() - 1) } else { String::new() };
        let label = paint.verdict(Verdict::Blocked, "KNOWN");
        format!("\n{label} {first}{more}: {} (until {})\n", escape(&known.reason), known.expires)
    };
    reasons.into_iter().map(line).collect()
}

/// Cells whose tries came to different verdicts.
fn flaky(report: &RunReport, paint: Paint) -> String {
    let line = |cell: &CellReport| {
        let verdicts: Vec<&str> =
            cell.tries.iter().map(|before| before.verdict.word()).chain([cell.verdict.word()]).collect();
        let reason = cell.tries.iter().find_map(|before| before.reason.as_deref()).unwrap_or_default();
        let label = paint.verdict(Verdict::Blocked, "FLAKY");
        format!("\n{label} {} ({})\n  {}\n", cell.id, verdicts.join(", then "), escape(reason))
    };
    report.cells.iter().filter(|cell| cell.flaky).map(line).collect()
}

fn block(
    report: &RunReport,
    verdict: Verdict,
    group: &[LocatedFinding<'_>],
    paint: Paint,
    columns: Option<usize>,
) -> String {
    let folded = |text: &str, indent: usize| match columns {
        Some(columns) => wrap(text, columns, indent),
        None => text.to_owned(),
    };
    let Some(first) = group.first() else { return String::new() };
    let finding = first.finding;
    let mut lines = vec![
        String::new(),
        format!("{} {}", paint.verdict(verdict, &verdict.word().to_uppercase()), paint.bold(&first.cell.id)),
        format!("  {}", folded(&format!("{}: {}", escape(&first.step.title), escape(&finding.message)), 2)),
    ];
    let mut detail = |label: &str, text: &str| {
        let text = if UNWRAPPED.contains(&label) { text.to_owned() } else { folded(text, 14) };
        lines.push(format!("    {} {text}", paint.dim(&format!("{label:<9}"))));
    };
    let only = first.check.profile.map_or_else(String::new, |profile| format!(" ({profile} profile)"));
    let id = first.check.check.as_ref().map_or_else(String::new, |id| format!("{id}: "));
    detail("check", &format!("{id}{}{only}", escape(&first.check.name)));
    let stages = stages(group);
    if stages.len() > 1 {
        detail("stages", &stages.join(", "));
    }
    for (label, text) in finding.details() {
        detail(label, &escape(&text));
    }
    let exchange = finding.exchange.and_then(|id| report.exchange(id));
    if let Some(exchange) = exchange {
        let outcome = match (&exchange.answer, &exchange.failure) {
            (Some(answer), _) => format!("HTTP {} in {} ms", answer.status, exchange.duration_ms),
            (None, Some(failure)) => escape(&failure.message),
            (None, None) => "no response".to_owned(),
        };
        detail("exchange", &format!("#{} {} {} → {outcome}", exchange.id, exchange.method, escape(&exchange.url)));
    }
    if let Some(exchange) = exchange {
        let line = curl(exchange);
        if line.chars().count() <= LONGEST_CURL {
            detail("repeat", &line);
        } else {
            detail("repeat", &format!("oa-test report exchange {} run.json.gz", exchange.id));
        }
    }
    detail("rerun", &first.cell.rerun);
    let mut others: Vec<&str> = Vec::new();
    for told in group {
        if told.cell.id != first.cell.id && !others.contains(&told.cell.id.as_str()) {
            others.push(&told.cell.id);
        }
    }
    for (index, id) in others.iter().take(OTHERS_NAMED).enumerate() {
        detail(if index == 0 { "also in" } else { "" }, id);
    }
    if others.len() > OTHERS_NAMED {
        detail("", &format!("and {} more cells (--verbose lists all)", others.len() - OTHERS_NAMED));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Cells that ended without any finding: they never began.
fn without_findings(report: &RunReport, verdict: Verdict, paint: Paint) -> String {
    let silent: Vec<&CellReport> =
        report.cells.iter().filter(|cell| cell.verdict == verdict && cell.findings().next().is_none()).collect();
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for cell in silent {
        let reason = cell.reason.as_deref().unwrap_or("unknown reason");
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    let line = |(reason, count): (&str, usize)| {
        let cells = if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        format!("\n{} {cells}: {}\n", paint.verdict(verdict, &verdict.word().to_uppercase()), escape(reason))
    };
    reasons.into_iter().map(line).collect()
}
