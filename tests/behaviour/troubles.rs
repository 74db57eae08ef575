//! Targets that fail in ways that have nothing to do with booking.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::response::Response;
use oa_test::sandbox::Fault;
use serde_json::json;

use crate::citations::{assert_reviewed, of_failures};
use crate::support::{Outcome, SHORT_WAIT, Target, dataset_page, respond, run, run_against};

/// One cell of one test with a fault.
fn one(fault: Fault) -> Outcome {
    run(&[
        "--test",
        "opportunity-attendance-update-customer-attended",
        "--flow",
        "OpenBookingSimpleFlow",
        "--type",
        "ScheduledSession",
        "--fault",
        fault.name(),
        "--set",
        SHORT_WAIT,
        "--set",
        "integrationTests.openBookingApiRequestTimeout=3000",
    ])
}

fn assert_blocked(outcome: &Outcome, needle: &str) {
    assert_blocked_with(outcome, needle, 2);
}

/// Every cell is blocked; the exit code is 1 where a finding beyond the cells proves a violation all the same.
fn assert_blocked_with(outcome: &Outcome, needle: &str, code: i32) {
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((passed, failed), (0, 0), "{}", outcome.stdout);
    assert!(blocked > 0, "{}", outcome.stdout);
    assert_eq!(outcome.code, code, "{}", outcome.stdout);
    assert!(outcome.messages().contains(needle), "{needle}\n{}", outcome.messages());
    assert!(outcome.stdout.contains("blocked"), "{}", outcome.stdout);
}

#[test]
fn a_target_that_refuses_connections_is_named() {
    // A port that was free a moment ago: no server listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let outcome = run_against(&format!("http://127.0.0.1:{port}/"), &[]);
    assert_blocked(&outcome, &format!("the dataset site http://127.0.0.1:{port}/ cannot be reached"));
}

#[test]
fn a_dataset_site_without_json_ld_is_named() {
    assert_blocked(&one(Fault::DatasetSiteWithoutJsonLd), "has no JSON-LD");
}

#[test]
fn a_dataset_site_that_fails_is_named() {
    assert_blocked(&one(Fault::DatasetSiteStatus500), "failed with HTTP 500");
}

#[test]
fn an_answer_that_never_comes_is_a_timeout() {
    let outcome = one(Fault::C1Hangs);
    assert_blocked(&outcome, "C1 timed out: no complete response within 3000 ms");
    let findings = outcome.findings();
    assert!(findings[0]["hint"].as_str().unwrap().contains("openBookingApiRequestTimeout"));
}

/// The credentials of the configuration may be wrong, so that nothing is known of the target.
#[test]
fn rejected_credentials_block() {
    for (fault, needle) in [
        (Fault::C1Status401, "C1 failed with HTTP 401: InvalidAPITokenError, the token has expired"),
        (Fault::OrdersFeedStatus401, "HTTP 401: credentials are rejected"),
    ] {
        let outcome = one(fault);
        assert_blocked(&outcome, needle);
        assert_eq!(outcome.report()["findings"], json!([]), "{fault}");
    }
    // A request that must be rejected is not rejected for what the test is about.
    let rejections =
        run(&["--test", "incomplete-broker-details", "--type", "ScheduledSession", "--fault", "c1-status-401"]);
    assert_blocked(&rejections, "C1 was rejected with HTTP 401: InvalidAPITokenError");
}

