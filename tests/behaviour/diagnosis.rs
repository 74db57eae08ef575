//! A diagnosis groups findings by their causes, early, and in few lines.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use oa_test::results::{CauseGroup, RunReport, diagnose, read_run};
use oa_test::sandbox::{Furnishing, Sandbox, SandboxOptions, Switch};
use serde_json::json;

use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, Target, dataset_page, respond, run, run_against};

/// The blocks of a text report: each from its label to the next empty line.
fn blocks(text: &str) -> Vec<Vec<&str>> {
    let paragraphs = text.split("\n\n").map(|block| block.trim_matches('\n').lines().collect::<Vec<_>>());
    let labelled = |block: &Vec<&str>| {
        block.first().is_some_and(|line| line.starts_with("FAILED ") || line.starts_with("BLOCKED "))
    };
    paragraphs.filter(labelled).collect()
}

/// The causes of the last run of a bench.
fn saved(bench: &Bench) -> RunReport {
    read_run(&bench.path("output/run.json.gz")).unwrap()
}

#[test]
fn a_passing_run_prints_a_few_lines_and_a_quiet_one_a_single_line() {
    let arguments = ["--feature", "opportunity-attendance-updates", "--feature", "access-code"];
    let outcome = run(&arguments);
    let lines = outcome.stdout.lines().count() + outcome.stderr.lines().count();
    assert!(lines <= 12, "{lines}\n{}{}", outcome.stderr, outcome.stdout);
    let quiet = run(&[arguments.as_slice(), &["--quiet"]].concat());
    assert_eq!(quiet.stdout.lines().count() + quiet.stderr.lines().count(), 1, "{}{}", quiet.stderr, quiet.stdout);
    assert!(quiet.stdout.contains(" passed in "), "{}", quiet.stdout);
}

#[test]
fn one_fault_is_one_block_of_ten_lines_and_the_summary_is_the_last_line() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&["run", "--feature", "access-code", "--fault", "c2-without-seller", "--seed", "1"]);
    let blocks = blocks(&outcome.stdout);
    assert_eq!(blocks.len(), 1, "{}", outcome.stdout);
    let block = &blocks[0];
    assert!(block.len() <= 10, "{}", outcome.stdout);
    let (_, failed, _) = outcome.counts();
    assert!(
        block[0].contains("C2: `seller` is missing from OrderQuote") && block[0].contains(&format!("({failed} cells)"))
    );
    for label in ["at        C2: seller", "expected  ", "violates  ", "exchange  #", "rerun     oa-test run "] {
        assert!(block.iter().any(|line| line.trim_start().starts_with(label)), "{label}\n{}", outcome.stdout);
    }
    assert!(outcome.stdout.lines().last().unwrap().contains(" failed in "), "{}", outcome.stdout);
    // Printed when it is first found, and once.
    let lines: Vec<&str> = outcome.stderr.lines().filter(|line| line.starts_with("FAILED ")).collect();
    assert_eq!(lines.len(), 1, "{}", outcome.stderr);
    assert!(lines[0].starts_with("FAILED C2: `seller` is missing"), "{}", lines[0]);
    // Every report has the same causes.
    let message = "`seller` is missing from OrderQuote";
    let reports = [["report", "junit"], ["report", "github"], ["report", "markdown"], ["report", "html"]];
    for arguments in reports {
        let text = bench.oa_test(&[arguments.as_slice(), &["output/run.json.gz"]].concat()).stdout;
        let plain = text.replace("\\`", "`").replace("&#96;", "`");
        assert!(plain.contains(message), "{arguments:?}: {text}");
    }
    let github = bench.oa_test(&["report", "github", "output/run.json.gz"]).stdout;
    assert_eq!(github.lines().filter(|line| line.starts_with("::error")).count(), 1, "{github}");
}

