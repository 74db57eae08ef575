//! Many causes at once, waits that end early, and the commands that a block prints.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use oa_test::results::{CauseGroup, diagnose, read_run};
use oa_test::sandbox::{Fault, Faults, Furnishing, Sandbox, SandboxOptions, Switch};
use serde_json::{Value, json};

use crate::connections::{Site, forward, proxy};
use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, SHORT_WAIT, run, run_against};

/// Faults that a booking system had at once, each with what its block says.
const TWENTY: &[(&str, &str)] = &[
    ("offers-renamed", "`acceptedOffer.name` differs from the opportunity feed"),
    ("opportunities-moved", "`startDate` is after `endDate`"),
    ("passes-in-two-formats", "`orderedItem[0].accessPass[2]` repeats an entry"),
    ("feed-shortens-offers", "`acceptedOffer.identifier` of the B response is missing"),
    ("feed-without-tax", "`totalPaymentTax` is missing"),
    ("feed-without-item-tax", "`unitTaxSpecification` of an OrderItem is missing"),
    ("forms-missing-in-feed", "`orderItemIntakeForm` of the P response is missing"),
    ("customer-shortened", "`customer."),
    ("lease-keeps-largest", "after C1 for "),
    ("quote-deletion-keeps-lease", "after OrderQuote Deletion"),
    ("prepayment-missing", "`totalPaymentDue.openBookingPrepayment` is missing"),
    ("rejected-items-counted", "`totalPaymentDue.price` includes OrderItems that are not bookable"),
    ("order-status-stale", "`orderItemStatus` of a cancelled OrderItem is no longer a cancellation"),
    ("references-unnamed", "lacks UnknownOpportunityError"),
    ("approval-skipped", "OrderCreationFailedError"),
    ("c1-repeats-customer", "`customer` is included"),
    ("dataset-deletion-keeps-orders", "GoneError"),
    ("booking-reconciliation-not-checked", "InvalidPaymentDetailsError"),
    ("replacement-repriced", "`acceptedOffer.price` of a Replacement differs"),
    ("tax-needs-broker", "`taxCalculationExcluded` is true, but tax calculation is implemented"),
];

/// Twenty faults at once in a strict run: few blocks, few lines, and each fault in a block of its own.
#[test]
fn twenty_faults_at_once_have_a_block_each() {
    let bench = Bench::new();
    let faults = TWENTY.iter().flat_map(|(fault, _)| ["--fault", fault]);
    // Most cells wait for what the faults keep from coming.
    let many = "integrationTests.maximumNumberOfSimultaneousBookings=20";
    let arguments = ["run", "--seed", "1", "--set", SHORT_WAIT, "--set", many];
    let arguments: Vec<&str> = arguments.into_iter().chain(faults).collect();
    let outcome = bench.oa_test(&arguments);
    let report = read_run(&bench.path("output/run.json.gz")).unwrap();
    let causes = diagnose(&report);
    let lines = outcome.stdout.lines().count();
    assert!(causes.len() <= 25 && lines <= 300, "{} blocks, {lines} lines\n{}", causes.len(), outcome.stdout);
    let mut own: Vec<usize> = Vec::new();
    for (fault, message) in TWENTY {
        let about = |cause: &CauseGroup<'_>| cause.message.contains(message);
        let block = (0..causes.len()).find(|at| about(&causes[*at]) && !own.contains(at));
        own.push(block.unwrap_or_else(|| panic!("{fault} has no block of its own\n{}", outcome.stdout)));
    }
}

fn milliseconds(cell: &Value) -> u64 {
    cell["duration_ms"].as_u64().unwrap()
}

