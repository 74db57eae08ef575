//! Judging the pages of a feed that somebody else reads, while a run goes on.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;

use crate::client::feed::{PageObserver, RawPage};
use crate::validate::{ValidationMode as Mode, Validator};

use super::items::{ItemIssue, Tally, locked};
use super::judge::{Issue, IssueKind, Judge};
use super::page::{Page, items, text};

/// So many bytes of pages may wait to be validated; beyond it, whoever reads them has to wait.
const BACKLOG: usize = 16 * 1024 * 1024;

/// Judges every page of a feed as it comes.
#[derive(Debug)]
pub struct LiveJudge {
    name: String,
    judge: Mutex<Judge>,
    tally: Arc<Mutex<Tally>>,
    validator: Arc<Validator>,
    waiting: Arc<AtomicUsize>,
    items: AtomicU64,
    tasks: Mutex<JoinSet<()>>,
}

impl LiveJudge {
    /// A judge of the opportunity feed of this name.
    #[must_use]
    pub fn new(name: &str, validator: Arc<Validator>) -> Self {
        Self {
            name: name.to_owned(),
            judge: Mutex::new(Judge::new(false, false)),
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

    /// What was found in its pages and items, once all of them are judged.
    pub async fn finish(&self) -> (Vec<Issue>, Vec<ItemIssue>) {
        let mut tasks = std::mem::take(&mut *locked(&self.tasks));
        while tasks.join_next().await.is_some() {}
        let tally = locked(&self.tally);
        (locked(&self.judge).issues(), tally.issues().cloned().collect())
    }
}

impl PageObserver for LiveJudge {
    fn page(&self, raw: RawPage<'_>) {
        let mut judge = locked(&self.judge);
        let Ok(page) = Page::read(raw.text) else {
            judge.fail(IssueKind::Json, "a page is not a JSON object", || raw.url.to_owned());
            return;
        };
        let listed = items(&page);
        let empty = listed.as_ref().is_some_and(|(items, strange)| items.is_empty() && *strange == 0);
        let last = empty && text(page.next).as_deref() == Some(raw.url);
        judge.headers(raw.url, raw.content_type, raw.cache_control, last);
        judge.page(raw.url, &page, listed.as_ref());
        drop(judge);
        let count = listed.map_or(0, |(items, _)| items.len() as u64);
        if count == 0 {
            return;
        }
        let first = self.items.fetch_add(count, Ordering::Relaxed);
        let length = raw.text.len();
        if self.waiting.load(Ordering::Relaxed) + length > BACKLOG {
            let mine = Tally::of_page(raw.text, first, 1, Some(Mode::BookableRpdeFeed), &self.validator);
            locked(&self.tally).merge(mine);
            return;
        }
        self.waiting.fetch_add(length, Ordering::Relaxed);
        let text = raw.text.to_owned();
        let (validator, tally, waiting) =
            (Arc::clone(&self.validator), Arc::clone(&self.tally), Arc::clone(&self.waiting));
        let mut tasks = locked(&self.tasks);
        tasks.spawn_blocking(move || {
            let mine = Tally::of_page(&text, first, 1, Some(Mode::BookableRpdeFeed), &validator);
            locked(&tally).merge(mine);
            waiting.fetch_sub(text.len(), Ordering::Relaxed);
        });
        while tasks.try_join_next().is_some() {}
    }
}
