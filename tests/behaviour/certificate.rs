//! Certificates: what earns one, and that no byte of one can be changed unnoticed.

use std::io::{Read as _, Write as _};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use oa_test::catalogue::Catalogue;
use oa_test::certificate::{ExpectedCertificate, Verification, page, verify};
use oa_test::sandbox::Fault;
use serde_json::{Map, Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, SHORT_WAIT, Target, respond};

const ID: &str = "https://booking.example/conformance";
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICUSzi4ldM+sJt49X+iydtyCT0+oWYsAUI9JsQlaVq4S\n-----END PRIVATE KEY-----\n";
const OTHER_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIKoLbVRxP3Wlw7yXyGCAQ1PRwXP2Qmy9CNdR8ZKy3mbv\n-----END PRIVATE KEY-----\n";

/// Features that most tests need in scope.
const FEATURES: &[&str] =
    &["opportunity-attendance-updates", "access-code", "customer-requested-cancellation", "dataset-site"];

/// A configuration with little in scope, so that all of it is run soon.
fn small(kept: &[&str]) -> String {
    let mut config: Value = serde_json::from_str(HEADER_CREDENTIALS).unwrap();
    let default: Value = serde_json::from_str(oa_test::config::built_in()).unwrap();
    let features = default["integrationTests"]["implementedFeatures"].as_object().unwrap();
    let mut scope = Map::new();
    for name in features.keys() {
        scope.insert(name.clone(), if kept.contains(&name.as_str()) { json!(true) } else { Value::Null });
    }
    for name in ["anonymous-leasing", "booking-partner-openid-authentication", "named-leasing"] {
        scope.insert(name.to_owned(), json!(false));
    }
    config["integrationTests"]["implementedFeatures"] = Value::Object(scope);
    config["integrationTests"]["bookingFlowsInScope"] = json!({ "OpenBookingApprovalFlow": false });
    config["integrationTests"]["bookableOpportunityTypesInScope"] = json!({ "IndividualFacilityUseSlot": false });
    config.to_string()
}

fn certified(bench: &Bench, more: &[&str]) -> Outcome {
    certified_for(FEATURES, bench, more)
}

fn certified_for(features: &[&str], bench: &Bench, more: &[&str]) -> Outcome {
    bench.write("small.json", &small(features));
    bench.write("key.pem", KEY);
    let base = ["run", "--config", "small.json", "--seed", "4", "--set", SHORT_WAIT, "--certificate", ID];
    bench.oa_test(&base.iter().chain(more).copied().collect::<Vec<_>>())
}

/// A certificate that is good, and one that is good and signed.
static GOOD: LazyLock<(String, String)> = LazyLock::new(|| good(FEATURES));

fn good(features: &[&str]) -> (String, String) {
    let bench = Bench::new();
    let outcome = certified_for(features, &bench, &["--certificate-file", "c.html"]);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let signed = certified_for(features, &bench, &["--certificate-file", "s.html", "--sign-key", "key.pem"]);
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    let read = |name: &str| std::fs::read_to_string(bench.path(name)).unwrap();
    (read("c.html"), read("s.html"))
}

/// Result of a verification, in the shape of `certificate verify --format json`.
struct Verified(Value);

impl Verified {
    fn valid(&self) -> bool {
        self.0["valid"].as_bool().unwrap()
    }

    fn findings(&self) -> &[Value] {
        self.0["findings"].as_array().unwrap()
    }

