//! What another Booking Partner must not see.

use reqwest::Method;

use crate::catalogue::FeedName;
use crate::checks::orders_feed;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::answer::{answered, shown_status};
use super::await_feed::{about, open_watch, place};
use super::order::with;
use super::{SPEC, send};

/// Reads a feed of the part's Booking Partner to its end, and sees that the Order is not in it.
pub(super) async fn not_in_feed(run: &mut CellRun, feed: FeedName) -> bool {
    let (title, _) = about(feed);
    run.begin("not-in-feed", format!("{title} of the {} Booking Partner", run.partner.name()));
    // Opening a watch reads the feed to its end first.
    if open_watch(run, feed).await.is_none() {
        return run.end();
    }
    let orders = run.session.orders.get(run.partner.name(), feed);
    run.log().at(Some(place(feed)));
    run.log().check(orders_feed::UPDATE_PUBLISHED.says(format!("the {title} can be read")), None, None);
    let finding = orders.has_shown(&run.history.uuid).then(|| {
        Finding::new(format!(
            "the {title} of the {} Booking Partner shows an Order that another one placed",
            run.partner.name()
        ))
        .expected(format!("no item with id {}", run.history.uuid), "such an item")
        .spec(format!("{SPEC}#api-level-authentication-and-data-security"))
    });
    run.log().check(orders_feed::NOT_IN_FEED.says(format!("the Order is not in the {title}")), None, finding);
    run.end()
}

/// GETs the first page of a feed, which whoever acts may not see.
pub(super) async fn feed_refused(run: &mut CellRun, feed: FeedName) -> bool {
    let (title, _) = about(feed);
    run.begin("feed-refused", format!("{title} for somebody without credentials"));
    run.log().at(Some(place(feed)));
    let path = match feed {
        FeedName::Orders => "orders-rpde",
        FeedName::OrderProposals => "order-proposals-rpde",
    };
    let response = send(run, title, Method::GET, path, None).await;
    let spec = format!("{SPEC}#api-level-authentication-and-data-security");
    let name = orders_feed::FEED_REQUIRES_CREDENTIALS.called();
    if !answered(run.log(), &response, title, &spec) {
        return run.end();
    }
    let status = response.status.unwrap_or_default();
    let finding = (!matches!(status, 401 | 403)).then(|| {
        let finding = Finding::new(format!("the {title} is shown to somebody without credentials"));
        with(finding.expected("HTTP 401 or 403", shown_status(&response)).spec(&spec), response.exchange())
    });
    run.log().check(name, None, finding);
    run.end()
}
