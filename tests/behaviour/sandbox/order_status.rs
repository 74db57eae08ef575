//! Order Status: `GET orders/{uuid}`.

use super::*;

#[test]
fn order_status_is_the_order_without_positions() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 2);
    let status = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
    assert_eq!(status.status, 200);
    assert_eq!(status.body["@id"], b.body["@id"]);
    for item in status.body["orderedItem"].as_array().unwrap() {
        assert!(item.get("position").is_none(), "{item}");
        assert_eq!(item["orderItemStatus"], "https://openactive.io/OrderItemConfirmed");
    }
    let unknown = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(2)), None, true);
    assert_eq!(problem(&unknown), (404, "UnknownOrderError"));
}

#[test]
fn order_status_shows_whole_opportunities_and_how_things_stand() {
    let client = Client::plain();
    let b = client.put("orders", 1, &client.create("TestOpportunityBookableFree", SIMPLE), 2);
    client.act("SellerRequestedCancellationWithMessage", "Order", &b.body["@id"]);
    let status = client.status(1).body;
    assert_eq!(of_items(&status, "orderedItem"), of_items(&b.body, "orderedItem"));
    for item in status["orderedItem"].as_array().unwrap() {
        assert_eq!(item["orderItemStatus"], "https://openactive.io/SellerCancelled");
        assert!(item["cancellationMessage"].is_string());
    }
    assert_eq!(status["customer"]["email"], "ada@example.com", "the Broker sent it");
}

#[test]
fn a_uuid_is_one_thing_at_a_time() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", APPROVAL);
    let types =
        [("order-quote-templates", "OrderQuote"), ("order-quotes", "OrderQuote"), ("order-proposals", "OrderProposal")];
    for (path, expected) in types {
        client.put(path, 1, &pair, 1);
        let status = client.status(1);
        assert_eq!((status.status, &status.body["@type"]), (200, &json!(expected)), "{path}");
    }
}
