//! What another Booking Partner must not see.

use crate::catalogue::{FeedName, StandardCheck};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::SPEC;
use super::await_feed::{about, open_watch, place};

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
    run.log().check(StandardCheck::UpdateInFeed.says(format!("the {title} can be read")), None, None);
    let finding = orders.has_shown(&run.part.uuid).then(|| {
        Finding::new(format!(
            "the {title} of the {} Booking Partner shows an Order that another one placed",
            run.partner.name()
        ))
        .expected(format!("no item with id {}", run.part.uuid), "such an item")
        .spec(format!("{SPEC}#api-level-authentication-and-data-security"))
    });
    run.log().check(StandardCheck::NotInFeed.says(format!("the Order is not in the {title}")), None, finding);
    run.end()
}
