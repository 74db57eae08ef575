//! The walk along an RPDE feed, page by page: request, retry, `next`, the end of the feed, loops and limits. Every reader of a
//! feed walks it with this, by a policy of its own.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::client::message::Response;
use crate::client::retry::wait_of;
use crate::json::members;
use crate::vocabulary::{utf8, without_mark};

/// What differs between those who read a feed.
#[derive(Debug, Clone, Copy)]
pub struct WalkPolicy {
    /// Limit of consecutive requests that fail, or return 429 or 5xx; `None` if there is no limit.
    pub tries: Option<u32>,
    /// Responses in a row that may be no page.
    pub unreadable: u32,
    /// The longest `Retry-After` that is obeyed.
    pub patience: Duration,
    /// The most pages of the feed.
    pub pages: Option<u64>,
    /// The pause between two pages.
    pub delay: Duration,
}

impl WalkPolicy {
    /// A feed that is followed for as long as a run takes: a server that is down may come back.
    pub const FOLLOW: Self = Self { tries: None, pages: None, ..Self::HARVEST };
    /// A feed that is read to its end, once.
    pub const HARVEST: Self =
        Self { tries: Some(4), unreadable: 3, patience: Duration::from_secs(60), pages: None, delay: Duration::ZERO };
    /// A feed that is read to its end by a step of a test.
    pub const STEP: Self = Self { pages: Some(10_000), ..Self::HARVEST };
    /// The first page alone, as it is now.
    pub const GLANCE: Self = Self { tries: Some(1), unreadable: 1, pages: Some(1), ..Self::HARVEST };
}

/// What a response says that matters to a walk.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageReply<'r> {
    /// The status; `None` when no response came.
    pub status: Option<u16>,
    /// Why no response came, or not all of it.
    pub failure: Option<&'r str>,
    /// `Retry-After`
    pub retry_after: Option<&'r str>,
    /// The body.
    pub body: &'r [u8],
}

impl<'r> PageReply<'r> {
    /// What a response of the client says.
    #[must_use]
    pub fn of(response: &'r Response) -> Self {
        Self {
            status: response.status,
            failure: response.failure.as_ref().map(|failure| failure.message.as_str()),
            retry_after: response.header("retry-after"),
            body: &response.body,
        }
    }
}

/// What requests pages.
pub trait PageSource: Send {
    /// A response, with the members that its reader needs.
    type Response: Send;

    /// Requests a page.
    ///
    /// # Errors
    /// In words, that no request could be made, as when there are no credentials. The walk ends.
    fn request(&mut self, url: &str) -> impl Future<Output = Result<Self::Response, String>> + Send;

    /// What a response says.
    fn reply(response: &Self::Response) -> PageReply<'_>;

    /// Whether credentials are sent, which go to the origin of the feed and nowhere else.
    fn has_credentials(&self) -> bool;

    /// Waits.
    fn pause(&mut self, pause: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(pause)
    }

    /// Sees a response that is no page, before the request is sent again.
    fn retry(&mut self, _lack: &PageFailure, _response: &mut Self::Response) {}
}

/// Why a response is no page, when the request is sent again.
#[derive(Debug, Clone)]
pub struct PageFailure {
    /// In words.
    pub reason: String,
    /// What kind of response.
    pub cause: HaltCause,
    /// What `Retry-After` asks for.
    pub asked: Option<Duration>,
}

/// Why a walk ends before the end of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HaltCause {
    /// No request could be made.
    Unsent,
    /// No response came.
    NoResponse,
    /// `Retry-After` asks for a longer wait than the policy has patience for.
    Busy,
    /// The status is not 200.
    Status(u16),
    /// The page is not UTF-8.
    Encoding,
    /// The page is no JSON object.
    Json,
    /// The page has no `next`, or one that is not text.
    NoNext,
    /// `next` is no URL.
    NextIsNoUrl,
    /// Page after page has no items and leads on.
    Endless,
    /// `next` leads to another origin, where credentials must not go.
    OtherOrigin,
    /// The page has items, and itself as `next`.
    NextIsSelf,
    /// `next` leads to a page that was read before.
    Loop,
    /// The feed has more pages than the policy allows.
    Pages,
}

