//! Annotations as GitHub Actions reads them from a job's output.

use crate::results::{RunReport, Verdict};

use super::escape::escape;

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

fn annotations(level: &str, told: &[(String, String)]) -> String {
    let mut text = String::new();
    let (shown, rest) = told.split_at(told.len().min(if told.len() > SHOWN { SHOWN - 1 } else { SHOWN }));
    for (title, message) in shown {
        text.push_str(&format!("::{level} title={}::{}\n", property(title), data(message)));
    }
    if !rest.is_empty() {
        text.push_str(&format!("::{level} title=oa-test::and {} more (see the report)\n", rest.len()));
    }
    text
}

/// The report as workflow commands: an error for each cell that failed or could not be judged, a warning for each known
/// or flaky one and each notice.
#[must_use]
pub fn to_github(report: &RunReport) -> String {
    let mut errors: Vec<(String, String)> =
        report.findings.iter().map(|finding| ("the target".to_owned(), escape(&finding.message))).collect();
    let mut warnings = Vec::new();
    for cell in &report.cells {
        let reason = escape(cell.reason.as_deref().unwrap_or_default());
        let message = format!("{reason}\nrerun: {}", escape(&cell.rerun));
        match (cell.verdict, &cell.known) {
            (Verdict::Failed, Some(known)) => {
                let message = format!("known failure until {}: {}", known.expires, escape(&known.reason));
                warnings.push((cell.id.clone(), message));
            }
            (Verdict::Failed, None) => errors.push((cell.id.clone(), message)),
            (Verdict::Blocked, _) => errors.push((cell.id.clone(), format!("blocked: {message}"))),
            (Verdict::Passed | Verdict::Skipped, _) => {}
        }
        if cell.flaky {
            warnings.push((cell.id.clone(), "flaky: the verdicts of its attempts differ".to_owned()));
        }
    }
    warnings.extend(report.notices.iter().map(|notice| ("oa-test".to_owned(), escape(notice))));
    annotations("error", &errors) + &annotations("warning", &warnings)
}
