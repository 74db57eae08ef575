//! Faults that no test of the catalogue detects yet: each has the effect of its summary.

use oa_test::sandbox::{Fault, Faults};

use super::*;

pub(super) fn with(fault: Fault) -> Client {
    Client::new(SandboxOptions { faults: Faults::new(vec![fault]), ..SandboxOptions::default() })
}

/// What a client sees of the honest sandbox, and of the one with the fault.
pub(super) fn differs(fault: Fault, honest: Value, deviating: Value, probe: impl Fn(&Client) -> Value) {
    assert_eq!(probe(&Client::new(SandboxOptions::default())), honest, "without {fault}");
    assert_eq!(probe(&with(fault)), deviating, "with {fault}");
}

/// A free Order of two items.
pub(super) fn booked(client: &Client, criteria: &str) -> ((String, String), Answer) {
    let pair = client.create(criteria, SIMPLE);
    let b = client.put("orders", 1, &pair, 2);
    assert_eq!(b.status, 201, "{}", b.body);
    (pair, b)
}

/// Free and bookable, offline.
pub(super) const FREE: &str = "TestOpportunityBookableFree";

pub(super) fn cancel(client: &Client, b: &Answer) -> u16 {
    let status = "https://openactive.io/CustomerCancelled";
    let items: Vec<Value> = b.body["orderedItem"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({ "@type": "OrderItem", "@id": item["@id"], "orderItemStatus": status }))
        .collect();
    let body = json!({ "@type": "Order", "orderedItem": items });
    client.api("PATCH", &format!("orders/{}", uuid(1)), &body).status
}

/// A property of each OrderItem in the first item of the Orders feed.
pub(super) fn shown(client: &Client, property: &str) -> Vec<Value> {
    let feed = client.feed("orders-rpde");
    feed[0]["data"]["orderedItem"].as_array().unwrap().iter().map(|item| item[property].clone()).collect()
}

#[test]
fn cancellation_goes_wrong() {
    let client = with(Fault::CancelsFirstItemOnly);
    let (_, b) = booked(&client, FREE);
    assert_eq!(cancel(&client, &b), 204);
    let statuses = shown(&client, "orderItemStatus");
    assert_ne!(statuses[0], statuses[1]);

    let client = with(Fault::CancellationNotPublished);
    let (_, b) = booked(&client, FREE);
    assert_eq!(cancel(&client, &b), 204);
    assert_eq!(client.act("SellerRequestedCancellation", "Order", &b.body["@id"]).status, 204);
    assert!(client.feed("orders-rpde").is_empty());

    let client = with(Fault::SellerCancelsFirstItemOnly);
    let (_, b) = booked(&client, FREE);
    client.act("SellerRequestedCancellation", "Order", &b.body["@id"]);
    let statuses = shown(&client, "orderItemStatus");
    assert_ne!(statuses[0], statuses[1]);

    let client = with(Fault::CancellationMessageMissing);
    let (_, b) = booked(&client, FREE);
    client.act("SellerRequestedCancellationWithMessage", "Order", &b.body["@id"]);
    assert_eq!(shown(&client, "cancellationMessage"), [Value::Null, Value::Null]);
}

