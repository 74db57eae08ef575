//! The Test Interface.

use super::*;

#[test]
fn a_deleted_dataset_takes_its_opportunities_and_orders_along() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let b = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    let action =
        json!({ "@type": "test:AttendeeAttendedSimulateAction", "object": { "@type": "Order", "@id": b.body["@id"] } });
    assert_eq!(client.api("POST", "test-interface/actions", &action).status, 204);
    assert!(client.published(&pair.0).is_some());
    let deleted = client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, false);
    assert_eq!(deleted.status, 204);
    assert!(client.published(&pair.0).is_none());
    let feed = client.request("GET", "/api/openbooking/orders-rpde", None, true).body;
    assert_eq!(feed["items"][0]["state"], "deleted");
    let again = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    assert_eq!(again.body["@type"], "OrderAlreadyExistsError", "the UUID stays taken");
}

#[test]
fn the_test_interface_is_not_there_unless_it_is_wanted() {
    let client = Client::new(SandboxOptions { test_interface: false, ..SandboxOptions::default() });
    let answer = client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, false);
    assert_eq!((answer.status, answer.body["@type"].as_str()), (404, Some("UnknownOrIncorrectEndpointError")));
}

#[test]
fn what_the_specification_forbids_is_not_created() {
    let client = Client::new(SandboxOptions::default());
    for criteria in
        ["TestOpportunityBookableFreePrepaymentOptional", "TestOpportunityBookableFreePrepaymentRequired", "Nonsense"]
    {
        let answer = client.api(
            "POST",
            "test-interface/datasets/tests/opportunities",
            &json!({
                "@type": "ScheduledSession",
                "superEvent": { "@type": "SessionSeries", "organizer": { "@id": SELLER } },
                "test:testOpportunityCriteria": format!("https://openactive.io/test-interface#{criteria}"),
                "test:testOpenBookingFlow": "https://openactive.io/test-interface#OpenBookingSimpleFlow"
            }),
        );
        assert_eq!((answer.status, answer.body["@type"].as_str()), (400, Some("OpenBookingError")), "{criteria}");
    }
}

/// Every criterion of the document.
const CRITERIA: &[&str] = &[
    "TestOpportunityBookable",
    "TestOpportunityBookableAdditionalDetails",
    "TestOpportunityBookableAttendeeDetails",
    "TestOpportunityBookableCancellable",
    "TestOpportunityBookableCancellableOutsideWindow",
    "TestOpportunityBookableCancellableWithinWindow",
    "TestOpportunityBookableFiveSpaces",
    "TestOpportunityBookableFree",
    "TestOpportunityBookableInPast",
    "TestOpportunityBookableNoSpaces",
    "TestOpportunityBookableNonFree",
    "TestOpportunityBookableNonFreePrepaymentOptional",
    "TestOpportunityBookableNonFreePrepaymentRequired",
    "TestOpportunityBookableNonFreePrepaymentUnavailable",
    "TestOpportunityBookableNonFreeTaxGross",
    "TestOpportunityBookableNonFreeTaxNet",
    "TestOpportunityBookableNotCancellable",
    "TestOpportunityBookableOneSpace",
    "TestOpportunityBookableOutsideValidFromBeforeStartDate",
    "TestOpportunityBookableOutsideValidFromBeforeStartDateWindow",
    "TestOpportunityBookableSellerTermsOfService",
    "TestOpportunityBookableUsingPayment",
    "TestOpportunityBookableWithNegotiation",
    "TestOpportunityBookableWithinValidFromBeforeStartDate",
    "TestOpportunityBookableWithinValidFromBeforeStartDateWindow",
    "TestOpportunityOfflineBookable",
    "TestOpportunityOnlineBookable",
];

/// Feed paths of each type, the parent's first.
const KINDS: &[(&str, &[&str])] = &[
    ("ScheduledSession", &["session-series", "scheduled-sessions"]),
    ("FacilityUseSlot", &["facility-uses", "facility-use-slots"]),
    ("IndividualFacilityUseSlot", &["individual-facility-uses", "individual-facility-use-slots"]),
    ("CourseInstance", &["course-instances"]),
    ("CourseInstanceSubEvent", &["course-instance-subevents"]),
    ("HeadlineEvent", &["headline-events"]),
    ("HeadlineEventSubEvent", &["headline-event-subevents"]),
    ("Event", &["events"]),
    ("OnDemandEvent", &["on-demand-events"]),
];

