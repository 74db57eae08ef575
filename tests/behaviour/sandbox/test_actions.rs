//! Simulate actions: `POST test-interface/actions`.

use super::order_cancellation::booked;
use super::*;

#[test]
fn the_seller_cancels_everything_with_or_without_a_message() {
    let client = Client::plain();
    for (number, action, message) in
        [(1, "SellerRequestedCancellation", false), (2, "SellerRequestedCancellationWithMessage", true)]
    {
        let (pair, b) = booked(&client, number, "TestOpportunityBookable", 2);
        assert_eq!(client.act(action, "Order", &b.body["@id"]).status, 204);
        let feed = client.feed("orders-rpde");
        let data = &feed.last().unwrap()["data"];
        assert_eq!(data["totalPaymentDue"]["price"], 0);
        for item in data["orderedItem"].as_array().unwrap() {
            assert_eq!(item["orderItemStatus"], "https://openactive.io/SellerCancelled");
            assert_eq!(item.get("cancellationMessage").is_some(), message);
        }
        assert_eq!(client.capacity(&pair.0), 10);
    }
}

#[test]
fn a_replacement_is_another_opportunity_of_the_same_kind() {
    let client = Client::plain();
    let (pair, b) = booked(&client, 1, "TestOpportunityBookable", 1);
    assert_eq!(client.act("Replacement", "Order", &b.body["@id"]).status, 204);
    let item = client.feed("orders-rpde")[0]["data"]["orderedItem"][0].clone();
    let new = item["orderedItem"]["@id"].as_str().unwrap();
    assert_ne!(new, pair.0);
    assert_eq!(item["@id"], b.body["orderedItem"][0]["@id"]);
    assert_eq!(item["acceptedOffer"]["price"], b.body["orderedItem"][0]["acceptedOffer"]["price"]);
    assert_eq!((client.capacity(&pair.0), client.capacity(new)), (10, 9), "the old space is free, the new one taken");
}

#[test]
fn notices_and_access_updates_show_in_the_orders_feed() {
    let client = Client::plain();
    let (_, b) = booked(&client, 1, "TestOpportunityOfflineBookable", 2);
    let old = &b.body["orderedItem"];
    let now = |action: &str| {
        assert_eq!(client.act(action, "Order", &b.body["@id"]).status, 204, "{action}");
        client.feed("orders-rpde")[0]["data"]["orderedItem"].clone()
    };
    let noticed = now("CustomerNotice");
    assert!(noticed.as_array().unwrap().iter().all(|item| item["customerNotice"].is_string()));
    assert_ne!(now("AccessPassUpdate")[1]["accessPass"], old[1]["accessPass"]);
    assert_ne!(now("AccessCodeUpdate")[1]["accessCode"], old[1]["accessCode"]);
    let online = client.create("TestOpportunityOnlineBookable", SIMPLE);
    let due = client.put("order-quotes", 2, &online, 1).body["totalPaymentDue"]["price"].clone();
    let mut order = body("Order", items(&online, 1));
    if due != 0 {
        order["payment"] = json!({ "@type": "Payment", "identifier": "pay" });
    }
    order["totalPaymentDue"]["price"] = due;
    let virtual_order = client.api("PUT", &format!("orders/{}", uuid(2)), &order);
    let channel = &virtual_order.body["orderedItem"][0]["accessChannel"];
    assert_eq!(channel["@type"], "VirtualLocation");
    assert_eq!(client.act("AccessChannelUpdate", "Order", &virtual_order.body["@id"]).status, 204);
    let feed = client.feed("orders-rpde");
    let item = feed.iter().find(|item| item["id"] == uuid(2)).unwrap();
    assert_ne!(&item["data"]["orderedItem"][0]["accessChannel"], channel);
}

#[test]
fn logistics_change_on_the_opportunity_and_in_every_order_that_holds_it() {
    let client = Client::plain();
    let (pair, b) = booked(&client, 1, "TestOpportunityBookable", 1);
    let before = b.body["orderedItem"][0]["orderedItem"].clone();
    let name = |item: &Value| item["superEvent"]["name"].clone();
    let place = |item: &Value| item["superEvent"]["location"]["name"].clone();
    let start = |item: &Value| item["startDate"].clone();
    for (action, changed) in [
        ("ChangeOfLogisticsName", [true, false, false]),
        ("ChangeOfLogisticsLocation", [true, true, false]),
        ("ChangeOfLogisticsTime", [true; 3]),
    ] {
        assert_eq!(client.act(action, "ScheduledSession", &json!(pair.0)).status, 204, "{action}");
        let item = client.feed("orders-rpde")[0]["data"]["orderedItem"][0]["orderedItem"].clone();
        let now = [name(&item) != name(&before), place(&item) != place(&before), start(&item) != start(&before)];
        assert_eq!(now, changed, "{action}");
    }
    assert_ne!(
        client.published(&pair.0).unwrap()["startDate"],
        before["startDate"],
        "the opportunity feed shows it too"
    );
    let unknown = client.act("ChangeOfLogisticsName", "ScheduledSession", &json!("https://example.com/1"));
    assert_eq!(problem(&unknown), (409, "UnknownOpportunityError"));
}