/// Why a walk ended before the end of the feed.
#[derive(Debug, Clone)]
pub struct Stop {
    /// What kind of reason.
    pub cause: HaltCause,
    /// In words.
    pub reason: String,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Where a page leads.
#[derive(Debug, Clone)]
pub enum Next {
    /// To another page.
    Page,
    /// To itself, without items: this is the end of the feed.
    End,
    /// To nothing that can be read.
    Stop(Stop),
}

/// A page that was read.
#[derive(Debug)]
pub struct PageRead<R> {
    /// Where.
    pub url: String,
    /// The response that brought it.
    pub response: R,
    /// Where it leads.
    pub next: Next,
}

/// A walk that ended without a page, with the last response.
#[derive(Debug)]
pub struct Halt<R> {
    /// Why.
    pub stop: Stop,
    /// The URL that was requested.
    pub url: String,
    /// The last response; `None` when no request was made.
    pub response: Option<R>,
}

/// The text of a page.
///
/// # Errors
/// In words, which encoding it has instead of UTF-8.
pub fn page_text(body: &[u8]) -> Result<&str, String> {
    utf8(body).map_err(|reason| format!("the page is {reason}"))
}

/// A walk along one feed.
#[derive(Debug)]
pub struct Walker {
    policy: WalkPolicy,
    /// The page that is read next.
    url: String,
    visited: HashSet<u64>,
    pages: u64,
    failed: u32,
    unreadable: u32,
    /// Whether a page was read since the walk began.
    begun: bool,
    /// Pages in a row that have no items and lead on.
    barren: u32,
}

/// Limit of consecutive pages without items before the last page: a feed beyond it is endless.
const BARREN: u32 = 100;

impl Walker {
    /// A walk from a page on, after a number of pages.
    #[must_use]
    pub fn new(url: &str, pages: u64, policy: WalkPolicy) -> Self {
        let visited = HashSet::from([fingerprint(url)]);
        Self { policy, url: url.to_owned(), visited, pages, failed: 0, unreadable: 0, begun: false, barren: 0 }
    }

    /// The URL of the next page.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads the next page; at the end of the feed, the last one again.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn read<S: PageSource>(&mut self, source: &mut S) -> Result<PageRead<S::Response>, Halt<S::Response>> {
        let url = self.url.clone();
        let halt = |cause, reason, response| Halt { stop: Stop { cause, reason }, url: url.clone(), response };
        if let Some(most) = self.policy.pages.filter(|most| self.pages >= *most) {
            return Err(halt(HaltCause::Pages, format!("stopped after {most} pages"), None));
        }
        if self.begun && !self.policy.delay.is_zero() {
            source.pause(self.policy.delay).await;
        }
        loop {
            let mut response = match source.request(&url).await {
                Ok(response) => response,
                Err(reason) => return Err(halt(HaltCause::Unsent, reason, None)),
            };
            let lack = match judge(&S::reply(&response)) {
                Ok(outline) => {
                    let next = self.step(&outline, source.has_credentials());
                    (self.failed, self.unreadable, self.begun) = (0, 0, true);
                    self.pages += 1;
                    return Ok(PageRead { url, response, next });
                }
                Err(lack) => lack,
            };
            match self.pause(lack) {
                Ok((lack, pause)) => {
                    source.retry(&lack, &mut response);
                    drop(response);
                    source.pause(pause).await;
                }
                Err(stop) => return Err(Halt { stop, url, response: Some(response) }),
            }
        }
    }

