//! What a run saw of a feed, as far as it is needed to judge the feed again.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::checks::rpde::Reading;
use crate::client::feed::{HaltCause, RawPage};
use crate::results::{Exchange, ExchangeId};
use crate::validate::{ValidationMode as Mode, Validator};
use crate::vocabulary::{CompressedText, Stage};

use super::items::{ItemIssue, Tally};
use super::judge::{Issue, Judge, Kinds, shared_kinds};
use super::page;

/// So many bytes of a feed are kept, pages and items each; what is beyond is counted.
const KEPT: usize = 2 * 1024 * 1024;

/// How often a page that did not change is judged again at most.
const REPEATED: u64 = 10_000;

/// A feed as a run read it: of every page what the rules of RPDE look at, and of the items those that are examples of a
/// finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FeedTrace {
    /// The name of the feed.
    pub feed: String,
    /// The kind of feed.
    pub stage: Stage,
    /// Its pages, in the order in which they were read.
    pages: Pages,
    /// What the data of its items is, by `kind`.
    #[serde(skip_serializing_if = "Kinds::is_empty", default)]
    pub kinds: Kinds,
    /// Examples of items with findings.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub items: Vec<ItemTrace>,
    /// Pages and examples that are not here because there are too many. The feed cannot be judged again without them.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub left_out: u64,
    #[serde(skip)]
    size: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// So many pages are compressed together.
const TOGETHER: usize = 64;

/// Pages in the order in which they were read; a list wherever they are written.
#[derive(Debug, Clone, Default)]
struct Pages {
    /// Those before the last ones, as JSON.
    earlier: Vec<CompressedText>,
    last: Vec<PageTrace>,
}

impl Pages {
    fn push(&mut self, page: PageTrace) {
        if self.last.len() >= TOGETHER
            && let Ok(text) = serde_json::to_string(&self.last)
        {
            self.earlier.push(CompressedText::from(text.as_str()));
            self.last.clear();
        }
        self.last.push(page);
    }

    /// Shows every page.
    fn each<E>(&self, mut show: impl FnMut(&PageTrace) -> Result<(), E>) -> Result<(), E> {
        for text in &self.earlier {
            let pages: Vec<PageTrace> = serde_json::from_str(&text.text()).unwrap_or_default();
            pages.iter().try_for_each(&mut show)?;
        }
        self.last.iter().try_for_each(show)
    }
}

impl Serialize for Pages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeSeq as _};
        let mut list = serializer.serialize_seq(None)?;
        for text in &self.earlier {
            let text = text.text();
            let pages: Vec<&RawValue> = serde_json::from_str(&text).map_err(S::Error::custom)?;
            pages.into_iter().try_for_each(|page| list.serialize_element(page))?;
        }
        self.last.iter().try_for_each(|page| list.serialize_element(page))?;
        list.end()
    }
}

impl<'de> Deserialize<'de> for Pages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|last| Self { earlier: Vec::new(), last })
    }
}

/// A page of a feed, or a response that was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PageTrace {
    /// The exchange that has it in full.
    Recorded(ExchangeId),
    /// What is kept of it.
    Kept(Box<KeptPage>),
}

/// What is kept of a page that is not recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPage {
    /// The URL that was requested.
    pub url: String,
    /// The URL that responded, where redirects led to another.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answered: Option<String>,
    /// `Content-Type`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content_type: Option<String>,
    /// `Cache-Control`
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cache_control: Option<String>,
    /// The page as JSON, without the data of its items as far as no rule looks at it.
    #[serde(skip_serializing_if = "CompressedText::is_empty", default)]
    pub page: CompressedText,
    /// Why it is no page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lack: Option<(HaltCause, String)>,
    /// How often it was read one time after the other.
    pub times: u64,
}

impl KeptPage {
    /// Whether another reading showed the same.
    fn is_as(&self, other: &Self) -> bool {
        let all = |page: &Self| {
            (page.answered.clone(), page.content_type.clone(), page.cache_control.clone(), page.lack.clone())
        };
        self.url == other.url && self.page == other.page && all(self) == all(other)
    }

    fn raw<'p>(&'p self, text: &'p str) -> RawPage<'p> {
        RawPage {
            url: &self.url,
            answered: self.answered.as_deref().unwrap_or(&self.url),
            content_type: self.content_type.as_deref(),
            cache_control: self.cache_control.as_deref(),
            text,
            exchange: None,
        }
    }
}

/// An item that is the first example of findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemTrace {
    /// `id`, as JSON.
    pub id: String,
    /// `data`, as JSON.
    pub data: String,
    /// The findings that it is the first example of.
    pub findings: Vec<ItemFinding>,
}

/// A finding about items of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFinding {
    /// Where, with a star for places in lists.
    pub path: String,
    /// In words.
    pub message: String,
    /// How often it was made in the feed.
    pub count: u64,
}

