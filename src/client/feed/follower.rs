//! A follower owns one feed: it reads to the end, then again and again, more often while a cell waits for it.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering as Atomic};
use std::time::Duration;

use reqwest::Method;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::auth::Credentials;
use crate::client::client::Client;
use crate::client::message::{Confidence, Payload, Request, Response};
use crate::client::retry::wait_of;
use crate::config::Headers;
use crate::results::{FeedReport, Finding};

use super::opportunities::RawPage;
use super::pacing::{LONGEST, Reading, pause, pause_after_failure};
use super::page::{Item, Modified, Page, read_page};

/// What takes the items of a feed.
pub trait Sink: Send + 'static {
    /// Takes the items of one page. `record` keeps the exchange that brought them and returns its number.
    fn take(&mut self, items: &[Item], record: &mut dyn FnMut() -> u32);

    /// Whether it judges the pages itself.
    fn observes(&self) -> bool {
        false
    }

    /// Sees a page as it was sent, if it [`observes`](Self::observes).
    fn see(&mut self, _page: RawPage<'_>) {}
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
    /// Whether it is not read any more.
    pub stopped: bool,
    /// What is wrong with it, against RPDE.
    pub findings: Vec<Finding>,
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

/// The specification of RPDE.
const SPEC: &str = "https://openactive.io/realtime-paged-data-exchange/";
/// Unreadable pages in a row before the feed is given up.
const UNREADABLE_LIMIT: u32 = 3;

impl Follower {
    /// Starts to follow a feed; it ends with `cancel`.
    pub fn start(client: Client, options: FeedOptions, sink: impl Sink, cancel: CancellationToken) -> Arc<Self> {
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
                () = following.follow(client, sink) => {}
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

    /// Tells of every change of the status.
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
            (Some(error), false, _) => format!("the {} did not answer usably: {error}", self.name()),
            (None, true, _) => format!("the {} is not read any more", self.name()),
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

    async fn follow(&self, client: Client, mut sink: impl Sink) {
        let mut walk = Walk::new(&self.options.url);
        let mut reading = Reading::default();
        let mut fullest = 0;
        let mut failures: u32 = 0;
        loop {
            let poll = self.polls.fetch_add(1, Atomic::SeqCst) + 1;
            let headers = match self.options.credentials.headers().await {
                Ok(headers) => headers,
                // Nothing was asked of the feed: that is nothing that it did wrong.
                Err(failure) => {
                    self.status.send_modify(|status| {
                        status.error = Some(failure.to_string());
                        status.stopped = true;
                    });
                    return;
                }
            };
            let begun = Instant::now();
            let mut response = client.send_quietly(self.request(&walk.url, &headers)).await;
            let ended = self.status.borrow().ended > 0;
            // Before the end was found for the first time, every page is one that nobody has read yet.
            reading.took = if ended { reading.took.saturating_add(begun.elapsed()) } else { begun.elapsed() };
            match self.judge(&response) {
                Answered::Page(page) => {
                    failures = 0;
                    if sink.observes()
                        && let Ok(text) = std::str::from_utf8(&response.body)
                    {
                        sink.see(RawPage {
                            url: &walk.url,
                            content_type: response.header("content-type"),
                            cache_control: response.header("cache-control"),
                            text,
                        });
                    }
                    // What was in a feed and what was not can be seen again only where all of it is recorded.
                    let recorded = page.items.is_empty() || client.record_page(&mut response);
                    let mut record = || client.record(&mut response);
                    let mut findings = walk.inspect(&page, &self.options.url);
                    if sink.observes() {
                        findings.clear();
                    }
                    let findings: Vec<Finding> =
                        findings.into_iter().map(|found| self.finding(found).exchange(record())).collect();
                    sink.take(&page.items, &mut record);
                    if !page.items.is_empty() {
                        reading.quiet = 0;
                    }
                    let step = walk.step(&page);
                    self.status.send_modify(|status| {
                        status.pages += 1;
                        status.items += page.items.len() as u64;
                        status.error = None;
                        status.unrecorded |= !recorded;
                        for finding in findings {
                            if !status.findings.iter().any(|known| known.message == finding.message) {
                                status.findings.push(finding);
                            }
                        }
                        if step == Next::End {
                            status.ended = poll;
                        }
                    });
                    match step {
                        Next::Page => {
                            // A page as full as any may be followed by others. After one with a few items the end is all
                            // that is left to find, and only who waits for the end is in a hurry for it.
                            let full = page.items.len() >= fullest;
                            fullest = fullest.max(page.items.len());
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
                        Next::Stop(reason) => {
                            let id = client.record(&mut response);
                            self.give_up(reason, Some(id));
                            return;
                        }
                    }
                }
                Answered::Stop(reason) => {
                    let id = client.record(&mut response);
                    self.give_up(reason, Some(id));
                    return;
                }
                Answered::Unreadable(reason) => {
                    failures += 1;
                    let id = client.record(&mut response);
                    if failures >= UNREADABLE_LIMIT {
                        self.give_up(reason, Some(id));
                        return;
                    }
                    self.status.send_modify(|status| {
                        status.error = Some(reason);
                        status.answered = true;
                    });
                    tokio::time::sleep(pause_after_failure(failures, None).unwrap_or(LONGEST)).await;
                    reading.took = Duration::ZERO;
                }
                Answered::Retry(reason, after) => {
                    failures += 1;
                    if failures == 1 {
                        client.record(&mut response);
                    }
                    let answered = response.status.is_some();
                    let pause = pause_after_failure(failures, after);
                    let reason = match (pause, after) {
                        (None, Some(asked)) => format!(
                            "{reason} with a Retry-After of {} s, longer than the limit of {} s",
                            asked.as_secs(),
                            LONGEST.as_secs()
                        ),
                        (_, Some(asked)) => format!("{reason} with a Retry-After of {} s", asked.as_secs()),
                        (_, None) => reason,
                    };
                    self.status.send_modify(|status| {
                        status.error = Some(reason);
                        // What asks to be left alone for a while has not been judged.
                        status.answered = answered && after.is_none();
                        status.stopped |= pause.is_none();
                    });
                    let Some(pause) = pause else { return };
                    tokio::time::sleep(pause).await;
                    reading.took = Duration::ZERO;
                }
            }
        }
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

    fn judge(&self, response: &Response) -> Answered {
        if let Some(failure) = &response.failure {
            return Answered::Retry(failure.message.clone(), None);
        }
        match response.status {
            Some(200) => match std::str::from_utf8(&response.body) {
                Ok(text) => match read_page(text) {
                    Ok(page) => Answered::Page(page),
                    Err(reason) => Answered::Unreadable(reason),
                },
                Err(_) => Answered::Unreadable("the page is not UTF-8 text".to_owned()),
            },
            Some(status @ (429 | 500..=599)) => {
                let after = wait_of(Some(status), response.header("retry-after"), jiff::Timestamp::now());
                Answered::Retry(format!("it answered with HTTP {status}"), after)
            }
            Some(status @ (401 | 403)) => {
                Answered::Stop(format!("it answered with HTTP {status}: credentials are refused"))
            }
            Some(status) => Answered::Stop(format!("it answered with HTTP {status}")),
            None => Answered::Retry("it did not answer".to_owned(), None),
        }
    }

    fn finding(&self, (message, found): (String, String)) -> Finding {
        Finding { message: format!("{}: {message}", self.name()), found: Some(found), ..Finding::default() }.spec(SPEC)
    }

    fn give_up(&self, reason: String, exchange: Option<u32>) {
        let mut finding = Finding::new(format!("{}: {reason}", self.name())).spec(SPEC);
        finding.exchange = exchange;
        self.status.send_modify(|status| {
            status.findings.push(finding);
            status.error = Some(reason);
            status.answered = true;
            status.stopped = true;
        });
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

/// What a response to a poll means.
enum Answered {
    Page(Page),
    Unreadable(String),
    Retry(String, Option<Duration>),
    Stop(String),
}

/// Where a walk goes next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Page,
    End,
    Stop(String),
}

/// A walk along a feed.
struct Walk {
    url: String,
    visited: HashSet<u64>,
    last: Option<Modified>,
}

impl Walk {
    fn new(url: &str) -> Self {
        Self { url: url.to_owned(), visited: HashSet::from([fingerprint(url)]), last: None }
    }

    /// What is wrong with a page: message and what was found.
    fn inspect(&mut self, page: &Page, base: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = page
            .problems
            .iter()
            .map(|problem| (format!("a page breaks the rules of RPDE: {problem}"), problem.clone()))
            .collect();
        for item in &page.items {
            if let Some(last) = &self.last
                && last.compare(&item.modified) == Some(std::cmp::Ordering::Greater)
            {
                found.push((
                    "the feed goes backwards: items are not in the order of `modified`".to_owned(),
                    format!("item {} with modified {} after an item with {last}", item.id, item.modified),
                ));
            }
            self.last = Some(item.modified.clone());
        }
        if let Some(next) = &page.next
            && let (Ok(next), Ok(base)) = (url::Url::parse(next), url::Url::parse(base))
            && (next.origin() != base.origin() || next.path() != base.path())
        {
            found.push(("`next` leads to another address than the feed's".to_owned(), next.to_string()));
        }
        found
    }

    /// Goes where `next` leads.
    fn step(&mut self, page: &Page) -> Next {
        let Some(next) = &page.next else {
            return Next::Stop("a page has no `next`".to_owned());
        };
        let Ok(target) = url::Url::parse(&self.url).and_then(|url| url.join(next)) else {
            return Next::Stop(format!("`next` is not a URL: {next}"));
        };
        if url::Url::parse(&self.url).is_ok_and(|url| url.origin() != target.origin()) {
            return Next::Stop(format!("`next` leads to another host: {next}"));
        }
        if *next == self.url {
            return if page.empty {
                Next::End
            } else {
                Next::Stop("the feed loops: a page with items has itself as `next`".to_owned())
            };
        }
        if page.empty && self.visited.contains(&fingerprint(next)) {
            return Next::Stop(format!("the feed loops: the empty page {} leads back to {next}", self.url));
        }
        if !self.visited.insert(fingerprint(next)) {
            return Next::Stop(format!("the feed loops: {} leads back to {next}", self.url));
        }
        self.url.clone_from(next);
        Next::Page
    }
}

fn fingerprint(url: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish()
}

fn age(response: &Response) -> Option<Duration> {
    response.header("age")?.trim().parse().ok().map(Duration::from_secs)
}

fn max_age(response: &Response) -> Option<Duration> {
    let control = response.header("cache-control")?;
    let seconds = control.split(',').find_map(|part| part.trim().strip_prefix("max-age="))?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
