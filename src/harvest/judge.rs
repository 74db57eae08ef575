//! The pages of one feed, judged one after the other by the rules of RPDE.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;

use jiff::Timestamp;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::checks::Row;
use crate::checks::rpde::{self, Earlier, FeedItem, FeedPage, IssueLevel, ItemState, PageSeen, Reading};
use crate::client::feed::{HaltCause, Links, Stop};
use crate::vocabulary::Stage;

use super::page::type_of;

/// A rule that a feed breaks, with how often that was seen and where first.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// The rule.
    #[serde(rename = "type", serialize_with = "identifier")]
    pub rule: &'static Row,
    /// How much it matters.
    pub severity: IssueLevel,
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub expected: &'static str,
    /// How often.
    pub count: u64,
    /// The first place: a page, and what was found there.
    pub first: String,
}

fn identifier<S: serde::Serializer>(row: &&'static Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(row.id)
}

/// Judges the pages of one feed.
#[derive(Debug)]
pub(super) struct Judge {
    stage: Stage,
    reading: Reading,
    issues: BTreeMap<(IssueLevel, &'static Row, String), Issue>,
    earlier: Earlier,
    /// The items that are there, by name, where the feed is read twice.
    names: Option<FxHashMap<u64, Box<str>>>,
    /// What the data of its items is, by `kind`.
    kinds: Kinds,
    /// Pages in a row that only repeat items.
    stale: u32,
    /// Pages in a row, before the first end of the feed, whose items all are newer than the reading.
    newer: u32,
    /// Whether the feed had an empty page.
    ended: bool,
    /// When the reading began, in milliseconds since 1970.
    begun: i128,
    pub(super) pages: u64,
    pub(super) updated: u64,
    pub(super) deleted: u64,
}

/// A `modified` as milliseconds since 1970, where it is a moment between 2000 and 2100: in seconds, in milliseconds, in
/// microseconds, in nanoseconds, or in ticks of 100 nanoseconds since 1970 or since the year 1.
fn moment(modified: i128) -> Option<i128> {
    const YEAR_1: i128 = 621_355_968_000_000_000;
    let known = [modified.saturating_mul(1000), modified, modified / 1000, modified / 1_000_000, modified / 10_000];
    let mut all = known.into_iter().chain([modified.saturating_sub(YEAR_1) / 10_000]);
    all.find(|milliseconds| (946_684_800_000..4_102_444_800_000).contains(milliseconds))
}

impl Judge {
    /// With `twice`, the names of items are kept until a second reading.
    pub(super) fn new(stage: Stage, reading: Reading, twice: bool) -> Self {
        Self {
            stage,
            reading,
            issues: BTreeMap::new(),
            earlier: Earlier::default(),
            names: twice.then(FxHashMap::default),
            kinds: Kinds::default(),
            stale: 0,
            newer: 0,
            ended: false,
            begun: Timestamp::now().as_millisecond().into(),
            pages: 0,
            updated: 0,
            deleted: 0,
        }
    }

    /// The kind of feed.
    pub(super) const fn stage(&self) -> Stage {
        self.stage
    }

    fn add(&mut self, issue: Issue) {
        let key = (issue.severity, issue.rule, issue.message.clone());
        match self.issues.get_mut(&key) {
            Some(known) => known.count += issue.count,
            None => drop(self.issues.insert(key, issue)),
        }
    }

    /// Notes that a rule is broken which no page shows by itself.
    pub(super) fn note(
        &mut self,
        severity: IssueLevel,
        rule: &'static Row,
        message: impl Into<String>,
        expected: &'static str,
        first: impl Into<String>,
    ) {
        let issue = Issue { rule, severity, message: message.into(), expected, count: 1, first: first.into() };
        self.add(issue);
    }

    pub(super) fn fail(
        &mut self,
        rule: &'static Row,
        message: impl Into<String>,
        expected: &'static str,
        first: impl Into<String>,
    ) {
        self.note(IssueLevel::Failure, rule, message, expected, first);
    }

    /// Notes why a response is no page, or a walk ended, where a rule is broken by it that no page shows.
    pub(super) fn lack(&mut self, url: &str, cause: HaltCause, reason: &str) {
        let first = format!("{url}: {reason}");
        match cause {
            HaltCause::Status(status) => {
                self.fail(rpde::STATUS, format!("a page responds with HTTP {status}"), "HTTP 200", first);
            }
            HaltCause::Encoding => self.fail(rpde::ENCODING, "a page is not UTF-8", "UTF-8", first),
            HaltCause::Json => self.fail(rpde::JSON, "a page is not a JSON object", "a JSON object", first),
            HaltCause::Loop => {
                let message = "`next` leads to an earlier page: the feed loops";
                self.fail(rpde::LOOP, message, "pages up to the end of the feed", first);
            }
            HaltCause::Endless => {
                let message = "the feed has no last page: page after page leads on";
                self.fail(rpde::LOOP, message, "an empty last page whose `next` is the page itself", first);
            }
            HaltCause::Unsent
            | HaltCause::NoResponse
            | HaltCause::Busy
            | HaltCause::NoNext
            | HaltCause::NextIsNoUrl
            | HaltCause::OtherOrigin
            | HaltCause::NextIsSelf
            | HaltCause::Pages => {}
        }
    }