impl FeedTrace {
    /// A feed of which nothing was read yet.
    #[must_use]
    pub fn new(feed: &str, stage: Stage) -> Self {
        let (pages, items, kinds) = (Pages::default(), Vec::new(), Kinds::default());
        Self { feed: feed.to_owned(), stage, pages, kinds, items, left_out: 0, size: 0 }
    }

    /// A page was read.
    pub fn page(&mut self, raw: &RawPage<'_>) {
        if self.left_out > 0 {
            self.left_out += 1;
            return;
        }
        if let Some(exchange) = raw.exchange {
            self.pages.push(PageTrace::Recorded(exchange));
            return;
        }
        let (page, lack) = match page::outline(self.stage, raw.text) {
            Ok(page) => (page, None),
            Err(error) => (String::new(), Some((HaltCause::Json, error.to_string()))),
        };
        let text = |value: Option<&str>| value.map(str::to_owned);
        let length = page.len();
        let traced = KeptPage {
            url: raw.url.to_owned(),
            answered: (raw.answered != raw.url).then(|| raw.answered.to_owned()),
            content_type: text(raw.content_type),
            cache_control: text(raw.cache_control),
            page: CompressedText::from(page.as_str()),
            lack,
            times: 1,
        };
        self.add(traced, length);
    }

    /// A response was no page.
    pub(super) fn unreadable(&mut self, url: &str, cause: HaltCause, reason: &str) {
        let lack = Some((cause, reason.to_owned()));
        let traced = KeptPage { url: url.to_owned(), lack, times: 1, ..KeptPage::default() };
        self.add(traced, 0);
    }

    /// Adds a page whose outline has so many bytes.
    fn add(&mut self, page: KeptPage, length: usize) {
        if self.left_out == 0
            && let Some(PageTrace::Kept(last)) = self.pages.last.last_mut()
            && page.is_as(last)
        {
            last.times += 1;
            return;
        }
        let size = length + page.url.len();
        if self.left_out > 0 || self.size + size > KEPT {
            self.left_out += 1;
            return;
        }
        self.size += size;
        self.pages.push(PageTrace::Kept(Box::new(page)));
    }

    /// With what the data of its items is, by `kind`.
    #[must_use]
    pub(super) fn with_kinds(mut self, kinds: &Kinds) -> Self {
        self.kinds = kinds.clone();
        self
    }

    /// What of a `kind` is wrong across feeds, each with the number of a feed.
    #[must_use]
    pub fn across(feeds: &[&Self]) -> Vec<(usize, Issue)> {
        shared_kinds(&feeds.iter().map(|trace| (trace.feed.as_str(), &trace.kinds)).collect::<Vec<_>>())
    }

    /// With the examples of what was found in items.
    #[must_use]
    pub fn with_items(mut self, issues: &[ItemIssue]) -> Self {
        let mut by_item: BTreeMap<(&str, &str), Vec<ItemFinding>> = BTreeMap::new();
        for ItemIssue { path, message, count, first, data, .. } in issues {
            let finding = ItemFinding { path: path.clone(), message: message.clone(), count: *count };
            by_item.entry((first, data)).or_default().push(finding);
        }
        let mut size = 0;
        for ((id, data), findings) in by_item {
            size += data.len();
            if size > KEPT {
                self.left_out += 1;
            } else {
                self.items.push(ItemTrace { id: id.to_owned(), data: data.to_owned(), findings });
            }
        }
        self
    }

    /// Judges the feed by the rules of RPDE, and its items by the data model. `record` finds an exchange by its number.
    ///
    /// # Errors
    /// In words, that the record lacks a page.
    pub fn judge(
        &self,
        validator: &Validator,
        record: &dyn Fn(ExchangeId) -> Option<Exchange>,
    ) -> Result<(Vec<Issue>, Vec<ItemIssue>), String> {
        let mut judge = Judge::new(self.stage, Reading::Live, false);
        let see = |judge: &mut Judge, raw: &RawPage<'_>| match page::read(self.stage, raw) {
            Ok(page) => judge.page(&page),
            Err(error) => judge.lack(raw.url, HaltCause::Json, &error.to_string()),
        };
        self.pages.each(|page| {
            match page {
                PageTrace::Recorded(id) => {
                    let exchange = record(*id);
                    let raw = exchange.as_ref().and_then(RawPage::recorded);
                    see(&mut judge, &raw.ok_or_else(|| format!("exchange {id} is not in the record"))?);
                }
                PageTrace::Kept(page) => {
                    let text = page.page.text();
                    for _ in 0..page.times.min(REPEATED) {
                        match &page.lack {
                            Some((cause, reason)) => judge.lack(&page.url, *cause, reason),
                            None => see(&mut judge, &page.raw(&text)),
                        }
                    }
                }
            }
            Ok::<(), String>(())
        })?;
        let judged: Vec<(&ItemTrace, Vec<ItemIssue>)> = self
            .items
            .iter()
            .map(|item| {
                let text = (Some(item.id.as_str()), Some(item.data.as_str()));
                let tally = Tally::of_items(&[text], 0, 1, Some(Mode::BookableRpdeFeed), validator);
                (item, tally.issues().cloned().collect())
            })
            .collect();
        let key = |issue: &ItemIssue| (issue.severity, issue.path.clone(), issue.message.clone());
        let mut found: BTreeMap<_, ItemIssue> = BTreeMap::new();
        for (item, issues) in &judged {
            for issue in issues {
                let same = |known: &&ItemFinding| (&known.path, &known.message) == (&issue.path, &issue.message);
                if let Some(known) = item.findings.iter().find(same) {
                    found.insert(key(issue), ItemIssue { count: known.count, ..issue.clone() });
                }
            }
        }
        // What the run did not find.
        for issue in judged.iter().flat_map(|(_, issues)| issues) {
            found.entry(key(issue)).or_insert_with(|| issue.clone());
        }
        let items = found.into_values().collect();
        Ok((judge.issues(), items))
    }
}