    /// Every finding with something wrong, one a line.
    fn reasons(&self) -> String {
        let line = |finding: &Value| {
            let wrong: Vec<&str> =
                finding["wrong"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
            (!wrong.is_empty()).then(|| format!("{}: {}", finding["what"].as_str().unwrap(), wrong.join("; ")))
        };
        self.findings().iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Verifies a page at another time than now.
fn verified_at(page: &str, now: Timestamp) -> Verification {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(verify(page, &ExpectedCertificate::default(), &Catalogue::built_in().unwrap(), now))
}

fn verified(page: &str, wanted: &ExpectedCertificate) -> Verified {
    let bench = Bench::new();
    bench.write("c.html", page);
    let key = wanted.key.as_ref().map(ToString::to_string);
    let options = [("--url", &wanted.url), ("--holder", &wanted.holder), ("--public-key", &key)];
    let mut arguments = vec!["certificate", "verify", "c.html", "--format", "json"];
    for (option, value) in options {
        arguments.extend(value.iter().flat_map(|value| [option, value.as_str()]));
    }
    let outcome = bench.oa_test(&arguments);
    let verified = Verified(serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr)));
    assert_eq!(outcome.code, i32::from(!verified.valid()));
    verified
}

fn refused(page: &str, wanted: &ExpectedCertificate, reason: &str) {
    let verification = verified(page, wanted);
    assert!(!verification.valid(), "valid, though {reason}");
    assert!(verification.reasons().contains(reason), "{reason} is not shown:\n{}", verification.reasons());
}

fn content(page: &str) -> (&str, &str, &str) {
    let (before, rest) = page.split_once("id=\"conformance-data\">").unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    (before, data, after)
}

/// What a forger does who knows everything but the key: changes certificate or evidence, and makes digest and page anew.
fn forged(page_text: &str, change: impl FnOnce(&mut Map<String, Value>, &mut Value)) -> String {
    let mut certificate: Map<String, Value> = serde_json::from_str(content(page_text).1).unwrap();
    let url = certificate["associatedMedia"]["contentUrl"].as_str().unwrap();
    let packed = BASE64.decode(url.split_once(";base64,").unwrap().1).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let mut evidence: Value = text.parse().unwrap();
    change(&mut certificate, &mut evidence);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(evidence.to_string().as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &packed);
    let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(media) = certificate.get_mut("associatedMedia") {
        media["sha256"] = digest.into();
        media["contentUrl"] = format!("data:application/gzip;base64,{}", BASE64.encode(&packed)).into();
    }
    page(&certificate)
}

/// The exchange of a step of the first cell of a test.
fn exchange_of<'e>(evidence: &'e mut Value, test: &str, label: &str) -> &'e mut Value {
    let cells = evidence["cells"].as_array().unwrap();
    let cell = cells.iter().find(|cell| cell["test"] == test).unwrap();
    let ids: Vec<u64> = cell["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["exchanges"].as_array().unwrap())
        .map(|id| id.as_u64().unwrap())
        .collect();
    let exchanges = evidence["exchanges"].as_array_mut().unwrap();
    exchanges
        .iter_mut()
        .find(|exchange| ids.contains(&exchange["id"].as_u64().unwrap()) && exchange["label"] == label)
        .unwrap()
}

fn replaced(value: &mut Value, from: &str, to: &str) {
    let text = value.as_str().unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    *value = text.replace(from, to).into();
}

#[test]
fn a_complete_pass_earns_a_certificate_that_verifies() {
    let (plain, signed) = &*GOOD;
    let verification =
        verified(plain, &ExpectedCertificate { url: Some(ID.to_owned()), ..ExpectedCertificate::default() });
    assert!(verification.valid(), "{}", verification.reasons());
    assert_eq!(verification.0["holder"], "Sandbox Booking");
    let of_checks = |finding: &&Value| finding["what"].as_str().unwrap().starts_with("the recorded exchanges");
    let replayed = verification.findings().iter().find(of_checks).unwrap();
    assert!(!replayed["note"].as_str().unwrap().contains("not verified"), "nothing rests on secrets");
    assert!(verified(signed, &ExpectedCertificate::default()).valid());

    let bench = Bench::new();
    bench.write("c.html", signed);
    bench.write("key.pem", KEY);
    let public = bench.oa_test(&["certificate", "public-key", "key.pem"]);
    let good = bench.oa_test(&[
        "certificate",
        "verify",
        "c.html",
        "--url",
        ID,
        "--holder",
        "Sandbox Booking",
        "--public-key",
        public.stdout.trim(),
    ]);
    assert_eq!(good.code, 0, "{}", good.stdout);
    assert!(good.stdout.contains("\nvalid: awarded to Sandbox Booking\n"), "{}", good.stdout);
    // Where it is hosted, its own URL is what it must be for.
    let page = signed.clone();
    let site = Target::start(move |_, _, _| respond(200, "text/html", page.clone()));
    let elsewhere = bench.oa_test(&["certificate", "verify", &site.url("/c"), "--format", "json"]);
    assert_eq!(elsewhere.code, 1);
    let result: Value = serde_json::from_str(&elsewhere.stdout).unwrap();
    assert_eq!(result["valid"], false);
    assert!(result["findings"].to_string().contains("found at http://127.0.0.1"), "{result}");
    assert_eq!(bench.oa_test(&["certificate", "verify", "absent.html"]).code, 2);
}

