//! HTTP as RFC 9110 and RFC 9112 have it: connections that close, servers that are busy, systems without CA certificates; and
//! how many requests a run makes of feeds.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::response::Response;
use oa_test::client::{Client, Confidence, Payload, Recorder, Redactor, Request};
use oa_test::sandbox::{Sandbox, SandboxOptions, Switch};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Bench, HEADER_CREDENTIALS, Outcome, Target, dataset_page, respond, run_against};

/// A sandbox without an OpenID provider.
pub(crate) struct Site {
    pub(crate) sandbox: Sandbox,
    runtime: tokio::runtime::Runtime,
}

impl Site {
    pub(crate) fn new(page_ms: u64) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut options = SandboxOptions { page_ms, ..SandboxOptions::default() };
        options.switches.set(Switch::OpenIdAuthentication, false);
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        Self { sandbox, runtime }
    }

    /// `oa-test run` against it, by way of a proxy if there is one.
    pub(crate) fn run(&self, proxy: Option<SocketAddr>, arguments: &[&str]) -> Outcome {
        let bench = Bench::new();
        bench.write("headers.json", HEADER_CREDENTIALS);
        let site = self.sandbox.dataset_site();
        let mut command = bench.command(&["run", "--config", "headers.json", "--target", &site]);
        command.args(arguments);
        for variable in ["http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(variable);
        }
        if let Some(proxy) = proxy {
            command.env("http_proxy", format!("http://{proxy}"));
        }
        let output = command.output().unwrap();
        bench.outcome(&output)
    }
}

const ONE_CELL: &[&str] = &[
    "--test",
    "opportunity-attendance-update-customer-attended",
    "--flow",
    "OpenBookingSimpleFlow",
    "--type",
    "ScheduledSession",
];

/// Reads a message of HTTP up to the end of its body; none where the connection is closed before one begins.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if bytes.len() >= head + length.unwrap_or(0) {
                return Some(bytes);
            }
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&part[..read]),
        }
    }
}

/// Takes one request after the other of each connection; what comes back is the response, or nothing and the connection is
/// closed.
pub(crate) fn proxy(answer: impl Fn(usize, &[u8]) -> Option<Vec<u8>> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), Arc::clone(&answer));
            std::thread::spawn(move || {
                let mut number = 0;
                while let Some(request) = message(&mut stream) {
                    let Some(response) = answer(number, &request) else { return };
                    if stream.write_all(&response).is_err() {
                        return;
                    }
                    number += 1;
                }
            });
        }
    });
    address
}

/// Forwards a request to a server, and returns its response, without the headers of the connection.
pub(crate) fn forward(to: SocketAddr, request: &[u8]) -> Vec<u8> {
    let at = request.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
    let mut stream = TcpStream::connect(to).unwrap();
    stream.write_all(&request[..at]).unwrap();
    stream.write_all(b"connection: close\r\n").unwrap();
    stream.write_all(&request[at..]).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let head = response.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let text = String::from_utf8(response[..head].to_vec()).unwrap();
    let kept: Vec<&str> = text.split("\r\n").filter(|line| !line.to_lowercase().starts_with("connection:")).collect();
    [kept.join("\r\n").as_bytes(), &response[head..]].concat()
}

fn exchanges(outcome: &Outcome) -> &[Value] {
    outcome.report()["exchanges"].as_array().unwrap()
}

fn by_id(outcome: &Outcome, id: &Value) -> Value {
    exchanges(outcome).iter().find(|exchange| exchange["id"] == *id).unwrap().clone()
}

/// Every connection that is kept alive is closed as soon as a second request comes, and that of the first PUT in any case.
#[test]
fn a_request_is_sent_again_when_its_connection_was_closed() {
    let site = Site::new(0);
    let to = site.sandbox.address();
    let puts = AtomicUsize::new(0);
    let between = proxy(move |number, request| {
        let first_put = request.starts_with(b"PUT") && puts.fetch_add(1, Ordering::SeqCst) == 0;
        (number == 0 && !first_put).then(|| forward(to, request))
    });
    let outcome = site.run(Some(between), ONE_CELL);
    assert_eq!((outcome.code, outcome.counts()), (0, (1, 0, 0)), "{}\n{}", outcome.stdout, outcome.messages());
    let again: Vec<&Value> = exchanges(&outcome).iter().filter(|exchange| exchange["retry_of"].is_u64()).collect();
    assert!(again.iter().any(|exchange| exchange["method"] == "PUT"), "{again:#?}");
    for exchange in again {
        let before = by_id(&outcome, &exchange["retry_of"]);
        assert_eq!((&before["url"], &before["request_body"]), (&exchange["url"], &exchange["request_body"]));
        assert!(before["failure"].is_object() && before["answer"].is_null(), "{before:#}");
        assert_ne!(exchange["method"], "POST");
    }
}

