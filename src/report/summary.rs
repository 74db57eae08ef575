//! The report for a person at a terminal.

use crate::error::Exit;
use crate::results::{Finding, RunReport, Verdict};

use super::choices;
use super::escape::escape;
use super::findings::findings;
use super::paint::Paint;
use super::remarks::remarks;
use super::table::table;

/// Options of the text report.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextOptions {
    /// `true` lists every finding of every cell, ungrouped.
    pub every_finding: bool,
    /// `true` lists warnings and suggestions.
    pub warnings: bool,
    /// Width of the terminal, at which findings are wrapped. `None` leaves lines as they are.
    pub columns: Option<usize>,
}

/// The report as text.
#[must_use]
pub fn to_text(report: &RunReport, paint: Paint, options: TextOptions) -> String {
    let mut text = String::new();
    text.push_str(&findings(report, paint, options));
    text.push_str(&about_target(report, paint));
    text.push_str(&shortages(report, paint));
    for notice in &report.notices {
        text.push_str(&format!("\n{} {}\n", paint.verdict(Verdict::Blocked, "NOTE"), escape(notice)));
    }
    text.push_str(&remarks(report, paint, options.warnings));
    if options.warnings {
        text.push_str(&choices::text(report, paint));
    }
    if !report.cells.is_empty() {
        text.push('\n');
        text.push_str(&table(report, paint));
        text.push('\n');
    }
    if !report.skipped.is_empty() {
        text.push_str("\nskipped tests:\n");
        for skipped in &report.skipped {
            text.push_str(&format!("  {}: {}\n", skipped.test, escape(&skipped.reason)));
        }
    }
    text.push_str(&nothing_to_judge(report));
    if let Some(leftovers) = &report.leftovers {
        text.push_str(&format!("\nremaining on {}: {}\n", escape(&report.target.dataset_site), leftovers.words()));
    }
    text.push('\n');
    text.push_str(&last_line(report, paint));
    text
}

/// What is wrong with the target beyond any cell.
fn about_target(report: &RunReport, paint: Paint) -> String {
    let line = |finding: &Finding| {
        let mut lines =
            vec![String::new(), format!("{} {}", paint.verdict(Verdict::Failed, "TARGET"), escape(&finding.message))];
        for (label, text) in finding.details() {
            lines.push(format!("    {} {}", paint.dim(&format!("{label:<9}")), escape(&text)));
        }
        if let Some(exchange) = finding.exchange.and_then(|id| report.exchange(id)) {
            let exchange = format!("#{} {} {}", exchange.id, exchange.method, escape(&exchange.url));
            lines.push(format!("    {} {exchange}", paint.dim(&format!("{:<9}", "exchange"))));
        }
        lines.push(String::new());
        lines.join("\n")
    };
    report.findings.iter().map(line).collect()
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
        (Some(reason), false) => format!(", ended early: {reason}"),
        (None, false) => String::new(),
    };
    format!(
        "{} in {seconds}.{tenths:02} s{interrupted}  {}\n",
        parts.join(", "),
        paint.dim(&format!(
            "{}, {} mode, {} profile, seed {}",
            escape(&report.target.dataset_site),
            report.mode,
            report.profile,
            report.seed
        ))
    )
}
