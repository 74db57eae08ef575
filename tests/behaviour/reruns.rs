//! Consecutive runs against one target that retains its Orders: none affects the next.

use std::collections::{BTreeMap, BTreeSet};

use oa_test::sandbox::{Fault, Faults, Furnishing, Sandbox, SandboxOptions, Stocked, Switch};
use serde_json::{Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS, HEADER_CREDENTIALS_FILE, Outcome, SHORT_WAIT, run, run_against};

const SLOTS: &str = "/feeds/individual-facility-use-slots";
const SELLER: &str = "https://id.sandbox.example.org/sellers/1";

/// A sandbox that lives as long as this does, and knows its clients by headers.
struct Site {
    sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
}

impl Site {
    fn new(mut options: SandboxOptions) -> Self {
        options.switches.set(Switch::OpenIdAuthentication, false);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { sandbox, runtime }
    }

    /// With leasing, with a number of Slots of the first Seller by criterion, and with no other opportunity. A Slot of an
    /// IndividualFacilityUse holds one booking: a lease leaves nothing of it.
    fn with_slots(stock: &[(&str, usize)], faults: Vec<Fault>) -> Self {
        let stocked = |(criteria, count): &(&str, usize)| -> Stocked {
            serde_json::from_value(json!({
                "seller": SELLER, "opportunityType": "IndividualFacilityUseSlot", "flow": "OpenBookingSimpleFlow",
                "criteria": criteria, "count": count,
            }))
            .unwrap()
        };
        let mut options = SandboxOptions {
            stock: stock.iter().map(stocked).collect(),
            furnishing: Furnishing::Empty,
            test_interface: false,
            faults: Faults::new(faults),
            ..SandboxOptions::default()
        };
        options.switches.set(Switch::AnonymousLeasing, true);
        options.switches.set(Switch::NamedLeasing, true);
        Self::new(options)
    }

    fn url(&self) -> String {
        self.sandbox.dataset_site()
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("http://{}{path}", self.sandbox.address());
        let mut request = crate::support::http_client()
            .build()
            .unwrap()
            .request(method.parse().unwrap(), url)
            .header("X-OpenActive-Test-Client-Id", "booking-partner-1")
            .header("X-OpenActive-Test-Seller-Id", SELLER);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
        })
    }

    /// The Slots as the feed shows them last.
    fn slots(&self) -> Vec<Value> {
        let mut slots = BTreeMap::new();
        let mut path = SLOTS.to_owned();
        loop {
            let (_, page) = self.request("GET", &path, None);
            let items = page["items"].as_array().unwrap_or_else(|| panic!("{path}: {page}")).clone();
            if items.is_empty() {
                return slots.into_values().collect();
            }
            for item in items {
                slots.insert(item["data"]["@id"].as_str().unwrap().to_owned(), item["data"].clone());
            }
            let next = page["next"].as_str().unwrap();
            path = next.split_once("/feeds/").map(|(_, rest)| format!("/feeds/{rest}")).unwrap();
        }
    }

    /// The remaining uses of every Slot, in ascending order.
    fn capacities(&self) -> Vec<i64> {
        let mut capacities: Vec<i64> =
            self.slots().iter().map(|slot| slot["remainingUses"].as_i64().unwrap()).collect();
        capacities.sort_unstable();
        capacities
    }
}

/// The bodies of the requests of every cell, by cell.
fn bodies(outcome: &Outcome) -> BTreeMap<String, Vec<Value>> {
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    let body = |id: &Value| {
        let exchange = exchanges.iter().find(|exchange| exchange["id"] == *id)?;
        serde_json::from_str(exchange["request_body"].as_str()?).ok()
    };
    let of_cell = |cell: &Value| -> Vec<Value> {
        let steps = cell["steps"].as_array().unwrap();
        steps.iter().flat_map(|step| step["exchanges"].as_array().unwrap()).filter_map(body).collect()
    };
    outcome.cells().iter().map(|cell| (cell["id"].as_str().unwrap().to_owned(), of_cell(cell))).collect()
}

/// Every identifier that a run sent: Order UUIDs, and those of customers and payments.
fn identifiers(outcome: &Outcome) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for exchange in outcome.report()["exchanges"].as_array().unwrap() {
        let url = exchange["url"].as_str().unwrap();
        for collection in ["/order-quote-templates/", "/order-quotes/", "/order-proposals/", "/orders/"] {
            all.extend(url.split_once(collection).map(|(_, uuid)| uuid.to_owned()));
        }
    }
    for body in bodies(outcome).into_values().flatten() {
        for pointer in ["/customer/identifier", "/payment/identifier"] {
            all.extend(body.pointer(pointer).and_then(Value::as_str).map(str::to_owned));
        }
    }
    all
}

