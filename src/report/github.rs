//! Annotations as GitHub Actions reads them from a job's output.

use crate::results::{CauseGroup, RunReport, Verdict, diagnose};

use super::escape::escape;
use super::findings::cause_line;

/// GitHub shows so many annotations of a kind for a step; what is beyond is counted in the last one.
const SHOWN: usize = 10;

/// A message without what would end it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property without what would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn annotations(level: &str, all: &[(String, String)]) -> String {
    let mut text = String::new();
    let (shown, rest) = all.split_at(all.len().min(if all.len() > SHOWN { SHOWN - 1 } else { SHOWN }));
    for (title, message) in shown {
        text.push_str(&format!("::{level} title={}::{}\n", property(title), data(message)));
    }
    if !rest.is_empty() {
        text.push_str(&format!("::{level} title=oa-test::and {} more (see the report)\n", rest.len()));
    }
    text
}

/// The report as workflow commands: an error for each cause, a warning for each known or flaky cell and each notice.
#[must_use]
pub fn to_github(report: &RunReport) -> String {
    let causes = diagnose(report);
    let error = |cause: &CauseGroup<'_>| {
        let title = match (cause.example, cause.cells.first().and_then(|number| report.cells.get(*number))) {
            (Some(example), _) => example.cell.id.clone(),
            (None, Some(cell)) if !cause.cells.is_empty() => cell.id.clone(),
            _ => "the target".to_owned(),
        };
        let blocked = if cause.verdict == Verdict::Blocked { "blocked: " } else { "" };
        let mut message = format!("{blocked}{}", cause_line(cause));
        let difference = cause.shown().map(|finding| [("expected", &finding.expected), ("found", &finding.found)]);
        for (label, text) in difference.into_iter().flatten() {
            message.extend(text.as_deref().map(|text| format!("\n{label}: {}", escape(text))));
        }
        message.extend(cause.example.map(|example| format!("\nrerun: {}", escape(&example.cell.rerun))));
        (title, message)
    };
    let errors: Vec<(String, String)> = causes.iter().map(error).collect();
    let mut warnings = Vec::new();
    for cell in &report.cells {
        if let Some(known) = &cell.known {
            let message = format!("known failure until {}: {}", known.expires, escape(&known.reason));
            warnings.push((cell.id.clone(), message));
        }
        if cell.flaky {
            warnings.push((cell.id.clone(), "flaky: the verdicts of its attempts differ".to_owned()));
        }
    }
    let apart = |notice: &&String| !causes.iter().any(|cause| cause.message == notice.as_str());
    warnings.extend(report.notices.iter().filter(apart).map(|notice| ("oa-test".to_owned(), escape(notice))));
    annotations("error", &errors) + &annotations("warning", &warnings)
}
