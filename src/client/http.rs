//! HTTP, with everything recorded and nothing trusted: every request has a time limit, every body a size limit.
//!
//! Requests are sent again where RFC 9110 lets a client do so: an idempotent one, once, when the connection was closed before
//! a response, and any when a 429 or 503 asks for a wait (`Retry-After`).

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, ErrorContext as _, ErrorKind};
use crate::results::{Answer, Exchange, ExchangeId, Failure, FailureKind};

use super::message::{Confidence, Request, Response};
use super::recorder::Recorder;
use super::redaction::Redactor;
use super::retry::{closed_before_response, idempotent, wait_of};
use super::tape::Tape;
use super::tls::http_client;

/// A body beyond this many bytes is refused.
const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// This many bytes of a body are kept in the record.
const BODY_KEPT: usize = 256 * 1024;
/// Limit of a page of a feed.
const PAGE_KEPT: usize = 4 * 1024 * 1024;
/// How long a connection is kept alive without a request: servers close it after five seconds or more.
const KEPT_ALIVE: Duration = Duration::from_secs(4);
/// Redirects of a GET that are followed.
const REDIRECT_LIMIT: usize = 10;

/// Makes requests and records them.
#[derive(Debug, Clone)]
pub struct Client {
    source: Source,
    recorder: Arc<Recorder>,
}

/// The source of responses.
#[derive(Debug, Clone)]
enum Source {
    Net(Net),
    Tape(Arc<Tape>),
}

/// The connections of a client.
#[derive(Debug, Clone)]
struct Net {
    kept_alive: reqwest::Client,
    /// Makes a connection for each request. Set up when the first one needs it.
    fresh: Arc<OnceLock<reqwest::Client>>,
    insecure: bool,
    /// Why no TLS certificate can be verified, if so.
    without_roots: Option<Arc<str>>,
}

