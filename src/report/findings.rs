//! The diagnosis for people: a block for each cause.

use crate::results::{
    CauseGroup, CellReport, Cited, Exchange, Finding, KnownFailure, RunReport, Verdict, stage_label, titled,
};
use crate::vocabulary::Stage;

use super::curl::curl;
use super::escape::escape;
use super::paint::Paint;
use super::summary::TextOptions;
use super::wrap::{cut, wrap};

/// The longest curl line that is shown in full; the run report has the rest.
const LONGEST_CURL: usize = 500;

/// Labels of lines with commands and URLs to copy, which are never wrapped.
const UNWRAPPED: &[&str] = &["exchange", "repeat", "rerun", "spec"];

/// Lines of a block.
const LINES: usize = 10;

/// Columns of a value of a block where the output is no terminal.
const COLUMNS: usize = 160;

/// The column at which the values of a block start.
const INDENT: usize = 14;

/// Consequences that a block names.
const NAMED: usize = 2;

/// The diagnosis: a block for each cause, root causes first.
pub(super) fn diagnosis(
    report: &RunReport,
    causes: &[CauseGroup<'_>],
    paint: Paint,
    options: TextOptions<'_>,
) -> String {
    let mut text = known(report, paint);
    text.push_str(&flaky(report, paint));
    for cause in causes {
        text.push('\n');
        let block = if options.every_finding {
            full_block(report, cause, paint, options)
        } else {
            block(report, cause, paint, options.columns)
        };
        text.push_str(&block);
    }
    text
}

/// A cause in one line: what is wrong, and in how many cells.
#[must_use]
pub fn cause_line(cause: &CauseGroup<'_>) -> String {
    let late = cause.variants.iter().any(|variant| cause.message.ends_with(variant));
    let message = match cause.message.split_once(" after ") {
        Some((message, _)) if late => message,
        _ => cause.message,
    };
    let place = match (cause.example, cause.stages.as_slice()) {
        (Some(example), [] | [_]) => example.step.title.clone(),
        (Some(_), stages) => labels(stages),
        (None, _) => String::new(),
    };
    let line = if place.is_empty() { message.to_owned() } else { titled(&place, message) };
    let extent = cause.extent();
    let extent = if extent.is_empty() { String::new() } else { format!(" ({extent})") };
    format!("{}{extent}", escape(&line))
}

/// Stages by their names.
fn labels(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage_label(*stage)).collect::<Vec<_>>().join(", ")
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

/// The label of a block, and its first line in the columns of the terminal.
fn head(cause: &CauseGroup<'_>, paint: Paint, columns: Option<usize>) -> String {
    let word = cause.verdict.word().to_uppercase();
    let line = cause_line(cause);
    let indent = word.len() + 1;
    let line = match columns {
        Some(columns) => {
            let wrapped = wrap(&line, columns, indent);
            let mut lines = wrapped.lines();
            let kept: Vec<&str> = lines.by_ref().take(2).collect();
            if lines.next().is_some() {
                // What is wrong and the number of cells, without what is between.
                let extent = cause.extent();
                let room = (2 * columns.saturating_sub(indent)).saturating_sub(extent.chars().count() + 8);
                wrap(&format!("{} ({extent})", cut(&line, room)), columns, indent)
            } else {
                kept.join("\n")
            }
        }
        None => line,
    };
    format!("{} {}", paint.verdict(cause.verdict, &word), paint.bold(&line))
}

/// Stages and property: `C1, C2: totalPaymentDue.price`.
fn place(cause: &CauseGroup<'_>) -> Option<String> {
    let path = cause.shown().and_then(|finding| finding.path.as_deref());
    let path = path.map(|path| [&[path], cause.siblings.as_slice()].concat().join(", "));
    match (cause.stages.as_slice(), path.as_deref()) {
        ([] | [_], None) => None,
        ([], Some(path)) => Some(escape(path)),
        (stages, Some(path)) => Some(format!("{}: {}", labels(stages), escape(path))),
        (stages, None) => Some(labels(stages)),
    }
}

/// The requirements in one line: the first in full, the others by their identifiers.
fn requirements(cited: &[&Cited]) -> Option<String> {
    let (first, others) = cited.split_first()?;
    let more = match others {
        [] => String::new(),
        [one] => format!(" (+ {})", one.id),
        [one, ..] => format!(" (+ {} and {} more)", one.id, others.len() - 1),
    };
    Some(format!("{first}{more}"))
}

/// An exchange in one line, its URL below that of the Open Booking API. Where there are so many columns alone, the URL is cut.
fn exchange_line(report: &RunReport, exchange: &Exchange, columns: Option<usize>) -> String {
    let outcome = match (&exchange.answer, &exchange.failure) {
        (Some(answer), _) => format!("HTTP {} in {} ms", answer.status, exchange.duration_ms),
        (None, Some(failure)) => escape(&failure.message),
        (None, None) => "no response".to_owned(),
    };
    let base = report.target.booking_api.as_deref().unwrap_or_default().trim_end_matches('/');
    let path = exchange.url.strip_prefix(base).filter(|path| !base.is_empty() && path.starts_with('/'));
    let path = escape(path.unwrap_or(&exchange.url));
    let head = format!("#{} {}", exchange.id, exchange.method);
    let room = columns.map(|columns| columns.saturating_sub(head.chars().count() + outcome.chars().count() + 4));
    let path = room.map_or_else(|| path.clone(), |room| cut(&path, room.max(20)));
    format!("{head} {path} → {outcome}")
}

/// What follows from a cause, in one line.
fn consequences(cause: &CauseGroup<'_>) -> Option<String> {
    let all = &cause.consequences;
    let one = |consequence: &crate::results::Consequence| {
        let times = match consequence.cells {
            0 => String::new(),
            1 => " (1 cell)".to_owned(),
            cells => format!(" ({cells} cells)"),
        };
        format!("{}{times}", escape(&consequence.message))
    };
    let mut parts: Vec<String> = all.iter().take(NAMED).map(one).collect();
    if all.len() > NAMED {
        parts.push(format!("{} more (--verbose)", all.len() - NAMED));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether its variants are what came before an update that is missing.
fn late(cause: &CauseGroup<'_>) -> bool {
    cause.shown().is_some_and(|finding| finding.defect == "late")
}

/// What came before the same defect in different cells, or the errors that were expected.
fn variants(cause: &CauseGroup<'_>) -> Option<String> {
    (!cause.variants.is_empty()).then(|| escape(&cause.variants.join(", ")))
}

/// A block of at most ten lines.
fn block(report: &RunReport, cause: &CauseGroup<'_>, paint: Paint, columns: Option<usize>) -> String {
    let width = columns.unwrap_or(COLUMNS).saturating_sub(INDENT);
    let head = head(cause, paint, columns);
    let finding = cause.shown();
    let cited = cause.violates();
    let of = |text: &Option<String>| text.as_deref().map(escape);
    let exchange = cause.exchange.and_then(|id| report.exchange(id));
    let mut details: Vec<(&str, String)> = Vec::new();
    let mut add = |label: &'static str, text: Option<String>| details.extend(text.map(|text| (label, text)));
    add("at", place(cause));
    add(if late(cause) { "after" } else { "errors" }, variants(cause));
    add("expected", finding.and_then(|finding| of(&finding.expected)));
    add("found", finding.and_then(|finding| of(&finding.found)));
    add("violates", requirements(&cited).map(|text| escape(&text)));
    add("hint", finding.map_or_else(|| cause.hint.map(escape), |finding| of(&finding.hint)));
    add("exchange", exchange.map(|exchange| exchange_line(report, &exchange, columns.map(|_| width))));
    add("rerun", cause.example.map(|example| example.cell.rerun.clone()));
    add("implies", consequences(cause));
    let lines = head.lines().count();
    if lines + details.len() > LINES {
        details.retain(|(label, _)| *label != "hint");
    }
    let mut text = format!("{head}\n");
    for (label, value) in details {
        let value = if UNWRAPPED.contains(&label) { value } else { cut(&value, width) };
        text.push_str(&format!("    {} {value}\n", paint.dim(&format!("{label:<9}"))));
    }
    text
}

/// A block with everything, and every cell.
pub(super) fn full_block(report: &RunReport, cause: &CauseGroup<'_>, paint: Paint, options: TextOptions<'_>) -> String {
    let columns = options.columns;
    let mut text = format!("{}\n", head(cause, paint, None));
    let mut detail = |label: &str, value: &str| {
        let value = match columns {
            Some(columns) if !UNWRAPPED.contains(&label) => wrap(value, columns, INDENT),
            _ => value.to_owned(),
        };
        text.push_str(&format!("    {} {value}\n", paint.dim(&format!("{label:<9}"))));
    };
    if let Some(example) = cause.example {
        let only = example.check.profile.map_or_else(String::new, |profile| format!(" ({profile} profile)"));
        let id = example.check.check.as_ref().map_or_else(String::new, |id| format!("{id}: "));
        detail("check", &format!("{id}{}{only}", escape(&example.check.name)));
    }
    if cause.stages.len() > 1 {
        detail("stages", &labels(&cause.stages));
    }
    if let Some(variants) = variants(cause) {
        detail(if late(cause) { "after" } else { "errors" }, &variants);
    }
    let details = cause.shown().into_iter().flat_map(Finding::details);
    for (label, value) in details.filter(|(label, _)| !matches!(*label, "violates" | "also")) {
        detail(label, &escape(&value));
    }
    for cited in cause.violates() {
        detail("violates", &escape(&cited.to_string()));
    }
    if let Some(hint) = cause.hint.filter(|_| cause.shown().is_none()) {
        detail("hint", &escape(hint));
    }
    if let Some(exchange) = cause.exchange.and_then(|id| report.exchange(id)) {
        detail("exchange", &exchange_line(report, &exchange, None));
        let line = curl(&exchange);
        if line.chars().count() <= LONGEST_CURL {
            detail("repeat", &line);
        } else {
            let saved = options.saved.map_or_else(|| "run.json.gz".to_owned(), |saved| saved.display().to_string());
            detail("repeat", &format!("oa-test report exchange {} {saved}", exchange.id));
        }
    }
    if let Some(example) = cause.example {
        detail("rerun", &example.cell.rerun);
    }
    for consequence in &cause.consequences {
        detail("implies", &format!("{} ({} cells)", escape(&consequence.message), consequence.cells));
    }
    for beyond in cause.beyond.iter().skip(1) {
        detail("also", &escape(&beyond.message));
    }
    for (index, cell) in cause.cells.iter().filter_map(|number| report.cells.get(*number)).enumerate() {
        detail(if index == 0 { "cells" } else { "" }, &format!("{:<7} {}", cell.verdict.word(), cell.id));
    }
    text
}
