//! Secrets appear in no output, for any target.

use std::collections::BTreeSet;

use oa_test::sandbox::Fault;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::{Bench, HEADER_CREDENTIALS, SHORT_WAIT, Target, respond};

#[test]
fn no_secret_reaches_any_output_even_when_the_target_sends_it_back() {
    let secrets = ["booking-partner-1", "canary-password-8841", "canary-client-secret-8842", "canary-token-8843"];
    for faults in [
        vec![Fault::ErrorsShowCredentials, Fault::C1Status401],
        vec![Fault::ErrorsShowCredentials, Fault::C1Status500],
        vec![Fault::ErrorsShowCredentials, Fault::OrdersFeedStatus401],
        vec![Fault::AttendanceSwapped],
        vec![],
    ] {
        let bench = Bench::new();
        bench.write("headers.json", HEADER_CREDENTIALS);
        bench.write(
            "secrets.json",
            r#"{
  "broker": { "bookingPartners": { "primary": { "authentication": {
    "clientCredentials": { "clientId": "public", "clientSecret": "canary-client-secret-8842" },
    "ordersFeedRequestHeaders": { "X-Api-Key": "canary-token-8843" }
  } } } },
  "sellers": { "primary": { "authentication": {
    "loginCredentials": { "username": "test1", "password": "canary-password-8841" },
    "requestHeaders": { "X-Api-Key": "canary-token-8843" }
  } } }
}"#,
        );
        let setting = "sellers.primary.authentication.requestHeaders.X-Other=canary-token-8843";
        let mut arguments = vec![
            "run",
            "--config",
            "headers.json",
            "--config",
            "secrets.json",
            "--set",
            setting,
            "--set",
            SHORT_WAIT,
            "--junit",
            "junit.xml",
            "--verbose",
            "--type",
            "ScheduledSession",
        ];
        for fault in &faults {
            arguments.extend(["--fault", fault.name()]);
        }
        let outcome = bench.oa_test(&arguments);
        let junit = std::fs::read_to_string(bench.path("junit.xml")).unwrap();
        let report = outcome.report().to_string();
        assert!(report.contains("\"***1\""), "credentials are sent, and hidden");
        for (place, text) in [
            ("stdout", &outcome.stdout),
            ("stderr", &outcome.stderr),
            ("journal", &outcome.journal),
            ("report", &report),
            ("HTML report", &crate::reports::unpacked(&bench.path("output/report.html"))),
            ("junit", &junit),
        ] {
            for secret in secrets {
                assert!(!text.contains(secret), "{secret} is in {place} with {faults:?}");
            }
        }
    }
}

