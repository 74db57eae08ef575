//! The sandbox as a booking system: what the specification demands of one.

use oa_test::sandbox::{Sandbox, SandboxOptions, Switches};
use serde_json::{Value, json};

const SELLER: &str = "https://id.sandbox.example.org/sellers/1";

/// A client of a sandbox, with the credentials of the first Booking Partner and Seller.
struct Client {
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    partner: &'static str,
}

struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Client {
    fn new(options: SandboxOptions) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { sandbox, runtime, http: reqwest::Client::new(), partner: "booking-partner-1" }
    }

    fn leasing(anonymous: bool, named: bool, seconds: i64) -> Self {
        let switches = Switches { anonymous_leasing: anonymous, named_leasing: named, lease_seconds: seconds };
        Self::new(SandboxOptions { switches, ..SandboxOptions::default() })
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>, credentials: bool) -> Answer {
        let url = format!("http://{}{path}", self.sandbox.address());
        let mut request = self.http.request(method.parse().unwrap(), url);
        if credentials {
            request = request
                .header("X-OpenActive-Test-Client-Id", self.partner)
                .header("X-OpenActive-Test-Seller-Id", SELLER);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = response.text().await.unwrap();
            Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
        })
    }

    fn api(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.request(method, &format!("/api/openbooking/{path}"), Some(body), true)
    }

    /// Creates an opportunity; its identifier and that of its offer.
    fn create(&self, criteria: &str, flow: &str) -> (String, String) {
        let answer = self.api(
            "POST",
            "test-interface/datasets/tests/opportunities",
            &json!({
                "@type": "ScheduledSession",
                "superEvent": { "@type": "SessionSeries", "organizer": { "@type": "Organization", "@id": SELLER } },
                "test:testOpportunityCriteria": format!("https://openactive.io/test-interface#{criteria}"),
                "test:testOpenBookingFlow": format!("https://openactive.io/test-interface#{flow}")
            }),
        );
        assert_eq!(answer.status, 201, "{}", answer.body);
        let id = answer.body["@id"].as_str().unwrap().to_owned();
        let series = id.split("/scheduled-sessions").next().unwrap();
        (id.clone(), format!("{series}#/offers/0"))
    }

    /// What a feed shows of an opportunity.
    fn published(&self, id: &str) -> Option<Value> {
        let mut url = "/feeds/scheduled-sessions".to_owned();
        loop {
            let page = self.request("GET", &url, None, false).body;
            let items = page["items"].as_array().unwrap().clone();
            if let Some(item) = items.iter().find(|item| item["data"]["@id"] == *id) {
                return Some(item["data"].clone());
            }
            if items.is_empty() {
                return None;
            }
            let next = page["next"].as_str().unwrap();
            url = next.split_once("/feeds").map(|(_, rest)| format!("/feeds{rest}")).unwrap();
        }
    }

    fn capacity(&self, id: &str) -> i64 {
        self.published(id).unwrap()["remainingAttendeeCapacity"].as_i64().unwrap()
    }
}

fn uuid(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn items(pair: &(String, String), count: usize) -> Value {
    (0..count)
        .map(|position| {
            json!({ "@type": "OrderItem", "position": position, "orderedItem": pair.0, "acceptedOffer": pair.1 })
        })
        .collect()
}

fn body(json_type: &str, items: Value) -> Value {
    json!({
        "@context": "https://openactive.io/",
        "@type": json_type,
        "brokerRole": "https://openactive.io/AgentBroker",
        "broker": { "@type": "Organization", "name": "Broker" },
        "seller": SELLER,
        "customer": { "@type": "Person", "email": "ada@example.com" },
        "orderedItem": items,
        "totalPaymentDue": { "@type": "PriceSpecification", "price": 0, "priceCurrency": "GBP" }
    })
}

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
fn an_order_enters_its_feed_with_its_first_update() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let path = format!("orders/{}", uuid(1));
    let b = client.api("PUT", &path, &body("Order", items(&pair, 1)));
    let feed = || client.request("GET", "/api/openbooking/orders-rpde", None, true);
    assert_eq!(feed().body["items"], json!([]));
    let action = json!({
        "@type": "test:AccessCodeUpdateSimulateAction",
        "object": { "@type": "Order", "@id": b.body["@id"] }
    });
    assert_eq!(client.api("POST", "test-interface/actions", &action).status, 204);
    let page = feed();
    assert_eq!(page.body["items"].as_array().unwrap().len(), 1);
    let item = &page.body["items"][0];
    assert_eq!(item["id"], uuid(1));
    assert_eq!(item["data"]["orderedItem"][0]["@id"], b.body["orderedItem"][0]["@id"]);
    assert_ne!(item["data"]["orderedItem"][0]["accessCode"], b.body["orderedItem"][0]["accessCode"]);
    assert!(page.body.get("license").is_none());
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["content-type"], "application/vnd.openactive.booking+json; version=1");
}

