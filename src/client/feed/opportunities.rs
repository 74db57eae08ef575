//! The opportunity feeds together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::http::Client;
use crate::client::tape::Tape;
use crate::vocabulary::OpportunityType;

use super::follower::{FeedOptions, Follower, PageObserver, Sink, Waiting};
use super::index::{Family, FeedSet, Index, Located};
use super::page::Item;

/// Follows every opportunity feed of a dataset.
#[derive(Debug)]
pub struct OpportunityFeeds {
    followers: Vec<Arc<Follower>>,
    index: Arc<Mutex<Index>>,
    changed: watch::Sender<u64>,
    /// The feeds in which an opportunity of a type and its parents were found.
    known: Mutex<HashMap<OpportunityType, FeedSet>>,
    tape: Option<Arc<Tape>>,
}

/// Of a wait, the part after which it is for every feed, and no more for those alone that are likely.
const LIKELY: u32 = 4;

/// What is waited for, as far as it says which feeds will show it.
#[derive(Debug, Clone, Copy)]
enum Sought {
    /// An opportunity that may be in no feed yet.
    New(Option<OpportunityType>),
    /// A change of an opportunity or its parents.
    Family,
    /// A change of the opportunity itself, or its end.
    Own,
}

/// Why a wait for an opportunity ended without it.
#[derive(Debug, Clone)]
pub struct OpportunityMiss {
    /// Its last state, if it was seen at all.
    pub last: Option<Located>,
    /// The reason.
    pub reason: String,
}

struct IndexSink {
    feed: usize,
    index: Arc<Mutex<Index>>,
    changed: watch::Sender<u64>,
}

