//! Requirements of HTTP.

use super::*;

/// A PUT with headers of one's own.
fn put(client: &Client, headers: &[(&str, &str)], body: String) -> (u16, Value) {
    let url = format!("http://{}/api/openbooking/order-quotes/{}", client.sandbox.address(), uuid(1));
    let mut request = client
        .http
        .put(url)
        .header("X-OpenActive-Test-Client-Id", client.partner)
        .header("X-OpenActive-Test-Seller-Id", SELLER)
        .body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.runtime.block_on(async {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
    })
}

#[test]
fn media_types_are_negotiated() {
    let client = Client::plain();
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    let quote = body("OrderQuote", items(&pair, 1)).to_string();
    for good in [
        "application/vnd.openactive.booking+json; version=1",
        "application/vnd.openactive.booking+json",
        "application/json",
    ] {
        assert_eq!(put(&client, &[("content-type", good)], quote.clone()).0, 200, "{good}");
        assert_eq!(put(&client, &[("accept", good)], quote.clone()).0, 200, "{good}");
    }
    assert_eq!(put(&client, &[("content-type", "text/xml")], quote.clone()).0, 415);
    assert_eq!(put(&client, &[("accept", "text/html")], quote.clone()).0, 406);
    assert_eq!(put(&client, &[("accept", "text/html, */*;q=0.1")], quote).0, 200);
}

#[test]
fn bodies_are_json_and_not_endless() {
    let client = Client::plain();
    for broken in ["", "{", "[]", "null", "\"text\""] {
        let (status, body) = put(&client, &[], broken.to_owned());
        assert_eq!((status, body["@type"].as_str()), (400, Some("OpenBookingError")), "{broken}");
    }
    let (status, _) = put(&client, &[], format!("\"{}\"", "x".repeat(2 * 1024 * 1024)));
    assert_eq!(status, 413);
}

#[test]
fn the_root_leads_to_a_page_about_the_sandbox() {
    let client = Client::plain();
    let page = client.request("GET", "/", None, false);
    assert_eq!(page.status, 200);
    let text = page.body.as_str().unwrap();
    for needle in ["/openactive/", "/feeds/scheduled-sessions", "booking-partner-1", SELLER, "anonymous-leasing"] {
        assert!(text.contains(needle), "{needle}");
    }
}

#[test]
fn an_endpoint_that_has_other_methods_names_them() {
    let client = Client::plain();
    for (method, path, allowed) in [
        ("POST", "orders", "PUT, GET, PATCH, DELETE"),
        ("GET", "order-quotes", "PUT, DELETE"),
        ("DELETE", "order-proposals", "PUT, PATCH"),
        ("GET", "order-quote-templates", "PUT"),
    ] {
        let answer = client.request(method, &format!("/api/openbooking/{path}/{}", uuid(1)), None, true);
        assert_eq!(problem(&answer), (405, "MethodNotAllowedError"), "{path}");
        assert_eq!(answer.headers["allow"], allowed);
    }
}