#[test]
fn a_feed_that_only_returns_server_errors_fails_the_run() {
    let outcome = run(&[
        "--feature",
        "dataset-site",
        "--fault",
        "event-feed-status-500",
        "--set",
        "integrationTests.testTimeout=400",
        "--set",
        SHORT_WAIT,
    ]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let needle = "Event feed: pages are returned with HTTP 500 until the end of the run";
    assert!(outcome.messages().contains(needle), "{}", outcome.messages());
    assert_reviewed("event-feed-status-500", &of_failures(outcome.report()));
}

/// Where the feed of a type cannot be read and the others are empty, no cell waits for an opportunity in vain.
#[test]
fn an_opportunity_is_not_waited_for_without_its_feed() {
    let test = ["--test", "availability-confirmed", "--type", "ScheduledSession", "--flow", "OpenBookingSimpleFlow"];
    let long = ["--set", "integrationTests.waitForItemToUpdateInFeedTimeout=600000"];
    let outcome = run(&[&["--fault", "feeds-loop"], &long[..], &test[..]].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let steps = outcome.cells().iter().flat_map(|cell| cell["steps"].as_array().unwrap());
    let found = steps.flat_map(|step| step["checks"].as_array().unwrap()).filter_map(|check| {
        let finding = check.get("finding")?;
        finding["message"]
            .as_str()?
            .contains("is not published")
            .then(|| finding["found"].as_str().map(str::to_owned))?
    });
    let found: Vec<String> = found.collect();
    let cannot = |found: &String| found.contains("it is in no feed that could be read (");
    assert!(!found.is_empty() && found.iter().all(cannot), "{found:?}");
    let took: u64 = outcome.cells().iter().map(|cell| cell["duration_ms"].as_u64().unwrap()).sum();
    assert!(took < 240_000, "{took} ms");
}

#[test]
fn error_statuses_are_reported_with_what_the_target_says() {
    for (fault, needle) in [
        (Fault::C1Status404, "C1 failed with HTTP 404: UnknownOrIncorrectEndpointError"),
        (Fault::C1Status500, "C1 failed with HTTP 500: InternalApplicationError, internal error"),
    ] {
        let outcome = one(fault);
        assert_eq!(outcome.counts(), (0, 1, 0), "{fault}");
        assert_eq!(outcome.code, 1);
        assert!(outcome.messages().contains(needle), "{}", outcome.messages());
        assert_eq!(outcome.findings().len(), 1, "one cause, one finding: {}", outcome.messages());
    }
}

#[test]
fn html_and_broken_json_are_distinguished() {
    let html = one(Fault::C1Html);
    assert_eq!(html.counts(), (0, 1, 0));
    assert!(html.messages().contains("the body is HTML or XML"), "{}", html.messages());
    let broken = one(Fault::C1BrokenJson);
    assert_eq!(broken.counts(), (0, 1, 0));
    assert!(broken.messages().contains("the body is not valid JSON"), "{}", broken.messages());
}

#[test]
fn an_orders_feed_that_answers_with_no_page_fails_and_says_why() {
    for (fault, needle) in [(Fault::OrdersFeedStatus500, "HTTP 500"), (Fault::OrdersFeedHtml, "the page is HTML")] {
        let outcome = one(fault);
        assert_eq!(outcome.counts(), (0, 1, 0), "{}", outcome.stdout);
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        assert!(outcome.messages().contains(needle), "{}", outcome.messages());
        assert!(outcome.messages().contains("the Orders feed (primary)"), "{}", outcome.messages());
    }
}

#[test]
fn a_feed_that_goes_backwards_is_a_finding_about_the_target() {
    let outcome = one(Fault::FeedsNotInOrder);
    assert_eq!(outcome.counts(), (1, 0, 0), "every item was read all the same\n{}", outcome.stdout);
    assert_eq!(outcome.code, 1, "the target does not conform");
    assert!(outcome.messages().contains("items are not in the order of `modified`"), "{}", outcome.messages());
    assert!(outcome.stdout.contains("FAILED SessionSeries feed: items are not in the order"), "{}", outcome.stdout);
}

#[test]
fn items_that_break_the_data_model_are_findings_about_the_target() {
    let outcome = one(Fault::FeedsOddItems);
    // The feed differs from the responses as well.
    assert_eq!((outcome.counts(), outcome.code), ((0, 1, 0), 1), "{}", outcome.stdout);
    for text in ["SessionSeries feed: ", "at        colour", "at        url", "FieldsNotInModelRule", "first item: "] {
        assert!(outcome.stdout.contains(text), "{text}: {}", outcome.stdout);
    }
    let test = ["--test", "opportunity-attendance-update-customer-attended", "--type", "ScheduledSession"];
    let sparse = run(&[&test[..], &["--variant", "opportunities-sparse", "--warnings"]].concat());
    assert_eq!(sparse.code, 0);
    assert!(sparse.stdout.contains("RecommendedFieldsRule"), "{}", sparse.stdout);
}

#[test]
fn a_feed_that_loops_is_left() {
    let outcome = one(Fault::FeedsLoop);
    assert_blocked_with(&outcome, "feed loops", 1);
}

#[test]
fn a_seller_without_credentials_is_reported_which_key_to_set() {
    let bench = crate::support::Bench::new();
    let mut config: serde_json::Value = serde_json::from_str(crate::support::HEADER_CREDENTIALS).unwrap();
    config["sellers"]["primary"]["authentication"] = serde_json::Value::Null;
    let sandbox = tokio::runtime::Runtime::new().unwrap();
    let mut options = oa_test::sandbox::SandboxOptions::default();
    options.switches.set(oa_test::sandbox::Switch::OpenIdAuthentication, false);
    let running = sandbox.block_on(oa_test::sandbox::Sandbox::start(options)).unwrap();
    config["broker"]["datasetSiteUrl"] = running.dataset_site().into();
    bench.write("config.json", &config.to_string());
    let outcome =
        bench.oa_test(&["run", "--config", "config.json", "--type", "ScheduledSession", "--category", "access"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.messages().contains("has no credentials"), "{}", outcome.messages());
    let findings = outcome.findings();
    let hint = findings[0]["hint"].as_str().unwrap();
    assert!(hint.contains("set `sellers.primary.authentication.requestHeaders`"), "{hint}");
    assert!(findings[0]["message"].as_str().unwrap().contains("HTTP 403"), "{}", findings[0]);
}

#[test]
fn a_feed_without_end_is_given_up() {
    let count = AtomicU64::new(0);
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path.starts_with("/feed") {
            let next = count.fetch_add(1, Ordering::Relaxed) + 1;
            let page = json!({
                "next": format!("http://{host}/feed?afterChangeNumber={next}"),
                "items": [{ "state": "deleted", "kind": "ScheduledSession", "id": next.to_string(), "modified": next }],
                "license": "https://creativecommons.org/licenses/by/4.0/"
            });
            return respond(200, "application/json", page.to_string());
        }
        if path == "/" { dataset_page(host) } else { respond(204, "text/plain", "") }
    });
    host.set(target.address.to_string()).unwrap();
    let outcome = run_against(
        &target.url("/"),
        &["--test", "create-opportunity", "--set", "integrationTests.testTimeout=300", "--set", SHORT_WAIT],
    );
    assert_ne!(outcome.code, 0);
    assert!(
        outcome.messages().contains("the end of the ScheduledSession feed was not reached"),
        "{}",
        outcome.messages()
    );
}

#[test]
fn redirects_without_end_and_to_other_hosts_are_not_followed() {
    let target = Target::start(|_, path, _| {
        let depth: u32 = path.trim_start_matches('/').parse().unwrap_or(0);
        Response::builder().status(302).header("location", format!("/{}", depth + 1)).body("".into()).unwrap()
    });
    let outcome = run_against(&target.url("/0"), &[]);
    assert_blocked(&outcome, "more than 10 redirects");
}

#[test]
fn a_connection_that_breaks_is_reported() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        // A response whose Content-Length exceeds its body.
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<html>").unwrap();
    });
    let outcome = run_against(&url, &[]);
    server.join().unwrap();
    assert_blocked(&outcome, "cannot be reached");
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let target = Target::start(|_, _, _| respond(200, "text/html", vec![b' '; 65 * 1024 * 1024]));
    let outcome = run_against(&target.url("/"), &[]);
    assert_blocked(&outcome, "response body is larger than 64 MiB");
}