#[test]
fn the_claims_are_those_of_the_run() {
    let certificate: Value = serde_json::from_str(content(&GOOD.0).1).unwrap();
    let ids = |name: &str| -> Vec<String> {
        let list = certificate[name].as_array().unwrap();
        list.iter().map(|feature| feature["@id"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()).collect()
    };
    assert_eq!(certificate["@type"], "ConformanceCertificate");
    assert_eq!(certificate["@id"], ID);
    assert_eq!(certificate["validFor"], "P3M");
    assert_eq!(
        ids("featureImplemented"),
        ["access-code", "customer-requested-cancellation", "dataset-site", "opportunity-attendance-updates"]
    );
    assert_eq!(
        ids("featureNotImplemented"),
        ["anonymous-leasing", "booking-partner-openid-authentication", "named-leasing"]
    );
    assert_eq!(certificate["opportunityTypeImplemented"], json!(["ScheduledSession"]));
    assert_eq!(certificate["bookingFlowsImplemented"], json!(["OpenBookingSimpleFlow"]));
    assert_eq!(certificate["awardedTo"]["name"], "Sandbox Booking");
    // The addresses of the system under test are in no evidence.
    forged(&GOOD.0, |_, evidence| {
        let text = evidence.to_string();
        assert!(!text.contains("127.0.0.1") && text.contains("https://redacted.example/"), "origins are hidden");
    });
}

#[test]
fn no_byte_of_a_certificate_can_be_changed_unnoticed() {
    // With the least evidence: each change is verified with all of it.
    let (plain, signed) = good(&["dataset-site"]);
    for page in [&plain, &signed] {
        let (before, data, _) = content(page);
        // Everything that is not evidence, in steps; of the evidence, a byte here and there.
        let start = before.len();
        let evidence = start + data.find(";base64,").unwrap()..start + data.rfind("\"encodingFormat\"").unwrap();
        let outside = (0..page.len()).filter(|at| !evidence.contains(at)).step_by(197);
        let inside = evidence.clone().step_by(evidence.len() / 40 + 1);
        let mut changed = 0;
        for at in outside.chain(inside) {
            let mut bytes = page.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(
                !verified(&text, &ExpectedCertificate::default()).valid(),
                "byte {at}: {}",
                &page[at.saturating_sub(30)..at + 30]
            );
            changed += 1;
        }
        assert!(changed > 60, "{changed}");
    }
}

#[test]
fn claims_that_do_not_follow_from_the_evidence_are_refused() {
    let claim = |reason: &str, change: &dyn Fn(&mut Map<String, Value>)| {
        refused(&forged(&GOOD.0, |certificate, _| change(certificate)), &ExpectedCertificate::default(), reason);
    };
    let more = json!({ "@type": "Concept", "@id": "https://openactive.io/specification-features#order-deletion",
        "prefLabel": "Deletion of Orders and OrderQuotes", "inScheme": "https://openactive.io/specification-features" });
    claim("featureImplemented is [", &|c| c["featureImplemented"].as_array_mut().unwrap().push(more.clone()));
    claim("featureNotImplemented is []", &|c| c["featureNotImplemented"] = json!([]));
    claim("opportunityTypeImplemented is", &|c| {
        c["opportunityTypeImplemented"].as_array_mut().unwrap().push("Slot".into());
    });
    claim("bookingFlowsImplemented is", &|c| c["bookingFlowsImplemented"] = json!(["OpenBookingApprovalFlow"]));
    claim("awardedTo is", &|c| c["awardedTo"]["name"] = "Somebody Else".into());
    claim("validFor is \"P9Y\"", &|c| c["validFor"] = "P9Y".into());
    claim("creator is", &|c| c["creator"]["profile"] = "compatible".into());
    claim("which is in the future", &|c| c["dateCreated"] = "2999-01-01T00:00:00Z".into());
    claim("expired at", &|c| c["dateCreated"] = "2020-01-01T00:00:00Z".into());
    claim("older than its evidence", &|c| c["dateCreated"] = "2020-01-01T00:00:00Z".into());
    claim("not at https://other.example/", &|c| c["@id"] = "https://other.example/".into());
    claim("award is not supported by the evidence", &|c| drop(c.insert("award".into(), "gold".into())));
    claim("`associatedMedia` is missing", &|c| drop(c.remove("associatedMedia")));
    for name in ["name", "description", "recognizedBy", "dateCreated"] {
        let page = forged(&GOOD.0, |c, _| drop(c.remove(name)));
        assert!(!verified(&page, &ExpectedCertificate::default()).valid(), "{name}");
    }
}

#[test]
fn a_certificate_is_for_one_place_one_holder_and_three_months() {
    let good = &GOOD.0;
    let wanted = |url: &str| ExpectedCertificate { url: Some(url.to_owned()), ..ExpectedCertificate::default() };
    refused(good, &wanted("https://other.example/conformance"), "found at https://other.example/conformance");
    assert!(verified(good, &wanted(&format!("{ID}#features"))).valid());
    let holder = |name: &str| ExpectedCertificate { holder: Some(name.to_owned()), ..ExpectedCertificate::default() };
    refused(good, &holder("Another"), "awarded to Sandbox Booking, not to Another");
    assert!(verified(good, &holder("Sandbox Booking")).valid());
    let in_hours = |hours: i64| Timestamp::now().checked_add(jiff::SignedDuration::from_hours(hours)).unwrap();
    assert!(verified_at(good, in_hours(24 * 88)).valid());
    let late = verified_at(good, in_hours(24 * 93));
    assert!(late.checks.iter().any(|check| check.wrong.join("; ").contains("expired at")), "{late:?}");
}

#[test]
fn exchanges_that_do_not_bear_out_the_checks_are_refused() {
    let evidence = |reason: &str, change: &dyn Fn(&mut Value)| {
        refused(&forged(&GOOD.0, |_, evidence| change(evidence)), &ExpectedCertificate::default(), reason);
    };
    const ATTENDED: &str = "opportunity-attendance-update-customer-attended";
    evidence("a valid request succeeds with the specified HTTP status” fails", &|e| {
        exchange_of(e, ATTENDED, "B")["answer"]["status"] = 500.into();
    });
    evidence("is not in the record", &|e| {
        replaced(&mut exchange_of(e, ATTENDED, "B")["request_body"], "Order\"", "Odrer\"")
    });
    evidence("is not in the record", &|e| {
        replaced(&mut exchange_of(e, ATTENDED, "C1")["url"], "/order-quote", "/order-qoute")
    });
    evidence("is not in the record", &|e| exchange_of(e, ATTENDED, "C2")["method"] = "POST".into());
    evidence("fails for the recorded responses", &|e| {
        replaced(&mut exchange_of(e, ATTENDED, "C2")["answer"]["body"], "totalPaymentDue", "totalPaymentDone");
    });
    evidence("orderItemStatus is \"https://openactive.io/AttendeeAttended\"” fails", &|e| {
        for exchange in e["exchanges"].as_array_mut().unwrap() {
            if exchange["feed"] == "Orders feed (primary)" {
                let body =
                    exchange["answer"]["body"].as_str().unwrap().replace("AttendeeAttended", "OrderItemConfirmed");
                exchange["answer"]["body"] = body.into();
            }
        }
    });
    evidence("has no update of the Order", &|e| {
        e["exchanges"].as_array_mut().unwrap().retain(|exchange| exchange["feed"] != "Orders feed (primary)");
    });
    evidence("the record does not say from where a feed of Orders was watched", &|e| {
        for cell in e["cells"].as_array_mut().unwrap() {
            for step in cell["steps"].as_array_mut().unwrap() {
                step.as_object_mut().unwrap().remove("watched_from");
            }
        }
    });
    evidence("is none that the test makes", &|e| {
        let mut more = exchange_of(e, ATTENDED, "C1").clone();
        more["id"] = 1_000_000.into();
        e["exchanges"].as_array_mut().unwrap().push(more);
        let cells = e["cells"].as_array_mut().unwrap();
        let cell = cells.iter_mut().find(|cell| cell["test"] == ATTENDED).unwrap();
        cell["steps"][1]["exchanges"].as_array_mut().unwrap().push(1_000_000.into());
    });
    evidence("was not kept in full", &|e| exchange_of(e, ATTENDED, "C1")["answer"]["truncated"] = true.into());
    // The feeds themselves.
    evidence("the pages and items of the feeds conform", &|e| {
        for exchange in e["exchanges"].as_array_mut().unwrap() {
            if exchange["feed"] == "ScheduledSession feed" {
                replaced(&mut exchange["answer"]["body"], "\"startDate\"", "\"startDtae\"");
                break;
            }
        }
    });
}

#[test]
fn cells_and_checks_that_are_missing_or_made_up_are_refused() {
    let evidence = |reason: &str, change: &dyn Fn(&mut Value)| {
        refused(&forged(&GOOD.0, |_, evidence| change(evidence)), &ExpectedCertificate::default(), reason);
    };
    let recount = |e: &mut Value| e["counts"]["passed"] = e["cells"].as_array().unwrap().len().into();
    evidence("access-code/manual-access-codes@OpenBookingSimpleFlow/ScheduledSession is missing", &|e| {
        e["cells"]
            .as_array_mut()
            .unwrap()
            .retain(|cell| cell["id"] != "access-code/manual-access-codes@OpenBookingSimpleFlow/ScheduledSession");
        recount(e);
    });
    evidence("occurs twice", &|e| {
        let cells = e["cells"].as_array_mut().unwrap();
        cells.push(cells[0].clone());
        recount(e);
    });
    evidence("the counts of cells differ from the cells", &|e| e["counts"]["passed"] = 1.into());
    evidence("the record has additional checks", &|e| {
        let checks = e["cells"][0]["steps"][0]["checks"].as_array_mut().unwrap();
        checks.push(json!({ "name": "it is splendid", "stage": "any", "outcome": "held" }));
    });
    evidence("is missing", &|e| drop(e["cells"][0]["steps"][0]["checks"].as_array_mut().unwrap().pop()));
    evidence("the recorded check is", &|e| e["cells"][0]["steps"][0]["checks"][0]["name"] = "it is splendid".into());
    // Another configuration than the run was made with.
    let feature = |name: &'static str, on: Value| {
        move |e: &mut Value| e["configuration"]["integrationTests"]["implementedFeatures"][name] = on.clone()
    };
    evidence("is missing", &feature("order-deletion", json!(true)));
    evidence("does not belong to this configuration", &feature("access-code", Value::Null));
    evidence("does not belong to this configuration", &|e| {
        e["configuration"]["integrationTests"]["bookableOpportunityTypesInScope"] =
            json!({ "ScheduledSession": false, "IndividualFacilityUseSlot": false, "OnDemandEvent": true });
    });
    evidence("the run is one shard of several", &|e| e["scope"]["shard"] = json!({ "number": 1, "of": 2 }));
    evidence("was not read to its last page", &|e| e["feeds"][0]["reached_end"] = false.into());
    evidence("verify with that version", &|e| e["tool"]["version"] = "9.9.9".into());
}