/// What cannot be: a Slot online, five spaces on one court, a time or a number of spaces on demand.
fn impossible(kind: &str, criteria: &str) -> bool {
    let timed = ["InPast", "BeforeStartDate", "WithinWindow", "OutsideWindow", "Space"];
    match kind {
        "IndividualFacilityUseSlot" if criteria.ends_with("FiveSpaces") => true,
        "FacilityUseSlot" | "IndividualFacilityUseSlot" | "OnDemandEvent" if criteria.ends_with("OnlineBookable") => {
            true
        }
        "OnDemandEvent" => timed.iter().any(|part| criteria.contains(part)),
        _ => false,
    }
}

#[test]
fn every_type_can_be_created_for_every_criterion_in_both_flows_and_meets_it() {
    use oa_test::plan::{Clock, evaluate};
    use oa_test::vocabulary::{CriteriaName, Flow};
    let client = Client::new(SandboxOptions { page_size: 100_000, ..SandboxOptions::default() });
    let net = "https://id.sandbox.example.org/sellers/2";
    let mut created: Vec<(&str, &str, &str, String)> = Vec::new();
    for (kind, _) in KINDS {
        for criteria in CRITERIA {
            for flow in [SIMPLE, APPROVAL] {
                let seller = if criteria.ends_with("TaxNet") { net } else { SELLER };
                let answer = client.api(
                    "POST",
                    "test-interface/datasets/t/opportunities",
                    &wanted(kind, criteria, flow, seller),
                );
                if impossible(kind, criteria) {
                    assert_eq!(problem(&answer), (400, "OpenBookingError"), "{kind} {criteria}");
                    continue;
                }
                assert_eq!(answer.status, 201, "{kind} {criteria} {flow}: {}", answer.body);
                created.push((kind, criteria, flow, answer.body["@id"].as_str().unwrap().to_owned()));
            }
        }
    }
    for (kind, feeds) in KINDS {
        let pages: Vec<Value> =
            feeds.iter().map(|feed| client.request("GET", &format!("/feeds/{feed}"), None, false).body).collect();
        let find = |page: &Value, id: &str| {
            let items = page["items"].as_array().unwrap();
            items.iter().find(|item| item["data"]["@id"] == id).map(|item| item["data"].clone())
        };
        for (_, criteria, flow, id) in created.iter().filter(|(known, ..)| known == kind) {
            let mut opportunity = find(pages.last().unwrap(), id).unwrap();
            for link in ["superEvent", "facilityUse"] {
                if let Some(parent) = opportunity[link].as_str().map(str::to_owned) {
                    opportunity[link] = find(&pages[0], &parent).unwrap();
                }
            }
            let clock = Clock::starting(jiff::Timestamp::now());
            let name: CriteriaName = criteria.parse().unwrap();
            let flow: Flow = flow.parse().unwrap();
            // Amendment is part of approval: without it there is nothing to negotiate.
            if name == CriteriaName::BookableWithNegotiation && flow == Flow::Simple {
                continue;
            }
            let outcome = evaluate(name, flow, &opportunity, clock);
            assert!(outcome.holds(), "{kind} {criteria} {flow}: {:?}\n{opportunity}", outcome.unmet);
        }
    }
}

#[test]
fn nonsense_is_refused() {
    let client = Client::plain();
    let post = |body: &Value| {
        let answer = client.api("POST", "test-interface/datasets/t/opportunities", body);
        (answer.status, answer.body["@type"].as_str().unwrap_or_default().to_owned())
    };
    let good = wanted("ScheduledSession", "TestOpportunityBookable", SIMPLE, SELLER);
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        post(&body)
    };
    assert_eq!(post(&good).0, 201);
    assert_eq!(with("@type", json!("Banana")), (400, "OpenBookingError".into()));
    assert_eq!(with("test:testOpportunityCriteria", json!("x")), (400, "OpenBookingError".into()));
    assert_eq!(with("test:testOpenBookingFlow", Value::Null), (400, "OpenBookingError".into()));
    let stranger = wanted("ScheduledSession", "TestOpportunityBookable", SIMPLE, "https://example.com/sellers/9");
    assert_eq!(post(&stranger), (500, "SellerMismatchError".into()));
}