/// The customers of every cell by the properties that the seed chooses, in the order of the requests.
fn customers(outcome: &Outcome) -> BTreeMap<String, Vec<Value>> {
    let chosen = |body: &Value| {
        let mut customer = body.get("customer")?.as_object()?.clone();
        let identified = customer.remove("identifier").is_some();
        Some(json!([customer, identified]))
    };
    bodies(outcome).iter().map(|(cell, bodies)| (cell.clone(), bodies.iter().filter_map(chosen).collect())).collect()
}

#[test]
fn the_same_seed_passes_twice_at_a_target_that_keeps_its_orders() {
    let site = Site::new(SandboxOptions::default());
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let url = site.url();
    let selection = ["--feature", "access-code", "--type", "ScheduledSession", "--seed", "99"];
    let arguments: Vec<&str> =
        ["run", "--config", "headers.json", "--target", &url].into_iter().chain(selection).collect();
    let first = bench.oa_test(&arguments);
    assert_eq!(first.code, 0, "{}", first.stdout);
    let second = bench.oa_test(&arguments);
    assert_eq!(second.code, 0, "{}", second.stdout);
    // The command that the report gives for one cell.
    let command = second.cells().first().unwrap()["rerun"].as_str().unwrap().to_owned();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(command.ends_with("--seed 99"), "{command}");
    let alone = bench.oa_test(&words);
    assert_eq!((alone.code, alone.cells().len()), (0, 1), "{command}\n{}", alone.stdout);

    // The seed chooses the same, and no identifier is sent twice.
    assert!(customers(&first).values().all(|customers| !customers.is_empty()));
    assert_eq!(customers(&first), customers(&second));
    let (cell, chosen) = customers(&alone).into_iter().next().unwrap();
    assert_eq!(customers(&second).get(&cell), Some(&chosen));
    let sent = [&first, &second, &alone].map(identifiers);
    assert!(sent.iter().all(|sent| !sent.is_empty()));
    let all: BTreeSet<&String> = sent.iter().flatten().collect();
    assert_eq!(all.len(), sent.iter().map(BTreeSet::len).sum::<usize>());

    // Report and journal name the run.
    for outcome in [&first, &second, &alone] {
        let id = outcome.report()["run_id"].as_str().unwrap();
        assert_eq!(id.len(), 36, "{id}");
    }
    let run_id = alone.report()["run_id"].as_str().unwrap();
    assert_ne!(run_id, second.report()["run_id"].as_str().unwrap());
    let started: Value = serde_json::from_str(alone.journal.lines().next().unwrap()).unwrap();
    assert_eq!((&started["run_id"], &started["seed"]), (&json!(run_id), &json!(99)));
}

#[test]
fn the_seed_picks_the_same_opportunities_in_random_mode() {
    let arguments = ["--random", "--config", HEADER_CREDENTIALS_FILE, "--feature", "access-code", "--seed", "5"];
    let (one, other) = (run(&arguments), run(&arguments));
    assert_eq!((one.code, other.code), (0, 0), "{}", one.stdout);
    // The built-in sandbox is at another port each time.
    let picked = |outcome: &Outcome| -> Vec<(String, Vec<String>)> {
        let path = |id: &Value| id.as_str().unwrap().splitn(4, '/').last().unwrap().to_owned();
        let of = |cell: &Value| cell["picked"].as_array().unwrap().iter().map(path).collect();
        outcome.cells().iter().map(|cell| (cell["id"].as_str().unwrap().to_owned(), of(cell))).collect()
    };
    assert!(picked(&one).iter().all(|(_, picked)| !picked.is_empty()));
    assert_eq!(picked(&one), picked(&other));
    assert_eq!(customers(&one), customers(&other));
    assert!(identifiers(&one).is_disjoint(&identifiers(&other)));

    // Every cell books one Order, which stays.
    let cells = one.cells().len();
    assert_eq!(
        one.report()["leftovers"],
        json!({ "orders": cells, "order_proposals": 0, "order_quotes": 0 }),
        "{}",
        one.stdout
    );
    assert!(one.stdout.contains(&format!("\nremaining on sandbox: {cells} Orders\n")), "{}", one.stdout);
}

