//! The sandbox as a booking system that conforms to the specification.

use oa_test::sandbox::{Furnishing, Sandbox, SandboxOptions, Switch, Switches};
use serde_json::{Value, json};

mod alterations;
mod b;
mod c1;
mod c2;
mod details;
mod deviating_answers;
mod deviating_rules;
mod deviations;
mod errors;
mod http;
mod load;
mod open_feeds;
mod order_cancellation;
mod order_deletion;
mod order_status;
mod orders_feed;
mod p;
mod proposal_update;
mod quote_deletion;
mod state;
mod switches;
mod test_actions;
mod test_datasets;

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
    /// A sandbox without opportunities but those that a test creates: it starts sooner.
    fn new(options: SandboxOptions) -> Self {
        Self::furnished(SandboxOptions { furnishing: Furnishing::Empty, ..options })
    }

    /// Booking Partners and Sellers are known by headers: what tokens do is shown elsewhere.
    fn furnished(mut options: SandboxOptions) -> Self {
        options.switches.set(Switch::OpenIdAuthentication, false);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        // A process that another test begins has the files of this one until it runs its own program, and so a file of a sandbox
        // that has just ended.
        let mut tries = 0;
        let sandbox = loop {
            match runtime.block_on(Sandbox::start(options.clone())) {
                Err(error)
                    if options.data.is_some() && tries < 200 && format!("{error:?}").contains("file is in use") =>
                {
                    tries += 1;
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
                started => break started.unwrap(),
            }
        };
        Self { sandbox, runtime, http: crate::support::http_client().build().unwrap(), partner: "booking-partner-1" }
    }

    fn leasing(anonymous: bool, named: bool, seconds: i64) -> Self {
        let mut switches = Switches::default();
        switches.set(Switch::AnonymousLeasing, anonymous);
        switches.set(Switch::NamedLeasing, named);
        switches.lease_seconds = seconds;
        Self::new(SandboxOptions { switches, ..SandboxOptions::default() })
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>, credentials: bool) -> Answer {
        self.send(method, path, body, credentials.then_some(SELLER))
    }

    /// With the credentials of a Seller.
    fn send_as(&self, seller: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.send(method, path, body, Some(seller))
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>, seller: Option<&str>) -> Answer {
        let url = format!("http://{}{path}", self.sandbox.address());
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(seller) = seller {
            request = request
                .header("X-OpenActive-Test-Client-Id", self.partner)
                .header("X-OpenActive-Test-Seller-Id", seller);
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

    /// Everything as usual, but for some switches that are off.
    fn without(off: &[Switch]) -> Self {
        let mut switches = Switches::default();
        for switch in off {
            switches.set(*switch, false);
        }
        Self::new(SandboxOptions { switches, ..SandboxOptions::default() })
    }

    /// Leases off, and everything else on.
    fn plain() -> Self {
        Self::leasing(false, false, 60)
    }

    /// Creates a session; its identifier and that of its offer.
    fn create(&self, criteria: &str, flow: &str) -> (String, String) {
        let id = self.create_of("ScheduledSession", criteria, flow, SELLER);
        let series = id.split("/scheduled-sessions").next().unwrap().to_owned();
        (id, format!("{series}#/offers/0"))
    }

    /// Creates an opportunity of any type.
    fn create_of(&self, kind: &str, criteria: &str, flow: &str, seller: &str) -> String {
        let answer =
            self.api("POST", "test-interface/datasets/tests/opportunities", &wanted(kind, criteria, flow, seller));
        assert_eq!(answer.status, 201, "{kind} {criteria} {flow}: {}", answer.body);
        answer.body["@id"].as_str().unwrap().to_owned()
    }

    /// C1 or C2, P or B with `count` items on one opportunity.
    fn put(&self, path: &str, number: u32, pair: &(String, String), count: usize) -> Answer {
        let json_type = match path {
            "orders" => "Order",
            "order-proposals" => "OrderProposal",
            _ => "OrderQuote",
        };
        let body = body(json_type, items(pair, count));
        self.api("PUT", &format!("{path}/{}", uuid(number)), &body)
    }

    /// Deletes an Order or OrderQuote.
    fn delete(&self, path: &str, number: u32) -> Answer {
        self.request("DELETE", &format!("/api/openbooking/{path}/{}", uuid(number)), None, true)
    }

    /// Order Status.
    fn status(&self, number: u32) -> Answer {
        self.request("GET", &format!("/api/openbooking/orders/{}", uuid(number)), None, true)
    }

    /// A simulate action.
    fn act(&self, action: &str, object_type: &str, id: &Value) -> Answer {
        let action = format!("test:{action}SimulateAction");
        let body = json!({ "@type": action, "object": { "@type": object_type, "@id": id } });
        self.api("POST", "test-interface/actions", &body)
    }

    /// The items of a feed of this Booking Partner.
    fn feed(&self, path: &str) -> Vec<Value> {
        let page = self.request("GET", &format!("/api/openbooking/{path}"), None, true);
        page.body["items"].as_array().unwrap().clone()
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

/// The body that asks the Test Interface for an opportunity.
fn wanted(kind: &str, criteria: &str, flow: &str, seller: &str) -> Value {
    let seller = json!({ "@type": "Organization", "@id": seller });
    let mut body = match kind {
        "ScheduledSession" => json!({ "@type": kind, "superEvent": { "@type": "SessionSeries", "organizer": seller } }),
        "FacilityUseSlot" => json!({ "@type": "Slot", "facilityUse": { "@type": "FacilityUse", "provider": seller } }),
        "IndividualFacilityUseSlot" => {
            json!({ "@type": "Slot", "facilityUse": { "@type": "IndividualFacilityUse", "provider": seller } })
        }
        "CourseInstanceSubEvent" => {
            json!({ "@type": "Event", "superEvent": { "@type": "CourseInstance", "organizer": seller } })
        }
        "HeadlineEventSubEvent" => {
            json!({ "@type": "Event", "superEvent": { "@type": "HeadlineEvent", "organizer": seller } })
        }
        other => json!({ "@type": other, "organizer": seller }),
    };
    body["test:testOpportunityCriteria"] = json!(format!("https://openactive.io/test-interface#{criteria}"));
    body["test:testOpenBookingFlow"] = json!(format!("https://openactive.io/test-interface#{flow}"));
    body
}

/// The property of each OrderItem of a document.
fn of_items(document: &Value, property: &str) -> Vec<Value> {
    document["orderedItem"].as_array().unwrap().iter().map(|item| item[property].clone()).collect()
}

/// The type of the first error of each OrderItem.
fn item_errors(document: &Value) -> Vec<Value> {
    of_items(document, "error").iter().map(|errors| errors[0]["@type"].clone()).collect()
}

/// Type and status of an error response.
fn problem(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["@type"].as_str().unwrap_or_default())
}

const SIMPLE: &str = "OpenBookingSimpleFlow";
const APPROVAL: &str = "OpenBookingApprovalFlow";

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
