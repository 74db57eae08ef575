//! `--data FILE`: the state is found again as it was left.

use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Stdio};

use oa_test::sandbox::Fault;

use crate::support::Bench;

use super::deviations::FREE;
use super::*;

fn kept(file: &Path) -> Client {
    Client::new(SandboxOptions { data: Some(file.to_owned()), ..SandboxOptions::default() })
}

/// A client of the binary, which can be killed.
fn spawned(bench: &Bench) -> (Child, String) {
    let mut sandbox = bench
        .command(&[
            "sandbox",
            "--port",
            "0",
            "--test-interface",
            "--data",
            "state.jsonl",
            "--switch",
            "booking-partner-openid-authentication=off",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let origin = line.trim().trim_start_matches("Dataset site").trim().trim_end_matches("/openactive/").to_owned();
    (sandbox, origin)
}

#[test]
fn what_was_answered_survives_a_restart() {
    let bench = Bench::new();
    let file = bench.path("state.jsonl");
    let (pair, order, feed, parents) = {
        let client = kept(&file);
        let pair = client.create(FREE, SIMPLE);
        client.put("orders", 1, &pair, 2);
        client.put("order-quotes", 2, &pair, 3);
        let order = client.request("GET", &format!("/api/openbooking/orders/{}", uuid(1)), None, true);
        client.act("AttendeeAttended", "Order", &order.body["@id"]);
        let parents = client.request("GET", "/feeds/session-series", None, false).body["items"].clone();
        (pair, order.body, client.feed("orders-rpde"), parents)
    };
    let client = kept(&file);
    let moved = |value: &Value, from: &str| {
        let text = value.to_string().replace(from, &format!("http://{}/", client.sandbox.address()));
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let before = order["@id"].as_str().unwrap().split_once("api/").unwrap().0;
    assert_eq!(json!(client.feed("orders-rpde")), moved(&json!(feed), before), "with the same modified");
    assert_eq!(client.request("GET", "/feeds/session-series", None, false).body["items"], parents);
    assert_eq!(client.capacity(&pair.0), 5, "two booked, three leased");
    let again = client.put("orders", 1, &pair, 2);
    assert_eq!(again.status, 201, "B is still idempotent: {}", again.body);
    assert_eq!(again.body["orderedItem"][0]["accessCode"], order["orderedItem"][0]["accessCode"]);
    assert_eq!(client.capacity(&pair.0), 5);
    let new = client.create(FREE, SIMPLE);
    assert_ne!(new.0, pair.0, "numbers go on");
    assert_eq!(client.put("orders", 3, &new, 1).status, 201);
    let last = |feed: &Value| feed.as_array().unwrap().last().unwrap()["modified"].as_i64().unwrap();
    let published = client.published(&new.0).unwrap();
    assert_eq!(published["remainingAttendeeCapacity"], 9);
    client.act("AttendeeAbsent", "Order", &again.body["@id"]);
    assert!(last(&json!(client.feed("orders-rpde"))) > last(&json!(feed)), "feeds go on");
}

#[test]
fn what_was_answered_survives_a_kill() {
    let bench = Bench::new();
    let http = Client::plain();
    let send = |method: &str, url: String, body: &Value| {
        let request = http
            .http
            .request(method.parse().unwrap(), url)
            .header("X-OpenActive-Test-Client-Id", "booking-partner-1")
            .header("X-OpenActive-Test-Seller-Id", SELLER)
            .body(body.to_string());
        http.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            (status, serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap_or_default())
        })
    };
    let mut pair = None;
    // Killed right after a response, twice: each time every change with a response is there.
    for round in 1..=3_u32 {
        let (mut sandbox, origin) = spawned(&bench);
        let api = format!("{origin}/api/openbooking");
        let pair = pair.get_or_insert_with(|| {
            let wanted = wanted("ScheduledSession", FREE, SIMPLE, SELLER);
            let (status, created) = send("POST", format!("{api}/test-interface/datasets/tests/opportunities"), &wanted);
            assert_eq!(status, 201, "{created}");
            let id = created["@id"].as_str().unwrap().to_owned();
            let series = id.split("/scheduled-sessions").next().unwrap().to_owned();
            (id, format!("{series}#/offers/0"))
        });
        for earlier in 1..round {
            let (status, order) = send("GET", format!("{api}/orders/{}", uuid(earlier)), &Value::Null);
            assert_eq!((status, &order["identifier"]), (200, &json!(uuid(earlier))));
        }
        let order = body("Order", items(pair, 1));
        assert_eq!(send("PUT", format!("{api}/orders/{}", uuid(round)), &order).0, 201);
        sandbox.kill().unwrap();
        sandbox.wait().unwrap();
    }
}

#[test]
fn a_file_that_is_no_state_is_refused_and_left_alone() {
    let bench = Bench::new();
    bench.write("notes.txt", "nothing of the kind, but longer than a header would be ".repeat(100).as_str());
    let outcome = bench.oa_test(&["sandbox", "--port", "0", "--data", "notes.txt"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("cannot save the state in notes.txt"), "{}", outcome.stderr);
    assert!(std::fs::read_to_string(bench.path("notes.txt")).unwrap().starts_with("nothing of the kind"));
    let client = kept(&bench.path("state.jsonl"));
    let second = bench.oa_test(&["sandbox", "--port", "0", "--data", "state.jsonl"]);
    assert_eq!(second.code, 2, "one file, one sandbox");
    assert!(second.stderr.contains("cannot save the state in state.jsonl"), "{}", second.stderr);
    drop(client);
}

#[test]
fn a_restart_can_bring_a_fault() {
    let bench = Bench::new();
    let file = bench.path("state.jsonl");
    let pair = kept(&file).create(FREE, SIMPLE);
    let faults = oa_test::sandbox::Faults::new(vec![Fault::BStatus202]);
    let client = Client::new(SandboxOptions { faults, data: Some(file), ..SandboxOptions::default() });
    assert_eq!(client.put("orders", 1, &pair, 1).status, 202);
}