/// The placeholders of the header of this name in requests with this label.
fn placeholders(report: &Value, label: &str, name: &str) -> BTreeSet<String> {
    let exchanges = report["exchanges"].as_array().unwrap().iter().filter(|exchange| exchange["label"] == label);
    let headers = exchanges.flat_map(|exchange| exchange["request_headers"].as_array().unwrap());
    headers.filter(|header| header[0] == name).map(|header| header[1].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_same_token_has_one_placeholder_and_another_token_another() {
    let bench = Bench::new();
    let one_cell = ["--feature", "multiple-sellers", "--type", "ScheduledSession", "--set", SHORT_WAIT];
    let outcome = bench.oa_test(&[&["run"], &one_cell[..]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let report = outcome.report();
    let issued: BTreeSet<String> = report["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|exchange| serde_json::from_str::<Value>(exchange["answer"]["body"].as_str()?).ok())
        .filter_map(|body| body["access_token"].as_str().map(str::to_owned))
        .collect();
    let used = placeholders(report, "C1", "authorization");
    assert!(used.len() > 1, "each Seller has a token of its own: {used:?}");
    assert!(used.iter().all(|token| token.starts_with("***") && issued.contains(token)), "{used:?} {issued:?}");
    let booked = placeholders(report, "B", "authorization");
    assert!(!booked.is_empty() && booked.is_subset(&used), "the same tokens: {booked:?} {used:?}");
    let again = bench.oa_test(&["report", "rejudge", "output/run.json.gz"]);
    assert_eq!(again.code, 0, "{}", again.stdout);
    assert!(again.stdout.contains(" 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
}

#[test]
fn configured_secrets_have_the_same_placeholder_in_requests_and_in_the_configuration() {
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let setting = "sellers.primary.authentication.requestHeaders.X-Other=canary-token-8843";
    let arguments = ["run", "--config", "headers.json", "--set", setting, "--set", SHORT_WAIT];
    let cell = ["--feature", "free-opportunities", "--type", "ScheduledSession"];
    let outcome = bench.oa_test(&[&arguments[..], &cell].concat());
    let report = outcome.report();
    let configured = report["configuration"]["sellers"]["primary"]["authentication"]["requestHeaders"].clone();
    let sent: BTreeSet<String> = report["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|exchange| exchange["request_headers"].as_array().unwrap())
        .filter(|header| header[0] == "x-other")
        .map(|header| header[1].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(sent.into_iter().collect::<Vec<_>>(), [configured["X-Other"].as_str().unwrap()], "{configured}");
    assert!(configured["X-Other"].as_str().unwrap().starts_with("***"), "{configured}");
    let other = configured.as_object().unwrap().iter().find(|(name, _)| *name != "X-Other").unwrap().1;
    assert_ne!(other, &configured["X-Other"]);
}

#[test]
fn runs_that_were_saved_with_one_placeholder_for_all_are_rejudged() {
    let bench = Bench::new();
    let cell = ["--feature", "multiple-sellers", "--type", "ScheduledSession", "--set", SHORT_WAIT];
    let outcome = bench.oa_test(&[&["run"], &cell[..]].concat());
    let report = outcome.report().to_string();
    let mut parts = report.split("***");
    let first = parts.next().unwrap().to_owned();
    let old = parts
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
        .fold(first, |text, part| text + "***" + part);
    bench.write("old.json", &old);
    let again = bench.oa_test(&["report", "rejudge", "old.json"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains(" 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
    let number = outcome.report()["exchanges"].as_array().unwrap().iter().find(|exchange| exchange["label"] == "C1");
    let number = number.unwrap()["id"].to_string();
    for file in ["old.json", "output/run.json.gz"] {
        let shown = bench.oa_test(&["report", "exchange", &number, file]);
        assert!(shown.stdout.contains("\"authorization: $AUTHORIZATION\""), "{}", shown.stdout);
    }
}

#[test]
fn the_effective_configuration_hides_secrets() {
    let bench = Bench::new();
    let outcome = bench.oa_test(&[
        "config",
        "check",
        "--set",
        "sellers.primary.authentication.loginCredentials={\"username\":\"u\",\"password\":\"canary-password-8841\"}",
    ]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(!outcome.stdout.contains("canary-password-8841") && !outcome.stdout.contains("booking-partner-1"));
    assert!(outcome.stdout.contains("***"));
}

#[test]
fn mistakes_in_a_configuration_show_no_value() {
    let bench = Bench::new();
    let headers = |value: &str| {
        format!(r#"{{"sellers":{{"primary":{{"@id":"x","authentication":{{"requestHeaders":{value}}}}}}}}}"#)
    };
    let url = "broker.datasetSiteUrl=htp://canary-user-71:canary-secret-72@example.com/";
    let whole = "sellers.primary.authentication={\"requestHeaders\":\"canary-secret-73\"}";
    for (json, settings, place) in [
        (r#"{"sellers":{"primary":{"authentication":{"requestHeaders":{"X-Api-Key":"canary-secret-74"}}}},"broker":{"datasetSiteUrl":"http://127.0.0.1:9/"}}"#.to_owned(), "", "OA_TEST_CONFIG_JSON:1:23"),
        (headers(r#""canary-secret-75""#), "", "OA_TEST_CONFIG_JSON:1:69"),
        (headers(r#"{"a":"canary-secret-76\nX: y"}"#), "", "OA_TEST_CONFIG_JSON:1:74"),
        (headers(r#"{"a":7400012345}"#), "", "OA_TEST_CONFIG_JSON:1:74"),
        (headers(r#"{"a":"canary-secret-77" "b"}"#), "", "OA_TEST_CONFIG_JSON:1:92"),
        (headers("canary-secret-78"), "", "OA_TEST_CONFIG_JSON:1:69"),
        ("{}".to_owned(), url, "--set:1:23"),
        ("{}".to_owned(), whole, "--set:1:32"),
        ("{}".to_owned(), "canary-secret-79", "`--set` expects KEY=VALUE"),
    ] {
        let mut command = bench.command(&["config", "check"]);
        if !settings.is_empty() {
            command.args(["--set", settings]);
        }
        let outcome = bench.outcome(&command.env("OA_TEST_CONFIG_JSON", &json).output().unwrap());
        assert_eq!(outcome.code, 2, "{json} {settings}");
        assert!(outcome.stderr.contains(place), "{}", outcome.stderr);
        for secret in ["canary", "7400012345"] {
            assert!(!outcome.stderr.contains(secret) && !outcome.stdout.contains(secret), "{}", outcome.stderr);
        }
    }
}

/// A dataset site that returns the credentials in its URL and a header in many encodings, as a page without JSON-LD.
#[test]
fn secrets_that_return_in_other_encodings_reach_no_output() {
    let forms: Vec<String> = ["canary+key/8851", "canary-user", "canary&pass"]
        .iter()
        .flat_map(|secret| {
            let each = |f: &dyn Fn(u32) -> String| secret.chars().map(|c| f(u32::from(c))).collect::<String>();
            [
                each(&|c| format!("\\u{c:04X}")),
                each(&|c| format!("&#{c};")),
                each(&|c| format!("%{c:02x}")),
                STANDARD.encode(format!("user:{secret}")),
                secret.replace('+', "\\u002B").replace('/', "\\/").replace('&', "&amp;"),
            ]
        })
        .collect();
    for form in &forms {
        let page = format!("<p>{form}");
        let target = Target::start(move |_, _, _| respond(200, "text/html", page.clone()));
        let bench = Bench::new();
        bench.write("headers.json", HEADER_CREDENTIALS);
        let url = format!("http://canary-user:canary%26pass@{}/", target.address);
        let setting = "sellers.primary.authentication.requestHeaders={\"X-Api-Key\":\"canary+key/8851\"}";
        let common = ["--config", "headers.json", "--target", &url, "--set", setting];
        let run = bench.oa_test(&[&["run", "--feature", "dataset-site", "--junit", "junit.xml"][..], &common].concat());
        let doctor = bench.oa_test(&[&["doctor"][..], &common].concat());
        assert_eq!((run.code, doctor.code), (1, 1), "{}", run.stderr);
        assert!(run.stdout.contains("a page that starts with \"<p>"), "{}", run.stdout);
        let junit = std::fs::read_to_string(bench.path("junit.xml")).unwrap();
        let html = crate::reports::unpacked(&bench.path("output/report.html"));
        let report = run.report().to_string();
        for text in [&run.stdout, &run.stderr, &run.journal, &report, &junit, &html, &doctor.stdout, &doctor.stderr] {
            for secret in [form.as_str(), "canary", "8851"] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
    }
}
