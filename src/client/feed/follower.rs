//! A follower owns one feed: it reads to the end, then again and again, more often while a cell waits for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering as Atomic};
use std::time::Duration;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Credentials;
use crate::client::http::Client;
use crate::client::message::{Confidence, Payload, Request, Response};
use crate::config::Headers;
use crate::results::{Exchange, ExchangeId, FeedReport, Finding};

use super::pacing::{Reading, pause};
use super::page::{Item, read_page};
use super::walker::{Halt, HaltCause, Next, PageFailure, PageReply, PageSource, Stop, WalkPolicy, Walker};

/// What takes the items of a feed.
pub trait Sink: Send + 'static {
    /// Takes the items of one page. `record` keeps the exchange that brought them and returns its number.
    fn take(&mut self, items: &[Item], record: &mut dyn FnMut() -> u32);
}

/// A page of a feed, as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct RawPage<'p> {
    /// The URL that was requested.
    pub url: &'p str,
    /// The URL that responded, after redirects.
    pub answered: &'p str,
    /// Its `Content-Type`.
    pub content_type: Option<&'p str>,
    /// Its `Cache-Control`.
    pub cache_control: Option<&'p str>,
    /// Its body.
    pub text: &'p str,
    /// The exchange that has it in full; `None` where it is not recorded.
    pub exchange: Option<ExchangeId>,
}

impl<'p> RawPage<'p> {
    /// The page that an exchange brought; `None` where nothing came.
    #[must_use]
    pub fn recorded(exchange: &'p Exchange) -> Option<Self> {
        let answer = exchange.answer.as_ref()?;
        let header =
            |name: &str| answer.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        Some(Self {
            url: &exchange.url,
            answered: exchange.answered_url(),
            content_type: header("content-type"),
            cache_control: header("cache-control"),
            text: &answer.body,
            exchange: (!answer.truncated).then_some(exchange.id),
        })
    }
}

/// What judges every page of a feed.
pub trait PageObserver: fmt::Debug + Send + Sync {
    /// A page was read.
    fn page(&self, page: RawPage<'_>);

    /// Why the feed has no end, where its pages show that.
    fn endless(&self) -> Option<Stop> {
        None
    }

    /// A response was no page; a later one was.
    fn unreadable(&self, url: &str, cause: HaltCause, reason: &str);
}

/// How a feed is read.
#[derive(Debug, Clone)]
pub struct FeedOptions {
    /// Its name in messages.
    pub name: String,
    /// Where it starts.
    pub url: String,
    /// Where the headers come from that are not those of the protocol.
    pub credentials: Credentials,
    /// `Accept`.
    pub accept: &'static str,
    /// Time limit of one request.
    pub timeout: Duration,
    /// Time limit of a wait for the feed.
    pub wait: Duration,
}

/// The end of the reading of a feed that was not read to its end, where that is wrong with the feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeedStop {
    /// The name of the feed.
    pub feed: String,
    /// In words.
    pub reason: String,
    /// The HTTP status of every page, where that is what is wrong.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// The exchange that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<ExchangeId>,
}

impl FeedStop {
    /// What is wrong with the feed.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let mut finding = Finding::new(format!("{}: {}", self.feed, self.reason)).spec(SPEC);
        if let Some(status) = self.status {
            finding = finding.expected("HTTP 200", format!("HTTP {status}"));
        }
        Finding { exchange: self.exchange, ..finding }
    }
}

/// How far a feed has been read.
#[derive(Debug, Clone, Default)]
pub struct FeedStatus {
    /// Pages read.
    pub pages: u64,
    /// Items read.
    pub items: u64,
    /// The number of the last poll that found the end; 0 before the first.
    pub ended: u64,
    /// The last error, until a page is read again.
    pub error: Option<String>,
    /// Whether that error is an answer of the target, rather than the lack of one.
    pub answered: bool,
    /// The status of the last response where that says that the server failed (5XX), until a page is read again.
    pub server_error: Option<u16>,
    /// Whether it is not read any more.
    pub stopped: bool,
    /// Why it is not read any more, where that is wrong with it.
    pub stop: Option<FeedStop>,
    /// Whether a page with items is not in the record, or not in full.
    pub unrecorded: bool,
}

