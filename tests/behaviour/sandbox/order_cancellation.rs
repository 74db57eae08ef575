//! Order Cancellation: `PATCH orders/{uuid}`.

use super::*;

/// The body that cancels these items.
fn cancels(ids: &[&Value]) -> Value {
    let item = |id: &&Value| json!({ "@type": "OrderItem", "@id": id, "orderItemStatus": "https://openactive.io/CustomerCancelled" });
    json!({ "@context": "https://openactive.io/", "@type": "Order", "orderedItem": ids.iter().map(item).collect::<Vec<_>>() })
}

fn patch(client: &Client, number: u32, body: &Value) -> Answer {
    client.api("PATCH", &format!("orders/{}", uuid(number)), body)
}

/// A session without a price, booked with `count` items.
pub(super) fn booked(client: &Client, number: u32, criteria: &str, count: usize) -> ((String, String), Answer) {
    let pair = client.create(criteria, SIMPLE);
    let due = client.put("order-quotes", 900 + number, &pair, count).body["totalPaymentDue"]["price"].clone();
    let mut order = body("Order", items(&pair, count));
    if due != 0 {
        order["payment"] = json!({ "@type": "Payment", "identifier": "pay" });
    }
    order["totalPaymentDue"]["price"] = due;
    let b = client.api("PUT", &format!("orders/{}", uuid(number)), &order);
    assert_eq!(b.status, 201, "{}", b.body);
    (pair, b)
}

#[test]
fn a_customer_cancels_one_item_and_again() {
    let client = Client::plain();
    let (pair, b) = booked(&client, 1, "TestOpportunityBookableNonFreeCancellable", 3);
    let first = &b.body["orderedItem"][0]["@id"];
    assert_eq!(client.capacity(&pair.0), 7);
    let answer = patch(&client, 1, &cancels(&[first]));
    assert_eq!((answer.status, &answer.body), (204, &json!("")), "no content");
    assert_eq!(client.capacity(&pair.0), 8, "the space is free again");
    let feed = client.feed("orders-rpde");
    let data = &feed[0]["data"];
    let statuses: Vec<&str> =
        data["orderedItem"].as_array().unwrap().iter().map(|item| item["orderItemStatus"].as_str().unwrap()).collect();
    let (cancelled, confirmed) =
        ("https://openactive.io/CustomerCancelled", "https://openactive.io/OrderItemConfirmed");
    assert_eq!(statuses, [cancelled, confirmed, confirmed]);
    assert_eq!(data["totalPaymentDue"]["price"], 29.98, "what was cancelled is not due");
    assert_eq!(patch(&client, 1, &cancels(&[first])).status, 204);
    assert_eq!(client.feed("orders-rpde")[0]["modified"], feed[0]["modified"], "a repetition changes nothing");
}

#[test]
fn what_may_not_be_cancelled_is_not_and_nothing_else_is_either() {
    let client = Client::plain();
    for (number, criteria) in
        [(1, "TestOpportunityBookableNotCancellable"), (2, "TestOpportunityBookableCancellableOutsideWindow")]
    {
        let (_, b) = booked(&client, number, criteria, 2);
        let answer = patch(&client, number, &cancels(&[&b.body["orderedItem"][0]["@id"]]));
        assert_eq!(problem(&answer), (400, "CancellationNotPermittedError"));
        assert!(!answer.body["description"].as_str().unwrap().is_empty(), "the customer reads it");
    }
    let (_, b) = booked(&client, 3, "TestOpportunityBookableCancellableWithinWindow", 1);
    assert_eq!(patch(&client, 3, &cancels(&[&b.body["orderedItem"][0]["@id"]])).status, 204);
    assert_eq!(client.feed("orders-rpde").len(), 1, "only the last one was updated");
}

#[test]
fn a_patch_says_no_more_than_it_may() {
    let client = Client::plain();
    let (_, b) = booked(&client, 1, "TestOpportunityBookableCancellable", 1);
    let (_, other) = booked(&client, 2, "TestOpportunityBookableCancellable", 1);
    let id = &b.body["orderedItem"][0]["@id"];
    let good = cancels(&[id]);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        let answer = patch(&client, 1, &body);
        (answer.status, answer.body["@type"].as_str().unwrap_or_default().to_owned())
    };
    let expect = |status: u16, name: &str| (status, name.to_owned());
    assert_eq!(with(&|b| b["@id"] = json!("x")), expect(400, "PatchContainsExcessivePropertiesError"));
    assert_eq!(
        with(&|b| b["orderedItem"][0]["position"] = json!(0)),
        expect(400, "PatchContainsExcessivePropertiesError")
    );
    let attended = json!("https://openactive.io/AttendeeAttended");
    assert_eq!(
        with(&|b| b["orderedItem"][0]["orderItemStatus"] = attended.clone()),
        expect(400, "PatchNotAllowedOnPropertyError")
    );
    assert_eq!(with(&|b| b["@type"] = json!("OrderQuote")), expect(500, "UnexpectedOrderTypeError"));
    let broken = json!(format!("{}-0-", id.as_str().unwrap()));
    assert_eq!(with(&|b| b["orderedItem"][0]["@id"] = broken.clone()), expect(500, "OrderItemIdInvalidError"));
    let missing = json!(id.as_str().unwrap().replace("/orderedItem/0", "/orderedItem/7"));
    assert_eq!(with(&|b| b["orderedItem"][0]["@id"] = missing.clone()), expect(500, "OrderItemIdInvalidError"));
    let foreign = other.body["orderedItem"][0]["@id"].clone();
    assert_eq!(with(&|b| b["orderedItem"][0]["@id"] = foreign.clone()), expect(500, "OrderItemNotWithinOrderError"));
    let unknown = patch(&client, 77, &good);
    assert_eq!(problem(&unknown), (500, "OrderItemNotWithinOrderError"), "before the unknown Order is");
    assert_eq!(with(&|b| b["ext:note"] = json!("x")), expect(204, ""), "other namespaces are none of ours");
}