    /// How long the walk waits before it requests a page again.
    fn pause(&mut self, lack: PageFailure) -> Result<(PageFailure, Duration), Stop> {
        let PageFailure { reason, cause, asked } = lack;
        let stop = |cause, reason| Err(Stop { cause, reason });
        let (count, most) = match cause {
            HaltCause::Encoding | HaltCause::Json => (&mut self.unreadable, Some(self.policy.unreadable)),
            HaltCause::NoResponse | HaltCause::Status(429 | 500..=599) => (&mut self.failed, self.policy.tries),
            _ => return stop(cause, reason),
        };
        *count = count.saturating_add(1);
        let count = *count;
        let reason = match asked {
            Some(asked) if asked > self.policy.patience => {
                let (asked, patience) = (asked.as_secs(), self.policy.patience.as_secs());
                let reason = format!("{reason} with a Retry-After of {asked} s, longer than the limit of {patience} s");
                return stop(HaltCause::Busy, reason);
            }
            Some(asked) => format!("{reason} with a Retry-After of {} s", asked.as_secs()),
            None => reason,
        };
        if most.is_some_and(|most| count >= most) {
            return stop(cause, reason);
        }
        let pause = asked.unwrap_or_else(|| backoff(count));
        Ok((PageFailure { reason, cause, asked }, pause))
    }

    /// Goes where `next` leads.
    fn step(&mut self, outline: &Outline, credentials: bool) -> Next {
        let stop = |cause, reason| Next::Stop(Stop { cause, reason });
        let Some(next) = &outline.next else {
            return stop(HaltCause::NoNext, "page has no `next`".to_owned());
        };
        let here = url::Url::parse(&self.url);
        // RPDE wants an absolute URL. A relative one is wrong, but says where the next page is.
        let absolute = url::Url::parse(next);
        let is_absolute = absolute.is_ok();
        let target = match (absolute, &here) {
            (Ok(target), _) => target,
            (Err(_), Ok(here)) => match here.join(next) {
                Ok(target) => target,
                Err(_) => return stop(HaltCause::NextIsNoUrl, format!("`next` is not a URL: {next}")),
            },
            (Err(_), Err(_)) => return stop(HaltCause::NextIsNoUrl, format!("`next` is not a URL: {next}")),
        };
        if credentials && here.as_ref().is_ok_and(|here| here.origin() != target.origin()) {
            return stop(HaltCause::OtherOrigin, format!("`next` leads to another host: {next}"));
        }
        if *next == self.url || here.is_ok_and(|here| here == target) {
            return if outline.empty {
                Next::End
            } else {
                stop(HaltCause::NextIsSelf, "feed loops: `next` of a page with items is the page itself".to_owned())
            };
        }
        self.barren = if outline.empty { self.barren.saturating_add(1) } else { 0 };
        if self.barren > BARREN {
            let reason = format!("feed has no last page: {BARREN} consecutive pages without items");
            return stop(HaltCause::Endless, reason);
        }
        let target = if is_absolute { next.clone() } else { target.into() };
        if !self.visited.insert(fingerprint(&target)) {
            let what = if outline.empty { "the empty page " } else { "" };
            return stop(
                HaltCause::Loop,
                format!("feed loops: `next` of {what}{} is the earlier page {target}", self.url),
            );
        }
        self.url = target;
        Next::Page
    }
}

/// The pause before a request is retried, by the number of consecutive failures.
fn backoff(failures: u32) -> Duration {
    Duration::from_millis(100).saturating_mul(1 << failures.min(6)).min(Duration::from_secs(5))
}

fn fingerprint(url: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish()
}

/// What a walk needs to know of a page.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    /// `next`, where it is text.
    next: Option<String>,
    /// Whether `items` is a list without entries.
    empty: bool,
}

