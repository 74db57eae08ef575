//! What feeds keep for those who come later.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::FeedName;
use crate::checks::orders_feed;
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::answer::{Expected, object, status};
use super::await_feed::{about, place};
use super::{SPEC, send_with, unsent};

/// Deleted items must be kept for seven days. What is gone after this was not kept at all.
const WAIT: Duration = Duration::from_secs(60);
/// No feed of a test has more pages than that.
const PAGES: usize = 10_000;
/// Of RPDE.
const RPDE: &str = "https://openactive.io/realtime-paged-data-exchange/EditorsDraft/#deleted-items";

/// Waits for a minute, or as long as a feed may take to show an update where that is less, reads a feed from its beginning, and
/// sees that the Order is in it as deleted.
pub(super) async fn retained(run: &mut CellRun, feed: FeedName) -> bool {
    let (title, _) = about(feed);
    run.begin("retained", format!("{title} after a while"));
    run.log().at(Some(place(feed)));
    if run.session.client.tape().is_none() {
        let wait = WAIT.min(run.session.config.feed_timeout);
        run.waits_for(format!("{} s, to see what the {title} still has", wait.as_secs()));
        tokio::time::sleep(wait).await;
    }
    let path = match feed {
        FeedName::Orders => "orders-rpde",
        FeedName::OrderProposals => "order-proposals-rpde",
    };
    let first = format!("{}/{path}", run.session.booking_api);
    let Some(found) = last_state(run, title, &first).await else { return run.end() };
    let name = orders_feed::DELETED_ITEM_RETAINED.says(format!("the {title} still has the deleted Order"));
    let finding = (found.as_deref() != Some("deleted")).then(|| {
        let found = found.map_or_else(|| "no item of it".to_owned(), |state| format!("state {state}"));
        Finding::new(format!("who reads the {title} from its beginning does not learn that the Order was deleted"))
            .expected("an item with state deleted, for seven days", found)
            .path("items[*].state")
            .spec(RPDE)
    });
    run.log().check(name, None, finding);
    run.end()
}

/// The state of the Order where a feed shows it last, if it does. None if the feed cannot be read to its end.
async fn last_state(run: &mut CellRun, title: &str, first: &str) -> Option<Option<String>> {
    let credentials = run.session.credentials_hint(run.credentials());
    let spec = format!("{SPEC}#orders-rpde-feed");
    let mut url = first.to_owned();
    let mut found = None;
    for _ in 0..PAGES {
        let response = match run.session.access.feed_headers(run.partner.name()).await {
            Ok(headers) => send_with(run, title, Method::GET, &url, &headers, None).await,
            Err(failure) => unsent(title, &Method::GET, &url, &failure),
        };
        let expected =
            Expected { what: title, status: &[200], spec: &spec, credentials: &credentials, hint: None, beside: true };
        if !status(run.log(), &response, expected) {
            return None;
        }
        let page = object(run.log(), &response, expected)?;
        let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = items.iter().filter(|item| item.get("id").and_then(Value::as_str) == Some(&run.history.uuid));
        if let Some(state) = own.filter_map(|item| item.get("state").and_then(Value::as_str)).next_back() {
            found = Some(state.to_owned());
        }
        let next =
            page.get("next").and_then(Value::as_str).and_then(|next| url::Url::parse(&url).ok()?.join(next).ok());
        match next {
            // The last page leads to itself.
            Some(next) if next.as_str() == url => return Some(found),
            // Credentials go nowhere else.
            Some(next) if same_place(&next, first) => url = next.into(),
            _ => break,
        }
    }
    let finding = Finding::new(format!("the {title} cannot be read from its beginning to its end"));
    run.log().block(format!("the {title} can be read"), finding.spec(spec));
    None
}

fn same_place(url: &url::Url, first: &str) -> bool {
    url::Url::parse(first).is_ok_and(|first| first.origin() == url.origin())
}