#[test]
fn a_failed_run_that_was_painted_green_is_refused() {
    let bench = Bench::new();
    let failing = certified(&bench, &["--fault", Fault::AccessCodeMissing.name(), "--certificate-file", "c.html"]);
    assert_eq!(failing.code, 1);
    assert!(!bench.path("c.html").exists());
    let painted = forged(&GOOD.0, |_, evidence| {
        // The same seed, so the same requests; another system responded to them.
        *evidence = failing.report().clone();
        let origin = evidence["target"]["booking_api"].as_str().unwrap().rsplit_once("/api").unwrap().0.to_owned();
        let text = evidence.to_string().replace(&origin, "https://redacted.example");
        *evidence = serde_json::from_str(&text).unwrap();
        let mut cells = 0;
        for cell in evidence["cells"].as_array_mut().unwrap() {
            cell["verdict"] = "passed".into();
            cell.as_object_mut().unwrap().remove("reason");
            cells += 1;
            for step in cell["steps"].as_array_mut().unwrap() {
                step["verdict"] = "passed".into();
                for check in step["checks"].as_array_mut().unwrap() {
                    check["outcome"] = "held".into();
                    check.as_object_mut().unwrap().remove("finding");
                }
            }
        }
        evidence["counts"] =
            json!({ "passed": cells, "failed": 0, "blocked": 0, "skipped": 0, "known": 0, "flaky": 0 });
        evidence["findings"] = json!([]);
    });
    refused(
        &painted,
        &ExpectedCertificate::default(),
        "access-code/manual-access-codes@OpenBookingSimpleFlow/ScheduledSession: B: ",
    );
}

