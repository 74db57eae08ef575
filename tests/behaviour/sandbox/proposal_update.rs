//! OrderProposal Update: `PATCH order-proposals/{uuid}`.

use super::*;

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
