//! Judging the pages of a feed that somebody else reads, while a run goes on.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

use crate::checks::rpde::Reading;
use crate::client::feed::{HaltCause, PageObserver, RawPage, Stop};
use crate::validate::{ValidationMode as Mode, Validator};
use crate::vocabulary::Stage;

use super::items::{ItemIssue, Tally, locked};
use super::judge::{Issue, Judge, Kinds, shared_kinds};
use super::page::{self, ItemPlaces, item_texts};
use super::trace::FeedTrace;

/// So many bytes of pages may wait to be validated; beyond it, whoever reads them has to wait.
const BACKLOG: usize = 16 * 1024 * 1024;

/// Judges every page of a feed as it comes.
#[derive(Debug)]
pub struct LiveJudge {
    name: String,
    stage: Stage,
    judge: Mutex<Judge>,
    trace: Mutex<FeedTrace>,
    tally: Arc<Mutex<Tally>>,
    /// What judges the items; `None` where only the pages are judged.
    validator: Option<Arc<Validator>>,
    waiting: Arc<AtomicUsize>,
    items: AtomicU64,
    tasks: Mutex<JoinSet<()>>,
}

impl LiveJudge {
    /// A judge of the pages and items of the opportunity feed of this name.
    #[must_use]
    pub fn new(name: &str, validator: Arc<Validator>) -> Self {
        Self::with(name, Stage::OpportunityFeed, Some(validator))
    }

    /// A judge of the pages of a feed: [`Stage::OpportunityFeed`], [`Stage::OrdersFeed`] or [`Stage::ProposalsFeed`].
    #[must_use]
    pub fn of_pages(name: &str, stage: Stage) -> Self {
        Self::with(name, stage, None)
    }

    fn with(name: &str, stage: Stage, validator: Option<Arc<Validator>>) -> Self {
        Self {
            name: name.to_owned(),
            stage,
            judge: Mutex::new(Judge::new(stage, Reading::Live, false)),
            trace: Mutex::new(FeedTrace::new(name, stage)),
            tally: Arc::default(),
            validator,
            waiting: Arc::default(),
            items: AtomicU64::new(0),
            tasks: Mutex::default(),
        }
    }

    /// The name of the feed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of feed.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// What was found in its pages so far.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue> {
        locked(&self.judge).issues()
    }

    /// What of a `kind` is wrong across feeds, each with the number of a feed.
    #[must_use]
    pub fn across(judges: &[Arc<Self>]) -> Vec<(usize, Issue)> {
        let locked: Vec<_> = judges.iter().map(|judge| (judge.name.as_str(), locked(&judge.judge))).collect();
        let feeds: Vec<(&str, &Kinds)> = locked.iter().map(|(name, judge)| (*name, judge.kinds())).collect();
        shared_kinds(&feeds)
    }

    /// What was found in its pages and items, once all of them are judged.
    pub async fn finish(&self) -> (Vec<Issue>, Vec<ItemIssue>) {
        let mut tasks = std::mem::take(&mut *locked(&self.tasks));
        while tasks.join_next().await.is_some() {}
        let tally = locked(&self.tally);
        (self.issues(), tally.issues().cloned().collect())
    }

    /// What was seen of the feed, with examples of what [`finish`](Self::finish) found in its items.
    #[must_use]
    pub fn trace(&self, items: &[ItemIssue]) -> FeedTrace {
        let trace = locked(&self.trace).clone();
        trace.with_kinds(locked(&self.judge).kinds()).with_items(items)
    }
}

impl PageObserver for LiveJudge {
    fn page(&self, raw: RawPage<'_>) {
        let page = {
            let mut judge = locked(&self.judge);
            locked(&self.trace).page(&raw);
            match page::read(judge.stage(), &raw) {
                Ok(page) => {
                    judge.page(&page);
                    page
                }
                Err(error) => return judge.lack(raw.url, HaltCause::Json, &error.to_string()),
            }
        };
        let count = page.items().len() as u64;
        let Some(validator) = self.validator.as_ref().filter(|_| count > 0) else { return };
        let first = self.items.fetch_add(count, Ordering::Relaxed);
        let length = raw.text.len();
        if self.waiting.load(Ordering::Relaxed) + length > BACKLOG {
            let mine = Tally::of_items(&item_texts(&page), first, 1, Some(Mode::BookableRpdeFeed), validator);
            locked(&self.tally).merge(mine);
            return;
        }
        self.waiting.fetch_add(length, Ordering::Relaxed);
        let (text, places) = (raw.text.to_owned(), ItemPlaces::of(&page, raw.text));
        let (validator, tally, waiting) = (Arc::clone(validator), Arc::clone(&self.tally), Arc::clone(&self.waiting));
        let mut tasks = locked(&self.tasks);
        tasks.spawn_blocking(move || {
            let mine = Tally::of_items(&places.texts(&text), first, 1, Some(Mode::BookableRpdeFeed), &validator);
            locked(&tally).merge(mine);
            waiting.fetch_sub(text.len(), Ordering::Relaxed);
        });
        while tasks.try_join_next().is_some() {}
    }

    fn endless(&self) -> Option<Stop> {
        locked(&self.judge).endless()
    }

    fn unreadable(&self, url: &str, cause: HaltCause, reason: &str) {
        locked(&self.judge).lack(url, cause, reason);
        locked(&self.trace).unreadable(url, cause, reason);
    }
}

/// Judges recorded pages of one feed, in the order in which they were read. With a validator, their items as well.
pub fn judge_pages<'p>(
    stage: Stage,
    pages: impl IntoIterator<Item = RawPage<'p>>,
    validator: Option<&Validator>,
) -> (Vec<Issue>, Vec<ItemIssue>) {
    let mut judge = Judge::new(stage, Reading::Live, false);
    let mut tally = Tally::default();
    for raw in pages {
        match page::read(stage, &raw) {
            Ok(page) => {
                judge.page(&page);
                if let Some(validator) = validator {
                    let items = item_texts(&page);
                    tally.merge(Tally::of_items(&items, 0, 1, Some(Mode::BookableRpdeFeed), validator));
                }
            }
            Err(error) => judge.lack(raw.url, HaltCause::Json, &error.to_string()),
        }
    }
    (judge.issues(), tally.issues().cloned().collect())
}
