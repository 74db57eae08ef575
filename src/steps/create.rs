//! As `fetch`; the Test Interface itself is under test, and its responses are judged.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::vocabulary::{Flow, Stage};

use super::act::{Act, Kind, OpportunityOrigin, Step};
use super::driver::Driver;
use super::fetching::fetch;

pub(super) const KIND: Kind =
    Kind::plain("create", "as fetch, and check the responses of the Test Interface", || Arc::new(Create));

#[derive(Debug)]
struct Create;

impl Act for Create {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Opportunities from the Test Interface".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Create the opportunities and check the responses of the Test Interface".to_owned()
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
        Box::pin(fetch(driver, self, true))
    }
}
