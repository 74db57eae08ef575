//! B: `PUT orders/{uuid}`.

use super::*;

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
    client.put("order-quotes", 3, &pair, 1);
    let quote = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(3)), None, true);
    assert_eq!(problem(&quote), (404, "UnknownOrderError"), "a quote is no Order");
}

#[test]
fn business_and_consumers_are_taxed_by_the_sellers_mode() {
    let client = Client::plain();
    let second = "https://id.sandbox.example.org/sellers/2";
    let pair = client.create("TestOpportunityBookableNonFree", SIMPLE);
    let gross = client.put("order-quotes", 1, &pair, 1);
    assert_eq!(
        (&gross.body["totalPaymentDue"]["price"], &gross.body["totalPaymentTax"][0]["price"]),
        (&json!(14.99), &json!(2.5))
    );
    let id = client.create_of("ScheduledSession", "TestOpportunityBookableNonFree", SIMPLE, second);
    let offer = format!("{}#/offers/0", id.split("/scheduled-sessions").next().unwrap());
    let mut quote = body("OrderQuote", items(&(id, offer), 3));
    quote["seller"] = json!(second);
    let path = format!("/api/openbooking/order-quotes/{}", uuid(2));
    let net = client.send_as(second, "PUT", &path, Some(&quote));
    assert_eq!(
        (&net.body["totalPaymentDue"]["price"], &net.body["totalPaymentTax"][0]["price"]),
        (&json!(53.97), &json!(9))
    );
}

#[test]
fn tax_that_is_not_told_is_excluded() {
    let client = Client::without(&[Switch::TaxBusinessGross]);
    let pair = client.create("TestOpportunityBookableNonFree", SIMPLE);
    let mut quote = body("OrderQuote", items(&pair, 1));
    quote["customer"] = json!({ "@type": "Organization", "name": "Club", "email": "club@example.com" });
    let business = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &quote);
    assert_eq!(business.status, 200, "{}", business.body);
    assert_eq!(business.body["taxCalculationExcluded"], true);
    assert!(business.body.get("totalPaymentTax").is_none());
    assert!(business.body["orderedItem"][0].get("unitTaxSpecification").is_none());
    let consumer = client.put("order-quotes", 2, &pair, 1);
    assert!(consumer.body.get("taxCalculationExcluded").is_none());
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
fn what_must_and_what_cannot_be_paid_do_not_go_together() {
    let client = Client::plain();
    let required = client.create("TestOpportunityBookableNonFreePrepaymentRequired", SIMPLE);
    let unavailable = client.create("TestOpportunityBookableNonFreePrepaymentUnavailable", SIMPLE);
    let free = client.create("TestOpportunityBookableFree", SIMPLE);
    let mut lines = Vec::new();
    for (position, pair) in [&required, &unavailable, &free].into_iter().enumerate() {
        let mut line = items(pair, 1)[0].clone();
        line["position"] = json!(position);
        lines.push(line);
    }
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", Value::from(lines)));
    assert_eq!(answer.status, 409);
    let error = |position: usize| answer.body["orderedItem"][position]["error"][0]["@type"].clone();
    assert_eq!(
        [error(0), error(1), error(2)],
        [json!("OpportunityIsInConflictError"), json!("OpportunityIsInConflictError"), Value::Null]
    );
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
