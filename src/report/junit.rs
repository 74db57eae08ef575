//! JUnit XML, which continuous integration systems read: a suite for each feature, a case for each cell.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};

use crate::error::{Error, ErrorContext as _, ErrorKind};
use crate::results::{CauseGroup, CellReport, Finding, RunReport, Try, Verdict, diagnose};

use super::escape::escape;

/// The report as JUnit XML. Blocked cells are errors, failed ones failures.
///
/// # Errors
/// That the XML cannot be written, which text in memory rules out.
pub fn to_junit(report: &RunReport) -> Result<String, Error> {
    let mut document = Report::new("oa-test");
    document.set_time(Duration::from_millis(report.duration_ms));
    let causes = diagnose(report);
    let cause_of = |number: usize| causes.iter().find(|cause| cause.cells.contains(&number));
    let mut features: Vec<(&str, &str)> = Vec::new();
    for cell in &report.cells {
        if !features.iter().any(|(_, feature)| *feature == cell.feature) {
            features.push((&cell.category, &cell.feature));
        }
    }
    for (category, feature) in features {
        let mut suite = TestSuite::new(feature);
        let time = |cell: &CellReport| (cell.feature == feature).then_some(cell.duration_ms);
        suite.set_time(Duration::from_millis(report.cells.iter().filter_map(time).sum()));
        for (name, value) in [
            ("target", report.target.dataset_site.as_str()),
            ("mode", report.mode.as_str()),
            ("profile", report.profile.name()),
            ("seed", report.seed.to_string().as_str()),
            ("must-failures", report.grades.must.to_string().as_str()),
            ("should-warnings", report.grades.should.to_string().as_str()),
            ("may-suggestions", report.grades.may.to_string().as_str()),
        ] {
            suite.add_property((name, escape(value).as_str()));
        }
        for (number, cell) in report.cells.iter().enumerate().filter(|(_, cell)| cell.feature == feature) {
            suite.add_test_case(case(report, category, cell, cause_of(number)));
        }
        document.add_test_suite(suite);
    }
    if !report.findings.is_empty() {
        document.add_test_suite(beyond_cells(report));
    }
    if !report.skipped.is_empty() {
        let mut suite = TestSuite::new("skipped");
        for skipped in &report.skipped {
            let mut status = TestCaseStatus::skipped();
            status.set_message(escape(&skipped.reason));
            let mut case = TestCase::new(skipped.test.as_str(), status);
            case.set_classname(skipped.feature.as_str());
            suite.add_test_case(case);
        }
        document.add_test_suite(suite);
    }
    document.to_string().context(ErrorKind::Internal, || "cannot write JUnit XML".to_owned())
}

/// What is wrong with the target beyond any cell: a case for the dataset site, and one for the feeds.
fn beyond_cells(report: &RunReport) -> TestSuite {
    let mut suite = TestSuite::new("target");
    for (name, feeds) in [("dataset-site", false), ("feeds", true)] {
        let here = |finding: &&Finding| report.is_about_feed(&finding.message) == feeds;
        let found: Vec<&Finding> = report.findings.iter().filter(here).collect();
        if found.is_empty() {
            continue;
        }
        let mut lines = Vec::new();
        for finding in &found {
            lines.push(escape(&finding.message));
            lines.extend(finding.details().map(|(label, text)| format!("  {label}: {}", escape(&text))));
        }
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(found.first().map(|first| escape(&first.message)).unwrap_or_default());
        status.set_type(Verdict::Failed.word());
        status.set_description(lines.join("\n"));
        let mut case = TestCase::new(name, status);
        case.set_classname("target");
        suite.add_test_case(case);
    }
    suite
}

/// The case of a cell. Its type is the cause, so that readers can group cases by it.
fn case(report: &RunReport, category: &str, cell: &CellReport, cause: Option<&CauseGroup<'_>>) -> TestCase {
    let mut status = match (cell.verdict, &cell.known) {
        (Verdict::Passed, _) => TestCaseStatus::success(),
        (Verdict::Failed, Some(known)) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(escape(&format!("known failure until {}: {}", known.expires, known.reason)));
            status
        }
        (Verdict::Failed, None) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        (Verdict::Blocked, _) => TestCaseStatus::non_success(NonSuccessKind::Error),
        (Verdict::Skipped, _) => TestCaseStatus::skipped(),
    };
    if cell.verdict != Verdict::Passed && cell.known.is_none() {
        status.set_message(escape(cell.reason.as_deref().unwrap_or_default()));
        let kind = cause.map_or_else(|| cell.verdict.word().to_owned(), |cause| escape(cause.message));
        status.set_type(kind);
        status.set_description(description(report, cell));
    }
    if cell.known.is_none() {
        status.add_reruns(cell.tries.iter().map(rerun));
    }
    let name = cell.id.split_once('/').map_or(cell.id.as_str(), |(_, rest)| rest);
    let mut case = TestCase::new(name, status);
    case.set_classname(format!("{category}.{}", cell.feature));
    case.set_time(Duration::from_millis(cell.duration_ms));
    case.set_assertions(cell.steps.iter().map(|step| step.checks.len()).sum());
    case
}

/// A try that was followed by another one.
fn rerun(before: &Try) -> TestRerun {
    let kind = if before.verdict == Verdict::Failed { NonSuccessKind::Failure } else { NonSuccessKind::Error };
    let mut rerun = TestRerun::new(kind);
    rerun.set_message(escape(before.reason.as_deref().unwrap_or_default()));
    rerun.set_type(before.verdict.word());
    rerun.set_time(Duration::from_millis(before.duration_ms));
    rerun
}

fn description(report: &RunReport, cell: &CellReport) -> String {
    let mut lines = Vec::new();
    for (step, check, finding) in cell.findings() {
        let only = check.profile.map_or_else(String::new, |profile| format!(" ({profile} profile)"));
        lines.push(format!("{}: {}{only}", escape(&step.title), escape(&check.name)));
        lines.push(format!("  {}", escape(&finding.message)));
        for (label, text) in finding.details() {
            lines.push(format!("  {label}: {}", escape(&text)));
        }
        if let Some(exchange) = finding.exchange.and_then(|id| report.exchange(id)) {
            lines.push(format!("  exchange: {} {}", exchange.method, escape(&exchange.url)));
        }
    }
    lines.push(format!("rerun: {}", escape(&cell.rerun)));
    lines.join("\n")
}
