//! The main job: features judged against the sandbox, over HTTP.

use oa_test::sandbox::Fault;
use serde_json::Value;

use crate::support::{Bench, EVERY_FEATURE, HEADER_CREDENTIALS_FILE, Outcome, STRICT_ONLY, run};

fn assert_all_passed(outcome: &Outcome, cells: u64) {
    assert_eq!(outcome.counts(), (cells, 0, 0), "{}\n{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
}

#[test]
fn the_command_of_the_readme_passes() {
    let outcome = run(&["--feature", "opportunity-attendance-updates"]);
    assert_all_passed(&outcome, 12);
    assert!(outcome.stdout.contains("12 passed"), "{}", outcome.stdout);
}

fn with_features(features: &[&str], value: &str, more: &[&str]) -> Outcome {
    let settings: Vec<String> =
        features.iter().map(|feature| format!("integrationTests.implementedFeatures.{feature}={value}")).collect();
    let mut arguments = more.to_vec();
    for setting in &settings {
        arguments.extend(["--set", setting]);
    }
    run(&arguments)
}

/// The sandbox is exemplary: a run against it has nothing to remark on.
fn assert_exemplary(outcome: &Outcome) {
    assert_eq!(outcome.remarks(), Vec::<String>::new());
    assert_eq!(outcome.report()["grades"], serde_json::json!({ "must": 0, "should": 0, "may": 0 }));
}

/// Remarks of every kind fail a run with this.
const FAIL_ON_ALL: [&str; 2] = ["--fail-on", "suggestion"];

#[test]
fn every_feature_passes_in_controlled_mode() {
    let (_, outcome) = &*EVERY_FEATURE;
    assert_all_passed(outcome, 817);
    assert_exemplary(outcome);
}

#[test]
fn every_feature_passes_in_random_mode() {
    let outcome = with_features(STRICT_ONLY, "true", &[&FAIL_ON_ALL[..], &["--random"]].concat());
    assert_all_passed(&outcome, 797);
    assert_exemplary(&outcome);
    let skipped = outcome.report()["skipped"].as_array().unwrap();
    let skipped = skipped.iter().find(|skipped| skipped["test"] == "create-opportunity").unwrap();
    assert_eq!(skipped["reason"], "requires controlled mode");
}

/// With the configuration that the public suite ships there are 583 cells in random mode.
#[test]
fn the_compatible_profile_has_the_cells_of_the_public_suite() {
    let setting = "integrationTests.implementedFeatures.change-of-logistics-notifications=false";
    for (mode, cells) in [("--random", 583), ("--controlled", 587)] {
        let outcome = run(&[&FAIL_ON_ALL[..], &["--profile", "compatible", mode, "--set", setting]].concat());
        assert_all_passed(&outcome, cells);
        assert_exemplary(&outcome);
    }
}

/// What every booking system must have.
const REQUIRED: &[&str] = &[
    "agent-broker",
    "amending-order-quote",
    "availability-check",
    "common-error-conditions",
    "dataset-site",
    "order-deletion",
    "test-interface",
];

#[test]
fn every_test_of_what_is_not_implemented_passes() {
    use oa_test::catalogue::{Catalogue, When};
    let mut run = Vec::new();
    // A booking system has either what is free or what has a price, and a single Seller where it has not several.
    for kept in [
        ["free-opportunities", "single-seller"].as_slice(),
        &["non-free-opportunities", "prepayment-required", "single-seller"],
    ] {
        let off: Vec<&str> = oa_test::vocabulary::FEATURE_NAMES
            .iter()
            .map(|(_, name)| *name)
            .filter(|name| !REQUIRED.contains(name) && !kept.contains(name))
            .collect();
        let on: Vec<String> =
            kept.iter().map(|name| format!("integrationTests.implementedFeatures.{name}=true")).collect();
        for profile in ["strict", "compatible"] {
            let mut arguments = vec![
                "--config",
                HEADER_CREDENTIALS_FILE,
                "--profile",
                profile,
                "--set",
                "integrationTests.bookingFlowsInScope.OpenBookingApprovalFlow=false",
                "--set",
                "sellers.secondary=null",
            ];
            for setting in &on {
                arguments.extend(["--set", setting]);
            }
            let outcome = with_features(&off, "false", &arguments);
            let (passed, failed, blocked) = outcome.counts();
            assert_eq!((failed, blocked), (0, 0), "{}\n{}", outcome.stdout, outcome.stderr);
            assert!(passed > 0);
            run.extend(outcome.verdicts().into_keys());
        }
    }
    let several = run_with_several_sellers();
    run.extend(several.verdicts().into_keys());
    let for_sellers = "booking-partner-openid-authentication-for-multiple-sellers";
    let without = with_features(&[for_sellers], "false", &["--feature", for_sellers]);
    assert_eq!(without.counts(), (1, 0, 0), "{}", without.stdout);
    run.extend(without.verdicts().into_keys());
    for (feature, test) in Catalogue::built_in().unwrap().tests().filter(|(_, test)| test.when == When::NotImplemented)
    {
        let id = format!("{}/{}", feature.id, test.id);
        let wanted = !REQUIRED.contains(&feature.id.as_str());
        // With resellers and without their tax.
        let tax = feature.id == "reseller-broker-tax-calculation";
        assert!(!wanted || tax || run.iter().any(|cell| cell.starts_with(&id)), "{id} did not run");
    }
}

/// The not-implemented tests that need several Sellers, and that of resellers without tax.
fn run_with_several_sellers() -> Outcome {
    let outcome = with_features(
        &["reseller-broker-tax-calculation"],
        "false",
        &["--feature", "single-seller", "--feature", "reseller-*"],
    );
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}", outcome.stdout);
    assert!(passed > 6, "{passed}");
    assert!(outcome.verdicts().keys().any(|cell| cell.contains("reseller-tax-excluded")));
    outcome
}

