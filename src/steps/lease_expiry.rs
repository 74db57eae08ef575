//! The end of the lease of the last OrderQuote.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::trace::{CapacityRule, StepProblem};
use crate::vocabulary::Stage;

use super::act::{Act, Kind, Step};
use super::driver::Driver;
use super::spec::SPEC;

/// Leases are told to the second, and a booking system may look for those that are over now and then.
const GRACE: Duration = Duration::from_secs(2);
/// What lasts for longer is not waited for.
const LONGEST: Duration = Duration::from_secs(3000);

pub(super) const KIND: Kind =
    Kind::plain("lease-expiry", "wait until the lease expires, and see its capacity in the feeds again", || {
        Arc::new(LeaseExpiry)
    });

/// What an OrderQuote held is free again; an OrderProposal may go on holding it.
#[derive(Debug)]
struct LeaseExpiry;

impl Act for LeaseExpiry {
    fn keyword(&self) -> &'static str {
        KIND.keyword()
    }

    fn title(&self) -> String {
        "The end of the lease".to_owned()
    }

    fn sentence(&self, _rejected: bool) -> String {
        "wait until the lease is over".to_owned()
    }

    fn stage(&self) -> Option<Stage> {
        Some(Stage::P)
    }

    fn needs(&self) -> &'static [&'static str] {
        &["c1", "c2"]
    }

    fn drive<'d>(&'d self, driver: &'d mut dyn Driver, _step: &'d Step) -> BoxFuture<'d, bool> {
        Box::pin(async move {
            driver.begin(self.keyword(), &self.title(), self.stage());
            let quote = driver.history().made.get(&Stage::C2).or_else(|| driver.history().made.get(&Stage::C1));
            let told = quote.and_then(|made| made.lease_expires());
            let Some(end) = told.as_ref().and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok())
            else {
                let found = told.map_or_else(|| "nothing".to_owned(), |told| told.to_string());
                let problem = StepProblem {
                    message: "the lease does not say when it ends".to_owned(),
                    difference: Some(("leaseExpires".to_owned(), found)),
                    path: Some("lease.leaseExpires".to_owned()),
                    spec: Some(format!("{SPEC}#oa-lease")),
                    ..StepProblem::default()
                };
                driver.lacks_because("an end of the lease", problem);
                return driver.end();
            };
            // What is made again out of a record has waited already.
            if !driver.facts().replayed {
                let left = Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default();
                if left > LONGEST {
                    let problem = StepProblem {
                        message: "the lease lasts for too long to be waited for".to_owned(),
                        difference: Some(("an hour or less".to_owned(), end.to_string())),
                        path: Some("lease.leaseExpires".to_owned()),
                        ..StepProblem::default()
                    };
                    driver.lacks_because("an end of the lease", problem);
                    return driver.end();
                }
                driver.waits_for(&format!("the end of the lease at {end}"));
                tokio::time::sleep(left + GRACE).await;
            }
            if driver.history().proposal.is_none() {
                driver.at(None);
                driver.capacity(CapacityRule::Restored, "the end of the lease", None).await;
            } else {
                driver.capacity(CapacityRule::Held(true), "the end of the lease of the OrderQuote", None).await;
            }
            driver.end()
        })
    }
}