#[test]
fn a_proposal_is_booked_once_the_seller_accepted_it() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingApprovalFlow");
    let c2 = client.api("PUT", &format!("order-quotes/{}", uuid(1)), &body("OrderQuote", items(&pair, 1)));
    assert_eq!(c2.body["orderRequiresApproval"], true);
    let direct = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    assert_eq!(direct.body["@type"], "OrderCreationFailedError");
    let p = client.api("PUT", &format!("order-proposals/{}", uuid(1)), &body("OrderProposal", items(&pair, 1)));
    assert_eq!(p.status, 201, "{}", p.body);
    let version = p.body["orderProposalVersion"].as_str().unwrap();
    let b = |version: &str| {
        let body = json!({ "@type": "Order", "orderProposalVersion": version });
        client.api("PUT", &format!("orders/{}", uuid(1)), &body)
    };
    assert_eq!(b(version).body["@type"], "OrderCreationFailedError", "not accepted yet");
    assert_eq!(b("https://example.com/versions/0").body["@type"], "OrderProposalVersionOutdatedError");
    let feed = || client.request("GET", "/api/openbooking/order-proposals-rpde", None, true).body["items"].clone();
    assert_eq!(feed(), json!([]), "nothing before the Seller answers");
    let accept = json!({
        "@type": "test:SellerAcceptOrderProposalSimulateAction",
        "object": { "@type": "OrderProposal", "@id": p.body["@id"] }
    });
    assert_eq!(client.api("POST", "test-interface/actions", &accept).status, 204);
    assert_eq!(feed()[0]["data"]["orderProposalStatus"], "https://openactive.io/SellerAccepted");
    let booked = b(version);
    assert_eq!(booked.status, 201, "{}", booked.body);
    assert_eq!(booked.body["orderedItem"][0]["@id"], p.body["orderedItem"][0]["@id"]);
    assert!(booked.body["orderedItem"][0].get("position").is_none());
    assert_eq!(feed()[0]["state"], "deleted");
    assert_eq!(b(version).body, booked.body, "B after P is idempotent");
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

#[test]
fn a_deleted_dataset_takes_its_opportunities_and_orders_along() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", "OpenBookingSimpleFlow");
    let b = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    let action =
        json!({ "@type": "test:AttendeeAttendedSimulateAction", "object": { "@type": "Order", "@id": b.body["@id"] } });
    assert_eq!(client.api("POST", "test-interface/actions", &action).status, 204);
    assert!(client.published(&pair.0).is_some());
    let deleted = client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, false);
    assert_eq!(deleted.status, 204);
    assert!(client.published(&pair.0).is_none());
    let feed = client.request("GET", "/api/openbooking/orders-rpde", None, true).body;
    assert_eq!(feed["items"][0]["state"], "deleted");
    let again = client.api("PUT", &format!("orders/{}", uuid(1)), &body("Order", items(&pair, 1)));
    assert_eq!(again.body["@type"], "OrderAlreadyExistsError", "the UUID stays taken");
}

#[test]
fn feeds_are_ordered_and_end_with_an_empty_page() {
    let client = Client::new(SandboxOptions { page_size: 7, ..SandboxOptions::default() });
    for (feed, parameter) in [
        ("session-series", "afterTimestamp"),
        ("scheduled-sessions", "afterTimestamp"),
        ("facility-uses", "afterTimestamp"),
        ("individual-facility-uses", "afterTimestamp"),
        ("facility-use-slots", "afterChangeNumber"),
        ("individual-facility-use-slots", "afterChangeNumber"),
    ] {
        let mut url = format!("/feeds/{feed}");
        let mut last = 0;
        let mut ids = std::collections::HashSet::new();
        loop {
            let page = client.request("GET", &url, None, false);
            assert_eq!(page.headers["content-type"], "application/vnd.openactive.rpde+json; version=1");
            let next = page.body["next"].as_str().unwrap();
            let next = &next[next.find("/feeds").unwrap()..];
            let items = page.body["items"].as_array().unwrap();
            if items.is_empty() {
                assert_eq!(next, url, "the last page leads to itself");
                break;
            }
            assert!(items.len() <= 7 && next.contains(parameter), "{next}");
            for item in items {
                let modified = item["modified"].as_i64().unwrap();
                assert!(modified > last, "{feed} goes backwards");
                last = modified;
                assert!(ids.insert(item["id"].as_str().unwrap().to_owned()), "{feed} shows an item twice");
            }
            url = next.to_owned();
        }
        assert!(ids.len() > 50, "{feed} has {} items", ids.len());
    }
}

#[test]
fn the_test_interface_is_not_there_unless_it_is_wanted() {
    let client = Client::new(SandboxOptions { test_interface: false, ..SandboxOptions::default() });
    let answer = client.request("DELETE", "/api/openbooking/test-interface/datasets/tests", None, false);
    assert_eq!((answer.status, answer.body["@type"].as_str()), (404, Some("UnknownOrIncorrectEndpointError")));
}

#[test]
fn what_the_specification_forbids_is_not_created() {
    let client = Client::new(SandboxOptions::default());
    for criteria in
        ["TestOpportunityBookableFreePrepaymentOptional", "TestOpportunityBookableFreePrepaymentRequired", "Nonsense"]
    {
        let answer = client.api(
            "POST",
            "test-interface/datasets/tests/opportunities",
            &json!({
                "@type": "ScheduledSession",
                "superEvent": { "@type": "SessionSeries", "organizer": { "@id": SELLER } },
                "test:testOpportunityCriteria": format!("https://openactive.io/test-interface#{criteria}"),
                "test:testOpenBookingFlow": "https://openactive.io/test-interface#OpenBookingSimpleFlow"
            }),
        );
        assert_eq!((answer.status, answer.body["@type"].as_str()), (400, Some("OpenBookingError")), "{criteria}");
    }
}
