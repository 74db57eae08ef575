//! `oa-test feeds`: whole feeds, judged.

use oa_test::sandbox::{Fault, Faults, Furnishing, Sandbox, SandboxOptions, Switch, Switches};
use serde_json::{Value, json};

use crate::support::{Bench, Outcome, Target, respond};

struct Site {
    sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
    bench: Bench,
}

impl Site {
    fn new(options: SandboxOptions) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { sandbox, _runtime: runtime, bench: Bench::new() }
    }

    /// A sandbox with an opportunity of each kind: it starts sooner.
    fn with(fault: Fault) -> Self {
        let faults = Faults::new(vec![fault]);
        Self::new(SandboxOptions { faults, furnishing: Furnishing::Sample, ..SandboxOptions::default() })
    }

    fn feeds(&self, arguments: &[&str]) -> Outcome {
        let url = self.sandbox.dataset_site();
        let all: Vec<&str> = ["feeds", &url].into_iter().chain(arguments.iter().copied()).collect();
        self.bench.oa_test(&all)
    }

    /// The result of each feed, and the exit code.
    fn judged(&self, arguments: &[&str]) -> (Vec<Value>, i32) {
        let all: Vec<&str> = ["--json"].into_iter().chain(arguments.iter().copied()).collect();
        let outcome = self.feeds(&all);
        let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
        (json["feeds"].as_array().unwrap().clone(), outcome.code)
    }
}

/// The failures of a feed, by kind.
fn failures(feed: &Value) -> Vec<&str> {
    let issues = feed["issues"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "failure");
    issues.map(|issue| issue["type"].as_str().unwrap()).collect()
}

