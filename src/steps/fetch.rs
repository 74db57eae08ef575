//! Opportunities for the part: created or picked, and found in the feeds.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::vocabulary::{Flow, Stage};

use super::act::{Act, Kind, OpportunityOrigin, Step};
use super::driver::Driver;
use super::fetching::fetch;

pub(super) const KIND: Kind = Kind::plain(
    "fetch",
    "create or pick the opportunities, find them in the feeds, and check that they meet their criteria",
    || Arc::new(Fetch),
);

#[derive(Debug)]
struct Fetch;

impl Act for Fetch {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Opportunities".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Fetch the opportunities and check them in the feeds".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::TestInterface)
    }

    fn source(&self) -> OpportunityOrigin {
        OpportunityOrigin::Fetched
    }

    fn stages(&self, _flows: &[Flow], _rejected: bool) -> Vec<Stage> {
        vec![Stage::TestInterface, Stage::OpportunityFeed]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(fetch(driver, self, false))
    }
}
