//! Each check can be shown to fail: the sandbox deviates in one way, and exactly the checks that should see it do.

use oa_test::sandbox::Fault;

use crate::language::assert_findings_are_complete;
use crate::support::{Outcome, SHORT_WAIT, run};

const ATTENDANCE: &str = "opportunity-attendance-updates";
const CODES: &str = "access-code-update-notifications";
const INTERFACE: &str = "test-interface";

/// One feature with one fault, in cells where nothing else differs.
fn with(fault: Fault, feature: &str, more: &[&str]) -> Outcome {
    let test = if feature == INTERFACE { "create-opportunity" } else { "*" };
    let mut arguments = vec![
        "--feature",
        feature,
        "--test",
        test,
        "--fault",
        fault.name(),
        "--set",
        SHORT_WAIT,
        "--set",
        "integrationTests.openBookingApiRequestTimeout=3000",
        "--set",
        "integrationTests.maximumNumberOfSimultaneousBookings=20",
    ];
    arguments.extend_from_slice(more);
    let outcome = run(&arguments);
    assert_findings_are_complete(&outcome);
    outcome
}

/// Names of failed checks, without invariants of whole documents, which have tests of their own.
fn broken_checks(outcome: &Outcome) -> Vec<String> {
    let mut broken = outcome.broken_checks();
    let of_documents = |row: &&oa_test::checks::Row| matches!(row.made, oa_test::checks::Made::Document(_));
    broken.retain(|name| {
        !oa_test::checks::rows().filter(of_documents).any(|row| name.ends_with(&format!(": {}", row.id)))
    });
    broken
}

/// Exactly these checks do not hold.
fn assert_broken(fault: Fault, feature: &str, more: &[&str], expected: &[&str]) {
    let outcome = with(fault, feature, more);
    let mut broken = broken_checks(&outcome);
    broken.sort();
    let mut expected: Vec<&str> = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(broken, expected, "{fault} {feature}\n{}", outcome.stdout);
    let code = if expected.iter().any(|check| check.starts_with("failed")) { 1 } else { 2 };
    assert_eq!(outcome.code, code, "{fault} {feature}");
}

const SIMPLE: &[&str] = &["--flow", "OpenBookingSimpleFlow"];
const SESSION: &[&str] = &["--flow", "OpenBookingSimpleFlow", "--type", "ScheduledSession"];
const APPROVAL: &[&str] = &["--flow", "OpenBookingApprovalFlow"];
const ATTENDED: &str = "failed AttendeeAttendedSimulateAction: orderedItem[*].orderItemStatus is ID";
const ABSENT: &str = "failed AttendeeAbsentSimulateAction: orderedItem[*].orderItemStatus is ID";
const CODE: &str = "failed AccessCodeUpdateSimulateAction: access-code-changed";

#[test]
fn attendance_that_is_recorded_wrongly_fails_on_the_status_alone() {
    for fault in [Fault::AttendanceNotRecorded, Fault::AttendanceSwapped, Fault::AttendanceFirstItemOnly] {
        assert_broken(fault, ATTENDANCE, &[], &[ATTENDED, ABSENT]);
    }
    // A word that the data model does not know is no valid document either.
    let invalid = ["AttendeeAttended", "AttendeeAbsent"].map(|action| format!("failed {action}SimulateAction: valid"));
    assert_broken(Fault::AttendanceLegacyStatus, ATTENDANCE, &[], &[ATTENDED, ABSENT, &invalid[0], &invalid[1]]);
}

#[test]
fn attendance_of_the_first_item_only_is_seen_where_there_are_several() {
    let outcome = with(Fault::AttendanceFirstItemOnly, ATTENDANCE, SIMPLE);
    for (cell, verdict) in outcome.verdicts() {
        assert_eq!(verdict, if cell.ends_with("/Multiple") { "failed" } else { "passed" }, "{cell}");
    }
    assert!(outcome.messages().contains("in 5 of 6 entries"), "{}", outcome.messages());
}

#[test]
fn attendance_that_is_not_published_fails_on_the_missing_update() {
    assert_broken(
        Fault::AttendanceNotPublished,
        ATTENDANCE,
        &[],
        &[
            "failed AttendeeAttendedSimulateAction: update-published",
            "failed AttendeeAbsentSimulateAction: update-published",
        ],
    );
    let found = with(Fault::AttendanceNotPublished, ATTENDANCE, SESSION);
    let findings = found.findings();
    let finding = findings.first().unwrap();
    assert!(finding["found"].as_str().unwrap().starts_with("no update of the item ("), "{finding}");
}