impl Sink for IndexSink {
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
    /// Starts a follower for each feed, with a judge of its pages.
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
                let sink = IndexSink { feed, index: Arc::clone(&index), changed: changed.clone() };
                Follower::start(client.clone(), options, observer, sink, cancel.clone())
            })
            .collect();
        Self { followers, index, changed, known: Mutex::default(), tape: None }
    }

    /// The feeds as they are in a record.
    #[must_use]
    pub fn replaying(tape: Arc<Tape>) -> Self {
        Self {
            followers: Vec::new(),
            index: Arc::default(),
            changed: watch::Sender::new(0),
            known: Mutex::default(),
            tape: Some(tape),
        }
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

    /// All opportunities in an order that does not depend on that in which feeds were read, to be
    /// [looked at](Self::look_at) some at a time.
    #[must_use]
    pub fn families(&self) -> Vec<Family> {
        self.tape.as_ref().map_or_else(|| self.index().families(), |tape| Family::single(tape.ids()))
    }

    /// Those of [`families`](Self::families) that may be of a type.
    #[must_use]
    pub fn families_of(&self, wanted: OpportunityType) -> Vec<Family> {
        self.tape.as_ref().map_or_else(|| self.index().families_of(wanted), |tape| Family::single(tape.ids()))
    }

    /// Shows the opportunities of a family, each with its identifier and joined with its parents, to `look`.
    pub fn look_at(&self, family: &Family, look: &mut dyn FnMut(&str, &Value)) {
        let Some(tape) = &self.tape else { return self.index().look_at(family, look) };
        for id in family.ids() {
            if let Some(located) = tape.get(id) {
                look(id, &located.data);
            }
        }
    }

    /// The followers.
    #[must_use]
    pub fn followers(&self) -> &[Arc<Follower>] {
        &self.followers
    }

    /// The name of the first feed that has shown an opportunity.
    #[must_use]
    pub fn feed_of(&self, id: &str) -> Option<&str> {
        let feeds = self.index().feeds_of(id)?;
        let mut numbered = self.followers.iter().enumerate();
        numbered.find(|(feed, _)| feeds.has(*feed)).map(|(_, follower)| follower.name())
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

    /// Waits until everything has been read that the feeds of these opportunities hold of them at this moment. Where one
    /// is unknown, these are all feeds.
    ///
    /// # Errors
    /// In words, which feed could not be read to its end before `deadline`.
    pub async fn catch_up_on(&self, ids: &[&str], deadline: Instant) -> Result<(), String> {
        let feeds = {
            let index = self.index();
            ids.iter().fold(FeedSet::default(), |feeds, id| feeds.and(index.feeds_of(id).unwrap_or(FeedSet::ALL)))
        };
        let numbered = self.followers.iter().enumerate().filter(|(feed, _)| feeds.has(*feed));
        let all = futures::future::join_all(numbered.map(|(_, follower)| follower.catch_up(deadline))).await;
        all.into_iter().collect()
    }

    /// Waits until an opportunity of a type is in the feeds, with its parents.
    ///
    /// # Errors
    /// The reason, when `deadline` is reached.
    pub async fn find(
        &self,
        id: &str,
        kind: Option<OpportunityType>,
        deadline: Instant,
    ) -> Result<Located, OpportunityMiss> {
        let located = self.wait(id, Sought::New(kind), deadline, |_| true).await?;
        if let (Some(kind), Some(feeds)) = (kind, self.index().feeds_of_family(id)) {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = known.entry(kind).or_default();
            *entry = entry.and(feeds);
        }
        Ok(located)
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
        self.wait(id, Sought::Family, deadline, wanted).await
    }

    /// Waits until an opportunity satisfies `wanted`, which looks at no parent. A state that is there already counts.
    ///
    /// # Errors
    /// The state that it had when `deadline` came.
    pub async fn wait_for_own(
        &self,
        id: &str,
        deadline: Instant,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Located, OpportunityMiss> {
        self.wait(id, Sought::Own, deadline, wanted).await
    }

    async fn wait(
        &self,
        id: &str,
        sought: Sought,
        deadline: Instant,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Located, OpportunityMiss> {
        if let Some(tape) = &self.tape {
            let reason = "no recorded item meets the expectation".to_owned();
            return tape.wait_for(id, wanted).map_err(|last| OpportunityMiss { last, reason });
        }
        self.index().watch(id);
        let look = || self.index().get(id).filter(|located| wanted(&located.data));
        self.until(id, sought, deadline, look).await.ok_or_else(|| self.miss(id))
    }

    /// Waits until an opportunity is in no feed any more.
    ///
    /// # Errors
    /// In words, that it was still there when `deadline` came.
    pub async fn wait_gone(&self, id: &str, deadline: Instant) -> Result<(), String> {
        if let Some(tape) = &self.tape {
            return tape.gone(id).then_some(()).ok_or_else(|| "no item with state \"deleted\" is recorded".to_owned());
        }
        let look = || (!self.index().contains(id)).then_some(());
        let gone = self.until(id, Sought::Own, deadline, look).await;
        gone.ok_or_else(|| "no item with state \"deleted\" was published".to_owned())
    }

    /// Looks after every change until something is found. Meanwhile a cell waits for the feeds that are likely to show it,
    /// and for all of them when these have not for a while.
    async fn until<T>(&self, id: &str, sought: Sought, deadline: Instant, look: impl Fn() -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        let begun = Instant::now();
        let anywhere = begun + deadline.saturating_duration_since(begun) / LIKELY;
        let mut waiting: Vec<Option<Waiting<'_>>> = self.followers.iter().map(|_| None).collect();
        let mut looked_at = None;
        loop {
            // Most changes are those of others.
            let version = self.index().version(id);
            if looked_at.replace(version) != Some(version)
                && let Some(found) = look()
            {
                return Some(found);
            }
            let likely = if Instant::now() < anywhere { self.likely(id, sought) } else { FeedSet::ALL };
            let stopped = |feeds: FeedSet| {
                let mut numbered = self.followers.iter().enumerate().filter(|(feed, _)| feeds.has(*feed));
                numbered.all(|(_, follower)| follower.is_stopped())
            };
            if stopped(FeedSet::ALL) || self.in_vain(sought) {
                return None;
            }
            let feeds = if stopped(likely) { FeedSet::ALL } else { likely };
            for (feed, (follower, waiting)) in self.followers.iter().zip(&mut waiting).enumerate() {
                match (feeds.has(feed), &waiting) {
                    (true, None) => *waiting = Some(follower.wait()),
                    (false, Some(_)) => *waiting = None,
                    _ => {}
                }
            }
            let next = if feeds == FeedSet::ALL { deadline } else { anywhere.min(deadline) };
            let news = tokio::time::timeout_at(next, changed.changed()).await;
            if Instant::now() >= deadline || matches!(news, Ok(Err(_))) {
                return look();
            }
        }
    }

    /// Whether a new opportunity can come in no feed: the reading of the one that is named like its type ended, and those that are
    /// still read have never shown an item.
    fn in_vain(&self, sought: Sought) -> bool {
        let Sought::New(Some(kind)) = sought else { return false };
        let own = |name: &str| name.split(' ').next() == Some(kind.name());
        self.followers.iter().any(|follower| follower.is_stopped() && own(follower.name()))
            && self.followers.iter().all(|follower| follower.is_stopped() || follower.status().items == 0)
    }

    /// The feeds that are likely to show what is waited for.
    fn likely(&self, id: &str, sought: Sought) -> FeedSet {
        let index = self.index();
        let (own, family) = (index.feeds_of(id), index.feeds_of_family(id));
        drop(index);
        let known = |kind| self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied();
        match (sought, own, family) {
            (Sought::Own, Some(own), _) => own,
            (_, _, Some(family)) => family,
            // It is there, and a parent is not.
            (Sought::New(Some(kind)), Some(own), None) => known(kind).map_or(FeedSet::ALL, |feeds| feeds.but(own)),
            (Sought::New(Some(kind)), None, None) => known(kind).unwrap_or(FeedSet::ALL),
            _ => FeedSet::ALL,
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
            "no published item meets the expectation".to_owned()
        } else if let Some(parent) = index.missing_parent(id) {
            format!("it is in its feed, but its parent {parent} is in no feed")
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