#[test]
fn what_every_booking_system_must_have_cannot_be_left_out() {
    let required: Vec<&str> = REQUIRED.iter().copied().filter(|name| *name != "test-interface").collect();
    let outcome = with_features(&required, "false", &["--test", "feature-required-noop"]);
    assert_eq!(outcome.counts(), (0, 31, 0), "{}", outcome.stdout);
    let unset = with_features(&["dataset-site"], "null", &["--feature", "dataset-site", "--feature", "single-seller"]);
    assert!(unset.messages().contains("the feature is required"), "{}", unset.messages());
}

/// Those that the other runs do not have.
#[test]
fn every_feature_passes_however_capacity_is_leased() {
    for (anonymous, named) in [(false, false), (false, true), (true, true)] {
        for mode in ["--controlled", "--random"] {
            let outcome = run(&[
                mode,
                "--set",
                &format!("integrationTests.implementedFeatures.anonymous-leasing={anonymous}"),
                "--set",
                &format!("integrationTests.implementedFeatures.named-leasing={named}"),
                "--feature",
                "access-code-update-notifications",
            ]);
            assert_all_passed(&outcome, 6);
        }
    }
}

#[test]
fn slots_of_facilities_pass_too() {
    let scope = "integrationTests.bookableOpportunityTypesInScope.FacilityUseSlot=true";
    for mode in ["--controlled", "--random"] {
        let outcome = run(&[mode, "--set", scope, "--feature", "opportunity-attendance-updates"]);
        assert_all_passed(&outcome, 16);
    }
}

#[test]
fn no_opportunity_is_used_twice() {
    let outcome = run(&["--random", "--category", "notifications", "--category", "access"]);
    let mut used: Vec<(&str, &str)> = Vec::new();
    for cell in outcome.cells() {
        for opportunity in cell["opportunities"].as_array().unwrap() {
            used.push((opportunity["id"].as_str().unwrap(), cell["id"].as_str().unwrap()));
        }
    }
    assert!(used.len() >= 18 * 2, "{}", used.len());
    for (id, cell) in &used {
        assert!(used.iter().all(|(other, user)| other != id || user == cell), "{id} is used by several cells");
    }
}

#[test]
fn a_multiple_cell_books_two_items_and_a_control_of_each_type() {
    let outcome = run(&["--type", "Multiple", "--test", "opportunity-attendance-update-customer-attended"]);
    assert_all_passed(&outcome, 2);
    for cell in outcome.cells() {
        let items = cell["opportunities"].as_array().unwrap();
        let ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        let controls: Vec<bool> = items.iter().map(|item| item["control"].as_bool().unwrap()).collect();
        assert_eq!(controls, [false, false, true, false, false, true]);
        assert_eq!(ids[0], ids[1], "a session holds several bookings, so both items are on one");
        assert_ne!(ids[0], ids[2]);
        assert_ne!(ids[3], ids[4], "a slot of a single court holds one booking");
    }
}

