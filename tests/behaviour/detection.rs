//! Each fault of the sandbox is found by a test of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use oa_test::sandbox::Fault;
use serde_json::Value;

use crate::citations::{Citation, compared};
use crate::support::{Bench, run};

/// Fault, and the test that finds it with the fewest cells; or `beyond`, where what is found is wrong with the target beyond
/// any cell, and the test during which it shows, where not every one will do.
const FINDERS: &str = include_str!("../../fixtures/faults.txt");

/// Check, a fault that breaks it, and `elsewhere` where it does so in another test than the one that finds it with the fewest
/// cells.
const BROKEN: &str = include_str!("../../fixtures/broken-checks.txt");

/// Each check with a fault that breaks it, and whether it does so in the test of `FINDERS`.
fn broken() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    BROKEN.lines().filter_map(|line| {
        let (check, fault) = line.split_once(' ')?;
        Some((check, fault.trim_end_matches(" elsewhere"), !fault.ends_with(" elsewhere")))
    })
}

/// Checks that no fault breaks, each with the reason.
const UNBROKEN: &[(&str, &str)] = &[
    ("access-channel-changed-by-index", "only the compatible profile has it: `faults.rs` breaks it there"),
    ("access-code-changed-by-index", "only the compatible profile has it: `faults.rs` breaks it there"),
    ("access-pass-changed-by-index", "only the compatible profile has it: `faults.rs` breaks it there"),
    ("after_id_with_timestamp", "a rule of RPDE: its unit tests have pages that break it"),
    ("base_url_mismatch", "a rule of RPDE: its unit tests have pages that break it"),
    ("byte_order_mark", "a rule of RPDE: its unit tests have pages that break it"),
    ("configuration", "the configuration breaks it, not the target"),
    ("credentials", "it only blocks: there are no credentials for the requests"),
    ("duplicate_key", "a rule of RPDE: its unit tests have pages that break it"),
    ("excessive_cache_control", "a rule of RPDE: its unit tests have pages that break it"),
    ("feed-items", "its findings go by the rules of validation that are broken"),
    ("feed_loops", "a rule of RPDE: its unit tests have pages that break it"),
    ("capacity-released", "it only warns: the variant `cancelled-spaces-kept` does what it warns of"),
    ("full-opportunity", "it only blocks: leases of others explain the response"),
    ("invalid_content_type", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_encoding", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_format", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_json", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_next_url_for_zero_items", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_status_code", "a rule of RPDE: its unit tests have pages that break it"),
    ("invalid_type", "a rule of RPDE: its unit tests have pages that break it"),
    ("item_vanished", "a rule of RPDE: its unit tests have pages that break it"),
    ("judged-tokens", "it only remarks that a test cannot be made with tokens of this kind"),
    ("last_page_no_items", "a rule of RPDE: its unit tests have pages that break it"),
    ("last_page_reference_self", "a rule of RPDE: its unit tests have pages that break it"),
    ("minimum_items_per_page", "a rule of RPDE: its unit tests have pages that break it"),
    ("missing_cache_control", "a rule of RPDE: its unit tests have pages that break it"),
    ("missing_data_in_updated_item", "a rule of RPDE: its unit tests have pages that break it"),
    ("modified_beyond_2_53", "a rule of RPDE: its unit tests have pages that break it"),
    ("no-trailing-slash", "an endpoint that ends with a slash breaks `dataset-site`, which blocks it"),
    ("no_deleted_items", "a rule of RPDE: its unit tests have pages that break it"),
    ("own-client", "the configuration breaks it, not the target"),
    ("parent_missing", "it only warns: `aftermath.rs` has an opportunity whose parent is in no feed"),
    ("preferred-authentication", "the configuration breaks it, not the target"),
    ("preparation", "it only blocks: an earlier step has not brought what a step needs"),
    ("provider-clock", "it only remarks that clocks differ, and the sandbox has that of the tester"),
    ("provider-members", "it only remarks that members which nobody needs have odd types"),
    ("provider-named", "a dataset site without a provider leaves no credentials, which blocks first"),
    ("step-ends", "it only blocks: time limits and interrupts break it"),
    ("unique-order-item-ids", "no fault repeats an `@id`: a unit test of `order_items.rs` does"),
    ("unknown_ordering_strategy", "a rule of RPDE: its unit tests have pages that break it"),
    ("unnecessary_data_in_deleted_item", "a rule of RPDE: its unit tests have pages that break it"),
];

/// A check that nothing can break proves nothing.
#[test]
fn every_check_is_broken_by_a_fault_or_has_a_reason() {
    let known: Vec<&str> =
        finders().into_iter().map(|(fault, _)| fault).chain(UNSEEN.iter().map(|(fault, _)| *fault)).collect();
    for row in oa_test::checks::rows() {
        let by = broken().find(|(check, ..)| *check == row.id);
        let reason = UNBROKEN.iter().find(|(check, _)| *check == row.id);
        match (by, reason) {
            (Some((_, fault, _)), None) => assert!(known.contains(&fault), "{row}: there is no fault {fault}"),
            (None, Some((_, reason))) => assert!(reason.len() > 20, "{row}: {reason}"),
            (None, None) => panic!("no fault breaks {row}"),
            (Some(_), Some(_)) => panic!("{row} is broken by a fault, and has a reason why none does"),
        }
    }
    for (check, ..) in broken() {
        assert!(oa_test::checks::row(check).is_some(), "there is no check {check}");
    }
}

/// Faults that break what no run can see, each with the reason.
const UNSEEN: &[(&str, &str)] = &[
    ("deleted-items-not-retained", "only runs with --slow come back later"),
    ("lease-never-expires", "only runs with --slow wait for the end of a lease"),
    ("broker-barcode-dropped", "no feature says whether a booking system takes barcodes of the Broker"),
    ("feeds-cached", "caching that does not suit a page is a warning, which decides nothing"),
    ("order-feeds-cached", "caching that does not suit a page is a warning, which decides nothing"),
    ("id-token-other-name", "claims about the Seller that differ from the feeds are warnings"),
    ("feeds-lose-items", "a run reads a feed once; `oa-test feeds --twice` finds it"),
    (
        "order-status-missing",
        "Order Status is a SHOULD of the specification, so that it is a warning, which decides nothing",
    ),
    ("c1-hangs", "a request without a response blocks: nothing that the booking system did is wrong"),
    ("c1-status-401", "credentials of the configuration that are rejected block: they may be wrong"),
    ("orders-feed-status-401", "credentials that are rejected block or, where the target issued them, are warned of"),
    ("cancellation-undone-later", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("deleted-orders-return", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("event-feed-status-500", "the wait for the feed takes too long: `troubles.rs` finds it with a shorter one"),
    ("orders-appear-later", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("orders-deleted-later", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("capacity-returns-later", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("capacity-vanishes-later", "it comes after the cell: `aftermath.rs` finds it, with one cell after the other"),
    ("order-status-of-orders-only", "what is recommended is a warning, which decides nothing"),
    ("item-ids-by-number", "what is recommended is a warning, which decides nothing"),
    ("places-without-coordinates", "what is recommended is a warning, which decides nothing"),
    ("instructions-missing", "what is recommended is a warning, which decides nothing"),
    ("parents-omitted", "what is recommended is a warning, which decides nothing"),
    ("channels-without-details", "what is recommended is a warning, which decides nothing"),
    ("error-names-vary", "what is recommended is a warning, which decides nothing"),
    ("opportunities-never-free", "what is recommended is a warning, which decides nothing"),
    ("response-identifier-other", "the identifier is optional, so that it is a warning, which decides nothing"),
    ("code-replay-keeps-tokens", "what is recommended is a warning, which decides nothing"),
    ("tokens-long-lived", "what is recommended is a warning, which decides nothing"),
    ("p-takes-no-lease", "what is recommended is a warning, which decides nothing"),
    ("p-lease-not-extended", "what is recommended is a warning, and only runs with --slow wait for it"),
    ("overrides-of-free-accepted", "it shows where everything is free, which the sandbox is not unless it is switched"),
    ("payment-method-included", "the data model of today allows it, so that it is a warning, which decides nothing"),
    ("flow-requirement-repeated", "the data model of today allows it, so that it is a warning, which decides nothing"),
    ("duplicate-keys", "RFC 8259 has SHOULD, so that it is a warning, which decides nothing"),
    ("byte-order-mark", "readers may ignore it, so that it is a warning, which decides nothing"),
    ("seller-address-incomplete", "the data model allows it, so that it is a warning, which decides nothing"),
    ("early-status-repriced", "what is recommended is a warning, which decides nothing"),
    ("seller-renamed", "no requirement names the details of a Seller, so that it is a warning, which decides nothing"),
    (
        "feed-opportunities-renamed",
        "no requirement has more than @id there, so that it is a warning, which decides nothing",
    ),
    ("deletion-keeps-capacity", "the specification leaves open what becomes of the capacity of a deleted Order"),
];

/// Tests that run only where a feature is implemented, or is not, other than `default.json` has it.
const CONFIGURED: &[(&str, bool)] = &[
    ("prepayment-optional/prepayment-optional-not-in-use", false),
    ("reseller-broker-tax-calculation/reseller-net-prices", false),
    ("terms-of-service-with-consent/consent-required", true),
    ("terms-of-service-with-consent-with-date-modified/consent-required-date-modified", true),
];

/// One cell after the other, so that what follows from a fault does not depend on which exchanges of other cells come between.
const ONE_AT_A_TIME: &str = "integrationTests.maximumNumberOfSimultaneousBookings=1";

fn finders() -> Vec<(&'static str, &'static str)> {
    FINDERS.lines().filter_map(|line| line.split_once(' ')).collect()
}

#[test]
fn every_fault_has_a_finder_or_a_reason() {
    let finders = finders();
    for fault in Fault::ALL {
        let found = finders.iter().any(|(known, _)| *known == fault.name());
        let unseen = UNSEEN.iter().any(|(known, reason)| *known == fault.name() && !reason.is_empty());
        assert!(found != unseen, "{fault}: name the test that finds it, or why none can");
    }
}

/// Runs the finders of a share of the faults, those with the same finder together; `beyond` are found by what is wrong with
/// the target beyond any cell.
fn share(number: usize, of: usize) {
    let mut by_test: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (fault, finder) in finders() {
        let (finder, during) = finder.split_once(' ').unwrap_or((finder, finder));
        // Those of the OpenID provider are in `authentication.rs`, with every check that does not hold.
        if !finder.starts_with("booking-partner-openid") && !finder.starts_with("dynamic-client") {
            by_test.entry(during).or_default().push((fault, finder));
        }
    }
    for (_, (during, faults)) in by_test.into_iter().enumerate().filter(|(place, _)| place % of == number) {
        let (feature, test) = during.split_once('/').unwrap_or(("dataset-site", "*"));
        let mut arguments =
            vec!["selfcheck", "--format", "json", "--feature", feature, "--test", test, "--set", ONE_AT_A_TIME];
        arguments.extend(faults.iter().flat_map(|(fault, _)| ["--fault", fault]));
        let implemented = CONFIGURED
            .iter()
            .find(|(test, _)| *test == during)
            .map(|(_, implemented)| format!("integrationTests.implementedFeatures.{feature}={implemented}"));
        arguments.extend(implemented.iter().flat_map(|setting| ["--set", setting]));
        let outcome = Bench::new().oa_test(&arguments);
        let found: Value = serde_json::from_str(&outcome.stdout).unwrap_or_default();
        assert_eq!(found["honest"]["tests"], serde_json::json!({}), "{during} passes without a fault");
        let citations = |of: &Value| -> BTreeSet<Citation> {
            of["cites"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| serde_json::from_value(one.clone()).ok())
                .collect()
        };
        for (fault, finder) in faults {
            let row = &found["faults"][fault];
            let cited = |found: &Value, row: &Value| -> BTreeSet<Citation> {
                citations(row).difference(&citations(&found["honest"])).cloned().collect()
            };
            // Other runs at the same time can delay what is awaited: what differs is looked at once more by itself.
            if let Err(difference) = compared(fault, &cited(&found, row)) {
                let mut alone = vec![
                    "selfcheck",
                    "--format",
                    "json",
                    "--feature",
                    feature,
                    "--test",
                    test,
                    "--fault",
                    fault,
                    "--set",
                    ONE_AT_A_TIME,
                ];
                alone.extend(implemented.iter().flat_map(|setting| ["--set", setting.as_str()]));
                let again: Value = serde_json::from_str(&Bench::new().oa_test(&alone).stdout).unwrap_or_default();
                let twice = compared(fault, &cited(&again, &again["faults"][fault]));
                twice.unwrap_or_else(|again| panic!("{again}\nand before: {difference}"));
            }
            for check in broken().filter(|(_, by, here)| *by == fault && *here).map(|(check, ..)| check) {
                let known = row["checks"].as_array().is_some_and(|checks| checks.iter().any(|id| id == check));
                assert!(known, "{fault} does not break {check}\n{}", outcome.stdout);
            }
            if finder == "beyond" {
                let beyond = row["beyond"].as_array().is_some_and(|found| !found.is_empty());
                assert!(beyond, "{fault}\n{}", outcome.stdout);
            } else {
                assert!(row["tests"][finder].is_object(), "{fault} is not found by {finder}\n{}", outcome.stdout);
            }
        }
        assert_eq!(outcome.code, 0, "{during}\n{}", outcome.stdout);
    }
}

#[test]
fn a_share_of_the_faults_is_found() {
    share(0, 4);
}

#[test]
fn another_share_of_the_faults_is_found() {
    share(1, 4);
}

#[test]
fn a_third_share_of_the_faults_is_found() {
    share(2, 4);
}

#[test]
fn the_rest_of_the_faults_is_found() {
    share(3, 4);
}

/// What the compatible profile alone has.
#[test]
fn checks_of_tax_in_the_compatible_profile_are_broken() {
    for (feature, check) in [
        ("business-to-consumer-tax-calculation-gross", "tax-gross"),
        ("business-to-consumer-tax-calculation-net", "tax-net"),
    ] {
        let arguments = [
            "--seed",
            "9",
            "--profile",
            "compatible",
            "--feature",
            feature,
            "--test",
            feature,
            "--flow",
            "OpenBookingSimpleFlow",
        ];
        let honest = run(&arguments);
        assert_eq!(honest.code, 0, "{}", honest.stdout);
        let outcome = run(&[&arguments[..], &["--fault", "tax-of-items-missing"]].concat());
        let broken = outcome.broken_checks();
        assert!(broken.iter().any(|broken| broken.ends_with(&format!(": {check}"))), "{broken:?}");
    }
}

#[test]
fn a_fault_that_nothing_finds_is_named() {
    let outcome =
        Bench::new().oa_test(&["selfcheck", "--fault", "deletion-keeps-capacity", "--feature", "dataset-site"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("0 of 1 faults detected"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("Undetected: deletion-keeps-capacity"), "{}", outcome.stdout);
}
