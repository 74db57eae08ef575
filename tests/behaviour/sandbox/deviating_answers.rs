//! Faults in responses and feeds. Each is compared with the sandbox without faults: one value, right and wrong.

use oa_test::sandbox::Fault;

use super::deviations::{FREE, booked, differs, shown, with};
use super::*;

const PAID: &str = "TestOpportunityBookableNonFreePrepaymentRequired";
const OPERATIONS: [&str; 4] = ["order-quote-templates", "order-quotes", "order-proposals", "orders"];

/// The response to an operation with two free items.
fn answer(client: &Client, path: &str) -> Answer {
    let pair = client.create(FREE, if path == "order-proposals" { APPROVAL } else { SIMPLE });
    client.put(path, 1, &pair, 2)
}

/// The value at a pointer of the response to C2 for an opportunity.
fn quoted(criteria: &'static str, pointer: &'static str) -> impl Fn(&Client) -> Value {
    move |client| {
        let pair = client.create(criteria, SIMPLE);
        client.put("order-quotes", 1, &pair, 1).body.pointer(pointer).cloned().unwrap_or_default()
    }
}

/// `true` if the response to an operation has a value at a pointer.
fn has(path: &'static str, pointer: &'static str) -> impl Fn(&Client) -> Value {
    move |client| json!(answer(client, path).body.pointer(pointer).is_some())
}

#[test]
fn statuses_of_success() {
    for (fault, path, honest, deviating) in [
        (Fault::C1Status201, "order-quote-templates", 200, 201),
        (Fault::C2Status201, "order-quotes", 200, 201),
        (Fault::PStatus202, "order-proposals", 201, 202),
        (Fault::BStatus202, "orders", 201, 202),
    ] {
        differs(fault, json!(honest), json!(deviating), |client| json!(answer(client, path).status));
    }
}

#[test]
fn items_that_are_left_out() {
    for (fault, path) in
        [Fault::C1DropsItem, Fault::C2DropsItem, Fault::PDropsItem, Fault::BDropsItem].into_iter().zip(OPERATIONS)
    {
        differs(fault, json!(2), json!(1), |client| {
            json!(answer(client, path).body["orderedItem"].as_array().unwrap().len())
        });
    }
}

#[test]
fn properties_that_are_left_out() {
    for (fault, path, pointer) in [
        (Fault::C2WithoutSeller, "order-quotes", "/seller"),
        (Fault::C2WithoutCustomer, "order-quotes", "/customer"),
        (Fault::BWithoutCustomer, "orders", "/customer"),
        (Fault::BWithoutOrderedItem, "orders", "/orderedItem"),
        (Fault::BWithoutItemIds, "orders", "/orderedItem/1/@id"),
        (Fault::PWithoutVersion, "order-proposals", "/orderProposalVersion"),
        (Fault::SellerTermsMissing, "orders", "/seller/termsOfService"),
        (Fault::SystemTermsMissing, "order-quotes", "/bookingService/termsOfService"),
        (Fault::ServiceMissing, "order-quotes", "/bookingService"),
        (Fault::OrderRequiresApprovalMissing, "order-quote-templates", "/orderRequiresApproval"),
        (Fault::LeaseMissing, "order-quotes", "/lease"),
        (Fault::TaxMissing, "order-quotes", "/totalPaymentTax"),
        (Fault::TaxOfItemsMissing, "orders", "/orderedItem/0/unitTaxSpecification"),
        (Fault::PrepaymentMissing, "order-quotes", "/totalPaymentDue/openBookingPrepayment"),
        (Fault::AccessCodeMissing, "orders", "/orderedItem/0/accessCode"),
        (Fault::AccessPassMissing, "orders", "/orderedItem/0/accessPass"),
        (Fault::AccessCodeEmpty, "orders", "/orderedItem/0/accessCode/0"),
    ] {
        differs(fault, json!(true), json!(false), has(path, pointer));
    }
    differs(Fault::C1RepeatsCustomer, json!(false), json!(true), has("order-quote-templates", "/customer"));
}

