//! An Orders feed or OrderProposals feed of one Booking Partner.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashSet};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::target::client::Client;

use super::follower::{FeedOptions, Follower, Sink};
use super::page::{Item, Modified};

/// One update of an Order, as the feed showed it.
#[derive(Debug, Clone)]
pub struct OrderUpdate {
    /// `modified` of the item.
    pub modified: Modified,
    /// `kind`
    pub kind: Option<String>,
    /// `data`; none when the item is deleted.
    pub data: Option<Value>,
    /// The exchange that brought it.
    pub exchange: u32,
}

/// Every Order that the feed has shown, by the hash of its UUID.
type Seen = Arc<Mutex<FxHashSet<u64>>>;
type Watchers = Arc<Mutex<HashMap<String, Vec<mpsc::UnboundedSender<OrderUpdate>>>>>;

/// Follows one feed of Orders or OrderProposals.
#[derive(Debug)]
pub struct OrderFeed {
    follower: Arc<Follower>,
    watchers: Watchers,
    seen: Seen,
}

/// Sees every update of one Order from the moment that it was opened.
#[derive(Debug)]
pub struct OrderWatch {
    follower: Arc<Follower>,
    updates: mpsc::UnboundedReceiver<OrderUpdate>,
}

/// Why a wait for an update ended without it.
#[derive(Debug, Clone)]
pub struct OrderMiss {
    /// Every update that was seen, oldest first.
    pub seen: Vec<OrderUpdate>,
    /// What was in the way, if the feed could not be read.
    pub error: Option<String>,
    /// Pages that the feed has shown, in all.
    pub pages: u64,
}

struct WatchSink(Watchers, Seen);

fn hash(uuid: &str) -> u64 {
    FxBuildHasher.hash_one(uuid.to_lowercase())
}

impl Sink for WatchSink {
    fn take(&mut self, items: &[Item], record: &mut dyn FnMut() -> u32) {
        if items.is_empty() {
            return;
        }
        let mut watchers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        for item in items {
            if item.data.is_some() {
                seen.insert(hash(&item.id));
            }
            // UUIDs are compared without regard to letter case.
            let Some(watching) = watchers.get_mut(&item.id.to_lowercase()) else { continue };
            let data = item.data.as_ref().map(|data| serde_json::from_str(data).unwrap_or(Value::Null));
            let update =
                OrderUpdate { modified: item.modified.clone(), kind: item.kind.clone(), data, exchange: record() };
            watching.retain(|watch| watch.send(update.clone()).is_ok());
        }
        watchers.retain(|_, watching| !watching.is_empty());
    }
}

impl OrderFeed {
    /// Starts to follow the feed.
    #[must_use]
    pub fn start(client: Client, options: FeedOptions, cancel: CancellationToken) -> Self {
        let watchers = Watchers::default();
        let seen = Seen::default();
        let sink = WatchSink(Arc::clone(&watchers), Arc::clone(&seen));
        let follower = Follower::start(client, options, sink, cancel);
        Self { follower, watchers, seen }
    }

    /// Whether the feed has ever shown an Order, as far as it was read.
    #[must_use]
    pub fn has_shown(&self, uuid: &str) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash(uuid))
    }

    /// The follower.
    #[must_use]
    pub const fn follower(&self) -> &Arc<Follower> {
        &self.follower
    }

    /// Opens a watch on an Order, once everything that the feed holds at this moment has been read: what the watch
    /// sees was put into the feed after this call began.
    ///
    /// # Errors
    /// In words, that the feed could not be read to its end before `deadline`.
    pub async fn watch(&self, uuid: &str, deadline: Instant) -> Result<OrderWatch, String> {
        self.follower.catch_up(deadline).await?;
        let (sender, updates) = mpsc::unbounded_channel();
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.entry(uuid.to_lowercase()).or_default().push(sender);
        Ok(OrderWatch { follower: Arc::clone(&self.follower), updates })
    }
}

impl OrderWatch {
    /// The first update that has come and was not waited for.
    pub fn seen_so_far(&mut self) -> Option<OrderUpdate> {
        self.updates.try_recv().ok()
    }

    /// Waits for an update that satisfies `wanted`; others are remembered and passed over.
    ///
    /// # Errors
    /// What was seen instead when `deadline` came.
    pub async fn wait_for(
        &mut self,
        deadline: Instant,
        wanted: impl Fn(&OrderUpdate) -> bool,
    ) -> Result<OrderUpdate, OrderMiss> {
        let follower = Arc::clone(&self.follower);
        let _waiting = follower.wait();
        let mut status = follower.subscribe();
        let mut seen = Vec::new();
        loop {
            tokio::select! {
                update = self.updates.recv() => match update {
                    Some(update) if wanted(&update) => return Ok(update),
                    Some(update) => seen.push(update),
                    None => break,
                },
                _ = status.wait_for(|status| status.stopped) => break,
                () = tokio::time::sleep_until(deadline) => break,
            }
        }
        let status = follower.status();
        Err(OrderMiss { seen, error: status.error, pages: status.pages })
    }
}