/// A client, with a time limit of 20 seconds.
fn send(method: Method, url: &str) -> (oa_test::client::Response, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::new(Redactor::default()));
    let client = Client::new(Arc::clone(&recorder), false).unwrap();
    let headers = Vec::new();
    let body = json!({ "@type": "Order" });
    let request = Request {
        label: "B",
        feed: None,
        method,
        url,
        configured: &headers,
        accept: "application/json",
        content_type: Some("application/json"),
        body: Payload::Json(&body),
        redirects: true,
        confidence: Confidence::Usual,
        timeout: Duration::from_secs(20),
    };
    let response = tokio::runtime::Runtime::new().unwrap().block_on(client.send(request));
    (response, recorder)
}

#[test]
fn a_server_that_closes_every_connection_is_asked_twice_and_no_more() {
    for (method, requests) in
        [(Method::PUT, 2), (Method::GET, 2), (Method::DELETE, 2), (Method::POST, 1), (Method::PATCH, 1)]
    {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let address = proxy(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            None
        });
        let (response, recorder) = send(method.clone(), &format!("http://{address}/"));
        assert_eq!(asked.load(Ordering::SeqCst), requests, "{method}");
        assert_eq!(response.status, None);
        assert_eq!(recorder.all().len(), requests, "{method}");
        let message = response.failure.unwrap().message;
        let closed_twice = message.contains("closed two connections without a response");
        assert_eq!(closed_twice, requests == 2, "{method}: {message}");
    }
    let closing = proxy(|_, _| None);
    let outcome = run_against(&format!("http://{closing}/"), ONE_CELL);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.messages().contains("closed two connections without a response"), "{}", outcome.messages());
}

fn busy(status: u16, retry_after: &str) -> Response {
    let mut response = respond(status, "application/json", "{}");
    response.headers_mut().insert("retry-after", retry_after.parse().unwrap());
    response
}

#[test]
fn a_server_that_is_busy_is_asked_again_after_the_wait_that_it_asks_for() {
    for (method, status) in [(Method::PUT, 503), (Method::POST, 429)] {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let target = Target::start(move |_, _, _| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => busy(status, "1"),
            1 => busy(status, "Sun, 06 Nov 1994 08:49:37 GMT"),
            _ => respond(201, "application/json", "{}"),
        });
        let begun = Instant::now();
        let (response, recorder) = send(method, &target.url("/"));
        assert!(begun.elapsed() >= Duration::from_secs(1));
        assert_eq!((response.status, asked.load(Ordering::SeqCst)), (Some(201), 3));
        let retries: Vec<_> = recorder.all().iter().map(|exchange| exchange.retry_of).collect();
        assert_eq!(retries, [None, Some(1), Some(2)]);
    }
}

#[test]
fn a_wait_beyond_the_time_limit_is_not_waited_for_and_said() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let target = Target::start(move |_, _, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        busy(503, "3600")
    });
    let (response, _) = send(Method::PUT, &target.url("/"));
    let message = response.failure.unwrap().message;
    assert_eq!(message, "HTTP 503 with a Retry-After of 3600 s, longer than the time limit of 20000 ms allows");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let outcome = run_against(&target.url("/"), ONE_CELL);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert!(outcome.messages().contains("HTTP 503 with a Retry-After of 3600 s"), "{}", outcome.messages());
}

#[test]
fn a_booking_that_is_put_off_is_made_again() {
    let site = Site::new(0);
    let to = site.sandbox.address();
    let put_off = AtomicUsize::new(0);
    let between = proxy(move |_, request| {
        let first = request.starts_with(b"PUT") && put_off.fetch_add(1, Ordering::SeqCst) == 0;
        let busy = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n".to_vec();
        Some(if first { busy } else { forward(to, request) })
    });
    let outcome = site.run(Some(between), ONE_CELL);
    assert_eq!((outcome.code, outcome.counts()), (0, (1, 0, 0)), "{}\n{}", outcome.stdout, outcome.messages());
    let again: Vec<&Value> = exchanges(&outcome).iter().filter(|exchange| exchange["retry_of"].is_u64()).collect();
    assert_eq!(again.len(), 1, "{again:#?}");
    assert_eq!(by_id(&outcome, &again[0]["retry_of"])["answer"]["status"], 503);
}

