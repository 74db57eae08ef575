//! `oa-test validate`, and what is valid.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Bench, Outcome};

/// An offer that lacks nothing.
fn offer() -> Value {
    json!({
        "@context": "https://openactive.io/",
        "@type": "Offer",
        "@id": "https://example.com/offers/1",
        "name": "Adult",
        "price": 3.5,
        "priceCurrency": "GBP",
        "allowCustomerCancellationFullRefund": true,
        "ageRestriction": { "@type": "QuantitativeValue", "minValue": 18 }
    })
}

/// An error of the Open Booking API.
fn problem() -> Value {
    json!({
        "@context": "https://openactive.io/",
        "@type": "UnknownOrderError",
        "statusCode": 404,
        "name": "There is no such Order",
        "description": "There is no such Order",
        "instance": "https://example.com/errors/1"
    })
}

fn with(mut document: Value, change: impl FnOnce(&mut Value)) -> Value {
    change(&mut document);
    document
}

fn validate(bench: &Bench, arguments: &[&str]) -> Outcome {
    let all: Vec<&str> = ["validate"].into_iter().chain(arguments.iter().copied()).collect();
    bench.oa_test(&all)
}

/// The findings about one document: path, type and severity.
fn found(document: &Value, arguments: &[&str]) -> Vec<(String, String, String)> {
    let bench = Bench::new();
    bench.write("document.json", &document.to_string());
    let all: Vec<&str> =
        arguments.iter().copied().chain(["--format", "json", "--show", "notice", "document.json"]).collect();
    let outcome = validate(&bench, &all);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = json["documents"][0]["findings"].as_array().unwrap();
    findings.iter().map(|f| (text(&f["path"]), text(&f["type"]), text(&f["severity"]))).collect()
}

/// Runs `oa-test` with standard input.
fn piped(arguments: &[&str], input: &[u8]) -> Outcome {
    let bench = Bench::new();
    let mut child =
        bench.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that refuses what it is given need not read all of it.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    bench.outcome(&output)
}

#[test]
fn what_is_right_has_no_findings() {
    assert_eq!(found(&offer(), &["--mode", "BookableRPDEFeed"]), []);
    assert_eq!(found(&problem(), &[]), []);
}

#[test]
fn each_mistake_is_found_where_it_is() {
    let expect = |change: &dyn Fn(&mut Value), path: &str, kind: &str, severity: &str| {
        let document = with(offer(), |offer| change(offer));
        let found = found(&document, &["--mode", "BookableRPDEFeed"]);
        assert!(found.contains(&(path.into(), kind.into(), severity.into())), "{path} {kind}: {found:?}");
        assert!(found.len() <= 2, "{found:?}");
    };
    expect(&|o| drop(o.as_object_mut().unwrap().remove("price")), "$.price", "missing_required_field", "failure");
    expect(&|o| drop(o.as_object_mut().unwrap().remove("name")), "$.name", "missing_recommended_field", "warning");
    expect(&|o| o["price"] = json!("3.50"), "$.price", "invalid_type", "failure");
    expect(&|o| o["price"] = json!(3.505), "$.price", "invalid_precision", "warning");
    expect(&|o| o["priceCurrency"] = json!("POUNDS"), "$.priceCurrency", "invalid_format", "failure");
    expect(&|o| o["name"] = json!("<b>Adult</b>"), "$.name", "no_html", "failure");
    expect(&|o| o["name"] = json!(""), "$.name", "field_is_empty", "failure");
    expect(&|o| o["@id"] = json!("offers/1"), "$[\"@id\"]", "invalid_id", "failure");
    expect(&|o| o["colour"] = json!("red"), "$.colour", "field_not_in_spec", "failure");
    expect(&|o| o["sku"] = json!("1"), "$.sku", "schema_org_fields_not_checked", "notice");
    expect(
        &|o| o["validFromBeforeStartDate"] = json!("P1H"),
        "$.validFromBeforeStartDate",
        "invalid_format",
        "failure",
    );
    expect(
        &|o| o["ageRestriction"]["maxValue"] = json!(5),
        "$.ageRestriction.minValue",
        "min_value_greater_than_max_value",
        "warning",
    );
    expect(
        &|o| o["@context"] = json!("https://schema.org/"),
        "$[\"@context\"]",
        "field_not_in_defined_values",
        "failure",
    );
    expect(
        &|o| o["openBookingPrepayment"] = json!("https://openactive.io/Maybe"),
        "$.openBookingPrepayment",
        "field_not_in_defined_values",
        "failure",
    );
}