/// Follows one feed.
pub struct Follower {
    options: FeedOptions,
    status: watch::Sender<FeedStatus>,
    polls: AtomicU64,
    waiting: AtomicUsize,
    /// How many wait for its end.
    catching_up: AtomicUsize,
    hurry: Notify,
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").field("name", &self.options.name).finish_non_exhaustive()
    }
}

/// While one of these lives, a cell waits for the feed.
#[derive(Debug)]
pub(super) struct Waiting<'f>(&'f Follower);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Atomic::Relaxed);
    }
}

/// While one of these lives, a cell waits for the end of the feed.
struct CatchingUp<'f>(&'f Follower);

impl<'f> CatchingUp<'f> {
    fn new(follower: &'f Follower) -> Self {
        follower.catching_up.fetch_add(1, Atomic::Relaxed);
        Self(follower)
    }
}

impl Drop for CatchingUp<'_> {
    fn drop(&mut self) {
        self.0.catching_up.fetch_sub(1, Atomic::Relaxed);
    }
}

/// What shows that a feed is wrong which cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// The walk.
    Walk,
    /// A page, which the observer has judged.
    Page,
    /// Nothing: it may be the fault of the configuration.
    Nobody,
}

/// The specification of RPDE.
const SPEC: &str = "https://openactive.io/realtime-paged-data-exchange/";

