//! The rules of RPDE in a run: pages of every feed are judged by them, those of the Orders feeds too.

use std::sync::{Arc, OnceLock};

use oa_test::sandbox::Fault;
use serde_json::{Value, json};

use crate::support::{Bench, Outcome, Target, respond, run};

const CELL: &[&str] = &["--test", "opportunity-attendance-update-customer-attended", "--type", "ScheduledSession"];
const ORDERS: &[&str] = &["--flow", "OpenBookingSimpleFlow"];
const PROPOSALS: &[&str] = &["--feature", "minimal-proposal", "--test", "accept-proposal-book"];

fn with(fault: Fault, arguments: &[&[&str]]) -> Outcome {
    run(&[&arguments.concat()[..], &["--fault", fault.name()]].concat())
}

/// What is wrong with the feeds of Orders, beyond any cell.
fn of_orders(outcome: &Outcome) -> Vec<Value> {
    let findings = outcome.report()["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["message"].as_str().unwrap().starts_with("Order")).cloned().collect()
}

fn remarks(outcome: &Outcome) -> Vec<Value> {
    let all = outcome.report()["remarks"].as_array().into_iter().flatten();
    all.filter(|remark| remark["message"].as_str().unwrap().starts_with("Order")).cloned().collect()
}

#[test]
fn an_orders_feed_that_breaks_a_rule_is_a_finding_about_the_target() {
    for (fault, message, found) in [
        (
            Fault::OrderFeedsWrongMediaType,
            "Orders feed (primary): `Content-Type` is not that of the feed",
            "application/json",
        ),
        (Fault::OrderFeedsModifiedText, "Orders feed (primary): `modified` is an integer as a string", ": \""),
        (Fault::OrderFeedsWithoutKind, "Orders feed (primary): `kind` of an item is missing", ": item "),
        (Fault::OrderFeedsRepeatItems, "Orders feed (primary): an item occurs twice in one page", ": item "),
        (
            Fault::OrderFeedsWithoutAfterId,
            "Orders feed (primary): `next` has `afterTimestamp` without `afterId`",
            "orders-rpde?afterTimestamp=",
        ),
    ] {
        let outcome = with(fault, &[CELL, ORDERS]);
        // That the kind is Order is a check of the cell, too.
        let counts = if fault == Fault::OrderFeedsWithoutKind { (0, 1, 0) } else { (1, 0, 0) };
        assert_eq!((outcome.counts(), outcome.code), (counts, 1), "{fault}\n{}", outcome.stdout);
        let findings = of_orders(&outcome);
        assert_eq!(findings.len(), 1, "{fault}: {findings:#?}");
        let finding = &findings[0];
        assert_eq!(finding["message"], message, "{fault}");
        assert!(finding["expected"].is_string() && finding["found"].as_str().unwrap().contains(found), "{finding}");
        assert!(finding["spec"].as_str().unwrap().starts_with("https://openactive.io/"), "{finding}");
        let cited = finding["violates"][0]["id"].as_str().unwrap_or_default();
        assert!(cited.starts_with("OB-realtime-paged-data-exchange-1-0-"), "{finding}");
    }
}

#[test]
fn rules_are_judged_in_the_order_proposals_feed_too() {
    let outcome = with(Fault::OrderFeedsDeletedWithData, &[PROPOSALS, &["--type", "ScheduledSession"]]);
    assert_eq!((outcome.counts().1, outcome.code), (0, 1), "{}", outcome.stdout);
    let findings = of_orders(&outcome);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["message"], "OrderProposals feed (primary): `data` of a deleted item is included");
}

#[test]
fn caching_of_an_orders_feed_is_a_warning() {
    let outcome = with(Fault::OrderFeedsCached, &[CELL, ORDERS]);
    assert_eq!((outcome.counts(), outcome.code), ((1, 0, 0), 0), "{}", outcome.stdout);
    let remarks = remarks(&outcome);
    assert_eq!(remarks.len(), 1, "{remarks:#?}");
    assert_eq!((&remarks[0]["rule"], &remarks[0]["level"]), (&json!("excessive_cache_control"), &json!("warning")));
}

#[test]
fn honest_orders_feeds_break_no_rule() {
    for profile in ["compatible", "strict"] {
        let features = ["--feature", "opportunity-attendance-updates", "--feature", "minimal-proposal"];
        for mode in [&[][..], &["--random"]] {
            let arguments = [&features[..], &["--type", "ScheduledSession", "--profile", profile], mode].concat();
            let outcome = run(&arguments);
            assert_eq!(outcome.code, 0, "{arguments:?}\n{}", outcome.stdout);
            assert_eq!((of_orders(&outcome), remarks(&outcome)), (vec![], vec![]), "{arguments:?}");
            let feeds = outcome.report()["feeds"].as_array().unwrap();
            assert!(feeds.iter().any(|feed| feed["name"] == "Orders feed (primary)"), "{feeds:?}");
        }
    }
}

#[test]
fn oa_test_feeds_finds_what_a_run_finds() {
    let address = Arc::new(OnceLock::<String>::new());
    let known = Arc::clone(&address);
    let target = Target::start(move |_, path, _| {
        let base = known.get().map_or("", String::as_str);
        let next = format!("{base}/orders-rpde?afterChangeNumber=2");
        let items = if path.contains("after") {
            json!([])
        } else {
            json!([
                { "state": "updated", "kind": "Order", "id": "1", "modified": 2, "data": {} },
                { "state": "deleted", "kind": "Order", "id": "2", "modified": 1, "data": {} },
            ])
        };
        let page = json!({ "next": next, "items": items });
        respond(200, "application/vnd.openactive.booking+json; version=1", page.to_string())
    });
    address.set(target.url("")).unwrap();
    let outcome = Bench::new().oa_test(&["feeds", "--json", "--mode", "none", &target.url("/orders-rpde")]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    let mut rules: Vec<&str> =
        json["feeds"][0]["issues"].as_array().unwrap().iter().map(|issue| issue["type"].as_str().unwrap()).collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            "items_out_of_order",
            "last_item_not_matching_next",
            "last_page_reference_self",
            "unnecessary_data_in_deleted_item"
        ]
    );
}
