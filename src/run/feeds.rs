//! The Orders feeds of a run: each is followed from when a cell first needs it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::catalogue::FeedName;
use crate::client::Client;
use crate::client::auth::{Access, Credentials};
use crate::client::feed::{FeedOptions, FeedStop, OrderFeed, PageObserver};
use crate::config::Config;
use crate::harvest::LiveJudge;
use crate::results::FeedReport;
use crate::vocabulary::Stage;

use super::session::Started;

/// Media types that Orders feeds are asked for.
const ACCEPT: &str = "application/vnd.openactive.booking+json; version=1, application/json";

/// The path of a feed, below the base URL of the Open Booking API.
const fn path_of(feed: FeedName) -> &'static str {
    match feed {
        FeedName::Orders => "orders-rpde",
        FeedName::OrderProposals => "order-proposals-rpde",
    }
}

/// The Orders feeds of every Booking Partner.
#[derive(Debug)]
pub(super) struct OrderFeeds {
    client: Client,
    access: Access,
    timeout: Duration,
    wait: Duration,
    base: String,
    cancel: CancellationToken,
    started: Mutex<Started>,
    /// What judges their pages, in the order in which they were started.
    judges: Mutex<Vec<Arc<LiveJudge>>>,
}

impl OrderFeeds {
    pub(super) fn new(client: Client, access: Access, config: &Config, base: &str, cancel: CancellationToken) -> Self {
        let (timeout, wait) = (config.request_timeout, config.feed_timeout);
        Self {
            client,
            access,
            timeout,
            wait,
            base: base.to_owned(),
            cancel,
            started: Mutex::default(),
            judges: Mutex::default(),
        }
    }

    /// The feed of a Booking Partner.
    pub(super) fn get(&self, partner: &str, feed: FeedName) -> Arc<OrderFeed> {
        let path = path_of(feed);
        let (title, stage) = match feed {
            FeedName::Orders => ("Orders feed", Stage::OrdersFeed),
            FeedName::OrderProposals => ("OrderProposals feed", Stage::ProposalsFeed),
        };
        if let Some(tape) = self.client.tape() {
            return Arc::new(OrderFeed::replaying(format!("{title} ({partner})"), Arc::clone(tape)));
        }
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let feed = started.entry((partner.to_owned(), path)).or_insert_with(|| {
            let options = FeedOptions {
                name: format!("{title} ({partner})"),
                url: format!("{}/{path}", self.base),
                credentials: Credentials::Feed(self.access.clone(), partner.to_owned()),
                accept: ACCEPT,
                timeout: self.timeout,
                wait: self.wait,
            };
            let judge = Arc::new(LiveJudge::of_pages(&options.name, stage));
            self.judges.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&judge));
            let observer: Arc<dyn PageObserver> = judge;
            Arc::new(OrderFeed::start(self.client.clone(), options, Some(observer), self.cancel.clone()))
        });
        Arc::clone(feed)
    }

    /// A feed of a Booking Partner, where it is followed.
    pub(super) fn started(&self, partner: &str, feed: FeedName) -> Option<Arc<OrderFeed>> {
        let path = path_of(feed);
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        started.get(&(partner.to_owned(), path)).map(Arc::clone)
    }

    /// Reads the Orders feeds that are followed to their ends. Returns the Booking Partners whose feed could be read.
    pub(super) async fn catch_up(&self, deadline: Instant) -> Vec<String> {
        let started: Vec<(String, &str, Arc<OrderFeed>)> = {
            let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
            started.iter().map(|((partner, path), feed)| (partner.clone(), *path, Arc::clone(feed))).collect()
        };
        let all = started.iter().map(|(partner, path, feed)| async move {
            let read = feed.catch_up(deadline).await.is_ok() && *path == path_of(FeedName::Orders);
            read.then(|| partner.clone())
        });
        futures::future::join_all(all).await.into_iter().flatten().collect()
    }

    /// What judges their pages, by the names of the feeds.
    pub(super) fn judges(&self) -> Vec<Arc<LiveJudge>> {
        let mut judges = self.judges.lock().unwrap_or_else(PoisonError::into_inner).clone();
        judges.sort_by(|one, other| one.name().cmp(other.name()));
        judges
    }

    /// What became of each, and why it is not read any more, where that is wrong with it.
    pub(super) fn reports(&self) -> (Vec<FeedReport>, Vec<FeedStop>) {
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let mut feeds: Vec<&Arc<OrderFeed>> = started.values().collect();
        feeds.sort_by_key(|feed| feed.name().to_owned());
        let reports = feeds.iter().filter_map(|feed| feed.report()).collect();
        let stops = feeds.iter().flat_map(|feed| feed.stops()).collect();
        (reports, stops)
    }
}