/// Attendance with the other status: nothing more can come, so the wait is not waited for until its limit.
#[test]
fn a_wait_ends_once_an_update_shows_another_effect() {
    let limit = 900_000;
    let outcome = run(&[
        "--feature",
        "opportunity-attendance-updates",
        "--type",
        "ScheduledSession",
        "--fault",
        Fault::AttendanceSwapped.name(),
        "--set",
        &format!("integrationTests.waitForItemToUpdateInFeedTimeout={limit}"),
    ]);
    let failed: Vec<&Value> = outcome.cells().iter().filter(|cell| cell["verdict"] == "failed").collect();
    assert!(!failed.is_empty() && failed.iter().all(|cell| milliseconds(cell) < limit), "{}", outcome.stdout);
    let found = outcome.findings().iter().map(|finding| finding["found"].to_string()).collect::<Vec<_>>().join("\n");
    assert!(found.contains("AttendeeAbsent"), "{found}");
}

/// An update that is published after the waits for it were cut short is still seen, and the run says that it was late.
#[test]
fn an_update_after_a_wait_that_was_cut_short_is_reported_as_late() {
    let site = Site::new(0);
    let address = site.sandbox.address();
    let cancellations = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&cancellations);
    // The Orders feed stands still until the sixth cancellation. A cell lends its turn after two seconds of its wait: by then the
    // waits of the first three are over.
    let by_way = proxy(move |_, request| {
        let line = String::from_utf8_lossy(request.split(|byte| *byte == b'\r').next().unwrap()).into_owned();
        let mut words = line.split(' ');
        let (method, url) = (words.next().unwrap(), words.next().unwrap());
        if method == "PATCH" {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        if url.contains("/orders-rpde") && counted.load(Ordering::SeqCst) < 6 {
            let page = json!({ "next": url, "items": [], "license": "https://creativecommons.org/licenses/by/4.0/" });
            let (page, kind) = (page.to_string(), "application/vnd.openactive.booking+json; version=1");
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", page.len());
            return Some(format!("{head}{page}").into_bytes());
        }
        Some(forward(address, request))
    });
    let outcome = site.run(
        Some(by_way),
        &[
            "--test",
            "customer-requested-cancellation/book-and-cancel",
            "--set",
            "integrationTests.waitForItemToUpdateInFeedTimeout=3500",
            "--set",
            "integrationTests.maximumNumberOfSimultaneousBookings=1",
        ],
    );
    assert!(cancellations.load(Ordering::SeqCst) >= 6, "{}", outcome.stdout);
    let verdicts: Vec<&Value> = outcome.cells().iter().map(|cell| &cell["verdict"]).collect();
    assert_eq!(verdicts[..3], ["failed", "failed", "blocked"], "{}", outcome.stdout);
    assert!(verdicts.iter().any(|verdict| *verdict == "passed"), "{}", outcome.stdout);
    let cut = outcome.findings().into_iter().find(|finding| finding["cut"] == true).unwrap();
    assert!(cut["found"].as_str().unwrap().contains("wait cut short: 2 waits of 3.5 s had timed out"), "{cut}");
    let messages = outcome.messages();
    let late: Vec<&str> = messages.lines().filter(|line| line.starts_with("late: ")).collect();
    let about = |line: &&str| line.contains("of the Orders feed after Order Cancellation came up to ");
    assert!(!late.is_empty() && late.iter().all(about), "{messages}");
    assert!(outcome.stdout.contains("late: "), "{}", outcome.stdout);
}

/// The first line of a text that begins with a word.
fn line_of<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.lines().map(str::trim_start).find_map(|line| line.strip_prefix(word)).map(str::trim_start)
}

/// Runs a feature against a sandbox with a fault, and executes the request of its first block as it is printed: the line, and
/// the body of what comes back.
fn repeated(fault: Fault, feature: &str) -> (String, Value) {
    let faults = Faults::new(vec![fault]);
    let mut options = SandboxOptions { faults, furnishing: Furnishing::Sample, ..SandboxOptions::default() };
    options.switches.set(Switch::OpenIdAuthentication, false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let site = sandbox.dataset_site();
    let some = ["--feature", feature, "--type", "ScheduledSession"];
    let run = ["run", "--config", "headers.json", "--target", &site, "--verbose"];
    let outcome = bench.oa_test(&[run.as_slice(), &some].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let command = line_of(&outcome.stdout, "repeat ").unwrap();
    // A request that is too long for a block is printed by a command.
    let shown = command.strip_prefix("oa-test ").map(|command| {
        let shown = bench.oa_test(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(shown.code, 0, "{command}: {}", shown.stderr);
        shown.stdout
    });
    let shown = shown.as_deref().unwrap_or(command);
    let curl = shown.lines().find(|line| line.starts_with("curl ")).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("{curl} --silent --show-error --compressed")])
        .env("X_OPENACTIVE_TEST_CLIENT_ID", "booking-partner-1")
        .env("X_OPENACTIVE_TEST_SELLER_ID", "https://id.sandbox.example.org/sellers/1")
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let body = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}\n{curl}"));
    (curl.to_owned(), body)
}

