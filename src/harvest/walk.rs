//! The way along feeds: many at once, each page judged while the next one comes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::checks::rpde::{self, FeedPage, IssueLevel, Parameters, Reading, base};
use crate::client::feed::{
    Halt, HaltCause, Index, Next, PageFailure, PageRead, PageReply, PageSource, RawPage, WalkPolicy, Walker, page_text,
    read_page,
};
use crate::client::{DistributionFeed, build_client};
use crate::validate::{Severity, ValidationMode as Mode, Validator};
use crate::vocabulary::{Stage, in_order};

use super::beyond;
use super::items::{ItemIssue, Tally, locked};
use super::judge::{Issue, Judge, Kinds, References, shared_kinds};
use super::page::{self, ItemPlaces};

/// How feeds are read.
#[derive(Debug, Clone)]
pub struct HarvestOptions {
    /// The mode in which items are validated; none where they are not.
    pub mode: Option<Mode>,
    /// The kind of each feed; `None`: the kind that its path shows.
    pub stage: Option<Stage>,
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
    /// The first parent that is in no feed, where all feeds were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orphan: Option<String>,
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
            let mut pages = Pages::new(client, &feed, &options, no_roots);
            let mut walk = Walk::new(number, feed, position, options, validator, judges);
            tokio::select! {
                () = cancel.cancelled() => walk.error = Some("interrupted".to_owned()),
                () = walk.go(&mut pages, progress.as_ref()) => {}
            }
            walk.lacks(&mut pages);
            progress.done(&walk.feed.name);
            (number, walk.finish().await)
        });
    }
    let mut done: Vec<(usize, Harvested)> = Vec::new();
    while let Some(walk) = walks.join_next().await {
        match walk {
            Ok(result) => done.push(result),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    let mut results = in_order(done);
    let kinds: Vec<(&str, &Kinds)> = results.iter().map(|(feed, (_, kinds))| (feed.name.as_str(), kinds)).collect();
    for (number, issue) in shared_kinds(&kinds) {
        if let Some((feed, _)) = results.get_mut(number) {
            feed.issues.push(issue);
        }
    }
    let missing = |parent: u64| !results.iter().any(|(_, (other, _))| other.has(parent));
    // The parents of a feed that is read by itself are in another one.
    let several = results.len() > 1;
    let orphans = |own: &References| {
        let count = own.parents().iter().filter(|parent| missing(**parent)).count() as u64;
        let lost = own.parents().iter().filter(|parent| several && missing(**parent));
        (count, { lost }.find_map(|parent| own.example(*parent)).map(str::to_owned))
    };
    let counts: Vec<(u64, Option<String>)> = results.iter().map(|(_, (own, _))| orphans(own)).collect();
    let results = results.into_iter().zip(counts);
    Ok(results.map(|((result, _), (orphans, orphan))| FeedResult { orphans, orphan, ..result }).collect())
}

/// What a feed is like, with what it says of others.
type Harvested = (FeedResult, (References, Kinds));

struct Walk {
    number: usize,
    feed: DistributionFeed,
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
/// Consecutive pages without items after which a feed is taken for one without an end. A filter may empty some pages.
const EMPTY_PAGES: u32 = 1_000;
/// The most redirects on the way to a page.
const REDIRECTS: usize = 5;

/// A response to the request of a page.
struct Fetched {
    status: Option<u16>,
    failure: Option<String>,
    retry_after: Option<String>,
    content_type: Option<String>,
    cache_control: Option<String>,
    /// The URL that responded, after redirects.
    url: String,
    body: Vec<u8>,
}

impl Fetched {
    const fn failed(failure: String) -> Self {
        let (content_type, cache_control, retry_after) = (None, None, None);
        let failure = Some(failure);
        Self { status: None, failure, retry_after, content_type, cache_control, url: String::new(), body: Vec::new() }
    }
}

/// Requests the pages of a feed.
struct Pages {
    client: reqwest::Client,
    headers: reqwest::header::HeaderMap,
    max_bytes: usize,
    /// Why no TLS certificate can be verified, if so.
    no_roots: Option<Arc<str>>,
    origin: Option<url::Origin>,
    /// The URL that was requested last.
    url: String,
    /// Responses that were no pages, and were requested again.
    lacks: Vec<(String, PageFailure)>,
}

impl Pages {
    fn new(
        client: reqwest::Client,
        feed: &DistributionFeed,
        options: &HarvestOptions,
        no_roots: Option<Arc<str>>,
    ) -> Self {
        let (headers, max_bytes) = (options.headers.clone(), options.max_bytes);
        Self { client, headers, max_bytes, no_roots, origin: origin(&feed.url), url: String::new(), lacks: Vec::new() }
    }

    async fn body(&self, mut response: reqwest::Response) -> Result<Vec<u8>, String> {
        // What a server says of its length is a hint, not a promise.
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let mut body = Vec::with_capacity(announced.min(self.max_bytes).min(ROOM));
        loop {
            match response.chunk().await {
                Ok(Some(part)) => body.extend_from_slice(&part),
                Ok(None) => return Ok(body),
                Err(error) => return Err(format!("page is incomplete: {}", error.without_url())),
            }
            if body.len() > self.max_bytes {
                return Err(format!("page is larger than {} MiB", self.max_bytes / 1024 / 1024));
            }
        }
    }
}

impl PageSource for Pages {
    type Response = Fetched;

    async fn request(&mut self, url: &str) -> Result<Fetched, String> {
        url.clone_into(&mut self.url);
        let mut request = self.client.get(url);
        if origin(url) == self.origin {
            request = request.headers(self.headers.clone());
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                let failure = format!("no response: {}", error.without_url());
                let no_roots = self.no_roots.as_deref().filter(|_| url.starts_with("https:"));
                return match no_roots {
                    Some(reason) => Err(format!("{failure}; {reason}")),
                    None => Ok(Fetched::failed(failure)),
                };
            }
        };
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut fetched = Fetched {
            status: Some(response.status().as_u16()),
            failure: None,
            retry_after: header(RETRY_AFTER),
            content_type: header(CONTENT_TYPE),
            cache_control: header(CACHE_CONTROL),
            url: response.url().to_string(),
            body: Vec::new(),
        };
        match self.body(response).await {
            Ok(body) => fetched.body = body,
            Err(failure) => fetched.failure = Some(failure),
        }
        Ok(fetched)
    }

    fn reply(response: &Fetched) -> PageReply<'_> {
        PageReply {
            status: response.status,
            failure: response.failure.as_deref(),
            retry_after: response.retry_after.as_deref(),
            body: &response.body,
        }
    }

    fn has_credentials(&self) -> bool {
        !self.headers.is_empty()
    }

    fn retry(&mut self, lack: &PageFailure, _response: &mut Fetched) {
        // A server that is down for a moment is no finding.
        if matches!(lack.cause, HaltCause::Encoding | HaltCause::Json) {
            self.lacks.push((self.url.clone(), lack.clone()));
        }
    }
}