#[test]
fn the_mode_decides() {
    let open = with(offer(), |offer| drop(offer.as_object_mut().unwrap().remove("@id")));
    assert_eq!(found(&open, &["--mode", "RPDEFeed"]), []);
    assert_eq!(found(&open, &["--mode", "BookableRPDEFeed"]).len(), 1, "what is booked is identified");
    let root = found(&offer(), &["--mode", "BResponse"]);
    assert!(root.contains(&("$[\"@type\"]".into(), "wrong_base_type".into(), "failure".into())), "{root:?}");
    let outcome = validate(&Bench::new(), &["--mode", "BRespons", "-"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("did you mean `BResponse`?"), "{}", outcome.stderr);
}

#[test]
fn what_the_sandbox_sends_is_valid() {
    // The run judges every response in the mode of its step; here every opportunity feed is judged as well.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(oa_test::sandbox::Sandbox::start(Default::default())).unwrap();
    let bench = Bench::new();
    for feed in [
        "session-series",
        "scheduled-sessions",
        "facility-uses",
        "individual-facility-uses",
        "facility-use-slots",
        "individual-facility-use-slots",
        "course-instances",
        "course-instance-subevents",
        "headline-events",
        "headline-event-subevents",
        "events",
        "on-demand-events",
    ] {
        let url = format!("http://{}/feeds/{feed}", sandbox.address());
        let outcome = validate(&bench, &["--mode", "BookableRPDEFeed", "--show", "failure", &url]);
        assert_eq!(outcome.code, 0, "{feed}\n{}", outcome.stdout);
        assert!(outcome.stdout.starts_with("valid"), "{}", outcome.stdout);
    }
}

#[test]
fn many_files_are_found_by_globs_and_judged_apart() {
    let bench = Bench::new();
    bench.write("data/good.json", &problem().to_string());
    bench.write("data/deep/bad.json", &with(problem(), |p| p["statusCode"] = json!(400)).to_string());
    bench.write("data/other.txt", "not looked at");
    let outcome = validate(&bench, &["data/**/*.json"]);
    assert_eq!(outcome.code, 1);
    let lines: Vec<&str> = outcome.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(lines.len(), 2, "{}", outcome.stdout);
    assert!(lines[0].starts_with("FAILED") && lines[0].contains("data/deep/bad.json"), "{}", outcome.stdout);
    assert!(lines[1].starts_with("valid") && lines[1].contains("data/good.json"), "{}", outcome.stdout);
    let missing = validate(&bench, &["nowhere/*.json"]);
    assert_eq!(missing.code, 2);
    let missing = validate(&bench, &["nowhere.json"]);
    assert!(missing.stderr.contains("cannot read nowhere.json"), "{}", missing.stderr);
}

#[test]
fn lines_are_answered_by_lines() {
    let case = json!({ "id": "c-1", "mode": "OpenBookingError", "document": problem() });
    let bad = with(case.clone(), |case| case["document"]["statusCode"] = json!(500));
    let input = format!("{}\n{case}\n\n{bad}\nnot json\n", problem());
    let outcome = piped(&["validate", "--lines", "-"], input.as_bytes());
    assert_eq!(outcome.code, 1);
    let answers: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4, "{}", outcome.stdout);
    assert_eq!(answers[0], json!({ "findings": [] }));
    assert_eq!(answers[1], json!({ "id": "c-1", "findings": [] }));
    let finding = &answers[2]["findings"][0];
    assert_eq!(
        [&finding["path"], &finding["type"], &finding["category"], &finding["severity"], &finding["rule"]],
        ["$.statusCode", "field_not_in_defined_values", "conformance", "failure", "ValueIsRequiredContentRule"]
    );
    assert_eq!(answers[3]["findings"][0]["type"], "invalid_json");
}

