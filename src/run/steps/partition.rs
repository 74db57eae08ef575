//! What another Booking Partner must not see.

use reqwest::Method;

use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Purpose, Wanted};
use crate::vocabulary::FeedName;

use super::SPEC;

/// Reads a feed of the part's Booking Partner to its end, and sees whether the Order is in it.
pub(super) async fn not_in_feed(run: &mut CellRun, feed: FeedName) -> bool {
    run.begin("not-in-feed", format!("{} of the {} Booking Partner", feed.title(), run.partner.name()));
    run.absent_from(feed).await;
    run.end()
}

/// GETs the first page of a feed, which whoever acts may not see.
pub(super) async fn feed_refused(run: &mut CellRun, feed: FeedName) -> bool {
    run.begin("feed-refused", format!("{} for somebody without credentials", feed.title()));
    run.at(Some(feed.stage()));
    let call = Call::new(feed.stage(), feed.title(), Method::GET, feed.path())
        .purpose(Purpose::ForbiddenFeed)
        .wanted(Wanted::Response)
        .spec(format!("{SPEC}#api-level-authentication-and-data-security"));
    run.request(call).await;
    run.end()
}
