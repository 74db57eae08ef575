//! Which tests a command line asks for.

use crate::support::{Bench, run};

fn listed(arguments: &[&str]) -> (i32, String, String) {
    let all: Vec<&str> = ["list"].into_iter().chain(arguments.iter().copied()).collect();
    let outcome = Bench::new().oa_test(&all);
    (outcome.code, outcome.stdout, outcome.stderr)
}

#[test]
fn options_may_be_repeated_and_hold_globs() {
    let (code, all, _) = listed(&[]);
    assert_eq!(code, 0);
    assert!(all.ends_with("207 tests of 60 features\n"), "{all}");
    let (_, globs, _) = listed(&["--feature", "*-updates", "--feature", "test-*"]);
    assert!(globs.ends_with("5 tests of 2 features\n"), "{globs}");
    let (_, category, _) = listed(&["--category", "notifications", "--test", "*absent"]);
    assert!(category.ends_with("1 test of 1 feature\n"), "{category}");
    let (_, json, _) = listed(&["--format", "json", "--test", "*absent"]);
    let features: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(features[0]["tests"].as_array().unwrap().len(), 1);
}

#[test]
fn flows_and_types_narrow_the_cells() {
    let outcome = run(&[
        "--feature",
        "opportunity-att*",
        "--flow",
        "*Approval*",
        "--type",
        "ScheduledSession",
        "--type",
        "Multiple",
    ]);
    let cells: Vec<String> = outcome.verdicts().into_keys().collect();
    assert_eq!(cells.len(), 4);
    assert!(cells.iter().all(|cell| cell.contains("@OpenBookingApprovalFlow/")), "{cells:?}");
    assert!(cells.iter().all(|cell| !cell.contains("Slot")), "{cells:?}");
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    for (arguments, needle) in [
        (["--feature", "oportunity-attendance-updates"], "did you mean `opportunity-attendance-updates`?"),
        (["--category", "notification"], "did you mean `notifications`?"),
        (["--test", "create-oportunity"], "did you mean `create-opportunity`?"),
        (["--flow", "OpenBookingSimpelFlow"], "did you mean `OpenBookingSimpleFlow`?"),
        (["--type", "ScheduledSesion"], "did you mean `ScheduledSession`?"),
        (["--fault", "c1-hang"], "did you mean `c1-hangs`?"),
    ] {
        let outcome = run(&arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(outcome.stderr.contains(needle), "{arguments:?}\n{}", outcome.stderr);
        assert!(outcome.saved().is_none(), "nothing was run");
    }
}

#[test]
fn a_feature_that_is_not_configured_is_not_run_and_the_reason_is_reported() {
    let setting = "integrationTests.implementedFeatures.opportunity-attendance-updates=null";
    let features = ["--feature", "opportunity-attendance-*", "--feature", "test-interface"];
    let outcome = run(&[&["--set", setting, "--verbose"], features.as_slice()].concat());
    assert_eq!(outcome.counts(), (12, 0, 0));
    assert!(
        outcome.stdout.contains("`implementedFeatures.opportunity-attendance-updates` is not set"),
        "{}",
        outcome.stdout
    );
    let alone = run(&["--set", setting, "--feature", "opportunity-attendance-updates"]);
    assert_eq!(alone.code, 2, "a gate that checks nothing is not open");
}

#[test]
fn explain_tells_every_step() {
    let outcome = Bench::new().oa_test(&["explain", "opportunity-attendance-update-customer-absent"]);
    assert_eq!(outcome.code, 0);
    for needle in [
        "1. Fetch the opportunities and check them in the feeds",
        "2. C1: request an OrderQuote",
        "3. C2: request an OrderQuote",
        "4. B: book the Order (approval flow: P, acceptance by the Seller, B)",
        "5. AttendeeAbsentSimulateAction on the Order; await the Orders feed update",
    ] {
        assert!(outcome.stdout.contains(needle), "{needle}\n{}", outcome.stdout);
    }
    let unknown = Bench::new().oa_test(&["explain", "opportunity-attendance-update"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean `opportunity-attendance-updates`?"), "{}", unknown.stderr);
}

#[test]
fn a_folder_of_features_adds_to_the_catalogue_and_its_mistakes_are_placed() {
    let bench = Bench::new();
    let feature = r#"category: notifications
feature: opportunity-attendance-updates
name: Mine
summary: Only one test.
spec: https://openactive.io/open-booking-api/EditorsDraft/#opportunity-attendance-updates
required: false
coverage: partial
tests:
  - id: mine
    when: implemented
    name: Mine
    summary: Books and stops.
    criteria: { test: TestOpportunityBookable, control: TestOpportunityBookable }
    steps: [fetch, c1, c2, book]
"#;
    bench.write("mine/feature.yaml", feature);
    let outcome = bench.oa_test(&["run", "--features-dir", "mine", "--test", "mine"]);
    assert_eq!(outcome.counts(), (6, 0, 0), "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.cells()[0]["rerun"].as_str().unwrap().contains("--features-dir mine"));
    for (from, to, needle) in [
        ("steps: [fetch, c1, c2, book]", "steps: [fetch, c1, c3]", "mine/feature.yaml:14:"),
        (
            "TestOpportunityBookable, control",
            "TestOpportunityBookabel, control",
            "did you mean `TestOpportunityBookable`?",
        ),
        ("    summary: Books", "    sumary: Books", "did you mean `summary`?"),
        ("when: implemented", "when: [", "mine/feature.yaml:"),
    ] {
        bench.write("mine/feature.yaml", &feature.replacen(from, to, 1));
        let outcome = bench.oa_test(&["run", "--features-dir", "mine"]);
        assert_eq!(outcome.code, 2, "{to}");
        assert!(outcome.stderr.contains(needle), "{needle}\n{}", outcome.stderr);
    }
}

#[test]
fn an_action_that_is_declared_and_not_made_proves_nothing() {
    let bench = Bench::new();
    bench.write(
        "mine/feature.yaml",
        "category: notifications
feature: opportunity-attendance-updates
name: Mine
summary: Declares what it does not do.
spec: https://openactive.io/
required: false
coverage: partial
tests:
  - id: mine
    when: implemented
    name: Mine
    summary: Declares what it does not do.
    criteria: { test: TestOpportunityBookable, control: TestOpportunityBookable }
    actions: [AttendeeAttendedSimulateAction]
    steps: [fetch, c1]
",
    );
    let outcome = bench.oa_test(&["run", "--features-dir", "mine", "--test", "mine"]);
    assert_eq!(outcome.code, 2);
    let needle = "mine/feature.yaml:14:15: `actions` names AttendeeAttendedSimulateAction, but no step simulates it";
    assert!(outcome.stderr.contains(needle), "{}", outcome.stderr);
}

#[test]
fn a_second_booking_partner_that_is_not_configured_blocks_what_needs_one() {
    let outcome = run(&[
        "--set",
        "broker.bookingPartners.secondary=null",
        "--test",
        "booking-partner-partitioning-for-orders",
        "--type",
        "ScheduledSession",
    ]);
    assert_eq!(outcome.counts(), (0, 0, 2), "{}", outcome.stdout);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stdout.contains("`broker.bookingPartners.secondary` is not configured"), "{}", outcome.stdout);
}
