//! A feed of Orders, read without valid credentials.

use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::trace::{Purpose, Wanted};
use crate::vocabulary::{FeedName, Stage};

use super::act::{Act, Kind, Step};
use super::call::Call;
use super::driver::Driver;
use super::reading::{name, one_of};
use super::spec::SPEC;

pub(super) const KIND: Kind = Kind::valued(
    "feed-rejected",
    "GET the feed, and expect an error",
    |fields, _| Some(Arc::new(FeedRejected(name(fields, "feed-rejected")?))),
    || one_of(FeedName::ALL),
);

#[derive(Debug)]
struct FeedRejected(FeedName);

impl Act for FeedRejected {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        format!("{} without valid credentials", self.0.title())
    }

    fn sentence(&self, _rejected: bool) -> String {
        format!("GET the {} without valid credentials; expect an error", self.0.title())
    }

    fn stage(&self) -> Option<Stage> {
        Some(self.0.stage())
    }

    fn to_json(&self) -> Value {
        json!({ "feed-rejected": self.0 })
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let call = Call::new(self.0.stage(), self.0.title(), Method::GET, self.0.path())
                .purpose(Purpose::ForbiddenFeed)
                .wanted(Wanted::Response)
                .spec(format!("{SPEC}#api-level-authentication-and-data-security"));
            driver.request(call).await;
            driver.end()
        })
    }
}