#[test]
fn what_a_target_says_cannot_steer_the_terminal() {
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path == "/" {
            return dataset_page(host);
        }
        if path.starts_with("/feed") {
            let page = json!({ "next": format!("http://{host}/feed"), "items": [], "license": "x" });
            return respond(200, "application/json", page.to_string());
        }
        let error = json!({ "@type": "\u{1b}[31mEvil\u{1b}]0;title\u{7}", "description": "two\nlines \u{202e}gnorw" });
        respond(500, "application/json", error.to_string())
    });
    host.set(target.address.to_string()).unwrap();
    let outcome = run_against(&target.url("/"), &["--test", "create-opportunity", "--color", "never"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
    assert!(outcome.stdout.contains("\\u{1b}[31mEvil"), "{}", outcome.stdout);
}

#[test]
fn answers_of_any_shape_are_findings_and_never_a_pass() {
    for body in ["null", "[]", "42", "\"text\"", "{\"@type\":7,\"@id\":[]}", "{", "\u{feff}{}", "{\"@id\":null}"] {
        let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
        let known = std::sync::Arc::clone(&host);
        let target = Target::start(move |_, path, _| {
            let host = known.get().unwrap();
            if path == "/" { dataset_page(host) } else { respond(201, "application/json", body) }
        });
        host.set(target.address.to_string()).unwrap();
        let outcome = run_against(
            &target.url("/"),
            &["--test", "create-opportunity", "--set", SHORT_WAIT, "--type", "ScheduledSession"],
        );
        assert!(matches!(outcome.code, 1 | 2), "{body}: {}\n{}", outcome.code, outcome.stderr);
        assert_eq!(outcome.counts().0, 0, "{body}");
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    }
}

#[test]
fn too_few_opportunities_block_and_are_counted() {
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        if path == "/" {
            return dataset_page(host);
        }
        let session = json!({
            "@type": "ScheduledSession",
            "@id": "https://example.com/sessions/1",
            "startDate": "2020-01-01T10:00:00Z",
            "remainingAttendeeCapacity": 5,
            "superEvent": {
                "@type": "SessionSeries",
                "@id": "https://example.com/series/1",
                "organizer": {
                    "@type": "Organization",
                    "@id": "https://id.sandbox.example.org/sellers/1",
                    "isOpenBookingAllowed": true
                },
                "offers": [{ "@type": "Offer", "@id": "https://example.com/offers/1", "price": 0 }]
            }
        });
        let items = if path.contains("afterChangeNumber") {
            json!([])
        } else {
            json!([{ "state": "updated", "kind": "ScheduledSession", "id": "1", "modified": 1, "data": session }])
        };
        let page = json!({ "next": format!("http://{host}/feed?afterChangeNumber=1"), "items": items, "license": "x" });
        respond(200, "application/json", page.to_string())
    });
    host.set(target.address.to_string()).unwrap();
    let outcome = run_against(
        &target.url("/"),
        &["--random", "--feature", "access-code", "--type", "ScheduledSession", "--flow", "OpenBookingSimpleFlow"],
    );
    // The feed breaks the data model as well.
    assert_blocked_with(&outcome, "there are not enough opportunities", 1);
    let shortage = &outcome.report()["shortages"][0];
    assert_eq!(shortage["criteria"], "TestOpportunityOfflineBookable");
    assert_eq!((shortage["needed"].as_u64(), shortage["found"].as_u64()), (Some(1), Some(0)));
    assert_eq!(shortage["candidates"], 1);
    let reasons = shortage["refusals"].to_string();
    assert!(reasons.contains("startDate is more than two hours after the start of the run"), "{reasons}");
    assert!(
        outcome.stdout.contains("MISSING 1 ScheduledSession for TestOpportunityOfflineBookable"),
        "{}",
        outcome.stdout
    );
}

