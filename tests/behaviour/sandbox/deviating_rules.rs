//! Faults in the behaviour of a booking system: acceptance, leases, rejections and retention.

use oa_test::sandbox::{Fault, Faults};

use super::deviations::{FREE, booked, cancel, differs};
use super::*;

const PAID: &str = "TestOpportunityBookableNonFreePrepaymentRequired";

/// Type or error of the response to B for one item, with a change to the request.
fn b(client: &Client, criteria: &str, change: impl Fn(&mut Value)) -> Value {
    let pair = client.create(criteria, SIMPLE);
    let mut order = body("Order", items(&pair, 1));
    change(&mut order);
    let answer = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
    let item = answer.body["orderedItem"][0]["error"][0]["@type"].clone();
    if item.is_null() { answer.body["@type"].clone() } else { item }
}

fn differs_at_b(fault: Fault, criteria: &str, error: &str, change: impl Fn(&mut Value)) {
    differs(fault, json!(error), json!("Order"), |client| b(client, criteria, &change));
}

fn pay(order: &mut Value, price: f64) {
    order["totalPaymentDue"]["price"] = json!(price);
    order["payment"] = json!({ "@type": "Payment", "identifier": "pay-1" });
}

#[test]
fn what_b_takes_that_it_should_not() {
    differs_at_b(Fault::TotalNotChecked, PAID, "TotalPaymentDueMismatchError", |order| pay(order, 1.0));
    differs_at_b(Fault::PaymentNotRequired, PAID, "MissingPaymentDetailsError", |order| {
        order["totalPaymentDue"]["price"] = json!(14.99);
    });
    differs_at_b(Fault::PaymentIdentifierNotRequired, PAID, "IncompletePaymentDetailsError", |order| {
        pay(order, 14.99);
        order["payment"].as_object_mut().unwrap().remove("identifier");
    });
    let unavailable = "TestOpportunityBookableNonFreePrepaymentUnavailable";
    differs_at_b(Fault::PaymentAlwaysTaken, unavailable, "UnnecessaryPaymentDetailsError", |order| pay(order, 14.99));
    differs_at_b(Fault::CustomerNotRequired, FREE, "IncompleteCustomerDetailsError", |order| {
        order["customer"].as_object_mut().unwrap().remove("email");
    });
    differs_at_b(Fault::BrokerNotRequired, FREE, "IncompleteBrokerDetailsError", |order| {
        order["broker"].as_object_mut().unwrap().remove("name");
    });
}

#[test]
fn payments_that_nobody_reconciles() {
    let client = |fault: Option<Fault>| {
        let mut switches = Switches::default();
        switches.set(Switch::PaymentReconciliation, true);
        let faults = Faults::new(fault.into_iter().collect());
        Client::new(SandboxOptions { switches, faults, ..SandboxOptions::default() })
    };
    let taken = |fault| b(&client(fault), PAID, |order| pay(order, 14.99));
    assert_eq!(taken(None), "InvalidPaymentDetailsError");
    assert_eq!(taken(Some(Fault::ReconciliationNotChecked)), "Order");
}

#[test]
fn what_is_not_bookable() {
    for (fault, criteria) in [
        (Fault::PastBookable, "TestOpportunityBookableInPast"),
        (Fault::BookingWindowIgnored, "TestOpportunityBookableOutsideValidFromBeforeStartDate"),
    ] {
        let due = |client: &Client| {
            let pair = client.create(criteria, SIMPLE);
            json!(client.put("order-quotes", 1, &pair, 1).status)
        };
        differs(fault, json!(409), json!(200), due);
    }
    differs(Fault::Oversells, json!(409), json!(201), |client| {
        let mut last = 0;
        let pair = client.create(FREE, SIMPLE);
        for number in 0..2 {
            last = client.put("orders", number, &pair, 8).status;
        }
        json!(last)
    });
    differs(Fault::ConflictNotReported, json!(409), json!(200), |client| {
        let [first, second] = [PAID, "TestOpportunityBookableNonFreePrepaymentUnavailable"]
            .map(|criteria| items(&client.create(criteria, SIMPLE), 1)[0].clone());
        let quote = body("OrderQuote", json!([first, second]));
        json!(client.api("PUT", &format!("order-quotes/{}", uuid(1)), &quote).status)
    });
    for (fault, criteria) in [
        (Fault::AttendeeDetailsNotChecked, "TestOpportunityBookableAttendeeDetails"),
        (Fault::IntakeFormNotChecked, "TestOpportunityBookableAdditionalDetails"),
    ] {
        differs(fault, json!(409), json!(200), |client| {
            let pair = client.create(criteria, SIMPLE);
            json!(client.put("order-quotes", 1, &pair, 1).status)
        });
    }
}