#[test]
fn values_that_are_wrong() {
    differs(Fault::PositionsShifted, json!([0, 1]), json!([100, 101]), |client| {
        let body = answer(client, "orders").body;
        json!([body["orderedItem"][0]["position"], body["orderedItem"][1]["position"]])
    });
    let (agent, none) = (json!("https://openactive.io/AgentBroker"), json!("https://openactive.io/NoBroker"));
    differs(Fault::BrokerRoleReplaced, agent, none, |client| answer(client, "orders").body["brokerRole"].clone());
    differs(Fault::LeaseInThePast, json!(false), json!(true), |client| {
        let expires = answer(client, "order-quotes").body["lease"]["leaseExpires"].as_str().unwrap().to_owned();
        json!(expires.as_str() < "2020")
    });
    differs(Fault::CapacityInResponsesStale, json!(8), json!(10), |client| {
        let (pair, _) = booked(client, FREE);
        let quote = client.put("order-quotes", 2, &pair, 1);
        quote.body["orderedItem"][0]["orderedItem"]["remainingAttendeeCapacity"].clone()
    });
    let (awaiting, accepted) =
        (json!("https://openactive.io/AwaitingSellerConfirmation"), json!("https://openactive.io/SellerAccepted"));
    differs(Fault::PAcceptedAtOnce, awaiting, accepted, |client| {
        answer(client, "order-proposals").body["orderProposalStatus"].clone()
    });
}

#[test]
fn money_that_is_wrong() {
    let (required, optional) = (json!("https://openactive.io/Required"), json!("https://openactive.io/Optional"));
    differs(
        Fault::PrepaymentAlwaysOptional,
        required,
        optional,
        quoted(PAID, "/totalPaymentDue/openBookingPrepayment"),
    );
    differs(Fault::TotalOffByOne, json!(14.99), json!(15), quoted(PAID, "/totalPaymentDue/price"));
    differs(Fault::TaxNotAdded, json!(17.99), json!(14.99), |client| {
        let second = "https://id.sandbox.example.org/sellers/2";
        let id = client.create_of("ScheduledSession", PAID, SIMPLE, second);
        let offer = format!("{}#/offers/0", id.split("/scheduled-sessions").next().unwrap());
        let mut quote = body("OrderQuote", items(&(id, offer), 1));
        quote["seller"] = json!(second);
        let path = format!("/api/openbooking/order-quotes/{}", uuid(1));
        client.send_as(second, "PUT", &path, Some(&quote)).body["totalPaymentDue"]["price"].clone()
    });
    differs(Fault::BWithoutPayment, json!(true), json!(false), |client| {
        let pair = client.create(PAID, SIMPLE);
        let mut order = body("Order", items(&pair, 1));
        order["totalPaymentDue"]["price"] = json!(14.99);
        order["payment"] = json!({ "@type": "Payment", "identifier": "pay-1" });
        let b = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
        json!(b.body.get("payment").is_some())
    });
}

#[test]
fn people_who_are_shown_wrongly() {
    let quote = |client: &Client, criteria: &str| {
        let pair = client.create(criteria, SIMPLE);
        let mut quote = body("OrderQuote", items(&pair, 1));
        quote["customer"]["givenName"] = json!("Ada");
        quote["orderedItem"][0]["attendee"] = json!({ "@type": "Person", "givenName": "Ada" });
        quote["orderedItem"][0]["orderItemIntakeFormResponse"] = json!([]);
        client.api("PUT", &format!("order-quotes/{}", uuid(1)), &quote).body
    };
    differs(Fault::CustomerShortened, json!("Ada"), Value::Null, |client| {
        quote(client, FREE)["customer"]["givenName"].clone()
    });
    for (fault, criteria, property) in [
        (Fault::AttendeeDetailsNotRequested, "TestOpportunityBookableAttendeeDetails", "attendeeDetailsRequired"),
        (Fault::AttendeeNotReflected, "TestOpportunityBookableAttendeeDetails", "attendee"),
        (Fault::IntakeFormNotRequested, "TestOpportunityBookableAdditionalDetails", "orderItemIntakeForm"),
        (Fault::IntakeResponseNotReflected, "TestOpportunityBookableAdditionalDetails", "orderItemIntakeFormResponse"),
    ] {
        differs(fault, json!(true), json!(false), |client| {
            json!(quote(client, criteria)["orderedItem"][0].get(property).is_some())
        });
    }
}

