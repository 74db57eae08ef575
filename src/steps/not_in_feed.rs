//! A feed of Orders that must not have the Order, since it belongs to another Booking Partner.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::{FeedName, Stage};

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::reading::{name, one_of};

pub(super) const KIND: Kind = Kind::valued(
    "not-in-feed",
    "read the feed of the Booking Partner to its end, and see that the Order is not in it",
    |fields, _| Some(Arc::new(NotInFeed(name(fields, "not-in-feed")?))),
    || one_of(FeedName::ALL),
);

#[derive(Debug)]
struct NotInFeed(FeedName);

impl Act for NotInFeed {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        match self.0 {
            FeedName::Orders => "Orders feed without the Order".to_owned(),
            FeedName::OrderProposals => "OrderProposals feed without the OrderProposal".to_owned(),
        }
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("read the {} of this Booking Partner to its end: the Order is not in it", self.0.title())
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.0.stage())
    }

    fn to_json(&self) -> Value {
        json!({ "not-in-feed": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            let title = format!("{} of the {} Booking Partner", self.0.title(), driver.partner());
            driver.begin(self.keyword(), &title, self.stage());
            driver.absent_from(self.0).await;
            driver.end()
        })
    }
}
