//! A feed of Orders that must omit the Order.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::vocabulary::{FeedName, Stage};

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::reading::{name, one_of};

pub(super) const KIND: Kind = Kind::valued(
    "not-in-feed",
    "read the feed of the Booking Partner to its last page, and expect it to omit the Order",
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
            FeedName::Orders => "Order absent from the Orders feed".to_owned(),
            FeedName::OrderProposals => "OrderProposal absent from the OrderProposals feed".to_owned(),
        }
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("Read the {} to its last page; expect it to omit the Order", self.0.title())
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.0.stage())
    }

    fn to_json(&self) -> Value {
        json!({ "not-in-feed": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            driver.absent_from(self.0).await;
            driver.end()
        })
    }
}