/// A printed request has the path and every header that it needs.
#[test]
fn a_printed_request_can_be_repeated_in_a_shell() {
    let has = |curl: &str, header: &str| curl.to_lowercase().contains(&header.to_lowercase());
    let credentials = ["Accept: ", "X-OpenActive-Test-Client-Id: ", "X-OpenActive-Test-Seller-Id: "];
    let (curl, order) = repeated(Fault::CustomerNotRetained, "agent-broker");
    assert!(credentials.iter().all(|header| has(&curl, header)), "{curl}");
    assert!(order["@type"] == "Order" && order.get("customer").is_none(), "{curl}\n{order}");
    // The Order has been booked since.
    let (curl, rejected) = repeated(Fault::C2WithoutSeller, "access-code");
    assert!(credentials.iter().all(|header| has(&curl, header)) && has(&curl, "Content-Type: "), "{curl}");
    assert_eq!(rejected["@type"], "OrderAlreadyExistsError", "{curl}\n{rejected}");
}

/// No name of a test is a pattern for `--test`, and two tests of one name are for different configurations: with flow and type, a
/// command selects one cell.
#[test]
fn every_test_has_a_name_of_its_own_for_its_command() {
    let list = Bench::new().oa_test(&["list", "--slow", "--format", "json"]);
    let features: Value = serde_json::from_str(&list.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut names: Vec<(String, String)> = Vec::new();
    for feature in features.as_array().unwrap() {
        for test in feature["tests"].as_array().unwrap() {
            names.push((format!("{}/{}", text(&feature["id"]), text(&test["id"])), text(&test["when"])));
        }
    }
    let all = names.len();
    assert!(all > 100 && !names.iter().any(|(name, _)| name.contains(['*', '?', '[', ' '])), "{names:?}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// One cell of each test begins before a second one of any.
#[test]
fn every_test_has_a_cell_before_any_has_two() {
    let one = "integrationTests.maximumNumberOfSimultaneousBookings=1";
    let outcome = run(&["--feature", "access-code", "--feature", "customer-notice*", "--set", one]);
    let events: Vec<Value> = outcome.journal.lines().map(|line| line.parse().unwrap()).collect();
    let begun = events.iter().filter(|event| event["event"] == "cell-started");
    let begun: Vec<&str> = begun.map(|event| event["cell"].as_str().unwrap().split('@').next().unwrap()).collect();
    let mut tests = begun.clone();
    tests.sort_unstable();
    tests.dedup();
    assert!(tests.len() > 1 && begun.len() > tests.len(), "{begun:?}");
    let mut first: Vec<&str> = begun[..tests.len()].to_vec();
    first.sort_unstable();
    assert_eq!(first, tests, "{begun:?}");
}

/// A target whose dataset site and feeds respond, with the Open Booking API elsewhere.
fn with_api_at(api: &str) -> crate::support::Target {
    let host = Arc::new(std::sync::OnceLock::<String>::new());
    let (known, api) = (Arc::clone(&host), api.to_owned());
    let target = crate::support::Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path == "/" {
            let dataset = json!({
                "@type": "Dataset",
                "name": "Elsewhere",
                "distribution": [
                    { "@type": "DataDownload", "name": "ScheduledSession", "contentUrl": format!("http://{host}/feed") }
                ],
                "accessService": { "@type": "WebAPI", "endpointUrl": api }
            });
            let page = format!("<html><script type=\"application/ld+json\">{dataset}</script></html>");
            return crate::support::respond(200, "text/html", page);
        }
        let page = json!({ "next": format!("http://{host}/feed"), "items": [], "license": "x" });
        crate::support::respond(200, "application/json", page.to_string())
    });
    host.set(target.address.to_string()).unwrap();
    target
}

/// One block, and nothing counts as failed.
fn assert_dead(outcome: &Outcome, message: &str) {
    let (_, failed, blocked) = outcome.counts();
    assert!(failed == 0 && blocked > 100 && outcome.code == 2, "{}", outcome.stdout);
    let blocks: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with("BLOCKED ")).collect();
    assert!(blocks.len() == 1 && blocks[0].contains(message), "{}", outcome.stdout);
}