#[test]
fn remote_documents_come_from_a_file_or_are_not_there() {
    let list = json!({ "id": "https://openactive.io/activity-list", "concept": [
        { "id": "https://openactive.io/activity-list#1", "prefLabel": "Walking" }
    ] });
    let document = |label: &str| {
        json!({
            "@context": "https://openactive.io/",
            "@type": "FacilityUse",
            "activity": [{ "@type": "Concept", "@id": "https://openactive.io/activity-list#1", "prefLabel": label,
                           "inScheme": "https://openactive.io/activity-list" }]
        })
    };
    let judge = |label: &str, arguments: &[&str]| {
        let bench = Bench::new();
        bench.write("list.json", &list.to_string());
        bench.write(
            "remote.json",
            &json!({ "https://openactive.io/activity-list": { "status": 200, "json": list } }).to_string(),
        );
        bench.write("document.json", &document(label).to_string());
        let all: Vec<&str> = arguments.iter().copied().chain(["--format", "json", "document.json"]).collect();
        let json: Value = serde_json::from_str(&validate(&bench, &all).stdout).unwrap();
        let findings = json["documents"][0]["findings"].as_array().unwrap().clone();
        let of_list = findings.iter().filter(|f| f["path"] == "$.activity[0]");
        of_list.map(|f| (f["type"].as_str().unwrap().to_owned(), f["undetermined"] == true)).collect::<Vec<_>>()
    };
    assert_eq!(judge("Walking", &["--remote", "remote.json"]), []);
    assert_eq!(judge("walking", &["--activity-list", "list.json"]), [], "case does not matter");
    let missing = ("activity_not_in_activity_list".to_owned(), false);
    assert_eq!(judge("Running", &["--activity-list", "list.json"]), [missing], "another label");
    let unknown = [("file_not_found".to_owned(), true), ("activity_not_in_activity_list".to_owned(), true)];
    assert_eq!(judge("Walking", &[]), unknown, "nothing is fetched by itself");
}

#[test]
fn what_is_wrong_in_many_places_is_reported_once() {
    let bench = Bench::new();
    let bad = |price: i32| {
        with(offer(), |offer| {
            offer["priceCurrency"] = json!("POUNDS");
            offer["price"] = json!(price);
        })
    };
    bench.write("list.json", &json!([bad(1), bad(2), bad(3)]).to_string());
    let outcome = validate(&bench, &["--mode", "RPDEFeed", "list.json"]);
    assert!(outcome.stdout.contains("$[*].priceCurrency (3 times)"), "{}", outcome.stdout);
    assert_eq!(outcome.stdout.matches("is not an ISO 4217 currency code").count(), 1);
    assert!(outcome.stdout.contains("             first     \"POUNDS\"\n"), "{}", outcome.stdout);
}

#[test]
fn sarif_is_for_scanners() {
    let bench = Bench::new();
    bench.write("bad.json", &with(problem(), |p| p["statusCode"] = json!(400)).to_string());
    let outcome = validate(&bench, &["--format", "sarif", "bad.json"]);
    let log: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("ValueIsRequiredContentRule"), &json!("error")));
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "bad.json");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
}

