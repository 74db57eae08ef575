//! The first hour with a booking system: a first configuration, the checks of `doctor`, repeated runs.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use axum::http::HeaderValue;
use oa_test::sandbox::{Fault, Faults, Sandbox, SandboxOptions, Switch, Switches};
use serde_json::{Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS_FILE, Target, dataset_page, respond};

/// A sandbox that lives as long as this.
struct Site {
    sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

impl Site {
    fn new(options: SandboxOptions) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { sandbox, _runtime: runtime }
    }

    fn url(&self) -> String {
        self.sandbox.dataset_site()
    }
}

/// The configuration that `init` wrote, with the credentials of the sandbox in it.
fn filled_in(bench: &Bench) -> Value {
    let text = std::fs::read_to_string(bench.path("oa-test.json")).unwrap();
    let bare: String = text
        .lines()
        .map(|line| line.split(" // ").next().unwrap())
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let mut config: Value = serde_json::from_str(&bare).unwrap_or_else(|error| panic!("{error}\n{bare}"));
    let default: Value = serde_json::from_str(oa_test::config::built_in()).unwrap();
    for partner in ["primary", "secondary"] {
        config["broker"]["bookingPartners"][partner] = default["broker"]["bookingPartners"][partner].clone();
        config["sellers"][partner]["authentication"] = default["sellers"][partner]["authentication"].clone();
    }
    let specific = "bookingPartnersForSpecificTests";
    assert!(config["integrationTests"][specific].get("dynamicPrimary").is_some());
    config["integrationTests"][specific] = default["integrationTests"][specific].clone();
    for feature in ["anonymous-leasing", "named-leasing"] {
        config["integrationTests"]["implementedFeatures"][feature] = json!(true);
    }
    config
}