#[test]
fn the_same_seed_makes_the_same_choices_and_other_identifiers() {
    let requests = |outcome: &Outcome| -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = outcome.report()["exchanges"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|exchange| exchange["method"] == "PUT" && exchange["label"] != "B")
            .map(|exchange| {
                let mut body: Value = serde_json::from_str(exchange["request_body"].as_str().unwrap()).unwrap();
                if let Some(customer) = body["customer"].as_object_mut() {
                    customer.remove("identifier");
                }
                let uuid = exchange["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
                (body["customer"].to_string(), uuid)
            })
            .collect();
        all.sort();
        all
    };
    let arguments = ["--seed", "42", "--feature", "opportunity-attendance-updates"];
    let (first, second) = (run(&arguments), run(&arguments));
    let customers = |outcome: &Outcome| requests(outcome).into_iter().map(|(customer, _)| customer).collect::<Vec<_>>();
    assert_eq!(customers(&first), customers(&second));
    let before: Vec<String> = requests(&first).into_iter().map(|(_, uuid)| uuid).collect();
    assert!(requests(&second).iter().all(|(_, uuid)| !before.contains(uuid)));
    let other = run(&["--seed", "43", "--feature", "opportunity-attendance-updates"]);
    assert_ne!(customers(&first), customers(&other));
    assert_eq!(first.report()["seed"], 42);
}

#[test]
fn the_command_of_a_cell_runs_that_cell_alone() {
    let first = run(&["--seed", "5", "--profile", "compatible", "--feature", "test-interface"]);
    let cell = &first.cells()[0];
    let rerun = cell["rerun"].as_str().unwrap();
    let arguments: Vec<&str> = rerun.split(' ').skip(1).collect();
    let again = Bench::new().oa_test(&arguments);
    assert_eq!(again.cells().len(), 1, "{rerun}");
    assert_eq!(again.cells()[0]["id"], cell["id"]);
    assert_ne!(again.cells()[0]["order_uuid"], cell["order_uuid"]);
    assert_eq!(again.report()["profile"], "compatible");
}

#[test]
fn the_report_can_be_printed_as_json() {
    let outcome = run(&["--format", "json", "--test", "create-opportunity"]);
    let printed: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(&printed, outcome.report());
    assert_eq!(printed["version"], 7);
    assert_eq!(printed["tool"]["name"], "oa-test");
    assert_eq!(printed["mode"], "controlled");
    assert_eq!(printed["interrupted"], false);
}

#[test]
fn every_step_of_a_cell_has_its_exchanges_in_the_report() {
    let outcome = run(&["--test", "access-code-update-notifications", "--flow", "OpenBookingApprovalFlow"]);
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    for cell in outcome.cells() {
        let titles: Vec<&str> =
            cell["steps"].as_array().unwrap().iter().map(|step| step["title"].as_str().unwrap()).collect();
        assert_eq!(
            titles,
            ["Opportunities", "C1", "C2", "P", "Acceptance by the Seller", "B", "AccessCodeUpdateSimulateAction"]
        );
        for step in cell["steps"].as_array().unwrap() {
            let numbers = step["exchanges"].as_array().unwrap();
            assert!(!numbers.is_empty(), "{}", step["title"]);
            for number in numbers {
                assert!(exchanges.iter().any(|exchange| exchange["id"] == *number));
            }
        }
    }
}

#[test]
fn junit_has_a_case_for_each_cell() {
    let bench = Bench::new();
    let fault = Fault::AttendanceSwapped.name();
    let outcome = bench.oa_test(&[
        "run",
        "--junit",
        "junit.xml",
        "--fault",
        fault,
        "--set",
        crate::support::SHORT_WAIT,
        "--type",
        "ScheduledSession",
        "--feature",
        "*-updates",
        "--feature",
        "access-code-update-notifications",
        "--test",
        "opp*",
        "--test",
        "acc*",
        "--test",
        "create-opportunity",
        "--feature",
        "test-interface",
    ]);
    assert_eq!(outcome.code, 1);
    let xml = std::fs::read_to_string(bench.path("junit.xml")).unwrap();
    assert_eq!(xml.matches("<testcase").count(), 8, "{xml}");
    assert_eq!(xml.matches("<failure").count(), 4, "{xml}");
    assert!(xml.contains("tests=\"8\""), "{xml}");
    assert!(xml.contains("classname=\"notifications.opportunity-attendance-updates\""), "{xml}");
    assert!(xml.contains("rerun: oa-test run"), "{xml}");
}

#[test]
fn the_journal_tells_what_happened_as_it_happened() {
    let outcome = run(&["--test", "create-opportunity"]);
    let events: Vec<Value> = outcome.journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names.first(), Some(&"run-started"));
    assert_eq!(names.last(), Some(&"run-finished"));
    assert_eq!(names.iter().filter(|name| **name == "cell-started").count(), 4);
    let finished: Vec<&Value> = events.iter().filter(|event| event["event"] == "cell-finished").collect();
    assert_eq!(finished.len(), 4);
    for event in &finished {
        assert!(event["cell"].as_str().unwrap().starts_with("test-interface/create-opportunity"), "{}", event["cell"]);
        assert_eq!(event["verdict"], "passed");
    }
    assert!(finished.iter().all(|event| !event["exchanges"].as_array().unwrap().is_empty()));
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
