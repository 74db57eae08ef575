//! The look over everything that a run made, after its last cell.

use oa_test::sandbox::Fault;

use crate::citations::{assert_reviewed, of_failures};
use crate::language::assert_findings_are_complete;
use crate::support::{Outcome, SHORT_WAIT, run};

/// A test, its cells one after the other, so that what a fault does to an Order comes after the cell that booked it.
fn one_by_one(test: &str, more: &[&str]) -> Outcome {
    let settings = ["--set", "integrationTests.maximumNumberOfSimultaneousBookings=1", "--set", SHORT_WAIT];
    run(&[&["--profile", "strict", "--test", test][..], &settings, more].concat())
}

/// The checks beyond any cell that do not hold.
fn beyond(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.report()["findings"].as_array().unwrap();
    let mut checks: Vec<String> =
        findings.iter().map(|finding| finding["defect"].as_str().unwrap().to_owned()).collect();
    checks.sort_unstable();
    checks.dedup();
    checks
}

#[test]
fn what_changes_without_a_cause_is_found_after_the_last_cell() {
    for (fault, test, check) in [
        (Fault::OrdersAppearLater, "customer-included", "order-published-later"),
        (Fault::OrdersDeletedLater, "customer-included", "order-deleted-later"),
        (Fault::CapacityReturnsLater, "customer-included", "capacity-changed-later"),
        (Fault::CapacityVanishesLater, "customer-included", "capacity-changed-later"),
        (Fault::CancellationUndoneLater, "book-and-cancel", "cancelled_item_restored"),
        (Fault::DeletedOrdersReturn, "orders-updated-then-deleted", "deleted_order_restored"),
    ] {
        let outcome = one_by_one(test, &["--fault", fault.name()]);
        let (passed, failed, blocked) = outcome.counts();
        assert!(passed > 1 && failed + blocked == 0, "{fault}: no cell can see it\n{}", outcome.stdout);
        assert_eq!((beyond(&outcome), outcome.code), (vec![check.to_owned()], 1), "{fault}\n{}", outcome.stdout);
        assert_findings_are_complete(&outcome);
        assert_reviewed(fault.name(), &of_failures(outcome.report()));
    }
}

#[test]
fn nothing_is_found_where_nothing_changes() {
    for test in ["customer-included", "book-and-cancel", "orders-updated-then-deleted"] {
        let outcome = one_by_one(test, &[]);
        assert_eq!((beyond(&outcome), outcome.code), (vec![], 0), "{test}\n{}", outcome.stdout);
    }
}

#[test]
fn opportunities_whose_parent_is_in_no_feed_are_a_warning() {
    let outcome = one_by_one("create-opportunity", &["--fault", "create-without-parent", "--type", "ScheduledSession"]);
    let remarks = outcome.report()["remarks"].as_array().unwrap();
    let remark = remarks.iter().find(|remark| remark["rule"] == "parent_missing").unwrap();
    assert_eq!(remark["level"], "warning");
    let first = remark["first"].as_str().unwrap();
    assert!(first.contains("/scheduled-sessions/1, parent https://"), "{remark}");
    let honest = one_by_one("create-opportunity", &["--type", "ScheduledSession"]);
    let mut remarks = honest.report()["remarks"].as_array().into_iter().flatten();
    assert!(remarks.all(|remark| remark["rule"] != "parent_missing"), "{}", honest.stdout);
}