#[test]
fn the_command_of_a_block_runs_exactly_its_cell() {
    let outcome = run(&["--feature", "multiple-sellers", "--feature", "access-code", "--fault", "c2-without-seller"]);
    let mut ran = 0;
    for cell in outcome.cells().iter().filter(|cell| cell["verdict"] == "failed").step_by(7) {
        let command = cell["rerun"].as_str().unwrap();
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let again = Bench::new().oa_test(&words);
        let ids: Vec<&str> = again.cells().iter().map(|cell| cell["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [cell["id"].as_str().unwrap()], "{command}");
        ran += 1;
    }
    assert!(ran > 0, "{}", outcome.stdout);
}

#[test]
fn tables_and_skipped_tests_are_shown_where_they_are_asked_for() {
    let arguments = ["--feature", "access-code", "--feature", "booking-window"];
    let brief = run(&arguments);
    assert!(!brief.stdout.contains("✓"), "{}", brief.stdout);
    let whole = run(&[arguments.as_slice(), &["--verbose"]].concat());
    assert!(whole.stdout.contains("✓"), "{}", whole.stdout);
}

/// A wait that times out twice in the same way is not waited for as long again; its cells are blocked with the cause.
#[test]
fn a_wait_that_times_out_again_and_again_is_cut_short() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&[
        "run",
        "--feature",
        "customer-requested-cancellation",
        "--flow",
        "OpenBookingSimpleFlow",
        "--fault",
        "cancellation-not-published",
        "--set",
        "integrationTests.waitForItemToUpdateInFeedTimeout=9000",
        "--set",
        "integrationTests.maximumNumberOfSimultaneousBookings=2",
    ]);
    let (_, failed, blocked) = outcome.counts();
    assert!(failed >= 2 && blocked > 0, "{}", outcome.stdout);
    assert!(outcome.messages().contains("the Orders feed has no update of the Order after Order Cancellation"));
    let cut = outcome.findings().into_iter().find(|finding| finding["cut"] == true).unwrap();
    assert!(cut["found"].as_str().unwrap().contains("wait cut short: 2 waits of 9 s had timed out"), "{cut}");
    assert_eq!(blocks(&outcome.stdout).len(), 1, "{}", outcome.stdout);
    let again = bench.oa_test(&["report", "rejudge", "output/run.json.gz"]);
    assert!(again.stdout.contains(" 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
}

/// A target of which the Open Booking API responds to everything with a status, where the feeds are read.
fn responding(status: u16) -> Target {
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path == "/" {
            return dataset_page(host);
        }
        if path.starts_with("/feed") {
            let page = json!({ "next": format!("http://{host}/feed"), "items": [], "license": "x" });
            return respond(200, "application/json", page.to_string());
        }
        respond(status, "application/json", json!({ "@type": "OpenBookingError" }).to_string())
    });
    host.set(target.address.to_string()).unwrap();
    target
}

fn assert_stopped(outcome: &Outcome, message: &str) {
    let (passed, _, blocked) = outcome.counts();
    assert!(passed <= 10 && blocked > 100, "{}", outcome.stdout);
    let stopped = &outcome.report()["stopped"];
    assert!(stopped["message"].as_str().unwrap().contains(message), "{stopped}");
    let first = &blocks(&outcome.stdout)[0];
    assert!(first[0].contains(message), "{}", outcome.stdout);
    assert!(outcome.stdout.lines().last().unwrap().contains("stopped early"), "{}", outcome.stdout);
}

#[test]
fn a_target_that_rejects_all_credentials_stops_the_run_and_fails_nothing() {
    for status in [401, 403] {
        let target = responding(status);
        let outcome = run_against(&target.url("/"), &["--feature", "[a-c]*"]);
        assert_stopped(&outcome, "the Open Booking API rejects every request");
        assert_eq!((outcome.counts().1, outcome.code), (0, 2), "{}", outcome.stdout);
    }
}

#[test]
fn a_target_that_has_server_errors_only_stops_the_run_and_fails_what_was_seen() {
    let target = responding(503);
    let outcome = run_against(&target.url("/"), &["--feature", "[a-c]*"]);
    assert_stopped(&outcome, "the Open Booking API fails every request");
    let (_, failed, _) = outcome.counts();
    assert!((4..=12).contains(&failed) && outcome.code == 1, "{}", outcome.stdout);
}

/// The booking system dies while it is tested: one block, and nothing that came after it counts as failed.
#[test]
fn a_target_that_dies_stops_the_run() {
    let mut options = SandboxOptions { furnishing: Furnishing::Sample, ..SandboxOptions::default() };
    options.switches.set(Switch::OpenIdAuthentication, false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let url = sandbox.dataset_site();
    let mut child = bench
        .command(&["run", "--verbose", "--config", "headers.json", "--target", &url])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("passed ")), "a cell ends first");
    drop(sandbox);
    runtime.shutdown_background();
    let _rest: Vec<String> = lines.collect();
    child.wait().unwrap();
    let report = saved(&bench);
    let stopped = report.stopped.as_ref().expect("the run is stopped");
    assert!(stopped.message.starts_with("the Open Booking API does not respond"), "{}", stopped.message);
    assert!(report.counts.blocked > 100, "{:?}", report.counts);
    let causes = diagnose(&report);
    assert_eq!(causes[0].message, stopped.message);
    assert!(causes.len() <= 3, "{:?}", causes.iter().map(|cause| cause.message).collect::<Vec<_>>());
}