#[test]
fn a_feed_that_asks_for_a_longer_wait_than_there_is_blocks_and_says_so() {
    let host = Arc::new(std::sync::OnceLock::<String>::new());
    let known = Arc::clone(&host);
    let target = Target::start(move |method, path, _| match (method, path) {
        ("GET", "/") => dataset_page(known.get().unwrap()),
        ("DELETE", _) => respond(204, "application/json", ""),
        ("POST", _) => {
            respond(201, "application/json", "{\"@type\":\"ScheduledSession\",\"@id\":\"https://a.example/1\"}")
        }
        _ => busy(429, "3600"),
    });
    host.set(target.address.to_string()).unwrap();
    let outcome = run_against(&target.url("/"), ONE_CELL);
    assert_eq!((outcome.code, outcome.counts()), (2, (0, 0, 1)), "{}\n{}", outcome.stdout, outcome.messages());
    let said = "HTTP 429 with a Retry-After of 3600 s, longer than the limit of 60 s";
    assert!(outcome.stdout.contains(said), "{}", outcome.stdout);
}

/// The binary on a system that has no CA certificates.
fn without_certificates(arguments: &[&str]) -> Outcome {
    let bench = Bench::new();
    bench.write("headers.json", HEADER_CREDENTIALS);
    let mut command = bench.command(arguments);
    let output = command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent").output().unwrap();
    bench.outcome(&output)
}

/// On Linux the certificates are those of these two variables; other systems have a store of their own.
#[test]
#[cfg(target_os = "linux")]
fn plain_http_needs_no_ca_certificates_and_https_says_that_they_are_missing() {
    let all: Vec<&str> = ["run"].into_iter().chain(ONE_CELL.iter().copied()).collect();
    let outcome = without_certificates(&all);
    assert_eq!((outcome.code, outcome.counts()), (0, (1, 0, 0)), "{}\n{}", outcome.stdout, outcome.stderr);
    let target = Target::start(|_, _, _| respond(200, "text/html", ""));
    let https = target.url("/").replace("http:", "https:");
    let outcome = without_certificates(&["run", "--config", "headers.json", "--target", &https]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    for said in ["no CA certificates can be loaded", "SSL_CERT_FILE"] {
        assert!(outcome.messages().contains(said), "{}", outcome.messages());
        for command in ["feeds", "validate"] {
            let outcome = without_certificates(&[command, &https]);
            assert!(outcome.code != 0 && outcome.stderr.contains(said), "{command}: {}", outcome.stderr);
        }
    }
}

#[test]
fn pages_of_a_slow_sandbox_are_made_one_at_a_time_whatever_the_feed() {
    let site = Site::new(100);
    let url = |feed: &str| format!("http://{}/feeds/{feed}", site.sandbox.address());
    let http = oa_test::client::http_client().build().unwrap();
    let begun = Instant::now();
    site.runtime.block_on(async {
        let feeds = ["session-series", "scheduled-sessions", "facility-uses"];
        let all = feeds.map(|feed| http.get(url(feed)).send());
        for response in futures::future::join_all(all).await {
            response.unwrap();
        }
    });
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
}

/// Counts, and no times: a machine that is busy makes the pauses longer and the counts smaller.
#[test]
fn a_run_asks_for_few_pages_of_feeds() {
    let site = Site::new(50);
    let outcome = site.run(None, &["--feature", "customer-requested-cancellation", "--flow", "OpenBookingSimpleFlow"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let requests = &outcome.report()["requests"];
    let count = |name: &str| requests[name].as_u64().unwrap();
    let pages: u64 =
        outcome.report()["feeds"].as_array().unwrap().iter().map(|feed| feed["pages"].as_u64().unwrap()).sum();
    assert!(count("booking") > 50 && count("test_interface") > 0 && count("other") > 0, "{requests}");
    assert!(count("feeds") >= pages, "{requests}: {pages} pages were read");
    assert!(count("feeds") <= 3 * count("booking"), "{requests}");
}