/// Numbers that are larger than any price are wrong, and nothing breaks by them.
#[test]
fn prices_beyond_all_money_are_reported() {
    for feature in ["non-free-opportunities", "business-to-consumer-tax-calculation-net", "offer-overrides"] {
        let setting = "integrationTests.implementedFeatures.offer-overrides=true";
        let outcome = crate::support::run(&["--feature", feature, "--set", setting, "--fault", "prices-huge"]);
        let (_, failed, blocked) = outcome.counts();
        assert!(failed > 0 && blocked == 0 && outcome.code == 1, "{}", outcome.stdout);
        assert!(!outcome.stdout.contains("internal error"), "{}", outcome.stdout);
        assert!(outcome.messages().contains("does not equal the sum of the OrderItems"), "{}", outcome.messages());
    }
}

#[test]
fn no_text_of_a_target_is_a_command_of_a_ci_system_or_breaks_a_document() {
    let name = "##vso[task.complete]\n::error::x\r##[error]\u{1b}[31m\u{fffe}\u{202e}";
    let target = Target::start(move |_, path, _| match path {
        "/" => {
            let dataset =
                json!({ "@type": "Dataset", "name": name, "distribution": [{ "name": name, "contentUrl": name }] });
            let page = format!("<script type=\"application/ld+json\">{dataset}</script>");
            respond(200, "text/html", page)
        }
        _ => respond(500, "text/plain", name),
    });
    let bench = crate::support::Bench::new();
    bench.write("headers.json", crate::support::HEADER_CREDENTIALS);
    let arguments = ["run", "--config", "headers.json", "--feature", "dataset-site", "--junit", "a.xml", "--target"];
    let output = bench.command(&arguments).arg(target.url("/")).env("GITHUB_ACTIONS", "true").output().unwrap();
    let outcome = bench.outcome(&output);
    let exchange = bench.oa_test(&["report", "exchange", "1", "output/run.json.gz"]);
    let json = bench.oa_test(&["report", "json", "output/run.json.gz"]);
    assert!(serde_json::from_str::<serde_json::Value>(&json.stdout).is_ok());
    for text in [&outcome.stdout, &outcome.stderr, &exchange.stdout, &json.stdout] {
        assert!(!text.contains("##vso[") && !text.contains("##[") && !text.contains('\u{1b}'), "{text}");
        let commands = text.split(['\n', '\r']).filter(|line| line.trim_start().starts_with("::"));
        for command in commands {
            assert!(command.starts_with("::error title=") || command.starts_with("::warning title="), "{command}");
        }
    }
    let junit = std::fs::read_to_string(bench.path("a.xml")).unwrap();
    assert!(!junit.contains(['\u{1b}', '\u{fffe}', '\u{202e}']), "{junit}");
}