#[test]
fn access_that_is_wrong() {
    let online = |client: &Client| {
        let pair = client.create("TestOpportunityOnlineBookable", SIMPLE);
        let due = client.put("order-quotes", 9, &pair, 1).body["totalPaymentDue"]["price"].clone();
        let mut order = body("Order", items(&pair, 1));
        if due != 0 {
            order["payment"] = json!({ "@type": "Payment", "identifier": "pay" });
        }
        order["totalPaymentDue"]["price"] = due;
        let b = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
        assert_eq!(b.status, 201, "{}", b.body);
        b
    };
    differs(Fault::AccessChannelMissing, json!(true), json!(false), |client| {
        json!(online(client).body["orderedItem"][0].get("accessChannel").is_some())
    });
    differs(Fault::AccessChannelUnchanged, json!(false), json!(true), |client| {
        let b = online(client);
        assert_eq!(client.act("AccessChannelUpdate", "Order", &b.body["@id"]).status, 204);
        json!(shown(client, "accessChannel")[0] == b.body["orderedItem"][0]["accessChannel"])
    });
    differs(Fault::BrokerBarcodeDropped, json!(true), json!(false), |client| {
        let pair = client.create(FREE, SIMPLE);
        let mut order = body("Order", items(&pair, 1));
        order["orderedItem"][0]["accessPass"] = json!([{ "@type": "Barcode", "text": "own" }]);
        let b = client.api("PUT", &format!("orders/{}", uuid(1)), &order).body;
        json!(b["orderedItem"][0]["accessPass"].as_array().unwrap().iter().any(|pass| pass["text"] == "own"))
    });
}

#[test]
fn errors_that_are_wrong() {
    let unknown = |client: &Client| client.request("GET", &format!("/api/openbooking/orders/{}", uuid(7)), None, true);
    differs(Fault::ErrorsStatus400, json!(404), json!(400), |client| json!(unknown(client).status));
    differs(Fault::ErrorsUntyped, json!("UnknownOrderError"), json!("OpenBookingError"), |client| {
        unknown(client).body["@type"].clone()
    });
    differs(
        Fault::ErrorsHtml,
        json!("application/vnd.openactive.booking+json; version=1"),
        json!("text/html; charset=utf-8"),
        |client| json!(unknown(client).headers["content-type"].to_str().unwrap()),
    );
    differs(Fault::UnknownEndpointStatus200, json!(404), json!(200), |client| {
        json!(client.request("GET", "/api/openbooking/ordeeeeers/1", None, true).status)
    });
    differs(Fault::ErrorsShowCredentials, json!(false), json!(true), |client| {
        json!(unknown(client).body["description"].as_str().unwrap().contains("booking-partner-1"))
    });
}

#[test]
fn errors_of_items_that_are_wrong() {
    let full = |client: &Client| {
        let pair = client.create("TestOpportunityBookableNoSpaces", SIMPLE);
        client.put("order-quotes", 1, &pair, 2)
    };
    let (insufficient, is_full) = (json!("OpportunityHasInsufficientCapacityError"), json!("OpportunityIsFullError"));
    differs(Fault::FullAsInsufficient, is_full.clone(), insufficient.clone(), |client| {
        full(client).body["orderedItem"][0]["error"][0]["@type"].clone()
    });
    differs(Fault::LeasedAsInsufficient, json!("OpportunityCapacityIsReservedByLeaseError"), insufficient, |client| {
        let pair = client.create("TestOpportunityBookableOneSpace", SIMPLE);
        client.put("order-quotes", 1, &pair, 1);
        client.put("order-quotes", 2, &pair, 1).body["orderedItem"][0]["error"][0]["@type"].clone()
    });
    differs(Fault::ItemErrorsStatus200, json!(409), json!(200), |client| json!(full(client).status));
    differs(Fault::ItemErrorsAtRoot, json!("OrderQuote"), is_full, |client| full(client).body["@type"].clone());
    differs(Fault::ItemErrorsFirstOnly, json!(2), json!(1), |client| {
        let body = full(client).body;
        json!(body["orderedItem"].as_array().unwrap().iter().filter(|item| item.get("error").is_some()).count())
    });
}