impl Outline {
    fn read(text: &str) -> Result<Self, String> {
        let text = without_mark(text);
        let raw = members(text, &["next", "items"]).map_err(|error| {
            if text.trim_start().starts_with('<') {
                format!("the page is HTML or XML, not JSON ({error})")
            } else {
                format!("the page is not a JSON object ({error})")
            }
        })?;
        let [next, items] = raw.values;
        let next = next.and_then(|next| serde_json::from_str::<Cow<'_, str>>(next.get()).ok()).map(Cow::into_owned);
        let inner = items.map(RawValue::get).and_then(|items| items.strip_prefix('[')?.strip_suffix(']'));
        Ok(Self { next, empty: inner.is_some_and(|inner| inner.trim().is_empty()) })
    }
}

fn judge(reply: &PageReply<'_>) -> Result<Outline, PageFailure> {
    let lack = |cause, reason: String| PageFailure { reason, cause, asked: None };
    // `Retry-After` counts with 429 and 503 (RFC 9110, section 10.2.3, and RFC 6585, section 4).
    let asked = wait_of(reply.status, reply.retry_after, jiff::Timestamp::now());
    match (reply.status, reply.failure) {
        (Some(status @ (429 | 503)), _) if asked.is_some() => {
            Err(PageFailure { asked, ..lack(HaltCause::Status(status), format!("HTTP {status}")) })
        }
        (_, Some(failure)) => Err(lack(HaltCause::NoResponse, failure.to_owned())),
        (Some(200), None) => {
            let text = page_text(reply.body).map_err(|reason| lack(HaltCause::Encoding, reason))?;
            Outline::read(text).map_err(|reason| lack(HaltCause::Json, reason))
        }
        (Some(status @ (401 | 403)), None) => {
            Err(lack(HaltCause::Status(status), format!("HTTP {status}: credentials are rejected")))
        }
        (Some(status), None) => Err(lack(HaltCause::Status(status), format!("HTTP {status}"))),
        (None, None) => Err(lack(HaltCause::NoResponse, "no response".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::{HaltCause, Next, Outline, PageFailure, PageReply, PageSource, WalkPolicy, Walker, backoff};

    const FEED: &str = "https://example.com/feed";

    #[derive(Debug, Clone)]
    struct Sent {
        status: Option<u16>,
        retry_after: Option<&'static str>,
        body: Vec<u8>,
    }

    fn page(next: &str, items: &Value) -> Sent {
        raw(200, &json!({ "next": next, "items": items }).to_string())
    }

    fn raw(status: u16, body: &str) -> Sent {
        Sent { status: Some(status), retry_after: None, body: body.as_bytes().to_vec() }
    }

    fn busy(status: u16, retry_after: &'static str) -> Sent {
        Sent { retry_after: Some(retry_after), ..raw(status, "") }
    }

    /// Sends prepared responses, one after the other.
    struct Script {
        responses: VecDeque<Sent>,
        requested: Vec<String>,
        lacks: Vec<HaltCause>,
        pauses: Vec<Duration>,
        credentials: bool,
    }

    impl Script {
        fn new(responses: impl Into<VecDeque<Sent>>) -> Self {
            let (requested, lacks, pauses) = (Vec::new(), Vec::new(), Vec::new());
            Self { responses: responses.into(), requested, lacks, pauses, credentials: true }
        }

        /// Walks to the end; why it ended earlier.
        fn walk(&mut self, policy: WalkPolicy) -> Option<(HaltCause, String)> {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let mut walker = Walker::new(FEED, 0, policy);
                loop {
                    let stop = match walker.read(self).await {
                        Ok(read) => match read.next {
                            Next::Page => continue,
                            Next::End => return None,
                            Next::Stop(stop) => stop,
                        },
                        Err(halt) => halt.stop,
                    };
                    return Some((stop.cause, stop.reason));
                }
            })
        }
    }

    impl PageSource for Script {
        type Response = Sent;

        async fn request(&mut self, url: &str) -> Result<Sent, String> {
            self.requested.push(url.to_owned());
            self.responses.pop_front().ok_or_else(|| "the script is over".to_owned())
        }

        fn reply(response: &Sent) -> PageReply<'_> {
            let failure = response.status.is_none().then_some("connection closed");
            PageReply { status: response.status, failure, retry_after: response.retry_after, body: &response.body }
        }

        fn has_credentials(&self) -> bool {
            self.credentials
        }

        async fn pause(&mut self, pause: Duration) {
            self.pauses.push(pause);
        }

        fn retry(&mut self, lack: &PageFailure, _response: &mut Sent) {
            self.lacks.push(lack.cause);
        }
    }

    fn end(responses: &[Sent], policy: WalkPolicy) -> Option<HaltCause> {
        Script::new(responses.to_vec()).walk(policy).map(|(cause, _)| cause)
    }

    fn at(page: u64) -> String {
        format!("{FEED}?afterChangeNumber={page}")
    }

    #[test]
    fn the_end_is_an_empty_page_that_leads_to_itself() {
        let filtered = page(&at(2), &json!([]));
        let mut script = Script::new([page(&at(1), &json!([1])), filtered, page(&at(2), &json!([]))]);
        assert_eq!(script.walk(WalkPolicy::HARVEST), None);
        assert_eq!(script.requested, [FEED.to_owned(), at(1), at(2)]);
        let with_items = [page(&at(1), &json!([1])), page(&at(1), &json!([2]))];
        assert_eq!(end(&with_items, WalkPolicy::HARVEST), Some(HaltCause::NextIsSelf));
        let root = "https://example.com";
        let mut walker = Walker::new(root, 0, WalkPolicy::HARVEST);
        let outline = Outline { next: Some(format!("{root}/")), empty: true };
        assert!(matches!(walker.step(&outline, true), Next::End), "two spellings of one URL");
    }

    #[test]
    fn a_page_that_leads_back_is_a_loop() {
        let back = [page(&at(1), &json!([1])), page(&at(2), &json!([1])), page(&at(1), &json!([1]))];
        assert_eq!(end(&back, WalkPolicy::FOLLOW), Some(HaltCause::Loop));
        let to_the_start = [page(&at(1), &json!([1])), page(FEED, &json!([]))];
        let (cause, reason) = Script::new(to_the_start).walk(WalkPolicy::FOLLOW).unwrap();
        assert_eq!(cause, HaltCause::Loop);
        assert!(reason.starts_with("feed loops: `next` of the empty page "), "{reason}");
    }

    #[test]
    fn a_relative_next_is_followed() {
        let mut script = Script::new([page("/feed?x=1", &json!([1])), page("?x=1", &json!([]))]);
        assert_eq!(script.walk(WalkPolicy::HARVEST), None);
        assert_eq!(script.requested, [FEED, "https://example.com/feed?x=1"]);
        assert_eq!(end(&[page("http://[", &json!([1]))], WalkPolicy::HARVEST), Some(HaltCause::NextIsNoUrl));
        assert_eq!(end(&[raw(200, "{\"items\":[]}")], WalkPolicy::HARVEST), Some(HaltCause::NoNext));
        assert_eq!(end(&[raw(200, "{\"next\":7,\"items\":[]}")], WalkPolicy::HARVEST), Some(HaltCause::NoNext));
    }

    #[test]
    fn a_feed_of_empty_pages_that_lead_on_is_given_up() {
        let pages: Vec<Sent> = (1..500).map(|number| page(&at(number), &json!([]))).collect();
        let mut script = Script::new(pages);
        let (cause, reason) = script.walk(WalkPolicy::FOLLOW).unwrap();
        assert_eq!(cause, HaltCause::Endless);
        assert!(reason.starts_with("feed has no last page: 100 consecutive pages"), "{reason}");
        assert_eq!(script.requested.len(), 101);
        let mut few: Vec<Sent> = (1..90).map(|number| page(&at(number), &json!([]))).collect();
        few.push(page(&at(89), &json!([])));
        assert_eq!(end(&few, WalkPolicy::FOLLOW), None, "filtered pages may be empty");
    }

    #[test]
    fn credentials_go_to_the_origin_of_the_feed_alone() {
        let elsewhere = "https://example.org/feed";
        let pages = [page(elsewhere, &json!([1])), page(elsewhere, &json!([]))];
        assert_eq!(end(&pages, WalkPolicy::HARVEST), Some(HaltCause::OtherOrigin));
        let mut open = Script::new(pages);
        open.credentials = false;
        assert_eq!(open.walk(WalkPolicy::HARVEST), None);
    }

    #[test]
    fn a_request_that_fails_is_sent_again() {
        let closed = Sent { status: None, ..raw(200, "") };
        let last = page(FEED, &json!([]));
        let mut script = Script::new([closed.clone(), raw(500, ""), busy(429, "1"), last.clone()]);
        assert_eq!(script.walk(WalkPolicy::HARVEST), None);
        assert_eq!(script.lacks, [HaltCause::NoResponse, HaltCause::Status(500), HaltCause::Status(429)]);
        assert_eq!(script.pauses, [200, 400, 1000].map(Duration::from_millis));
        let down = vec![raw(503, ""); 4];
        assert_eq!(end(&down, WalkPolicy::HARVEST), Some(HaltCause::Status(503)));
        let back: Vec<Sent> = [vec![raw(503, ""); 20], vec![last]].concat();
        assert_eq!(end(&back, WalkPolicy::FOLLOW), None, "a server that is followed may come back");
        for status in [400, 401, 404, 410] {
            assert_eq!(end(&[raw(status, "")], WalkPolicy::FOLLOW), Some(HaltCause::Status(status)));
        }
        assert_eq!(end(&[], WalkPolicy::FOLLOW), Some(HaltCause::Unsent));
        assert_eq!(end(&[closed], WalkPolicy::GLANCE), Some(HaltCause::NoResponse));
    }

    #[test]
    fn retry_after_is_obeyed_within_patience() {
        let last = page(FEED, &json!([]));
        assert_eq!(end(&[busy(503, "60"), last.clone()], WalkPolicy::FOLLOW), None);
        let (cause, reason) = Script::new([busy(429, "61")]).walk(WalkPolicy::FOLLOW).unwrap();
        assert_eq!(cause, HaltCause::Busy);
        assert!(reason.ends_with("HTTP 429 with a Retry-After of 61 s, longer than the limit of 60 s"), "{reason}");
        assert_eq!(end(&[busy(500, "3600"), last], WalkPolicy::FOLLOW), None, "it is for 429 and 503");
        assert_eq!(backoff(1), Duration::from_millis(200));
        assert_eq!(backoff(60), Duration::from_secs(5));
    }

    #[test]
    fn a_response_that_is_no_page_is_requested_again_a_few_times() {
        let (html, utf16) = (raw(200, "<html>"), Sent { body: b"\xff\xfe{\0".to_vec(), ..raw(200, "") });
        let last = page(FEED, &json!([]));
        let mut script = Script::new([html.clone(), utf16.clone(), last]);
        assert_eq!(script.walk(WalkPolicy::HARVEST), None);
        assert_eq!(script.lacks, [HaltCause::Json, HaltCause::Encoding]);
        let (cause, reason) = Script::new(vec![html; 3]).walk(WalkPolicy::FOLLOW).unwrap();
        assert!(cause == HaltCause::Json && reason.contains("HTML"), "{reason}");
        let (cause, reason) = Script::new(vec![utf16; 3]).walk(WalkPolicy::FOLLOW).unwrap();
        assert!(cause == HaltCause::Encoding && reason.contains("UTF-16"), "{reason}");
    }

    #[test]
    fn a_policy_limits_the_pages() {
        let pages: Vec<Sent> = (1..9).map(|number| page(&at(number), &json!([number]))).collect();
        let mut script = Script::new(pages);
        assert_eq!(script.walk(WalkPolicy { pages: Some(3), ..WalkPolicy::HARVEST }).unwrap().0, HaltCause::Pages);
        assert_eq!((script.requested.len(), script.pauses.len()), (3, 0));
        let delay = Duration::from_millis(7);
        let mut script = Script::new([page(&at(1), &json!([1])), page(&at(1), &json!([]))]);
        assert_eq!(script.walk(WalkPolicy { delay, ..WalkPolicy::HARVEST }), None);
        assert_eq!(script.pauses, [delay]);
    }

    #[test]
    fn items_without_entries_are_seen_in_any_writing() {
        for (text, empty) in [
            ("{\"items\":[]}", true),
            ("\u{feff}{\"items\": [ \n ] }", true),
            ("{\"items\":[{}]}", false),
            ("{\"items\":{}}", false),
            ("{}", false),
        ] {
            assert_eq!(Outline::read(text).unwrap().empty, empty, "{text}");
        }
        let next = Outline::read("{\"next\":\"a\\u0062\",\"items\":[]}").unwrap().next;
        assert_eq!(next.as_deref(), Some("ab"));
    }
}
