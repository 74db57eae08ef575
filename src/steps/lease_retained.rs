//! The lease that an OrderProposal retains from its OrderQuote.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::trace::CapacityRule;
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::driver::Driver;

pub(super) const KIND: Kind =
    Kind::plain("lease-retained", "check that the OrderProposal retains the lease of its OrderQuote", || {
        Arc::new(LeaseRetained)
    });

#[derive(Debug)]
struct LeaseRetained;

impl Act for LeaseRetained {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "Lease of the OrderProposal".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "Check that the OrderProposal retains the lease of its OrderQuote".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::P)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["propose"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            driver.capacity(CapacityRule::Held(false), "P", None).await;
            driver.end()
        })
    }
}
