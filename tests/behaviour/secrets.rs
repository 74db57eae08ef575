//! Secrets appear in no output, for any target.

use oa_test::sandbox::Fault;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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
        assert!(report.contains("\"***\""), "credentials are sent, and hidden");
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
