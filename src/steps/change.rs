//! Requests that change an Order or OrderProposal, and what must show of them in feeds.

use crate::client::feed::OrderWatch;
use crate::trace::{Awaited, CapacityRule};
use crate::vocabulary::{FeedName, Profile, named_enumeration as named};

use super::act::Step;
use super::call::Call;
use super::driver::Driver;
use super::requests::uuid;
use super::spec::section;

named! {
    /// Which Order a request changes.
    "choice of Order"
    pub(super) enum OrderChoice {
        /// The Order of this part.
        Own = "own",
        /// One that does not exist.
        Unknown = "unknown",
    }
}

impl OrderChoice {
    /// Its UUID.
    pub(super) fn uuid(self, driver: &mut dyn Driver) -> String {
        match self {
            Self::Own => driver.history().uuid.clone(),
            Self::Unknown => uuid(driver.kept_mut().identifiers()),
        }
    }
}

/// A request that changes an Order or OrderProposal.
#[derive(Debug)]
pub(super) struct Change {
    /// The request.
    pub(super) call: Call,
    /// Where it must be rejected, whether capacity must stay as it is: in this profile.
    pub(super) rejected: Option<Profile>,
    /// What names it in findings where it changes nothing.
    pub(super) repeated: &'static str,
}

/// A watch on the Order in a feed.
pub(super) type Watch = Option<(FeedName, OrderWatch)>;

/// Opens the watches that a step needs: on the feed in which its effect shows, and on that in which nothing must show.
/// `None` when a feed cannot be read.
pub(super) async fn watches(driver: &mut dyn Driver, step: &Step) -> Option<(Watch, Watch)> {
    let awaited = open(driver, step.awaits).await?;
    let strict = driver.facts().strict();
    let quiet = open(driver, step.quiet.filter(|_| strict)).await?;
    Some((awaited, quiet))
}

/// Opens the watch on a feed, if there is one. `None` when it cannot be read.
pub(super) async fn open(driver: &mut dyn Driver, feed: Option<FeedName>) -> Option<Watch> {
    match feed {
        None => Some(None),
        Some(feed) => driver.watch(feed).await.map(|watch| Some((feed, watch))),
    }
}

/// Makes the request, and waits for what must come of it. Whether what builds on it can go on.
pub(super) async fn make(
    driver: &mut dyn Driver,
    change: Change,
    (awaited, quiet): (Watch, Watch),
    step: &Step,
) -> bool {
    let Change { call, rejected, repeated } = change;
    let called = driver.call(call.fails(step.fails)).await;
    let what = called.what().to_owned();
    let sent = called.reply().exchange;
    if !driver.judge(called) {
        return false;
    }
    if step.fails.is_some() {
        if rejected.is_some() {
            driver.capacity(CapacityRule::Rejected, &what, rejected).await;
        }
        return true;
    }
    effect(driver, &what, sent, awaited, step).await;
    if let Some((feed, mut watch)) = quiet {
        let spec = section(&driver.facts(), step);
        driver.awaits((feed, &mut watch), Awaited::Nothing, repeated, sent, &spec).await;
    }
    capacity(driver, &what, step).await;
    true
}

/// Waits for the update that something must cause. `cause` names it in findings, `sent` is its exchange.
pub(super) async fn effect(driver: &mut dyn Driver, cause: &str, sent: Option<u32>, watch: Watch, step: &Step) {
    let Some((feed, mut watch)) = watch else { return };
    let spec = section(&driver.facts(), step);
    let awaited = if step.deleted { Awaited::Deletion } else { Awaited::Update };
    driver.awaits((feed, &mut watch), awaited, cause, sent, &spec).await;
}

/// Waits, in strict runs, for what a step makes of the capacity.
pub(super) async fn capacity(driver: &mut dyn Driver, after: &str, step: &Step) {
    if let Some(change) = step.capacity {
        driver.capacity(CapacityRule::Changed(change), after, Some(Profile::Strict)).await;
    }
}
