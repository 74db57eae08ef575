//! What feeds keep for those who come later.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::catalogue::FeedName;
use crate::checks::orders_feed;
use crate::client::Response;
use crate::client::feed::{Lack, Next, Policy, Reply, Source, Walker};
use crate::results::Finding;
use crate::run::cell::CellRun;
use crate::run::cite::Says;

use super::answer::{Expected, object, status};
use super::await_feed::{about, place};
use super::{SPEC, send_with, unsent};

/// Deleted items must be kept for seven days. What is gone after this was not kept at all.
const WAIT: Duration = Duration::from_secs(60);
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
    let expected =
        Expected { what: title, status: &[200], spec: &spec, credentials: &credentials, hint: None, beside: true };
    let uuid = run.history.uuid.clone();
    let mut walker = Walker::new(first, 0, Policy::STEP);
    let mut requests = Requests { run, title, unsent: None };
    let mut found = None;
    let stop = loop {
        let (response, next) = match walker.read(&mut requests).await {
            Ok(read) => (read.response, read.next),
            Err(halt) => match halt.response.or(requests.unsent.take()) {
                Some(response) => (response, Next::Stop(halt.stop)),
                None => break halt.stop,
            },
        };
        if !status(requests.run.log(), &response, expected) {
            return None;
        }
        let page = object(requests.run.log(), &response, expected)?;
        let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = items.iter().filter(|item| item.get("id").and_then(Value::as_str) == Some(&uuid));
        if let Some(state) = own.filter_map(|item| item.get("state").and_then(Value::as_str)).next_back() {
            found = Some(state.to_owned());
        }
        match next {
            Next::Page => {}
            Next::End => return Some(found),
            Next::Stop(stop) => break stop,
        }
    };
    let finding = Finding::new(format!("the {title} cannot be read from its beginning to its end"));
    let finding = finding.expected("pages up to the end of the feed", stop.reason);
    requests.run.log().block(format!("the {title} can be read"), finding.spec(spec));
    None
}

/// The requests of a cell for the pages of a feed of its Booking Partner.
struct Requests<'r> {
    run: &'r mut CellRun,
    title: &'r str,
    /// What stands for a request that could not be made.
    unsent: Option<Response>,
}

impl Source for Requests<'_> {
    type Response = Response;

    async fn request(&mut self, url: &str) -> Result<Response, String> {
        match self.run.session.access.feed_headers(self.run.partner.name()).await {
            Ok(headers) => Ok(send_with(self.run, self.title, Method::GET, url, &headers, None).await),
            Err(failure) => {
                self.unsent = Some(unsent(self.title, &Method::GET, url, &failure));
                Err(failure.to_string())
            }
        }
    }

    fn reply(response: &Response) -> Reply<'_> {
        Reply::of(response)
    }

    fn has_credentials(&self) -> bool {
        true
    }

    fn retry(&mut self, _lack: &Lack, response: &mut Response) {
        if let Some(id) = response.exchange() {
            self.run.log().exchange(id);
        }
    }
}
