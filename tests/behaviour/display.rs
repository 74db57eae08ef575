//! What is printed, word for word.

use oa_test::sandbox::Fault;

use crate::support::{Bench, SHORT_WAIT};

/// Everything that differs from run to run, replaced.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    for (pattern, replacement) in [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
        (r"has \d+ warnings and \d+ suggestions", "has N warnings and N suggestions"),
        (r"in \d+ ms", "in N ms"),
        (r"in \d+\.\d\d s", "in N s"),
        (r"\(\d+ ms\)", "(N ms)"),
        (r"#\d+ (GET|PUT|POST)", "#N $1"),
        (r"afterTimestamp=\d+", "afterTimestamp=N"),
        (r"session-series/\d+", "session-series/N"),
        (r"\(\d+ pages", "(N pages"),
        (r"--data-raw '.*'", "--data-raw '...'"),
    ] {
        settings.add_filter(pattern, replacement);
    }
    settings
}

fn snapshot(name: &str, arguments: &[&str]) {
    let outcome = Bench::new().oa_test(arguments);
    let text = format!("exit code {}\n--- stdout\n{}--- stderr\n{}", outcome.code, outcome.stdout, outcome.stderr);
    settings().bind(|| insta::assert_snapshot!(name, text));
}

const CELL: &[&str] = &[
    "run",
    "--test",
    "opportunity-attendance-update-customer-attended",
    "--flow",
    "OpenBookingSimpleFlow",
    "--type",
    "ScheduledSession",
    "--seed",
    "1",
    "--set",
    SHORT_WAIT,
];

fn cell_with(fault: Fault) -> Vec<&'static str> {
    CELL.iter().copied().chain(["--fault", fault.name()]).collect()
}

#[test]
fn a_cell_that_passes() {
    snapshot("a_cell_that_passes", CELL);
}

#[test]
fn a_cell_that_fails() {
    snapshot("a_cell_that_fails", &cell_with(Fault::AttendanceLegacyStatus));
}

#[test]
fn a_feed_that_never_shows_the_update() {
    snapshot("a_feed_that_never_shows_the_update", &cell_with(Fault::AttendanceNotPublished));
}

#[test]
fn a_dataset_site_without_json_ld() {
    snapshot("a_dataset_site_without_json_ld", &cell_with(Fault::DatasetSiteWithoutJsonLd));
}

#[test]
fn help() {
    snapshot("help", &["--help"]);
}

#[test]
fn help_of_run() {
    snapshot("help_of_run", &["run", "-h"]);
}

#[test]
fn the_list() {
    snapshot("the_list", &["list"]);
}

#[test]
fn an_explanation() {
    snapshot("an_explanation", &["explain", "access-code-update-notifications"]);
}

#[test]
fn a_configuration_with_mistakes() {
    let bench = Bench::new();
    bench.write(
        "mine.json",
        "{\n  \"integrationTests\": {\n    \"testTimeout\": \"soon\",\n    \"bookingFlowInScope\": {}\n  }\n}\n",
    );
    let outcome = bench.oa_test(&["config", "check", "--config", "mine.json"]);
    settings().bind(|| insta::assert_snapshot!("a_configuration_with_mistakes", outcome.stderr));
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let colored = |arguments: &[&str], no_color: Option<&str>| {
        let bench = Bench::new();
        let mut command = bench.command(arguments);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let outcome = bench.outcome(&command.output().unwrap());
        outcome.stdout.contains('\u{1b}')
    };
    assert!(!colored(&["list"], None), "standard output is no terminal");
    assert!(colored(&["list", "--color", "always"], None));
    assert!(colored(&["list", "--color", "always"], Some("1")), "a flag wins over the environment");
    assert!(!colored(&["list", "--color", "never"], None));
}
