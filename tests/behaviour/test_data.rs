//! What a booking system must hold.

use std::collections::BTreeMap;

use oa_test::sandbox::{Furnishing, Sandbox, SandboxOptions, Stocked, Switch};
use serde_json::Value;

use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, run, run_against};

fn listing(arguments: &[&str]) -> (Outcome, Value) {
    let all: Vec<&str> = ["test-data", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
    let outcome = Bench::new().oa_test(&all);
    let document = serde_json::from_str(&outcome.stdout).unwrap_or_default();
    (outcome, document)
}

fn needs(document: &Value) -> Vec<(String, String, u64)> {
    let text = |need: &Value, name: &str| need[name].as_str().unwrap().to_owned();
    let all = document["needs"].as_array().unwrap();
    all.iter()
        .map(|need| {
            let kind = format!("{} {}", text(need, "sellerRole"), text(need, "opportunityType"));
            (kind, text(need, "criteria"), need["count"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn opportunities_are_counted_as_the_tests_use_them() {
    let simple = ["--flow", "OpenBookingSimpleFlow", "--type", "ScheduledSession"];
    // Three parts, each with opportunities of its own.
    let (_, three) = listing(&[&["--test", "incomplete-broker-details"], simple.as_slice()].concat());
    assert_eq!(needs(&three), [("primary ScheduledSession".into(), "TestOpportunityBookable".into(), 3)]);
    // What is fetched again is counted again.
    let (_, twice) = listing(&[&["--test", "amend-c1"], simple.as_slice()].concat());
    assert_eq!(needs(&twice), [("primary ScheduledSession".into(), "TestOpportunityBookable".into(), 2)]);
    // Net prices are those of the Seller who has them.
    let (_, net) = listing(&[&["--feature", "business-to-consumer-tax-calculation-net"], simple.as_slice()].concat());
    assert_eq!(needs(&net), [("secondary ScheduledSession".into(), "TestOpportunityBookableNonFreeTaxNet".into(), 1)]);
    // Several items share a session, and none shares a slot of a single court.
    let (_, several) =
        listing(&["--test", "customer-notice-notification", "--type", "Multiple", "--flow", "OpenBookingSimpleFlow"]);
    assert_eq!(
        needs(&several),
        [
            ("primary ScheduledSession".into(), "TestOpportunityBookable".into(), 2),
            ("primary IndividualFacilityUseSlot".into(), "TestOpportunityBookable".into(), 3)
        ]
    );
    assert_eq!(several["total"], 5);
    assert_eq!(several["actions"], serde_json::json!(["test:CustomerNoticeSimulateAction"]));
}

#[test]
fn the_sandbox_of_a_controlled_run_has_few_opportunities_of_the_types_in_scope() {
    let items = |more: &[&str]| -> BTreeMap<String, u64> {
        let outcome = run(&[&["--test", "order-delete-idempotent"], more].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.stdout);
        let feeds = outcome.report()["feeds"].as_array().unwrap().iter();
        let of_opportunities = feeds.filter(|feed| feed["url"].as_str().unwrap().contains("/feeds/"));
        let name = |feed: &Value| feed["name"].as_str().unwrap().trim_end_matches(" feed").to_owned();
        of_opportunities.map(|feed| (name(feed), feed["items"].as_u64().unwrap())).collect()
    };
    let (few, many) = (items(&["--controlled"]), items(&["--random"]));
    assert!(few.keys().eq(many.keys()));
    assert!(many.values().all(|items| *items > 20), "{many:?}");
    let courts = ["FacilityUse", "IndividualFacilityUse", "IndividualFacilityUseSlot"];
    let wanted = [&["ScheduledSession", "SessionSeries"][..], &courts].concat();
    for (feed, items) in &few {
        let there = wanted.contains(&feed.as_str());
        assert!(if there { *items > 20 && *items * 2 < many[feed] } else { *items < 5 }, "{feed}: {few:?} {many:?}");
    }
    let scope = |kind: &str, value: bool| format!("integrationTests.bookableOpportunityTypesInScope.{kind}={value}");
    let (event, session) = (scope("Event", true), scope("ScheduledSession", false));
    let events = items(&["--controlled", "--set", &event, "--set", &session]);
    assert!(events["Event"] > 20 && events["SessionSeries"] == 0, "{events:?}");
}

#[test]
fn what_lacks_is_reported_with_the_reason() {
    let (outcome, there) = listing(&["--random", "--check", "--test", "opportunity-in-past"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(there["cellsServed"], 6);
    assert_eq!(there["shortages"], serde_json::json!([]));
    // In controlled mode the sandbox is not stocked with what the plan needs.
    let (outcome, few) = listing(&[
        "--controlled",
        "--check",
        "--feature",
        "common-error-conditions",
        "--feature",
        "availability-check",
        "--feature",
        "amending-order-quote",
    ]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let shortages = few["shortages"].as_array().unwrap();
    assert!(!shortages.is_empty());
    assert!(shortages[0]["refusals"].as_array().is_some_and(|refusals| !refusals.is_empty()));
    assert!(few["cellsServed"].as_u64().unwrap() < 100);
}

#[test]
fn a_scarce_opportunity_is_left_to_the_test_that_needs_it() {
    // Any opportunity with a capacity of five would also do for a test of bookable ones; there is not one more than is needed of each.
    let selection =
        ["--random", "--feature", "named-leasing", "--feature", "agent-broker", "--flow", "OpenBookingSimpleFlow"];
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let asked = [&["test-data", "--format", "json", "--config", "headers.json"][..], &selection].concat();
    let needed = bench.oa_test(&asked);
    let needs: Value = serde_json::from_str(&needed.stdout).unwrap();
    let scarce = |need: &Value| need["criteria"] == "TestOpportunityBookableFiveSpaces";
    assert!(needs["needs"].as_array().unwrap().iter().any(scarce), "{needs}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for seed in ["1", "2", "3"] {
        let stock: Vec<Stocked> = serde_json::from_value(needs["needs"].clone()).unwrap();
        let mut options = SandboxOptions { furnishing: Furnishing::Empty, stock, ..SandboxOptions::default() };
        options.switches.set(Switch::OpenIdAuthentication, false);
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let outcome = run_against(&sandbox.dataset_site(), &[&selection[..], &["--seed", seed]].concat());
        let (passed, failed, blocked) = outcome.counts();
        assert!(passed > 0 && (failed, blocked, outcome.code) == (0, 0, 0), "{}", outcome.stdout);
    }
}

#[test]
fn the_sandbox_can_be_stocked_with_what_was_listed() {
    let bench = Bench::new();
    let needed = bench.oa_test(&["test-data", "--format", "json", "--feature", "past-opportunities"]);
    bench.write("needed.json", &needed.stdout);
    bench.write("wrong.json", "{\"needs\":[{\"seller\":\"x\"}]}");
    let wrong = bench.oa_test(&["sandbox", "--port", "0", "--stock", "wrong.json"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("is not the output of `oa-test test-data --format json`"), "{}", wrong.stderr);
    let needs: Value = serde_json::from_str(&needed.stdout).unwrap();
    assert!(needs["needs"].as_array().unwrap().len() >= 4);
}