#[test]
fn who_may_do_what() {
    let second = "https://id.sandbox.example.org/sellers/2";
    differs(Fault::SellerNotChecked, json!(401), json!(200), |client| {
        let pair = client.create(FREE, SIMPLE);
        let path = format!("/api/openbooking/order-quotes/{}", uuid(1));
        json!(client.send_as(second, "PUT", &path, Some(&body("OrderQuote", items(&pair, 1)))).status)
    });
    differs(Fault::CredentialsNotRequired, json!(403), json!(200), |client| {
        let pair = client.create(FREE, SIMPLE);
        let path = format!("/api/openbooking/order-quotes/{}", uuid(1));
        json!(client.request("PUT", &path, Some(&body("OrderQuote", items(&pair, 1))), false).status)
    });
    let feed_of_the_other = |fault: Option<Fault>| {
        let faults = Faults::new(fault.into_iter().collect());
        let mut client = Client::new(SandboxOptions { faults, ..SandboxOptions::default() });
        let (_, b) = booked(&client, FREE);
        client.act("AttendeeAttended", "Order", &b.body["@id"]);
        client.partner = "booking-partner-2";
        client.feed("orders-rpde").len()
    };
    assert_eq!((feed_of_the_other(None), feed_of_the_other(Some(Fault::PartnersShareFeed))), (0, 1));
}

#[test]
fn what_is_repeated() {
    let twice = |client: &Client, count: usize| {
        let (pair, first) = booked(client, FREE);
        let second = client.put("orders", 1, &pair, count);
        json!([second.status, second.body == first.body])
    };
    differs(Fault::BNotIdempotent, json!([201, true]), json!([500, false]), |client| twice(client, 2));
    differs(Fault::UuidReused, json!([500, false]), json!([201, false]), |client| twice(client, 1));
}

#[test]
fn leases_that_go_wrong() {
    differs(Fault::LeaseKeepsLargest, json!(9), json!(7), |client| {
        let pair = client.create(FREE, SIMPLE);
        client.put("order-quotes", 1, &pair, 3);
        client.put("order-quotes", 1, &pair, 1);
        json!(client.capacity(&pair.0))
    });
    differs(Fault::FailedQuoteTakesLease, json!(10), json!(0), |client| {
        let pair = client.create(FREE, SIMPLE);
        assert_eq!(client.put("order-quotes", 1, &pair, 11).status, 409);
        json!(client.capacity(&pair.0))
    });
    differs(Fault::PTakesNoLease, json!(8), json!(10), |client| {
        let pair = client.create(FREE, APPROVAL);
        client.put("order-quotes", 1, &pair, 2);
        assert_eq!(client.put("order-proposals", 1, &pair, 2).status, 201);
        json!(client.capacity(&pair.0))
    });
    differs(Fault::C1TakesNoLease, json!(8), json!(10), |client| {
        let pair = client.create(FREE, SIMPLE);
        client.put("order-quote-templates", 1, &pair, 2);
        json!(client.capacity(&pair.0))
    });
    let after_no_time = |fault: Option<Fault>| {
        let mut switches = Switches::default();
        switches.lease_seconds = 0;
        let faults = Faults::new(fault.into_iter().collect());
        let client = Client::new(SandboxOptions { switches, faults, ..SandboxOptions::default() });
        let pair = client.create(FREE, SIMPLE);
        client.put("order-quotes", 1, &pair, 2);
        client.capacity(&pair.0)
    };
    assert_eq!((after_no_time(None), after_no_time(Some(Fault::LeaseNeverExpires))), (10, 8));
    differs(Fault::CapacityNotPublished, json!(8), json!(10), |client| {
        let (pair, _) = booked(client, FREE);
        json!(client.capacity(&pair.0))
    });
}

#[test]
fn proposals_that_are_booked_wrongly() {
    differs(Fault::ApprovalSkipped, json!(500), json!(201), |client| {
        let pair = client.create(FREE, APPROVAL);
        json!(client.put("orders", 1, &pair, 1).status)
    });
    let book = |client: &Client, accept: bool, version: Option<&str>| {
        let pair = client.create(FREE, APPROVAL);
        let p = client.put("order-proposals", 1, &pair, 1).body;
        if accept {
            client.act("SellerAcceptOrderProposal", "OrderProposal", &p["@id"]);
        }
        let version = version.map_or(p["orderProposalVersion"].clone(), Value::from);
        let order = json!({ "@type": "Order", "orderProposalVersion": version });
        json!(client.api("PUT", &format!("orders/{}", uuid(1)), &order).status)
    };
    differs(Fault::BooksUnacceptedProposal, json!(500), json!(201), |client| book(client, false, None));
    differs(Fault::VersionNotChecked, json!(500), json!(201), |client| {
        book(client, true, Some("https://example.com/1"))
    });
    differs(Fault::CustomerRejectionIgnored, json!(1), json!(0), |client| {
        let pair = client.create(FREE, APPROVAL);
        client.put("order-proposals", 1, &pair, 1);
        let rejected = "https://openactive.io/CustomerRejected";
        let patch = json!({ "@type": "OrderProposal", "orderProposalStatus": rejected });
        assert_eq!(client.api("PATCH", &format!("order-proposals/{}", uuid(1)), &patch).status, 204);
        json!(client.feed("order-proposals-rpde").len())
    });
}

