//! Turns: so many cells make requests at the same time, and one that waits for a feed lends its turn.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A wait that takes no longer keeps the turn.
const SOON: Duration = Duration::from_secs(2);

/// The turns of a run.
#[derive(Debug, Clone)]
pub struct Turns {
    free: Arc<Semaphore>,
    /// Held by the first of those who have not had a turn yet, so that those who lent theirs need not wait for all of them.
    entry: Arc<tokio::sync::Mutex<()>>,
    /// A wait that takes no longer keeps the turn.
    soon: Duration,
}

/// The right of a cell to make requests.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    permit: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Turns {
    /// So many turns at the same time.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(count.max(1))), entry: Arc::default(), soon: SOON }
    }

    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// Waits for a turn. Those who wait are served in their order, and those who lent their turn before them.
    pub async fn take(&self) -> Turn {
        let _entry = self.entry.lock().await;
        Turn { turns: self.clone(), permit: Mutex::new(self.permit().await) }
    }
}

impl Turn {
    fn permit(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.permit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something. Where that takes long, another cell has the turn meanwhile, and the result comes with the next one.
    pub(super) async fn lend<T>(&self, awaited: impl Future<Output = T>) -> T {
        tokio::pin!(awaited);
        tokio::select! {
            biased;
            outcome = &mut awaited => return outcome,
            () = tokio::time::sleep(self.turns.soon) => {}
        }
        drop(self.permit().take());
        let outcome = awaited.await;
        let permit = self.turns.permit().await;
        *self.permit() = permit;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_short_wait_keeps_the_turn() {
        let turns = Turns::new(1);
        let first = turns.take().await;
        first.lend(async {}).await;
        assert!(turns.take().now_or_never().is_none());
        drop(first);
        assert!(turns.take().now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_long_wait_lends_the_turn_and_ends_with_the_next_one() {
        let turns = Turns { soon: Duration::from_millis(1), ..Turns::new(1) };
        let first = turns.take().await;
        let (begun, order) = (Notify::new(), Mutex::new(Vec::new()));
        let note = |what: &'static str| order.lock().unwrap().push(what);
        let other = async {
            let _turn = turns.take().await;
            note("the other begins");
            begun.notify_one();
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            note("the other ends");
        };
        let own = async {
            first.lend(begun.notified()).await;
            note("the first goes on");
        };
        tokio::join!(own, other);
        assert_eq!(*order.lock().unwrap(), ["the other begins", "the other ends", "the first goes on"]);
    }
}
