//! Saved runs are rejudged, without a target.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Bench, Outcome, SHORT_WAIT};

/// A run that is saved in a folder of its own.
struct Saved {
    bench: Bench,
    file: PathBuf,
    run: Outcome,
}

/// Runs a few features, and keeps what they leave. What `arguments` set counts most.
fn saved(arguments: &[&str]) -> Saved {
    let bench = Bench::new();
    let limits = ["--set", SHORT_WAIT, "--set", "integrationTests.maximumNumberOfSimultaneousBookings=20"];
    let run = bench.oa_test(&[&["run", "--seed", "9"], &limits[..], arguments].concat());
    let file = bench.path("output/run.json.gz");
    Saved { bench, file, run }
}

impl Saved {
    fn rejudge(&self, more: &[&str]) -> Outcome {
        let file = self.file.display().to_string();
        self.bench.oa_test(&[&["report", "rejudge", &file], more].concat())
    }

    /// Changes the run, and saves it again.
    fn change(&mut self, change: impl FnOnce(&mut Value)) {
        let mut report = self.run.report().clone();
        change(&mut report);
        self.file = self.bench.path("changed.json");
        std::fs::write(&self.file, report.to_string()).unwrap();
    }
}

const ATTENDANCE: &[&str] = &["--feature", "opportunity-attendance-updates"];

