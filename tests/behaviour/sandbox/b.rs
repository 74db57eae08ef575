//! B: `PUT orders/{uuid}`.

use super::*;

#[test]
fn order_items_have_identifiers_of_their_own_which_stay() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 3);
    let ids = of_items(&b.body, "@id");
    let order = format!("http://{}/api/openbooking/orders/{}", client.sandbox.address(), uuid(1));
    assert_eq!(b.body["@id"], json!(order));
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(*id, json!(format!("{order}#/orderedItem/{number}")));
    }
    client.act("CustomerNotice", "Order", &b.body["@id"]);
    assert_eq!(of_items(&client.feed("orders-rpde")[0]["data"], "@id"), ids);
    assert_eq!(of_items(&client.status(1).body, "@id"), ids);
}

#[test]
fn a_total_that_is_wrong_leaves_the_lease_for_another_try() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("order-quotes", 1, &pair, 2);
    let mut order = body("Order", items(&pair, 2));
    order["totalPaymentDue"]["price"] = json!(1);
    let refused = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
    assert_eq!(problem(&refused), (400, "TotalPaymentDueMismatchError"));
    assert_eq!(client.capacity(&pair.0), 8);
    assert_eq!(client.put("orders", 1, &pair, 2).status, 201);
}

#[test]
fn what_c2_would_say_of_items_b_says_too_and_takes_nothing() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFiveSpaces", SIMPLE);
    let (c2, b) = (client.put("order-quotes", 1, &pair, 7), client.put("orders", 1, &pair, 7));
    assert_eq!((c2.status, b.status), (409, 409));
    assert_eq!(b.body["@type"], "Order");
    assert_eq!(item_errors(&b.body), item_errors(&c2.body));
    assert_eq!(client.capacity(&pair.0), 5);
}

#[test]
fn b_is_idempotent_and_a_uuid_is_used_once() {
    let client = Client::leasing(false, false, 60);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let path = format!("orders/{}", uuid(1));
    let first = client.api("PUT", &path, &body("Order", items(&pair, 2)));
    assert_eq!(first.status, 201, "{}", first.body);
    let again = client.api("PUT", &path, &body("Order", items(&pair, 2)));
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(client.capacity(&pair.0), 8, "booked once");
    let other = client.api("PUT", &path, &body("Order", items(&pair, 1)));
    assert_eq!((other.status, other.body["@type"].as_str()), (500, Some("OrderAlreadyExistsError")));
    let quote = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", items(&pair, 1)));
    assert_eq!(quote.body["@type"], "OrderAlreadyExistsError");
}

#[test]
fn booking_partners_are_kept_apart() {
    let mut client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let path = format!("orders/{}", uuid(1));
    assert_eq!(client.api("PUT", &path, &body("Order", items(&pair, 1))).status, 201);
    client.partner = "booking-partner-2";
    assert_eq!(client.api("PUT", &path, &body("Order", items(&pair, 1))).status, 201, "the same UUID, another partner");
    let id = format!("http://{}/api/openbooking/{path}", client.sandbox.address());
    let action = json!({ "@type": "test:AttendeeAbsentSimulateAction", "object": { "@type": "Order", "@id": id } });
    assert_eq!(client.api("POST", "test-interface/actions", &action).status, 204);
    client.partner = "booking-partner-3";
    let refused = client.request("GET", "/api/openbooking/orders-rpde", None, true);
    assert_eq!((refused.status, refused.body["@type"].as_str()), (401, Some("InvalidAPITokenError")));
}