#[test]
fn a_retry_sends_identifiers_of_its_own() {
    let arguments =
        ["--feature", "opportunity-attendance-updates", "--test", "*attended", "--type", "ScheduledSession"];
    let more = ["--flow", "OpenBookingSimpleFlow", "--retries", "1", "--fault", Fault::AttendanceSwapped.name()];
    let outcome = run(&[&arguments[..], &more, &["--set", SHORT_WAIT]].concat());
    let uuids: Vec<String> = outcome.report()["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|exchange| exchange["label"] == "B")
        .map(|exchange| exchange["url"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(uuids.len(), 2, "{}", outcome.stdout);
    assert_eq!(uuids.iter().collect::<BTreeSet<_>>().len(), 2, "{uuids:?}");
}

const FULL_OR_NOT: &[&str] = &[
    "--random",
    "--test",
    "availability-confirmed",
    "--test",
    "opportunity-full",
    "--flow",
    "OpenBookingSimpleFlow",
    "--type",
    "IndividualFacilityUseSlot",
];

#[test]
fn random_runs_leave_no_leases_to_each_other() {
    let site = Site::with_slots(&[("TestOpportunityBookable", 1), ("TestOpportunityBookableNoSpaces", 1)], Vec::new());
    assert_eq!(site.capacities(), [0, 1]);
    for seed in ["1", "2"] {
        let outcome = run_against(&site.url(), &[FULL_OR_NOT, &["--seed", seed, "--markdown", "run.md"]].concat());
        assert_eq!((outcome.counts(), outcome.code), ((2, 0, 0), 0), "{}", outcome.stdout);
        assert_eq!(site.capacities(), [0, 1]);
        let first = outcome.stderr.lines().next().unwrap_or_default();
        assert_eq!(first, format!("random mode: real bookings at {}", site.url()));
        assert!(outcome.stdout.contains(&format!("\nremaining on {}: no Orders\n", site.url())), "{}", outcome.stdout);
        // The clean-up is recorded beside the steps.
        let cleaned = outcome.cells().iter().filter_map(|cell| cell["cleanup"].as_array()).flatten();
        let exchanges = outcome.report()["exchanges"].as_array().unwrap();
        let labels: Vec<&Value> =
            cleaned.map(|id| &exchanges.iter().find(|exchange| exchange["id"] == *id).unwrap()["label"]).collect();
        assert!(!labels.is_empty());
        assert!(labels.iter().all(|label| *label == "OrderQuote Deletion (clean-up)"), "{labels:?}");
        assert!(outcome.journal.contains("OrderQuote Deletion (clean-up)"));
    }
    let quiet = run_against(&site.url(), &[FULL_OR_NOT, &["--quiet", "--seed", "3"]].concat());
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""), "{}", quiet.stdout);
    assert!(quiet.stdout.contains(": no Orders\n"), "{}", quiet.stdout);
}

/// What the clean-up changes in the feeds must not count as seen by the steps before it.
#[test]
fn a_random_run_with_a_clean_up_can_be_certified() {
    let bench = Bench::new();
    let mut config: Value = serde_json::from_str(HEADER_CREDENTIALS).unwrap();
    let default: Value = serde_json::from_str(oa_test::config::built_in()).unwrap();
    let features = default["integrationTests"]["implementedFeatures"].as_object().unwrap();
    let kept = ["anonymous-leasing", "availability-check", "dataset-site", "minimal-proposal", "named-leasing"];
    let scope: serde_json::Map<String, Value> = features
        .keys()
        .map(|name| (name.clone(), if kept.contains(&name.as_str()) { json!(true) } else { Value::Null }))
        .chain([("booking-partner-openid-authentication".to_owned(), json!(false))])
        .collect();
    config["integrationTests"]["implementedFeatures"] = Value::Object(scope);
    config["integrationTests"]["bookableOpportunityTypesInScope"] = json!({ "IndividualFacilityUseSlot": false });
    // Cells that find the same opportunity in the feeds change its capacity for each other, and the record does not say which
    // page each had seen.
    config["integrationTests"]["maximumNumberOfSimultaneousBookings"] = json!(1);
    bench.write("small.json", &config.to_string());
    let id = "https://booking.example/conformance";
    let arguments = ["run", "--config", "small.json", "--random", "--seed", "4", "--certificate", id];
    let outcome = bench.oa_test(&[&arguments[..], &["--certificate-file", "c.html"]].concat());
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let rejected = |exchange: &Value| exchange["label"] == "Rejection (clean-up)";
    assert!(outcome.report()["exchanges"].as_array().unwrap().iter().any(rejected));
    let verified = bench.oa_test(&["certificate", "verify", "c.html"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn a_leased_opportunity_is_no_evidence_of_a_full_one() {
    let site = Site::with_slots(&[("TestOpportunityBookable", 1)], Vec::new());
    let slot = site.slots().into_iter().next().unwrap();
    let offer = &slot["offers"][0]["@id"];
    let quote = json!({
        "@context": "https://openactive.io/", "@type": "OrderQuote", "brokerRole": "https://openactive.io/ResellerBroker",
        "broker": { "@type": "Organization", "name": "Another Broker" }, "seller": SELLER,
        "orderedItem": [{ "@type": "OrderItem", "position": 0, "acceptedOffer": offer, "orderedItem": slot["@id"] }],
    });
    let path = "/api/openbooking/order-quote-templates/0d7e0b58-0c3c-4d0e-8c55-5e3b7bd0e4e3";
    let (status, body) = site.request("PUT", path, Some(&quote));
    assert_eq!(status, 200, "{body}");
    assert_eq!(site.capacities(), [0]);
    let arguments = [FULL_OR_NOT, &["--seed", "1", "--set", SHORT_WAIT]].concat();
    let outcome = run_against(&site.url(), &arguments);
    let verdicts = outcome.verdicts();
    let full = verdicts.iter().find(|(cell, _)| cell.contains("opportunity-full")).unwrap();
    assert_eq!(full.1, "blocked", "{}", outcome.stdout);
    assert_eq!(outcome.counts().1, 0, "{}", outcome.stdout);
    assert!(outcome.messages().contains("is leased, not full"), "{}", outcome.messages());
}

#[test]
fn a_wrong_error_for_a_full_opportunity_fails_in_random_mode() {
    let site = Site::with_slots(&[("TestOpportunityBookableNoSpaces", 1)], vec![Fault::FullAsInsufficient]);
    let arguments = [FULL_OR_NOT, &["--seed", "1", "--set", SHORT_WAIT]].concat();
    let outcome = run_against(&site.url(), &arguments);
    assert_eq!(outcome.counts().1, 1, "{}", outcome.stdout);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_deletes_its_order_quotes() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    /// Longer than the test takes to send a signal: the run waits for capacity that the feed never shows.
    const LONG_WAIT: &str = "integrationTests.waitForItemToUpdateInFeedTimeout=60000";
    let site = Site::with_slots(&[("TestOpportunityBookable", 1)], vec![Fault::C1TakesNoLease]);
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let url = site.url();
    let arguments = ["run", "--config", "headers.json", "--target", &url, "--seed", "1", "--set", LONG_WAIT];
    let child = bench
        .command(&[&arguments[..], FULL_OR_NOT].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let journal = bench.path("output/journal.ndjson.gz");
    while !crate::support::journal(&journal).contains("the capacity after C1") {
        assert!(Instant::now() < deadline, "the run did not come to the wait after C1");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let outcome = bench.outcome(&child.wait_with_output().unwrap());
    assert_eq!(outcome.code, 130, "{}\n{}", outcome.stdout, outcome.stderr);
    let exchanges = outcome.report()["exchanges"].as_array().unwrap();
    let deleted: Vec<&Value> =
        exchanges.iter().filter(|exchange| exchange["label"] == "OrderQuote Deletion (clean-up)").collect();
    assert_eq!(deleted.len(), 1, "{}", outcome.stdout);
    assert_eq!(deleted[0]["answer"]["status"], 204);
}

#[test]
fn a_seed_is_used_again_against_a_target_that_keeps_its_orders() {
    let site = Site::new(SandboxOptions { test_interface: true, ..SandboxOptions::default() });
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let url = site.url();
    let test = "opportunity-attendance-updates/opportunity-attendance-update-customer-attended";
    let one = ["--test", test, "--flow", "OpenBookingSimpleFlow", "--type", "ScheduledSession", "--seed", "99"];
    let arguments = [&["run", "--config", "headers.json", "--target", &url], &one[..]].concat();
    for _ in 0..2 {
        let outcome = bench.oa_test(&arguments);
        assert_eq!((outcome.code, outcome.counts()), (0, (1, 0, 0)), "{}", outcome.stdout);
    }
    let outcome = bench.oa_test(&arguments);
    let rerun = outcome.cells()[0]["rerun"].as_str().unwrap().to_owned();
    let words: Vec<&str> = rerun.split(' ').skip(1).collect();
    let again = bench.oa_test(&words);
    assert_eq!((again.code, again.counts()), (0, (1, 0, 0)), "{rerun}: {}", again.stdout);
}
