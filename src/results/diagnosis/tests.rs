//! Groups of findings, and what follows from what.

use serde_json::json;

use super::key::general;
use super::*;
use crate::results::finding::Finding;
use crate::vocabulary::Stage;

/// A check of a step: the stage, the subject, the defect and the message of its finding.
type Row<'r> = (Stage, &'r str, &'r str, &'r str);

fn finding((stage, subject, defect, message): Row<'_>) -> Finding {
    let mut finding = Finding::new(message);
    finding.path = (!subject.is_empty()).then(|| subject.to_owned());
    defect.clone_into(&mut finding.defect);
    finding.classify(stage);
    finding
}

fn report(cells: &[(&str, &[Row<'_>])]) -> RunReport {
    let cell = |(verdict, rows): &(&str, &[Row<'_>]), number: usize| {
        let outcome = if *verdict == "failed" { "failed" } else { "blocked" };
        let checks: Vec<_> = rows
            .iter()
            .map(|row| json!({"name": "n", "stage": row.0, "outcome": outcome, "finding": finding(*row)}))
            .collect();
        let step = json!({
            "step": "s", "title": "S", "verdict": verdict, "checks": checks, "exchanges": [], "duration_ms": 0
        });
        json!({
            "id": format!("f/t{number}"), "category": "c", "feature": "f", "test": format!("t{number}"), "name": "n",
            "verdict": verdict, "reason": "the reason of a cell that never began",
            "steps": if rows.is_empty() { json!([]) } else { json!([step]) },
            "rerun": "oa-test run", "duration_ms": 0
        })
    };
    let cells: Vec<_> = cells.iter().enumerate().map(|(number, one)| cell(one, number)).collect();
    serde_json::from_value(json!({
        "version": 4, "tool": {"name": "t", "version": "0"}, "target": {"dataset_site": "d"}, "started": "",
        "duration_ms": 0, "seed": 0, "profile": "strict", "mode": "controlled",
        "scope": {"complete": true, "planned": 0, "plan": ""}, "interrupted": false,
        "counts": {"passed": 0, "failed": 0, "blocked": 0, "skipped": 0}, "findings": [], "notices": [],
        "cells": cells, "skipped": [], "shortages": [], "feeds": [], "exchanges": [], "configuration": {}
    }))
    .unwrap()
}

#[test]
fn one_property_and_one_defect_are_one_cause_whatever_the_stage() {
    let report = report(&[
        ("failed", &[(Stage::C1, "seller.name", "missing", "`seller.name` is missing")]),
        ("failed", &[(Stage::B, "seller.name", "RequiredFieldsRule", "`name` is missing from Organization")]),
    ]);
    let causes = diagnose(&report);
    assert_eq!(causes.len(), 1);
    assert_eq!((causes[0].stages.as_slice(), causes[0].failed), ([Stage::C1, Stage::B].as_slice(), 2));
    assert_eq!(causes[0].extent(), "2 cells");
}

#[test]
fn two_properties_or_two_defects_are_two_causes() {
    let report = report(&[
        ("failed", &[(Stage::C1, "seller.name", "missing", "a")]),
        ("failed", &[(Stage::C1, "broker.name", "wrong", "b")]),
        ("failed", &[(Stage::C1, "seller.name", "wrong", "c")]),
    ]);
    assert_eq!(diagnose(&report).len(), 3);
}

#[test]
fn what_is_within_a_missing_property_hangs_on_it() {
    let outer = (Stage::C2, "seller", "missing", "`seller` is missing");
    let inner = (Stage::C2, "seller.termsOfService", "missing", "`seller.termsOfService` is missing");
    let report = report(&[("failed", &[outer]), ("failed", &[outer, inner])]);
    let causes = diagnose(&report);
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].consequences.len(), 1);
    assert_eq!(causes[0].consequences[0].cells, 1);
}

#[test]
fn an_unrelated_defect_of_the_same_cells_is_another_cause() {
    let one = (Stage::C2, "seller", "missing", "`seller` is missing");
    let other = (Stage::C2, "customer.email", "wrong", "`customer.email` differs");
    let report = report(&[("failed", &[one, other]), ("failed", &[one, other])]);
    assert_eq!(diagnose(&report).len(), 2);
}

#[test]
fn the_error_that_is_not_returned_is_the_cause_at_every_stage() {
    let expecting = |stage: Stage, message: &str| {
        let mut finding = finding((stage, "", "wrong", message));
        finding.expected = Some("HTTP 409: OpportunityIsFullError".to_owned());
        cause_key(stage, None, &finding)
    };
    let c1 = expecting(Stage::C1, "C1 succeeded; it must be rejected with OpportunityIsFullError");
    assert_eq!(c1, expecting(Stage::B, "B was not rejected with OpportunityIsFullError"));
    let other = finding((Stage::C1, "", "wrong", "C1 succeeded; it must be rejected with UnknownOfferError"));
    assert_ne!(c1, cause_key(Stage::C1, None, &other));
}

#[test]
fn identifiers_and_numbers_tell_no_causes_apart_but_statuses_do() {
    let (one, other) = (
        "`remainingUses` of https://a.example/1 is 10 after C1",
        "`remainingUses` of https://b.example/22 is 9 after C1",
    );
    assert_eq!(general(one), general(other));
    assert_ne!(general("C1 returned HTTP 500"), general("C1 returned HTTP 404"));
    assert_eq!(general("AccessCodeUpdateSimulateAction returned HTTP 200"), "… returned HTTP 200");
    let (one, other) = ("the Orders feed has no update after Alpha", "the Orders feed has no update after Beta");
    assert_ne!(general(one), general(other));
}

#[test]
fn cells_that_never_began_are_one_cause_by_their_reason() {
    let report = report(&[("blocked", &[]), ("blocked", &[])]);
    let causes = diagnose(&report);
    assert_eq!(causes.len(), 1);
    assert_eq!((causes[0].verdict, causes[0].blocked()), (Verdict::Blocked, 2));
}

#[test]
fn a_wait_that_was_cut_short_is_counted_with_its_cause() {
    let late = (Stage::OrdersFeed, "", "late", "the Orders feed has no update of the Order after Order Cancellation");
    let mut report = report(&[("failed", &[late]), ("blocked", &[late])]);
    for check in report.cells[1].steps.iter_mut().flat_map(|step| &mut step.checks) {
        check.finding.as_mut().unwrap().cut = true;
    }
    let causes = diagnose(&report);
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].extent(), "1 cell, 1 blocked");
}

