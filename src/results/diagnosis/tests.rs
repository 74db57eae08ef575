//! Groups of findings, and what follows from what.

use serde_json::json;

use super::key::general;
use super::*;
use crate::results::cell::Finding;
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
