//! Markdown, for the summary of a CI job or a comment on a change: what failed and why, then the counts by feature.

use crate::results::{CellReport, RunReport, Verdict};

use super::escape::escape;
use super::headline::headline;

/// So many failures are told in full; the rest is counted.
const TOLD: usize = 50;

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
    for finding in &report.findings {
        text.push_str(&format!("\n- **Target**: {}\n", plain(&finding.message)));
    }
    failures(report, &mut text);
    others(report, &mut text);
    features(report, &mut text);
    text
}

fn failures(report: &RunReport, text: &mut String) {
    for (verdict, title) in [(Verdict::Failed, "Failed"), (Verdict::Blocked, "Blocked")] {
        let cells: Vec<&CellReport> =
            report.cells.iter().filter(|cell| cell.verdict == verdict && cell.known.is_none()).collect();
        if cells.is_empty() {
            continue;
        }
        text.push_str(&format!("\n### {title}\n\n"));
        for cell in cells.iter().take(TOLD) {
            text.push_str(&format!("<details><summary><code>{}</code>: ", html(&cell.id)));
            text.push_str(&format!("{}</summary>\n\n", html(cell.reason.as_deref().unwrap_or_default())));
            for (step, check, finding) in cell.findings() {
                text.push_str(&format!("- {}: {}\n", plain(&step.title), plain(&finding.message)));
                text.push_str(&format!("  - check: {}\n", plain(&check.name)));
                for (label, said) in finding.details() {
                    let said = if label == "spec" { link(&said) } else { code(&said) };
                    text.push_str(&format!("  - {label}: {said}\n"));
                }
            }
            text.push_str(&format!("\nRerun: {}\n\n</details>\n", code(&cell.rerun)));
        }
        if cells.len() > TOLD {
            text.push_str(&format!("\nand {} more\n", cells.len() - TOLD));
        }
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