    /// A page.
    pub(super) fn page(&mut self, page: &FeedPage<'_>) {
        self.pages += 1;
        for item in page.items() {
            match item.state {
                ItemState::Updated => self.updated += 1,
                ItemState::Deleted => self.deleted += 1,
                ItemState::Missing | ItemState::Other(_) => {}
            }
            if let (Some(names), Some(name)) = (&mut self.names, &item.name) {
                match item.data {
                    Some(_) => drop(names.insert(item.key, name.as_ref().into())),
                    None => drop(names.remove(&item.key)),
                }
            }
        }
        if self.stage == Stage::OpportunityFeed {
            self.kinds.take(page.items());
        }
        if rpde::only_repeats(page, &self.earlier) {
            self.stale = self.stale.saturating_add(1);
        } else if !page.items().is_empty() {
            self.stale = 0;
        }
        self.ended |= page.items().is_empty();
        // What counts in numbers of its own is in no year by intention, and hardly in this one.
        let soon = i128::from(Timestamp::now().as_millisecond()) + AHEAD;
        let newer = |item: &FeedItem<'_>| {
            item.position.and_then(moment).is_some_and(|moment| moment > self.begun && moment < soon)
        };
        let all_newer = !self.ended && page.items().iter().all(newer);
        self.newer = if all_newer { self.newer.saturating_add(1) } else { 0 };
        for breach in rpde::judge_page(&PageSeen { page, earlier: &self.earlier, reading: self.reading }) {
            self.add(Issue {
                rule: breach.row,
                severity: breach.level,
                message: breach.message.into_owned(),
                expected: breach.expected,
                count: breach.count,
                first: breach.first,
            });
        }
        self.earlier.remember(page);
    }

    /// Why the feed has no end, where it shows that.
    pub(super) fn endless(&self) -> Option<Stop> {
        let what = match () {
            () if self.stale >= STALE => format!("{STALE} pages in a row only repeat items"),
            () if self.newer >= NEWER => {
                format!("all items of {NEWER} pages in a row are newer than the first request")
            }
            () => return None,
        };
        let (pages, items) = (self.pages, self.updated + self.deleted);
        let reason = format!("the feed does not end: {what}, after {pages} pages and {items} items");
        Some(Stop { cause: HaltCause::Endless, reason })
    }

    /// What the data of its items is, by `kind`.
    pub(super) const fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// What the data of its items was, by `kind`.
    pub(super) fn into_kinds(self) -> Kinds {
        self.kinds
    }

    /// The end of the feed.
    pub(super) fn end(&mut self, url: &str) {
        if self.deleted == 0 && self.updated > 0 && rpde::NO_DELETED.stages.contains(&self.stage) {
            // Nothing need have been deleted lately: it is worth a look, and nothing more.
            let expected = "each item that was deleted within the last seven days";
            self.note(IssueLevel::Suggestion, rpde::NO_DELETED, "the feed has no deleted items", expected, url);
        }
    }

    /// The items of a page of the second reading.
    pub(super) fn still_there(&mut self, items: &[FeedItem<'_>]) {
        let Some(names) = &mut self.names else { return };
        for item in items {
            names.remove(&item.key);
        }
    }

    /// The end of the second reading: what was not met again has vanished.
    pub(super) fn vanished(&mut self, url: &str) {
        let names = self.names.take().unwrap_or_default();
        let mut gone: Vec<&str> = names.values().map(AsRef::as_ref).collect();
        gone.sort_unstable();
        for id in gone {
            let message = "an item disappears from the feed without a deletion";
            self.fail(rpde::VANISHED, message, "an item with state deleted", format!("{url}: item {id}"));
        }
    }

    pub(super) fn issues(&self) -> Vec<Issue> {
        self.issues.values().cloned().collect()
    }
}

/// So many pages in a row may only repeat items: such a feed has no end.
const STALE: u32 = 20;
/// Milliseconds by which the clock of a target may be ahead.
const AHEAD: i128 = 24 * 3_600_000;
/// Pages in a row whose items all are newer than the reading: many more than any update of a whole feed has.
const NEWER: u32 = 1000;

/// Of each `kind` of a feed, so many items are looked at.
const PER_KIND: u32 = 500;

/// The entity types of a feed, by `kind`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Kinds(BTreeMap<String, Kind>);

/// What items of one `kind` are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kind {
    types: BTreeSet<String>,
    /// `id` of the first one.
    first: String,
    count: u32,
}

impl Kinds {
    /// Whether no item has a `kind`.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, items: &[FeedItem<'_>]) {
        for item in items {
            let Some((data, kind)) = item.data.zip(item.kind) else { continue };
            let Ok(name) = serde_json::from_str::<String>(kind.get()) else { continue };
            let kind = self.0.entry(name).or_default();
            if kind.count >= PER_KIND {
                continue;
            }
            let Some(json_type) = type_of(data) else { continue };
            if kind.count == 0 {
                kind.first = item.name.as_deref().unwrap_or_default().to_owned();
            }
            kind.types.insert(json_type);
            kind.count += 1;
        }
    }
}