/// The set-up of the HTTP client.
fn builder(insecure: bool) -> reqwest::ClientBuilder {
    http_client()
        .user_agent(concat!("oa-test/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(10))
        .pool_max_idle_per_host(32)
        .pool_idle_timeout(KEPT_ALIVE)
        .tcp_nodelay(true)
        .tls_danger_accept_invalid_certs(insecure)
}

/// Builds an HTTP client where the system may have no CA certificates: one that trusts no server then, which matters to
/// `https` alone, and the reason.
///
/// # Errors
/// That the system's TLS set-up cannot be used at all.
pub fn build_client(
    builder: impl Fn() -> reqwest::ClientBuilder,
) -> Result<(reqwest::Client, Option<String>), reqwest::Error> {
    builder().build().map(|client| (client, None)).or_else(|error| {
        let reason = format!(
            "no CA certificates can be loaded to verify TLS certificates with ({}): install them, or set SSL_CERT_FILE",
            innermost(&error)
        );
        let client = builder().tls_certs_only(std::iter::empty()).build()?;
        Ok((client, Some(reason)))
    })
}

impl Net {
    fn new(insecure: bool) -> Result<Self, reqwest::Error> {
        let (kept_alive, reason) = build_client(|| builder(insecure))?;
        Ok(Self { kept_alive, fresh: Arc::default(), insecure, without_roots: reason.map(Arc::from) })
    }

    /// A client that makes a connection for each request.
    fn fresh(&self) -> &reqwest::Client {
        self.fresh.get_or_init(|| {
            let fresh = build_client(|| builder(self.insecure).pool_max_idle_per_host(0));
            fresh.map_or_else(|_| self.kept_alive.clone(), |(client, _)| client)
        })
    }
}

impl Client {
    /// A client that writes to `recorder`. With `insecure`, TLS certificates are not verified.
    ///
    /// # Errors
    /// That the system's TLS set-up cannot be used.
    pub fn new(recorder: Arc<Recorder>, insecure: bool) -> Result<Self, Error> {
        let net = Net::new(insecure).context(ErrorKind::Internal, || "cannot set up the HTTP client".to_owned())?;
        Ok(Self { source: Source::Net(net), recorder })
    }

    /// A client that responds from a record. Nothing is sent.
    #[must_use]
    pub fn replaying(tape: Arc<Tape>) -> Self {
        Self { source: Source::Tape(tape), recorder: Arc::new(Recorder::new(Redactor::default())) }
    }

    /// The record of a replay; `None` for a client that sends requests.
    #[must_use]
    pub const fn tape(&self) -> Option<&Arc<Tape>> {
        match &self.source {
            Source::Tape(tape) => Some(tape),
            Source::Net(_) => None,
        }
    }

    /// The record.
    #[must_use]
    pub const fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
    }

    /// Makes a request and records the exchange. A 429 or 503 with `Retry-After` is obeyed, as long as all waits together
    /// stay within the time limit of the request; what asks for a longer one has failed.
    pub async fn send(&self, request: Request<'_>) -> Response {
        self.send_again(request, None).await
    }

    /// As [`send`](Self::send); the record says which exchange is repeated.
    pub async fn send_again(&self, request: Request<'_>, mut retry_of: Option<ExchangeId>) -> Response {
        let mut waited = Duration::ZERO;
        loop {
            let mut response = self.attempt(&request).await;
            let first = response.before.as_deref_mut().unwrap_or(&mut response.exchange);
            first.retry_of = retry_of.or(first.retry_of);
            let asked = wait_of(response.status, response.header("retry-after"), jiff::Timestamp::now());
            let Some(asked) = asked.filter(|_| matches!(self.source, Source::Net(_))) else {
                self.record(&mut response);
                return response;
            };
            let total = waited.saturating_add(asked);
            if total > request.timeout {
                let failure = Failure {
                    kind: FailureKind::Timeout,
                    message: format!(
                        "HTTP {} with a Retry-After of {} s, longer than the time limit of {} ms allows",
                        response.status.unwrap_or_default(),
                        asked.as_secs(),
                        request.timeout.as_millis()
                    ),
                };
                response.exchange.failure = Some(failure.clone());
                response.failure = Some(failure);
                self.record(&mut response);
                return response;
            }
            retry_of = Some(self.record(&mut response));
            tokio::time::sleep(asked).await;
            waited = total;
        }
    }

    /// Records a page of a feed that nothing refers to, where such pages are kept and there is room. Whether it is recorded in
    /// full now.
    pub fn record_page(&self, response: &mut Response) -> bool {
        let size = response.body.len();
        let kept = response.kept.is_some() || (size <= PAGE_KEPT && self.recorder.has_room(size));
        if kept {
            self.record(response);
        }
        kept && size <= PAGE_KEPT
    }

    /// The exchange of a page of a feed that is recorded in full.
    #[must_use]
    pub fn recorded_in_full(response: &Response) -> Option<ExchangeId> {
        response.kept.filter(|_| response.body.len() <= PAGE_KEPT)
    }

    /// Records an exchange that was made quietly. Once only: a second call changes nothing.
    pub fn record(&self, response: &mut Response) -> ExchangeId {
        if let Some(id) = response.kept {
            return id;
        }
        if let Some(before) = response.before.take() {
            response.exchange.retry_of = Some(self.recorder.keep(*before));
        }
        let mut exchange = response.exchange.clone();
        if let Some(answer) = exchange.answer.as_mut().filter(|_| exchange.feed.is_some()) {
            answer.body = self.recorder.redactor().start_of(&response.body, PAGE_KEPT);
        }
        let id = self.recorder.keep(exchange);
        response.kept = Some(id);
        id
    }

    /// Makes a request without recording it: polls of a feed are recorded only when they show something. It obeys no
    /// `Retry-After`.
    pub async fn send_quietly(&self, request: Request<'_>) -> Response {
        self.attempt(&request).await
    }

    /// Makes a request, and once more on a fresh connection where it is idempotent and the connection was closed before a
    /// response.
    async fn attempt(&self, request: &Request<'_>) -> Response {
        let net = match &self.source {
            Source::Tape(tape) => return tape.answer(request),
            Source::Net(net) => net,
        };
        if !idempotent(&request.method) {
            // A connection that is kept alive may be closed at any moment, and the fate of the request is then unknown.
            return self.send_once(net, net.fresh(), request).await.0;
        }
        let (first, closed) = self.send_once(net, &net.kept_alive, request).await;
        if !closed {
            return first;
        }
        let (mut second, closed) = self.send_once(net, net.fresh(), request).await;
        if closed && let Some(failure) = &mut second.failure {
            failure.message.push_str(": the server closed two connections without a response");
            second.exchange.failure = Some(failure.clone());
        }
        second.before = Some(Box::new(first.exchange));
        second
    }

    /// Makes a request once. Whether the connection was closed before a response.
    async fn send_once(&self, net: &Net, http: &reqwest::Client, request: &Request<'_>) -> (Response, bool) {
        let started = Instant::now();
        let redactor = self.recorder.redactor();
        let headers = headers_of(request);
        let body = request.body.bytes();
        if let Confidence::Secrets(fields) = request.confidence {
            redactor.learn_from_request(request.url, body.as_deref().unwrap_or_default(), fields);
        }
        let mut exchange = Exchange {
            id: 0,
            label: request.label.to_owned(),
            feed: request.feed.map(str::to_owned),
            method: request.method.to_string(),
            url: redactor.url(request.url),
            request_headers: shown_headers(&headers, |name, value| redactor.header(name, value)),
            request_body: body.as_ref().map(|body| redactor.body(&String::from_utf8_lossy(body), request.confidence)),
            answer: None,
            failure: None,
            sent: format!("{:.3}", jiff::Timestamp::now()),
            duration_ms: 0,
            retry_of: None,
        };
        self.recorder.count(request);
        let sent = exchange_with(net, http, request, headers, body);
        let outcome = match tokio::time::timeout(request.timeout, sent).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Broken::from(Failure {
                kind: FailureKind::Timeout,
                message: format!("no complete response within {} ms", request.timeout.as_millis()),
            })),
        };
        exchange.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match outcome {
            Ok((status, headers, body, url)) => {
                if let Confidence::Secrets(_) = request.confidence {
                    redactor.learn_from_answer(&headers, &body);
                }
                // Few pages are recorded. Their bodies are redacted when they are.
                let page = exchange.feed.is_some();
                let limit = if page { PAGE_KEPT } else { BODY_KEPT };
                exchange.answer = Some(Answer {
                    status,
                    redirected_to: (url != request.url).then(|| redactor.url(&url)),
                    headers: shown_headers(&headers, |name, value| redactor.header(name, value)),
                    body: if page { String::new() } else { redactor.start_of(&body, limit) },
                    truncated: body.len() > limit,
                });
                let response = Response {
                    exchange,
                    before: None,
                    kept: None,
                    status: Some(status),
                    headers,
                    body,
                    failure: None,
                    url,
                };
                (response, false)
            }
            Err(Broken { mut failure, closed }) => {
                failure.message = redactor.text(&failure.message).into_owned();
                exchange.failure = Some(failure.clone());
                let response = Response {
                    exchange,
                    before: None,
                    kept: None,
                    status: None,
                    headers: HeaderMap::new(),
                    body: Bytes::new(),
                    failure: Some(failure),
                    url: request.url.to_owned(),
                };
                (response, closed)
            }
        }
    }
}

