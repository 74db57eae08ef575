//! The pages of one feed, judged one after the other by the rules of RPDE.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::checks::Row;
use crate::checks::rpde::{self, Earlier, FeedItem, FeedPage, IssueLevel, ItemState, PageSeen, Reading};
use crate::client::feed::{HaltCause, Links};
use crate::vocabulary::Stage;

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
    pub(super) pages: u64,
    pub(super) updated: u64,
    pub(super) deleted: u64,
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
                let message = "the feed has no last page: pages without items have a further `next`";
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
    pub(super) fn take(&mut self, data: &RawValue) {
        let Some(links) = Links::read(data.get()) else { return };
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
