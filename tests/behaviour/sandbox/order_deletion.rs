//! Order Deletion: `DELETE orders/{uuid}`.

use super::*;

#[test]
fn an_order_is_deleted_once_and_for_all() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("orders", 1, &pair, 2);
    assert_eq!(client.delete("orders", 1).status, 204);
    assert_eq!(client.capacity(&pair.0), 10);
    assert_eq!(client.feed("orders-rpde"), Vec::<Value>::new(), "what was never shown is not shown as deleted");
    assert_eq!(client.delete("orders", 1).status, 204, "a second time changes nothing");
    let gone = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
    assert_eq!(problem(&gone), (410, "GoneError"));
    for path in ["order-quote-templates", "order-quotes", "order-proposals", "orders"] {
        assert_eq!(problem(&client.put(path, 1, &pair, 1)), (500, "OrderAlreadyExistsError"), "{path}");
    }
}

#[test]
fn an_order_that_was_updated_is_deleted_in_its_feed() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 1);
    client.act("CustomerNotice", "Order", &b.body["@id"]);
    assert_eq!(client.feed("orders-rpde")[0]["state"], "updated");
    assert_eq!(client.delete("orders", 1).status, 204);
    let feed = client.feed("orders-rpde");
    assert_eq!((feed.len(), &feed[0]["state"], feed[0].get("data")), (1, &json!("deleted"), None));
}

#[test]
fn what_is_no_order_cannot_be_deleted() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    assert_eq!(problem(&client.delete("orders", 1)), (404, "UnknownOrderError"));
    client.put("order-quotes", 2, &pair, 1);
    assert_eq!(problem(&client.delete("orders", 2)), (404, "UnknownOrderError"));
}
