//! The report for a person at a terminal.

use std::path::Path;

use crate::error::Exit;
use crate::results::{RunReport, Verdict, diagnose};

use super::choices;
use super::escape::escape;
use super::findings::{cause_line, diagnosis};
use super::paint::Paint;
use super::remarks::{count_remarks, remarks};
use super::table::table;
use super::wrap::wrap;

/// Options of the text report.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions<'a> {
    /// `true` shows each cause in full with all of its cells, the table of cells, and the skipped tests.
    pub every_finding: bool,
    /// `true` lists warnings and suggestions.
    pub warnings: bool,
    /// Where the run is saved, for commands that read it.
    pub saved: Option<&'a Path>,
    /// Width of the terminal, in which blocks are kept. `None` leaves the lines of commands and messages as they are.
    pub columns: Option<usize>,
}

/// The report as text: what is asked for by options first, then the diagnosis, and the summary as the last line.
#[must_use]
pub fn to_text(report: &RunReport, paint: Paint, options: TextOptions<'_>) -> String {
    let causes = diagnose(report);
    let mut text = String::new();
    if options.warnings {
        text.push_str(&remarks(report, paint));
        text.push_str(&choices::text(report, paint));
    }
    if options.every_finding {
        if !report.cells.is_empty() {
            text.push_str(&format!("\n{}\n", table(report, paint)));
        }
        text.push_str(&skipped_tests(report));
        text.push_str(&nothing_to_judge(report));
    }
    text.push_str(&shortages(report, paint));
    let apart = |notice: &&String| !causes.iter().any(|cause| cause.message == notice.as_str());
    for notice in report.notices.iter().filter(apart) {
        let notice = format!("NOTE {}", escape(notice));
        let notice = options.columns.map_or_else(|| notice.clone(), |columns| wrap(&notice, columns, 0));
        let notice = notice.replacen("NOTE", &paint.verdict(Verdict::Blocked, "NOTE"), 1);
        text.push_str(&format!("\n{notice}\n"));
    }
    text.push_str(&diagnosis(report, &causes, paint, options));
    text.push_str(&besides(report, paint, options));
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary_line(report, paint, options.columns));
    text
}

/// The summary alone, after a line for each cause.
#[must_use]
pub fn to_brief(report: &RunReport, paint: Paint) -> String {
    let mut text = String::new();
    for cause in diagnose(report) {
        let label = paint.verdict(cause.verdict, &cause.verdict.word().to_uppercase());
        text.push_str(&format!("{label} {}\n", cause_line(&cause)));
    }
    text.extend(remaining(report).map(|line| format!("{line}\n")));
    text.push_str(&last_line(report, paint));
    text
}

/// What is there besides the diagnosis, a line each.
fn besides(report: &RunReport, paint: Paint, options: TextOptions<'_>) -> String {
    let mut lines = Vec::new();
    lines.extend(remaining(report));
    if !options.warnings {
        lines.extend(count_remarks(report).map(|line| paint.dim(&line)));
    }
    if !options.every_finding && !report.skipped.is_empty() {
        let mut features: Vec<&str> = report.skipped.iter().map(|skipped| skipped.feature.as_str()).collect();
        features.dedup();
        let (tests, of) = (counted(report.skipped.len(), "test"), counted(features.len(), "feature"));
        lines.push(paint.dim(&format!("skipped: {tests} of {of}; --verbose lists them")));
    }
    if let (Some(saved), false) = (options.saved, diagnose(report).is_empty()) {
        let command = format!("oa-test report bundle NUMBER {}", saved.display());
        lines.push(paint.dim(&format!("to share a cause: {command}")));
    }
    if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join("\n")) }
}

