//! The way along feeds: many at once, each page judged while the next one comes.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::client::feed::{Index, read_page};
use crate::client::{DistributionFeed, build_client, retry_after};
use crate::validate::{Severity, ValidationMode as Mode, Validator};
use crate::vocabulary::utf8;

use super::items::{ItemIssue, Tally, locked};
use super::judge::{Issue, IssueKind, Judge, Level, References};
use super::page::{Page, Parameters, base, items, text};

/// How feeds are read.
#[derive(Debug, Clone)]
pub struct HarvestOptions {
    /// The mode in which items are validated; none where they are not.
    pub mode: Option<Mode>,
    /// Only every so many-th item is validated.
    pub sample: u64,
    /// The pause between two pages of a feed.
    pub delay: Duration,
    /// The time limit of one request.
    pub timeout: Duration,
    /// The most pages of a feed.
    pub max_pages: Option<u64>,
    /// The most bytes of a page.
    pub max_bytes: usize,
    /// How many feeds are read at once.
    pub at_once: usize,
    /// Headers for the feeds; they go nowhere but to the host of the feed.
    pub headers: reqwest::header::HeaderMap,
    /// Whether each feed is read a second time, to find items that have vanished without being deleted.
    pub twice: bool,
    /// Where the items themselves are kept, for whoever wants to look at them afterwards.
    pub keep: Option<Arc<Mutex<Index>>>,
}

/// Where the reading of a feed stands.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The next page.
    pub next: String,
    /// Pages before it.
    pub pages: u64,
    /// Items before it.
    pub items: u64,
}

/// What has happened so far.
pub trait Progress: Send + Sync {
    /// A feed was read up to here.
    fn read(&self, feed: &str, position: &Position, error: Option<&str>);
    /// A feed is done.
    fn done(&self, feed: &str);
}

/// What a feed is like.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedResult {
    /// Its name.
    pub name: String,
    /// Where it starts.
    pub url: String,
    /// Pages read.
    pub pages: u64,
    /// Items read that are there.
    pub updated: u64,
    /// Items read that are deleted.
    pub deleted: u64,
    /// Items validated.
    pub validated: u64,
    /// Milliseconds that it took.
    pub duration_ms: u64,
    /// Whether its end was reached.
    pub complete: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Items whose parent is in no feed.
    pub orphans: u64,
    /// What is wrong with the feed.
    pub issues: Vec<Issue>,
    /// What is wrong with its items.
    pub findings: Vec<ItemIssue>,
}