#[test]
fn money_is_decimal_and_tax_is_rounded_for_each_item() {
    let client = Client::leasing(false, false, 60);
    let pair = client.create("TestOpportunityBookableNonFree", "OpenBookingSimpleFlow");
    let c2 = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", items(&pair, 3)));
    assert_eq!(c2.body["totalPaymentDue"]["price"], 44.97);
    assert_eq!(c2.body["totalPaymentTax"][0]["price"], 7.5);
    assert_eq!(c2.body["orderedItem"][0]["unitTaxSpecification"][0]["price"], 2.5);
    assert_eq!(c2.body["totalPaymentDue"]["openBookingPrepayment"], "https://openactive.io/Required");
    let b = |change: &dyn Fn(&mut Value)| {
        let mut order = body("Order", items(&pair, 3));
        order["totalPaymentDue"]["price"] = json!(44.97);
        order["payment"] = json!({ "@type": "Payment", "identifier": "pay-1" });
        change(&mut order);
        let answer = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
        (answer.status, answer.body["@type"].as_str().unwrap().to_owned())
    };
    assert_eq!(
        b(&|order| order["totalPaymentDue"]["price"] = json!(44.98)),
        (400, "TotalPaymentDueMismatchError".into())
    );
    assert_eq!(
        b(&|order| drop(order.as_object_mut().unwrap().remove("payment"))),
        (400, "MissingPaymentDetailsError".into())
    );
    assert_eq!(
        b(&|order| order["payment"] = json!({ "@type": "Payment" })),
        (400, "IncompletePaymentDetailsError".into())
    );
    assert_eq!(b(&|_| ()), (201, "Order".into()));
}

#[test]
fn payment_follows_the_prepayment_of_the_offers() {
    let client = Client::plain();
    let order = |criteria: &str, payment: Value| {
        let pair = client.create(criteria, SIMPLE);
        let mut order = body("Order", items(&pair, 1));
        order["totalPaymentDue"]["price"] = json!(14.99);
        if !payment.is_null() {
            order["payment"] = payment;
        }
        let id = format!("orders/{}", pair.0.split('/').nth(4).unwrap().parse::<u32>().map(uuid).unwrap());
        let answer = client.api("PUT", &id, &order);
        let shown = answer.body.get("payment").is_some();
        (answer.status, answer.body["@type"].as_str().unwrap().to_owned(), shown)
    };
    let paid = json!({ "@type": "Payment", "identifier": "pay-1" });
    let (optional, unavailable) =
        ("TestOpportunityBookableNonFreePrepaymentOptional", "TestOpportunityBookableNonFreePrepaymentUnavailable");
    assert_eq!(order(optional, paid.clone()), (201, "Order".into(), true));
    assert_eq!(order(optional, Value::Null), (201, "Order".into(), false));
    assert_eq!(order(optional, json!({ "@type": "Payment" })), (400, "IncompletePaymentDetailsError".into(), false));
    assert_eq!(order(unavailable, Value::Null), (201, "Order".into(), false));
    assert_eq!(order(unavailable, paid), (400, "UnnecessaryPaymentDetailsError".into(), false));
}

#[test]
fn access_depends_on_where_it_takes_place() {
    let client = Client::plain();
    let offline = client.create("TestOpportunityOfflineBookable", SIMPLE);
    let mut order = body("Order", items(&offline, 1));
    order["totalPaymentDue"]["price"] =
        client.put("order-quotes", 1, &offline, 1).body["totalPaymentDue"]["price"].clone();
    order["payment"] = json!({ "@type": "Payment", "identifier": "pay-1" });
    if order["totalPaymentDue"]["price"] == 0 {
        order.as_object_mut().unwrap().remove("payment");
    }
    order["orderedItem"][0]["accessPass"] = json!([{ "@type": "Barcode", "text": "the-brokers-own" }]);
    let b = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
    assert_eq!(b.status, 201, "{}", b.body);
    let item = &b.body["orderedItem"][0];
    assert!(item["accessCode"][0]["description"].is_string() && item.get("accessChannel").is_none(), "{item}");
    let passes = item["accessPass"].as_array().unwrap();
    assert!(passes.iter().any(|pass| pass["@type"] == "ImageObject"));
    assert!(passes.iter().any(|pass| pass["text"] == "the-brokers-own"), "beside the system's own: {item}");
}

#[test]
fn an_order_is_not_shown_to_another_seller_who_repeats_its_request() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let order = body("Order", items(&pair, 1));
    let path = format!("/api/openbooking/orders/{}", uuid(1));
    assert_eq!(client.send_as(SELLER, "PUT", &path, Some(&order)).status, 201);
    let other = "https://id.sandbox.example.org/sellers/2";
    let repeated = client.send_as(other, "PUT", &path, Some(&order));
    assert_eq!(problem(&repeated), (500, "OrderAlreadyExistsError"));
    for (method, body) in [("GET", None), ("DELETE", None)] {
        assert_eq!(
            problem(&client.send_as(other, method, &path, body)),
            (401, "InvalidAuthorizationDetailsError"),
            "{method}"
        );
    }
}