/// Why a request brought no response.
struct Broken {
    failure: Failure,
    /// Whether the connection was closed before a response.
    closed: bool,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self { failure, closed: false }
    }
}

async fn exchange_with(
    net: &Net,
    http: &reqwest::Client,
    request: &Request<'_>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
) -> Result<(u16, HeaderMap, Bytes, String), Broken> {
    let mut url = request.url.to_owned();
    for _ in 0..=REDIRECT_LIMIT {
        let mut builder = http.request(request.method.clone(), &url).headers(headers.clone());
        if let Some(body) = &body {
            builder = builder.body(body.clone());
        }
        let response = builder.send().await.map_err(|error| Broken {
            closed: closed_before_response(&error),
            failure: transport_failure(&error, net.without_roots.as_deref().filter(|_| url.starts_with("https:"))),
        })?;
        let status = response.status().as_u16();
        if request.redirects
            && request.method == Method::GET
            && matches!(status, 301 | 302 | 303 | 307 | 308)
            && let Some(next) = redirect_of(&response, &url)
        {
            // Credentials go to the host that they were meant for, and to no other.
            if !request.configured.is_empty() && !same_origin(&url, &next) {
                return Err(Broken::from(Failure {
                    kind: FailureKind::Redirects,
                    message: format!("redirect to another host, {next}: credentials are not sent there"),
                }));
            }
            url = next;
            continue;
        }
        let response_headers = response.headers().clone();
        let body = read_body(response).await?;
        return Ok((status, response_headers, body, url));
    }
    Err(Broken::from(Failure {
        kind: FailureKind::Redirects,
        message: format!("more than {REDIRECT_LIMIT} redirects"),
    }))
}

async fn read_body(response: reqwest::Response) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| transport_failure(&error, None))?;
        if body.len() + chunk.len() > BODY_LIMIT {
            let message = format!("response body is larger than {} MiB", BODY_LIMIT / 1024 / 1024);
            return Err(Failure { kind: FailureKind::TooLarge, message });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn redirect_of(response: &reqwest::Response, from: &str) -> Option<String> {
    let location = response.headers().get(reqwest::header::LOCATION)?.to_str().ok()?;
    let next = url::Url::parse(from).ok()?.join(location).ok()?;
    matches!(next.scheme(), "http" | "https").then(|| next.to_string())
}

fn same_origin(one: &str, other: &str) -> bool {
    match (url::Url::parse(one), url::Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

fn headers_of(request: &Request<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: &str, value: &str, secret: bool| {
        if let (Ok(name), Ok(mut value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            value.set_sensitive(secret);
            headers.insert(name, value);
        }
    };
    put("accept", request.accept, false);
    if let Some(content_type) = request.content_type {
        put("content-type", content_type, false);
    }
    for (name, value) in request.configured {
        put(name, value.reveal(), true);
    }
    headers
}

fn shown_headers(headers: &HeaderMap, show: impl Fn(&str, &str) -> String) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), show(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))))
        .collect()
}

/// The failure of a request. `without_roots` says why no TLS certificate could be verified, if so.
fn transport_failure(error: &reqwest::Error, without_roots: Option<&str>) -> Failure {
    let kind = if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_connect() || error.is_builder() {
        FailureKind::Unreachable
    } else {
        FailureKind::Broken
    };
    let message = innermost(error);
    match without_roots {
        Some(reason) => Failure { kind, message: format!("{message}; {reason}") },
        None => Failure { kind, message },
    }
}

/// The innermost cause of an error, which is the one that a person can act on.
fn innermost(error: &reqwest::Error) -> String {
    let mut message = error.to_string();
    let mut source: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = source {
        message = cause.to_string();
        source = cause.source();
    }
    message
}