/// The first OrderItem of an Order, to be cancelled, with changes.
fn patch(client: &Client, answer: &Answer, change: impl Fn(&mut Value)) -> u16 {
    let mut patch = json!({
        "@type": "Order",
        "orderedItem": [{
            "@type": "OrderItem",
            "@id": answer.body["orderedItem"][0]["@id"],
            "orderItemStatus": "https://openactive.io/CustomerCancelled"
        }]
    });
    change(&mut patch);
    client.api("PATCH", &format!("orders/{}", uuid(1)), &patch).status
}

#[test]
fn cancellations_that_go_wrong() {
    differs(Fault::CancelsOutsideWindow, json!(400), json!(204), |client| {
        let pair = client.create("TestOpportunityBookableNotCancellable", SIMPLE);
        let due = client.put("order-quotes", 9, &pair, 1).body["totalPaymentDue"]["price"].as_f64().unwrap();
        let mut order = body("Order", items(&pair, 1));
        if due > 0.0 {
            pay(&mut order, due);
        }
        let booked = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
        json!(cancel(client, &booked))
    });
    differs(Fault::CancellationKeepsTotal, json!(0), json!(14.99), |client| {
        let pair = client.create("TestOpportunityBookableNonFreeCancellable", SIMPLE);
        let mut order = body("Order", items(&pair, 1));
        pay(&mut order, 14.99);
        let booked = client.api("PUT", &format!("orders/{}", uuid(1)), &order);
        assert_eq!(cancel(client, &booked), 204);
        client.feed("orders-rpde")[0]["data"]["totalPaymentDue"]["price"].clone()
    });
    let half = |client: &Client| {
        let (_, b) = booked(client, FREE);
        client.act("AttendeeAttended", "Order", &b.body["@id"]);
        json!(cancel(client, &b))
    };
    differs(Fault::CancelsPartially, json!(400), json!(204), half);
    differs(Fault::RepeatedCancellationRejected, json!(204), json!(400), |client| {
        let (_, b) = booked(client, FREE);
        cancel(client, &b);
        json!(cancel(client, &b))
    });
    differs(Fault::RepeatedCancellationPublished, json!(false), json!(true), |client| {
        let (_, b) = booked(client, FREE);
        cancel(client, &b);
        let before = client.feed("orders-rpde")[0]["modified"].clone();
        cancel(client, &b);
        json!(client.feed("orders-rpde")[0]["modified"] != before)
    });
    differs(Fault::PatchStatus200, json!(204), json!(200), |client| {
        let (_, b) = booked(client, FREE);
        json!(patch(client, &b, |_| ()))
    });
    differs(Fault::PatchAcceptsAnything, json!(400), json!(204), |client| {
        let (_, b) = booked(client, FREE);
        json!(patch(client, &b, |body| body["customer"] = json!({ "@type": "Person" })))
    });
    differs(Fault::PatchAlwaysCancels, json!(400), json!(204), |client| {
        let (_, b) = booked(client, FREE);
        json!(patch(client, &b, |body| {
            body["orderedItem"][0]["orderItemStatus"] = json!("https://openactive.io/AttendeeAttended");
        }))
    });
}

#[test]
fn deletions_that_go_wrong() {
    let order = format!("/api/openbooking/orders/{}", uuid(1));
    let delete = |client: &Client| client.request("DELETE", &order, None, true).status;
    differs(Fault::DeletionKeepsCapacity, json!(10), json!(8), |client| {
        let (pair, _) = booked(client, FREE);
        delete(client);
        json!(client.capacity(&pair.0))
    });
    differs(Fault::DeletionNotRepeatable, json!(204), json!(410), |client| {
        booked(client, FREE);
        delete(client);
        json!(delete(client))
    });
    differs(Fault::DeletedOrderStatusShown, json!(410), json!(200), |client| {
        booked(client, FREE);
        delete(client);
        json!(client.request("GET", &order, None, true).status)
    });
}
