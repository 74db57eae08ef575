//! What is switched off is not there.

use super::*;

#[test]
fn every_switch_is_listed() {
    let outcome = crate::support::Bench::new().oa_test(&["sandbox", "--list-switches"]);
    assert_eq!(outcome.code, 0);
    for switch in Switch::ALL {
        assert!(outcome.stdout.contains(switch.name()) && outcome.stdout.contains(switch.summary()), "{switch}");
    }
}

#[test]
fn every_switch_is_a_feature() {
    use oa_test::vocabulary::FEATURE_NAMES;
    for switch in Switch::ALL {
        assert!(FEATURE_NAMES.iter().any(|(_, name)| *name == switch.name()), "{switch}");
    }
}

#[test]
fn criteria_of_what_is_switched_off_are_refused() {
    for (switch, criteria) in [
        (Switch::FreeOpportunities, "TestOpportunityBookableFree"),
        (Switch::NonFreeOpportunities, "TestOpportunityBookableNonFree"),
        (Switch::PastOpportunities, "TestOpportunityBookableInPast"),
        (Switch::BookingWindow, "TestOpportunityBookableWithinValidFromBeforeStartDate"),
        (Switch::CancellationWindow, "TestOpportunityBookableCancellableWithinWindow"),
        (Switch::CustomerRequestedCancellation, "TestOpportunityBookableCancellable"),
        (Switch::PrepaymentOptional, "TestOpportunityBookableNonFreePrepaymentOptional"),
        (Switch::PrepaymentUnavailable, "TestOpportunityBookableNonFreePrepaymentUnavailable"),
        (Switch::AttendeeDetails, "TestOpportunityBookableAttendeeDetails"),
        (Switch::AdditionalDetails, "TestOpportunityBookableAdditionalDetails"),
        (Switch::SellerTerms, "TestOpportunityBookableSellerTermsOfService"),
    ] {
        let client = Client::without(&[switch]);
        let answer = client.api(
            "POST",
            "test-interface/datasets/tests/opportunities",
            &wanted("ScheduledSession", criteria, SIMPLE, SELLER),
        );
        assert_eq!(problem(&answer), (400, "OpenBookingError"), "{switch}");
    }
}

#[test]
fn a_system_without_free_opportunities_publishes_none() {
    let mut options = SandboxOptions { furnishing: Furnishing::Sample, ..SandboxOptions::default() };
    options.switches.set(Switch::FreeOpportunities, false);
    let client = Client::furnished(options);
    let page = client.request("GET", "/feeds/session-series", None, false);
    let prices: Vec<f64> = page.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["data"]["offers"][0]["price"].as_f64().unwrap())
        .collect();
    assert!(!prices.is_empty() && prices.iter().all(|price| *price > 0.0));
}

#[test]
fn where_prepayment_is_always_required_nothing_is_said_of_it() {
    let client = Client::without(&[Switch::PrepaymentOptional, Switch::PrepaymentUnavailable]);
    let pair = client.create("TestOpportunityBookableNonFree", SIMPLE);
    let quote = client.put("order-quotes", 1, &pair, 1);
    assert!(!quote.body.to_string().contains("openBookingPrepayment"), "{}", quote.body);
    assert!(!client.published(&pair.0).unwrap().to_string().contains("openBookingPrepayment"));
}

#[test]
fn what_is_not_implemented_is_refused() {
    let client =
        Client::without(&[Switch::OrderDeletion, Switch::MinimalProposal, Switch::AttendanceUpdates, Switch::NoBroker]);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 1);
    let deletion = client.request("DELETE", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
    assert_eq!(problem(&deletion), (405, "MethodNotAllowedError"));
    assert_eq!(problem(&client.put("order-proposals", 2, &pair, 1)), (404, "UnknownOrIncorrectEndpointError"));
    assert_eq!(problem(&client.act("AttendeeAttended", "Order", &b.body["@id"])), (400, "OpenBookingError"));
    let mut quote = body("OrderQuote", items(&pair, 1));
    quote["brokerRole"] = json!("https://openactive.io/NoBroker");
    quote.as_object_mut().unwrap().remove("broker");
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(3)), &quote);
    assert_eq!(problem(&answer), (400, "IncompleteBrokerDetailsError"));
}

#[test]
fn switches_come_from_flags_and_files_and_mistakes_are_named() {
    let bench = crate::support::Bench::new();
    bench.write("switches.json", "{\"anonymous-leasing\": \"yes\"}");
    for (arguments, needle) in [
        (["sandbox", "--switch", "anonymous-leesing=off"], "did you mean `anonymous-leasing`?"),
        (["sandbox", "--switch", "anonymous-leasing"], "expected NAME=on or NAME=off"),
        (["sandbox", "--switches", "switches.json"], "is not a JSON object of switches"),
    ] {
        let outcome = bench.oa_test(&arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(outcome.stderr.contains(needle), "{}", outcome.stderr);
    }
}