#[test]
fn a_run_that_passed_passes_again() {
    for more in [&[][..], &["--random"], &["--profile", "compatible"]] {
        let saved = saved(&[ATTENDANCE, &["--feature", "named-leasing", "--feature", "dataset-site"], more].concat());
        assert_eq!(saved.run.code, 0, "{}", saved.run.stdout);
        let again = saved.rejudge(&[]);
        assert_eq!(again.code, 0, "{}", again.stdout);
        assert!(again.stdout.contains(" rejudged: 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
    }
}

#[test]
fn a_run_with_faults_fails_again_for_the_same_reasons() {
    for (fault, feature) in [
        ("attendance-swapped", "opportunity-attendance-updates"),
        ("attendance-not-published", "opportunity-attendance-updates"),
        ("c1-wrong-media-type", "named-leasing"),
        ("b-status-202", "free-opportunities"),
        ("deletion-keeps-capacity", "customer-requested-cancellation"),
    ] {
        let saved = saved(&["--feature", feature, "--fault", fault]);
        let again = saved.rejudge(&[]);
        assert_eq!(again.code, saved.run.code, "{fault}: {}", again.stdout);
        assert!(again.stdout.contains(" 0 verdicts changed, 0 in their checks only"), "{fault}: {}", again.stdout);
    }
}

#[test]
fn another_response_changes_the_verdict() {
    let mut saved = saved(&[ATTENDANCE, &["--type", "ScheduledSession"]].concat());
    assert_eq!(saved.run.code, 0, "{}", saved.run.stdout);
    saved.change(|report| {
        let exchanges = report["exchanges"].as_array_mut().unwrap();
        let b = exchanges.iter_mut().find(|exchange| exchange["label"] == "B").unwrap();
        let body = b["answer"]["body"].as_str().unwrap().replace("OrderItemConfirmed", "OrderItemAttended");
        b["answer"]["body"] = body.into();
    });
    let file = saved.bench.path("judged.json").display().to_string();
    let again = saved.rejudge(&["--output", &file]);
    assert_eq!(again.code, 1, "{}", again.stdout);
    assert!(again.stdout.contains("1 verdict changed"), "{}", again.stdout);
    assert!(again.stdout.contains("B: order-items-confirmed (b) failed"), "{}", again.stdout);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(written["counts"]["failed"], 1);
}

#[test]
fn what_the_record_lacks_is_named() {
    let mut saved = saved(&[ATTENDANCE, &["--type", "ScheduledSession"]].concat());
    saved.change(|report| report["exchanges"].as_array_mut().unwrap().retain(|exchange| exchange["label"] != "B"));
    let again = saved.rejudge(&[]);
    assert!(again.stdout.contains("is not rejudged: exchange"), "{}", again.stdout);
    assert_eq!(again.code, 0, "{}", again.stdout);
}

const FEATURES: &[&str] = &["--feature", "dataset-site", "--feature", "opportunity-feed", "--type", "ScheduledSession"];

#[test]
fn what_was_found_beyond_the_cells_is_found_again() {
    for fault in ["feeds-not-in-order", "feeds-loop", "dataset-site-without-feeds", "seller-terms-without-tls"] {
        let saved = saved(&[FEATURES, &["--fault", fault]].concat());
        let file = saved.bench.path("judged.json").display().to_string();
        let again = saved.rejudge(&["--output", &file]);
        let written: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let found = &saved.run.report()["findings"];
        assert!(fault != "feeds-not-in-order" || !found.as_array().unwrap().is_empty(), "{}", saved.run.stdout);
        assert_eq!(&written["findings"], found, "{fault}");
        assert_eq!(written["remarks"], saved.run.report()["remarks"], "{fault}");
        assert_eq!(again.code, saved.run.code, "{fault}: {}", again.stdout);
        assert!(!again.stdout.contains("Target beyond the cells"), "{fault}: {}", again.stdout);
    }
}

/// What feeds show together, and what changed after the last cell, follows from the trace of the run.
#[test]
fn what_was_observed_at_the_end_of_a_run_is_judged_again() {
    let booking = ["--test", "customer-included", "--set", "integrationTests.maximumNumberOfSimultaneousBookings=1"];
    for (arguments, fault, check) in [
        (FEATURES, "feeds-share-kind", "kind_not_distinct"),
        (&booking[..], "orders-deleted-later", "order-deleted-later"),
    ] {
        let mut saved = saved(&[arguments, &["--fault", fault]].concat());
        let found = &saved.run.report()["findings"];
        let has = found.as_array().unwrap().iter().any(|finding| finding["defect"] == check);
        assert!(has, "{fault}: {}", saved.run.stdout);
        let file = saved.bench.path("judged.json").display().to_string();
        let again = saved.rejudge(&["--output", &file]);
        let written: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(&written["findings"], found, "{fault}");
        assert!(!again.stdout.contains("not rejudged"), "{fault}: {}", again.stdout);
        // Another observation is another finding.
        saved.change(|report| {
            for event in report["trace"].as_array_mut().unwrap() {
                let event = event.as_object_mut().unwrap();
                event.remove("kinds");
                if let Some(remnants) = event.get_mut("remnants") {
                    *remnants = serde_json::json!([]);
                }
            }
        });
        let again = saved.rejudge(&[]);
        assert!(again.stdout.contains("Target beyond the cells\n  no longer: "), "{fault}: {}", again.stdout);
    }
}

#[test]
fn another_page_or_dataset_site_changes_what_is_found_beyond_the_cells() {
    let mut saved = saved(FEATURES);
    assert_eq!(saved.run.code, 0, "{}", saved.run.stdout);
    saved.change(|report| {
        let events = report["trace"].as_array_mut().unwrap();
        let feed = events.iter_mut().find(|event| event["feed"] == "ScheduledSession feed").unwrap();
        let page = feed["pages"][0]["page"].as_str().unwrap().replacen("\"updated\"", "\"changed\"", 1);
        feed["pages"][0]["page"] = page.into();
        let exchanges = report["exchanges"].as_array_mut().unwrap();
        let site = exchanges.iter_mut().find(|exchange| exchange["label"] == "Dataset site").unwrap();
        let body = site["answer"]["body"].as_str().unwrap().replace("\"accessService\"", "\"accessServices\"");
        site["answer"]["body"] = body.into();
    });
    let again = saved.rejudge(&[]);
    assert_eq!(again.code, 1, "{}", again.stdout);
    for line in [
        "Target beyond the cells",
        "`accessService` of the dataset site is missing",
        "ScheduledSession feed: `state` is neither \"updated\" nor \"deleted\"",
    ] {
        assert!(again.stdout.contains(line), "{line}: {}", again.stdout);
    }
    saved.change(|report| {
        report.as_object_mut().unwrap().remove("trace");
    });
    let again = saved.rejudge(&[]);
    assert_eq!(again.code, 0, "{}", again.stdout);
    assert!(
        again.stdout.contains("the target beyond the cells is not rejudged: `trace` is missing"),
        "{}",
        again.stdout
    );
}