impl Follower {
    /// Starts to follow a feed; it ends with `cancel`. `observer` judges its pages.
    pub fn start(
        client: Client,
        options: FeedOptions,
        observer: Option<Arc<dyn PageObserver>>,
        sink: impl Sink,
        cancel: CancellationToken,
    ) -> Arc<Self> {
        let follower = Arc::new(Self {
            options,
            status: watch::Sender::new(FeedStatus::default()),
            polls: AtomicU64::new(0),
            waiting: AtomicUsize::new(0),
            catching_up: AtomicUsize::new(0),
            hurry: Notify::new(),
        });
        let following = Arc::clone(&follower);
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = following.follow(client, observer, sink) => {}
            }
            following.status.send_modify(|status| status.stopped = true);
        });
        follower
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// How far it has been read.
    #[must_use]
    pub fn status(&self) -> FeedStatus {
        self.status.borrow().clone()
    }

    /// Whether it is not read any more.
    pub(super) fn is_stopped(&self) -> bool {
        self.status.borrow().stopped
    }

    /// Reports every change of the status.
    pub(super) fn subscribe(&self) -> watch::Receiver<FeedStatus> {
        self.status.subscribe()
    }

    /// Reads the feed more often while the result lives.
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Atomic::Relaxed);
        self.hurry.notify_one();
        Waiting(self)
    }

    /// Waits until the end of the feed was found by a poll that began after this call: everything that the feed held
    /// at this moment has then been taken.
    ///
    /// # Errors
    /// In words, that the feed is not read any more, or that its end was not found before `deadline`.
    pub async fn catch_up(&self, deadline: Instant) -> Result<(), String> {
        let now = self.polls.load(Atomic::SeqCst);
        let _catching_up = CatchingUp::new(self);
        let _waiting = self.wait();
        let mut status = self.status.subscribe();
        let caught_up = status.wait_for(|status| status.ended > now || status.stopped);
        let timed_out = tokio::time::timeout_at(deadline, caught_up).await.is_err();
        let status = self.status.borrow();
        if status.ended > now {
            return Ok(());
        }
        Err(match (&status.error, status.stopped, timed_out) {
            (Some(error), true, _) => format!("the {} cannot be read: {error}", self.name()),
            (Some(error), false, _) => format!("the {} returned no usable page: {error}", self.name()),
            (None, true, _) => format!("the {} is no longer read", self.name()),
            (None, false, _) => {
                format!(
                    "the end of the {} was not reached ({} pages, {} items)",
                    self.name(),
                    status.pages,
                    status.items
                )
            }
        })
    }

    /// What is wrong with the feed that kept it from being read to its end.
    #[must_use]
    pub fn stops(&self) -> Vec<FeedStop> {
        let status = self.status.borrow();
        // A server that is down for a moment comes back; one that never returned the feed does not conform.
        let down = status.server_error.filter(|_| status.ended == 0).map(|code| FeedStop {
            feed: self.name().to_owned(),
            reason: format!("pages are returned with HTTP {code} until the end of the run"),
            status: Some(code),
            exchange: None,
        });
        status.stop.clone().into_iter().chain(down).collect()
    }

    /// Its part of the run report.
    #[must_use]
    pub fn report(&self) -> FeedReport {
        let status = self.status.borrow();
        FeedReport {
            name: self.options.name.clone(),
            url: self.options.url.clone(),
            pages: status.pages,
            items: status.items,
            reached_end: status.ended > 0,
            recorded: !status.unrecorded,
            error: status.error.clone(),
        }
    }

    async fn follow(&self, client: Client, observer: Option<Arc<dyn PageObserver>>, mut sink: impl Sink) {
        let mut walker = Walker::new(&self.options.url, 0, WalkPolicy::FOLLOW);
        let mut polls = Polls::new(self, client);
        let mut reading = Reading::default();
        let mut fullest = 0;
        loop {
            let read = match walker.read(&mut polls).await {
                Ok(read) => read,
                Err(Halt { stop, response, .. }) => {
                    // Credentials of the configuration that are rejected may be wrong.
                    let refused = polls.credentials && matches!(stop.cause, HaltCause::Status(401 | 403));
                    return self.halt(
                        &polls.client,
                        &stop,
                        response,
                        if refused { Blame::Nobody } else { Blame::Walk },
                    );
                }
            };
            let mut response = read.response;
            let ended = self.status.borrow().ended > 0;
            // Before the end was found for the first time, every page is one that nobody has read yet.
            let before = if ended && !polls.failed { reading.took } else { Duration::ZERO };
            reading.took = before.saturating_add(polls.took);
            let items = read_page(&String::from_utf8_lossy(&response.body)).map(|page| page.items).unwrap_or_default();
            // What was in a feed and what was not can be seen again only where all of it is recorded.
            let recorded = items.is_empty() || polls.client.record_page(&mut response);
            polls.begin();
            sink.take(&items, &mut || polls.client.record(&mut response));
            if let Some(observer) = &observer {
                for (url, lack) in polls.unreadable.drain(..) {
                    observer.unreadable(&url, lack.cause, &lack.reason);
                }
                observer.page(RawPage {
                    url: &read.url,
                    answered: &response.url,
                    content_type: response.header("content-type"),
                    cache_control: response.header("cache-control"),
                    text: &String::from_utf8_lossy(&response.body),
                    exchange: Client::recorded_in_full(&response),
                });
            }
            if !items.is_empty() {
                reading.quiet = 0;
            }
            self.status.send_modify(|status| {
                status.pages += 1;
                status.items += items.len() as u64;
                status.error = None;
                status.server_error = None;
                status.unrecorded |= !recorded;
                if matches!(read.next, Next::End) {
                    status.ended = polls.number;
                }
            });
            if let Some(stop) = observer.as_ref().and_then(|observer| observer.endless()) {
                return self.halt(&polls.client, &stop, Some(response), Blame::Walk);
            }
            match read.next {
                Next::Page => {
                    // A page as full as any may be followed by others. After one with a few items the end is all
                    // that is left to find, and only who waits for the end is in a hurry for it.
                    let full = items.len() >= fullest;
                    fullest = fullest.max(items.len());
                    if ended && !full && self.catching_up.load(Atomic::Relaxed) == 0 {
                        // How long this page may be cached says nothing of the next one.
                        (reading.max_age, reading.age) = (None, None);
                        self.rest(&mut reading).await;
                    }
                }
                Next::End => {
                    reading.max_age = max_age(&response);
                    reading.age = age(&response);
                    self.rest(&mut reading).await;
                }
                Next::Stop(stop) => {
                    // Only a walk sees loops. What else is wrong with `next` shows in the page.
                    let judged = observer.is_some() && !matches!(stop.cause, HaltCause::Loop | HaltCause::Endless);
                    let blame = if judged { Blame::Page } else { Blame::Walk };
                    return self.halt(&polls.client, &stop, Some(response), blame);
                }
            }
        }
    }

    /// Ends the reading of the feed.
    fn halt(&self, client: &Client, stop: &Stop, response: Option<Response>, blame: Blame) {
        let exchange = response.map(|mut response| client.record(&mut response));
        // Where nothing was asked of the feed, or it asks to be left alone for a while, it has done nothing wrong.
        let wrong = blame != Blame::Nobody && !matches!(stop.cause, HaltCause::Unsent | HaltCause::Busy);
        let ended = FeedStop { feed: self.name().to_owned(), reason: stop.reason.clone(), status: None, exchange };
        self.status.send_modify(|status| {
            status.stop = (wrong && blame == Blame::Walk).then_some(ended);
            status.error = Some(stop.reason.clone());
            status.answered = wrong;
            status.stopped = true;
        });
    }

    fn request<'r>(&'r self, url: &'r str, headers: &'r Headers) -> Request<'r> {
        Request {
            label: &self.options.name,
            feed: Some(&self.options.name),
            method: Method::GET,
            url,
            configured: headers,
            accept: self.options.accept,
            content_type: None,
            body: Payload::Empty,
            redirects: true,
            confidence: Confidence::Usual,
            timeout: self.options.timeout,
        }
    }

    /// Pauses after a read, as long as the feed needs and whoever waits for it allows.
    async fn rest(&self, reading: &mut Reading) {
        let begun = Instant::now();
        loop {
            let waiting = self.waiting.load(Atomic::Relaxed) > 0;
            let left = pause(reading, waiting, self.options.wait).saturating_sub(begun.elapsed());
            if left.is_zero() {
                break;
            }
            tokio::select! {
                // Who waited may be served by now.
                () = tokio::time::sleep(left) => {}
                // What a new waiter waits for may be there soon.
                () = self.hurry.notified() => reading.quiet = 0,
            }
        }
        reading.took = Duration::ZERO;
        reading.quiet = reading.quiet.saturating_add(1);
    }
}

