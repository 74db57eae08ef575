//! What feeds keep for those who come later.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::client::Response;
use crate::client::feed::{Lack, Next, Policy, Reply, Source, Walker};
use crate::run::cell::CellRun;
use crate::run::driver::Call;
use crate::trace::{Awaited, Body, Event, Exchanges, Problem, Update, Watched};
use crate::vocabulary::FeedName;

use super::{SPEC, send_with, unsent};

/// Deleted items must be kept for seven days. What is gone after this was not kept at all.
const WAIT: Duration = Duration::from_secs(60);

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
    let uuid = run.history.uuid.clone();
    let mut walker = Walker::new(&first, 0, Policy::STEP);
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
        let call = Call::new(feed.stage(), title, Method::GET, feed.path())
            .succeeds(&[200], Body::Object)
            .prepares(true)
            .spec(&spec);
        if !requests.run.responded(call, &response) {
            return None;
        }
        let page = response.json().ok()?;
        let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = items.iter().rfind(|item| item.get("id").and_then(Value::as_str) == Some(&uuid));
        if let (Some(item), Some(exchange)) = (own, response.exchange()) {
            let deleted = item.get("state").and_then(Value::as_str) == Some("deleted");
            found = Some(Update {
                exchange,
                id: uuid.clone(),
                modified: item.get("modified").map(Value::to_string).unwrap_or_default(),
                kind: item.get("kind").and_then(Value::as_str).map(str::to_owned),
                data: (!deleted).then(|| item.get("data").cloned().unwrap_or_default()),
                text: None,
                marked: false,
            });
        }
        match next {
            Next::Page => {}
            Next::End => return Some(found),
            Next::Stop(stop) => break stop,
        }
    };
    let problem = Problem {
        message: format!("the {title} cannot be read from its beginning to its end"),
        difference: Some(("pages up to the end of the feed".to_owned(), stop.reason)),
        spec: Some(spec),
        ..Problem::default()
    };
    requests.run.lacks_because("a feed that can be read", problem);
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
        self.run.see(Event::Exchanges(Exchanges { exchanges: response.exchange().into_iter().collect() }));
    }
}