#[test]
fn the_finding_tells_what_the_feed_did_show() {
    let outcome = with(Fault::AttendanceLegacyStatus, ATTENDANCE, SESSION);
    let findings = outcome.findings();
    let finding = findings.iter().find(|finding| finding.get("expected").is_some()).unwrap();
    assert_eq!(finding["found"], "\"https://openactive.io/CustomerAttended\"");
    assert_eq!(finding["expected"], "\"https://openactive.io/AttendeeAttended\"");
    assert_eq!(finding["path"], "orderedItem[0].orderItemStatus");
    assert!(finding["spec"].as_str().unwrap().ends_with("#opportunity-attendance-updates"));
    let number = &finding["exchange"];
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    let exchange = exchanges.iter().find(|exchange| exchange["id"] == *number).unwrap();
    assert!(exchange["answer"]["body"].as_str().unwrap().contains("CustomerAttended"));
}

#[test]
fn access_codes_that_are_not_new_fail_on_the_code_alone() {
    for fault in [Fault::AccessCodeUnchanged, Fault::AccessCodeReordered, Fault::AccessCodeRemoved] {
        assert_broken(fault, CODES, &[], &[CODE]);
    }
    assert_broken(Fault::AccessCodeFirstItemOnly, CODES, &[], &[CODE]);
    let reordered = with(Fault::AccessCodeReordered, CODES, SESSION);
    assert!(reordered.messages().contains("entries of the B response, reordered"), "{}", reordered.messages());
}

#[test]
fn a_changed_order_of_access_codes_passes_in_the_compatible_profile_as_the_public_suite_has_it() {
    let outcome = with(Fault::AccessCodeReordered, CODES, &["--profile", "compatible"]);
    assert_eq!(outcome.counts(), (6, 0, 0), "{}", outcome.stdout);
    let unchanged = with(Fault::AccessCodeUnchanged, CODES, &["--profile", "compatible"]);
    assert_eq!(unchanged.counts(), (0, 6, 0), "{}", unchanged.stdout);
}

#[test]
fn an_item_that_the_orders_feed_leaves_out_is_missed() {
    let outcome = with(Fault::OrdersFeedDropsItem, ATTENDANCE, &["--type", "Multiple"]);
    assert_eq!(
        broken_checks(&outcome),
        [
            "failed AttendeeAttendedSimulateAction: orderedItem has an entry for every OrderItem",
            "failed AttendeeAbsentSimulateAction: orderedItem has an entry for every OrderItem",
        ],
        "{}",
        outcome.stdout
    );
}

#[test]
fn an_action_that_is_not_implemented_is_named_with_what_to_set() {
    assert_broken(Fault::ActionsNotImplemented, CODES, &[], &["failed AccessCodeUpdateSimulateAction: status"]);
    let outcome = with(Fault::ActionsNotImplemented, CODES, SESSION);
    let findings = outcome.findings();
    let hint = findings.first().unwrap()["hint"].as_str().unwrap();
    assert!(hint.contains("`implementedFeatures.access-code-update-notifications` to false"), "{hint}");
}

const OWN: &str = "Opportunities from the Test Interface";

#[test]
fn a_test_interface_that_creates_something_else_fails() {
    let expect = |fault: Fault, checks: &[&str]| {
        let checks: Vec<String> = checks.iter().map(|check| format!("failed {OWN}: {check}")).collect();
        assert_broken(fault, INTERFACE, SESSION, &checks.iter().map(String::as_str).collect::<Vec<_>>());
    };
    expect(Fault::CreateStatus404, &["status"]);
    expect(Fault::CreateWrongType, &["creation-response"]);
    expect(Fault::CreateWrongSeller, &["created-seller"]);
    expect(Fault::CreateWrongCriteria, &["criteria"]);
    expect(Fault::CreateNotPublished, &["creation-published"]);
    expect(Fault::CreateWithoutParent, &["creation-published"]);
}

#[test]
fn a_missing_parent_is_named() {
    let outcome = with(Fault::CreateWithoutParent, INTERFACE, SESSION);
    let parent = "but its parent https://id.sandbox.example.org/session-series/";
    let mut found = outcome.findings().into_iter().filter_map(|finding| finding["found"].as_str());
    assert!(found.any(|found| found.contains(parent)), "{}", outcome.stdout);
}

#[test]
fn a_test_interface_that_does_not_work_blocks_what_needs_it() {
    for fault in [Fault::CreateStatus404, Fault::CreateWrongSeller, Fault::CreateNotPublished] {
        let outcome = with(fault, CODES, SESSION);
        assert_eq!(outcome.counts(), (0, 0, 1), "{fault}\n{}", outcome.stdout);
        assert_eq!(outcome.code, 2, "{fault}");
        let steps = outcome.cells()[0]["steps"].as_array().unwrap();
        for step in &steps[1..] {
            assert_eq!(step["verdict"], "not-run");
            assert_eq!(step["note"], "blocked by Opportunities");
        }
    }
}

