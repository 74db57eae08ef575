//! Signals in the middle of a run.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use oa_test::sandbox::Fault;

use crate::support::Bench;

/// Starts a run that cannot end by itself, waits until it is in the middle, and sends a signal.
fn interrupted_by(signal: &str) {
    let bench = Bench::new();
    let child = bench
        .command(&["run", "--category", "access", "--fault", Fault::C1Hangs.name(), "--junit", "junit.xml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let journal = bench.path("output/journal.ndjson.gz");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !crate::support::journal(&journal).contains("\"what\":\"C1\"") {
        assert!(Instant::now() < deadline, "the run did not come to C1");
        std::thread::sleep(Duration::from_millis(10));
    }
    let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    let outcome = bench.outcome(&output);
    assert_eq!(outcome.code, 130, "{}\n{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.report()["interrupted"], true);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((passed, failed), (0, 0));
    assert!(blocked > 0);
    assert!(outcome.messages().contains("the run was interrupted"));
    assert!(outcome.stdout.contains("interrupted"), "{}", outcome.stdout);
    assert!(bench.path("junit.xml").exists());
}

#[test]
fn ctrl_c_leaves_a_report() {
    interrupted_by("-INT");
}

#[test]
fn a_request_to_terminate_leaves_a_report() {
    interrupted_by("-TERM");
}

/// `watch` ends as `run` does, however many signals come while a run ends.
#[test]
fn ctrl_c_ends_a_watch_as_it_ends_a_run() {
    let bench = Bench::new();
    let mut child = bench
        .command(&["watch", "--category", "access", "--fault", Fault::C1Hangs.name()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let journal = bench.path("output/journal.ndjson.gz");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !crate::support::journal(&journal).contains("\"what\":\"C1\"") {
        assert!(Instant::now() < deadline, "the run did not come to C1");
        std::thread::sleep(Duration::from_millis(10));
    }
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "it did not end");
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(status.code(), Some(130));
}