#[test]
fn a_booking_that_fails_once() {
    differs(Fault::BFailsAtFirst, json!([201, 201]), json!([500, 201]), |client| {
        let pair = client.create(FREE, SIMPLE);
        let ask = || client.put("orders", 1, &pair, 1).status;
        json!([ask(), ask()])
    });
}

#[test]
fn media_types_that_are_wrong() {
    for (fault, path) in [(Fault::C1WrongMediaType, "order-quote-templates"), (Fault::BWrongMediaType, "orders")] {
        let deviating = if path == "orders" { "text/html" } else { "application/json" };
        differs(fault, json!("application/vnd.openactive.booking+json; version=1"), json!(deviating), |client| {
            json!(answer(client, path).headers["content-type"].to_str().unwrap())
        });
    }
}

#[test]
fn feeds_of_orders_that_are_wrong() {
    differs(Fault::OrdersFeedOnBooking, json!(0), json!(1), |client| {
        booked(client, FREE);
        json!(client.feed("orders-rpde").len())
    });
    let updated = |client: &Client| {
        let (_, b) = booked(client, FREE);
        client.act("AttendeeAttended", "Order", &b.body["@id"]);
        client.feed("orders-rpde")[0].clone()
    };
    differs(Fault::OrdersFeedWrongKind, json!("Order"), json!("Booking"), |client| updated(client)["kind"].clone());
    differs(Fault::OrdersFeedShowsCustomer, json!(false), json!(true), |client| {
        json!(updated(client)["data"].get("customer").is_some())
    });
    differs(Fault::NoticeNotPublished, json!(1), json!(0), |client| {
        let (_, b) = booked(client, FREE);
        client.act("CustomerNotice", "Order", &b.body["@id"]);
        json!(client.feed("orders-rpde").len())
    });
    differs(Fault::AccessUpdateNotPublished, json!(1), json!(0), |client| {
        let (_, b) = booked(client, FREE);
        client.act("AccessCodeUpdate", "Order", &b.body["@id"]);
        json!(client.feed("orders-rpde").len())
    });
    differs(Fault::ReplacementNotPublished, json!(1), json!(0), |client| {
        let (_, b) = booked(client, FREE);
        client.act("Replacement", "Order", &b.body["@id"]);
        json!(client.feed("orders-rpde").len())
    });
}