#[test]
fn a_deeply_nested_page_is_judged_at_once() {
    for page in ["<div>".repeat(200_000), format!("{}\\ud800", "<b><p>".repeat(100_000))] {
        let target = Target::start(move |_, _, _| respond(200, "text/html", page.clone()));
        let outcome = run_against(&target.url("/"), &["--feature", "dataset-site"]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert!(outcome.messages().contains("has no JSON-LD"), "{}", outcome.messages());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_printed_is_reported_and_saved_all_the_same() {
    for format in ["json", "text"] {
        let bench = crate::support::Bench::new();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let arguments = ["run", "--format", format, "--feature", "dataset-site"];
        let output = bench.command(&arguments).stdout(full).output().unwrap();
        let outcome = bench.outcome(&output);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        assert_eq!(outcome.stderr.matches("cannot write to standard output: No space left").count(), 1);
        assert_eq!(outcome.counts().0, 1);
    }
}

#[cfg(unix)]
#[test]
fn too_few_files_are_an_error_and_no_hang() {
    let bench = crate::support::Bench::new();
    let line = format!("ulimit -n 24; exec '{}' run --feature dataset-site", env!("CARGO_BIN_EXE_oa-test"));
    let output =
        std::process::Command::new("sh").args(["-c", &line]).current_dir(bench.folder.path()).output().unwrap();
    let outcome = bench.outcome(&output);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("raise the limit (`ulimit -n 1024`)"), "{}", outcome.stderr);
}

/// The limit of processes does not bind root.
#[cfg(target_os = "linux")]
#[test]
fn too_few_threads_are_an_error_and_no_hang() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = crate::support::Bench::new();
    std::fs::set_permissions(bench.folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let program = bench.path("oa-test");
    std::fs::copy(crate::support::binary(), &program).unwrap();
    let limited = format!("prlimit --nproc=1 '{}' run --feature dataset-site", program.display());
    let line = format!(
        "if [ $(id -u) = 0 ]; then exec setpriv --reuid=65534 --regid=65534 --clear-groups {limited}; fi; exec {limited}"
    );
    let output =
        std::process::Command::new("sh").args(["-c", &line]).current_dir(bench.folder.path()).output().unwrap();
    let outcome = bench.outcome(&output);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("threads cannot be started"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("raise the process limit (`ulimit -u`)"), "{}", outcome.stderr);
}

/// A dataset site whose Dataset has these members besides its type and name.
fn site(members: &serde_json::Value) -> Response {
    let mut dataset = json!({ "@type": "Dataset", "name": "Example" });
    for (name, value) in members.as_object().unwrap() {
        dataset[name] = value.clone();
    }
    respond(200, "text/html", format!("<html><script type=\"application/ld+json\">{dataset}</script></html>"))
}

/// The lines of the diagnosis that have a text.
fn causes(outcome: &Outcome, text: &str) -> Vec<String> {
    let lines = outcome.stdout.lines().filter(|line| line.starts_with("FAILED ") && line.contains(text));
    lines.map(str::to_owned).collect()
}

#[test]
fn an_endpoint_that_ends_with_a_slash_is_one_cause() {
    let target = Target::start(|_, _, _| {
        site(&json!({ "accessService": { "@type": "WebAPI", "endpointUrl": "http://127.0.0.1:9/api/" } }))
    });
    let outcome = run_against(&target.url("/"), &["--feature", "dataset-site"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let blocks = causes(&outcome, "slash");
    assert_eq!(blocks.len(), 1, "{}", outcome.stdout);
    assert!(blocks[0].contains("`accessService.endpointUrl` ends with a slash"), "{blocks:?}");
}

#[test]
fn a_misspelt_endpoint_is_one_cause_that_names_the_right_property() {
    let target = Target::start(|_, _, _| {
        site(&json!({
            "distribution": [{ "@type": "DataDownload", "name": "Event", "contentUrl": "http://127.0.0.1:9/events" }],
            "accessService": { "@type": "WebAPI", "endpointURL": "http://127.0.0.1:9/api" }
        }))
    });
    let outcome = run_against(&target.url("/"), &["--feature", "dataset-site"]);
    assert_eq!((outcome.code, outcome.counts()), (1, (0, 1, 0)), "{}", outcome.stdout);
    let blocks = causes(&outcome, "");
    assert_eq!(
        blocks,
        ["FAILED `accessService.endpointUrl` of the dataset site is missing (1 cell)"],
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("rename it to `endpointUrl`"), "{}", outcome.stdout);
}

#[test]
fn a_last_page_without_next_is_reported_once_for_each_feed() {
    let host = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&host);
    let target = Target::start(move |_, path, _| {
        let host = known.get().unwrap();
        let feed = |name: &str| json!({ "@type": "DataDownload", "name": name, "contentUrl": format!("http://{host}/{name}") });
        match path {
            "/" => site(&json!({
                "distribution": [feed("ScheduledSession"), feed("SessionSeries")],
                "accessService": { "@type": "WebAPI", "endpointUrl": format!("http://{host}/api") }
            })),
            _ => respond(200, "application/json", r#"{"items": [], "license": "https://a.example/"}"#),
        }
    });
    host.set(target.address.to_string()).unwrap();
    let outcome = run_against(&target.url("/"), &["--feature", "dataset-site", "--set", SHORT_WAIT]);
    let messages: Vec<&str> = outcome.report()["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .filter(|message| message.contains("next"))
        .collect();
    let expected =
        ["ScheduledSession", "SessionSeries"].map(|feed| format!("{feed} feed: `next` of a page is missing"));
    assert_eq!(messages, expected, "{}", outcome.stdout);
}
