//! The opportunity feeds together.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::target::client::Client;
use crate::target::tape::Tape;

use super::follower::{FeedOptions, Follower, Sink};
use super::index::{Index, Located};
use super::page::Item;

/// Follows every opportunity feed of a dataset.
#[derive(Debug)]
pub struct OpportunityFeeds {
    followers: Vec<Arc<Follower>>,
    index: Arc<Mutex<Index>>,
    changed: watch::Sender<u64>,
    tape: Option<Arc<Tape>>,
}

/// Why a wait for an opportunity ended without it.
#[derive(Debug, Clone)]
pub struct OpportunityMiss {
    /// Its last state, if it was seen at all.
    pub last: Option<Located>,
    /// What was in the way.
    pub reason: String,
}

/// A page of a feed, as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct RawPage<'p> {
    /// Where it was read.
    pub url: &'p str,
    /// Its `Content-Type`.
    pub content_type: Option<&'p str>,
    /// Its `Cache-Control`.
    pub cache_control: Option<&'p str>,
    /// Its body.
    pub text: &'p str,
}

/// Who looks at every page of a feed.
pub trait PageObserver: fmt::Debug + Send + Sync {
    /// A page was read.
    fn page(&self, page: RawPage<'_>);
}

struct IndexSink {
    observer: Option<Arc<dyn PageObserver>>,
    feed: usize,
    index: Arc<Mutex<Index>>,
    changed: watch::Sender<u64>,
}

impl Sink for IndexSink {
    fn observes(&self) -> bool {
        self.observer.is_some()
    }

    fn see(&mut self, page: RawPage<'_>) {
        if let Some(observer) = &self.observer {
            observer.page(page);
        }
    }

    fn take(&mut self, items: &[Item], record: &mut dyn FnMut() -> u32) {
        if items.is_empty() {
            return;
        }
        locked(&self.index).take(self.feed, items, record);
        self.changed.send_modify(|version| *version += 1);
    }
}

fn locked(index: &Mutex<Index>) -> MutexGuard<'_, Index> {
    index.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OpportunityFeeds {
    /// Starts a follower for each feed, with whoever looks at its pages.
    #[must_use]
    pub fn start(
        client: &Client,
        feeds: Vec<(FeedOptions, Option<Arc<dyn PageObserver>>)>,
        cancel: &CancellationToken,
    ) -> Self {
        let index = Arc::new(Mutex::new(Index::default()));
        let changed = watch::Sender::new(0);
        let followers = feeds
            .into_iter()
            .enumerate()
            .map(|(feed, (options, observer))| {
                let sink = IndexSink { observer, feed, index: Arc::clone(&index), changed: changed.clone() };
                Follower::start(client.clone(), options, sink, cancel.clone())
            })
            .collect();
        Self { followers, index, changed, tape: None }
    }

    /// The feeds as they are in a record.
    #[must_use]
    pub fn replaying(tape: Arc<Tape>) -> Self {
        Self { followers: Vec::new(), index: Arc::default(), changed: watch::Sender::new(0), tape: Some(tape) }
    }

    /// Every identifier, in order.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.tape.as_ref().map_or_else(|| self.index().ids(), |tape| tape.ids())
    }

    /// An opportunity joined with its parents; none while it or one of its parents is unknown.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Located> {
        self.tape.as_ref().map_or_else(|| self.index().get(id), |tape| tape.get(id))
    }

    /// The followers.
    #[must_use]
    pub fn followers(&self) -> &[Arc<Follower>] {
        &self.followers
    }

    /// The items so far.
    pub fn index(&self) -> MutexGuard<'_, Index> {
        locked(&self.index)
    }

    /// Waits until everything that the feeds hold at this moment has been read.
    ///
    /// # Errors
    /// In words, which feed could not be read to its end before `deadline`.
    pub async fn catch_up(&self, deadline: Instant) -> Result<(), String> {
        let all = futures::future::join_all(self.followers.iter().map(|follower| follower.catch_up(deadline))).await;
        all.into_iter().collect()
    }

    /// Waits until an opportunity, joined with its parents, satisfies `wanted`. A state that is there already counts.
    ///
    /// # Errors
    /// The state that it had when `deadline` came.
    pub async fn wait_for(
        &self,
        id: &str,
        deadline: Instant,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Located, OpportunityMiss> {
        if let Some(tape) = &self.tape {
            let reason = "it did not become what was expected, as far as it is recorded".to_owned();
            return tape.wait_for(id, wanted).map_err(|last| OpportunityMiss { last, reason });
        }
        self.index().watch(id);
        let mut changed = self.changed.subscribe();
        let _waiting: Vec<_> = self.followers.iter().map(|follower| follower.wait()).collect();
        loop {
            let located = self.index().get(id);
            if let Some(located) = located
                && wanted(&located.data)
            {
                return Ok(located);
            }
            let all_stopped = self.followers.iter().all(|follower| follower.status().stopped);
            let timed_out = tokio::time::timeout_at(deadline, changed.changed()).await;
            if all_stopped || !matches!(timed_out, Ok(Ok(()))) {
                return Err(self.miss(id));
            }
        }
    }

    /// Waits until an opportunity is in no feed any more.
    ///
    /// # Errors
    /// In words, that it was still there when `deadline` came.
    pub async fn wait_gone(&self, id: &str, deadline: Instant) -> Result<(), String> {
        if let Some(tape) = &self.tape {
            return tape.gone(id).then_some(()).ok_or_else(|| "no item with state \"deleted\" is recorded".to_owned());
        }
        let mut changed = self.changed.subscribe();
        let _waiting: Vec<_> = self.followers.iter().map(|follower| follower.wait()).collect();
        loop {
            if !self.index().contains(id) {
                return Ok(());
            }
            let all_stopped = self.followers.iter().all(|follower| follower.status().stopped);
            let timed_out = tokio::time::timeout_at(deadline, changed.changed()).await;
            if all_stopped || !matches!(timed_out, Ok(Ok(()))) {
                return Err("no item with state \"deleted\" came".to_owned());
            }
        }
    }

    fn miss(&self, id: &str) -> OpportunityMiss {
        let index = self.index();
        let last = index.get(id);
        let errors: Vec<String> = self
            .followers
            .iter()
            .filter_map(|follower| follower.status().error.map(|error| format!("{}: {error}", follower.name())))
            .collect();
        let reason = if last.is_some() {
            "it did not become what was expected".to_owned()
        } else if let Some(parent) = index.missing_parent(id) {
            format!("it is in its feed, but its parent {parent} is in none")
        } else if index.contains(id) {
            "it is in its feed, but could not be joined with its parents".to_owned()
        } else if errors.is_empty() {
            "it is in no feed of the dataset site".to_owned()
        } else {
            format!("it is in no feed that could be read ({})", errors.join("; "))
        };
        OpportunityMiss { last, reason }
    }
}