/// The requests of a follower.
struct Polls<'f> {
    follower: &'f Follower,
    client: Client,
    /// The number of the last one.
    number: u64,
    /// How long the last one took.
    took: Duration,
    /// Whether requests for the page failed.
    failed: bool,
    /// Whether credentials were sent.
    credentials: bool,
    /// Responses for the page that were no pages.
    unreadable: Vec<(String, PageFailure)>,
}

impl<'f> Polls<'f> {
    const fn new(follower: &'f Follower, client: Client) -> Self {
        Self {
            follower,
            client,
            number: 0,
            took: Duration::ZERO,
            failed: false,
            credentials: false,
            unreadable: Vec::new(),
        }
    }

    /// Forgets what happened to the last page.
    const fn begin(&mut self) {
        self.failed = false;
    }
}

impl PageSource for Polls<'_> {
    type Response = Response;

    async fn request(&mut self, url: &str) -> Result<Response, String> {
        self.number = self.follower.polls.fetch_add(1, Atomic::SeqCst) + 1;
        let credentials = &self.follower.options.credentials;
        let mut headers = credentials.headers().await.map_err(|failure| failure.to_string())?;
        self.credentials = !headers.is_empty();
        let mut begun = Instant::now();
        let mut response = self.client.send_quietly(self.follower.request(url, &headers)).await;
        let mut renewal = None;
        if response.status == Some(401) && self.credentials {
            let exchange = self.client.record(&mut response);
            if let Some(fresh) = credentials.renewed(&headers, Some(exchange)).await {
                headers.clone_from(&fresh.headers);
                (renewal, begun) = (Some(fresh), Instant::now());
                response = self.client.send_quietly(self.follower.request(url, &headers)).await;
                response.repeats(exchange);
            }
        }
        credentials.used(&headers, response.status, renewal.as_ref());
        self.took = begun.elapsed();
        Ok(response)
    }

    fn reply(response: &Response) -> PageReply<'_> {
        PageReply::of(response)
    }

    fn has_credentials(&self) -> bool {
        self.credentials
    }

    fn retry(&mut self, lack: &PageFailure, response: &mut Response) {
        let unreadable = matches!(lack.cause, HaltCause::Encoding | HaltCause::Json);
        if unreadable || !self.failed {
            self.client.record(response);
        }
        self.failed = true;
        if unreadable {
            self.unreadable.push((response.url.clone(), lack.clone()));
        }
        self.follower.status.send_modify(|status| {
            status.error = Some(lack.reason.clone());
            status.server_error = response.status.filter(|status| *status >= 500 && lack.asked.is_none());
            // What asks to be left alone for a while has not been judged.
            status.answered = response.status.is_some() && lack.asked.is_none();
        });
    }
}

fn age(response: &Response) -> Option<Duration> {
    response.header("age")?.trim().parse().ok().map(Duration::from_secs)
}

fn max_age(response: &Response) -> Option<Duration> {
    let control = response.header("cache-control")?;
    let seconds = control.split(',').find_map(|part| part.trim().strip_prefix("max-age="))?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
