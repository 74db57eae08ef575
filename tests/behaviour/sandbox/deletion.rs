//! Deletion: `DELETE orders/{uuid}` and `DELETE order-quotes/{uuid}`.

use super::*;

fn delete(client: &Client, path: &str, number: u32) -> Answer {
    client.request("DELETE", &format!("/api/openbooking/{path}/{}", uuid(number)), None, true)
}

#[test]
fn an_order_is_deleted_once_and_for_all() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("orders", 1, &pair, 2);
    assert_eq!(delete(&client, "orders", 1).status, 204);
    assert_eq!(client.capacity(&pair.0), 10);
    assert_eq!(client.feed("orders-rpde"), Vec::<Value>::new(), "what was never shown is not shown as deleted");
    assert_eq!(delete(&client, "orders", 1).status, 204, "a second time changes nothing");
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
    assert_eq!(delete(&client, "orders", 1).status, 204);
    let feed = client.feed("orders-rpde");
    assert_eq!((feed.len(), &feed[0]["state"], feed[0].get("data")), (1, &json!("deleted"), None));
}

#[test]
fn what_is_no_order_cannot_be_deleted() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    assert_eq!(problem(&delete(&client, "orders", 1)), (404, "UnknownOrderError"));
    client.put("order-quotes", 2, &pair, 1);
    assert_eq!(problem(&delete(&client, "orders", 2)), (404, "UnknownOrderError"));
}

#[test]
fn a_quote_is_deleted_with_its_lease_and_its_uuid_is_free() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("order-quotes", 1, &pair, 3);
    assert_eq!(client.capacity(&pair.0), 7);
    for _ in 0..2 {
        assert_eq!(delete(&client, "order-quotes", 1).status, 204, "always");
        assert_eq!(client.capacity(&pair.0), 10);
    }
    assert_eq!(client.put("orders", 1, &pair, 1).status, 201);
    assert_eq!(delete(&client, "order-quotes", 1).status, 204);
    assert_eq!(client.capacity(&pair.0), 9, "an Order is no quote");
}
