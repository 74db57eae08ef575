//! What feeds keep for those who come later.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Awaited, Body, Event, Problem, Update, Watched};
use crate::vocabulary::FeedName;

use super::SPEC;

/// Deleted items must be kept for seven days. What is gone after this was not kept at all.
const WAIT: Duration = Duration::from_secs(60);
/// No feed of a test has more pages than that.
const PAGES: usize = 10_000;

/// Waits for a minute, or as long as a feed may take to show an update where that is less, reads a feed from its beginning, and
/// sees what it has of the Order.
pub(super) async fn retained(run: &mut CellRun, feed: FeedName) -> bool {
    let title = feed.title();
    run.begin("retained", format!("{title} after a while"));
    run.at(Some(feed.stage()));
    if run.session.client.tape().is_none() {
        let wait = WAIT.min(run.session.config.feed_timeout);
        run.waits_for(format!("{} s, to see what the {title} still has", wait.as_secs()));
        tokio::time::sleep(wait).await;
    }
    let Some(last) = last_item(run, feed).await else { return run.end() };
    let watched = Watched {
        feed,
        awaited: Awaited::Retention,
        cause: String::new(),
        sent: None,
        spec: String::new(),
        opened: Some(0),
        met: last.is_some(),
        seen: last.into_iter().collect(),
        pages: 0,
        unreadable: None,
    };
    run.see(Event::Watch(Box::new(watched)));
    run.end()
}

/// The item of the Order that a feed shows last, if it does. None if the feed cannot be read to its end.
async fn last_item(run: &mut CellRun, feed: FeedName) -> Option<Option<Update>> {
    let title = feed.title();
    let spec = format!("{SPEC}#orders-rpde-feed");
    let first = format!("{}/{}", run.session.booking_api, feed.path());
    let mut url = first.clone();
    let mut found = None;
    for _ in 0..PAGES {
        let call = Call::new(feed.stage(), title, Method::GET, feed.path())
            .succeeds(&[200], Body::Object)
            .prepares(true)
            .spec(&spec);
        let headers = run.session.access.feed_headers(run.partner.name()).await;
        let (reply, usable) = run.page(call, &url, headers).await;
        if !usable {
            return None;
        }
        let page = reply.object()?;
        let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = items.iter().rfind(|item| item.get("id").and_then(Value::as_str) == Some(&run.history.uuid));
        if let (Some(item), Some(exchange)) = (own, reply.exchange) {
            let deleted = item.get("state").and_then(Value::as_str) == Some("deleted");
            found = Some(Update {
                exchange,
                id: run.history.uuid.clone(),
                modified: item.get("modified").map(Value::to_string).unwrap_or_default(),
                kind: item.get("kind").and_then(Value::as_str).map(str::to_owned),
                data: (!deleted).then(|| item.get("data").cloned().unwrap_or_default()),
                text: None,
                marked: false,
            });
        }
        let next =
            page.get("next").and_then(Value::as_str).and_then(|next| url::Url::parse(&url).ok()?.join(next).ok());
        match next {
            // The last page leads to itself.
            Some(next) if next.as_str() == url => return Some(found),
            // Credentials go nowhere else.
            Some(next) if same_place(&next, &first) => url = next.into(),
            _ => break,
        }
    }
    let message = format!("the {title} cannot be read from its beginning to its end");
    run.lacks_because("a feed that can be read", Problem { message, spec: Some(spec), ..Problem::default() });
    None
}

fn same_place(url: &url::Url, first: &str) -> bool {
    url::Url::parse(first).is_ok_and(|first| first.origin() == url.origin())
}
