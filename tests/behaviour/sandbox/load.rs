//! Many at once.

use super::*;

#[test]
fn the_last_space_goes_to_one_of_fifty() {
    for (anonymous, named) in [(false, false), (true, true)] {
        let client = Client::leasing(anonymous, named, 600);
        let pair = client.create("TestOpportunityBookableOneSpace", SIMPLE);
        let due = client.put("order-quote-templates", 900, &pair, 1).body["totalPaymentDue"]["price"].clone();
        client.request("DELETE", &format!("/api/openbooking/order-quotes/{}", uuid(900)), None, true);
        let mut order = body("Order", items(&pair, 1));
        if due != 0 {
            order["payment"] = json!({ "@type": "Payment", "identifier": "pay" });
        }
        order["totalPaymentDue"]["price"] = due;
        let text = order.to_string();
        let requests = (0..50).map(|number| {
            let url = format!("http://{}/api/openbooking/orders/{}", client.sandbox.address(), uuid(number));
            let request = client
                .http
                .put(url)
                .header("X-OpenActive-Test-Client-Id", client.partner)
                .header("X-OpenActive-Test-Seller-Id", SELLER)
                .body(text.clone());
            client.runtime.spawn(async move { request.send().await.unwrap().status().as_u16() })
        });
        let requests: Vec<_> = requests.collect();
        let mut statuses: Vec<u16> = client
            .runtime
            .block_on(async { futures::future::join_all(requests).await })
            .into_iter()
            .map(Result::unwrap)
            .collect();
        statuses.sort_unstable();
        let mut expected = vec![409; 49];
        expected.insert(0, 201);
        assert_eq!(statuses, expected);
        assert_eq!(client.capacity(&pair.0), 0);
    }
}