impl Walk {
    fn new(
        number: usize,
        feed: DistributionFeed,
        position: Option<Position>,
        options: HarvestOptions,
        validator: Arc<Validator>,
        judges: Arc<Semaphore>,
    ) -> Self {
        let position = position.unwrap_or_else(|| Position { next: feed.url.clone(), pages: 0, items: 0 });
        let judge = Judge::new(options.stage.unwrap_or_else(|| stage_of(&feed.url)), Reading::Harvest, options.twice);
        Self {
            number,
            feed,
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

    fn policy(&self) -> WalkPolicy {
        WalkPolicy { pages: self.options.max_pages, delay: self.options.delay, ..WalkPolicy::HARVEST }
    }

    async fn go(&mut self, pages: &mut Pages, progress: &dyn Progress) {
        let mut walker = Walker::new(&self.position.next, self.position.pages, self.policy());
        let mut empty_pages = 0;
        loop {
            let mut read = match walker.read(pages).await {
                Ok(read) => read,
                Err(halt) => return self.halt(&halt, progress),
            };
            self.lacks(pages);
            let before = self.position.items;
            self.judge_page(&mut read).await;
            if let Some(stop) = self.judge.endless() {
                self.judge.lack(&read.url, stop.cause, &stop.reason);
                progress.read(&self.feed.name, &self.position, Some(&stop.reason));
                self.error = Some(stop.reason);
                return;
            }
            match read.next {
                Next::End => {
                    self.complete = true;
                    progress.read(&self.feed.name, &self.position, None);
                    self.judge.end(&self.feed.url);
                    self.probe(pages, &read.url).await;
                    if self.options.twice {
                        self.again(pages, progress).await;
                    }
                    return;
                }
                Next::Page => {
                    empty_pages = if self.position.items == before { empty_pages + 1 } else { 0 };
                    if empty_pages == EMPTY_PAGES {
                        let reason = format!("feed has no last page: {EMPTY_PAGES} consecutive pages without items");
                        progress.read(&self.feed.name, &self.position, Some(&reason));
                        self.error = Some(reason);
                        return;
                    }
                    walker.url().clone_into(&mut self.position.next);
                    progress.read(&self.feed.name, &self.position, None);
                }
                Next::Stop(stop) => {
                    self.judge.lack(&read.url, stop.cause, &stop.reason);
                    self.error = Some(stop.reason);
                    return;
                }
            }
        }
    }

    /// The feed cannot be read on.
    fn halt(&mut self, halt: &Halt<Fetched>, progress: &dyn Progress) {
        let Halt { stop, url, .. } = halt;
        // Only an open feed must be returned to whoever asks; credentials may be missing or wrong here.
        let open = self.judge.stage() == Stage::OpportunityFeed && self.options.headers.is_empty();
        if open || !matches!(stop.cause, HaltCause::Status(401 | 403)) {
            self.judge.lack(url, stop.cause, &stop.reason);
        }
        let reason = match stop.cause {
            HaltCause::Pages => stop.reason.clone(),
            _ => format!("{url}: {}", stop.reason),
        };
        if stop.cause != HaltCause::Pages {
            progress.read(&self.feed.name, &self.position, Some(&reason));
        }
        self.error = Some(reason);
    }

    /// Judges the responses that were no pages.
    fn lacks(&mut self, pages: &mut Pages) {
        for (url, lack) in pages.lacks.drain(..) {
            self.judge.lack(&url, lack.cause, &lack.reason);
        }
    }

    /// Judges a page; its items are validated while the next one comes.
    async fn judge_page(&mut self, read: &mut PageRead<Fetched>) {
        let Ok(text) = page_text(&read.response.body) else { return };
        let (empty, places, count) = match self.page(read, text) {
            Ok(page) => {
                self.judge.page(&page);
                (page.is_empty(), ItemPlaces::of(&page, text), page.items().len() as u64)
            }
            Err(error) => return self.judge.lack(&read.url, HaltCause::Json, &error.to_string()),
        };
        self.position.pages += 1;
        let first = self.position.items;
        self.position.items += count;
        if !empty {
            if let Some(index) = &self.options.keep
                && let Ok(page) = read_page(text)
            {
                locked(index).take(self.number, &page.items, &mut || 0);
            }
            self.look_into(std::mem::take(&mut read.response.body), places, first).await;
        }
    }

    fn page<'p>(&self, read: &'p PageRead<Fetched>, text: &'p str) -> Result<FeedPage<'p>, serde_json::Error> {
        let (content_type, cache_control) =
            (read.response.content_type.as_deref(), read.response.cache_control.as_deref());
        let (url, answered) = (read.url.as_str(), read.response.url.as_str());
        page::read(self.judge.stage(), &RawPage { url, answered, content_type, cache_control, text, exchange: None })
    }

    /// Looks at what the items of a page refer to, and validates them.
    async fn look_into(&mut self, body: Vec<u8>, places: ItemPlaces, first: u64) {
        let (validator, tally) = (Arc::clone(&self.validator), Arc::clone(&self.tally));
        let sample = self.options.sample.max(1);
        let mode = self.options.mode.map(|mode| mode_of(self.judge.stage(), mode));
        // The gate is never closed.
        let turn = Arc::clone(&self.judges).acquire_owned().await;
        self.judging.spawn_blocking(move || {
            let _turn = turn;
            let Ok(text) = page_text(&body) else { return };
            let mine = Tally::of_items(&places.texts(text), first, sample, mode, &validator);
            locked(&tally).merge(mine);
        });
        while self.judging.try_join_next().is_some() {}
    }

    /// Reads the feed a second time: what was there must still be there, or be deleted.
    async fn again(&mut self, pages: &mut Pages, progress: &dyn Progress) {
        let most = self.position.pages.saturating_mul(2).saturating_add(1000);
        let mut walker = Walker::new(&self.feed.url, 0, WalkPolicy { pages: Some(most), ..self.policy() });
        loop {
            let read = match walker.read(pages).await {
                Ok(read) => read,
                Err(Halt { stop, url, .. }) => {
                    let reason = format!("{url}: {stop}");
                    progress.read(&self.feed.name, &self.position, Some(&reason));
                    self.error = Some(format!("second reading: {reason}"));
                    return;
                }
            };
            if let Ok(page) = page_text(&read.response.body).map(|text| self.page(&read, text))
                && let Ok(page) = page
            {
                self.judge.still_there(page.items());
            }
            match read.next {
                Next::Page => {}
                Next::End => return self.judge.vanished(&self.feed.url),
                Next::Stop(stop) => {
                    self.error = Some(format!("second reading: {stop}"));
                    return;
                }
            }
        }
    }

    /// Requests a page beyond the end of the feed, which must be empty and have itself as `next`.
    async fn probe(&mut self, pages: &mut Pages, last: &str) {
        let after = Parameters::of(last);
        // The parameters of an Orders feed may be opaque: then none can be made up.
        let given = after.timestamp.as_ref().or(after.change_number.as_ref());
        let is_number = given.is_some_and(|given| given.parse::<i128>().is_ok());
        if self.judge.stage() != Stage::OpportunityFeed && !is_number {
            return;
        }
        let Some(url) = beyond::url(last, jiff::Timestamp::now()) else { return };
        // RPDE does not require a feed to accept a position that it has not given: no page is no finding.
        let Ok(read) = Walker::new(&url, 0, WalkPolicy::GLANCE).read(pages).await else { return };
        let Ok(Ok(page)) = page_text(&read.response.body).map(|text| self.page(&read, text)) else { return };
        // A relative `next` is a failure of its own.
        let resolved = |next: &str| url::Url::parse(&url).and_then(|url| url.join(next)).map(String::from);
        let is_last = page
            .next_text()
            .is_some_and(|next| beyond::same_page(&resolved(&next).unwrap_or_else(|_| next.into_owned()), &url));
        if !page.is_empty() {
            let message = "page after the last page has items";
            self.judge.fail(rpde::LAST_PAGE_ITEMS, message, "no items", url);
        } else if !is_last {
            let found = page.next_text().map_or_else(|| "no `next`".to_owned(), |next| format!("`next` is {next}"));
            let message = "`next` of an empty page after the last page is not the page itself";
            self.judge.fail(rpde::LAST_PAGE_SELF, message, "the URL of the page as `next`", format!("{url}: {found}"));
        }
    }

    async fn finish(mut self) -> Harvested {
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
            orphan: None,
            issues: self.judge.issues(),
            findings: tally.issues().cloned().collect(),
        };
        (result, (tally.references, self.judge.into_kinds()))
    }
}

impl FeedResult {
    /// Whether something breaks a rule.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.issues.iter().any(|issue| issue.severity == IssueLevel::Failure)
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
            attempt.error("redirect to another host, where headers are not sent")
        } else {
            attempt.follow()
        }
    })
}

/// The kind of feed at a URL.
fn stage_of(url: &str) -> Stage {
    match base(url).rsplit('/').next() {
        Some("orders-rpde") => Stage::OrdersFeed,
        Some("order-proposals-rpde") => Stage::ProposalsFeed,
        _ => Stage::OpportunityFeed,
    }
}

/// Orders are never opportunities, whatever the others are read as.
const fn mode_of(stage: Stage, mode: Mode) -> Mode {
    match stage {
        Stage::OrdersFeed => Mode::OrdersFeed,
        Stage::ProposalsFeed => Mode::OrderProposalsFeed,
        _ => mode,
    }
}

fn origin(url: &str) -> Option<url::Origin> {
    url::Url::parse(url).ok().map(|url| url.origin())
}