#[test]
fn open_feeds_that_are_wrong() {
    let page = |client: &Client| {
        client.create(FREE, SIMPLE);
        client.request("GET", "/feeds/scheduled-sessions", None, false)
    };
    let last = |client: &Client| {
        client.request("GET", "/feeds/scheduled-sessions?afterTimestamp=99999999999999&afterId=z", None, false)
    };
    differs(Fault::FeedsWithoutNext, json!(true), json!(false), |client| {
        json!(page(client).body.get("next").is_some())
    });
    differs(Fault::FeedsModifiedText, json!(true), json!(false), |client| {
        json!(page(client).body["items"][0]["modified"].is_number())
    });
    differs(Fault::FeedsWithoutKind, json!("ScheduledSession"), Value::Null, |client| {
        page(client).body["items"][0]["kind"].clone()
    });
    differs(Fault::FeedsOddItems, Value::Null, json!("green"), |client| {
        page(client).body["items"][0]["data"]["colour"].clone()
    });
    differs(Fault::FeedsLoseItems, json!(true), json!(false), |client| {
        let first = |client: &Client| page(client).body["items"][0]["id"].clone();
        json!(first(client) == first(client))
    });
    differs(Fault::FeedsDeletedWithData, json!(false), json!(true), |client| {
        client.create(FREE, SIMPLE);
        client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, true);
        let mut url = "/feeds/scheduled-sessions".to_owned();
        loop {
            let page = client.request("GET", &url, None, false).body;
            let items = page["items"].as_array().unwrap();
            if let Some(deleted) = items.iter().find(|item| item["state"] == "deleted") {
                return json!(deleted.get("data").is_some());
            }
            assert!(!items.is_empty());
            url = page["next"].as_str().unwrap().split_once("/feeds").map(|(_, rest)| format!("/feeds{rest}")).unwrap();
        }
    });
    differs(Fault::FeedsNeverEnd, json!(true), json!(false), |client| {
        let page = last(client);
        assert_eq!(page.body["items"], json!([]));
        json!(page.body["next"].as_str().unwrap().ends_with("?afterTimestamp=99999999999999&afterId=z"))
    });
    differs(Fault::FeedsCached, json!("public, max-age=1"), json!("public, max-age=3600"), |client| {
        json!(last(client).headers["cache-control"].to_str().unwrap())
    });
    differs(Fault::FeedsWrongMediaType, json!(false), json!(true), |client| {
        json!(page(client).headers["content-type"] == "text/html")
    });
}

#[test]
fn dataset_sites_that_are_wrong() {
    let distribution = |client: &Client| {
        let page = client.request("GET", "/openactive/", None, false).body;
        let page = page.as_str().unwrap();
        let json = page.split_once("ld+json\">").unwrap().1.split_once("</script>").unwrap().0;
        let dataset: Option<Value> = serde_json::from_str(json).ok();
        dataset.map_or(json!("broken"), |dataset| json!(dataset["distribution"].as_array().unwrap().len()))
    };
    differs(Fault::DatasetSiteBrokenJson, json!(12), json!("broken"), distribution);
    differs(Fault::DatasetSiteWithoutFeeds, json!(12), json!(0), distribution);
}

#[test]
fn order_status_that_is_wrong() {
    let status = |client: &Client| client.request("GET", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
    differs(Fault::OrderStatusMissing, json!(200), json!(404), |client| {
        booked(client, FREE);
        json!(status(client).status)
    });
    let (attended, confirmed) =
        (json!("https://openactive.io/AttendeeAttended"), json!("https://openactive.io/OrderItemConfirmed"));
    differs(Fault::OrderStatusStale, attended, confirmed, |client| {
        let (_, b) = booked(client, FREE);
        client.act("AttendeeAttended", "Order", &b.body["@id"]);
        status(client).body["orderedItem"][0]["orderItemStatus"].clone()
    });
}

#[test]
fn the_test_interface_that_is_wrong() {
    differs(Fault::ActionsStatus200, json!(204), json!(200), |client| {
        let (_, b) = booked(client, FREE);
        json!(client.act("AttendeeAttended", "Order", &b.body["@id"]).status)
    });
    let deleted = |client: &Client| {
        let (pair, _) = booked(client, FREE);
        client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, true);
        let order = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
        json!([client.published(&pair.0).is_some(), order.status])
    };
    differs(Fault::DatasetDeletionIgnored, json!([false, 410]), json!([true, 200]), deleted);
    differs(Fault::DatasetDeletionKeepsOrders, json!([false, 410]), json!([false, 200]), deleted);
}

#[test]
fn what_a_hostile_fault_does_to_one_answer_it_does_to_no_other() {
    let client = with(Fault::BStatus202);
    assert_eq!(OPERATIONS.map(|path| answer_of(&client, path)), [200, 200, 201, 202]);
}

fn answer_of(client: &Client, path: &str) -> u16 {
    let pair = client.create(FREE, if path == "order-proposals" { APPROVAL } else { SIMPLE });
    let number = OPERATIONS.iter().position(|known| *known == path).unwrap();
    client.put(path, 50 + u32::try_from(number).unwrap(), &pair, 1).status
}