#[test]
fn signatures_bind_what_digests_cannot() {
    let (plain, signed) = &*GOOD;
    let bench = Bench::new();
    let key_of = |name: &str, text: &str| {
        bench.write(name, text);
        bench.oa_test(&["certificate", "public-key", name]).stdout.trim().to_owned()
    };
    let (ours, other) = (key_of("key.pem", KEY), key_of("other.pem", OTHER_KEY));
    assert_ne!(ours, other);
    let wanted = |key: &str| ExpectedCertificate { key: Some(key.parse().unwrap()), ..ExpectedCertificate::default() };
    assert!(verified(signed, &wanted(&ours)).valid());
    refused(signed, &wanted(&other), "signed by another key");
    refused(plain, &wanted(&ours), "not signed");
    // A byte that no check looks at.
    let change = |page: &str| forged(page, |_, evidence| evidence["duration_ms"] = 1.into());
    assert!(verified(&change(plain), &ExpectedCertificate::default()).valid(), "digests alone can be made anew");
    refused(&change(signed), &ExpectedCertificate::default(), "the signature does not match the certificate");
    refused(&forged(signed, |c, _| drop(c.remove("proof"))), &wanted(&ours), "not signed");
    refused(
        &forged(signed, |c, _| c["proof"]["publicKey"] = other.clone().into()),
        &ExpectedCertificate::default(),
        "does not match",
    );
    refused(
        &forged(signed, |c, _| c["proof"]["type"] = "rot13".into()),
        &ExpectedCertificate::default(),
        "unknown type of proof",
    );
    let outcome = bench.oa_test(&["run", "--certificate", ID, "--sign-key", "absent.pem"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("cannot read the key absent.pem"), "{}", outcome.stderr);
    bench.write("no.pem", "hello");
    let outcome = bench.oa_test(&["run", "--certificate", ID, "--sign-key", "no.pem"]);
    assert!(outcome.stderr.contains("no.pem is not a private key in PEM"), "{}", outcome.stderr);
}

#[test]
fn what_is_not_complete_earns_none_and_leaves_no_old_one() {
    let bench = Bench::new();
    let file = ["--certificate-file", "c.html"];
    let without = |more: &[&str], code: i32, reason: &str| {
        bench.write("c.html", "of an earlier run");
        let outcome = certified(&bench, &[&file, more].concat());
        assert_eq!(outcome.code, code, "{}", outcome.stdout);
        assert!(outcome.stderr.contains("no certificate:") && outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert!(!bench.path("c.html").exists(), "{reason}");
    };
    without(&["--feature", "access-code"], 2, "tests were selected on the command line");
    without(&["--shard", "1/2"], 2, "the run is one shard of several");
    without(&["--insecure"], 2, "TLS certificates were not verified");
    let hiccup = Fault::BFailsAtFirst.name();
    without(&["--fault", hiccup, "--retries", "1"], 2, "1 cell passed only after a retry");
    bench.write("known.yaml", "- { cell: '*', reason: later, expires: 2999-01-01 }");
    without(
        &["--fault", Fault::AccessCodeMissing.name(), "--known-failures", "known.yaml"],
        2,
        "failed as known failures",
    );
    without(&["--fault", Fault::AccessCodeMissing.name()], 1, "failed");
    let nowhere = bench.oa_test(&["run", "--set", "integrationTests.generateConformanceCertificate=true"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("the URL of the certificate is missing"), "{}", nowhere.stderr);
    // By the configuration alone, as files for the Node.js suite have it.
    let outcome = certified(&bench, &["--set", "integrationTests.conformanceCertificatePath=./conf/"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(bench.path("conf/index.html").exists());
}

#[test]
fn whatever_is_given_as_a_certificate_is_answered_with_a_reason() {
    for (text, reason) in [
        ("", "the page has no certificate"),
        ("<html></html>", "the page has no certificate"),
        ("<script type=\"application/ld+json\" id=\"conformance-data\">{</script>", "cannot be read"),
        ("<script type=\"application/ld+json\" id=\"conformance-data\">[]</script>", "cannot be read"),
        ("<script type=\"application/ld+json\" id=\"conformance-data\">{}</script>", "`associatedMedia` is missing"),
    ] {
        refused(text, &ExpectedCertificate::default(), reason);
    }
    let broken = |change: &dyn Fn(&mut Value)| forged(&GOOD.0, |_, evidence| change(evidence));
    refused(&broken(&|e| *e = json!([])), &ExpectedCertificate::default(), "the evidence is not a run report");
    refused(
        &broken(&|e| e["configuration"] = json!({ "broker": 1 })),
        &ExpectedCertificate::default(),
        "invalid configuration",
    );
    refused(&broken(&|e| e["exchanges"] = json!([])), &ExpectedCertificate::default(), "the dataset site is missing");
    refused(&broken(&|e| e["clock"] = "noon".into()), &ExpectedCertificate::default(), "`clock` is missing");
}

/// A run with slow tests is a whole run, too, and its waits can be replayed.
#[test]
fn a_run_with_slow_tests_can_be_certified() {
    let bench = Bench::new();
    let both = ["seller-requested-cancellation", "order-deletion"]
        .map(|feature| format!("integrationTests.implementedFeatures.{feature}=true"));
    let [cancellation, deletion] = &both;
    let more = ["--slow", "--certificate-file", "c.html", "--set", cancellation, "--set", deletion];
    let outcome = certified(&bench, &more);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    let retained = outcome.verdicts().into_iter().find(|(cell, _)| cell.contains("/deletion-retained@"));
    assert!(retained.is_some_and(|(_, verdict)| verdict == "passed"), "{}", outcome.stdout);
    let page = std::fs::read_to_string(bench.path("c.html")).unwrap();
    let verification = verified(&page, &ExpectedCertificate::default());
    assert!(verification.valid(), "{}", verification.reasons());
}