/// Reads feeds to their ends and judges them.
///
/// # Errors
/// That the HTTP client cannot be started.
pub async fn harvest(
    feeds: Vec<(DistributionFeed, Option<Position>)>,
    options: HarvestOptions,
    validator: Arc<Validator>,
    progress: Arc<dyn Progress>,
    cancel: CancellationToken,
) -> Result<Vec<FeedResult>, reqwest::Error> {
    let (client, no_roots) = build_client(|| {
        crate::client::http_client()
            .user_agent(concat!("oa-test/", env!("CARGO_PKG_VERSION")))
            .timeout(options.timeout)
            .tcp_nodelay(true)
            .redirect(redirects(!options.headers.is_empty()))
    })?;
    let no_roots: Option<Arc<str>> = no_roots.map(Arc::from);
    let gate = Arc::new(Semaphore::new(options.at_once.max(1)));
    // Pages wait to be judged, but never many of them.
    let judges = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)));
    let mut walks = JoinSet::new();
    for (number, (feed, position)) in feeds.into_iter().enumerate() {
        let (client, options, validator, progress) =
            (client.clone(), options.clone(), Arc::clone(&validator), Arc::clone(&progress));
        let (gate, judges, cancel) = (Arc::clone(&gate), Arc::clone(&judges), cancel.clone());
        let no_roots = no_roots.clone();
        walks.spawn(async move {
            // The gate is never closed.
            let _turn = gate.acquire_owned().await;
            let mut walk = Walk::new(number, feed, position, client, options, validator, judges);
            walk.no_roots = no_roots;
            tokio::select! {
                () = cancel.cancelled() => walk.error = Some("interrupted".to_owned()),
                () = walk.go(progress.as_ref()) => {}
            }
            progress.done(&walk.feed.name);
            (number, walk.finish().await)
        });
    }
    let mut done: Vec<(usize, (FeedResult, References))> = Vec::new();
    while let Some(walk) = walks.join_next().await {
        match walk {
            Ok(result) => done.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    done.sort_by_key(|(number, _)| *number);
    let results: Vec<(FeedResult, References)> = done.into_iter().map(|(_, result)| result).collect();
    let orphans = |own: &References| {
        let missing = |parent: &&u64| !results.iter().any(|(_, other)| other.has(**parent));
        own.parents().iter().filter(missing).count() as u64
    };
    let counts: Vec<u64> = results.iter().map(|(_, own)| orphans(own)).collect();
    Ok(results.into_iter().zip(counts).map(|((result, _), orphans)| FeedResult { orphans, ..result }).collect())
}

struct Walk {
    number: usize,
    feed: DistributionFeed,
    client: reqwest::Client,
    /// Why no TLS certificate can be verified, if so.
    no_roots: Option<Arc<str>>,
    options: HarvestOptions,
    validator: Arc<Validator>,
    judges: Arc<Semaphore>,
    judge: Judge,
    tally: Arc<Mutex<Tally>>,
    judging: JoinSet<()>,
    begun: Instant,
    position: Position,
    complete: bool,
    error: Option<String>,
}

/// The most room that is made for a page before it comes.
const ROOM: usize = 16 * 1024 * 1024;
/// The most redirects on the way to a page.
const REDIRECTS: usize = 5;
/// How often a page that does not come is asked for again.
const TRIES: u32 = 4;
/// The longest pause that a server can ask for.
const PATIENCE: Duration = Duration::from_secs(60);

struct Fetched {
    body: Vec<u8>,
    content_type: Option<String>,
    cache: Option<String>,
}

impl Walk {
    fn new(
        number: usize,
        feed: DistributionFeed,
        position: Option<Position>,
        client: reqwest::Client,
        options: HarvestOptions,
        validator: Arc<Validator>,
        judges: Arc<Semaphore>,
    ) -> Self {
        let position = position.unwrap_or_else(|| Position { next: feed.url.clone(), pages: 0, items: 0 });
        let judge = Judge::new(is_orders(&feed.url), options.twice);
        Self {
            number,
            feed,
            client,
            no_roots: None,
            options,
            validator,
            judges,
            judge,
            tally: Arc::default(),
            judging: JoinSet::new(),
            begun: Instant::now(),
            position,
            complete: false,
            error: None,
        }
    }

    async fn go(&mut self, progress: &dyn Progress) {
        let mut visited: HashSet<u64> = HashSet::new();
        loop {
            let url = self.position.next.clone();
            if self.options.max_pages.is_some_and(|most| self.position.pages >= most) {
                self.error = Some(format!("stopped after {} pages", self.position.pages));
                return;
            }
            let fetched = match self.fetch(&url).await {
                Ok(fetched) => fetched,
                Err(reason) => {
                    progress.read(&self.feed.name, &self.position, Some(&reason));
                    self.error = Some(reason);
                    return;
                }
            };
            let Some(next) = self.judge_page(&url, fetched).await else { return };
            match next {
                Next::End => {
                    self.complete = true;
                    progress.read(&self.feed.name, &self.position, None);
                    self.judge.end(&self.feed.url);
                    self.probe(&url).await;
                    if self.options.twice {
                        self.again(progress).await;
                    }
                    return;
                }
                Next::Page(next) => {
                    if !visited.insert(fingerprint(&next)) {
                        let message = "the feed loops: a page leads back to one before it";
                        self.judge.fail(IssueKind::Loop, message, || format!("{url} leads to {next}"));
                        self.error = Some("the feed loops".to_owned());
                        return;
                    }
                    self.position.next = next;
                    progress.read(&self.feed.name, &self.position, None);
                }
            }
            if !self.options.delay.is_zero() {
                tokio::time::sleep(self.options.delay).await;
            }
        }
    }

    /// Fetches a page, and again after a while where the server is busy.
    async fn fetch(&mut self, url: &str) -> Result<Fetched, String> {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut request = self.client.get(url);
            if origin(url) == origin(&self.feed.url) {
                request = request.headers(self.options.headers.clone());
            }
            let reason = match request.send().await {
                Ok(response) => {
                    let status = response.status().as_u16();
                    let wait = response
                        .headers()
                        .get(RETRY_AFTER)
                        .and_then(|value| retry_after(value.to_str().ok()?, jiff::Timestamp::now()));
                    match status {
                        200 => match self.body(response).await {
                            Ok(fetched) => return Ok(fetched),
                            Err(reason) => reason,
                        },
                        429 | 500..=599 if wait.is_some_and(|wait| wait > PATIENCE) => {
                            let wait = wait.unwrap_or_default().as_secs();
                            return Err(format!(
                                "{url} answered with HTTP {status} and a Retry-After of {wait} s, longer than the limit of {} s",
                                PATIENCE.as_secs()
                            ));
                        }
                        429 | 500..=599 if tries < TRIES => {
                            tokio::time::sleep(wait.unwrap_or_else(|| Duration::from_millis(250 << tries))).await;
                            continue;
                        }
                        status => {
                            self.judge.fail(IssueKind::Status, format!("a page answers with HTTP {status}"), || {
                                url.to_owned()
                            });
                            return Err(format!("{url} answered with HTTP {status}"));
                        }
                    }
                }
                Err(error) => {
                    let error = error.without_url();
                    match self.no_roots.as_deref().filter(|_| url.starts_with("https:")) {
                        Some(reason) => return Err(format!("{url} did not answer: {error}; {reason}")),
                        None => format!("{url} did not answer: {error}"),
                    }
                }
            };
            if tries >= TRIES {
                return Err(reason);
            }
            tokio::time::sleep(Duration::from_millis(250 << tries)).await;
        }
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<Fetched, String> {
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (content_type, cache) = (header(CONTENT_TYPE), header(CACHE_CONTROL));
        // What a server says of its length is a hint, not a promise.
        let told = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let mut body = Vec::with_capacity(told.min(self.options.max_bytes).min(ROOM));
        loop {
            match response.chunk().await {
                Ok(Some(part)) => body.extend_from_slice(&part),
                Ok(None) => return Ok(Fetched { body, content_type, cache }),
                Err(error) => return Err(format!("a page broke off: {}", error.without_url())),
            }
            if body.len() > self.options.max_bytes {
                return Err(format!("a page has more than {} MiB", self.options.max_bytes / 1024 / 1024));
            }
        }
    }

    /// Judges a page; its items are validated while the next one comes.
    async fn judge_page(&mut self, url: &str, fetched: Fetched) -> Option<Next> {
        let Fetched { body, content_type, cache } = fetched;
        let body = Arc::new(body);
        let text_of_page = match utf8(&body) {
            Ok(text) => text,
            Err(reason) => {
                self.judge.fail(IssueKind::Encoding, "a page is not UTF-8", || format!("{url}: {reason}"));
                self.error = Some(format!("{url} is {reason}"));
                return None;
            }
        };
        let page = match Page::read(text_of_page) {
            Ok(page) => page,
            Err(reason) => {
                self.judge.fail(IssueKind::Json, "a page is not a JSON object", || format!("{url}: {reason}"));
                self.error = Some(format!("{url} is not a JSON object: {reason}"));
                return None;
            }
        };
        let listed = items(&page);
        let empty = listed.as_ref().is_some_and(|(items, strange)| items.is_empty() && *strange == 0);
        let next = text(page.next);
        let last = empty && next.as_deref() == Some(url);
        self.judge.headers(url, content_type.as_deref(), cache.as_deref(), last);
        self.judge.page(url, &page, listed.as_ref());
        let (items, _) = listed.unwrap_or_default();
        self.position.pages += 1;
        let first = self.position.items;
        self.position.items += items.len() as u64;
        drop(items);
        if !empty {
            if let Some(index) = &self.options.keep
                && let Ok(page) = read_page(&String::from_utf8_lossy(&body))
            {
                locked(index).take(self.number, &page.items, &mut || 0);
            }
            self.look_into(&body, first).await;
        }
        match next {
            _ if last => Some(Next::End),
            Some(next) if next == url => {
                self.error = Some("a page with items has itself as `next`".to_owned());
                None
            }
            Some(next) => match url::Url::parse(url).and_then(|at| at.join(&next)) {
                Ok(_) => Some(Next::Page(next)),
                Err(error) => {
                    self.error = Some(format!("`next` is not a URL: {error}"));
                    None
                }
            },
            None => {
                self.error = Some("a page has no `next`".to_owned());
                None
            }
        }
    }

    /// Looks at what the items of a page refer to, and validates them.
    async fn look_into(&mut self, body: &Arc<Vec<u8>>, first: u64) {
        let (body, validator, tally) = (Arc::clone(body), Arc::clone(&self.validator), Arc::clone(&self.tally));
        let sample = self.options.sample.max(1);
        let mode = self.options.mode.map(|mode| mode_of(&self.feed.url, mode));
        // The gate is never closed.
        let turn = Arc::clone(&self.judges).acquire_owned().await;
        self.judging.spawn_blocking(move || {
            let _turn = turn;
            let mine = Tally::of_page(&String::from_utf8_lossy(&body), first, sample, mode, &validator);
            locked(&tally).merge(mine);
        });
        while self.judging.try_join_next().is_some() {}
    }

    /// Reads the feed a second time: what was there must still be there, or be deleted.
    async fn again(&mut self, progress: &dyn Progress) {
        let mut url = self.feed.url.clone();
        for _ in 0..self.position.pages.saturating_mul(2).saturating_add(1000) {
            let fetched = match self.fetch(&url).await {
                Ok(fetched) => fetched,
                Err(reason) => {
                    progress.read(&self.feed.name, &self.position, Some(&reason));
                    self.error = Some(format!("the second reading: {reason}"));
                    return;
                }
            };
            let text_of_page = String::from_utf8_lossy(&fetched.body);
            let Ok(page) = Page::read(&text_of_page) else {
                self.error = Some(format!("the second reading: {url} is not a JSON object"));
                return;
            };
            let (items, _) = items(&page).unwrap_or_default();
            self.judge.still_there(&items);
            match text(page.next) {
                Some(next) if next == url => {
                    self.judge.vanished(&self.feed.url);
                    return;
                }
                Some(next) => url = next,
                None => break,
            }
            if !self.options.delay.is_zero() {
                tokio::time::sleep(self.options.delay).await;
            }
        }
        self.error = Some("the second reading came to no end".to_owned());
    }

    /// Asks for a page far in the future, which must be empty and its own next.
    async fn probe(&mut self, last: &str) {
        let after = Parameters::of(last);
        let future = "9007199254740991";
        let url = match (&after.timestamp, &after.change_number) {
            (Some(_), _) => {
                let id: String =
                    url::form_urlencoded::byte_serialize(after.id.unwrap_or_default().as_bytes()).collect();
                format!("{}?afterTimestamp={future}&afterId={id}", base(last))
            }
            (None, Some(_)) => format!("{}?afterChangeNumber={future}", base(last)),
            (None, None) => return,
        };
        let Ok(fetched) = self.fetch(&url).await else { return };
        let page = utf8(&fetched.body).ok().and_then(|text| Page::read(text).ok());
        let empty = page.as_ref().and_then(items).is_some_and(|(items, strange)| items.is_empty() && strange == 0);
        if !empty {
            let message = "a page far in the future has items";
            self.judge.fail(IssueKind::LastPageItems, message, || url.clone());
        } else if page.as_ref().and_then(|page| text(page.next)).as_deref() != Some(url.as_str()) {
            let message = "an empty page at the end does not lead to itself";
            self.judge.fail(IssueKind::LastPageSelf, message, || url.clone());
        }
    }

    async fn finish(mut self) -> (FeedResult, References) {
        while self.judging.join_next().await.is_some() {}
        let tally = std::mem::take(&mut *locked(&self.tally));
        let result = FeedResult {
            name: self.feed.name.clone(),
            url: self.feed.url.clone(),
            pages: self.judge.pages,
            updated: self.judge.updated,
            deleted: self.judge.deleted,
            validated: tally.validated,
            duration_ms: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            complete: self.complete,
            error: self.error,
            orphans: 0,
            issues: self.judge.issues(),
            findings: tally.issues().cloned().collect(),
        };
        (result, tally.references)
    }
}

impl FeedResult {
    /// Whether something breaks a rule.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity == Level::Failure)
            || self.findings.iter().any(|finding| finding.severity == Severity::Failure)
    }
}

