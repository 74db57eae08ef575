//! Recorded exchanges are judged without a booking system.

use serde_json::Value;

use crate::support::{Bench, Outcome};

/// Two Orders of the sandbox: C1, C2, B, Order Cancellation, accepted and rejected, and Order Status, with pages of its feeds.
const RECORDING: &str = include_str!("../../fixtures/recording.har");

/// Judges the recording after a change.
fn judged(arguments: &[&str], change: impl FnOnce(&mut Value)) -> (Bench, Outcome) {
    let bench = Bench::new();
    let mut recording: Value = serde_json::from_str(RECORDING).unwrap();
    change(&mut recording);
    bench.write("recording.har", &recording.to_string());
    let outcome = bench.oa_test(&[&["judge", "recording.har"], arguments].concat());
    (bench, outcome)
}

/// Replaces text in the response of the first exchange with this method whose URL ends like this.
fn edit(recording: &mut Value, method: &str, end: &str, from: &str, to: &str) {
    let entries = recording["log"]["entries"].as_array_mut().unwrap();
    let path = |entry: &Value| entry["request"]["url"].as_str().unwrap().split('?').next().unwrap().to_owned();
    let entry =
        entries.iter_mut().find(|entry| entry["request"]["method"] == method && path(entry).contains(end)).unwrap();
    let text = entry["response"]["content"]["text"].as_str().unwrap();
    assert!(text.contains(from), "{text}");
    entry["response"]["content"]["text"] = text.replacen(from, to, 1).into();
}

#[test]
fn an_honest_recording_passes_in_both_profiles() {
    for profile in ["strict", "compatible"] {
        let (_bench, outcome) = judged(&["--profile", profile], |_| ());
        assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
        let steps = || outcome.cells().iter().flat_map(|cell| cell["steps"].as_array().unwrap());
        let stages: Vec<&str> = steps().map(|step| step["title"].as_str().unwrap()).collect();
        for stage in ["C1", "C2", "B", "Order Status", "Orders feed", "Order Cancellation"] {
            assert!(stages.contains(&stage), "{stage}: {stages:?}");
        }
        assert!(steps().map(|step| step["checks"].as_array().unwrap().len()).sum::<usize>() > 20);
        assert_eq!(outcome.report()["mode"], "recorded");
        let end = format!("recording.har, recorded mode, {profile} profile");
        assert!(outcome.stdout.trim_end().ends_with(&end), "{}", outcome.stdout);
    }
}

#[test]
fn an_edited_response_is_found_at_its_stage() {
    for (method, end, from, to, found) in [
        ("PUT", "/order-quote-templates/", "\"price\":", "\"prices\":", "(c1)"),
        ("PUT", "/order-quotes/", "\"orderedItem\":", "\"orderItems\":", "(c2)"),
        ("PUT", "/orders/", "OrderItemConfirmed", "OrderItemAttended", "(b)"),
        ("GET", "/orders-rpde", "\"state\":\"updated\"", "\"state\":\"changed\"", "Orders feed"),
        ("GET", "/feeds/scheduled-sessions", "\"startDate\":\"2", "\"startDate\":\"x", "feed"),
        ("GET", "/openactive", "\"accessService\"", "\"accessServices\"", "accessService"),
    ] {
        let (_bench, outcome) = judged(&["--verbose"], |recording| edit(recording, method, end, from, to));
        assert_eq!(outcome.code, 1, "{method} {end}: {}{}", outcome.stdout, outcome.stderr);
        let stages = outcome.findings().len();
        let of_target = outcome.report()["findings"].to_string();
        let of_cells = outcome.broken_checks().join("\n");
        assert!(
            stages > 0 && found.starts_with('(') || of_target.contains(found) || of_cells.contains(found),
            "{method} {end}: {of_cells} {of_target}"
        );
    }
}

#[test]
fn a_wrong_status_of_an_error_is_found() {
    let (_bench, outcome) = judged(&[], |recording| {
        let entries = recording["log"]["entries"].as_array_mut().unwrap();
        let rejected = entries.iter_mut().find(|entry| entry["response"]["status"].as_u64().unwrap() >= 400).unwrap();
        rejected["response"]["status"] = 422.into();
    });
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.broken_checks().iter().any(|check| check.contains("rejection-status")), "{}", outcome.stdout);
}

