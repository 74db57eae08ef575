//! P and what follows: `PUT` and `PATCH order-proposals/{uuid}`.

use super::*;

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

/// A proposal for one free session.
fn proposed(client: &Client, number: u32) -> Answer {
    let pair = client.create("TestOpportunityBookableFree", APPROVAL);
    client.put("order-quotes", number, &pair, 1);
    let p = client.put("order-proposals", number, &pair, 1);
    assert_eq!(p.status, 201, "{}", p.body);
    p
}

fn book(client: &Client, number: u32, version: &Value) -> Answer {
    let body = json!({ "@context": "https://openactive.io/", "@type": "Order", "orderProposalVersion": version });
    client.api("PUT", &format!("orders/{}", uuid(number)), &body)
}

#[test]
fn an_amended_proposal_is_booked_by_its_new_version_only() {
    let client = Client::plain();
    let p = proposed(&client, 1);
    let old = &p.body["orderProposalVersion"];
    assert_eq!(client.act("SellerAmendOrderProposal", "OrderProposal", &p.body["@id"]).status, 204);
    let amended = client.feed("order-proposals-rpde")[0]["data"].clone();
    assert_eq!(amended["orderProposalStatus"], "https://openactive.io/AwaitingSellerConfirmation");
    assert_ne!(&amended["orderProposalVersion"], old);
    assert_eq!(client.act("SellerAcceptOrderProposal", "OrderProposal", &p.body["@id"]).status, 204);
    assert_eq!(problem(&book(&client, 1, old)), (500, "OrderProposalVersionOutdatedError"));
    assert_eq!(book(&client, 1, &amended["orderProposalVersion"]).status, 201);
}

#[test]
fn a_rejection_is_final_whoever_rejects() {
    let client = Client::plain();
    let rejects = json!({
        "@context": "https://openactive.io/",
        "@type": "OrderProposal",
        "orderProposalStatus": "https://openactive.io/CustomerRejected",
        "orderCustomerNote": "Sorry."
    });
    for (number, by_customer) in [(1, true), (2, false)] {
        let p = proposed(&client, number);
        let status = if by_customer {
            for _ in 0..2 {
                assert_eq!(client.api("PATCH", &format!("order-proposals/{}", uuid(number)), &rejects).status, 204);
            }
            "https://openactive.io/CustomerRejected"
        } else {
            assert_eq!(client.act("SellerRejectOrderProposal", "OrderProposal", &p.body["@id"]).status, 204);
            "https://openactive.io/SellerRejected"
        };
        let feed = client.feed("order-proposals-rpde");
        let data = &feed.last().unwrap()["data"];
        assert_eq!(data["orderProposalStatus"], status);
        assert_eq!(data["orderProposalVersion"], p.body["orderProposalVersion"]);
        assert!(data.get("orderCustomerNote").is_none(), "the note is for the Seller");
        let accept = client.act("SellerAcceptOrderProposal", "OrderProposal", &p.body["@id"]);
        assert_eq!(problem(&accept), (400, "OpenBookingError"));
        assert_eq!(problem(&book(&client, number, &p.body["orderProposalVersion"])), (500, "OrderCreationFailedError"));
    }
}

#[test]
fn a_patch_of_a_proposal_says_no_more_than_it_may() {
    let client = Client::plain();
    proposed(&client, 1);
    let patch = |number: u32, body: Value| {
        let answer = client.api("PATCH", &format!("order-proposals/{}", uuid(number)), &body);
        (answer.status, answer.body["@type"].as_str().unwrap_or_default().to_owned())
    };
    let expect = |status: u16, name: &str| (status, name.to_owned());
    assert_eq!(patch(1, json!({ "@type": "Order" })), expect(500, "UnexpectedOrderTypeError"));
    assert_eq!(
        patch(1, json!({ "@type": "OrderProposal", "seller": "x" })),
        expect(400, "PatchContainsExcessivePropertiesError")
    );
    let accepted = json!({ "@type": "OrderProposal", "orderProposalStatus": "https://openactive.io/SellerAccepted" });
    assert_eq!(patch(1, accepted), expect(400, "PatchNotAllowedOnPropertyError"));
    assert_eq!(patch(2, json!({ "@type": "OrderProposal" })), expect(404, "UnknownOrderError"));
    assert_eq!(patch(1, json!({ "@type": "OrderProposal", "orderCustomerNote": "Hello." })), expect(204, ""));
    assert_eq!(client.feed("order-proposals-rpde"), Vec::<Value>::new(), "a note alone touches no feed");
}