#[test]
fn quotes_that_are_wrong_fail_at_their_step() {
    assert_broken(Fault::C1WrongMediaType, CODES, SIMPLE, &["failed C1: media-type"]);
    assert_broken(Fault::C1DropsItem, CODES, &["--type", "Multiple"], &["failed C1: order-item-count"]);
    assert_broken(Fault::C1CountsOwnLease, CODES, SIMPLE, &["failed C1: capacity-in-quote"]);
    assert_broken(Fault::C1TakesNoLease, CODES, SESSION, &["failed C1: capacity-in-feeds"]);
    assert_broken(Fault::C2WithoutSeller, CODES, SIMPLE, &["failed C2: valid"]);
}

#[test]
fn bookings_that_are_wrong_fail_at_their_step() {
    assert_broken(Fault::BStatus202, CODES, SIMPLE, &["failed B: status"]);
    assert_broken(Fault::BNotConfirmed, CODES, SIMPLE, &["failed B: order-items-confirmed"]);
    assert_broken(Fault::BTakesCapacityTwice, CODES, SESSION, &["failed B: capacity-in-feeds"]);
    let outcome = with(Fault::BWithoutItemIds, CODES, SESSION);
    assert_eq!(outcome.counts(), (0, 1, 0));
    assert!(outcome.messages().contains("`@id` is missing"), "{}", outcome.messages());
}

#[test]
fn an_order_without_ordered_item_fails_at_b_and_stops_there() {
    let outcome = with(Fault::BWithoutOrderedItem, ATTENDANCE, SESSION);
    assert_eq!(outcome.counts(), (0, 2, 0), "{}", outcome.stdout);
    assert!(outcome.messages().contains("`orderedItem` is missing"), "{}", outcome.messages());
    let steps = outcome.cells()[0]["steps"].as_array().unwrap();
    let last = steps.last().unwrap();
    assert_eq!(last["verdict"], "not-run");
    assert_eq!(last["note"], "blocked by B");
}

#[test]
fn proposals_that_are_wrong_fail_at_their_step() {
    assert_broken(Fault::PWithoutVersion, CODES, APPROVAL, &["failed P: valid"]);
    assert_broken(Fault::PAcceptedAtOnce, CODES, APPROVAL, &["failed P: proposal-awaits-seller"]);
    assert_broken(
        Fault::AcceptanceNotPublished,
        CODES,
        APPROVAL,
        &["failed Acceptance by the Seller: seller-acceptance-published"],
    );
    assert_broken(Fault::ProposalStaysInFeed, CODES, APPROVAL, &["failed B: proposal-deleted-after-b"]);
}

#[test]
fn every_fault_is_listed_and_belongs_to_a_section() {
    let outcome = crate::support::Bench::new().oa_test(&["sandbox", "--list-faults"]);
    assert_eq!(outcome.code, 0);
    for fault in Fault::ALL {
        assert!(outcome.stdout.contains(fault.name()), "{fault}");
        assert!(outcome.stdout.contains(fault.summary()), "{fault}");
        let sections = ["https://openactive.io/", "https://openid.net/specs/", "https://www.rfc-editor.org/rfc/"];
        assert!(sections.iter().any(|section| fault.spec().starts_with(section)), "{fault}");
    }
}

#[test]
fn every_summary_of_a_fault_names_a_subject_and_its_deviation() {
    let banned = [
        "answer", "answers", "tell", "tells", "told", "say", "says", "forget", "come", "comes", "what", "who", "nobody",
    ];
    let mut known = std::collections::BTreeSet::new();
    for fault in Fault::ALL {
        let summary = fault.summary();
        assert!(known.insert(summary), "{fault} has the summary of another fault: {summary}");
        assert!(summary.len() <= 80 && !summary.contains('\n'), "{fault}: {summary}");
        let words: Vec<&str> = summary.split(|letter: char| !letter.is_alphanumeric()).collect();
        assert!(!words.iter().any(|word| banned.contains(&word.to_lowercase().as_str())), "{fault}: {summary}");
        assert!(!["the", "a", "an"].contains(&words[0]), "{fault}: {summary}");
    }
}

#[test]
fn every_fault_is_shown_by_a_test_to_do_what_it_says() {
    let tests = [
        include_str!("aftermath.rs"),
        include_str!("authentication.rs"),
        include_str!("faults.rs"),
        include_str!("troubles.rs"),
        include_str!("secrets.rs"),
        include_str!("sandbox/deviations.rs"),
        include_str!("sandbox/deviating_answers.rs"),
        include_str!("sandbox/deviating_rules.rs"),
        include_str!("sandbox/p.rs"),
        include_str!("coverage.rs"),
        include_str!("feed_rules.rs"),
        // The test that finds it passes against the honest sandbox: `detection.rs`.
        include_str!("../../fixtures/faults.txt"),
    ]
    .concat();
    let words: std::collections::HashSet<&str> =
        tests.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != ':').collect();
    for fault in Fault::ALL {
        let shown = words.contains(format!("Fault::{fault:?}").as_str()) || words.contains(fault.name());
        assert!(shown, "{fault}");
    }
}
