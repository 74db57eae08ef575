//! Requests that change an Order or OrderProposal, and what must show of them in feeds.

use crate::catalogue::{FeedName, Step};
use crate::client::feed::OrderWatch;
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Awaited, CapacityRule};
use crate::vocabulary::Profile;

use super::section;

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
pub(super) async fn watches(run: &mut CellRun, step: &Step) -> Option<(Watch, Watch)> {
    let awaited = open(run, step.awaits).await?;
    let quiet = open(run, step.quiet.filter(|_| run.strict())).await?;
    Some((awaited, quiet))
}

/// Opens the watch on a feed, if there is one. `None` when it cannot be read.
pub(super) async fn open(run: &mut CellRun, feed: Option<FeedName>) -> Option<Watch> {
    match feed {
        None => Some(None),
        Some(feed) => run.watch(feed).await.map(|watch| Some((feed, watch))),
    }
}

/// Makes the request, and waits for what must come of it. Whether what builds on it can go on.
pub(super) async fn make(run: &mut CellRun, change: Change, (awaited, quiet): (Watch, Watch), step: &Step) -> bool {
    let Change { call, rejected, repeated } = change;
    let called = run.call(call.fails(step.fails)).await;
    let what = called.what().to_owned();
    let sent = called.reply().exchange;
    if !run.judge(called) {
        return false;
    }
    if step.fails.is_some() {
        if rejected.is_some() {
            run.capacity(CapacityRule::Rejected, &what, rejected).await;
        }
        return true;
    }
    effect(run, &what, sent, awaited, step).await;
    if let Some((feed, mut watch)) = quiet {
        let spec = section(run, step);
        run.awaits((feed, &mut watch), Awaited::Nothing, repeated, sent, &spec).await;
    }
    capacity(run, &what, step).await;
    true
}

/// Waits for the update that something must cause. `cause` names it in findings, `sent` is its exchange.
pub(super) async fn effect(run: &mut CellRun, cause: &str, sent: Option<u32>, watch: Watch, step: &Step) {
    let Some((feed, mut watch)) = watch else { return };
    let spec = section(run, step);
    let awaited = if step.deleted { Awaited::Deletion } else { Awaited::Update };
    run.awaits((feed, &mut watch), awaited, cause, sent, &spec).await;
}

/// Waits, in strict runs, for what a step makes of the capacity.
pub(super) async fn capacity(run: &mut CellRun, after: &str, step: &Step) {
    if let Some(change) = step.capacity {
        run.capacity(CapacityRule::Changed(change), after, Some(Profile::Strict)).await;
    }
}