#[test]
fn a_configuration_is_made_of_what_is_seen() {
    let site = Site::new(SandboxOptions { test_interface: true, ..SandboxOptions::default() });
    let bench = Bench::new();
    let outcome = bench.oa_test(&["init", &site.url()]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("Test Interface   available"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("oa-test doctor --config oa-test.json"), "{}", outcome.stdout);
    let text = std::fs::read_to_string(bench.path("oa-test.json")).unwrap();
    assert!(text.contains("TODO"), "{text}");
    let config = filled_in(&bench);
    let tests = &config["integrationTests"];
    assert_eq!(config["broker"]["datasetSiteUrl"], json!(site.url()));
    assert_eq!(tests["useRandomOpportunities"], false);
    assert!(tests["bookableOpportunityTypesInScope"].as_object().unwrap().values().all(|on| on == true));
    assert_eq!(tests["bookingFlowsInScope"], json!({ "OpenBookingSimpleFlow": true, "OpenBookingApprovalFlow": true }));
    let features = &tests["implementedFeatures"];
    for (feature, there) in [
        ("dynamic-client-registration", json!(true)),
        ("multiple-sellers", json!(true)),
        ("single-seller", json!(false)),
        ("prepayment-required", json!(true)),
        ("attendee-details-capture", json!(true)),
        ("common-error-conditions", json!(true)),
        ("access-code", Value::Null),
    ] {
        assert_eq!(features[feature], there, "{feature}");
    }
    assert_eq!(features.as_object().unwrap().len(), 61, "every feature is there to be decided");
    assert_eq!(config["sellers"]["primary"]["taxMode"], "https://openactive.io/TaxGross");

    // It is not replaced without being asked.
    let again = bench.oa_test(&["init", &site.url()]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("oa-test.json already exists"), "{}", again.stderr);
    assert_eq!(bench.oa_test(&["init", &site.url(), "--force"]).code, 0);
    // The address of the system is enough, and defects are reported.
    let root = site.url().replace("openactive/", "");
    assert_eq!(bench.oa_test(&["init", &root, "--force"]).code, 0);
    let nothing = bench.oa_test(&["init", "http://127.0.0.1:1/", "--output", "other.json"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.stderr.contains("did not respond"), "{}", nothing.stderr);

    let (code, unfinished) = doctor_of(&bench, "oa-test.json");
    assert_eq!(code, 1);
    assert!(unfinished.contains("primary Seller has no configured credentials"), "{unfinished}");
    assert!(
        unfinished.contains("`implementedFeatures.named-leasing` is not set; `lease` of C1 and C2 decides"),
        "{unfinished}"
    );
    assert!(unfinished.contains("bookingPartnersForSpecificTests.dynamicPrimary"), "{unfinished}");

    // With credentials, the target is ready, and the tests pass.
    bench.write("filled.json", &filled_in(&bench).to_string());
    let doctor = bench.oa_test(&["doctor", "--config", "filled.json"]);
    assert_eq!(doctor.code, 0, "{}", doctor.stdout);
    assert!(doctor.stdout.ends_with("\nready\n"), "{}", doctor.stdout);
    let some = ["--type", "ScheduledSession", "--category", "core", "--category", "payment"];
    let run = bench.oa_test(&[&["run", "-q", "--config", "filled.json"], &some[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn a_system_without_test_interface_and_provider_is_seen_as_that() {
    let mut switches = Switches::default();
    let off = ["booking-partner-openid-authentication", "minimal-proposal", "multiple-sellers"];
    for switch in Switch::ALL.iter().copied().filter(|switch| off.contains(&switch.name())) {
        switches.set(switch, false);
    }
    let site = Site::new(SandboxOptions { switches, test_interface: false, ..SandboxOptions::default() });
    let bench = Bench::new();
    let outcome = bench.oa_test(&["init", &site.url()]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let text = std::fs::read_to_string(bench.path("oa-test.json")).unwrap();
    assert!(text.contains("\"useRandomOpportunities\": true"), "{text}");
    assert!(text.contains("\"booking-partner-openid-authentication\": false"), "{text}");
    assert!(text.contains("\"test-interface\": false"), "{text}");
    assert!(text.contains("\"OpenBookingApprovalFlow\": false"), "{text}");
    assert!(text.contains("TODO: the Orders feed headers of this Booking Partner"), "{text}");
}

fn doctor_of(bench: &Bench, config: &str) -> (i32, String) {
    let outcome = bench.oa_test(&["doctor", "--config", config]);
    (outcome.code, outcome.stdout)
}

/// What the doctor says of a configuration.
fn doctor(arguments: &[&str]) -> (i32, String) {
    let outcome = Bench::new().oa_test(&[&["doctor"], arguments].concat());
    (outcome.code, format!("{}{}", outcome.stdout, outcome.stderr))
}

#[test]
fn what_is_in_the_way_is_reported_with_what_to_do() {
    let site = Site::new(SandboxOptions { test_interface: true, ..SandboxOptions::default() });
    let url = site.url();
    let shows = |arguments: &[&str], code: i32, texts: &[&str]| {
        let (found, text) = doctor(arguments);
        for wanted in texts {
            assert!(text.contains(wanted), "{wanted} is not shown:\n{text}");
        }
        assert_eq!(found, code, "{text}");
    };
    shows(&[], 0, &["\nready\n", "Test Interface creates a ScheduledSession"]);
    shows(&["--random"], 0, &["feeds contain the opportunities for "]);
    shows(&["--target", "http://127.0.0.1:1/"], 2, &["`sellers.primary` is not configured"]);
    let headers = ["--config", HEADER_CREDENTIALS_FILE];
    let with = |more: &[&'static str]| -> Vec<&str> { headers.iter().chain(more).copied().collect() };
    shows(
        &with(&["--target", "http://127.0.0.1:1/"]),
        1,
        &["cannot be reached", "→ check `broker.datasetSiteUrl`", "not ready: 1 problem"],
    );
    let all: Vec<&str> = [&headers[..], &["--target", &url]].concat();
    shows(
        &all,
        1,
        &["credentials of the primary Seller are rejected with HTTP 403", "→ check `sellers.primary.authentication`"],
    );
    let secret = "sellers.primary.authentication.loginCredentials.password=wrong";
    shows(&["--set", secret], 1, &["primary Seller has no credentials"]);
    shows(
        &[
            "--set",
            "integrationTests.implementedFeatures.named-leasing=null",
            "--set",
            "broker.disableOrdersFeedHarvesting=true",
        ],
        0,
        &[
            "`implementedFeatures.named-leasing` is not set; `lease` of C1 and C2 decides",
            "Orders feed is disabled",
            "ready, with 2 warnings",
        ],
    );
    let without = Site::new(SandboxOptions { test_interface: false, ..SandboxOptions::default() });
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/default.json");
    let bare = without.url();
    shows(
        &["--config", default, "--target", &bare],
        1,
        &[
            "Test Interface does not create a ScheduledSession: HTTP 404",
            "`integrationTests.useRandomOpportunities` to true",
        ],
    );
    shows(
        &["--config", default, "--target", &bare, "--random", "--feature", "booking-window"],
        1,
        &["TestOpportunityBookableWithinValidFromBeforeStartDate", "→ publish more"],
    );
    shows(&["--set", "integrationTests.outputPath=/proc/no/such"], 1, &["output folder /proc/no/such is not writable"]);
    let faults = Faults::new(vec![Fault::OrdersFeedStatus500]);
    let broken = Site::new(SandboxOptions { faults, test_interface: true, ..SandboxOptions::default() });
    shows(
        &["--config", default, "--target", &broken.url()],
        1,
        &["Orders feed cannot be read by the primary Booking Partner: HTTP 500"],
    );
}

#[test]
fn a_clock_that_is_wrong_and_feeds_that_are_none_are_reported() {
    let target = Target::start(|_, path, _| {
        if path != "/" {
            return respond(200, "application/json", "{\"items\": 3}");
        }
        let mut page = dataset_page("127.0.0.1:1");
        page.headers_mut().insert("date", HeaderValue::from_static("Tue, 15 Nov 1994 08:12:31 GMT"));
        page
    });
    let (code, text) = doctor(&["--config", HEADER_CREDENTIALS_FILE, "--target", &target.url("/")]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("clock of the target differs from this machine by -"), "{text}");
    assert!(text.contains("ScheduledSession feed cannot be read"), "{text}");
}

/// `oa-test watch`, and what it says.
struct Watching {
    child: Child,
    input: ChildStdin,
    said: Receiver<String>,
}

impl Watching {
    fn start(bench: &Bench, arguments: &[&str]) -> Self {
        let mut command = bench.command(&[&["watch"], arguments].concat());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, said) = channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let input = child.stdin.take().unwrap();
        Self { child, input, said }
    }

    fn press(&mut self, key: &str) {
        writeln!(self.input, "{key}").unwrap();
    }

    /// The output until the next run has ended.
    fn run(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line =
                self.said.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("silent after {lines:#?}"));
            let over = line.starts_with("watching: ");
            lines.push(line);
            if over {
                return lines;
            }
        }
    }

    fn end(mut self) -> i32 {
        self.press("q");
        self.child.wait().unwrap().code().unwrap()
    }
}

fn cells(lines: &[String]) -> usize {
    lines.iter().filter(|line| line.starts_with("passed") || line.starts_with("failed")).count()
}

#[test]
fn cells_are_run_again_when_a_file_changes_or_enter_is_pressed() {
    let bench = Bench::new();
    bench.write("own.json", "{}");
    let fault = Fault::BFailsAtFirst.name();
    let few = [
        "--feature",
        "access-code",
        "--type",
        "ScheduledSession",
        "--config",
        "own.json",
        "--fault",
        fault,
        "--seed",
        "3",
        "--verbose",
    ];
    let mut watching = Watching::start(&bench, &few);
    let first = watching.run();
    assert_eq!(cells(&first), 2, "{first:#?}");
    assert_eq!(first.iter().filter(|line| line.starts_with("failed")).count(), 1, "{first:#?}");
    watching.press("f");
    let failed = watching.run();
    assert_eq!(cells(&failed), 1, "only what did not pass: {failed:#?}");
    assert!(failed.iter().any(|line| line.starts_with("passed")), "the sandbox was kept: {failed:#?}");
    watching.press("");
    let all = watching.run();
    assert_eq!(cells(&all), 2, "{all:#?}");
    // Another configuration: another target, or what may be one.
    bench.write(
        "own.json",
        "{ \"integrationTests\": { \"bookingFlowsInScope\": { \"OpenBookingApprovalFlow\": false } } }",
    );
    let changed = watching.run();
    assert!(changed[0].ends_with("own.json changed"), "{changed:#?}");
    assert_eq!(cells(&changed), 1, "{changed:#?}");
    bench.write("own.json", "{ \"integrationTest\": 1 }");
    let wrong = watching.run();
    assert!(wrong.iter().any(|line| line.contains("did you mean")), "{wrong:#?}");
    bench.write("own.json", "{}");
    let right = watching.run();
    assert_eq!(cells(&right), 2, "{right:#?}");
    assert_eq!(watching.end(), 1, "the exit code is that of the last run");
    let refused = bench.oa_test(&["watch", "--certificate", "https://example.com/"]);
    assert_eq!(refused.code, 2);
    let nowhere = bench.oa_test(&["watch", "--on", "absent"]);
    assert!(nowhere.stderr.contains("cannot watch absent"), "{}", nowhere.stderr);
}
