//! JUnit XML, which continuous integration systems read: a suite for each feature, a case for each cell.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::results::{CellReport, RunReport, Verdict};

use super::escape::escape;

/// The report as JUnit XML. Blocked cells are errors, failed ones failures.
///
/// # Errors
/// That the XML cannot be written, which text in memory rules out.
pub fn to_junit(report: &RunReport) -> anyhow::Result<String> {
    let mut document = Report::new("oa-test");
    document.set_time(Duration::from_millis(report.duration_ms));
    let mut features: Vec<(&str, &str)> = Vec::new();
    for cell in &report.cells {
        if !features.iter().any(|(_, feature)| *feature == cell.feature) {
            features.push((&cell.category, &cell.feature));
        }
    }
    for (category, feature) in features {
        let mut suite = TestSuite::new(feature);
        for cell in report.cells.iter().filter(|cell| cell.feature == feature) {
            suite.add_test_case(case(report, category, cell));
        }
        document.add_test_suite(suite);
    }
    if !report.skipped.is_empty() {
        let mut suite = TestSuite::new("skipped");
        for skipped in &report.skipped {
            let mut status = TestCaseStatus::skipped();
            status.set_message(skipped.reason.as_str());
            let mut case = TestCase::new(skipped.test.as_str(), status);
            case.set_classname(skipped.feature.as_str());
            suite.add_test_case(case);
        }
        document.add_test_suite(suite);
    }
    Ok(document.to_string()?)
}

fn case(report: &RunReport, category: &str, cell: &CellReport) -> TestCase {
    let mut status = match cell.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Blocked => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Skipped => TestCaseStatus::skipped(),
    };
    if cell.verdict != Verdict::Passed {
        status.set_message(escape(cell.reason.as_deref().unwrap_or_default()));
        status.set_description(description(report, cell));
    }
    let name = cell.id.split_once('/').map_or(cell.id.as_str(), |(_, rest)| rest);
    let mut case = TestCase::new(name, status);
    case.set_classname(format!("{category}.{}", cell.feature));
    case.set_time(Duration::from_millis(cell.duration_ms));
    case
}

fn description(report: &RunReport, cell: &CellReport) -> String {
    let mut lines = Vec::new();
    for (step, check, finding) in cell.findings() {
        let only = check.profile.map_or_else(String::new, |profile| format!(" ({profile} profile)"));
        lines.push(format!("{}: {}{only}", step.title, escape(&check.name)));
        lines.push(format!("  {}", escape(&finding.message)));
        for (label, text) in finding.details() {
            lines.push(format!("  {label}: {}", escape(text)));
        }
        if let Some(exchange) = finding.exchange.and_then(|id| report.exchange(id)) {
            lines.push(format!("  exchange: {} {}", exchange.method, escape(&exchange.url)));
        }
    }
    lines.push(format!("run alone: {}", cell.rerun));
    lines.join("\n")
}
