//! An Orders feed or OrderProposals feed of one Booking Partner.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::Fuse;
use rustc_hash::{FxBuildHasher, FxHashSet};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::http::Client;
use crate::client::recorder::Recorder;
use crate::client::tape::Tape;
use crate::results::{ExchangeId, FeedReport};

use super::follower::{FeedOptions, FeedStatus, FeedStop, Follower, PageObserver, Sink};
use super::order_update::OrderUpdate;
use super::page::Item;

/// The Orders that a feed has shown, by the hash of their UUIDs.
#[derive(Debug, Default)]
struct Shown {
    /// Those that it has ever shown as `updated`.
    updated: FxHashSet<u64>,
    /// Those that are `deleted` now.
    deleted: FxHashSet<u64>,
}

type Seen = Arc<Mutex<Shown>>;
type Watchers = Arc<Mutex<HashMap<String, Vec<mpsc::UnboundedSender<OrderUpdate>>>>>;

/// Follows one feed of Orders or OrderProposals.
#[derive(Debug)]
pub struct OrderFeed(Source);

#[derive(Debug)]
enum Source {
    Followed { follower: Arc<Follower>, watchers: Watchers, seen: Seen, recorder: Arc<Recorder> },
    Recorded { name: String, tape: Arc<Tape> },
}

/// Sees every update of one Order from the moment that it was opened.
#[derive(Debug)]
pub struct OrderWatch {
    opened: ExchangeId,
    view: View,
    /// Updates that the wait under way has passed over.
    passed: Vec<OrderUpdate>,
}

#[derive(Debug)]
enum View {
    Followed { follower: Arc<Follower>, updates: mpsc::UnboundedReceiver<OrderUpdate> },
    Recorded { feed: String, uuid: String, tape: Arc<Tape>, last: ExchangeId },
}

/// Why a wait for an update ended without it.
#[derive(Debug, Clone)]
pub struct OrderMiss {
    /// Every update that was seen, oldest first.
    pub seen: Vec<OrderUpdate>,
    /// The reason, if the feed could not be read.
    pub error: Option<String>,
    /// Pages that the feed has shown, in all.
    pub pages: u64,
}

/// What an update means to the wait under way, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitOutlook {
    /// It is what is awaited.
    Awaited,
    /// It is something else; what is awaited may still come.
    Other,
    /// It shows another effect than the awaited one, so that the wait is over unless the next reads bring more.
    Contrary,
    /// It excludes what is awaited for good.
    Final,
}

/// How long updates that belong together may take to be published, one after another.
const GRACE: Duration = Duration::from_secs(2);

struct WatchSink(Watchers, Seen);

/// The updates of an Order from now on. Watchers that have gone are dropped.
fn updates_of(
    uuid: &str,
    watchers: &mut HashMap<String, Vec<mpsc::UnboundedSender<OrderUpdate>>>,
) -> mpsc::UnboundedReceiver<OrderUpdate> {
    watchers.retain(|_, watching| {
        watching.retain(|watch| !watch.is_closed());
        !watching.is_empty()
    });
    let (sender, updates) = mpsc::unbounded_channel();
    watchers.entry(uuid.to_lowercase()).or_default().push(sender);
    updates
}

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
            let uuid = hash(&item.id);
            if item.data.is_some() {
                seen.updated.insert(uuid);
                seen.deleted.remove(&uuid);
            } else {
                seen.deleted.insert(uuid);
            }
            // UUIDs are compared without regard to letter case.
            let Some(watching) = watchers.get_mut(&item.id.to_lowercase()) else { continue };
            let update = OrderUpdate::of(item, record());
            watching.retain(|watch| watch.send(update.clone()).is_ok());
        }
        watchers.retain(|_, watching| !watching.is_empty());
    }
}

impl OrderFeed {
    /// Starts to follow the feed; `observer` judges its pages.
    #[must_use]
    pub fn start(
        client: Client,
        options: FeedOptions,
        observer: Option<Arc<dyn PageObserver>>,
        cancel: CancellationToken,
    ) -> Self {
        let watchers = Watchers::default();
        let seen = Seen::default();
        let sink = WatchSink(Arc::clone(&watchers), Arc::clone(&seen));
        let recorder = Arc::clone(client.recorder());
        let follower = Follower::start(client, options, observer, sink, cancel);
        Self(Source::Followed { follower, watchers, seen, recorder })
    }

