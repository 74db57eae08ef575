//! Configuration: layers, and mistakes with their places.

use crate::support::{Bench, Outcome};

fn check(bench: &Bench, arguments: &[&str]) -> Outcome {
    let all: Vec<&str> = ["config", "check"].into_iter().chain(arguments.iter().copied()).collect();
    bench.oa_test(&all)
}

/// The line of a key, without the spaces between columns.
fn line(outcome: &Outcome, key: &str) -> String {
    let line = outcome.stdout.lines().find(|line| line.split_whitespace().next() == Some(key));
    let line = line.unwrap_or_else(|| panic!("no {key}\n{}{}", outcome.stdout, outcome.stderr));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_layer_wins_over_the_one_below_and_says_where_a_value_came_from() {
    let bench = Bench::new();
    let file = bench.write(
        "mine.json",
        "{\n  \"integrationTests\": {\n    \"testTimeout\": 1000,\n    \"testDatasetIdentifier\": \"mine\",\n    \
         \"openBookingApiRequestTimeout\": 2000\n  }\n}\n",
    );
    let output = bench
        .command(&["config", "check", "--config", &file, "--set", "integrationTests.testTimeout=3000"])
        .env(
            "OA_TEST_CONFIG_JSON",
            "{\"integrationTests\": {\"testTimeout\": 1500, \"openBookingApiRequestTimeout\": 2500}}",
        )
        .output()
        .unwrap();
    let outcome = bench.outcome(&output);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(line(&outcome, "integrationTests.testTimeout"), "integrationTests.testTimeout 3000 --set:1");
    assert_eq!(
        line(&outcome, "integrationTests.openBookingApiRequestTimeout"),
        "integrationTests.openBookingApiRequestTimeout 2500 OA_TEST_CONFIG_JSON:1"
    );
    assert_eq!(
        line(&outcome, "integrationTests.testDatasetIdentifier"),
        "integrationTests.testDatasetIdentifier \"mine\" mine.json:4"
    );
    assert!(
        line(&outcome, "integrationTests.maximumNumberOfSimultaneousBookings").ends_with("default.json (built in):33")
    );
}

#[test]
fn a_file_can_be_named_by_the_environment() {
    let bench = Bench::new();
    bench.write("mine.json", "{\"integrationTests\": {\"testTimeout\": 1234}}");
    let output = bench.command(&["config", "check"]).env("OA_TEST_CONFIG", "mine.json").output().unwrap();
    assert!(line(&bench.outcome(&output), "integrationTests.testTimeout").contains("1234 mine.json:1"));
}

#[test]
fn mistakes_are_named_with_file_line_column_and_a_suggestion() {
    let cases = [
        ("{\n  \"brokr\": {}\n}", "mine.json:2:3", "did you mean `broker`?"),
        ("{\"integrationTests\": {\n \"testTimeout\": \"soon\"}}", "mine.json:2:17", "an integer number"),
        (
            "{\"integrationTests\": {\"implementedFeatures\": {\n   \"acess-code\": true}}}",
            "mine.json:2:4",
            "did you mean `access-code`?",
        ),
        (
            "{\"integrationTests\": {\"implementedFeatures\": {\"access-code\": \"yes\"}}}",
            "mine.json:1:",
            "access-code",
        ),
        ("{\"broker\": {", "mine.json:1:", ""),
        (
            "{\"integrationTests\": {\"bookingFlowsInScope\": {\"OpenBookingSimplFlow\": true}}}",
            "mine.json:1:",
            "did you mean",
        ),
    ];
    for (text, place, needle) in cases {
        let bench = Bench::new();
        bench.write("mine.json", text);
        for arguments in [&["config", "check", "--config", "mine.json"][..], &["run", "--config", "mine.json"][..]] {
            let outcome = bench.oa_test(arguments);
            assert_eq!(outcome.code, 2, "{text}");
            assert!(outcome.stderr.contains(place), "{place}\n{}", outcome.stderr);
            assert!(outcome.stderr.contains(needle), "{needle}\n{}", outcome.stderr);
        }
    }
}

#[test]
fn every_mistake_is_reported_at_once() {
    let bench = Bench::new();
    bench.write("mine.json", "{\"brokr\": {}, \"integrationTest\": {}}");
    let outcome = check(&bench, &["--config", "mine.json"]);
    assert!(outcome.stderr.contains("2 problems"), "{}", outcome.stderr);
}

#[test]
fn a_key_in_the_wrong_place_is_named_with_the_right_one() {
    let bench = Bench::new();
    let flat = r#"{
  "datasetSiteUrl": "https://example.com/openactive/",
  "useRandomOpportunities": true,
  "ordersFeedRequestHeaders": { "X-Api-Key": "k" },
  "sellers": { "primary": { "@id": "https://example.com/sellers/1", "requestHeaders": { "X-Api-Key": "k" } } }
}"#;
    bench.write("flat.json", flat);
    let outcome = check(&bench, &["--config", "flat.json"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    for key in [
        "broker.datasetSiteUrl",
        "integrationTests.useRandomOpportunities",
        "broker.bookingPartners.*.authentication.ordersFeedRequestHeaders",
        "sellers.*.authentication.requestHeaders",
    ] {
        assert!(outcome.stderr.contains(&format!("did you mean `{key}`")), "{key}: {}", outcome.stderr);
    }
}

#[test]
fn keys_that_only_the_public_suite_needs_are_accepted_and_reported() {
    let bench = Bench::new();
    bench.write(
        "dev.json",
        r#"{
  "ci": false,
  "consoleOutputLevel": "dot",
  // Files of the public suite may hold comments.
  "broker": {
    "outputPath": "./output/",
    "datasetSiteUrl": "https://example.com/openactive/",
    "requestLogging": false,
    "waitForHarvestCompletion": true,
    "verbose": false,
    "disableBrokerMicroserviceTimeout": true,
    "headlessAuth": true,
    "loginPagesSelectors": { "username": "[name='username' i]", "password": "[name='password' i]", "button": ".btn" },
    "bookingPartners": {
      "primary": { "authentication": { "initialAccessToken": "token-of-the-primary" } },
      "secondary": { "authentication": { "clientCredentials": { "clientId": "id", "clientSecret": "a-secret" } } }
    }
  },
  "integrationTests": {
    "generateConformanceCertificate": true,
    "conformanceCertificateId": "https://example.com/certificate",
    "conformanceCertificatePath": "./conformance/",
    "requestHeaderLogging": true,
    "additionalReporters": [],
    "useShapeExpressions": false,
    "ignoreUnexpectedFeedUpdates": false,
    "bookingPartnersForSpecificTests": {
      "dynamicPrimary": { "authentication": { "initialAccessToken": "another-token" } }
    }
  },
  "sellers": {
    "primary": {
      "@type": "Organization",
      "@id": "https://example.com/sellers/1",
      "authentication": { "loginCredentials": { "username": "test1", "password": "a-password" } },
      "taxMode": "https://openactive.io/TaxGross",
      "paymentReconciliationDetails": { "name": "Points", "accountId": "SN1593", "paymentProviderId": "STRIPE" }
    },
    "secondary": null
  }
}"#,
    );
    let outcome = check(&bench, &["--config", "dev.json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for key in ["consoleOutputLevel", "broker.requestLogging", "integrationTests.requestHeaderLogging"] {
        assert!(line(&outcome, key).contains("(no effect:"), "{key}\n{}", outcome.stdout);
    }
    for secret in ["token-of-the-primary", "a-secret", "a-password", "another-token"] {
        assert!(!outcome.stdout.contains(secret), "{secret}");
    }
    assert!(outcome.stdout.contains("of them without effect"), "{}", outcome.stdout);
}

#[test]
fn what_belongs_to_the_sandbox_is_not_sent_elsewhere() {
    let bench = Bench::new();
    let outcome = check(&bench, &["--target", "https://example.com/openactive/"]);
    assert_eq!(outcome.code, 2, "without Sellers there is nothing to test");
    assert!(outcome.stderr.contains("sellers"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("booking-partner"), "{}", outcome.stderr);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let outcome = check(&Bench::new(), &["--config", "nowhere.json"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("cannot read the configuration nowhere.json"), "{}", outcome.stderr);
}
