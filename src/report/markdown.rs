//! Markdown, for the summary of a CI job or a comment on a change: what failed and why, then the counts by feature.

use crate::results::{Finding, RunReport, Verdict, diagnose};

use super::escape::escape;
use super::findings::cause_line;
use super::headline::headline;

/// So many causes are shown in full; the rest is counted.
const LISTED: usize = 50;

/// So many cells of a cause are named.
const NAMED: usize = 3;

/// A text of the target that nothing of Markdown or HTML can be made of.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    for c in escape(text).chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' | '@' => {
                shown.push('\\');
                shown.push(c);
            }
            c => shown.push(c),
        }
    }
    shown
}

/// A text as code.
fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// The report as Markdown.
#[must_use]
pub fn to_markdown(report: &RunReport) -> String {
    let counts = report.counts;
    let mut text = format!("## oa-test: {}\n\n", headline(report));
    text.push_str(
        "| passed | failed | known | flaky | blocked | skipped |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    text.push_str(&format!(
        "| {} | {} | {} | {} | {} | {} |\n\n",
        counts.passed, counts.failed, counts.known, counts.flaky, counts.blocked, counts.skipped
    ));
    text.push_str(&format!(
        "{}, {} mode, {} profile, seed {}, {}.{:02} s, oa-test {}\n",
        plain(&report.target.dataset_site),
        report.mode,
        report.profile,
        report.seed,
        report.duration_ms / 1000,
        report.duration_ms % 1000 / 10,
        report.tool.version
    ));
    if let Some(leftovers) = &report.leftovers {
        text.push_str(&format!("\nRemaining on the target: {}.\n", leftovers.words()));
    }
    if let Some(reason) = &report.ended_early {
        text.push_str(&format!("\n**The run ended early: {}.**\n", plain(reason)));
    }
    failures(report, &mut text);
    others(report, &mut text);
    features(report, &mut text);
    text
}

fn failures(report: &RunReport, text: &mut String) {
    let causes = diagnose(report);
    if causes.is_empty() {
        return;
    }
    text.push_str("\n### Causes\n\n");
    for cause in causes.iter().take(LISTED) {
        let word = cause.verdict.word();
        text.push_str(&format!("<details><summary>{word}: {}</summary>\n\n", html(&cause_line(cause))));
        if let Some(example) = cause.example {
            text.push_str(&format!("- {}: {}\n", plain(&example.step.title), plain(&example.finding.message)));
            text.push_str(&format!("  - check: {}\n", plain(&example.check.name)));
        }
        let details = cause.shown().into_iter().flat_map(Finding::details);
        for (label, said) in details {
            let said = if label == "spec" { link(&said) } else { code(&said) };
            text.push_str(&format!("  - {label}: {said}\n"));
        }
        if let (None, Some(hint)) = (cause.shown(), cause.hint) {
            text.push_str(&format!("- hint: {}\n", plain(hint)));
        }
        for consequence in &cause.consequences {
            text.push_str(&format!("- implies: {} ({} cells)\n", plain(&consequence.message), consequence.cells));
        }
        let ids: Vec<&str> =
            cause.cells.iter().filter_map(|number| report.cells.get(*number)).map(|cell| cell.id.as_str()).collect();
        for id in ids.iter().take(NAMED) {
            text.push_str(&format!("- cell: {}\n", code(id)));
        }
        if ids.len() > NAMED {
            text.push_str(&format!("- and {} more cells\n", ids.len() - NAMED));
        }
        if let Some(example) = cause.example {
            text.push_str(&format!("\nRerun: {}\n", code(&example.cell.rerun)));
        }
        text.push_str("\n</details>\n");
    }
    if causes.len() > LISTED {
        text.push_str(&format!("\nand {} more causes\n", causes.len() - LISTED));
    }
}

/// A link to a section of a specification, where it is one.
fn link(url: &str) -> String {
    let plain_url = |c: char| c.is_ascii_alphanumeric() || "-._~:/#".contains(c);
    if url.starts_with("https://") && url.chars().all(plain_url) { format!("<{url}>") } else { plain(url) }
}

/// A text within HTML.
fn html(text: &str) -> String {
    let mut shown = String::new();
    for c in escape(text).chars() {
        match c {
            // Whether Markdown is read within HTML depends on who reads it.
            '&' | '<' | '>' | '"' | '\'' | '@' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '\\' => {
                shown.push_str(&format!("&#{};", u32::from(c)));
            }
            c => shown.push(c),
        }
    }
    shown
}

fn others(report: &RunReport, text: &mut String) {
    let known: Vec<String> = report
        .cells
        .iter()
        .filter_map(|cell| {
            let known = cell.known.as_ref()?;
            Some(format!("- {}: {} (until {})\n", code(&cell.id), plain(&known.reason), known.expires))
        })
        .collect();
    let flaky: Vec<String> = report
        .cells
        .iter()
        .filter(|cell| cell.flaky)
        .map(|cell| {
            let verdicts: Vec<&str> =
                cell.tries.iter().map(|before| before.verdict.word()).chain([cell.verdict.word()]).collect();
            format!("- {}: {}\n", code(&cell.id), verdicts.join(", then "))
        })
        .collect();
    let missing = report.shortages.iter().map(|shortage| {
        format!(
            "- {} for {} in {}: {} needed, {} found\n",
            shortage.opportunity_type, shortage.criteria, shortage.flow, shortage.needed, shortage.found
        )
    });
    let notices = report.notices.iter().map(|notice| format!("- {}\n", plain(notice)));
    for (title, lines) in [
        ("Known failures", known),
        ("Flaky", flaky),
        ("Missing opportunities", missing.collect()),
        ("Notes", notices.collect::<Vec<_>>()),
    ] {
        if !lines.is_empty() {
            text.push_str(&format!("\n### {title}\n\n{}", lines.concat()));
        }
    }
    let words = report.grades.words();
    if !words.is_empty() {
        text.push_str(&format!(
            "\nBy how much it matters: {words}. What is no MUST decides nothing; the report has it.\n"
        ));
    }
}

/// A row for each feature.
fn features(report: &RunReport, text: &mut String) {
    let mut rows: Vec<(&str, [usize; 5])> = Vec::new();
    for cell in &report.cells {
        if rows.last().is_none_or(|(feature, _)| *feature != cell.feature) {
            rows.push((&cell.feature, [0; 5]));
        }
        let column = match (cell.verdict, &cell.known) {
            (Verdict::Passed, _) => 0,
            (Verdict::Failed, None) => 1,
            (Verdict::Failed, Some(_)) => 2,
            (Verdict::Blocked, _) => 3,
            (Verdict::Skipped, _) => 4,
        };
        if let Some(count) = rows.last_mut().and_then(|(_, counts)| counts.get_mut(column)) {
            *count += 1;
        }
    }
    if rows.is_empty() {
        return;
    }
    text.push_str("\n<details><summary>Every feature</summary>\n\n");
    text.push_str(
        "| feature | passed | failed | known | blocked | skipped |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (feature, [passed, failed, known, blocked, skipped]) in rows {
        text.push_str(&format!("| {} | {passed} | {failed} | {known} | {blocked} | {skipped} |\n", plain(feature)));
    }
    text.push_str("\n</details>\n");
}