    /// The feed of this name as it is in a record.
    #[must_use]
    pub const fn replaying(name: String, tape: Arc<Tape>) -> Self {
        Self(Source::Recorded { name, tape })
    }

    /// Whether the feed has ever shown an Order, as far as it was read.
    #[must_use]
    pub fn has_shown(&self, uuid: &str) -> bool {
        match &self.0 {
            Source::Followed { seen, .. } => {
                seen.lock().unwrap_or_else(PoisonError::into_inner).updated.contains(&hash(uuid))
            }
            Source::Recorded { name, tape } => tape.has_shown(name, uuid),
        }
    }

    /// Whether an Order is `deleted` in the feed, as far as it was read. `false` out of a record.
    #[must_use]
    pub fn shows_deleted(&self, uuid: &str) -> bool {
        match &self.0 {
            Source::Followed { seen, .. } => {
                seen.lock().unwrap_or_else(PoisonError::into_inner).deleted.contains(&hash(uuid))
            }
            Source::Recorded { .. } => false,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Source::Followed { follower, .. } => follower.name(),
            Source::Recorded { name, .. } => name,
        }
    }

    /// How far it has been read.
    #[must_use]
    pub fn status(&self) -> FeedStatus {
        match &self.0 {
            Source::Followed { follower, .. } => follower.status(),
            Source::Recorded { .. } => FeedStatus::default(),
        }
    }

    /// What is wrong with it that kept it from being read to its end.
    #[must_use]
    pub fn stops(&self) -> Vec<FeedStop> {
        match &self.0 {
            Source::Followed { follower, .. } => follower.stops(),
            Source::Recorded { .. } => Vec::new(),
        }
    }

    /// Its part of the run report; none where it is not read.
    #[must_use]
    pub fn report(&self) -> Option<FeedReport> {
        match &self.0 {
            Source::Followed { follower, .. } => Some(follower.report()),
            Source::Recorded { .. } => None,
        }
    }

    /// Waits until everything that the feed holds at this moment has been read.
    ///
    /// # Errors
    /// In words, that its end was not found before `deadline`.
    pub async fn catch_up(&self, deadline: Instant) -> Result<(), String> {
        match &self.0 {
            Source::Followed { follower, .. } => follower.catch_up(deadline).await,
            Source::Recorded { .. } => Ok(()),
        }
    }

    /// Opens a watch on an Order, once everything that the feed holds at this moment has been read: what the watch
    /// sees was put into the feed after this call began.
    ///
    /// # Errors
    /// In words, that the feed could not be read to its end before `deadline`.
    pub async fn watch(&self, uuid: &str, deadline: Instant) -> Result<OrderWatch, String> {
        match &self.0 {
            Source::Followed { follower, watchers, recorder, .. } => {
                follower.catch_up(deadline).await?;
                Ok(OrderWatch::begin(uuid, follower, watchers, recorder))
            }
            Source::Recorded { name, tape } => {
                let opened = tape.watch();
                let (feed, uuid, tape) = (name.clone(), uuid.to_owned(), Arc::clone(tape));
                Ok(OrderWatch { opened, view: View::Recorded { feed, uuid, tape, last: opened }, passed: Vec::new() })
            }
        }
    }
}

impl OrderFeed {
    /// Opens a watch on an Order at once: it sees what comes from now on. `None` out of a record.
    #[must_use]
    pub fn watch_on(&self, uuid: &str) -> Option<OrderWatch> {
        let Source::Followed { follower, watchers, recorder, .. } = &self.0 else { return None };
        Some(OrderWatch::begin(uuid, follower, watchers, recorder))
    }
}

/// Returns once updates that belong together have been published, and have been read.
async fn settle(follower: &Follower, deadline: Instant) {
    tokio::time::sleep(GRACE).await;
    for _ in 0..2 {
        // Where the feed cannot be read to its end, the wait ends by its deadline.
        if follower.catch_up(deadline).await.is_err() {
            return std::future::pending().await;
        }
    }
}

