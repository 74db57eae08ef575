//! Requirements of the specification and the checks that cover them.

use std::collections::{BTreeMap, BTreeSet};

use oa_test::catalogue::{Catalogue, Covered, State, coverage, share};
use oa_test::checks::{
    Made, authentication, capacity, feeds, open_question, orders_feed, preconditions, response, rows, test_interface,
};
use oa_test::requirement::{Level, ModelRule, REQUIREMENTS_FILE, Requirements};
use oa_test::sandbox::{Furnishing, Sandbox, SandboxOptions, Switch};
use oa_test::validate::{Options, Remote, ValidationMode, Validator};
use oa_test::vocabulary::{Profile, Stage};
use serde_json::{Value, json};

use crate::support::{Bench, EVERY_FEATURE, STRICT_ONLY, run, run_against};

fn file(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

const MUST: &[Level] = &[Level::Must, Level::MustNot];

fn whole() -> Vec<Covered<'static>> {
    coverage(&Catalogue::built_in().expect("the catalogue can be read"))
}

#[test]
fn the_requirements_can_be_read() {
    let text = std::fs::read_to_string(file(REQUIREMENTS_FILE)).expect("the file is there");
    let read = Requirements::from_text(REQUIREMENTS_FILE, &text).expect("nothing is wrong in it");
    assert_eq!(read.all().len(), Requirements::built_in().all().len());
    assert!(read.all().len() > 1300, "{}", read.all().len());
}

#[test]
fn what_is_wrong_with_a_requirement_is_reported_with_its_place() {
    let text = "- section: errors\n  of: open-booking-api\n  requirements:\n    - { id: A-1, level: MUSST, binds: broker, shows: [c1], observed: client, says: x }\n";
    let problems = Requirements::from_text("own.yaml", text).expect_err("a level is misspelt");
    let problem = problems.first().expect("it is reported").to_string();
    assert!(problem.contains("own.yaml:4:") && problem.contains("MUSST") && problem.contains("`MUST`"), "{problem}");
}

#[test]
fn every_duty_that_a_client_can_observe_is_judged_or_has_a_reason() {
    let all = whole();
    let open: Vec<&str> = all
        .iter()
        .filter(|one| one.requirement.is_observable() && one.state() == State::Uncovered)
        .map(|one| one.requirement.id.as_str())
        .collect();
    assert!(open.is_empty(), "nothing judges {open:?}");
    let share = share(&all, MUST);
    assert_eq!(share.observable(), 728);
    let exceptions = share.of(State::Excepted);
    assert!(exceptions <= 24, "{exceptions} exceptions are no short list");
    for one in all.iter().filter(|one| one.requirement.exception.is_some()) {
        assert!(one.judges.is_empty(), "{} is an exception, and judged", one.requirement.id);
        assert!(one.requirement.exception.as_ref().is_some_and(|reason| reason.len() > 30), "{}", one.requirement.id);
    }
}

#[test]
fn every_check_says_what_it_judges() {
    let catalogue = Catalogue::built_in().expect("the catalogue can be read");
    for (feature, test) in catalogue.tests() {
        for step in test.steps() {
            for check in step.expect.iter().chain(&step.expect_proposal) {
                // What the public suite has, where the specification has something better, is judged by the strict twin.
                let alone = check.profile != Some(Profile::Compatible);
                let known = check.covered().all(|id| Requirements::built_in().get(id).is_some());
                let some = check.covered().next().is_some();
                assert!(known && (some || !alone), "{}/{}: {}", feature.id, test.id, check.title());
            }
        }
    }
    for row in rows() {
        for id in row.covers.iter().flat_map(|(_, ids)| ids.iter()) {
            assert!(Requirements::built_in().get(id).is_some(), "{row} covers {id}, which does not exist");
        }
    }
}

#[test]
fn the_document_about_coverage_is_true() {
    let written = std::fs::read_to_string(file("docs/coverage.md")).unwrap_or_default();
    let outcome = Bench::new().oa_test(&["coverage", "--format", "markdown"]);
    assert_eq!(outcome.code, 0);
    assert!(written == outcome.stdout, "run `oa-test coverage --format markdown > docs/coverage.md`");
}