/// Finds a `kind` that two feeds have for entities of different types. Returns the number of the second feed with what is wrong.
pub(super) fn shared_kinds(feeds: &[(&str, &Kinds)]) -> Vec<(usize, Issue)> {
    let mut known: BTreeMap<&str, (&str, &Kind)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, (feed, kinds)) in feeds.iter().enumerate() {
        for (name, kind) in &kinds.0 {
            let Some((other, before)) = known.get(name.as_str()) else {
                known.insert(name, (feed, kind));
                continue;
            };
            let types = |kind: &Kind| kind.types.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            if kind.types.is_disjoint(&before.types) && !kind.types.is_empty() && !before.types.is_empty() {
                let first = format!(
                    "`kind` {name:?} is {} in {other} (item {}) and {} in {feed} (item {})",
                    types(before),
                    before.first,
                    types(kind),
                    kind.first
                );
                let message = "`kind` is that of another entity type in another feed".to_owned();
                let expected = "a `kind` of its own for each entity type";
                let (rule, severity) = (rpde::KIND, IssueLevel::Failure);
                found.push((number, Issue { rule, severity, message, expected, count: 1, first }));
            }
        }
    }
    found
}

/// Identifiers of items, and references to parents, as numbers.
#[derive(Debug, Default)]
pub(super) struct References {
    ids: FxHashSet<u64>,
    parents: Vec<u64>,
    /// The first parents by their numbers, as examples.
    examples: FxHashMap<u64, Box<str>>,
}

/// So many parents of a feed are kept as examples.
const EXAMPLES: usize = 20_000;

fn number(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

impl References {
    /// Takes what the data of an item says.
    pub(super) fn take(&mut self, data: &str) {
        let Some(links) = Links::read(data) else { return };
        let ids = links.id().into_iter().chain(links.children());
        self.ids.extend(ids.map(|id| number(&id)));
        for id in links.parents() {
            let parent = number(&id);
            if self.examples.len() < EXAMPLES {
                self.examples.entry(parent).or_insert_with(|| id.into());
            }
            self.parents.push(parent);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.parents.extend(other.parents);
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    /// A parent of this number, where it is kept as an example.
    pub(super) fn example(&self, parent: u64) -> Option<&str> {
        self.examples.get(&parent).map(AsRef::as_ref)
    }

    pub(super) fn parents(&self) -> &[u64] {
        &self.parents
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kinds, moment, shared_kinds};
    use crate::checks::rpde::FeedItem;
    use crate::client::feed::RawPage;
    use crate::harvest::page::read;
    use crate::vocabulary::Stage;

    /// The kinds of a feed with items of these kinds and types.
    fn kinds(items: &[(&str, serde_json::Value)]) -> Kinds {
        let items: Vec<_> = items
            .iter()
            .map(|(kind, of)| json!({ "state": "updated", "kind": kind, "id": 1, "modified": 1, "data": { "@type": of } }))
            .collect();
        let text = json!({ "next": "https://example.com/feed", "items": items }).to_string();
        let (url, answered) = ("https://example.com/feed", "https://example.com/feed");
        let raw = RawPage { url, answered, content_type: None, cache_control: None, text: &text, exchange: None };
        let page = read(Stage::OpportunityFeed, &raw).unwrap();
        let mut kinds = Kinds::default();
        let items: &[FeedItem<'_>] = page.items();
        kinds.take(items);
        kinds
    }

    #[test]
    fn moments_are_known_by_their_size() {
        let milliseconds = Some(1_900_000_000_000);
        for modified in [1_900_000_000, 1_900_000_000_000, 1_900_000_000_000_000, 1_900_000_000_000_000_000] {
            assert_eq!(moment(modified), milliseconds, "{modified}");
        }
        assert_eq!(moment(19_000_000_000_000_000), milliseconds);
        assert_eq!(moment(621_355_968_000_000_000 + 19_000_000_000_000_000), milliseconds);
        assert_eq!([0, 17, 12_345_678].map(moment), [None; 3]);
    }

    #[test]
    fn two_feeds_share_a_kind_where_no_type_is_in_both() {
        let shared = |one: &Kinds, other: &Kinds| shared_kinds(&[("A", one), ("B", other)]).len();
        let session = || kinds(&[("Session", json!("ScheduledSession"))]);
        assert_eq!(shared(&session(), &kinds(&[("Session", json!("SessionSeries"))])), 1);
        assert_eq!(shared(&session(), &kinds(&[("SessionSeries", json!("SessionSeries"))])), 0);
        assert_eq!(shared(&session(), &kinds(&[("Session", json!(["oa:ScheduledSession", "Event"]))])), 0);
        let mixed = kinds(&[("Session", json!("SessionSeries")), ("Session", json!("ScheduledSession"))]);
        assert_eq!(shared(&session(), &mixed), 0);
        assert_eq!(shared(&session(), &kinds(&[("Session", json!(null))])), 0);
    }
}