impl OrderWatch {
    /// Sees every update of an Order from now on.
    fn begin(uuid: &str, follower: &Arc<Follower>, watchers: &Watchers, recorder: &Recorder) -> Self {
        let mut watchers = watchers.lock().unwrap_or_else(PoisonError::into_inner);
        let updates = updates_of(uuid, &mut watchers);
        let opened = recorder.last();
        Self { opened, view: View::Followed { follower: Arc::clone(follower), updates }, passed: Vec::new() }
    }

    /// The number of the last exchange before it was opened.
    #[must_use]
    pub const fn opened(&self) -> ExchangeId {
        self.opened
    }

    /// The next update, whenever it comes. The feed is read no more often for it. `None` once nothing more comes.
    pub async fn next(&mut self) -> Option<OrderUpdate> {
        match &mut self.view {
            View::Followed { updates, .. } => updates.recv().await,
            View::Recorded { .. } => None,
        }
    }

    /// The first update that has come and was not waited for.
    pub fn seen_so_far(&mut self) -> Option<OrderUpdate> {
        match &mut self.view {
            View::Followed { updates, .. } => updates.try_recv().ok(),
            View::Recorded { feed, uuid, tape, last } => {
                let update = tape.updates(feed, uuid, *last).into_iter().next()?;
                *last = update.exchange;
                Some(update)
            }
        }
    }

    /// The updates that the last wait passed over, where it was given up before it ended.
    pub fn take_passed(&mut self) -> Vec<OrderUpdate> {
        std::mem::take(&mut self.passed)
    }

    /// Waits for the awaited update, by what `outlook` says of each; others are remembered and passed over. After a contrary
    /// one the feed is read to its end twice more.
    ///
    /// # Errors
    /// What was seen instead: when `deadline` came, or nothing else can come.
    pub async fn wait_for(
        &mut self,
        deadline: Instant,
        outlook: impl Fn(&OrderUpdate) -> WaitOutlook,
    ) -> Result<OrderUpdate, OrderMiss> {
        let (follower, updates) = match &mut self.view {
            View::Followed { follower, updates } => (follower, updates),
            View::Recorded { feed, uuid, tape, last } => {
                let mut seen = tape.updates(feed, uuid, *last);
                let Some(at) = seen.iter().position(|update| outlook(update) == WaitOutlook::Awaited) else {
                    return Err(OrderMiss { seen, error: None, pages: 0 });
                };
                let update = seen.swap_remove(at);
                *last = update.exchange;
                return Ok(update);
            }
        };
        let passed = &mut self.passed;
        passed.clear();
        let _waiting = follower.wait();
        let mut status = follower.subscribe();
        let settled = Fuse::terminated();
        tokio::pin!(settled);
        loop {
            let update = tokio::select! {
                biased;
                update = updates.recv() => update,
                () = &mut settled => break,
                _ = status.wait_for(|status| status.stopped) => break,
                () = tokio::time::sleep_until(deadline) => break,
            };
            let Some(update) = update else { break };
            match outlook(&update) {
                WaitOutlook::Awaited => return Ok(update),
                WaitOutlook::Other => settled.set(Fuse::terminated()),
                WaitOutlook::Contrary => settled.set(settle(follower, deadline).fuse()),
                WaitOutlook::Final => {
                    passed.push(update);
                    break;
                }
            }
            passed.push(update);
        }
        let status = follower.status();
        Err(OrderMiss { seen: std::mem::take(passed), error: status.error, pages: status.pages })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::updates_of;

    #[test]
    fn watchers_that_have_gone_are_dropped() {
        let mut watchers = HashMap::new();
        let one = updates_of("A", &mut watchers);
        let other = updates_of("a", &mut watchers);
        let third = updates_of("b", &mut watchers);
        assert_eq!((watchers.len(), watchers["a"].len()), (2, 2));
        drop((one, third));
        let _fourth = updates_of("c", &mut watchers);
        assert!(!watchers.contains_key("b"));
        assert_eq!((watchers.len(), watchers["a"].len()), (2, 1));
        drop(other);
    }
}
