//! Secrets appear in no output, whatever the target does with them.

use oa_test::sandbox::Fault;

use crate::support::{Bench, HEADER_CREDENTIALS, SHORT_WAIT};

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