#[test]
fn input_that_is_no_document_is_reported_and_nothing_worse() {
    let bad = |input: &[u8], needle: &str| {
        let outcome = piped(&["validate", "-"], input);
        assert_eq!(outcome.code, 1, "{needle}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(needle), "{needle}: {}", outcome.stdout);
    };
    bad(b"", "not JSON");
    bad(b"{\"@type\":", "not JSON");
    bad(b"<html>", "document is neither JSON nor an HTML page with JSON-LD");
    bad(b"\xff\xfe", "UTF-16, expected UTF-8");
    bad(b"{\0}\0", "UTF-16, expected UTF-8");
    bad(b"{\"name\":\"caf\xe9\"}", "not UTF-8: byte 12 is invalid");
    bad(b"42", "not a JSON object");
    bad(b"1e999", "not JSON");
    bad("[".repeat(100_000).as_bytes(), "recursion limit");
    bad("{\"a\":".repeat(100_000).as_bytes(), "recursion limit");
    let bom = [b"\xef\xbb\xbf".as_slice(), problem().to_string().as_bytes()].concat();
    let outcome = piped(&["validate", "-"], &bom);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("starts with a byte order mark  ByteOrderMarkRule"), "{}", outcome.stdout);
    let large = vec![b' '; 3 * 1024 * 1024];
    let outcome = piped(&["validate", "--max-size", "2", "-"], &large);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("larger than 2 MiB"), "{}", outcome.stderr);
}

#[test]
fn what_a_document_says_is_escaped_where_it_is_shown() {
    let document = with(offer(), |offer| offer["price"] = json!("\u{1b}[31mred\u{7}"));
    let outcome = piped(&["validate", "--mode", "BookableRPDEFeed", "-"], document.to_string().as_bytes());
    assert!(outcome.stdout.contains("FAILED"));
    assert!(!outcome.stdout.contains(|letter: char| letter.is_control() && letter != '\n'), "{:?}", outcome.stdout);
}

