//! C2: `PUT order-quotes/{uuid}`.

use super::*;

const PATH: &str = "order-quotes";
const FREE: &str = "TestOpportunityBookableFree";

#[test]
fn c2_shows_the_customer_and_not_which_payment_it_is() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableNonFreePrepaymentRequired", SIMPLE);
    let mut quote = body("OrderQuote", items(&pair, 1));
    quote["payment"] = json!({ "@type": "Payment", "identifier": "pay-1", "name": "Card" });
    let answer = client.api("PUT", &format!("{PATH}/{}", uuid(1)), &quote);
    assert_eq!((answer.status, &answer.body["@type"]), (200, &json!("OrderQuote")));
    assert_eq!(answer.body["customer"]["email"], "ada@example.com");
    assert_eq!(answer.body["payment"], json!({ "@type": "Payment", "name": "Card" }));
}

#[test]
fn the_lease_of_c1_becomes_that_of_c2_without_holding_twice() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableOneSpace", SIMPLE);
    assert_eq!(client.put("order-quote-templates", 1, &pair, 1).status, 200);
    assert_eq!(client.put(PATH, 1, &pair, 1).status, 200, "its own last space");
    assert_eq!(client.capacity(&pair.0), 0);
    assert_eq!(client.put(PATH, 2, &pair, 1).status, 409);
}

#[test]
fn a_quote_and_its_customer_are_forgotten_with_the_lease() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create(FREE, SIMPLE);
    client.put(PATH, 1, &pair, 1);
    let held = client.status(1);
    assert_eq!((held.status, &held.body["@type"]), (200, &json!("OrderQuote")));
    let over = Client::leasing(true, true, 0);
    let pair = over.create(FREE, SIMPLE);
    over.put(PATH, 1, &pair, 1);
    assert_eq!(problem(&over.status(1)), (404, "UnknownOrderError"));
}

#[test]
fn quotes_never_show_in_the_feeds_of_orders() {
    let client = Client::leasing(true, true, 600);
    client.put(PATH, 1, &client.create(FREE, SIMPLE), 1);
    assert!(client.feed("orders-rpde").is_empty() && client.feed("order-proposals-rpde").is_empty());
}

#[test]
fn a_booking_needs_no_lease_where_there_is_room() {
    for leasing in [true, false] {
        let client = Client::leasing(leasing, leasing, 600);
        assert_eq!(client.put("orders", 1, &client.create(FREE, SIMPLE), 1).status, 201);
    }
}

#[test]
fn leases_hold_capacity_and_become_bookings() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let c1 = client.api("PUT", &format!("order-quote-templates/{}", uuid(1)), &body("OrderQuote", items(&pair, 2)));
    assert_eq!(c1.status, 200, "{}", c1.body);
    assert!(c1.body["lease"]["leaseExpires"].is_string());
    assert!(c1.body.get("customer").is_none(), "C1 knows no customer");
    assert_eq!(c1.body["orderedItem"][0]["orderedItem"]["remainingAttendeeCapacity"], 10, "not its own lease");
    assert_eq!(client.capacity(&pair.0), 8);
    let c2 = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", items(&pair, 1)));
    assert_eq!(c2.status, 200);
    assert_eq!(client.capacity(&pair.0), 9, "the lease shrinks with the quote");
    let b = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    assert_eq!(b.status, 201);
    assert!(b.body.get("lease").is_none());
    assert_eq!(client.capacity(&pair.0), 9, "the lease became the booking");
}

#[test]
fn leases_run_out() {
    let client = Client::leasing(true, true, 0);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let c1 = client.api("PUT", &format!("order-quote-templates/{}", uuid(1)), &body("OrderQuote", items(&pair, 2)));
    assert_eq!(c1.status, 200);
    assert_eq!(client.capacity(&pair.0), 10, "a lease of no seconds holds nothing");
}

#[test]
fn capacity_errors_tell_leased_from_missing_spaces() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFiveSpaces", "OpenBookingSimpleFlow");
    let quote = |number: u32, count: usize| {
        client.api("PUT", &format!("order-quotes/{}", uuid(number)), &body("OrderQuote", items(&pair, count)))
    };
    let errors = |answer: &Answer| -> Vec<String> {
        let items = answer.body["orderedItem"].as_array().unwrap();
        items.iter().map(|item| item["error"][0]["@type"].as_str().unwrap_or("none").to_owned()).collect()
    };
    assert_eq!(quote(1, 3).status, 200);
    let crowded = quote(2, 10);
    assert_eq!(crowded.status, 409);
    let (reserved, insufficient) =
        ("OpportunityCapacityIsReservedByLeaseError", "OpportunityHasInsufficientCapacityError");
    let expected = [["none"; 2].to_vec(), [reserved; 3].to_vec(), [insufficient; 5].to_vec()].concat();
    assert_eq!(errors(&crowded), expected);
    assert_eq!(crowded.body["orderedItem"][9]["orderedItem"]["remainingAttendeeCapacity"], 2);
    assert_eq!(client.capacity(&pair.0), 2, "what fails takes nothing");
    let full = client.create("TestOpportunityBookableNoSpaces", "OpenBookingSimpleFlow");
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(3)), &body("OrderQuote", items(&full, 1)));
    assert_eq!(errors(&answer), ["OpportunityIsFullError"]);
}

#[test]
fn tax_that_is_not_included_is_excluded() {
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
    assert_eq!(consumer.body["taxCalculationExcluded"], false, "what is included is flagged as such");
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
