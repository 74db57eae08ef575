//! The layer in front of the sandbox that alters one kind of exchange.

use std::time::Duration;

use oa_test::sandbox::{Alteration, AlterationOptions, ExchangeKind};

use super::*;

/// A sandbox without leases, with an alteration of a kind of exchange. What is late does not come within a test.
fn altered(method: &str, path: &str, status: u16, alteration: Alteration) -> Client {
    let mut switches = Switches::default();
    for leasing in [Switch::AnonymousLeasing, Switch::NamedLeasing] {
        switches.set(leasing, false);
    }
    let kind = ExchangeKind::of(method, &format!("/api/openbooking/{path}"), None, status);
    let alteration = Some(AlterationOptions { kind, alteration, delay: Duration::from_secs(3600) });
    Client::new(SandboxOptions { switches, alteration, ..SandboxOptions::default() })
}

fn order() -> String {
    format!("orders/{}", uuid(1))
}

#[test]
fn one_kind_of_exchange_is_altered_and_no_other() {
    let client = altered("PUT", &format!("order-quotes/{}", uuid(9)), 200, Alteration::Status(404));
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    assert_eq!(client.put("order-quote-templates", 1, &pair, 1).status, 200);
    assert_eq!(client.put("order-quotes", 1, &pair, 1).status, 404);
    assert_eq!(client.put("order-quotes", 1, &pair, 99).status, 409, "another status is another kind");
    assert_eq!(client.put("orders", 1, &pair, 1).status, 201);
    assert_eq!(client.sandbox.alterations(), 1);
}

#[test]
fn a_response_is_altered_in_many_ways() {
    let media_type =
        |answer: &Answer| answer.headers.get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let quote = |alteration: Alteration| {
        let client = altered("PUT", &format!("order-quotes/{}", uuid(9)), 200, alteration);
        let pair = client.create("TestOpportunityBookableFree", SIMPLE);
        let honest = client.put("order-quote-templates", 1, &pair, 1);
        (honest, client.put("order-quotes", 1, &pair, 1))
    };
    assert_eq!(media_type(&quote(Alteration::MediaType(None)).1), None);
    assert_eq!(media_type(&quote(Alteration::MediaType(Some("text/html"))).1).as_deref(), Some("text/html"));
    assert_eq!(quote(Alteration::BodyEmpty).1.body, "");
    assert_eq!(quote(Alteration::BodyList).1.body, json!([]));
    let (_, truncated) = quote(Alteration::BodyTruncated);
    assert!(truncated.body.as_str().is_some_and(|text| text.starts_with('{') && !text.ends_with('}')));
    let missing = quote(Alteration::HeaderMissing("content-type".to_owned())).1;
    assert_eq!(media_type(&missing), None);
}

#[test]
fn a_booking_without_effect_has_a_response_and_no_order() {
    let client = altered("PUT", &order(), 201, Alteration::NoEffect);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 1);
    assert_eq!(b.status, 201);
    assert!(b.body["@id"].as_str().is_some_and(|id| id.ends_with(&uuid(1))), "{}", b.body);
    assert_eq!(client.status(1).status, 404);
    assert_eq!(client.capacity(&pair.0), 10);
}

#[test]
fn a_booking_with_a_double_effect_takes_twice_the_capacity() {
    let client = altered("PUT", &order(), 201, Alteration::DoubleEffect);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    assert_eq!(client.put("orders", 1, &pair, 1).status, 201);
    assert_eq!(client.status(1).status, 200);
    assert_eq!(client.capacity(&pair.0), 8);
}

#[test]
fn a_booking_for_another_order_takes_capacity_for_that() {
    let client = altered("PUT", &order(), 201, Alteration::OtherOrder);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    assert_eq!(client.put("orders", 1, &pair, 1).status, 201);
    assert_eq!(client.status(1).status, 404);
    assert_eq!(client.capacity(&pair.0), 9);
}

#[test]
fn deletions_are_ignored_or_meet_another_order() {
    for (alteration, first, second) in [(Alteration::NoEffect, 200, 200), (Alteration::OtherOrder, 410, 200)] {
        let client = altered("DELETE", &order(), 204, alteration.clone());
        let pair = client.create("TestOpportunityBookableFree", SIMPLE);
        for number in [1, 2] {
            assert_eq!(client.put("orders", number, &pair, 1).status, 201);
        }
        assert_eq!(client.delete("orders", 2).status, 204);
        assert_eq!((client.status(1).status, client.status(2).status), (first, second), "{alteration:?}");
    }
}

#[test]
fn a_late_feed_shows_items_after_the_delay_only() {
    let client = altered("GET", "orders-rpde", 200, Alteration::LateEffect);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let b = client.put("orders", 1, &pair, 1);
    client.act("CustomerNotice", "Order", &b.body["@id"]);
    assert_eq!(client.feed("orders-rpde"), Vec::<Value>::new());
    assert_eq!(client.status(1).status, 200);
}

#[test]
fn another_orders_status_is_shown() {
    let client = altered("GET", &order(), 200, Alteration::OtherOrder);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    for number in [1, 2] {
        client.put("orders", number, &pair, 1);
    }
    assert!(client.status(2).body["@id"].as_str().is_some_and(|id| id.ends_with(&uuid(1))));
}