#[test]
fn every_feed_is_read_to_its_end_and_every_item_judged() {
    let site = Site::new(SandboxOptions { opportunities: 3000, page_size: 700, ..SandboxOptions::default() });
    let (feeds, code) = site.judged(&[]);
    assert_eq!((feeds.len(), code), (12, 0));
    for feed in &feeds {
        assert_eq!((&feed["complete"], &feed["orphans"]), (&json!(true), &json!(0)), "{feed}");
        assert_eq!(feed["validated"], feed["updated"], "{}", feed["name"]);
        assert_eq!(failures(feed), Vec::<&str>::new(), "{}", feed["name"]);
        let findings = feed["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["severity"] != "failure"), "{}", feed["name"]);
    }
    let total: u64 = feeds.iter().map(|feed| feed["updated"].as_u64().unwrap()).sum();
    assert!(total > 6000, "{total}");
    let shown = site.feeds(&["--feed", "Sched*"]);
    assert!(shown.stdout.contains("ScheduledSession") && !shown.stdout.contains("FacilityUse"), "{}", shown.stdout);
    let sample = site.judged(&["--sample", "10", "--feed", "ScheduledSession"]).0;
    let (validated, updated) = (sample[0]["validated"].as_u64().unwrap(), sample[0]["updated"].as_u64().unwrap());
    assert_eq!(validated, updated.div_ceil(10));
    assert_eq!(site.judged(&["--mode", "none"]).0[0]["validated"], 0);
}

#[test]
fn what_breaks_rpde_is_found_and_nothing_else() {
    for (fault, expected, code) in [
        (Fault::FeedsWithoutNext, vec!["missing_required_field"], 1),
        (Fault::FeedsNextRelative, vec!["invalid_type"], 1),
        (Fault::FeedsWithJsonLd, vec!["json_ld_outside_data"], 1),
        (Fault::FeedsModifiedText, vec!["invalid_type"], 1),
        (Fault::FeedsWithoutKind, vec!["missing_required_field"], 1),
        (Fault::FeedsWrongMediaType, vec!["invalid_content_type"], 1),
        (Fault::FeedsNotInOrder, vec!["items_out_of_order", "last_item_not_matching_next"], 1),
    ] {
        let site = Site::with(fault);
        let (feeds, exit) = site.judged(&["--mode", "none", "--feed", "ScheduledSession"]);
        let mut found = failures(&feeds[0]);
        found.sort_unstable();
        found.dedup();
        assert_eq!((found, exit), (expected, code), "{fault}: {}", feeds[0]["issues"]);
    }
}

#[test]
fn items_that_vanish_are_missed_by_who_reads_twice() {
    let honest = Site::new(SandboxOptions::default());
    assert_eq!(honest.judged(&["--mode", "none", "--twice"]).1, 0);
    let site = Site::with(Fault::FeedsLoseItems);
    assert_eq!(site.judged(&["--mode", "none"]).1, 0, "who reads once cannot know");
    let (feeds, exit) = Site::with(Fault::FeedsLoseItems).judged(&["--mode", "none", "--twice", "--feed", "Event"]);
    assert_eq!((failures(&feeds[0]), exit), (vec!["item_vanished"], 1));
    let first = feeds[0]["issues"].as_array().unwrap().iter().find(|issue| issue["type"] == "item_vanished").unwrap();
    assert!(first["first"].as_str().unwrap().contains(": item "), "{first}");
}

#[test]
fn orders_feeds_are_read_with_headers_and_headers_are_not_shown() {
    let mut switches = Switches::default();
    switches.set(Switch::OpenIdAuthentication, false);
    let site = Site::new(SandboxOptions { switches, ..SandboxOptions::default() });
    let url = format!("http://{}/api/openbooking/orders-rpde", site.sandbox.address());
    let refused = site.bench.oa_test(&["feeds", &url]);
    assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
    let header = "X-OpenActive-Test-Client-Id: booking-partner-1";
    let outcome = site.bench.oa_test(&["feeds", &url, "--json", "-H", header]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("booking-partner-1"));
    let wrong = site.bench.oa_test(&["feeds", &url, "-H", "no colon, but a secret"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("--header") && !wrong.stderr.contains("secret"), "{}", wrong.stderr);
}

#[test]
fn opportunities_are_counted_by_criterion() {
    let site = Site::new(SandboxOptions::default());
    let outcome = site.feeds(&["--mode", "none", "--criteria", "--json"]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let stock = json["criteria"].as_array().unwrap();
    let of = |kind: &str, flow: &str, criteria: &str| {
        let wanted =
            |entry: &&Value| entry["opportunityType"] == kind && entry["flow"] == flow && entry["criteria"] == criteria;
        stock.iter().filter(wanted).map(|entry| entry["count"].as_u64().unwrap()).sum::<u64>()
    };
    let all = of("ScheduledSession", "OpenBookingSimpleFlow", "TestOpportunityBookable");
    let free = of("ScheduledSession", "OpenBookingSimpleFlow", "TestOpportunityBookableFree");
    let paid = of("ScheduledSession", "OpenBookingSimpleFlow", "TestOpportunityBookableNonFree");
    assert!(free > 0 && paid > 0 && free.max(paid) <= all && all <= free + paid, "{all} {free} {paid}");
    let table = site.feeds(&["--mode", "none", "--criteria"]);
    assert!(table.stdout.contains("TestOpportunityBookableFree"), "{}", table.stdout);
}

#[test]
fn feeds_without_an_end_are_not_followed_for_ever() {
    for (fault, needle) in [
        (Fault::FeedsLoop, "feed loops"),
        (Fault::FeedsNeverEnd, "100 consecutive pages without items"),
        (Fault::FeedsGrow, "all items of 1000 pages in a row are newer than the first request, after 10"),
        (Fault::FeedsStartOver, "20 pages in a row only repeat items, after "),
    ] {
        let site = Site::with(fault);
        let (feeds, exit) = site.judged(&["--mode", "none", "--feed", "ScheduledSession"]);
        assert_eq!((exit, &feeds[0]["complete"]), (1, &json!(false)), "{fault}: {}", feeds[0]["issues"]);
        assert!(failures(&feeds[0]).contains(&"feed_loops"), "{fault}: {}", feeds[0]["issues"]);
        let error = feeds[0]["error"].as_str().unwrap();
        assert!(error.contains(needle), "{fault}: {error}");
    }
    let arguments = ["--mode", "none", "--feed", "ScheduledSession", "--max-pages", "1"];
    let (feeds, exit) = Site::new(SandboxOptions { page_size: 20, ..SandboxOptions::default() }).judged(&arguments);
    assert_eq!((exit, feeds[0]["error"].as_str().unwrap()), (2, "stopped after 1 pages"));
}

#[test]
fn each_entity_type_has_a_kind_of_its_own() {
    let arguments = ["--mode", "none", "--feed", "ScheduledSession", "--feed", "SessionSeries"];
    let (feeds, exit) = Site::with(Fault::FeedsShareKind).judged(&arguments);
    let found: Vec<&Value> = feeds.iter().flat_map(|feed| feed["issues"].as_array().unwrap()).collect();
    let issue = found.iter().find(|issue| issue["type"] == "kind_not_distinct").unwrap();
    assert_eq!((exit, &issue["severity"]), (1, &json!("failure")));
    let first = issue["first"].as_str().unwrap();
    assert!(first.contains("SessionSeries in ") && first.contains("ScheduledSession in "), "{first}");
}

#[test]
fn caching_is_a_warning() {
    let site = Site::with(Fault::FeedsCached);
    let (feeds, code) = site.judged(&["--mode", "none", "--feed", "Event"]);
    let issues = feeds[0]["issues"].as_array().unwrap();
    let cache = issues.iter().find(|issue| issue["type"] == "missing_cache_control").unwrap();
    assert_eq!((&cache["severity"], code), (&json!("warning"), 0));
}

#[test]
fn children_without_parents_are_counted() {
    let site = Site::with(Fault::CreateWithoutParent);
    let seller = json!({ "@type": "Organization", "@id": "https://id.sandbox.example.org/sellers/1" });
    let wanted = json!({
        "@type": "ScheduledSession",
        "superEvent": { "@type": "SessionSeries", "organizer": seller },
        "test:testOpportunityCriteria": "https://openactive.io/test-interface#TestOpportunityBookable",
        "test:testOpenBookingFlow": "https://openactive.io/test-interface#OpenBookingSimpleFlow"
    });
    let url = format!("http://{}/api/openbooking/test-interface/datasets/d/opportunities", site.sandbox.address());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let status = runtime.block_on(async {
        crate::support::http_client()
            .build()
            .unwrap()
            .post(url)
            .body(wanted.to_string())
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    });
    assert_eq!(status, 201);
    let feeds = site.judged(&["--mode", "none"]).0;
    let orphans = |name: &str| feeds.iter().find(|feed| feed["name"] == name).unwrap()["orphans"].clone();
    assert_eq!((orphans("ScheduledSession"), orphans("FacilityUseSlot")), (json!(1), json!(0)));
    let shown = site.feeds(&["--mode", "none"]).stdout;
    assert!(shown.contains("`superEvent` or `facilityUse` is in no feed"), "{shown}");
}

#[test]
fn a_reading_is_taken_up_where_it_stood() {
    let site = Site::new(SandboxOptions { page_size: 20, ..SandboxOptions::default() });
    let arguments = ["--mode", "none", "--feed", "Event", "--state", "state.json"];
    let whole = site.judged(&["--mode", "none", "--feed", "Event"]).0[0]["updated"].as_u64().unwrap();
    let (first, code) = site.judged(&[&arguments[..], &["--max-pages", "3"]].concat());
    assert_eq!((code, &first[0]["complete"], &first[0]["updated"]), (2, &json!(false), &json!(60)));
    assert!(site.bench.path("state.json").exists());
    let (second, code) = site.judged(&arguments);
    assert_eq!((code, &second[0]["complete"]), (0, &json!(true)));
    assert_eq!(second[0]["updated"].as_u64().unwrap(), whole - 60, "nothing twice, nothing left out");
    assert!(!site.bench.path("state.json").exists(), "there is nothing left to take up");
}

#[test]
fn what_is_no_feed_is_named() {
    let site = Site::new(SandboxOptions::default());
    let refused = |url: &str, needle: &str| {
        let outcome = site.bench.oa_test(&["feeds", url]);
        assert_eq!(outcome.code, 2, "{url}");
        assert!(outcome.stderr.contains(needle), "{}", outcome.stderr);
    };
    let origin = format!("http://{}", site.sandbox.address());
    refused(&format!("{origin}/nothing"), "returned HTTP 404");
    refused(&format!("{origin}/"), "neither a dataset site with JSON-LD nor a feed");
    refused("http://127.0.0.1:1/", "cannot read http://127.0.0.1:1/");
    let outcome = site.feeds(&["--feed", "Nope"]);
    assert!(
        outcome.stderr.contains("no feed matches --feed: the dataset site has SessionSeries"),
        "{}",
        outcome.stderr
    );
    let feed = site.bench.oa_test(&["feeds", &format!("{origin}/feeds/events")]);
    assert_eq!(feed.code, 0, "a single feed will do: {}", feed.stderr);
}

#[test]
fn byte_order_marks_and_duplicate_keys_of_pages_are_warnings() {
    let address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&address);
    let page = |base: &str, path: &str| {
        let items = if path.contains("after") {
            String::new()
        } else {
            let data = r#"{"@context":"https://openactive.io/","@type":"Event","name":"A","name":"B"}"#;
            format!(r#"{{"state":"updated","kind":"Event","id":"1","modified":0,"modified":1,"data":{data}}}"#)
        };
        format!(
            "\u{feff}{{\"next\":\"x\",\"next\":\"{base}/feed?afterChangeNumber=1\",\"items\":[{items}],\"license\":\"\"}}"
        )
    };
    let target = Target::start(move |_, path, _| {
        respond(200, "application/json", page(known.get().map_or("", String::as_str), path))
    });
    address.set(target.url("")).unwrap();
    let outcome = Bench::new().oa_test(&["feeds", "--json", &target.url("/feed")]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    let feed = &json["feeds"][0];
    assert_eq!((&feed["complete"], &feed["updated"], feed.get("error")), (&json!(true), &json!(1), None), "{feed}");
    let issues = feed["issues"].as_array().unwrap();
    let warned = |kind: &str, message: &str| {
        let found = issues.iter().find(|issue| issue["type"] == kind && issue["message"] == message);
        assert!(found.is_some_and(|issue| issue["severity"] == "warning"), "{message}: {issues:?}");
    };
    warned("byte_order_mark", "response starts with a byte order mark");
    warned("duplicate_key", "`next` occurs more than once in a page; its last value counts");
    warned("duplicate_key", "`modified` occurs more than once in an item; its last value counts");
    let of_items = feed["findings"].as_array().unwrap();
    let name = of_items.iter().find(|finding| finding["type"] == "duplicate_key").unwrap();
    assert_eq!((&name["path"], &name["found"]), (&json!("$.name"), &json!("\"A\", then \"B\"")));
    assert!(!issues.iter().any(|issue| issue["type"] == "last_page_no_items"), "{issues:?}");
}

#[test]
fn other_encodings_are_named() {
    let target = Target::start(|_, _, _| respond(200, "application/json", b"\xff\xfe{\0}\0".to_vec()));
    let outcome = Bench::new().oa_test(&["feeds", &target.url("/feed")]);
    assert!(outcome.code == 2 && outcome.stderr.contains("is UTF-16, expected UTF-8"), "{}", outcome.stderr);
}

#[test]
fn a_dataset_site_with_a_byte_order_mark_is_read() {
    let site = Site::with(Fault::ByteOrderMark);
    let outcome = site.feeds(&["--json", "--feed", "ScheduledSession"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stderr.contains("response starts with a byte order mark"), "{}", outcome.stderr);
}

/// A target with feeds, by their path and query; `{base}` in a body is its address.
fn feeds_of_target(answer: impl Fn(&str) -> Option<Value> + Send + Sync + 'static, media_type: &'static str) -> Target {
    let address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&address);
    let target = Target::start(move |_, path, _| match answer(path) {
        Some(page) => {
            respond(200, media_type, page.to_string().replace("{base}", known.get().map_or("", String::as_str)))
        }
        None => respond(400, "application/json", "{}"),
    });
    address.set(target.url("")).unwrap();
    target
}

fn judged(target: &Target, path: &str, arguments: &[&str]) -> (Value, i32) {
    let url = target.url(path);
    let all: Vec<&str> = ["feeds", "--json", &url].into_iter().chain(arguments.iter().copied()).collect();
    let outcome = Bench::new().oa_test(&all);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    (json["feeds"][0].clone(), outcome.code)
}

fn page(next: &str, items: &[Value]) -> Value {
    let license = "https://creativecommons.org/licenses/by/4.0/";
    json!({ "next": format!("{{base}}{next}"), "items": items, "license": license })
}

/// Rules of RPDE that a feed breaks, with their severity.
fn issues(feed: &Value) -> Vec<(&str, &str)> {
    let list = feed["issues"].as_array().unwrap().iter();
    let mut found: Vec<(&str, &str)> = list
        .map(|issue| (issue["type"].as_str().unwrap(), issue["severity"].as_str().unwrap()))
        .filter(|(rule, _)| !matches!(*rule, "missing_cache_control" | "no_deleted_items"))
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn a_position_that_a_feed_has_not_given_is_no_finding_when_it_is_refused() {
    for (modified, after) in [
        (json!("2024-09-15T09:12:55Z"), "afterTimestamp=2024-09-15T09%3A12%3A55Z&afterId=1"),
        (json!(1_700_000_003), "afterTimestamp=1700000003&afterId=1"),
        (json!(639_000_000_000_000_000_i64), "afterTimestamp=639000000000000000&afterId=1"),
        (json!(102), "afterChangeNumber=102"),
    ] {
        let end = format!("/feed?{after}");
        let item = json!({ "state": "deleted", "kind": "Event", "id": "1", "modified": modified });
        let target = feeds_of_target(
            move |path| match path {
                "/feed" => Some(page(&end, std::slice::from_ref(&item))),
                path if path == end => Some(page(&end, &[])),
                _ => None,
            },
            "application/json",
        );
        let (feed, code) = judged(&target, "/feed", &["--mode", "none"]);
        assert_eq!((code, &feed["complete"]), (0, &json!(true)), "{after}: {feed}");
        assert!(issues(&feed).iter().all(|(_, severity)| *severity == "suggestion"), "{after}: {feed}");
    }
}

#[test]
fn parameters_of_a_feed_are_kept_beyond_its_end() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::<String>::new()));
    let requests = std::sync::Arc::clone(&seen);
    let target = feeds_of_target(
        move |path| {
            requests.lock().unwrap().push(path.to_owned());
            let item =
                json!({ "state": "deleted", "kind": "Event", "id": "1", "modified": 639_000_000_000_000_000_i64 });
            match path.split_once("after") {
                // Without its key the feed has items for everybody.
                _ if !path.contains("key=a%20b") => Some(page("/feed?x=1", &[item])),
                None => Some(page("/feed?key=a%20b&afterTimestamp=639000000000000000&afterId=1", &[item])),
                Some(_) => Some(page(path, &[])),
            }
        },
        "application/json",
    );
    let (feed, code) = judged(&target, "/feed?key=a%20b", &["--mode", "none"]);
    let seen = seen.lock().unwrap();
    let last = seen.last().unwrap();
    assert!(last.starts_with("/feed?key=a%20b&afterTimestamp=6") && last.ends_with("&afterId=1"), "{seen:?}");
    assert_ne!(last, "/feed?key=a%20b&afterTimestamp=639000000000000000&afterId=1");
    assert_eq!((code, issues(&feed)), (0, vec![("modified_beyond_2_53", "suggestion")]), "{feed}");
}

#[test]
fn a_feed_that_ignores_positions_is_found_beyond_its_end() {
    let item = json!({ "state": "deleted", "kind": "Event", "id": "1", "modified": 5 });
    let target = feeds_of_target(
        move |path| match path {
            "/feed?afterChangeNumber=5" => Some(page(path, &[])),
            _ => Some(page("/feed?afterChangeNumber=5", std::slice::from_ref(&item))),
        },
        "application/json",
    );
    let (feed, code) = judged(&target, "/feed", &["--mode", "none"]);
    assert_eq!((code, issues(&feed)), (1, vec![("last_page_no_items", "failure")]), "{feed}");
}

#[test]
fn no_deleted_items_are_a_suggestion() {
    let item = json!({ "state": "updated", "kind": "Event", "id": "1", "modified": 5, "data": {} });
    let target = feeds_of_target(
        move |path| {
            let items = if path == "/feed" { std::slice::from_ref(&item) } else { &[] };
            Some(page(if path == "/feed" { "/feed?afterChangeNumber=5" } else { path }, items))
        },
        "application/json",
    );
    let (feed, code) = judged(&target, "/feed", &["--mode", "none"]);
    let deleted = feed["issues"].as_array().unwrap().iter().find(|issue| issue["type"] == "no_deleted_items").unwrap();
    assert_eq!((&deleted["severity"], code), (&json!("suggestion"), 0), "{feed}");
}

#[test]
fn the_mode_decides_what_a_feed_is_whatever_its_path() {
    let order = json!({ "state": "deleted", "kind": "Order", "id": "1", "modified": 5 });
    let target = feeds_of_target(
        move |path| {
            let (start, query) = path.split_once('?').unwrap_or((path, ""));
            let items = if query.is_empty() { std::slice::from_ref(&order) } else { &[] };
            let next = if query.is_empty() { format!("{start}?afterChangeNumber=5") } else { path.to_owned() };
            let mut page = page(&next, items);
            page.as_object_mut().unwrap().remove("license");
            Some(page)
        },
        "application/vnd.openactive.booking+json; version=1",
    );
    let failures = |path: &str, mode: &[&str]| {
        let feed = judged(&target, path, mode).0;
        failures(&feed).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(failures("/api/feed", &["-m", "OrdersFeed"]), Vec::<String>::new());
    assert_eq!(failures("/api/feed", &["-m", "OrderProposalsFeed"]), Vec::<String>::new());
    assert_eq!(failures("/api/orders-rpde", &[]), Vec::<String>::new());
    let open = ["invalid_content_type", "missing_required_field"];
    assert_eq!(failures("/api/feed", &[]), open);
    assert_eq!(failures("/api/orders-rpde", &["-m", "RPDEFeed"]), open);
}

#[test]
fn what_is_wrong_with_items_is_shown() {
    let found = |items: Value| {
        let target = feeds_of_target(
            move |path| {
                let mut first = page("/feed?afterChangeNumber=5", &[]);
                first["items"] = items.clone();
                Some(if path.contains('?') { page(path, &[]) } else { first })
            },
            "application/json",
        );
        let feed = judged(&target, "/feed", &["--mode", "none"]).0;
        let issues = feed["issues"].as_array().unwrap().iter();
        let of_items = issues.filter(|issue| issue["message"].as_str().unwrap().contains("`items`"));
        of_items.map(|issue| issue["first"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
    };
    assert!(found(json!({ "a": 1 })).ends_with(": {\"a\":1}"));
    assert!(found(json!(["entry"])).ends_with(": \"entry\""));
}

#[test]
fn a_feed_of_empty_pages_without_an_end_is_given_up() {
    let clock = std::sync::atomic::AtomicU64::new(1_700_000_000);
    let target = feeds_of_target(
        move |_| {
            let now = clock.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Some(page(&format!("/feed?afterTimestamp={now}&afterId=1"), &[]))
        },
        "application/json",
    );
    let (feed, code) = judged(&target, "/feed", &["--mode", "none"]);
    assert_eq!((code, &feed["complete"]), (1, &json!(false)));
    assert_eq!(feed["error"], "feed has no last page: 100 consecutive pages without items");
}

#[test]
fn a_feed_at_the_root_of_a_host_is_at_one_address() {
    let item = json!({ "state": "deleted", "kind": "Event", "id": "1", "modified": 5 });
    let target = feeds_of_target(
        move |path| {
            let items = if path == "/" { std::slice::from_ref(&item) } else { &[] };
            Some(page(if path == "/" { "/?afterChangeNumber=5" } else { path }, items))
        },
        "application/json",
    );
    for path in ["", "/"] {
        let (feed, code) = judged(&target, path, &["--mode", "none"]);
        assert_eq!((code, issues(&feed)), (0, vec![]), "{path}: {feed}");
        assert!(feed["name"].as_str().unwrap().starts_with("127.0.0.1"), "{feed}");
    }
}

#[test]
fn a_dataset_site_without_a_list_of_feeds_is_named() {
    let dataset = json!({ "@type": "Dataset", "distribution": { "@type": "DataDownload" } });
    let target = Target::start(move |_, _, _| respond(200, "application/json", dataset.to_string()));
    let outcome = Bench::new().oa_test(&["feeds", &target.url("/")]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("`distribution` of the dataset site"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("expected a list of DataDownload"), "{}", outcome.stderr);
}

/// A target whose dataset site has these JSON-LD blocks, each with its media type; `{base}` in them is its address. Its feeds
/// have one deleted item.
fn dataset_site(blocks: &[(&str, String)]) -> Target {
    let address = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = std::sync::Arc::clone(&address);
    let scripts = blocks.iter().map(|(kind, text)| format!("<script type=\"{kind}\">{text}</script>"));
    let html = format!("<!DOCTYPE html><html><head>{}</head></html>", scripts.collect::<String>());
    let target = Target::start(move |_, path, _| {
        let base = known.get().map_or("", String::as_str);
        match path {
            "/" => respond(200, "text/html; charset=utf-8", html.replace("{base}", base)),
            path if path.contains("afterChangeNumber") => {
                respond(200, "application/json", page(path, &[]).to_string().replace("{base}", base))
            }
            path => {
                let item = json!({ "state": "deleted", "kind": "Event", "id": "1", "modified": 1 });
                let next = format!("{path}?afterChangeNumber=1");
                respond(200, "application/json", page(&next, &[item]).to_string().replace("{base}", base))
            }
        }
    });
    address.set(target.url("")).unwrap();
    target
}

/// The names of the feeds that are read of a dataset site, what is wrong with it, and the exit code.
fn feeds_of_site(blocks: &[(&str, String)]) -> (Vec<String>, Vec<String>, i32) {
    let target = dataset_site(blocks);
    let outcome = Bench::new().oa_test(&["feeds", "--json", "--mode", "none", &target.url("/")]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr));
    let texts = |list: &Value, of: &dyn Fn(&Value) -> Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|value| of(value).as_str().unwrap().to_owned()).collect()
    };
    let names = texts(&json["feeds"], &|feed| feed["name"].clone());
    (names, texts(&json["datasetSite"], &|problem| problem["message"].clone()), outcome.code)
}

#[test]
fn a_dataset_is_found_wherever_json_ld_has_it() {
    let kind = "application/ld+json";
    let feed = json!({ "@type": "DataDownload", "name": "Event", "contentUrl": "{base}/events" });
    let dataset = json!({ "@context": "https://schema.org/", "@type": "Dataset", "distribution": [feed] });
    let other = json!({ "@context": "https://schema.org/", "@type": "Organization", "name": "Example Leisure" });
    let several = json!({ "@type": ["Dataset", "DataFeed"], "distribution": feed });
    let table = json!({ "@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": "{base}/events.csv" });
    let with_table = json!({ "@type": "Dataset", "distribution": [table, feed] });
    for blocks in [
        vec![(kind, dataset.to_string())],
        vec![(kind, other.to_string()), (kind, dataset.to_string())],
        vec![(kind, json!({ "@context": "https://schema.org/", "@graph": [other, dataset] }).to_string())],
        vec![(kind, json!([other, dataset]).to_string())],
        vec![(kind, several.to_string())],
        vec![("application/ld+json; charset=utf-8", dataset.to_string())],
        vec![(kind, with_table.to_string())],
        vec![(kind, "{ broken".to_owned()), (kind, dataset.to_string())],
        vec![(kind, format!("\u{feff}{dataset}"))],
    ] {
        assert_eq!(feeds_of_site(&blocks), (vec!["Event".to_owned()], vec![], 0), "{blocks:?}");
    }
}

#[test]
fn no_feed_of_a_dataset_is_left_out_silently() {
    let feed = |url: &str| json!({ "@type": "DataDownload", "identifier": format!("feed {url}"), "contentUrl": url });
    let distribution = [feed("{base}/events"), feed("/slots"), feed(""), json!({ "@type": "DataDownload" })];
    let dataset = json!({ "@type": "Dataset", "distribution": distribution });
    let (names, problems, code) = feeds_of_site(&[("application/ld+json", dataset.to_string())]);
    assert_eq!((names.len(), code), (2, 1), "{names:?} {problems:?}");
    assert_eq!(
        problems,
        [
            "`distribution[1].contentUrl` is not an absolute URL",
            "`distribution[2].contentUrl` is missing, so that the feed is not read",
            "`distribution[3].contentUrl` is missing, so that the feed is not read",
        ]
    );
}

#[test]
fn a_catalogue_is_no_dataset_site() {
    let catalogue = json!({ "@type": "DataCatalog", "dataset": ["https://example.com/openactive"] });
    let target = dataset_site(&[("application/ld+json", catalogue.to_string())]);
    let outcome = Bench::new().oa_test(&["init", &target.url("/")]);
    assert_ne!(outcome.code, 0);
    assert!(outcome.stderr.contains("is a data catalogue, not a dataset site"), "{}", outcome.stderr);
}

/// An `&` that is not encoded cuts the last parameter off, so that `next` begins before the last item.
#[test]
fn parameters_of_next_are_encoded() {
    let id = "https://example.com/slot?court=1&t=2";
    let target = feeds_of_target(
        move |path| {
            let item = json!({ "state": "deleted", "kind": "Slot", "id": id, "modified": 5 });
            let next = format!("/slots?afterTimestamp=5&afterId={id}");
            Some(if path.contains("after") { page(path, &[]) } else { page(&next, &[item]) })
        },
        "application/json",
    );
    let (feed, code) = judged(&target, "/slots", &["--mode", "none"]);
    assert_eq!((issues(&feed), code), (vec![("last_item_not_matching_next", "failure")], 1), "{feed}");
    assert!(feed.to_string().contains("not URL-encoded"), "{feed}");
}
