//! P: `PUT order-proposals/{uuid}`.

use oa_test::sandbox::{Fault, Faults};

use super::*;

const PATH: &str = "order-proposals";
const FREE: &str = "TestOpportunityBookableFree";

#[test]
fn an_order_proposal_awaits_the_seller_and_has_a_version_of_its_own() {
    let client = Client::plain();
    let p = client.put(PATH, 1, &client.create(FREE, APPROVAL), 1);
    assert_eq!((p.status, &p.body["@type"]), (201, &json!("OrderProposal")));
    assert_eq!(p.body["orderProposalStatus"], "https://openactive.io/AwaitingSellerConfirmation");
    let id = format!("http://{}/api/openbooking/{PATH}/{}", client.sandbox.address(), uuid(1));
    assert_eq!(p.body["@id"], json!(id));
    let version = p.body["orderProposalVersion"].as_str().unwrap();
    let version = version.strip_prefix(&format!("{id}/versions/")).unwrap();
    assert_eq!(version.len(), 36);
    assert_ne!(version, uuid(1));
    assert!(p.body.get("orderRequiresApproval").is_none(), "it says so by being an OrderProposal");
}

#[test]
fn p_that_is_repeated_has_no_further_effect_and_another_p_is_refused() {
    let client = Client::plain();
    let pair = client.create(FREE, APPROVAL);
    let first = client.put(PATH, 1, &pair, 1);
    assert_eq!(client.put(PATH, 1, &pair, 1).body, first.body);
    assert_eq!(problem(&client.put(PATH, 1, &pair, 2)), (500, "OrderAlreadyExistsError"));
}

#[test]
fn p_is_for_what_needs_approval() {
    let client = Client::plain();
    assert_eq!(problem(&client.put(PATH, 1, &client.create(FREE, SIMPLE), 1)), (400, "OpenBookingError"));
}

#[test]
fn an_order_proposal_holds_what_its_quote_held() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create(FREE, APPROVAL);
    client.put("order-quotes", 1, &pair, 2);
    client.put(PATH, 1, &pair, 2);
    assert_eq!(client.capacity(&pair.0), 8);
    let status = client.status(1);
    assert_eq!((status.status, &status.body["@type"]), (200, &json!("OrderProposal")), "no quote any more");
}

fn accept_and_book(client: &Client, p: &Answer) -> Answer {
    assert_eq!(client.act("SellerAcceptOrderProposal", "OrderProposal", &p.body["@id"]).status, 204);
    let order = json!({ "@type": "Order", "orderProposalVersion": p.body["orderProposalVersion"] });
    client.api("PUT", &format!("orders/{}", uuid(1)), &order)
}

#[test]
fn an_accepted_proposal_is_booked_although_its_lease_is_over() {
    let client = Client::leasing(true, true, 0);
    let pair = client.create(FREE, APPROVAL);
    client.put("order-quotes", 1, &pair, 1);
    let p = client.put(PATH, 1, &pair, 1);
    assert_eq!(accept_and_book(&client, &p).status, 201);
}

#[test]
fn a_proposal_that_others_left_no_room_for_is_rejected_by_itself() {
    let outrun = |faults: Vec<Fault>| {
        let mut switches = Switches::default();
        switches.set(Switch::NamedLeasing, false);
        switches.set(Switch::AnonymousLeasing, false);
        let client = Client::new(SandboxOptions { switches, faults: Faults::new(faults), ..SandboxOptions::default() });
        let pair = client.create("TestOpportunityBookableFiveSpaces", APPROVAL);
        let due = client.put("order-quotes", 9, &pair, 5).body["totalPaymentDue"]["price"].clone();
        let p = [1, 2].map(|number| {
            let mut proposal = body("OrderProposal", items(&pair, 5));
            if due != 0 {
                proposal["payment"] = json!({ "@type": "Payment", "identifier": "pay" });
            }
            proposal["totalPaymentDue"]["price"] = due.clone();
            client.api("PUT", &format!("{PATH}/{}", uuid(number)), &proposal)
        });
        assert_eq!(accept_and_book(&client, &p[0]).status, 201);
        client.act("SellerAcceptOrderProposal", "OrderProposal", &p[1].body["@id"]);
        let feed = client.feed("order-proposals-rpde");
        let status =
            feed.iter().find(|item| item["id"] == uuid(2)).map(|item| item["data"]["orderProposalStatus"].clone());
        let order = json!({ "@type": "Order", "orderProposalVersion": p[1].body["orderProposalVersion"] });
        let b = client.api("PUT", &format!("orders/{}", uuid(2)), &order);
        (status.unwrap_or_default(), b.body["@type"].clone())
    };
    let (rejected, accepted) =
        (json!("https://openactive.io/SellerRejected"), json!("https://openactive.io/SellerAccepted"));
    assert_eq!(outrun(Vec::new()), (rejected, json!("OrderCreationFailedError")));
    let stays = outrun(vec![Fault::UnfulfillableProposalsKept]);
    assert_eq!(stays, (accepted, json!("OpportunityHasInsufficientCapacityError")));
}

#[test]
fn a_proposal_is_booked_once_the_seller_accepted_it() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingApprovalFlow");
    let c2 = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", items(&pair, 1)));
    assert_eq!(c2.body["orderRequiresApproval"], true);
    let direct = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    assert_eq!(direct.body["@type"], "OrderCreationFailedError");
    let p = client.api("PUT", &format!("order-proposals/{}", uuid(1)), &body("OrderProposal", items(&pair, 1)));
    assert_eq!(p.status, 201, "{}", p.body);
    let version = p.body["orderProposalVersion"].as_str().unwrap();
    let b = |version: &str| {
        let body = json!({ "@type": "Order", "orderProposalVersion": version });
        client.api("PUT", &format!("orders/{}", uuid(1)), &body)
    };
    assert_eq!(b(version).body["@type"], "OrderCreationFailedError", "not accepted yet");
    assert_eq!(b("https://example.com/versions/0").body["@type"], "OrderProposalVersionOutdatedError");
    let feed = || client.request("GET", "/api/openbooking/order-proposals-rpde", None, true).body["items"].clone();
    assert_eq!(feed(), json!([]), "nothing before the Seller answers");
    let accept = json!({
        "@type": "test:SellerAcceptOrderProposalSimulateAction",
        "object": { "@type": "OrderProposal", "@id": p.body["@id"] }
    });
    assert_eq!(client.api("POST", "test-interface/actions", &accept).status, 204);
    assert_eq!(feed()[0]["data"]["orderProposalStatus"], "https://openactive.io/SellerAccepted");
    let booked = b(version);
    assert_eq!(booked.status, 201, "{}", booked.body);
    assert_eq!(booked.body["orderedItem"][0]["@id"], p.body["orderedItem"][0]["@id"]);
    assert!(booked.body["orderedItem"][0].get("position").is_none());
    assert_eq!(feed()[0]["state"], "deleted");
    assert_eq!(b(version).body, booked.body, "B after P is idempotent");
}