#[test]
fn a_target_that_refuses_connections_stops_the_run() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let target = with_api_at(&format!("http://{closed}/api"));
    assert_dead(&run_against(&target.url("/"), &["--feature", "[a-c]*"]), "Connection refused");
}

/// Connections are taken, and from the first booking on nothing ever comes back.
#[test]
fn a_target_that_falls_silent_stops_the_run() {
    let site = Site::new(0);
    let address = site.sandbox.address();
    let silent = AtomicUsize::new(0);
    let by_way = proxy(move |_, request| {
        if request.starts_with(b"PUT ") {
            silent.store(1, Ordering::SeqCst);
        }
        while silent.load(Ordering::SeqCst) > 0 {
            std::thread::park();
        }
        Some(forward(address, request))
    });
    let limit = "integrationTests.openBookingApiRequestTimeout=500";
    let outcome = site.run(Some(by_way), &["--feature", "[a-c]*", "--set", limit]);
    assert_dead(&outcome, "the Open Booking API does not respond");
}

/// A sandbox with leases or without, which no configuration names.
fn leasing(on: bool) -> (Sandbox, tokio::runtime::Runtime) {
    let mut options = SandboxOptions { furnishing: Furnishing::Sample, ..SandboxOptions::default() };
    options.switches.set(Switch::OpenIdAuthentication, false);
    options.switches.set(Switch::AnonymousLeasing, on);
    options.switches.set(Switch::NamedLeasing, on);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    (sandbox, runtime)
}

/// Runs a few tests with both leasing features set to a value.
fn with_leasing(sandbox: &Sandbox, value: &str) -> Outcome {
    let set = |key: &str| format!("integrationTests.implementedFeatures.{key}={value}");
    let (anonymous, named) = (set("anonymous-leasing"), set("named-leasing"));
    let some = ["--feature", "access-code", "--type", "ScheduledSession", "--set", SHORT_WAIT];
    let arguments = [some.as_slice(), &["--set", &anonymous, "--set", &named]].concat();
    run_against(&sandbox.dataset_site(), &arguments)
}

#[test]
fn leasing_that_is_absent_is_learned_too() {
    let (sandbox, _runtime) = leasing(false);
    let outcome = with_leasing(&sandbox, "null");
    assert_eq!((outcome.counts().1, outcome.counts().2), (0, 0), "{}", outcome.stdout);
    let notice = "C1 returns no lease, C2 returns no lease: set `implementedFeatures.anonymous-leasing` to false and \
                `implementedFeatures.named-leasing` to false";
    assert!(outcome.messages().contains(notice), "{}", outcome.messages());
}

#[test]
fn declared_leasing_is_a_claim_under_test() {
    let (leases, _one) = leasing(true);
    let (none, _other) = leasing(false);
    for (sandbox, claim, right) in
        [(&leases, "true", true), (&leases, "false", false), (&none, "true", false), (&none, "false", true)]
    {
        let outcome = with_leasing(sandbox, claim);
        assert_eq!(outcome.counts().1 == 0, right, "{claim}\n{}", outcome.stdout);
        assert!(!outcome.messages().contains("set `implementedFeatures.anonymous-leasing`"), "{}", outcome.messages());
    }
}
