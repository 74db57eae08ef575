//! Deleted Orders that a feed retains.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::feed::{Next, PageFailure, PageReply, PageSource, WalkPolicy, Walker};
use crate::trace::{Awaited, Body, Event, ExchangeNumbers, StepProblem, Update, Watched};
use crate::vocabulary::{FeedName, Stage};

use super::act::{Act, Kind, Step};
use super::call::{Call, CredentialsChoice, UnjudgedExchange};
use super::driver::Driver;
use super::reading::{name, one_of};
use super::spec::SPEC;

/// Deleted items must be retained for seven days; this wait shows whether they are retained at all.
const WAIT: Duration = Duration::from_secs(60);

pub(super) const KIND: Kind = Kind::valued(
    "retained",
    "wait, read the feed from its first page, and expect the deleted Order",
    |fields, _| Some(Arc::new(Retained(name(fields, "retained")?))),
    || one_of(FeedName::ALL),
);

/// Waits for a minute, or as long as a feed may take to show an update where that is less, reads a feed from its beginning, and
/// sees what it has of the Order.
#[derive(Debug)]
struct Retained(FeedName);

impl Act for Retained {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        format!("Deleted Order retained in the {}", self.0.title())
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Wait, then read the {} from its first page; expect the deleted Order", self.0.title())
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.0.stage())
    }

    fn needs(&self) -> &'static [&'static str] {
        &["delete-order"]
    }

    fn to_json(&self) -> Value {
        json!({ "retained": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let (feed, title) = (self.0, self.0.title());
            if !driver.facts().replayed {
                let wait = WAIT.min(driver.facts().config.feed_timeout);
                driver.waits_for(&format!("{} s, before the {title} is read again", wait.as_secs()));
                tokio::time::sleep(wait).await;
            }
            let Some(last) = last_item(driver, feed).await else { return driver.end() };
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
            driver.see(Event::Watch(Box::new(watched)));
            driver.end()
        })
    }
}

/// The item of the Order that a feed shows last, if it does. None if the feed cannot be read to its end.
async fn last_item(driver: &mut dyn Driver, feed: FeedName) -> Option<Option<Update>> {
    let spec = format!("{SPEC}#orders-rpde-feed");
    let first = format!("{}/{}", driver.facts().booking_api, feed.path());
    let uuid = driver.history().uuid.clone();
    let mut walker = Walker::new(&first, 0, WalkPolicy::STEP);
    let mut pages = Pages { driver, feed, spec: &spec };
    let mut found = None;
    let stop = loop {
        let (called, next) = match walker.read(&mut pages).await {
            Ok(read) => (read.response, read.next),
            Err(halt) => match halt.response {
                Some(called) => (called, Next::Stop(halt.stop)),
                None => break halt.stop,
            },
        };
        let reply = called.reply().clone();
        if !pages.driver.judge(called) {
            return None;
        }
        let page = reply.object()?;
        let items = page.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let own = items.iter().rfind(|item| item.get("id").and_then(Value::as_str) == Some(&uuid));
        if let (Some(item), Some(exchange)) = (own, reply.exchange) {
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
    let problem = StepProblem {
        message: format!("the {} cannot be read from its first to its last page", feed.title()),
        difference: Some(("pages up to the end of the feed".to_owned(), stop.reason)),
        spec: Some(spec.clone()),
        ..StepProblem::default()
    };
    pages.driver.lacks_because("a feed that can be read", problem);
    None
}

/// The pages of a feed of the Booking Partner who acts.
struct Pages<'d> {
    driver: &'d mut dyn Driver,
    feed: FeedName,
    spec: &'d str,
}

impl PageSource for Pages<'_> {
    type Response = UnjudgedExchange;

    async fn request(&mut self, url: &str) -> Result<UnjudgedExchange, String> {
        let call = Call::new(self.feed.stage(), self.feed.title(), Method::GET, self.feed.path())
            .succeeds(&[200], Body::Object)
            .prepares(true)
            .spec(self.spec);
        Ok(self.driver.call(call.url(url).credentials(CredentialsChoice::Feed)).await)
    }

    fn reply(called: &UnjudgedExchange) -> PageReply<'_> {
        let reply = called.reply();
        PageReply {
            status: reply.status,
            failure: reply.failure.as_ref().map(|failure| failure.message.as_str()),
            // Whoever makes requests obeys it.
            retry_after: None,
            body: &reply.body,
        }
    }

    fn has_credentials(&self) -> bool {
        true
    }

    fn retry(&mut self, _lack: &PageFailure, called: &mut UnjudgedExchange) {
        let exchanges = called.reply().exchange.into_iter().collect();
        self.driver.see(Event::Exchanges(ExchangeNumbers { exchanges }));
    }
}