/// Leasing that the configuration leaves open is what the target shows, and the run says which key to set.
#[test]
fn leasing_that_is_not_configured_is_learned() {
    let mut options = SandboxOptions { furnishing: Furnishing::Sample, ..SandboxOptions::default() };
    options.switches.set(Switch::OpenIdAuthentication, false);
    options.switches.set(Switch::AnonymousLeasing, true);
    options.switches.set(Switch::NamedLeasing, true);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let unset = |key: &str| format!("integrationTests.implementedFeatures.{key}=null");
    let (anonymous, named) = (unset("anonymous-leasing"), unset("named-leasing"));
    let arguments = ["--set", &anonymous, "--set", &named, "--feature", "access-code", "--feature", "*-leasing"];
    let outcome = run_against(&sandbox.dataset_site(), &arguments);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}", outcome.stdout);
    assert!(passed > 0 && outcome.cells().iter().all(|cell| cell["feature"] == "access-code"), "no test is added");
    let notice = "C1 returns a lease, C2 returns a lease: set `implementedFeatures.anonymous-leasing` to true and \
                `implementedFeatures.named-leasing` to true";
    assert!(outcome.messages().contains(notice), "{}", outcome.messages());
}

#[test]
fn a_cause_can_be_written_to_a_folder() {
    let bench = Bench::new();
    bench.oa_test(&["run", "--feature", "access-code", "--fault", "c2-without-seller", "--seed", "1"]);
    let written = bench.oa_test(&["report", "bundle", "1", "output/run.json.gz", "--output", "sent"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let read = |name: &str| std::fs::read_to_string(bench.path(&format!("sent/{name}"))).unwrap();
    assert!(read("finding.txt").contains("violates  OB-") && read("finding.txt").contains("rerun     oa-test run "));
    assert!(read("configuration.json").contains("implementedFeatures"));
    let about: serde_json::Value = serde_json::from_str(&read("about.json")).unwrap();
    assert!(about["cause"].as_str().unwrap().contains("`seller` is missing from OrderQuote"), "{about}");
    let report = saved(&bench);
    let exchange = diagnose(&report)[0].exchange.unwrap();
    assert!(read(&format!("exchange-{exchange}.txt")).contains("\ncurl -X PUT "));
    let none = bench.oa_test(&["report", "bundle", "2", "output/run.json.gz"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("has no cause 2\nhint: the last is 1"), "{}", none.stderr);
}

/// A run with one fault.
struct Timed {
    /// Lines that name a cause, with the time from the start of the run until each stood on the screen.
    lines: Vec<(Duration, String)>,
    whole: Duration,
    report: RunReport,
}

/// Runs with a fault. What the configuration leaves open of the feature whose test finds it is there.
fn timed(fault: &str, test: &str) -> Timed {
    let bench = Bench::new();
    let feature = test.trim_start_matches("beyond").trim_start().split('/').next().unwrap_or_default();
    let there = format!("integrationTests.implementedFeatures.{feature}=true");
    let more: &[&str] = if feature.is_empty() { &[] } else { &["--set", &there] };
    let begun = Instant::now();
    let mut child = bench
        .command(&[&["run", "--fault", fault, "--seed", "1"], more].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok) {
        if line.starts_with("FAILED ") || line.starts_with("BLOCKED ") {
            lines.push((begun.elapsed(), line));
        }
    }
    child.wait().unwrap();
    Timed { lines, whole: begun.elapsed(), report: saved(&bench) }
}

/// What the table says of a fault.
struct Diagnosed {
    /// Seconds until its cause stood on the screen.
    first: f64,
    /// Other causes that stood there before, or stand before it in the diagnosis.
    before: usize,
    blocks: usize,
    whole: f64,
    /// Whether it shows by nothing but that something does not come in time.
    waits: bool,
}

impl Timed {
    /// `test`: the test that finds the fault, whose feature the cause has cells of, or violates a requirement that the fault
    /// breaks there; `beyond`: no cell does.
    fn diagnosed(&self, fault: &str, test: &str) -> Diagnosed {
        let causes = diagnose(&self.report);
        let beyond = test.starts_with("beyond");
        let feature = test.trim_start_matches("beyond ").split(['/', ' ']).next().unwrap_or_default();
        let broken = broken_by(fault);
        let broken = |cause: &CauseGroup<'_>| cause.violates().iter().any(|cited| broken.contains(&cited.id.as_str()));
        let in_test = |cause: &CauseGroup<'_>| {
            broken(cause) || cause.cells.iter().any(|at| self.report.cells[*at].feature == feature)
        };
        let of_target = |cause: &CauseGroup<'_>| !cause.beyond.is_empty() || cause.cells.is_empty();
        let shows_beyond = beyond && causes.iter().any(of_target);
        let is_right = |cause: &CauseGroup<'_>| if shows_beyond { of_target(cause) } else { in_test(cause) };
        let place = causes.iter().position(is_right);
        let whole = self.whole.as_secs_f64();
        let right = place.map(|place| &causes[place]);
        // A cause is shown live by any of its findings; one beyond all cells stands on the screen at the end.
        let names = |line: &str| {
            causes.iter().filter(|cause| is_right(cause)).any(|cause| {
                let messages = cause.findings.iter().map(|located| located.finding.message.as_str());
                // A line is cut at its end.
                let whole = line.trim_end_matches('…');
                let start = |length: usize, message: &str| message.chars().take(length).collect::<String>();
                let cut = |message: &str| {
                    (TELLING..80).any(|length| line.ends_with('…') && whole.ends_with(&start(length, message)))
                };
                messages.chain([cause.message]).any(|message| line.contains(&start(80, message)) || cut(message))
            })
        };
        let place_live = self.lines.iter().position(|(_, line)| names(line));
        let late = |cause: &CauseGroup<'_>| {
            cause.shown().is_some_and(|finding| {
                finding.defect == "late"
                    || finding.subject.starts_with("remaining")
                    || finding.message.contains(" end ")
            })
        };
        Diagnosed {
            first: place_live.and_then(|at| self.lines.get(at)).map_or(whole, |(time, _)| time.as_secs_f64()),
            before: place_live.unwrap_or(0).max(place.unwrap_or(causes.len())),
            blocks: causes.len(),
            whole,
            waits: right.is_some_and(late),
        }
    }
}

/// The requirements that a fault breaks, as the findings of its test cite them.
fn broken_by(fault: &str) -> Vec<&'static str> {
    include_str!("../../fixtures/citations.txt")
        .lines()
        .filter_map(|line| {
            let mut words = line.trim_start_matches('~').split_whitespace();
            words.next().filter(|name| *name == fault)?;
            words.nth(1)
        })
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Characters of the start of a message that name its cause.
const TELLING: usize = 40;

/// Runs at the same time.
const SIDE_BY_SIDE: usize = 2;

/// The time limit of a wait, in seconds.
const WAIT: f64 = 60.0;

/// Every fifth fault with default limits: time to diagnosis, causes before it, blocks, wall time. Prints a table; `*` marks
/// faults that show by nothing but a wait. Times mean something on a machine that does nothing else.
#[test]
#[ignore = "takes a quarter of an hour"]
fn every_fifth_fault_is_diagnosed_in_seconds() {
    let faults: Vec<(&str, &str)> = include_str!("../../fixtures/faults.txt")
        .lines()
        .step_by(5)
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    let honest = timed_honest().as_secs_f64();
    eprintln!("honest run: {honest:.1} s");
    eprintln!("{:<45} {:>6} {:>6} {:>6} {:>6}", "fault", "first", "before", "blocks", "whole");
    let next = std::sync::atomic::AtomicUsize::new(0);
    let rows = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some((fault, test)) = faults.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let row = timed(fault, test).diagnosed(fault, test);
                    let Diagnosed { first, before, blocks, whole, waits } = row;
                    let mark = if waits { "*" } else { "" };
                    let name = format!("{fault}{mark}");
                    eprintln!("{name:<45} {first:>6.1} {before:>6} {blocks:>6} {whole:>6.1}");
                    rows.lock().unwrap().push((*fault, row));
                }
            });
        }
    });
    let rows = rows.into_inner().unwrap();
    assert_eq!(rows.len(), faults.len());
    let column = |of: &dyn Fn(&Diagnosed) -> f64| -> Vec<f64> { rows.iter().map(|(_, row)| of(row)).collect() };
    let count = |count: usize| f64::from(u32::try_from(count).unwrap());
    let firsts = column(&|row| row.first);
    let blocks = column(&|row| count(row.blocks));
    let (befores, wholes) = (column(&|row| count(row.before)), column(&|row| row.whole));
    for (name, values) in [("first", &firsts), ("before", &befores), ("blocks", &blocks), ("whole", &wholes)] {
        let worst = values.iter().copied().fold(0.0, f64::max);
        eprintln!("{name}: median {:.1}, worst {worst:.1}", median(values));
    }
    assert!(median(&firsts) <= 5.0 && median(&blocks) <= 1.0, "medians");
    let wrong: Vec<&str> = rows
        .iter()
        .filter(|(_, row)| {
            let late = row.first > 90.0 && !row.waits;
            late || row.before > 0 || row.blocks > 3 || row.whole > 3.0 * honest + 2.0 * WAIT
        })
        .map(|(fault, _)| *fault)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn timed_honest() -> Duration {
    let begun = Instant::now();
    let outcome = run(&["--seed", "1"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    begun.elapsed()
}
