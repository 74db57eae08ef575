//! Errors: the type and the status that belong together.

use super::*;

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