/// Redirects are followed, but not to another host where headers would go with them.
fn redirects(headers: bool) -> reqwest::redirect::Policy {
    reqwest::redirect::Policy::custom(move |attempt| {
        let from = attempt.previous().last().map(url::Url::origin);
        if attempt.previous().len() > REDIRECTS {
            attempt.error("too many redirects")
        } else if headers && from.is_some_and(|from| from != attempt.url().origin()) {
            attempt.error("a redirect to another host, where the headers must not go")
        } else {
            attempt.follow()
        }
    })
}

/// Whether a feed has Orders or OrderProposals.
pub(super) fn is_orders(url: &str) -> bool {
    let path = base(url);
    path.ends_with("/orders-rpde") || path.ends_with("/order-proposals-rpde")
}

/// Orders are never opportunities, whatever the others are read as.
fn mode_of(url: &str, mode: Mode) -> Mode {
    match base(url).rsplit('/').next() {
        Some("orders-rpde") => Mode::OrdersFeed,
        Some("order-proposals-rpde") => Mode::OrderProposalsFeed,
        _ => mode,
    }
}

fn origin(url: &str) -> Option<url::Origin> {
    url::Url::parse(url).ok().map(|url| url.origin())
}

enum Next {
    Page(String),
    End,
}

fn fingerprint(url: &str) -> u64 {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = rustc_hash::FxHasher::default();
    url.hash(&mut hasher);
    hasher.finish()
}
