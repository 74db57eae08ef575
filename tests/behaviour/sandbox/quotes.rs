//! C1 and C2: `PUT order-quote-templates/{uuid}` and `PUT order-quotes/{uuid}`.

use super::*;

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
fn errors_have_the_type_and_status_that_belong_together() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let good = body("OrderQuote", items(&pair, 1));
    let c2 = |change: &dyn Fn(&mut Value)| {
        let mut quote = good.clone();
        change(&mut quote);
        let answer = client.api("PUT", &format!("order-quotes/{}", uuid(9)), &quote);
        let item = answer.body["orderedItem"][0]["error"][0]["@type"].as_str().map(str::to_owned);
        (answer.status, item.unwrap_or_else(|| answer.body["@type"].as_str().unwrap_or_default().to_owned()))
    };
    let remove = |name: &'static str| move |quote: &mut Value| drop(quote.as_object_mut().unwrap().remove(name));
    assert_eq!(c2(&|_| ()), (200, "OrderQuote".into()));
    assert_eq!(c2(&remove("brokerRole")), (400, "IncompleteBrokerDetailsError".into()));
    assert_eq!(c2(&remove("broker")), (400, "IncompleteBrokerDetailsError".into()));
    assert_eq!(c2(&remove("customer")), (400, "IncompleteCustomerDetailsError".into()));
    assert_eq!(c2(&remove("seller")), (500, "SellerMismatchError".into()));
    assert_eq!(
        c2(&|q| q["seller"] = json!("https://id.sandbox.example.org/sellers/2")),
        (401, "InvalidAuthorizationDetailsError".into())
    );
    assert_eq!(c2(&|q| q["@type"] = json!("Order")), (500, "UnexpectedOrderTypeError".into()));
    assert_eq!(
        c2(&|q| drop(q["orderedItem"][0].as_object_mut().unwrap().remove("acceptedOffer"))),
        (409, "IncompleteOrderItemError".into())
    );
    assert_eq!(
        c2(&|q| q["orderedItem"][0]["orderedItem"] = json!("https://id.sandbox.example.org/x")),
        (409, "UnknownOpportunityError".into())
    );
    assert_eq!(
        c2(&|q| q["orderedItem"][0]["orderedItem"] = json!("https://example.com/x")),
        (409, "InvalidOpportunityOrOfferIdError".into())
    );
    assert_eq!(
        c2(&|q| q["orderedItem"][0]["acceptedOffer"] = json!("https://id.sandbox.example.org/x")),
        (409, "UnknownOfferError".into())
    );
    let past = client.create("TestOpportunityBookableInPast", "OpenBookingSimpleFlow");
    assert_eq!(c2(&|q| q["orderedItem"] = items(&past, 1)), (409, "OpportunityOfferPairNotBookableError".into()));
    assert_eq!(c2(&|q| q["orderedItem"][0]["acceptedOffer"] = json!(past.1)), (409, "UnacceptableOfferError".into()));
    let soon = client.create("TestOpportunityBookableOutsideValidFromBeforeStartDate", "OpenBookingSimpleFlow");
    assert_eq!(c2(&|q| q["orderedItem"] = items(&soon, 1)), (409, "OpportunityOfferPairNotBookableError".into()));
    let type_of = |answer: Answer| (answer.status, answer.body["@type"].as_str().unwrap_or_default().to_owned());
    assert_eq!(type_of(client.api("PUT", "ordeeeeers/abc", &good)), (404, "UnknownOrIncorrectEndpointError".into()));
    assert_eq!(
        type_of(client.api("POST", &format!("orders/{}", uuid(1)), &good)),
        (405, "MethodNotAllowedError".into())
    );
    assert_eq!(type_of(client.api("PUT", "orders/not-a-uuid", &good)), (400, "OpenBookingError".into()));
    let anonymous = client.request("PUT", &format!("/api/openbooking/orders/{}", uuid(1)), Some(&good), false);
    assert_eq!(type_of(anonymous), (403, "UnauthenticatedError".into()));
    let unknown = client.api("POST", "test-interface/actions", &json!({ "@type": "test:NoSuchAction" }));
    assert_eq!(type_of(unknown), (400, "OpenBookingError".into()));
}