/// In random mode: what the run left on the target.
fn remaining(report: &RunReport) -> Option<String> {
    let leftovers = report.leftovers.as_ref()?;
    Some(format!("remaining on {}: {}", escape(&report.target.dataset_site), leftovers.words()))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Tests without a cell, by feature and reason.
fn skipped_tests(report: &RunReport) -> String {
    let mut features: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for skipped in &report.skipped {
        let same = |(feature, reason, _): &&mut (&str, &str, Vec<&str>)| {
            *feature == skipped.feature && *reason == skipped.reason
        };
        match features.iter_mut().find(same) {
            Some((_, _, tests)) => tests.push(&skipped.test),
            None => features.push((&skipped.feature, &skipped.reason, vec![&skipped.test])),
        }
    }
    if features.is_empty() {
        return String::new();
    }
    let mut text = "\nskipped tests:\n".to_owned();
    for (feature, reason, tests) in features {
        let (count, names) = (counted(tests.len(), "test"), tests.join(", "));
        text.push_str(&format!("  {feature} ({count}): {}\n    {names}\n", escape(reason)));
    }
    text
}

fn shortages(report: &RunReport, paint: Paint) -> String {
    let mut text = String::new();
    for shortage in &report.shortages {
        text.push_str(&format!(
            "\n{} {} {} for {} in {}: {} needed, {} found among {} of {}\n",
            paint.verdict(Verdict::Blocked, "MISSING"),
            shortage.needed.saturating_sub(shortage.found).max(1),
            shortage.opportunity_type,
            shortage.criteria,
            shortage.flow,
            shortage.needed,
            shortage.found,
            shortage.candidates,
            escape(&shortage.seller)
        ));
        for refusal in &shortage.refusals {
            text.push_str(&format!("    {:>6} mismatch: {}\n", refusal.count, escape(&refusal.reason)));
        }
    }
    text
}

/// Cells of which the target has nothing, by their reasons.
fn nothing_to_judge(report: &RunReport) -> String {
    let mut reasons: Vec<(&str, &str, usize)> = Vec::new();
    for cell in report.cells.iter().filter(|cell| cell.verdict == Verdict::Skipped) {
        let reason = cell.reason.as_deref().unwrap_or_default();
        match reasons.iter_mut().find(|(test, known, _)| *test == cell.test && *known == reason) {
            Some((_, _, count)) => *count += 1,
            None => reasons.push((&cell.test, reason, 1)),
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    let mut text = "\nskipped cells:\n".to_owned();
    for (test, reason, count) in reasons {
        let times = if count > 1 { format!(" ({count} cells)") } else { String::new() };
        text.push_str(&format!("  {}: {}{times}\n", escape(test), escape(reason)));
    }
    text
}

/// The last line: everything that decides the exit code. Nothing is green unless that is 0.
#[must_use]
pub fn last_line(report: &RunReport, paint: Paint) -> String {
    summary_line(report, paint, None)
}

/// The last line; where it does not fit into the columns of the terminal, the seed is all that it has of the run.
fn summary_line(report: &RunReport, paint: Paint, columns: Option<usize>) -> String {
    let counts = report.counts;
    let mut parts = Vec::new();
    let passed = format!("{} {}", counts.passed, Verdict::Passed.word());
    parts.push(if report.exit() == Exit::Success { paint.verdict(Verdict::Passed, &passed) } else { passed });
    for (count, verdict) in [(counts.failed, Verdict::Failed), (counts.blocked, Verdict::Blocked)] {
        if count > 0 {
            parts.push(paint.verdict(verdict, &format!("{count} {}", verdict.word())));
        }
    }
    for (count, word) in [(report.counts.known, "known"), (report.counts.flaky, "flaky")] {
        if count > 0 {
            parts.push(paint.verdict(Verdict::Blocked, &format!("{count} {word}")));
        }
    }
    if counts.skipped > 0 {
        parts.push(paint.verdict(Verdict::Skipped, &format!("{} skipped", counts.skipped)));
    }
    parts.extend(report.causes().iter().map(|cause| paint.verdict(Verdict::Failed, cause)));
    let seconds = report.duration_ms / 1000;
    let tenths = report.duration_ms % 1000 / 10;
    let interrupted = match (&report.ended_early, report.interrupted) {
        (_, true) => ", interrupted".to_owned(),
        _ if report.stopped.is_some() => ", stopped early".to_owned(),
        (Some(reason), false) => format!(", ended early: {reason}"),
        (None, false) => String::new(),
    };
    let outcome = format!("{} in {seconds}.{tenths:02} s{interrupted}", parts.join(", "));
    let about = format!("{}, {} mode, {} profile", escape(&report.target.dataset_site), report.mode, report.profile);
    // Nothing in a recording was chosen by a seed.
    let (about, seed) = if report.mode == "recorded" {
        (about, String::new())
    } else {
        let seed = format!("seed {}", report.seed);
        (format!("{about}, {seed}"), seed)
    };
    let width = console::measure_text_width(&outcome) + 2 + console::measure_text_width(&about);
    let about = if columns.is_some_and(|columns| width > columns) { seed } else { about };
    format!("{outcome}  {}\n", paint.dim(&about))
}