#[test]
fn what_is_published_after_booking_goes_wrong() {
    let client = with(Fault::NoticeFirstItemOnly);
    let (_, b) = booked(&client, FREE);
    client.act("CustomerNotice", "Order", &b.body["@id"]);
    let notices = shown(&client, "customerNotice");
    assert!(notices[0].is_string() && notices[1].is_null());

    let client = with(Fault::AccessPassUnchanged);
    let (_, b) = booked(&client, FREE);
    client.act("AccessPassUpdate", "Order", &b.body["@id"]);
    assert_eq!(shown(&client, "accessPass")[0], b.body["orderedItem"][0]["accessPass"]);

    let client = with(Fault::ReplacementKeepsOpportunity);
    let (pair, b) = booked(&client, FREE);
    client.act("Replacement", "Order", &b.body["@id"]);
    assert_eq!(shown(&client, "orderedItem")[0]["@id"], json!(pair.0));

    let client = with(Fault::LogisticsNotChanged);
    let (pair, b) = booked(&client, FREE);
    client.act("ChangeOfLogisticsTime", "ScheduledSession", &json!(pair.0));
    let start = b.body["orderedItem"][0]["orderedItem"]["startDate"].clone();
    assert_eq!(shown(&client, "orderedItem")[0]["startDate"], start);

    let client = with(Fault::LogisticsNotPublished);
    let (pair, _) = booked(&client, FREE);
    client.act("ChangeOfLogisticsTime", "ScheduledSession", &json!(pair.0));
    assert!(client.feed("orders-rpde").is_empty());
}

#[test]
fn proposals_go_wrong() {
    for (fault, action) in [
        (Fault::RejectionNotPublished, "SellerRejectOrderProposal"),
        (Fault::AmendmentNotPublished, "SellerAmendOrderProposal"),
        (Fault::AmendmentKeepsVersion, "SellerAmendOrderProposal"),
    ] {
        let client = with(fault);
        let pair = client.create(FREE, APPROVAL);
        let p = client.put("order-proposals", 1, &pair, 1);
        assert_eq!(client.act(action, "OrderProposal", &p.body["@id"]).status, 204);
        let feed = client.feed("order-proposals-rpde");
        match feed.first() {
            None => assert_ne!(fault, Fault::AmendmentKeepsVersion),
            Some(item) => {
                assert_eq!(fault, Fault::AmendmentKeepsVersion);
                assert_eq!(item["data"]["orderProposalVersion"], p.body["orderProposalVersion"]);
            }
        }
    }
}

#[test]
fn deletion_goes_wrong() {
    let delete = |client: &Client, path: &str| {
        client.request("DELETE", &format!("/api/openbooking/{path}/{}", uuid(1)), None, true).status
    };
    let client = with(Fault::DeleteKeepsOrder);
    let (pair, _) = booked(&client, FREE);
    assert_eq!((delete(&client, "orders"), client.capacity(&pair.0)), (204, 8));

    let client = with(Fault::QuoteDeletionKeepsLease);
    let pair = client.create(FREE, SIMPLE);
    client.put("order-quotes", 1, &pair, 3);
    assert_eq!((delete(&client, "order-quotes"), client.capacity(&pair.0)), (204, 7));
}

#[test]
fn what_ended_returns_with_a_later_update() {
    // Of the first Order, when another one has been updated after it.
    let later = |client: &Client, end: &dyn Fn(&Client, &Answer)| -> Value {
        let (pair, first) = booked(client, FREE);
        end(client, &first);
        let second = client.put("orders", 2, &pair, 1);
        assert_eq!(second.status, 201, "{}", second.body);
        assert_eq!(client.act("AttendeeAttended", "Order", &second.body["@id"]).status, 204);
        let feed = client.feed("orders-rpde");
        feed.into_iter().find(|item| item["id"] == uuid(1)).expect("the first Order")
    };
    let cancelled = |client: &Client| {
        let item = later(client, &|client, first| assert_eq!(cancel(client, first), 204));
        item["data"]["orderedItem"][0]["orderItemStatus"].clone()
    };
    let status = |name: &str| json!(format!("https://openactive.io/{name}"));
    differs(Fault::CancellationUndoneLater, status("CustomerCancelled"), status("OrderItemConfirmed"), cancelled);
    differs(Fault::DeletedOrdersReturn, json!("deleted"), json!("updated"), |client| {
        let end = |client: &Client, first: &Answer| {
            assert_eq!(client.act("AttendeeAttended", "Order", &first.body["@id"]).status, 204);
            assert_eq!(client.delete("orders", 1).status, 204);
        };
        later(client, &end)["state"].clone()
    });
}