#[test]
fn every_rule_has_a_page_whose_examples_do_what_it_says() {
    use oa_test::validate::{Options, Remote, Rule, Validator};
    let mut remote = Remote::none();
    let list = json!({ "concept": [{ "id": "https://openactive.io/activity-list#1", "prefLabel": "Walking" }] });
    remote.add("https://openactive.io/activity-list", Some(200), Some(list));
    let validator = Validator::new(remote);
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for rule in Rule::ALL {
        let page = rule.page().unwrap_or_else(|| panic!("{rule} has no page"));
        let breaks = |text: &str| {
            let found = validator.text(text, Options::new(page.mode)).findings;
            found.iter().any(|finding| finding.rule == *rule)
        };
        if !breaks(page.failing) || breaks(page.passing) {
            wrong.push(*rule);
        }
        let sections = ["https://openactive.io/", "https://www.rfc-editor.org/rfc/"];
        assert!(sections.iter().any(|section| page.spec.starts_with(section)), "{rule}");
        let outcome = bench.oa_test(&["explain", "rule", rule.name()]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [page.summary, page.reason, page.spec] {
            assert!(words(&outcome.stdout).contains(&words(part)), "{rule}: {}", outcome.stdout);
        }
    }
    assert_eq!(wrong, [], "their examples do not show it");
    let unknown = bench.oa_test(&["explain", "rule", "NoHtmlRul"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean `NoHtmlRule`?"), "{}", unknown.stderr);
}

#[test]
fn duplicate_keys_are_a_warning_and_the_last_value_is_judged() {
    let text = problem().to_string();
    let with = |more: &str| text.replacen('{', &format!("{{{more},"), 1);
    let judge = |text: &str| {
        let outcome = piped(&["validate", "--format", "json", "-"], text.as_bytes());
        let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
        (outcome.code, json["documents"][0]["findings"].as_array().unwrap().clone())
    };
    let (code, findings) = judge(&with(r#""statusCode":400"#));
    assert_eq!((code, findings.len()), (0, 1), "{findings:?}");
    let finding = &findings[0];
    assert_eq!(
        [&finding["path"], &finding["type"], &finding["severity"], &finding["rule"], &finding["found"]],
        ["$.statusCode", "duplicate_key", "warning", "DuplicateKeysRule", "400, then 404"]
    );
    let last = text.replacen('}', ",\"statusCode\":400}", 1);
    let (code, findings) = judge(&last);
    let kinds: Vec<&str> = findings.iter().map(|finding| finding["type"].as_str().unwrap()).collect();
    assert_eq!((code, kinds), (1, vec!["field_not_in_defined_values", "duplicate_key"]));
    let line = piped(&["validate", "--lines", "-"], format!("\u{feff}{{\"document\":{last}}}\n").as_bytes());
    assert!(line.stdout.contains("duplicate_key") && !line.stdout.contains("byte_order_mark"), "{}", line.stdout);
}

/// What grows with the square of its length would take minutes here.
#[test]
fn a_megabyte_of_duplicate_keys_is_read_in_one_pass() {
    let same = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(170_000));
    let outcome = piped(&["validate", "-"], same.as_bytes());
    assert!(outcome.stdout.contains("1, then 1 (170001 values)"), "{}", outcome.stdout);
    let keys: Vec<String> = (0..40_000).map(|key| format!("\"{key}\":1")).collect();
    let each = format!("{{\"@type\":\"Thing\",{0},{0},{0}}}", keys.join(","));
    let outcome = piped(&["validate", "--mode", "RPDEFeed", "-"], each.as_bytes());
    assert_eq!(outcome.stdout.matches("DuplicateKeysRule").count(), 100);
}

/// The text output about one document, without its first line.
fn shown(document: &Value, arguments: &[&str]) -> String {
    let all: Vec<&str> = ["validate"].into_iter().chain(arguments.iter().copied()).chain(["-"]).collect();
    let outcome = piped(&all, document.to_string().as_bytes());
    outcome.stdout.split_once('\n').map(|(_, findings)| findings.to_owned()).unwrap_or_default()
}

#[test]
fn findings_name_property_defect_expected_and_found_value() {
    let expect = |change: &dyn Fn(&mut Value), message: &str, expected: &str, value: Option<&str>| {
        let document = with(offer(), |offer| change(offer));
        let text = shown(&document, &["--mode", "BookableRPDEFeed", "--show", "failure"]);
        let found = value.map_or_else(String::new, |value| format!("             found     {value}\n"));
        let wanted = format!("  {message}  ");
        assert!(text.contains(&wanted), "{wanted}\n{text}");
        assert!(text.ends_with(&format!("\n             expected  {expected}\n{found}")), "{expected}\n{text}");
    };
    let set = |name: &'static str, value: Value| move |offer: &mut Value| offer[name] = value.clone();
    let price = "`price` is not a number";
    expect(&set("price", json!("3")), price, "a number", Some("\"3\""));
    expect(&set("price", json!(true)), price, "a number", Some("true"));
    expect(&|o| drop(o.as_object_mut().unwrap().remove("price")), "`price` is missing from Offer", "a number", None);
    expect(
        &set("validFromBeforeStartDate", json!("P1H")),
        "`validFromBeforeStartDate` has no T before its hours, minutes or seconds",
        "ISO 8601 duration, e.g. \"PT1H30M\"",
        Some("\"P1H\""),
    );
    expect(
        &set("ageRestriction", json!({ "@type": "Place", "name": "Hall" })),
        "`ageRestriction` has the wrong `@type`",
        "an object of @type \"QuantitativeValue\"",
        Some("an object of @type \"Place\""),
    );
    expect(
        &set("ageRestriction", json!({ "@type": "QuantitativeValue ", "minValue": 5 })),
        "`ageRestriction` has white space around its `@type`",
        "an object of @type \"QuantitativeValue\"",
        Some("an object of @type \"QuantitativeValue \""),
    );
    expect(
        &set("openBookingPrepayment", json!(["https://openactive.io/Required"])),
        "`openBookingPrepayment` is a list, not one value",
        "one of \"https://openactive.io/Required\", \"https://openactive.io/Optional\", \
         \"https://openactive.io/Unavailable\"",
        Some("[\"https://openactive.io/Required\"]"),
    );
    expect(
        &set("@id", json!("offers/1")),
        "`@id` is not an absolute URL",
        "an absolute http or https URL",
        Some("\"offers/1\""),
    );
    expect(
        &set("ageRange", json!({ "@type": "QuantitativeValue", "minValue": 5 })),
        "`ageRange` is deprecated on Offer",
        "`ageRestriction` instead of `ageRange`",
        Some("{\"@type\":\"QuantitativeValue\",\"minValue\":5}"),
    );
    let text = shown(&with(offer(), |offer| offer["prices"] = json!(5)), &["--mode", "RPDEFeed"]);
    assert!(text.contains("`prices` is not a property of Offer  FieldsNotInModelRule"), "{text}");
    assert!(text.contains("properties of Offer, nearest: `price`, "), "{text}");
}

/// The example of a violation on the page of each rule.
#[test]
fn each_finding_has_the_expected_value_and_the_found_one_or_names_what_is_missing() {
    use oa_test::validate::{Options, Remote, Rule, Severity, Validator};
    let validator = Validator::new(Remote::none());
    let mut wrong = Vec::new();
    for page in Rule::ALL.iter().filter_map(|rule| rule.page()) {
        for finding in validator.text(page.failing, Options::new(page.mode)).findings {
            let is_shown = finding.found.is_some() || finding.message.contains("missing");
            let is_mark = finding.rule == Rule::ByteOrderMark || finding.severity == Severity::Notice;
            if !(is_mark || is_shown && finding.expected.is_some()) {
                wrong.push(format!("{}: {finding:?}", page.rule.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let place = json!({ "@type": "Place", "name": "Hall", "geo": { "@type": "GeoCoordinates", "latitude": [51.234] } });
    let text = shown(&place, &["--mode", "BookableRPDEFeed"]);
    assert!(text.contains("`latitude` is a list, not one value"), "{text}");
    let page = json!({ "items": [{ "state": "updated", "kind": "Event", "modified": 1, "data": {} }], "next": "" });
    let text = shown(&page, &["--mode", "RPDEFeed"]);
    assert!(text.contains("`id` is missing from FeedItem"), "{text}");
    let series = json!({ "@context": "https://openactive.io/", "@type": "EventSeries", "name": "Series" });
    let text = shown(&series, &["--mode", "RPDEFeed"]);
    assert!(text.contains("`@id` and `identifier` are missing from EventSeries"), "{text}");
}

#[test]
fn a_date_time_with_fractions_of_a_second_is_named_as_such() {
    let slot =
        json!({ "@context": "https://openactive.io/", "@type": "Slot", "startDate": "2030-01-31T18:00:00.000Z" });
    let text = shown(&slot, &["--mode", "RPDEFeed", "--show", "failure"]);
    assert!(text.contains("$.startDate  `startDate` has fractions of a second  DatetimeFormatRule"), "{text}");
    assert_eq!(text.matches("startDate").count(), 2, "one finding: {text}");
}

/// Failures in text output, and all failures in JSON.
fn counts(document: &Value, mode: &str) -> (usize, usize) {
    let text = shown(document, &["--mode", mode, "--show", "failure"]);
    let all = found(document, &["--mode", mode]);
    (
        text.matches("\n  failure ").count() + usize::from(text.starts_with("  failure ")),
        all.iter().filter(|f| f.2 == "failure").count(),
    )
}

#[test]
fn one_cause_is_one_finding_in_text_and_every_verdict_in_json() {
    let expect = |change: &dyn Fn(&mut Value), all: usize| {
        let document = with(offer(), |offer| change(offer));
        assert_eq!(counts(&document, "BookableRPDEFeed"), (1, all), "{document}");
    };
    expect(&|o| o["price"] = json!(null), 3);
    expect(&|o| o["@id"] = json!(null), 3);
    expect(&|o| o["ageRestriction"] = json!([]), 2);
    expect(&|o| o["price"] = json!("0"), 1);
    expect(
        &|o| {
            o["price"] = json!("0");
            drop(o.as_object_mut().unwrap().remove("priceCurrency"));
        },
        2,
    );
    expect(&|o| o["ageRestriction"] = json!({ "@type": "Place" }), 3);
    expect(&|o| o["ageRestriction"] = json!({ "minValue": 5 }), 3);
    expect(
        &|o| {
            o["prices"] = json!(5);
            drop(o.as_object_mut().unwrap().remove("price"));
        },
        2,
    );
    // Each failure that follows from another one names it.
    let document = with(offer(), |offer| offer["price"] = json!(null));
    let outcome =
        piped(&["validate", "--mode", "BookableRPDEFeed", "--format", "json", "-"], document.to_string().as_bytes());
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let findings = json["documents"][0]["findings"].as_array().unwrap();
    let own: Vec<&Value> = findings.iter().filter(|finding| finding.get("cause").is_none()).collect();
    assert_eq!(own.len(), 1, "{findings:#?}");
    assert_eq!((&own[0]["rule"], &own[0]["found"]), (&json!("NoEmptyValuesRule"), &json!("null")));
    assert!(findings.iter().all(|finding| finding["expected"].is_string()), "{findings:#?}");
}

#[test]
fn a_root_of_the_wrong_type_is_one_finding() {
    let quote = json!({ "@context": "https://openactive.io/", "@type": "OrderQuote", "colour": "red" });
    let (text, all) = counts(&quote, "BResponse");
    assert!(text == 1 && all > 1, "{text} of {all}");
    let untyped = json!({ "@context": "https://openactive.io/" });
    assert_eq!(counts(&untyped, "BResponse").0, 1);
}

/// The mode that is chosen for a document, and the failures in it.
fn guessed(document: &str) -> (String, Vec<String>) {
    let outcome = piped(&["validate", "--format", "json", "-"], document.as_bytes());
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    let document = &json["documents"][0];
    let failures = document["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "failure");
    let failures = failures.map(|f| format!("{} {}", f["path"].as_str().unwrap(), f["message"].as_str().unwrap()));
    (document["mode"].as_str().unwrap().to_owned(), failures.collect())
}

#[test]
fn the_mode_is_guessed_from_the_document() {
    let mode = |document: Value| guessed(&document.to_string()).0;
    let order = |kind: &str, more: Value| {
        let mut order = json!({ "@context": "https://openactive.io/", "@type": kind });
        order.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        order
    };
    let error = json!([{ "@type": "OrderItem", "error": [{ "@type": "OpportunityIsFullError" }] }]);
    let of = |kind: &str, customer: bool, failed: bool| {
        let mut more = json!({ "seller": {}, "brokerRole": "https://openactive.io/NoBroker" });
        if customer {
            more["customer"] = json!({});
        }
        more["orderedItem"] = if failed { error.clone() } else { json!([{ "@type": "OrderItem" }]) };
        mode(order(kind, more))
    };
    assert_eq!(of("OrderQuote", false, false), "C1Response");
    assert_eq!(of("OrderQuote", false, true), "C1ResponseOrderItemError");
    assert_eq!(of("OrderQuote", true, false), "C2Response");
    assert_eq!(of("OrderQuote", true, true), "C2ResponseOrderItemError");
    assert_eq!(of("OrderProposal", true, true), "PResponseOrderItemError");
    assert_eq!(of("Order", true, false), "BResponse");
    assert_eq!(of("Order", true, true), "BResponseOrderItemError");
    assert_eq!(mode(order("Order", json!({ "identifier": "1" }))), "OrdersFeed");
    assert_eq!(mode(order("OrderProposal", json!({ "identifier": "1" }))), "OrderProposalsFeed");
    let item = |kind: &str| json!({ "state": "updated", "kind": kind, "id": "1", "modified": 1, "data": order(kind, json!({})) });
    let deleted = |kind: &str| json!({ "state": "deleted", "kind": kind, "id": "2", "modified": 2 });
    for (kind, wanted) in
        [("Order", "OrdersFeed"), ("OrderProposal", "OrderProposalsFeed"), ("ScheduledSession", "RPDEFeed")]
    {
        assert_eq!(mode(item(kind)), wanted);
        assert_eq!(mode(deleted(kind)), wanted);
        assert_eq!(mode(json!({ "next": "https://example.com/feed?a=1", "items": [deleted(kind)] })), wanted);
        assert_eq!(
            mode(json!({ "next": "https://example.com/feed?a=1", "items": [item(kind), deleted(kind)] })),
            wanted
        );
    }
    let both = json!({ "next": "https://example.com/feed?a=1", "items": [deleted("OrderProposal"), deleted("Order")] });
    assert_eq!(mode(both), "OrdersFeed");
}

#[test]
fn pages_and_items_of_feeds_are_valid() {
    let clean = |document: &Value| assert_eq!(guessed(&document.to_string()).1, Vec::<String>::new(), "{document}");
    let license = "https://creativecommons.org/licenses/by/4.0/";
    clean(&json!({ "next": "https://example.com/feed?afterChangeNumber=5", "items": [], "license": license }));
    // Numbers in any unit, and any text that is compared with itself.
    for modified in [
        json!(1_700_000_001),
        json!(2_147_483_647),
        json!(639_000_000_000_000_000_i64),
        json!("2030-01-31T18:00Z"),
        json!("2030-01-31T18:00:00.123+01:00"),
        json!("2030-01-31"),
        json!("AAB7"),
    ] {
        clean(&json!({ "state": "updated", "kind": "Event", "id": "1", "modified": modified, "data": problem() }));
        clean(&json!({ "state": "deleted", "kind": "OrderProposal", "id": "1", "modified": modified }));
    }
    let no_kind = json!({ "state": "deleted", "id": "1", "modified": 1 });
    assert_eq!(guessed(&no_kind.to_string()).1, ["$.kind `kind` is missing from FeedItem"]);
}

#[test]
fn the_json_ld_of_a_dataset_site_is_validated() {
    let dataset = json!({ "@context": ["https://schema.org/", "https://openactive.io/"], "@type": "Dataset" });
    let page = format!(
        "\u{feff}<!DOCTYPE html>\n<html><script type=\"application/ld+json\">{dataset}</script><p>Data</p></html>"
    );
    let (mode, failures) = guessed(&page);
    assert_eq!(mode, "DatasetSite");
    assert!(failures.contains(&"$.name `name` is missing from Dataset".to_owned()), "{failures:?}");
}

/// RPDE lists date-times without seconds. The public validator rejects them, and so do its test cases.
#[test]
fn instants_may_end_at_the_minute() {
    let session = |start: &str| json!({ "@context": "https://openactive.io/", "@type": "Slot", "startDate": start });
    let about_start = |start: &str| {
        let all = found(&session(start), &["-m", "RPDEFeed"]);
        all.into_iter().filter(|(path, ..)| path == "$.startDate").count()
    };
    for valid in ["2030-01-31T18:00Z", "2030-01-31T18:00+01:00", "2030-01-31T18:00:00Z"] {
        assert_eq!(about_start(valid), 0, "{valid}");
    }
    for invalid in ["2030-01-31T18:00", "2030-02-31T18:00Z", "2030-01-31T18Z", "2030-01-31"] {
        assert!(about_start(invalid) > 0, "{invalid}");
    }
    let case = json!({ "id": "1", "mode": "RPDEFeed", "document": session("2030-01-31T18:00Z") });
    let outcome = piped(&["validate", "--lines", "-"], format!("{case}\n").as_bytes());
    assert!(outcome.stdout.contains("$.startDate"), "{}{}", outcome.stdout, outcome.stderr);
}
