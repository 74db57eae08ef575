//! Saved runs and their renderings: HTML, Markdown, JUnit, GitHub; machines that share a run; what makes exit codes.

use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use oa_test::sandbox::Fault;
use serde_json::{Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS_FILE, JsonSchema, Outcome, SHORT_WAIT};

/// A few cells that book.
const CELLS: &[&str] = &["run", "--feature", "access-code", "--seed", "1", "--set", SHORT_WAIT];

/// Everything that is in a report as HTML, what is packed in it too.
pub(crate) fn unpacked(path: &Path) -> String {
    let page = std::fs::read_to_string(path).unwrap();
    let mut parts = page.split("<script type=\"application/octet-stream;base64\"");
    let mut all = parts.next().unwrap().to_owned();
    for chunk in parts {
        let (text, rest) = chunk.split_once('>').unwrap().1.split_once('<').unwrap();
        all.push_str(rest);
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut all).unwrap();
    }
    all
}

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().chain(more).copied().collect()
}

/// A run in a folder of its own, and that folder.
fn run(more: &[&str]) -> (Bench, Outcome) {
    let bench = Bench::new();
    let outcome = bench.oa_test(&with(CELLS, more));
    (bench, outcome)
}

const RUN: &str = "output/run.json.gz";

#[test]
fn the_schema_that_is_committed_is_that_of_the_program_and_fits_what_runs_leave() {
    let committed: Value = serde_json::from_str(include_str!("../../docs/run-report.schema.json")).unwrap();
    let bench = Bench::new();
    let printed = bench.oa_test(&["schema", "run-report"]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    assert_eq!(serde_json::from_str::<Value>(&printed.stdout).unwrap(), committed, "write it anew");
    let schema = JsonSchema::of(committed);
    let known = bench.write("known.yaml", "- { cell: '*Multiple', reason: later, expires: 2999-12-31 }");
    for arguments in [
        with(CELLS, &["--fault", Fault::BFailsAtFirst.name(), "--retries", "1"]),
        with(CELLS, &["--fault", Fault::AccessCodeMissing.name(), "--known-failures", &known]),
        with(CELLS, &["--random", "--config", HEADER_CREDENTIALS_FILE]),
        vec!["run", "--feature", "access-code", "--target", "http://127.0.0.1:1/"],
    ] {
        let outcome = bench.oa_test(&arguments);
        assert_eq!(schema.errors(outcome.report()), "", "{arguments:?}");
    }
    assert_ne!(schema.errors(&json!({ "version": 3 })), "");
}

#[test]
fn one_run_writes_every_report_and_each_can_be_made_again_from_the_saved_run() {
    let outputs = ["--html", "a.html", "--junit", "a.xml", "--markdown", "a.md", "--json", "a.json"];
    let (bench, outcome) = run(&with(&outputs, &["--fault", Fault::AccessCodeMissing.name()]));
    assert_eq!(outcome.code, 1);
    let text = |name: &str| std::fs::read_to_string(bench.path(name)).unwrap();
    for (rendering, file) in [("html", "a.html"), ("junit", "a.xml"), ("markdown", "a.md"), ("json", "a.json")] {
        assert_eq!(bench.oa_test(&["report", rendering, RUN]).stdout, text(file), "{rendering}");
        assert_eq!(bench.oa_test(&["report", rendering, RUN, "--output", "again"]).stdout, "");
        assert_eq!(text("again"), text(file));
        // The same from plain JSON.
        assert_eq!(bench.oa_test(&["report", rendering, "a.json"]).stdout, text(file));
    }
    assert_eq!(text("output/report.html"), text("a.html"));
    let printed = bench.oa_test(&["report", "text", RUN]).stdout;
    // The run prints its time with that of the reports.
    let untimed = |text: &str| text.rsplit_once(" in ").unwrap().0.to_owned();
    assert_eq!(untimed(&printed), untimed(&outcome.stdout), "what the run printed can be printed again");
    let whole = bench.oa_test(&["report", "text", "--verbose", RUN]).stdout;
    let table = bench.oa_test(&["report", "table", RUN]).stdout;
    assert!(whole.contains(table.rsplit_once("\n\n").unwrap().0), "{whole}");
    let number = outcome.findings()[0]["exchange"].to_string();
    let exchange = bench.oa_test(&["report", "exchange", &number, RUN]);
    assert!(exchange.stdout.contains("\ncurl -X PUT 'http://127.0.0.1"), "{}", exchange.stdout);
    assert!(exchange.stdout.contains("\nHTTP 201\n"), "{}", exchange.stdout);
    let none = bench.oa_test(&["report", "exchange", "99999", RUN]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("has no exchange 99999\nhint: the last is "), "{}", none.stderr);
}

#[test]
fn a_file_that_is_no_saved_run_is_reported() {
    let (bench, _) = run(&["--json", "a.json"]);
    let plain = std::fs::read_to_string(bench.path("a.json")).unwrap();
    let packed = std::fs::read(bench.path(RUN)).unwrap();
    bench.write("older.json", &plain.replacen("\"version\": 7", "\"version\": 1", 1));
    bench.write("other.json", "{\"version\": 7}");
    bench.write("broken.json", "{\"version\": 7, ");
    std::fs::write(bench.path("short.gz"), &packed[..packed.len() / 2]).unwrap();
    for (file, message) in [
        ("older.json", "older.json is not a saved run: version 1 is not supported (supported: 7)"),
        ("other.json", "other.json is not a saved run: missing field `tool`"),
        ("broken.json", "broken.json is not a saved run"),
        ("short.gz", "short.gz is not a saved run: invalid gzip data"),
        ("absent.json", "cannot read absent.json"),
    ] {
        let outcome = bench.oa_test(&["report", "html", file]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{file}");
        assert!(outcome.stderr.contains(message), "{file}: {}", outcome.stderr);
    }
}

/// Texts that would do harm where they are not escaped.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "`|](javascript:alert(1))",
    "::error title=x::y%0A\n::stop-commands::z",
    "\u{1b}[31mred\u{202e}left\u{0}",
    "]]>&<!--",
];

/// Puts a text instead of every text that a target could have written.
fn poison(value: &mut Value, text: &str) {
    match value {
        Value::String(here) => *here = text.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, text)),
        Value::Object(entries) => {
            for (key, value) in entries {
                let ours = [
                    "id", "verdict", "outcome", "profile", "step", "level", "kind", "version", "plan", "mode", "stage",
                ];
                let fixed = ours.contains(&key.as_str()) || ["flow", "opportunity_type"].contains(&key.as_str());
                if !fixed {
                    poison(value, text);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_that_a_target_wrote_becomes_part_of_a_report() {
    let (bench, outcome) = run(&["--fault", Fault::AccessCodeMissing.name()]);
    for hostile in HOSTILE {
        let mut report = outcome.report().clone();
        poison(&mut report, hostile);
        bench.write("hostile.json", &report.to_string());
        let page = bench.oa_test(&["report", "html", "hostile.json"]).stdout;
        assert!(page.contains("<h1>"));
        // Data is behind the markup, in elements that are no scripts; nothing in it may end them.
        assert_eq!(page.matches("<script").count(), 4, "{hostile}");
        let (page, _) = page.split_once("<script").unwrap();
        for tag in ["<script>alert", "<img", "<svg", "onmouseover='", "<!--", "\u{1b}", "\u{202e}", "\u{0}"] {
            assert!(!page.contains(tag), "{hostile}: {tag}");
        }
        let markdown = bench.oa_test(&["report", "markdown", "hostile.json"]).stdout;
        for tag in ["<script", "<img", "<svg", "](javascript", "\u{1b}"] {
            assert!(!markdown.contains(tag), "{hostile}: {tag}\n{markdown}");
        }
        let github = bench.oa_test(&["report", "github", "hostile.json"]).stdout;
        for line in github.lines() {
            assert!(line.starts_with("::error title=") || line.starts_with("::warning title="), "{line}");
        }
        let junit = bench.oa_test(&["report", "junit", "hostile.json"]).stdout;
        let mut depth = 0i64;
        for part in junit.split('<').skip(1) {
            depth += match part.as_bytes()[0] {
                b'/' => -1,
                b'?' | b'!' => 0,
                _ if part.split('>').next().unwrap().ends_with('/') => 0,
                _ => 1,
            };
        }
        assert_eq!(depth, 0, "{junit}");
        assert!(!junit.contains("<img") && !junit.contains("\u{1b}"));
    }
}

#[test]
fn the_page_asks_nothing_of_any_network_and_runs_its_own_script_only() {
    let (bench, _) = run(&[]);
    let page = std::fs::read_to_string(bench.path("output/report.html")).unwrap();
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for way in
        [" src=\"http", "<link", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", " style=\"", " onclick="]
    {
        assert!(!page.contains(way), "{way}");
    }
}

#[test]
fn machines_that_share_a_run_make_one_of_it() {
    let bench = Bench::new();
    let cells = ["run", "--category", "access", "--seed", "1", "--set", SHORT_WAIT];
    let whole = bench.oa_test(&with(&cells, &["--fault", Fault::AccessCodeMissing.name()]));
    let mut files = Vec::new();
    for number in 1..=3 {
        let (shard, folder) = (format!("{number}/3"), format!("part-{number}"));
        let fault = ["--fault", Fault::AccessCodeMissing.name(), "--shard", &shard, "--output", &folder];
        bench.oa_test(&with(&cells, &fault));
        files.push(format!("{folder}/run.json.gz"));
    }
    let merged =
        |names: &[&str]| bench.oa_test(&with(&["report", "merge", "--output", "all", "--junit", "all.xml"], names));
    let all = merged(&[&files[2], &files[0], &files[1]]);
    assert_eq!(all.code, 1, "{}", all.stderr);
    let report = crate::support::saved_run(&bench.path("all/run.json.gz")).unwrap();
    assert_eq!(report["counts"], whole.report()["counts"]);
    let ids = |report: &Value| -> Vec<String> {
        report["cells"].as_array().unwrap().iter().map(|cell| cell["id"].to_string()).collect()
    };
    assert_eq!(ids(&report), ids(whole.report()), "in the order of the plan");
    // Every exchange that is referred to is there, and is the one that was meant.
    let exchanges = report["exchanges"].as_array().unwrap();
    for cell in report["cells"].as_array().unwrap() {
        for step in cell["steps"].as_array().unwrap().iter().filter(|step| step["step"] == "c1") {
            let first = step["exchanges"][0].as_u64().unwrap();
            let sent = exchanges.iter().find(|exchange| exchange["id"] == first).unwrap();
            assert_eq!(sent["label"], "C1", "{}", cell["id"]);
            assert!(sent["url"].as_str().unwrap().contains(cell["order_uuid"].as_str().unwrap()));
        }
    }
    assert!(bench.path("all.xml").exists() && bench.path("all/report.html").exists());
    // The traces of the runs are kept, and judged again each by itself.
    let again = bench.oa_test(&["report", "rejudge", "all/run.json.gz", "--output", "again.json.gz"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert!(again.stdout.contains("rejudged: 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
    assert!(!again.stdout.contains("is not rejudged"), "{}", again.stdout);
    let rejudged = crate::support::saved_run(&bench.path("again.json.gz")).unwrap();
    for part in ["cells", "findings", "remarks", "exchanges", "counts", "parts"] {
        assert_eq!(rejudged[part], report[part], "{part}");
    }
    let refused = |names: &[&str], message: &str| {
        let outcome = merged(names);
        assert_eq!(outcome.code, 2, "{message}");
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    };
    refused(&[&files[0], &files[1]], "missing shards: --shard 3/3");
    refused(&[&files[0], &files[1], &files[2], &files[1]], "overlap: both are --shard 2/3");
    refused(&[RUN], "was run without --shard");
    bench.oa_test(&["run", "--feature", "access-code", "--seed", "1", "--shard", "2/3", "--output", "other"]);
    refused(&[&files[0], "other/run.json.gz", &files[2]], "belong to different runs: their plans differ");
    let mut other = crate::support::saved_run(&bench.path(&files[1])).unwrap();
    other["seed"] = 2.into();
    bench.write("seed.json", &other.to_string());
    refused(&[&files[0], "seed.json", &files[2]], "seed 1, seed 2");
    other["seed"] = 1.into();
    other["cells"].as_array_mut().unwrap().pop();
    bench.write("short.json", &other.to_string());
    refused(&[&files[0], "short.json", &files[2]], "has 12 cells; expected 13");
    // Absurd numbers neither crash a report nor make it endless.
    for of in [json!(0), json!(u64::MAX)] {
        other["scope"]["shard"]["of"] = of;
        bench.write("strange.json", &other.to_string());
        refused(&["strange.json"], "has an invalid number of shards");
    }
    other["scope"]["shard"] = json!({ "number": 0, "of": 1 });
    other["scope"]["planned"] = u64::MAX.into();
    bench.write("strange.json", &other.to_string());
    refused(&["strange.json"], "missing shards: --shard 1/1");
    other["scope"]["shard"] = json!({ "number": 1, "of": 1 });
    bench.write("strange.json", &other.to_string());
    refused(&["strange.json"], "has 12 cells; expected 18446744073709551615");
    for wrong in ["0/3", "4/3", "3", "a/b"] {
        let outcome = bench.oa_test(&with(&cells, &["--shard", wrong]));
        assert_eq!(outcome.code, 2);
        assert!(outcome.stderr.contains("expected K/N"), "{}", outcome.stderr);
    }
}

#[test]
fn a_cell_that_passes_when_it_is_tried_again_is_flaky() {
    let fault = ["--fault", Fault::BFailsAtFirst.name()];
    let (_, once) = run(&fault);
    assert_eq!((once.code, once.counts().1), (1, 1), "{}", once.stdout);
    let retried = with(&fault, &["--retries", "2", "--junit", "a.xml", "--markdown", "a.md"]);
    let (bench, again) = run(&retried);
    assert_eq!((again.code, again.counts().1), (0, 0), "{}", again.stdout);
    assert_eq!(again.report()["counts"]["flaky"], 1);
    let flaky: Vec<&Value> = again.cells().iter().filter(|cell| cell["flaky"] == true).collect();
    assert_eq!(flaky.len(), 1);
    assert_eq!(flaky[0]["verdict"], "passed");
    assert_eq!(flaky[0]["tries"].as_array().unwrap().len(), 1, "no more tries than are needed");
    assert_eq!(flaky[0]["tries"][0]["verdict"], "failed");
    assert!(again.stdout.contains("FLAKY") && again.stdout.contains("failed, then passed"), "{}", again.stdout);
    assert!(again.stdout.contains("1 flaky"));
    let junit = std::fs::read_to_string(bench.path("a.xml")).unwrap();
    assert_eq!(junit.matches("<flakyFailure ").count(), 1, "{junit}");
    assert!(junit.contains("failures=\"0\""), "{junit}");
    assert!(std::fs::read_to_string(bench.path("a.md")).unwrap().contains("### Flaky"));
    let (_, strict) = run(&with(&retried, &["--fail-on", "flaky"]));
    assert_eq!(strict.code, 1);
    let (_, steady) = run(&["--fault", Fault::AccessCodeMissing.name(), "--retries", "1"]);
    assert_eq!(steady.code, 1);
    assert_eq!(steady.report()["counts"]["flaky"], 0, "what always fails is not flaky");
    assert!(steady.cells().iter().all(|cell| cell["tries"].as_array().unwrap().len() == 1));
    assert!(steady.journal.contains("\"event\":\"cell-retried\""));
}

#[test]
fn known_failures_are_excused_until_their_last_day_and_reported_when_they_pass() {
    let bench = Bench::new();
    let fault = ["--fault", Fault::AccessCodeMissing.name()];
    let go = |known: &str, more: &[&str]| {
        let file = bench.write("known.yaml", known);
        bench.oa_test(&with(&with(CELLS, more), &["--known-failures", &file, "--junit", "a.xml"]))
    };
    let all = go("- cell: access-code/**\n  reason: codes come in spring\n  expires: 2999-12-31\n", &fault);
    assert_eq!(all.code, 0, "{}", all.stdout);
    let counts = &all.report()["counts"];
    assert_eq!((&counts["passed"], &counts["failed"]), (&json!(0), &json!(0)));
    assert!(counts["known"].as_u64().unwrap() > 2);
    assert!(all.cells().iter().all(|cell| cell["verdict"] == "failed" && cell["known"]["expires"] == "2999-12-31"));
    assert!(all.stdout.contains("codes come in spring (until 2999-12-31)"), "{}", all.stdout);
    let junit = std::fs::read_to_string(bench.path("a.xml")).unwrap();
    assert!(junit.contains("failures=\"0\"") && junit.contains("codes come in spring"), "{junit}");

    let over = go("- { cell: 'access-code/**', reason: late, expires: 2020-01-31 }", &fault);
    assert_eq!(over.code, 1);
    assert!(over.messages().contains("(known.yaml:1) expired on 2020-01-31"), "{}", over.messages());

    let other = go("- { cell: 'access-code/**', check: '*barcode*', reason: other, expires: 2999-01-31 }", &fault);
    assert_eq!(other.code, 1, "a failure for another reason is not excused");
    let right = go("- { cell: 'access-code/**', check: '*access*', reason: right, expires: 2999-01-31 }", &fault);
    assert_eq!(right.code, 0, "{}", right.stdout);

    let passes = go("- { cell: 'access-code/**', reason: was slow, expires: 2999-01-31 }", &[]);
    assert_eq!(passes.code, 0);
    assert!(passes.messages().contains("cells: remove it"), "{}", passes.messages());

    for (text, problem) in [
        ("- { cell: a, reason: b }", "known.yaml:1:3: a known failure lacks `expires`"),
        ("- { cell: a, reason: b, expires: soon }", "`expires` must be the last day"),
        ("- { cell: a, resaon: b, expires: 2999-01-01 }", "did you mean `reason`?"),
        ("- { cell: '[', reason: b, expires: 2999-01-01 }", "`cell` is not a valid pattern"),
        ("cell: a", "expected a list of known failures, found an object"),
    ] {
        let outcome = go(text, &[]);
        assert_eq!(outcome.code, 2, "{text}");
        assert!(outcome.stderr.contains(problem), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn a_run_ends_at_its_first_failure_or_when_its_time_is_over() {
    let one = ["--set", "integrationTests.maximumNumberOfSimultaneousBookings=1"];
    let (_, fast) = run(&with(&one, &["--fault", Fault::AccessCodeMissing.name(), "--fail-fast"]));
    let (passed, failed, blocked) = fast.counts();
    assert_eq!((fast.code, passed), (1, 0), "{}", fast.stdout);
    // A cell that waits for a feed lends its turn, and another may have begun.
    assert!((1..=2).contains(&failed) && blocked > 1, "{}", fast.stdout);
    assert!(fast.stdout.contains("ended early: a cell failed (`--fail-fast`)"), "{}", fast.stdout);
    assert!(fast.stdout.contains("an earlier cell failed (`--fail-fast`)"));

    let (_, late) = run(&["--fault", Fault::C1Hangs.name(), "--timeout", "0.5"]);
    let (passed, failed, blocked) = late.counts();
    assert_eq!((late.code, passed, failed), (2, 0, 0), "{}", late.stdout);
    assert!(blocked > 1);
    assert_eq!(late.report()["interrupted"], false);
    assert!(late.stdout.contains("the run did not end within 0.5 s (`--timeout`)"), "{}", late.stdout);
    let outcome = Bench::new().oa_test(&with(CELLS, &["--timeout", "0"]));
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("a number of seconds greater than zero"), "{}", outcome.stderr);
}

#[test]
fn what_makes_the_exit_code_can_be_chosen() {
    let failing = ["--fault", Fault::AccessCodeMissing.name()];
    assert_eq!(run(&with(&failing, &["--fail-on", "nothing"])).1.code, 0);
    assert_eq!(run(&with(&failing, &["--fail-on", "failure"])).1.code, 1);
    let sparse = ["--variant", "opportunities-sparse"];
    let (_, passing) = run(&sparse);
    let warnings = passing.report().to_string().contains("\"level\":\"warning\"");
    assert!(warnings && passing.code == 0, "sparse opportunities have warnings of validation");
    assert_eq!(run(&with(&sparse, &["--fail-on", "warning"])).1.code, 1);
    let unreachable = Bench::new().oa_test(&["run", "--target", "http://127.0.0.1:1/", "--fail-on", "nothing"]);
    assert_eq!(unreachable.code, 2, "what was never judged did not pass");
}

#[test]
fn a_job_of_github_gets_annotations_and_a_summary_without_being_asked() {
    let bench = Bench::new();
    let mut command = bench.command(&with(CELLS, &["--fault", Fault::AccessCodeMissing.name()]));
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", bench.path("summary.md"));
    bench.write("summary.md", "before\n");
    let outcome = bench.outcome(&command.output().unwrap());
    // One cause, one annotation.
    assert_eq!(outcome.stdout.matches("\n::error title=access-code/").count(), 1, "{}", outcome.stdout);
    let summary = std::fs::read_to_string(bench.path("summary.md")).unwrap();
    assert!(summary.starts_with("before\n## oa-test: 6 of 6 cells failed\n"), "{summary}");
}

/// The last line of a text names everything that makes the exit code, and so does every other report.
#[test]
fn the_last_line_names_whatever_decides_the_exit_code() {
    let feeds = ["--fault", Fault::FeedsNotInOrder.name()];
    let expired = "- { cell: 'access-code/**', reason: late, expires: 2020-01-31 }";
    let missing = ["--fault", Fault::AccessCodeMissing.name(), "--known-failures", "known.yaml"];
    let flaky = ["--fault", Fault::BFailsAtFirst.name(), "--retries", "1", "--fail-on", "flaky"];
    for (more, code, cause) in [
        (&feeds[..], 1, "in feeds"),
        (&missing[..], 1, " failed"),
        (&flaky[..], 1, "1 flaky cell (--fail-on flaky)"),
        (&["--variant", "opportunities-sparse", "--fail-on", "suggestion"][..], 1, "(--fail-on suggestion)"),
        (&["--fault", Fault::AccessCodeMissing.name(), "--fail-on", "nothing"][..], 0, "ignored (--fail-on nothing)"),
        (&["--fault", Fault::DatasetSiteWithoutJsonLd.name()][..], 2, "1 failure in the dataset site"),
    ] {
        let bench = Bench::new();
        bench.write("known.yaml", expired);
        let outcome = bench.oa_test(&with(&with(CELLS, more), &["--color", "always", "--junit", "a.xml"]));
        assert_eq!(outcome.code, code, "{more:?}\n{}", outcome.stdout);
        let render = |kind: &str| bench.oa_test(&["report", kind, RUN]).stdout;
        let last = |text: &str| text.lines().last().unwrap().to_owned();
        assert!(last(&outcome.stdout).contains(cause), "{}", outcome.stdout);
        assert_eq!(last(&outcome.stdout).contains("\u{1b}[32m"), code == 0, "{}", outcome.stdout);
        assert!(last(&render("text")).contains(cause) && last(&render("table")).contains(cause));
        let first = render("markdown").lines().next().unwrap().to_owned();
        assert!(first.contains(cause) && (code == 0 || !first.contains("all ")), "{first}");
        let html = render("html");
        assert!(html.split("</title>").next().unwrap().contains(cause));
        assert!(!html.contains("<span class=\"word passed\">all "));
        let junit = std::fs::read_to_string(bench.path("a.xml")).unwrap();
        assert_eq!(junit.contains("<testsuite name=\"target\""), cause.contains("in "), "{junit}");
    }
    let (_, passes) = run(&["--color", "always"]);
    assert!(passes.stdout.lines().last().unwrap().contains("\u{1b}[32m"), "{}", passes.stdout);
}
