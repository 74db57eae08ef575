//! C1: `PUT order-quote-templates/{uuid}`.

use super::*;

const PATH: &str = "order-quote-templates";
const FREE: &str = "TestOpportunityBookableFree";
const PAID: &str = "TestOpportunityBookableNonFreePrepaymentRequired";

#[test]
fn c1_answers_with_an_order_quote() {
    let client = Client::plain();
    let answer = client.put(PATH, 1, &client.create(FREE, SIMPLE), 2);
    assert_eq!((answer.status, &answer.body["@type"]), (200, &json!("OrderQuote")));
    assert_eq!(answer.headers["content-type"], "application/vnd.openactive.booking+json; version=1");
    assert_eq!(answer.body["@context"], "https://openactive.io/");
    assert_eq!(of_items(&answer.body, "position"), [json!(0), json!(1)]);
}

#[test]
fn c1_includes_nothing_of_customer_payment_attendee_and_intake_form_although_it_was_sent() {
    let client = Client::plain();
    let mut quote = body("OrderQuote", items(&client.create(PAID, SIMPLE), 1));
    quote["payment"] = json!({ "@type": "Payment", "identifier": "pay-1", "accountId": "a" });
    quote["orderedItem"][0]["attendee"] = json!({ "@type": "Person", "givenName": "Ada" });
    quote["orderedItem"][0]["orderItemIntakeFormResponse"] = json!([]);
    let answer = client.api("PUT", &format!("{PATH}/{}", uuid(1)), &quote).body;
    assert!(answer.get("customer").is_none());
    assert!(answer["payment"].get("identifier").is_none());
    assert_eq!(answer["payment"]["accountId"], "a");
    let item = &answer["orderedItem"][0];
    assert!(item.get("attendee").is_none() && item.get("orderItemIntakeFormResponse").is_none());
}

#[test]
fn c1_leaves_no_trace_but_a_lease() {
    let client = Client::plain();
    let pair = client.create(FREE, SIMPLE);
    assert!(client.put(PATH, 1, &pair, 2).body.get("lease").is_none());
    assert_eq!(client.capacity(&pair.0), 10);
    assert_eq!(problem(&client.status(1)), (404, "UnknownOrderError"));
    let leasing = Client::leasing(true, true, 600);
    let pair = leasing.create(FREE, SIMPLE);
    assert!(leasing.put(PATH, 1, &pair, 2).body["lease"]["leaseExpires"].is_string());
    assert_eq!(leasing.capacity(&pair.0), 8);
}

#[test]
fn c1_with_a_problem_of_an_item_answers_409_with_the_error_on_that_item() {
    let client = Client::plain();
    let (good, full) = (client.create(FREE, SIMPLE), client.create("TestOpportunityBookableNoSpaces", SIMPLE));
    let lines = json!([items(&good, 1)[0], items(&full, 1)[0]]);
    let answer = client.api("PUT", &format!("{PATH}/{}", uuid(1)), &body("OrderQuote", lines));
    assert_eq!((answer.status, &answer.body["@type"]), (409, &json!("OrderQuote")));
    assert_eq!(item_errors(&answer.body), [Value::Null, json!("OpportunityIsFullError")]);
    assert_eq!(answer.body["orderedItem"][1]["error"][0]["statusCode"], 409);
}

#[test]
fn totals_leave_out_items_with_errors_but_not_those_that_lack_details_only() {
    let client = Client::plain();
    let details = client.create("TestOpportunityBookableAttendeeDetails", SIMPLE);
    let full = client.create("TestOpportunityBookableNoSpaces", SIMPLE);
    let paid = client.create(PAID, SIMPLE);
    let price = |pair: &(String, String)| {
        let quote = client.put(PATH, 9, pair, 1);
        quote.body["orderedItem"][0]["acceptedOffer"]["price"].as_f64().unwrap()
    };
    let due = price(&details) + price(&paid);
    let lines = json!([items(&details, 1)[0], items(&full, 1)[0], items(&paid, 1)[0]]);
    let answer = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", lines));
    let expected = [json!("IncompleteAttendeeDetailsError"), json!("OpportunityIsFullError"), Value::Null];
    assert_eq!(item_errors(&answer.body), expected);
    let shown = answer.body["totalPaymentDue"]["price"].as_f64().unwrap();
    assert!((shown - due).abs() < 0.001, "{shown}, not {due}");
}

#[test]
fn a_problem_outside_items_is_the_whole_answer() {
    let client = Client::plain();
    let mut quote = body("OrderQuote", items(&client.create(FREE, SIMPLE), 1));
    quote.as_object_mut().unwrap().remove("broker");
    let answer = client.api("PUT", &format!("{PATH}/{}", uuid(1)), &quote);
    assert_eq!(problem(&answer), (400, "IncompleteBrokerDetailsError"));
    assert_eq!(answer.body["@context"], "https://openactive.io/");
    assert_eq!(answer.body["statusCode"], 400);
    assert!(answer.body.get("orderedItem").is_none());
}

#[test]
fn c1_that_is_repeated_has_no_further_effect() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create(FREE, SIMPLE);
    let first = client.put(PATH, 1, &pair, 2);
    let second = client.put(PATH, 1, &pair, 2);
    assert_eq!(first.body["orderedItem"], second.body["orderedItem"], "the own lease does not count");
    assert_eq!(client.capacity(&pair.0), 8);
}

#[test]
fn an_amended_quote_frees_what_it_no_longer_lists_and_holds_what_it_lists_now() {
    let client = Client::leasing(true, true, 600);
    let (first, second) = (client.create(FREE, SIMPLE), client.create(FREE, SIMPLE));
    client.put(PATH, 1, &first, 3);
    assert_eq!((client.capacity(&first.0), client.capacity(&second.0)), (7, 10));
    client.put(PATH, 1, &second, 2);
    assert_eq!((client.capacity(&first.0), client.capacity(&second.0)), (10, 8));
}