#[cfg(test)]
mod tests {
    use super::{FeedTrace, PageTrace, TOGETHER};
    use crate::client::feed::RawPage;
    use crate::harvest::judge_pages;
    use crate::validate::{Remote, Validator};
    use crate::vocabulary::Stage;

    const URL: &str = "https://a.example/feed";

    fn raw(text: &str) -> RawPage<'_> {
        let content_type = Some("application/json");
        RawPage {
            url: URL,
            answered: URL,
            content_type,
            cache_control: Some("public, max-age=8"),
            text,
            exchange: None,
        }
    }

    #[test]
    fn a_saved_feed_is_judged_as_it_was_read() {
        let validator = Validator::new(Remote::none());
        let item = |id: u32, modified: u32, data: &str| {
            format!(r#"{{"state":"updated","kind":"ScheduledSession","id":{id},"modified":{modified},"data":{data}}}"#)
        };
        let page = |items: &[String]| {
            format!(r#"{{"next":"{URL}?afterTimestamp=9&afterId=9","license":"l","items":[{}]}}"#, items.join(","))
        };
        let session = r#"{"@type":"ScheduledSession","startDate":"not a date"}"#;
        let pages = [
            page(&[item(1, 5, session), item(2, 4, "[1]"), item(3, 9, session)]),
            page(&[item(1, 3, "{}")]),
            page(&[]),
            page(&[]),
            "no page".to_owned(),
        ];
        let (issues, items) = judge_pages(Stage::OpportunityFeed, pages.iter().map(|page| raw(page)), Some(&validator));
        assert!(issues.len() > 4 && items.iter().any(|item| item.count == 2), "{issues:?} {items:?}");
        let mut trace = FeedTrace::new("Sessions feed", Stage::OpportunityFeed);
        pages.iter().for_each(|page| trace.page(&raw(page)));
        assert_eq!(trace.pages.last.len(), 4, "a page that did not change is kept once");
        let trace = trace.with_items(&items);
        let saved = serde_json::to_string(&trace).unwrap();
        let read: FeedTrace = serde_json::from_str(&saved).unwrap();
        let (again, items_again) = read.judge(&validator, &|_| None).unwrap();
        let words = |issues: &[_]| format!("{issues:?}");
        assert_eq!(words(&again), words(&issues));
        assert_eq!(format!("{items_again:?}"), format!("{items:?}"));
    }

    #[test]
    fn a_feed_that_is_too_large_is_kept_in_part() {
        let mut trace = FeedTrace::new("Sessions feed", Stage::OpportunityFeed);
        for number in 0..40 {
            let text = format!(r#"{{"next":"{number}{}","items":[]}}"#, "x".repeat(100_000));
            trace.page(&raw(&text));
        }
        assert_eq!((trace.pages.last.len(), trace.left_out), (20, 20));
    }

    #[test]
    fn pages_that_are_compressed_together_are_a_list() {
        let mut trace = FeedTrace::new("Sessions feed", Stage::OpportunityFeed);
        for number in 0..3 * TOGETHER {
            trace.page(&raw(&format!(r#"{{"next":"{URL}?afterChangeNumber={number}","items":[]}}"#)));
        }
        assert_eq!((trace.pages.earlier.len(), trace.pages.last.len()), (2, TOGETHER));
        let saved = serde_json::to_string(&trace).unwrap();
        let read: FeedTrace = serde_json::from_str(&saved).unwrap();
        assert_eq!(read.pages.last.len(), 3 * TOGETHER);
        let pages = |trace: &FeedTrace| {
            let mut all = Vec::new();
            let keep = |page: &PageTrace| {
                all.push(page.clone());
                Ok::<(), ()>(())
            };
            trace.pages.each(keep).unwrap();
            all
        };
        assert_eq!(pages(&trace), pages(&read));
        assert_eq!(serde_json::to_string(&read).unwrap(), saved);
    }
}