#[test]
fn the_result_is_saved_rendered_and_rejudged() {
    let (bench, outcome) = judged(&["--junit", "junit.xml", "--markdown", "a.md", "--json", "a.json"], |recording| {
        edit(recording, "PUT", "/orders/", "OrderItemConfirmed", "OrderItemAttended");
    });
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(std::fs::read_to_string(bench.path("junit.xml")).unwrap().contains("<failure"));
    assert!(bench.path("output/report.html").exists() && bench.path("a.md").exists() && bench.path("a.json").exists());
    let again = bench.oa_test(&["report", "rejudge", "output/run.json.gz"]);
    assert_eq!(again.code, 1, "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("2 cells rejudged: 0 verdicts changed, 0 in their checks only"), "{}", again.stdout);
}

#[test]
fn secrets_of_a_recording_reach_no_output() {
    let (bench, outcome) = judged(&["--verbose", "--junit", "junit.xml"], |recording| {
        for entry in recording["log"]["entries"].as_array_mut().unwrap() {
            let header = serde_json::json!({ "name": "Authorization", "value": "Bearer canary-token-8843" });
            entry["request"]["headers"].as_array_mut().unwrap().push(header);
            let status = entry["response"]["status"].as_u64().unwrap();
            if status >= 400 {
                let text = entry["response"]["content"]["text"].as_str().unwrap();
                let text = text.replacen("\"@type\"", "\"description\":\"canary-token-8843\",\"@type\"", 1);
                entry["response"]["content"]["text"] = text.into();
            }
        }
    });
    let checks = outcome.broken_checks();
    assert!(checks.iter().any(|check| check.contains("no-credentials-in-error")), "{checks:?} {}", outcome.stdout);
    let junit = std::fs::read_to_string(bench.path("junit.xml")).unwrap();
    for text in [&outcome.stdout, &outcome.stderr, &outcome.report().to_string(), &junit] {
        assert!(!text.contains("canary-token"), "{text}");
    }
}

#[test]
fn what_cannot_be_judged_is_refused_or_counted() {
    let bench = Bench::new();
    let empty = r#"{"log":{"entries":[]}}"#;
    for (text, said) in [("{", "is not a HAR file"), (empty, "none of 0 exchanges belongs to the Open Booking API")] {
        bench.write("recording.har", text);
        let outcome = bench.oa_test(&["judge", "recording.har"]);
        assert_eq!(outcome.code, 2, "{}", outcome.stdout);
        assert!(outcome.stderr.contains(said) && outcome.stderr.contains("hint: "), "{}", outcome.stderr);
    }
    let missing = bench.oa_test(&["judge", "missing.har"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("cannot read missing.har"), "{}", missing.stderr);
    let (_bench, outcome) = judged(&[], |recording| {
        let entries = recording["log"]["entries"].as_array_mut().unwrap();
        let mut other = entries[0].clone();
        other["request"]["url"] = "https://a.example/other".into();
        other["response"]["content"]["text"] = "{}".into();
        entries.push(other);
    });
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.messages().contains("1 of "), "{}", outcome.messages());
}

/// Changes the bodies of the requests with this method whose URL has this part, and those of their responses.
fn edit_bodies(recording: &mut Value, part: &str, change: impl Fn(&mut Value, bool)) {
    for entry in recording["log"]["entries"].as_array_mut().unwrap() {
        if entry["request"]["method"] != "PUT" || !entry["request"]["url"].as_str().unwrap().contains(part) {
            continue;
        }
        for (response, pointer) in [(false, "/request/postData/text"), (true, "/response/content/text")] {
            let text = entry.pointer_mut(pointer).unwrap();
            let mut body: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
            change(&mut body, response);
            *text = body.to_string().into();
        }
    }
}

#[test]
fn designs_that_conform_pass_in_a_recording() {
    let (_bench, without_feeds) = judged(&[], |recording| {
        recording["log"]["entries"]
            .as_array_mut()
            .unwrap()
            .retain(|entry| !entry["request"]["url"].as_str().unwrap().contains("/feeds/"));
    });
    assert_eq!(without_feeds.code, 0, "{}", without_feeds.stdout);
    let attendee = serde_json::json!({ "@type": "Person", "email": "a@example.org" });
    let (_bench, with_attendee) = judged(&[], |recording| {
        edit_bodies(recording, "/order-quote-templates/", |body, _| {
            body["orderedItem"][0]["attendee"] = attendee.clone();
        });
    });
    assert_eq!(with_attendee.code, 0, "C1 reflects what it was sent: {}", with_attendee.stdout);
    let address = serde_json::json!({ "@type": "PostalAddress", "addressCountry": "GB" });
    let (_bench, with_address) = judged(&[], |recording| {
        edit_bodies(recording, "/order", |body, response| {
            if !response {
                body["broker"]["address"] = address.clone();
            }
        });
    });
    assert_eq!(with_address.code, 0, "`address` of `broker` is not in the specification: {}", with_address.stdout);
    let (_bench, without_name) = judged(&[], |recording| {
        edit_bodies(recording, "/order-quote-templates/", |body, response| {
            if response {
                body["broker"].as_object_mut().unwrap().remove("name");
            }
        });
    });
    assert_eq!(without_name.code, 1, "`name` of `broker` is: {}", without_name.stdout);
}

#[test]
fn an_order_that_is_rejected_with_errors_of_its_order_items_is_valid() {
    for (part, error) in
        [("/order-quote-templates/", "OpportunityIsFullError"), ("/order-quotes/", "IncompleteOrderItemError")]
    {
        let (_bench, outcome) = judged(&[], |recording| {
            let entries = recording["log"]["entries"].as_array_mut().unwrap();
            let kept =
                entries.iter().position(|entry| entry["request"]["url"].as_str().unwrap().contains(part)).unwrap();
            let mut rejected = entries[kept].clone();
            let text = rejected["response"]["content"]["text"].as_str().unwrap();
            let mut body: Value = serde_json::from_str(text).unwrap();
            body["orderedItem"][0]["error"] = serde_json::json!([{ "@type": error, "name": "a" }]);
            rejected["response"]["content"]["text"] = body.to_string().into();
            rejected["response"]["status"] = 409.into();
            entries.insert(kept, rejected);
        });
        let broken = outcome.broken_checks();
        assert!(!broken.iter().any(|check| check.contains("status") || check.contains("error")), "{part}: {broken:?}");
    }
}
