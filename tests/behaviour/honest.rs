//! The sandbox is exemplary: a run against it has nothing to remark on.

use serde_json::Value;

use crate::support::{Bench, Outcome, run};

/// Every remark of a run, in words.
fn remarks(outcome: &Outcome) -> Vec<String> {
    let report = outcome.report();
    let steps = outcome.cells().iter().flat_map(|cell| cell["steps"].as_array().unwrap());
    let of_steps = steps.filter_map(|step| step["remarks"].as_array());
    let all = of_steps.chain(report["remarks"].as_array()).flatten();
    all.map(|remark| format!("{} {} at {}", remark["rule"], remark["message"], remark["path"])).collect()
}

/// A third of the cells with each seed, so that every combination makes each cell once.
fn nothing_to_remark_on(profile: &str, mode: &str) {
    for seed in 1..=3 {
        let (shard, seed) = (format!("{seed}/3"), seed.to_string());
        let arguments = ["--profile", profile, mode, "--shard", &shard, "--seed", &seed, "--fail-on", "suggestion"];
        let outcome = run(&arguments);
        assert_eq!(remarks(&outcome), Vec::<String>::new(), "{arguments:?}");
        assert_eq!(outcome.report()["grades"], serde_json::json!({ "must": 0, "should": 0, "may": 0 }));
        assert_eq!(outcome.code, 0, "{arguments:?}\n{}", outcome.stdout);
    }
}

#[test]
fn a_strict_controlled_run_has_nothing_to_remark_on() {
    nothing_to_remark_on("strict", "--controlled");
}

#[test]
fn a_strict_random_run_has_nothing_to_remark_on() {
    nothing_to_remark_on("strict", "--random");
}

#[test]
fn a_compatible_controlled_run_has_nothing_to_remark_on() {
    nothing_to_remark_on("compatible", "--controlled");
}

#[test]
fn a_compatible_random_run_has_nothing_to_remark_on() {
    nothing_to_remark_on("compatible", "--random");
}

#[test]
fn what_a_series_lacks_is_remarked_on_once() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&["run", "--variant", "opportunities-sparse", "--test", "create-opportunity"]);
    let all = outcome.report()["remarks"].as_array().unwrap().clone();
    let about = |model: &str, name: &str| {
        let same = |remark: &&Value| remark["model"] == model && remark["path"] == name;
        all.iter().filter(same).count()
    };
    assert_eq!((about("SessionSeries", "leader"), about("SessionSeries", "ageRange")), (1, 1), "{all:?}");
    assert_eq!((about("ScheduledSession", "leader"), about("ScheduledSession", "ageRange")), (0, 0), "{all:?}");
    // Each event has its own capacity, whatever its series.
    assert_eq!(about("ScheduledSession", "maximumAttendeeCapacity"), 1, "{all:?}");
}