#[test]
fn a_wrong_total_explains_requests_that_repeat_it_and_no_other_rejection() {
    let total = (Stage::C1, "totalPaymentDue.price", "wrong", "`totalPaymentDue.price` is wrong");
    let full = (Stage::B, "", "wrong", "B was not rejected with OpportunityIsFullError");
    let mut report = report(&[("failed", &[total]), ("failed", &[total, full])]);
    assert_eq!(diagnose(&report).len(), 2);
    for check in report.cells[1].steps.iter_mut().flat_map(|step| &mut step.checks) {
        let finding = check.finding.as_mut().unwrap();
        finding.found = Some("HTTP 400: TotalPaymentDueMismatchError, the total is 14.99, not 10.0".to_owned());
    }
    assert_eq!(diagnose(&report).len(), 1);
}

#[test]
fn money_follows_from_the_amounts_that_it_is_calculated_from_alone() {
    let price = (Stage::OrdersFeed, "orderedItem.acceptedOffer.price", "wrong", "the price");
    let tax = (Stage::OrdersFeed, "orderedItem.unitTaxSpecification", "missing", "the tax");
    let total = (Stage::OrdersFeed, "totalPaymentTax.price", "wrong", "the sum");
    let prepayment = (Stage::OrdersFeed, "totalPaymentDue.openBookingPrepayment", "missing", "the prepayment");
    let causes = |rows: &[Row<'_>]| diagnose(&report(&[("failed", &rows[..1]), ("failed", rows)])).len();
    assert_eq!(causes(&[tax, total]), 1);
    assert_eq!(causes(&[tax, price]), 2);
    assert_eq!(causes(&[price, tax]), 1);
    assert_eq!(causes(&[total, prepayment]), 2);
}

#[test]
fn properties_of_the_same_name_in_two_objects_are_two_causes() {
    let seller = (Stage::C1, "seller.telephone", "wrong", "one");
    let customer = (Stage::C1, "customer.telephone", "wrong", "other");
    assert_eq!(diagnose(&report(&[("failed", &[seller]), ("failed", &[seller, customer])])).len(), 2);
}

#[test]
fn capacity_that_is_not_released_is_a_cause_for_each_request_that_must_release_it() {
    let of = |stage: Stage| (stage, "remainingUses", "wrong", "`remainingUses` of https://a.example/1 is 9");
    let groups = |stages: &[Stage]| {
        let rows: Vec<[Row<'_>; 1]> = stages.iter().map(|stage| [of(*stage)]).collect();
        let cells: Vec<(&str, &[Row<'_>])> = rows.iter().map(|row| ("failed", row.as_slice())).collect();
        diagnose(&report(&cells)).len()
    };
    assert_eq!(groups(&[Stage::C1, Stage::C2, Stage::B]), 1);
    assert_eq!(groups(&[Stage::QuoteDelete, Stage::Any]), 2);
}

#[test]
fn missing_properties_of_one_object_are_one_cause_where_each_cell_has_one_of_them() {
    let name = (Stage::C2, "customer.givenName", "missing", "`customer.givenName` is missing");
    let family = (Stage::C2, "customer.familyName", "missing", "`customer.familyName` is missing");
    let with_check = |mut report: RunReport| {
        for check in report.cells.iter_mut().flat_map(|cell| &mut cell.steps).flat_map(|step| &mut step.checks) {
            check.check = Some("customer-as-sent".to_owned());
        }
        report
    };
    let apart = with_check(report(&[("failed", &[name]), ("failed", &[family])]));
    let causes = diagnose(&apart);
    assert_eq!(causes.len(), 1);
    assert_eq!((causes[0].siblings.as_slice(), causes[0].failed), (["customer.familyName"].as_slice(), 2));
    let together = with_check(report(&[("failed", &[name]), ("failed", &[name, family])]));
    assert_eq!(diagnose(&together).len(), 2);
}

#[test]
fn the_example_has_the_words_of_most_findings() {
    let rare = (Stage::B, "totalPaymentDue.price", "wrong", "the total is not the sum");
    let common = (Stage::C1, "totalPaymentDue.price", "wrong", "the total includes too much");
    let report = report(&[("failed", &[rare]), ("failed", &[common]), ("failed", &[common])]);
    let causes = diagnose(&report);
    assert_eq!((causes.len(), causes[0].message), (1, common.3));
}

#[test]
fn what_a_feed_has_from_a_response_is_one_cause_and_what_it_alone_lacks_another() {
    let response = (Stage::B, "totalPaymentTax", "missing", "`totalPaymentTax` is missing");
    let feed = (Stage::OrdersFeed, "totalPaymentTax", "missing", "`totalPaymentTax` is missing");
    let both = report(&[("failed", &[response]), ("failed", &[response, feed])]);
    let causes = diagnose(&both);
    assert_eq!((causes.len(), causes[0].stages.as_slice()), (1, [Stage::B, Stage::OrdersFeed].as_slice()));
    assert!(causes[0].consequences.is_empty());
    let apart = report(&[("failed", &[response]), ("failed", &[feed])]);
    assert_eq!(diagnose(&apart).len(), 2);
}

#[test]
fn one_defect_of_many_responses_is_one_cause_whatever_the_request() {
    let of = |stage: Stage, message: &'static str| [(stage, "", "wrong", message)];
    let rows = [
        of(Stage::C1, "C1: the error response contains credentials"),
        of(Stage::C2, "C2: the error response contains credentials"),
        of(Stage::P, "P: the error response contains credentials"),
        of(Stage::B, "B: the error response contains credentials"),
    ];
    let cells: Vec<(&str, &[Row<'_>])> = rows.iter().map(|row| ("failed", row.as_slice())).collect();
    assert_eq!(diagnose(&report(&cells)).len(), 1);
    assert_eq!(diagnose(&report(&cells[..2])).len(), 2);
}

/// The same report, in which the finding at each place has another check, expected and found.
fn with(mut report: RunReport, said: &[(&str, &str, &str)]) -> RunReport {
    let checks = report.cells.iter_mut().flat_map(|cell| &mut cell.steps).flat_map(|step| &mut step.checks);
    for (number, (check, (name, expected, found))) in checks.zip(said).enumerate() {
        check.check = Some((*name).to_owned());
        let finding = check.finding.as_mut().unwrap();
        finding.expected = Some((*expected).to_owned());
        finding.found = Some((*found).to_owned());
        finding.exchange = u32::try_from(number / 2).ok();
    }
    report
}

#[test]
fn requests_that_must_be_rejected_and_get_the_server_error_of_all_others_follow_from_it() {
    let error = "HTTP 500: InternalApplicationError, internal error";
    let fails = (Stage::C1, "", "wrong", "C1 failed with HTTP 500");
    let full = (Stage::C1, "", "wrong", "C1 was not rejected with OpportunityIsFullError");
    let cells = || report(&[("failed", &[fails]), ("failed", &[full])]);
    let rejection = ("rejection-status", "HTTP 409: OpportunityIsFullError");
    let causes =
        |found| diagnose(&with(cells(), &[("status", "HTTP 200", error), (rejection.0, rejection.1, found)])).len();
    assert_eq!(causes(error), 1);
    assert_eq!(causes("HTTP 409: OpportunityIsInConflictError, other"), 2);
}

#[test]
fn what_is_made_of_order_items_that_are_missing_follows_from_their_number() {
    let count = (Stage::C1, "orderedItem", "wrong", "`orderedItem` has 0 OrderItems, but the request has 1");
    let tax = (Stage::C1, "totalPaymentTax", "wrong", "`totalPaymentTax` does not equal the sum");
    let seller = (Stage::C1, "seller.name", "wrong", "`seller.name` differs");
    let causes = |other| {
        let cells = report(&[("failed", &[other, count]), ("failed", &[count])]);
        let said = [("other", "1", "2"), ("order-item-count", "1", "0"), ("order-item-count", "1", "0")];
        diagnose(&with(cells, &said)).len()
    };
    assert_eq!(causes(tax), 1);
    assert_eq!(causes(seller), 2);
}

#[test]
fn totals_follow_from_errors_that_order_items_of_the_same_response_lack() {
    let error = (Stage::C1, "orderedItem[1].error", "missing", "`orderedItem[1].error` lacks UnknownOfferError");
    let total = (Stage::C1, "totalPaymentDue.price", "wrong", "`totalPaymentDue.price` does not equal the sum");
    let said = [("totals", "10", "0"), ("order-item-errors", "\"UnknownOfferError\"", "none")];
    assert_eq!(diagnose(&with(report(&[("failed", &[total, error])]), &said)).len(), 1);
    // Those of another response.
    let apart =
        with(report(&[("failed", &[error]), ("failed", &[error]), ("failed", &[total])]), &[said[1], said[1], said[0]]);
    assert_eq!(diagnose(&apart).len(), 2);
}

#[test]
fn order_items_that_cannot_be_found_again_follow_from_their_missing_ids() {
    let id = (Stage::B, "orderedItem[0].id", "RequiredFieldsRule", "`@id` is missing from OrderItem");
    let lost = (Stage::OrdersFeed, "orderedItem", "missing", "the OrderItem at position 0 is not there");
    let price = (Stage::OrdersFeed, "orderedItem[0].acceptedOffer.price", "wrong", "the price differs");
    assert_eq!(diagnose(&report(&[("failed", &[id, lost])])).len(), 1);
    assert_eq!(diagnose(&report(&[("failed", &[id, price])])).len(), 2);
}

#[test]
fn the_data_model_and_a_check_that_found_one_value_are_one_cause() {
    let check = (Stage::B, "orderedItem.orderItemStatus", "wrong", "`orderItemStatus` is not OrderItemConfirmed");
    let model = (Stage::B, "orderedItem.orderItemStatus", "ValueRule", "`orderItemStatus` is not an allowed value");
    let causes = |found| {
        let said = ("order-items-confirmed", "Confirmed", "Proposed");
        let cells = report(&[("failed", &[check]), ("failed", &[check]), ("failed", &[model])]);
        diagnose(&with(cells, &[said, said, ("valid", "one of 5", found)])).len()
    };
    assert_eq!(causes("Proposed"), 1);
    assert_eq!(causes("Unknown"), 2);
}

#[test]
fn one_error_in_the_same_words_is_one_cause_at_two_endpoints() {
    let one = (Stage::OrderPatch, "", "wrong", "Order Cancellation failed with HTTP 400");
    let other = (Stage::ProposalPatch, "", "wrong", "OrderProposal Update failed with HTTP 400");
    let causes = |found: &str, then: &str| {
        let said = [("status", "HTTP 204", found), ("status", "HTTP 204", then)];
        diagnose(&with(report(&[("failed", &[one]), ("failed", &[other])]), &said)).len()
    };
    let error = "HTTP 400: PatchContainsExcessivePropertiesError, ext:remark is not allowed";
    assert_eq!(causes(error, error), 1);
    assert_eq!(causes(error, "HTTP 400: PatchNotAllowedOnPropertyError, other"), 2);
}
