//! Orders feed and OrderProposals feed: `GET orders-rpde`, `GET order-proposals-rpde`.

use super::*;

#[test]
fn an_order_enters_its_feed_with_its_first_update() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let path = format!("orders/{}", uuid(1));
    let b = client.api("PUT", &path, &body("Order", items(&pair, 1)));
    let feed = || client.request("GET", "/api/openbooking/orders-rpde", None, true);
    assert_eq!(feed().body["items"], json!([]));
    let action = json!({
        "@type": "test:AccessCodeUpdateSimulateAction",
        "object": { "@type": "Order", "@id": b.body["@id"] }
    });
    assert_eq!(client.api("POST", "test-interface/actions", &action).status, 204);
    let page = feed();
    assert_eq!(page.body["items"].as_array().unwrap().len(), 1);
    let item = &page.body["items"][0];
    assert_eq!(item["id"], uuid(1));
    assert_eq!(item["data"]["orderedItem"][0]["@id"], b.body["orderedItem"][0]["@id"]);
    assert_ne!(item["data"]["orderedItem"][0]["accessCode"], b.body["orderedItem"][0]["accessCode"]);
    assert!(page.body.get("license").is_none());
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["content-type"], "application/vnd.openactive.booking+json; version=1");
}

#[test]
fn the_feeds_of_orders_need_credentials() {
    let client = Client::plain();
    for feed in ["orders-rpde", "order-proposals-rpde"] {
        let answer = client.request("GET", &format!("/api/openbooking/{feed}"), None, false);
        assert_eq!(problem(&answer), (403, "UnauthenticatedError"), "{feed}");
        assert!(answer.body.get("items").is_none());
    }
}

#[test]
fn every_update_moves_an_order_to_the_end_of_its_feed() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let orders = [1, 2].map(|number| client.put("orders", number, &pair, 1).body["@id"].clone());
    let mut last = 0;
    for id in [&orders[0], &orders[1], &orders[0]] {
        assert_eq!(client.act("CustomerNotice", "Order", id).status, 204);
        let feed = client.feed("orders-rpde");
        let item = feed.last().unwrap();
        assert_eq!(&item["data"]["@id"], id);
        assert!(item["modified"].as_i64().unwrap() > last);
        last = item["modified"].as_i64().unwrap();
    }
    assert_eq!(client.feed("orders-rpde").len(), 2, "each Order once");
}

#[test]
fn the_last_page_of_a_feed_leads_to_itself() {
    let client = Client::plain();
    let b = client.put("orders", 1, &client.create("TestOpportunityBookableFree", SIMPLE), 1);
    client.act("CustomerNotice", "Order", &b.body["@id"]);
    let first = client.request("GET", "/api/openbooking/orders-rpde", None, true).body;
    let next = first["next"].as_str().unwrap().split_once("/api").map(|(_, path)| format!("/api{path}")).unwrap();
    let last = client.request("GET", &next, None, true).body;
    assert_eq!((&last["items"], &last["next"]), (&json!([]), &first["next"]));
}