#[test]
fn the_document_about_open_questions_is_true() {
    let written = std::fs::read_to_string(file("docs/open-questions.md")).unwrap_or_default();
    let outcome = Bench::new().oa_test(&["coverage", "--open-questions", "--format", "markdown"]);
    assert_eq!(outcome.code, 0);
    let command = "oa-test coverage --open-questions --format markdown > docs/open-questions.md";
    assert!(written == outcome.stdout, "run `{command}`");
    for requirement in Requirements::built_in().all() {
        if let Some(question) = &requirement.open {
            assert!(open_question(question).is_some(), "{}: there is no open question {question}", requirement.id);
        }
    }
}

/// What the target has chosen is in the report, and no warning.
#[test]
fn a_report_lists_the_choices_of_the_target() {
    let outcome = run(&["--seed", "9", "--feature", "opportunity-attendance-updates", "--warnings"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let heading = outcome.stdout.find("Open in the specification").expect("a heading");
    let listed = &outcome.stdout[heading..];
    assert!(listed.contains("HTTP status of a successful P or B"), "{listed}");
    assert!(listed.contains("HTTP 201"), "{listed}");
    let report = outcome.report();
    let steps = report["cells"][0]["steps"].as_array().expect("steps");
    let chosen = steps.iter().filter_map(|step| step["choices"].as_array()).flatten();
    assert!(chosen.into_iter().any(|choice| choice["question"] == "status-of-p-and-b"), "{steps:?}");
}

#[test]
fn coverage_can_be_asked_for_one_requirement_and_by_programs() {
    let bench = Bench::new();
    let one = bench.oa_test(&["coverage", "OB-media-types-3"]);
    assert!(one.stdout.contains("OB-media-types-3") && one.stdout.contains("[media-type]"), "{}", one.stdout);
    let none = bench.oa_test(&["coverage", "OB-nothing"]);
    assert!(none.code != 0 && none.stderr.contains("no requirement"), "{}", none.stderr);
    let all: Value = serde_json::from_str(&bench.oa_test(&["coverage", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(all["shares"][0]["observable"], 728);
    let first = &all["requirements"][0];
    assert!(first["id"].is_string() && first["url"].is_string() && first["judges"].is_array(), "{first}");
}

/// Every check that has a stage is made there by a run, or is an invariant of documents, which a fault of its own
/// breaks.
#[test]
fn what_standard_checks_are_said_to_judge_they_judge() {
    let mut made: BTreeSet<String> = BTreeSet::new();
    // The Test Interface is no feature that a booking system has, so that it is only looked at when asked for.
    for outcome in [&EVERY_FEATURE.1, &run(&["--seed", "5", "--feature", "test-interface"])] {
        assert_eq!(outcome.code, 0, "{}", outcome.stdout);
        let usual = |cell: &&Value| !STRICT_ONLY.contains(&cell["feature"].as_str().unwrap_or_default());
        let cells = outcome.cells().iter().filter(usual);
        let steps = cells.flat_map(|cell| cell["steps"].as_array().into_iter().flatten());
        for check in steps.flat_map(|step| step["checks"].as_array().into_iter().flatten()) {
            let at = |id: &str| format!("{id}@{}", check["stage"].as_str().unwrap_or_default());
            made.extend(check["check"].as_str().map(at));
        }
    }
    for row in rows().filter(|row| matches!(row.made, Made::Document(_))) {
        made.extend(row.stages.iter().map(|stage| format!("{row}@{stage}")));
    }
    let anywhere: BTreeSet<&str> = made.iter().filter_map(|made| made.split('@').next()).collect();
    // The rules of RPDE are judged on pages of feeds, beyond any step: `feed_rules.rs` has them.
    for row in rows().filter(|row| !matches!(row.made, Made::Asked(_) | Made::Page(_) | Made::ByWalk)) {
        // These are reported for feeds and runs as wholes, or come only of slow tests, of faults, or of features that are left
        // out: each has a test of its own.
        let elsewhere = [
            authentication::CREDENTIALS,
            authentication::JUDGED_TOKENS,
            authentication::PREFERRED_AUTHENTICATION,
            authentication::PROVIDER_CLOCK,
            authentication::PROVIDER_MEMBERS,
            capacity::CAPACITY_RELEASED,
            capacity::LEASE_EXTENDED,
            feeds::FEED_ITEMS,
            orders_feed::DELETED_ITEM_RETAINED,
            preconditions::FULL_OPPORTUNITY,
            preconditions::PREPARATION,
            preconditions::STEP_ENDS,
            response::SPECIFIC_SERVER_ERROR,
            test_interface::FREE_AND_PAID,
        ];
        if elsewhere.contains(&row) {
            continue;
        }
        assert!(anywhere.contains(row.id), "no run makes the check {row}");
        for stage in row.covers.iter().flat_map(|(stages, _)| stages.iter()).filter(|stage| **stage != Stage::Any) {
            assert!(made.contains(&format!("{row}@{stage}")), "no run makes the check {row} at {stage}");
        }
    }
}

/// The mode of validation of what shows in a place.
fn mode(place: Stage) -> Option<ValidationMode> {
    Some(match place {
        Stage::C1 => ValidationMode::C1Response,
        Stage::C2 => ValidationMode::C2Response,
        Stage::P => ValidationMode::PResponse,
        Stage::B => ValidationMode::BResponse,
        Stage::OrderStatus => ValidationMode::OrderStatus,
        Stage::OrdersFeed => ValidationMode::OrdersFeed,
        Stage::ProposalsFeed => ValidationMode::OrderProposalsFeed,
        Stage::OrderPatch => ValidationMode::OpenBookingError,
        _ => return None,
    })
}

/// Documents that the sandbox shows, by place; of those with the same properties one is enough.
fn documents() -> BTreeMap<Stage, Vec<Value>> {
    let outcome = run(&[
        "--seed",
        "5",
        "--feature",
        "additional-details-capture",
        "--feature",
        "attendee-details-capture",
        "--feature",
        "access-*",
        "--feature",
        "agent-broker",
        "--feature",
        "seller-requested-cancellation",
        "--feature",
        "minimal-proposal",
        "--feature",
        "named-leasing",
        "--feature",
        "terms-of-service-*",
        "--feature",
        "payment-reconciliation-detail-validation",
        "--feature",
        "prepayment-optional",
    ]);
    let run = outcome.report();
    let mut documents: BTreeMap<Stage, Vec<Value>> = BTreeMap::new();
    let mut shapes: BTreeSet<(Stage, Vec<String>)> = BTreeSet::new();
    for exchange in run["exchanges"].as_array().into_iter().flatten() {
        let status = exchange["answer"]["status"].as_u64().unwrap_or_default();
        let body = exchange["answer"]["body"].as_str().and_then(|body| serde_json::from_str::<Value>(body).ok());
        let Some(body) = body else { continue };
        let place = match exchange["label"].as_str().unwrap_or_default() {
            _ if status >= 400 && body["orderedItem"].is_null() => Some(Stage::OrderPatch),
            _ if !(200..300).contains(&status) => None,
            "C1" => Some(Stage::C1),
            "C2" => Some(Stage::C2),
            "P" => Some(Stage::P),
            "B" => Some(Stage::B),
            "Order Status" => Some(Stage::OrderStatus),
            _ => None,
        };
        let items = body["items"].as_array().into_iter().flatten().filter(|item| item["data"].is_object());
        let items: Vec<(Stage, Value)> = items
            .filter_map(|item| match item["kind"].as_str() {
                Some("Order") => Some((Stage::OrdersFeed, item["data"].clone())),
                Some("OrderProposal") => Some((Stage::ProposalsFeed, item["data"].clone())),
                _ => None,
            })
            .collect();
        for (place, document) in place.map(|place| (place, body)).into_iter().chain(items) {
            let mut shape = Vec::new();
            properties(&document, "", &mut shape);
            shape.sort_unstable();
            shape.dedup();
            if shapes.insert((place, shape)) {
                documents.entry(place).or_default().push(document);
            }
        }
    }
    // A basket in which there is what the sandbox has not: an offer that was negotiated, and a payment by other means.
    for (place, of_place) in &mut documents {
        let Some(mut other) = of_place.first().cloned() else { continue };
        if let Some(offer) = other.pointer_mut("/orderedItem/0/acceptedOffer") {
            *offer = json!({ "@type": "OfferOverride", "@id": "https://broker.example.com/offers/1", "name": "Agreed",
                "description": "As agreed", "price": 10, "priceCurrency": "GBP" });
        }
        if matches!(place, Stage::P | Stage::B) {
            other["payment"] =
                json!({ "@type": "DynamicPayment", "identifier": "1", "accountId": "SN1593", "name": "Points" });
        }
        if other.get("seller").is_some() {
            other["seller"] = json!({ "@type": "Person", "@id": "https://x.example/sellers/3", "name": "Jo", "legalName": "Jo",
                "taxMode": "https://openactive.io/TaxGross" });
        }
        of_place.insert(0, other);
    }
    documents
}

/// The paths of all properties of a document, and the types of its objects.
fn properties(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let kind = value.as_str().filter(|_| name == "@type").unwrap_or_default();
                let path = format!("{at}/{name}");
                properties(value, &path, found);
                found.push(format!("{path}{kind}"));
            }
        }
        Value::Array(list) => list.iter().for_each(|value| properties(value, at, found)),
        _ => {}
    }
}

/// The pointers of all objects of a document.
fn objects(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(properties) => {
            for (name, value) in properties {
                objects(value, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
            found.push(at);
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                objects(value, format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// A document in which a rule is broken at one of its objects, if it can be broken there.
fn broken(document: &Value, at: &str, rule: &ModelRule) -> Option<Value> {
    let root = at.is_empty();
    let object = document.pointer(at)?.as_object()?;
    if !rule.is_about(object.get("@type").and_then(Value::as_str)) {
        return None;
    }
    let mut broken = document.clone();
    let object = broken.pointer_mut(at)?.as_object_mut()?;
    let field = rule.field.clone();
    let put = |object: &mut serde_json::Map<String, Value>, value: Value| {
        let field = field.clone()?;
        object.insert(field, value);
        Some(())
    };
    match rule.rule.as_str() {
        // What should be there and is not is broken as it stands.
        "RecommendedFieldsRule" if rule.field.is_some() => {
            object.remove(rule.field.as_deref()?);
        }
        "RequiredFieldsRule" | "RecommendedFieldsRule" => match &rule.field {
            Some(field) => drop(object.remove(field)?),
            None => drop(object.remove("name")?),
        },
        "RequiredOptionalFieldsRule" => {
            object.remove("geo")?;
            object.remove("address")?;
        }
        "ShallNotIncludeFieldsRule" | "FieldsNotInModelRule" => match &rule.field {
            Some(field) if object.contains_key(field) => return None,
            Some(field) if field == "offers" => {
                put(object, json!([{ "@type": "Offer", "@id": "https://x.example/1", "price": 0 }]))?
            }
            Some(_) => put(object, json!("https://x.example/1"))?,
            None => drop(object.insert("colour".to_owned(), json!("green"))),
        },
        "FieldsCorrectTypeRule" => match &rule.field {
            Some(field) if !object.contains_key(field) => return None,
            Some(_) => put(object, json!([[true]]))?,
            None => drop(object.insert("name".to_owned(), json!([[true]]))),
        },
        "ValueInOptionsRule" => put(object, json!("https://openactive.io/Nonsense"))?,
        "CurrencyIfNonZeroPriceRule" => {
            object.get("price").filter(|price| price.as_f64() != Some(0.0))?;
            object.remove("priceCurrency")?;
        }
        "CurrencyCodeFormatRule" => {
            object.get("price")?;
            put(object, json!("pounds"))?;
        }
        "ValidModelTypeRule" if !root => drop(object.remove("@type")),
        "BookingRootTypeCorrectRule" | "BookingRootTypeErrorRule" if root => {
            drop(object.insert("@type".to_owned(), json!("Event")))
        }
        "NoEmptyValuesRule" => drop(object.insert("name".to_owned(), json!(""))),
        "ContextInRootNodeRule" if root => drop(object.remove("@context")),
        "ValueIsRequiredContentRule" if root => match &rule.field {
            Some(field) if field == "statusCode" => put(object, json!(418))?,
            _ => drop(object.insert("@context".to_owned(), json!("https://schema.org/"))),
        },
        "DatetimeFormatRule" => put(object, json!("tomorrow"))?,
        _ => return None,
    }
    Some(broken)
}

/// What requirements name as their judge in the data model finds what is broken there.
#[test]
fn rules_of_validation_find_what_requirements_say_they_do() {
    let documents = documents();
    let longest = documents.values().map(Vec::len).max().unwrap_or_default();
    let validator = Validator::new(Remote::none());
    let finds = |rule: &ModelRule, place: Stage, document: &Value| {
        let Some(mode) = mode(place) else { return false };
        let mut places = Vec::new();
        objects(document, String::new(), &mut places);
        places.iter().filter_map(|at| broken(document, at, rule)).any(|broken| {
            let findings = validator.text(&broken.to_string(), Options::new(mode)).findings;
            findings.iter().any(|found| rule.finds(found.rule.name(), found.model, &found.path))
        })
    };
    let mut unproven = Vec::new();
    for requirement in Requirements::built_in().all() {
        if requirement.model.is_empty() || !requirement.shows.iter().any(|place| mode(*place).is_some()) {
            continue;
        }
        // It is enough that one of its rules finds it in one document of one of the places where it shows: the first of each are
        // looked at before the second.
        let proven = (0..longest).any(|number| {
            requirement.model.iter().any(|rule| {
                let of_place = |place: &Stage| Some((*place, documents.get(place)?.get(number)?));
                requirement.shows.iter().filter_map(of_place).any(|(place, document)| finds(rule, place, document))
            })
        });
        if !proven {
            unproven.push(requirement.id.as_str());
        }
    }
    assert!(unproven.is_empty(), "no rule finds what breaks these: {unproven:?}");
}

/// A finding says which requirement is not met, in every report.
#[test]
fn findings_cite_requirements() {
    let outcome = run(&[
        "--seed",
        "5",
        "--feature",
        "agent-broker",
        "--test",
        "customer-at-c1",
        "--fault",
        "c1-wrong-media-type",
    ]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let cited: Vec<&str> = outcome
        .findings()
        .iter()
        .flat_map(|finding| finding["violates"].as_array().into_iter().flatten())
        .filter_map(|cited| cited["id"].as_str())
        .collect();
    assert!(cited.contains(&"OB-media-types-3"), "{cited:?}");
    assert!(outcome.stdout.contains("OB-media-types-3 (MUST)"), "{}", outcome.stdout);
}

/// A rule of validation cites what it judges at that property, and not what it judges elsewhere.
#[test]
fn findings_of_validation_cite_the_requirement_about_the_property() {
    let outcome = run(&[
        "--seed",
        "5",
        "--feature",
        "agent-broker",
        "--test",
        "customer-included",
        "--flow",
        "OpenBookingSimpleFlow",
        "--fault",
        "c2-without-seller",
    ]);
    let findings = outcome.findings();
    let finding = findings.iter().find(|finding| finding["path"] == "seller").expect("seller is missing");
    let ids: Vec<&str> =
        finding["violates"].as_array().into_iter().flatten().filter_map(|cited| cited["id"].as_str()).collect();
    assert!(ids.contains(&"OB-schema-order-10") && !ids.contains(&"OB-oa-orderquote-1"), "{ids:?}");
}

/// What the data model of today has relaxed is a warning: it fails a run only for those who ask for that.
#[test]
fn what_is_no_must_is_a_warning() {
    let arguments = [
        "--seed",
        "5",
        "--feature",
        "agent-broker",
        "--test",
        "customer-included",
        "--fault",
        "flow-requirement-repeated",
    ];
    let outcome = run(&arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let remarks: Vec<&Value> = outcome
        .cells()
        .iter()
        .flat_map(|cell| cell["steps"].as_array().into_iter().flatten())
        .flat_map(|step| step["remarks"].as_array().into_iter().flatten())
        .filter(|remark| remark["rule"] == "no-flow-requirement")
        .collect();
    let first = remarks.first().expect("there is a warning");
    assert_eq!(first["level"], "warning");
    assert_eq!(first["requirements"][0]["id"], "OB-definition-of-a-bookable-opportunity-and-offer-pair-20", "{first}");
    let strict = [&arguments[..], &["--fail-on", "warning"]].concat();
    assert_eq!(run(&strict).code, 1);
    let arguments = ["--seed", "5", "--feature", "non-free-opportunities", "--test", "opportunity-paid"];
    let arguments = [&arguments[..], &["--fault", "payment-method-included"]].concat();
    assert_eq!(run(&arguments).code, 0);
    let payment = run(&[&arguments[..], &["--fail-on", "warning"]].concat());
    assert!(warnings(&payment).contains_key("no-payment-method"), "{}", payment.stdout);
    assert_eq!(payment.code, 1, "{}", payment.stdout);
}

/// What shows only where a booking system reckons no tax for resellers.
#[test]
fn prices_and_taxes_of_resellers_are_looked_at() {
    let reseller = |fault: &[&str]| {
        let arguments = [
            &["--seed", "5", "--feature", "reseller-broker-tax-calculation", "--set"][..],
            &["integrationTests.implementedFeatures.reseller-broker-tax-calculation=false"],
            fault,
        ];
        run(&arguments.concat())
    };
    let honest = reseller(&[]);
    assert_eq!(honest.code, 0, "{}", honest.stdout);
    assert!(honest.counts().0 > 0, "{}", honest.stdout);
    for fault in ["reseller-prices-gross", "excluded-tax-included"] {
        assert_eq!(reseller(&["--fault", fault]).code, 1, "{fault}");
    }
}

/// The end of a lease is waited for by runs that ask for it, and by no others.
#[test]
fn the_end_of_a_lease_is_waited_for_when_it_is_asked_for() {
    let arguments = ["--seed", "5", "--feature", "named-leasing", "--type", "ScheduledSession", "--test", "lease-over"];
    let without = run(&[&arguments[..], &["--verbose"]].concat());
    assert!(without.stdout.contains("slow test; use `--slow` to include it"), "{}", without.stdout);
    let slow = [&arguments[..], &["--slow"]].concat();
    let outcome = run(&slow);
    assert_eq!((outcome.counts(), outcome.code), ((2, 0, 0), 0), "{}", outcome.stdout);
    let wait = "integrationTests.waitForItemToUpdateInFeedTimeout=2000";
    let outcome = run(&[&slow[..], &["--fault", "lease-never-expires", "--set", wait]].concat());
    assert_eq!(outcome.counts().1, 2, "{}", outcome.stdout);
    let cited = outcome.messages() + &outcome.stdout;
    assert!(cited.contains("after lease expiry"), "{cited}");
}

/// What was deleted stays in the feed for those who come later, which is waited for by runs that ask for it.
#[test]
fn a_feed_that_forgets_what_was_deleted_is_found() {
    let wait = "integrationTests.waitForItemToUpdateInFeedTimeout=2000";
    let test =
        ["--seed", "5", "--feature", "order-deletion", "--type", "ScheduledSession", "--test", "deletion-retained"];
    let arguments = [&test[..], &["--slow", "--set", wait]].concat();
    let outcome = run(&arguments);
    assert_eq!((outcome.counts(), outcome.code), ((2, 0, 0), 0), "{}", outcome.stdout);
    let outcome = run(&[&arguments[..], &["--fault", "deleted-items-not-retained"]].concat());
    assert_eq!((outcome.counts(), outcome.code), ((0, 2, 0), 1), "{}", outcome.stdout);
    assert!(outcome.messages().contains("does not retain the deleted Order"), "{}", outcome.messages());
}

/// Order Status is a SHOULD: without it there is a warning.
#[test]
fn a_booking_system_without_order_status_is_warned() {
    let arguments = [
        "--seed",
        "5",
        "--feature",
        "agent-broker",
        "--test",
        "order-status-after-booking",
        "--fault",
        "order-status-missing",
    ];
    let outcome = run(&arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let strict = run(&[&arguments[..], &["--fail-on", "warning", "--warnings"]].concat());
    assert!(strict.code == 1 && strict.stdout.contains("OB-order-status-2 (SHOULD)"), "{}", strict.stdout);
}

/// The rules, and the cited requirements, of the warnings of a run.
fn warnings(outcome: &crate::support::Outcome) -> BTreeMap<String, BTreeSet<String>> {
    let report = outcome.report();
    let steps = report["cells"].as_array().into_iter().flatten().flat_map(|cell| cell["steps"].as_array());
    let of_steps = steps.flatten().flat_map(|step| step["remarks"].as_array()).flatten();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for remark in of_steps.chain(report["remarks"].as_array().into_iter().flatten()) {
        if remark["level"] == "warning" {
            let cited = remark["requirements"].as_array().into_iter().flatten();
            let ids = cited.filter_map(|cited| cited["id"].as_str()).map(str::to_owned);
            found.entry(remark["rule"].as_str().unwrap_or_default().to_owned()).or_default().extend(ids);
        }
    }
    found
}

/// What is recommended, and what a booking system does that does not follow: fault, what is run, the check that warns, and a
/// requirement that it cites, where it cites one.
const ADVICE: &[(&str, &[&str], &str, &str)] = &[
    (
        "early-status-repriced",
        &["minimal-proposal/proposal-before-approval"],
        "early-order-status-content",
        "OB-order-endpoint-restful-semantics-2",
    ),
    ("seller-renamed", &["agent-broker/customer-included"], "seller-of-feed", ""),
    ("feed-opportunities-renamed", &["customer-requested-cancellation/book-and-cancel"], "opportunity-as-booked", ""),
    (
        "places-without-coordinates",
        &["agent-broker/customer-included"],
        "location-details",
        "OB-opportunity-data-properties-12",
    ),
    ("parents-omitted", &["agent-broker/customer-included"], "parent-included", "OB-opportunity-data-properties-25"),
    ("item-ids-by-number", &["agent-broker/customer-included"], "order-item-id-format", "OB-schema-orderitem-4"),
    (
        "channels-without-details",
        &["access-channel/includes-access-channel-or-customer-notice"],
        "access-channel-details",
        "OB-remote-access-control-2",
    ),
    (
        "instructions-missing",
        &["access-channel/includes-access-channel-or-customer-notice"],
        "attendee-instructions",
        "OB-remote-access-control-4",
    ),
    (
        "order-status-of-orders-only",
        &["minimal-proposal/proposal-before-approval", "named-leasing/quote-status"],
        "order-status-before-order",
        "OB-order-endpoint-restful-semantics-2",
    ),
    ("p-takes-no-lease", &["minimal-proposal/proposal-before-approval"], "lease-carried-over", "OB-proposal-leasing-1"),
    ("p-lease-not-extended", &["minimal-proposal/lease-over-while-waiting"], "lease-extended", "OB-proposal-leasing-2"),
    ("error-names-vary", &["availability-check/opportunity-full"], "constant-error-name", "OB-oa-openbookingerror-4"),
    (
        "server-errors-unspecific",
        &["agent-broker/customer-included"],
        "specific-server-error",
        "OB-oa-internalopenbookingerror-subclasses-1",
    ),
    (
        "tokens-long-lived",
        &["booking-partner-openid-authentication/client-credentials-flow"],
        "access-token-lifetime",
        "OB-oauth-flows-and-scopes-2",
    ),
    (
        "id-token-other-name",
        &["booking-partner-openid-authentication-for-multiple-sellers/authorization-code-flow"],
        "id-token-claims-match",
        "OB-id-token-claims-3",
    ),
    ("response-identifier-other", &["agent-broker/customer-included"], "document-identifier", ""),
    (
        "code-replay-keeps-tokens",
        &["booking-partner-openid-authentication-for-multiple-sellers/authorization-codes-protected"],
        "replay-revokes",
        "",
    ),
    ("seller-address-incomplete", &["agent-broker/customer-included"], "seller-address", "OB-schema-postaladdress-8"),
    ("duplicate-keys", &["agent-broker/customer-included"], "DuplicateKeysRule", ""),
    ("byte-order-mark", &["agent-broker/customer-included"], "ByteOrderMarkRule", ""),
    (
        "opportunities-never-free",
        &["agent-broker/customer-included", "agent-broker/requests-made-twice", "agent-broker/customer-at-c1"],
        "free-and-paid",
        "TI-TestOpportunityBookable-2",
    ),
];

/// An unmet requirement that is not a MUST is a warning, and a met one is not.
#[test]
fn what_is_recommended_is_warned_of() {
    let settings: Vec<String> = ["Event", "HeadlineEventSubEvent", "CourseInstanceSubEvent"]
        .iter()
        .map(|kind| format!("integrationTests.bookableOpportunityTypesInScope.{kind}=true"))
        .collect();
    let of_tests = |tests: &[&'static str], more_types: bool| {
        let mut arguments = vec!["--seed", "5", "--slow", "--set"];
        arguments.push("integrationTests.waitForItemToUpdateInFeedTimeout=2000");
        if more_types {
            arguments.extend(settings.iter().flat_map(|setting| ["--set", setting.as_str()]));
        }
        arguments.extend(tests.iter().flat_map(|test| {
            let (feature, test) = test.split_once('/').expect("a feature and a test");
            ["--feature", feature, "--test", test]
        }));
        arguments
    };
    let every: Vec<&'static str> = ADVICE.iter().flat_map(|(_, tests, ..)| tests.iter().copied()).collect();
    let honest = run(&of_tests(&every, true));
    assert_eq!(honest.code, 0, "{}", honest.stdout);
    let without = warnings(&honest);
    let warns = |(fault, tests, check, requirement): &(&str, &[&'static str], &str, &str)| {
        assert!(!without.contains_key(*check), "{check} without {fault}");
        let mut arguments = of_tests(tests, ["parent-included", "free-and-paid"].contains(check));
        arguments.extend(["--fault", fault]);
        let found = warnings(&run(&arguments));
        assert!(
            found.get(*check).is_some_and(|ids| requirement.is_empty() || ids.contains(*requirement)),
            "{fault}: {check}: {found:?}"
        );
        let ids = found.get(*check).into_iter().flatten().cloned().map(Some);
        let ids: Vec<Option<String>> = if requirement.is_empty() { vec![None] } else { ids.collect() };
        crate::citations::assert_reviewed(fault, &ids.into_iter().map(|id| ((*check).to_owned(), id)).collect());
    };
    // Runs that wait for leases to end wait most of the time.
    let (one, other) = ADVICE.split_at(ADVICE.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| one.iter().for_each(warns));
        other.iter().for_each(warns);
    });
}

/// An OrderProposal that ends the lease of its OrderQuote does what is not recommended, and no more.
#[test]
fn an_order_proposal_may_end_the_lease() {
    let outcome = run(&[
        "--feature",
        "minimal-proposal",
        "--fault",
        "p-takes-no-lease",
        "--set",
        "integrationTests.waitForItemToUpdateInFeedTimeout=2000",
    ]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(warnings(&outcome).contains_key("lease-carried-over"), "{}", outcome.stdout);
}

/// Other ways of authentication than the preferred one are allowed, and a warning.
#[test]
fn authentication_without_openid_is_warned_of() {
    let mut arguments = vec!["--seed", "5", "--feature", "booking-partner-openid-*"];
    let off = ["", "-for-multiple-sellers"]
        .map(|more| format!("integrationTests.implementedFeatures.booking-partner-openid-authentication{more}=false"));
    arguments.extend(off.iter().flat_map(|setting| ["--set", setting.as_str()]));
    let outcome = run(&arguments);
    assert_eq!((outcome.counts(), outcome.code), ((2, 0, 0), 0), "{}", outcome.stdout);
    let ids = warnings(&outcome).remove("preferred-authentication").unwrap_or_default();
    let wanted = [
        "OB-api-level-authentication-and-data-security-6",
        "OB-api-level-authentication-and-data-security-7",
        "OB-openid-connect-booking-partner-authentication-for-multiple-seller-systems-1",
    ];
    assert_eq!(ids.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}

/// What no criteria ask for is looked for in the feeds; where they have nothing of the kind, there is nothing to judge.
#[test]
fn what_the_feeds_do_not_have_is_not_judged() {
    let arguments = ["--seed", "5", "--feature", "availability-check", "--test", "opportunity-called-off"];
    let outcome = run(&arguments);
    assert_eq!((outcome.counts(), outcome.code), ((2, 0, 0), 0), "{}", outcome.stdout);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut options = SandboxOptions { furnishing: Furnishing::Empty, ..SandboxOptions::default() };
    options.switches.set(Switch::OpenIdAuthentication, false);
    let sandbox = runtime.block_on(Sandbox::start(options)).expect("a sandbox");
    let nothing = run_against(&sandbox.dataset_site(), &arguments);
    let skipped: Vec<&str> = nothing.cells().iter().filter_map(|cell| cell["verdict"].as_str()).collect();
    assert_eq!(skipped, ["skipped"; 2], "{}", nothing.stdout);
    let reason = nothing.cells().first().and_then(|cell| cell["reason"].as_str()).unwrap_or_default().to_owned();
    assert!(reason.contains("cancelled or postponed"), "{reason}");
    // A run that judged nothing at all says so.
    assert_eq!(nothing.code, 2, "{}", nothing.stdout);
    // Beside what is judged it is no failure.
    let with_others = run_against(&sandbox.dataset_site(), &["--seed", "5", "--feature", "availability-check"]);
    let (_, failed, blocked) = with_others.counts();
    assert_eq!((failed, blocked, with_others.code), (0, 0, 0), "{}", with_others.stdout);
    assert!(with_others.stdout.contains("skipped"), "{}", with_others.stdout);
}

/// What shows only where everything is free.
#[test]
fn overrides_of_what_is_free_are_refused() {
    let mut arguments = vec!["--seed", "5", "--feature", "offer-overrides"];
    let off = ["non-free-opportunities", "prepayment-required", "prepayment-optional", "prepayment-unavailable"];
    let settings: Vec<String> = off
        .iter()
        .map(|feature| format!("integrationTests.implementedFeatures.{feature}=false"))
        .chain(["integrationTests.implementedFeatures.offer-overrides=true".to_owned()])
        .collect();
    arguments.extend(settings.iter().flat_map(|setting| ["--set", setting.as_str()]));
    let honest = run(&arguments);
    assert_eq!((honest.counts().1, honest.code), (0, 0), "{}", honest.stdout);
    assert!(honest.counts().0 > 0, "{}", honest.stdout);
    let outcome = run(&[&arguments[..], &["--fault", "overrides-of-free-accepted"]].concat());
    assert_eq!((outcome.counts().0, outcome.code), (0, 1), "{}", outcome.stdout);
}
